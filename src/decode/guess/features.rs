//! Features of a decoded text: n-grams of letters and of classes that touch a character which is not ASCII, and the
//! words beside it. Hashed to numbers below [`SIZE`].

use super::chars::{EDGE, Packed, class_of, code, is_letter, reach};

const BITS: u32 = 20;

/// Number of features.
pub const SIZE: usize = 1 << BITS;

/// Longest n-gram.
const ORDER: usize = 5;

/// Words in which the words beside are looked at.
const WORDS: usize = 12;

/// A place where n-grams end that touch a character of interest.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct End {
    at: u32,
    /// Characters back to the last one of interest: shorter n-grams do not touch it.
    back: u8,
    /// From this character of interest back to the one before, when others stand between them.
    apart: u8,
    /// Hashes of the words before and after the word that begins to be of interest here; 0 for none.
    beside: [u32; 2],
}

impl End {
    /// Where it is, when there is a character of interest.
    pub(super) fn tells(&self) -> Option<usize> {
        (self.back == 0).then_some(self.at as usize)
    }
}

/// The places where all n-grams end, for encodings in which no byte means ASCII.
pub(super) fn all_ends(len: usize, out: &mut Vec<End>) {
    out.extend((0..=len).map(|at| End { at: at as u32, ..End::default() }));
}

/// The places where n-grams end that touch a character of interest.
pub(super) fn ends(len: usize, of_interest: impl Fn(usize) -> bool, out: &mut Vec<End>) {
    let mut last: Option<usize> = None;
    for at in 0..=len {
        let mut apart = 0;
        if at < len && of_interest(at) {
            apart = last.map(|last| at - last).filter(|d| (2..64).contains(d)).unwrap_or(0);
            last = Some(at);
        }
        let back = last.map_or(ORDER, |last| at - last);
        if back < ORDER {
            out.push(End { at: at as u32, back: back as u8, apart: apart as u8, beside: [0; 2] });
        }
    }
}

/// Finds the words beside those that hold bytes above ASCII.
pub(super) fn look_beside(raw: &[u8], ends: &mut [End]) {
    let inside = |at: usize| raw.get(at).is_some_and(|b| b.is_ascii_alphabetic() || *b >= 0x80);
    let forward = |from: usize, most: usize, word: bool| (from..from + most).find(|i| inside(*i) != word);
    let backward = |from: usize, most: usize, word: bool| {
        (from.saturating_sub(most)..from)
            .rev()
            .find(|i| inside(*i) != word)
            .map_or(from.saturating_sub(most), |i| i + 1)
    };
    let mut until = 0;
    let firsts = ends.iter_mut().filter(|e| e.back == 0).filter_map(|e| {
        let at = e.at as usize;
        if at < until {
            return None;
        }
        until = forward(at, 24, true).unwrap_or(at + 24).min(raw.len());
        Some((e, until))
    });
    for (end, after) in firsts.take(WORDS) {
        let before = backward(backward(end.at as usize, 24, true), 3, false);
        let start = backward(before, 20, true);
        let next = forward(after, 3, false).unwrap_or(after + 3).min(raw.len());
        let stop = forward(next, 20, true).unwrap_or(next + 20).min(raw.len());
        end.beside = [word(&raw[start..before]), word(&raw[next..stop])];
    }
}

/// Hash of a word of ASCII letters in any case, of its last letters when it is long; 0 for others.
fn word(letters: &[u8]) -> u32 {
    if letters.is_empty() || !letters.iter().all(u8::is_ascii_alphabetic) {
        return 0;
    }
    let from = if letters.len() > 5 { letters.len() - 3 } else { 0 };
    letters[from..].iter().fold(7, |hash: u32, b| (hash ^ u32::from(b | 0x20)).wrapping_mul(0x9E37_79B1).rotate_left(9))
        | 1
}

/// The golden ratio, for multiply-shift hashing (Dietzfelbinger 1996), and another odd number without a pattern.
const MULTIPLIERS: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F];

