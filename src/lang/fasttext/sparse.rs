//! A map from numbers to numbers that is made once and asked often.

use std::io::BufRead;

use super::read::{Read, Reader};

/// Pairs in order of their first number, and where those begin that share its upper bits. About as many stretches as
/// pairs, so that a stretch is short; were it long, it would still be searched by halves.
#[derive(Debug)]
pub(super) struct Sparse {
    shift: u32,
    starts: Vec<u32>,
    pairs: Vec<(u32, u32)>,
}

impl Sparse {
    pub(super) fn read<R: BufRead>(from: &mut Reader<R>, number: i64) -> Read<Self> {
        let number = from.count(number, "kept buckets", 8)?;
        let mut pairs = Vec::with_capacity(number);
        for _ in 0..number {
            let pair = (u32::try_from(from.i32()?), u32::try_from(from.i32()?));
            let (Ok(bucket), Ok(row)) = pair else { return Err(from.flaw("a kept bucket with a negative number")) };
            pairs.push((bucket, row));
        }
        Ok(Self::new(pairs))
    }

    /// Of two pairs with the same first number, the later one holds.
    fn new(mut pairs: Vec<(u32, u32)>) -> Self {
        pairs.reverse();
        pairs.sort_by_key(|p| p.0);
        pairs.dedup_by_key(|p| p.0);
        let most = pairs.last().map_or(0, |p| p.0);
        let bits = (u32::BITS - most.leading_zeros()).max(1);
        let shift = bits.saturating_sub(pairs.len().next_power_of_two().ilog2()).min(31);
        let stretches = (most >> shift) + 1;
        let starts = (0..=stretches).map(|s| pairs.partition_point(|p| p.0 >> shift < s) as u32).collect();
        Self { shift, starts, pairs }
    }

    pub(super) fn get(&self, first: u32) -> Option<u32> {
        let stretch = (first >> self.shift) as usize;
        let (start, end) = (*self.starts.get(stretch)?, *self.starts.get(stretch + 1)?);
        let pairs = &self.pairs[start as usize..end as usize];
        let at = pairs.binary_search_by_key(&first, |p| p.0).ok()?;
        Some(pairs[at].1)
    }

    /// The largest second number.
    pub(super) fn most(&self) -> Option<u32> {
        self.pairs.iter().map(|p| p.1).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_is_there() {
        let spread: Vec<(u32, u32)> = (0..1000).map(|i| (i * 1999 + 7, i)).collect();
        let clustered: Vec<(u32, u32)> = (0..1000).map(|i| (if i < 999 { i } else { i32::MAX as u32 }, i)).collect();
        for pairs in [spread, clustered, vec![], vec![(0, 5)], vec![(u32::MAX, 1)]] {
            let sparse = Sparse::new(pairs.iter().rev().copied().collect());
            for (first, second) in &pairs {
                assert_eq!(sparse.get(*first), Some(*second));
                let next = first.wrapping_add(1);
                assert_eq!(sparse.get(next), pairs.iter().find(|p| p.0 == next).map(|p| p.1));
            }
            assert!(sparse.starts.len() <= 2 * pairs.len() + 3);
            assert_eq!(sparse.most(), pairs.iter().map(|p| p.1).max());
        }
        assert_eq!(Sparse::new(vec![(3, 1), (3, 2)]).get(3), Some(2), "the later pair holds");
    }
}
