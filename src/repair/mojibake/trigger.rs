//! A cheap look at a text: whether a stretch of it may have been wrongly decoded.
//!
//! Characters that are not ASCII, alone and with their neighbours, say in bits whether they look like text or like what a
//! wrong decoding makes. The sum of what speaks against them, from zero each time it falls below, tells where a stretch
//! begins to be wrong (the cumulative sum test of Page 1954).

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use super::sequences;
use crate::repair::Signs;

/// Number of features.
pub const TRIGGERS: usize = 1 << BITS;

const BITS: u32 = 18;

/// Bits of a character's place in its row.
const ROW: u32 = 6;
const LOW: u32 = (1 << ROW) - 1;

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

/// Bytes as they count here: ASCII letters in lower case, digits alike, all that is not ASCII as a space.
static ASCII: [u8; 0x100] = {
    let mut codes = [b' '; 0x100];
    let mut c = 0;
    while c < 0x80 {
        codes[c] = if matches!(c as u8, b'1'..=b'9') { b'0' } else { (c as u8).to_ascii_lowercase() };
        c += 1;
    }
    codes
};

/// Features of each character: alone, with one, two and three before it.
const KINDS: usize = 4;

/// A character after others. Those of one row of Unicode, which mostly come together, stand together.
#[inline]
const fn feature(before: u64, this: u32, kind: usize) -> usize {
    let this = this as u64;
    let hash = (before << 15 ^ this >> ROW).wrapping_mul(MULTIPLIERS[kind]);
    let row = hash >> (64 - BITS + ROW);
    (row << ROW | (this ^ hash >> 20) & LOW as u64) as usize
}

/// What a feature says, in steps.
#[inline]
fn weight(feature: usize) -> i32 {
    i32::from(WEIGHTS[feature & (TRIGGERS - 1)] as i8)
}

/// The scripts of India, and from Georgian to Tibetan and Burmese: no encoding that text is wrongly read as has them.
#[inline]
const fn is_beyond(c: u32) -> bool {
    matches!(c, 0x800..=0xDFF | 0xF00..=0x1DFF)
}

/// What each character of the basic plane says alone, in steps, or [`BEYOND`].
static ALONE: [i8; 0x1_0000] = {
    let mut alone = [BEYOND; 0x1_0000];
    let mut c = 0;
    while c < alone.len() as u32 {
        if !is_beyond(c) {
            alone[c as usize] = WEIGHTS[feature(0, c, 0)] as i8;
            assert!(alone[c as usize] != BEYOND);
        }
        c += 1;
    }
    alone
};
const BEYOND: i8 = i8::MIN;

/// What a character says alone, in steps; None for one that no encoding has which text is wrongly read as.
#[inline]
fn alone(c: u32) -> Option<i32> {
    match ALONE.get(c as usize) {
        Some(&BEYOND) => None,
        Some(says) => Some(i32::from(*says)),
        None => Some(weight(feature(0, c, 0))),
    }
}

/// The same of the first character of some bytes.
#[inline]
fn begins_beyond(bytes: &[u8]) -> bool {
    matches!(bytes, [0xE0, 0xA0..=0xB7 | 0xBC..=0xBF, ..] | [0xE1, 0x80..=0xB7, ..])
}

/// Characters of ASCII and of two bytes are below it.
const NARROW: u32 = 1 << NARROW_BITS;
const NARROW_BITS: u32 = 11;

/// For each character below [`NARROW`] and each row of them, which of the row say no more behind it than is usual, a bit each;
/// none where nobody asked yet. Half a megabyte, of which only pages that are asked about become memory.
static USUALS: [AtomicU64; 1 << (2 * NARROW_BITS - ROW)] = [const { AtomicU64::new(0) }; _];

/// Finds them out.
#[cold]
fn learn_usuals(before: u32, this: u32) -> u64 {
    let first = this & !LOW;
    let near = feature(before.into(), first, 1);
    let is_usual = |low: usize| i32::from(ALONE[first as usize | low]) + weight(near ^ low) <= USUAL;
    (0..1 << ROW).fold(0, |row, low| row | u64::from(is_usual(low)) << low)
}

/// Bits of a character among those before it.
const CHAR: u32 = 21;

/// The last three characters, as they count here, the last one lowest.
#[derive(Clone, Copy)]
struct Last(u64);

impl Last {
    /// What stands before a stretch: two characters of ASCII, or the text begins.
    #[inline]
    fn of(bytes: &[u8]) -> Self {
        let code = |byte: u8| u64::from(ASCII[usize::from(byte)]);
        let [a, b, c] = match *bytes {
            [.., a, b, c] => [a, b, c],
            [b, c] => [b' ', b, c],
            [c] => [b' ', b' ', c],
            [] => [b' '; 3],
        };
        Self(code(a) << (2 * CHAR) | code(b) << CHAR | code(c))
    }

    #[inline]
    fn one(self) -> u32 {
        self.0 as u32 & ((1 << CHAR) - 1)
    }

    #[inline]
    fn with(self, this: u32) -> Self {
        Self(self.0 << CHAR | u64::from(this))
    }

    /// The feature of a character with the one before it.
    #[inline]
    fn near(self, this: u32) -> usize {
        feature(self.one().into(), this, 1)
    }

    /// Those with two and three before it.
    #[inline]
    fn far(self, this: u32) -> [usize; 2] {
        let two = self.0 & ((1 << (2 * CHAR)) - 1);
        let first = self.0 >> (2 * CHAR) & ((1 << CHAR) - 1);
        let three = two ^ first.wrapping_mul(MULTIPLIERS[0]);
        [feature(two, this, 2), feature(three, this, 3)]
    }
}

