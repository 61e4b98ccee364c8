//! The trait of identification engines, their registry, and the stage that asks one of them.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::Label;
use super::prior::Evidence;
use crate::batch::{Batch, as_usize};
use crate::config::{Config, Prior};
use crate::error::{Error, Result};
use crate::script::{Script, script_of};
use crate::stage::{Scratch, Stage};

/// An answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    /// The label.
    pub label: Label,
    /// How sure, 0 to 1.
    pub score: f32,
    /// Distance of the score to the runner-up's, 0 to 1; all of the score when there is none.
    pub margin: f32,
}

impl Guess {
    /// No answer: the language of a text in this script is unknown.
    pub fn none(script: Script) -> Self {
        Self { label: Label::unknown(script), score: 0.0, margin: 0.0 }
    }
}

/// Memory of identification, one a worker.
#[derive(Debug, Default)]
pub struct IdentifyScratch {
    pub(super) ranked: Vec<(Label, f32)>,
    pub(super) evidence: Evidence,
    pub(super) model: super::fasttext::Scratch,
    pub(super) ngram: super::ngram::Scratch,
    pub(super) scores: Vec<f32>,
    /// Parts of a text that are labelled together.
    pub(super) joined: String,
    pub(super) answers: super::answers::Answers,
}

/// An identification engine. Immutable and shared by all workers; what it must write to is in the scratch.
pub trait Identifier: Send + Sync {
    /// Name in flags and reports.
    fn name(&self) -> &'static str;

    /// The labels it can answer, in order.
    fn labels(&self) -> &[Label];

    /// Scores of the most likely labels of a text whose letters are (mostly) of this script, best first, into `out`;
    /// nothing when the engine does not know. Scores are 0 to 1 and add up to 1 at most, but for fastText models that
    /// judge each label for itself.
    fn rank(&self, text: &str, script: Script, out: &mut Vec<(Label, f32)>);

    /// What [`rank`](Self::rank) says, in any order, left in the scratch; an engine may do better than through `rank`.
    fn rank_unsorted(&self, text: &str, script: Script, scratch: &mut IdentifyScratch) {
        scratch.ranked.clear();
        self.rank(text, script, &mut scratch.ranked);
    }

    /// The best answer.
    fn identify(&self, text: &str, script: Script, scratch: &mut IdentifyScratch) -> Guess {
        scratch.ranked.clear();
        self.rank(text, script, &mut scratch.ranked);
        match scratch.ranked[..] {
            [] => Guess::none(script),
            [(label, score)] => Guess { label, score, margin: score },
            [(label, score), (_, next), ..] => Guess { label, score, margin: score - next },
        }
    }

    /// True when it tells by itself what is no language, and need not be asked about language only.
    fn tells_noise(&self) -> bool {
        false
    }

    /// True when what the segment stage is sure of at a glance is what this engine would say.
    fn knows_glances(&self) -> bool {
        false
    }

    /// Answers for many texts at once, appended to `out`; an engine may do better than one by one.
    fn identify_batch(&self, texts: &[(&str, Script)], out: &mut Vec<Guess>, scratch: &mut IdentifyScratch) {
        out.extend(texts.iter().map(|(text, script)| self.identify(text, *script, scratch)));
    }
}

/// Opens an engine with what stands after its name and a colon (empty when nothing does) and the languages to choose
/// among (all when empty).
pub type Open = fn(argument: &str, languages: &[Label]) -> Result<Box<dyn Identifier>>;

/// What an engine takes after its name and a colon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Nothing.
    None,
    /// One of these words, or nothing.
    Choice(&'static [&'static str]),
    /// Something that it can't do without, called this in messages.
    Needed(&'static str),
}

/// A row of the registry.
pub struct Engine {
    /// Name for `--identifier`.
    pub name: &'static str,
    /// What it takes after the name.
    pub argument: Argument,
    /// One line for people.
    pub about: &'static str,
    /// Opens it. The argument is checked before.
    pub open: Open,
}

impl Engine {
    /// How `--identifier` names it: `script`, `fasttext:PATH`.
    fn usage(&self) -> String {
        match self.argument {
            Argument::None => self.name.to_owned(),
            Argument::Choice(words) => format!("{0} or {0}:{1}", self.name, words.join(&format!(" or {}:", self.name))),
            Argument::Needed(what) => format!("{}:{what}", self.name),
        }
    }

    fn takes(&self, argument: Option<&str>) -> bool {
        match (self.argument, argument) {
            (Argument::None | Argument::Choice(_), None) => true,
            (Argument::None, Some(_)) => false,
            (Argument::Choice(words), Some(argument)) => words.contains(&argument),
            (Argument::Needed(_), argument) => argument.is_some_and(|a| !a.is_empty()),
        }
    }
}

