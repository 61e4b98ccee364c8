//! Vowels of the Indic scripts that were built of an independent letter and a sign, or of two signs, which looks like the
//! vowel's own letter but is not equal to it: the Unicode Standard lists these in tables headed "do not use".

use super::{Context, Repair, Rewrite, Signs};

/// The letter for two characters that look like it. Sequences that are also good spelling are left out, such as those in
/// which Tamil la is part of the vowel au.
fn whole(first: char, second: char) -> Option<char> {
    Some(match (first, second) {
        // Devanagari
        ('\u{905}', '\u{946}') => '\u{904}',
        ('\u{905}', '\u{93E}') => '\u{906}',
        ('\u{909}', '\u{941}') => '\u{90A}',
        ('\u{90F}', '\u{945}') => '\u{90D}',
        ('\u{90F}', '\u{946}') => '\u{90E}',
        ('\u{90F}', '\u{947}') => '\u{910}',
        ('\u{905}', '\u{949}') | ('\u{906}', '\u{945}') => '\u{911}',
        ('\u{905}', '\u{94A}') | ('\u{906}', '\u{946}') => '\u{912}',
        ('\u{905}', '\u{94B}') | ('\u{906}', '\u{947}') => '\u{913}',
        ('\u{905}', '\u{94C}') | ('\u{906}', '\u{948}') => '\u{914}',
        ('\u{905}', '\u{945}') => '\u{972}',
        ('\u{905}', '\u{93A}') => '\u{973}',
        ('\u{905}', '\u{93B}') | ('\u{906}', '\u{93A}') => '\u{974}',
        ('\u{905}', '\u{94F}') => '\u{975}',
        ('\u{905}', '\u{956}') => '\u{976}',
        ('\u{905}', '\u{957}') => '\u{977}',
        ('\u{93E}', '\u{945}') => '\u{949}',
        ('\u{93E}', '\u{946}') => '\u{94A}',
        ('\u{93E}', '\u{947}') => '\u{94B}',
        ('\u{93E}', '\u{948}') => '\u{94C}',
        // Bengali
        ('\u{985}', '\u{9BE}') => '\u{986}',
        ('\u{98B}', '\u{9C3}') => '\u{9E0}',
        ('\u{98C}', '\u{9E2}') => '\u{9E1}',
        // Gurmukhi
        ('\u{A05}', '\u{A3E}') => '\u{A06}',
        ('\u{A72}', '\u{A3F}') => '\u{A07}',
        ('\u{A72}', '\u{A40}') => '\u{A08}',
        ('\u{A73}', '\u{A41}') => '\u{A09}',
        ('\u{A73}', '\u{A42}') => '\u{A0A}',
        ('\u{A72}', '\u{A47}') => '\u{A0F}',
        ('\u{A05}', '\u{A48}') => '\u{A10}',
        ('\u{A73}', '\u{A4B}') => '\u{A13}',
        ('\u{A05}', '\u{A4C}') => '\u{A14}',
        // Gujarati
        ('\u{A85}', '\u{ABE}') => '\u{A86}',
        ('\u{A85}', '\u{AC5}') => '\u{A8D}',
        ('\u{A85}', '\u{AC7}') => '\u{A8F}',
        ('\u{A85}', '\u{AC8}') => '\u{A90}',
        ('\u{A85}', '\u{AC9}') | ('\u{A86}', '\u{AC5}') => '\u{A91}',
        ('\u{A85}', '\u{ACB}') | ('\u{A86}', '\u{AC7}') => '\u{A93}',
        ('\u{A85}', '\u{ACC}') | ('\u{A86}', '\u{AC8}') => '\u{A94}',
        ('\u{ABE}', '\u{AC5}') | ('\u{AC5}', '\u{ABE}') => '\u{AC9}',
        ('\u{ABE}', '\u{AC7}') | ('\u{AC7}', '\u{ABE}') => '\u{ACB}',
        ('\u{ABE}', '\u{AC8}') | ('\u{AC8}', '\u{ABE}') => '\u{ACC}',
        // Odia
        ('\u{B05}', '\u{B3E}') => '\u{B06}',
        ('\u{B0F}', '\u{B57}') => '\u{B10}',
        ('\u{B13}', '\u{B57}') => '\u{B14}',
        // Tamil
        ('\u{B85}', '\u{BC2}') => '\u{B86}',
        // Telugu
        ('\u{C12}', '\u{C55}') => '\u{C13}',
        ('\u{C12}', '\u{C4C}') => '\u{C14}',
        ('\u{C3F}', '\u{C55}') => '\u{C40}',
        ('\u{C46}', '\u{C55}') => '\u{C47}',
        ('\u{C4A}', '\u{C55}') => '\u{C4B}',
        // Kannada
        ('\u{C89}', '\u{CBE}') => '\u{C8A}',
        ('\u{C8B}', '\u{CBE}') => '\u{CE0}',
        ('\u{C92}', '\u{CCC}') => '\u{C94}',
        // Malayalam
        ('\u{D07}', '\u{D57}') => '\u{D08}',
        ('\u{D09}', '\u{D57}') => '\u{D0A}',
        ('\u{D0E}', '\u{D46}') => '\u{D10}',
        ('\u{D12}', '\u{D3E}') => '\u{D13}',
        ('\u{D12}', '\u{D57}') => '\u{D14}',
        ('\u{D46}', '\u{D46}') => '\u{D48}',
        // Sinhala
        ('\u{D85}', '\u{DCF}') => '\u{D86}',
        ('\u{D85}', '\u{DD0}') => '\u{D87}',
        ('\u{D85}', '\u{DD1}') => '\u{D88}',
        ('\u{D8B}', '\u{DDF}') => '\u{D8C}',
        ('\u{D8D}', '\u{DD8}') => '\u{D8E}',
        ('\u{D8F}', '\u{DDF}') => '\u{D90}',
        ('\u{D91}', '\u{DCA}') => '\u{D92}',
        ('\u{D91}', '\u{DD9}') => '\u{D93}',
        ('\u{D94}', '\u{DDF}') => '\u{D96}',
        ('\u{DD9}', '\u{DD9}') => '\u{DDB}',
        _ => return None,
    })
}

