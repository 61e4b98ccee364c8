//! Near twins: languages whose n-grams are nearly the same are told apart by the words that only some of them have, in all
//! of a text and not just in the letters that are read otherwise.

use std::sync::LazyLock;

use super::kernel;
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
pub(super) struct Group {
    labels: Vec<Label>,
    /// The words and beginnings of words, sorted, and what they are.
    words: Vec<(&'static str, Word)>,
    /// A tree of their letters, byte by byte, from the root on.
    nodes: Vec<Node>,
}

#[derive(Clone, Copy, Debug)]
struct Word {
    /// It may have any ending.
    open: bool,
    /// A bit for each label that has it.
    labels: u8,
}

/// What has been read of a word, as far as some word in the table begins so.
#[derive(Clone, Copy, Debug)]
struct Node {
    /// The byte that leads to it; and where those begin that follow it, and how many there are.
    byte: u8,
    next: u16,
    count: u8,
    /// The word that ends here.
    word: Option<u16>,
    /// The longest beginning of words that the way to here has.
    open: Option<u16>,
}

/// Memory, one a worker.
#[derive(Debug, Default)]
pub(super) struct Memory {
    seen: Vec<bool>,
}

/// The groups that some labels of a head are in, and the place of each label of a group in the head.
pub(super) type Places = Vec<(&'static Group, [Option<usize>; 8])>;

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

impl Group {
    /// Sorts the words and makes the tree: nodes of one depth in the order of their words, so that those after one follow
    /// each other.
    fn sort(&mut self) {
        self.words.sort_unstable_by_key(|(word, _)| *word);
        let root = Node { byte: 0, next: 0, count: 0, word: None, open: None };
        self.nodes = vec![root];
        // The words of each node, and how many bytes of them led there.
        let mut own = vec![(0..self.words.len(), 0)];
        let mut at = 0;
        while let Some((range, depth)) = own.get(at).cloned() {
            let mut rest = &self.words[range.clone()];
            if let Some((word, what)) = rest.first()
                && word.len() == depth
            {
                let number = Some(range.start as u16);
                self.nodes[at].word = number;
                self.nodes[at].open = if what.open { number } else { self.nodes[at].open };
                rest = &rest[1..];
            }
            let (open, mut from) = (self.nodes[at].open, range.end - rest.len());
            self.nodes[at].next = self.nodes.len() as u16;
            for same in rest.chunk_by(|(a, _), (b, _)| a.as_bytes()[depth] == b.as_bytes()[depth]) {
                self.nodes[at].count += 1;
                self.nodes.push(Node { byte: same[0].0.as_bytes()[depth], open, ..root });
                own.push((from..from + same.len(), depth + 1));
                from += same.len();
            }
            at += 1;
        }
    }

    /// The node that a byte leads to.
    fn step(&self, node: &Node, byte: u8) -> Option<&Node> {
        let next = usize::from(node.next);
        self.nodes[next..next + usize::from(node.count)].iter().find(|next| next.byte == byte)
    }

    /// What the words of a text say against each label.
    fn weigh(&self, text: &str, memory: &mut Memory) -> [f32; 8] {
        let mut against = [0.0; 8];
        let seen = &mut memory.seen;
        seen.clear();
        seen.resize(self.words.len(), false);
        let mut walk = Walk::new(self);
        let mut end = |walk: &mut Walk<'_>| {
            if let Some(at) = walk.end().map(usize::from)
                && !std::mem::replace(&mut seen[at], true)
            {
                let Word { labels, .. } = self.words[at].1;
                against.iter_mut().enumerate().for_each(|(i, sum)| *sum += f32::from(1 - (labels >> i & 1)) * SAYS);
            }
        };
        for c in text[..text.floor_char_boundary(READ)].chars() {
            if c.is_ascii_alphabetic() {
                walk.step(c.to_ascii_lowercase() as u8);
            } else if matches!(c, '\u{620}'..='\u{657}' | '\u{66E}'..='\u{6D3}') {
                // Arabic letters and vowel signs have no case.
                walk.letter(c);
            } else if c.is_alphabetic() {
                c.to_lowercase().for_each(|c| walk.letter(c));
            } else {
                end(&mut walk);
            }
        }
        end(&mut walk);
        against
    }
}

/// The way of a word through the tree of a group.
struct Walk<'g> {
    group: &'g Group,
    /// Bytes of the word.
    length: usize,
    /// Where it is, unless no word goes on like this, and the longest beginning that it has.
    node: Option<&'g Node>,
    open: Option<u16>,
}

impl<'g> Walk<'g> {
    fn new(group: &'g Group) -> Self {
        Self { group, length: 0, node: group.nodes.first(), open: None }
    }

    fn letter(&mut self, c: char) {
        c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| self.step(byte));
    }

    #[inline]
    fn step(&mut self, byte: u8) {
        self.length += 1;
        if let Some(node) = self.node {
            self.node = self.group.step(node, byte);
            self.open = self.node.map_or(self.open, |node| node.open);
        }
    }

    /// The longest word or beginning of words that the word was; the next begins.
    fn end(&mut self) -> Option<u16> {
        let Self { group, length, node, open } = *self;
        if length == 0 {
            return None;
        }
        *self = Self::new(group);
        node.and_then(|node| node.word).or(open).filter(|_| length <= LONGEST)
    }
}

/// The groups of the labels of a head.
pub(super) fn places(labels: &[Label]) -> Places {
    let place = |label: &Label| labels.iter().position(|own| own == label);
    let of = |group: &'static Group| {
        let mut places = [None; 8];
        places.iter_mut().zip(&group.labels).for_each(|(own, label)| *own = place(label));
        (group, places)
    };
    GROUPS.iter().map(of).filter(|(_, places)| places.iter().any(Option::is_some)).collect()
}

/// Tells the best label from its near twins, by all of the text: what they have together they share anew.
pub(super) fn settle(head: &Head, text: &str, scores: &mut [f32], best: &mut (usize, f32, f32), memory: &mut Memory) {
    let Some((group, places)) = head.twins.iter().find(|(_, places)| places.contains(&Some(best.0))) else { return };
    let against = group.weigh(text, memory);
    let least = against[..group.labels.len()].iter().copied().fold(f32::MAX, f32::min);
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
    *best = kernel::first_two(scores);
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
                assert!(pair[0].0 < pair[1].0, "{pair:?}");
            }
            assert!(group.nodes.len() < usize::from(u16::MAX) && group.words.len() < usize::from(u16::MAX));
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
            let mut walk = Walk::new(&group);
            text.chars().for_each(|c| walk.letter(c));
            assert_eq!(walk.end().map(|at| group.words[usize::from(at)].0), want, "{text}");
        }
    }
}
