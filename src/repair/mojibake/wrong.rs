//! The encodings that text is wrongly read as, and the way back from what was read to the bytes.

use std::sync::LazyLock;

use crate::decode::Encoding;

/// Labels and how seldom text is wrongly read as that, in bits: what programs take for granted when nothing is said, by
/// country and system.
const WRONG: &[(&str, f32)] = &[
    ("windows-1252", 0.0),
    ("windows-1251", 1.0),
    ("windows-1250", 1.0),
    ("windows-1253", 2.0),
    ("windows-1254", 2.0),
    ("windows-1255", 2.0),
    ("windows-1256", 2.0),
    ("windows-1257", 2.0),
    ("windows-874", 2.0),
    ("windows-1258", 3.0),
    ("macintosh", 1.0),
    ("ibm437", 1.0),
    ("ibm850", 1.0),
    ("ibm866", 1.0),
    ("koi8-r", 1.0),
    ("koi8-u", 2.0),
    ("ibm852", 2.0),
    ("iso-8859-2", 1.0),
    ("iso-8859-5", 2.0),
    ("iso-8859-7", 2.0),
    ("iso-8859-9-strict", 2.0),
    ("iso-8859-15", 1.0),
    ("iso-8859-3", 4.0),
    ("iso-8859-4", 3.0),
    ("iso-8859-6", 3.0),
    ("iso-8859-8", 3.0),
    ("iso-8859-10", 4.0),
    ("iso-8859-13", 3.0),
    ("iso-8859-14", 4.0),
    ("iso-8859-16", 4.0),
    ("ibm737", 3.0),
    ("ibm775", 3.0),
    ("ibm855", 3.0),
    ("ibm857", 3.0),
    ("ibm862", 3.0),
    ("cp720", 4.0),
    ("ibm861", 4.0),
    ("ibm865", 4.0),
    ("x-mac-cyrillic", 2.0),
    ("x-mac-ce", 3.0),
    ("x-mac-greek", 4.0),
    ("x-mac-turkish", 4.0),
    ("x-mac-icelandic", 4.0),
    ("gb18030", 1.0),
    ("big5", 1.0),
    ("shift_jis", 1.0),
    ("euc-kr", 1.0),
    ("euc-jp", 2.0),
];

/// What a byte is in another version of an encoding: KOI8-U without Belarusian, as in its standard (RFC 2319), and code page 850
/// with the euro, which is 858.
const ALSO: &[(&str, char, u8)] = &[("koi8-u", '╝', 0xAE), ("koi8-u", '╬', 0xBE), ("ibm850", '€', 0xD5)];

/// Of many bytes a character, from here on.
const FIRST_MULTI: usize = WRONG.len() - MULTI;
const MULTI: usize = 5;

/// How many bytes go on with a character of UTF-8.
pub(super) const TRAILS: usize = 0x40;

/// Characters of Chinese, Japanese and Korean, from here on.
pub(super) const WIDE: char = '\u{2E80}';

/// A set of rows of [`WRONG`].
pub(super) type Set = u64;

/// Sets of encodings of one byte a character, for a character.
#[derive(Clone, Copy, Default)]
struct Sets {
    holders: Set,
    /// Those in which its byte begins a character of UTF-8, and goes on with one.
    leads: Set,
    trails: Set,
}

struct Tables {
    encodings: Vec<Encoding>,
    /// For each character of the basic plane a row of `sets` and `bytes`; 0 for those that no encoding of one byte has.
    rows: Vec<u16>,
    sets: Vec<Sets>,
    /// Which byte the character is.
    bytes: Vec<[u8; FIRST_MULTI]>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let encodings = WRONG.iter().map(|(label, _)| Encoding::for_label(label).unwrap_or(Encoding::UTF_8)).collect();
    let mut tables =
        Tables { encodings, rows: vec![0; 0x1_0000], sets: vec![Sets::default()], bytes: vec![[0; FIRST_MULTI]] };
    for (wrong, (label, _)) in WRONG.iter().enumerate().take(FIRST_MULTI) {
        let Some(units) = tables.encodings[wrong].single_byte() else { continue };
        // What has no meaning is read as the control character or the Latin-1 letter of that number. Windows-1252 is taken for
        // ISO 8859-1, which has no row of its own, so control characters come with both; other ISO encodings have one, and
        // other letters than the code page of Windows.
        for byte in (0x80..=0xFFu8).filter(|b| units[usize::from(*b)] != Encoding::UNDEFINED) {
            tables.add(wrong, units[usize::from(byte)], byte);
        }
        for byte in (0x80..=0xFFu8).filter(|b| units[usize::from(*b)] == Encoding::UNDEFINED) {
            tables.add(wrong, byte.into(), byte);
        }
        let also = ALSO.iter().filter(|(own, ..)| own == label);
        also.for_each(|(_, c, byte)| tables.add(wrong, *c as u16, *byte));
        if *label == "windows-1252" {
            (0x80..=0x9F).for_each(|byte| tables.add(wrong, byte.into(), byte));
        }
    }
    tables
});

