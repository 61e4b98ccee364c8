//! A cheap look at a text: whether a stretch of it may have been wrongly decoded.
//!
//! Characters that are not ASCII, alone and with their neighbours, say in bits whether they look like text or like what a
//! wrong decoding makes. The sum of what speaks against them, from zero each time it falls below, tells where a stretch
//! begins to be wrong (the cumulative sum test of Page 1954).

/// Number of features.
pub const TRIGGERS: usize = 1 << BITS;

const BITS: u32 = 18;

/// Steps of a weight in a bit.
pub const TRIGGER_STEPS: i32 = 16;

/// Made by `cargo xtask mojibake`: a signed byte for each feature, above zero for what looks wrong.
static WEIGHTS: &[u8; TRIGGERS] = include_bytes!("trigger.bin");

/// What each place says for the text from the start: suspicion fades where nothing speaks for it. In steps.
pub const DRIFT: i32 = 2;

/// Bits against a stretch from which on it is looked at closely.
pub const LOOK: i32 = 8;

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

/// The features of a character with the three before it, of which the last two or it are not ASCII.
#[inline]
fn features(before: [u64; 3], this: u64) -> [usize; KINDS] {
    let pair = before[2] << 21 | this;
    let triple = before[1] << 42 | pair;
    let place = |key: u64, kind: usize| (key.wrapping_mul(MULTIPLIERS[kind]) >> (64 - BITS)) as usize;
    [place(this + 1, 0), place(pair, 1), place(triple, 2), place(triple ^ before[0].wrapping_mul(MULTIPLIERS[0]), 3)]
}

/// Gives the features of a text to `take`, place after place, until that says no.
#[inline]
fn walk(text: &str, mut take: impl FnMut([usize; KINDS]) -> bool) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|b| *b >= 0x80) {
        // Two characters of ASCII stand before it, or the text begins.
        let first = at + found;
        let before = |k: usize| first.checked_sub(k).map(|i| bytes[i]).filter(u8::is_ascii).unwrap_or(b' ');
        let mut last = [code(before(3).into()), code(before(2).into()), code(before(1).into())];
        let mut plain = 0;
        let mut end = first;
        for c in text[first..].chars() {
            end += c.len_utf8();
            plain = if c.is_ascii() { plain + 1 } else { 0 };
            let this = code(c.into());
            if !take(features(last, this)) {
                return false;
            }
            last = [last[1], last[2], this];
            if plain == 2 {
                break;
            }
        }
        at = end;
    }
    true
}

/// Gives the features of each place of a text to `take`, for training.
pub fn trigger_features(text: &str, mut take: impl FnMut([usize; KINDS])) {
    walk(text, |features| {
        take(features);
        true
    });
}

/// True where a stretch of the text looks as if it had been wrongly decoded.
pub(super) fn suspects(text: &str) -> bool {
    let mut sum = 0;
    !walk(text, |features| {
        let says: i32 = features.iter().map(|f| i32::from(WEIGHTS[*f & (TRIGGERS - 1)] as i8)).sum();
        sum = (sum + says - DRIFT).max(0);
        sum < LOOK * TRIGGER_STEPS
    })
}
