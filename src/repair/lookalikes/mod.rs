//! Look-alike letters: a word of two alphabets is written in the one that it is meant to be in.
//!
//! A word is changed when every letter of one alphabet has a letter that looks like it in the other; which of the two, if
//! both are possible, is told by letters that only one alphabet has, in the text around it, or by the word itself. A single
//! letter between words of another alphabet is changed as well. Names with an ending, symbols, units and numbers stay.

mod judge;
mod lone;
mod pairs;
mod words;

use words::{Surroundings, words};

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct Lookalikes;

impl Repair for Lookalikes {
    fn name(&self) -> &'static str {
        "lookalikes"
    }

    fn about(&self) -> &'static str {
        "look-alike letters of another alphabet inside a word (Latin, Cyrillic, Greek, Armenian)"
    }

    fn signs(&self) -> Signs {
        Signs::CYRILLIC | Signs::GREEK | Signs::ARMENIAN
    }

    fn suspects(&self, text: &str, context: &Context<'_>) -> bool {
        has_latin(text.as_bytes()) || context.signs.meets(Signs::GREEK) && context.signs.meets(Signs::CYRILLIC)
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        let around = Surroundings::of(text, context.label);
        let mut kept = 0;
        for word in words(text) {
            let mended = match word.alphabets().count() {
                1 => lone::mended(&word, text, &around),
                _ => judge::mended(&word, &around),
            };
            if let Some(mended) = mended {
                out.keep(text, kept, word.start);
                out.replace(text, word.start, word.end(), &mended);
                kept = word.end();
            }
        }
        out.keep(text, kept, text.len());
    }
}

/// True when a text may have Latin letters: those of ASCII, or first bytes of those up to U+024F. Written so that the
/// compiler makes vector code of it.
fn has_latin(bytes: &[u8]) -> bool {
    let latin = |b: u8| (b | 0x20).wrapping_sub(b'a') < 26 || (0xC3..=0xC9).contains(&b);
    bytes.chunks(256).any(|block| block.iter().fold(false, |any, &b| any | latin(b)))
}
