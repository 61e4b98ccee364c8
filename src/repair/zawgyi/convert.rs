//! From Zawgyi, which stores glyphs in the order in which they are seen, to Unicode, which stores letters in the order in
//! which they are spoken. The table follows that of CLDR (`my-t-my-s0-zawgyi`); the method is our own: a syllable is taken
//! apart into a base, what is stacked below it and a set of signs, and written anew in canonical order.

use crate::repair::Rewrite;

/// The signs of a syllable, in the order in which Unicode has them after the base; the asat has two places.
const SIGNS: [char; 17] = [
    '\u{103A}', '\u{103B}', '\u{103C}', '\u{103D}', '\u{103E}', '\u{1031}', '\u{102D}', '\u{102E}', '\u{1032}',
    '\u{102F}', '\u{1030}', '\u{102B}', '\u{102C}', '\u{1036}', '\u{1037}', '\u{103A}', '\u{1038}',
];
const INNER_ASAT: u32 = 1;
const YA: u32 = 1 << 1;
const RA: u32 = 1 << 2;
const WA: u32 = 1 << 3;
const HA: u32 = 1 << 4;
const E: u32 = 1 << 5;
const I: u32 = 1 << 6;
const II: u32 = 1 << 7;
const AI: u32 = 1 << 8;
const U: u32 = 1 << 9;
const UU: u32 = 1 << 10;
const TALL_AA: u32 = 1 << 11;
const AA: u32 = 1 << 12;
const ANUSVARA: u32 = 1 << 13;
const DOT: u32 = 1 << 14;
const ASAT: u32 = 1 << 15;
const VISARGA: u32 = 1 << 16;
/// Written before the base and above it.
const KINZI: u32 = 1 << 17;

const VOWELS: u32 = I | II | AI | U | UU | TALL_AA | AA;

/// What one character of Zawgyi is.
#[derive(Clone, Copy)]
enum Glyph {
    Base(char),
    /// A base with a consonant below it.
    Pair(char, char),
    /// A consonant below the base, and signs.
    Below(char, u32),
    /// Signs after the base.
    Signs(u32),
    /// Signs that stand before the base: the vowel e, the medial ra.
    Before(u32),
    Other,
}

use Glyph::{Base, Before, Below, Other, Pair, Signs};

fn glyph(c: char) -> Glyph {
    match c {
        '\u{1000}'..='\u{1021}' | '\u{1023}'..='\u{1027}' | '\u{1029}' | '\u{102A}' | '\u{104E}' => Base(c),
        '\u{106A}' => Base('\u{106A}'),
        '\u{106B}' => Base('\u{100A}'),
        '\u{1086}' => Base('\u{103F}'),
        '\u{108F}' => Base('\u{1014}'),
        '\u{1090}' => Base('\u{101B}'),
        '\u{106E}' => Pair('\u{100D}', '\u{100D}'),
        '\u{106F}' => Pair('\u{100D}', '\u{100E}'),
        '\u{1091}' => Pair('\u{100F}', '\u{100D}'),
        '\u{1092}' => Pair('\u{100B}', '\u{100C}'),
        '\u{1097}' => Pair('\u{100B}', '\u{100B}'),
        '\u{1031}' => Before(E),
        '\u{103B}' | '\u{107E}'..='\u{1084}' => Before(RA),
        _ => signs(c).map_or_else(|| below(c), Signs),
    }
}

fn signs(c: char) -> Option<u32> {
    Some(match c {
        '\u{102B}' => TALL_AA,
        '\u{102C}' => AA,
        '\u{102D}' => I,
        '\u{102E}' => II,
        '\u{102F}' | '\u{1033}' => U,
        '\u{1030}' | '\u{1034}' => UU,
        '\u{1032}' => AI,
        '\u{1036}' => ANUSVARA,
        '\u{1037}' | '\u{1094}' | '\u{1095}' => DOT,
        '\u{1038}' => VISARGA,
        '\u{1039}' => ASAT,
        '\u{103A}' | '\u{107D}' => YA,
        '\u{103C}' => WA,
        '\u{103D}' | '\u{1087}' => HA,
        '\u{105A}' => TALL_AA | ASAT,
        '\u{1064}' => KINZI,
        '\u{1088}' => HA | U,
        '\u{1089}' => HA | UU,
        '\u{108A}' => WA | HA,
        '\u{108B}' => KINZI | I,
        '\u{108C}' => KINZI | II,
        '\u{108D}' => KINZI | ANUSVARA,
        '\u{108E}' => I | ANUSVARA,
        _ => return None,
    })
}

