//! [`Signs`]: which characters a text has that may need a repair, found in one pass for all repairs.

mod scan;

use std::ops::BitOr;
use std::sync::LazyLock;

use self::scan::BLOCK;
use super::registry::bits;

/// A set of kinds of characters. A repair names those that arouse it; most texts have none and are not looked at again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Signs(u64);

macro_rules! signs {
    ($($(#[$doc:meta])* $name:ident = [$($from:literal $(..= $to:literal)?),* $(,)?];)+) => {
        #[allow(clippy::upper_case_acronyms, non_camel_case_types)]
        enum Place { $($name,)+ }

        impl Signs {
            $($(#[$doc])* pub const $name: Self = Self(1 << Place::$name as u64);)+
        }

        /// Where each sign is: first and last character.
        const RANGES: &[(u32, u32, Signs)] = &[$($(signs!(@range $name $from $($to)?),)*)+];
    };
    (@range $name:ident $from:literal) => { ($from, $from, Signs::$name) };
    (@range $name:ident $from:literal $to:literal) => { ($from, $to, Signs::$name) };
}

signs! {
    /// `&`, with which an HTML entity begins.
    AMPERSAND = [0x26];
    /// Escape, with which a terminal's sequence begins, and its C1 form.
    ESCAPE = [0x1B, 0x9B];
    /// C0 without tab, line feed and carriage return, DEL, and what plain text has no use for: deprecated format
    /// characters, interlinear annotation, the place of an object.
    CONTROL = [0x00..=0x08, 0x0B..=0x0C, 0x0E..=0x1F, 0x7F, 0x206A..=0x206F, 0xFFF9..=0xFFFC];
    /// C1 controls: in decoded text mostly what a wrong decoding left.
    C1 = [0x80..=0x9F];
    /// Line ends other than LF: VT, FF, CR, NEL, LS, PS.
    LINE_END = [0x0B..=0x0D, 0x85, 0x2028..=0x2029];
    /// U+FEFF.
    BYTE_ORDER_MARK = [0xFEFF];
    /// Spaces other than U+0020; the visible Ogham space mark is none.
    SPACE = [0xA0, 0x2000..=0x200A, 0x202F, 0x205F, 0x3000];
    /// ZWSP, ZWNJ, ZWJ, word joiner, invisible operators, Mongolian vowel separator, combining grapheme joiner.
    ZERO_WIDTH = [0x34F, 0x180E, 0x200B..=0x200D, 0x2060..=0x2064];
    /// Directional marks, embeddings and isolates.
    BIDI = [0x61C, 0x200E..=0x200F, 0x202A..=0x202E, 0x2066..=0x2069];
    /// U+00AD.
    SOFT_HYPHEN = [0xAD];
    /// U+FFFD.
    REPLACEMENT = [0xFFFD];
    /// Latin and Armenian ligatures, Hebrew wide letters.
    LIGATURE = [0xFB00..=0xFB06, 0xFB13..=0xFB17, 0xFB20..=0xFB28, 0xFB4F];
    /// Digraphs of one character: Dutch, Afrikaans, Croatian.
    DIGRAPH = [0x132..=0x133, 0x149, 0x1C4..=0x1CC, 0x1F1..=0x1F3];
    /// Full- and half-width forms.
    WIDTH = [0x3000, 0xFF01..=0xFFEF];
    /// Curly quotes, primes and accents used as quotes.
    QUOTE = [0x60, 0xB4, 0x2BB..=0x2BF, 0x2018..=0x201F, 0x2032..=0x2037, 0x275B..=0x275E];
    /// Combining marks of all scripts with case, of symbols, and half marks.
    MARK = [0x300..=0x36F, 0x483..=0x489, 0x1AB0..=0x1AFF, 0x1DC0..=0x1DFF, 0x20D0..=0x20FF, 0xFE20..=0xFE2F];
    /// Cyrillic.
    CYRILLIC = [0x400..=0x52F, 0x1C80..=0x1C8F, 0x2DE0..=0x2DFF, 0xA640..=0xA69F];
    /// Greek.
    GREEK = [0x370..=0x3FF, 0x1F00..=0x1FFF];
    /// Greek Extended, with its oxia letters, and the spacing marks of Greek.
    GREEK_EXTENDED = [0x37E, 0x384..=0x387, 0x1F00..=0x1FFF];
    /// Armenian.
    ARMENIAN = [0x530..=0x58F];
    /// Hebrew.
    HEBREW = [0x590..=0x5FF, 0xFB1D..=0xFB4F];
    /// Arabic letters and marks.
    ARABIC = [0x600..=0x6FF, 0x750..=0x77F, 0x8A0..=0x8FF];
    /// Arabic presentation forms.
    ARABIC_FORM = [0xFB50..=0xFDFF, 0xFE70..=0xFEFC];
    /// Kashida.
    TATWEEL = [0x640];
    /// Devanagari to Sinhala.
    INDIC = [0x900..=0xDFF];
    /// Thai and Lao.
    THAI_LAO = [0xE00..=0xEFF];
    /// Tibetan.
    TIBETAN = [0xF00..=0xFFF];
    /// Myanmar.
    MYANMAR = [0x1000..=0x109F, 0xA9E0..=0xA9FF, 0xAA60..=0xAA7F];
    /// Khmer.
    KHMER = [0x1780..=0x17FF];
    /// Hangul compatibility and half-width letters.
    JAMO = [0x3130..=0x318F, 0xFFA0..=0xFFDC];
    /// S and T with cedilla.
    CEDILLA = [0x15E..=0x15F, 0x162..=0x163];
    /// Middle dots, and L with one.
    MIDDLE_DOT = [0xB7, 0x13F..=0x140, 0x387, 0x2022, 0x2027, 0x2219, 0x22C5, 0x30FB];
    /// Georgian capitals.
    MTAVRULI = [0x1C90..=0x1CBF];
    /// What Japanese encodings map in two ways: wave dash, double vertical line, minus sign, em dash and their kin.
    WAVE_DASH = [0x2014..=0x2016, 0x203E, 0x2212, 0x2225, 0x301C, 0xFF0D, 0xFF5E, 0xFFE3];
    /// CJK compatibility ideographs and radicals.
    CJK_COMPATIBILITY = [0x2E80..=0x2FDF, 0xF900..=0xFAFF];
    /// Letters by which Vietnamese is written.
    VIETNAMESE = [0xC0..=0xC3, 0xC8..=0xCA, 0xCC..=0xCD, 0xD2..=0xD5, 0xD9..=0xDA, 0xDD, 0xE0..=0xE3, 0xE8..=0xEA,
                  0xEC..=0xED, 0xF2..=0xF5, 0xF9..=0xFA, 0xFD, 0x102..=0x103, 0x110..=0x111, 0x128..=0x129,
                  0x168..=0x169, 0x1A0..=0x1A1, 0x1AF..=0x1B0, 0x1E80..=0x1EFF];
    /// Letters that the VNI fonts write three of the Vietnamese tones with.
    VNI = [0xCF, 0xD8, 0xDB, 0xEF, 0xF8, 0xFB];
    /// Any character that is not ASCII.
    HIGH = [];
}

impl BitOr for Signs {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.or(other)
    }
}

impl Signs {
    /// No sign.
    pub const NONE: Self = Self(0);
    /// Characters that no reader sees.
    pub const INVISIBLE: Self =
        Self::CONTROL.or(Self::ZERO_WIDTH).or(Self::BIDI).or(Self::SOFT_HYPHEN).or(Self::BYTE_ORDER_MARK);
    /// Every sign: a repair that must look at each text itself.
    pub const ALL: Self = Self(u64::MAX);

    /// This set and the other; `|` for constants.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// True when they have a sign in common.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Numbers of the signs.
    pub(super) fn places(self) -> impl Iterator<Item = usize> {
        bits(self.0)
    }

    /// The signs in a text.
    pub fn of(text: &str) -> Self {
        let (bytes, table) = (text.as_bytes(), &*TABLE);
        let mut signs = 0;
        scan::each(bytes, |at, found| {
            if found.odd {
                signs |= table.of_ascii(&bytes[at..]);
            }
            if found.high {
                signs |= Self::HIGH.0 | if found.cyrillic { Self::CYRILLIC.0 } else { 0 };
            }
            if found.mixed != 0 {
                let rest = &bytes[at..];
                signs |= match rest.first_chunk() {
                    Some(window) => table.at(window, found.mixed),
                    None => table.at_end(rest, found.mixed),
                };
            }
        });
        Self(signs)
    }
}

/// Signs by the first two bytes of a character, and by all three where those don't tell.
struct Table {
    ascii: [u64; 0x80],
    /// The sets of signs that characters have.
    sets: [u64; SETS],
    /// Which of these by two bytes, the second one higher, or [`THIRD`]. Characters of four bytes have no sign of their own.
    pairs: Box<[u8; 0x1_0000]>,
    /// By the first two bytes of a character of three, then by the third.
    rows: Vec<[u8; 64]>,
}

/// Sets of signs that there may be, with room for [`THIRD`].
const SETS: usize = 256;

/// Says that the third byte tells more.
const THIRD: u8 = u8::MAX;

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

impl Table {
    fn new() -> Self {
        // From each of these to the next all characters have the same signs.
        let mut edges: Vec<usize> = vec![0, 0x80, 0x1_0000];
        edges.extend(RANGES.iter().flat_map(|(from, to, _)| [*from as usize, *to as usize + 1]));
        edges.sort_unstable();
        edges.dedup();
        let signs_of = |c: usize| {
            let own = RANGES.iter().filter(|(from, to, _)| (*from as usize..=*to as usize).contains(&c));
            own.fold(if c < 0x80 { 0 } else { Signs::HIGH.0 }, |all, (_, _, sign)| all | sign.0)
        };
        let stretches = || edges.windows(2).map(|edge| (edge[0]..edge[1], signs_of(edge[0])));
        let mut all: Vec<u64> = stretches().map(|(_, signs)| signs).collect();
        all.sort_unstable();
        all.dedup();
        let set = |signs: u64| all.binary_search(&signs).unwrap_or_default() as u8;
        let mut flat = vec![0; 0x1_0000];
        stretches().for_each(|(chars, signs)| flat[chars].fill(set(signs)));
        let rows: Vec<[u8; 64]> = flat.as_chunks().0.to_vec();
        let mut pairs = Box::new([set(Signs::HIGH.0); 0x1_0000]);
        for (i, row) in rows.iter().enumerate() {
            let pair = 0x80E0 | i >> 6 | (i & 0x3F) << 8;
            pairs[pair] = if row.iter().all(|set| *set == row[0]) { row[0] } else { THIRD };
        }
        for (c, set) in flat[..0x800].iter().enumerate() {
            pairs[0x80C0 | c >> 6 | (c & 0x3F) << 8] = *set;
        }
        let sets = std::array::from_fn(|set| all.get(set).copied().unwrap_or(0));
        Self { ascii: std::array::from_fn(signs_of), sets, pairs, rows }
    }

    /// The signs of the characters of ASCII in a block.
    #[cold]
    fn of_ascii(&self, rest: &[u8]) -> u64 {
        let ascii = rest.iter().take(BLOCK).filter(|b| b.is_ascii());
        ascii.fold(0, |all, b| all | self.ascii[usize::from(*b)])
    }

    /// The signs of the characters that begin at these places of a block, a bit for each; they are not ASCII.
    #[inline]
    fn at(&self, window: &[u8; WINDOW], mut places: u32) -> u64 {
        let mut signs = 0;
        while places != 0 {
            let at = places.trailing_zeros() as usize;
            places &= places - 1;
            let (lead, second) = (window[at], window[at + 1]);
            let mut set = self.pairs[usize::from(u16::from_le_bytes([lead, second]))];
            if set == THIRD {
                let row = usize::from(lead & 0xF) << 6 | usize::from(second & 0x3F);
                set = self.rows[row][usize::from(window[at + 2] & 0x3F)];
            }
            signs |= self.sets[usize::from(set)];
        }
        signs
    }

    /// The same where less than a window is left.
    fn at_end(&self, rest: &[u8], places: u32) -> u64 {
        let mut window = [0; WINDOW];
        window[..rest.len()].copy_from_slice(rest);
        self.at(&window, places)
    }
}

/// The bytes of a block and of what begins in it.
const WINDOW: usize = BLOCK + 3;

#[cfg(test)]
mod tests {
    use super::*;

    fn by_ranges(c: u32) -> u64 {
        let own = RANGES.iter().filter(|(from, to, _)| (*from..=*to).contains(&c));
        own.fold(if c < 0x80 { 0 } else { Signs::HIGH.0 }, |all, (_, _, sign)| all | sign.0)
    }

    #[test]
    fn every_character_has_the_signs_of_its_ranges() {
        for c in char::MIN..='\u{1FFFF}' {
            let mut utf8 = [0; 4];
            assert_eq!(Signs::of(c.encode_utf8(&mut utf8)).0, by_ranges(c as u32), "{:04X}", c as u32);
        }
    }

    #[test]
    fn signs_are_found_at_every_place() {
        for n in 0..200 {
            for (odd, sign) in [('&', Signs::AMPERSAND), ('\u{ad}', Signs::SOFT_HYPHEN), ('\u{1f600}', Signs::HIGH)] {
                let text = format!("{}{odd}{}", "a".repeat(n), "b".repeat(200 - n));
                assert_eq!(Signs::of(&text), Signs(by_ranges(odd as u32)), "{odd:?} at {n}");
                assert!(Signs::of(&text).meets(sign));
            }
        }
        assert_eq!(Signs::of("plain text\twith\nlines, and 'quotes'"), Signs::NONE);
    }
}
