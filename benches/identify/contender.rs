//! An identification engine in the race, asked as `babelsift identify` asks it.

use babelsift::Config;
use babelsift::lang::{Guess, Identify, IdentifyScratch};
use babelsift::script::main_script;

use crate::score::Answer;

/// An open engine.
pub struct Contender {
    /// As given to `--identifier`.
    pub name: String,
    pub identify: Identify,
}

/// What a contender writes to.
#[derive(Default)]
pub struct Memory {
    pub scratch: IdentifyScratch,
}

impl Contender {
    /// Opens an engine by what `--identifier` would take, with the default settings but for a given `min_score`.
    pub fn open(name: &str, min_score: Option<f32>) -> Result<Self, String> {
        let usual = Config::default();
        let min_score = min_score.unwrap_or(usual.min_score);
        let config = Config { identifier: name.to_owned(), min_score, ..usual };
        let identify = Identify::new(&config).map_err(|e| e.to_string())?;
        Ok(Self { name: name.to_owned(), identify })
    }

    /// The answer to a line; unknown when the score is below the configured `min_score`.
    pub fn guess(&self, text: &str, memory: &mut Memory) -> Guess {
        self.identify.guess(text, main_script(text), &mut memory.scratch)
    }

    /// The answers to many lines, with scores as they are printed: four digits.
    pub fn answers<'a>(&self, texts: impl Iterator<Item = &'a str>) -> Vec<Answer> {
        let mut memory = Memory::default();
        let answer = |guess: Guess| Answer {
            label: guess.label.to_string(),
            score: format!("{:.4}", guess.score).parse().unwrap(),
        };
        texts.map(|text| answer(self.guess(text, &mut memory))).collect()
    }
}
