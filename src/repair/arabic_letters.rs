//! Arabic letters in languages that have others for them: the yeh and kaf that Arabic keyboards give, the heh of Urdu, and the
//! heh with a non-joiner by which Kurdish wrote its vowel before Unicode had it. Words that are Arabic by their marks stay.

use super::{Context, Repair, Rewrite, Signs};

const HEH: char = '\u{647}';
const ZWNJ: char = '\u{200C}';

/// The letter of the language for one of Arabic.
fn own(c: char, next: Option<char>, language: &str) -> Option<&'static str> {
    match (c, language) {
        ('\u{643}', _) => Some("\u{6A9}"),
        // Pashto tells both yehs apart.
        ('\u{64A}' | '\u{649}', "pbt" | "pus") => None,
        ('\u{64A}' | '\u{649}', _) => Some("\u{6CC}"),
        (HEH, "urd") => Some("\u{6C1}"),
        (HEH, "ckb" | "sdh" | "hac") if next == Some(ZWNJ) => Some("\u{6D5}"),
        _ => None,
    }
}

/// Arabic as quoted: with vowel marks, hamza on alef, teh marbuta or the article.
fn is_arabic(word: &str) -> bool {
    word.contains(|c| matches!(c, '\u{64B}'..='\u{652}' | '\u{670}' | '\u{623}' | '\u{625}' | '\u{629}'))
        || word.starts_with("\u{627}\u{644}") && word.chars().count() > 3
}

fn is_part(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{65F}' | '\u{66E}'..='\u{6D3}' | '\u{6D5}' | '\u{750}'..='\u{77F}' | ZWNJ)
}

pub(super) struct ArabicLetters;

impl Repair for ArabicLetters {
    fn name(&self) -> &'static str {
        "arabic-letters"
    }

    fn about(&self) -> &'static str {
        "yeh, kaf and heh of Arabic become those of Persian, Urdu, Pashto and Kurdish"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("كتاب", "کتاب")
    }

    fn signs(&self) -> Signs {
        Signs::ARABIC
    }

    fn languages(&self) -> &'static [&'static str] {
        &["azb", "bqi", "ckb", "fas", "hac", "lki", "lrc", "mzn", "pbt", "pes", "prs", "pus", "sdh", "urd"]
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        let language = context.label.as_ref().map_or("", |label| label.language());
        let mut kept = 0;
        let mut start = 0;
        for word in text.split_inclusive(|c| !is_part(c)) {
            let (from, to) = (start, start + word.len());
            start = to;
            if is_arabic(word) {
                continue;
            }
            let mut chars = word.char_indices().peekable();
            while let Some((at, c)) = chars.next() {
                let next = chars.peek().map(|(_, c)| *c);
                let Some(with) = own(c, next, language) else { continue };
                let mut end = from + at + c.len_utf8();
                if with == "\u{6D5}" {
                    chars.next();
                    end += ZWNJ.len_utf8();
                }
                out.keep(text, kept, from + at);
                out.replace(text, from + at, end, with);
                kept = end;
            }
        }
        out.keep(text, kept, text.len());
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair_as};

    #[test]
    fn letters_are_those_of_persian() {
        let profile = Profile::none().with("arabic-letters", Setting::On).unwrap();
        for (broken, right) in [
            ("كتاب من اينجاست", "کتاب من اینجاست"),
            ("کتابی", "کتابی"),
            ("السلام عليكم يعني درود", "السلام علیکم یعنی درود"),
            ("رَبِّي", "رَبِّي"),
            ("مدينة", "مدينة"),
            ("ه", "ه"),
        ] {
            assert_eq!(repair_as(broken, &profile, "pes_Arab".parse().ok()).text, right, "{broken:?}");
        }
    }

    #[test]
    fn each_language_has_its_own() {
        let profile = Profile::none().with("arabic-letters", Setting::On).unwrap();
        for (label, broken, right) in [
            ("urd_Arab", "يه كيا هے", "یہ کیا ہے"),
            ("ckb_Arab", "به\u{200c}يانى باش", "بەیانی باش"),
            ("pbt_Arab", "زما كور ښكلي دى", "زما کور ښکلي دى"),
            ("arb_Arab", "هذا كتابي", "هذا كتابي"),
            ("uig_Arab", "كىتاب", "كىتاب"),
        ] {
            assert_eq!(repair_as(broken, &profile, label.parse().ok()).text, right, "{label}");
        }
    }
}
