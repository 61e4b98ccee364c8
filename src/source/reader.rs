//! [`Reader`]: buffered bytes that are counted, with an error kept instead of thrown.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::buffer::Buffer;

const BUFFER: usize = 256 << 10;

/// Where a reader gets its bytes from.
pub trait Feed: Send {
    /// Appends the next bytes; none at the end. What was appended before an error counts.
    ///
    /// # Errors
    /// What is damaged or can't be read.
    fn feed(&mut self, out: &mut Buffer) -> io::Result<()>;

    /// After an error: goes on behind what is damaged. False when there is no such place.
    fn resume(&mut self) -> bool {
        false
    }

    /// How many of the last bytes before an error it casts doubt on.
    fn doubtful(&self) -> u64 {
        0
    }

    /// Right after [`resume`](Self::resume): true where what comes next is known to begin where a line does.
    fn lines(&self) -> bool {
        false
    }
}

/// Whether the parts in which a file is packed (members, frames) end where lines end: each that did so far says so of the next.
#[cfg_attr(not(feature = "compress"), allow(dead_code, reason = "nothing is packed without decompressors"))]
#[derive(Default)]
pub(super) struct Lines {
    some: bool,
    torn: bool,
}

#[cfg_attr(not(feature = "compress"), allow(dead_code, reason = "nothing is packed without decompressors"))]
impl Lines {
    /// Notes the last byte of a part.
    pub(super) fn ended(&mut self, last: Option<u8>) {
        self.some |= last.is_some();
        self.torn |= last.is_some_and(|byte| byte != b'\n');
    }

    /// True where all parts end with a line.
    pub(super) fn are_whole(&self) -> bool {
        self.some && !self.torn
    }
}

/// Reads a stream of bytes. An error ends the stream; [`failure`](Self::failure) tells.
pub struct Reader {
    from: Box<dyn Feed>,
    buffer: Buffer,
    taken: u64,
    ended: bool,
    failure: Option<io::Error>,
    /// What came next behind the last damage was not known to begin where a line does.
    torn: bool,
}

/// How a line ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// At a line feed, which is part of what was read.
    Feed,
    /// At the end of the stream.
    Stream,
    /// Nowhere yet: the limit was reached.
    Limit,
}

impl Reader {
    /// Over a stream.
    pub fn new(stream: Box<dyn Read + Send>) -> Self {
        Self::fed_by(Box::new(Stream(stream)))
    }

    /// Over what appends bytes itself.
    pub fn fed_by(from: Box<dyn Feed>) -> Self {
        Self { from, buffer: Buffer::default(), taken: 0, ended: false, failure: None, torn: false }
    }

    /// Bytes handed out so far.
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// What went wrong, if something did.
    pub fn failure(&self) -> Option<&io::Error> {
        self.failure.as_ref()
    }

    /// Goes on behind what is damaged, once everything before was taken; says what was wrong. `None` where there is no
    /// way on, and then the failure stays.
    pub fn resume(&mut self) -> Option<io::Error> {
        if self.failure.is_none() || !self.buffer.is_empty() || !self.from.resume() {
            return None;
        }
        (self.ended, self.torn) = (false, !self.from.lines());
        self.failure.take()
    }

    /// True where what came next behind the last damage may be the rest of a line whose beginning is lost.
    pub(super) fn is_torn(&self) -> bool {
        self.torn
    }

    /// Bytes from the beginning that are sound: no error, or one that casts no doubt on them.
    pub fn sound(&self) -> u64 {
        let doubtful = if self.failure.is_some() { self.from.doubtful() } else { 0 };
        (self.taken + self.buffer.len() as u64).saturating_sub(doubtful)
    }

    /// The next bytes without taking them: `len` of them unless the stream is shorter.
    pub fn head(&mut self, len: usize) -> &[u8] {
        while self.buffer.len() < len && self.more() {}
        &self.buffer[..self.buffer.len().min(len)]
    }

    /// What is in memory already, at least a byte of it unless the stream has ended.
    pub fn window(&mut self) -> &[u8] {
        self.is_empty();
        &self.buffer
    }

    /// True when nothing is left.
    pub fn is_empty(&mut self) -> bool {
        self.head(1).is_empty()
    }

    /// Takes up to `len` bytes, fewer only at the end of the stream.
    pub fn take_into(&mut self, out: &mut Vec<u8>, len: usize) {
        self.take(len as u64, |bytes| out.extend_from_slice(bytes));
    }

    /// Passes over up to `len` bytes; says how many there were.
    pub fn skip(&mut self, len: u64) -> u64 {
        self.take(len, |_| {})
    }

    /// Hands up to `len` bytes to `each`, piece by piece; says how many there were.
    fn take(&mut self, len: u64, mut each: impl FnMut(&[u8])) -> u64 {
        let mut left = len;
        while left > 0 && !self.is_empty() {
            let n = left.min(self.buffer.len() as u64) as usize;
            each(&self.buffer[..n]);
            self.buffer.consume(n);
            left -= n as u64;
        }
        self.taken += len - left;
        len - left
    }

    /// Moves what is there to the end of `out`, or what comes next, as much as there is at once; false at the end.
    #[cfg_attr(not(feature = "compress"), allow(dead_code, reason = "nothing is unpacked without decompressors"))]
    pub(super) fn move_into(&mut self, out: &mut Buffer) -> bool {
        let start = out.len();
        if !self.buffer.is_empty() {
            out.append(&mut self.buffer);
            self.buffer.clear(0);
        } else if !self.ended {
            self.failure = self.from.feed(out).err();
            self.ended = self.failure.is_some() || out.len() == start;
        }
        self.taken += (out.len() - start) as u64;
        out.len() > start
    }

