//! The languages of the parts of a text that are in one writing system.

use std::sync::LazyLock;

use super::alphabets::Alphabet;
use super::path::{Losses, Path};
use super::rules::Rules;
use super::scripts::{ends, ends_plainly};
use super::units::{Gap, Unit, units};
use super::{NO_LABEL, Piece};
use crate::lang::ngram::{Glance, Ngram, Parts, Scratch, Seen, largest};
use crate::lang::{Guess, Label};
use crate::script::{Run, Script};

/// Units that are looked at together; a longer text is taken in such blocks.
const BLOCK: usize = 64;

/// A unit is in doubt if another language has so little less to say for itself than the main one (a logarithm).
const DOUBT: f32 = 0.0;

/// A unit is read closely if another language has so much more to say for itself; in a quotation, which costs less to part.
const ENOUGH: f32 = 1.5;
const ENOUGH_IN_QUOTES: f32 = 0.0;

/// A search is worth while where others have so much of what the cheapest change takes to say, in all units together: their
/// neighbours, read closely too, may add the rest.
const NEARLY: f32 = 0.8;

/// Memory of the search, one a worker.
#[derive(Debug, Default)]
pub(super) struct Memory {
    units: Vec<Unit>,
    /// The run that each unit is of.
    runs: Vec<u32>,
    seen: Vec<Seen>,
    doubts: Vec<bool>,
    /// What was said of the units that were read closely, one after the other.
    close: Vec<Close>,
    close_rows: Vec<f32>,
    losses: Vec<f32>,
    path: Path,
    parts: Parts,
    words: Vec<(usize, f32)>,
    ngram: Scratch,
    /// A text in another script.
    other: String,
    /// The language of all of the text at first sight.
    main: u16,
    /// The label of all of the text, where the first look was enough to be sure.
    pub(super) sure: Option<Guess>,
}

/// A unit that was read closely: where what was said of it begins, unless it is no language.
#[derive(Clone, Copy, Debug)]
struct Close {
    unit: usize,
    row: usize,
    seen: Option<Seen>,
}

/// One text in one writing system.
pub(super) struct Languages<'a> {
    pub(super) text: &'a str,
    pub(super) runs: &'a [Run],
    pub(super) system: Script,
    pub(super) glance: &'a Glance,
    pub(super) rules: &'a Rules,
    pub(super) memory: &'a mut Memory,
}

