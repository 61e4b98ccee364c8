//! What bytes can be read as: the candidates whose structure allows them, those that read them alike as one.

use std::sync::LazyLock;

use super::candidates::{Candidate, Form, Members, Table, candidates, each};
use super::chars::{EDGE, Packed, packed};
use super::features::{End, all_ends, ends, features, look_beside};
use super::{glance, utf8};

/// Bytes of a text that are looked at, from shortly before the first that is not ASCII.
const WINDOW: usize = 4096;
const BEFORE: usize = 64;
/// Ends of n-grams that are looked at.
const ENDS: usize = 400;

/// What a malformed sequence says against a reading, in bits.
pub(super) const MALFORMED: f32 = 14.0;
/// What a stray byte says against UTF-8, in bits.
const STRAY: f32 = 6.0;
/// What half a character at an end says against it.
const TORN: f32 = 3.0;
/// Bytes of usual characters by which encodings of several bytes a character are compared, at least.
const COMPARED: usize = 16;
/// High bytes for each malformed sequence that is borne.
pub(super) const BORNE: usize = 32;

/// Which candidates are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Those in which ASCII is ASCII.
    Ascii,
    /// EBCDIC.
    Ebcdic,
    /// All, and UTF-16 too.
    Any,
    /// UTF-7 or plain ASCII.
    Seven,
}

