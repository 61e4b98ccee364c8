//! A quick look at bytes: which texts may have something to repair. It may err on this side only, but for letters that are
//! never changed.

const LATIN: u8 = 1;
const CYRILLIC: u8 = 2;
const GREEK: u8 = 4;
const ARMENIAN: u8 = 8;
/// Marks belong to the word that they stand in.
const MARK: u8 = 16;

/// What the character is that begins here, and its length.
fn kind(bytes: &[u8], at: usize) -> (u8, usize) {
    let second = bytes.get(at + 1).copied().unwrap_or(0);
    match bytes[at] {
        b if b.is_ascii_alphabetic() => (LATIN, 1),
        ..0x80 => (0, 1),
        0xC2 => (if second == 0xB5 { LATIN } else { 0 }, 2),
        0xC3..=0xC9 => (LATIN, 2),
        0xCC => (MARK, 2),
        0xCD => (if second < 0xB0 { MARK } else { GREEK }, 2),
        0xCE | 0xCF => (GREEK, 2),
        0xD0..=0xD3 => (CYRILLIC, 2),
        0xD4 => (if second < 0xB0 { CYRILLIC } else { ARMENIAN }, 2),
        0xD5 => (ARMENIAN, 2),
        0xD6 => (if second < 0x90 { ARMENIAN } else { 0 }, 2),
        0x80..=0xC1 | 0xCA | 0xCB | 0xD7..=0xDF => (0, 2),
        0xE1 => match second {
            0xB8..=0xBB => (LATIN, 3),
            0xBC..=0xBF => (GREEK, 3),
            _ => (0, 3),
        },
        0xE0 | 0xE2..=0xEF => (0, 3),
        0xF0.. => (0, 4),
    }
}

/// True for a word in Latin letters that could be one of another alphabet: a single letter, or three and more.
fn is_shared(word: &[u8]) -> bool {
    let letter = |b: &u8| b"aceopxykABCEHKMOPTXY".contains(b);
    match word {
        [one] => letter(one) || matches!(one, b'i' | b'I'),
        [_, _] => false,
        _ => word.iter().all(letter),
    }
}

/// True for a text with a word of two alphabets, a word in Latin letters that another alphabet has as well, or a single
/// letter of another alphabet among many Latin ones.
pub(super) fn suspects(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut at, mut word, mut start) = (0, 0u8, 0);
    let (mut latin, mut other, mut single, mut shared) = (0usize, 0usize, false, false);
    while at <= bytes.len() {
        let (kind, length) = if at < bytes.len() { kind(bytes, at) } else { (0, 1) };
        if kind == 0 {
            if word & (word.wrapping_sub(1)) != 0 {
                return true;
            }
            if word == LATIN {
                latin += at - start;
                shared = shared || is_shared(&bytes[start..at]);
            } else if word != 0 {
                other += at - start;
                single = single || at - start == 2;
            }
            word = 0;
        } else {
            start = if word == 0 { at } else { start };
            word |= kind & !MARK;
        }
        at += length;
    }
    shared && other > latin || single && latin > other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suspects_are_few() {
        for text in
            ["кoт", "aбв", "в CCCP было", "он c ней", "this is а word", "вăл", "x\u{301}\u{430}", "\u{B5}ία", "Հh"]
        {
            assert!(suspects(text), "{text}");
        }
        for text in ["", "plain", "Протокол SMTP и Google", "и в на", "Der Größte", "Windows в доме", "γ-лучи"]
        {
            assert!(!suspects(text), "{text}");
        }
    }
}
