//! Thrift's compact protocol, as far as it takes to see what a Parquet file says of itself before anything believes it.

/// Structures in each other that are passed over.
const DEPTH: u32 = 40;

/// Kinds of fields.
pub(super) const LIST: u8 = 9;
pub(super) const STRUCT: u8 = 12;

/// Reads values one after the other; `None` where the bytes end or make no sense.
pub(super) struct Thrift<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Thrift<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bytes read so far.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Bytes that are left.
    pub(super) fn left(&self) -> usize {
        self.bytes.len() - self.at
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn unsigned(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// A whole number.
    pub(super) fn number(&mut self) -> Option<i64> {
        let value = self.unsigned()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// The next field of a structure, by number and kind; kind 0 at its end.
    pub(super) fn field(&mut self, last: i64) -> Option<(i64, u8)> {
        let byte = self.byte()?;
        match (byte >> 4, byte & 15) {
            (_, 0) => Some((0, 0)),
            (0, kind) => Some((self.number()?, kind)),
            (delta, kind) => Some((last + i64::from(delta), kind)),
        }
    }

    /// Calls back for each field of a structure; it is to read the value, or says that it did not.
    pub(super) fn fields(&mut self, mut each: impl FnMut(&mut Self, i64, u8) -> Option<bool>) -> Option<()> {
        let mut last = 0;
        loop {
            let (id, kind) = self.field(last)?;
            if kind == 0 {
                return Some(());
            }
            if !each(self, id, kind)? {
                self.pass(kind, DEPTH)?;
            }
            last = id;
        }
    }

    /// How many elements a list has, and of which kind.
    pub(super) fn list(&mut self) -> Option<(usize, u8)> {
        let byte = self.byte()?;
        let len = match byte >> 4 {
            15 => usize::try_from(self.unsigned()?).ok()?,
            short => usize::from(short),
        };
        // Every element takes a byte.
        (len <= self.left()).then_some((len, byte & 15))
    }

    /// Passes over a value.
    fn pass(&mut self, kind: u8, depth: u32) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            // In a structure the kind of a boolean is its value.
            1 | 2 => Some(()),
            3 => self.byte().map(drop),
            4..=6 => self.number().map(drop),
            7 => self.skip(8),
            8 => {
                let len = self.unsigned()?;
                self.skip(len)
            }
            LIST | 10 => {
                let (len, kind) = self.list()?;
                (0..len).try_for_each(|_| self.element(kind, depth))
            }
            11 => self.map(depth),
            STRUCT => {
                let mut last = 0;
                loop {
                    let (id, kind) = self.field(last)?;
                    if kind == 0 {
                        return Some(());
                    }
                    self.pass(kind, depth)?;
                    last = id;
                }
            }
            13 => self.skip(16),
            _ => None,
        }
    }

    fn element(&mut self, kind: u8, depth: u32) -> Option<()> {
        if kind == 1 || kind == 2 { self.byte().map(drop) } else { self.pass(kind, depth) }
    }

    fn map(&mut self, depth: u32) -> Option<()> {
        let len = self.unsigned()?;
        if len == 0 {
            return Some(());
        }
        let kinds = self.byte()?;
        (0..len).try_for_each(|_| {
            self.element(kinds >> 4, depth)?;
            self.element(kinds & 15, depth)
        })
    }

    fn skip(&mut self, len: u64) -> Option<()> {
        let end = self.at.checked_add(usize::try_from(len).ok()?)?;
        self.at = (end <= self.bytes.len()).then_some(end)?;
        Some(())
    }
}
