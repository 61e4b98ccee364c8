//! Tibetan vowels of one character whose use the Unicode Standard discourages, as the signs that they are made of, as
//! normalization has it for the others of their kind.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct Tibetan;

impl Repair for Tibetan {
    fn name(&self) -> &'static str {
        "tibetan"
    }

    fn about(&self) -> &'static str {
        "discouraged Tibetan vowel signs are taken apart"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("\u{f66}\u{f77}", "\u{f66}\u{fb2}\u{f71}\u{f80}")
    }

    fn signs(&self) -> Signs {
        Signs::TIBETAN
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        out.replace_chars(text, |c| match c {
            '\u{F77}' => Some("\u{FB2}\u{F71}\u{F80}"),
            '\u{F79}' => Some("\u{FB3}\u{F71}\u{F80}"),
            _ => None,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn vowels_are_taken_apart() {
        let profile = Profile::none().with("tibetan", Setting::On).unwrap();
        for (broken, right) in
            [("\u{f66}\u{f77}", "\u{f66}\u{fb2}\u{f71}\u{f80}"), ("\u{f79}", "\u{fb3}\u{f71}\u{f80}"), ("བོད", "བོད")]
        {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }
}
