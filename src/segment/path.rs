//! The languages of units: the cheapest way through them.

use super::rules::Rules;
use super::units::{Gap, Unit};
use crate::lang::ngram::largest;

/// Languages that are weighed at a time.
const STATES: usize = 8;

/// Units between an opening and a closing mark that are read as a quotation.
const QUOTED: usize = 8;

/// A language is weighed when it explains the units by so much better than the main one.
const WORTH: f32 = 2.0;

/// Memory of the search.
#[derive(Debug, Default)]
pub(super) struct Path {
    candidates: Vec<u16>,
    sums: Vec<f32>,
    gains: Vec<f32>,
    /// Where the way to each language came from.
    from: Vec<[u8; STATES]>,
    /// Quotations inside sentences, from 1; 0 for all else.
    quotes: Vec<u16>,
    /// True for units that stand between marks.
    pub(super) marked: Vec<bool>,
    /// The label of each unit.
    pub(super) labels: Vec<u16>,
}

/// What each label costs in each unit.
#[derive(Clone, Copy)]
pub(super) struct Losses<'a> {
    pub(super) all: &'a [f32],
    pub(super) labels: usize,
}

impl Losses<'_> {
    fn row(&self, unit: usize) -> &[f32] {
        &self.all[unit * self.labels..][..self.labels]
    }
}

impl Path {
    /// Finds the label of each unit; `before` is that of what stands before them.
    pub(super) fn find(&mut self, units: &[Unit], losses: Losses<'_>, before: Option<u16>, rules: &Rules) {
        find_quotes(units, &mut self.quotes, &mut self.marked);
        self.choose(units.len(), losses, before);
        self.labels.clear();
        if let [only] = self.candidates[..] {
            return self.labels.resize(units.len(), only);
        }
        let last = self.forward(units, losses, before, rules);
        self.labels.resize(units.len(), 0);
        let mut state = last;
        for (label, from) in self.labels.iter_mut().zip(&self.from).rev() {
            *label = self.candidates[state];
            state = usize::from(from[state]);
        }
        self.judge_quotes(losses, rules);
    }

    /// The most likely language of what stands outside of marks (of all, where nothing does), and those that single units are
    /// in rather than in that.
    fn choose(&mut self, units: usize, losses: Losses<'_>, before: Option<u16>) {
        self.sums.clear();
        self.sums.resize(losses.labels, 0.0);
        let all = self.marked.iter().all(|marked| *marked);
        let outside = (0..units).filter(|unit| all || !self.marked[*unit]);
        outside.for_each(|unit| add(&mut self.sums, losses.row(unit), |own| own));
        self.sums.iter_mut().for_each(|sum| *sum = -*sum);
        let main = largest(&self.sums);
        self.gains.clear();
        self.gains.resize(losses.labels, 0.0);
        for unit in 0..units {
            let row = losses.row(unit);
            add(&mut self.gains, row, |own| (row[main] - own).max(0.0));
        }
        self.candidates.clear();
        self.candidates.push(main as u16);
        self.candidates.extend(before.filter(|label| usize::from(*label) != main));
        while self.candidates.len() < STATES {
            self.candidates.iter().for_each(|label| self.gains[usize::from(*label)] = 0.0);
            let gains = &self.gains;
            let best = largest(gains);
            if gains.get(best).is_none_or(|gain| *gain < WORTH) {
                break;
            }
            self.candidates.push(best as u16);
        }
    }

    /// The cheapest ways to each language at each unit; gives the state of the last. A quotation inside a sentence is
    /// passed over: after it the sentence goes on.
    fn forward(&mut self, units: &[Unit], losses: Losses<'_>, before: Option<u16>, rules: &Rules) -> usize {
        let count = self.candidates.len();
        let mut costs = [f32::MAX; STATES];
        for (cost, label) in costs.iter_mut().zip(&self.candidates) {
            let other = before.is_some_and(|before| before != *label);
            *cost = if other { units.first().map_or(0.0, |unit| rules.change(unit.gap)) } else { 0.0 };
        }
        self.from.clear();
        let mut begun = false;
        for (i, unit) in units.iter().enumerate() {
            let mut from: [u8; STATES] = std::array::from_fn(|state| state as u8);
            if self.quotes[i] == 0 {
                let row = losses.row(i);
                let least = least(&costs[..count]);
                let change = costs[least] + rules.change(unit.gap);
                for state in 0..count {
                    if begun && change < costs[state] {
                        (costs[state], from[state]) = (change, least as u8);
                    }
                    costs[state] += row[usize::from(self.candidates[state])];
                }
                begun = true;
            }
            self.from.push(from);
        }
        least(&costs[..count])
    }

    /// A quotation has one language: its sentence's, if another does not explain it far better.
    fn judge_quotes(&mut self, losses: Losses<'_>, rules: &Rules) {
        let mut from = 0;
        while from < self.quotes.len() {
            let quote = self.quotes[from];
            let to = from + self.quotes[from..].iter().take_while(|own| **own == quote).count();
            if quote > 0 {
                let loss = |label: u16| (from..to).map(|unit| losses.row(unit)[usize::from(label)]).sum::<f32>();
                let host = self.labels[from];
                let all = self.candidates.iter().map(|label| (*label, loss(*label)));
                let best = all.fold((host, f32::MAX), |best, own| if own.1 < best.1 { own } else { best });
                if best.1 + rules.quote < loss(host) {
                    self.labels[from..to].fill(best.0);
                }
            }
            from = to;
        }
    }
}

fn add(sums: &mut [f32], row: &[f32], value: impl Fn(f32) -> f32) {
    sums.iter_mut().zip(row).for_each(|(sum, own)| *sum += value(*own));
}

fn least(costs: &[f32]) -> usize {
    (0..costs.len()).fold(0, |best, i| if costs[i] < costs[best] { i } else { best })
}

/// Numbers the units of each quotation or bracket inside a sentence, and says of all what stands between marks.
fn find_quotes(units: &[Unit], quotes: &mut Vec<u16>, marked: &mut Vec<bool>) {
    quotes.clear();
    quotes.resize(units.len(), 0);
    marked.clear();
    marked.resize(units.len(), false);
    let (mut open, mut count) = (None, 0);
    for (i, unit) in units.iter().enumerate() {
        if unit.gap == Gap::Line {
            open = None;
        }
        if unit.opens {
            open = Some(i);
        }
        if unit.closed
            && let Some(from) = open.take()
        {
            let own = from..i + 1;
            let inside = from > 0 && units[from].gap < Gap::End && own.end < units.len();
            if inside && own.len() <= QUOTED {
                count += 1;
                quotes[own.clone()].fill(count);
            }
            marked[own].fill(true);
        }
    }
}
