//! Where a document is UTF-16, UTF-32 or EBCDIC and where it is lines of bytes, found before anything is split.
//!
//! A stretch of UTF-16 may begin anywhere, at odd places too. The cheapest way through the bytes is found (Viterbi): what
//! a byte costs in text of bytes, what a unit costs in UTF-16 of either order, and what it costs to change, which is less
//! where a line ends.

use super::Encoding;
use super::guess::{self, Family, Guesser};
use super::look::Look;

/// A stretch of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
}

/// How a stretch is to be taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Lines of an encoding in which ASCII is ASCII, each with its own.
    Bytes,
    /// Lines of EBCDIC.
    Ebcdic,
    /// UTF-16 or UTF-32.
    Units(Encoding),
}

/// How much of a document is read to know whether all of it is of one kind.
const SAMPLE: usize = 4096;

/// A text in UTF-16 or EBCDIC that is longer and has bytes above ASCII is no UTF-8.
const ODD: usize = 512;

/// Within so many bytes of EBCDIC there is a space.
const WORD: usize = 256;

/// Bytes of a line that is told to be none of UTF-16.
const LINE: usize = 16;

/// Bits by which UTF-16 without a zero byte must read better than all else.
const SURE: f32 = 6.0;

/// Memory, kept between documents.
#[derive(Debug, Default)]
pub(super) struct Finder {
    pub(super) found: Vec<Region>,
    /// For each place and state the state before.
    from: Vec<[u8; STATES]>,
}

const BYTES: usize = 0;
/// States of the walk: bytes, UTF-16 low byte first, high byte first.
const STATES: usize = 3;

/// True for lines of UTF-8 and nothing else: what [`Finder::find`] need not be asked. UTF-32 has zero bytes.
#[inline]
pub(super) fn is_plain(rest: &[u8], look: &Look<'_>) -> bool {
    let sample = &rest[..rest.len().min(SAMPLE)];
    let units = || rest.len() == sample.len() && might_be_units(sample, look);
    let unusual = look.ascii || rest.len() <= ODD;
    look.text.is_some() && !look.controls && !(unusual && (units() || might_be_ebcdic(sample, true)))
}

impl Finder {
    /// Finds the regions of the bytes from `start` on.
    pub(super) fn find(&mut self, bytes: &[u8], start: usize, look: &Look<'_>, guesser: &mut Guesser) {
        self.found.clear();
        let rest = &bytes[start..];
        let whole = |kind| Region { start, end: bytes.len(), kind };
        if let Some(encoding) = utf32(rest) {
            return self.found.push(whole(Kind::Units(encoding)));
        }
        let sample = &rest[..rest.len().min(SAMPLE)];
        let units = rest.len() == sample.len() && might_be_units(sample, look);
        let ebcdic = might_be_ebcdic(sample, look.text.is_some());
        if (units || ebcdic)
            && !guess::may_be_damaged_utf8(sample)
            && let Some(best) = guesser.candidates(sample, Family::Any).first()
        {
            match best.encoding {
                e if units && best.margin > SURE && !e.splits_at_bytes() && !e.is_ebcdic() => {
                    return self.found.push(whole(Kind::Units(e)));
                }
                e if ebcdic && e.is_ebcdic() => return self.found.push(whole(Kind::Ebcdic)),
                _ => {}
            }
        }
        if look.controls && memchr::memchr(0, rest).is_some() {
            self.walk(bytes, start, BYTES);
        } else {
            self.found.push(whole(Kind::Bytes));
        }
    }

    /// Finds the regions of bytes that begin in UTF-16, by a byte order mark or by what is known of the document.
    pub(super) fn find_from(&mut self, bytes: &[u8], start: usize, encoding: Encoding) {
        self.found.clear();
        self.walk(bytes, start, if encoding == Encoding::UTF_16LE { 1 } else { 2 });
    }

