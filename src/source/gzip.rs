//! gzip: what [`Members`](super::members::Members) asks of it. A web archive is such a file, with a member for each record.

use std::io;
use std::sync::LazyLock;

use flate2::{Decompress, DecompressError, FlushDecompress, Status};
use libdeflater::Decompressor;
use memchr::memmem::{self, Finder};

use super::buffer::Buffer;
use super::members::{Format, Late, MOST, Step, Stream};

/// What a member begins with.
static MAGIC: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"\x1F\x8B\x08"));
/// Smallest member: header and trailer.
const SMALLEST: usize = 18;
/// Bytes in which it says its size, at its end.
const SIZE: usize = 4;
/// No byte of deflate becomes more than so many.
const LARGEST_RATIO: usize = 1032;

/// Unpacks members.
pub(super) struct Gzip(Decompressor);

impl Default for Gzip {
    fn default() -> Self {
        Self(Decompressor::new())
    }
}

impl Format for Gzip {
    const MEMBER: &str = "gzip member";
    const LONGEST_JOB: usize = 1 << 20;

    fn begins(bytes: &[u8]) -> bool {
        matches!(bytes, [0x1F, 0x8B, 8, 0..0x20, ..])
    }

    fn candidate(bytes: &[u8], from: usize) -> Option<usize> {
        let tail = bytes.get(from..)?;
        MAGIC.find_iter(tail).find(|at| Self::begins(&tail[*at..])).map(|at| from + at)
    }

    fn told(bytes: &[u8], at: usize, since: u64) -> Option<u64> {
        if since == 0 {
            return Some(0);
        }
        // What stands in a member by chance tells nonsense.
        let size = u64::from(u32::from_le_bytes(*bytes.get(..at)?.last_chunk()?));
        (size <= LARGEST_RATIO as u64 * since).then_some(size)
    }

    fn unpack(&mut self, packed: &[u8], complete: bool, out: &mut Buffer) -> usize {
        let (mut at, first) = (0, out.len());
        if !Self::begins(packed) {
            return 0;
        }
        'members: while at < packed.len() {
            let mut from = at + SMALLEST;
            // The bytes that a member begins with may stand in one, if rarely.
            for _ in 0..3 {
                let next = Self::candidate(packed, from);
                let end = next.unwrap_or(packed.len());
                if end < at + SMALLEST || (next.is_none() && !complete) {
                    break;
                }
                let size = size_of(&packed[at..end]).filter(|size| out.len() - first + size <= MOST);
                if let Some(size) = size.filter(|size| self.is_one(&packed[at..end], out.room(*size))) {
                    out.filled(size);
                    at = end;
                    continue 'members;
                }
                if next.is_none() {
                    break;
                }
                from = end + 1;
            }
            break;
        }
        at
    }

    fn stream() -> io::Result<Box<dyn Stream>> {
        Ok(Box::new(Inflate { inflate: Decompress::new_gzip(15), late: Late::default() }))
    }
}

impl Gzip {
    /// Unpacks bytes that are one member, from the first to the last of them, and nothing else.
    fn is_one(&mut self, member: &[u8], room: &mut [u8]) -> bool {
        if self.0.gzip_decompress(member, room) != Ok(room.len()) {
            return false;
        }
        // It does not say how many bytes it used, but the size in front of the end that it found was right, and so are the last
        // four bytes. Where these stand in front as well, the end is the last byte only if nothing unpacks without that.
        let (size, shorter) = (member.len() - SIZE, &member[..member.len() - 1]);
        !stands_in(&shorter[SMALLEST - SIZE..], &member[size..]) || self.0.gzip_decompress(shorter, room).is_err()
    }
}

/// True where these bytes stand in others. The first two of them do not in most, which shows without a branch.
fn stands_in(bytes: &[u8], own: &[u8]) -> bool {
    let (first, second) = (own[0], own[1]);
    let pairs = bytes.iter().zip(&bytes[1..]);
    pairs.fold(false, |any, (a, b)| any | ((*a == first) & (*b == second))) && memmem::find(bytes, own).is_some()
}

