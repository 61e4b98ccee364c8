//! Our own engine: hashed n-grams of letters and words, a row of 128 small numbers for each, and a small matrix from
//! their sum to the labels of each writing system.
//!
//! The method is that of fastText (Joulin, Grave, Bojanowski, Mikolov: "Bag of Tricks for Efficient Text
//! Classification", 2016), with the script deciding which labels compete. `cargo xtask model` trains the numbers.

mod classes;
mod features;
mod glance;
mod kernel;
mod letters;
mod model;
mod twins;

use std::cmp::Ordering;
use std::sync::LazyLock;

pub(crate) use glance::{Glance, Parts, Seen};
pub(crate) use kernel::best as largest;
pub use model::{LANES, MAGIC, ZERO, alone, writing_system};

use self::features::Detail;
use self::kernel::Sum;
use self::letters::{LIMIT, Letters};
use self::model::{Head, Model};
use super::{Guess, Identifier, IdentifyScratch, Label};
use crate::error::Result;
use crate::script::{Script, parts};

/// What the model sees of a text.
#[derive(Debug, Default)]
pub struct Sight {
    letters: Letters,
}

/// Letters that most texts need not be read beyond, and how sure the answer is then.
const FIRST: usize = 96;
const SURE: f32 = 0.99;

/// Letters that are read where even that many leave it open, and the probability up to which it is. An answer that took so
/// much stays below it: languages that are not known look like this, too.
const LAST: usize = 3 * LIMIT;
const OPEN: f32 = 0.9;
/// What such an answer has at most.
const MOST: f32 = 0.89;

/// Labels up to this probability are not told where the order does not matter: nothing makes one of them the answer.
const SLIGHT: f32 = 1e-6;

/// A text of this many bytes is read as a whole, of a longer one three parts.
const WHOLE: usize = 1024;

impl Sight {
    /// Appends the features of a text in a script as numbers below `1 << bits`. Costs no more for a long text than for
    /// one of a kilobyte.
    pub fn features(&mut self, text: &str, script: Script, bits: u32, out: &mut Vec<u32>) {
        self.read(text, script, LIMIT);
        features::features(self.letters.codes(), bits, Detail::Usual, out, |_| ());
        features::name_features(self.letters.names(), bits, out);
    }

    /// True when the text that was read last is a list of names or a title, as far as one sees.
    pub fn is_names(&self) -> bool {
        self.letters.names() > 0
    }

    /// Reads so many letters of a text at most.
    fn read(&mut self, text: &str, script: Script, limit: usize) {
        self.letters.clear();
        for (at, part) in parts(text, WHOLE).enumerate() {
            self.letters.read(part, script, if text.len() > WHOLE { limit * (at + 1) / 3 } else { limit });
        }
    }

    /// Reads more letters of the text that was read last: says how many there were; 0 when it had to be read anew.
    fn read_on(&mut self, text: &str, script: Script, limit: usize) -> usize {
        let before = self.letters.codes().len();
        if text.len() <= WHOLE && self.letters.read_on(text, script, limit) {
            return before;
        }
        self.read(text, script, limit);
        0
    }
}

#[repr(C, align(64))]
struct Aligned<T: ?Sized>(T);

static BYTES: &Aligned<[u8]> = &Aligned(*include_bytes!("model.bin"));

/// The model as it is in the program, for `--version`.
#[cfg(feature = "cli")]
pub(crate) fn bytes() -> &'static [u8] {
    &BYTES.0
}

static MODEL: LazyLock<Option<Model>> = LazyLock::new(|| Model::read(&BYTES.0));

/// Opens the engine.
pub(super) fn open(_: &str, languages: &[Label]) -> Result<Box<dyn Identifier>> {
    Ok(Box::new(Ngram::new(languages)))
}

/// The engine with the labels that may be answered.
pub struct Ngram {
    labels: Vec<Label>,
    /// Where only some labels may be answered, their heads.
    own: Option<Vec<Head>>,
}

/// Memory of the engine, one a worker.
#[derive(Debug, Default)]
pub struct Scratch {
    sight: Sight,
    features: Vec<u32>,
    sum: Sum,
    scores: Vec<f32>,
    /// The place of the best, its probability, and the next one.
    best: (usize, f32, f32),
    twins: twins::Memory,
}

impl Ngram {
    /// The engine with the labels to choose among (all when empty).
    pub fn new(languages: &[Label]) -> Self {
        let all = MODEL.as_ref().map_or(&[][..], |m| &m.heads);
        let wanted = |l: &Label| languages.contains(l);
        let own = (!languages.is_empty()).then(|| all.iter().map(|h| h.only(wanted)).collect::<Vec<_>>());
        let heads = own.as_deref().unwrap_or(all);
        let mut labels: Vec<Label> =
            heads.iter().flat_map(|h| &h.labels).filter(|l| !l.is_unknown()).copied().collect();
        labels.sort_unstable_by_key(Label::written);
        labels.dedup();
        Self { labels, own }
    }

    /// The labels that may be answered to a text in a script, and their numbers.
    fn head(&self, script: Script) -> Option<&Head> {
        match &self.own {
            Some(heads) => heads.iter().find(|h| h.script == writing_system(script)),
            None => MODEL.as_ref()?.head(script),
        }
    }

