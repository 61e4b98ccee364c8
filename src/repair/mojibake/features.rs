//! Features of a text: n-grams of letters and of classes that touch a character which is not ASCII, and what stands
//! beside such characters. Hashed to numbers below [`SIZE`].

use super::chars::{EDGE, Packed, class_of, code, is_letter, reach};

const BITS: u32 = 20;

/// Number of features.
pub const SIZE: usize = 1 << BITS;

/// Longest n-gram.
const ORDER: usize = 5;

/// How far a letter speaks for the next one that is not ASCII, and a word for the one beside it.
const APART_MOST: usize = 64;
const WORD_MOST: usize = 24;

const MULTIPLIERS: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F];

const CLASS_PAIR: u64 = 10;
const CLASS_TRIPLE: u64 = 11;
const APART: u64 = 12;
const BESIDE: u64 = 13;
const NEARBY: u64 = 14;

/// Words on either side.
const WORDS: usize = 4;

/// Multiply-shift hashing (Dietzfelbinger 1996).
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

#[inline]
fn tells(c: Packed) -> bool {
    code(c) >= 0x80
}

/// Gives the features of `chars[from..to]` to `take`, each with the place where it ends; those around are context.
pub(super) fn features(chars: &[Packed], from: usize, to: usize, mut take: impl FnMut(usize, usize)) {
    let end = if to == chars.len() { to + 1 } else { to };
    let mut last = (from.saturating_sub(APART_MOST)..from).rev().find(|i| tells(chars[*i]));
    for at in from..end {
        let here = at < chars.len() && tells(chars[at]);
        let before = last.filter(|l| at - l < APART_MOST);
        if here {
            last = Some(at);
        }
        let Some(back) = last.map(|l| at - l).filter(|b| *b < ORDER) else { continue };
        n_grams(chars, at, back, |f| take(at, f));
        if here {
            beside(chars, at, before, |f| take(at, f));
        }
    }
}

/// Those that end at a place and reach `back` characters or more.
#[inline]
fn n_grams(chars: &[Packed], at: usize, back: usize, mut take: impl FnMut(usize)) {
    let mut last = [EDGE; ORDER];
    match at.checked_sub(ORDER - 1).and_then(|from| chars.get(from..=at)) {
        Some(own) => last.copy_from_slice(own),
        None => {
            // Near an edge of the text.
            for (k, slot) in last.iter_mut().rev().enumerate().take(at + 1) {
                *slot = chars.get(at - k).copied().unwrap_or(EDGE);
            }
        }
    }
    let char_at = |k: usize| last[ORDER - 1 - k];
    let mut key = 0u64;
    for k in 0..ORDER.min(at + 2) {
        let c = char_at(k);
        key = longer(key, c);
        if k >= back {
            take(feature(key, k as u64));
        }
        if k > 0 && k + 1 >= reach(c) {
            break;
        }
    }
    let class_at = |k: usize| u64::from(class_of(char_at(k)));
    let pair = class_at(0) << 6 | class_at(1);
    if back <= 1 {
        take(feature(pair, CLASS_PAIR));
    }
    if back <= 2 {
        take(feature(pair << 6 | class_at(2), CLASS_TRIPLE));
    }
}

/// The letter before that is not ASCII, and the ASCII words before and after, which tell of the language.
fn beside(chars: &[Packed], at: usize, before: Option<usize>, mut take: impl FnMut(usize)) {
    let this = chars[at];
    if let Some(before) = before.filter(|b| at - b > 1)
        && chars[before] != this
        && is_letter(chars[before])
        && is_letter(this)
    {
        take(feature(code(chars[before]) << 21 | code(this), APART));
    }
    let start = (at.saturating_sub(WORD_MOST)..at).rev().find(|i| !is_letter(chars[*i]));
    if before.is_some_and(|b| start.is_none_or(|s| b > s)) {
        return;
    }
    let key = |word: u64| word << 21 ^ code(this);
    let mut near = |from: Option<usize>, backwards: bool| {
        let mut space = from;
        for number in 0..WORDS {
            let Some(at) = space else { break };
            let (word, end) = word_at(chars, at, backwards);
            if let Some(word) = word {
                take(feature(key(word), if number == 0 { BESIDE } else { NEARBY }));
            }
            space = end;
        }
    };
    near(start, true);
    near((at..chars.len().min(at + WORD_MOST)).find(|i| !is_letter(chars[*i])), false);
}

/// The hash of the word of ASCII letters that begins after a space, None for another, and where the space after it is, None after
/// a word of another script; backwards the same of the word before.
fn word_at(chars: &[Packed], space: usize, backwards: bool) -> (Option<u64>, Option<usize>) {
    let (word, plain, next) = if backwards {
        let before = &chars[space.saturating_sub(WORD_MOST + 1)..space];
        let (len, plain) = measure(before.iter().rev());
        (&before[before.len() - len..], plain, space.checked_sub(len + 1))
    } else {
        let after = &chars[space + 1..chars.len().min(space + WORD_MOST + 2)];
        let (len, plain) = measure(after.iter());
        (&after[..len], plain, Some(space + 1 + len).filter(|at| *at < chars.len()))
    };
    let len = word.len();
    if len > WORD_MOST || plain == 0 && len > 1 {
        return (None, None);
    }
    // Of a long word its end, which says more of the language than its stem does.
    let from = if len > 5 { len - 3 } else { 0 };
    let hash = |hash: u64, c: &Packed| (hash ^ code(*c)).wrapping_mul(MULTIPLIERS[0]).rotate_left(19);
    ((len > 0 && plain == len).then(|| word[from..].iter().fold(7, hash) & 0xFFFF_FFFF), next)
}

/// How many letters come before anything else, and how many of them are ASCII.
#[inline]
fn measure<'c>(chars: impl Iterator<Item = &'c Packed>) -> (usize, usize) {
    let letters = chars.take_while(|c| is_letter(**c));
    letters.fold((0, 0), |(len, plain), c| (len + 1, plain + usize::from(!tells(*c))))
}

#[cfg(test)]
mod tests {
    use super::super::chars::pack;
    use super::*;

    fn found(text: &str, from: usize, to: usize) -> Vec<(usize, usize)> {
        let chars: Vec<Packed> = text.chars().map(pack).collect();
        let mut found = Vec::new();
        features(&chars, from, to.min(chars.len()), |at, f| found.push((at, f)));
        assert!(found.iter().all(|(_, f)| *f < SIZE));
        found
    }

    #[test]
    fn only_n_grams_that_touch_count() {
        assert_eq!(found("plain text", 0, 99).len(), 0);
        // One to five letters, as many of each as they are long; two pairs and three triples of classes.
        assert_eq!(found("xxxxxéxxxxx", 0, 99).len(), 15 + 5);
        // What is no letter ends an n-gram: é, _é, é_, _é_. Words on both sides.
        assert_eq!(found("word é word", 0, 99).len(), 4 + 5 + 2);
        // Four words on either side, of ASCII letters.
        assert_eq!(found("one two three four five é", 0, 99).len(), 4 + 4 + WORDS);
    }

    #[test]
    fn a_text_is_the_sum_of_its_parts() {
        let text = "der Käse über den Straßen, où l'été s’en va";
        let whole = found(text, 0, 99);
        let len = text.chars().count();
        for cut in 1..len {
            let parts = [found(text, 0, cut), found(text, cut, len)].concat();
            assert_eq!(parts, whole, "{cut}");
        }
    }
}
