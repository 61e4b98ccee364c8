//! The words of a text, and what the text around them is written in.

use super::super::palochka::LANGUAGES;
use super::judge::is_palochka;
use super::pairs::{Alphabet, is_anchor};
use crate::lang::Label;
use crate::script::{Script, script_of};

/// Letters in a row, with the marks on them. A word ends where another alphabet begins with a capital: `иPhone`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) start: usize,
    /// How many letters it has of each alphabet.
    pub(super) letters: [u32; 4],
}

impl Word<'_> {
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len()
    }

    pub(super) fn of(&self, alphabet: Alphabet) -> u32 {
        self.letters[alphabet as usize]
    }

    /// The alphabets that it has letters of.
    pub(super) fn alphabets(&self) -> impl Iterator<Item = Alphabet> {
        let letters = self.letters;
        Alphabet::ALL.into_iter().filter(move |a| letters[*a as usize] > 0)
    }
}

/// The words of a text, in order.
pub(super) fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        at += text[at..].find(|c| Alphabet::of(c).is_some())?;
        let word = first_word(text, at);
        at = word.end();
        Some(word)
    })
}

fn first_word(text: &str, start: usize) -> Word<'_> {
    let mut letters = [0; 4];
    let mut last: Option<(Alphabet, bool)> = None;
    for (i, c) in text[start..].char_indices() {
        let ended = match Alphabet::of(c) {
            Some(own) => {
                // A capital I between small Cyrillic letters is the palochka of Caucasian languages.
                let palochka = |alphabet| c == 'I' && alphabet == Alphabet::Cyrillic;
                let begins = |alphabet| alphabet != own && c.is_uppercase() && !palochka(alphabet);
                let glued = last.is_some_and(|(alphabet, lower)| lower && begins(alphabet));
                if !glued {
                    letters[own as usize] += 1;
                    last = Some((own, c.is_lowercase()));
                }
                glued
            }
            None => script_of(c) != Script::ZINH,
        };
        if ended {
            return Word { text: &text[start..start + i], start, letters };
        }
    }
    Word { text: &text[start..], start, letters }
}

/// What a text is written in, told by letters that no repair changes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Surroundings {
    /// Letters of each alphabet that no other has.
    anchors: [u32; 4],
    /// The alphabet of the label, where it is known.
    told: Option<Alphabet>,
    /// The label says Mongolian.
    pub(super) mongolian: bool,
    /// Cyrillic letters that occur, a bit for each from U+0430 on.
    cyrillic: u64,
    /// Cyrillic letters that only languages outside the Slavic family write occur.
    other_cyrillic: bool,
    /// A Latin letter stands alone that no Cyrillic one looks like: the text names things by letters.
    pub(super) formulas: bool,
    /// The text is in a language with a palochka, or has one, right or written as a capital I among small letters.
    pub(super) palochka: bool,
}

/// So many letters that only one alphabet has tell what a text is written in.
const ENOUGH: u32 = 6;

impl Surroundings {
    pub(super) fn of(text: &str, label: Option<Label>) -> Self {
        let told = label.and_then(|l| match l.script {
            Script::LATN => Some(Alphabet::Latin),
            Script::CYRL => Some(Alphabet::Cyrillic),
            Script::GREK => Some(Alphabet::Greek),
            Script::ARMN => Some(Alphabet::Armenian),
            _ => None,
        });
        let mongolian = label.is_some_and(|l| matches!(l.language(), "khk" | "mon"));
        let palochka = label.is_some_and(|l| LANGUAGES.contains(&l.language()));
        let mut found = Self { told, mongolian, palochka, ..Self::default() };
        for word in words(text) {
            let mut before = None;
            for (i, c) in word.text.char_indices() {
                if c == 'I' && word.of(Alphabet::Cyrillic) > 0 && before.is_some() {
                    let after = word.text[i + 1..].chars().next();
                    found.palochka |= is_palochka(before, after, &found);
                }
                found.palochka |= matches!(c, '\u{4C0}' | '\u{4CF}');
                before = Some(c);
                if let Some(alphabet) = Alphabet::of(c) {
                    found.anchors[alphabet as usize] += u32::from(is_anchor(c));
                    found.cyrillic |= bit(c);
                    found.other_cyrillic |= matches!(c, '\u{492}'..='\u{52F}');
                }
            }
            found.formulas |= word.text.len() == 1 && word.text.chars().all(is_anchor);
        }
        found
    }

    /// The alphabet of the text: what nearly all of it is written in or, where that is too little, what its label says.
    pub(super) fn main(&self) -> Option<Alphabet> {
        let all: u32 = self.anchors.iter().sum();
        let most = Alphabet::ALL.into_iter().find(|a| self.anchors[*a as usize] * 100 >= all * 85);
        if all >= ENOUGH { most } else { self.told.filter(|told| all == self.anchors[*told as usize]) }
    }

    /// True when the Cyrillic letters of the text are those of Slavic languages, which have words of one letter.
    pub(super) fn slavic(&self) -> bool {
        !self.other_cyrillic
    }

    /// True when the text has this Cyrillic letter (lower case, U+0430 to U+046F).
    pub(super) fn has(&self, letter: char) -> bool {
        self.cyrillic & bit(letter) != 0
    }
}

fn bit(c: char) -> u64 {
    let c = c as u32;
    // Capitals lie 32 (from U+0410) or 80 (from U+0400) before their small letters.
    let lower = match c {
        0x410..=0x42F => c + 32,
        0x400..=0x40F => c + 80,
        _ => c,
    };
    lower.checked_sub(0x430).filter(|i| *i < 64).map_or(0, |i| 1 << i)
}