    /// The probabilities of the labels of the text's head, into the scratch.
    fn weigh(&self, text: &str, script: Script, scratch: &mut Scratch) -> Option<&Head> {
        let (model, head) = (MODEL.as_ref()?, self.head(script)?);
        let mut open = false;
        for limit in [FIRST, LIMIT, LAST] {
            open = limit == LAST;
            let whole = scratch.read(model, head, text, script, limit);
            if whole || scratch.best.1 >= if limit < LIMIT { SURE } else { OPEN } {
                break;
            }
        }
        let Scratch { scores, best, twins, .. } = scratch;
        let before = best.1;
        twins::settle(head, text, scores, best, twins);
        if best.1 >= OPEN && (open || before < OPEN) {
            let scale = MOST / best.1;
            scores[best.0] *= scale;
            best.1 *= scale;
        }
        Some(head)
    }

    /// The best answer.
    pub(crate) fn answer(&self, text: &str, script: Script, scratch: &mut Scratch) -> Guess {
        let Some(head) = self.weigh(text, script, scratch) else { return Guess::none(script) };
        if scratch.sight.letters.are_no_language() {
            return Guess { label: Label::NO_LANGUAGE, score: 1.0, margin: 1.0 };
        }
        let (best, score, next) = scratch.best;
        let label = head.labels.get(best).copied().unwrap_or(Label::unknown(script));
        Guess { label, score, margin: score - next }
    }
}

impl Scratch {
    /// The probabilities of the labels of a head after so many letters of the text. True when that was all of it.
    fn read(&mut self, model: &Model, head: &Head, text: &str, script: Script, limit: usize) -> bool {
        let (bits, rows) = model.table(head);
        let known = if limit == FIRST {
            self.sight.read(text, script, limit);
            0
        } else {
            self.sight.read_on(text, script, limit)
        };
        let (letters, names) = (self.sight.letters.codes(), self.sight.letters.names());
        self.features.clear();
        let detail = if known == 0 { Detail::Usual } else { Detail::Rest };
        // What follows a boundary has nothing to do with what stands before it.
        let new = &letters[known.saturating_sub(1)..];
        features::features(new, bits, detail, &mut self.features, |feature| kernel::ask_for(rows, feature));
        let sum = Sum::of(rows, &self.features);
        if known == 0 {
            self.sum = sum;
        } else {
            self.sum.add(&sum);
        }
        self.features.clear();
        features::name_features(names, bits, &mut self.features);
        let mut sum = self.sum.clone();
        sum.add(&Sum::of(rows, &self.features));
        head.scores_of_text(&sum, names > 0, &mut self.scores);
        if matches!(script, Script::HANS | Script::HANT) {
            let wrong = self.scores.iter_mut().zip(&head.labels).filter(|(_, label)| contradicts(script, label.script));
            wrong.for_each(|(score, _)| *score = f32::MIN);
        }
        self.best = kernel::softmax(&mut self.scores, &head.kin);
        text.len() <= WHOLE && self.sight.letters.codes().len() <= limit
    }
}

/// Han that only one kind of Chinese writes was found in the text already.
pub(super) fn contradicts(script: Script, label: Script) -> bool {
    matches!((script, label), (Script::HANS, Script::HANT) | (Script::HANT, Script::HANS))
}

