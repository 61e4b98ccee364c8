//! Features of a line among the lines of its document. Each feature has a few bins, of which exactly one holds; a bin is
//! a row of the model's weights.

use super::line::{EDGES, Edge, Line};
use super::phrases::TOPICS;

/// Bins by the number of letters.
const LENGTHS: [u32; 15] = [0, 2, 5, 9, 14, 20, 28, 38, 50, 70, 100, 150, 220, 350, 600];
/// A line is long beyond the second of them.
pub(super) const COARSE: [u32; 3] = [20, 60, 140];
const PLACES: [u32; 7] = [0, 2, 5, 10, 20, 40, 80];
const WINDOWS: [u32; 7] = [4, 8, 14, 22, 36, 60, 100];

/// Bins by the number of lines of a document: a short one is mostly content.
const EXTENTS: [u32; 5] = [8, 16, 32, 64, 128];

/// Lines above and below that are searched for words of interfaces.
const NEIGHBOURS: usize = 3;

/// Sizes of the features that a line and its neighbours have, in the order of [`own`].
const SIZES: [usize; 33 + TOPICS] = {
    let mut sizes = [2; 33 + TOPICS];
    let own = [
        16,
        EDGES * 4,
        5,
        20,
        14,
        6,
        4,
        4,
        3,
        EDGES,
        64,
        20,
        4,
        7,
        10,
        8,
        8,
        8,
        20,
        16,
        16,
        EDGES,
        EDGES,
        16,
        16,
        8,
        8,
        20,
        20,
        40,
        72,
        32,
        64,
    ];
    let mut i = 0;
    while i < own.len() {
        sizes[i] = own[i];
        i += 1;
    }
    while i < sizes.len() {
        sizes[i] = 5;
        i += 1;
    }
    sizes
};

/// Features of a line and its neighbours.
pub const OWN: usize = SIZES.len();

/// Where the bins of each feature begin; after the last, how many there are.
const OFFSETS: [u16; OWN + 1] = offsets(SIZES);

/// The first bins.
const FIRST: [u16; OWN] = {
    let (mut first, mut i) = ([0; OWN], 0);
    while i < OWN {
        first[i] = OFFSETS[i];
        i += 1;
    }
    first
};

/// Rows of the weights for these.
pub const OWN_ROWS: usize = OFFSETS[OWN] as usize;

/// Sizes of the features that come from a first look at all lines, in the order of [`around`].
const AROUND_SIZES: [usize; 11] = [16, 11, 11, 11, 11, 17, 64, 12, 40, 40, 44];
/// Features that come from a first look at all lines.
pub const AROUND: usize = AROUND_SIZES.len();
const AROUND_OFFSETS: [u16; AROUND + 1] = offsets(AROUND_SIZES);
/// Rows of the weights for these.
pub const AROUND_ROWS: usize = AROUND_OFFSETS[AROUND] as usize;

const fn offsets<const N: usize, const M: usize>(sizes: [usize; N]) -> [u16; M] {
    let mut offsets = [0; M];
    let mut i = 0;
    while i < N {
        offsets[i + 1] = offsets[i] + sizes[i] as u16;
        i += 1;
    }
    offsets
}

/// The bin of a number: how many of the limits it is above.
fn bin(limits: &[u32], value: u32) -> usize {
    limits.iter().map(|limit| usize::from(value > *limit)).sum()
}

/// What is known of a document as a whole.
#[derive(Debug, Default)]
pub struct Page {
    /// How often each line is there that is not long, of its letters and digits.
    repeated: Vec<u8>,
    /// Running sums of the lengths' bins, for windows.
    sums: Vec<u32>,
    listed: Vec<u32>,
    /// Tenths of the lines that are short and end no sentence; 5 at most.
    short: usize,
    seen: Vec<(u64, u32)>,
    sights: Vec<Sight>,
}

/// What each line is asked for several times: for itself and for its neighbours.
#[derive(Clone, Copy, Debug, Default)]
struct Sight {
    length: u8,
    last: u8,
    is_furniture: bool,
}

impl Sight {
    fn of(line: &Line) -> Self {
        Self { length: bin(&LENGTHS, line.letters()) as u8, last: last(line) as u8, is_furniture: line.is_furniture() }
    }
}

