//! What a character says about the line that it stands in: letter, digit, end of a sentence, separator, in any script.

use std::sync::LazyLock;

/// Kinds of characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    Space,
    Lower,
    Upper,
    /// A letter of a script without capitals, vowel signs included.
    Letter,
    Kana,
    /// A syllable, in scripts with spaces between words.
    Syllable,
    Han,
    /// A mark that is no letter by itself.
    Mark,
    Digit,
    /// Ends a sentence.
    End,
    Comma,
    Colon,
    Open,
    Close,
    /// Opens or closes.
    Quote,
    Dash,
    /// Stands between the items of a menu.
    Separator,
    Currency,
    /// ©, ®, ™.
    Claim,
    At,
    Sign,
}

/// How much a letter says, in halves of what a letter of an alphabet says: the same text takes so many fewer.
const WEIGHTS: [u8; 7] = [0, 2, 2, 2, 3, 4, 6];

impl Kind {
    /// Its weight as a letter; 0 for what is none.
    #[inline]
    pub(super) const fn weight(self) -> u32 {
        if self.is_letter() { WEIGHTS[self as usize] as u32 } else { 0 }
    }

    /// True for letters.
    #[inline]
    pub(super) const fn is_letter(self) -> bool {
        Self::Lower as u8 <= self as u8 && self as u8 <= Self::Han as u8
    }

    /// True for what words are made of.
    #[inline]
    pub(super) const fn is_word(self) -> bool {
        Self::Lower as u8 <= self as u8 && self as u8 <= Self::Digit as u8
    }

    /// True for letters that are written without spaces between words and stand for a syllable or more.
    #[inline]
    pub(super) const fn is_wide(self) -> bool {
        matches!(self, Self::Kana | Self::Han)
    }

    #[inline]
    pub(super) fn of(c: char) -> Self {
        match c as usize {
            ascii if ascii < ASCII.len() => ASCII[ascii],
            low if low < LOW => TABLE[low],
            _ => Self::high(c),
        }
    }

    /// The same for code points from [`LOW`] on.
    pub(super) fn high(c: char) -> Self {
        match c as usize {
            0x3400..0xA000 | 0xF900..0xFB00 | 0x20000..0x32000 => Self::Han,
            0xAC00..0xD7A4 | 0xA000..0xA640 => Self::Syllable,
            form @ FORMS..0x1_0000 => WIDE[form - FORMS],
            _ => other(c),
        }
    }
}

/// The kinds of ASCII.
static ASCII: [Kind; 128] = {
    let (mut kinds, mut i) = ([Kind::Sign; 128], 0);
    while i < 128 {
        kinds[i as usize] = match i {
            b'a'..=b'z' => Kind::Lower,
            b'A'..=b'Z' => Kind::Upper,
            b'0'..=b'9' => Kind::Digit,
            b' ' | b'\t'..=b'\r' => Kind::Space,
            b'.' | b'!' | b'?' => Kind::End,
            b',' | b';' => Kind::Comma,
            b':' => Kind::Colon,
            b'(' | b'[' | b'{' => Kind::Open,
            b')' | b']' | b'}' => Kind::Close,
            b'"' | b'\'' => Kind::Quote,
            b'-' => Kind::Dash,
            b'|' | b'/' | b'\\' | b'>' => Kind::Separator,
            b'$' => Kind::Currency,
            b'@' => Kind::At,
            _ => Kind::Sign,
        };
        i += 1;
    }
    kinds
};

/// Code points up to the kana have their answer in a table, and so have those of marks and letters in full width.
pub(super) const LOW: usize = 0x3100;
const FORMS: usize = 0xFE00;

static TABLE: LazyLock<[Kind; LOW]> = LazyLock::new(|| table(0));
static WIDE: LazyLock<[Kind; 0x1_0000 - FORMS]> = LazyLock::new(|| table(FORMS));

/// The kinds of the code points from there on.
fn table<const N: usize>(from: usize) -> [Kind; N] {
    let mut kinds = std::array::from_fn(|i| char::from_u32((from + i) as u32).map_or(Kind::Sign, other));
    for (signs, kind) in SIGNS {
        for sign in signs.chars().filter_map(|sign| (sign as usize).checked_sub(from)).filter(|sign| *sign < N) {
            kinds[sign] = kind;
        }
    }
    kinds
}

const ENDS: &str = ".!?…。｡．！？।॥؟۔።፧፨։՞՜។៕။།༎᱾᱿߹᠃܀܁܂‼⁇⁈⁉";
const COMMAS: &str = ",;،؛、，；､၊፣፤՝߸";
const COLONS: &str = ":：፥៖";
const OPEN: &str = "([{„‚‘「『（［【《〈〔¿¡“";
const CLOSE: &str = ")]}」』）］】》〉〕”’";
const QUOTES: &str = "\"'«»‹›‟‛＂";
const DASHES: &str = "-–—―‐‑−－";
const SEPARATORS: &str = "|│·•/\\>¦‣▪■●○◆◇▶►▸▼▾▲▴◀◄←→↑↓★☆✓✔✕✖×｜／＞・･";

