//! What normalization does to a character: the generated table and how it is read.

use super::scan::Rules;
use super::table::{
    BLOCKS, COMPOSITIONS, INDEX, NFC_PAIRS, NFC_RULES, NFD_PAIRS, NFD_RULES, NFKC_PAIRS, NFKC_RULES, NFKD_PAIRS,
    NFKD_RULES, POOL, SPREAD,
};
use crate::config::Form;

/// What the table says of a character: its combining class in the low byte, flags, and in the high half where its
/// decompositions are.
pub(super) type Entry = u32;

/// The character never stands in that form.
const NO_NFC: Entry = 1 << 8;
const NO_NFKC: Entry = 1 << 9;
const NO_NFD: Entry = 1 << 10;
const NO_NFKD: Entry = 1 << 11;
/// It is the second of two characters that compose.
pub(super) const SECOND: Entry = 1 << 12;
/// What it decomposes into may change places or compose with what stands before it; canonically, or at all.
const BACK: Entry = 1 << 13;
const BACK_K: Entry = 1 << 14;

/// It is the first of two characters that compose, or composed itself.
pub(super) const FIRST: Entry = 1 << 15;

const CLASS: Entry = 0xFF;

/// All that tells one form from another.
pub(super) struct Plan {
    /// Flag of characters that never stand in the form.
    pub(super) no: Entry,
    /// Bits of characters that may not be left as they are.
    pub(super) watch: Entry,
    /// Flag of characters that what stands before them matters to.
    pub(super) back: Entry,
    pub(super) composes: bool,
    pub(super) compatible: bool,
    /// Leading bytes up to this one begin nothing of interest.
    pub(super) quiet: u8,
    /// Nothing of interest is among the dashes, quotation marks and points from U+2002 to U+203F.
    pub(super) calm_marks: bool,
    /// For each leading byte (its low six bits) the second bytes after which something of interest may come.
    pub(super) pairs: &'static [u64; 64],
    /// The same for vector code, see [`super::scan`].
    pub(super) rules: &'static Rules,
}

static NFC: Plan = plan(NO_NFC, true, false, &NFC_PAIRS, &NFC_RULES);
static NFKC: Plan = plan(NO_NFKC, true, true, &NFKC_PAIRS, &NFKC_RULES);
static NFD: Plan = plan(NO_NFD, false, false, &NFD_PAIRS, &NFD_RULES);
static NFKD: Plan = plan(NO_NFKD, false, true, &NFKD_PAIRS, &NFKD_RULES);

const fn plan(no: Entry, composes: bool, compatible: bool, pairs: &'static [u64; 64], rules: &'static Rules) -> Plan {
    let mut quiet = 0xC0;
    while pairs[(quiet & 63) as usize] == 0 {
        quiet += 1;
    }
    let back = if compatible { BACK_K } else { BACK };
    let watch = no | CLASS | if composes { SECOND | back } else { 0 };
    let calm_marks = are_calm(0x2002, 0x203F, watch);
    Plan { no, watch, back, composes, compatible, quiet: quiet - 1, calm_marks, pairs, rules }
}

/// True if none of the characters of a block has one of the bits.
const fn are_calm(first: u32, last: u32, bits: Entry) -> bool {
    let block = &BLOCKS[INDEX[(first >> 6) as usize] as usize];
    let mut code = first;
    while code <= last {
        if block[(code & 63) as usize] & bits != 0 {
            return false;
        }
        code += 1;
    }
    true
}

impl Plan {
    /// The plan of a form; `None` for no form.
    pub(super) fn of(form: Form) -> Option<&'static Self> {
        match form {
            Form::Nfc => Some(&NFC),
            Form::Nfkc => Some(&NFKC),
            Form::Nfd => Some(&NFD),
            Form::Nfkd => Some(&NFKD),
            Form::None => None,
        }
    }
}

/// The combining class in an entry.
pub(super) fn class(entry: Entry) -> u8 {
    entry as u8
}

/// The entry of a character.
pub(super) fn entry(c: char) -> Entry {
    in_block(c as u32 >> 6, c as u32)
}