impl Page {
    /// Looks at all lines.
    pub(super) fn read(&mut self, lines: &[Line]) {
        self.sums.clear();
        self.sums.push(0);
        self.listed.clear();
        self.listed.push(0);
        self.sights.clear();
        self.sights.extend(lines.iter().map(Sight::of));
        let (mut sum, mut short, mut listed) = (0, 0, 0);
        for (line, sight) in lines.iter().zip(&self.sights) {
            sum += line.letters().min(240);
            self.sums.push(sum);
            listed += u32::from(line.commas + line.digits > 0 && line.letters() > 12 && !sight.is_furniture);
            self.listed.push(listed);
            short += usize::from(line.letters() <= 20 && !line.ends_sentence());
        }
        self.short = (short * 5 / lines.len().max(1)).min(4);
        self.seen.clear();
        let short = lines.iter().enumerate().filter(|(_, line)| !line.is_long());
        self.seen.extend(short.map(|(i, line)| (line.hash, i as u32)));
        self.seen.sort_unstable();
        self.repeated.clear();
        self.repeated.resize(lines.len(), 0);
        for same in self.seen.chunk_by(|a, b| a.0 == b.0) {
            let times = same.len().min(255) as u8;
            same.iter().for_each(|(_, i)| self.repeated[*i as usize] = times);
        }
    }

    /// Lines with a comma or a digit and not few letters, from `at - span` to `at + span`, the line itself left out.
    fn listed(&self, at: usize, span: usize) -> usize {
        let (from, to) = (at.saturating_sub(span), (at + span + 1).min(self.listed.len() - 1));
        let own = self.listed[at + 1] - self.listed[at];
        (self.listed[to] - self.listed[from] - own) as usize
    }

    /// Mean letters of the lines from `at - span` to `at + span`, without the line itself.
    fn mean(&self, at: usize, span: usize) -> u32 {
        let (from, to) = (at.saturating_sub(span), (at + span + 1).min(self.sums.len() - 1));
        let own = self.sums[at + 1] - self.sums[at];
        (self.sums[to] - self.sums[from] - own) / (to - from).saturating_sub(1).max(1) as u32
    }
}

/// The rows of a line.
pub(super) fn own(page: &Page, lines: &[Line], at: usize) -> [u16; OWN] {
    let line = &lines[at];
    let nothing = Sight::of(&Line::default());
    let beside = |step: isize| at.checked_add_signed(step).and_then(|i| page.sights.get(i)).unwrap_or(&nothing);
    let (sight, before, after) = (&page.sights[at], beside(-1), beside(1));
    let coarse = bin(&COARSE, line.letters());
    let times = usize::from(page.repeated[at].clamp(1, 3)) - 1;
    let (start, end) = (at as u32, (lines.len() - 1 - at) as u32);
    let near = || lines[at.saturating_sub(3)..(at + 4).min(lines.len())].iter();
    let alike = if line.shape == 0 { 0 } else { near().filter(|other| other.shape == line.shape).count() - 1 };
    let furniture = |sights: &[Sight]| sights.iter().filter(|sight| sight.is_furniture).count();
    let above = furniture(&page.sights[at.saturating_sub(NEIGHBOURS)..at]);
    let below = furniture(&page.sights[at + 1..(at + 1 + NEIGHBOURS).min(lines.len())]);
    let three = [sight, before, after].iter().fold(0, |set, sight| set * 2 + usize::from(sight.is_furniture));
    let values = [
        usize::from(sight.length),
        usize::from(sight.last) * 4 + coarse,
        line.sentences.min(4) as usize,
        line.commas.min(4) as usize * 4 + coarse,
        capitals(line) * 2 + usize::from(line.words > 1),
        digits(line),
        line.separators.min(3) as usize,
        line.signs.min(3) as usize,
        line.seams.min(2) as usize,
        line.first as usize,
        usize::from(line.flags & 63),
        covered(line) * 4 + coarse,
        usize::from(line.uppers * 2 >= line.weight && line.uppers > 1) * 2 + usize::from(line.words > 1),
        if line.is_long() { 6 } else { times * 2 + coarse },
        (at * 10 / lines.len()).min(9),
        bin(&PLACES, start),
        bin(&PLACES, end),
        bin(&PLACES, lines.len() as u32),
        page.short * 4 + coarse,
        usize::from(before.length),
        usize::from(after.length),
        usize::from(before.last),
        usize::from(after.last),
        usize::from(beside(-2).length),
        usize::from(beside(2).length),
        bin(&WINDOWS, page.mean(at, 3)),
        bin(&WINDOWS, page.mean(at, 8)),
        (page.listed(at, 3) * 4 / 6).min(4) * 4 + coarse,
        alike.min(4) * 4 + coarse,
        (alike.min(4) * 2 + usize::from(line.digits > 0)) * 4 + coarse,
        (bin(&EXTENTS, lines.len() as u32) * 3 + interface(line, sight)) * 4 + coarse,
        three * 4 + coarse,
        (above * (NEIGHBOURS + 1) + below) * 4 + coarse,
    ];
    let mut rows = FIRST;
    let mut set = |i: usize, value: usize| {
        debug_assert!(value < SIZES[i], "{i} {value}");
        rows[i] += value.min(SIZES[i] - 1) as u16;
    };
    values.iter().enumerate().for_each(|(i, value)| set(i, *value));
    // Lines without topics have the first bin of each.
    if line.phrases.topics != 0 {
        (0..TOPICS).for_each(|i| set(values.len() + i, topic(line, i, coarse)));
    }
    rows
}