fn below(c: char) -> Glyph {
    let stacked = match c {
        '\u{1060}' => '\u{1000}',
        '\u{1061}' => '\u{1001}',
        '\u{1062}' => '\u{1002}',
        '\u{1063}' => '\u{1003}',
        '\u{1065}' => '\u{1005}',
        '\u{1066}' | '\u{1067}' => '\u{1006}',
        '\u{1068}' => '\u{1007}',
        '\u{1069}' => '\u{1008}',
        '\u{106C}' => '\u{100B}',
        '\u{106D}' => '\u{100C}',
        '\u{1070}' => '\u{100F}',
        '\u{1071}' | '\u{1072}' => '\u{1010}',
        '\u{1096}' => return Below('\u{1010}', WA),
        '\u{1073}' | '\u{1074}' => '\u{1011}',
        '\u{1075}' => '\u{1012}',
        '\u{1076}' => '\u{1013}',
        '\u{1077}' => '\u{1014}',
        '\u{1078}' => '\u{1015}',
        '\u{1079}' => '\u{1016}',
        '\u{107A}' => '\u{1017}',
        '\u{107B}' | '\u{1093}' => '\u{1018}',
        '\u{107C}' => '\u{1019}',
        '\u{1085}' => '\u{101C}',
        _ => return Other,
    };
    Below(stacked, 0)
}

/// Letters and signs, no digits and no punctuation.
fn is_written(c: char) -> bool {
    !matches!(glyph(c), Other)
}

fn is_digit(c: char) -> bool {
    ('\u{1040}'..='\u{1049}').contains(&c)
}

/// Characters without ink, which fonts and programs leave in the middle of a syllable.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\u{A0}' | '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FEFF}')
}

/// A syllable while it is read.
#[derive(Default)]
struct Syllable {
    start: usize,
    end: usize,
    /// Whether a space came before its dot, which is then the space between words.
    spaced: bool,
    base: Option<char>,
    below: [Option<char>; 2],
    signs: u32,
}

impl Syllable {
    fn is_empty(&self) -> bool {
        self.start == self.end
    }

    /// Adds the glyph if the syllable has a place for it.
    fn take(&mut self, glyph: Glyph) -> bool {
        match glyph {
            Before(_) if self.base.is_some() || self.signs & !(E | RA) != 0 => return false,
            Before(signs) => self.signs |= signs,
            Base(_) | Pair(..) if self.base.is_some() || self.signs & !(E | RA | DOT) != 0 => return false,
            Base(base) => self.base = Some(base),
            Pair(base, below) => (self.base, self.below[0]) = (Some(base), Some(below)),
            Below(below, signs) => {
                let free = self.below.iter_mut().find(|b| b.is_none());
                let Some(place) = free.filter(|_| self.base.is_some()) else { return false };
                *place = Some(below);
                self.signs |= signs;
            }
            Signs(ASAT) if self.signs & (TALL_AA | AA) == 0 => self.signs |= INNER_ASAT,
            Signs(signs) => self.signs |= signs,
            Other => return false,
        }
        true
    }

    /// What Zawgyi writes with one glyph for several letters.
    fn settle(&mut self) {
        // A narrow nya is also the vowel u where it has the signs of a long vowel.
        if self.base == Some('\u{106A}') {
            let vowel = self.signs & VOWELS != 0 && self.signs & VISARGA != 0 && self.signs & (ASAT | INNER_ASAT) == 0;
            self.base = Some(if vowel { '\u{1025}' } else { '\u{1009}' });
        }
        match self.base {
            Some('\u{1025}') if self.signs & II != 0 => {
                (self.base, self.signs) = (Some('\u{1026}'), self.signs & !II);
            }
            Some('\u{1025}') if self.signs & (ASAT | INNER_ASAT) != 0 || self.below[0].is_some() => {
                self.base = Some('\u{1009}')
            }
            Some('\u{1005}') if self.signs & YA != 0 && self.below[0].is_none() => {
                (self.base, self.signs) = (Some('\u{1008}'), self.signs & !YA);
            }
            _ => {}
        }
        if self.below[0] == Some('\u{1005}') && self.signs & YA != 0 {
            (self.below[0], self.signs) = (Some('\u{1008}'), self.signs & !YA);
        }
        if self.signs & II != 0 {
            self.signs &= !I;
        }
        if self.signs & U != 0 {
            self.signs &= !UU;
        }
        // A contraction (two syllables in one, the first killed) keeps the asat next to the base.
        let aa = self.signs & (TALL_AA | AA) != 0 && self.signs & YA == 0;
        let alone = self.signs & (YA | VOWELS) == 0 || self.below[0].is_some();
        if self.signs & INNER_ASAT != 0 && (aa || alone) {
            self.signs = self.signs & !INNER_ASAT | ASAT;
        }
    }

