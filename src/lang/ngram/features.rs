//! Features of a text: hashed n-grams of letters within words, and whole words.

use super::letters::{BOUNDARY, Letters};

/// Texts with fewer letters than this have features of every order; longer ones can do without the shortest and the
/// longest.
pub(super) const SHORT: usize = 64;

/// One odd number an order, from the golden ratio onwards: multiply-shift hashing of vectors (Dietzfelbinger 1996).
const MULTIPLIERS: [u64; 5] =
    [0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0xD6E8_FEB8_6659_FD93, 0xA076_1D64_78BD_642F];

/// Added for each order, so that "a" and "a" with nothing before it differ.
const ORDERS: [u64; 6] = [
    0x243F_6A88_85A3_08D3,
    0x1319_8A2E_0370_7344,
    0xA409_3822_299F_31D0,
    0x082E_FA98_EC4E_6C89,
    0x4528_21E6_38D0_1377,
    0xBE54_66CF_34E9_0C6C,
];

/// The order of a whole word.
const WORD: u32 = 6;

/// Longest word that is a feature as a whole.
const LONGEST_WORD: usize = 24;

/// Gives each feature of a text with its order (letters in it; 6 for a whole word), as a number below `1 << bits`.
pub(super) fn features(letters: &Letters, bits: u32, mut take: impl FnMut(u32, u32)) {
    let codes = letters.codes();
    if codes.get(codes.len() / 2).is_some_and(|c| is_ideograph(*c)) {
        hash::<1, 1>(codes, bits, &mut take);
    } else if codes.len() < SHORT {
        hash::<1, 5>(codes, bits, &mut take);
    } else {
        hash::<3, 4>(codes, bits, &mut take);
    }
}

/// Han and kana: so many that sequences of them hardly come twice, and languages differ in the characters.
fn is_ideograph(code: u32) -> bool {
    (0x2E80..0xA000).contains(&code) || code >= 0x2_0000
}

fn hash<const FROM: usize, const TO: usize>(codes: &[u32], bits: u32, take: &mut impl FnMut(u32, u32)) {
    let shift = 64 - bits;
    // The last letters of the word so far with the boundary before it, latest first.
    let mut last = [0u64; TO];
    let (mut seen, mut word) = (1usize, 0u64);
    for &code in codes.get(1..).unwrap_or_default() {
        last.copy_within(..TO - 1, 1);
        last[0] = u64::from(code);
        seen += 1;
        let mut sum = 0u64;
        for order in 1..=TO {
            sum = sum.wrapping_add(last[order - 1].wrapping_mul(MULTIPLIERS[order - 1]));
            // A boundary alone is no feature.
            if order >= FROM && seen >= order && !(order == 1 && code == BOUNDARY) {
                take(order as u32, (mix(sum.wrapping_add(ORDERS[order - 1])) >> shift) as u32);
            }
        }
        if code == BOUNDARY {
            if seen <= LONGEST_WORD {
                take(WORD, (mix(word.wrapping_add(ORDERS[5])) >> shift) as u32);
            }
            (seen, word) = (1, 0);
        } else {
            word = (word ^ u64::from(code)).wrapping_mul(MULTIPLIERS[2]).rotate_left(23);
        }
    }
}

/// Spreads the last bits over the first.
fn mix(sum: u64) -> u64 {
    (sum ^ (sum >> 32)).wrapping_mul(MULTIPLIERS[0])
}
