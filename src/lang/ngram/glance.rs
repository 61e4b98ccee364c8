//! What the model says of the parts of a text: of each by itself, or at a glance whether any of them is in another language
//! than the rest.

use super::features::{self, Detail};
use super::kernel::{self, Pooled, Sum};
use super::model::{Head, writing_system};
use super::{LIMIT, MODEL, Ngram, OPEN, SURE, Scratch, twins};
use crate::lang::{Guess, Label};
use crate::script::Script;

/// Letters of a part that are read at a glance at most; where there are many parts, each is to give fewer, but so many at least.
/// Of a quotation, which is often all that there is in its language, always some more.
const GLANCED: usize = 20;
const QUOTED: usize = 28;
const GLANCED_OF_MANY: usize = 10;
const GLANCED_IN_ALL: usize = 60;

/// Of a part of more bytes two thirds of them at its start, and twice as many in some of its last bytes.
const LONG: usize = 100;
const LAST: usize = 40;

/// Letters of a text by itself that are read at a glance.
const GLANCED_OF_ONE: usize = 48;

/// So many letters glanced at in all are enough to answer for a text, if the answer is as sure as one that the engine gives after
/// its first letters; after so many more, if it is as sure as one given after all.
const ENOUGH: usize = 32;
const MORE: usize = 48;

/// At most one of so many bytes may be no language where the first look is to be the answer.
const SILENT: usize = 4;

/// What was seen of a part: its letters and its words, and how many of these look like names or surely are none.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) letters: u32,
    pub(crate) words: u32,
    pub(crate) names: u32,
    pub(crate) others: u32,
}

impl Seen {
    /// Two parts as one.
    pub(crate) fn and(self, other: &Self) -> Self {
        Self {
            letters: self.letters + other.letters,
            words: self.words + other.words,
            names: self.names + other.names,
            others: self.others + other.others,
        }
    }

    /// The same with words of two letters, where no spaces tell them.
    fn unspaced(self) -> Self {
        let words = self.letters / 2;
        Self { letters: self.letters, words, names: words * self.names / self.words.max(1), others: words }
    }
}

/// The labels that compete in a script, ready for parts of texts.
#[derive(Debug)]
pub(crate) struct Glance {
    script: Script,
    /// All, with what is no language or an unknown one, and which of the languages each is.
    all: Head,
    places: Vec<usize>,
    /// The languages.
    head: Head,
    /// Those that stand for all at a glance.
    common: Head,
    /// For each label of the head, and of the common ones, the first label of the head that is of the same
    /// macrolanguage: such are not told apart within a text.
    twins: Vec<usize>,
    common_twins: Vec<[u32; 8]>,
    /// Those that have another label before them, and that.
    later: Vec<(usize, usize)>,
}

/// The parts that were glanced at.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    sum: Sum,
    pooled: Vec<Option<Pooled>>,
    /// Whether all letters of each were read.
    whole: Vec<bool>,
    seen: Seen,
    /// Bytes of all, and of those that are no language.
    bytes: usize,
    silent: usize,
}

impl Parts {
    /// Forgets the last text.
    pub(crate) fn clear(&mut self) {
        self.sum = Sum::default();
        self.pooled.clear();
        self.whole.clear();
        self.seen = Seen::default();
        (self.bytes, self.silent) = (0, 0);
    }
}

impl Glance {
    /// One for each writing system that some language may be told in.
    pub(crate) fn all(engine: &Ngram) -> Vec<Self> {
        let Some(model) = MODEL.as_ref() else { return Vec::new() };
        let heads = engine.own.as_deref().unwrap_or(&model.heads);
        heads.iter().map(Self::of).filter(|glance| !glance.head.labels.is_empty()).collect()
    }

    fn of(all: &Head) -> Self {
        let head = all.languages();
        let common = head.common().unwrap_or_else(|| head.clone());
        let group = |label: &Label| label.info().map_or("", |l| l.macrolanguage);
        let groups: Vec<&str> = head.labels.iter().map(group).collect();
        let twin = |label: &Label| {
            let own = group(label);
            let place = if own.is_empty() {
                head.labels.iter().position(|l| l == label)
            } else {
                groups.iter().position(|group| *group == own)
            };
            place.unwrap_or_default()
        };
        let twins: Vec<usize> = head.labels.iter().map(twin).collect();
        let later = twins.iter().copied().enumerate().filter(|(i, twin)| i != twin).collect();
        let eight = |eight: &[Label]| std::array::from_fn(|k| eight.get(k).map_or(u32::MAX, |own| twin(own) as u32));
        let common_twins = common.labels.chunks(8).map(eight).collect();
        let mut languages = 0..;
        let places = all
            .labels
            .iter()
            .map(|label| if label.is_unknown() { usize::MAX } else { languages.next().unwrap_or(usize::MAX) });
        let (places, all) = (places.collect(), all.clone());
        Self { script: head.script, all, places, head, common, twins, common_twins, later }
    }

