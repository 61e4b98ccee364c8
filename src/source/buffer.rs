//! [`Buffer`]: bytes that are appended at one end and taken at the other.

use std::ops::Deref;

/// Bytes, with room at both ends. What has been room once needs not be made ready again.
#[derive(Debug, Default)]
pub struct Buffer {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    /// Room that is kept in front.
    front: usize,
}

impl Buffer {
    /// Takes bytes away from the beginning.
    pub(super) fn consume(&mut self, n: usize) {
        self.start = (self.start + n).min(self.end);
    }

    /// Empties it, with so much room in front: for what is left of the buffer that it is [appended](Self::append) to.
    #[cfg_attr(not(feature = "compress"), allow(dead_code, reason = "nothing is unpacked without decompressors"))]
    pub(super) fn clear(&mut self, front: usize) {
        if self.bytes.len() < front {
            self.bytes.resize(front, 0);
        }
        (self.start, self.end, self.front) = (front, front, front);
    }

    /// Takes bytes away from the end.
    #[cfg_attr(not(feature = "compress"), allow(dead_code, reason = "nothing is unpacked without decompressors"))]
    pub(super) fn truncate(&mut self, len: usize) {
        self.end = self.end.min(self.start + len);
    }

    /// Room for so many bytes behind the end; [`filled`](Self::filled) says how many of them were written.
    pub(super) fn room(&mut self, len: usize) -> &mut [u8] {
        if self.bytes.len() - self.end < len && self.start > self.front {
            self.bytes.copy_within(self.start..self.end, self.front);
            (self.start, self.end) = (self.front, self.front + self.len());
        }
        if self.bytes.len() - self.end < len {
            self.bytes.resize(self.end + len, 0);
        }
        &mut self.bytes[self.end..self.end + len]
    }

    /// Adds bytes that were written to the room.
    pub(super) fn filled(&mut self, n: usize) {
        self.end = (self.end + n).min(self.bytes.len());
    }

    /// Adds bytes.
    pub(super) fn extend_from_slice(&mut self, bytes: &[u8]) {
        self.room(bytes.len()).copy_from_slice(bytes);
        self.filled(bytes.len());
    }

    /// Adds the bytes of another buffer. Where that has enough room in front, what is in this one is copied there and the two change
    /// places, so that the larger part is not copied. The memory that is left over is what `other` is then.
    #[cfg_attr(not(feature = "compress"), allow(dead_code, reason = "nothing is unpacked without decompressors"))]
    pub(super) fn append(&mut self, other: &mut Self) {
        if self.len() <= other.start {
            let start = other.start - self.len();
            other.bytes[start..other.start].copy_from_slice(self);
            other.start = start;
            std::mem::swap(self, other);
        } else {
            self.extend_from_slice(other);
        }
    }
}

impl Deref for Buffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_out_as_they_went_in() {
        let mut buffer = Buffer::default();
        let (mut wanted, mut taken) = (Vec::new(), Vec::new());
        for i in 0..200usize {
            let piece: Vec<u8> = (0..i * 7 % 50).map(|n| (i + n) as u8).collect();
            wanted.extend_from_slice(&piece);
            if i % 3 == 0 {
                let mut other = Buffer::default();
                other.clear(i % 40);
                other.extend_from_slice(&piece);
                buffer.append(&mut other);
            } else {
                buffer.extend_from_slice(&piece);
            }
            let n = buffer.len().min(i * 5 % 60);
            taken.extend_from_slice(&buffer[..n]);
            buffer.consume(n);
        }
        taken.extend_from_slice(&buffer);
        assert_eq!(taken, wanted);
    }

    #[test]
    fn what_is_appended_changes_places_where_there_is_room() {
        let (mut buffer, mut other) = (Buffer::default(), Buffer::default());
        other.clear(8);
        buffer.extend_from_slice(b"left");
        other.extend_from_slice(b" over");
        let place = other.as_ptr();
        buffer.append(&mut other);
        assert_eq!((&*buffer, buffer[4..].as_ptr()), (&b"left over"[..], place));
        other.clear(2);
        other.extend_from_slice(b", too");
        buffer.append(&mut other);
        assert_eq!(&*buffer, b"left over, too");
        buffer.truncate(4);
        buffer.room(1)[0] = b'!';
        buffer.filled(1);
        assert_eq!(&*buffer, b"left!");
    }
}
