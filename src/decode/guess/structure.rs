//! How the bytes of encodings with several bytes a character follow each other: most texts in other encodings are found
//! out by that before anything is decoded.

/// Ranges of bytes.
type Ranges = &'static [(u8, u8)];

/// An encoding by its label. Longer characters are taken for pairs in a row, the third byte of three for one that stands alone.
struct Known {
    label: &'static str,
    /// Bytes that begin a pair, that end one, and that are above ASCII and stand alone.
    leads: Ranges,
    trails: Ranges,
    alone: Ranges,
    /// Those that begin and end the characters of which most texts are made: kana, syllables, the first level of Han.
    usual_leads: Ranges,
    usual_trails: Ranges,
}

const STRUCTURES: &[Known] = &[
    Known {
        label: "shift_jis",
        leads: &[(0x81, 0x9F), (0xE0, 0xFC)],
        trails: &[(0x40, 0x7E), (0x80, 0xFC)],
        alone: &[(0x80, 0x80), (0xA1, 0xDF)],
        usual_leads: &[(0x81, 0x83), (0x88, 0x98)],
        usual_trails: &[(0x40, 0x7E), (0x80, 0xFC)],
    },
    Known {
        label: "gbk",
        leads: &[(0x81, 0xFE)],
        trails: &[(0x30, 0x39), (0x40, 0x7E), (0x80, 0xFE)],
        alone: &[(0x80, 0x80)],
        usual_leads: &[(0xA1, 0xA3), (0xB0, 0xD7)],
        usual_trails: &[(0xA1, 0xFE)],
    },
    Known {
        label: "big5",
        leads: &[(0x81, 0xFE)],
        trails: &[(0x40, 0x7E), (0xA1, 0xFE)],
        alone: &[],
        usual_leads: &[(0xA1, 0xC6)],
        usual_trails: &[(0x40, 0x7E), (0xA1, 0xFE)],
    },
    Known {
        label: "euc-kr",
        leads: &[(0x81, 0xFE)],
        trails: &[(0x41, 0xFE)],
        alone: &[],
        usual_leads: &[(0xA1, 0xA3), (0xB0, 0xC8)],
        usual_trails: &[(0xA1, 0xFE)],
    },
    Known {
        label: "euc-jp",
        leads: &[(0x8E, 0x8E), (0xA1, 0xFE)],
        trails: &[(0xA1, 0xFE)],
        alone: &[(0x8F, 0x8F)],
        usual_leads: &[(0x8E, 0x8E), (0xA1, 0xA5), (0xB0, 0xCF)],
        usual_trails: &[(0xA1, 0xFE)],
    },
    Known {
        label: "johab",
        leads: &[(0x84, 0xD3), (0xD9, 0xDE), (0xE0, 0xF9)],
        trails: &[(0x31, 0x7E), (0x81, 0xFE)],
        alone: &[],
        usual_leads: &[(0x88, 0xD3), (0xD9, 0xDA)],
        usual_trails: &[(0x31, 0x7E), (0x81, 0xFE)],
    },
    Known {
        label: "euc-tw",
        leads: &[(0x8E, 0x8E), (0xA1, 0xFE)],
        trails: &[(0xA1, 0xFE)],
        alone: &[],
        usual_leads: &[(0x8E, 0x8E), (0xA1, 0xA4), (0xC4, 0xFD)],
        usual_trails: &[(0xA1, 0xFE)],
    },
];

const LEAD: u8 = 1;
const TRAIL: u8 = 2;
const ALONE: u8 = 4;
const USUAL_LEAD: u8 = 8;
const USUAL_TRAIL: u8 = 16;

/// What each byte may be.
#[derive(Debug)]
pub(super) struct Structure([u8; 256]);

impl Structure {
    /// Of an encoding of several bytes a character; of one that is not known any bytes are well formed.
    pub(super) fn of(label: &str) -> Self {
        let ascii: Ranges = &[(0, 0x7F)];
        let none: Ranges = &[];
        let any: Ranges = &[(0x80, 0xFF)];
        let known = STRUCTURES.iter().find(|known| known.label == label);
        let kinds = known.map_or([(none, LEAD), (any, ALONE), (none, 0), (none, 0), (none, 0)], |known| {
            let Known { leads, trails, alone, usual_leads, usual_trails, .. } = known;
            [(*leads, LEAD), (trails, TRAIL), (alone, ALONE), (usual_leads, USUAL_LEAD), (usual_trails, USUAL_TRAIL)]
        });
        let within = |ranges: Ranges, byte: u8| ranges.iter().any(|(from, to)| (*from..=*to).contains(&byte));
        Self(std::array::from_fn(|byte| {
            let byte = byte as u8;
            kinds
                .into_iter()
                .chain([(ascii, ALONE)])
                .filter(|(ranges, _)| within(ranges, byte))
                .fold(0, |bits, (_, bit)| bits | bit)
        }))
    }

    /// How many bytes are characters of which most texts are made, or stand alone; None when more than so many places are
    /// malformed.
    pub(super) fn usual(&self, bytes: &[u8], most: usize) -> Option<usize> {
        let (mut at, mut bad, mut usual) = (0, 0, 0);
        while let Some(&byte) = bytes.get(at) {
            at += 1;
            let kind = self.0[usize::from(byte)];
            if kind & LEAD != 0 {
                let next = bytes.get(at).copied().unwrap_or(b' ');
                let next_kind = self.0[usize::from(next)];
                let pair = next_kind & TRAIL != 0;
                // An ASCII byte that cannot end a pair is itself.
                at += usize::from(pair || next >= 0x80);
                bad += usize::from(!pair);
                usual += 2 * usize::from(kind & USUAL_LEAD != 0 && next_kind & USUAL_TRAIL != 0);
            } else {
                bad += usize::from(kind & ALONE == 0);
                usual += usize::from(byte >= 0x80);
            }
            if bad > most {
                return None;
            }
        }
        Some(usual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Encoding;

    #[test]
    fn what_can_be_decoded_is_allowed() {
        for Known { label, .. } in STRUCTURES {
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
                let allowed = structure.usual(&bytes, 0).is_some();
                assert!(allowed || !whole, "{label} {bytes:X?}");
                refused += usize::from(!allowed);
            }
            assert!(refused > 500, "{label} refuses {refused}");
        }
    }
}