    /// True if texts in this script are its matter.
    pub(crate) fn reads(&self, script: Script) -> bool {
        self.script == writing_system(script)
    }

    /// True where there are several languages that are told apart within a text.
    pub(crate) fn divides(&self) -> bool {
        self.twins.iter().any(|twin| *twin != self.twins[0])
    }

    /// True when a text of so many letters may be answered at a glance.
    pub(crate) fn is_enough(letters: usize) -> bool {
        letters >= ENOUGH
    }

    /// The labels that compete.
    pub(crate) fn labels(&self) -> &[Label] {
        &self.head.labels
    }

    /// What speaks for the labels in a part of a text, which is not taken for a text by itself, appended to `out`:
    /// logarithms up to a constant, the same for labels that are not told apart. Nothing when the part is no language.
    pub(crate) fn read(&self, text: &str, script: Script, scratch: &mut Scratch, out: &mut Vec<f32>) -> Option<Seen> {
        let seen = Self::letters(&[(text, LIMIT)], script, scratch)?;
        self.weigh(scratch, out);
        Some(seen)
    }

    /// The same of the letters that were read last.
    fn weigh(&self, scratch: &mut Scratch, out: &mut Vec<f32>) {
        let pooled = Pooled::of(&self.sum(Detail::Usual, scratch));
        self.score(&pooled, scratch, out);
    }

    /// By how much a part of a text is likelier to be in one language than in another, as [`read`](Self::read) says it.
    pub(crate) fn gain(
        &self,
        text: &str,
        script: Script,
        of: usize,
        over: usize,
        scratch: &mut Scratch,
    ) -> Option<f32> {
        Self::letters(&[(text, LIMIT)], script, scratch)?;
        let pooled = Pooled::of(&self.sum(Detail::Usual, scratch));
        let mut best = |language: usize| {
            let own = self.twins.iter().enumerate().filter(|(_, twin)| **twin == language);
            own.fold(f32::MIN, |best, (i, _)| best.max(self.head.score(&pooled, i, &mut scratch.scores)))
        };
        Some(best(of) - best(over))
    }

    /// Reads parts of a text, each until there are so many letters in all, into the scratch. Nothing when it is no language.
    fn letters(parts: &[(&str, usize)], script: Script, scratch: &mut Scratch) -> Option<Seen> {
        let letters = &mut scratch.sight.letters;
        letters.clear();
        parts.iter().for_each(|(text, limit)| letters.read(text, script, *limit));
        if letters.are_no_language() {
            return None;
        }
        let [words, names, others] = letters.words();
        let letters = letters.codes().len() as u32 - 1 - words;
        let seen = Seen { letters, words, names, others };
        Some(if script.is_unspaced() { seen.unspaced() } else { seen })
    }

    /// What the letters that were read last add up to.
    fn sum(&self, detail: Detail, scratch: &mut Scratch) -> Sum {
        let Some(model) = MODEL.as_ref() else { return Sum::default() };
        let ((bits, rows), letters) = (model.table(&self.head), &scratch.sight.letters);
        scratch.features.clear();
        features::features(letters.codes(), bits, detail, &mut scratch.features, |f| kernel::ask_for(rows, f));
        features::name_features(letters.names(), bits, &mut scratch.features);
        Sum::of(rows, &scratch.features)
    }

    fn score(&self, pooled: &Pooled, scratch: &mut Scratch, out: &mut Vec<f32>) {
        let scores = &mut scratch.scores;
        self.head.scores(pooled, scores);
        let start = out.len();
        out.extend_from_slice(scores);
        let row = &mut out[start..];
        for (i, twin) in &self.later {
            row[*twin] = row[*twin].max(row[*i]);
        }
        for (i, twin) in &self.later {
            row[*i] = row[*twin];
        }
    }

    /// Glances at the next of so many parts of a text.
    pub(crate) fn glance(
        &self,
        text: &str,
        script: Script,
        opens: bool,
        of: usize,
        scratch: &mut Scratch,
        parts: &mut Parts,
    ) -> Seen {
        let most = if opens { QUOTED } else { (GLANCED_IN_ALL / of.max(1)).clamp(GLANCED_OF_MANY, GLANCED) };
        if text.len() > LONG {
            let last = &text[text.ceil_char_boundary(text.len() - LAST)..];
            let last = last.find(' ').map_or(last, |space| &last[space..]);
            let start = most * 2 / 3;
            self.add(text.len(), &[(text, start), (last, 2 * start)], script, scratch, parts)
        } else {
            self.add(text.len(), &[(text, most)], script, scratch, parts)
        }
    }

    /// The answer to a text that is not divided, if a glance is enough.
    pub(crate) fn whole(&self, text: &str, script: Script, scratch: &mut Scratch, parts: &mut Parts) -> Option<Guess> {
        parts.clear();
        self.add(text.len(), &[(text, GLANCED_OF_ONE)], script, scratch, parts);
        self.main(text, parts, scratch).1
    }

