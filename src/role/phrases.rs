//! Words of user interfaces: what menus, buttons and notices are called, in many languages (`phrases.tsv`).
//!
//! Each column of the table is a *topic*. What a topic says about a line is learnt from English pages, and holds for the
//! words of all languages.

use std::sync::LazyLock;

use super::chars::{Kind, small};

/// The table: a language a row, a topic a column, phrases divided by semicolons.
static TSV: &str = include_str!("phrases.tsv");

/// Topics, as the columns after the first.
pub const TOPICS: usize = 13;

/// A set of topics, a bit each.
pub(super) type Topics = u16;

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
    /// A bit for the hash of each phrase and for each word that one begins with, to pass over most words without a look
    /// at the slots.
    seen: Bits,
    starts: Bits,
}

/// A set of hashes, which may say yes where it should say no.
struct Bits(Vec<u64>);

impl Bits {
    const SIZE: u32 = 16;

    fn new() -> Self {
        Self(vec![0; 1 << (Self::SIZE - 6)])
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
        let phrases: Vec<(u32, u32, Topics)> = TSV.lines().filter(|l| !l.starts_with('#')).flat_map(row).collect();
        let size = (phrases.len() * 2).next_power_of_two();
        let mut table = Self { slots: vec![(0, 0); size], seen: Bits::new(), starts: Bits::new() };
        for (first, hash, topics) in phrases {
            table.seen.add(hash);
            table.starts.add(first);
            let slot = table.find(hash);
            table.slots[slot].0 = hash;
            table.slots[slot].1 |= topics;
        }
        table
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

    /// The topics of a phrase.
    fn topics(&self, hash: u32) -> Topics {
        if self.seen.may_have(hash) { self.slots[self.find(hash)].1 } else { 0 }
    }
}

/// Phrases of a language: the hash of the first word, that of all, topics.
fn row(line: &str) -> impl Iterator<Item = (u32, u32, Topics)> {
    line.split('\t').skip(1).take(TOPICS).enumerate().flat_map(|(topic, cell)| {
        cell.split(';').filter_map(move |phrase| hash_of(phrase).map(|(first, hash)| (first, hash, 1 << topic)))
    })
}

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

const EMPTY: u32 = 0;

/// Adds a character, or a word, to a hash.
#[inline]
fn mix(hash: u32, value: u32) -> u32 {
    (hash.rotate_left(5) ^ value).wrapping_mul(0x9E37_79B1)
}

/// The hashes of the first word and of all of a phrase, as [`Finder`] would make them.
fn hash_of(phrase: &str) -> Option<(u32, u32)> {
    let mut finder = Finder::default();
    phrase.chars().for_each(|c| finder.push(c, Kind::of(c), small(c)));
    finder.close();
    let words = &finder.words[..finder.len];
    words.first().map(|first| (*first, words.iter().fold(EMPTY, |hash, word| mix(hash, *word))))
}

/// Finds the phrases of a line that is given to it character by character.
#[derive(Debug)]
pub(super) struct Finder {
    /// Hashes of the words; in scripts without spaces each character is one.
    words: [u32; WINDOW],
    /// True for such a character.
    glued: [bool; WINDOW],
    len: usize,
    word: u32,
    letters: bool,
    /// Words that found no room.
    more: usize,
}

impl Default for Finder {
    fn default() -> Self {
        Self { words: [0; WINDOW], glued: [false; WINDOW], len: 0, word: EMPTY, letters: false, more: 0 }
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
        (self.len, self.more) = (0, 0);
        (self.word, self.letters) = (EMPTY, false);
    }

    /// True when further characters make no difference.
    pub(super) fn is_full(&self) -> bool {
        self.len == WINDOW
    }

    /// Takes the next character, which is `small` in lower case.
    #[inline]
    pub(super) fn push(&mut self, c: char, kind: Kind, small: u32) {
        if kind.is_wide() || (matches!(kind, Kind::Letter | Kind::Mark) && is_thai(c)) {
            self.close();
            self.add(mix(1, u32::from(c)), true);
        } else if kind.is_word() {
            // Digits count in no phrase, nor do marks that may be missing.
            if kind.is_letter() {
                self.word = mix(self.word, small);
                self.letters = true;
            }
        } else {
            self.close();
        }
    }

    /// Takes small letters of ASCII.
    #[inline]
    pub(super) fn push_small(&mut self, letters: &[u8]) {
        self.word = letters.iter().fold(self.word, |word, letter| mix(word, u32::from(*letter)));
        self.letters = true;
    }

    /// Ends a word.
    #[inline]
    pub(super) fn close(&mut self) {
        if self.letters {
            self.add(self.word, false);
        }
        (self.word, self.letters) = (EMPTY, false);
    }

    fn add(&mut self, word: u32, glued: bool) {
        if self.len < WINDOW {
            (self.words[self.len], self.glued[self.len]) = (word, glued);
            self.len += 1;
        } else {
            self.more += 1;
        }
    }

    /// The phrases among the words: at each place the longest.
    pub(super) fn find(&self) -> Found {
        let table = &*TABLE;
        let mut found = Found { words: self.len + self.more, ..Found::default() };
        let mut at = 0;
        while at < self.len {
            if !table.starts.may_have(self.words[at]) {
                at += 1;
                continue;
            }
            let longest = if self.glued[at] { CHARACTERS } else { WORDS };
            let (mut hash, mut best) = (EMPTY, (0, 0));
            for (i, word) in self.words[at..self.len].iter().take(longest).enumerate() {
                hash = mix(hash, *word);
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
            at += best.0.max(1);
        }
        found
    }
}

/// Letters of scripts that write words without spaces, other than Han and kana.
#[inline]
fn is_thai(c: char) -> bool {
    matches!(c as u32, 0xE01..=0xE4E | 0xE81..=0xEDF | 0x1000..=0x103F | 0x1780..=0x17D3)
}
