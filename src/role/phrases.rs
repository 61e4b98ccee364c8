//! Words of user interfaces: what menus, buttons and notices are called, in many languages (`phrases.tsv`).
//!
//! Each column of the table is a *topic*. What a topic says about a line is learnt from English pages, and holds for the
//! words of all languages.

use std::sync::LazyLock;

use super::line::Line;
use super::scan::scan;

/// The table: a language a row, a topic a column, phrases divided by semicolons.
static TSV: &str = include_str!("phrases.tsv");

/// Topics, as the columns after the first.
pub const TOPICS: usize = 13;

/// A set of topics, a bit each.
pub(super) type Topics = u16;

/// Notices: rights, privacy, cookies.
pub(super) const LEGAL: Topics = 1 << 4;

/// What other articles stand below: `Read also`.
pub(super) const RELATED: Topics = 1 << 6;

/// Topics that articles have, too: authors, captions, dates.
pub(super) const BYLINE: Topics = 1 << 10;
pub(super) const CAPTION: Topics = 1 << 11;
pub(super) const TIME: Topics = 1 << 12;

/// Words of the longest phrase; characters of the longest one in a script without spaces.
const WORDS: usize = 5;
const CHARACTERS: usize = 24;

/// Words or characters of a line that are looked at.
const WINDOW: usize = 48;

/// Phrases by their hash: open addressing, at most half full.
struct Table {
    slots: Vec<(u32, Topics)>,
    /// A bit for the hash of each beginning of a phrase, and of each phrase, to pass over most words without a look at
    /// the slots.
    begun: Bits,
    whole: Bits,
}

/// A set of hashes, which may say yes where it should say no.
struct Bits([u64; 1 << (Bits::SIZE - 6)]);

impl Bits {
    const SIZE: u32 = 17;

    fn new() -> Self {
        Self([0; 1 << (Self::SIZE - 6)])
    }

    fn add(&mut self, hash: u32) {
        let bit = hash >> (32 - Self::SIZE);
        self.0[(bit / 64) as usize] |= 1 << (bit % 64);
    }

    #[inline]
    fn may_have(&self, hash: u32) -> bool {
        let bit = hash >> (32 - Self::SIZE);
        self.0[(bit / 64) as usize] >> (bit % 64) & 1 == 1
    }
}

impl Table {
    fn new() -> Self {
        let phrases: Vec<(&str, Topics)> = TSV.lines().filter(|l| !l.starts_with('#')).flat_map(row).collect();
        let size = (phrases.len() * 2).next_power_of_two();
        let mut table = Self { slots: vec![(0, 0); size], begun: Bits::new(), whole: Bits::new() };
        let mut finder = Finder::default();
        for (phrase, topics) in phrases {
            let Some(hash) = beginnings(finder.words_of(phrase)).inspect(|hash| table.begun.add(*hash)).last() else {
                continue;
            };
            table.whole.add(hash);
            let slot = table.find(hash);
            table.slots[slot].0 = hash;
            table.slots[slot].1 |= topics;
        }
        table
    }

    /// The topics of a phrase.
    fn topics(&self, hash: u32) -> Topics {
        if self.whole.may_have(hash) { self.slots[self.find(hash)].1 } else { 0 }
    }

    /// The slot of a hash, or the empty one where it would be.
    fn find(&self, hash: u32) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        while self.slots[slot].1 != 0 && self.slots[slot].0 != hash {
            slot = (slot + 1) & mask;
        }
        slot
    }
}

/// Phrases of a language, with their topics.
fn row(line: &str) -> impl Iterator<Item = (&str, Topics)> {
    let cells = line.split('\t').skip(1).take(TOPICS).enumerate();
    cells.flat_map(|(topic, cell)| cell.split(';').map(move |phrase| (phrase, 1 << topic)))
}

