//! Exotic spaces: no-break, typographic and ideographic spaces become U+0020. The Ogham space mark, which is visible,
//! and zero-width characters, which Persian, Thai and Indic need, stay.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct Spaces;

fn is_exotic(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}')
}

impl Repair for Spaces {
    fn name(&self) -> &'static str {
        "spaces"
    }

    fn about(&self) -> &'static str {
        "no-break, typographic and ideographic spaces become plain spaces"
    }

    fn signs(&self) -> Signs {
        Signs::SPACE
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        out.replace_chars(text, |c| is_exotic(c).then_some(" "));
    }
}
