//! Letters that a language has none of, in the place of its own: typed on another's keyboard or with another's font.

use super::{Context, Repair, Rewrite, Signs};
use crate::script::{Script, script_of};

pub(super) struct OwnLetters;

/// Languages, their script, letters that they do not have, and those meant.
struct Row(&'static [&'static str], Script, &'static str, &'static str);

const ROWS: &[Row] = &[
    // Mongolian on keyboards for Ukrainian, for Greek and in old fonts.
    Row(&["khk", "mon", "bxr", "xal"], Script::CYRL, "їЇєЄγѳѲvV", "үҮөӨүөӨүҮ"),
    Row(&["kir", "kaz", "tat", "bak", "sah", "tyv", "alt"], Script::CYRL, "ѳѲ", "өӨ"),
    Row(&["chv"], Script::CYRL, "ӱӰÿŸўЎăĂĕĔçÇ", "ӳӲӳӲӳӲӑӐӗӖҫҪ"),
    Row(&["oss"], Script::CYRL, "æÆ", "ӕӔ"),
    // A numerator of old coins for the danda.
    Row(&["asm", "ben", "bpy"], Script::BENG, "\u{9F7}", "\u{964}"),
    Row(&["bul", "mkd"], Script::CYRL, "èìÈÌ", "ѐѝЀЍ"),
    // Eth for the crossed d.
    Row(&["hrv", "bos", "srp", "cnr", "vie", "sme", "smj", "smn"], Script::LATN, "\u{F0}\u{D0}\u{189}", "đĐĐ"),
    Row(&["ewe", "fon", "gej"], Script::LATN, "\u{D0}\u{110}", "ƉƉ"),
    // A caron for the breve.
    Row(&["ron"], Script::LATN, "ǎǍ", "ăĂ"),
    Row(&["tur", "azj", "crh", "gag", "tat"], Script::LATN, "ǧǦ", "ğĞ"),
    Row(&["azj", "aze"], Script::LATN, "әӘ\u{1DD}\u{18E}", "əƏəƏ"),
    // African and Berber letters taken from Greek and Cyrillic.
    Row(&["kab", "tzm", "rif", "shi", "zgh"], Script::LATN, "εΕԑԐγΓΣ", "ɛƐɛƐɣƔƐ"),
    Row(
        &["ewe", "dga", "gur", "kus", "bam", "dyu", "fon", "twi", "fat", "gaa", "kbp", "lin", "nuj", "bci", "dag"],
        Script::LATN,
        "εԑԐͻϽηῃ",
        "ɛɛƐɔƆŋŋ",
    ),
    Row(&["lug", "fuv", "ful", "wol", "sna"], Script::LATN, "ηῃ", "ŋŋ"),
    Row(&["knc", "taq", "ttq"], Script::LATN, "әӘᾰᾸ", "əƏăĂ"),
];

impl Repair for OwnLetters {
    fn name(&self) -> &'static str {
        "own-letters"
    }

    fn about(&self) -> &'static str {
        "letters that a language does not have become those of its own that look like them"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("єдєр бїр, хvн", "өдөр бүр, хүн")
    }

    fn signs(&self) -> Signs {
        Signs::HIGH
    }

    fn languages(&self) -> &'static [&'static str] {
        &[
            "khk", "mon", "bxr", "xal", "kir", "kaz", "tat", "bak", "sah", "tyv", "alt", "chv", "oss", "bul", "mkd",
            "hrv", "bos", "srp", "cnr", "vie", "sme", "smj", "smn", "ewe", "fon", "gej", "ron", "tur", "azj", "crh",
            "gag", "aze", "kab", "tzm", "rif", "shi", "zgh", "dga", "gur", "kus", "bam", "dyu", "twi", "fat", "gaa",
            "kbp", "lin", "nuj", "bci", "dag", "lug", "fuv", "ful", "wol", "sna", "knc", "taq", "ttq", "asm", "ben",
            "bpy",
        ]
    }

    fn suspects(&self, text: &str, context: &Context<'_>) -> bool {
        rows(context).any(|row| text.contains(|c| row.2.contains(c)))
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        let meant = |c: char| rows(context).find_map(|r| r.2.chars().zip(r.3.chars()).find(|(from, _)| *from == c));
        let script = context.label.map(|l| l.script);
        let (mut kept, mut before) = (0, None);
        for (at, c) in text.char_indices() {
            if let Some((_, own)) = meant(c) {
                let end = at + c.len_utf8();
                let mut around =
                    [before, text[end..].chars().next()].into_iter().flatten().filter(|c| c.is_alphabetic());
                // A word of another script stays as it is, and so does a number such as V.
                let alone = c.is_ascii() && around.clone().next().is_none();
                if !alone && around.all(|c| Some(script_of(c)) == script || meant(c).is_some()) {
                    out.keep(text, kept, at);
                    out.replace(text, at, end, own.encode_utf8(&mut [0; 4]));
                    kept = end;
                }
            }
            before = Some(c);
        }
        out.keep(text, kept, text.len());
    }
}

fn rows<'a>(context: &'a Context<'_>) -> impl Iterator<Item = &'static Row> + 'a {
    let label = context.label;
    ROWS.iter().filter(move |r| label.is_some_and(|l| l.script == r.1 && r.0.contains(&l.language())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::{Profile, repair_as};

    #[test]
    fn rows_are_whole() {
        for Row(languages, _, from, to) in ROWS {
            assert_eq!(from.chars().count(), to.chars().count(), "{from}");
            assert!(languages.iter().all(|l| OwnLetters.languages().contains(l)), "{languages:?}");
            assert!(!to.chars().any(|c| from.contains(c)), "{from}");
        }
    }

    #[test]
    fn each_language_has_its_own() {
        for (label, text, right) in [
            ("khk_Cyrl", "єдєр бїр, хvн, V зуун, Yндэс vнэ", "өдөр бүр, хүн, V зуун, Үндэс үнэ"),
            ("chv_Cyrl", "ÿкет, çулçă вăрманта", "ӳкет, ҫулҫӑ вӑрманта"),
            ("oss_Cyrl", "æмæ хæдзар", "ӕмӕ хӕдзар"),
            ("mkd_Cyrl", "сè е добро, нѐ", "сѐ е добро, нѐ"),
            ("bul_Cyrl", "даде ì книгата", "даде ѝ книгата"),
            ("kab_Latn", "yesεa yiwen uγrum", "yesɛa yiwen uɣrum"),
            ("vie_Latn", "\u{D0}à Nẵng", "Đà Nẵng"),
            ("hrv_Latn", "među \u{F0}acima", "među đacima"),
            ("isl_Latn", "Guðmundur", "Guðmundur"),
            ("asm_Beng", "মই যাম\u{9f7} তুমি\u{9f7}", "মই যাম। তুমি।"),
            ("ron_Latn", "cǎlǎtorie", "călătorie"),
            ("ukr_Cyrl", "їжак є", "їжак є"),
        ] {
            assert_eq!(repair_as(text, &Profile::standard(), label.parse().ok()).text, right, "{label}");
        }
    }
}
