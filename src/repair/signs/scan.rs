//! Goes through UTF-8 block by block and finds the bytes that [`Signs`](super::Signs) are told by.
//!
//! Each byte is halved, each half looks up eight rules in a table of sixteen bytes, and the rules that say yes to both
//! halves say what the byte is.

/// Bytes looked at together: one bit for each.
pub(super) const BLOCK: usize = 32;

/// What is in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// ASCII with a sign.
    pub(super) odd: bool,
    /// Bytes above ASCII.
    pub(super) high: bool,
    /// First bytes of the letters of Russian.
    pub(super) cyrillic: bool,
    /// The first bytes that do not tell the signs of their characters: of all but Cyrillic, Han and Hangul.
    pub(super) mixed: u32,
}

/// High halves and low halves of the bytes that each rule is true of, a bit for each.
const RULES: [(u16, u16); 8] = [
    // 0xC2 to 0xCF and 0xD2 to 0xDF: no other byte from 0xC0 on is in UTF-8.
    (1 << 0xC | 1 << 0xD, 0xFFFC),
    // 0xE0 to 0xE3, 0xEA, 0xEE and 0xEF.
    (1 << 0xE, 0xC40F),
    // 0xD0 and 0xD1.
    (1 << 0xD, 0x0003),
    // Control characters but for tab and line feed.
    (1 << 0x0 | 1 << 0x1, 0xF9FF),
    (1 << 0x1, 0x0600),
    // Ampersand, grave accent, DEL.
    (1 << 0x2, 1 << 0x6),
    (1 << 0x6, 1 << 0x0),
    (1 << 0x7, 1 << 0xF),
];
const MIXED: u8 = 0b0000_0011;
const CYRILLIC: u8 = 0b0000_0100;
const ODD: u8 = 0b1111_1000;

/// Which rules are true of a high half, and of a low one.
const TABLES: [[u8; 16]; 2] = {
    let mut tables = [[0; 16]; 2];
    let mut at = 0;
    while at < 8 * 16 {
        let (rule, half) = (at / 16, at % 16);
        tables[0][half] |= ((RULES[rule].0 >> half & 1) as u8) << rule;
        tables[1][half] |= ((RULES[rule].1 >> half & 1) as u8) << rule;
        at += 1;
    }
    tables
};

/// Gives each block in which something is to `take`: where it begins and what is in it.
#[inline]
pub(super) fn each(bytes: &[u8], take: impl FnMut(usize, Found)) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, which is all that the function asks for.
        #[allow(unsafe_code)]
        return unsafe { each_avx2(bytes, take) };
    }
    each_block(bytes, look_plain, take);
}

#[inline(always)]
fn each_block(bytes: &[u8], look: impl Fn(&[u8; BLOCK]) -> Found, mut take: impl FnMut(usize, Found)) {
    let mut take = |at, found: Found| {
        if found.odd | found.high {
            take(at, found);
        }
    };
    let (blocks, rest) = bytes.as_chunks();
    for (i, block) in blocks.iter().enumerate() {
        take(BLOCK * i, look(block));
    }
    if !rest.is_empty() {
        // A space has no sign.
        let mut block = [b' '; BLOCK];
        block[..rest.len()].copy_from_slice(rest);
        take(bytes.len() - rest.len(), look(&block));
    }
}

fn look_plain(block: &[u8; BLOCK]) -> Found {
    // Written so that the compiler makes vector code of it.
    let is_quiet = |b: u8| ((b' '..0x7F).contains(&b) & (b != b'&') & (b != b'`')) | (b == b'\n') | (b == b'\t');
    if block.iter().fold(true, |quiet, b| quiet & is_quiet(*b)) {
        return Found { odd: false, high: false, cyrillic: false, mixed: 0 };
    }
    let (mut any, mut mixed) = (0, 0);
    for (i, byte) in block.iter().enumerate() {
        let says = TABLES[0][usize::from(byte >> 4)] & TABLES[1][usize::from(byte & 0xF)];
        any |= says;
        mixed |= u32::from(says & MIXED != 0) << i;
    }
    Found { odd: any & ODD != 0, high: !block.is_ascii(), cyrillic: any & CYRILLIC != 0, mixed }
}

/// The same with all bytes of a block at once.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn each_avx2(bytes: &[u8], take: impl FnMut(usize, Found)) {
    use std::arch::x86_64::{
        _mm_loadu_si128, _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_cmpgt_epi8, _mm256_loadu_si256,
        _mm256_movemask_epi8, _mm256_set1_epi8, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16,
        _mm256_testz_si256,
    };
    // SAFETY: a table has the 16 bytes that are read, and they need not be aligned.
    #[allow(unsafe_code)]
    let table = |from: &[u8; 16]| unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(from.as_ptr().cast())) };
    // SAFETY: there are 32 bytes, and they need not be aligned.
    #[allow(unsafe_code)]
    let load = |from: &[u8; BLOCK]| unsafe { _mm256_loadu_si256(from.as_ptr().cast()) };
    let every = |byte: u8| _mm256_set1_epi8(byte as i8);
    let low = |bytes| _mm256_and_si256(bytes, every(0x0F));
    let [high_says, low_says] = [table(&TABLES[0]), table(&TABLES[1])];
    let look = |block: &[u8; BLOCK]| {
        let bytes = load(block);
        let (high_half, low_half) = (low(_mm256_srli_epi16::<4>(bytes)), low(bytes));
        let says = _mm256_and_si256(_mm256_shuffle_epi8(high_says, high_half), _mm256_shuffle_epi8(low_says, low_half));
        let mixed = _mm256_cmpgt_epi8(_mm256_and_si256(says, every(MIXED)), _mm256_setzero_si256());
        Found {
            odd: _mm256_testz_si256(says, every(ODD)) == 0,
            high: _mm256_movemask_epi8(bytes) != 0,
            cyrillic: _mm256_testz_si256(says, every(CYRILLIC)) == 0,
            mixed: _mm256_movemask_epi8(mixed) as u32,
        }
    };
    each_block(bytes, look, take);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_told() {
        for byte in 0..=0xFF {
            for at in 0..BLOCK {
                let mut block = [b'a'; BLOCK];
                block[at] = byte;
                let is_mixed = matches!(byte, 0xC2..=0xCF | 0xD2..=0xDF | 0xE0..=0xE3 | 0xEA | 0xEE | 0xEF);
                let told = Found {
                    odd: matches!(byte, 0..=8 | 11..=31 | b'&' | b'`' | 0x7F),
                    high: byte >= 0x80,
                    cyrillic: matches!(byte, 0xD0 | 0xD1),
                    mixed: u32::from(is_mixed) << at,
                };
                assert_eq!(look_plain(&block), told, "{byte:X} at {at}");
                let mut blocks = Vec::new();
                each(&block, |_, found| blocks.push(found));
                assert_eq!(blocks.first(), (told.odd || told.high).then_some(&told), "{byte:X} at {at}");
            }
        }
    }

    #[test]
    fn all_of_a_text_is_looked_at() {
        for len in 0..100 {
            for at in 0..len {
                let mut text = vec![b' '; len];
                text[at] = 0xC3;
                let mut places = Vec::new();
                each(&text, |from, found| places.push((from, found.mixed)));
                assert_eq!(places, [(at / BLOCK * BLOCK, 1 << (at % BLOCK))]);
            }
        }
    }
}