/// What is known of the row of a character below [`NARROW`] behind another one.
#[inline]
fn usuals(before: u32, this: u32) -> &'static AtomicU64 {
    &USUALS[(before << (NARROW_BITS - ROW) | this >> ROW) as usize % USUALS.len()]
}

/// True where the two are known to say no more than is usual.
#[inline]
fn is_usual(before: u32, this: u32) -> bool {
    usuals(before, this).load(Relaxed) >> (this & LOW) & 1 == 1
}

/// Where the next stretch begins. Each goes from a character that is not ASCII on until two of ASCII follow or, as the last of
/// them, one that no encoding has which text is wrongly read as.
#[inline(always)]
fn next_stretch(bytes: &[u8], mut at: usize) -> Option<usize> {
    while bytes.get(at..).is_some_and(begins_beyond) {
        at += 3;
    }
    next_high(bytes, at)
}

/// The character that begins some bytes, as it counts here, and the bytes after it; None at the end.
#[inline(always)]
fn split(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let bits = |byte: &u8| u32::from(byte & 0x3F);
    match bytes {
        [a @ 0xE0..0xF0, b, c, after @ ..] => Some((u32::from(a & 0xF) << 12 | bits(b) << 6 | bits(c), after)),
        [a @ ..0x80, after @ ..] => Some((ASCII[usize::from(*a)].into(), after)),
        [a @ ..0xE0, b, after @ ..] => Some((u32::from(a & 0x1F) << 6 | bits(b), after)),
        [a, b, c, d, after @ ..] => Some((u32::from(a & 7) << 18 | bits(b) << 12 | bits(c) << 6 | bits(d), after)),
        _ => None,
    }
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
    let bytes = text.as_bytes();
    let mut rest = bytes;
    while let Some(start) = next_stretch(rest, 0) {
        let mut last = Last::of(&bytes[..bytes.len() - rest.len() + start]);
        rest = &rest[start..];
        while let Some((this, after)) = split(rest) {
            let ([two, three], alone) = (last.far(this), alone(this));
            take(alone.map(|_| [feature(0, this, 0), last.near(this), two, three]));
            let goes_on = (last.one() | this) >= 0x80 && alone.is_some();
            (rest, last) = (after, last.with(this));
            if !goes_on {
                break;
            }
        }
    }
}

/// True where a stretch of a text with these signs looks as if it had been wrongly decoded.
pub(super) fn suspects(text: &str, signs: Signs) -> bool {
    exceeds(text, look(text.len()) - (EARLIER * TRIGGER_STEPS as f32) as i32)
        || signs.meets(sequences::LEAD_SIGN) && sequences::may_hold_sign(text)
}

/// True where something in a part of a text that is suspected speaks against it.
pub(super) fn hints(part: &str) -> bool {
    exceeds(part, HINT * TRIGGER_STEPS)
}

fn exceeds(text: &str, limit: i32) -> bool {
    let bytes = text.as_bytes();
    let (mut rest, mut sum) = (bytes, 0);
    while let Some(start) = next_stretch(rest, 0) {
        rest = &rest[start..];
        if begins_beyond(rest) {
            sum = 0;
            continue;
        }
        let mut last = Last::of(&bytes[..bytes.len() - rest.len()]);
        loop {
            if sum == 0 && last.one() < NARROW {
                (rest, last) = pass_usual(rest, last);
                if let [a @ ..0x80, after @ ..] = rest {
                    let (before, this) = (last.one(), ASCII[usize::from(*a)].into());
                    if is_usual(before, this) {
                        (rest, last) = (after, last.with(this));
                        if before < 0x80 {
                            break;
                        }
                        continue;
                    }
                }
            }
            let before = last.one();
            let Some((this, after)) = split(rest) else { return false };
            rest = after;
            let Some(alone) = alone(this) else {
                sum = 0;
                break;
            };
            let near = alone + weight(last.near(this));
            // Where nothing speaks against the text so far, a usual pair needs no more context.
            if sum > 0 || near > USUAL {
                let [two, three] = last.far(this);
                sum = (sum + near + weight(two) + weight(three) - DRIFT).max(0);
                if sum >= limit {
                    return true;
                }
            } else if (before | this) < NARROW {
                usuals(before, this).store(learn_usuals(before, this), Relaxed);
            }
            last = last.with(this);
            if before | this < 0x80 {
                break;
            }
        }
    }
    false
}

/// Passes over characters of two bytes that say no more behind the ones before them than is usual.
#[inline(always)]
fn pass_usual(mut rest: &[u8], mut last: Last) -> (&[u8], Last) {
    let mut before = last.one();
    while let [a @ 0xC2..0xE0, b, after @ ..] = rest {
        let this = u32::from(a & 0x1F) << 6 | u32::from(b & 0x3F);
        if !is_usual(before, this) {
            break;
        }
        (rest, last, before) = (after, last.with(this), this);
    }
    (rest, last)
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
            assert_eq!(suspects(text, Signs::of(text)), suspected, "{text}");
        }
    }

    #[test]
    fn what_is_beyond_shows_in_its_bytes() {
        for c in char::MIN..=char::MAX {
            assert_eq!(is_beyond(c.into()), begins_beyond(c.encode_utf8(&mut [0; 4]).as_bytes()), "{c:?}");
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
