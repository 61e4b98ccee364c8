//! Line ends other than LF inside a text: CR LF, CR, NEL, LS, PS, VT and FF become LF.

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
        let mut kept = 0;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if !is_line_end(c, context.profile.ftfy) {
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
