//! The i of Turkish and its kin with a second dot, U+0307, that lower-casing İ without their rules leaves.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct TurkishDots;

impl Repair for TurkishDots {
    fn name(&self) -> &'static str {
        "turkish-dots"
    }

    fn about(&self) -> &'static str {
        "i with a second dot becomes i in Turkic languages"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("i\u{307}stanbul", "istanbul")
    }

    fn signs(&self) -> Signs {
        Signs::MARK
    }

    fn languages(&self) -> &'static [&'static str] {
        &[
            "tur", "azj", "aze", "crh", "gag", "kaa", "kaz", "tat", "tuk", "uzn", "uzb", "kmr", "diq", "zza", "tly",
            "lzz",
        ]
    }

    fn suspects(&self, text: &str, _: &Context<'_>) -> bool {
        text.contains("i\u{307}") || text.contains("\u{131}\u{307}")
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let mut kept = 0;
        for (at, _) in text.match_indices('\u{307}') {
            let undotted = text[kept..at].ends_with('\u{131}');
            if undotted || text[kept..at].ends_with('i') {
                let start = at - if undotted { 2 } else { 1 };
                out.keep(text, kept, start);
                kept = at + '\u{307}'.len_utf8();
                out.replace(text, start, kept, "i");
            }
        }
        out.keep(text, kept, text.len());
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, repair_as};

    #[test]
    fn one_dot_is_enough_in_turkish() {
        for (label, text, right) in [
            ("tur_Latn", "i\u{307}stanbul'da i\u{307}ki deni\u{307}\u{307}z", "istanbul'da iki deni\u{307}z"),
            ("azj_Latn", "i\u{307}lk \u{131}\u{307}l", "ilk il"),
            ("lit_Latn", "i\u{307}\u{301}", "i\u{307}\u{301}"),
        ] {
            let once = repair_as(text, &Profile::standard(), label.parse().ok()).text;
            assert_eq!(once.replace("i\u{307}", "i"), right.replace("i\u{307}", "i"), "{label}");
        }
    }
}
