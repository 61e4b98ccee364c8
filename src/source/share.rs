//! Which inputs a shard of a job reads, and which part of a large one.

use std::ops::Range;

use sha2::{Digest, Sha256};

use super::Input;
use super::divide::bytes_before;
use crate::config::{Config, InputFormat};

/// Smallest file that is divided between shards.
const LARGE: u64 = 64 << 10;
/// A file that is a smaller part of a share than this is not.
const PART: u128 = 8;

/// What a shard reads: consecutive inputs, of the first and the last perhaps only a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// Which of all inputs.
    pub inputs: Range<usize>,
    /// Bytes of the first, unpacked, that shards before this one read.
    pub from: u64,
    /// Bytes of the last, unpacked, that are not left to shards behind this one.
    pub until: Option<u64>,
}

/// The share of the shard that the settings name in all inputs of the job: about as many bytes for each shard. What the shards make, in a row, is what
/// one run over all inputs makes. Where a share ends in a large file that can be divided, it is divided there, between two
/// records; a small one goes to the shard that has its middle.
pub fn share(inputs: &[Input], config: &Config) -> Share {
    let (shard, format) = (config.shard, config.input_format);
    // Empty files and pipes take time too.
    let sizes: Vec<u128> = inputs.iter().map(|i| u128::from(i.size()) + 1).collect();
    let [(first, from), (last, until)] =
        [shard.index, shard.index + 1].map(|index| end(inputs, &sizes, index, shard.of, format));
    let until = (until > 0).then_some(until);
    Share { inputs: first..last + usize::from(until.is_some()), from, until }
}

/// Where the shares before this one end: the input, and the bytes of it that are theirs.
fn end(inputs: &[Input], sizes: &[u128], index: u32, of: u32, format: InputFormat) -> (usize, u64) {
    if index == of {
        return (inputs.len(), 0);
    }
    let (total, of) = (sizes.iter().sum::<u128>(), u128::from(of));
    // In parts of a byte, so that nothing is rounded.
    let place = total * u128::from(index);
    let mut start = 0;
    for (number, (input, size)) in inputs.iter().zip(sizes).enumerate() {
        if place < (start + size) * of {
            let inside = (place.saturating_sub(start * of) / of) as u64;
            let divided = input.size() >= LARGE && size * PART * of >= total;
            if let Some(bytes) = divided.then(|| bytes_before(input, inside, format)).flatten() {
                return (number, bytes);
            }
            return (number + usize::from((2 * start + size) * of < 2 * place), 0);
        }
        start += size;
    }
    (inputs.len(), 0)
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
    use crate::config::Shard;
    use crate::source::Origin;

    fn shares(inputs: &[Input], of: u32) -> Vec<Share> {
        let config = |index| Config { shard: Shard { index, of }, ..Config::default() };
        (0..of).map(|index| share(inputs, &config(index))).collect()
    }

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
                let shares = shares(&inputs, of);
                assert!(shares.iter().all(|share| (share.from, share.until) == (0, None)), "none is divided");
                let ranges: Vec<_> = shares.into_iter().map(|share| share.inputs).collect();
                assert_eq!((ranges[0].start, ranges[of as usize - 1].end), (0, count));
                assert!(ranges.windows(2).all(|pair| pair[0].end == pair[1].start), "{ranges:?}");
                let fair = size(0..count) / u64::from(of);
                assert!(ranges.into_iter().all(|range| size(range).abs_diff(fair) <= 2 * 1000) || count < 300);
            }
        }
    }

    #[test]
    fn a_large_file_is_divided_and_small_ones_around_it_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let sizes = [10_000, 3 << 20, 0, 20_000, 2 << 20, 100];
        let input = |(i, size): (usize, &usize)| {
            let path = folder.path().join(format!("{i}.txt"));
            std::fs::write(&path, vec![b'x'; *size]).unwrap();
            Input { name: i.to_string(), origin: Origin::File(path) }
        };
        let inputs: Vec<Input> = sizes.iter().enumerate().map(input).collect();
        let total: u64 = inputs.iter().map(Input::size).sum();
        for of in [2, 3, 7, 100] {
            let shares = shares(&inputs, of);
            let mut next = (0, 0);
            for share in &shares {
                assert_eq!((share.inputs.start, share.from), next, "of {of}");
                next = share.until.map_or((share.inputs.end, 0), |until| (share.inputs.end - 1, until));
                let whole: u64 = inputs[share.inputs.clone()].iter().map(Input::size).sum();
                let behind = share.until.map_or(0, |until| inputs[share.inputs.end - 1].size() - until);
                assert!((whole - share.from - behind).abs_diff(total / u64::from(of)) < 40_000, "{share:?}");
            }
            assert_eq!(next, (sizes.len(), 0));
        }
    }
}
