//! The palochka of Caucasian languages, U+04C0, typed as what looks like it: I, l, 1, |, Ukrainian І.

use super::{Context, Repair, Rewrite, Signs};
use crate::script::Script;

pub(super) struct Palochka;

impl Repair for Palochka {
    fn name(&self) -> &'static str {
        "palochka"
    }

    fn about(&self) -> &'static str {
        "I, l, 1 and | for the palochka in Caucasian languages"
    }

    fn signs(&self) -> Signs {
        Signs::CYRILLIC
    }

    fn languages(&self) -> &'static [&'static str] {
        &[
            "abq", "ady", "agx", "aqc", "ava", "cji", "che", "dar", "ddo", "inh", "kap", "kbd", "kva", "lbe", "lez",
            "rut", "tab", "tin", "tkr", "tsz",
        ]
    }

    fn suspects(&self, text: &str, context: &Context<'_>) -> bool {
        context.label.is_some_and(|l| l.script == Script::CYRL) && text.contains(STAND_INS)
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let mut kept = 0;
        let mut before = None;
        for (at, c) in text.char_indices() {
            if STAND_INS.contains(&c) {
                let end = at + c.len_utf8();
                let (after, wide) = (text[end..].chars().next(), |c: Option<char>| c.is_some_and(is_cyrillic));
                let fits = match c {
                    // Figures are meant unless they stand inside a word.
                    '1' | '|' => wide(before) && wide(after),
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

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52F}')
}

fn is_latin(c: char) -> bool {
    c.is_alphabetic() && !is_cyrillic(c) && !STAND_INS.contains(&c)
}

fn is_edge(c: char) -> bool {
    !c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, repair_as};

    #[test]
    fn what_looks_like_a_palochka_becomes_one() {
        for (label, text, right) in [
            ("che_Cyrl", "со цlа воьду, тlе 1 шо", "со цӀа воьду, тӀе 1 шо"),
            ("ady_Cyrl", "сIэ къэк1уагъ, Iанэм тет", "сӀэ къэкӀуагъ, Ӏанэм тет"),
            ("kbd_Cyrl", "1 псалъэ, Windows III, Intel", "1 псалъэ, Windows III, Intel"),
            ("rus_Cyrl", "том I, глава 1", "том I, глава 1"),
        ] {
            assert_eq!(repair_as(text, &Profile::standard(), label.parse().ok()).text, right);
        }
    }
}
