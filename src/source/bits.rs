//! Bits in a row, from the highest of each byte on: what bzip2 is written in.

/// Bits that are appended.
#[derive(Default)]
pub(super) struct Bits {
    bytes: Vec<u8>,
    /// Bits of the last byte that are taken; 0 when all are.
    used: u32,
}

impl Bits {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self { bytes: Vec::with_capacity(bytes), used: 0 }
    }

    /// Appends the lowest `len` bits of a number, at most 56.
    pub(super) fn push(&mut self, number: u64, len: u32) {
        let mut left = len;
        while left > 0 {
            if self.used == 0 {
                self.bytes.push(0);
            }
            let n = left.min(8 - self.used);
            left -= n;
            let bits = (number >> left) as u8 & (0xFF >> (8 - n));
            if let Some(last) = self.bytes.last_mut() {
                *last |= bits << (8 - self.used - n);
            }
            self.used = (self.used + n) % 8;
        }
    }

    /// Appends `len` bits from bit `from` of the bytes on, to an end that is at a byte.
    pub(super) fn extend(&mut self, bytes: &[u8], from: usize, len: usize) {
        let (shift, bytes) = (from % 8, &bytes[from / 8..(from + len).div_ceil(8)]);
        let whole = len / 8;
        if shift == 0 {
            self.bytes.extend_from_slice(&bytes[..whole]);
        } else {
            self.bytes.extend(bytes.windows(2).take(whole).map(|w| w[0] << shift | w[1] >> (8 - shift)));
        }
        let rest = len % 8;
        self.push(read(bytes, shift + whole * 8, rest as u32), rest as u32);
    }

    /// The bytes, filled up with zeros.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// The number that `len` bits from bit `at` on are, at most 56; zeros behind the end.
pub(super) fn read(bytes: &[u8], at: usize, len: u32) -> u64 {
    let byte = |i: usize| u64::from(bytes.get(at / 8 + i).copied().unwrap_or(0));
    let word = (0..8).fold(0u64, |word, i| word << 8 | byte(i));
    let top = word << (at % 8);
    if len == 0 { 0 } else { top >> (64 - len) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_at_any_place() {
        let bytes: Vec<u8> = (0..40u8).map(|i| i.wrapping_mul(151) ^ 0x5A).collect();
        for from in 0..70 {
            for len in 0..150 {
                let mut bits = Bits::with_capacity(20);
                bits.push(0xAB, 8);
                bits.extend(&bytes, from, len);
                bits.push(0b1_0011, 5);
                let found = bits.into_bytes();
                for i in 0..len {
                    assert_eq!(read(&found, 8 + i, 1), read(&bytes, from + i, 1), "bit {i} of {len} from {from}");
                }
                assert_eq!((found[0], read(&found, 8 + len, 5)), (0xAB, 0b1_0011));
                assert_eq!(found.len(), (8 + len + 5).div_ceil(8));
            }
        }
        assert_eq!(read(&[0x12, 0x34, 0x56], 4, 12), 0x234);
        assert_eq!(read(&[0xFF], 4, 12), 0xF00);
    }
}
