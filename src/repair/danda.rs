//! The danda that ends a sentence in many Indic scripts, where the bar of the keyboard stands for it. Both are used, so this is
//! for those who want one form.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct Danda;

impl Repair for Danda {
    fn name(&self) -> &'static str {
        "danda"
    }

    fn about(&self) -> &'static str {
        "a vertical bar after a word becomes a danda, two of them a double one"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("वह गया | फिर आया||", "वह गया । फिर आया॥")
    }

    fn signs(&self) -> Signs {
        Signs::INDIC
    }

    fn languages(&self) -> &'static [&'static str] {
        &[
            "anp", "asm", "awa", "ben", "bho", "bpy", "doi", "dty", "hin", "hne", "kok", "mag", "mai", "mar", "mni",
            "npi", "ory", "pan", "san", "tcy",
        ]
    }

    fn suspects(&self, text: &str, _: &Context<'_>) -> bool {
        text.contains('|')
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let mut kept = 0;
        let is_indic = |c: char| ('\u{900}'..='\u{D7F}').contains(&c) && !('\u{964}'..='\u{965}').contains(&c);
        while let Some(bar) = text[kept..].find('|').map(|i| kept + i) {
            let length = text[bar..].len() - text[bar..].trim_start_matches('|').len();
            let end = bar + length;
            let word = text[..bar].trim_end_matches(' ').ends_with(is_indic);
            let last = text[end..].chars().next().is_none_or(char::is_whitespace);
            out.keep(text, kept, bar);
            match length {
                1 if word && last => out.replace(text, bar, end, "\u{964}"),
                2 if word && last => out.replace(text, bar, end, "\u{965}"),
                _ => out.keep(text, bar, end),
            }
            kept = end;
        }
        out.keep(text, kept, text.len());
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair_as};

    #[test]
    fn bars_end_sentences() {
        let profile = Profile::none().with("danda", Setting::On).unwrap();
        for (broken, right) in [
            ("वह घर गया|", "वह घर गया।"),
            ("वह गया | फिर आया||", "वह गया । फिर आया॥"),
            ("क|ख", "क|ख"),
            ("a | b", "a | b"),
            ("गया|||", "गया|||"),
            ("|", "|"),
        ] {
            assert_eq!(repair_as(broken, &profile, "hin_Deva".parse().ok()).text, right, "{broken:?}");
        }
    }
}
