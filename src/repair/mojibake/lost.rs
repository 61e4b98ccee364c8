//! Characters of UTF-8 that have lost a byte on the way: what the wrong encoding has no character for became U+FFFD or a question
//! mark or was left out, the no-break space became a plain one.

/// The byte that stands for a lost character, which is told by its origin.
pub(super) const UNKNOWN: u8 = 0xFF;

/// A character with what is left of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lost {
    /// What it was, U+FFFD where nobody knows.
    pub(super) c: char,
    /// How many bytes it takes.
    pub(super) used: usize,
    /// How many of its first bytes tell that it is one.
    pub(super) told: usize,
    /// What was lost became a question mark, which may be one.
    pub(super) is_asked: bool,
    /// Its last byte is a space, the last of all: there may have been a space behind it besides.
    pub(super) is_open: bool,
}

/// A sequence of which a byte was lost at the start of some bytes, which came of some characters: read as windows-1252, or as something
/// else.
pub(super) fn sequence(bytes: &[u8], origins: &[char], before: Option<char>, is_usual: bool) -> Option<Lost> {
    let length = match bytes.first()? {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let is_unknown = |at: usize| bytes[at] == UNKNOWN && origins[at] == char::REPLACEMENT_CHARACTER;
    let is_trail = |at: usize| (0x80..=0xBF).contains(&bytes[at]);
    let left = (1..length).find(|at| *at >= bytes.len() || !is_trail(*at))?;
    let is_quote = is_usual && origins[..left] == ['â', '€'];
    let lost = |c: char, used: usize| Some(Lost { c, used, told: left, is_asked: false, is_open: false });
    let rest = (left..length).take_while(|at| *at < bytes.len() && (is_unknown(*at) || is_trail(*at))).count();
    let next = if rest > 0 { bytes.get(left + rest) } else { None };
    let c = if is_quote { quote(before, next) } else { char::REPLACEMENT_CHARACTER };
    if rest > 0 {
        return lost(c, left + rest);
    }
    match bytes.get(left) {
        Some(b'?') if (left + 1..length).all(|at| at < bytes.len() && is_trail(at)) => {
            lost(c, length).map(|lost| Lost { is_asked: true, ..lost })
        }
        // The byte that is missing has no character in windows-1252.
        _ if is_quote => lost(c, left),
        Some(b' ') => space(bytes, left, length, before),
        _ => None,
    }
}

/// A closing quotation mark, a hyphen (U+2010), or what joins signs to one (U+200D): of the characters that begin as they do, and whose
/// last byte windows-1252 does not have, the three that text has.
fn quote(before: Option<char>, next: Option<&u8>) -> char {
    match before {
        Some('\u{1F000}'.. | '\u{FE0F}') => '\u{200D}',
        Some(before) if before.is_alphanumeric() && next.is_some_and(u8::is_ascii_lowercase) => '\u{2010}',
        _ => '”',
    }
}

/// A sequence in which a no-break space became a plain one. No capital stands behind a small letter: there, another byte was left out.
fn space(bytes: &[u8], at: usize, length: usize, before: Option<char>) -> Option<Lost> {
    let mut whole = [0; 4];
    let own = whole.get_mut(..length)?;
    own.copy_from_slice(bytes.get(..length)?);
    own[at] = 0xA0;
    let c = std::str::from_utf8(own).ok()?.chars().next()?;
    if is_rare(c) || c.is_uppercase() && before.is_some_and(char::is_lowercase) {
        return None;
    }
    let is_last = at + 1 == length;
    let next = bytes.get(length);
    // `à` ends words.
    let stays = is_last && c == 'à' && next.is_some_and(|next| *next != b' ');
    let used = if stays { at } else { length };
    let told = usize::from(c == 'à');
    Some(Lost { c, used, told, is_asked: false, is_open: is_last && next.is_none() })
}

/// Letters that hardly any text has.
fn is_rare(c: char) -> bool {
    matches!(c, 'Ǡ' | 'Ƞ' | 'ɠ' | 'ʠ' | 'ˠ' | 'Ϡ' | 'Ѡ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bytes: &[u8], origins: &str) -> Option<(char, usize)> {
        let origins: Vec<char> = origins.chars().collect();
        sequence(bytes, &origins, None, true).map(|lost| (lost.c, lost.used))
    }

    #[test]
    fn what_was_lost() {
        assert_eq!(found(&[0xC4, UNKNOWN, b'i'], "Ä\u{FFFD}i"), Some(('\u{FFFD}', 2)));
        assert_eq!(found(&[0xC4, 0xFF, b'i'], "Äÿi"), None);
        assert_eq!(found(&[0xF0, 0x9F, UNKNOWN, b'i'], "ðŸ\u{FFFD}i"), Some(('\u{FFFD}', 3)));
        assert_eq!(found(&[0xF0, 0x9F, UNKNOWN, 0xB0], "ðŸ\u{FFFD}°"), Some(('\u{FFFD}', 4)));
        assert_eq!(found(b"\xC3?", "Ã?"), Some(('\u{FFFD}', 2)));
        assert_eq!(found(b"\xE2\x80?", "â€?"), Some(('”', 3)));
        assert_eq!(found(b"\xE2\x80, and", "â€, and"), Some(('”', 2)));
        assert_eq!(found(b"\xE2\x80 and", "â€ and"), Some(('”', 2)));
        assert_eq!(found(b"\xC3 la", "Ã la"), Some(('à', 1)));
        assert_eq!(found(b"\xC3  la", "Ã  la"), Some(('à', 2)));
        assert_eq!(found(b"\xD0 \xD1", "Ð Ñ"), Some(('Р', 2)));
        assert_eq!(found(b"\xEC \x84", "ì „"), Some(('전', 3)));
        assert_eq!(found(b"\xE0\xB8 \xE0", "à¸ à"), Some(('ภ', 3)));
        assert_eq!(found(b"\xE2?\xAC", "â?¬"), Some(('\u{FFFD}', 3)));
        assert_eq!(sequence(b"\xC5 ", &['Å', ' '], Some('t'), true), None);
        assert_eq!(found(b"\xD1 ", "Ñ "), None);
        assert_eq!(found(b"\xC3a", "Ãa"), None);
        assert_eq!(found(b"\xC3", "Ã"), None);
        assert_eq!(found("👍".as_bytes(), "ðŸ‘\u{8D}"), None);
    }

    #[test]
    fn what_is_last_may_have_had_a_space_behind_it() {
        let is_open = |bytes: &[u8], origins: &str| {
            let origins: Vec<char> = origins.chars().collect();
            sequence(bytes, &origins, None, true).is_some_and(|lost| lost.is_open)
        };
        assert!(is_open(b"\xC3 ", "Ã "));
        assert!(!is_open(b"\xC3 x", "Ã x") && !is_open(b"\xEC \x84", "ì „"));
    }

    #[test]
    fn signs_are_joined() {
        assert_eq!(
            sequence(&[0xE2, 0x80, UNKNOWN], &['â', '€', '\u{FFFD}'], Some('👨'), true).map(|l| l.c),
            Some('\u{200D}')
        );
    }
}
