//! Goes through UTF-8 and finds the characters that normalization may have something to do with.
//!
//! Whether a character is worth a look shows in its bytes. Each is halved, each half looks up eight rules in a table of
//! sixteen bytes, and a rule that says yes to all halves makes the character worth a look. Most blocks of text are done
//! with one comparison: no byte is large enough to begin such a character.

use super::character::Plan;

/// Bytes looked at together: one bit for each.
const BLOCK: usize = 64;

/// Rules for each half of the bytes that they see, `cargo xtask tables` says how they come about.
pub(super) type Tables<const N: usize> = [[u8; 16]; N];

/// Rules for characters of two and of four bytes, which see the first two; and for those of three, which see all.
pub(super) type Rules = (Tables<4>, [Tables<5>; 2]);

/// Places of the characters worth a look, in their order.
pub(super) struct Scan<'t> {
    bytes: &'t [u8],
    plan: &'static Plan,
    /// Where the block begins whose places are in `mask`, and where the next one does.
    base: usize,
    next: usize,
    mask: u64,
}

impl<'t> Scan<'t> {
    /// Of what follows `from`, which [`quiet`] says.
    pub(super) fn new(text: &'t str, from: usize, plan: &'static Plan) -> Self {
        Self { bytes: text.as_bytes(), plan, base: 0, next: from, mask: 0 }
    }

    /// Where the next one begins.
    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<usize> {
        while self.mask == 0 {
            if self.next >= self.bytes.len() {
                return None;
            }
            (self.base, self.mask) = look(self.bytes, self.next, self.plan);
            self.next = self.base + BLOCK;
        }
        let at = self.base + self.mask.trailing_zeros() as usize;
        self.mask &= self.mask - 1;
        Some(at)
    }

    /// Leaves out those before `to`, which must not be before the last one found.
    pub(super) fn skip(&mut self, to: usize) {
        if to >= self.next {
            (self.mask, self.next) = (0, to);
        } else {
            self.mask &= u64::MAX << (to - self.base);
        }
    }
}

/// How many bytes from the start on hold nothing of interest, at least; most text holds nothing at all, and needs no more.
#[inline]
pub(super) fn quiet(text: &str, plan: &Plan) -> usize {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, which is all that the function asks for.
        #[allow(unsafe_code)]
        return unsafe { quiet_avx2(text.as_bytes(), plan.quiet) };
    }
    pass_quiet(text.as_bytes(), 0, |stride| is_quiet(stride, plan.quiet))
}

/// The first block from `from` on with something in it, and the places; or the last block.
fn look(bytes: &[u8], from: usize, plan: &Plan) -> (usize, u64) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, which is all that the function asks for.
        #[allow(unsafe_code)]
        return unsafe { look_avx2(bytes, from, plan) };
    }
    look_plain(bytes, from, plan)
}

/// A block and the two bytes after it.
type Window = [u8; BLOCK + 2];

/// As much as is passed over together when nothing in it can begin a character of interest.
type Stride = [u8; 2 * BLOCK];

/// Where what is quiet ends, stride by stride.
#[inline(always)]
fn pass_quiet(bytes: &[u8], from: usize, quiet: impl Fn(&Stride) -> bool) -> usize {
    let mut at = from;
    while let Some(stride) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        if !quiet(stride) {
            return at;
        }
        at += 2 * BLOCK;
    }
    if bytes.last_chunk().is_some_and(quiet) { bytes.len() } else { at }
}

/// Calls `places` on one block after the other until it finds something; what `quiet` says is quiet is passed over.
#[inline(always)]
fn each_block(
    bytes: &[u8],
    from: usize,
    quiet: impl Fn(&Stride) -> bool,
    places: impl Fn(&Window) -> u64,
) -> (usize, u64) {
    let (mut at, mut last) = (from, [0; BLOCK + 2]);
    loop {
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.first_chunk().is_some_and(&quiet) {
            at += 2 * BLOCK;
            continue;
        }
        let window = match rest.first_chunk() {
            Some(window) => window,
            None if rest.is_empty() || bytes.last_chunk().is_some_and(&quiet) => return (at, 0),
            None => {
                last[..rest.len()].copy_from_slice(rest);
                &last
            }
        };
        let mask = places(window);
        if mask != 0 || rest.len() < window.len() {
            return (at, mask);
        }
        at += BLOCK;
    }
}

fn is_quiet(stride: &Stride, quiet: u8) -> bool {
    stride.iter().fold(true, |all, byte| all & (*byte <= quiet))
}

