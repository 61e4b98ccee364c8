//! Arabic presentation forms: each shape of a letter as a character of its own, for programs that can't shape. In a word
//! they become letters; a form by itself is shown, and the signs that are words (the honorifics, the rial) are in use.

use icu_normalizer::ComposingNormalizerBorrowed as Composing;

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct ArabicForms;

const NFKC: Composing<'static> = Composing::new_nfkc();

/// The name of God as one character, and the letter that it begins with.
const ALLAH: char = '\u{FDF2}';
const ALEF: char = '\u{627}';

/// Forms of letters and of marks; `ﷲ` among them is part of names.
fn is_form(c: char) -> bool {
    matches!(c, '\u{FB50}'..='\u{FBB1}' | '\u{FBD3}'..='\u{FD3D}' | '\u{FD50}'..='\u{FDC7}' | ALLAH | '\u{FE70}'..='\u{FEFC}')
}

/// The heh with two eyes, initial and medial, and the letter of Urdu that looks so; Urdu has another for its heh.
const TWO_EYED: [char; 2] = ['\u{FEEB}', '\u{FEEC}'];
const DO_CHASHMEE: &str = "\u{6BE}";

/// True for letters and forms that only Urdu and its neighbours have: retroflex ones, noon ghunna, the heh that is a hook,
/// yeh barree.
fn is_urdu(c: char) -> bool {
    matches!(c, '\u{679}' | '\u{688}' | '\u{691}' | '\u{6BA}' | '\u{6C1}' | '\u{6D2}' | '\u{FB66}'..='\u{FB69}')
        || matches!(c, '\u{FB88}' | '\u{FB89}' | '\u{FB8C}' | '\u{FB8D}' | '\u{FB9E}' | '\u{FB9F}')
        || matches!(c, '\u{FBA6}'..='\u{FBA9}' | '\u{FBAE}' | '\u{FBAF}')
}

/// Two letters in one: a word even by itself.
fn is_lam_alef(c: char) -> bool {
    matches!(c, '\u{FEF5}'..='\u{FEFC}')
}

fn is_arabic(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{65F}' | '\u{66E}'..='\u{6D3}' | '\u{6D5}'..='\u{6FF}' | '\u{750}'..='\u{77F}' | '\u{8A0}'..='\u{8FF}')
        || is_form(c)
}

impl Repair for ArabicForms {
    fn name(&self) -> &'static str {
        "arabic-forms"
    }

    fn about(&self) -> &'static str {
        "Arabic presentation forms in words become letters"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("ﺳﻼﻡ ﷺ", "سلام ﷺ")
    }

    fn signs(&self) -> Signs {
        Signs::ARABIC_FORM
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        let labelled = context.label.is_some_and(|l| l.language() == "urd");
        let urdu = text.contains(TWO_EYED) && (labelled || text.contains(is_urdu));
        out.patch(text, |patch| {
            let mut before = None;
            let mut chars = text.char_indices().peekable();
            while let Some((at, c)) = chars.next() {
                let after = chars.peek().map(|(_, c)| *c);
                let word = before.is_some_and(is_arabic) || after.is_some_and(is_arabic) || is_lam_alef(c);
                if is_form(c) && word {
                    let end = at + c.len_utf8();
                    let letters = NFKC.normalize(&text[at..end]);
                    // Marks are shown on a space or a kashida, which in a word they don't have.
                    let marks = letters.trim_start_matches([' ', '\u{640}']);
                    let letters = if before.is_some_and(is_arabic) && !marks.is_empty() { marks } else { &letters };
                    // Many fonts show the name without its alef, which is typed before it then.
                    let twice = c == ALLAH && before == Some(ALEF);
                    let letters = if twice { letters.trim_start_matches(ALEF) } else { letters };
                    patch.replace(at, end, if urdu && TWO_EYED.contains(&c) { DO_CHASHMEE } else { letters });
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
    fn forms_in_words_become_letters() {
        for (broken, right) in [
            ("ﺍﻟﻌﺮﺑﻴﺔ ﻻ", "العربية لا"),
            ("ﭘﺎﮐﺴﺘﺎﻥ ﮨﮯ", "پاکستان ہے"),
            ("ﻣﺤﻤ\u{FE7D}ﺪ عبدﷲ", "محم\u{651}د عبدالله"),
            ("قال اﷲ تعالى", "قال الله تعالى"),
            ("ﺳﺎﺗﻬ ﭘﮍﻫﺎ، ﻫﺬﺍ", "ساتھ پڑھا، ھذا"),
            ("ﺳﻬﻞ ﻫﺬﺍ", "سهل هذا"),
            ("ﺏ ، ﷲ ﷼ ﷺ ﷽", "ﺏ ، ﷲ ﷼ ﷺ ﷽"),
        ] {
            assert_eq!(repair(broken, &Profile::standard()), right, "{broken:?}");
        }
    }
}