/// How much of a line is words of interfaces: nothing, some, most.
fn interface(line: &Line, sight: &Sight) -> usize {
    if sight.is_furniture { 2 } else { usize::from(line.phrases.covered > 0) }
}

/// Share of words with a capital, where there are capitals.
fn capitals(line: &Line) -> usize {
    line.capital_share().map_or(0, |share| 1 + (share * 5.0) as usize)
}

fn digits(line: &Line) -> usize {
    match u64::from(line.digits) * 100 / u64::from(line.characters.max(1)) {
        0 if line.digits == 0 => 0,
        percent => 1 + bin(&[5, 15, 40, 80], percent as u32),
    }
}

/// What it ends with; a long line in a script that ends no sentence with a mark ends one.
fn last(line: &Line) -> usize {
    if line.has(Line::ENDLESS) && line.letters() > 40 { Edge::End as usize } else { line.last as usize }
}

/// Share of words that belong to phrases of interfaces.
fn covered(line: &Line) -> usize {
    match line.phrases.covered {
        0 => 0,
        all if all == line.phrases.words => 4,
        some => 1 + (some * 3 / line.phrases.words.max(1)).min(2),
    }
}

fn topic(line: &Line, topic: usize, coarse: usize) -> usize {
    let has = |topics: u16| topics >> topic & 1 == 1;
    match () {
        () if has(line.phrases.first) => 1 + usize::from(coarse > 0),
        () if has(line.phrases.topics) => 3 + usize::from(coarse > 1),
        () => 0,
    }
}

/// What a first look says: scores of all lines, in whole numbers.
#[derive(Debug, Default)]
pub struct Look {
    /// 0 to 100 for each line: how likely it is content.
    pub(super) shares: Vec<u32>,
    shapes: Vec<u16>,
    sums: Vec<u32>,
    weighted: Vec<(u32, u32)>,
    /// The stretch of lines with most content for the least else.
    best: (usize, usize),
    /// Distance to the nearest long line that is likely content, above and below.
    above: Vec<u8>,
    below: Vec<u8>,
    /// Lines that speak for an interface since that line, this one included.
    furniture: [Vec<u8>; 2],
    /// Tenths of the content that are above.
    passed: Vec<u8>,
}

/// Likelihood in percent from which on a line is likely content, and letters of a long one.
const LIKELY: u32 = 75;
const LONG: u32 = 50;

/// Percent of a score in steps of 1/256 nat: a curve that is the same on every machine.
pub(super) fn percent(score: i32) -> u32 {
    let half = score / 2;
    (50 + half * 50 / (half.abs() + 128)).clamp(0, 100) as u32
}

impl Look {
    /// Looks at the scores of the first round, in 1/256 nat.
    pub(super) fn read(&mut self, lines: &[Line], scores: &[i32]) {
        self.shares.clear();
        self.shares.extend(scores.iter().map(|s| percent(*s)));
        self.shapes.clear();
        self.shapes.extend(lines.iter().map(|line| line.shape));
        self.sums.clear();
        self.weighted.clear();
        self.sums.push(0);
        self.weighted.push((0, 0));
        let (mut sum, mut weighted) = (0, (0, 0));
        for (line, share) in lines.iter().zip(&self.shares) {
            let letters = line.letters().min(300);
            sum += share;
            weighted = (weighted.0 + letters * share / 100, weighted.1 + letters);
            self.sums.push(sum);
            self.weighted.push(weighted);
        }
        self.best = best(lines, &self.shares);
        let total = weighted.0.max(1);
        self.passed.clear();
        self.passed.extend(self.weighted[..lines.len()].iter().map(|(c, _)| (c * 10 / total).min(10) as u8));
        let near = |out: &mut Vec<u8>, furniture: &mut Vec<u8>, order: &mut dyn Iterator<Item = usize>| {
            out.clear();
            out.resize(lines.len(), u8::MAX);
            furniture.clear();
            furniture.resize(lines.len(), 0);
            let (mut distance, mut pieces) = (u8::MAX, 0u8);
            for i in order {
                pieces = pieces.saturating_add(u8::from(lines[i].is_furniture()));
                (out[i], furniture[i]) = (distance, pieces);
                let is = self.shares[i] >= LIKELY && lines[i].letters() >= LONG;
                (distance, pieces) = if is { (0, 0) } else { (distance.saturating_add(1), pieces) };
            }
        };
        let [above, below] = &mut self.furniture;
        near(&mut self.above, above, &mut (0..lines.len()));
        near(&mut self.below, below, &mut (0..lines.len()).rev());
    }