    fn walk(&mut self, bytes: &[u8], start: usize, first: usize) {
        let rest = &bytes[start..];
        self.from.clear();
        self.from.resize(rest.len() + 1, [0; STATES]);
        const FAR: u32 = u32::MAX / 2;
        // What the cheapest way to this place costs, and to the next and the one after, by the state it ends in.
        let mut costs = [[FAR; STATES]; 3];
        costs[0][first] = 0;
        self.from[0] = [first as u8; STATES];
        // Where the bytes are UTF-8 there is less to wonder at.
        let mut chunks = rest.utf8_chunks();
        let (mut valid, mut upto) = (0, 0);
        for at in 0..rest.len() {
            let enter = match at.checked_sub(1).map(|before| rest[before]) {
                None => ENTER,
                Some(b'\n') => 14,
                Some(0) => 24,
                _ => 70,
            };
            let after_unit = |big: bool| at >= 2 && matches!(unit(&rest[at - 2..at], big), 0x0A | 0x0D);
            let leave = [0, if after_unit(false) { 4 } else { 60 }, if after_unit(true) { 4 } else { 60 }];
            // Changes take no bytes.
            for state in 1..STATES {
                if costs[0][state] + leave[state] < costs[0][BYTES] {
                    costs[0][BYTES] = costs[0][state] + leave[state];
                    self.from[at][BYTES] = state as u8;
                }
            }
            for state in 1..STATES {
                if costs[0][BYTES] + enter < costs[0][state] {
                    costs[0][state] = costs[0][BYTES] + enter;
                    self.from[at][state] = BYTES as u8;
                }
            }
            if at == upto
                && let Some(chunk) = chunks.next()
            {
                valid = at + chunk.valid().len();
                upto = valid + chunk.invalid().len();
            }
            costs[1][BYTES] = costs[0][BYTES].saturating_add(byte_cost(rest, at, at < valid));
            self.from[at + 1][BYTES] = BYTES as u8;
            if let Some(pair) = rest.get(at..at + 2) {
                for (state, big) in [(1, false), (2, true)] {
                    let cost = costs[0][state].saturating_add(unit_cost(unit(pair, big)));
                    costs[2][state] = cost;
                    self.from[at + 2][state] = state as u8;
                }
            }
            costs = [costs[1], costs[2], [FAR; STATES]];
            // Sums stay small: only differences matter.
            let least = costs.iter().flatten().copied().min().unwrap_or(0);
            costs.iter_mut().flatten().for_each(|c| *c = (*c - least).min(FAR));
        }
        let last = (0..STATES).min_by_key(|s| costs[0][*s] + if *s == BYTES { 0 } else { 1 }).unwrap_or(BYTES);
        self.read_back(bytes.len(), start, last);
    }

    /// The regions, from the last to the first, of the cheapest way.
    fn read_back(&mut self, end: usize, start: usize, last: usize) {
        let (mut at, mut state, mut upto) = (end - start, last, end);
        loop {
            let begins = |f: &mut Self, at: usize, upto: &mut usize, state: usize| {
                if *upto > start + at {
                    f.found.push(Region { start: start + at, end: *upto, kind: kind(state) });
                    *upto = start + at;
                }
            };
            let before = usize::from(self.from[at][state]);
            if before != state {
                begins(self, at, &mut upto, state);
                state = before;
                // Two changes in one place: from UTF-16 through bytes to UTF-16.
                continue;
            }
            let width = if state == BYTES { 1 } else { 2 };
            if at < width {
                begins(self, 0, &mut upto, state);
                break;
            }
            at -= width;
        }
        self.found.reverse();
    }
}

fn kind(state: usize) -> Kind {
    match state {
        BYTES => Kind::Bytes,
        1 => Kind::Units(Encoding::UTF_16LE),
        _ => Kind::Units(Encoding::UTF_16BE),
    }
}

fn unit(pair: &[u8], big: bool) -> u16 {
    let pair = [pair[0], pair[1]];
    if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
}

/// UTF-16 all through, or nearly so, rather than bytes with a zero here and there.
pub(super) fn all_units(bytes: &[u8]) -> Option<Encoding> {
    let valid = bytes.utf8_chunks().next().map_or(0, |chunk| chunk.valid().len());
    let own: u32 = (0..bytes.len()).map(|at| byte_cost(bytes, at, at < valid)).sum();
    let (pairs, odd) = bytes.as_chunks::<2>();
    let odd = if odd.is_empty() { 0 } else { HALF };
    let of = |big| pairs.iter().map(|pair| unit_cost(unit(pair, big))).sum::<u32>() + odd;
    let (little, big) = (of(false), of(true));
    let (encoding, units) = if little <= big { (Encoding::UTF_16LE, little) } else { (Encoding::UTF_16BE, big) };
    (units + ENTER < own).then_some(encoding)
}

/// Half bits that a document in UTF-16 without a byte order mark costs more than one of bytes.
const ENTER: u32 = 4;
/// What half a unit at the end costs.
const HALF: u32 = 60;
/// What a zero among bytes costs: it slips into text, and fields end with it.
const ZERO: u32 = 26;

/// Half bits.
fn byte_cost(bytes: &[u8], at: usize, utf8: bool) -> u32 {
    let small = |byte: u8| matches!(byte, b'a'..=b'z' | b' ');
    match bytes[at] {
        0 => ZERO,
        // Words are made of small letters.
        byte if small(byte) && at > 0 && small(bytes[at - 1]) => 7,
        b'\t' | b'\n' | b'\r' | 0x20..=0x7E => 9,
        0x01..=0x1F | 0x7F => 32,
        0x80.. if utf8 => 6,
        0x80.. => 10,
    }
}

