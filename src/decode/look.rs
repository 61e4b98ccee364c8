//! A first look at a document: is it UTF-8, and does it hold any of the few bytes that ask for more. One pass for ASCII; other
//! text is validated a piece at a time, while the piece is in the nearest cache.

use super::escapes::begins_base64;

/// What was seen of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look<'a> {
    /// The bytes, when all of them are UTF-8.
    pub(super) text: Option<&'a str>,
    /// All of them are ASCII.
    pub(super) ascii: bool,
    /// There are control characters, as [`is_control`] says: zero bytes and escapes are among them.
    pub(super) controls: bool,
    /// There is a plus sign that may begin base64: UTF-7.
    pub(super) pluses: bool,
    /// There is a tilde before a brace: HZ.
    pub(super) tildes: bool,
}

/// Bytes that are looked at and validated together.
const PIECE: usize = 8 << 10;
/// By so many it is thought to be ASCII or not.
const FIRST: usize = 128;

impl<'a> Look<'a> {
    /// Looks at all of them; `units`: they are known not to be UTF-8.
    #[inline]
    pub(super) fn at(bytes: &'a [u8], units: bool) -> Self {
        let (mut valid, mut controls, mut pluses, mut tildes) = (!units, false, false, false);
        let mut rest = bytes;
        // Where there is more than ASCII, validation brings the bytes near and the look comes after it.
        let mut high = !bytes[..bytes.len().min(FIRST)].is_ascii();
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(piece_end(rest));
            let seen = if high {
                valid = valid && simdutf8::basic::from_utf8(piece).is_ok();
                seen::<false>(piece)
            } else {
                let seen = seen::<true>(piece);
                high = seen & HIGH != 0;
                valid = valid && (!high || simdutf8::basic::from_utf8(piece).is_ok());
                seen
            };
            controls |= seen & CONTROL != 0;
            pluses |= seen & PLUS != 0 && memchr::memchr_iter(b'+', piece).any(|at| begins_base64(&rest[at + 1..]));
            tildes |= seen & TILDE != 0 && memchr::memchr_iter(b'~', piece).any(|at| rest.get(at + 1) == Some(&b'{'));
            rest = after;
        }
        // SAFETY: every piece is ASCII or was found to be UTF-8, and together they are all of the bytes.
        #[allow(unsafe_code)]
        let text = valid.then(|| unsafe { std::str::from_utf8_unchecked(bytes) });
        Self { text, ascii: !high, controls, pluses, tildes }
    }
}

/// Where the first piece ends: where a character begins, in UTF-8.
fn piece_end(bytes: &[u8]) -> usize {
    if bytes.len() <= PIECE {
        return bytes.len();
    }
    let begins = |at: &usize| bytes[*at] & 0xC0 != 0x80;
    (PIECE - 3..=PIECE).rev().find(begins).unwrap_or(PIECE)
}

/// Bits of what is seen: bytes above ASCII; control characters; a plus sign; a tilde.
const HIGH: u8 = 1;
const CONTROL: u8 = 2;
const PLUS: u8 = 4;
const TILDE: u8 = 8;

/// True for control characters of ASCII that text does not have: not for white space, nor for record separators and shift out,
/// which means nothing without an escape.
pub(super) fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t'..=0x0E | 0x1E)
}

/// What is seen in them; whether there are bytes above ASCII only with `ASK`.
#[inline]
fn seen<const ASK: bool>(bytes: &[u8]) -> u8 {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, which is all that the function asks for.
        #[allow(unsafe_code)]
        return unsafe { seen_avx2::<ASK>(bytes) };
    }
    seen_plain(bytes)
}

/// Without a branch, so that the compiler looks at many bytes at once.
fn seen_plain(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |seen, &byte| {
        let control =
            u8::from(byte < 0x20) & u8::from(byte.wrapping_sub(b'\t') > 0x0E - b'\t') & u8::from(byte != 0x1E);
        let (plus, tilde) = (u8::from(byte == b'+'), u8::from(byte == b'~'));
        seen | (byte >> 7) | (control * CONTROL) | (plus * PLUS) | (tilde * TILDE)
    })
}

/// What is added to a byte of ASCII, by its low half, so that control characters and a tilde come to lie below [`PLUS_AT`], a plus
/// sign comes to lie there, and all others above.
#[cfg(target_arch = "x86_64")]
const MOVES: [u8; 32] = {
    let mut moves = [0; 32];
    let mut at = 0u8;
    while at < 32 {
        let to: u8 = match at % 16 {
            // Of 0x09 and 0x19 only the second is to be found, and so on.
            0x9 | 0xA | 0xC | 0xD => 0xF8,
            // Escape to 4, plus to 20.
            0xB => 0xF4,
            // Only the tilde, to 12.
            0xE => 0x9C,
            // Both, to 0 and 16.
            _ => 0,
        };
        moves[at as usize] = to.wrapping_sub(at % 16);
        at += 1;
    }
    moves
};
#[cfg(target_arch = "x86_64")]
const PLUS_AT: u8 = 20;
/// Bytes that are looked at closer together.
#[cfg(target_arch = "x86_64")]
const CLOSE: usize = 512;

