//! Which inputs a shard of a job reads.

use std::ops::Range;

use sha2::{Digest, Sha256};

use super::Input;
use crate::config::Shard;

/// The inputs of a shard, out of all inputs of the job: consecutive ones, about as many bytes for each shard. So what the shards
/// make, in a row, is what one run over all inputs makes. An input is never divided.
pub fn share(inputs: &[Input], shard: Shard) -> Range<usize> {
    if shard.of == 1 {
        return 0..inputs.len();
    }
    // Empty files and pipes take time too.
    let sizes: Vec<u128> = inputs.iter().map(|i| u128::from(i.size()) + 1).collect();
    let total: u128 = sizes.iter().sum();
    let mut middle = 0;
    let owners: Vec<u128> = sizes
        .iter()
        .map(|size| {
            let owner = (2 * middle + size) * u128::from(shard.of) / (2 * total);
            middle += size;
            owner
        })
        .collect();
    let first = owners.partition_point(|owner| *owner < u128::from(shard.index));
    first..owners.partition_point(|owner| *owner <= u128::from(shard.index))
}

/// A hash of the names of inputs, that tells whether shards are of the same job.
pub(crate) fn list_hash(inputs: &[Input]) -> String {
    let mut hash = Sha256::new();
    for input in inputs {
        hash.update(input.name.as_bytes());
        hash.update([0]);
    }
    crate::sink::hex(&hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Origin;

    #[test]
    fn shards_are_all_inputs_in_their_order_and_about_as_large() {
        let folder = tempfile::tempdir().unwrap();
        let input = |i: usize| {
            let path = folder.path().join(i.to_string());
            std::fs::write(&path, vec![b'x'; i * 7919 % 1000]).unwrap();
            Input { name: i.to_string(), origin: Origin::File(path) }
        };
        for count in [0, 1, 5, 300] {
            let inputs: Vec<Input> = (0..count).map(input).collect();
            let size = |range: Range<usize>| inputs[range].iter().map(Input::size).sum::<u64>();
            for of in [1, 2, 7, 40] {
                let ranges: Vec<_> = (0..of).map(|index| share(&inputs, Shard { index, of })).collect();
                assert_eq!((ranges[0].start, ranges[of as usize - 1].end), (0, count));
                assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start), "{ranges:?}");
                let fair = size(0..count) / u64::from(of);
                assert!(ranges.into_iter().all(|range| size(range).abs_diff(fair) <= 2 * 1000) || count < 300);
            }
        }
    }
}