/// Made by `cargo xtask pairs`: for each character of the basic plane its one or two bytes in each encoding of many bytes a
/// character, the high one first; zeros where it has none.
static PAIRS: &[u8; MULTI * 2 * 0x1_0000] = include_bytes!("pairs.bin");

/// The bytes of a character in the encodings of many bytes a character, as numbers.
#[inline]
fn pairs(c: char) -> [u16; MULTI] {
    let [a, b, c, d, e, f, g, h, i, j] = *PAIRS.as_chunks().0.get(c as usize).unwrap_or(&[0; 2 * MULTI]);
    let number = |high, low| u16::from_be_bytes([high, low]);
    [number(a, b), number(c, d), number(e, f), number(g, h), number(i, j)]
}

/// Those of them that have it.
#[inline]
fn multi_holders(c: char) -> Set {
    let ([a, b, c, d, e], has) = (pairs(c), |pair| Set::from(pair > 0));
    (has(a) | has(b) << 1 | has(c) << 2 | has(d) << 3 | has(e) << 4) << FIRST_MULTI
}

impl Tables {
    fn add(&mut self, wrong: usize, unit: u16, byte: u8) {
        let row = &mut self.rows[usize::from(unit)];
        if *row == 0 {
            *row = self.sets.len() as u16;
            self.sets.push(Sets::default());
            self.bytes.push([0; FIRST_MULTI]);
        }
        let row = usize::from(*row);
        let sets = &mut self.sets[row];
        if sets.holders >> wrong & 1 == 0 {
            sets.holders |= 1 << wrong;
            sets.leads |= Set::from((0xC2..=0xF4).contains(&byte)) << wrong;
            sets.trails |= Set::from((0x80..=0xBF).contains(&byte)) << wrong;
            self.bytes[row][wrong] = byte;
        }
    }

    #[inline]
    fn row(&self, c: char) -> usize {
        self.rows.get(c as usize).copied().unwrap_or(0).into()
    }
}

/// The encodings that have a character which is not ASCII.
#[inline]
pub(super) fn holders(c: char) -> Set {
    let tables = &*TABLES;
    tables.sets[tables.row(c)].holders | multi_holders(c)
}

/// For each byte that goes on with a character of UTF-8, from 0x80 on, how seldom it may be that an encoding of one byte a character
/// does not have it, in bits: where it is nothing or a control character in that encoding, or in another that has the same bytes for
/// all characters of a text.
pub(super) fn lacking(wrong: usize, text: &str) -> [f32; TRAILS] {
    let tables = &*TABLES;
    let mut alike = SINGLE;
    for c in text.chars().filter(|c| !c.is_ascii()) {
        let row = tables.row(c);
        if tables.sets[row].holders >> wrong & 1 == 1 {
            each(alike, |other| {
                let is_same = tables.bytes[row][other] == tables.bytes[row][wrong];
                alike &= !(Set::from(!is_same) << other);
            });
        }
    }
    let mut seldom = [f32::INFINITY; TRAILS];
    each(alike | 1 << wrong, |other| {
        let Some(units) = tables.encodings[other].single_byte() else { return };
        for (seldom, unit) in seldom.iter_mut().zip(&units[0x80..]) {
            if *unit == Encoding::UNDEFINED || matches!(unit, 0x80..=0x9F) {
                *seldom = seldom.min(unusual(other));
            }
        }
    });
    seldom
}

/// True where windows-1252 has one character for a byte that begins a sequence of three in UTF-8, and another for one that goes on
/// with it.
#[inline]
pub(super) fn may_be_three(lead: char, trail: char) -> bool {
    let tables = &*TABLES;
    matches!(lead, 'à'..='ï') && tables.sets[tables.row(trail)].trails & 1 == 1
}

/// Which encodings come into question for a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Holders {
    /// Those that have all of its characters that are not ASCII; none for plain ASCII.
    pub(super) all: Set,
    /// Those in which bytes of the text are a character of UTF-8: of one byte a character where a lead byte is followed by
    /// a trail byte (or by what a trail byte may have become), of several where there is any character.
    pub(super) sequences: Set,
}

