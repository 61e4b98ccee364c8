//! The trained model: where its numbers stand in the file, and how they are used.

use super::kernel::{self, Eight, Pooled, Sum};
use super::twins::{self, BORROWED};
use crate::lang::Label;
use crate::script::Script;

/// Numbers in a row, of four bits each: one cache line.
pub const LANES: usize = 128;

/// A row: what a feature adds to each lane, from 0 to 15, where [`ZERO`] is nothing. The low halves of the bytes are the
/// first lanes, the high halves the others.
pub(super) type Row = [u8; LANES / 2];

/// The number in a row that stands for nothing.
pub const ZERO: u8 = 8;

/// First bytes of a model.
pub const MAGIC: &[u8; 8] = b"BSNGRAM3";

/// Texts with fewer features than this are a word or two, which are much more often of a common language than lines are.
const FEW: f32 = 60.0;

/// So many common languages stand for all labels of a head, where a text is only glanced at.
const ENOUGH_COMMON: usize = 16;

/// How far a text of so many features counts as a word by itself, 0 to 1.
pub fn alone(features: usize) -> f32 {
    (1.0 - features as f32 / FEW).max(0.0)
}

/// The scripts of one writing system share their labels: that of the labels is the first.
pub fn writing_system(script: Script) -> Script {
    match script {
        Script::HANS | Script::HANT | Script::JPAN => Script::HANI,
        Script::KORE => Script::HANG,
        other => other,
    }
}

/// Labels of one writing system and how the lanes speak for each.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) script: Script,
    table: usize,
    pub(super) labels: Vec<Label>,
    weights: Vec<Weights>,
    /// The same, as they are multiplied.
    eights: Vec<Eight>,
    /// What each label has before anything is read, besides in words by themselves and in texts of names.
    word_bias: Vec<f32>,
    names_bias: Vec<f32>,
    /// How many times as many texts look like this label's as are: close relatives without text to learn from look the same.
    pub(super) kin: Vec<f32>,
    /// Its near twins.
    pub(super) twins: twins::Places,
}

/// The weights of a label, what a step of them is worth, and what it has before anything is read.
#[derive(Clone, Debug)]
struct Weights {
    lanes: [i8; LANES],
    scale: f32,
    bias: f32,
}

/// The numbers of a model file.
#[derive(Debug)]
pub(super) struct Model {
    tables: Vec<(u32, &'static [Row])>,
    pub(super) heads: Vec<Head>,
}

impl Model {
    /// Reads a model; nothing when it is none.
    pub(super) fn read(bytes: &'static [u8]) -> Option<Self> {
        let mut rest = Bytes { rest: bytes };
        if rest.take(MAGIC.len())? != MAGIC {
            return None;
        }
        let bits = rest.take(8)?;
        let count = rest.number()?;
        let heads = (0..count).map(|_| Head::read(&mut rest)).collect::<Option<Vec<_>>>()?;
        let heads: Vec<Head> = heads.into_iter().map(|head| head.borrow_labels().ready()).collect();
        let start = (bytes.len() - rest.rest.len()).next_multiple_of(size_of::<Row>());
        let (mut rows, _) = bytes.get(start..)?.as_chunks::<{ LANES / 2 }>();
        let mut tables = Vec::new();
        for bits in bits.iter().map(|b| u32::from(*b)).filter(|b| *b > 0) {
            let (own, others) = rows.split_at_checked(1 << bits)?;
            tables.push((bits, own));
            rows = others;
        }
        heads.iter().all(|h| h.table < tables.len()).then_some(Self { tables, heads })
    }

    /// The head of a script.
    pub(super) fn head(&self, script: Script) -> Option<&Head> {
        let script = writing_system(script);
        self.heads.iter().find(|h| h.script == script)
    }

    /// Bits of the features of a head, and their rows.
    pub(super) fn table(&self, head: &Head) -> (u32, &'static [Row]) {
        self.tables[head.table]
    }
}

impl Head {
    /// Scores of the labels of a stretch of a text, which is neither a word by itself nor a list of names.
    pub(super) fn scores(&self, pooled: &Pooled, out: &mut Vec<f32>) {
        kernel::scores(pooled, &self.eights, out);
        out.truncate(self.labels.len());
    }

    /// Scores of the labels of a text by itself (logarithms, up to a constant), and whether it is names.
    pub(super) fn scores_of_text(&self, sum: &Sum, names: bool, out: &mut Vec<f32>) {
        self.scores(&Pooled::of(sum), out);
        let alone = alone(sum.count());
        out.iter_mut().zip(&self.word_bias).for_each(|(score, bias)| *score += bias * alone);
        if names {
            out.iter_mut().zip(&self.names_bias).for_each(|(score, bias)| *score += bias);
        }
    }

