//! Line ends other than LF inside a text: CR LF, CR, NEL, LS, PS, VT and FF become LF. NEL beside what is a byte of a letter, as
//! in `Ä\u{85}` for ą, is another one.

use super::kinds::is_stray_byte;
use super::{Context, Repair, Rewrite, Signs};

pub(super) struct LineEnds;

fn is_line_end(c: char, ftfy: bool) -> bool {
    match c {
        '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => true,
        '\u{0B}' | '\u{0C}' => !ftfy,
        _ => false,
    }
}

impl Repair for LineEnds {
    fn name(&self) -> &'static str {
        "line-ends"
    }

    fn about(&self) -> &'static str {
        "CR, NEL, LS, PS, VT and FF become a line feed"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("one\r\ntwo\u{2028}three", "one\ntwo\nthree")
    }

    fn signs(&self) -> Signs {
        Signs::LINE_END
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        let ftfy = context.profile.ftfy;
        let (mut kept, mut before) = (0, None);
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let behind = before.replace(c);
            let stray = |c: Option<char>| c.is_some_and(|c| c != '\u{85}' && is_stray_byte(c));
            if !is_line_end(c, ftfy) || !ftfy && c == '\u{85}' && stray(behind) {
                continue;
            }
            let mut end = at + c.len_utf8();
            if c == '\r' && chars.next_if(|(_, next)| *next == '\n').is_some() {
                end += 1;
            }
            out.keep(text, kept, at);
            out.replace(text, at, end, "\n");
            kept = end;
        }
        out.keep(text, kept, text.len());
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn a_byte_of_a_letter_is_no_line_end() {
        let profile = Profile::none().with("line-ends", Setting::On).unwrap();
        for (text, right) in [
            ("a\u{85}b\r\nc\rd", "a\nb\nc\nd"),
            ("a\u{85}\u{85}b\u{2028}", "a\n\nb\n"),
            ("KsiÄ\u{85}ÅŒka, à¸\u{85}", "KsiÄ\u{85}ÅŒka, à¸\u{85}"),
            ("Spaß\u{85}»Ja«\u{85}", "Spaß\n»Ja«\n"),
        ] {
            assert_eq!(repair(text, &profile), right, "{text:?}");
        }
    }
}
