//! gzip: members whose bounds are known are unpacked in one go, several at a time where there is a pool; others as a stream.
//!
//! A web archive is a gzip file of many members. Where a member ends is known only when it has been unpacked, but the next one
//! begins with bytes that are rare elsewhere. So the file is cut at such places into jobs of some members each. A job
//! unpacks what agrees with the size and the checksum at the end of its members. Jobs are taken in order, and a job counts only
//! when everything before it ended where it begins; what does not agree is unpacked as a stream, from the last proven place on.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use flate2::bufread::GzDecoder;
use libdeflater::Decompressor;
use memchr::memmem;
use rayon::ThreadPool;

use super::limits::{Budget, Context};
use super::reader::{Feed, Reader, append};

/// Packed bytes of a job, about.
const JOB: usize = 256 << 10;
/// Packed bytes in which a member is looked for.
const LONGEST_JOB: usize = 1 << 20;
/// Bytes that a job unpacks.
const MOST: usize = 8 << 20;
/// Bytes that a stream unpacks at a time.
const PIECE: usize = 256 << 10;
/// Packed bytes of a member that are kept, to look for the next one if this one is damaged.
const KEPT: usize = 4 << 20;
/// Smallest member: header and trailer.
const SMALLEST: usize = 18;
/// No byte of deflate becomes more than so many.
const LARGEST_RATIO: usize = 1032;

/// Feeds the contents of all members.
pub(super) struct Members {
    state: State,
    budget: Arc<Budget>,
    /// This is the decompressor of the file, and no other.
    outermost: bool,
    /// Bytes so far of a member that is unpacked as a stream.
    streamed: u64,
}

enum State {
    /// At the beginning of a member.
    Between(Packed),
    /// In a member that is unpacked as a stream.
    Inside(Box<GzDecoder<Packed>>),
    /// Between two of the others.
    Moving,
}

impl Members {
    pub(super) fn new(from: Reader, context: &Context) -> Self {
        let outermost = context.budget.hold();
        // Only the outermost reads ahead: how far others did would show in what the budget allows.
        let pool = context.pool.clone().filter(|p| outermost && p.current_num_threads() > 1);
        let ahead = pool.as_ref().map_or(1, |p| 2 * p.current_num_threads() + 1);
        let packed = Packed {
            from,
            uncut: Vec::new(),
            jobs: VecDeque::new(),
            ahead,
            pool,
            rest: Vec::new(),
            at: 0,
            member: 0,
            popped: 0,
            decoder: Decompressor::new(),
        };
        Self { state: State::Between(packed), budget: Arc::clone(&context.budget), outermost, streamed: 0 }
    }

    fn count(&self, popped: usize, unpacked: usize) -> io::Result<()> {
        if self.outermost {
            self.budget.take(popped);
        }
        self.budget.unpack(unpacked)
    }
}

impl Feed for Members {
    fn feed(&mut self, out: &mut Vec<u8>) -> io::Result<()> {
        let start = out.len();
        while out.len() == start {
            let (result, popped) = match std::mem::replace(&mut self.state, State::Moving) {
                State::Between(mut packed) => {
                    let more = packed.members_into(out);
                    let popped = std::mem::take(&mut packed.popped);
                    let (state, result) = match more {
                        Ok(Next::Stream) => (State::Inside(Box::new(GzDecoder::new(packed))), Ok(true)),
                        Ok(Next::Members) => (State::Between(packed), Ok(true)),
                        Ok(Next::End) => (State::Between(packed), Ok(false)),
                        Err(error) => (State::Between(packed), Err(error)),
                    };
                    self.state = state;
                    (result, popped)
                }
                State::Inside(mut stream) => {
                    let result = append(&mut *stream, out, PIECE);
                    self.streamed = if let Ok(0) = result { 0 } else { self.streamed + (out.len() - start) as u64 };
                    let popped = std::mem::take(&mut stream.get_mut().popped);
                    self.state = match &result {
                        Ok(1..) => State::Inside(stream),
                        Ok(0) => State::Between(stream.into_inner().after_member()),
                        Err(_) => State::Between(stream.into_inner()),
                    };
                    (result.map(|_| true), popped)
                }
                State::Moving => (Ok(false), 0),
            };
            if let Err(error) = self.count(popped, out.len() - start) {
                // There is no way on.
                self.state = State::Moving;
                return Err(error);
            }
            if !result? {
                break;
            }
        }
        Ok(())
    }

    fn resume(&mut self) -> bool {
        self.streamed = 0;
        match &mut self.state {
            State::Between(packed) => packed.resume(),
            _ => false,
        }
    }

    fn doubtful(&self) -> u64 {
        self.streamed
    }
}

