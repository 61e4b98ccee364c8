//! Features of a text: hashed n-grams of letters within words, whole words, and that it is names.

use super::letters::BOUNDARY;

/// Texts with fewer letters than this have features of every order, mostly; longer ones can do without the shortest and
/// the longest.
pub(super) const SHORT: usize = 64;

/// How closely a text is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// As its length asks for.
    Usual,
    /// As the rest of a text that is no longer short.
    Rest,
    /// As little as says nearly as much: sequences of three letters, and words.
    Glance,
}

/// Odd numbers for multiply-shift hashing (Dietzfelbinger 1996): the golden ratio, and others without a pattern.
const MULTIPLIERS: [u64; 3] = [0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F, 0xD6E8_FEB8_6659_FD93];

/// Added for each order, so that "a" and "a" with nothing before it differ.
const ORDERS: [u64; 7] = [
    0x243F_6A88_85A3_08D3,
    0x1319_8A2E_0370_7344,
    0xA409_3822_299F_31D0,
    0x082E_FA98_EC4E_6C89,
    0x4528_21E6_38D0_1377,
    0xBE54_66CF_34E9_0C6C,
    0xC0AC_29B7_C97C_50DD,
];

/// The order of a whole word.
const WORD: usize = 6;

/// The order of what is told of a text of names. Capitals say nothing of other texts, which may be written in any case.
const NAMES: usize = 7;

/// As many features as each name counts for: it is to have a say beside the n-grams of the name.
const NAME_WEIGHT: usize = 4;

/// Longest word that is a feature as a whole, with its boundaries.
const LONGEST_WORD: usize = 24;

/// Appends the features of letters, from a boundary on, as numbers below `1 << bits`, and tells each as soon as it is known.
pub(super) fn features(codes: &[u32], bits: u32, detail: Detail, out: &mut Vec<u32>, tell: impl Fn(u32)) {
    let middle = codes.iter().skip(codes.len() / 2).find(|c| **c != BOUNDARY).copied().unwrap_or_default();
    let found = Found { out, shift: 64 - bits, tell };
    match middle {
        // Han and kana: so many that sequences of Han hardly come twice, and languages differ in the characters.
        0x2E80..0xA000 | 0x2_0000.. => each_word(codes, found, |word, found| {
            found.grams::<1, 0>(word);
            found.pairs_of_kana(word);
        }),
        _ if detail == Detail::Glance => each_word(codes, found, |word, found| found.grams::<3, 1>(word)),
        _ if detail == Detail::Usual && codes.len() < SHORT => each_word(codes, found, |word, found| {
            // A boundary alone is a feature only where there are none between words.
            found.grams::<1, 0>(word.strip_suffix(&[BOUNDARY]).unwrap_or(word));
            found.grams::<2, 0>(word);
            found.grams::<3, 1>(word);
            found.grams::<4, 2>(word);
            found.grams::<5, 3>(word);
        }),
        _ => each_word(codes, found, |word, found| {
            found.grams::<3, 1>(word);
            found.grams::<4, 2>(word);
        }),
    }
}

/// Appends the feature of a text of so many names, as often as it counts.
pub(super) fn name_features(names: usize, bits: u32, out: &mut Vec<u32>) {
    let feature = (mix(0, NAMES) >> (64 - bits)) as u32;
    out.extend(std::iter::repeat_n(feature, names * NAME_WEIGHT));
}

/// The features that are found.
struct Found<'f, T> {
    out: &'f mut Vec<u32>,
    shift: u32,
    tell: T,
}

