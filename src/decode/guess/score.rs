//! Which readings of some bytes are likely, in bits.

use super::candidates::Members;
use super::model::{bits, weight};
use super::readings::{Family, Readings};

/// Readings that are kept of a text.
pub(super) const KEPT: usize = 16;

/// Ends of n-grams after which readings are left behind that are so many bits worse than the best.
const HEATS: &[(usize, f32)] = &[(2, 16.0), (5, 16.0), (12, 16.0), (32, 16.0), (80, 14.0)];

/// Encodings that read a text alike, and what its letters say for that: bits, more is better. Readings that were left
/// behind stay as far behind as they were then.
#[derive(Clone, Copy, Debug)]
pub(super) struct Likely {
    pub(super) members: Members,
    pub(super) bits: f32,
}

/// Memory for one text at a time.
#[derive(Debug, Default)]
pub(super) struct Scorer {
    readings: Readings,
    /// Which reading, its weights so far, and how many of its ends were looked at.
    rows: Vec<Row>,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    reading: usize,
    sum: i32,
    done: usize,
    bits: f32,
}

impl Scorer {
    /// Appends the most likely readings, the best first: by their letters and by how usual they are.
    pub(super) fn score(&mut self, raw: &[u8], family: Family, out: &mut Vec<Likely>) {
        self.readings.find_likely(raw, family);
        let list = self.readings.list();
        self.rows.clear();
        self.rows.extend(list.iter().enumerate().map(|(reading, r)| Row {
            reading,
            sum: 0,
            done: 0,
            bits: -r.against(),
        }));
        let ends = list.iter().map(|r| self.readings.ends_of(r).len()).max().unwrap_or(0);
        let mut live = self.rows.len();
        for &(upto, margin) in HEATS.iter().chain(&[(usize::MAX, 0.0)]) {
            let share = (upto as f32 / ends.max(1) as f32).min(1.0);
            for row in &mut self.rows[..live] {
                let reading = &list[row.reading];
                let all = self.readings.ends_of(reading);
                let end = ((all.len() as f32 * share).ceil() as usize).clamp(row.done, all.len());
                let sum = &mut row.sum;
                self.readings.features_at(reading, &all[row.done..end], usize::MAX, |f| *sum += weight(f));
                (row.done, row.bits) = (end, bits(row.sum) - reading.against());
            }
            self.rows[..live].sort_by(|a, b| b.bits.total_cmp(&a.bits));
            let best = self.rows.first().map_or(0.0, |r| r.bits);
            let behind = self.rows[..live].partition_point(|r| r.bits >= best - margin);
            self.rows[behind..live].iter_mut().for_each(|r| r.bits -= best);
            live = behind;
            if share >= 1.0 || live <= 1 {
                break;
            }
        }
        let best = self.rows.first().map_or(0.0, |r| r.bits);
        self.rows[live..].iter_mut().for_each(|r| r.bits += best);
        self.rows.sort_by(|a, b| b.bits.total_cmp(&a.bits));
        out.extend(self.rows.iter().take(KEPT).map(|row| {
            let reading = &list[row.reading];
            Likely { members: reading.members, bits: row.bits + reading.unusual }
        }));
    }
}