/// What a member says it unpacks to, if that can be.
fn size_of(member: &[u8]) -> Option<usize> {
    let size = u32::from_le_bytes(*member.last_chunk()?) as usize;
    (size <= LARGEST_RATIO * member.len()).then_some(size)
}

/// A member whose end is not known.
struct Inflate {
    inflate: Decompress,
    late: Late,
}

impl Stream for Inflate {
    fn step(&mut self, packed: &[u8], room: &mut [u8]) -> io::Result<Step> {
        self.late.told()?;
        let (taken, made) = (self.inflate.total_in(), self.inflate.total_out());
        let status = self.inflate.decompress(packed, room, FlushDecompress::None);
        let ended = status.map(|status| status == Status::StreamEnd).map_err(|error| damage(&error));
        self.late.step(self.inflate.total_in() - taken, self.inflate.total_out() - made, ended)
    }
}

/// What is wrong with a member, in words for people.
fn damage(error: &DecompressError) -> io::Error {
    let words = match error.message() {
        Some("incorrect data check") => "its checksum is wrong".to_owned(),
        Some("incorrect length check") => "it unpacks to another length than it says".to_owned(),
        _ => error.to_string(),
    };
    io::Error::new(io::ErrorKind::InvalidData, words)
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write};
    use std::sync::Arc;

    use super::super::limits::Context;
    use super::super::members::Members;
    use super::super::reader::Reader;
    use super::super::testing::unpacked;
    use super::*;
    use crate::config::Config;

    fn member(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(packed: &[u8], threads: usize) -> (Vec<u8>, usize) {
        unpacked(packed, threads, |from, context| Reader::fed_by(Box::new(Members::<Gzip>::new(from, context))))
    }

    fn noise(len: usize) -> Vec<u8> {
        noise_of(len, 0)
    }

    fn noise_of(len: usize, seed: u64) -> Vec<u8> {
        let mut state = 88_172_645_463_325_252 ^ seed << 20;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        };
        (0..len).map(|_| next()).collect()
    }

    #[test]
    fn members_of_all_sizes() {
        let sizes = [0, 1, 100, 0, 70_000, 3_000_000, 5, 500_000, 9_000_000, 40_000, 40_000];
        let parts: Vec<Vec<u8>> = sizes.iter().enumerate().map(|(i, n)| noise(n + i)).collect();
        let text = "one line\n".repeat(1_000_000).into_bytes();
        let packed =
            [parts.iter().flat_map(|p| member(p)).collect(), member(&text), member(b"end"), vec![0; 700]].concat();
        let wanted = [parts.concat(), text, b"end".to_vec()].concat();
        for threads in [1, 2, 5] {
            let (found, flaws) = read(&packed, threads);
            assert_eq!((found.len(), flaws), (wanted.len(), 0), "{threads} threads");
            assert!(found == wanted);
        }
    }

    /// A header with other flags than a packer sets by itself, and the rest of a member that has none.
    fn with_header(flags: u8, fields: &[u8], bytes: &[u8]) -> Vec<u8> {
        let plain = member(bytes);
        [&[0x1F, 0x8B, 8, flags, 0, 0, 0, 0, 0, 255], fields, &plain[10..]].concat()
    }

    /// Makes a member of the part of this number.
    type Layout = fn(usize, &[u8]) -> Vec<u8>;

    #[test]
    fn members_of_equal_sizes_do_not_hide_each_other() {
        for size in [0, 1, 2, 100, 40_000] {
            for same in [true, false] {
                let parts: Vec<Vec<u8>> = (0..60).map(|i| noise_of(size, if same { 1 } else { i })).collect();
                let layouts: [(&str, Layout); 6] = [
                    ("bare", |_, part| member(part)),
                    ("named", |_, part| with_header(8, b"name.txt\0", part)),
                    ("with more", |i, part| with_header(4, &[&[4, 0][..], &[i as u8; 4]].concat(), part)),
                    ("of all kinds", |i, part| match i % 3 {
                        0 => with_header(16 + 1, b"comment\0", part),
                        1 => with_header(8, b"\x1F\x8B\x08\x01\0", part),
                        _ => member(part),
                    }),
                    ("with empty ones", |_, part| [member(b""), member(part), member(b"")].concat()),
                    ("stored", |_, part| {
                        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
                        encoder.write_all(part).unwrap();
                        encoder.finish().unwrap()
                    }),
                ];
                for (name, layout) in layouts {
                    let packed: Vec<Vec<u8>> = parts.iter().enumerate().map(|(i, part)| layout(i, part)).collect();
                    let mut wanted = Vec::new();
                    flate2::read::MultiGzDecoder::new(&*packed.concat()).read_to_end(&mut wanted).unwrap();
                    assert_eq!(wanted, parts.concat());
                    for threads in [1, 2, 5] {
                        // Padding may stand between members and behind the last one.
                        for padding in [0, 1, 4, 700] {
                            let all: Vec<u8> =
                                packed.iter().flat_map(|m| [&m[..], &vec![0; padding]].concat()).collect();
                            let (found, flaws) = read(&all, threads);
                            assert!(found == wanted && flaws == 0, "{size} {same} {name} {threads} {padding}: {flaws}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_no_member_is_told_however_it_ends() {
        for size in [1, 2, 100, 40_000] {
            let part = noise_of(size, 1);
            let one = member(&part);
            // A damaged sign of a member, flags that nobody knows, and what ends like the member before it.
            let (mut unsigned, mut flags) = (one.clone(), one.clone());
            unsigned[1] = 0;
            flags[3] = 0xE0;
            let garbage = [b"garbage", &one[one.len() - 8..]].concat();
            for hidden in [unsigned, flags, garbage] {
                for threads in [1, 2, 5] {
                    let packed = [&one[..], &hidden, &one, &one, &hidden].concat();
                    let (found, flaws) = read(&packed, threads);
                    assert_eq!((found == part.repeat(3), flaws), (true, 2), "{size}");
                }
            }
        }
    }

    #[test]
    fn members_in_members_are_content() {
        // Stored blocks hold whole members, so that places look like the beginning of one.
        let inner: Vec<u8> = (0..2000).flat_map(|i| member(&noise(i % 300))).collect();
        let mut stored = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        stored.write_all(&inner).unwrap();
        let packed = [member(b"before"), stored.finish().unwrap(), member(b"after")].concat();
        let wanted = [&b"before"[..], &inner, b"after"].concat();
        for threads in [1, 3] {
            assert_eq!(read(&packed, threads), (wanted.clone(), 0));
        }
    }

    #[test]
    fn what_follows_a_damaged_member_is_read() {
        let parts: Vec<Vec<u8>> = (0..200).map(|i| noise(5000 + i)).collect();
        let mut packed: Vec<Vec<u8>> = parts.iter().map(|p| member(p)).collect();
        for i in (0..200).step_by(10) {
            let middle = packed[i].len() / 2;
            packed[i][middle] ^= 0x55;
        }
        let packed = packed.concat();
        for threads in [1, 3] {
            let (found, flaws) = read(&packed, threads);
            assert_eq!(flaws, 20);
            for (i, part) in parts.iter().enumerate().filter(|(i, _)| i % 10 != 0) {
                assert!(memmem::find(&found, part).is_some(), "member {i} is lost");
            }
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (len, from_end, told) in
            [(10, 8, "checksum"), (900_000, 5, "checksum"), (10, 4, "length"), (900_000, 1, "length")]
        {
            let mut packed = member(&noise(len));
            let at = packed.len() - from_end;
            packed[at] ^= 1;
            let context = Context::new(Arc::new(Config::default()), "a.gz");
            let from = Reader::new(Box::new(io::Cursor::new(packed)));
            let mut reader = Reader::fed_by(Box::new(Members::<Gzip>::new(from, &context)));
            assert_eq!(reader.skip(u64::MAX), len as u64);
            let failure = reader.failure().unwrap().to_string();
            assert!(failure.contains(told), "{len} {from_end}: {failure}");
        }
    }

    #[test]
    fn truncated_and_followed_by_garbage() {
        let text = noise(300_000);
        let packed = member(&text);
        let (found, flaws) = read(&packed[..200_000], 1);
        assert!(flaws == 1 && found.len() > 100_000 && text.starts_with(&found));
        let (found, flaws) = read(&[&packed[..], b"garbage"].concat(), 2);
        assert_eq!((found == text, flaws), (true, 1));
    }
}