static ENGINES: &[Engine] = &[
    Engine {
        name: "ngram",
        argument: Argument::None,
        about: "our own: n-grams of letters and words, trained",
        open: super::ngram::open,
    },
    #[cfg(feature = "whatlang")]
    Engine {
        name: "whatlang",
        argument: Argument::None,
        about: "70 languages by trigrams and alphabets",
        open: super::whatlang::open,
    },
    #[cfg(feature = "lingua")]
    Engine {
        name: "lingua",
        argument: Argument::Choice(&["low", "high"]),
        about: "75 languages by n-grams of 1 to 5 letters; slow",
        open: super::lingua::open,
    },
    Engine {
        name: "fasttext",
        argument: Argument::Needed("PATH"),
        about: "the languages of a fastText model, .bin or .ftz",
        open: super::fasttext::open,
    },
    Engine {
        name: "script",
        argument: Argument::None,
        about: "languages whose script tells them",
        open: super::script::open,
    },
];

/// The engines of this build.
pub fn engines() -> &'static [Engine] {
    ENGINES
}

/// The stage, and the door for single texts: an engine, and what holds for every engine.
pub struct Identify {
    /// A number of its own, for what a scratch remembers.
    pub(super) number: usize,
    pub(super) engine: Box<dyn Identifier>,
    pub(super) min_score: f32,
    pub(super) prior: Prior,
}

pub(super) fn next_number() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl Default for Identify {
    /// Our own engine, with all its labels and the usual settings.
    fn default() -> Self {
        let engine = Box::new(super::ngram::Ngram::new(&[]));
        let Config { min_score, prior, .. } = Config::default();
        Self { number: next_number(), engine, min_score, prior }
    }
}

impl Identify {
    /// Opens the engine that the configuration names.
    ///
    /// # Errors
    /// [`Error::Config`] when there is none of that name, [`Error::Source`] and [`Error::Model`] when its model can't be
    /// used.
    pub fn new(config: &Config) -> Result<Self> {
        let (name, argument) = match config.identifier.split_once(':') {
            Some((name, argument)) => (name, Some(argument)),
            None => (config.identifier.as_str(), None),
        };
        let wrong = |takes: &str| Error::config(format!("--identifier takes {takes}, not {:?}", config.identifier));
        let Some(engine) = ENGINES.iter().find(|e| e.name == name) else {
            let all: Vec<String> = ENGINES.iter().map(Engine::usage).collect();
            return Err(wrong(&format!("{} in this build", all.join(", "))));
        };
        if !engine.takes(argument) {
            return Err(wrong(&engine.usage()));
        }
        let engine = (engine.open)(argument.unwrap_or_default(), &config.languages.0)?;
        if engine.labels().is_empty() {
            let detail = format!("--identifier {} knows none of --languages {}", engine.name(), config.languages);
            return Err(Error::config(detail));
        }
        Ok(Self { number: next_number(), engine, min_score: config.min_score, prior: config.prior })
    }

    /// The engine.
    pub fn engine(&self) -> &dyn Identifier {
        &*self.engine
    }

    /// True when what the segment stage was sure of at a glance, if it was, is the answer to a text in this script.
    pub(crate) fn takes(&self, glanced: &Guess, script: Script) -> bool {
        let sure = glanced.score > 0.0 && self.engine.knows_glances();
        sure && !super::ngram::contradicts(script, glanced.label.script)
    }

    /// True when whether it is language at all is not left to the engine.
    fn asks_first(&self, script: Script) -> bool {
        !self.engine.tells_noise() || script == Script::ZYYY
    }

    /// Labels a text: `zxx_Zxxx` when it is no language, `und_<Script>` when the engine is not sure.
    pub fn guess(&self, text: &str, script: Script, scratch: &mut IdentifyScratch) -> Guess {
        self.accept(self.alone(text, script, scratch), script)
    }

