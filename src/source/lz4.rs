//! lz4: frames of blocks. Each block says how long it is, so one that is damaged costs itself, where blocks do not depend on
//! those before; else its frame.

use std::hash::Hasher as _;
use std::io;
use std::sync::Arc;

use lz4_flex::block::{decompress_into, decompress_into_with_dict};
use memchr::memmem;
use twox_hash::XxHash32;

use super::buffer::Buffer;
use super::limits::Budget;
use super::members::PIECE;
use super::reader::{Feed, Lines, Reader};
use super::zip::{u32_at, u64_at};

/// What a frame begins with.
const MAGIC: &[u8] = &[0x04, 0x22, 0x4D, 0x18];
/// Largest header: magic, flags, sizes, the number of a dictionary, checksum.
const HEADER: usize = 19;
/// Bytes before a block that it may refer to.
const WINDOW: usize = 64 << 10;
/// Where this bit of a block's length is set, it is stored.
const STORED: u32 = 1 << 31;

/// Feeds the contents of all frames.
pub(super) struct Lz4 {
    from: Reader,
    frame: Option<Frame>,
    budget: Arc<Budget>,
    lines: Lines,
    /// Bytes that a wrong checksum casts doubt on.
    doubtful: u64,
    /// There is no way on.
    over: bool,
}

/// What a frame says of itself, and what came of it so far.
struct Frame {
    independent: bool,
    has_block_sums: bool,
    /// Largest block, unpacked.
    most: usize,
    size: Option<u64>,
    checksum: Option<XxHash32>,
    made: u64,
    last: Option<u8>,
    /// The last bytes of it, where blocks refer to them.
    window: Vec<u8>,
    is_damaged: bool,
}

impl Lz4 {
    pub(super) fn new(from: Reader, budget: &Arc<Budget>) -> Self {
        let lines = Lines::default();
        Self { from, frame: None, budget: Arc::clone(budget), lines, doubtful: 0, over: false }
    }

    /// Reads what comes next; false at the end.
    fn next_into(&mut self, out: &mut Buffer) -> io::Result<bool> {
        match self.frame.take() {
            Some(frame) => self.block(frame, out).map(|()| true),
            None if self.from.is_empty() => self.broken_off("").map(|()| false),
            None => self.begin().map(|()| true),
        }
    }

    /// What ended the packed bytes; nothing if they ended where they may, and nothing else is said.
    fn broken_off(&self, what: &str) -> io::Result<()> {
        match self.from.failure() {
            Some(error) => Err(io::Error::new(error.kind(), error.to_string())),
            None if what.is_empty() => Ok(()),
            None => Err(io::Error::new(io::ErrorKind::UnexpectedEof, what)),
        }
    }

    /// Reads the header of a frame, or passes over what holds nothing.
    fn begin(&mut self) -> io::Result<()> {
        let head = self.from.head(HEADER);
        // Some programs fill up with zeros.
        let zeros = head.iter().take_while(|b| **b == 0).count();
        if zeros > 0 {
            self.from.skip(zeros as u64);
            return Ok(());
        }
        if let [0x50..=0x5F, 0x2A, 0x4D, 0x18, size @ ..] = head {
            let len = 8 + u64::from(u32_at(size, 0));
            return if self.from.skip(len) == len { Ok(()) } else { self.broken_off("it breaks off") };
        }
        let is_short = MAGIC.starts_with(&head[..head.len().min(4)]) && head.len() < 7;
        let header = Frame::read(head);
        match header {
            Ok((frame, len)) => {
                self.from.skip(len as u64);
                self.frame = Some(frame);
                Ok(())
            }
            Err(_) if is_short => {
                self.from.skip(HEADER as u64);
                self.broken_off("it breaks off")
            }
            Err(what) => Err(damaged(what)),
        }
    }

    /// Unpacks a block, or reads the end of the frame.
    fn block(&mut self, mut frame: Frame, out: &mut Buffer) -> io::Result<()> {
        let len = match *self.from.head(4) {
            [a, b, c, d] => u32::from_le_bytes([a, b, c, d]),
            _ => return self.broken_off("it breaks off"),
        };
        if len == 0 {
            return self.end(&frame);
        }
        let data = (len & !STORED) as usize;
        if data > frame.most {
            return Err(damaged("the length of an lz4 block is wrong"));
        }
        let whole = 4 + data + if frame.has_block_sums { 4 } else { 0 };
        let bytes = self.from.head(whole);
        if bytes.len() < whole {
            self.from.skip(whole as u64);
            return self.broken_off("it breaks off");
        }
        let made = frame.unpack(&bytes[4..], data, len & STORED > 0, out);
        self.from.skip(whole as u64);
        if made.is_some() {
            self.frame = Some(frame);
            return Ok(());
        }
        frame.is_damaged = true;
        if self.from.head(4) == [0; 4] {
            self.end(&frame)?;
        } else if frame.independent {
            // Without what stood in it blocks that refer to it can't be had.
            self.frame = Some(frame);
        }
        Err(damaged("an lz4 block is damaged"))
    }

