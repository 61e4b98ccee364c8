//! Characters that no text needs: controls (C0 without tab and line feed, DEL, C1), deprecated format characters, the marks
//! of interlinear annotation and of embedded objects. Line ends and Windows-1252 among them were dealt with before.
//!
//! A C1 control that is left beside a letter is one itself, in an encoding that was not found out: `M\u{81}ller`. It stays, for
//! without it nobody could read the word.

use super::kinds::is_invisible;
use super::{Context, Repair, Rewrite, Signs};

pub(super) struct Controls;

fn is_useless(c: char, ftfy: bool) -> bool {
    match c {
        '\t' | '\n' => false,
        '\u{0C}' | '\r' | '\u{80}'..='\u{9F}' if ftfy => false,
        '\u{206A}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFC}' => true,
        _ => c.is_control(),
    }
}

/// True for a letter, or a character that the byte of one may have become.
fn is_of_a_word(c: char) -> bool {
    c.is_alphabetic() || !c.is_ascii() && !c.is_whitespace()
}

impl Repair for Controls {
    fn name(&self) -> &'static str {
        "controls"
    }

    fn about(&self) -> &'static str {
        "control characters other than tab and line feed are removed, and others without use in plain text; C1 stays in words"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("no\0thing\u{7f} to \u{fffc}see", "nothing to see")
    }

    fn signs(&self) -> Signs {
        Signs::CONTROL | Signs::C1
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        let useless = |c: char| is_useless(c, context.profile.ftfy);
        let visible = |c: &char| !useless(*c) && !is_invisible(*c);
        out.patch(text, |patch| {
            // Those in a row have the same neighbours.
            let mut done = 0;
            while let Some(start) = text[done..].find(useless).map(|i| done + i) {
                let end = text[start..].find(|c| visible(&c)).map_or(text.len(), |i| start + i);
                let neighbours = [text[..start].chars().rev().find(visible), text[end..].chars().next()];
                let in_word = neighbours.into_iter().flatten().any(is_of_a_word);
                for (i, c) in text[start..end].char_indices().filter(|(_, c)| useless(*c)) {
                    if !(in_word && matches!(c, '\u{80}'..='\u{9F}')) {
                        patch.replace(start + i, start + i + c.len_utf8(), "");
                    }
                }
                done = end;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn what_is_part_of_a_word_stays() {
        let profile = Profile::none().with("controls", Setting::On).unwrap();
        for (broken, right) in [
            ("a\0b\u{7f} \u{206a}c", "ab c"),
            ("M\u{81}ller \u{8f}", "M\u{81}ller "),
            ("Ä\u{8d}\0, 5\u{9d}\u{81}.", "Ä\u{8d}, 5."),
            ("\u{81}\u{81} \u{200b}\u{81}", " \u{200b}"),
            ("x\u{200b}\u{90}", "x\u{200b}\u{90}"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
            assert_eq!(repair(right, &profile), right, "{right:?}");
        }
    }
}
