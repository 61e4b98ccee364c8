//! [`Members`]: a compression whose files are members in a row. Those whose bounds are known are unpacked in one go, several at a
//! time where there is a pool; others as a stream.
//!
//! Where a member ends is known only when it has been looked through, but the next one begins with bytes that are rare elsewhere.
//! So the file is cut at such places into jobs of some members each. A job unpacks members that are right, sizes and checksums
//! included. Jobs are taken in order, and a job counts only when everything before it ended where it begins; what does not agree
//! is unpacked as a stream, from the last proven place on.

use std::io;

use super::ahead::{Ahead, Work};
use super::buffer::Buffer;
use super::divide::SAMPLE;
use super::limits::Context;
use super::reader::{Feed, Lines, Reader};

/// Packed bytes of a job, about.
const JOB: usize = 128 << 10;
/// Bytes that a job unpacks.
pub(super) const MOST: usize = 8 << 20;
/// Bytes that a stream unpacks at a time.
pub(super) const PIECE: usize = 256 << 10;
/// Packed bytes of a member that are kept, to look for the next one if this one is damaged.
const KEPT: usize = 1 << 20;
/// Bytes at the end that may be the beginning of a member.
const TORN: usize = 5;
/// Room in front of what a job unpacks, for what is left of the job before: the end of a record.
pub(super) const FRONT: usize = 64 << 10;

/// A compression. Its value is what unpacking needs and can be used again.
pub(super) trait Format: Default + Send + 'static {
    /// What one of its members is called.
    const MEMBER: &str;
    /// Packed bytes in which a member is looked for.
    const LONGEST_JOB: usize;

    /// True where a member begins.
    fn begins(bytes: &[u8]) -> bool;

    /// The next place from `from` on where a member may begin that holds something; its bytes may be there by chance.
    fn candidate(bytes: &[u8], from: usize) -> Option<usize>;

    /// What is told at the beginning of a member: its size unpacked, or that of the one before, which began `since` bytes before it.
    /// `None` where that can't be, or is not told.
    fn told(bytes: &[u8], at: usize, since: u64) -> Option<u64>;

    /// Unpacks members as long as they are right; says how many bytes they took. The last one may break off, unless the bytes
    /// are `complete`.
    fn unpack(&mut self, packed: &[u8], complete: bool, out: &mut Buffer) -> usize;

    /// Unpacks one member, piece by piece.
    fn stream() -> io::Result<Box<dyn Stream>>;
}

/// Bytes around the beginning of a member that may tell its size.
const TOLD: usize = 32;

/// Bytes that the members in the first `place` bytes unpack to, as they say. `None` where a sample of the file has only one, or
/// they say nothing.
pub(super) fn told_before<F: Format>(mut file: Reader, place: u64) -> Option<u64> {
    let (mut sum, mut members, mut last, mut from) = (0, 0, 0, 0);
    loop {
        let begin = file.taken();
        if begin >= place.max(SAMPLE as u64) || (begin >= SAMPLE as u64 && members < 2) {
            break;
        }
        let window = file.head(PIECE);
        let end = if window.len() < PIECE { window.len() } else { PIECE - TOLD };
        while let Some(at) = F::candidate(window, from).filter(|at| *at < end) {
            let here = begin + at as u64;
            if let Some(size) = F::told(window, at, here - last) {
                (members, last) = (members + 1, here);
                sum += if here < place { size } else { 0 };
            }
            from = at + 1;
        }
        if window.len() < PIECE {
            break;
        }
        file.skip((end - TOLD) as u64);
        from = TOLD;
    }
    (members > 1).then_some(sum)
}

/// Unpacks piece by piece.
pub(super) trait Stream: Send {
    /// Unpacks some of the bytes into some of the room.
    fn step(&mut self, packed: &[u8], room: &mut [u8]) -> io::Result<Step>;
}

/// What went wrong behind bytes that were handed out: the next step says so.
#[derive(Default)]
pub(super) struct Late(Option<io::Error>);

impl Late {
    /// Fails if the step before did behind what it made.
    pub(super) fn told(&mut self) -> io::Result<()> {
        self.0.take().map_or(Ok(()), Err)
    }

    /// A step that took and made so many bytes, and came to the end or failed.
    pub(super) fn step(&mut self, taken: u64, made: u64, ended: io::Result<bool>) -> io::Result<Step> {
        let ended = match ended {
            Err(error) if made > 0 => {
                self.0 = Some(error);
                false
            }
            other => other?,
        };
        Ok(Step { taken: taken as usize, made: made as usize, ended })
    }
}

