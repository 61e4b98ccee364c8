//! brotli: one stream, with nothing behind it.

use std::io;
use std::sync::Arc;

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};

use super::buffer::Buffer;
use super::limits::Budget;
use super::members::PIECE;
use super::reader::{Feed, Reader};

type State = BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>;

/// Feeds the contents of a stream.
pub(super) struct Brotli {
    from: Reader,
    state: Box<State>,
    /// The stream came to its end.
    ended: bool,
    budget: Arc<Budget>,
}

impl Brotli {
    pub(super) fn new(from: Reader, budget: &Arc<Budget>) -> Self {
        let new = StandardAlloc::default;
        Self { from, state: Box::new(State::new(new(), new(), new())), ended: false, budget: Arc::clone(budget) }
    }

    /// What is wrong with the end: bytes behind it, or what ended the packed bytes.
    fn at_the_end(&mut self) -> io::Result<()> {
        if !self.from.is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "bytes behind the end of a brotli stream"));
        }
        self.from.failure().map_or(Ok(()), |e| Err(io::Error::new(e.kind(), e.to_string())))
    }
}

impl Feed for Brotli {
    fn feed(&mut self, out: &mut Buffer) -> io::Result<()> {
        let mut made = 0;
        while made == 0 && !self.ended {
            let window = self.from.window();
            let (mut left, mut taken, mut room, mut total) = (window.len(), 0, PIECE, 0);
            let space = out.room(PIECE);
            let result = BrotliDecompressStream(
                &mut left,
                &mut taken,
                window,
                &mut room,
                &mut made,
                space,
                &mut total,
                &mut self.state,
            );
            let is_last = window.is_empty();
            self.from.skip(taken as u64);
            out.filled(made);
            self.budget.unpack(made)?;
            match result {
                BrotliResult::ResultSuccess => self.ended = true,
                BrotliResult::ResultFailure => {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "it does not unpack"));
                }
                BrotliResult::NeedsMoreInput if is_last => {
                    self.at_the_end()?;
                    return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it breaks off"));
                }
                BrotliResult::NeedsMoreInput | BrotliResult::NeedsMoreOutput => {}
            }
        }
        if made == 0 { self.at_the_end() } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::unpacked;
    use super::*;

    /// A stream of bytes that are not packed, in pieces of up to 64 kB.
    fn pack(bytes: &[u8]) -> Vec<u8> {
        // A window of 16 bits; then for each piece: not the last one, four digits for its length less one, and stored.
        let mut bits = (0u64, 1usize);
        let mut out = Vec::new();
        for piece in bytes.chunks(1 << 16) {
            let head = ((piece.len() - 1) as u64) << 3 | 1 << 19;
            let all = bits.0 | head << bits.1;
            let len = (bits.1 + 20).div_ceil(8);
            out.extend_from_slice(&all.to_le_bytes()[..len]);
            out.extend_from_slice(piece);
            bits = (0, 0);
        }
        // The last one, which is empty.
        out.extend_from_slice(&(bits.0 | 3 << bits.1).to_le_bytes()[..1]);
        out
    }

    fn read(packed: &[u8]) -> (Vec<u8>, usize) {
        unpacked(packed, 1, |from, context| Reader::fed_by(Box::new(Brotli::new(from, &context.budget))))
    }

    #[test]
    fn whole_cut_and_followed_by_what_is_none() {
        for len in [0, 1, 1000, 70_000, 600_000] {
            let text: Vec<u8> = (0..len).map(|i| b'a' + (i % 7) as u8).collect();
            let packed = pack(&text);
            assert_eq!(read(&packed), (text.clone(), 0), "{len}");
            assert_eq!(read(&[&packed[..], b"garbage"].concat()), (text.clone(), 1), "{len}");
            for cut in [packed.len() - 1, packed.len() / 2] {
                let (found, flaws) = read(&packed[..cut]);
                assert!(text.starts_with(&found) && flaws == 1, "{len} {cut}");
            }
        }
    }
}