impl Identifier for Ngram {
    fn name(&self) -> &'static str {
        "ngram"
    }

    fn labels(&self) -> &[Label] {
        &self.labels
    }

    fn tells_noise(&self) -> bool {
        true
    }

    fn knows_glances(&self) -> bool {
        true
    }

    fn rank(&self, text: &str, script: Script, out: &mut Vec<(Label, f32)>) {
        let mut scratch = Scratch::default();
        let Some(head) = self.weigh(text, script, &mut scratch) else { return };
        if scratch.sight.letters.are_no_language() {
            return out.push((Label::NO_LANGUAGE, 1.0));
        }
        let all = head.labels.iter().copied().zip(scratch.scores.iter().copied());
        out.extend(all.filter(|(_, score)| *score > 0.0));
        out.sort_by(|a, b| b.1.partial_cmp(&a.1).unwrap_or(Ordering::Equal));
    }

    fn rank_unsorted(&self, text: &str, script: Script, scratch: &mut IdentifyScratch) {
        let IdentifyScratch { ranked, ngram, .. } = scratch;
        ranked.clear();
        if let Some(head) = self.weigh(text, script, ngram) {
            let all = head.labels.iter().copied().zip(ngram.scores.iter().copied());
            ranked.extend(all.filter(|(_, score)| *score > SLIGHT));
        }
    }

    fn identify(&self, text: &str, script: Script, scratch: &mut IdentifyScratch) -> Guess {
        self.answer(text, script, &mut scratch.ngram)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::main_script;

    fn labelled(text: &str) -> Guess {
        Ngram::new(&[]).identify(text, main_script(text), &mut IdentifyScratch::default())
    }

    #[test]
    fn reading_on_is_reading_from_the_beginning() {
        let sentences = [
            (
                "Latn",
                "Der Fähranleger liegt, wie a.b@example.org sagt, 3km weit <b>draußen</b> und ist nur bei Flut zu sehen. ",
            ),
            ("Latn", "Le cafe\u{301} est ferme\u{301}, l'été aussi: http://example.org/x?y=1 R&D kg cm "),
            ("Cyrl", "Паром отходит в семь утра, а возвращается лишь к вечеру, если море спокойно. "),
            ("Arab", "تغادر العبارة في السابعة صباحا وتعود مساء إذا كان البحر هادئا. "),
            ("Thai", "เรือข้ามฟากออกตอนเจ็ดโมงเช้าและกลับมาตอนเย็นถ้าทะเลสงบ "),
            ("Hani", "渡轮早上七点出发，如果海面平静，傍晚返回。"),
        ];
        let model = MODEL.as_ref().unwrap();
        for (script, sentence) in sentences {
            let script = Script::from_code(script).unwrap();
            let head = model.head(script).unwrap();
            for times in [1, 2, 3, 5, 9, 40] {
                let text = format!("{}{}", sentence.repeat(times), "e\u{301}t ".repeat(times % 2));
                let mut on = Scratch::default();
                on.read(model, head, &text, script, FIRST);
                for limit in [LIMIT, LAST] {
                    let mut anew = Scratch::default();
                    let whole = anew.read(model, head, &text, script, limit);
                    assert_eq!(on.read(model, head, &text, script, limit), whole, "{text}");
                    assert_eq!((&on.scores, on.best), (&anew.scores, anew.best), "{limit} of {text}");
                    assert_eq!(on.sight.letters.codes(), anew.sight.letters.codes());
                }
            }
        }
    }

    #[test]
    fn the_model_is_sound() {
        let model = MODEL.as_ref().unwrap();
        assert!(BYTES.0.len() < 9_000_000 && BYTES.0.as_ptr().addr().is_multiple_of(64));
        let labels = Ngram::new(&[]).labels;
        assert!(labels.len() >= 200 && model.heads.len() > 30, "{} {}", labels.len(), model.heads.len());
        for label in &labels {
            assert!(label.info().is_some_and(|i| i.scripts.contains(&label.script.code())), "{label} is in no table");
        }
        for cut in [0, 1, 7, 20, 1000, 100_000, BYTES.0.len() - 1] {
            assert!(Model::read(&BYTES.0[..cut]).is_none(), "{cut}");
        }
    }

    #[test]
    fn case_form_and_markup_change_nothing() {
        let plain = labelled("Où est la bibliothèque la plus proche, s’il vous plaît ?");
        assert_eq!(plain.label.to_string(), "fra_Latn");
        for same in [
            "OÙ EST LA BIBLIOTHÈQUE LA PLUS PROCHE, S’IL VOUS PLAÎT ?",
            "Ou\u{300} est la bibliothe\u{300}que la plus proche, s\'il vous plai\u{302}t ?",
            "<p>Où est la <b>bibliothèque</b> la plus proche, s’il vous plaît ? https://example.org/where?is=it 24/7",
            "@jean Où est la bibliothèque — la plus proche, s’il vous plaît ??? 1234 😀 jean@example.org",
        ] {
            assert_eq!(labelled(same), plain, "{same}");
        }
    }

    #[test]
    fn any_text_has_an_answer() {
        for text in [
            "",
            " ",
            "\u{301}",
            "a",
            "é",
            "ä\u{301}\u{302}",
            "😀",
            "漢",
            "\0\0",
            "aβвד한ก",
            "\u{10FFFF}",
            "<",
            "'",
            "&&&&",
        ] {
            let guess = labelled(text);
            assert!((0.0..=1.0).contains(&guess.score) && (0.0..=1.0).contains(&guess.margin), "{text:?} {guess:?}");
            let mut all = Vec::new();
            Ngram::new(&[]).rank(text, main_script(text), &mut all);
            assert!(all.iter().map(|(_, score)| score).sum::<f32>() < 1.001, "{text:?}");
        }
    }

    #[test]
    fn only_some_languages_may_be_answered() {
        let some: Vec<Label> = ["nob_Latn", "dan_Latn"].iter().map(|l| l.parse().unwrap()).collect();
        let engine = Ngram::new(&some);
        assert_eq!(engine.labels().len(), 2);
        let guess = engine.identify("Where is it, and who is there?", Script::LATN, &mut IdentifyScratch::default());
        assert!(some.contains(&guess.label) && guess.score >= 0.5, "{guess:?}");
        let other = engine.identify("Где это?", Script::CYRL, &mut IdentifyScratch::default());
        assert_eq!(other.label, Label::unknown(Script::CYRL));
    }

    #[test]
    fn long_texts_cost_no_more() {
        let mut sight = Sight::default();
        for text in ["a".repeat(3_000_000), "word ".repeat(600_000), "漢".repeat(1_000_000), "é€".repeat(700_000)] {
            let mut features = Vec::new();
            sight.features(&text, main_script(&text[..60]), 16, &mut features);
            assert!(features.len() < 6 * LIMIT, "{}", features.len());
        }
    }
}