/// All of them; none is beyond the tables.
const SIGNS: [(&str, Kind); 8] = [
    (ENDS, Kind::End),
    (COMMAS, Kind::Comma),
    (COLONS, Kind::Colon),
    (OPEN, Kind::Open),
    (CLOSE, Kind::Close),
    (QUOTES, Kind::Quote),
    (DASHES, Kind::Dash),
    (SEPARATORS, Kind::Separator),
];

/// The kind of what is none of the signs.
fn other(c: char) -> Kind {
    match c {
        _ if c.is_whitespace() => Kind::Space,
        '$' | '¢'..='¥' | '₠'..='⃀' | '฿' | '៛' | '﷼' | '＄' | '￠' | '￡' | '￥' => Kind::Currency,
        '©' | '®' | '™' | '℗' => Kind::Claim,
        '@' | '＠' => Kind::At,
        'ぁ'..='ヿ' | 'ㇰ'..='ㇿ' | 'ｦ'..='ﾟ' => Kind::Kana,
        'ᄀ'..='ᇿ' | 'ㄱ'..='ㆎ' => Kind::Syllable,
        // Ethiopic and Canadian.
        '\u{1200}'..='\u{135A}' | '\u{1380}'..='\u{138F}' | '\u{1401}'..='\u{167F}' | '\u{2D80}'..='\u{2DDE}' => {
            Kind::Syllable
        }
        '々' | '〆' | 'ㄅ'..='ㄯ' => Kind::Han,
        _ if c.is_numeric() => Kind::Digit,
        _ if c.is_uppercase() => Kind::Upper,
        // Georgian has small letters that no text begins a sentence with a capital of.
        'ა'..='ჿ' => Kind::Letter,
        _ if c.is_lowercase() => Kind::Lower,
        _ if c.is_alphabetic() => Kind::Letter,
        _ if is_mark(c) => Kind::Mark,
        _ => Kind::Sign,
    }
}

/// Marks that are no letters: accents, viramas, variation selectors, joiners.
fn is_mark(c: char) -> bool {
    matches!(c as u32,
        0xAD | 0x300..=0x36F | 0x483..=0x489 | 0x591..=0x5C7 | 0x610..=0x61A | 0x640 | 0x64B..=0x65F | 0x6D6..=0x6ED
        | 0x711..=0x74A | 0x900..=0xDFF | 0xE31..=0xE4E | 0xEB1..=0xECD | 0xF18..=0xFBC | 0x102B..=0x109D
        | 0x135D..=0x135F | 0x1714..=0x17DD | 0x1A60..=0x1A7F | 0x1AB0..=0x1AFF | 0x1B34..=0x1BF3 | 0x1DC0..=0x1DFF
        | 0x200B..=0x200F | 0x2060 | 0x20D0..=0x20FF | 0x3099..=0x309A | 0xA66F..=0xA67D | 0xA9C0 | 0xFE00..=0xFE0F
        | 0xFE20..=0xFE2F | 0xFEFF)
}

/// A character as words are compared by: capitals of the alphabets that have many lines of menus become small.
#[inline]
pub(super) fn small(c: char) -> u32 {
    match c as u32 {
        c if (u32::from('A')..=u32::from('Z')).contains(&c) => c | 0x20,
        c if c < 0x80 => c,
        c if (c as usize) < SMALL => u32::from(SMALLS[c as usize]),
        c @ (0x1E00..=0x1E95 | 0x1EA0..=0x1EFF) => c | 1,
        c @ 0x10D0..=0x10FF => c,
        c @ 0x1C90..=0x1CBF => c - 0x1C90 + 0x10D0,
        c => c,
    }
}

const SMALL: usize = 0x590;

static SMALLS: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let small = |c: u32| char::from_u32(c).and_then(|c| c.to_lowercase().next()).map_or(c, u32::from) as u16;
    (0..SMALL as u32).map(small).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_all_scripts() {
        assert_eq!(ASCII, TABLE[..128]);
        let signs: Vec<char> = SIGNS.iter().flat_map(|(signs, _)| signs.chars()).collect();
        for (i, sign) in signs.iter().enumerate() {
            let is_in_table = (*sign as usize) < LOW || (FORMS..0x1_0000).contains(&(*sign as usize));
            assert!(is_in_table && !sign.is_whitespace() && !signs[..i].contains(sign), "{sign:?}");
        }
        for (text, kind) in [
            ("aßжω", Kind::Lower),
            ("AÄЖΩ", Kind::Upper),
            ("אبनกაक", Kind::Letter),
            ("漢", Kind::Han),
            ("한አᐃ", Kind::Syllable),
            ("かー", Kind::Kana),
            ("1٣५", Kind::Digit),
            (".。।؟።", Kind::End),
            (" \u{a0}\u{3000}", Kind::Space),
            ("|·•→", Kind::Separator),
            ("\u{301}\u{94d}\u{200d}", Kind::Mark),
            ("€$₹", Kind::Currency),
            ("«»\"", Kind::Quote),
        ] {
            for c in text.chars() {
                assert_eq!(Kind::of(c), kind, "{c:?}");
            }
        }
        assert!("ęЖΩẠ".chars().all(|c| small(c) == c.to_lowercase().next().map_or(0, u32::from)));
    }
}
