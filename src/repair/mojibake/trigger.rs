//! A cheap look at a text: whether a stretch of it may have been wrongly decoded.
//!
//! Characters that are not ASCII, alone and with their neighbours, say in bits whether they look like text or like what a
//! wrong decoding makes. The sum of what speaks against them, from zero each time it falls below, tells where a stretch
//! begins to be wrong (the cumulative sum test of Page 1954).

use std::str::Chars;

use super::sequences;
use crate::char_table::CharTable;

/// Number of features.
pub const TRIGGERS: usize = 1 << BITS;

const BITS: u32 = 18;

/// Bits of a character's place in its row.
const ROW: u32 = 6;

/// Steps of a weight in a bit.
pub const TRIGGER_STEPS: i32 = 16;

/// Made by `cargo xtask mojibake`: a signed byte for each feature, above zero for what looks wrong.
static WEIGHTS: &[u8; TRIGGERS] = include_bytes!("trigger.bin");

/// What each place says for the text from the start: suspicion fades where nothing speaks for it. In steps.
pub const DRIFT: i32 = 2;

/// Bits against a stretch of a short text from which on it is looked at closely, and how many more for one twice as long: the
/// more places, the more stretches there are that look wrong by chance.
const LOOK: f32 = 7.5;
const LONGER: f32 = 1.5;
/// Bytes of a short text, and how often twice as long counts.
const SHORT: f32 = 80.0;
const DOUBLINGS: f32 = 5.0;

/// By how many bits the program looks earlier than the weights were trained to make it: what it then finds must be told by words.
const EARLIER: f32 = 1.5;

/// Steps against a stretch of a text of so many bytes from which on it is to be looked at closely, in training.
pub fn look(len: usize) -> i32 {
    let doublings = (len as f32 / SHORT).log2().clamp(0.0, DOUBLINGS);
    ((LOOK + LONGER * doublings) * TRIGGER_STEPS as f32) as i32
}

/// Bits against a part of such a stretch.
const HINT: i32 = 2;

/// What a pair of characters may say at most, in steps, to be usual.
pub const USUAL: i32 = -1;

const MULTIPLIERS: [u64; KINDS] =
    [0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F, 0xD6E8_FEB8_6659_FD93, 0xA076_1D64_78BD_642F];

/// A character as it counts here: ASCII letters in lower case, digits alike, all else as it is.
#[inline]
fn code(c: u32) -> u64 {
    let plain = match c {
        0x41..=0x5A => c | 0x20,
        0x31..=0x39 => 0x30,
        _ => c,
    };
    plain.into()
}

/// Features of each character: alone, with one, two and three before it.
const KINDS: usize = 4;

/// Of each character its code and, in the low byte, what it says alone; or [`BEYOND`].
static ALONE: CharTable<u32> = CharTable::new(|c| {
    let this = code(c.into());
    if is_beyond(c) { BEYOND } else { (this as u32) << 8 | u32::from(weight(feature(0, this, 0)) as u8) }
});

/// Says that no encoding has a character which text is wrongly read as.
const BEYOND: u32 = u32::MAX;

/// A character that is not ASCII or has one shortly before it, and the three before it.
#[derive(Clone, Copy)]
struct Place {
    before: [u64; 3],
    this: u64,
    /// What the character says alone, in steps.
    alone: i32,
}

impl Place {
    /// The feature of the character with the one before it.
    #[inline]
    fn near(self) -> usize {
        feature(self.before[2], self.this, 1)
    }

    /// Those with two and three before it.
    #[inline]
    fn far(self) -> [usize; 2] {
        let two = self.before[1] << 21 | self.before[2];
        [feature(two, self.this, 2), feature(two ^ self.before[0].wrapping_mul(MULTIPLIERS[0]), self.this, 3)]
    }
}

/// A character after others. Those of one row of Unicode, which mostly come together, stand together.
#[inline]
fn feature(before: u64, this: u64, kind: usize) -> usize {
    let hash = (before << 15 ^ this >> ROW).wrapping_mul(MULTIPLIERS[kind]);
    let row = hash >> (64 - BITS + ROW);
    (row << ROW | (this ^ hash >> 20) & ((1 << ROW) - 1)) as usize
}

/// What a feature says, in steps.
#[inline]
fn weight(feature: usize) -> i32 {
    i32::from(WEIGHTS[feature & (TRIGGERS - 1)] as i8)
}

/// The places of a stretch of text, one after the other: from a character that is not ASCII on, until two of ASCII follow or,
/// given as None, one that no encoding has which text is wrongly read as.
struct Stretch<'t> {
    /// What follows the last place.
    chars: Chars<'t>,
    /// The three characters before that.
    last: [u64; 3],
    /// How many of them are ASCII.
    plain: u32,
}

/// Characters of ASCII that end a stretch.
const PLAIN: u32 = 2;

impl<'t> Stretch<'t> {
    /// The first stretch behind what begins at `at`.
    fn first(text: &'t str, mut at: usize) -> Option<Self> {
        let bytes = text.as_bytes();
        while bytes.get(at..).is_some_and(begins_beyond) {
            at += 3;
        }
        let first = next_high(bytes, at)?;
        // Two characters of ASCII stand before it, or the text begins.
        let before = |k: usize| first.checked_sub(k).map(|i| bytes[i]).filter(u8::is_ascii).unwrap_or(b' ');
        let last = [code(before(3).into()), code(before(2).into()), code(before(1).into())];
        Some(Self { chars: text[first..].chars(), last, plain: 0 })
    }