/// What was done of a stream.
pub(super) struct Step {
    pub(super) taken: usize,
    pub(super) made: usize,
    pub(super) ended: bool,
}

/// Unpacks the next piece. An error for a stream that stands still.
pub(super) fn piece_into(stream: &mut dyn Stream, packed: &[u8], out: &mut Buffer) -> io::Result<Step> {
    let step = stream.step(packed, out.room(PIECE))?;
    out.filled(step.made);
    let stuck = !step.ended && step.taken == 0 && step.made == 0;
    match (stuck, packed.is_empty()) {
        (false, _) => Ok(step),
        (true, true) => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it breaks off")),
        (true, false) => Err(io::Error::new(io::ErrorKind::InvalidData, "it does not unpack")),
    }
}

/// Feeds the contents of all members.
pub(super) struct Members<F: Format> {
    packed: Packed<F>,
    /// In a member that is unpacked as a stream.
    stream: Option<Box<dyn Stream>>,
    /// Bytes so far of that member.
    streamed: u64,
    /// The last byte so far.
    last: Option<u8>,
    lines: Lines,
    /// There is no way on.
    over: bool,
}

impl<F: Format> Members<F> {
    pub(super) fn new(from: Reader, context: &Context) -> Self {
        let (packed, lines) = (Packed::new(from, context), Lines::default());
        Self { packed, stream: None, streamed: 0, last: None, lines, over: false }
    }

    /// Unpacks what comes next; false at the end.
    fn next_into(&mut self, out: &mut Buffer) -> io::Result<bool> {
        let Some(stream) = &mut self.stream else {
            match self.packed.members_into(out)? {
                Next::Members => {
                    self.last = out.last().copied().or(self.last);
                    self.lines.ended(self.last);
                }
                Next::Stream => self.stream = Some(F::stream()?),
                Next::End => return Ok(false),
            }
            return Ok(true);
        };
        let start = out.len();
        let step = piece_into(&mut **stream, self.packed.window(), out);
        self.streamed += (out.len() - start) as u64;
        if !matches!(&step, Ok(step) if !step.ended) {
            self.stream = None;
        }
        let step = step?;
        self.packed.at += step.taken;
        self.last = out.last().copied().or(self.last);
        if step.ended {
            self.lines.ended(self.last);
            self.streamed = 0;
            self.packed.after_member();
        }
        Ok(true)
    }
}