    fn add(
        &self,
        bytes: usize,
        letters: &[(&str, usize)],
        script: Script,
        scratch: &mut Scratch,
        parts: &mut Parts,
    ) -> Seen {
        let seen = Self::letters(letters, script, scratch);
        let pooled = seen.map(|_| self.sum(Detail::Glance, scratch)).map(|sum| {
            parts.sum.add(&sum);
            Pooled::of(&sum)
        });
        parts.bytes += bytes;
        parts.silent += if seen.is_none() { bytes } else { 0 };
        parts.whole.push(letters.len() == 1 && scratch.sight.letters.are_all());
        parts.pooled.push(pooled);
        let seen = seen.unwrap_or_default();
        parts.seen = parts.seen.and(&seen);
        seen
    }

    /// Looks at a part again, at all of it; nothing new when that is what was seen.
    pub(crate) fn look_again(
        &self,
        text: &str,
        script: Script,
        part: usize,
        scratch: &mut Scratch,
        parts: &mut Parts,
    ) -> Option<Seen> {
        if parts.whole[part] {
            return None;
        }
        let seen = Self::letters(&[(text, LIMIT)], script, scratch);
        parts.pooled[part] = seen.map(|_| Pooled::of(&self.sum(Detail::Glance, scratch)));
        Some(seen.unwrap_or_default())
    }

    /// The most likely label of all parts together; and the answer to the whole text, if it is as sure as one that the
    /// engine gives after as many letters.
    pub(crate) fn main(&self, text: &str, parts: &Parts, scratch: &mut Scratch) -> (usize, Option<Guess>) {
        let Scratch { scores, best, twins, .. } = scratch;
        self.all.scores(&Pooled::of(&parts.sum), scores);
        let mut first = kernel::best(scores);
        if self.places.get(first).is_none_or(|place| *place == usize::MAX) {
            let languages = (0..scores.len()).filter(|i| self.places[*i] < usize::MAX);
            first = languages.reduce(|best, i| if scores[i] > scores[best] { i } else { best }).unwrap_or_default();
        }
        let place = self.places.get(first).copied().filter(|place| *place < usize::MAX).unwrap_or_default();
        let main = self.twins[place];
        // Short texts and lists of names are weighed in another way.
        let Seen { letters, names, others, .. } = parts.seen;
        let plain = letters as usize >= ENOUGH && names < 4 * others && parts.silent * SILENT <= parts.bytes;
        if !plain {
            return (main, None);
        }
        *best = kernel::softmax(scores, &self.all.kin);
        let enough = if letters as usize >= MORE { OPEN } else { SURE };
        if best.0 != first || best.1 < enough {
            return (main, None);
        }
        twins::settle(&self.all, text, scores, best, twins);
        let (best, score, next) = *best;
        (main, Some(Guess { label: self.all.labels[best], score, margin: score - next }))
    }

    /// By how much a part is likelier to be in some other language than in that.
    pub(crate) fn doubt(&self, main: usize, parts: &Parts, part: usize, scratch: &mut Scratch) -> f32 {
        let Some(pooled) = &parts.pooled[part] else { return f32::MIN };
        let (mut own, other) = self.common.rivals(pooled, &self.common_twins, main as u32, &mut scratch.scores);
        if own == f32::MIN {
            own = self.head.score(pooled, main, &mut scratch.scores);
        }
        other - own
    }

    /// The same of a part that is read closely, unless it was read just now and that was seen of it; what [`read`](Self::read)
    /// says of it is appended to `out`.
    pub(crate) fn close_doubt(
        &self,
        main: usize,
        (text, script): (&str, Script),
        seen: Option<Seen>,
        scratch: &mut Scratch,
        out: &mut Vec<f32>,
    ) -> (f32, Option<Seen>) {
        let start = out.len();
        let seen = seen.or_else(|| Self::letters(&[(text, LIMIT)], script, scratch));
        if seen.is_some() {
            self.weigh(scratch, out);
        }
        let row = &out[start..];
        let doubt = seen.map_or(f32::MIN, |_| {
            let others = row.iter().zip(&self.twins).filter(|(_, twin)| **twin != main);
            others.fold(f32::MIN, |most, (score, _)| if *score > most { *score } else { most }) - row[main]
        });
        (doubt, seen)
    }

    /// What was seen of a part at a glance, as [`read`](Self::read) says it.
    pub(crate) fn glanced(&self, parts: &Parts, part: usize, scratch: &mut Scratch, out: &mut Vec<f32>) {
        match &parts.pooled[part] {
            Some(pooled) => self.score(pooled, scratch, out),
            None => out.resize(out.len() + self.head.labels.len(), 0.0),
        }
    }
}
