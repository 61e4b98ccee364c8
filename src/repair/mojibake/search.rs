//! The most likely division of a text into stretches that are right as they stand and stretches that were wrongly
//! decoded: a shortest path over its words (Viterbi 1967), in bits.

use std::ops::Range;

use super::chars::{Packed, packed, table};
use super::inverse::Chain;
use super::model::score;
use super::propose::Proposer;
use super::wrong::{self, Set};

/// Bytes that are looked at together.
const BLOCK: usize = 2048;
/// Bytes of a piece of which chains are proposed.
const PIECE: usize = 400;
/// Chains that are weighed against each other.
const CHAINS: usize = 8;
/// What it costs to return to text that is right.
const RETURN: f32 = 5.0;

/// A text in pieces, and what they say.
#[derive(Debug, Default)]
struct Reading {
    text: String,
    /// Where the words end in `text`.
    ends: Vec<usize>,
    /// Bits of each word, the letters aside.
    bits: Vec<f32>,
}

/// Memory for one block at a time.
#[derive(Debug, Default)]
pub(super) struct Searcher {
    proposer: Proposer,
    words: Vec<usize>,
    chains: Vec<(Chain, f32)>,
    readings: Vec<Reading>,
    chars: Vec<Packed>,
    char_ends: Vec<usize>,
    scores: Vec<f32>,
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
        self.propose(block);
        if self.chains.is_empty() {
            return;
        }
        self.chains.sort_by(|a, b| b.1.total_cmp(&a.1));
        self.chains.truncate(CHAINS);
        self.read(block);
        let path = self.path();
        let mut at = 0;
        while at < path.len() {
            let state = path[at];
            let end = (at..path.len()).find(|i| path[*i] != state).unwrap_or(path.len());
            if state > 0 {
                let reading = &self.readings[state];
                let from = |ends: &[usize]| if at == 0 { 0 } else { ends[at - 1] };
                found.push(Repaired {
                    range: offset + from(&self.words)..offset + self.words[end - 1],
                    text: reading.text[from(&reading.ends)..reading.ends[end - 1]].to_owned(),
                });
            }
            at = end;
        }
    }

    /// Collects the chains that may explain pieces of the block, with how many bits they are worth there.
    fn propose(&mut self, block: &str) {
        let mut start = 0;
        while start < block.len() {
            let end = piece(block, start, &self.words);
            let piece = &block[start..end];
            start = end;
            if piece.is_ascii() {
                continue;
            }
            let as_is = bits(piece, &mut self.chars, &mut self.scores);
            let mut proposed = Vec::new();
            self.proposer.propose(piece, |chain| proposed.push(chain));
            for chain in proposed {
                let mut text = String::new();
                let Some(extra) = chain.undo(piece, &mut self.proposer.buffers, &mut text) else { continue };
                let gain = extra + bits(&text, &mut self.chars, &mut self.scores) - as_is;
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

    /// Reads the block as it stands and by each chain.
    fn read(&mut self, block: &str) {
        self.readings.resize_with((1 + self.chains.len()).max(self.readings.len()), Reading::default);
        self.scores.clear();
        for (at, reading) in self.readings.iter_mut().enumerate().take(1 + self.chains.len()) {
            reading.text.clear();
            reading.ends.clear();
            reading.bits.clear();
            let mut from = 0;
            for end in &self.words {
                let word = &block[from..*end];
                from = *end;
                let extra = match at.checked_sub(1) {
                    None => {
                        reading.text.push_str(word);
                        0.0
                    }
                    Some(chain) => {
                        let start = reading.text.len();
                        let chain = self.chains[chain].0;
                        let done = chain.undo(word, &mut self.proposer.buffers, &mut reading.text);
                        done.unwrap_or_else(|| {
                            reading.text.truncate(start);
                            reading.text.push_str(word);
                            f32::NEG_INFINITY
                        })
                    }
                };
                reading.bits.push(extra);
                reading.ends.push(reading.text.len());
            }
            self.chars.clear();
            self.char_ends.clear();
            let (table, mut from) = (table(), 0);
            for end in &reading.ends {
                self.chars.extend(reading.text[from..*end].chars().map(|c| packed(table, c)));
                self.char_ends.push(self.chars.len());
                from = *end;
            }
            self.scores.clear();
            score(&self.chars, &self.char_ends, &mut self.scores);
            reading.bits.iter_mut().zip(&self.scores).for_each(|(bits, score)| *bits += score);
        }
    }

    /// For each word the chain of the best path, 0 for none.
    fn path(&self) -> Vec<usize> {
        let states = 1 + self.chains.len();
        let price = |state: usize| if state == 0 { RETURN } else { self.chains[state - 1].0.price() };
        let mut best: Vec<f32> = (0..states).map(|s| if s == 0 { 0.0 } else { -price(s) }).collect();
        let mut from: Vec<u8> = Vec::with_capacity(states * self.words.len());
        for word in 0..self.words.len() {
            // The best of all paths up to here may go on in any other state.
            let top = (0..states).max_by(|a, b| best[*a].total_cmp(&best[*b]).then(b.cmp(a))).unwrap_or(0);
            let reach = best[top];
            for (state, bits) in best.iter_mut().enumerate() {
                let entered = reach - price(state);
                let stays = *bits >= entered;
                from.push(if stays { state } else { top } as u8);
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

/// What a piece of text says for itself.
fn bits(text: &str, chars: &mut Vec<Packed>, scores: &mut Vec<f32>) -> f32 {
    let table = table();
    chars.clear();
    chars.extend(text.chars().map(|c| packed(table, c)));
    scores.clear();
    score(chars, &[chars.len()], scores);
    scores[0]
}

/// The end of a stretch of so many bytes or less, after a space if there is one in its second half.
fn cut(text: &str, start: usize, most: usize) -> usize {
    if text.len() - start <= most {
        return text.len();
    }
    let end = text.floor_char_boundary(start + most);
    let space = text.as_bytes()[start + most / 2..end].iter().rposition(|b| b.is_ascii_whitespace());
    space.map_or(end, |at| start + most / 2 + at + 1)
}

/// Ends of words with the spaces after them, and of sentences where there are no spaces.
fn words(text: &str, ends: &mut Vec<usize>) {
    ends.clear();
    let mut space = false;
    for (at, c) in text.char_indices() {
        let is_space = matches!(c, ' ' | '\t' | '\n' | '\r');
        if space && !is_space {
            ends.push(at);
        }
        space = is_space || matches!(c, '。' | '！' | '？');
    }
    ends.push(text.len());
}

/// The end of a piece: a sentence, or as many words as one encoding can have.
fn piece(text: &str, start: usize, words: &[usize]) -> usize {
    let first = words.partition_point(|end| *end <= start);
    let (mut set, mut from) = (Set::MAX, start);
    for end in &words[first..] {
        let word = &text[from..*end];
        let with = word.chars().filter(|c| !c.is_ascii()).fold(set, |set, c| set & wrong::holders(c));
        if from > start && (with == 0 || end - start > PIECE) {
            return from;
        }
        set = with;
        from = *end;
        if word.trim_end().ends_with(['.', '!', '?', '。', '！', '？']) {
            break;
        }
    }
    from
}