impl<F: Format> Feed for Members<F> {
    fn feed(&mut self, out: &mut Buffer) -> io::Result<()> {
        let start = out.len();
        // What is wrong with a member that is not long is told with its contents.
        while !self.over && (out.len() == start || (self.stream.is_some() && out.len() - start < PIECE)) {
            let before = out.len();
            let more = self.next_into(out);
            let popped = std::mem::take(&mut self.packed.popped);
            if let Err(error) = self.packed.ahead.count(popped, out.len() - before) {
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
        self.streamed = 0;
        !self.over && self.packed.resume()
    }

    fn doubtful(&self) -> u64 {
        self.streamed
    }

    fn lines(&self) -> bool {
        self.lines.are_whole()
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
struct Packed<F: Format> {
    from: Reader,
    uncut: Buffer,
    ahead: Ahead<Job<F>>,
    /// Packed bytes whose turn it is, from `at` on; before it what is kept of the current member, which began at `member`.
    rest: Buffer,
    at: usize,
    member: usize,
    /// The bytes end where a member may begin, or with the file.
    complete: bool,
    /// Bytes of jobs whose turn came since this was asked last.
    popped: usize,
    /// What jobs have done with.
    spare: Vec<(F, Buffer)>,
    empty: Vec<Buffer>,
}

/// Bytes to be unpacked, and what that takes.
struct Job<F: Format> {
    packed: Buffer,
    complete: bool,
    format: F,
    unpacked: Buffer,
    /// Bytes that were.
    used: usize,
}

impl<F: Format> Work for Job<F> {
    type Done = Self;

    fn done(mut self) -> Self {
        self.used = self.format.unpack(&self.packed, self.complete, &mut self.unpacked);
        self
    }

    fn undone(self) -> Self {
        self
    }
}

impl<F: Format> Packed<F> {
    fn new(from: Reader, context: &Context) -> Self {
        Self {
            from,
            uncut: Buffer::default(),
            ahead: Ahead::new(context),
            rest: Buffer::default(),
            at: 0,
            member: 0,
            complete: false,
            popped: 0,
            spare: Vec::new(),
            empty: Vec::new(),
        }
    }

    /// Unpacks members of the next job, if they can be unpacked in one go.
    fn members_into(&mut self, out: &mut Buffer) -> io::Result<Next> {
        if self.at == self.rest.len() {
            (self.at, self.member) = (0, 0);
            self.rest.clear(0);
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
        if F::begins(rest) {
            let (mut format, mut unpacked) = self.spare.pop().unwrap_or_default();
            unpacked.clear(FRONT);
            let used = format.unpack(rest, self.complete, &mut unpacked);
            out.append(&mut unpacked);
            self.spare.push((format, unpacked));
            self.at += used;
            return Ok(if used > 0 { Next::Members } else { Next::Stream });
        }
        // Some programs fill up with zeros.
        let zeros = rest.iter().take_while(|b| **b == 0).count();
        if zeros > 0 {
            self.at += zeros;
            return Ok(Next::Members);
        }
        Err(io::Error::new(io::ErrorKind::InvalidData, format!("bytes that are no {}", F::MEMBER)))
    }

    /// Behind a member that was unpacked as a stream.
    fn after_member(&mut self) {
        self.rest.consume(self.at);
        (self.at, self.member) = (0, 0);
    }

    /// The bytes of a stream that come next; none at the end.
    fn window(&mut self) -> &[u8] {
        if self.at == self.rest.len() {
            if self.at - self.member > KEPT {
                self.rest.clear(0);
                (self.at, self.member) = (0, 0);
            }
            self.pop(None);
        }
        &self.rest[self.at..]
    }

    /// Puts the bytes of the next job behind `rest`; with `out`, unpacks them and says how many of them were.
    fn pop(&mut self, out: Option<&mut Buffer>) -> Option<usize> {
        while !self.ahead.is_full() {
            let Some((packed, complete)) = self.cut() else { break };
            let worth = F::begins(&packed);
            let (format, mut unpacked) = self.spare.pop().unwrap_or_default();
            unpacked.clear(FRONT);
            self.ahead.push(Job { packed, complete, format, unpacked, used: 0 }, worth);
        }
        let mut job = self.ahead.pop(out.is_some())?;
        if let Some(out) = out {
            out.append(&mut job.unpacked);
        }
        self.spare.push((job.format, job.unpacked));
        self.popped += job.packed.len();
        self.complete = job.complete;
        if self.rest.is_empty() {
            std::mem::swap(&mut self.rest, &mut job.packed);
        } else {
            self.rest.extend_from_slice(&job.packed);
        }
        self.empty.push(job.packed);
        Some(job.used)
    }

    /// Takes bytes up to a place where a member may begin; true when that, or the end, was found.
    fn cut(&mut self) -> Option<(Buffer, bool)> {
        let mut from = JOB;
        let mut longest = F::LONGEST_JOB;
        loop {
            // What goes on from a member can only be unpacked as a stream, and need not wait for more.
            if longest > JOB && self.uncut.len() >= TORN && !F::begins(&self.uncut) {
                (from, longest) = (1, JOB);
            }
            if let Some(at) = F::candidate(&self.uncut, from) {
                return Some((self.cut_at(at), true));
            }
            // The bytes that a member begins with may be torn in two.
            let sure = self.uncut.len().saturating_sub(TORN);
            if sure >= longest {
                return Some((self.cut_at(sure), false));
            }
            from = from.max(sure);
            if !self.from.move_into(&mut self.uncut) {
                let len = self.uncut.len();
                return (len > 0).then(|| (self.cut_at(len), true));
            }
        }
    }

    fn cut_at(&mut self, at: usize) -> Buffer {
        let mut behind = self.empty.pop().unwrap_or_default();
        behind.clear(0);
        behind.extend_from_slice(&self.uncut[at..]);
        self.uncut.truncate(at);
        std::mem::replace(&mut self.uncut, behind)
    }

    /// Goes to the next place where a member may begin; false when there is none.
    fn resume(&mut self) -> bool {
        let mut from = self.member + 1;
        loop {
            if let Some(at) = F::candidate(&self.rest, from) {
                (self.at, self.member) = (at, at);
                return true;
            }
            self.rest.clear(0);
            from = 0;
            if self.pop(None).is_none() {
                (self.at, self.member) = (0, 0);
                return false;
            }
        }
    }
}
