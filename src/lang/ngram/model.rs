//! The trained model: where its numbers stand in the file, and how they are used.

use super::kernel::{self, MIDDLE, Pooled, Sum, Weights};
use super::twins::BORROWED;
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
    /// The product of the weights with lanes that say nothing.
    nothing: Vec<i32>,
    scale: Vec<f32>,
    /// What each label has before anything is read: in lines, and besides in words by themselves and in texts of names.
    bias: Vec<f32>,
    word_bias: Vec<f32>,
    names_bias: Vec<f32>,
    /// How many times as many texts look like this label's as are: close relatives without text to learn from look the same.
    pub(super) kin: Vec<f32>,
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
        let mut heads = (0..count).map(|_| Head::read(&mut rest)).collect::<Option<Vec<_>>>()?;
        heads.iter_mut().for_each(Head::borrow_labels);
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
    pub(super) fn scores(&self, pooled: &Pooled, products: &mut Vec<i32>, out: &mut Vec<f32>) {
        let step = kernel::products(pooled, &self.weights, products);
        out.clear();
        let products = products.iter().zip(&self.nothing).map(|(product, nothing)| (product - nothing) as f32);
        out.extend(products.zip(&self.scale).zip(&self.bias).map(|((own, scale), bias)| own * (step * scale) + bias));
    }

    /// Scores of the labels of a text by itself (logarithms, up to a constant), and whether it is names.
    pub(super) fn scores_of_text(&self, sum: &Sum, names: bool, products: &mut Vec<i32>, out: &mut Vec<f32>) {
        self.scores(&Pooled::of(sum), products, out);
        let alone = alone(sum.count());
        out.iter_mut().zip(&self.word_bias).for_each(|(score, bias)| *score += bias * alone);
        if names {
            out.iter_mut().zip(&self.names_bias).for_each(|(score, bias)| *score += bias);
        }
    }

    /// The score of one label of a stretch.
    pub(super) fn score(&self, pooled: &Pooled, label: usize, products: &mut Vec<i32>) -> f32 {
        let step = kernel::products(pooled, &self.weights[label..=label], products);
        let product = products.first().map_or(0, |product| product - self.nothing[label]);
        product as f32 * (step * self.scale[label]) + self.bias[label]
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
            nothing: Vec::with_capacity(count),
            scale: Vec::with_capacity(count),
            bias: Vec::with_capacity(count),
            word_bias: Vec::with_capacity(count),
            names_bias: Vec::with_capacity(count),
            kin: Vec::with_capacity(count),
        };
        for _ in 0..count {
            head.labels.push(std::str::from_utf8(rest.take(8)?).ok()?.parse().ok()?);
            head.scale.push(rest.float()?);
            head.bias.push(rest.float()?);
            head.word_bias.push(rest.float()?);
            head.names_bias.push(rest.float()?);
            head.kin.push(rest.float()?);
            let weights: [u8; LANES] = rest.take(LANES)?.try_into().ok()?;
            let weights = weights.map(|w| w as i8);
            head.nothing.push(weights.iter().map(|w| i32::from(*w) * i32::from(MIDDLE)).sum());
            head.weights.push(Weights(weights));
        }
        Some(head)
    }

    /// Adds the labels that have no text of their own.
    fn borrow_labels(&mut self) {
        for (label, from, rarer) in BORROWED {
            let Some(place) = self.labels.iter().position(|own| own.to_string() == from) else { continue };
            let Ok(label) = label.parse() else { continue };
            let own = self.pick(vec![place]);
            self.labels.push(label);
            self.weights.extend(own.weights);
            self.nothing.extend(own.nothing);
            self.scale.extend(own.scale);
            self.bias.extend(own.bias.iter().map(|bias| bias + rarer));
            self.word_bias.extend(own.word_bias);
            self.names_bias.extend(own.names_bias);
            self.kin.extend(own.kin);
        }
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
            weights: kept.iter().map(|i| self.weights[*i]).collect(),
            nothing: kept.iter().map(|i| self.nothing[*i]).collect(),
            scale: kept.iter().map(|i| self.scale[*i]).collect(),
            bias: kept.iter().map(|i| self.bias[*i]).collect(),
            word_bias: kept.iter().map(|i| self.word_bias[*i]).collect(),
            names_bias: kept.iter().map(|i| self.names_bias[*i]).collect(),
            kin: kept.iter().map(|i| self.kin[*i]).collect(),
        }
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