    /// Labels parts of a text that are in one language.
    pub(crate) fn guess_all<'t>(
        &self,
        parts: impl Iterator<Item = &'t str>,
        script: Script,
        scratch: &mut IdentifyScratch,
    ) -> Guess {
        self.joined(parts, scratch, |text, scratch| self.guess(text, script, scratch))
    }

    /// Does something with parts of a text as one.
    pub(super) fn joined<'t, T>(
        &self,
        mut parts: impl Iterator<Item = &'t str>,
        scratch: &mut IdentifyScratch,
        work: impl FnOnce(&str, &mut IdentifyScratch) -> T,
    ) -> T {
        let first = parts.next().unwrap_or_default();
        let Some(second) = parts.next().filter(|_| first.len() < SPOKEN) else { return work(first, scratch) };
        let mut joined = std::mem::take(&mut scratch.joined);
        joined.clear();
        joined.push_str(first);
        for part in [second].into_iter().chain(parts) {
            if joined.len() >= SPOKEN {
                break;
            }
            joined.push(' ');
            joined.push_str(&part[..part.floor_char_boundary(SPOKEN)]);
        }
        let found = work(&joined, scratch);
        scratch.joined = joined;
        found
    }

    /// The best answer to a text, however unsure.
    pub(super) fn alone(&self, text: &str, script: Script, scratch: &mut IdentifyScratch) -> Guess {
        if self.asks_first(script) && is_no_language(text, script) {
            return Guess { label: Label::NO_LANGUAGE, score: 1.0, margin: 1.0 };
        }
        self.engine.identify(text.trim(), script, scratch)
    }

    /// The answer if it is sure enough.
    pub(crate) fn accept(&self, guess: Guess, script: Script) -> Guess {
        if guess.score < self.min_score { Guess { label: Label::unknown(script), ..guess } } else { guess }
    }

    /// All that the engine has to say, best first, whatever the score.
    pub fn rank(&self, text: &str, script: Script, out: &mut Vec<(Label, f32)>) {
        out.clear();
        if !self.asks_first(script) || !is_no_language(text, script) {
            self.engine.rank(text.trim(), script, out);
        }
    }
}

impl Stage for Identify {
    fn name(&self) -> &'static str {
        "identify"
    }

    fn run(&self, batch: &mut Batch, scratch: &mut Scratch) {
        for document in &batch.documents {
            let paragraphs = &batch.paragraphs[as_usize(&document.paragraphs)];
            if let (Some(first), Some(last)) = (paragraphs.first(), paragraphs.last()) {
                let own = as_usize(&(first.fragments.start..last.fragments.end));
                self.document(&batch.text, &mut batch.fragments[own], &mut scratch.identify);
            }
        }
    }
}

/// Bytes of a language's parts in a paragraph that are enough to label them.
const SPOKEN: usize = 2048;

/// Characters that are enough to tell language from noise.
const SAMPLE: usize = 400;

/// [`char::is_numeric`], without a search for most letters.
fn is_numeric(c: char) -> bool {
    let letters = matches!(c,
        '\u{C0}'..='\u{65F}' | '\u{66A}'..='\u{6EF}' | '\u{900}'..='\u{965}' | '\u{E01}'..='\u{E4F}'
        | '\u{3041}'..='\u{3190}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}');
    !letters && c.is_numeric()
}

/// Numbers, codes, addresses: few letters among the visible characters, or one long string of letters and other things.
fn is_no_language(text: &str, script: Script) -> bool {
    let (mut letters, mut visible, mut longest) = (0usize, 0usize, 0usize);
    let (mut word, mut pure) = (0usize, true);
    let (mut rest, mut left) = (text, SAMPLE);
    while left > 0 && !rest.is_empty() {
        // ASCII letters need no look at each.
        let plain = rest.bytes().take(left).take_while(u8::is_ascii_alphabetic).count();
        (letters, visible, word, left) = (letters + plain, visible + plain, word + plain, left - plain);
        let mut others = rest[plain..].chars();
        if left > 0
            && let Some(c) = others.next()
        {
            left -= 1;
            if c.is_whitespace() {
                longest = if pure { longest } else { longest.max(word) };
                (word, pure) = (0, true);
            } else {
                // Marks of abugidas are no letters to Unicode, but they have a script; symbols and most digits have none.
                let letter = !c.is_ascii() && script_of(c) != Script::ZYYY && !is_numeric(c);
                letters += usize::from(letter);
                visible += 1;
                word += 1;
                pure &= letter;
            }
        }
        rest = others.as_str();
    }
    longest = if pure { longest } else { longest.max(word) };
    let string = longest >= 32 && longest * 10 > visible * 6 && script == Script::LATN;
    letters == 0 || letters * 10 < visible * 4 || string
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_all_scripts() {
        assert!((char::MIN..=char::MAX).all(|c| is_numeric(c) == c.is_numeric()));
    }

    #[test]
    fn what_is_no_language() {
        let test = |text| is_no_language(text, Script::LATN);
        for text in [
            "",
            "0",
            "12:30 – 15:00",
            "+49 (0)30 1234-567",
            "🎉🎉🎉",
            "=== --- ===",
            "https://example.org/a/very/long/path?with=parameters&and=more",
            "3,4 5,6 7,8 kg",
        ] {
            assert!(test(text), "{text}");
        }
        for text in [
            "a",
            "Home",
            "Born 12 May 1990 in Oslo",
            "हिन्दी में लिखा",
            "ภาษาไทย",
            "Rindfleischetikettierungsüberwachung ist ein Wort",
        ] {
            assert!(!test(text), "{text}");
        }
    }
}
