//! Which letters of two alphabets look alike.

use std::sync::LazyLock;

use super::super::normalize::normalize;
use crate::config::Form;
use crate::script::{Script, script_of};

/// An alphabet whose letters are taken for those of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Alphabet {
    Latin,
    Cyrillic,
    Greek,
    Armenian,
}

impl Alphabet {
    pub(super) const ALL: [Self; 4] = [Self::Latin, Self::Cyrillic, Self::Greek, Self::Armenian];

    /// The alphabet of a letter. The micro sign counts as Latin: in Greek words it stands for mu, elsewhere it is right.
    pub(super) fn of(c: char) -> Option<Self> {
        if c.is_ascii() {
            return c.is_ascii_alphabetic().then_some(Self::Latin);
        }
        match script_of(c) {
            Script::LATN => Some(Self::Latin),
            Script::CYRL => Some(Self::Cyrillic),
            Script::GREK => Some(Self::Greek),
            Script::ARMN => Some(Self::Armenian),
            _ => (c == '\u{B5}').then_some(Self::Latin),
        }
    }
}

/// Which of the two letters of a pair may be replaced by the other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Both,
    /// Only the first by the second.
    There,
    /// Only the second by the first.
    Back,
}
use Way::{Back, Both, There};

/// Pairs of letters that look alike in most typefaces, upright. Letters with marks follow from those without.
const PAIRS: &[(Way, &str, &str)] = &[
    // Latin and Cyrillic.
    (
        Both,
        "ABCEHIJKMOPSTXY",
        "\u{410}\u{412}\u{421}\u{415}\u{41D}\u{406}\u{408}\u{41A}\u{41C}\u{41E}\u{420}\u{405}\u{422}\u{425}\u{423}",
    ),
    (Both, "aceopxyijsh", "\u{430}\u{441}\u{435}\u{43E}\u{440}\u{445}\u{443}\u{456}\u{458}\u{455}\u{4BB}"),
    (Both, "\u{259}\u{18F}\u{E6}\u{C6}\u{E7}\u{C7}", "\u{4D9}\u{4D8}\u{4D5}\u{4D4}\u{4AB}\u{4AA}"),
    (Both, "k", "\u{43A}"),
    // Mongolian is typed so where a keyboard has no letter for it.
    (There, "vV", "\u{4AF}\u{4AE}"),
    // Rare letters of few Cyrillic alphabets.
    (Back, "Yvlqdw\u{25B}QW\u{190}", "\u{4AE}\u{475}\u{4CF}\u{51B}\u{501}\u{51D}\u{511}\u{51A}\u{51C}\u{510}"),
    // Latin and Greek. Greek letters that formulas use are never taken for Latin ones.
    (
        Both,
        "ABEZHIKMNOPTYXov",
        "\u{391}\u{392}\u{395}\u{396}\u{397}\u{399}\u{39A}\u{39C}\u{39D}\u{39F}\u{3A1}\u{3A4}\u{3A5}\u{3A7}\u{3BF}\u{3BD}",
    ),
    (There, "aipuxk\u{B5}", "\u{3B1}\u{3B9}\u{3C1}\u{3C5}\u{3C7}\u{3BA}\u{3BC}"),
    // Cyrillic and Greek.
    (
        Both,
        "\u{410}\u{412}\u{413}\u{415}\u{41D}\u{406}\u{41A}\u{41C}\u{41E}\u{41F}\u{420}\u{422}\u{424}\u{425}",
        "\u{391}\u{392}\u{393}\u{395}\u{397}\u{399}\u{39A}\u{39C}\u{39F}\u{3A0}\u{3A1}\u{3A4}\u{3A6}\u{3A7}",
    ),
    (Both, "\u{43E}\u{440}\u{43A}\u{445}", "\u{3BF}\u{3C1}\u{3BA}\u{3C7}"),
    // Latin and Armenian.
    (Both, "OSULohnugjq", "\u{555}\u{54F}\u{54D}\u{53C}\u{585}\u{570}\u{578}\u{57D}\u{581}\u{575}\u{566}"),
];

/// A letter and the marks on it, composed or not.
pub(super) type Letters = String;

/// What a letter looks like in each alphabet, its own left out.
type Looks = [Option<Letters>; 4];

/// Letters below this are looked up, those above are rare and computed.
const KNOWN: u32 = 0x600;

