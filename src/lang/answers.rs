//! Answers to short lines that come again and again: menus, buttons, dates.

use super::{Guess, Identify, IdentifyScratch, Label};
use crate::script::Script;

/// Bytes of a line that is remembered.
const LONGEST: usize = 64;

/// Lines that are remembered, in the place that their bytes give them; a later one takes the place of an earlier one.
const ROWS: usize = 512;

/// What was answered last, one a worker.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// Who answered.
    owner: usize,
    /// The document that is labelled, by a number of its own.
    document: u64,
    rows: Vec<Row>,
}

#[derive(Clone, Debug)]
struct Row {
    text: String,
    script: Script,
    guess: Guess,
    /// All labels, if they were asked for.
    ranked: Vec<(Label, f32)>,
    moved: Option<Moved>,
}

/// What a document made of an answer.
#[derive(Clone, Copy, Debug)]
struct Moved {
    document: u64,
    before: Guess,
    after: Guess,
}

impl Row {
    fn is(&self, text: &str, script: Script) -> bool {
        self.script == script && self.text == text
    }
}

impl Answers {
    /// Begins a document.
    pub(super) fn begin(&mut self) {
        self.document += 1;
    }

    /// The row where a line stands, if it is known, or will stand.
    fn place(&mut self, owner: usize, text: &str, script: Script) -> Option<&mut Row> {
        if text.len() > LONGEST {
            return None;
        }
        if self.owner != owner {
            let (text, guess, ranked) = (String::new(), Guess::none(script), Vec::new());
            let empty = Row { text, script, guess, ranked, moved: None };
            self.rows.clear();
            self.rows.resize(ROWS, empty);
            self.owner = owner;
        }
        // The golden ratio's bits, as in Fibonacci hashing.
        let mix = |hash: u64, eight: &[u8]| {
            let mut bytes = [0; 8];
            bytes[..eight.len()].copy_from_slice(eight);
            (hash.rotate_left(23) ^ u64::from_le_bytes(bytes)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        };
        let hash = text.as_bytes().chunks(8).fold(text.len() as u64, mix);
        self.rows.get_mut((hash >> 32) as usize % ROWS)
    }
}

impl Identify {
    /// The best answer to a line, however unsure; the same again costs nothing.
    pub(super) fn remembered(&self, text: &str, script: Script, scratch: &mut IdentifyScratch) -> Guess {
        match scratch.answers.place(self.number, text, script) {
            Some(row) if row.is(text, script) => return row.guess,
            _ => {}
        }
        let guess = self.alone(text, script, scratch);
        if let Some(row) = scratch.answers.place(self.number, text, script) {
            row.text.clear();
            row.text.push_str(text);
            row.ranked.clear();
            (row.script, row.guess, row.moved) = (script, guess, None);
        }
        guess
    }

    /// What the document makes of the answer to a line; the same again costs nothing.
    pub(super) fn moved(
        &self,
        before: Guess,
        text: &str,
        script: Script,
        scratch: &mut IdentifyScratch,
        decide: impl FnOnce(&[(Label, f32)]) -> Guess,
    ) -> Guess {
        let document = scratch.answers.document;
        let known = |row: &&mut Row| row.is(text, script);
        let row = scratch.answers.place(self.number, text, script).filter(known);
        if let Some(Moved { after, .. }) =
            row.and_then(|row| row.moved).filter(|own| (own.document, own.before) == (document, before))
        {
            return after;
        }
        let after = decide(self.rank_remembered(text, script, scratch));
        if let Some(row) = scratch.answers.place(self.number, text, script).filter(known) {
            row.moved = Some(Moved { document, before, after });
        }
        after
    }

    /// All labels of a line for which there is an answer, in any order.
    fn rank_remembered<'s>(&self, text: &str, script: Script, scratch: &'s mut IdentifyScratch) -> &'s [(Label, f32)] {
        let known = |row: &&mut Row| row.is(text, script);
        if scratch.answers.place(self.number, text, script).filter(known).is_none_or(|row| row.ranked.is_empty()) {
            self.engine.rank_unsorted(text.trim(), script, scratch);
            let IdentifyScratch { answers, ranked, .. } = scratch;
            match answers.place(self.number, text, script).filter(known) {
                Some(row) => row.ranked.clone_from(ranked),
                None => return ranked,
            }
        }
        scratch.answers.place(self.number, text, script).map_or(&[], |row| &row.ranked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn what_is_remembered_is_what_is_answered() {
        let german = Config { languages: "deu_Latn".parse().unwrap(), ..Config::default() };
        let engines = [Identify::default(), Identify::new(&german).unwrap()];
        let mut scratch = IdentifyScratch::default();
        let many = (0..3 * ROWS).map(|i| format!("Seite {i} von page {}", i * 7));
        let few =
            ["Startseite", "Log in", " Log in", "Ещё", "", "12:30", &"eine lange Zeile ".repeat(9)].map(str::to_owned);
        let lines: Vec<String> = many.chain(few).collect();
        let script = |line: &str| crate::script::main_script(line);
        for engine in [0, 1, 1, 0].map(|i| &engines[i]) {
            for line in lines.iter().flat_map(|line| [line; 2]) {
                let found = engine.remembered(line, script(line), &mut scratch);
                assert_eq!(found, engine.alone(line, script(line), &mut IdentifyScratch::default()), "{line}");
                let mut fresh = IdentifyScratch::default();
                engine.engine.rank_unsorted(line.trim(), script(line), &mut fresh);
                assert_eq!(engine.rank_remembered(line, script(line), &mut scratch), fresh.ranked, "{line}");
            }
        }
        assert_eq!(scratch.answers.rows.len(), ROWS);
        assert!(scratch.answers.rows.iter().all(|row| row.text.len() <= LONGEST));
    }
}
