//! [`SourceMap`]: from the repaired text of a paragraph back to the bytes it was made of.

use crate::batch::{Batch, Edit, Line, Paragraph, as_usize};
use crate::decode::Cursor;

/// Leads offsets of one paragraph's text back to the batch's raw bytes: through the edits of every repair, from the last
/// to the first, through the markup of a page, then through the decoding of its lines.
pub struct SourceMap<'a> {
    raw: &'a [u8],
    /// Edits of one repair each, the last repair first, and those that took the markup out.
    layers: Vec<&'a [Edit]>,
    lines: &'a [Line],
    line: usize,
    cursor: Option<Cursor<'a>>,
}

impl<'a> SourceMap<'a> {
    /// The map of a paragraph of this batch.
    pub fn new(batch: &'a Batch, paragraph: &Paragraph) -> Self {
        let mut layers: Vec<&[Edit]> =
            batch.edits[as_usize(&paragraph.edits)].chunk_by(|a, b| a.layer == b.layer).collect();
        layers.reverse();
        layers.extend(Some(&batch.edits[as_usize(&paragraph.stripped)]).filter(|edits| !edits.is_empty()));
        Self { raw: &batch.raw, layers, lines: batch.lines_of(paragraph), line: 0, cursor: None }
    }

    /// The raw byte that the text at `offset` (bytes from the paragraph's first) begins with. Offsets must not fall from
    /// call to call; the answers do not fall then. Inside a replaced stretch the answer is where that stretch begins.
    pub fn source_offset(&mut self, offset: usize) -> usize {
        let at = self.layers.iter().fold(offset, |at, edits| Edit::before(edits, at));
        while self.line + 1 < self.lines.len() && self.lines[self.line + 1].start as usize <= at {
            self.line += 1;
            self.cursor = None;
        }
        let Some(line) = self.lines.get(self.line) else { return 0 };
        let cursor =
            self.cursor.get_or_insert_with(|| line.encoding.cursor(&self.raw[line.raw.range()], line.malformed));
        line.raw.start as usize + cursor.source_offset(at - line.start as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Span;

    #[test]
    fn edits_map_back() {
        let edit = |i: (usize, usize), o: (usize, usize)| Edit {
            layer: 0,
            input: Span::new(i.0, i.1),
            output: Span::new(o.0, o.1),
        };
        // "a\u{300}b  c" -> "àb c": 3 bytes became 2, then two spaces became one.
        let edits = [edit((0, 3), (0, 2)), edit((4, 6), (3, 4))];
        let map: Vec<usize> = (0..=5).map(|at| Edit::before(&edits, at)).collect();
        assert_eq!(map, [0, 0, 3, 4, 6, 7]);
    }
}
