//! xz: what [`Members`](super::members::Members) asks of it. Its members are streams, which are unpacked one after the other: a
//! decoder takes as much memory as was used for packing.

use std::io;

use liblzma::stream::{Action, Status, Stream as Decoder};
use memchr::memmem;

use super::buffer::Buffer;
use super::members::{Format, Late, Step, Stream};

/// What a stream begins with; what kind of checksum it has follows.
const MAGIC: &[u8] = b"\xFD7zXZ\0\0";
/// Memory that a stream may ask for.
pub(super) const MEMORY: u64 = 256 << 20;

/// Nothing is unpacked in one go.
#[derive(Default)]
pub(super) struct Xz;

impl Format for Xz {
    const MEMBER: &str = "xz stream";
    const LONGEST_JOB: usize = 1 << 20;

    fn begins(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    fn candidate(bytes: &[u8], from: usize) -> Option<usize> {
        memmem::find(bytes.get(from..)?, MAGIC).map(|at| from + at)
    }

    fn told(_: &[u8], _: usize, _: u64) -> Option<u64> {
        None
    }

    fn unpack(&mut self, _: &[u8], _: bool, _: &mut Buffer) -> usize {
        0
    }

    fn stream() -> io::Result<Box<dyn Stream>> {
        Ok(Box::new(Unxz { decoder: Decoder::new_stream_decoder(MEMORY, 0)?, late: Late::default() }))
    }
}

/// A stream that is unpacked piece by piece.
struct Unxz {
    decoder: Decoder,
    late: Late,
}

impl Stream for Unxz {
    fn step(&mut self, packed: &[u8], room: &mut [u8]) -> io::Result<Step> {
        self.late.told()?;
        let (taken, made) = (self.decoder.total_in(), self.decoder.total_out());
        let status = self.decoder.process(packed, room, Action::Run);
        let ended = status.map(|status| status == Status::StreamEnd).map_err(io::Error::from);
        self.late.step(self.decoder.total_in() - taken, self.decoder.total_out() - made, ended)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::super::members::Members;
    use super::super::reader::Reader;
    use super::super::testing::unpacked;
    use super::*;

    fn pack(text: &str) -> Vec<u8> {
        let mut packed = Vec::new();
        liblzma::bufread::XzEncoder::new(text.as_bytes(), 0).read_to_end(&mut packed).unwrap();
        packed
    }

    fn read(packed: &[u8], threads: usize) -> (String, usize) {
        let open = |from, context: &_| Reader::fed_by(Box::new(Members::<Xz>::new(from, context)));
        let (bytes, flaws) = unpacked(packed, threads, open);
        (String::from_utf8_lossy(&bytes).into_owned(), flaws)
    }

    fn text(i: usize) -> String {
        (0..[0, 1, 90, 40_000][i % 4]).map(|n| format!("{i}: {} is {}\n", n, n * n * i)).collect()
    }

    #[test]
    fn streams_in_a_row() {
        let texts: Vec<String> = (0..30).map(text).collect();
        for padding in [0, 4, 700] {
            let packed: Vec<u8> = texts.iter().flat_map(|t| [&pack(t)[..], &vec![0; padding]].concat()).collect();
            for threads in [1, 3] {
                assert_eq!(read(&packed, threads), (texts.concat(), 0));
            }
        }
    }

    #[test]
    fn damage_costs_a_stream_and_every_loss_is_told() {
        let texts: Vec<String> = (0..30).map(text).collect();
        for (which, from_end) in [(2, 40), (3, 40), (3, 6000), (6, 20), (7, 1), (11, 30)] {
            let mut packed: Vec<Vec<u8>> = texts.iter().map(|t| pack(t)).collect();
            let at = packed[which].len() - from_end;
            packed[which][at] ^= 0x55;
            let (found, flaws) = read(&packed.concat(), 2);
            assert_eq!(flaws, 1, "{which} {from_end}");
            let (before, behind) = (texts[..which].concat(), texts[which + 1..].concat());
            assert!(found.starts_with(&before) && found.ends_with(&behind), "{which} {from_end}");
        }
        let packed = pack(&texts[3]);
        for cut in [5, 11, 12, 30, packed.len() / 2, packed.len() - 1] {
            let (found, flaws) = read(&packed[..cut], 1);
            assert!(texts[3].starts_with(&found) && flaws == 1, "{cut}");
        }
        assert_eq!(read(&[&packed[..], b"garbage"].concat(), 1), (texts[3].clone(), 1));
    }
}
