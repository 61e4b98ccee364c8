//! Characters without width that do nothing where they stand, though their script has them: spaces and non-joiners beside a
//! space and at either end of a text, any of them twice in a row, joiners in Thai and Lao, which join nothing.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct ZeroWidthIdle;

const HEH: char = '\u{647}';
const ZWSP: char = '\u{200B}';
const ZWNJ: char = '\u{200C}';
const ZWJ: char = '\u{200D}';
const WORD_JOINER: char = '\u{2060}';

fn is_ours(c: char) -> bool {
    matches!(c, ZWSP | ZWNJ | ZWJ | WORD_JOINER)
}

impl Repair for ZeroWidthIdle {
    fn name(&self) -> &'static str {
        "zero-width-idle"
    }

    fn about(&self) -> &'static str {
        "zero-width spaces and joiners that do nothing beside a space, at an end, twice in a row are removed"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("کتاب\u{200c} می\u{200c}\u{200c}خوانم", "کتاب می\u{200c}خوانم")
    }

    fn signs(&self) -> Signs {
        Signs::ZERO_WIDTH
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        // Kurdish makes a heh a vowel by the non-joiner after it, at the end of a word too.
        let kurdish = context.label.is_none_or(|l| matches!(l.language(), "ckb" | "sdh" | "hac"));
        out.patch(text, |patch| {
            // What was kept last; where the characters without width end, and what is visible there.
            let (mut before, mut run, mut after) = (None, 0, None);
            for (at, c) in text.char_indices() {
                if is_ours(c) && at >= run {
                    let rest = text[at..].trim_start_matches(is_ours);
                    (run, after) = (text.len() - rest.len(), rest.chars().next());
                }
                if is_ours(c) && !(kurdish && c == ZWNJ && before == Some(HEH)) && is_idle(before, c, after) {
                    patch.replace(at, at + c.len_utf8(), "");
                } else {
                    before = Some(c);
                }
            }
        });
    }
}

/// True for what does nothing between these: what was kept before it, and what is visible after it.
fn is_idle(before: Option<char>, c: char, after: Option<char>) -> bool {
    let is_space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let is_thai = |c: Option<char>| c.is_some_and(|c| ('\u{E00}'..='\u{EFF}').contains(&c));
    let is_join = matches!(c, ZWNJ | ZWJ);
    before == Some(c)
        || c != ZWJ && (is_space(before) || is_space(after))
        || is_join && is_thai(after) && (is_thai(before) || before == Some(ZWSP))
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair, repair_as};

    #[test]
    fn only_what_does_nothing_goes() {
        let profile = Profile::none().with("zero-width-idle", Setting::On).unwrap();
        for (broken, right) in [
            ("\u{200b}خانهٔ\u{200c} ما\u{200b}", "خانهٔ ما"),
            ("سوێ\u{200c}\u{200c}ند له\u{200c} \u{200c}وێ", "سوێ\u{200c}ند له\u{200c} وێ"),
            ("ខ្មែរ\u{200b}\u{200b}ល្អ \u{200b}ណាស់", "ខ្មែរ\u{200b}ល្អ ណាស់"),
            ("ไป\u{200c}มา\u{200b}\u{200d}แล้ว", "ไปมา\u{200b}แล้ว"),
            ("ಎಲ\u{ccd}\u{200d}\u{200d}ಜಿ", "ಎಲ\u{ccd}\u{200d}ಜಿ"),
            ("\u{200b}\u{200c}\u{2060}", ""),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
        for right in ["می\u{200c}خواهم و \u{200d}ه، ما،\u{200c}که", "👩🏽\u{200d}🚀", "ไป\u{200b}มา"]
        {
            assert_eq!(repair(right, &profile), right);
        }
    }

    #[test]
    fn only_kurdish_makes_vowels_of_them() {
        for (label, right) in [("pes_Arab", "سایه نه"), ("ckb_Arab", "سایە نە")] {
            let repaired = repair_as("سایه\u{200c} نه\u{200c}", &Profile::standard(), label.parse().ok());
            assert_eq!(repaired.text, right);
        }
    }
}
