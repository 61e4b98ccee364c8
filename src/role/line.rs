//! What there is to see of a line by itself, counted in characters, never bytes.

use super::chars::{Kind, small};
use super::phrases::{BYLINE, CAPTION, Finder, Found, TIME};

/// A line (or a fragment of one) by itself.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Line {
    /// Letters, in halves of a letter of an alphabet.
    pub(super) weight: u32,
    /// Characters that are no spaces.
    pub(super) characters: u32,
    pub(super) digits: u32,
    /// Words, in scripts that have spaces.
    pub(super) words: u32,
    /// Words that begin with a capital, and with a small letter.
    pub(super) capitals: u32,
    pub(super) smalls: u32,
    /// Capitals in all.
    pub(super) uppers: u32,
    /// Marks that end a sentence with a space, a quote or a wide letter after them; at the end of the line, too.
    pub(super) sentences: u32,
    pub(super) commas: u32,
    /// Separators of menu items: signs, and dashes and slashes between spaces.
    pub(super) separators: u32,
    /// Other signs: those of code and of ornaments.
    pub(super) signs: u32,
    /// Signs of program text and markup.
    pub(super) code: u32,
    /// Bars between cells.
    pub(super) pipes: u32,
    /// Capitals glued to the end of a word, as where two buttons were one beside the other.
    pub(super) seams: u32,
    pub(super) first: Edge,
    pub(super) last: Edge,
    pub(super) flags: u8,
    pub(super) phrases: Found,
    /// Of its letters and digits.
    pub(super) hash: u64,
    /// Of the kinds of its first words and signs: the lines of a programme, a recipe or a table begin alike.
    pub(super) shape: u16,
}

/// What a line begins or ends with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Edge {
    #[default]
    Nothing,
    /// A small letter, or one of a script without capitals.
    Letter,
    Capital,
    Digit,
    /// The end of a sentence, quotes and brackets behind it included.
    End,
    Ellipsis,
    Colon,
    Comma,
    Quote,
    Bracket,
    Separator,
    Other,
}

/// Kinds of [`Edge`].
pub(super) const EDGES: usize = 12;

impl Line {
    /// It has ©, ® or ™.
    pub(super) const CLAIM: u8 = 1;
    /// It has an @.
    pub(super) const AT: u8 = 2;
    /// It has the beginning of an address.
    pub(super) const ADDRESS: u8 = 4;
    /// It has a sign of a currency.
    pub(super) const CURRENCY: u8 = 8;
    /// It has a colon between digits.
    pub(super) const CLOCK: u8 = 16;
    /// It has a number of four digits that may be a year.
    pub(super) const YEAR: u8 = 32;
    /// Its letters are of a script that ends no sentence with a mark.
    pub(super) const ENDLESS: u8 = 64;

    pub(super) fn has(&self, flags: u8) -> bool {
        self.flags & flags != 0
    }

    /// True for a text with the end of a sentence.
    pub(super) fn ends_sentence(&self) -> bool {
        matches!(self.last, Edge::End | Edge::Ellipsis)
    }

    /// True for a line that is mostly words of an interface, or claims a right.
    pub(super) fn is_furniture(&self) -> bool {
        self.has(Self::CLAIM)
            || (self.phrases.topics & !(BYLINE | CAPTION | TIME) != 0 && self.phrases.covered * 2 >= self.phrases.words)
    }

    /// Letters, as of an alphabet.
    pub(super) fn letters(&self) -> u32 {
        self.weight / 2
    }

    /// Share of words with a capital, where there are capitals.
    pub(super) fn capital_share(&self) -> Option<f32> {
        let cased = self.capitals + self.smalls;
        (cased > 0).then(|| self.capitals as f32 / cased as f32)
    }

    pub(super) fn of(text: &str, finder: &mut Finder) -> Self {
        let mut line = Self::default();
        finder.clear();
        let mut scan = Scan { before: Kind::Space, last: Kind::Space, endless: 0, number: (0, 0), word: 0, bytes: 0 };
        let mut rest = text;
        while let Some(first) = rest.bytes().next() {
            // Most of the text of most alphabets.
            if first.is_ascii_lowercase() {
                let end = rest.bytes().position(|b| !b.is_ascii_lowercase()).unwrap_or(rest.len());
                line.take_small(&rest.as_bytes()[..end], &mut scan, finder);
                rest = &rest[end..];
            } else if let Some(c) = rest.chars().next() {
                line.take(c, &mut scan, finder);
                rest = &rest[c.len_utf8()..];
            }
        }
        line.year(scan.number);
        line.mix_word(&mut scan);
        finder.close();
        line.last = last_edge(text);
        if line.last == Edge::End && scan.before != Kind::Space {
            line.sentences += u32::from(scan.last != Kind::End || scan.before == Kind::End);
        }
        if scan.endless * 4 > line.weight {
            line.flags |= Self::ENDLESS;
        }
        if contains_address(text) {
            line.flags |= Self::ADDRESS;
        }
        line.phrases = finder.find();
        line.shape = shape(text);
        line
    }