/// Half bits.
fn unit_cost(unit: u16) -> u32 {
    let [high, low] = unit.to_be_bytes();
    let line_end = |byte| matches!(byte, b'\n' | b'\r');
    let printable = |byte| matches!(byte, 0x20..=0x7E);
    match unit {
        // A line end of one byte beside ASCII.
        _ if (line_end(high) && printable(low)) || (line_end(low) && printable(high)) => 30,
        0x0A | 0x0D | 0x09 | 0x20..=0x7E => 10,
        0xFEFF => 4,
        // Two line ends of one byte each.
        0x0A0A | 0x0A0D | 0x0D0A | 0x0D0D => 40,
        0xA0..=0x24F | 0x370..=0x10FF => 14,
        0x1100..=0x13FF | 0x1780..=0x17FF | 0x1E00..=0x1EFF => 16,
        0x2010..=0x203F | 0x20AC | 0x3000..=0x30FF => 16,
        0xFF00..=0xFFEF => 18,
        0xAC00..=0xD7A3 => 19,
        // A letter and a zero the other way around, but for the most usual character.
        0x4E01..=0x7EFF if low == 0 => 36,
        0x4E00..=0x9FFF => 19,
        0xD800..=0xDFFF => 34,
        0x00..=0x9F | 0xE000..=0xF8FF | 0xFFF0.. => 100,
        _ => 30,
    }
}

/// UTF-32 never comes about by chance: most numbers are no characters.
fn utf32(bytes: &[u8]) -> Option<Encoding> {
    let (units, rest) = bytes[..bytes.len().min(SAMPLE)].as_chunks::<4>();
    if units.len() < 2 || (!rest.is_empty() && bytes.len() <= SAMPLE) {
        return None;
    }
    let is_text = |code: u32| char::from_u32(code).is_some_and(|c| !c.is_control() || c.is_ascii_whitespace());
    let all = |read: fn([u8; 4]) -> u32| units.iter().all(|unit| is_text(read(*unit)));
    match () {
        () if all(u32::from_le_bytes) => Some(Encoding::UTF_32LE),
        () if all(u32::from_be_bytes) => Some(Encoding::UTF_32BE),
        () => None,
    }
}

/// True for what could be UTF-16 without a single zero byte, so of a script that is not Latin: one byte of most pairs is the
/// high byte of such characters.
fn might_be_units(sample: &[u8], look: &Look<'_>) -> bool {
    let (pairs, _) = sample.as_chunks::<2>();
    let valid = look.text.is_some();
    let odd = || sample.len() <= ODD && memchr::memchr3(0x0B, 0x0E, 0x1E, sample).is_some();
    if pairs.len() < 2 || (valid && !look.controls && !odd()) {
        return false;
    }
    let likely =
        |b: u8| matches!(b, 0x03..=0x0E | 0x10 | 0x12 | 0x13 | 0x17 | 0x1E | 0x30 | 0x4E..=0x9F | 0xAC..=0xD7 | 0xFF);
    let count = |at: usize| pairs.iter().filter(|pair| likely(pair[at])).count();
    (0..2).any(|at| count(at) * 8 >= pairs.len() * 7)
        && (!valid || sample.iter().any(|b| is_odd(*b)))
        && !sample.split(|b| *b == b'\n').any(is_line)
}

/// A line that is text as it is: hardly ever part of UTF-16, but the rest of the document may be.
fn is_line(bytes: &[u8]) -> bool {
    bytes.len() >= LINE && !bytes.iter().any(|b| *b < b' ') && simdutf8::basic::from_utf8(bytes).is_ok()
}

/// A control character that text does not have, not even with escapes.
fn is_odd(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x08 | 0x0E | 0x0F | 0x1B)
}

