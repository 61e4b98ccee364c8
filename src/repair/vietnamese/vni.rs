//! Vietnamese of the VNI fonts read as Latin-1: a letter and a second one for its mark, `Vieät Nam` for `Việt Nam`.
//!
//! The text is repaired when it has several such pairs and nearly every word with one is then a Vietnamese syllable. Such text
//! looks like no language, so its label seldom says Vietnamese: where it is not known, nearly all words must be such syllables.
//! Then it is certain, and goes before other wrong decodings, which may read some of the letters otherwise.

use super::super::{Context, Repair, Rewrite, Signs};
use super::{high_words, syllable, words};

pub(in super::super) struct Vni;

/// What stands after a letter, and the mark that it is.
const MARKS: &[(&str, &str)] = &[
    ("a", "ùáøàûảõãïạââáấàầåẩãẫäậêăéắèằúẳüẵëặ"),
    ("e", "ùéøèûẻõẽïẹâêáếàềåểãễäệ"),
    ("o", "ùóøòûỏõõïọâôáốàồåổãỗäộ"),
    ("u", "ùúøùûủõũïụ"),
    ("y", "ùýøỳûỷõỹ"),
    ("ô", "ùớøờûởõỡïợ"),
    ("ö", "ùứøừûửõữïự"),
];

/// Letters of their own.
const LETTERS: &str = "ñđííììæỉóĩòịîỵôơöư";

/// Words that must show it.
const ENOUGH: usize = 3;
/// Of so many words with a pair one may be of another language.
const RARE: usize = 8;

impl Repair for Vni {
    fn name(&self) -> &'static str {
        "vni"
    }

    fn about(&self) -> &'static str {
        "Vietnamese of the VNI fonts read as Latin-1"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("Tieáng Vieät raát ñeïp vaø giaøu aâm ñieäu", "Tiếng Việt rất đẹp và giàu âm điệu")
    }

    fn signs(&self) -> Signs {
        Signs::VNI
    }

    fn suspects(&self, text: &str, context: &Context<'_>) -> bool {
        let told = context.label.filter(|label| !label.is_unknown());
        // Other languages have such pairs, too: Hakka in Latin letters.
        if told.is_some_and(|label| label.language() != "vie") {
            return false;
        }
        // Three of the five tones follow a vowel as ï, ø or û.
        let tone = |b: &[u8]| {
            b[1] == 0xC3
                && matches!(b[2] & 0xDF, 0x8F | 0x98 | 0x9B)
                && matches!(b[0], b'A'..=b'z' | 0xB4 | 0xB6 | 0x94 | 0x96)
        };
        text.as_bytes().windows(3).any(tone) && shows(text, told.is_some())
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let mut kept = 0;
        for (start, end) in high_words(text) {
            let word = &text[start..end];
            if let Some(read) = read(word).filter(|read| read != word) {
                out.keep(text, kept, start);
                out.replace(text, start, end, &read);
                kept = end;
            }
        }
        out.keep(text, kept, text.len());
    }
}

/// True for a text whose words with pairs are Vietnamese; `told` says that it is known to be.
fn shows(text: &str, told: bool) -> bool {
    let (mut seen, mut wrong) = (0, 0);
    let mut kinds: [&str; ENOUGH] = [""; ENOUGH];
    for (start, end) in high_words(text) {
        let word = &text[start..end];
        if !has_pair(word) {
            continue;
        }
        if read(word).is_some() {
            seen += 1;
            if let Some(free) = kinds.iter().position(|kind| kind.is_empty()).filter(|_| !kinds.contains(&word)) {
                kinds[free] = word;
            }
        } else {
            wrong += 1;
            // Names of other languages are rare.
            if wrong > 1 + seen / RARE {
                return false;
            }
        }
    }
    let enough = if told { seen >= ENOUGH } else { !kinds.contains(&"") && is_of_syllables(text) };
    enough && wrong <= seen / RARE
}

/// True where nearly all words are Vietnamese syllables: four of five.
fn is_of_syllables(text: &str) -> bool {
    let (mut all, mut syllables) = (0, 0);
    for (start, end) in words(text) {
        let word = &text[start..end];
        let syllable = if word.is_ascii() { syllable::respelt(word).is_some() } else { read(word).is_some() };
        (all, syllables) = (all + 1, syllables + usize::from(syllable));
    }
    5 * syllables >= 4 * all
}

/// Pairs of letters of a table that has them one after the other.
fn in_pairs(table: &str, c: char) -> Option<char> {
    let mut letters = table.chars();
    while let (Some(from), Some(to)) = (letters.next(), letters.next()) {
        if from == c {
            return Some(to);
        }
    }
    None
}

fn small(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// What a letter and the one after it are.
fn pair(letter: char, mark: char) -> Option<char> {
    let row = MARKS.iter().find(|(base, _)| base.chars().eq([small(letter)]))?;
    let read = in_pairs(row.1, small(mark))?;
    Some(if letter.is_uppercase() { read.to_uppercase().next()? } else { read })
}

fn has_pair(word: &str) -> bool {
    word.chars().zip(word.chars().skip(1)).any(|(a, b)| !b.is_ascii() && pair(a, b).is_some())
}

/// The word that VNI letters mean, if it is a Vietnamese syllable.
fn read(word: &str) -> Option<String> {
    let mut out = String::with_capacity(word.len());
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        if let Some(read) = chars.peek().and_then(|mark| pair(c, *mark)) {
            chars.next();
            out.push(read);
        } else if c.is_ascii() {
            out.push(c);
        } else {
            let read = in_pairs(LETTERS, small(c))?;
            out.push(if c.is_uppercase() { read.to_uppercase().next()? } else { read });
        }
    }
    syllable::respelt(&out).map(|_| out)
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, repair, repair_as};

    #[test]
    fn vni_is_read() {
        for (text, right) in [
            ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
            ("Ñoäc laäp töï do haïnh phuùc", "Độc lập tự do hạnh phúc"),
            ("Nhöõng ngöôøi baïn cuûa toâi", "Những người bạn của tôi"),
            (
                "Saùng nay toâi gaëp Noël ôû chôï, hoï mua caù vaø rau raát töôi ngon",
                "Sáng nay tôi gặp Noël ở chợ, họ mua cá và rau rất tươi ngon",
            ),
        ] {
            assert_eq!(repair(text, &Profile::default()), right);
            assert_eq!(repair_as(text, &Profile::default(), "und_Latn".parse().ok()).text, right);
        }
    }

    #[test]
    fn other_languages_have_such_pairs() {
        for text in [
            "Où est le château du roi? C'est en août, naïve Noël.",
            "Die Häuser aüßen",
            "Tháng sáu trời mưa",
            "Vieät Nam",
            "Le maïs, le roïc et le coûteux oûtil: naïf",
            "Kó-yèn ngì só-yû ke chông-thì, yû yit-ke pún-phiên ke nui-yùng",
            "Sø, aø, uø og toï på øen",
        ] {
            assert_eq!(repair(text, &Profile::default()), text);
            assert_eq!(repair_as(text, &Profile::default(), "hak_Latn".parse().ok()).text, text);
        }
    }
}