    /// Small letters of ASCII.
    #[inline]
    fn take_small(&mut self, letters: &[u8], scan: &mut Scan, finder: &mut Finder) {
        let count = letters.len() as u32;
        if !finder.is_full() {
            finder.push_small(letters);
        }
        if !scan.before.is_word() && scan.before != Kind::Mark {
            self.words += 1;
            self.smalls += 1;
        }
        if scan.number.0 > 0 {
            self.year(scan.number);
            scan.number = (0, 0);
        }
        self.characters += count;
        self.weight += 2 * count;
        letters.iter().for_each(|letter| self.mix(u32::from(*letter), scan));
        if self.first == Edge::Nothing {
            self.first = Edge::Letter;
        }
        (scan.last, scan.before) = (Kind::Lower, Kind::Lower);
    }

    /// Adds a letter or a digit to the hash; several go together.
    #[inline]
    fn mix(&mut self, value: u32, scan: &mut Scan) {
        let bytes = if value < 0x80 { 1 } else { 4 };
        if scan.bytes + bytes > 8 {
            self.mix_word(scan);
        }
        (scan.word, scan.bytes) = (scan.word << (8 * bytes) | u64::from(value), scan.bytes + bytes);
    }

    fn mix_word(&mut self, scan: &mut Scan) {
        self.hash = (self.hash.rotate_left(5) ^ scan.word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (scan.word, scan.bytes) = (0, 0);
    }

    #[inline]
    fn take(&mut self, c: char, scan: &mut Scan, finder: &mut Finder) {
        let kind = Kind::of(c);
        let small = if kind.is_letter() { small(c) } else { 0 };
        if !finder.is_full() {
            finder.push(c, kind, small);
        }
        let before = scan.before;
        self.characters += u32::from(kind != Kind::Space);
        if kind.is_letter() {
            self.weight += kind.weight();
            self.mix(small, scan);
            if scan.number.0 > 0 {
                self.year(scan.number);
                scan.number = (0, 0);
            }
            if !before.is_word() && before != Kind::Mark {
                self.words += 1;
                self.capitals += u32::from(kind == Kind::Upper);
                self.smalls += u32::from(kind == Kind::Lower);
            } else if kind == Kind::Upper && before == Kind::Lower {
                self.seams += 1;
            }
            self.uppers += u32::from(kind == Kind::Upper);
            scan.endless += u32::from(kind == Kind::Letter && is_endless(c)) * 2;
            self.sentences += u32::from(before == Kind::End && kind.is_wide());
        } else {
            self.other(c, kind, scan);
        }
        if kind != Kind::Space && self.first == Edge::Nothing {
            self.first = first_edge(c, kind);
        }
        if kind != Kind::Mark {
            if kind != Kind::Space {
                scan.last = kind;
            }
            scan.before = kind;
        }
    }

    #[inline]
    fn other(&mut self, c: char, kind: Kind, scan: &mut Scan) {
        if kind == Kind::Digit {
            self.digits += 1;
            self.mix(u32::from(c), scan);
            scan.number = (scan.number.0 + 1, scan.number.1 * 10 % 100_000 + c.to_digit(10).unwrap_or(0));
            return;
        }
        if scan.number.0 > 0 && kind != Kind::Mark {
            self.flags |= if c == ':' { Self::CLOCK } else { 0 };
            self.year(scan.number);
            scan.number = (0, 0);
        }
        self.code += u32::from(c.is_ascii() && CODE >> c as u32 & 1 == 1);
        self.pipes += u32::from(c == '|');
        match kind {
            Kind::Space => {
                let end = scan.before == Kind::End || (scan.last == Kind::End && scan.before == Kind::Quote);
                self.sentences += u32::from(end);
                self.separators += u32::from(scan.before == Kind::Dash);
            }
            Kind::Comma => self.commas += 1,
            Kind::Separator => self.separators += 1,
            Kind::Currency => self.flags |= Self::CURRENCY,
            Kind::Claim => self.flags |= Self::CLAIM,
            Kind::At => self.flags |= Self::AT,
            Kind::Sign => self.signs += 1,
            _ => {}
        }
    }

    fn year(&mut self, (digits, number): (u32, u32)) {
        if digits == 4 && (1900..2100).contains(&number) {
            self.flags |= Self::YEAR;
        }
    }
}

/// A bit for each of the signs of program text.
const CODE: u128 = {
    let (signs, mut set, mut i) = (b"{}[];=<>_#$\\|&`+", 0, 0);
    while i < signs.len() {
        set |= 1 << signs[i];
        i += 1;
    }
    set
};

struct Scan {
    /// The character before, marks left out.
    before: Kind,
    /// The last one that is no space.
    last: Kind,
    /// Weight of the letters of scripts that end no sentence with a mark.
    endless: u32,
    /// Digits of the number before, and the number.
    number: (u32, u32),
    /// Letters that are not in the hash yet, and how many bytes they take.
    word: u64,
    bytes: u32,
}

/// Words and signs that make the shape of a line.
const SHAPE: usize = 4;

/// The kinds of the first words, numbers and signs; 0 where all are words, which have no shape in scripts without capitals.
fn shape(text: &str) -> u16 {
    let (mut shape, mut tokens, mut plain, mut before) = (1u32, 0, true, Kind::Space);
    for c in text.chars() {
        let kind = match Kind::of(c) {
            kind if kind.is_letter() => Kind::Letter,
            Kind::Mark => continue,
            kind => kind,
        };
        let goes_on = kind == before || kind == Kind::Space;
        before = kind;
        if goes_on {
            continue;
        }
        if tokens == SHAPE {
            break;
        }
        tokens += 1;
        plain &= kind == Kind::Letter;
        shape = shape * 31 + kind as u32;
    }
    if plain { 0 } else { (shape ^ shape >> 16) as u16 | 1 }
}

/// Thai and Lao.
#[inline]
fn is_endless(c: char) -> bool {
    matches!(c as u32, 0xE01..=0xE4E | 0xE81..=0xEDF)
}

fn first_edge(c: char, kind: Kind) -> Edge {
    match kind {
        Kind::Upper => Edge::Capital,
        Kind::Digit => Edge::Digit,
        Kind::Open if matches!(c, '“' | '„' | '‚' | '‘' | '「' | '『') => Edge::Quote,
        Kind::Quote | Kind::Close => Edge::Quote,
        Kind::Open => Edge::Bracket,
        Kind::Separator | Kind::Dash => Edge::Separator,
        _ if kind.is_letter() => Edge::Letter,
        Kind::Colon | Kind::Comma | Kind::End => Edge::End,
        _ => Edge::Other,
    }
}

/// What a line ends with, closing quotes and brackets left out where the end of a sentence is before them.
fn last_edge(text: &str) -> Edge {
    let mut behind = None;
    for c in text.chars().rev() {
        let edge = match Kind::of(c) {
            Kind::Space | Kind::Mark => continue,
            Kind::Quote | Kind::Close => {
                behind = behind.or(Some(if matches!(c, ')' | ']' | '}' | '）' | '】') {
                    Edge::Bracket
                } else {
                    Edge::Quote
                }));
                continue;
            }
            Kind::End if c == '…' => Edge::Ellipsis,
            Kind::End if text.trim_end().ends_with("...") => Edge::Ellipsis,
            Kind::End => return Edge::End,
            kind if behind.is_none() => match kind {
                Kind::Colon => Edge::Colon,
                Kind::Comma => Edge::Comma,
                Kind::Digit => Edge::Digit,
                Kind::Separator | Kind::Dash => Edge::Separator,
                Kind::Upper => Edge::Capital,
                _ if kind.is_letter() => Edge::Letter,
                _ => Edge::Other,
            },
            _ => break,
        };
        return behind.filter(|_| edge != Edge::Ellipsis).unwrap_or(edge);
    }
    behind.unwrap_or_default()
}

fn contains_address(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'.', bytes).take(8).any(|at| {
        let (before, after) = (&bytes[..at], &bytes[at + 1..]);
        before.ends_with(b"www")
            || [&b"com"[..], b"org", b"net"].iter().any(|end| {
                after.starts_with(end) && !after.get(3).is_some_and(u8::is_ascii_alphanumeric) && !before.is_empty()
            })
    }) || memchr::memchr_iter(b':', bytes).take(8).any(|at| bytes[at..].starts_with(b"://"))
}
