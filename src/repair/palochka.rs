//! The palochka of Caucasian languages, U+04C0, typed as what looks like it: I, l, 1, |, Ukrainian І. It goes before other
//! look-alike letters: these languages have no l, and `хlокху` is no word in Latin letters.

use super::{Context, Repair, Rewrite, Signs};
use crate::script::Script;

pub(super) struct Palochka;

/// Languages that have it.
pub(super) const LANGUAGES: [&str; 20] = [
    "abq", "ady", "agx", "aqc", "ava", "cji", "che", "dar", "ddo", "inh", "kap", "kbd", "kva", "lbe", "lez", "rut",
    "tab", "tin", "tkr", "tsz",
];

impl Repair for Palochka {
    fn name(&self) -> &'static str {
        "palochka"
    }

    fn about(&self) -> &'static str {
        "I, l, 1 and | for the palochka in Caucasian languages"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("цlа, къэк1уагъ, XIX", "цӀа, къэкӀуагъ, XIX")
    }

    fn signs(&self) -> Signs {
        Signs::CYRILLIC
    }

    fn languages(&self) -> &'static [&'static str] {
        &LANGUAGES
    }

    fn suspects(&self, text: &str, context: &Context<'_>) -> bool {
        context.label.is_some_and(|l| l.script == Script::CYRL) && text.contains(STAND_INS)
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let mut kept = 0;
        let mut before = None;
        // Where the number in Roman figures ends that was begun.
        let mut number = 0;
        for (at, c) in text.char_indices() {
            if before.is_none_or(is_edge) && is_figure(c) {
                let word = &text[at..];
                let word = &word[..word.find(is_edge).unwrap_or(word.len())];
                number = if word.chars().all(is_figure) { at + word.len() } else { number };
            }
            if STAND_INS.contains(&c) && at >= number {
                let end = at + c.len_utf8();
                let (after, wide) = (text[end..].chars().next(), |c: Option<char>| c.is_some_and(is_cyrillic));
                let fits = match c {
                    // Figures are meant unless they stand inside a word, and bars part words: `Сурат|Хат`.
                    '1' | '|' => wide(before) && wide(after) && (is_small(after) || !is_small(before)),
                    _ => (wide(before) && !after.is_some_and(is_latin)) || (before.is_none_or(is_edge) && wide(after)),
                };
                if fits {
                    out.keep(text, kept, at);
                    out.replace(text, at, end, "\u{4C0}");
                    kept = end;
                    before = Some('\u{4C0}');
                    continue;
                }
            }
            before = Some(c);
        }
        out.keep(text, kept, text.len());
    }
}

const STAND_INS: [char; 8] = ['I', 'l', '1', '|', 'i', '\u{406}', '\u{456}', '\u{399}'];

/// Roman figures, also those typed with Cyrillic letters.
fn is_figure(c: char) -> bool {
    matches!(c, 'I' | 'V' | 'X' | 'L' | 'C' | 'D' | 'M' | '\u{406}' | '\u{425}' | '\u{421}' | '\u{41C}')
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52F}')
}

fn is_small(c: Option<char>) -> bool {
    c.is_some_and(char::is_lowercase)
}

fn is_latin(c: char) -> bool {
    c.is_alphabetic() && !is_cyrillic(c) && !STAND_INS.contains(&c)
}

fn is_edge(c: char) -> bool {
    !c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair_as};

    #[test]
    fn what_looks_like_a_palochka_becomes_one() {
        for (label, text, right) in [
            ("che_Cyrl", "со цlа воьду, тlе 1 шо", "со цӀа воьду, тӀе 1 шо"),
            ("ady_Cyrl", "сIэ къэк1уагъ, Iанэм тет", "сӀэ къэкӀуагъ, Ӏанэм тет"),
            ("kbd_Cyrl", "1 псалъэ, Windows III, Intel", "1 псалъэ, Windows III, Intel"),
            ("rus_Cyrl", "том I, глава 1", "том I, глава 1"),
            ("ady_Cyrl", "Сурэт|Сурэт, КЪЭК1УАГЪ", "Сурэт|Сурэт, КЪЭКӀУАГЪ"),
            ("che_Cyrl", "хlокху дийнахь тlе веана, лам тlехьа", "хӀокху дийнахь тӀе веана, лам тӀехьа"),
            ("che_Cyrl", "XIX бIешо, ХХI бlешо, I а, II а", "XIX бӀешо, ХХI бӀешо, I а, II а"),
        ] {
            let palochka = Profile::none().with("palochka", Setting::On).unwrap();
            assert_eq!(repair_as(text, &palochka, label.parse().ok()).text, right);
        }
    }
}
