//! Tatweel (kashida): stretches a line of Arabic script and means nothing, except at the end of a word, where it shows that a
//! letter is an abbreviation, below a mark, which it carries, and after a
//! Kurdish heh.

use super::{Context, Repair, Rewrite, Signs};

const TATWEEL: char = '\u{640}';

fn is_letter(c: char) -> bool {
    c != TATWEEL
        && matches!(c, '\u{620}'..='\u{64A}' | '\u{671}'..='\u{6D3}' | '\u{6D5}' | '\u{6FA}'..='\u{6FF}' | '\u{750}'..='\u{77F}')
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{64B}'..='\u{65F}' | '\u{670}')
}

pub(super) struct Tatweel;

impl Repair for Tatweel {
    fn name(&self) -> &'static str {
        "tatweel"
    }

    fn about(&self) -> &'static str {
        "tatweel between letters of a word is removed"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("مرحبـــا 1447هـ", "مرحبا 1447هـ")
    }

    fn signs(&self) -> Signs {
        Signs::TATWEEL
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let mut kept = 0;
        while let Some(from) = text[kept..].find(TATWEEL).map(|i| kept + i) {
            let to = text.len() - text[from..].trim_start_matches(TATWEEL).len();
            // Where Kurdish writes its vowel as heh, one tatweel marks the consonant.
            let heh = to - from == TATWEEL.len_utf8() && text[..from].ends_with('\u{647}');
            let joins =
                !heh && text[..from].ends_with(|c| is_letter(c) || is_mark(c)) && text[to..].starts_with(is_letter);
            out.keep(text, kept, from);
            out.replace(text, from, to, if joins { "" } else { &text[from..to] });
            kept = to;
        }
        out.keep(text, kept, text.len());
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn it_stays_where_it_says_something() {
        let profile = Profile::none().with("tatweel", Setting::On).unwrap();
        for (broken, right) in [
            ("مرحبـــا", "مرحبا"),
            ("سَـلام", "سَلام"),
            ("1447هـ", "1447هـ"),
            ("ـَ", "ـَ"),
            ("كـَتب", "كـَتب"),
            ("هـهو", "هـهو"),
            ("هـــا", "ها"),
            ("ــــ", "ــــ"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }
}
