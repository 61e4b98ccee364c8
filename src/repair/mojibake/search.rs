//! The most likely division of a text into stretches that are right as they stand and stretches that were wrongly
//! decoded: a shortest path over its words (Viterbi 1967), in bits.

use std::collections::HashSet;
use std::ops::Range;

use super::chars::{Packed, packed};
use super::fill::fill;
use super::inverse::{Chain, Worth};
use super::model::score;
use super::propose::Proposer;
use super::telling::tells;
use super::trigger;
use super::words::{cut, ends_sentence, piece, word_start, words};
use super::wrong::{self, WIDE};
use crate::decode::{Encoding, guess};
use crate::repair::lookalikes::passes_for_latin;

/// Bytes that are looked at together.
const BLOCK: usize = 16384;
/// Chains that are weighed against each other.
const CHAINS: usize = 6;
/// Bits that a chain may lack where it was proposed: a part of the text may be better than the whole.
const HOPELESS: f32 = 20.0;
/// Bits that it may lack to speak against others.
const USELESS: f32 = 60.0;
/// What it costs to return to text that is right.
const RETURN: f32 = 5.0;
/// What a change costs besides inside a sentence.
const INSIDE: f32 = 22.0;
/// The same beside a word that is proved.
const INSIDE_PROVED: f32 = 6.0;
/// What each character that is not ASCII must be worth in what an encoding of one byte a character makes of a text: that
/// it is better than before is not enough.
const FLOOR: f32 = 0.5;
/// What it must gain by each character that it changes: where that is little, it is a language that the model hardly knows.
const EACH: f32 = 3.0;
/// And how much more of it for each bit by which two encodings are taken for each other more seldom.
const RARELY: f32 = 2.0;
/// How much of the price of a chain the words must gain that tell of it.
const TELLING: f32 = 0.3;
/// How seldom an encoding is wrongly read as another, in bits, for one letter not to be enough to tell, however often it comes.
const SELDOM: f32 = 3.0;
/// Bits by which a chain must be better than one that reads the stretch otherwise; text that is open to doubt is left.
const DOUBT: f32 = 4.0;

/// What each character of Chinese, Japanese and Korean says at least in most right text.
const RIGHT_WIDE: f32 = -2.6;

/// A text in pieces, and what they say.
#[derive(Debug, Default)]
struct Reading {
    text: String,
    /// Where the words end in `text`.
    ends: Vec<usize>,
    /// Bits of each word.
    bits: Vec<f32>,
    /// What speaks for each word besides its letters.
    worths: Vec<Worth>,
}

impl Reading {
    fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.bits.clear();
        self.worths.clear();
    }

    fn text_of(&self, words: Range<usize>) -> &str {
        &self.text[word_start(&self.ends, words.start)..self.ends[words.end - 1]]
    }
}

/// Memory for one block at a time.
#[derive(Debug, Default)]
pub(super) struct Searcher {
    proposer: Proposer,
    words: Vec<usize>,
    chains: Vec<(Chain, f32)>,
    readings: Vec<Reading>,
    /// What was read last, and where its words end.
    chars: Vec<Packed>,
    char_ends: Vec<usize>,
    /// What a piece would be.
    trial: Vec<Packed>,
}

/// A stretch of text and what it was.
pub(super) struct Repaired {
    pub(super) range: Range<usize>,
    pub(super) text: String,
}

impl Searcher {
    /// Finds what is to be repaired in a text, from its start to its end.
    pub(super) fn search(&mut self, text: &str) -> Vec<Repaired> {
        let mut found = Vec::new();
        let mut start = 0;
        while start < text.len() {
            let end = cut(text, start, BLOCK);
            let block = &text[start..end];
            if !block.is_ascii() {
                self.block(block, start, &mut found);
            }
            start = end;
        }
        found
    }

    fn block(&mut self, block: &str, offset: usize, found: &mut Vec<Repaired>) {
        self.chains.clear();
        words(block, &mut self.words);
        self.readings.iter_mut().take(1).for_each(Reading::clear);
        self.propose(block, true);
        // What was read wrongly in one place may be so where nothing hints at it, and tell encodings apart.
        if self.chains.iter().any(|chain| chain.1 >= -HOPELESS) {
            self.propose(block, false);
        }
        self.chains.sort_by(|a, b| b.1.total_cmp(&a.1));
        if self.chains.first().is_none_or(|best| best.1 < -HOPELESS) {
            return;
        }
        self.chains.retain(|chain| chain.1 > -USELESS);
        self.chains.truncate(CHAINS);
        self.as_is(block, 0..self.words.len());
        (1..=self.chains.len()).for_each(|state| self.read(block, state));
        let mut path = self.path(block);
        self.extend(block, &mut path);
        let mut at = 0;
        while at < path.len() {
            let state = path[at];
            let end = (at..path.len()).find(|i| path[*i] != state).unwrap_or(path.len());
            if state > 0 && self.is_sure(state, at..end) {
                let from = word_start(&self.words, at);
                let text = self.text(block, state, at..end);
                found.push(Repaired { range: offset + from..offset + self.words[end - 1], text });
            }
            at = end;
        }
    }

