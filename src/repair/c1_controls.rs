//! C1 controls that are Windows-1252 read as ISO 8859-1: the character that was meant, as the WHATWG standard has it.
//! Wrong decodings of more than one byte a character were undone before. A control between small letters that would be a
//! sign there, or a capital inside a word with small letters, is a letter of another encoding (`sch\u{94}n`, `caf\u{8E}`), which is
//! not known; it stays.

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
        "C1 controls become the characters that they are in Windows-1252; NEL where lines end is a line end"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("It\u{92}s \u{80}\u{a0}5", "It’s €\u{a0}5")
    }

    fn signs(&self) -> Signs {
        Signs::C1
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        let ftfy = context.profile.ftfy;
        let ellipsis = ftfy || is_ellipsis(text);
        out.patch(text, |patch| {
            for (at, c) in text.char_indices() {
                let Some(with) = windows_1252(c as u32).filter(|_| c != '\u{85}' || ellipsis) else { continue };
                let small = |c: Option<char>| c.is_some_and(char::is_lowercase);
                let (before, after) = (text[..at].chars().next_back(), text[at + 2..].chars().next());
                let capital = || before.is_some_and(char::is_alphabetic) && (small(before) || small(after));
                let sign = || small(before) && small(after) && !stands_in_words(with);
                let stays = if with.is_uppercase() { capital() } else { sign() };
                if ftfy || !stays {
                    patch.replace_by(at, at + 2, with);
                }
            }
        });
    }
}

/// Letters, apostrophes, and what joins words without spaces.
fn stands_in_words(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '‘' | '’' | '–' | '—' | '…' | '•')
}

/// Whether U+0085 is the ellipsis of Windows-1252 in this text: there are others of its kind, or it mostly stands as one does,
/// between a word and a space or another sign. As a line end it stands between the end of a sentence and a word.
fn is_ellipsis(text: &str) -> bool {
    if text.chars().any(|c| c != '\u{85}' && windows_1252(c as u32).is_some()) {
        return true;
    }
    let (mut dots, mut ends, mut last) = (0, 0, 0);
    for (at, nel) in text.match_indices('\u{85}') {
        let (before, after) = (text[..at].chars().next_back(), text[at + nel.len()..].chars().next());
        match (before, after) {
            (Some('\u{85}'), _) | (_, Some('\u{85}')) => ends += 1,
            (Some('.'), _) => ends += 1,
            (None | Some(' ' | '\n'), Some(a)) if a.is_lowercase() => dots += 1,
            (None | Some(' ' | '\n'), _) => ends += 1,
            (_, None | Some('\n')) => last += 1,
            (_, Some(a)) if ",.;:!?)\"'»«”“’ ".contains(a) => dots += 1,
            _ => ends += 1,
        }
    }
    dots > ends || (ends == 0 && last > 0)
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
            ("Well\u{85} maybe.", "Well… maybe.", "Well… maybe."),
            ("and so on\u{85}", "and so on…", "and so on…"),
            ("\u{85}then he left, \u{85}and she", "…then he left, …and she", "…then he left, …and she"),
            ("He came.\u{85}He saw.\u{85}", "He came.\nHe saw.\n", "He came.…He saw.…"),
            ("one\u{85}\u{85}two\u{85}", "one\n\ntwo\n", "one……two…"),
            ("a\u{81}b\u{9d}", "a\u{81}b\u{9d}", "a\u{81}b\u{9d}"),
            ("sch\u{94}n, it\u{94}", "sch\u{94}n, it”", "sch\"n, it\""),
            ("caf\u{8E} au lait", "caf\u{8E} au lait", "cafŽ au lait"),
            ("M\u{9F}nchen", "M\u{9F}nchen", "MŸnchen"),
            ("\u{8A}koda, \u{8A}KODA", "Škoda, ŠKODA", "Škoda, ŠKODA"),
        ] {
            assert_eq!(repair(broken, &Profile::default()), right, "{broken:?}");
            assert_eq!(repair(broken, &Profile::ftfy()), ftfy, "{broken:?}");
        }
    }
}