    /// What stands at the end of a frame.
    fn end(&mut self, frame: &Frame) -> io::Result<()> {
        let len = if frame.checksum.is_some() { 8 } else { 4 };
        let sum = u32_at(self.from.head(len), 4);
        if self.from.skip(len as u64) < len as u64 {
            return self.broken_off("it breaks off");
        }
        if frame.is_damaged {
            return Ok(());
        }
        self.doubtful = frame.made;
        if frame.size.is_some_and(|size| size != frame.made) {
            return Err(damaged("an lz4 frame unpacks to another length than it says"));
        }
        if frame.checksum.as_ref().is_some_and(|own| own.finish() != u64::from(sum)) {
            return Err(damaged("the checksum of an lz4 frame is wrong"));
        }
        self.doubtful = 0;
        self.lines.ended(frame.last);
        Ok(())
    }
}

impl Feed for Lz4 {
    fn feed(&mut self, out: &mut Buffer) -> io::Result<()> {
        let start = out.len();
        // A checksum at the end is looked at together with the last block.
        while out.len() == start || (self.frame.is_some() && *self.from.head(4) == [0; 4]) {
            let before = out.len();
            let more = self.next_into(out);
            if let Err(error) = self.budget.unpack(out.len() - before) {
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
        self.doubtful = 0;
        while !self.over && self.frame.is_none() && !self.from.is_empty() {
            let window = self.from.head(PIECE);
            let found = memmem::find_iter(window, MAGIC).find(|at| Frame::read(&window[*at..]).is_ok());
            let torn = if window.len() == PIECE { HEADER } else { 0 };
            let passed = found.unwrap_or(window.len() - torn);
            self.from.skip(passed as u64);
            if found.is_some() {
                break;
            }
        }
        !self.over && !self.from.is_empty()
    }

    fn doubtful(&self) -> u64 {
        self.doubtful
    }

    fn lines(&self) -> bool {
        self.frame.is_none() && self.lines.are_whole()
    }
}

impl Frame {
    /// Reads a header; says how long it is.
    fn read(bytes: &[u8]) -> Result<(Self, usize), &'static str> {
        let [0x04, 0x22, 0x4D, 0x18, flags @ 0x40..0x80, sizes, ..] = *bytes else {
            return Err("bytes that are no lz4 frame");
        };
        let has = |bit: u8| flags >> bit & 1 > 0;
        let len = 7 + if has(3) { 8 } else { 0 } + if has(0) { 4 } else { 0 };
        let (Some(body), Some(sum)) = (bytes.get(4..len - 1), bytes.get(len - 1)) else {
            return Err("the header of an lz4 frame breaks off");
        };
        if (XxHash32::oneshot(0, body) >> 8) as u8 != *sum {
            return Err("the checksum of the header of an lz4 frame is wrong");
        }
        if has(0) {
            return Err("an lz4 frame needs a dictionary that is not there");
        }
        let most = match sizes >> 4 & 7 {
            size @ 4..=7 => 1 << (2 * size + 8),
            _ => return Err("an lz4 frame of blocks of an unknown size"),
        };
        let frame = Self {
            independent: has(5),
            has_block_sums: has(4),
            most,
            size: has(3).then(|| u64_at(bytes, 6)),
            checksum: has(2).then(|| XxHash32::with_seed(0)),
            made: 0,
            last: None,
            window: Vec::new(),
            is_damaged: false,
        };
        Ok((frame, len))
    }

    /// Unpacks a block of `data` bytes, behind which its checksum stands. `None` when it is damaged.
    fn unpack(&mut self, block: &[u8], data: usize, stored: bool, out: &mut Buffer) -> Option<()> {
        let (packed, sum) = block.split_at(data);
        if self.has_block_sums && XxHash32::oneshot(0, packed) != u32_at(sum, 0) {
            return None;
        }
        let start = out.len();
        if stored {
            out.extend_from_slice(packed);
        } else {
            let room = out.room(self.most);
            let made = if self.window.is_empty() {
                decompress_into(packed, room)
            } else {
                decompress_into_with_dict(packed, room, &self.window)
            };
            out.filled(made.ok()?);
        }
        let made = &out[start..];
        self.made += made.len() as u64;
        self.last = made.last().copied().or(self.last);
        if let Some(sum) = &mut self.checksum {
            sum.write(made);
        }
        if !self.independent {
            let kept = WINDOW.saturating_sub(made.len());
            self.window.drain(..self.window.len().saturating_sub(kept));
            self.window.extend_from_slice(&made[made.len().saturating_sub(WINDOW)..]);
        }
        Some(())
    }
}

fn damaged(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use lz4_flex::frame::{BlockMode, BlockSize, FrameEncoder, FrameInfo};

    use super::super::testing::unpacked;
    use super::*;

    fn pack(text: &[u8], info: FrameInfo) -> Vec<u8> {
        let mut encoder = FrameEncoder::with_frame_info(info, Vec::new());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// Frames of all kinds.
    fn infos(len: usize) -> Vec<FrameInfo> {
        let small = FrameInfo::new().block_size(BlockSize::Max64KB);
        vec![
            small.clone(),
            FrameInfo::new().block_size(BlockSize::Max4MB).block_checksums(true).content_checksum(true),
            small.clone().block_mode(BlockMode::Linked),
            small.clone().block_mode(BlockMode::Linked).block_checksums(true).content_size(Some(len as u64)),
            small.content_checksum(true).content_size(Some(len as u64)),
        ]
    }

    fn read(packed: &[u8]) -> (Vec<u8>, usize) {
        unpacked(packed, 1, |from, context| Reader::fed_by(Box::new(Lz4::new(from, &context.budget))))
    }

    fn noise(len: usize) -> Vec<u8> {
        let mut state = len as u64 * 2 + 1;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            b'a' + (state >> 59) as u8 % 16
        };
        let some: Vec<u8> = (0..len.min(100_000)).map(|_| next()).collect();
        // What comes again refers to what stands before it.
        (0..len).map(|i| if i / 1000 % 3 == 0 { some[i / 7 % some.len()] } else { some[i % some.len()] }).collect()
    }

    #[test]
    fn frames_of_all_kinds_in_a_row() {
        let (mut packed, mut wanted) = (Vec::new(), Vec::new());
        for len in [0, 1, 100, 65_536, 70_000, 500_000, 5_000_000] {
            let text = noise(len);
            for info in infos(len) {
                let frame = pack(&text, info);
                assert!(read(&frame) == (text.clone(), 0), "{len}");
                packed.extend([&frame[..], &[0x53, 0x2A, 0x4D, 0x18, 5, 0, 0, 0], b"5byte", &[0; 3]].concat());
                wanted.extend_from_slice(&text);
            }
        }
        assert!(read(&packed) == (wanted, 0));
    }

    #[test]
    fn every_cut_is_told() {
        let text = noise(200_000);
        for info in infos(text.len()) {
            let packed = pack(&text, info);
            for cut in (1..packed.len()).filter(|cut| cut % 997 == 0 || *cut < 20 || cut + 9 > packed.len()) {
                let (found, flaws) = read(&packed[..cut]);
                assert!(text.starts_with(&found) && flaws == 1, "{cut} of {}", packed.len());
            }
            assert!(read(&[&packed[..], b"garbage"].concat()) == (text.clone(), 1));
        }
    }

    #[test]
    fn damage_costs_a_block_or_its_frame() {
        let text = noise(300_000);
        let frames: Vec<Vec<u8>> = infos(text.len()).into_iter().map(|info| pack(&text, info)).collect();
        for (i, frame) in frames.iter().enumerate() {
            let mut damaged = frame.clone();
            let middle = damaged.len() / 2;
            // No offset of a match is zero.
            damaged[middle..middle + 600].fill(0);
            let (found, flaws) = read(&[&frames[0][..], &damaged, &frames[0]].concat());
            assert_eq!(flaws, 1, "{i}");
            assert!(found.starts_with(&text) && found.ends_with(&text), "{i}");
            // Where blocks are small and do not depend on each other one of them is lost.
            let left = found.len() - 2 * text.len();
            let wanted = if [0, 4].contains(&i) { 230_000..240_000 } else { 0..200_000 };
            assert!(wanted.contains(&left), "{i}: {left}");
        }
        for (frame, from_end, told) in [(1, 1, "checksum of an lz4 frame"), (4, 2, "checksum of an lz4 frame")] {
            let mut packed = frames[frame].clone();
            let at = packed.len() - from_end;
            packed[at] ^= 1;
            let context = super::super::Context::new(Arc::default(), "a");
            let mut reader =
                Reader::fed_by(Box::new(Lz4::new(Reader::new(Box::new(io::Cursor::new(packed))), &context.budget)));
            assert_eq!(reader.skip(u64::MAX), text.len() as u64);
            assert!(reader.failure().unwrap().to_string().contains(told) && reader.sound() == 0);
        }
        let mut header = frames[0].clone();
        header[6] ^= 1;
        assert!(read(&[&header[..], &frames[0]].concat()) == (text, 1));
    }
}