/// The entry of the character that begins at a byte of UTF-8, and how many bytes it has.
#[inline(always)]
pub(super) fn entry_at(bytes: &[u8], at: usize) -> (Entry, usize) {
    // The last byte of a character is its place in a block, the others the number of the block.
    let six = |i: usize| bytes.get(at + i).map_or(0, |b| u32::from(*b) & 0x3F);
    let Some(lead) = bytes.get(at).map(|b| u32::from(*b)) else { return (0, 1) };
    match lead {
        0..0x80 => (in_block(lead >> 6, lead), 1),
        0x80..0xC0 => (0, 1),
        0xC0..0xE0 => (in_block(lead & 0x1F, six(1)), 2),
        0xE0..0xF0 => (in_block((lead & 0x0F) << 6 | six(1), six(2)), 3),
        _ => (in_block((lead & 0x07) << 12 | six(1) << 6 | six(2), six(3)), 4),
    }
}

#[inline(always)]
fn in_block(block: u32, code: u32) -> Entry {
    INDEX.get(block as usize).map_or(0, |at| BLOCKS[usize::from(*at)][(code & 63) as usize])
}

/// A character with its combining class in the high byte.
pub(super) type Classed = u32;

const CODE: Classed = (1 << 21) - 1;
const CLASS_SHIFT: u32 = 24;

pub(super) fn class_of(c: Classed) -> u8 {
    (c >> CLASS_SHIFT) as u8
}

pub(super) fn char_of(c: Classed) -> char {
    char::from_u32(c & CODE).unwrap_or(char::REPLACEMENT_CHARACTER)
}

// Hangul syllables are reckoned: 19 leading consonants, 21 vowels, 27 trailing consonants or none.
const SYLLABLES: u32 = 0xAC00;
const LEADING: u32 = 0x1100;
const VOWELS: u32 = 0x1161;
const TRAILING: u32 = 0x11A7;
const TRAILS: u32 = 28;
const OF_A_LEAD: u32 = 21 * TRAILS;
const ALL_SYLLABLES: u32 = 19 * OF_A_LEAD;

/// Appends what a character decomposes into, or itself.
pub(super) fn decompose(c: char, compatible: bool, out: &mut Vec<Classed>) {
    let own = entry(c);
    let syllable = (c as u32).wrapping_sub(SYLLABLES);
    if syllable < ALL_SYLLABLES {
        out.extend([LEADING + syllable / OF_A_LEAD, VOWELS + syllable % OF_A_LEAD / TRAILS]);
        out.extend(Some(TRAILING + syllable % TRAILS).filter(|trail| *trail > TRAILING));
        return;
    }
    match decomposition(own, compatible) {
        "" => out.push(u32::from(class(own)) << CLASS_SHIFT | c as u32),
        text => out.extend(text.chars().map(|c| u32::from(class(entry(c))) << CLASS_SHIFT | c as u32)),
    }
}

/// The combining class of the mark that a composed letter ends with, once it is decomposed; else 0. A mark of a lower class
/// after the letter goes before that one.
pub(super) fn inner(letter: Entry) -> u8 {
    decomposition(letter, false).chars().next_back().map_or(0, |mark| class(entry(mark)))
}

/// What a character that is no Hangul syllable decomposes into; empty when it does not.
fn decomposition(entry: Entry, compatible: bool) -> &'static str {
    let at = (entry >> 16) as usize;
    let bytes = POOL.as_bytes();
    let lengths = [bytes[at], bytes[at + 1]].map(usize::from);
    let start = at + 2;
    if compatible && lengths[1] > 0 {
        &POOL[start + lengths[0]..start + lengths[0] + lengths[1]]
    } else {
        &POOL[start..start + lengths[0]]
    }
}

/// What two characters compose to.
pub(super) fn compose(first: char, second: char) -> Option<char> {
    let (first, second) = (first as u32, second as u32);
    let vowel = second.wrapping_sub(VOWELS);
    let trail = second.wrapping_sub(TRAILING);
    let (lead, syllable) = (first.wrapping_sub(LEADING), first.wrapping_sub(SYLLABLES));
    if vowel < 21 && lead < 19 {
        return char::from_u32(SYLLABLES + lead * OF_A_LEAD + vowel * TRAILS);
    }
    if trail < TRAILS && trail > 0 && syllable < ALL_SYLLABLES && syllable.is_multiple_of(TRAILS) {
        return char::from_u32(first + trail);
    }
    let pair = u64::from(first) << 21 | u64::from(second);
    let bits = COMPOSITIONS.len().trailing_zeros();
    let mut at = (pair.wrapping_mul(SPREAD) >> (64 - bits)) as usize;
    // Half of the slots are empty, so the way is short.
    loop {
        let slot = COMPOSITIONS[at];
        if slot >> 21 == pair {
            return char::from_u32(slot as u32 & CODE);
        }
        if slot == 0 {
            return None;
        }
        at = (at + 1) % COMPOSITIONS.len();
    }
}