    fn write(mut self, text: &str, out: &mut Rewrite, buffer: &mut String) {
        if self.is_empty() {
            return;
        }
        self.settle();
        buffer.clear();
        if self.signs & KINZI != 0 {
            buffer.push_str("\u{1004}\u{103A}\u{1039}");
        }
        buffer.extend(self.base);
        let sign = |place: usize| (self.signs & 1 << place != 0).then_some(SIGNS[place]);
        buffer.extend(sign(0));
        for below in self.below.into_iter().flatten() {
            buffer.push('\u{1039}');
            buffer.push(below);
        }
        buffer.extend((1..SIGNS.len()).filter_map(sign));
        if self.spaced && text[self.end..].starts_with(is_written) {
            buffer.push(' ');
        }
        out.replace(text, self.start, self.end, buffer);
    }
}

/// Rewrites Zawgyi text from an offset on.
pub(super) fn convert(text: &str, from: usize, out: &mut Rewrite) {
    let mut buffer = String::new();
    let mut syllable = Syllable::default();
    let mut before = None;
    for (at, c) in text[from..].char_indices() {
        let at = from + at;
        let end = at + c.len_utf8();
        if end <= syllable.end {
            continue;
        }
        let rest = &text[end..];
        let read = meant(c, before, !syllable.is_empty() && syllable.base.is_none(), rest);
        let read = glyph(read.unwrap_or(c));
        before = Some(c);
        if !syllable.is_empty() && syllable.take(read) {
            syllable.end = end;
            continue;
        }
        // Some fonts let signs stand clear by a space before them.
        if is_blank(c) && syllable.base.is_some() {
            let after = rest.trim_start_matches(is_blank);
            let sign = after.chars().next().map_or(Other, glyph);
            if matches!(sign, Signs(_) | Below(..)) {
                syllable.end = text.len() - after.len();
                syllable.spaced |= matches!(sign, Signs(DOT)) && text[at..syllable.end].contains(' ');
                continue;
            }
        }
        std::mem::take(&mut syllable).write(text, out, &mut buffer);
        syllable.start = at;
        syllable.end = end;
        if !syllable.take(read) {
            syllable = Syllable::default();
            out.keep(text, at, end);
        }
        if c == '\u{104E}' && !rest.starts_with(GAUNG) {
            std::mem::take(&mut syllable);
            out.replace(text, at, end, "\u{104E}\u{1004}\u{103A}\u{1038}");
        }
    }
    syllable.write(text, out, &mut buffer);
}

/// The end of the word for `the said`, which Zawgyi may write or leave to the sign that abbreviates it.
const GAUNG: &str = "\u{1004}\u{1039}\u{1038}";

/// The letter that a digit of the same shape stands for, if it does.
fn meant(c: char, before: Option<char>, waiting: bool, rest: &str) -> Option<char> {
    if !matches!(c, '\u{1040}' | '\u{1044}' | '\u{1047}') || before.is_some_and(is_digit) {
        return None;
    }
    let mut after = rest.chars();
    let next = after.next();
    let fraction = matches!(next, Some('.' | ',' | '%')) || next.is_some_and(is_digit);
    let beside = next.is_some_and(is_written) || before.is_some_and(is_written);
    match c {
        '\u{1040}' if !fraction && (waiting || beside) => Some('\u{101D}'),
        '\u{1044}' if rest.starts_with(GAUNG) => Some('\u{104E}'),
        '\u{1047}' if waiting || next.is_some_and(|n| matches!(glyph(n), Signs(_) | Below(..))) => Some('\u{101B}'),
        _ => None,
    }
}
