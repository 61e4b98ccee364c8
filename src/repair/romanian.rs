//! Romanian ș and ț with the cedilla of Turkish, from encodings that had no comma below. Words with a letter that Turkish has
//! and Romanian has not are Turkish names and stay; a name without one (`Demirtaş`) cannot be told from a Romanian word.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct RomanianCommas;

impl Repair for RomanianCommas {
    fn name(&self) -> &'static str {
        "romanian-commas"
    }

    fn about(&self) -> &'static str {
        "Romanian ş and ţ with a cedilla become ș and ț with a comma"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("Ţara şi oraşul Eskişehir", "Țara și orașul Eskişehir")
    }

    fn signs(&self) -> Signs {
        Signs::CEDILLA
    }

    fn languages(&self) -> &'static [&'static str] {
        &["ron"]
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        out.patch(text, |patch| {
            let mut end = 0;
            while let Some(found) = text[end..].find(CEDILLAS).map(|i| end + i) {
                let start = text[end..found].rfind(|c: char| !c.is_alphabetic()).map_or(end, |i| end + i);
                end = text[found..].find(|c: char| !c.is_alphabetic()).map_or(text.len(), |i| found + i);
                if text[start..end].contains(is_turkish) {
                    continue;
                }
                for (i, c) in text[start..end].char_indices() {
                    if let Some(place) = CEDILLAS.iter().position(|own| *own == c) {
                        patch.replace_by(start + i, start + i + c.len_utf8(), COMMAS[place]);
                    }
                }
            }
        });
    }
}

const CEDILLAS: [char; 4] = ['\u{15E}', '\u{15F}', '\u{162}', '\u{163}'];
const COMMAS: [char; 4] = ['\u{218}', '\u{219}', '\u{21A}', '\u{21B}'];

/// Letters of Turkish that Romanian has not, or in foreign words only.
fn is_turkish(c: char) -> bool {
    "çğıöükyÇĞİÖÜKY".contains(c)
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, repair_as};

    #[test]
    fn cedillas_become_commas_in_romanian_only() {
        for (label, text, right) in [
            ("ron_Latn", "Şi ţara aceasta, Ţara Moţilor, păşea", "Și țara aceasta, Țara Moților, pășea"),
            ("ron_Latn", "Başak şi Ayşe la Beşiktaş, Şükrü Ţânţar", "Başak și Ayşe la Beşiktaş, Şükrü Țânțar"),
            ("tur_Latn", "Şimdi yavaş yavaş", "Şimdi yavaş yavaş"),
        ] {
            assert_eq!(repair_as(text, &Profile::standard(), label.parse().ok()).text, right);
        }
    }
}
