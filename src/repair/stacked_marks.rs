//! Marks stacked on letters without end ("zalgo"). No orthography sets more than four marks on a letter (Vietnamese two,
//! polytonic Greek three, phonetic transcription four), and none sets two on every letter of a word.

use super::kinds::is_mark;
use super::{Context, Repair, Rewrite, Signs};

pub(super) struct StackedMarks;

/// Most marks on one letter.
const MOST: usize = 4;
/// Letters of a word that together say that marks are noise.
const LETTERS: usize = 3;

impl Repair for StackedMarks {
    fn name(&self) -> &'static str {
        "stacked-marks"
    }

    fn about(&self) -> &'static str {
        "marks are removed from words that have more of them on a letter than any orthography (zalgo)"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("n\u{335}\u{321}\u{30a}\u{352}\u{346}o\u{336}\u{309}\u{328}", "no")
    }

    fn signs(&self) -> Signs {
        Signs::MARK
    }

    fn suspects(&self, text: &str, _: &Context<'_>) -> bool {
        has_many(text) && has_many_together(text)
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        out.patch(text, |patch| {
            let mut start = 0;
            for word in text.split_inclusive(|c: char| c.is_whitespace()) {
                if has_many(word) && is_noise(word) {
                    for (at, c) in word.char_indices().filter(|(_, c)| is_mark(*c)) {
                        patch.replace(start + at, start + at + c.len_utf8(), "");
                    }
                }
                start += word.len();
            }
        });
    }
}

/// True where there may be more marks than stand on a letter, by the bytes that they begin with.
fn has_many(text: &str) -> bool {
    text.bytes().filter(|byte| may_begin(*byte)).count() > MOST
}

/// The same between two spaces.
fn has_many_together(text: &str) -> bool {
    let mut marks = 0;
    text.bytes().any(|byte| {
        marks = if byte == b' ' { 0 } else { marks + usize::from(may_begin(byte)) };
        marks > MOST
    })
}

/// True for the bytes that marks begin with.
fn may_begin(byte: u8) -> bool {
    matches!(byte, 0xCC | 0xCD | 0xD2 | 0xE1 | 0xE2 | 0xEF)
}

fn is_noise(word: &str) -> bool {
    let (mut marks, mut stack, mut highest) = (0, 0, 0);
    for c in word.chars() {
        stack = if is_mark(c) { stack + 1 } else { 0 };
        marks += usize::from(stack > 0);
        highest = highest.max(stack);
    }
    let letters = || word.chars().filter(|c| !is_mark(*c) && c.is_alphanumeric()).count();
    highest > MOST || marks >= 2 * LETTERS && (LETTERS..=marks / 2).contains(&letters())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn they_begin_with_few_bytes() {
        let most = |c: char| c.to_string().repeat(MOST);
        for c in (char::MIN..=char::MAX).filter(|c| is_mark(*c)) {
            assert!(has_many(&(most(c) + &most(c))) && !has_many(&most(c)), "{c:?}");
        }
    }

    #[test]
    fn only_noise_is_removed() {
        let profile = Profile::none().with("stacked-marks", Setting::On).unwrap();
        for (broken, right) in [
            ("z\u{334}\u{321}a\u{337}\u{31a}l\u{335}\u{354}g\u{338}\u{345}o\u{336}\u{30b} here", "zalgo here"),
            ("He\u{300}\u{301}\u{302}\u{303}\u{304} comes", "He comes"),
            ("\u{301}\u{302}\u{303}\u{304}\u{306}", ""),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
        for right in [
            "Tie\u{302}\u{301}ng Vie\u{323}\u{302}t",
            "ᾳ\u{314}\u{301} ω\u{313}\u{342}\u{345}",
            "t\u{361}\u{283}\u{2b0}\u{325}\u{304}\u{301} ɔ\u{303}\u{301}\u{330}",
            "s\u{336}t\u{336}r\u{336}i\u{336}k\u{336}e\u{336}",
            "כ\u{5bc}\u{5b8}\u{5a4}\u{5bd}\u{5bf}",
            "a\u{301} \u{301}",
        ] {
            assert_eq!(repair(right, &profile), right);
        }
    }
}