/// What comes next.
enum Next {
    /// Members were unpacked, or are to be.
    Members,
    /// A member that is to be unpacked as a stream.
    Stream,
    End,
}

/// Packed bytes, cut into jobs.
struct Packed {
    from: Reader,
    uncut: Vec<u8>,
    jobs: VecDeque<Job>,
    /// Jobs that may be under way.
    ahead: usize,
    pool: Option<Arc<ThreadPool>>,
    /// Packed bytes whose turn it is, from `at` on; before it what is kept of the current member, which began at `member`.
    rest: Vec<u8>,
    at: usize,
    member: usize,
    /// Bytes of jobs whose turn came since this was asked last.
    popped: usize,
    decoder: Decompressor,
}

/// Bytes to be unpacked, here or by the pool.
enum Job {
    Here(Vec<u8>),
    Pool(Receiver<Done>),
}

/// Bytes, how many of them were unpacked, and to what.
struct Done {
    packed: Vec<u8>,
    used: usize,
    unpacked: Vec<u8>,
}

impl Packed {
    /// Unpacks members of the next job, if they can be unpacked in one go.
    fn members_into(&mut self, out: &mut Vec<u8>) -> io::Result<Next> {
        if self.at == self.rest.len() {
            (self.at, self.member) = (0, 0);
            self.rest.clear();
            let Some(used) = self.pop(Some(out)) else {
                return self.from.failure().map_or(Ok(Next::End), |e| Err(io::Error::new(e.kind(), e.to_string())));
            };
            self.at = used;
            if used > 0 {
                return Ok(Next::Members);
            }
        }
        let rest = &self.rest[self.at..];
        self.member = self.at;
        if candidate(rest, 0) == Some(0) {
            let used = unpack(rest, &mut self.decoder, out);
            self.at += used;
            return Ok(if used > 0 { Next::Members } else { Next::Stream });
        }
        // Some programs fill up with zeros.
        if rest.iter().all(|b| *b == 0) {
            self.at = self.rest.len();
            return Ok(Next::Members);
        }
        Err(io::Error::new(io::ErrorKind::InvalidData, "bytes that are no gzip member"))
    }

    /// Behind a member that was unpacked as a stream.
    fn after_member(mut self) -> Self {
        self.rest.drain(..self.at);
        (self.at, self.member) = (0, 0);
        self
    }

    /// Puts the bytes of the next job behind `rest`; with `out`, unpacks them and says how many of them were.
    fn pop(&mut self, out: Option<&mut Vec<u8>>) -> Option<usize> {
        while self.jobs.len() < self.ahead {
            let Some(packed) = self.cut() else { break };
            self.jobs.push_back(self.job(packed));
        }
        let (packed, used) = match (self.jobs.pop_front()?, out) {
            (Job::Here(packed), Some(out)) => {
                let used = unpack(&packed, &mut self.decoder, out);
                (packed, used)
            }
            (Job::Here(packed), None) => (packed, 0),
            (Job::Pool(done), out) => {
                // The pool is not gone as long as this holds it.
                let Done { packed, used, unpacked } = done.recv().ok()?;
                match out {
                    Some(out) if out.is_empty() => *out = unpacked,
                    Some(out) => out.extend_from_slice(&unpacked),
                    None => {}
                }
                (packed, used)
            }
        };
        self.popped += packed.len();
        if self.rest.is_empty() {
            self.rest = packed;
        } else {
            self.rest.extend_from_slice(&packed);
        }
        Some(used)
    }

    fn job(&self, packed: Vec<u8>) -> Job {
        let Some(pool) = &self.pool else { return Job::Here(packed) };
        let (send, done) = channel();
        pool.spawn_fifo(move || {
            let mut unpacked = Vec::new();
            let used = unpack(&packed, &mut Decompressor::new(), &mut unpacked);
            // Nobody waits for it any more when the run was stopped.
            let _ = send.send(Done { packed, used, unpacked });
        });
        Job::Pool(done)
    }

    /// Takes bytes up to a place where a member may begin.
    fn cut(&mut self) -> Option<Vec<u8>> {
        let mut from = JOB;
        loop {
            if let Some(at) = candidate(&self.uncut, from) {
                return Some(self.cut_at(at));
            }
            if self.uncut.len() >= LONGEST_JOB {
                return Some(self.cut_at(self.uncut.len()));
            }
            // The bytes that a member begins with may be torn in two.
            from = from.max(self.uncut.len().saturating_sub(3));
            let before = self.uncut.len();
            self.from.take_into(&mut self.uncut, JOB);
            if self.uncut.len() == before {
                return (before > 0).then(|| self.cut_at(before));
            }
        }
    }

