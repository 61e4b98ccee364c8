//! zstd: what [`Members`](super::members::Members) asks of it. Its members are frames; those that are to be skipped, such as the
//! table of a seekable file, hold nothing.

use std::io;

use memchr::memmem;
use zstd::stream::raw::{Decoder, Operation};
use zstd::zstd_safe::{DCtx, find_frame_compressed_size, get_frame_content_size};

use super::buffer::Buffer;
use super::members::{Format, MOST, Step, Stream};

/// What a frame begins with.
const MAGIC: &[u8] = &[0x28, 0xB5, 0x2F, 0xFD];
/// Size of a frame that is believed, where many are looked at.
const LARGEST_TOLD: u64 = 1 << 30;
/// Window that a frame may ask for: 128 MiB, as the zstd program allows by default.
const WINDOW_LOG: u32 = 27;

/// Unpacks frames.
pub(super) struct Zstd(DCtx<'static>);

impl Default for Zstd {
    fn default() -> Self {
        Self(DCtx::create())
    }
}

impl Format for Zstd {
    const MEMBER: &str = "zstd frame";
    // What programs that make several frames of a file put into each: 8 MiB before compression.
    const LONGEST_JOB: usize = 4 << 20;

    fn begins(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC) || matches!(bytes, [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..])
    }

    fn candidate(bytes: &[u8], from: usize) -> Option<usize> {
        let tail = bytes.get(from..)?;
        // A bit of the header is always zero.
        let begins = |at: &usize| tail.get(at + MAGIC.len()).is_some_and(|header| header & 8 == 0);
        memmem::find_iter(tail, MAGIC).find(begins).map(|at| from + at)
    }

    fn told(bytes: &[u8], at: usize, _: u64) -> Option<u64> {
        get_frame_content_size(&bytes[at..]).ok().flatten().filter(|size| *size <= LARGEST_TOLD)
    }

    fn unpack(&mut self, packed: &[u8], _: bool, out: &mut Buffer) -> usize {
        let (mut at, first) = (0, out.len());
        while Self::begins(&packed[at..]) {
            // From header to header of its blocks.
            let Ok(len) = find_frame_compressed_size(&packed[at..]) else { break };
            let Some(frame) = packed.get(at..at + len) else { break };
            if frame.starts_with(MAGIC) {
                let left = MOST - (out.len() - first);
                let size = match get_frame_content_size(frame) {
                    Ok(Some(size)) if size <= left as u64 => size as usize,
                    Ok(None) => left,
                    _ => break,
                };
                let Ok(size) = self.0.decompress(out.room(size), frame) else { break };
                out.filled(size);
            }
            at += len;
        }
        at
    }

    fn stream() -> io::Result<Box<dyn Stream>> {
        let mut decoder = Decoder::new()?;
        decoder.set_parameter(zstd::stream::raw::DParameter::WindowLogMax(WINDOW_LOG))?;
        Ok(Box::new(Frame(decoder)))
    }
}

/// A frame that is unpacked piece by piece.
struct Frame(Decoder<'static>);

impl Stream for Frame {
    fn step(&mut self, packed: &[u8], room: &mut [u8]) -> io::Result<Step> {
        let status = self.0.run_on_buffers(packed, room)?;
        // Zero is what it says at the end of a frame.
        let ended = status.remaining == 0 && (status.bytes_read > 0 || status.bytes_written > 0);
        Ok(Step { taken: status.bytes_read, made: status.bytes_written, ended })
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::super::members::Members;
    use super::super::reader::Reader;
    use super::super::testing::unpacked;
    use super::*;

    fn read(packed: &[u8], threads: usize) -> (Vec<u8>, usize) {
        unpacked(packed, threads, |from, context| Reader::fed_by(Box::new(Members::<Zstd>::new(from, context))))
    }

    fn noise(len: usize) -> Vec<u8> {
        let mut state = len as u64 * 2 + 1;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            // Of few values, so that there is something to pack.
            b'a' + (state >> 59) as u8 % 16
        };
        (0..len).map(|_| next()).collect()
    }

    fn frame(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
        encoder.include_checksum(true).unwrap();
        encoder.set_pledged_src_size(Some(bytes.len() as u64)).unwrap();
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn skippable(len: u32) -> Vec<u8> {
        [&[0x5E, 0x2A, 0x4D, 0x18], &len.to_le_bytes()[..], &vec![0xFF; len as usize]].concat()
    }

    #[test]
    fn frames_of_all_sizes() {
        let sizes = [0, 1, 300, 0, 70_000, 3_000_000, 5, 500_000, 9_000_000, 40_000, 20_000_000, 17];
        let parts: Vec<Vec<u8>> = sizes.iter().map(|n| noise(*n)).collect();
        let mut packed = skippable(20);
        for (i, part) in parts.iter().enumerate() {
            // Without the size in its header, where it is written piece by piece.
            packed.extend(if i % 2 == 0 { frame(part) } else { zstd::encode_all(&part[..], 1).unwrap() });
            packed.extend(skippable(if i == 5 { 700_000 } else { 9 }));
        }
        for threads in [1, 2, 5] {
            let (found, flaws) = read(&packed, threads);
            assert_eq!((found.len(), flaws), (sizes.iter().sum(), 0), "{threads} threads");
            assert!(found == parts.concat());
        }
    }

    #[test]
    fn damaged_cut_off_and_followed_by_what_is_none() {
        let parts: Vec<Vec<u8>> = (0..120).map(|i| noise(20_000 + i)).collect();
        let mut packed: Vec<Vec<u8>> = parts.iter().map(|p| frame(p)).collect();
        let middle = packed[60].len() / 2;
        packed[60][middle..middle + 40].fill(0xFF);
        let mut packed = packed.concat();
        for threads in [1, 3] {
            let (found, flaws) = read(&packed, threads);
            assert_eq!(flaws, 1);
            let lost = |(i, part): (usize, &Vec<u8>)| i != 60 && memmem::find(&found, part).is_none();
            assert!(!parts.iter().enumerate().any(lost));
        }
        let whole = parts[..10].iter().flat_map(|p| frame(p)).collect::<Vec<_>>();
        let (found, flaws) = read(&[&whole[..], b"garbage"].concat(), 2);
        assert_eq!((found == parts[..10].concat(), flaws), (true, 1));
        packed.truncate(whole.len() - 10);
        let (found, flaws) = read(&packed, 2);
        assert!(flaws == 1 && found.starts_with(&parts[..9].concat()));
        let (found, flaws) = read(&[&whole[..], &[0; 30]].concat(), 2);
        assert_eq!((found.len(), flaws), (parts[..10].concat().len(), 0));
    }
}
