//! How the bytes of encodings with several bytes a character follow each other: most texts in other encodings are found
//! out by that before anything is decoded.

/// Ranges of bytes.
type Ranges = &'static [(u8, u8)];

/// Label; bytes that begin a pair, that end one, and that are above ASCII and stand alone. Longer characters are taken for
/// pairs in a row, the third byte of three for one that stands alone.
const STRUCTURES: &[(&str, Ranges, Ranges, Ranges)] = &[
    ("shift_jis", &[(0x81, 0x9F), (0xE0, 0xFC)], &[(0x40, 0x7E), (0x80, 0xFC)], &[(0x80, 0x80), (0xA1, 0xDF)]),
    ("gbk", &[(0x81, 0xFE)], &[(0x30, 0x39), (0x40, 0x7E), (0x80, 0xFE)], &[(0x80, 0x80)]),
    ("big5", &[(0x81, 0xFE)], &[(0x40, 0x7E), (0xA1, 0xFE)], &[]),
    ("euc-kr", &[(0x81, 0xFE)], &[(0x41, 0xFE)], &[]),
    ("euc-jp", &[(0x8E, 0x8E), (0xA1, 0xFE)], &[(0xA1, 0xFE)], &[(0x8F, 0x8F)]),
    ("johab", &[(0x84, 0xD3), (0xD9, 0xDE), (0xE0, 0xF9)], &[(0x31, 0x7E), (0x81, 0xFE)], &[]),
    ("euc-tw", &[(0x8E, 0x8E), (0xA1, 0xFE)], &[(0xA1, 0xFE)], &[]),
];

const LEAD: u8 = 1;
const TRAIL: u8 = 2;
const ALONE: u8 = 4;

/// What each byte may be.
#[derive(Debug)]
pub(super) struct Structure([u8; 256]);

impl Structure {
    /// Of an encoding of several bytes a character; of one that is not known any bytes are well formed.
    pub(super) fn of(label: &str) -> Self {
        let any: Ranges = &[(0x80, 0xFF)];
        let known = STRUCTURES.iter().find(|s| s.0 == label);
        let (leads, trails, alone) = known.map_or((&[] as Ranges, any, any), |s| (s.1, s.2, s.3));
        let within = |ranges: Ranges, byte: u8| ranges.iter().any(|(from, to)| (*from..=*to).contains(&byte));
        Self(std::array::from_fn(|byte| {
            let byte = byte as u8;
            [(leads, LEAD), (trails, TRAIL), (alone, ALONE), (&[(0, 0x7F)], ALONE)]
                .into_iter()
                .filter(|(ranges, _)| within(ranges, byte))
                .fold(0, |bits, (_, bit)| bits | bit)
        }))
    }

    /// True when no more than so many places are malformed.
    pub(super) fn allows(&self, bytes: &[u8], most: usize) -> bool {
        let (mut at, mut bad) = (0, 0);
        while let Some(&byte) = bytes.get(at) {
            at += 1;
            if self.0[usize::from(byte)] & LEAD != 0 {
                let next = bytes.get(at).copied().unwrap_or(b' ');
                let pair = self.0[usize::from(next)] & TRAIL != 0;
                // An ASCII byte that cannot end a pair is itself.
                at += usize::from(pair || next >= 0x80);
                bad += usize::from(!pair);
            } else {
                bad += usize::from(self.0[usize::from(byte)] & ALONE == 0);
            }
            if bad > most {
                return false;
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Encoding;

    #[test]
    fn what_can_be_decoded_is_allowed() {
        for (label, ..) in STRUCTURES {
            let encoding = Encoding::for_label(label).unwrap();
            let structure = Structure::of(label);
            let mut text = String::new();
            let mut refused = 0;
            let pairs = (0x80..=0xFFu8).flat_map(|lead| (0x20..=0xFF).map(move |trail| [lead, trail]));
            let longer =
                [&[0x81, 0x30, 0x81, 0x30][..], &[0x8F, 0xB0, 0xA1, 0x8F, 0xB0, 0xA2], &[0x8E, 0xA2, 0xA1, 0xA1]];
            for bytes in pairs.map(|p| p.to_vec()).chain(longer.map(<[u8]>::to_vec)) {
                text.clear();
                let whole = encoding.decode_into(&bytes, &mut text) == 0;
                let allowed = structure.allows(&bytes, 0);
                assert!(allowed || !whole, "{label} {bytes:X?}");
                refused += usize::from(!allowed);
            }
            assert!(refused > 500, "{label} refuses {refused}");
        }
    }
}
