//! Characters without width: spaces, joiners and non-joiners, the word joiner, invisible operators. Joining scripts, Indic,
//! Mongolian, the scripts of South-East Asia and emoji are written with them; elsewhere they hide in words, which then look
//! alike and are not.

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

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
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
                let around = Around { before: text[..at].chars().next_back(), after: after.chars().next() };
                for (i, c) in text[at..done].char_indices().filter(|(_, c)| is_ours(*c) && !around.needs(*c)) {
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

/// The visible characters around a run of invisible ones.
#[derive(Clone, Copy)]
struct Around {
    before: Option<char>,
    after: Option<char>,
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
            _ => self.any(is_complex),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn they_begin_with_few_bytes() {
        for c in (char::MIN..=char::MAX).filter(|c| is_invisible(*c)) {
            assert!(may_begin(&c.encode_utf8(&mut [0; 4]).as_bytes()[..2]), "{c:?}");
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
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
        for right in [
            "می\u{200c}خواهم و \u{200d}ه، خانهٔ\u{200c} ما،\u{200c} که",
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