    fn cut_at(&mut self, at: usize) -> Vec<u8> {
        let uncut = self.uncut.split_off(at);
        std::mem::replace(&mut self.uncut, uncut)
    }

    /// Goes to the next place where a member may begin; false when there is none.
    fn resume(&mut self) -> bool {
        let mut from = self.member + 1;
        loop {
            if let Some(at) = candidate(&self.rest, from) {
                (self.at, self.member) = (at, at);
                return true;
            }
            self.rest.clear();
            from = 0;
            if self.pop(None).is_none() {
                (self.at, self.member) = (0, 0);
                return false;
            }
        }
    }
}

/// The stream of packed bytes, for a member whose end is not known.
impl BufRead for Packed {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at == self.rest.len() {
            if self.at - self.member > KEPT {
                self.rest.clear();
                (self.at, self.member) = (0, 0);
            }
            self.pop(None);
        }
        Ok(&self.rest[self.at..])
    }

    fn consume(&mut self, n: usize) {
        self.at += n;
    }
}

impl Read for Packed {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(out)?;
        self.consume(n);
        Ok(n)
    }
}

/// The next place from `from` on where a member may begin.
fn candidate(bytes: &[u8], from: usize) -> Option<usize> {
    let tail = bytes.get(from..)?;
    let known_flags = |at: &usize| tail.get(at + 3).is_some_and(|flags| flags & 0xE0 == 0);
    memmem::find_iter(tail, b"\x1F\x8B\x08").find(known_flags).map(|at| from + at)
}

/// Unpacks members as long as their sizes and checksums agree; says how many bytes they took.
fn unpack(packed: &[u8], decoder: &mut Decompressor, out: &mut Vec<u8>) -> usize {
    let (mut at, first) = (0, out.len());
    if candidate(&packed[..packed.len().min(4)], 0) != Some(0) {
        return 0;
    }
    'members: while at < packed.len() {
        let mut from = at + SMALLEST;
        // The bytes that a member begins with may stand in one, if rarely.
        for _ in 0..3 {
            let end = candidate(packed, from).unwrap_or(packed.len());
            if end < at + SMALLEST {
                break;
            }
            let start = out.len();
            let size = size_of(&packed[at..end]).filter(|size| start - first + size <= MOST);
            if let Some(size) = size {
                out.resize(start + size, 0);
                if decoder.gzip_decompress(&packed[at..end], &mut out[start..]) == Ok(size) {
                    at = end;
                    continue 'members;
                }
                out.truncate(start);
            }
            if end == packed.len() {
                break;
            }
            from = end + 1;
        }
        break;
    }
    at
}

/// What a member says it unpacks to, if that can be.
fn size_of(member: &[u8]) -> Option<usize> {
    let size = u32::from_le_bytes(*member.last_chunk()?) as usize;
    (size <= LARGEST_RATIO * member.len()).then_some(size)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::config::Config;

    fn member(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// Reads all, going on behind what is damaged; the text and how often it was.
    fn read(packed: Vec<u8>, threads: usize) -> (Vec<u8>, usize) {
        let mut context = Context::new(Arc::new(Config::default()), "a.gz");
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        context.pool = Some(Arc::new(pool));
        let from = Reader::new(Box::new(io::Cursor::new(packed)));
        let mut reader = Reader::fed_by(Box::new(Members::new(from, &context)));
        let (mut out, mut flaws) = (Vec::new(), 0);
        loop {
            reader.take_into(&mut out, usize::MAX);
            if reader.resume().is_none() {
                return (out, flaws + usize::from(reader.failure().is_some()));
            }
            flaws += 1;
        }
    }

    fn noise(len: usize) -> Vec<u8> {
        let mut state = 88_172_645_463_325_252u64;
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
            let (found, flaws) = read(packed.clone(), threads);
            assert_eq!((found.len(), flaws), (wanted.len(), 0), "{threads} threads");
            assert!(found == wanted);
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
            assert_eq!(read(packed.clone(), threads), (wanted.clone(), 0));
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
            let (found, flaws) = read(packed.clone(), threads);
            assert_eq!(flaws, 20);
            for (i, part) in parts.iter().enumerate().filter(|(i, _)| i % 10 != 0) {
                assert!(memmem::find(&found, part).is_some(), "member {i} is lost");
            }
        }
    }

    #[test]
    fn truncated_and_followed_by_garbage() {
        let text = noise(300_000);
        let packed = member(&text);
        let (found, flaws) = read(packed[..200_000].to_vec(), 1);
        assert!(flaws == 1 && found.len() > 100_000 && text.starts_with(&found));
        let (found, flaws) = read([packed, b"garbage".to_vec()].concat(), 2);
        assert_eq!((found == text, flaws), (true, 1));
    }
}
