//! Reads the binary format: numbers, words and tables, and never more than the file holds.

use std::fmt;
use std::io::{BufRead, ErrorKind};

/// Why bytes are no model that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// Where in the file, in bytes from its start.
    pub offset: u64,
    /// What is wrong there.
    pub detail: String,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}: {}", self.offset, self.detail)
    }
}

impl std::error::Error for Flaw {}

/// Short for results of reading.
pub(super) type Read<T> = Result<T, Flaw>;

/// A file that is read from front to back. It knows its length, so that no size in it is believed beyond that.
pub(super) struct Reader<R> {
    input: R,
    at: u64,
    length: u64,
    /// Where what was read last began.
    field: u64,
}

impl<R: BufRead> Reader<R> {
    pub(super) fn new(input: R, length: u64) -> Self {
        Self { input, at: 0, length, field: 0 }
    }

    /// A flaw of what was read last.
    pub(super) fn flaw(&self, detail: impl Into<String>) -> Flaw {
        Flaw { offset: self.field, detail: detail.into() }
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Read<()> {
        self.input.read_exact(bytes).map_err(|e| match e.kind() {
            ErrorKind::UnexpectedEof => self.ends(),
            _ => Flaw { offset: self.at, detail: format!("could not be read: {e}") },
        })?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    fn ends(&self) -> Flaw {
        Flaw { offset: self.at, detail: "the file ends in the middle of the model".to_owned() }
    }

    fn array<const N: usize>(&mut self) -> Read<[u8; N]> {
        self.field = self.at;
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    pub(super) fn byte(&mut self) -> Read<u8> {
        self.array::<1>().map(|[b]| b)
    }

    pub(super) fn flag(&mut self) -> Read<bool> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(self.flaw(format!("{other} where only 0 and 1 can stand"))),
        }
    }

    pub(super) fn i32(&mut self) -> Read<i32> {
        self.array().map(i32::from_le_bytes)
    }

    pub(super) fn i64(&mut self) -> Read<i64> {
        self.array().map(i64::from_le_bytes)
    }

    /// A number of things: not negative, and not more than there can be in the rest of the file.
    pub(super) fn count(&mut self, number: i64, what: &str, bytes_each: u64) -> Read<usize> {
        let rest = self.length.saturating_sub(self.at);
        let count = u64::try_from(number).ok().filter(|n| n.checked_mul(bytes_each).is_some_and(|n| n <= rest));
        let count = count.and_then(|n| usize::try_from(n).ok());
        count.ok_or_else(|| self.flaw(format!("it says {number} {what}, but {rest} bytes follow")))
    }

    /// Bytes up to a zero.
    pub(super) fn word(&mut self) -> Read<Vec<u8>> {
        self.field = self.at;
        let mut word = Vec::new();
        let read = self.input.read_until(0, &mut word);
        let read = read.map_err(|e| self.flaw(format!("could not be read: {e}")))?;
        self.at += read as u64;
        match word.pop() {
            Some(0) => Ok(word),
            _ => Err(self.ends()),
        }
    }

    pub(super) fn bytes(&mut self, number: i64, what: &str) -> Read<Vec<u8>> {
        let mut bytes = vec![0; self.count(number, what, 1)?];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    pub(super) fn floats(&mut self, number: i64, what: &str) -> Read<Vec<f32>> {
        let count = self.count(number, what, 4)?;
        let (mut floats, mut bytes) = (Vec::with_capacity(count), [0; 1 << 14]);
        while floats.len() < count {
            let bytes = &mut bytes[..(4 * (count - floats.len())).min(1 << 14)];
            self.fill(bytes)?;
            floats.extend(bytes.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)));
        }
        Ok(floats)
    }
}