pub(super) struct IndicVowels;

impl Repair for IndicVowels {
    fn name(&self) -> &'static str {
        "indic-vowels"
    }

    fn about(&self) -> &'static str {
        "vowels of the Indic scripts that were put together of others"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("अाम, काेट", "आम, कोट")
    }

    fn signs(&self) -> Signs {
        Signs::INDIC
    }

    fn suspects(&self, text: &str, _: &Context<'_>) -> bool {
        let mut last = ' ';
        text.chars().any(|c| whole(std::mem::replace(&mut last, c), c).is_some())
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let mut kept = 0;
        let mut utf8 = [0; 4];
        let mut chars = text.char_indices().peekable();
        while let Some((at, first)) = chars.next() {
            let mut vowel = None;
            let mut end = at;
            // A letter may have been put together of three.
            while let Some((place, second, found)) =
                chars.peek().and_then(|(place, c)| Some((*place, *c, whole(vowel.unwrap_or(first), *c)?)))
            {
                (vowel, end) = (Some(found), place + second.len_utf8());
                chars.next();
            }
            if let Some(vowel) = vowel {
                out.keep(text, kept, at);
                out.replace(text, at, end, vowel.encode_utf8(&mut utf8));
                kept = end;
            }
        }
        out.keep(text, kept, text.len());
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn vowels_are_one_letter() {
        let profile = Profile::none().with("indic-vowels", Setting::On).unwrap();
        for (broken, right) in [
            ("अाम", "आम"),
            ("अाे", "ओ"),
            ("काेट", "कोट"),
            ("आओ", "आओ"),
            ("অামার", "আমার"),
            ("ਅਾਟਾ", "ਆਟਾ"),
            ("ੳੁ", "ਉ"),
            ("અા", "આ"),
            ("અાે", "ઓ"),
            ("ଅାମ", "ଆମ"),
            ("ஒளி", "ஒளி"),
            ("ఒౌ", "ఔ"),
            ("ಉಾ", "ಊ"),
            ("ഇൗ", "ഈ"),
            ("අාව", "ආව"),
            ("ශ\u{dd9}\u{dd9}ල, ക\u{d46}\u{d46}", "ශෛල, കൈ"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }
}
