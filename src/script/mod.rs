//! Scripts: what a character is written in (UAX #24), and runs of one script in a text.

mod majority;
mod runs;
#[rustfmt::skip]
mod table;

use std::fmt;

pub use majority::main_script;
pub(crate) use runs::is_letter;
pub use runs::{Run, runs};

/// Version of Unicode that the tables of scripts, letters and normalization are of.
pub const UNICODE: &str = "18.0.0";

/// A script, by its ISO 15924 code. Japanese (`Jpan`), Korean (`Kore`) and the two Chinese scripts (`Hans`, `Hant`) are
/// one script each.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Script(u8);

impl Script {
    /// The four-letter code, such as `Latn`.
    pub fn code(self) -> &'static str {
        table::CODES[usize::from(self.0)]
    }

    /// The script with this code, in any case.
    pub fn from_code(code: &str) -> Option<Self> {
        table::CODES.iter().position(|c| c.eq_ignore_ascii_case(code)).map(|i| Self(i as u8))
    }

    /// Its number, below [`CODES`](table::CODES)' length.
    pub(crate) fn index(self) -> u32 {
        u32::from(self.0)
    }

    /// True for scripts that a reader of East Asian text meets in one sentence: Han, kana, Hangul, Bopomofo.
    fn is_cjk(self) -> bool {
        matches!(
            self,
            Self::HANI
                | Self::HIRA
                | Self::KANA
                | Self::HANG
                | Self::BOPO
                | Self::HANS
                | Self::HANT
                | Self::JPAN
                | Self::KORE
        )
    }

    /// True where words are written without spaces between them.
    pub fn is_unspaced(self) -> bool {
        (self.is_cjk() && self != Self::HANG && self != Self::KORE)
            || matches!(self, Self::THAI | Self::LAOO | Self::KHMR | Self::MYMR | Self::TIBT)
    }
}

impl Default for Script {
    /// Common: no script of its own.
    fn default() -> Self {
        Self::ZYYY
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What the table says of a code point: a script (Common, Inherited and Unknown among them) or, from `CODES.len()` on, a
/// set of scripts that share it.
const fn value(code: usize) -> usize {
    if code >> 8 >= table::FIRST.len() {
        return Script::ZZZZ.0 as usize;
    }
    table::SECOND[(table::FIRST[code >> 8] as usize) << 8 | (code & 0xFF)] as usize
}

/// The Script property of a character: `Zyyy` or `Zinh` for what several scripts share.
pub fn script_of(c: char) -> Script {
    match value(c as usize) {
        own if own < table::CODES.len() => Script(own as u8),
        _ => Script::ZYYY,
    }
}

/// A text of up to so many bytes, or three parts of a longer one that are as long together.
pub(crate) fn parts(text: &str, size: usize) -> impl Iterator<Item = &str> {
    let long = text.len() > size;
    let third = move |at: usize| {
        let start = text.ceil_char_boundary((text.len() - size / 3) / 2 * at);
        &text[start..text.floor_char_boundary(start + size / 3)]
    };
    let whole = (!long).then_some(text);
    whole.into_iter().chain((0..3).filter(move |_| long).map(third))
}

/// How many Han characters of a text only simplified and only traditional Chinese writes.
pub fn han_variants(text: &str) -> (usize, usize) {
    let (mut simplified, mut traditional) = (0, 0);
    for c in text.chars() {
        if let Some(at) = (c as u32).checked_sub(0x4E00).filter(|at| *at < 0xA000 - 0x4E00) {
            match table::HAN[(at / 4) as usize] >> (at % 4 * 2) & 3 {
                1 => simplified += 1,
                2 => traditional += 1,
                _ => {}
            }
        }
    }
    (simplified, traditional)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_characters() {
        for (c, code) in [
            ('a', "Latn"),
            ('ß', "Latn"),
            ('ж', "Cyrl"),
            ('ω', "Grek"),
            ('漢', "Hani"),
            ('か', "Hira"),
            ('ー', "Zyyy"),
            ('한', "Hang"),
            ('ا', "Arab"),
            ('न', "Deva"),
            ('1', "Zyyy"),
            ('\u{301}', "Zyyy"),
            ('𠀀', "Hani"),
            ('\u{10FFFF}', "Zzzz"),
            ('ა', "Geor"),
            ('Ա', "Armn"),
        ] {
            assert_eq!(script_of(c).code(), code, "{c:?}");
        }
        assert_eq!(Script::from_code("cyrl"), Some(Script::CYRL));
        assert_eq!(Script::from_code("Xyzw"), None);
    }

    #[test]
    fn simplified_and_traditional() {
        assert_eq!(han_variants("这个国家的历史很长"), (5, 0));
        assert_eq!(han_variants("這個國家的歷史很長"), (0, 5));
        assert_eq!(han_variants("日本 and 中文"), (0, 0));
    }
}