impl Languages<'_> {
    /// Appends the pieces of all runs of the writing system.
    pub(super) fn pieces(mut self, out: &mut Vec<Piece>) {
        self.memory.clear();
        let (mut before, mut ended) = (None, true);
        for (i, run) in self.runs.iter().enumerate().filter(|(_, run)| self.glance.reads(run.script)) {
            let between = &self.text[..run.start];
            let first = match between.chars().next_back() {
                None | Some('\n') => Gap::Line,
                // What stands between in another script may be a quotation, after which the sentence goes on.
                _ if ended || ends_plainly(between) => Gap::End,
                _ => Gap::Mark,
            };
            ended = ends(&self.text[..run.end]);
            let (mut at, mut gap) = (run.start, first);
            while at < run.end {
                let memory = &mut *self.memory;
                (at, gap) = units(&self.text[..run.end], at, gap, self.rules.least, BLOCK, &mut memory.units);
                memory.runs.resize(memory.units.len(), i as u32);
                if memory.units.len() >= BLOCK {
                    before = self.block(before, out);
                }
            }
        }
        self.block(before, out);
    }

    /// Divides a block of units, and says what language it ends in.
    fn block(&mut self, before: Option<u16>, out: &mut Vec<Piece>) -> Option<u16> {
        let (Some(first), Some(last)) = (self.memory.units.first(), self.memory.units.last()) else { return before };
        // One unit that is all of the text has nothing to be compared with.
        let (start, end) = (first.start, last.end);
        if self.memory.units.len() == 1 && (start, end) == (0, self.text.len()) && !self.rules.by_word() {
            let Memory { sure, parts, ngram, .. } = &mut *self.memory;
            *sure = whole(self.glance, self.text, &self.runs[0], ngram, parts);
            self.memory.clear();
            out.push(Piece { start, end, script: self.runs[0].script, system: self.system, label: NO_LABEL });
            return None;
        }
        let main = self.look();
        if let Some(main) = main.filter(|main| before.is_none_or(|before| before == *main)) {
            self.memory.path.labels.clear();
            self.memory.path.labels.resize(self.memory.units.len(), main);
            self.memory.sure = self.memory.sure.filter(|_| (start, end) == (0, self.text.len()));
        } else {
            let sure = self.memory.sure.take();
            self.divide(main, before);
            let is_whole = (start, end) == (0, self.text.len());
            self.memory.sure =
                sure.filter(|_| is_whole && self.memory.path.labels.iter().all(|own| *own == self.memory.main));
        }
        let Memory { units, runs, path, .. } = &*self.memory;
        let several = path.labels.iter().any(|label| *label != path.labels[0]);
        for ((unit, run), label) in units.iter().zip(runs).zip(&path.labels) {
            let script = match self.runs[*run as usize].script {
                Script::HANI | Script::JPAN if several => self.script_of_han(*label),
                other => other,
            };
            let own = Piece { start: unit.start, end: unit.end, script, system: self.system, label: *label };
            match out.last_mut() {
                Some(last) if last.continues(&own) => last.end = own.end,
                _ => out.push(own),
            }
        }
        let last = path.labels.last().copied().or(before);
        self.memory.clear();
        last
    }

    /// Kana make Japanese of the Han beside them until languages are told apart.
    fn script_of_han(&self, label: u16) -> Script {
        let japanese = self.glance.labels().get(usize::from(label)).is_some_and(|label| label.script == Script::JPAN);
        if japanese { Script::JPAN } else { Script::HANI }
    }

    /// A first look at all units: the language of all of them, if none may be in another.
    fn look(&mut self) -> Option<u16> {
        let Memory { units, runs, seen, parts, ngram, close, close_rows, .. } = &mut *self.memory;
        parts.clear();
        seen.clear();
        close.clear();
        close_rows.clear();
        if self.rules.by_word() {
            return None;
        }
        for (unit, run) in units.iter().zip(&*runs) {
            let (own, script) = (&self.text[unit.start..unit.end], self.runs[*run as usize].script);
            seen.push(self.glance.glance(own, script, unit.opens, units.len(), ngram, parts));
        }
        let (main, sure) = self.glance.main(self.text, parts, ngram);
        (self.memory.main, self.memory.sure) = (main as u16, sure);
        let Memory { units, runs, seen, doubts, parts, ngram, close: rows, close_rows, .. } = &mut *self.memory;
        doubts.clear();
        // What others have more to say in all units, and in those that were read closely.
        let (mut sum, mut close, least) = (0.0, 0.0, NEARLY * self.rules.cheapest());
        for (i, (unit, run)) in units.iter().zip(&*runs).enumerate() {
            let (own, script) = (&self.text[unit.start..unit.end], self.runs[*run as usize].script);
            let mut doubt = self.glance.doubt(main, parts, i, ngram);
            let again = (doubt > DOUBT).then(|| self.glance.look_again(own, script, i, ngram, parts)).flatten();
            if let Some(again) = again {
                seen[i] = again;
                doubt = self.glance.doubt(main, parts, i, ngram);
            }
            doubts.push(doubt > DOUBT);
            let enough = if unit.opens { ENOUGH_IN_QUOTES } else { ENOUGH };
            let cap = Rules::cap(&seen[i]);
            if doubt.min(cap) < enough {
                sum += doubt.clamp(0.0, cap);
            } else if close == 0.0 || sum < least {
                let row = close_rows.len();
                let (doubt, seen) = self.glance.close_doubt(main, (own, script), again, ngram, close_rows);
                rows.push(Close { unit: i, row, seen });
                let own = doubt.clamp(0.0, cap);
                (sum, close) = (sum + own, close + own);
            }
        }
        (close == 0.0 || sum < least).then_some(main as u16)
    }

    /// The language of each unit.
    fn divide(&mut self, main: Option<u16>, before: Option<u16>) {
        if main.is_some() {
            self.memory.doubts.fill(false);
        }
        self.read();
        let Memory { units, losses, path, .. } = &mut *self.memory;
        let losses = Losses { all: losses, labels: self.glance.labels().len() };
        path.find(units, losses, before, self.rules);
        if !self.rules.by_word() {
            (1..self.memory.units.len()).for_each(|i| self.refine(i));
        }
        let Memory { units, seen, path, .. } = &mut *self.memory;
        self.rules.merge(units, seen, &path.marked, before, &mut path.labels);
    }

    /// What each language costs in each unit; those that are in doubt are read with their neighbours, the others were seen.
    fn read(&mut self) {
        let Memory { units, runs, seen, doubts, close, close_rows, losses, parts, ngram, .. } = &mut *self.memory;
        losses.clear();
        let mut read = close.iter().peekable();
        let count = units.len();
        let all = self.rules.by_word();
        seen.resize(count, Seen::default());
        for (i, (unit, run)) in units.iter().zip(runs).enumerate() {
            let near = |doubts: &[bool]| doubts[i.saturating_sub(1)..count.min(i + 2)].contains(&true);
            let start = losses.len();
            let known = read.next_if(|close| close.unit == i);
            if all || near(doubts) {
                let (own, script) = (&self.text[unit.start..unit.end], self.runs[*run as usize].script);
                let labels = self.glance.labels().len();
                let found = match known {
                    Some(Close { row, seen: Some(found), .. }) => {
                        losses.extend_from_slice(&close_rows[*row..row + labels]);
                        Some(*found)
                    }
                    Some(_) => None,
                    None => self.glance.read(own, script, ngram, losses),
                };
                seen[i] = found.unwrap_or_default();
                losses.resize(start + labels, 0.0);
            } else {
                self.glance.glanced(parts, i, ngram, losses);
            }
            let cap = Rules::cap(&seen[i]);
            let row = &mut losses[start..];
            let most = row[largest(row)];
            row.iter_mut().for_each(|own| *own = if most - *own < cap { most - *own } else { cap });
        }
    }

    /// Moves the cut before a unit to where the language changes: sentences may end without a mark.
    fn refine(&mut self, i: usize) {
        let Memory { units, runs, path, words, ngram, .. } = &mut *self.memory;
        let (a, b) = (path.labels[i - 1], path.labels[i]);
        if a == b || runs[i - 1] != runs[i] || units[i].gap >= Gap::Line || units[i].opens || units[i - 1].closed {
            return;
        }
        let script = self.runs[runs[i] as usize].script;
        // How much better a text is explained by the language before than by that after.
        let mut gain = |text: &str| self.glance.gain(text, script, usize::from(a), usize::from(b), ngram);
        let (left, right) = (units[i - 1], units[i]);
        let mut best = (0.0, None);
        for (unit, is_left) in [(left, true), (right, false)] {
            let own = &self.text[unit.start..unit.end];
            words.clear();
            let (mut at, mut sum) = (0, 0.0);
            for word in own.split_inclusive(' ') {
                words.push((at, sum));
                sum += gain(word).unwrap_or(0.0);
                at += word.len();
            }
            for (at, before) in words.iter().skip(1) {
                let capital = own[*at..].chars().next().is_some_and(char::is_uppercase);
                let cost = if capital { self.rules.inside } else { 2.0 * self.rules.inside };
                let moved = if is_left { before - sum } else { *before };
                if moved - cost > best.0 {
                    best = (moved - cost, Some((unit.start + at, is_left)));
                }
            }
        }
        // Words by themselves say less than all of them together.
        const SURE: f32 = 2.0;
        let Some((at, is_left)) = best.1 else { return };
        let moved =
            if is_left { gain(&self.text[at..left.end]).map(|gain| -gain) } else { gain(&self.text[right.start..at]) };
        if moved.is_some_and(|moved| moved > SURE) {
            (units[i - 1].end, units[i].start, units[i].gap) = (at, at, Gap::End);
        }
    }
}

