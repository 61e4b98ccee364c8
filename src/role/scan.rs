//! One pass over the characters of a line, which counts them. Everything that is counted of a character depends on its
//! class and on what stands before it, so a table has the sum of both.

use std::sync::LazyLock;

use super::chars::{Kind, LOW, small};
use super::line::Line;
use super::phrases::{Finder, Word};

/// Classes: a kind each, and those with more to be told of than their kind.
const KINDS: [Kind; 32] = [
    Kind::Space,
    Kind::Lower,
    Kind::Upper,
    Kind::Letter,
    Kind::Kana,
    Kind::Syllable,
    Kind::Han,
    Kind::Mark,
    Kind::Digit,
    Kind::End,
    Kind::Comma,
    Kind::Colon,
    Kind::Open,
    Kind::Close,
    Kind::Quote,
    Kind::Dash,
    Kind::Separator,
    Kind::Currency,
    Kind::Claim,
    Kind::At,
    Kind::Sign,
    Kind::Letter,
    Kind::Letter,
    Kind::Mark,
    Kind::Colon,
    Kind::Separator,
    Kind::Separator,
    Kind::Open,
    Kind::Close,
    Kind::Comma,
    Kind::Currency,
    Kind::Sign,
];

/// Letters of scripts without spaces between words: of those that end no sentence with a mark (Thai, Lao), of others; marks
/// of both.
const ENDLESS: usize = 21;
const GLUED: usize = 22;
const GLUED_MARK: usize = 23;
/// The colon of ASCII.
const CLOCK: usize = 24;
/// Signs of program text from here on, the bar first; the lines of trees and frames are among them.
const BAR: usize = 25;
const CODE: usize = BAR + 1;

/// The class of a sign of program text.
fn code(kind: Kind) -> usize {
    CODE + KINDS[CODE..].iter().position(|own| *own == kind).unwrap_or_default()
}

fn class(c: char) -> usize {
    let kind = Kind::of(c);
    match c {
        ':' => CLOCK,
        '|' | '│' => BAR,
        '{' | '}' | '[' | ']' | ';' | '=' | '<' | '>' | '_' | '#' | '$' | '\\' | '&' | '`' | '+' => code(kind),
        '\u{2500}'..='\u{257F}' => code(kind),
        '\u{E01}'..='\u{E4E}' | '\u{E81}'..='\u{EDF}' if kind == Kind::Letter => ENDLESS,
        '\u{1000}'..='\u{103F}' | '\u{1780}'..='\u{17D3}' if kind == Kind::Letter => GLUED,
        '\u{E01}'..='\u{E4E}' | '\u{E81}'..='\u{EDF}' | '\u{1000}'..='\u{103F}' | '\u{1780}'..='\u{17D3}'
            if kind == Kind::Mark =>
        {
            GLUED_MARK
        }
        _ => kind as usize,
    }
}

/// What stands before a character, as far as it matters; marks leave it as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Space,
    Lower,
    /// Another letter.
    Word,
    Digit,
    End,
    Dash,
    Other,
}

const fn state(kind: Kind) -> Before {
    match kind {
        Kind::Space => Before::Space,
        Kind::Lower => Before::Lower,
        Kind::Digit => Before::Digit,
        Kind::End => Before::End,
        Kind::Dash => Before::Dash,
        _ if kind.is_letter() => Before::Word,
        _ => Before::Other,
    }
}

/// A set of classes, a bit each.
const fn set(kinds: &[Kind]) -> u32 {
    let (mut set, mut class) = (0, 0);
    while class < KINDS.len() {
        let mut i = 0;
        while i < kinds.len() {
            if KINDS[class] as u8 == kinds[i] as u8 {
                set |= 1 << class;
            }
            i += 1;
        }
        class += 1;
    }
    set
}

const LETTERS: u32 = set(&[Kind::Lower, Kind::Upper, Kind::Letter, Kind::Kana, Kind::Syllable, Kind::Han]);
const WIDE: u32 = set(&[Kind::Kana, Kind::Han]) | 1 << ENDLESS | 1 << GLUED | 1 << GLUED_MARK;
const MARKS: u32 = set(&[Kind::Mark]);
const DIGITS: u32 = set(&[Kind::Digit]);
const WORDS: u32 = LETTERS | MARKS | DIGITS;
/// Classes of which more is to be seen than their number.
const RARE: u32 = set(&[Kind::Digit, Kind::Currency, Kind::Claim, Kind::At]) | 1 << CLOCK;