/// One way to read the bytes.
#[derive(Clone, Debug)]
pub struct Reading {
    pub(super) members: Members,
    /// How unusual its encodings are together, and what its malformed sequences say against it, in bits.
    pub(super) unusual: f32,
    pub(super) faults: f32,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    /// The bytes through the table of a candidate.
    Bytes(&'static Table),
    /// The same where all bytes count.
    AllBytes(&'static Table),
    /// Decoded characters and the ends of their n-grams: the range in each list.
    Text { chars: (usize, usize), ends: (usize, usize) },
}

/// The readings of some bytes, and the memory for them.
#[derive(Debug, Default)]
pub struct Readings {
    list: Vec<Reading>,
    /// Of the bytes that are looked at.
    window: Vec<u8>,
    ends: Vec<End>,
    all: Vec<End>,
    chars: Vec<Packed>,
    text_ends: Vec<End>,
    text: String,
    signatures: Vec<u64>,
    /// Candidates of several bytes a character and how many bytes are usual in them.
    multi: Vec<(usize, usize)>,
}

/// How often each byte stands in a text.
struct Counts {
    each: [u32; 256],
    seen: [u64; 4],
    /// Bytes that tell: high ones, and the control characters that are Vietnamese letters.
    telling: [u8; 256],
    /// How many of them, and how often they stand there together.
    kinds: usize,
    high: usize,
}

/// A byte that is not ASCII, or one of the control characters in whose place Vietnamese encodings have letters.
pub(super) fn tells(byte: u8) -> bool {
    /// 1, 2, 4, 5, 6, 0x11 to 0x17, 0x19 and 0x1E, a bit each.
    const LETTERS: u32 = 0x42FE_0076;
    byte >= 0x80 || (byte < 0x20 && LETTERS >> byte & 1 == 1)
}

/// The candidates that are asked in a family.
fn wanted(family: Family) -> Members {
    static WANTED: LazyLock<[Members; 4]> = LazyLock::new(|| {
        [Family::Ascii, Family::Ebcdic, Family::Any, Family::Seven].map(|family| {
            let asked = candidates().iter().enumerate().filter(|(_, candidate)| match (&candidate.form, family) {
                (Form::Single(_), _) => family != Family::Ebcdic,
                (Form::Multi(_), _) => matches!(family, Family::Ascii | Family::Any),
                (Form::Utf8, _) => family == Family::Ascii,
                (Form::Ebcdic(_), _) => matches!(family, Family::Ebcdic | Family::Any),
                (Form::Other, Family::Any) => !candidate.encoding.is_stateful(),
                (Form::Other, Family::Seven) => candidate.encoding.is_stateful(),
                (Form::Other, _) => false,
            });
            asked.fold(0, |members, (index, _)| members | 1 << index)
        })
    });
    WANTED[family as usize]
}

impl Readings {
    /// The readings found last.
    pub fn list(&self) -> &[Reading] {
        &self.list
    }

    /// Finds what the bytes can be read as.
    pub fn find(&mut self, raw: &[u8], family: Family) {
        let cut = self.open(raw, family);
        self.read(raw, family, Members::MAX, cut);
    }

    /// Finds what they can be read as without what is far behind at first sight.
    pub(super) fn find_likely(&mut self, raw: &[u8], family: Family) {
        let cut = self.open(raw, family);
        let members = glance::worth_reading(&self.window, &self.ends);
        self.read(raw, family, members, cut);
    }

    /// Takes the part of the bytes that is looked at and finds the ends of n-grams in it; true when more bytes follow.
    fn open(&mut self, raw: &[u8], family: Family) -> bool {
        self.list.clear();
        self.chars.clear();
        self.text_ends.clear();
        self.signatures.clear();
        let first = match family {
            Family::Ascii => raw.iter().position(|b| tells(*b)).unwrap_or(0).saturating_sub(BEFORE),
            _ => 0,
        };
        self.window.clear();
        self.window.extend_from_slice(&raw[first..raw.len().min(first + WINDOW)]);
        self.ends.clear();
        let window = &self.window;
        ends(window.len(), |i| tells(window[i]), &mut self.ends);
        self.ends.truncate(ENDS);
        // Where most bytes are above ASCII, there are hardly any words of ASCII beside them.
        if self.ends.iter().filter_map(End::tells).count() * 2 < window.len().min(ENDS) {
            look_beside(window, &mut self.ends);
        }
        self.all.clear();
        if family != Family::Ascii {
            all_ends(window.len().min(ENDS), &mut self.all);
        }
        raw.len() > first + WINDOW
    }

    fn read(&mut self, raw: &[u8], family: Family, members: Members, cut: bool) {
        let counts = Counts::of(raw);
        let high = self.window.iter().filter(|b| tells(**b)).count();
        let first = self.ends.first().map_or(0, |end| end.tells().unwrap_or(0));
        self.multi.clear();
        each(members & wanted(family), |index| {
            let candidate = &candidates()[index];
            match &candidate.form {
                Form::Single(table) => self.single(index, candidate, table, &counts, false),
                Form::Ebcdic(table) => self.single(index, candidate, table, &counts, true),
                Form::Multi(structure) => {
                    let usual = structure.usual(&self.window[first..], high / BORNE + usize::from(cut));
                    self.multi.extend(usual.map(|usual| (index, usual)));
                }
                Form::Other => self.decoded(index, candidate, high, cut),
                Form::Utf8 => self.damaged_utf8(index, candidate),
            }
        });
        // Hardly any text is made of unusual characters where another encoding has usual ones.
        let most = self.multi.iter().map(|(_, usual)| *usual).max().filter(|most| *most >= COMPARED).unwrap_or(0);
        for at in 0..self.multi.len() {
            let (index, usual) = self.multi[at];
            if usual * 2 >= most {
                self.decoded(index, &candidates()[index], high, cut);
            }
        }
    }

    fn single(&mut self, index: usize, candidate: &Candidate, table: &'static Table, counts: &Counts, all: bool) {
        let mut malformed = 0;
        if (0..4).any(|i| counts.seen[i] & table.undefined[i] != 0) {
            let undefined = |b: &usize| table.undefined[b / 64] >> (b % 64) & 1 == 1;
            malformed = (0..256).filter(undefined).map(|b| counts.each[b] as usize).sum();
            if malformed * BORNE > counts.high {
                return;
            }
        }
        let signature = if all {
            counts.signature(table, 0..=255)
        } else {
            counts.signature(table, counts.telling[..counts.kinds].iter().copied())
        };
        let signature = signature ^ u64::from(all);
        let alike = self.signatures.iter().position(|s| *s == signature);
        if let Some(alike) = alike {
            return self.list[alike].join(index, candidate.unusual);
        }
        let source = if all { Source::AllBytes(table) } else { Source::Bytes(table) };
        self.push(index, candidate, malformed as f32 * MALFORMED, source, signature);
    }

    fn decoded(&mut self, index: usize, candidate: &Candidate, high: usize, cut: bool) {
        self.text.clear();
        let units = candidate.form_is_units();
        if units && (!self.window.len().is_multiple_of(2) || self.window.len() < 4) {
            return;
        }
        let mut malformed = candidate.encoding.decode_into(&self.window, &mut self.text) as usize;
        // The end of the window may cut a character.
        malformed = malformed.saturating_sub(usize::from(cut));
        let controls = if units { 0 } else { self.text.chars().filter(|c| matches!(c, '\u{80}'..='\u{9F}')).count() };
        if (malformed + controls) * BORNE > high {
            return;
        }
        self.push_text(
            index,
            candidate,
            (malformed + controls) as f32 * MALFORMED,
            matches!(candidate.form, Form::Other),
        );
    }

    /// Makes a reading of the decoded text.
    fn push_text(&mut self, index: usize, candidate: &Candidate, faults: f32, all: bool) {
        let start = (self.chars.len(), self.text_ends.len());
        self.chars.extend(self.text.chars().map(packed));
        let chars = &self.chars[start.0..];
        if all {
            all_ends(chars.len().min(ENDS), &mut self.text_ends);
        } else {
            ends(chars.len(), |i| chars[i] & 0xFFFF >= 0x80, &mut self.text_ends);
            self.text_ends.truncate(start.1 + ENDS);
        }
        let source = Source::Text { chars: (start.0, self.chars.len()), ends: (start.1, self.text_ends.len()) };
        // No signature: texts of several bytes a character are hardly ever alike.
        self.push(index, candidate, faults, source, u64::MAX - index as u64);
    }

    /// UTF-8 with stray bytes is only thought of where there are about as many characters of several bytes.
    fn damaged_utf8(&mut self, index: usize, candidate: &Candidate) {
        if !utf8::may_be(&self.window) {
            return;
        }
        let seen = utf8::Seen::of(&self.window);
        if seen.bad() <= seen.whole + 2 {
            self.text.clear();
            // Half a character says nothing of the letters.
            candidate.encoding.decode_into(&self.window[seen.middle()], &mut self.text);
            let faults = seen.places as f32 * STRAY + seen.torn() as f32 * TORN;
            self.push_text(index, candidate, faults, false);
        }
    }

    fn push(&mut self, index: usize, candidate: &Candidate, faults: f32, source: Source, signature: u64) {
        self.list.push(Reading { members: 1 << index, unusual: candidate.unusual, faults, source });
        self.signatures.push(signature);
    }

    /// Ends of n-grams of a reading.
    pub(super) fn ends_of(&self, reading: &Reading) -> &[End] {
        match reading.source {
            Source::Bytes(_) => &self.ends,
            Source::AllBytes(_) => &self.all,
            Source::Text { ends, .. } => &self.text_ends[ends.0..ends.1],
        }
    }

    /// Gives the features of a reading to `take`, of all n-grams up to a length that end in these places.
    pub(super) fn features_at(&self, reading: &Reading, ends: &[End], most: usize, take: impl FnMut(usize)) {
        match reading.source {
            Source::Bytes(table) | Source::AllBytes(table) => {
                let char_at = |at: usize| self.window.get(at).map_or(EDGE, |b| table.packed[usize::from(*b)]);
                features(char_at, ends, most, take);
            }
            Source::Text { chars, .. } => {
                let chars = &self.chars[chars.0..chars.1];
                features(|at| chars.get(at).copied().unwrap_or(EDGE), ends, most, take);
            }
        }
    }

    /// Gives all features of a reading to `take`, of n-grams up to a length.
    pub fn features(&self, reading: &Reading, most: usize, take: impl FnMut(usize)) {
        self.features_at(reading, self.ends_of(reading), most, take);
    }
}

impl Reading {
    /// What speaks against it before the letters are looked at, in bits.
    pub fn against(&self) -> f32 {
        self.unusual + self.faults
    }

    /// True when this encoding reads the bytes so.
    pub fn is_of(&self, encoding: crate::decode::Encoding) -> bool {
        candidates().iter().enumerate().any(|(i, c)| self.members >> i & 1 == 1 && c.encoding == encoding)
    }

    fn join(&mut self, index: usize, unusual: f32) {
        self.members |= 1 << index;
        self.unusual = -((-self.unusual).exp2() + (-unusual).exp2()).log2();
    }
}

impl Candidate {
    fn form_is_units(&self) -> bool {
        matches!(self.form, Form::Other) && !self.encoding.is_stateful()
    }
}

impl Counts {
    fn of(raw: &[u8]) -> Self {
        let mut counts = Self { each: [0; 256], seen: [0; 4], telling: [0; 256], kinds: 0, high: 0 };
        for &b in raw {
            let count = &mut counts.each[usize::from(b)];
            *count += 1;
            if *count == 1 {
                counts.seen[usize::from(b) / 64] |= 1 << (b % 64);
                if tells(b) {
                    counts.telling[counts.kinds] = b;
                    counts.kinds += 1;
                }
            }
        }
        counts.high = counts.telling[..counts.kinds].iter().map(|b| counts.each[usize::from(*b)] as usize).sum();
        counts
    }

    /// Alike for tables that read these bytes alike.
    fn signature(&self, table: &Table, bytes: impl IntoIterator<Item = u8>) -> u64 {
        bytes.into_iter().filter(|b| self.each[usize::from(*b)] > 0).fold(0, |hash: u64, b| {
            let unit = match table.units[usize::from(b)] {
                // Letters with a comma below are as good as those with a cedilla, which older encodings have.
                unit @ 0x218..=0x219 => unit - 0x218 + 0x15E,
                unit @ 0x21A..=0x21B => unit - 0x21A + 0x162,
                unit => unit,
            };
            (hash ^ u64::from(unit)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
        })
    }
}
