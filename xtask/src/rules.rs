//! Rules for vector code: which characters are worth a look, by their first two or three bytes.
//!
//! The bytes are halved. A rule is a bit in tables of sixteen, one for each half that counts, and says yes when the bit is
//! set in all of them. Eight rules share the bits of a byte, so they can't be exact: starting from rules that are, the two
//! are made one that then say yes wrongly to the fewest letters in daily use, until there are few enough.

use std::collections::BTreeMap;

/// Letters in daily use, and how much rather no rule should say yes to them without need.
const COMMON: &[(u32, u32, u32)] = &[
    (0xA0, 0x17F, 8),      // Latin
    (0x180, 0x24F, 2),     // Latin of Africa
    (0x250, 0x2AF, 1),     // phonetic
    (0x386, 0x3CE, 8),     // Greek
    (0x400, 0x45F, 8),     // Cyrillic
    (0x490, 0x52F, 2),     // Cyrillic of Asia
    (0x531, 0x586, 4),     // Armenian
    (0x5D0, 0x5EA, 8),     // Hebrew
    (0x60C, 0x64A, 8),     // Arabic
    (0x660, 0x66D, 2),     // its digits
    (0x671, 0x6D5, 4),     // of Persian and Urdu
    (0x6F0, 0x6F9, 4),     // their digits
    (0x710, 0x72F, 1),     // Syriac
    (0x780, 0x7B1, 3),     // Thaana
    (0x7CA, 0x7EA, 1),     // N'Ko
    (0x900, 0xDFF, 3),     // India
    (0xE01, 0xE4D, 16),    // Thai
    (0xE81, 0xEDF, 3),     // Lao
    (0xF00, 0xFBC, 2),     // Tibetan
    (0x1000, 0x109F, 6),   // Burmese
    (0x10D0, 0x10FF, 4),   // Georgian
    (0x1200, 0x137C, 3),   // Ethiopic
    (0x13A0, 0x13F4, 1),   // Cherokee
    (0x1401, 0x166C, 1),   // Canadian syllabics
    (0x1780, 0x17E9, 6),   // Khmer
    (0x1820, 0x1877, 2),   // Mongolian
    (0x1E00, 0x1E9F, 1),   // Latin with marks
    (0x1EA0, 0x1EF9, 8),   // Vietnamese
    (0x1F00, 0x1FFF, 1),   // Greek of old
    (0x2010, 0x2026, 40),  // dashes, quotes
    (0x2030, 0x203A, 4),   // quotes
    (0x20A0, 0x20BF, 1),   // money
    (0x2190, 0x22FF, 1),   // arrows, mathematics
    (0x2500, 0x27BF, 1),   // symbols
    (0x2D30, 0x2D67, 2),   // Tifinagh
    (0x3001, 0x3011, 40),  // punctuation of East Asia
    (0x3041, 0x3096, 20),  // Hiragana
    (0x30A1, 0x30FE, 10),  // Katakana
    (0x3400, 0x4DBF, 1),   // Han
    (0x4E00, 0x9FFF, 4),   // Han
    (0xA000, 0xA48C, 1),   // Yi
    (0xA4D0, 0xA4FF, 1),   // Lisu
    (0xAC00, 0xD7A3, 2),   // Hangul
    (0xFF01, 0xFF1F, 40),  // wide punctuation
    (0x1F300, 0x1FAFF, 2), // emoji
];

/// Tables of rules, one for each half.
pub type Tables<const N: usize> = [[u8; 16]; N];

/// The halves of the first two bytes of a character of two or four bytes: high, low, high, low.
pub fn pair(c: char) -> Option<[u8; 4]> {
    let mut bytes = [0; 4];
    match *c.encode_utf8(&mut bytes).as_bytes() {
        [a, b] | [a, b, _, _] => Some([a >> 4, a & 15, b >> 4, b & 15]),
        _ => None,
    }
}

/// The halves of a character of three bytes, without the first, which is always the same.
pub fn triple(c: char) -> Option<[u8; 5]> {
    let mut bytes = [0; 4];
    match *c.encode_utf8(&mut bytes).as_bytes() {
        [a, b, c] => Some([a & 15, b >> 4, b & 15, c >> 4, c & 15]),
        _ => None,
    }
}