/// The hashes of the first word, of the first two and so on.
fn beginnings(words: &[u32]) -> impl Iterator<Item = u32> {
    words.iter().scan(EMPTY, |hash, word| {
        *hash = mix(*hash, *word);
        Some(*hash)
    })
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

const EMPTY: u32 = 0;

/// Adds a character, or a word, to a hash.
#[inline]
fn mix(hash: u32, value: u32) -> u32 {
    (hash.rotate_left(5) ^ value).wrapping_mul(0x9E37_79B1)
}

/// Finds the phrases of a line that is given to it letter by letter.
#[derive(Debug)]
pub(super) struct Finder {
    /// Hashes of the words; in scripts without spaces each character is one.
    words: [u32; WINDOW],
    /// A bit for each that is such a character.
    glued: u64,
    len: usize,
    /// Words that found no room.
    more: usize,
}

impl Default for Finder {
    fn default() -> Self {
        Self { words: [0; WINDOW], glued: 0, len: 0, more: 0 }
    }
}

/// A word so far: the hash of its letters; nothing but that of none where there are none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Word(u32);

impl Word {
    /// Adds a letter, in lower case.
    #[inline]
    pub(super) fn push(&mut self, letter: u32) {
        self.0 = mix(self.0, letter);
    }
}

/// What a line has of phrases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Topics of all phrases.
    pub(super) topics: Topics,
    /// Topics of the phrase that the line begins with.
    pub(super) first: Topics,
    /// Words that belong to a phrase, and all words.
    pub(super) covered: usize,
    pub(super) words: usize,
}

impl Finder {
    /// Forgets the line.
    pub(super) fn clear(&mut self) {
        (self.glued, self.len, self.more) = (0, 0, 0);
    }

    /// True when further words make no difference.
    #[inline]
    pub(super) fn is_full(&self) -> bool {
        self.len == WINDOW
    }

    /// Takes a word, if it is one.
    #[inline]
    pub(super) fn close(&mut self, word: Word) {
        if word.0 != EMPTY
            && let Some(room) = self.words.get_mut(self.len)
        {
            *room = word.0;
            self.len += 1;
        }
    }

    /// Takes a character that is a word by itself, behind a word.
    #[inline(never)]
    pub(super) fn push_glued(&mut self, c: char, word: Word) {
        if !self.is_full() {
            self.close(word);
            self.glued |= 1 << self.len;
            self.add(mix(1, u32::from(c)));
        }
    }

    #[inline]
    fn add(&mut self, word: u32) {
        if let Some(room) = self.words.get_mut(self.len) {
            *room = word;
            self.len += 1;
        } else {
            self.more += 1;
        }
    }

    /// The words of a phrase.
    fn words_of(&mut self, phrase: &str) -> &[u32] {
        self.clear();
        scan(&mut Line::default(), phrase, self);
        &self.words[..self.len]
    }

    /// The phrases among the words: at each place the longest.
    pub(super) fn find(&self) -> Found {
        let table = &*TABLE;
        let mut found = Found { words: self.len + self.more, ..Found::default() };
        let words = &self.words[..self.len];
        // Most words begin no phrase: a bit for each that may, without a branch.
        let may_begin = |word: &u32| u64::from(table.begun.may_have(mix(EMPTY, *word)));
        let mut begin = words.iter().rev().fold(0, |begin, word| begin << 1 | may_begin(word));
        while begin != 0 {
            let at = begin.trailing_zeros() as usize;
            let longest = if self.glued >> at & 1 == 1 { CHARACTERS } else { WORDS };
            let mut best = (0, 0);
            let hashes = beginnings(&words[at..]).take(longest);
            for (i, hash) in hashes.take_while(|hash| table.begun.may_have(*hash)).enumerate() {
                let topics = table.topics(hash);
                if topics != 0 {
                    best = (i + 1, topics);
                }
            }
            found.topics |= best.1;
            if at == 0 {
                found.first = best.1;
            }
            found.covered += best.0;
            begin &= u64::MAX << (at + best.0.max(1));
        }
        found
    }
}