/// Bytes in the script that a language is known in from which on others may be in it, too; and that are read of them.
const TOLD: usize = 24;
const MOST_TOLD: usize = 1024;

/// How sure it must be that a text read in another script is in a language, and how many times as likely it must be that
/// it is in none of its own.
const READS: f32 = 0.8;
const RATHER: f32 = 4.0;

/// All languages compete where scripts are compared, whichever may be answered.
static ENGINE: LazyLock<Ngram> = LazyLock::new(|| Ngram::new(&[]));

impl Memory {
    /// The language of all pieces in a writing system, if they are enough to tell.
    pub(super) fn language(&mut self, text: &str, pieces: &[Piece], system: Script) -> Option<Label> {
        self.other.clear();
        for piece in pieces.iter().filter(|piece| piece.system == system) {
            let own = &text[piece.start..piece.end];
            self.other.push_str(&own[..own.floor_char_boundary(MOST_TOLD)]);
            if self.other.len() >= MOST_TOLD {
                break;
            }
            self.other.push(' ');
        }
        (self.other.len() >= TOLD).then(|| ENGINE.answer(&self.other, system, &mut self.ngram).label)
    }

    /// True if a text is rather in the language of an alphabet than in one that is usually written in its script.
    pub(super) fn reads_as(&mut self, text: &str, alphabet: &Alphabet) -> bool {
        if !alphabet.read(text, &mut self.other) {
            return false;
        }
        let other = ENGINE.answer(&self.other, alphabet.label.script, &mut self.ngram);
        if other.label != alphabet.label || other.score < READS {
            return false;
        }
        let own = ENGINE.answer(text.trim(), alphabet.from, &mut self.ngram);
        own.label.is_unknown()
            || own.label.is_one_language_with(&alphabet.label)
            || (1.0 - other.score) * RATHER < 1.0 - own.score
    }

    fn clear(&mut self) {
        self.units.clear();
        self.runs.clear();
    }

    /// Looks for the answer to a text in one run of a writing system in which no languages are told apart.
    pub(super) fn look_at_all(&mut self, text: &str, run: &Run, glance: &Glance) {
        self.sure = whole(glance, text, run, &mut self.ngram, &mut self.parts);
    }
}

/// The answer to a text that is one run, if a glance is enough.
fn whole(glance: &Glance, text: &str, run: &Run, scratch: &mut Scratch, parts: &mut Parts) -> Option<Guess> {
    Glance::is_enough(run.letters).then(|| glance.whole(text, run.script, scratch, parts)).flatten()
}

/// Appends the runs of a writing system in which no languages are told apart.
pub(super) fn undivided(runs: &[Run], system: Script, is_own: impl Fn(Script) -> bool, out: &mut Vec<Piece>) {
    for run in runs.iter().filter(|run| is_own(run.script)) {
        out.push(Piece { start: run.start, end: run.end, script: run.script, system, label: NO_LABEL });
    }
}
