//! bzip2: its blocks are unpacked each by itself, several at a time where there is a pool.
//!
//! A block begins with 48 bits that are rare elsewhere, at any bit, and holds at most 900 kB before packing; so does the end of a
//! stream, behind which the next one may begin. The file is cut at these marks. What lies between two is made a stream of one
//! block, which unpacks only if it is whole and its checksum is right; otherwise the mark behind it may have stood inside the
//! block, by chance, and it is tried anew with what follows. A block that is damaged costs no other.

use std::collections::VecDeque;
use std::io;

use bzip2::{Decompress, Status};
use memchr::memmem::Finder;

use super::ahead::{Ahead, Work};
use super::bits::{self, Bits};
use super::buffer::Buffer;
use super::limits::Context;
use super::members::{FRONT, MOST, PIECE};
use super::reader::{Feed, Lines, Reader};

/// What a block begins with; its checksum follows.
const BLOCK: u64 = 0x3141_5926_5359;
/// What the end of a stream begins with; a checksum of its blocks follows.
const END: u64 = 0x1772_4538_5090;
/// Bits of a mark, and of one with the checksum behind it.
const MARK: usize = 48;
const MARK_AND_SUM: usize = MARK + 32;
/// Bits of the smallest block: mark, checksum, and the least that tables can take.
const SMALLEST: usize = 160;
/// Bits in which the next mark is looked for: a block has up to 900,000 symbols of up to 20 bits.
const LONGEST: usize = 20 << 20;
/// Marks inside a block that are passed over to find its end.
const TRIES: usize = 3;

/// Feeds the contents of all blocks of all streams.
pub(super) struct Blocks {
    cutter: Cutter,
    ahead: Ahead<Part>,
    /// Parts that are done, but whose turn has not come.
    back: VecDeque<Part>,
    /// A block that is unpacked piece by piece.
    large: Option<Large>,
    /// Checksum of the blocks of this stream so far; `None` when one was damaged.
    checksum: Option<u32>,
    /// Another stream may follow, or nothing.
    ended: bool,
    /// Bytes of the file up to the end of the last part, and those of them that the budget was told of.
    read: u64,
    counted: u64,
    spare: Vec<Buffer>,
    /// The last byte so far.
    last: Option<u8>,
    lines: Lines,
    /// There is no way on.
    over: bool,
}

impl Blocks {
    pub(super) fn new(from: Reader, context: &Context) -> Self {
        Self {
            cutter: Cutter::new(from),
            ahead: Ahead::new(context),
            back: VecDeque::new(),
            large: None,
            checksum: None,
            ended: true,
            read: 0,
            counted: 0,
            spare: Vec::new(),
            last: None,
            lines: Lines::default(),
            over: false,
        }
    }

    /// The next part, unpacked if it is a block.
    fn pop(&mut self) -> Option<Part> {
        if let Some(part) = self.back.pop_front() {
            return Some(part);
        }
        while !self.ahead.is_full() {
            let Some(mut part) = self.cutter.cut() else { break };
            part.unpacked = self.spare.pop().unwrap_or_default();
            let worth = part.kind == Kind::Block;
            self.ahead.push(part, worth);
        }
        self.ahead.pop(true)
    }

    /// Unpacks what comes next; false at the end.
    fn next_into(&mut self, out: &mut Buffer) -> io::Result<bool> {
        if let Some(large) = &mut self.large {
            match large.next_into(out) {
                Some(Status::StreamEnd) => self.large = None,
                Some(_) => {}
                None => {
                    self.checksum = None;
                    return Err(damaged("a block"));
                }
            }
            return Ok(true);
        }
        let Some(part) = self.pop() else {
            let failure = self.cutter.from.failure().map(|e| io::Error::new(e.kind(), e.to_string()));
            let torn = (!std::mem::replace(&mut self.ended, true)).then(|| io::ErrorKind::UnexpectedEof.into());
            return failure.or(torn).map_or(Ok(false), Err);
        };
        self.read = part.end;
        match part.kind {
            Kind::Block => self.block(part, out)?,
            Kind::Between => self.between(&part)?,
            // What it goes on from has been told already.
            Kind::Gap => {}
        }
        Ok(true)
    }

    fn block(&mut self, mut part: Part, out: &mut Buffer) -> io::Result<()> {
        let mut joined = Vec::new();
        while part.outcome == Outcome::Wrong && joined.len() < TRIES {
            let Some(next) = self.pop() else { break };
            let longer = part.joined(&next);
            joined.push(next);
            let Some(longer) = longer else { break };
            part = longer.done();
        }
        if part.outcome == Outcome::Wrong {
            joined.into_iter().rev().for_each(|part| self.back.push_front(part));
            (self.checksum, self.ended) = (None, true);
            return Err(damaged("a block"));
        }
        self.read = part.end;
        self.ended = false;
        let sum = part.read(MARK, 32) as u32;
        self.checksum = self.checksum.map(|all| all.rotate_left(1) ^ sum);
        if part.outcome == Outcome::Large {
            self.large = Some(Large { decoder: Decompress::new(false), packed: part.stream(), at: 0, made: 0 });
        }
        out.append(&mut part.unpacked);
        self.spare.push(part.unpacked);
        Ok(())
    }

