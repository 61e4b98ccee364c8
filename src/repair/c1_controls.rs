//! C1 controls that are Windows-1252 read as ISO 8859-1: the character that was meant, as the WHATWG standard has it.
//! Wrong decodings of more than one byte a character were undone before.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct C1Controls;

/// Windows-1252 from 0x80 to 0x9F; five bytes have no character.
#[rustfmt::skip]
const WINDOWS_1252: [Option<char>; 32] = [
    Some('€'), None,      Some('‚'), Some('ƒ'), Some('„'), Some('…'), Some('†'), Some('‡'),
    Some('ˆ'), Some('‰'), Some('Š'), Some('‹'), Some('Œ'), None,      Some('Ž'), None,
    None,      Some('‘'), Some('’'), Some('“'), Some('”'), Some('•'), Some('–'), Some('—'),
    Some('˜'), Some('™'), Some('š'), Some('›'), Some('œ'), None,      Some('ž'), Some('Ÿ'),
];

/// What a C1 control was in Windows-1252; nothing for other characters.
pub(super) fn windows_1252(code: u32) -> Option<char> {
    WINDOWS_1252.get(code.checked_sub(0x80)? as usize).copied().flatten()
}

impl Repair for C1Controls {
    fn name(&self) -> &'static str {
        "c1-controls"
    }

    fn about(&self) -> &'static str {
        "C1 controls become the characters that they are in Windows-1252; NEL by itself is a line end"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("It\u{92}s \u{80}\u{a0}5", "It’s €\u{a0}5")
    }

    fn signs(&self) -> Signs {
        Signs::C1
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        let meant = |c: char| windows_1252(c as u32);
        // U+0085 is an ellipsis where there are others of its kind, else a line end.
        let ellipsis = context.profile.ftfy || text.chars().any(|c| c != '\u{85}' && meant(c).is_some());
        out.patch(text, |patch| {
            for (at, c) in text.char_indices() {
                if let Some(with) = meant(c).filter(|_| c != '\u{85}' || ellipsis) {
                    patch.replace_by(at, at + 2, with);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, repair};

    #[test]
    fn controls_become_what_was_meant() {
        for (broken, right, ftfy) in [
            ("\u{93}Yes\u{94} \u{96} she said", "“Yes” – she said", "\"Yes\" – she said"),
            ("wait\u{85} it\u{92}s", "wait… it’s", "wait… it's"),
            ("one\u{85}two", "one\ntwo", "one…two"),
            ("a\u{81}b\u{9d}", "ab", "a\u{81}b\u{9d}"),
        ] {
            assert_eq!(repair(broken, &Profile::default()), right, "{broken:?}");
            assert_eq!(repair(broken, &Profile::ftfy()), ftfy, "{broken:?}");
        }
    }
}
