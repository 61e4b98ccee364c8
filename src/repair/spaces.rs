//! Exotic spaces: no-break, typographic and ideographic spaces become U+0020. The Ogham space mark, which is visible,
//! and zero-width characters, which Persian, Thai and Indic need, stay.

use super::{Options, Repair, Rewrite, replace_chars};

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

    fn suspects(&self, text: &str, _: &Options) -> bool {
        text.contains(is_exotic)
    }

    fn rewrite(&self, text: &str, _: &Options, out: &mut Rewrite) {
        replace_chars(text, out, |c| is_exotic(c).then_some(" "));
    }
}