/// Places of the counters in the two sums; each has eight bits, the last one of the first sum sixteen.
const CHARACTERS: u32 = 0;
const WORD: u32 = 8;
const CAPITALS: u32 = 16;
const SMALLS: u32 = 24;
const UPPERS: u32 = 32;
const SEAMS: u32 = 40;
const WEIGHT: u32 = 48;
const DIGIT: u32 = 0;
const SENTENCES: u32 = 8;
const COMMAS: u32 = 16;
const SEPARATORS: u32 = 24;
const SIGNS: u32 = 32;
const CODES: u32 = 40;
const PIPES: u32 = 48;
const ENDLESSES: u32 = 56;

/// Bytes, and so characters at most, after which the sums are taken out: none but the weight grows by more than one a
/// character.
const CHUNK: usize = 255;

/// What a character adds to the counters, by what stands before it and by its class.
static STEPS: [[u64; 2]; 8 * 32] = {
    const fn one(place: u32, is: bool) -> u64 {
        (is as u64) << place
    }
    let (mut steps, mut i) = ([[0; 2]; 8 * 32], 0);
    while i < steps.len() {
        let (before, class) = (i / 32, i % 32);
        let kind = KINDS[class];
        let (upper, lower) = (kind as u8 == Kind::Upper as u8, kind as u8 == Kind::Lower as u8);
        let space = kind as u8 == Kind::Space as u8;
        let in_word =
            before == Before::Lower as usize || before == Before::Word as usize || before == Before::Digit as usize;
        let first = kind.is_letter() && !in_word;
        steps[i][0] = one(CHARACTERS, !space)
            | one(WORD, first)
            | one(CAPITALS, first && upper)
            | one(SMALLS, first && lower)
            | one(UPPERS, upper)
            | one(SEAMS, upper && before == Before::Lower as usize)
            | (kind.weight() as u64) << WEIGHT;
        steps[i][1] = one(DIGIT, kind as u8 == Kind::Digit as u8)
            | one(SENTENCES, before == Before::End as usize && (space || kind.is_wide()))
            | one(COMMAS, kind as u8 == Kind::Comma as u8)
            | one(SEPARATORS, kind as u8 == Kind::Separator as u8 || (space && before == Before::Dash as usize))
            | one(SIGNS, kind as u8 == Kind::Sign as u8)
            | one(CODES, class >= BAR)
            | one(PIPES, class == BAR)
            | one(ENDLESSES, class == ENDLESS);
        i += 1;
    }
    steps
};

/// A character: its class in five bits, in three the state that it leaves behind, a bit each for what is no plain letter of a
/// word, for rare classes and for marks, and then how it is compared.
fn entry(c: char) -> u32 {
    let class = class(c);
    let is = |set: u32| set >> class & 1;
    let compared = if is(LETTERS) == 1 { small(c) } else { u32::from(c) };
    let state = state(KINDS[class]) as u32;
    class as u32 | state << 5 | is(!LETTERS | WIDE) << 8 | is(RARE) << 9 | is(MARKS) << 10 | compared << 11
}

/// Bits of an entry.
const CLASS: u32 = 31;
const STATE: u32 = 7 << 5;
const NO_PLAIN: u32 = 1 << 8;
const SELDOM: u32 = 1 << 9;
const MARK: u32 = 1 << 10;

type Entries = [u32; LOW];

static ENTRIES: LazyLock<Entries> =
    LazyLock::new(|| std::array::from_fn(|c| char::from_u32(c as u32).map_or(0, entry)));

/// Of characters beyond the table.
fn far(c: char) -> u32 {
    match c as u32 {
        han @ 0x4E00..0xA000 => Kind::Han as u32 | (Before::Word as u32) << 5 | NO_PLAIN | han << 11,
        syllable @ 0xAC00..0xD7A4 => Kind::Syllable as u32 | (Before::Word as u32) << 5 | syllable << 11,
        _ => entry(c),
    }
}