impl Holders {
    pub(super) fn of(text: &str) -> Self {
        let tables = &*TABLES;
        let (mut all, mut multi, mut sequences): (Set, Set, Set) = (Set::MAX, 0, 0);
        let (mut last, mut strays) = (Sets::default(), Strays::default());
        for c in text.chars() {
            if c.is_ascii() {
                sequences |= if matches!(c, ' ' | '?') { last.leads } else { 0 };
                strays.add(last.leads);
                last = Sets::default();
                continue;
            }
            if c == char::REPLACEMENT_CHARACTER {
                (all, sequences, last) = (0, sequences | last.leads, Sets::default());
                continue;
            }
            let (sets, many) = (tables.sets[tables.row(c)], multi_holders(c));
            all &= sets.holders | many;
            multi |= many;
            sequences |= last.leads & sets.trails;
            // Bytes that do not go together: a lead without a trail, a trail or another byte after neither.
            strays.add(last.leads & !sets.trails | sets.holders & !sets.leads & !(last.leads | last.trails));
            last = sets;
        }
        Self { all: if all == Set::MAX { 0 } else { all }, sequences: strays.fewest(sequences) | multi }
    }
}

/// How many bytes of a text are no part of UTF-8, for all encodings at once: the bits of the counts, the lowest first, up to
/// what they can hold.
#[derive(Default)]
struct Strays([Set; 4]);

impl Strays {
    #[inline]
    fn add(&mut self, mut set: Set) {
        // Where all bits are set the count stays.
        set &= !self.0.iter().fold(Set::MAX, |full, bits| full & bits);
        for bits in &mut self.0 {
            (*bits, set) = (*bits ^ set, *bits & set);
        }
    }

    /// Those of a set that have the fewest, or a few more.
    fn fewest(&self, set: Set) -> Set {
        const MORE: usize = 3;
        let of = |count: usize| {
            (0..4).fold(set, |set, bit| if count >> bit & 1 == 1 { set & self.0[bit] } else { set & !self.0[bit] })
        };
        let first = (0..16).find(|count| of(*count) != 0).unwrap_or(0);
        (first..16.min(first + MORE + 1)).fold(0, |all, count| all | of(count))
    }
}

/// Of a set of encodings those that read a text differently, of several that read it alike the most usual.
pub(super) fn distinct(text: &str, set: Set) -> Set {
    if set.count_ones() < 2 {
        return set;
    }
    let tables = &*TABLES;
    let mut hashes = [0u32; WRONG.len()];
    let mix = |hash: &mut u32, byte: u32| *hash = hash.wrapping_mul(513).wrapping_add(byte);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        let bytes = &tables.bytes[tables.row(c)];
        each(set & SINGLE, |wrong| mix(&mut hashes[wrong], bytes[wrong].into()));
        if set & !SINGLE != 0 {
            let pairs = pairs(c);
            each(set & !SINGLE, |wrong| mix(&mut hashes[wrong], pairs[wrong - FIRST_MULTI].into()));
        }
    }
    let mut kept: Set = 0;
    each(set, |wrong| {
        let mut alike = None;
        each(kept, |other| alike = if hashes[other] == hashes[wrong] { Some(other) } else { alike });
        match alike {
            Some(other) if unusual(other) <= unusual(wrong) => {}
            _ => kept = kept & !alike.map_or(0, |other| 1 << other) | 1 << wrong,
        }
    });
    kept
}

/// Those of one byte a character.
const SINGLE: Set = (1 << FIRST_MULTI) - 1;

/// Gives the number of each encoding in a set to `take`.
pub(super) fn each(mut set: Set, mut take: impl FnMut(usize)) {
    while set != 0 {
        take(set.trailing_zeros() as usize);
        set &= set - 1;
    }
}

/// How seldom text is read as this one.
pub(super) fn unusual(wrong: usize) -> f32 {
    WRONG[wrong].1
}

/// The encoding with a number.
pub(super) fn encoding(wrong: usize) -> Encoding {
    TABLES.encodings[wrong]
}

/// True when a character is a byte.
pub(super) fn is_single(wrong: usize) -> bool {
    wrong < FIRST_MULTI
}

/// All of them.
pub fn all() -> impl Iterator<Item = Encoding> {
    TABLES.encodings.iter().copied()
}

/// Appends the bytes of a character; false when it has none.
#[inline(always)]
pub(super) fn write(wrong: usize, c: char, out: &mut Vec<u8>) -> bool {
    if c.is_ascii() {
        out.push(c as u8);
        return true;
    }
    if wrong < FIRST_MULTI {
        // What has no row has no bytes either.
        let byte = TABLES.bytes[TABLES.row(c)][wrong];
        if byte != 0 {
            out.push(byte);
        }
        return byte != 0;
    }
    match pairs(c)[wrong - FIRST_MULTI] {
        0 => return false,
        byte @ ..0x100 => out.push(byte as u8),
        pair => out.extend(pair.to_be_bytes()),
    }
    true
}