    /// The end of a stream and the beginning of the next, or of the first.
    fn between(&mut self, part: &Part) -> io::Result<()> {
        let mut at = part.from;
        self.ended = true;
        let checksum = self.checksum.take();
        if part.read(0, MARK) == END {
            at += MARK_AND_SUM;
            let sum = part.read(MARK, 32) as u32;
            if part.len < MARK_AND_SUM || checksum.is_some_and(|all| all != sum) {
                return Err(damaged("the checksum of a stream"));
            }
            self.lines.ended(self.last.filter(|_| checksum.is_some()));
        }
        // A stream begins at a byte.
        match part.packed.get(at.div_ceil(8)..).unwrap_or_default() {
            [b'B', b'Z', b'h', b'1'..=b'9'] => (self.checksum, self.ended) = (Some(0), false),
            // Some programs fill up with zeros.
            rest if rest.iter().all(|b| *b == 0) => {}
            _ => return Err(io::Error::new(io::ErrorKind::InvalidData, "bytes that are no bzip2 stream")),
        }
        Ok(())
    }
}

impl Feed for Blocks {
    fn feed(&mut self, out: &mut Buffer) -> io::Result<()> {
        let start = out.len();
        while !self.over && out.len() == start {
            let more = self.next_into(out);
            self.last = out.last().copied().or(self.last);
            let packed = self.read - std::mem::replace(&mut self.counted, self.read);
            if let Err(error) = self.ahead.count(packed as usize, out.len() - start) {
                self.over = true;
                return Err(error);
            }
            if !more? {
                break;
            }
        }
        Ok(())
    }

    fn resume(&mut self) -> bool {
        self.large = None;
        let Some(next) = (if self.over { None } else { self.pop() }) else { return false };
        self.back.push_front(next);
        true
    }

    fn doubtful(&self) -> u64 {
        self.large.as_ref().map_or(0, |large| large.made)
    }

    fn lines(&self) -> bool {
        // Blocks end anywhere.
        let at_end = self.back.front().is_some_and(|part| part.kind == Kind::Between);
        at_end && self.lines.are_whole()
    }
}

fn damaged(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{what} is damaged"))
}

/// What a part of the file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Block,
    /// The beginning of the file, or the end of a stream, and what stands before the next mark.
    Between,
    /// What goes on from a part that was too long.
    Gap,
}

/// What came of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Right,
    /// It becomes more than is unpacked in one go.
    Large,
    Wrong,
}

/// Bits of the file, from one mark to the next.
struct Part {
    kind: Kind,
    packed: Vec<u8>,
    /// Where it begins in the first byte.
    from: usize,
    /// Bits.
    len: usize,
    /// Bytes of the file up to its end.
    end: u64,
    outcome: Outcome,
    unpacked: Buffer,
}

impl Work for Part {
    type Done = Self;

    fn done(mut self) -> Self {
        if self.kind == Kind::Block {
            self.unpacked.clear(FRONT);
            self.outcome = self.unpack();
            if self.outcome != Outcome::Right {
                self.unpacked.clear(FRONT);
            }
        }
        self
    }

    fn undone(self) -> Self {
        self
    }
}

impl Part {
    /// The number that some of its bits are.
    fn read(&self, at: usize, len: usize) -> u64 {
        bits::read(&self.packed, self.from + at, len as u32)
    }

    fn unpack(&mut self) -> Outcome {
        if self.len < SMALLEST {
            return Outcome::Wrong;
        }
        let mut large = Large { decoder: Decompress::new(false), packed: self.stream(), at: 0, made: 0 };
        while self.unpacked.len() <= MOST {
            match large.next_into(&mut self.unpacked) {
                Some(Status::StreamEnd) => return Outcome::Right,
                Some(_) => {}
                None => return Outcome::Wrong,
            }
        }
        Outcome::Large
    }

    /// A stream of this block alone.
    fn stream(&self) -> Vec<u8> {
        let mut bits = Bits::with_capacity(self.packed.len() + 16);
        // The largest blocks are allowed: the smaller ones of a stream fit as well.
        bits.push(u64::from(u32::from_be_bytes(*b"BZh9")), 32);
        bits.extend(&self.packed, self.from, self.len);
        bits.push(END, MARK as u32);
        bits.push(self.read(MARK, 32), 32);
        bits.into_bytes()
    }

    /// With the next part, as one; `None` where that is too long.
    fn joined(&mut self, next: &Self) -> Option<Self> {
        let len = self.len + next.len;
        if len > LONGEST {
            return None;
        }
        let mut packed = std::mem::take(&mut self.packed);
        // The byte in which one ends and the other begins is in both.
        packed.truncate((self.from + self.len) / 8);
        packed.extend_from_slice(&next.packed);
        let unpacked = std::mem::take(&mut self.unpacked);
        Some(Self { kind: Kind::Block, packed, from: self.from, len, end: next.end, outcome: Outcome::Wrong, unpacked })
    }
}