/// The same in three steps for 32 bytes, or four: the time of validation leaves room for no more.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn seen_avx2<const ASK: bool>(bytes: &[u8]) -> u8 {
    use std::arch::x86_64::{
        __m256i, _mm256_add_epi8, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8,
        _mm256_or_si256, _mm256_set1_epi8, _mm256_shuffle_epi8,
    };
    const STEPS: usize = 4;
    // SAFETY: there are the 32 bytes that are read, and they need not be aligned.
    #[allow(unsafe_code)]
    let load = |from: &[u8; 32]| unsafe { _mm256_loadu_si256(from.as_ptr().cast()) };
    let moves = load(&MOVES);
    let (mut low, mut all) = ([_mm256_set1_epi8(-1); STEPS], [_mm256_set1_epi8(0); STEPS]);
    let mut step = |k: usize, own: __m256i| {
        // Bytes above ASCII are not moved.
        low[k] = _mm256_min_epu8(low[k], _mm256_add_epi8(own, _mm256_shuffle_epi8(moves, own)));
        if ASK {
            all[k] = _mm256_or_si256(all[k], own);
        }
    };
    let (blocks, rest) = bytes.as_chunks::<{ 64 * STEPS }>();
    for block in blocks {
        let (parts, _) = block.as_chunks::<32>();
        for (k, part) in parts.iter().enumerate() {
            step(k % STEPS, load(part));
        }
    }
    let (parts, rest) = rest.as_chunks::<32>();
    parts.iter().for_each(|part| step(0, load(part)));
    if let Some(last) = bytes.last_chunk::<32>() {
        step(1, load(last));
    } else {
        let mut last = [b' '; 32];
        last[..rest.len()].copy_from_slice(rest);
        step(1, load(&last));
    }
    let low = low.into_iter().fold(low[0], |a, b| _mm256_min_epu8(a, b));
    let all = all.into_iter().fold(all[0], |a, b| _mm256_or_si256(a, b));
    let any = |lanes: __m256i| _mm256_movemask_epi8(lanes) != 0;
    let most = |most: u8| any(_mm256_cmpeq_epi8(low, _mm256_min_epu8(low, _mm256_set1_epi8(most as i8))));
    match () {
        // The smallest does not tell what else there is: only near it each byte is looked at by itself.
        () if most(PLUS_AT - 1) && bytes.len() > CLOSE => {
            bytes.chunks(CLOSE).fold(0, |seen, part| seen | seen_avx2::<ASK>(part))
        }
        () if most(PLUS_AT - 1) => seen_plain(bytes),
        () => (u8::from(any(all)) * HIGH) | (u8::from(most(PLUS_AT)) * PLUS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fillers whose neighbours are found.
    const FILLERS: [u8; 5] = [b'\n', b'x', b',', b'}', 0xC3];

    #[test]
    fn every_byte_is_seen_at_every_padding() {
        for byte in 0..=u8::MAX {
            let of = [(byte >= 0x80, HIGH), (is_control(byte), CONTROL), (byte == b'+', PLUS), (byte == b'~', TILDE)];
            let want: u8 = of.into_iter().map(|(is, bit)| u8::from(is) * bit).sum();
            for pad in 0..32 {
                for (filler, after) in FILLERS.into_iter().flat_map(|f| [0, 31, 100, 700].map(|after| (f, after))) {
                    let mut bytes = vec![filler; pad + 1 + after];
                    bytes[pad] = byte;
                    let want = if filler >= 0x80 && bytes.len() > 1 { want | HIGH } else { want };
                    assert_eq!(seen_plain(&bytes), want, "{byte} {filler} {pad} {after}");
                    assert_eq!(seen::<true>(&bytes), want, "{byte} {filler} {pad} {after}");
                    assert_eq!(seen::<false>(&bytes) & !HIGH, want & !HIGH, "{byte} {filler} {pad} {after}");
                }
            }
        }
        assert_eq!(seen::<true>(b""), 0);
        assert_eq!(seen::<true>(b"a\x1B+~\xFF"), HIGH | CONTROL | PLUS | TILDE);
    }

    #[test]
    fn pieces_are_validated_as_the_whole_is() {
        for sign in ["a", "é", "語", "😀"] {
            for pad in 0..8 {
                let mut text = "x".repeat(pad);
                text.push_str(&sign.repeat(3 * PIECE / sign.len()));
                assert_eq!(Look::at(text.as_bytes(), false).text, Some(&*text));
                assert_eq!(Look::at(text.as_bytes(), true).text, None);
                for at in [0, PIECE - 1, PIECE, text.len() - 1] {
                    for bad in [0x80, 0xBF, 0xC3, 0xFF] {
                        let mut bytes = text.clone().into_bytes();
                        bytes[at] = bad;
                        let want = std::str::from_utf8(&bytes).ok();
                        assert_eq!(Look::at(&bytes, false).text, want, "{sign} {pad} {at} {bad:X}");
                    }
                    let cut = &text.as_bytes()[..at];
                    assert_eq!(Look::at(cut, false).text, std::str::from_utf8(cut).ok(), "{sign} {pad} {at}");
                }
            }
        }
        let trails = [0x80; 3 * PIECE];
        assert_eq!(Look::at(&trails, false).text, None);
    }
}
