//! Apostrophes that are letters: Uzbek oʻ gʻ and the tutuq, the ʻokina of Polynesia, the apostrophe of Ukrainian and
//! Belarusian.
//!
//! Uzbek and Polynesian letters become those that Unicode and CLDR give them, U+02BB and U+02BC. The Ukrainian and Belarusian
//! sign becomes U+02BC too, which CLDR has in the alphabet: it is a letter, so that words stay whole for those who
//! divide text at punctuation.

use super::{Context, Repair, Rewrite, Signs};
use crate::script::Script;

pub(super) struct Apostrophes;

const TURNED: &str = "\u{2BB}";
const LETTER: &str = "\u{2BC}";

/// What is typed for them: ' ` ´ ‘ ’ ‛ ʻ ʼ ʽ ʹ ′.
const TYPED: [char; 11] =
    ['\'', '`', '\u{B4}', '\u{2018}', '\u{2019}', '\u{201B}', '\u{2BB}', '\u{2BC}', '\u{2BD}', '\u{2B9}', '\u{2032}'];

impl Repair for Apostrophes {
    fn name(&self) -> &'static str {
        "apostrophes"
    }

    fn about(&self) -> &'static str {
        "apostrophes that are letters, in Uzbek, Polynesian languages, Ukrainian and Belarusian"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("O'zbek tog`i", "Oʻzbek togʻi")
    }

    fn signs(&self) -> Signs {
        Signs::ALL
    }

    fn languages(&self) -> &'static [&'static str] {
        &["uzn", "uzb", "haw", "ton", "smo", "tah", "rar", "niu", "wls", "fud", "rap", "ukr", "bel", "rue"]
    }

    fn suspects(&self, text: &str, _: &Context<'_>) -> bool {
        text.contains(TYPED)
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        let Some(label) = context.label else { return out.keep(text, 0, text.len()) };
        let meant: fn(Option<char>, Option<char>) -> Option<&'static str> = match (label.language(), label.script) {
            ("uzn" | "uzb", Script::LATN) => uzbek,
            ("ukr" | "bel" | "rue", Script::CYRL) => east_slavic,
            (_, Script::LATN) => polynesian,
            _ => |_, _| None,
        };
        let (mut kept, mut before) = (0, None);
        for (at, c) in text.char_indices() {
            let end = at + c.len_utf8();
            if TYPED.contains(&c)
                && let Some(letter) = meant(before, text[end..].chars().next())
            {
                out.keep(text, kept, at);
                out.replace(text, at, end, letter);
                kept = end;
            }
            before = Some(c);
        }
        out.keep(text, kept, text.len());
    }
}

fn is_letter(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphabetic)
}

/// After o and g it is part of the letter, elsewhere inside a word the tutuq.
fn uzbek(before: Option<char>, after: Option<char>) -> Option<&'static str> {
    match before? {
        'o' | 'O' | 'g' | 'G' => Some(TURNED),
        before if before.is_alphabetic() && is_letter(after) => Some(LETTER),
        _ => None,
    }
}

/// Between a letter and a vowel, which it keeps apart; at the edge of a word it may be a quotation mark.
fn polynesian(before: Option<char>, after: Option<char>) -> Option<&'static str> {
    let vowel = |c: char| "aeiouāēīōūáéíóúâêîôûAEIOUĀĒĪŌŪ".contains(c);
    (before.is_some_and(vowel) && after.is_some_and(vowel)).then_some(TURNED)
}

/// Between a consonant and a vowel that begins with the sound of й.
fn east_slavic(before: Option<char>, after: Option<char>) -> Option<&'static str> {
    let fits = before.is_some_and(|c| matches!(c, 'Ѐ'..='ԯ') && c.is_alphabetic())
        && after.is_some_and(|c| "яюєїіеёЯЮЄЇІЕЁ".contains(c));
    fits.then_some(LETTER)
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, repair_as};

    #[test]
    fn apostrophes_that_are_letters() {
        for (label, text, right) in [
            ("uzn_Latn", "O'zbek tog`i, ma’no, ‘kitob’", "Oʻzbek togʻi, maʼno, ‘kitob’"),
            ("haw_Latn", "ka mokupuni ‘o Hawai'i", "ka mokupuni ‘o Hawaiʻi"),
            ("ton_Latn", "fa’ahinga", "faʻahinga"),
            ("ukr_Cyrl", "п'ять м’ячів, 'так', об`їзд", "пʼять мʼячів, 'так', обʼїзд"),
            ("bel_Cyrl", "сям'я і аб’ява", "сямʼя і абʼява"),
            ("eng_Latn", "don't", "don't"),
        ] {
            assert_eq!(repair_as(text, &Profile::standard(), label.parse().ok()).text, right, "{label}");
        }
    }
}
