//! Look-alike letters: a word of two alphabets is written in the one that it is meant to be in.
//!
//! A word is changed when every letter of one alphabet has a letter that looks like it in the other; which of the two, if
//! both are possible, is told by letters that only one alphabet has, in the text around it, or by the word itself. A single
//! letter between words of another alphabet is changed as well. Names with an ending, symbols, units and numbers stay.

mod judge;
mod lone;
mod odds;
mod pairs;
mod trigger;
mod words;

pub(super) use odds::passes_for_latin;
pub use odds::shared_letter;
use words::{Surroundings, words};

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct Lookalikes;

impl Repair for Lookalikes {
    fn name(&self) -> &'static str {
        "lookalikes"
    }

    fn about(&self) -> &'static str {
        "look-alike letters of another alphabet inside a word (Latin, Cyrillic, Greek, Armenian)"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("кapтa мира, Gооglе", "карта мира, Google")
    }

    fn signs(&self) -> Signs {
        Signs::CYRILLIC | Signs::GREEK | Signs::ARMENIAN
    }

    fn suspects(&self, text: &str, context: &Context<'_>) -> bool {
        let latin = has_latin(text.as_bytes());
        let others = context.signs.meets(Signs::GREEK) && context.signs.meets(Signs::CYRILLIC);
        (latin || others || text.contains('\u{B5}')) && trigger::suspects(text)
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        let around = Surroundings::of(text, context.label);
        let mut kept = 0;
        for word in words(text) {
            let mended = match word.alphabets().count() {
                1 => lone::mended(&word, text, &around),
                _ => judge::mended(&word, &around),
            };
            if let Some(mended) = mended {
                out.keep(text, kept, word.start);
                out.replace(text, word.start, word.end(), &mended);
                kept = word.end();
            }
        }
        out.keep(text, kept, text.len());
    }
}

/// True when a text may have Latin letters: those of ASCII, or first bytes of those up to U+024F. Written so that the
/// compiler makes vector code of it.
fn has_latin(bytes: &[u8]) -> bool {
    let latin = |b: u8| (b | 0x20).wrapping_sub(b'a') < 26 || (0xC3..=0xC9).contains(&b);
    bytes.chunks(256).any(|block| block.iter().fold(false, |any, &b| any | latin(b)))
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair, repair_as};

    /// Latin letters in the place of Cyrillic or Greek ones, or the other way round, wherever there are any.
    fn typed(word: &str, letters: &[(char, char)]) -> String {
        word.chars().map(|c| letters.iter().find(|(own, _)| *own == c).map_or(c, |(_, typed)| *typed)).collect()
    }

    const CYRILLIC: &[(char, char)] =
        &[('а', 'a'), ('о', 'o'), ('і', 'i'), ('с', 'c'), ('р', 'p'), ('ј', 'j'), ('К', 'K')];
    const GREEK: &[(char, char)] = &[('ο', 'o'), ('ν', 'v'), ('Α', 'A')];
    const LATIN: &[(char, char)] = &[('a', 'а'), ('e', 'е'), ('i', 'і'), ('s', 'ѕ'), ('P', 'Р')];

    fn alone() -> Profile {
        Profile::none().with("lookalikes", Setting::On).unwrap()
    }

    #[test]
    fn words_of_two_alphabets() {
        for (words, letters) in [
            ("дорога Кіровоград прыгажосць вясёлка тікать јабука зарплата қағаз монгол", CYRILLIC),
            ("ουρανός Αθήνα άνθρωπος μέλον", GREEK),
            ("cherries Dienstag Polska kıyafet naturellement zmluva Petersburg", LATIN),
        ] {
            for right in words.split(' ') {
                let broken = typed(right, letters);
                assert_ne!(broken, right);
                assert_eq!(repair(&broken, &alone()), right, "{broken}");
                assert_eq!(repair(&format!("«{broken}»-5"), &alone()), format!("«{right}»-5"));
            }
        }
    }

    #[test]
    fn letters_of_few_languages() {
        for (broken, right) in [
            ("çывăх хĕвел", "ҫывӑх хӗвел"),
            ("кæрдæг", "кӕрдӕг"),
            ("хvний эрvvл", "хүний эрүүл"),
            ("Yзэсгэлэн", "Үзэсгэлэн"),
            ("къэкIуагъ, тIехь, ГIала", "къэкӀуагъ, тӀехь, ГӀала"),
            ("нè", "нѐ"),
            ("кapтo\u{301}шкa", "карто\u{301}шка"),
            ("\u{B5}ικρό", "μικρό"),
            ("h\u{578}ղ", "հ\u{578}ղ"),
            ("ХIХ век", "XIX век"),
            ("хlокху дийнахь тlе веана", "хӀокху дийнахь тӀе веана"),
            ("Страница на НТМЛ и СSS для новичков", "Страница на НТМЛ и CSS для новичков"),
            ("sвезда над Охрид, оваа песна ја знаеш", "ѕвезда над Охрид, оваа песна ја знаеш"),
            ("раураl и Аррlе", "paypal и Apple"),
        ] {
            assert_eq!(repair(broken, &alone()), right);
        }
    }

    #[test]
    fn words_that_are_right() {
        for text in [
            "SMS-ка, USB-кабель, iPhone'у, IPшник, PDFка, 3D-принтер, Wi-Fi-сеть, T恤, Tシャツ, KBS는, 卡拉OK, LTE를",
            "ΔH, kΩ, μm, \u{B5}s, Hα, NF-κB, β-каротин, λ=5 nm, hν, αTM",
            "XX-й век, Т-72, Ту-154, МиГ-29, CO₂-датчик, R&D-центр, В/B, СсылкаX, иPhone",
            "Протокол HTTP и язык PHP описаны в документе RFC.",
            "витамин C, группа крови A, класс B",
            "Буквы «a» и «а» выглядят одинаково.",
            "Пусть b и c обозначают стороны, тогда a равно.",
            "TOM COBA МОСТ хор аре",
        ] {
            assert_eq!(repair(text, &alone()), text);
        }
    }

    #[test]
    fn single_letters_between_words() {
        for (broken, right) in [
            ("Он пришёл c работы, a потом лёг.", "Он пришёл с работы, а потом лёг."),
            ("C утра шёл дождь, y нас было тепло.", "С утра шёл дождь, у нас было тепло."),
            ("Дзеці i бацькі гулялі ў парку.", "Дзеці і бацькі гулялі ў парку."),
            ("This is а very old trick of spammers.", "This is a very old trick of spammers."),
            ("Με την κόρη o πατέρας γελάει.", "Με την κόρη ο πατέρας γελάει."),
            ("В годы CCCP было иначе.", "В годы СССР было иначе."),
        ] {
            assert_eq!(repair(broken, &alone()), right);
        }
    }

    #[test]
    fn the_default_waits_for_the_language() {
        assert_eq!(repair("кapта", &Profile::default()), "кapта");
        assert_eq!(repair_as("кapта", &Profile::default(), "rus_Cyrl".parse().ok()).text, "карта");
    }
}
