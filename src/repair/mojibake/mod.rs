//! Mojibake: text that was decoded with the wrong encoding, once or several times.
//!
//! A wrong decoding is undone by going back to the bytes and reading them as what they are (`inverse`). Which encodings
//! come into question `propose` finds: what is UTF-8 shows by its structure, the others the detector of the decode stage
//! tells. Whether text is better as it stands or undone says one model of what text looks like (`model`, trained by
//! `cargo xtask mojibake`), in bits and word by word, and `search` finds the division of the text with the most bits.

mod chars;
mod features;
mod fill;
mod inverse;
mod lost;
mod model;
mod propose;
mod rivals;
mod search;
mod sequences;
mod telling;
mod trigger;
mod words;
mod wrong;

pub use features::SIZE;
pub use inverse::PRICE;
pub use model::STEPS;
#[cfg(feature = "cli")]
pub(crate) use model::bytes;
pub use rivals::{Rival, Rivals};
pub use trigger::{DRIFT, TRIGGER_STEPS, TRIGGERS, USUAL, look, trigger_features};
pub use wrong::{all as wrong_encodings, misread};

use std::borrow::Cow;
use std::cell::RefCell;

use self::search::{Repaired, Searcher};
use super::{Context, Repair, Rewrite, Signs};

/// Layers of wrong decoding that are undone.
const LAYERS: usize = 5;

thread_local! {
    /// Memory of each thread for searches: without it a fifth of their time is spent on asking for memory.
    static SEARCHER: RefCell<Searcher> = RefCell::default();
}

pub(super) struct Mojibake;

impl Repair for Mojibake {
    fn name(&self) -> &'static str {
        "mojibake"
    }

    fn about(&self) -> &'static str {
        "text that was decoded with the wrong encoding is decoded with the right one"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("Le cafÃ© est trÃ¨s bon", "Le café est très bon")
    }

    fn signs(&self) -> Signs {
        Signs::HIGH
    }

    fn suspects(&self, text: &str, context: &Context<'_>) -> bool {
        trigger::suspects(text, context.signs)
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let mut searcher = SEARCHER.take();
        let mut found = searcher.search(text);
        let mut at = 0;
        for Repaired { range, text: was } in &mut found {
            for _ in 1..LAYERS {
                match again(&mut searcher, was) {
                    Cow::Borrowed(_) => break,
                    Cow::Owned(deeper) => *was = deeper,
                }
            }
            out.keep(text, at, range.start);
            replace_words(text, range.clone(), was, out);
            at = range.end;
        }
        out.keep(text, at, text.len());
        SEARCHER.set(searcher);
    }
}

/// Undoes one layer of a text that was repaired.
fn again<'t>(searcher: &mut Searcher, text: &'t str) -> Cow<'t, str> {
    let found = if trigger::suspects(text, Signs::ALL) { searcher.search(text) } else { Vec::new() };
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for Repaired { range, text: was } in &found {
        out.push_str(&text[at..range.start]);
        out.push_str(was);
        at = range.end;
    }
    out.push_str(&text[at..]);
    Cow::Owned(out)
}

/// Notes a repaired stretch word by word, as far as the words are the same number before and after, so that offsets
/// stay exact.
fn replace_words(text: &str, range: std::ops::Range<usize>, was: &str, out: &mut Rewrite) {
    let before = &text[range.clone()];
    let spaces = |text: &str| text.bytes().filter(|b| *b == b' ').count();
    if spaces(before) != spaces(was) {
        return out.replace(text, range.start, range.end, was);
    }
    let mut at = range.start;
    for (old, new) in before.split_inclusive(' ').zip(was.split_inclusive(' ')) {
        out.replace(text, at, at + old.len(), new);
        at += old.len();
    }
}
