//! Letters for the characters that have lost a byte: what they may have been say their other bytes and which bytes the wrong encoding has
//! no character for; which of these it was say the letters around. What they can't tell stays U+FFFD.

use super::chars::{Packed, packed};
use super::inverse::{Buffers, Chain};
use super::lost::UNKNOWN;
use super::model::score;
use super::wrong::{self, TRAILS, WIDE};

/// By how many bits a letter must be better than any other.
const SURE: f32 = 5.0;
/// How much it counts that another encoding than the one that is most likely does not have a byte.
const SELDOM: f32 = 4.0;
/// What speaks against letters that few texts have.
const RARE: f32 = 4.0;
/// How far behind a letter the sequences of letters end that it is part of.
const REACH: usize = 5;
/// Gaps that are told together, and how many ways to fill them are looked at.
const MOST: usize = 8;
const BEAM: usize = 8;

const LOST: char = char::REPLACEMENT_CHARACTER;

/// A character that lost a byte.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    /// Where its U+FFFD stands in what is read, in bytes.
    pub(super) at: usize,
    /// Its bytes, the lost one as [`UNKNOWN`], and how many.
    bytes: [u8; 4],
    len: usize,
}

impl Gap {
    /// One of the given bytes; None where not only one of them was lost.
    pub(super) fn new(at: usize, sequence: &[u8]) -> Option<Self> {
        let mut bytes = [0; 4];
        bytes.get_mut(..sequence.len())?.copy_from_slice(sequence);
        bytes.iter_mut().filter(|byte| **byte == b'?').for_each(|byte| *byte = UNKNOWN);
        let is_one = bytes.iter().filter(|byte| **byte == UNKNOWN).count() == 1;
        is_one.then_some(Self { at, bytes, len: sequence.len() })
    }

    /// What it may have been, and how seldom, in bits. Which of the many characters of Chinese, Japanese and Korean can't be told by those
    /// around.
    fn candidates(self, lacking: &[f32; TRAILS]) -> impl Iterator<Item = (char, f32)> {
        (0x80..).zip(lacking).filter(|(_, seldom)| seldom.is_finite()).filter_map(move |(lost, seldom)| {
            let bytes = self.bytes.map(|byte| if byte == UNKNOWN { lost } else { byte });
            let c = std::str::from_utf8(&bytes[..self.len]).ok()?.chars().next()?;
            (c < WIDE).then_some((c, SELDOM * seldom + if is_rare(c) { RARE } else { 0.0 }))
        })
    }
}

/// Letters of Esperanto, of transliteration, and those that Macedonian and Bulgarian have for homographs.
fn is_rare(c: char) -> bool {
    matches!(c, 'Ĝ' | 'ĝ' | 'Ŝ' | 'ŝ' | 'Ŏ' | 'ŏ' | 'Ѐ' | 'ѐ' | 'Ѝ' | 'ѝ')
}

/// Fills in what can be told of a text that is read as a chain says: words of what it was read from, each with the place in the text
/// where it begins.
pub(super) fn fill<'t>(
    text: &mut String,
    chain: Chain,
    words: impl Iterator<Item = (&'t str, usize)>,
    buffers: &mut Buffers,
) {
    let (mut read, mut as_is) = (String::new(), String::new());
    let mut gaps: Vec<Gap> = Vec::new();
    for (word, start) in words {
        as_is.push_str(word);
        read.clear();
        read.extend(text[..start].chars().next_back());
        let before = read.len();
        if chain.undo(word, buffers, &mut read).is_some() {
            gaps.extend(buffers.gaps.iter().map(|gap| Gap { at: gap.at - before + start, ..*gap }));
        }
    }
    let lacking = wrong::lacking(chain.wrong.into(), &as_is);
    let mut chars: Vec<char> = text.chars().collect();
    let mut codes: Vec<Packed> = chars.iter().copied().map(packed).collect();
    let mut places = text.char_indices().enumerate().map(|(place, (at, _))| (place, at));
    let gaps: Vec<(Gap, usize)> =
        gaps.into_iter().filter_map(|gap| Some((gap, places.find(|(_, at)| *at == gap.at)?.0))).collect();
    for near in gaps.chunk_by(|(_, a), (_, b)| b - a < REACH).flat_map(|near| near.chunks(MOST)) {
        near.iter().zip(told(near, &lacking, &mut codes)).for_each(|((_, place), c)| chars[*place] = c);
    }
    text.clear();
    text.extend(chars);
}

/// What gaps near each other were, U+FFFD where that is open: the best of all letters together (a beam search).
fn told(near: &[(Gap, usize)], lacking: &[f32; TRAILS], codes: &mut [Packed]) -> Vec<char> {
    let mut beam: Vec<(Vec<char>, f32)> = vec![(Vec::new(), 0.0)];
    for (number, (gap, place)) in near.iter().enumerate() {
        // What ends from the next gap on is counted there.
        let end = near.get(number + 1).map_or(place + REACH, |(_, next)| *next).min(codes.len());
        let mut longer = Vec::new();
        for (letters, bits) in &beam {
            near.iter().zip(letters).for_each(|((_, place), c)| codes[*place] = packed(*c));
            for (c, seldom) in gap.candidates(lacking) {
                codes[*place] = packed(c);
                let bits = bits + score(codes, *place, end) - seldom;
                longer.push(([letters, &[c][..]].concat(), bits));
            }
        }
        longer.sort_by(|a, b| b.1.total_cmp(&a.1));
        longer.truncate(BEAM);
        beam = longer;
    }
    let Some((best, most)) = beam.first() else { return vec![LOST; near.len()] };
    let is_sure = |number: usize, c: char| {
        let other = beam.iter().find(|(letters, _)| letters[number] != c);
        other.is_none_or(|(_, bits)| most - bits >= SURE)
    };
    let told = best.iter().enumerate().map(|(number, c)| if is_sure(number, *c) { *c } else { LOST });
    told.collect()
}