/// Appends what is found of each word, which stands with the boundary behind it, and the word as a whole.
#[inline(always)]
fn each_word<T: Fn(u32)>(codes: &[u32], mut found: Found<'_, T>, find: impl Fn(&[u32], &mut Found<'_, T>)) {
    let mut rest = codes.get(1..).unwrap_or_default();
    while !rest.is_empty() {
        let (mut whole, mut length) = (0u64, 0);
        for &code in rest.iter().take_while(|code| **code != BOUNDARY) {
            whole = (whole ^ u64::from(code)).wrapping_mul(MULTIPLIERS[2]).rotate_left(23);
            length += 1;
        }
        let (word, others) = rest.split_at(rest.len().min(length + 1));
        find(word, &mut found);
        if word.len() > length && word.len() < LONGEST_WORD {
            found.add(whole, WORD);
        }
        rest = others;
    }
}

impl<T: Fn(u32)> Found<'_, T> {
    #[inline(always)]
    fn add(&mut self, key: u64, order: usize) {
        let feature = (mix(key, order) >> self.shift) as u32;
        (self.tell)(feature);
        self.out.push(feature);
    }

    /// The sequences of so many letters of a word, with the boundary before it, from the first letters on that make one.
    #[inline(always)]
    fn grams<const ORDER: usize, const FIRST: usize>(&mut self, word: &[u32]) {
        let Some((first, others)) = word.split_first_chunk::<FIRST>() else { return };
        // The last four letters so far, sixteen bits each.
        let mut last = first.iter().fold(0, |last, code| last << 16 | short(*code));
        self.out.extend(others.iter().map(|code| {
            let fifth = last >> 48;
            last = last << 16 | short(*code);
            let key = match ORDER {
                5 => last ^ fifth.wrapping_mul(MULTIPLIERS[1]),
                4 => last,
                _ => last & ((1 << (16 * ORDER)) - 1),
            };
            let feature = (mix(key, ORDER) >> self.shift) as u32;
            (self.tell)(feature);
            feature
        }));
    }

    fn pairs_of_kana(&mut self, word: &[u32]) {
        let mut before = 0;
        for code in word.iter().map(|code| short(*code)) {
            if is_kana(before) && is_kana(code) {
                self.add(before << 16 | code, 2);
            }
            before = code;
        }
    }
}

/// Sixteen bits of a letter.
#[inline(always)]
fn short(code: u32) -> u64 {
    u64::from((code ^ code >> 16) as u16)
}

fn is_kana(code: u64) -> bool {
    matches!(code, 0x3041..=0x30FF)
}

/// The key's hash, good in its first bits.
fn mix(key: u64, order: usize) -> u64 {
    let key = key ^ ORDERS[order - 1];
    (key ^ (key >> 29)).wrapping_mul(MULTIPLIERS[0])
}

#[cfg(test)]
mod tests {
    use super::super::letters::Letters;
    use super::*;
    use crate::script::Script;

    fn count(text: &str, script: Script) -> usize {
        let (mut letters, mut out) = (Letters::default(), Vec::new());
        letters.clear();
        letters.read(text, script, 1000);
        features(letters.codes(), 16, Detail::Usual, &mut out, |_| ());
        assert!(out.iter().all(|f| *f < 1 << 16));
        out.len()
    }

    #[test]
    fn so_many_features() {
        for (text, script, want) in [
            ("", Script::LATN, 0),
            // a, _a, a_, _a_, and the word.
            ("a", Script::LATN, 5),
            // Letters 2, pairs 3, threes 2, four 1, and the word.
            ("ab", Script::LATN, 9),
            ("漢字", Script::HANI, 4),
            ("かな", Script::HANI, 5),
        ] {
            assert_eq!(count(text, script), want, "{text}");
        }
        // Threes and fours alone: of "_word_" four and three, and the word.
        assert_eq!(count(&"word ".repeat(30), Script::LATN), 30 * 8);
    }

    #[test]
    fn orders_and_letters_differ() {
        let mut seen = std::collections::BTreeSet::new();
        for order in 1..=7 {
            for key in 0..200u64 {
                seen.insert(mix(key, order) >> 40);
            }
        }
        assert!(seen.len() > 1390, "{}", seen.len());
    }
}
