//! What there is to see of a line by itself, counted in characters, never bytes.

use super::bins::COARSE;
use super::chars::Kind;
use super::phrases::{BYLINE, CAPTION, Finder, Found, TIME};
use super::scan::scan;

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
    /// Of its letters and digits; of how many there are where it is long.
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

    /// True for a line that is hardly there twice.
    pub(super) fn is_long(&self) -> bool {
        self.letters() > COARSE[1]
    }

    /// Share of words with a capital, where there are capitals.
    pub(super) fn capital_share(&self) -> Option<f32> {
        let cased = self.capitals + self.smalls;
        (cased > 0).then(|| self.capitals as f32 / cased as f32)
    }

    pub(super) fn of(text: &str, finder: &mut Finder) -> Self {
        let mut line = Self::default();
        finder.clear();
        let ends = scan(&mut line, text, finder);
        (line.first, line.last) = (first_edge(text), last_edge(text));
        line.sentences += u32::from(line.last == Edge::End && ends);
        if contains_address(text) {
            line.flags |= Self::ADDRESS;
        }
        line.phrases = finder.find();
        line.shape = shape(text);
        line
    }
}

/// Dots and colons that are looked at for an address.
const MARKS: usize = 8;

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

/// What a line begins with.
fn first_edge(text: &str) -> Edge {
    let Some((c, kind)) = text.chars().map(|c| (c, Kind::of(c))).find(|(_, kind)| *kind != Kind::Space) else {
        return Edge::Nothing;
    };
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
    let (mut dots, mut colons) = (0, 0);
    memchr::memchr2_iter(b'.', b':', bytes).any(|at| {
        let (before, after) = (&bytes[..at], &bytes[at + 1..]);
        if bytes[at] == b':' {
            colons += 1;
            return colons <= MARKS && after.starts_with(b"//");
        }
        dots += 1;
        let ends = || [&b"com"[..], b"org", b"net"].iter().any(|end| after.starts_with(end));
        let is_end = || ends() && !after.get(3).is_some_and(u8::is_ascii_alphanumeric) && !before.is_empty();
        dots <= MARKS && (before.ends_with(b"www") || is_end())
    })
}
