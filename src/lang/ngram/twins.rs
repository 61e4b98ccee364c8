//! Near twins: languages whose n-grams are nearly the same are told apart by the words that only some of them have, in all
//! of a text and not just in the letters that are read otherwise.

use std::sync::LazyLock;

use super::model::Head;
use crate::lang::Label;

static TABLE: &str = include_str!("twins.tsv");

static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| read(TABLE));

/// Labels without enough text to learn from: whose numbers they borrow, and how much rarer they are (a logarithm).
pub(super) const BORROWED: [(&str, &str, f32); 1] = [("bos_Latn", "hrv_Latn", -1.0)];

/// What a word says against each label of its group that hardly ever has it (a logarithm).
const SAYS: f32 = 2.0;

/// Bytes of a text that are read.
const READ: usize = 4096;

/// Bytes of a word that is looked up.
const LONGEST: usize = 64;

/// Languages that are near twins.
#[derive(Debug, Default)]
struct Group {
    labels: Vec<Label>,
    /// The words, sorted by bucket, and what they are.
    words: Vec<(&'static str, Word)>,
    /// Where those of each bucket begin; and the end.
    starts: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
struct Word {
    /// It may have any ending.
    open: bool,
    /// A bit for each label that has it.
    labels: u8,
}

/// Memory, one a worker.
#[derive(Debug, Default)]
pub(super) struct Memory {
    word: String,
    seen: Vec<bool>,
}

fn read(table: &'static str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let parse = |labels: &str| labels.split(' ').filter_map(|label| label.parse().ok()).collect::<Vec<Label>>();
        match (line.split_once('\t'), groups.last_mut()) {
            (None, _) => groups.push(Group { labels: parse(line), ..Group::default() }),
            (Some((own, words)), Some(group)) => {
                let own = parse(own);
                let bits = group.labels.iter().enumerate().map(|(i, label)| u8::from(own.contains(label)) << i).sum();
                group.words.extend(words.split(' ').map(|word| {
                    let stem = word.strip_suffix('-');
                    (stem.unwrap_or(word), Word { open: stem.is_some(), labels: bits })
                }));
            }
            _ => {}
        }
    }
    groups.iter_mut().for_each(Group::sort);
    groups
}

/// Words with the same first letter are in one of 256 buckets.
fn bucket(word: &str) -> usize {
    word.chars().next().map_or(0, |c| c as usize % 256)
}

impl Group {
    fn sort(&mut self) {
        self.words.sort_unstable_by_key(|(word, _)| (bucket(word), *word));
        self.starts = (0..=256).map(|own| self.words.partition_point(|(word, _)| bucket(word) < own)).collect();
    }

    /// The longest word or beginning of words that this word is.
    fn find(&self, word: &str) -> Option<usize> {
        let first = bucket(word);
        let (from, words) = (self.starts[first], &self.words[self.starts[first]..self.starts[first + 1]]);
        let mut key = word;
        loop {
            let at = words.partition_point(|(own, _)| *own <= key).checked_sub(1)?;
            let (own, Word { open, .. }) = words[at];
            let common = key.bytes().zip(own.bytes()).take_while(|(a, b)| a == b).count();
            if common == own.len() && (open || own.len() == word.len()) {
                return Some(from + at);
            }
            key = &key[..key.floor_char_boundary(common.min(own.len().saturating_sub(1)))];
        }
    }

    /// What the words of a text say against each label.
    fn weigh(&self, text: &str, memory: &mut Memory) -> [f32; 8] {
        let mut against = [0.0; 8];
        let Memory { word, seen } = memory;
        word.clear();
        seen.clear();
        seen.resize(self.words.len(), false);
        let mut end = |word: &mut String| {
            if !word.is_empty()
                && word.len() <= LONGEST
                && let Some(at) = self.find(word)
                && !std::mem::replace(&mut seen[at], true)
            {
                let Word { labels, .. } = self.words[at].1;
                against.iter_mut().enumerate().for_each(|(i, sum)| *sum += f32::from(1 - (labels >> i & 1)) * SAYS);
            }
            word.clear();
        };
        for c in text[..text.floor_char_boundary(READ)].chars() {
            if c.is_ascii_alphabetic() {
                word.push(c.to_ascii_lowercase());
            } else if matches!(c, '\u{620}'..='\u{657}' | '\u{66E}'..='\u{6D3}') {
                // Arabic letters and vowel signs have no case.
                word.push(c);
            } else if c.is_alphabetic() {
                word.extend(c.to_lowercase());
            } else {
                end(word);
            }
        }
        end(word);
        against
    }
}

/// Tells the best label from its near twins, by all of the text: what they have together they share anew.
pub(super) fn settle(head: &Head, text: &str, scores: &mut [f32], best: &mut (usize, f32, f32), memory: &mut Memory) {
    let Some(label) = head.labels.get(best.0) else { return };
    let Some(group) = GROUPS.iter().find(|group| group.labels.contains(label)) else { return };
    let against = group.weigh(text, memory);
    let least = against[..group.labels.len()].iter().copied().fold(f32::MAX, f32::min);
    let mut places = [None; 8];
    for (place, label) in places.iter_mut().zip(&group.labels) {
        *place = head.labels.iter().position(|own| own == label);
    }
    let (mut before, mut after) = (0.0, 0.0);
    for (place, against) in places.iter().zip(against) {
        if let Some(score) = place.and_then(|place| scores.get_mut(place)) {
            before += *score;
            *score *= (least - against).exp();
            after += *score;
        }
    }
    if after <= 0.0 {
        return;
    }
    places.iter().flatten().for_each(|place| scores[*place] *= before / after);
    *best = (0, 0.0, 0.0);
    for (i, score) in scores.iter().enumerate() {
        if *score > best.1 {
            *best = (i, *score, best.1);
        } else {
            best.2 = best.2.max(*score);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        assert!(GROUPS.len() >= 3);
        for group in GROUPS.iter() {
            assert!((2..=8).contains(&group.labels.len()), "{:?}", group.labels);
            for pair in group.words.windows(2) {
                assert!((bucket(pair[0].0), pair[0].0) < (bucket(pair[1].0), pair[1].0), "{pair:?}");
            }
            let all = (1u16 << group.labels.len()) - 1;
            for (word, Word { labels, .. }) in &group.words {
                assert!(*labels > 0 && u16::from(*labels) < all, "{word}");
                assert!(word.chars().all(|c| c.is_lowercase() || !c.is_uppercase() && c.is_alphabetic()), "{word}");
                assert!(word.len() <= LONGEST);
            }
        }
    }

    #[test]
    fn the_longest_that_fits_is_found() {
        let word = |open| Word { open, labels: 1 };
        let words =
            vec![("a", word(true)), ("ab", word(false)), ("abc", word(true)), ("abd", word(false)), ("čo", word(true))];
        let mut group = Group { words, ..Group::default() };
        group.sort();
        for (text, want) in [
            ("a", Some("a")),
            ("ab", Some("ab")),
            ("aba", Some("a")),
            ("abc", Some("abc")),
            ("abcd", Some("abc")),
            ("abd", Some("abd")),
            ("abde", Some("a")),
            ("čovek", Some("čo")),
            ("č", None),
            ("ć", None),
            ("z", None),
            ("", None),
        ] {
            assert_eq!(group.find(text).map(|at| group.words[at].0), want, "{text}");
        }
    }
}
