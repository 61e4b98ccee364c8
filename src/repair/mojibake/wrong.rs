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

/// Of many bytes a character, from here on.
const FIRST_MULTI: usize = WRONG.len() - 5;

/// A set of rows of [`WRONG`].
pub(super) type Set = u64;

struct Tables {
    encodings: Vec<Encoding>,
    /// For each character of the basic plane a row of `bytes`; 0 for those that no encoding of one byte has.
    rows: Vec<u16>,
    /// By row: which encodings have the character, and as which byte.
    bytes: Vec<(Set, [u8; FIRST_MULTI])>,
    /// For each encoding of many bytes and each character of the basic plane its one or two bytes; 0 for none.
    pairs: [Vec<u16>; WRONG.len() - FIRST_MULTI],
    /// For each character of the basic plane which of those have it.
    multi: Vec<u8>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let encodings = WRONG.iter().map(|(label, _)| Encoding::for_label(label).unwrap_or(Encoding::UTF_8)).collect();
    let mut tables = Tables {
        encodings,
        rows: vec![0; 0x1_0000],
        bytes: vec![(0, [0; FIRST_MULTI])],
        pairs: [const { Vec::new() }; WRONG.len() - FIRST_MULTI],
        multi: vec![0; 0x1_0000],
    };
    for (at, pairs) in tables.pairs.iter_mut().enumerate() {
        *pairs = read_pairs(tables.encodings[FIRST_MULTI + at]);
        tables.multi.iter_mut().zip(pairs).for_each(|(set, pair)| *set |= u8::from(*pair > 0) << at);
    }
    for (wrong, (label, _)) in WRONG.iter().enumerate().take(FIRST_MULTI) {
        let Some(units) = tables.encodings[wrong].single_byte() else { continue };
        // What has no meaning is read as the control character or the Latin-1 letter of that number. Windows code pages
        // are taken for ISO's and the other way round, so control characters come with both.
        for byte in (0x80..=0xFFu8).filter(|b| units[usize::from(*b)] != Encoding::UNDEFINED) {
            tables.add(wrong, units[usize::from(byte)], byte);
        }
        for byte in (0x80..=0xFFu8).filter(|b| units[usize::from(*b)] == Encoding::UNDEFINED) {
            tables.add(wrong, byte.into(), byte);
        }
        if label.starts_with("windows") {
            (0x80..=0x9F).for_each(|byte| tables.add(wrong, byte.into(), byte));
        }
    }
    tables
});

/// The bytes of each character that has one or two above ASCII. Of several the first counts, and those of the standard
/// before those of later additions, which have lower leads in Big5.
fn read_pairs(encoding: Encoding) -> Vec<u16> {
    let mut pairs = vec![0; 0x1_0000];
    let mut text = String::new();
    let mut add = |bytes: &[u8], code: u16| {
        text.clear();
        let malformed = encoding.decode_into(bytes, &mut text);
        let mut chars = text.chars();
        if let (0, Some(c), None) = (malformed, chars.next(), chars.next())
            && let Some(slot) = pairs.get_mut(c as usize).filter(|slot| **slot == 0)
        {
            *slot = code;
        }
    };
    for byte in 0x80..=0xFFu8 {
        add(&[byte], byte.into());
    }
    let low = if encoding.name() == "big5" { 0xA1 } else { 0x80 };
    for lead in (low..=0xFFu8).chain(0x80..low) {
        for trail in 0x30..=0xFFu8 {
            add(&[lead, trail], u16::from_be_bytes([lead, trail]));
        }
    }
    if encoding.name() == "shift_jis" {
        // Microsoft's code page 932 has private characters for the bytes that mean nothing.
        for (unit, byte) in [(0xF8F0, 0xA0), (0xF8F1, 0xFD), (0xF8F2, 0xFE), (0xF8F3, 0xFF)] {
            pairs[unit] = byte;
        }
    }
    pairs
}

impl Tables {
    fn add(&mut self, wrong: usize, unit: u16, byte: u8) {
        let row = &mut self.rows[usize::from(unit)];
        if *row == 0 {
            *row = self.bytes.len() as u16;
            self.bytes.push((0, [0; FIRST_MULTI]));
        }
        let (set, bytes) = &mut self.bytes[usize::from(*row)];
        if *set >> wrong & 1 == 0 {
            *set |= 1 << wrong;
            bytes[wrong] = byte;
        }
    }
}

/// The encodings that have a character which is not ASCII.
#[inline]
pub(super) fn holders(c: char) -> Set {
    let tables = &*TABLES;
    let row = tables.rows.get(c as usize).copied().unwrap_or(0);
    let multi = tables.multi.get(c as usize).copied().unwrap_or(0);
    tables.bytes[usize::from(row)].0 | Set::from(multi) << FIRST_MULTI
}

/// The encodings in which bytes of a text are a character of UTF-8: of one byte a character those in which a lead byte
/// is followed by a trail byte (or by a space, which may have been one), of several all that have a character of it.
pub(super) fn sequences(text: &str) -> Set {
    let tables = &*TABLES;
    let row = |c: char| &tables.bytes[usize::from(tables.rows.get(c as usize).copied().unwrap_or(0))];
    let (mut found, mut last) = (0, '\0');
    for c in text.chars() {
        if !last.is_ascii() {
            found |= holders(last) & !SINGLE;
            let (leads, lead) = row(last);
            let (trails, trail) = if c == ' ' {
                (&SINGLE, &[0xA0; FIRST_MULTI])
            } else {
                let (s, b) = row(c);
                (s, b)
            };
            each(leads & trails & SINGLE & !found, |wrong| {
                let is = (0xC2..=0xF4).contains(&lead[wrong]) && (0x80..=0xBF).contains(&trail[wrong]);
                found |= Set::from(is) << wrong;
            });
        }
        last = c;
    }
    found | if last.is_ascii() { 0 } else { holders(last) & !SINGLE }
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

/// True when a character is a byte.
pub(super) fn is_single(wrong: usize) -> bool {
    wrong < FIRST_MULTI
}

/// All of them.
pub fn all() -> impl Iterator<Item = Encoding> {
    TABLES.encodings.iter().copied()
}

/// Appends the bytes of a character; false when it has none.
pub(super) fn write(wrong: usize, c: char, out: &mut Vec<u8>) -> bool {
    if c.is_ascii() {
        out.push(c as u8);
        return true;
    }
    if wrong < FIRST_MULTI {
        let (set, bytes) = &TABLES.bytes[usize::from(TABLES.rows.get(c as usize).copied().unwrap_or(0))];
        let has = set >> wrong & 1 == 1;
        if has {
            out.push(bytes[wrong]);
        }
        return has;
    }
    match TABLES.pairs[wrong - FIRST_MULTI].get(c as usize) {
        None | Some(0) => return false,
        Some(byte @ ..0x100) => out.push(*byte as u8),
        Some(pair) => out.extend(pair.to_be_bytes()),
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
    fn every_byte_comes_back() {
        for wrong in all() {
            let Some(units) = wrong.single_byte() else { continue };
            let defined = |byte: &u8| units[usize::from(*byte)] != Encoding::UNDEFINED;
            let bytes: Vec<u8> = (0x80..=0xFF).filter(defined).collect();
            assert!(misread(wrong, false, &bytes).is_some(), "{wrong:?}");
        }
    }
}