    /// The best scores of a stretch among the labels of one group and among all others.
    pub(super) fn rivals(&self, pooled: &Pooled, groups: &[[u32; 8]], group: u32, scores: &mut Vec<f32>) -> (f32, f32) {
        kernel::scores(pooled, &self.eights, scores);
        kernel::rivals(scores, groups, group)
    }

    /// The score of one label of a stretch.
    pub(super) fn score(&self, pooled: &Pooled, label: usize, scores: &mut Vec<f32>) -> f32 {
        let eight = label / 8;
        kernel::scores(pooled, &self.eights[eight..=eight], scores);
        scores[label % 8]
    }

    /// The head without what is no language or an unknown one.
    pub(super) fn languages(&self) -> Self {
        self.pick((0..self.labels.len()).filter(|i| !self.labels[*i].is_unknown()).collect())
    }

    /// The common languages among many labels: one of them is near to any text.
    pub(super) fn common(&self) -> Option<Self> {
        let common: Vec<usize> = (0..self.labels.len()).filter(|i| self.word_bias[*i] > 0.0).collect();
        (common.len() >= ENOUGH_COMMON).then(|| self.pick(common))
    }

    fn read(rest: &mut Bytes) -> Option<Self> {
        let script = Script::from_code(std::str::from_utf8(rest.take(4)?).ok()?)?;
        let (table, count) = (rest.number()?, rest.number()?);
        let mut head = Self {
            script,
            table,
            labels: Vec::with_capacity(count),
            weights: Vec::with_capacity(count),
            eights: Vec::new(),
            word_bias: Vec::with_capacity(count),
            names_bias: Vec::with_capacity(count),
            kin: Vec::with_capacity(count),
            twins: Vec::new(),
        };
        for _ in 0..count {
            head.labels.push(std::str::from_utf8(rest.take(8)?).ok()?.parse().ok()?);
            let (scale, bias) = (rest.float()?, rest.float()?);
            head.word_bias.push(rest.float()?);
            head.names_bias.push(rest.float()?);
            head.kin.push(rest.float()?);
            let lanes: [u8; LANES] = rest.take(LANES)?.try_into().ok()?;
            head.weights.push(Weights { lanes: lanes.map(|w| w as i8), scale, bias });
        }
        Some(head)
    }

    /// Puts the weights side by side, and looks for twins.
    fn ready(mut self) -> Self {
        self.twins = twins::places(&self.labels);
        self.eights.clear();
        self.eights.resize(self.weights.len().div_ceil(8), Eight::empty());
        for (i, Weights { lanes, scale, bias }) in self.weights.iter().enumerate() {
            self.eights[i / 8].set(i % 8, lanes, *scale, *bias);
        }
        self
    }

    /// Adds the labels that have no text of their own.
    fn borrow_labels(mut self) -> Self {
        for (label, from, rarer) in BORROWED {
            let Some(place) = self.labels.iter().position(|own| own.to_string() == from) else { continue };
            let Ok(label) = label.parse() else { continue };
            let own = self.weights[place].clone();
            self.labels.push(label);
            self.weights.push(Weights { bias: own.bias + rarer, ..own });
            self.word_bias.push(self.word_bias[place]);
            self.names_bias.push(self.names_bias[place]);
            self.kin.push(self.kin[place]);
        }
        self
    }

    /// The head with only those labels.
    pub(super) fn only(&self, wanted: impl Fn(&Label) -> bool) -> Self {
        let mut own = self.pick((0..self.labels.len()).filter(|i| wanted(&self.labels[*i])).collect());
        // Who names the labels knows that it is one of them.
        own.kin.fill(1.0);
        own
    }

    fn pick(&self, kept: Vec<usize>) -> Self {
        Self {
            script: self.script,
            table: self.table,
            labels: kept.iter().map(|i| self.labels[*i]).collect(),
            weights: kept.iter().map(|i| self.weights[*i].clone()).collect(),
            eights: Vec::new(),
            word_bias: kept.iter().map(|i| self.word_bias[*i]).collect(),
            names_bias: kept.iter().map(|i| self.names_bias[*i]).collect(),
            kin: kept.iter().map(|i| self.kin[*i]).collect(),
            twins: Vec::new(),
        }
        .ready()
    }
}

struct Bytes {
    rest: &'static [u8],
}

impl Bytes {
    fn take(&mut self, count: usize) -> Option<&'static [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<usize> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?) as usize)
    }

    fn float(&mut self) -> Option<f32> {
        Some(f32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }
}
