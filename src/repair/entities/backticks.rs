//! Code between backticks, as Markdown has it: as many close it as opened it. A block between three and more may go on over
//! lines.

/// Finds the stretches of a text that are code, from first to last.
pub(super) struct Backticks<'t> {
    text: &'t [u8],
    /// The first stretch that ends after where was looked.
    found: (usize, usize),
    /// Where the line ends that was looked at last.
    line: usize,
    /// For each number of backticks, up to where none closes what they open.
    open: [usize; LONGEST + 1],
}

/// More in a row are a drawn line.
const LONGEST: usize = 8;

impl<'t> Backticks<'t> {
    pub(super) fn of(text: &'t [u8]) -> Self {
        Self { text, found: (0, 0), line: 0, open: [0; LONGEST + 1] }
    }

    /// Where the code around `at` ends, if it stands in some. Offsets must not fall from call to call.
    pub(super) fn around(&mut self, at: usize) -> Option<usize> {
        while self.found.1 <= at {
            self.found = self.next(self.found.1).unwrap_or((usize::MAX, usize::MAX));
        }
        (self.found.0 < at).then_some(self.found.1)
    }

    /// The next stretch that begins at `from` or after it; one of no length where backticks open none.
    fn next(&mut self, from: usize) -> Option<(usize, usize)> {
        let start = from + memchr::memchr(b'`', &self.text[from..])?;
        let count = self.run(start);
        let inside = start + count;
        // After a letter a backtick is an apostrophe.
        let opens = count <= LONGEST && !start.checked_sub(1).is_some_and(|i| is_of_word(self.text[i]));
        let end = if opens { self.close(inside, count) } else { None };
        Some((start, end.unwrap_or(inside)))
    }

    /// How many backticks stand here in a row.
    fn run(&self, at: usize) -> usize {
        self.text[at..].iter().take_while(|b| **b == b'`').count()
    }

    /// Where code ends that begins here, after so many backticks.
    fn close(&mut self, from: usize, count: usize) -> Option<usize> {
        if from < self.open[count] {
            return None;
        }
        if self.line < from {
            self.line = memchr::memchr(b'\n', &self.text[from..]).map_or(self.text.len(), |i| from + i);
        }
        let end = if count < 3 { self.line } else { self.text.len() };
        let mut at = from;
        while let Some(tick) = memchr::memchr(b'`', &self.text[at..end]).map(|i| at + i) {
            let own = self.run(tick);
            at = tick + own;
            if own == count && !self.text.get(at).is_some_and(|b| is_of_word(*b)) {
                return Some(at);
            }
        }
        self.open[count] = end;
        None
    }
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}