/// Goes through a line and counts; true where the last character is no space.
pub(super) fn scan(line: &mut Line, text: &str, finder: &mut Finder) -> bool {
    let mut scan = Scan { before: NO_PLAIN, number: (0, 0), word: Word::default(), endless: 0 };
    let entries = &*ENTRIES;
    let mut rest = text;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(rest.floor_char_boundary(CHUNK));
        if finder.is_full() {
            scan.pass::<false>(entries, chunk, line, finder);
        } else {
            scan.pass::<true>(entries, chunk, line, finder);
        }
        rest = after;
    }
    finder.close(scan.word);
    if scan.endless * 4 > line.weight {
        line.flags |= Line::ENDLESS;
    }
    year(line, scan.number);
    line.hash = hash(line, text);
    !is(scan.before, Before::Space)
}

/// A hash of a line's letters and digits; of a long line, which is seldom compared, only of how many there are.
fn hash(line: &Line, text: &str) -> u64 {
    let mix = |hash: u64, letter: u32| (hash ^ u64::from(letter)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    if line.is_long() { mix(u64::from(line.weight), line.digits) } else { compared(text).fold(0, mix) }
}

/// The letters and digits of a text as they are compared.
pub(super) fn compared(text: &str) -> impl Iterator<Item = u32> {
    let entries = &*ENTRIES;
    let entries = text.chars().map(|c| entries.get(c as usize).copied().unwrap_or_else(|| far(c)));
    entries.filter(|entry| (LETTERS | DIGITS) >> (entry & CLASS) & 1 == 1).map(|entry| entry >> 11)
}

/// True for a character that leaves such a state behind.
fn is(entry: u32, state: Before) -> bool {
    entry & STATE == (state as u32) << 5
}

/// Adds so many characters that stand behind such a one.
#[inline]
fn add(sums: &mut [u64; 2], before: u32, entry: u32, times: u64) {
    let step = &STEPS[(before & STATE | entry & CLASS) as usize];
    sums[0] += step[0] * times;
    sums[1] += step[1] * times;
}

struct Scan {
    /// The character before, marks left out.
    before: u32,
    /// Digits of the last number, and the number.
    number: (u32, u32),
    /// The word that is open.
    word: Word,
    /// Weight of the letters of scripts that end no sentence with a mark.
    endless: u32,
}

impl Scan {
    /// Goes through a chunk, and gives its words to the finder. Most characters are letters behind others of their class:
    /// each of them adds the same, and none ends a word.
    #[inline]
    fn pass<const FIND: bool>(&mut self, entries: &Entries, chunk: &str, line: &mut Line, finder: &mut Finder) {
        /// No bits of an entry.
        const NONE: u32 = u32::MAX;
        // Without a finder, letters of every class go on with a word.
        let bits = if FIND { CLASS | NO_PLAIN } else { CLASS };
        let is_in_run = |entry| if FIND { entry & NO_PLAIN == 0 } else { LETTERS >> (entry & CLASS) & 1 == 1 };
        let (mut sums, mut before, mut word) = ([0; 2], self.before, self.word);
        // What a letter that goes on has of these bits; letters that went on since the sums were made, and one of them.
        let mut run = if is_in_run(before) { before & bits } else { NONE };
        let (mut more, mut one) = (0, before);
        for c in chunk.chars() {
            let entry = match entries.get(c as usize) {
                Some(entry) => *entry,
                None => far(c),
            };
            if entry & bits == run {
                more += 1;
                if FIND {
                    word.push(entry >> 11);
                }
                continue;
            }
            if entry & CLASS == Kind::Space as u32 {
                // Behind a letter it adds nothing.
                if run == NONE {
                    add(&mut sums, before, entry, 1);
                }
                if FIND {
                    finder.close(word);
                    word = Word::default();
                }
                (before, run) = (entry, NONE);
                continue;
            }
            add(&mut sums, before, entry, 1);
            if is_in_run(entry) {
                if FIND {
                    word.push(entry >> 11);
                }
                if (entry ^ one) & CLASS != 0 {
                    add(&mut sums, one, one, more);
                    (more, one) = (0, entry);
                }
                (before, run) = (entry, entry & bits);
                continue;
            }
            let of = 1u32 << (entry & CLASS);
            if FIND {
                if of & WIDE != 0 {
                    finder.push_glued(c, word);
                } else if of & WORDS == 0 {
                    finder.close(word);
                }
                if of & (WORDS & !WIDE) == 0 {
                    word = Word::default();
                }
            }
            if entry & SELDOM != 0 {
                self.rare(c, entry, before, line);
            }
            if entry & MARK == 0 {
                (before, run) = (entry, NONE);
            }
        }
        add(&mut sums, one, one, more);
        (self.before, self.word) = (before, word);
        self.endless += 2 * (sums[1] >> ENDLESSES) as u32;
        line.count(sums);
    }

    #[cold]
    fn rare(&mut self, c: char, entry: u32, before: u32, line: &mut Line) {
        let behind_digit = is(before, Before::Digit);
        match KINDS[(entry & CLASS) as usize] {
            Kind::Digit => {
                if !behind_digit {
                    year(line, self.number);
                    self.number = (0, 0);
                }
                self.number = (self.number.0 + 1, self.number.1 * 10 % 100_000 + c.to_digit(10).unwrap_or(0));
            }
            Kind::Currency => line.flags |= Line::CURRENCY,
            Kind::Claim => line.flags |= Line::CLAIM,
            Kind::At => line.flags |= Line::AT,
            _ if behind_digit => line.flags |= Line::CLOCK,
            _ => {}
        }
    }
}

impl Line {
    /// Takes the counters out of the sums.
    fn count(&mut self, [letters, others]: [u64; 2]) {
        let of_letters = |place: u32| (letters >> place) as u32 & 0xFF;
        let of_others = |place: u32| (others >> place) as u32 & 0xFF;
        self.characters += of_letters(CHARACTERS);
        self.words += of_letters(WORD);
        self.capitals += of_letters(CAPITALS);
        self.smalls += of_letters(SMALLS);
        self.uppers += of_letters(UPPERS);
        self.seams += of_letters(SEAMS);
        self.weight += (letters >> WEIGHT) as u32;
        self.digits += of_others(DIGIT);
        self.sentences += of_others(SENTENCES);
        self.commas += of_others(COMMAS);
        self.separators += of_others(SEPARATORS);
        self.signs += of_others(SIGNS);
        self.code += of_others(CODES);
        self.pipes += of_others(PIPES);
    }
}

fn year(line: &mut Line, (digits, number): (u32, u32)) {
    if digits == 4 && (1900..2100).contains(&number) {
        line.flags |= Line::YEAR;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_of_the_kind_of_their_characters() {
        let table = &*ENTRIES;
        for c in '\0'..'\u{33000}' {
            assert_eq!(KINDS[class(c)], Kind::of(c), "{c:?}");
            assert_eq!(table.get(c as usize).copied().unwrap_or_else(|| far(c)), entry(c), "{c:?}");
            let code = "{}[];=<>_#$\\|&`+".contains(c) || ('─'..='╿').contains(&c);
            assert_eq!((class(c) >= BAR, class(c) == BAR), (code, c == '|' || c == '│'), "{c:?}");
        }
        let glued: Vec<usize> = "กາကក\u{E48}".chars().map(class).collect();
        assert_eq!(glued, [ENDLESS, ENDLESS, GLUED, GLUED, GLUED_MARK]);
    }

    fn counted(text: &str) -> Line {
        Line::of(text, &mut Finder::default())
    }

    #[test]
    fn lines_are_counted_by_what_stands_before() {
        let line = counted("Log in: 12:30 | © Ö2024 — naïveHat, \"no.\" Yes!");
        assert_eq!((line.words, line.capitals, line.smalls, line.uppers, line.seams), (6, 3, 3, 4, 1));
        assert_eq!((line.digits, line.separators, line.pipes, line.code, line.commas), (8, 2, 1, 1, 1));
        assert_eq!((line.sentences, line.letters()), (1, 19));
        assert!(line.has(Line::CLAIM) && line.has(Line::CLOCK) && line.has(Line::YEAR) && !line.has(Line::AT));
        let line = counted("旧磨坊。卖了。ไม่มี");
        assert_eq!((line.words, line.sentences, line.weight), (3, 1, 6 * 5 + 2 * 4));
        assert_eq!(counted("").hash, counted("- — -").hash);
        assert_eq!(counted("Read more!").hash, counted("READ, more").hash);
        assert_ne!(counted("Read more 1").hash, counted("Read more 2").hash);
    }

    #[test]
    fn long_lines_are_the_sum_of_their_parts() {
        let (part, times) = ("Ab. Жд; 3 漢字。 ", 500);
        let (one, all) = (counted(part), counted(&part.repeat(times)));
        let sums = |line: &Line| {
            [line.weight, line.characters, line.digits, line.words, line.capitals, line.commas, line.code]
        };
        assert_eq!(sums(&one).map(|n| n * times as u32), sums(&all));
        assert_eq!(all.phrases.words, 48);
    }
}