const CLASS_PAIR: u64 = 10;
const CLASS_TRIPLE: u64 = 11;
const APART: u64 = 12;
const BESIDE: u64 = 13;

#[inline]
fn feature(key: u64, kind: u64) -> usize {
    let key = key ^ kind.wrapping_mul(MULTIPLIERS[1]);
    (key.wrapping_mul(MULTIPLIERS[0]) >> (64 - BITS)) as usize
}

/// The key of an n-gram with another character before it.
#[inline]
fn longer(key: u64, c: Packed) -> u64 {
    (key ^ code(c)).wrapping_mul(MULTIPLIERS[0]).rotate_left(23)
}

/// The feature of an n-gram, its last character first.
pub(super) fn n_gram(backwards: &[Packed]) -> usize {
    feature(backwards.iter().fold(0, |key, c| longer(key, *c)), backwards.len() as u64 - 1)
}

/// The feature of the classes of two characters.
#[inline]
pub(super) fn class_pair(first: Packed, second: Packed) -> usize {
    feature((class_of(second) << 5 | class_of(first)).into(), CLASS_PAIR)
}

/// Gives the features that end in these places to `take`; `char_at` knows the characters of the text, [`EDGE`] after it.
#[inline]
pub(super) fn features(char_at: impl Fn(usize) -> Packed, ends: &[End], most: usize, mut take: impl FnMut(usize)) {
    for end in ends {
        let at = end.at as usize;
        let back = |k: usize| if k > at { EDGE } else { char_at(at - k) };
        let last = back(0);
        let mut key = 0u64;
        for k in 0..ORDER.min(most).min(at + 2) {
            let c = back(k);
            key = longer(key, c);
            if k >= usize::from(end.back) {
                take(feature(key, k as u64));
            }
            if k > 0 && k + 1 >= reach(c) {
                break;
            }
        }
        if end.back <= 1 {
            take(class_pair(back(1), last));
        }
        if end.back <= 2 {
            let triple = class_of(last) << 10 | class_of(back(1)) << 5 | class_of(back(2));
            take(feature(triple.into(), CLASS_TRIPLE));
        }
        for word in end.beside.into_iter().filter(|word| *word > 0) {
            take(feature(u64::from(word) << 16 ^ code(last), BESIDE));
        }
        if end.apart > 0 {
            let other = back(end.apart.into());
            if other != last && is_letter(last) && is_letter(other) {
                take(feature(code(other) << 16 | code(last), APART));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::chars::pack;
    use super::*;

    fn count(text: &str) -> usize {
        let chars: Vec<char> = text.chars().collect();
        let (mut places, mut found) = (Vec::new(), 0);
        ends(chars.len(), |i| !chars[i].is_ascii(), &mut places);
        features(
            |i| chars.get(i).map_or(EDGE, |c| pack(*c)),
            &places,
            ORDER,
            |f| {
                assert!(f < SIZE);
                found += 1;
            },
        );
        found
    }

    #[test]
    fn only_n_grams_that_touch_count() {
        assert_eq!(count("plain text"), 0);
        // One to five letters, as many of each as they are long; two pairs and three triples of classes.
        assert_eq!(count("xxxxxéxxxxx"), 15 + 5);
        // What is no letter ends an n-gram: é, _é, é_, _é_.
        assert_eq!(count("word é word"), 4 + 5);
    }

    #[test]
    fn words_beside() {
        let raw = b"die K\xF6chin, und";
        let mut places = Vec::new();
        ends(raw.len(), |i| raw[i] >= 0x80, &mut places);
        look_beside(raw, &mut places);
        assert_eq!(places[0].beside, [word(b"die"), word(b"und")]);
        assert_eq!(word(b"DIE"), word(b"die"));
        assert_eq!(word(b"K\xF6chin"), 0);
        assert_eq!(word(b"singing"), word(b"bring"[2..].as_ref()));
    }
}