struct Table {
    looks: Vec<Looks>,
    /// Letters that no other alphabet has: nothing is changed into them or away from them.
    anchors: Vec<bool>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let known = || (0..KNOWN).filter_map(char::from_u32);
    let looks: Vec<Looks> = known().map(looks).collect();
    let mut anchors: Vec<bool> = known().map(|c| Alphabet::of(c).is_some() && c.is_alphabetic()).collect();
    for (c, looks) in known().zip(&looks) {
        for letter in looks.iter().flatten().flat_map(|l| l.chars().chain([c])) {
            if let Some(anchor) = anchors.get_mut(letter as usize) {
                *anchor = false;
            }
        }
    }
    Table { looks, anchors }
});

/// [`PAIRS`] letter by letter, sorted: a letter, an alphabet, and the first letter of it that looks like that one.
static PLAIN: LazyLock<Vec<((char, Alphabet), char)>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for (way, a, b) in PAIRS {
        for (_, from, to) in [(Back, a, b), (There, b, a)].into_iter().filter(|(other, ..)| other != way) {
            let pairs = from.chars().zip(to.chars());
            all.extend(pairs.filter_map(|(c, like)| Some(((c, Alphabet::of(like)?), like))));
        }
    }
    all.sort_by_key(|(key, _)| *key);
    all.dedup_by_key(|(key, _)| *key);
    all
});

/// The letter without marks that looks the same in another alphabet.
fn plain(c: char, alphabet: Alphabet) -> Option<char> {
    PLAIN.binary_search_by_key(&(c, alphabet), |(key, _)| *key).ok().map(|at| PLAIN[at].1)
}

fn looks(c: char) -> Looks {
    let Some(own) = Alphabet::of(c) else { return Looks::default() };
    let apart = normalize(c.encode_utf8(&mut [0; 4]), Form::Nfd).into_owned();
    let mut chars = apart.chars();
    let (base, marks) = (chars.next().unwrap_or(c), chars.as_str());
    Alphabet::ALL.map(|alphabet| {
        if own == alphabet {
            return None;
        }
        if let Some(plain) = plain(c, alphabet) {
            return Some(plain.to_string());
        }
        // The same marks on the letter below them.
        let base = (!marks.is_empty()).then(|| plain(base, alphabet)).flatten()?;
        Some(normalize(&format!("{base}{marks}"), Form::Nfc).into_owned())
    })
}

/// What looks like this letter in another alphabet.
pub(super) fn like(c: char, alphabet: Alphabet) -> Option<Letters> {
    match TABLE.looks.get(c as usize) {
        Some(looks) => looks[alphabet as usize].clone(),
        None => looks(c)[alphabet as usize].clone(),
    }
}

/// True when another alphabet has a letter that looks like it.
pub(super) fn has_like(c: char, alphabet: Alphabet) -> bool {
    match TABLE.looks.get(c as usize) {
        Some(looks) => looks[alphabet as usize].is_some(),
        None => looks(c)[alphabet as usize].is_some(),
    }
}

/// True for letters that are never changed and nothing is changed into: they tell what a text is written in, before
/// and after.
pub(super) fn is_anchor(c: char) -> bool {
    TABLE.anchors.get(c as usize).copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_pairs() {
        for (_, a, b) in PAIRS {
            assert_eq!(a.chars().count(), b.chars().count(), "{a} {b}");
            for (a, b) in a.chars().zip(b.chars()) {
                assert_ne!(Alphabet::of(a), Alphabet::of(b), "{a} {b}");
                assert_eq!(a.is_uppercase(), b.is_uppercase(), "{a} {b}");
            }
        }
    }

    #[test]
    fn letters_with_marks_follow() {
        for (c, alphabet, like_it) in [
            ('\u{103}', Alphabet::Cyrillic, Some("\u{4D1}")),
            ('\u{E8}', Alphabet::Cyrillic, Some("\u{450}")),
            ('\u{E1}', Alphabet::Cyrillic, Some("\u{430}\u{301}")),
            ('\u{EF}', Alphabet::Cyrillic, Some("\u{457}")),
            ('\u{451}', Alphabet::Latin, Some("\u{EB}")),
            ('\u{3CC}', Alphabet::Latin, Some("\u{F3}")),
            ('\u{1F78}', Alphabet::Latin, Some("\u{F2}")),
            ('\u{F3}', Alphabet::Greek, Some("\u{3CC}")),
            ('\u{3B1}', Alphabet::Latin, None),
            ('\u{436}', Alphabet::Latin, None),
            ('a', Alphabet::Latin, None),
        ] {
            assert_eq!(like(c, alphabet).as_deref(), like_it, "{c} in {alphabet:?}");
        }
    }

    #[test]
    fn anchors_have_no_like() {
        for c in "wzфжщязлωψδ".chars() {
            assert_eq!(is_anchor(c), c != 'w', "{c}");
        }
        assert!(!"aаοвnпVү1".chars().filter(|c| !"вп".contains(*c)).any(is_anchor));
    }
}
