//! [`Reader`]: buffered bytes that are counted, with an error kept instead of thrown.

use std::io::{self, Read};

const BUFFER: usize = 256 << 10;

/// Reads a stream of bytes. A read error ends the stream; [`failure`](Self::failure) tells.
pub struct Reader {
    inner: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    at: usize,
    taken: u64,
    ended: bool,
    failure: Option<io::Error>,
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
    pub fn new(inner: Box<dyn Read + Send>) -> Self {
        Self { inner, buffer: Vec::new(), at: 0, taken: 0, ended: false, failure: None }
    }

    /// Bytes handed out so far.
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// What went wrong, if something did.
    pub fn failure(&self) -> Option<&io::Error> {
        self.failure.as_ref()
    }

    /// The next bytes without taking them: `len` of them unless the stream is shorter.
    pub fn head(&mut self, len: usize) -> &[u8] {
        while self.buffer.len() - self.at < len && self.more() {}
        let rest = &self.buffer[self.at..];
        &rest[..rest.len().min(len)]
    }

    /// True when nothing is left.
    pub fn is_empty(&mut self) -> bool {
        self.head(1).is_empty()
    }

    /// Takes up to `len` bytes, fewer only at the end of the stream.
    pub fn take_into(&mut self, out: &mut Vec<u8>, len: usize) {
        let mut left = len;
        while left > 0 && !self.is_empty() {
            let n = left.min(self.buffer.len() - self.at);
            self.hand_out(out, n);
            left -= n;
        }
    }

    /// Takes bytes up to and with the next line feed, at most `limit` of them.
    pub fn line_into(&mut self, out: &mut Vec<u8>, limit: usize) -> LineEnd {
        let mut left = limit;
        while left > 0 {
            if self.is_empty() {
                return LineEnd::Stream;
            }
            let window = &self.buffer[self.at..];
            let window = &window[..window.len().min(left)];
            let found = memchr::memchr(b'\n', window);
            let n = found.map_or(window.len(), |i| i + 1);
            self.hand_out(out, n);
            left -= n;
            if found.is_some() {
                return LineEnd::Feed;
            }
        }
        LineEnd::Limit
    }

    fn hand_out(&mut self, out: &mut Vec<u8>, n: usize) {
        out.extend_from_slice(&self.buffer[self.at..self.at + n]);
        self.at += n;
        self.taken += n as u64;
    }

    /// Reads more into the buffer; false at the end.
    fn more(&mut self) -> bool {
        if self.ended {
            return false;
        }
        self.buffer.drain(..self.at);
        self.at = 0;
        let start = self.buffer.len();
        self.buffer.resize(start + BUFFER, 0);
        let read = loop {
            match self.inner.read(&mut self.buffer[start..]) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        let n = read.unwrap_or_else(|e| {
            self.failure = Some(e);
            0
        });
        self.buffer.truncate(start + n);
        self.ended = n == 0;
        n > 0
    }
}

impl Read for Reader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.is_empty() {
            return self.failure.take().map_or(Ok(0), Err);
        }
        let n = out.len().min(self.buffer.len() - self.at);
        out[..n].copy_from_slice(&self.buffer[self.at..self.at + n]);
        self.at += n;
        self.taken += n as u64;
        Ok(n)
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
    }
}
