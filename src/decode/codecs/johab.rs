//! Johab (KS X 1001 annex 3): a syllable of Hangul is three numbers of five bits, so all 11172 have a place; symbols and
//! Hanja are KS X 1001 in another arrangement.

use super::sets::Set;

/// Numbers that stand for no letter in their place.
const FILL: [u8; 3] = [1, 2, 1];
/// Letters of the first place that stand alone, from number 2.
const INITIALS: [u16; 19] = [
    0x3131, 0x3132, 0x3134, 0x3137, 0x3138, 0x3139, 0x3141, 0x3142, 0x3143, 0x3145, 0x3146, 0x3147, 0x3148, 0x3149,
    0x314A, 0x314B, 0x314C, 0x314D, 0x314E,
];
/// Letters of the last place that stand alone.
const FINALS: [u16; 27] = [
    0x3131, 0x3132, 0x3133, 0x3134, 0x3135, 0x3136, 0x3137, 0x3139, 0x313A, 0x313B, 0x313C, 0x313D, 0x313E, 0x313F,
    0x3140, 0x3141, 0x3142, 0x3144, 0x3145, 0x3146, 0x3147, 0x3148, 0x314A, 0x314B, 0x314C, 0x314D, 0x314E,
];
/// The first vowel that stands alone.
const VOWELS: u32 = 0x314F;

pub(super) fn decode(lead: u8, trail: u8) -> Option<char> {
    match lead {
        0x84..=0xD3 if matches!(trail, 0x41..=0x7E | 0x81..=0xFE) => hangul(u16::from_be_bytes([lead, trail])),
        0xD9..=0xDE | 0xE0..=0xF9 => {
            let row = if lead < 0xE0 { 2 * (lead - 0xD9) } else { 2 * (lead - 0xE0) + 41 };
            let at = match trail {
                0x31..=0x7E => trail - 0x31,
                0x91..=0xFE => trail - 0x43,
                _ => return None,
            };
            let (row, cell) = (0x21 + row + at / 94, 0x21 + at % 94);
            // The letters of row 4 have their place among the syllables.
            Set::Ksx1001.decode(row, cell).filter(|_| (row, cell / 0x54) != (0x24, 0))
        }
        _ => None,
    }
}

fn hangul(code: u16) -> Option<char> {
    let [first, vowel, last] = [10, 5, 0].map(|shift| (code >> shift & 31) as u8);
    let initial = first.checked_sub(2).filter(|i| *i < 19);
    let medial = match vowel {
        3..=7 => Some(vowel - 3),
        10..=15 => Some(vowel - 5),
        18..=23 => Some(vowel - 7),
        26..=29 => Some(vowel - 9),
        _ => None,
    };
    let last_number = match last {
        2..=17 => Some(last - 1),
        19..=29 => Some(last - 2),
        _ => None,
    };
    let filled = [first == FILL[0], vowel == FILL[1], last == FILL[2]];
    let c = match (initial, medial, last_number) {
        (Some(i), Some(v), l) if l.is_some() || filled[2] => {
            0xAC00 + (u32::from(i) * 21 + u32::from(v)) * 28 + u32::from(l.unwrap_or(0))
        }
        (Some(i), None, None) if filled[1] && filled[2] => INITIALS[usize::from(i)].into(),
        (None, Some(v), None) if filled[0] && filled[2] => VOWELS + u32::from(v),
        (None, None, Some(l)) if filled[0] && filled[1] => FINALS[usize::from(l - 1)].into(),
        _ => return None,
    };
    char::from_u32(c)
}

pub(super) fn encode(c: char, out: &mut Vec<u8>) -> Option<()> {
    let letter = |list: &[u16]| list.iter().position(|l| u32::from(*l) == u32::from(c)).map(|at| at as u32);
    let code = match u32::from(c) {
        code @ 0xAC00..=0xD7A3 => {
            let syllable = code - 0xAC00;
            three(Some(syllable / 28 / 21), Some(syllable / 28 % 21), syllable % 28)
        }
        code @ 0x314F..=0x3163 => three(None, Some(code - VOWELS), 0),
        _ => match (letter(&INITIALS), letter(&FINALS)) {
            (Some(i), _) => three(Some(i), None, 0),
            (None, Some(l)) => three(None, None, l + 1),
            (None, None) => {
                out.extend(symbol(Set::Ksx1001.encode(c)?)?);
                return Some(());
            }
        },
    };
    out.extend(code.to_be_bytes());
    Some(())
}

fn three(initial: Option<u32>, medial: Option<u32>, last: u32) -> u16 {
    let first = initial.map_or(FILL[0].into(), |i| i + 2);
    let vowel = match medial {
        None => FILL[1].into(),
        Some(v @ 0..=4) => v + 3,
        Some(v @ 5..=10) => v + 5,
        Some(v @ 11..=16) => v + 7,
        Some(v) => v + 9,
    };
    let last = if last <= 16 { last + 1 } else { last + 2 };
    (0x8000 | first << 10 | vowel << 5 | last) as u16
}

fn symbol([row, cell]: [u8; 2]) -> Option<[u8; 2]> {
    let lead = match row {
        0x21..=0x2C => 0xD9 + (row - 0x21) / 2,
        0x4A..=0x7D => 0xE0 + (row - 0x4A) / 2,
        _ => return None,
    };
    // Two rows share a lead byte; Hanja begin in the first half of one.
    let second = if row < 0x4A { (row - 0x21) % 2 } else { (row - 0x4A) % 2 };
    let at = cell - 0x21 + 94 * second;
    Some([lead, if at < 0x4E { at + 0x31 } else { at + 0x43 }])
}