    fn mean(&self, at: usize, span: usize) -> usize {
        let (from, to) = (at.saturating_sub(span), (at + span + 1).min(self.sums.len() - 1));
        let own = self.shares[at];
        let rest = (to - from - 1) as u32;
        let mean = (self.sums[to] - self.sums[from] - own).checked_div(rest);
        mean.map_or(10, |mean| (mean / 10).min(9) as usize)
    }

    /// Tenths of content of the lines nearby that begin as this one does, and how many these are.
    fn alike(&self, at: usize, span: usize) -> (usize, usize) {
        let near = at.saturating_sub(span)..(at + span + 1).min(self.shapes.len());
        let own = self.shapes[at];
        if own == 0 {
            return (0, 0);
        }
        let found = near.filter(|i| *i != at && self.shapes[*i] == own);
        let (sum, count) = found.fold((0, 0), |(sum, count), i| (sum + self.shares[i], count + 1));
        ((sum / count.max(1) / 10).min(9) as usize, count as usize)
    }

    fn letters(&self, at: usize, span: usize) -> usize {
        let (from, to) = (at.saturating_sub(span), (at + span + 1).min(self.sums.len() - 1));
        let (content, all) = (self.weighted[to].0 - self.weighted[from].0, self.weighted[to].1 - self.weighted[from].1);
        (content * 10 / all.max(1)).min(10) as usize
    }
}

/// The stretch of lines with the greatest sum of what speaks for content less what speaks against it.
fn best(lines: &[Line], shares: &[u32]) -> (usize, usize) {
    let (mut best, mut from, mut sum) = ((0, 0, 0), 0, 0);
    for (i, (line, share)) in lines.iter().zip(shares).enumerate() {
        if sum <= 0 {
            (from, sum) = (i, 0);
        }
        sum += (*share as i64 - 50) * i64::from(20 + line.letters().min(200));
        if sum > best.2 {
            best = (from, i + 1, sum);
        }
    }
    (best.0, best.1)
}

/// The rows of a line after the first look.
pub(super) fn around(look: &Look, scores: &[i32], at: usize) -> [u16; AROUND] {
    const NEAR: [u32; 7] = [0, 1, 2, 4, 8, 16, 32];
    let distance = |d: u8| bin(&NEAR, u32::from(d));
    let place = match (look.best.0, look.best.1) {
        (from, _) if at < from => 1 + bin(&NEAR, (from - at - 1) as u32),
        (_, to) if at >= to => 9 + bin(&NEAR, (at - to) as u32),
        _ => 0,
    };
    let (content, alike) = look.alike(at, 6);
    let values = [
        (scores[at] / 192 + 8).clamp(0, 15) as usize,
        look.mean(at, 1),
        look.mean(at, 3),
        look.mean(at, 8),
        look.letters(at, 8),
        place,
        distance(look.above[at]) * 8 + distance(look.below[at]),
        usize::from(look.passed[at]),
        distance(look.above[at]) * 5 + bin(&[0, 1, 2, 5], u32::from(look.furniture[0][at])),
        distance(look.below[at]) * 5 + bin(&[0, 1, 2, 5], u32::from(look.furniture[1][at])),
        if alike == 0 { 0 } else { 1 + content * 4 + bin(&[1, 3, 6], alike as u32) },
    ];
    let mut rows = [0; AROUND];
    for (i, value) in values.iter().enumerate() {
        debug_assert!(*value < AROUND_SIZES[i], "{i} {value}");
        rows[i] = AROUND_OFFSETS[i] + (*value).min(AROUND_SIZES[i] - 1) as u16;
    }
    rows
}
