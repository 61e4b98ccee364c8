//! Characters without width: spaces, joiners and non-joiners, the word joiner, invisible operators. Joining scripts, Indic,
//! Mongolian, the scripts of South-East Asia and emoji are written with them; elsewhere they hide in words, which then look
//! alike and are not. Beside a space, at either end of a text and twice in a row they do nothing in any script.

use super::kinds::{is_complex, is_emoji, is_invisible, is_mark, is_mongolian};
use super::{Context, Repair, Rewrite, Signs};

pub(super) struct ZeroWidth;

impl Repair for ZeroWidth {
    fn name(&self) -> &'static str {
        "zero-width"
    }

    fn about(&self) -> &'static str {
        "zero-width spaces and joiners are removed where neither the script nor an emoji needs them"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("zero\u{200b}width, می\u{200c}خواهم", "zerowidth, می\u{200c}خواهم")
    }

    fn signs(&self) -> Signs {
        Signs::ZERO_WIDTH
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        let kurdish = context.label.is_none_or(|l| matches!(l.language(), "ckb" | "sdh" | "hac"));
        out.patch(text, |patch| {
            let mut done = 0;
            while let Some(next) = text.as_bytes()[done..].windows(2).position(may_begin) {
                let at = done + next;
                let after = text[at..].trim_start_matches(is_invisible);
                done = text.len() - after.len();
                if done == at {
                    // The next character begins behind the first byte of this one.
                    done += 1;
                    continue;
                }
                let around = Around { before: text[..at].chars().next_back(), after: after.chars().next(), kurdish };
                let run = &text[at..done];
                let needless = |(i, c): &(usize, char)| is_ours(*c) && (!around.needs(*c) || run[..*i].contains(*c));
                for (i, c) in run.char_indices().filter(needless) {
                    patch.replace(at + i, at + i + c.len_utf8(), "");
                }
            }
        });
    }
}

/// True for two bytes that an invisible character may begin with.
fn may_begin(bytes: &[u8]) -> bool {
    matches!(bytes, [0xC2, 0xAD] | [0xCD, 0x8F] | [0xD8, 0x9C] | [0xE1, 0xA0] | [0xE2, 0x80 | 0x81] | [0xEF, 0xBB])
}

fn is_ours(c: char) -> bool {
    matches!(c, '\u{34F}' | '\u{180E}' | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2064}')
}

/// True for letters and marks of scripts of which some join: Thai and Lao know of spaces without width only.
fn is_joined(c: char) -> bool {
    is_complex(c) && !matches!(c, '\u{E00}'..='\u{EFF}')
}

/// The visible characters around a run of invisible ones.
#[derive(Clone, Copy)]
struct Around {
    before: Option<char>,
    after: Option<char>,
    /// Whether the text may be Kurdish, which makes a heh a vowel by the non-joiner after it.
    kurdish: bool,
}

impl Around {
    fn any(self, is: impl Fn(char) -> bool) -> bool {
        self.before.is_some_and(&is) || self.after.is_some_and(is)
    }

    fn needs(self, c: char) -> bool {
        match c {
            // Keeps marks in an order that normalization would change.
            '\u{34F}' => self.any(|c| is_mark(c) || is_complex(c) || matches!(c, '\u{591}'..='\u{5C7}')),
            '\u{180E}' => self.any(is_mongolian),
            '\u{200D}' if self.before.is_some_and(is_emoji) && self.after.is_some_and(is_emoji) => true,
            '\u{2061}'..='\u{2064}' => false,
            '\u{200C}' | '\u{200D}' if !self.any(is_joined) => false,
            '\u{200D}' => true,
            _ => self.any(is_complex) && !self.is_edge(),
        }
    }

    /// True beside a space and at an end of the text.
    fn is_edge(self) -> bool {
        let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
        is_space(self.before) || is_space(self.after) && !(self.kurdish && self.before == Some('\u{647}'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::{Profile, Setting, repair, repair_as};

    #[test]
    fn they_begin_with_few_bytes() {
        for c in (char::MIN..=char::MAX).filter(|c| is_invisible(*c)) {
            assert!(may_begin(&c.encode_utf8(&mut [0; 4]).as_bytes()[..2]), "{c:?}");
        }
    }

    #[test]
    fn only_kurdish_makes_vowels_of_them() {
        for (label, right) in [("pes_Arab", "سایه نه"), ("ckb_Arab", "سایە نە")] {
            let repaired = repair_as("سایه\u{200c} نه\u{200c}", &Profile::standard(), label.parse().ok());
            assert_eq!(repaired.text, right);
        }
    }

    #[test]
    fn only_what_no_script_needs_goes() {
        let profile = Profile::none().with("zero-width", Setting::On).unwrap();
        for (broken, right) in [
            ("exam\u{200b}ple\u{200c}, при\u{200d}вет, λό\u{2060}γος, 漢\u{200b}字", "example, привет, λόγος, 漢字"),
            ("f\u{2061}(x)", "f(x)"),
            ("\u{200b}", ""),
            ("a\u{34f}b, ȩ\u{34f}\u{301}", "ab, ȩ\u{34f}\u{301}"),
            ("a \u{34f} \u{200c} b", "a   b"),
            ("\u{200b}خانهٔ\u{200c} ما\u{200b}", "خانهٔ ما"),
            ("سوێ\u{200c}\u{200c}ند له\u{200c} \u{200c}وێ", "سوێ\u{200c}ند له\u{200c} وێ"),
            ("ไป\u{200c}มา\u{200b}\u{200d}แล้ว", "ไปมา\u{200b}แล้ว"),
            ("ខ្មែរ\u{200b}\u{200b}ល្អ \u{200b}ណាស់", "ខ្មែរ\u{200b}ល្អ ណាស់"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
        for right in [
            "می\u{200c}خواهم و \u{200d}ه، ما،\u{200c}که",
            "क\u{94d}\u{200d}ष, ന\u{d4d}\u{200d}, ක\u{dca}\u{200d}ර",
            "สวัสดี\u{200b}ครับ",
            "ខ្មែរ\u{200b}ល្អ",
            "မြန်မာ\u{200b}စာ",
            "ᠮᠤᠩᠭᠤᠯ\u{180e}ᠠ",
            "👨\u{200d}👩\u{200d}👧 🏳\u{fe0f}\u{200d}🌈 👩🏽\u{200d}🚀 ❤\u{fe0f}\u{200d}🔥",
            "של\u{5c1}\u{34f}\u{5b8}",
        ] {
            assert_eq!(repair(right, &profile), right);
        }
    }
}
