//! Words that Latin and Cyrillic can both write: which languages have such letters in a row.

/// For each three letters in a row how much rather they are Slavic, in quarters of a nat. Made by `cargo xtask lookalikes
/// TEXT_DIR`.
static ODDS: &[u8; 4096] = include_bytes!("odds.bin");

/// Capitals of Latin and of Cyrillic that look alike.
const SHARED: [(char, char); 15] = [
    ('A', '\u{410}'),
    ('B', '\u{412}'),
    ('C', '\u{421}'),
    ('E', '\u{415}'),
    ('H', '\u{41D}'),
    ('I', '\u{406}'),
    ('J', '\u{408}'),
    ('K', '\u{41A}'),
    ('M', '\u{41C}'),
    ('O', '\u{41E}'),
    ('P', '\u{420}'),
    ('S', '\u{405}'),
    ('T', '\u{422}'),
    ('X', '\u{425}'),
    ('Y', '\u{423}'),
];

/// The number of a letter that both alphabets have, from 1 on; case and alphabet do not matter.
pub fn shared_letter(c: char) -> Option<usize> {
    let capital = c.to_uppercase().next()?;
    SHARED.iter().position(|(latin, cyrillic)| *latin == capital || *cyrillic == capital).map(|i| i + 1)
}

/// True for a letter of Cyrillic or Greek that is seen in Latin words: a look-alike, or one that African alphabets are typed
/// with.
pub(in super::super) fn passes_for_latin(c: char) -> bool {
    shared_letter(c).is_some() || matches!(c, 'Ε' | 'ε' | 'Α' | 'α' | 'ο' | 'ν' | 'ρ' | 'υ' | 'ι')
}

/// How much rather a word is Slavic than of a language in Latin letters, in quarters of a nat; `None` when another letter
/// is in it.
pub(super) fn slavic(word: &str) -> Option<i32> {
    let (mut before, mut sum) = (0, 0);
    for c in word.chars().map(shared_letter).chain([Some(0)]) {
        let triple = before << 4 | c?;
        sum += i32::from(ODDS[triple].cast_signed());
        before = triple & 0xFF;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tell_their_alphabet() {
        for word in ["CCCP", "Bce", "MOCKBA", "Kypc"] {
            assert!(slavic(word).unwrap() > 8, "{word}: {:?}", slavic(word));
        }
        for word in ["PHP", "HTTP", "space", "Texas", "escape", "POST"] {
            assert!(slavic(word).unwrap() < 8, "{word}: {:?}", slavic(word));
        }
        assert_eq!(slavic("Google"), None);
    }
}