    /// What words of the block were, by one of the chains.
    fn text(&mut self, block: &str, state: usize, words: Range<usize>) -> String {
        let reading = &self.readings[state];
        let mut text = reading.text_of(words.clone()).to_owned();
        if text.contains(char::REPLACEMENT_CHARACTER) {
            let start = |ends: &[usize], word| word_start(ends, word);
            let from = start(&reading.ends, words.start);
            let words = words.map(|word| {
                let place = start(&reading.ends, word) - from;
                (&block[start(&self.words, word)..self.words[word]], place)
            });
            fill(&mut text, self.chains[state - 1].0, words, &mut self.proposer.buffers);
        }
        text
    }

    /// Collects the chains that may explain pieces of the block that are hinted at, or the others, with how many bits they are
    /// worth there.
    fn propose(&mut self, block: &str, hinted: bool) {
        let (mut start, mut first) = (0, 0);
        // Text that repeats itself needs no second asking.
        let mut asked = ("", false);
        while start < block.len() {
            let end = piece(block, start, &self.words);
            let piece = &block[start..end];
            let words = first..self.words.partition_point(|e| *e <= end);
            (start, first) = (end, words.end);
            if piece.is_ascii() || trigger::hints(piece) != hinted {
                continue;
            }
            let (wide, marks) = piece
                .chars()
                .filter(|c| !c.is_ascii())
                .fold((0, 0), |(wide, all), c| (wide + usize::from(c >= WIDE), all + 1));
            let legacy = wide * 2 < marks || self.as_is(block, words.clone()) < RIGHT_WIDE * marks as f32;
            if (piece, legacy) != asked {
                self.proposer.propose(piece, legacy);
                asked = (piece, legacy);
            }
            if self.proposer.found().next().is_none() {
                continue;
            }
            let as_is = self.as_is(block, words);
            for (proposal, text) in self.proposer.found() {
                let chain = proposal.chain;
                let gain = proposal.extra + bits(text, &mut self.trial) - as_is;
                if gain <= 0.0 {
                    continue;
                }
                match self.chains.iter_mut().find(|(known, _)| *known == chain) {
                    Some((_, sum)) => *sum += gain,
                    None => self.chains.push((chain, gain - chain.price())),
                }
            }
        }
    }

    /// What words say as they stand. Of many nobody asks.
    fn as_is(&mut self, block: &str, words: Range<usize>) -> f32 {
        if self.readings.first().is_none_or(|reading| reading.ends.is_empty()) {
            self.read(block, 0);
        }
        let bits = &mut self.readings[0].bits;
        for word in words.clone() {
            if bits[word].is_nan() {
                bits[word] = score(&self.chars, word_start(&self.char_ends, word), self.char_ends[word]);
            }
        }
        bits[words].iter().sum()
    }

    /// Reads the block as it stands, for state 0, or by a chain. What words say as they stand is left open.
    fn read(&mut self, block: &str, state: usize) {
        if self.readings.len() <= state {
            self.readings.push(Reading::default());
        }
        let reading = &mut self.readings[state];
        reading.clear();
        self.chars.clear();
        self.char_ends.clear();
        let (mut from, mut open) = (0, None);
        for end in &self.words {
            let (word, mut start) = (&block[from..*end], reading.text.len());
            from = *end;
            let chain = state.checked_sub(1).map(|chain| self.chains[chain].0);
            let undone = chain.and_then(|chain| chain.undo(word, &mut self.proposer.buffers, &mut reading.text));
            if undone.is_none() {
                reading.text.truncate(start);
                reading.text.push_str(word);
            }
            if let Some(open) = open.take()
                && are_apart(&reading.text[open..], start - open)
            {
                reading.text.insert(start, ' ');
                start += 1;
                reading.ends.last_mut().into_iter().for_each(|end| *end = start);
                self.chars.push(packed(' '));
                self.char_ends.last_mut().into_iter().for_each(|end| *end += 1);
            }
            open = undone.filter(|worth| worth.is_open).map(|_| start);
            let as_is = if state == 0 { f32::NAN } else { f32::NEG_INFINITY };
            reading.bits.push(undone.map_or(as_is, |worth| worth.bits));
            reading.worths.push(undone.unwrap_or_default());
            reading.ends.push(reading.text.len());
            self.chars.extend(reading.text[start..].chars().map(packed));
            self.char_ends.push(self.chars.len());
        }
        if state > 0 {
            for (word, bits) in reading.bits.iter_mut().enumerate() {
                *bits += score(&self.chars, word_start(&self.char_ends, word), self.char_ends[word]);
            }
        }
    }