fn look_plain(bytes: &[u8], from: usize, plan: &Plan) -> (usize, u64) {
    each_block(
        bytes,
        from,
        |stride| is_quiet(stride, plan.quiet),
        |window| {
            let mut mask = 0;
            for i in 0..BLOCK {
                let (lead, second) = (window[i], window[i + 1]);
                let says = plan.pairs[usize::from(lead & 63)] >> (second & 63) & u64::from(lead >= 0xC0);
                mask |= (says & 1) << i;
            }
            mask
        },
    )
}

/// The same with the rules: most text is gone through more than ten times as fast.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn look_avx2(bytes: &[u8], from: usize, plan: &Plan) -> (usize, u64) {
    use std::arch::x86_64::{
        _mm_loadu_si128, _mm256_adds_epu8, _mm256_and_si256, _mm256_andnot_si256, _mm256_broadcastsi128_si256,
        _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_max_epu8, _mm256_movemask_epi8, _mm256_or_si256,
        _mm256_set1_epi8, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_subs_epu8,
        _mm256_testz_si256, _mm256_xor_si256,
    };
    // SAFETY: a table has the 16 bytes that are read, and they need not be aligned.
    #[allow(unsafe_code)]
    let table = |from: &[u8; 16]| unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(from.as_ptr().cast())) };
    // SAFETY: there are 32 bytes, and they need not be aligned.
    #[allow(unsafe_code)]
    let load = |from: &[u8; 32]| unsafe { _mm256_loadu_si256(from.as_ptr().cast()) };
    let every = |byte: u8| _mm256_set1_epi8(byte as i8);
    let low = |bytes| _mm256_and_si256(bytes, every(0x0F));
    let high = |bytes| low(_mm256_srli_epi16::<4>(bytes));
    let and = |a, b| _mm256_and_si256(a, b);
    let above = |bytes, limit| {
        let above = _mm256_subs_epu8(bytes, every(limit));
        _mm256_testz_si256(above, above) == 0
    };
    let says = |tables: &[u8; 16], half| _mm256_shuffle_epi8(table(tables), half);
    let is = |bytes, byte: u8| _mm256_cmpeq_epi8(bytes, every(byte));
    // All that could be of interest by its first byte is from U+2002 to U+203F.
    let only_marks = |first, second, third| {
        let mark =
            and(and(is(first, 0xE2), is(second, 0x80)), _mm256_cmpeq_epi8(_mm256_max_epu8(third, every(0x82)), third));
        let others = _mm256_andnot_si256(mark, _mm256_subs_epu8(first, every(plan.quiet)));
        _mm256_testz_si256(others, others) == 1
    };
    let (pairs, [some, others]) = plan.rules;
    // No iterators from here on: what they call is not compiled for these instructions.
    let places = |window: &[u8; 34]| -> u64 {
        let [first, second, third] = [part(window, 0), part(window, 1), part(window, 2)];
        let (first, second) = (load(first), load(second));
        if !above(first, plan.quiet) {
            return 0;
        }
        let has_triples = above(first, 0xDF);
        if has_triples && plan.calm_marks && only_marks(first, second, load(third)) {
            return 0;
        }
        let (second_high, second_low) = (high(second), low(second));
        let second_says = |a: &[u8; 16], b: &[u8; 16]| and(says(a, second_high), says(b, second_low));
        let first_says = and(says(&pairs[0], high(first)), says(&pairs[1], low(first)));
        let mut found = and(first_says, second_says(&pairs[2], &pairs[3]));
        if has_triples {
            let third = load(third);
            let (third_high, third_low) = (high(third), low(third));
            // The low half of E0 to EF; other bytes get the highest bit, for which a table has nothing.
            let lead = _mm256_adds_epu8(_mm256_xor_si256(first, every(0xE0)), every(0x70));
            let triples = |own: &Tables<5>| {
                let third_says = and(says(&own[3], third_high), says(&own[4], third_low));
                and(and(says(&own[0], lead), second_says(&own[1], &own[2])), third_says)
            };
            found = _mm256_or_si256(found, _mm256_or_si256(triples(some), triples(others)));
        }
        u64::from(!_mm256_movemask_epi8(_mm256_cmpeq_epi8(found, _mm256_setzero_si256())) as u32)
    };
    let quiet = |stride: &Stride| is_quiet_avx2(stride, plan.quiet);
    each_block(bytes, from, quiet, |window| places(part(window, 0)) | places(part(window, 32)) << 32)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn quiet_avx2(bytes: &[u8], quiet: u8) -> usize {
    pass_quiet(bytes, 0, |stride| is_quiet_avx2(stride, quiet))
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
#[inline]
fn is_quiet_avx2(stride: &Stride, quiet: u8) -> bool {
    use std::arch::x86_64::{
        _mm256_loadu_si256, _mm256_max_epu8, _mm256_set1_epi8, _mm256_subs_epu8, _mm256_testz_si256,
    };
    // SAFETY: there are 32 bytes, and they need not be aligned.
    #[allow(unsafe_code)]
    let load = |from: &[u8; 32]| unsafe { _mm256_loadu_si256(from.as_ptr().cast()) };
    let both = |at: usize| _mm256_max_epu8(load(part(stride, at)), load(part(stride, at + 32)));
    let above = _mm256_subs_epu8(_mm256_max_epu8(both(0), both(BLOCK)), _mm256_set1_epi8(quiet as i8));
    _mm256_testz_si256(above, above) == 1
}

/// `N` of the bytes from `at` on; whoever calls it knows that they are there.
#[inline(always)]
fn part<const N: usize, const M: usize>(bytes: &[u8; M], at: usize) -> &[u8; N] {
    bytes[at..].first_chunk().unwrap_or(&[0; N])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Form::{Nfc, Nfd, Nfkc, Nfkd};
    use crate::repair::normalize::character::entry;

    type Look = fn(&[u8], usize, &Plan) -> (usize, u64);

    fn places(text: &str, plan: &Plan, look: Look) -> Vec<usize> {
        let (mut found, mut from) = (Vec::new(), 0);
        while from < text.len() {
            let (base, mask) = look(text.as_bytes(), from, plan);
            found.extend((0..BLOCK).filter(|i| mask >> i & 1 == 1).map(|i| base + i));
            from = base + BLOCK;
        }
        found
    }

    /// Nothing of interest is passed over, and what is found are characters.
    fn check(text: &str) {
        for plan in [Nfc, Nfkc, Nfd, Nfkd].map(|form| Plan::of(form).unwrap()) {
            for look in [look as Look, look_plain] {
                let found = places(text, plan, look);
                assert!(found.is_sorted() && found.iter().all(|at| text.is_char_boundary(*at)));
                for (at, c) in text.char_indices().filter(|(_, c)| entry(*c) & plan.watch != 0) {
                    assert!(found.binary_search(&at).is_ok(), "{} at {at}", c.escape_unicode());
                }
            }
        }
    }

    #[test]
    fn every_character_is_seen() {
        let all: String = ('\0'..'\u{30000}').collect();
        for padding in [0, 1, 62] {
            check(&("x".repeat(padding) + &all));
        }
    }

    #[test]
    fn at_every_place() {
        for padding in 0..=140 {
            for filler in ["x", "é", "’"] {
                for (c, after) in ["\u{301}", "\u{94D}", "\u{FB01}", "\u{1D15E}", "각", "\u{2001}"]
                    .into_iter()
                    .zip([0, 1, 2, 40, 200, 33])
                {
                    check(&(filler.repeat(padding) + c + &filler.repeat(after)));
                }
            }
        }
    }

    #[test]
    fn what_is_left_out_is_not_found() {
        let text = "e\u{301}".repeat(100);
        for to in 0..text.len() {
            let mut scan = Scan::new(&text, 0, Plan::of(Nfc).unwrap());
            let first = scan.next();
            assert_eq!(first, Some(1));
            scan.skip(to.max(2));
            let rest: Vec<usize> = std::iter::from_fn(|| scan.next()).collect();
            assert!(rest.iter().copied().eq((1..text.len()).step_by(3).filter(|at| *at >= to.max(2))));
        }
    }

    /// Letters in daily use that the rules for NFC should pass over.
    #[test]
    fn common_text_is_passed_over() {
        let plan = Plan::of(Nfc).unwrap();
        for text in
            ["“Œuvre” – déjà vu…", "Việt Nam đất nước", "Привет, мир!", "Ελληνικά", "שלום", "مرحبا", "ქართული", "አማርኛ"]
        {
            assert!(places(text, plan, look).is_empty(), "{text}");
        }
        for text in ["，中文。", "日本語、カタカナ。", "한국어", "மலை", "ไทย", "ລາວ"]
        {
            assert!(places(text, plan, look).is_empty(), "{text}");
        }
    }
}
