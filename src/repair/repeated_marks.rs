//! The same mark twice in a row on one letter, which looks like one: typed twice, or left by normalizing in parts.

use super::kinds::is_mark;
use super::{Context, Repair, Rewrite, Signs};

pub(super) struct RepeatedMarks;

impl Repair for RepeatedMarks {
    fn name(&self) -> &'static str {
        "repeated-marks"
    }

    fn about(&self) -> &'static str {
        "a combining mark that is there twice in a row stays once"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("ɔ\u{301}\u{301}", "ɔ\u{301}")
    }

    fn signs(&self) -> Signs {
        Signs::MARK
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        out.patch(text, |patch| {
            let mut before = None;
            for (at, c) in text.char_indices() {
                if before == Some(c) && is_mark(c) && !is_doubled(c) {
                    patch.replace(at, at + c.len_utf8(), "");
                }
                before = Some(c);
            }
        });
    }
}

/// Marks that mean something twice: dots and bars around a symbol, phonetic ones, parts of a longer line.
fn is_doubled(c: char) -> bool {
    matches!(c, '\u{323}' | '\u{307}' | '\u{329}' | '\u{331}' | '\u{332}' | '\u{305}' | '\u{31D}'..='\u{320}'
        | '\u{483}'..='\u{489}' | '\u{1AB0}'..='\u{1AFF}' | '\u{20D0}'..='\u{20FF}' | '\u{FE20}'..='\u{FE2F}')
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn a_mark_stays_once() {
        let profile = Profile::none().with("repeated-marks", Setting::On).unwrap();
        for (broken, right) in [
            ("a\u{301}\u{301}\u{301}b\u{300}\u{301}\u{300}", "a\u{301}b\u{300}\u{301}\u{300}"),
            ("x\u{307}\u{307}", "x\u{307}\u{307}"),
            ("كّّ", "كّّ"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }
}
