//! Letters for which Unicode first had a consonant, a virama and a zero-width joiner, and has one character since: the
//! Malayalam chillu letters (5.1) and the Bengali khanda ta (4.1).

use super::{Context, Repair, Rewrite, Signs};

const ZWJ: &str = "\u{200D}";

/// The letter for a consonant and a virama before a joiner.
fn dead(consonant: char, virama: char) -> Option<&'static str> {
    Some(match (consonant, virama) {
        ('\u{9A4}', '\u{9CD}') => "\u{9CE}",
        ('\u{D23}', '\u{D4D}') => "\u{D7A}",
        ('\u{D28}', '\u{D4D}') => "\u{D7B}",
        ('\u{D30}' | '\u{D31}', '\u{D4D}') => "\u{D7C}",
        ('\u{D32}', '\u{D4D}') => "\u{D7D}",
        ('\u{D33}', '\u{D4D}') => "\u{D7E}",
        ('\u{D15}', '\u{D4D}') => "\u{D7F}",
        _ => return None,
    })
}

pub(super) struct IndicJoiners;

impl Repair for IndicJoiners {
    fn name(&self) -> &'static str {
        "indic-joiners"
    }

    fn about(&self) -> &'static str {
        "Malayalam chillu letters and the Bengali khanda ta, once written with a joiner"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("അവള\u{d4d}\u{200d} হঠাত\u{9cd}\u{200d}", "അവൾ হঠাৎ")
    }

    fn signs(&self) -> Signs {
        Signs::ZERO_WIDTH
    }

    fn suspects(&self, _: &str, context: &Context<'_>) -> bool {
        context.signs.meets(Signs::INDIC)
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let mut kept = 0;
        for (joiner, _) in text.match_indices(ZWJ) {
            let mut before = text[kept..joiner].chars().rev();
            let (virama, consonant) = (before.next(), before.next());
            let Some((with, length)) =
                consonant.zip(virama).and_then(|(c, v)| Some((dead(c, v)?, c.len_utf8() + v.len_utf8())))
            else {
                continue;
            };
            out.keep(text, kept, joiner - length);
            kept = joiner + ZWJ.len();
            out.replace(text, joiner - length, kept, with);
        }
        out.keep(text, kept, text.len());
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn joiners_become_letters() {
        let profile = Profile::none().with("indic-joiners", Setting::On).unwrap();
        for (broken, right) in [
            ("അവൾ വന്നു", "അവൾ വന്നു"),
            ("അവള\u{d4d}\u{200d} പാല\u{d4d}\u{200d} കുടിച്ചു", "അവൾ പാൽ കുടിച്ചു"),
            ("എന\u{d4d}\u{200d}റെ", "എൻറെ"),
            ("ക\u{d4d}\u{200c}ഷ", "ക\u{d4d}\u{200c}ഷ"),
            ("হঠাত\u{9cd}\u{200d}", "হঠাৎ"),
            ("र\u{94d}\u{200d}य", "र\u{94d}\u{200d}य"),
            ("\u{200d}\u{200d}क", "\u{200d}\u{200d}क"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }
}
