//! Line ends other than LF inside a text: CR LF, CR, NEL, LS, PS, VT and FF become LF.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct LineEnds;

fn is_line_end(c: char) -> bool {
    matches!(c, '\r' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

impl Repair for LineEnds {
    fn name(&self) -> &'static str {
        "line-ends"
    }

    fn about(&self) -> &'static str {
        "CR, NEL, LS, PS, VT and FF become a line feed"
    }

    fn signs(&self) -> Signs {
        Signs::LINE_END
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let mut kept = 0;
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if !is_line_end(c) {
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
