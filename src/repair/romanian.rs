//! Romanian ș and ț with the cedilla of Turkish, from encodings that had no comma below.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct RomanianCommas;

impl Repair for RomanianCommas {
    fn name(&self) -> &'static str {
        "romanian-commas"
    }

    fn about(&self) -> &'static str {
        "Romanian ş and ţ with a cedilla become ș and ț with a comma"
    }

    fn signs(&self) -> Signs {
        Signs::CEDILLA
    }

    fn languages(&self) -> &'static [&'static str] {
        &["ron"]
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        out.replace_chars(text, |c| match c {
            '\u{15E}' => Some("\u{218}"),
            '\u{15F}' => Some("\u{219}"),
            '\u{162}' => Some("\u{21A}"),
            '\u{163}' => Some("\u{21B}"),
            _ => None,
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, repair_as};

    #[test]
    fn cedillas_become_commas_in_romanian_only() {
        for (label, text, right) in [
            ("ron_Latn", "Şi ţara aceasta, Ţara Moţilor, păşea", "Și țara aceasta, Țara Moților, pășea"),
            ("tur_Latn", "Şimdi yavaş yavaş", "Şimdi yavaş yavaş"),
        ] {
            assert_eq!(repair_as(text, &Profile::standard(), label.parse().ok()).text, right);
        }
    }
}
