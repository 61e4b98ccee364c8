//! Bytes that are UTF-8 but for a few, or but for a character that was cut in two at either end.

/// Bytes of the longest character but one: what is left of it when it was cut.
const CUT: usize = 3;

/// What bytes are as UTF-8.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// Characters of several bytes; one of four counts as three, since no other text has what looks like it.
    pub(super) whole: usize,
    /// Bytes and halves of characters that are none, but for those at the ends.
    strays: usize,
    /// Places where they stand, those of one damaged character together.
    pub(super) places: usize,
    /// Bytes in front that end a character.
    before: usize,
    /// Bytes at the end that begin one.
    after: usize,
    /// All bytes.
    length: usize,
}

impl Seen {
    /// Counts them.
    pub(super) fn of(raw: &[u8]) -> Self {
        let trails = |at: usize| raw[at.min(raw.len())..].iter().take(CUT + 1).take_while(|b| is_trail(**b)).count();
        let mut at = trails(0);
        let (before, strays) = if at <= CUT { (at, 0) } else { (0, at) };
        let mut seen = Self { before, strays, places: strays.div_ceil(CUT), length: raw.len(), ..Self::default() };
        let mut place = 0..0;
        while let Some(&lead) = raw.get(at) {
            let length = trails_of(&raw[at..]);
            let found = trails(at + 1).min(length);
            let next = at + 1 + found;
            match found {
                _ if lead < 0x80 => {}
                _ if length > 0 && found == length => seen.whole += if length == CUT { 3 } else { 1 },
                _ if length > 0 && next == raw.len() => seen.after = 1 + found,
                _ => {
                    seen.strays += 1;
                    if place.end != at || next - place.start > CUT + 1 {
                        seen.places += 1;
                        place.start = at;
                    }
                    place.end = next;
                }
            }
            at = next;
        }
        seen
    }

    /// Ends within a character.
    pub(super) fn torn(self) -> usize {
        usize::from(self.before > 0) + usize::from(self.after > 0)
    }

    /// What is no whole character.
    pub(super) fn bad(self) -> usize {
        self.strays + self.torn()
    }

    /// The bytes without those at the ends.
    pub(super) fn middle(self) -> std::ops::Range<usize> {
        self.before..self.length - self.after
    }

    /// Far more whole characters than other encodings make by chance: what ends within one is seldom anything else, and what begins
    /// within one may be text of two bytes a character.
    fn is_enough(self) -> bool {
        let torn = match (self.before > 0, self.after > 0) {
            (true, true) => 6,
            (true, false) => 3,
            (false, true) => 2,
            (false, false) => 0,
        };
        self.whole >= 3 * self.strays + torn
    }
}

fn is_trail(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

/// How many bytes must follow the first. Beyond the planes that are in use, no text is.
fn trails_of(raw: &[u8]) -> usize {
    match raw {
        [0xC2..=0xDF, ..] => 1,
        [0xE0..=0xEF, ..] => 2,
        [0xF0] | [0xF0, 0x90..=0xAF, ..] => 3,
        _ => 0,
    }
}

/// False where hardly any bytes stand together as in a character of UTF-8.
pub(super) fn may_be(raw: &[u8]) -> bool {
    let high = raw.iter().filter(|b| **b >= 0x80).count();
    let begun = raw.iter().zip(&raw[1.min(raw.len())..]);
    let begun = begun.filter(|(lead, next)| (0xC2..=0xF4).contains(*lead) && is_trail(**next)).count();
    begun > 0 && high <= 12 * begun
}

/// UTF-8 with a few bad bytes. In text that is mostly ASCII one character is enough, since in a Western encoding it would read as
/// a letter and a symbol inside a word.
pub(super) fn is_damaged(raw: &[u8]) -> bool {
    if !may_be(raw) {
        return false;
    }
    let seen = Seen::of(raw);
    let high = raw.iter().filter(|b| **b >= 0x80).count();
    seen.is_enough() || (seen.whole >= seen.bad() && high * 8 < raw.len())
}

/// UTF-8 rather than units of two bytes or EBCDIC, which hardly ever look like it from end to end.
pub(crate) fn may_be_damaged(raw: &[u8]) -> bool {
    is_damaged(raw) || (is_torn(raw) && Seen::of(raw).whole > 0)
}

/// UTF-8 that was cut within its first or its last character, or in both, and has no other fault.
pub(in super::super) fn is_torn(raw: &[u8]) -> bool {
    let seen = Seen::of(raw);
    seen.strays == 0 && seen.bad() > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_at_every_byte() {
        for text in ["Вечером снова", "子供たちは庭で", "größte Häuser für", "well done 😀 ok 🎉", "बच्चे खेलते"]
        {
            let bytes = text.as_bytes();
            for at in (1..bytes.len()).filter(|at| is_trail(bytes[*at])) {
                let (head, tail) = bytes.split_at(at);
                let (head, tail) = (Seen::of(head), Seen::of(tail));
                assert_eq!((head.strays, head.before, head.after > 0), (0, 0, true), "{text} {at}");
                assert_eq!((tail.strays, tail.before > 0, tail.after), (0, true, 0), "{text} {at}");
                assert_eq!(head.middle().len() + head.after, at);
            }
            assert_eq!(Seen::of(bytes).bad(), 0, "{text}");
        }
        let counts = |raw| (Seen::of(raw).whole, Seen::of(raw).strays);
        assert_eq!(counts(b"\x80\x80\x80\x80a\xC3b\xE2\x82c\xFF"), (0, 7));
        assert_eq!(counts("é语😀".as_bytes()), (5, 0));
        assert!(is_torn(b"\xB0 a \xD0") && !is_torn("é".as_bytes()) && !is_torn(b"a\xE9b\xD0"));
    }
}