/// A block that is being unpacked, as a stream of its own.
struct Large {
    decoder: Decompress,
    packed: Vec<u8>,
    at: usize,
    made: u64,
}

impl Large {
    /// Unpacks a piece; `None` when the block is damaged or does not end where the stream does.
    fn next_into(&mut self, out: &mut Buffer) -> Option<Status> {
        let (taken, made) = (self.decoder.total_in(), self.decoder.total_out());
        let status = self.decoder.decompress(&self.packed[self.at..], out.room(PIECE)).ok()?;
        let (taken, made) = (self.decoder.total_in() - taken, self.decoder.total_out() - made);
        out.filled(made as usize);
        self.at += taken as usize;
        self.made += made;
        match status {
            Status::StreamEnd => (self.at == self.packed.len()).then_some(status),
            _ => (taken > 0 || made > 0).then_some(status),
        }
    }
}

/// Cuts the file at marks.
struct Cutter {
    from: Reader,
    uncut: Vec<u8>,
    /// Bytes of the file before these.
    before: u64,
    /// What begins at this bit of the first byte.
    kind: Kind,
    begin: usize,
    /// Bytes in which no further mark begins, and the marks in them.
    searched: usize,
    marks: VecDeque<(usize, Kind)>,
    patterns: Vec<Pattern>,
}

impl Cutter {
    fn new(from: Reader) -> Self {
        let marks = [(BLOCK, Kind::Block), (END, Kind::Between)];
        let patterns =
            marks.into_iter().flat_map(|(mark, kind)| (0..8).map(move |shift| Pattern::new(mark, kind, shift)));
        Self {
            from,
            uncut: Vec::new(),
            before: 0,
            kind: Kind::Between,
            begin: 0,
            searched: 0,
            marks: VecDeque::new(),
            patterns: patterns.collect(),
        }
    }

    fn cut(&mut self) -> Option<Part> {
        loop {
            if let Some((bit, kind)) = self.marks.pop_front() {
                return Some(self.cut_at(bit, kind));
            }
            if self.searched * 8 > self.begin + LONGEST {
                return Some(self.cut_at(self.searched * 8, Kind::Gap));
            }
            let len = self.uncut.len();
            self.from.take_into(&mut self.uncut, PIECE);
            if self.uncut.len() == len {
                return (len > 0).then(|| self.cut_at(len * 8, Kind::Gap));
            }
            self.search();
        }
    }

    /// Takes what stands before this bit; what follows is of this kind.
    fn cut_at(&mut self, bit: usize, kind: Kind) -> Part {
        let (whole, all) = (bit / 8, bit.div_ceil(8));
        let part = Part {
            kind: std::mem::replace(&mut self.kind, kind),
            packed: self.uncut[..all].to_vec(),
            from: self.begin,
            len: bit - self.begin,
            end: self.before + all as u64,
            outcome: Outcome::Wrong,
            unpacked: Buffer::default(),
        };
        self.uncut.drain(..whole);
        self.before += whole as u64;
        self.begin = bit % 8;
        self.searched = self.searched.saturating_sub(whole);
        self.marks.iter_mut().for_each(|(bit, _)| *bit -= whole * 8);
        part
    }

    /// Finds the marks in what was read last.
    fn search(&mut self) {
        // A mark is in seven bytes, or in six and followed by more.
        let end = self.uncut.len().saturating_sub(6);
        if end <= self.searched {
            return;
        }
        let first = self.marks.len();
        for pattern in &self.patterns {
            let found = pattern.find(&self.uncut[self.searched..]);
            self.marks.extend(found.map(|bit| (self.searched * 8 + bit, pattern.kind)));
        }
        self.marks.make_contiguous()[first..].sort_unstable_by_key(|mark| mark.0);
        self.searched = end;
    }
}

/// A mark that begins at a certain bit of a byte.
struct Pattern {
    kind: Kind,
    shift: usize,
    bytes: [u8; 8],
    inner: Finder<'static>,
}

impl Pattern {
    fn new(mark: u64, kind: Kind, shift: usize) -> Self {
        let bytes = (mark << (16 - shift)).to_be_bytes();
        Self { kind, shift, bytes, inner: Finder::new(&bytes[1..6]).into_owned() }
    }

    /// The bits at which it stands.
    fn find<'b>(&'b self, bytes: &'b [u8]) -> impl Iterator<Item = usize> + 'b {
        let low = 0xFF >> self.shift;
        let fits = move |at: &usize| bytes[*at] & low == self.bytes[0] && bytes[at + 6] & !low == self.bytes[6];
        let inner = bytes.get(1..bytes.len() - 1).unwrap_or_default();
        self.inner.find_iter(inner).filter(fits).map(|at| at * 8 + self.shift)
    }
}

#[cfg(test)]
mod tests;