    fn word<'t>(&self, block: &'t str, word: usize) -> &'t str {
        &block[word_start(&self.words, word)..self.words[word]]
    }

    /// True when no other chain is nearly as good for these words.
    fn is_sure(&self, state: usize, words: Range<usize>) -> bool {
        let worth = |state: usize| {
            let bits: f32 = self.readings[state].bits[words.clone()].iter().sum();
            bits - self.chains[state - 1].0.price()
        };
        let best = worth(state);
        let chain = self.chains[state - 1].0;
        let text = |state: usize| self.readings[state].text_of(words.clone());
        if chain.right.is_single_byte() {
            let [as_is, letters] = [0, state].map(|s| self.readings[s].bits[words.clone()].iter().sum::<f32>());
            let marks = text(state).chars().filter(|c| !c.is_ascii()).count();
            let changed = || text(0).chars().zip(text(state).chars()).filter(|(before, after)| before != after);
            let byte_by_byte = wrong::is_single(chain.wrong.into());
            let seldom = || guess::unusual(chain.right) + wrong::unusual(chain.wrong.into());
            let alike = || changed().all(|pair| changed().next() == Some(pair));
            let each = || EACH + RARELY * (seldom() - SELDOM).max(0.0);
            let gained = || letters - as_is >= each() * changed().count() as f32;
            if letters < FLOOR * marks as f32 || byte_by_byte && (!gained() || seldom() >= SELDOM && alike()) {
                return false;
            }
        }
        let worths = || self.readings[state].worths[words.clone()].iter();
        if chain.right == Encoding::UTF_8 && !worths().any(|worth| worth.proved) {
            // A letter before a space or a question mark is one more often than not, and a face may have what would be one quotation mark.
            let signs = || text(state).chars().filter(|c| !c.is_ascii()).take(2);
            if !worths().any(|worth| worth.told) || signs().count() == 1 && signs().all(is_usual) {
                return false;
            }
        }
        // Alphabets are in encodings of many bytes a character, too, and some of their letters UTF-8 by chance.
        let wide = || text(0).chars().any(|c| c >= WIDE);
        let by_structure = chain.right == Encoding::UTF_8 && (wrong::is_single(chain.wrong.into()) || wide());
        if !by_structure && !self.is_told(state, words.clone()) {
            return false;
        }
        (1..=self.chains.len()).all(|s| s == state || worth(s) < best - DOUBT || text(s) == text(state))
    }

    /// True when words tell of it, each counted once, and not only quotes and dashes, which are usual in any text, or a few
    /// characters that can't be seen, which have repairs of their own.
    fn is_told(&self, state: usize, words: Range<usize>) -> bool {
        let unseen = |c: char| matches!(c, '\u{80}'..='\u{A0}' | '\u{AD}');
        let whole = self.readings[0].text_of(words.clone());
        let hidden = whole.chars().filter(|c| unseen(*c)).count();
        // A Cyrillic or Greek letter that passes for a Latin one is more likely to be a look-alike.
        let others = whole.chars().any(|c| !c.is_ascii() && !unseen(c) && !is_usual(c) && !passes_for_latin(c));
        if !others && hidden <= 2 {
            return false;
        }
        let mut seen = HashSet::new();
        let mut gained = 0.0;
        for word in words {
            let [before, after] = [0, state].map(|s| self.readings[s].text_of(word..word + 1).trim_end());
            if before != after && tells(before, after) && seen.insert(before) {
                gained += self.readings[state].bits[word] - self.readings[0].bits[word];
            }
        }
        gained > TELLING * self.chains[state - 1].0.price()
    }

    /// Words near a repaired one that are UTF-8, too, go with it, however good they look: `О—` is a capital eta.
    fn extend(&self, block: &str, path: &mut [usize]) {
        let ends = |word: usize| ends_sentence(self.word(block, word));
        let is_plain = |word: usize| self.word(block, word).is_ascii() && !ends(word);
        for backwards in [false, true] {
            // The repaired word that only plain ones of the same sentence lie behind, and its state.
            let mut last: Option<(usize, usize)> = None;
            for step in 0..path.len() {
                let word = if backwards { path.len() - 1 - step } else { step };
                match last {
                    _ if path[word] > 0 => last = Some((word, path[word])),
                    Some((near, state)) if self.goes_along(block, path, word, state, backwards) => {
                        path[near.min(word)..=near.max(word)].fill(state);
                        last = Some((word, state));
                    }
                    Some(_) if is_plain(word) => {}
                    _ => last = None,
                }
            }
        }
    }

    /// True for a word that is UTF-8, too. Of a letter before a space more must speak for it: what follows goes on with it, and is
    /// plain where it is followed by what is repaired.
    fn goes_along(&self, block: &str, path: &[usize], word: usize, state: usize, backwards: bool) -> bool {
        let reading = &self.readings[state];
        let worth = reading.worths[word];
        let goes_on = |next: usize| {
            let is_small = self.word(block, next).starts_with(|c: char| c.is_ascii_lowercase());
            path[next] == state || backwards && is_small && reading.text_of(word..next).ends_with(char::is_alphabetic)
        };
        worth.whole && (!worth.is_open || word + 1 < path.len() && goes_on(word + 1))
    }

    /// The best path whose last word is proved.
    fn best_proved(&self, best: &[f32], word: usize) -> (f32, usize) {
        let proved = |state: &usize| word > 0 && self.readings[*state].worths[word - 1].proved;
        let all = (1..best.len()).filter(proved).map(|state| (best[state], state));
        all.fold((f32::NEG_INFINITY, 0), |a, b| if b.0 > a.0 { b } else { a })
    }

    /// For each word the chain of the best path, 0 for none.
    fn path(&self, block: &str) -> Vec<usize> {
        let states = 1 + self.chains.len();
        let prices: Vec<f32> =
            std::iter::once(RETURN).chain(self.chains.iter().map(|(chain, _)| chain.price())).collect();
        // Before the first word a change costs as much as at the end of a sentence.
        let mut best: Vec<f32> = (0..states).map(|s| if s == 0 { 0.0 } else { f32::NEG_INFINITY }).collect();
        let mut from: Vec<u8> = Vec::with_capacity(states * self.words.len());
        for word in 0..self.words.len() {
            // The best of all paths up to here may go on in any other state.
            let top = (0..states).max_by(|a, b| best[*a].total_cmp(&best[*b]).then(b.cmp(a))).unwrap_or(0);
            let inside = word > 0 && !ends_sentence(self.word(block, word - 1));
            let change = |from: usize, to: usize| {
                // What is proved stands for itself anywhere in a sentence.
                let proved = from == 0 && self.readings[to].worths[word].proved
                    || to == 0 && word > 0 && self.readings[from].worths[word - 1].proved;
                if !inside {
                    0.0
                } else if proved {
                    INSIDE_PROVED
                } else {
                    INSIDE
                }
            };
            // From text that is right to what is proved, and back, is nearer than from one wrong decoding to another.
            let tops = best[top];
            let (right, ended) = (best[0], self.best_proved(&best, word));
            for (state, bits) in best.iter_mut().enumerate() {
                let mut last = (f32::NEG_INFINITY, 0);
                for (bits, from) in [(tops, top), (right, 0), ended] {
                    let bits = bits - change(from, state);
                    last = if bits > last.0 { (bits, from) } else { last };
                }
                let entered = last.0 - prices[state];
                let stays = *bits >= entered;
                from.push(if stays { state } else { last.1 } as u8);
                *bits = bits.max(entered) + self.readings[state].bits[word];
            }
        }
        let mut path = vec![0; self.words.len()];
        let mut state = (0..states).max_by(|a, b| best[*a].total_cmp(&best[*b]).then(b.cmp(a))).unwrap_or(0);
        for word in (0..path.len()).rev() {
            path[word] = state;
            state = from[word * states + state].into();
        }
        path
    }
}