    /// Takes bytes up to and with the next line feed, at most `limit` of them.
    pub fn line_into(&mut self, out: &mut Vec<u8>, limit: usize) -> LineEnd {
        let mut left = limit;
        while left > 0 {
            let window = self.window();
            if window.is_empty() {
                return LineEnd::Stream;
            }
            let window = &window[..window.len().min(left)];
            let found = memchr::memchr(b'\n', window);
            let n = found.map_or(window.len(), |i| i + 1);
            out.extend_from_slice(&window[..n]);
            self.buffer.consume(n);
            self.taken += n as u64;
            left -= n;
            if found.is_some() {
                return LineEnd::Feed;
            }
        }
        LineEnd::Limit
    }

    /// Reads more into the buffer; false at the end.
    fn more(&mut self) -> bool {
        if self.ended {
            return false;
        }
        let start = self.buffer.len();
        self.failure = self.from.feed(&mut self.buffer).err();
        // What came before an error is read first.
        self.ended = self.failure.is_some() || self.buffer.len() == start;
        self.buffer.len() > start
    }
}

impl Read for Reader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let window = self.window();
        let n = out.len().min(window.len());
        out[..n].copy_from_slice(&window[..n]);
        self.buffer.consume(n);
        self.taken += n as u64;
        if n == 0 && !out.is_empty() { self.failure.take().map_or(Ok(0), Err) } else { Ok(n) }
    }
}

/// A stream of the standard library.
struct Stream(Box<dyn Read + Send>);

impl Feed for Stream {
    fn feed(&mut self, out: &mut Buffer) -> io::Result<()> {
        append(&mut self.0, out, BUFFER).map(|_| ())
    }
}

/// Appends what one call of `read` gives, at most `most` bytes.
pub(super) fn append(from: &mut impl Read, out: &mut Buffer, most: usize) -> io::Result<usize> {
    let room = out.room(most);
    let read = loop {
        match from.read(room) {
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            other => break other?,
        }
    };
    out.filled(read);
    Ok(read)
}

/// A reader that a container and the entry that is being read have in common.
#[derive(Clone)]
pub(super) struct Shared(Arc<Mutex<Reader>>);

impl Shared {
    pub(super) fn new(reader: Reader) -> Self {
        Self(Arc::new(Mutex::new(reader)))
    }

    /// The reader, for the one thread that reads.
    pub(super) fn get(&self) -> MutexGuard<'_, Reader> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its next `len` bytes as a stream of their own, and how many of them are left.
    pub(super) fn part(&self, len: u64) -> (Reader, Left) {
        let left = Left(Arc::new(Mutex::new(len)));
        (Reader::fed_by(Box::new(Part { from: self.clone(), left: left.clone() })), left)
    }
}

/// How much of a part has not been read yet.
#[derive(Clone)]
pub(super) struct Left(Arc<Mutex<u64>>);

impl Left {
    pub(super) fn get(&self) -> u64 {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn subtract(&self, n: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) -= n;
    }
}

/// The next bytes of a reader, as many as were said.
struct Part {
    from: Shared,
    left: Left,
}

impl Feed for Part {
    fn feed(&mut self, out: &mut Buffer) -> io::Result<()> {
        let left = self.left.get();
        if left == 0 {
            return Ok(());
        }
        let mut from = self.from.get();
        let window = from.window();
        let n = window.len().min(BUFFER).min(usize::try_from(left).unwrap_or(usize::MAX));
        if n == 0 {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, format!("{left} bytes are missing")));
        }
        out.extend_from_slice(&window[..n]);
        from.skip(n as u64);
        self.left.subtract(n as u64);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_limits() {
        let mut reader = Reader::new(Box::new(&b"one\ntwo\nlong line without end"[..]));
        let mut next = |limit| {
            let mut out = Vec::new();
            let end = reader.line_into(&mut out, limit);
            (String::from_utf8(out).unwrap(), end)
        };
        assert_eq!(next(100), ("one\n".into(), LineEnd::Feed));
        assert_eq!(next(4), ("two\n".into(), LineEnd::Feed));
        assert_eq!(next(4), ("long".into(), LineEnd::Limit));
        assert_eq!(next(100), (" line without end".into(), LineEnd::Stream));
        assert_eq!(next(100), (String::new(), LineEnd::Stream));
        assert_eq!(reader.taken(), 29);
    }

    #[test]
    fn an_error_ends_the_stream_and_is_kept() {
        struct Failing(u8);
        impl Read for Failing {
            fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
                self.0 += 1;
                out[0] = b'x';
                if self.0 < 3 { Ok(1) } else { Err(io::Error::other("torn")) }
            }
        }
        let mut reader = Reader::new(Box::new(Failing(0)));
        let mut out = Vec::new();
        reader.take_into(&mut out, 10);
        assert_eq!((out.as_slice(), reader.failure().unwrap().to_string().as_str()), (&b"xx"[..], "torn"));
        assert!(reader.resume().is_none());
    }

    #[test]
    fn a_part_ends_where_it_ends() {
        let shared = Shared::new(Reader::new(Box::new(&b"onetwothree"[..])));
        let (mut part, left) = shared.part(3);
        let mut out = Vec::new();
        part.take_into(&mut out, 100);
        assert_eq!((out.as_slice(), left.get(), part.failure().is_none()), (&b"one"[..], 0, true));
        let (mut part, left) = shared.part(100);
        part.take_into(&mut out, 100);
        assert_eq!((out.as_slice(), left.get()), (&b"onetwothree"[..], 92));
        assert_eq!(part.failure().unwrap().to_string(), "92 bytes are missing");
    }
}