/// A rule: a set of sixteen, as bits, for each half.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Rule<const N: usize>([u16; N]);

impl<const N: usize> Rule<N> {
    fn with(self, other: Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] | other.0[i]))
    }

    /// The sum over all it says yes to.
    fn cost(self, costs: &[u32]) -> u32 {
        let mut cells = vec![0];
        for set in self.0 {
            let halves = || (0..16usize).filter(|half| set >> half & 1 == 1);
            cells = cells.iter().flat_map(|cell| halves().map(move |half| cell * 16 + half)).collect();
        }
        cells.iter().map(|cell| costs[*cell]).sum()
    }
}

/// At most `8 * S` rules that say yes to all characters wanted, as tables. `halves` takes a character apart, if these rules
/// are to see it.
pub fn cover<const N: usize, const S: usize>(
    wanted: &dyn Fn(char) -> bool,
    halves: fn(char) -> Option<[u8; N]>,
) -> [Tables<N>; S] {
    let place = |halves: [u8; N]| halves.iter().fold(0, |place, half| place * 16 + usize::from(*half));
    let mut costs = vec![0u32; 1 << (4 * N)];
    let everyone = ('\u{80}'..=char::MAX).filter_map(|c| Some((c, halves(c)?)));
    everyone.clone().for_each(|(_, halves)| costs[place(halves)] = 1);
    for (first, last, weight) in COMMON {
        let common = (*first..=*last).filter_map(char::from_u32).filter_map(halves);
        common.for_each(|halves| costs[place(halves)] += weight * 64);
    }
    let mut rules = Vec::new();
    for (_, halves) in everyone.filter(|(c, _)| wanted(*c)) {
        costs[place(halves)] = 0;
        rules.push(Rule(halves.map(|half| 1 << half)));
    }
    let rules = merge(exact(rules), &costs, 8 * S);
    let mut tables = [[[0; 16]; N]; S];
    for (number, rule) in rules.iter().enumerate() {
        for (table, set) in tables[number / 8].iter_mut().zip(rule.0) {
            for (half, entry) in table.iter_mut().enumerate() {
                *entry |= ((set >> half & 1) as u8) << (number % 8);
            }
        }
    }
    tables
}

/// Makes one of rules that differ in one half only, which changes nothing.
fn exact<const N: usize>(mut rules: Vec<Rule<N>>) -> Vec<Rule<N>> {
    for i in (0..N).rev() {
        let mut groups: BTreeMap<Rule<N>, u16> = BTreeMap::new();
        for rule in rules {
            let mut others = rule;
            others.0[i] = 0;
            *groups.entry(others).or_default() |= rule.0[i];
        }
        let whole = |(mut rule, set): (Rule<N>, u16)| {
            rule.0[i] = set;
            rule
        };
        rules = groups.into_iter().map(whole).collect();
    }
    rules
}

/// Makes one of two rules where that costs least, until there are few enough.
fn merge<const N: usize>(rules: Vec<Rule<N>>, costs: &[u32], most: usize) -> Vec<Rule<N>> {
    let priced = |rule: Rule<N>| (rule, rule.cost(costs));
    let more = |a: &(Rule<N>, u32), b: &(Rule<N>, u32)| a.0.with(b.0).cost(costs).saturating_sub(a.1 + b.1);
    let mut rules: Vec<(Rule<N>, u32)> = rules.into_iter().map(priced).collect();
    let mut alive: Vec<usize> = (0..rules.len()).collect();
    let mut pairs: Vec<(u32, usize, usize)> = Vec::new();
    for b in 0..rules.len() {
        pairs.extend((0..b).map(|a| (more(&rules[a], &rules[b]), a, b)));
    }
    while alive.len() > most {
        let Some(&(_, a, b)) = pairs.iter().min() else { break };
        alive.retain(|i| *i != a && *i != b);
        pairs.retain(|(_, c, d)| ![*c, *d].iter().any(|i| *i == a || *i == b));
        rules.push(priced(rules[a].0.with(rules[b].0)));
        let new = rules.len() - 1;
        pairs.extend(alive.iter().map(|i| (more(&rules[*i], &rules[new]), *i, new)));
        alive.push(new);
    }
    alive.iter().map(|i| rules[*i].0).collect()
}