    /// Where it ends in the text.
    fn end(&self, text: &str) -> usize {
        text.len() - self.chars.as_str().len()
    }
}

impl Iterator for Stretch<'_> {
    type Item = Option<Place>;

    #[inline(always)]
    fn next(&mut self) -> Option<Self::Item> {
        if self.plain == PLAIN {
            return None;
        }
        let c = self.chars.next()?;
        let known = ALONE.get(c);
        if known == BEYOND {
            self.plain = PLAIN;
            return Some(None);
        }
        self.plain = if c.is_ascii() { self.plain + 1 } else { 0 };
        let place = Place { before: self.last, this: u64::from(known >> 8), alone: i32::from(known as i8) };
        self.last = [self.last[1], self.last[2], place.this];
        Some(Some(place))
    }
}

/// The scripts of India, and from Georgian to Tibetan and Burmese: no encoding that text is wrongly read as has them.
#[inline]
fn is_beyond(c: char) -> bool {
    matches!(c, '\u{800}'..='\u{DFF}' | '\u{F00}'..='\u{1DFF}')
}

/// The same of the first character of some bytes.
#[inline]
fn begins_beyond(bytes: &[u8]) -> bool {
    matches!(bytes, [0xE0, 0xA0..=0xB7 | 0xBC..=0xBF, ..] | [0xE1, 0x80..=0xB7, ..])
}

/// Where the next byte is that is not ASCII.
#[inline]
fn next_high(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(eight) = bytes.get(at..at + 8).and_then(|eight| <[u8; 8]>::try_from(eight).ok()) {
        let high = u64::from_le_bytes(eight) & 0x8080_8080_8080_8080;
        if high != 0 {
            return Some(at + high.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    bytes[at..].iter().position(|b| *b >= 0x80).map(|found| at + found)
}

/// Gives the features of each place of a text to `take`, for training; None where a new stretch begins.
pub fn trigger_features(text: &str, mut take: impl FnMut(Option<[usize; KINDS]>)) {
    let features = |place: Place| {
        let [two, three] = place.far();
        [feature(0, place.this, 0), place.near(), two, three]
    };
    let mut at = 0;
    while let Some(mut stretch) = Stretch::first(text, at) {
        stretch.by_ref().for_each(|place| take(place.map(features)));
        at = stretch.end(text);
    }
}

/// True where a stretch of the text looks as if it had been wrongly decoded.
pub(super) fn suspects(text: &str) -> bool {
    exceeds(text, look(text.len()) - (EARLIER * TRIGGER_STEPS as f32) as i32) || sequences::may_hold_sign(text)
}

/// True where something in a part of a text that is suspected speaks against it.
pub(super) fn hints(part: &str) -> bool {
    exceeds(part, HINT * TRIGGER_STEPS)
}

fn exceeds(text: &str, limit: i32) -> bool {
    let (mut at, mut sum) = (0, 0);
    while let Some(mut stretch) = Stretch::first(text, at) {
        for place in stretch.by_ref() {
            let Some(place) = place else {
                sum = 0;
                break;
            };
            let near = place.alone + weight(place.near());
            // Where nothing speaks against the text so far, a usual pair needs no more context.
            if sum > 0 || near > USUAL {
                let [two, three] = place.far();
                sum = (sum + near + weight(two) + weight(three) - DRIFT).max(0);
                if sum >= limit {
                    return true;
                }
            }
        }
        at = stretch.end(text);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn high_bytes_are_found_at_every_place() {
        for n in 0..32 {
            for after in 0..32 {
                let text = format!("{}é{}", "a".repeat(n), "b".repeat(after));
                assert_eq!(next_high(text.as_bytes(), 0), Some(n));
                assert_eq!(next_high(text.as_bytes(), n + 2), None);
            }
        }
    }

    #[test]
    fn what_was_wrongly_decoded_is_suspected() {
        for (text, suspected) in [
            ("Le cafÃ© est trÃ¨s bon et le thÃ© aussi", true),
            ("Le café est très bon et le thé aussi", false),
            ("Ïðèâåò, êàê äåëà?", true),
            ("Привет, как дела?", false),
            ("यह ठीक है, cafÃ© trÃ¨s bon, dÃ©jÃ  vu", true),
            ("यह ठीक है और वह भी", false),
        ] {
            assert_eq!(suspects(text), suspected, "{text}");
        }
    }

    #[test]
    fn what_is_beyond_shows_in_its_bytes() {
        for c in char::MIN..=char::MAX {
            assert_eq!(is_beyond(c), begins_beyond(c.encode_utf8(&mut [0; 4]).as_bytes()), "{c:?}");
        }
    }

    #[test]
    fn scripts_without_wrong_encodings_say_nothing() {
        let mut places = 0;
        trigger_features("हिन्दी ქართული བོད་ မြန်မာ", |place| {
            places += usize::from(place.is_some())
        });
        assert_eq!(places, 0);
    }

    #[test]
    fn longer_texts_need_more() {
        assert!((1..10_000).all(|len| look(len) <= look(len + 1)));
        assert!(look(0) > 0 && look(usize::MAX) < 20 * TRIGGER_STEPS);
    }
}