/// True for what could be EBCDIC, in which a space is 0x40: no text of ASCII has an at sign for every word.
fn might_be_ebcdic(sample: &[u8], valid: bool) -> bool {
    let count = |byte| memchr::memchr_iter(byte, sample).count();
    if valid
        && (memchr::memchr(b' ', &sample[..sample.len().min(WORD)]).is_some()
            || memchr::memchr(0x40, &sample[..sample.len().min(WORD)]).is_none()
            || memchr::memchr(b' ', sample).is_some()
            || count(0x40) < 2)
    {
        return false;
    }
    let (spaces, ats) = (count(b' '), count(0x40));
    let high = sample.iter().filter(|b| **b >= 0x80).count();
    if high * 4 < sample.len() {
        // All letters of Hebrew are there below 0x80.
        return spaces == 0
            && ats >= 2
            && ats * 15 >= sample.len()
            && ats * 2 < sample.len()
            && !sample.contains(&b'.');
    }
    !valid && spaces * 20 <= sample.len() && high * 2 >= sample.len() && (ats * 30 >= sample.len() || sample.len() < 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(bytes: &[u8]) -> Vec<Region> {
        let mut finder = Finder::default();
        let look = Look::at(bytes, false);
        finder.find(bytes, 0, &look, &mut Guesser::default());
        let mut at = 0;
        for region in &finder.found {
            assert!(region.start == at && region.end > at);
            at = region.end;
        }
        assert_eq!(at, bytes.len());
        let whole = [Region { start: 0, end: bytes.len(), kind: Kind::Bytes }];
        assert!(!is_plain(bytes, &look) || finder.found == whole);
        finder.found
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        let encoding = if big { Encoding::UTF_16BE } else { Encoding::UTF_16LE };
        encoding.encode(text).unwrap()
    }

    #[test]
    fn a_splice_at_any_place() {
        for text in ["Ein Satz, der hier steht.\n", "Первая строка, затем вторая.\n", "한국어로 쓴 문장입니다.\n"]
        {
            for big in [false, true] {
                for pad in 1..32 {
                    let before = format!("{}\n", "x".repeat(pad)).into_bytes();
                    let splice = utf16(text, big);
                    let bytes = [&before[..], &splice, b"and plain text.\n"].concat();
                    let kind = Kind::Units(if big { Encoding::UTF_16BE } else { Encoding::UTF_16LE });
                    let (a, b) = (before.len(), before.len() + splice.len());
                    let want = [(0, a, Kind::Bytes), (a, b, kind), (b, bytes.len(), Kind::Bytes)];
                    assert_eq!(
                        found(&bytes),
                        want.map(|(start, end, kind)| Region { start, end, kind }),
                        "{text} {pad}"
                    );
                }
            }
        }
    }

    #[test]
    fn zeros_among_bytes_are_no_utf16() {
        for text in [
            "The old mill stands by the river, and nobody knows who built it.",
            "Die alte Mühle steht am Fluss, und niemand weiß, wer sie gebaut hat.",
            "Старая мельница стоит у реки, и никто не знает, кто её построил.",
            "川のそばに古い水車小屋があって、だれが建てたのか知る人はいません。",
        ] {
            for at in (0..=text.len()).filter(|at| text.is_char_boundary(*at)) {
                let (before, after) = text.split_at(at);
                for zeros in ["\0", "\0\0", "\0a\0"] {
                    let bytes = [before, zeros, after].concat().into_bytes();
                    let whole = [Region { start: 0, end: bytes.len(), kind: Kind::Bytes }];
                    assert_eq!(found(&bytes), whole, "{}", bytes.escape_ascii());
                    assert_eq!(all_units(&bytes), None, "{}", bytes.escape_ascii());
                }
            }
        }
        let fields = b"name\0Anna Weber\0street\0Am alten Markt\0town\0Lindau\0";
        assert_eq!(found(fields), [Region { start: 0, end: fields.len(), kind: Kind::Bytes }]);
        assert_eq!(crate::decode::paragraphs(fields, &crate::decode::Hints::default()).count(), 1, "no binary data");
    }

    #[test]
    fn a_line_of_text_before_utf16() {
        for text in ["昨日は図書館で本を借りました\n", "我们昨天去了图书馆借书\n"] {
            for big in [false, true] {
                let before = "Ещё одна строка\n".as_bytes();
                let bytes = [before, &utf16(text, big)].concat();
                let regions = found(&bytes);
                assert_eq!((regions[0].end, regions[0].kind), (before.len(), Kind::Bytes), "{text} {big}");
            }
        }
    }

    #[test]
    fn whole_documents() {
        let units = Kind::Units;
        for (bytes, kind) in [
            (b"plain text\nand more\n".to_vec(), Kind::Bytes),
            (utf16("只有汉字没有空格", false), units(Encoding::UTF_16LE)),
            (utf16("只有汉字没有空格", true), units(Encoding::UTF_16BE)),
            (Encoding::UTF_32LE.encode("four bytes").unwrap(), units(Encoding::UTF_32LE)),
            (Encoding::UTF_32BE.encode("vier Bytes für jedes").unwrap(), units(Encoding::UTF_32BE)),
            (Encoding::for_label("cp500").unwrap().encode("une lettre de la maison").unwrap(), Kind::Ebcdic),
            (b"a\0b".to_vec(), Kind::Bytes),
            (utf16("набережная", false), units(Encoding::UTF_16LE)),
            (utf16("θάλασσα", true), units(Encoding::UTF_16BE)),
            (utf16("שלוםלכם", false), units(Encoding::UTF_16LE)),
            (utf16("ልጆቹ በአትክልት ስፍራ", true), units(Encoding::UTF_16BE)),
            (utf16("hi", true), units(Encoding::UTF_16BE)),
            (b"user@example.org,other@example.org,third@example.net".to_vec(), Kind::Bytes),
        ] {
            assert_eq!(found(&bytes), [Region { start: 0, end: bytes.len(), kind }], "{}", bytes.escape_ascii());
        }
    }
}
