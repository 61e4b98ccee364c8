//! Exotic spaces: no-break, typographic and ideographic spaces become U+0020. The Ogham space mark, which is visible, stays,
//! and so does the narrow no-break space by which Mongolian joins a suffix to its word.

use super::kinds::is_mongolian;
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

    fn example(&self) -> (&'static str, &'static str) {
        ("10\u{202f}000\u{a0}€", "10 000 €")
    }

    fn signs(&self) -> Signs {
        Signs::SPACE
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        if !text.contains('\u{202F}') {
            return out.replace_chars(text, |c| is_exotic(c).then_some(" "));
        }
        out.patch(text, |patch| {
            let mut before = None;
            let mut chars = text.char_indices().peekable();
            while let Some((at, c)) = chars.next() {
                let after = chars.peek().map(|(_, c)| *c);
                let suffix = c == '\u{202F}' && before.is_some_and(is_mongolian) && after.is_some_and(is_mongolian);
                if is_exotic(c) && !suffix {
                    patch.replace(at, at + c.len_utf8(), " ");
                }
                before = Some(c);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, repair};

    #[test]
    fn spaces_become_plain() {
        for (broken, right) in [
            ("a\u{a0}b\u{2003}c\u{3000}d", "a b c d"),
            ("«\u{202f}oui\u{202f}»", "« oui »"),
            ("ᠮᠣᠩᠭᠣᠯ\u{202f}ᠤᠨ\u{a0}", "ᠮᠣᠩᠭᠣᠯ\u{202f}ᠤᠨ "),
            ("\u{1680}", "\u{1680}"),
        ] {
            assert_eq!(repair(broken, &Profile::default()), right, "{broken:?}");
        }
    }
}