/// The way forward: what a wrong reader makes of bytes, for training and tests; `controls` says that 0x80 to 0x9F are
/// read as control characters, as in ISO encodings. None where the text would be lost.
pub fn misread(encoding: Encoding, controls: bool, bytes: &[u8]) -> Option<String> {
    let wrong = TABLES.encodings.iter().position(|e| *e == encoding)?;
    let mut text = String::new();
    if let Some(units) = encoding.single_byte() {
        text.extend(bytes.iter().map(|byte| match units[usize::from(*byte)] {
            Encoding::UNDEFINED => char::from(*byte),
            _ if controls && (0x80..=0x9F).contains(byte) => char::from(*byte),
            unit => char::from_u32(unit.into()).unwrap_or('\u{FFFD}'),
        }));
    } else if encoding.decode_into(bytes, &mut text) > 0 {
        return None;
    }
    let mut back = Vec::new();
    (text.chars().all(|c| write(wrong, c, &mut back)) && back == bytes).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_known() {
        assert!(WRONG.len() <= Set::BITS as usize);
        for (at, (label, _)) in WRONG.iter().enumerate() {
            assert!(Encoding::for_label(label).is_some(), "{label}");
            assert_eq!(TABLES.encodings[at].is_single_byte(), is_single(at), "{label}");
        }
    }

    #[test]
    fn pairs_are_read_as_their_characters() {
        for at in 0..MULTI {
            let encoding = TABLES.encodings[FIRST_MULTI + at];
            let all = (char::MIN..='\u{FFFF}').map(|c| (c, pairs(c)[at])).filter(|(_, pair)| *pair > 0);
            assert!(all.clone().count() > 7000, "{encoding:?}");
            for (c, pair) in all.filter(|(c, _)| !('\u{E000}'..'\u{F900}').contains(c)) {
                let (bytes, mut text) = (pair.to_be_bytes(), String::new());
                encoding.decode_into(if pair < 0x100 { &bytes[1..] } else { &bytes }, &mut text);
                assert_eq!(text.chars().collect::<Vec<_>>(), [c], "{encoding:?} {pair:x}");
            }
        }
    }

    fn names(set: Set) -> Vec<&'static str> {
        let mut names = Vec::new();
        each(set, |wrong| names.push(WRONG[wrong].0));
        names
    }

    #[test]
    fn utf8_shows_by_its_sequences() {
        let found = names(Holders::of("cafÃ©, thÃ©").sequences);
        assert!(found.contains(&"windows-1252") && !found.contains(&"windows-1251"), "{found:?}");
        assert_eq!(Holders::of("café, thé").sequences & SINGLE, 0);
        assert!(names(Holders::of("Ã la").sequences).contains(&"windows-1252"), "a lost no-break space");
        assert_eq!(Holders::of("plain").all, 0);
    }

    #[test]
    fn of_those_alike_the_most_usual_is_left() {
        let text = "cafÃ©";
        let left = names(distinct(text, Holders::of(text).all));
        assert!(left.contains(&"windows-1252") && left.contains(&"ibm850"), "{left:?}");
        assert!(!left.contains(&"windows-1254") && !left.contains(&"iso-8859-15"), "{left:?}");
        // The signs that tell them apart.
        let text = "Å¾ÅŸ";
        assert!(names(distinct(text, Holders::of(text).all)).contains(&"windows-1252"));
        assert!(!names(Holders::of("Å¾").all).contains(&"iso-8859-15"));
    }

    #[test]
    fn those_with_the_fewest_strays_are_left() {
        let mut strays = Strays::default();
        for (times, set) in [(2, 0b0010), (5, 0b0100), (40, 0b1000)] {
            (0..times).for_each(|_| strays.add(set));
        }
        for (of, left) in [(0b1110, 0b0110), (0b1100, 0b0100), (0b1000, 0b1000), (0b1111, 0b0011)] {
            assert_eq!(strays.fewest(of), left, "{of:b}");
        }
    }

    #[test]
    fn every_byte_comes_back() {
        for wrong in all() {
            let Some(units) = wrong.single_byte() else { continue };
            let defined = |byte: &u8| units[usize::from(*byte)] != Encoding::UNDEFINED;
            let bytes: Vec<u8> = (0x80..=0xFF).filter(defined).collect();
            assert!(misread(wrong, false, &bytes).is_some(), "{wrong:?}");
        }
    }
}
