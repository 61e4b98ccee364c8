//! [`CharTable`]: what a function says of characters, as a table of which only the parts are made that texts ask for.

use std::sync::OnceLock;

/// Characters that are entered together.
const ROW: usize = 256;
const ROWS: usize = 0x1_0000 / ROW;

/// A table of the characters of the basic plane. Each row is made when one of its characters is first asked for: most texts
/// have those of a few rows, and a table of all would take longer to make than a small job takes.
pub(crate) struct CharTable<T: 'static> {
    rows: [OnceLock<Box<[T; ROW]>>; ROWS],
    of: fn(char) -> T,
}

impl<T: Copy> CharTable<T> {
    /// Of what this says.
    pub(crate) const fn new(of: fn(char) -> T) -> Self {
        Self { rows: [const { OnceLock::new() }; ROWS], of }
    }

    /// What the function says of a character.
    #[inline]
    pub(crate) fn get(&self, c: char) -> T {
        match self.rows.get(c as usize / ROW) {
            Some(row) => row.get_or_init(|| self.row(c))[c as usize % ROW],
            None => (self.of)(c),
        }
    }

    /// The row of a character. Surrogates are none, so no one asks what stands in their place.
    #[cold]
    fn row(&self, c: char) -> Box<[T; ROW]> {
        let first = c as usize / ROW * ROW;
        Box::new(std::array::from_fn(|i| (self.of)(char::from_u32((first + i) as u32).unwrap_or_default())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_says_what_the_function_says() {
        static CODES: CharTable<u32> = CharTable::new(|c| 2 * c as u32);
        for c in char::MIN..='\u{1FFFF}' {
            assert_eq!(CODES.get(c), 2 * c as u32);
        }
    }
}