/// Quotes, dashes and dots, which typesetters put into text of any language.
fn is_usual(c: char) -> bool {
    matches!(c, '«' | '»' | '–' | '—' | '‘'..='‚' | '“'..='„' | '…')
}

/// By how many bits two words must be better apart for a space between them that the last letter of the first lost, too: where it is
/// one that ends words, and others of alphabets.
const APART_ENDS: f32 = 2.0;
const APART: f32 = 12.0;

/// True where two words rather have a space between them besides the one that was part of the last letter of the first.
fn are_apart(text: &str, at: usize) -> bool {
    let (last, next) = (text[..at].chars().next_back(), text[at..].chars().next());
    let is_capital = last.is_some_and(char::is_uppercase) && next.is_some_and(char::is_lowercase);
    if is_capital || next.is_some_and(|next| matches!(next, '.' | ',' | ')' | ']' | '”' | '…')) {
        return false;
    }
    let least = match last {
        Some('à' | '고') => APART_ENDS,
        Some(last) if last < WIDE => APART,
        _ => return false,
    };
    let chars = &mut Vec::new();
    let apart = [&text[..at], " ", &text[at..]].concat();
    bits(&apart, chars) - bits(text, chars) > least
}

/// What a piece of text says for itself.
fn bits(text: &str, chars: &mut Vec<Packed>) -> f32 {
    chars.clear();
    chars.extend(text.chars().map(packed));
    score(chars, 0, chars.len())
}
