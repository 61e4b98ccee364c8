//! The sets of lines, and the answers to them.

use std::path::Path;

use crate::common::data;
use crate::contender::Contender;
use crate::score::{Answer, Gold};
use crate::words;

/// Which set.
#[derive(Clone, Copy, PartialEq)]
pub enum Set {
    /// `language/dev.tsv`.
    Dev,
    /// `language/dev_unseen.tsv`: languages that nobody was to learn.
    Unseen,
    /// `noise.txt`: no language at all.
    Noise,
    /// Single words.
    Words,
}

/// All of them, with the names of their files.
pub const SETS: [(Set, &str); 4] =
    [(Set::Dev, "dev"), (Set::Unseen, "unseen"), (Set::Noise, "noise"), (Set::Words, "words")];

/// The lines; a set without data is empty.
pub struct Sets([Vec<Gold>; 4]);

impl Sets {
    /// Reads the sets. Not `full`: a part of each, and no words.
    pub fn read(full: bool, with_words: bool) -> Self {
        let thin = |lines: Vec<Gold>| -> Vec<Gold> { lines.into_iter().step_by(if full { 1 } else { 100 }).collect() };
        let dev = tsv("dev.tsv");
        let words = if full && with_words { words::choose(&dev) } else { Vec::new() };
        Self([thin(dev), thin(tsv("dev_unseen.tsv")), noise(), words])
    }

    pub fn lines(&self, set: Set) -> &[Gold] {
        &self.0[set as usize]
    }
}

/// `label TAB text TAB source` of the folder of data.
fn tsv(name: &str) -> Vec<Gold> {
    let Some(folder) = data() else { return Vec::new() };
    let path = folder.join("language").join(name);
    let all = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let gold = |line: &str| {
        let mut fields = line.split('\t').map(str::to_owned);
        let mut next = || fields.next().unwrap_or_default();
        Gold { label: next(), text: next(), source: next() }
    };
    all.split('\n').filter(|l| !l.is_empty()).map(gold).collect()
}

/// `kind TAB text`; the kind stands in the place of the source.
fn noise() -> Vec<Gold> {
    let rows = include_str!("noise.txt").lines().filter(|l| !l.starts_with("##")).filter_map(|l| l.split_once('\t'));
    rows.map(|(kind, text)| Gold { label: "zxx_Zxxx".to_owned(), text: text.to_owned(), source: kind.to_owned() })
        .collect()
}

/// What an engine, or another program, answers to the sets.
pub struct Entry {
    pub name: String,
    answers: [Option<Vec<Answer>>; 4],
}

impl Entry {
    /// Asks an engine for some of the sets.
    pub fn ask(contender: &Contender, sets: &Sets, wanted: &[Set]) -> Self {
        let answers = SETS.map(|(set, _)| {
            let lines = sets.lines(set);
            let asked = wanted.contains(&set) && !lines.is_empty();
            asked.then(|| contender.answers(lines.iter().map(|l| l.text.as_str())))
        });
        Self { name: contender.name.clone(), answers }
    }

    /// Reads the answers of a program from `FOLDER/dev.tsv`, `unseen.tsv`, `noise.tsv`, `words.tsv`, those that there
    /// are: `label TAB score` for each line, `FOLDER` being called as the program.
    pub fn read(folder: &Path, sets: &Sets) -> Self {
        let answers = SETS.map(|(set, name)| {
            let all = std::fs::read_to_string(folder.join(name).with_extension("tsv")).ok()?;
            let answers: Vec<Answer> = all.lines().map(answer).collect();
            let lines = sets.lines(set).len();
            assert_eq!(answers.len(), lines, "{}: {name}.tsv is to have a line for each of {name}", folder.display());
            Some(answers)
        });
        Self { name: folder.file_name().unwrap().to_string_lossy().into_owned(), answers }
    }

    /// Writes the answers into such a folder, `FOLDER/NAME`.
    pub fn write(&self, folder: &Path) {
        let folder = folder.join(self.name.replace(['/', ':'], "_"));
        std::fs::create_dir_all(&folder).unwrap();
        for (set, name) in SETS {
            let Some(answers) = &self.answers[set as usize] else { continue };
            let lines: String = answers.iter().map(|a| format!("{}\t{:.4}\n", a.label, a.score)).collect();
            std::fs::write(folder.join(name).with_extension("tsv"), lines).unwrap();
        }
    }

    pub fn answers(&self, set: Set) -> Option<&[Answer]> {
        self.answers[set as usize].as_deref()
    }
}

fn answer(line: &str) -> Answer {
    let (label, rest) = line.split_once('\t').unwrap_or((line, "0"));
    let score = rest.split('\t').next().and_then(|s| s.parse().ok()).expect("a score after the label");
    Answer { label: label.to_owned(), score }
}
