//! The two matrices of a model: numbers, or codes into a table of pieces of rows.

use std::io::BufRead;

use super::read::{Read, Reader};

/// Codes are bytes.
const CODES: usize = 256;

/// A matrix of rows of one width.
#[derive(Debug)]
pub(super) struct Matrix {
    pub(super) rows: usize,
    pub(super) width: usize,
    cells: Cells,
}

#[derive(Debug)]
enum Cells {
    /// As they are.
    Dense(Vec<f32>),
    /// Quantized.
    Coded(Coded),
}

/// Product quantization: a row is cut into pieces, and each piece is one of 256 that stand in a table of its own.
#[derive(Debug)]
struct Coded {
    /// Pieces of a row.
    pieces: usize,
    /// Numbers in a piece; the last one may have fewer.
    piece: usize,
    /// One for each piece of each row.
    codes: Vec<u8>,
    /// The tables, one after the other.
    table: Vec<f32>,
    /// Where lengths of rows are quantized apart: their codes and table.
    lengths: Option<(Vec<u8>, Vec<f32>)>,
}

impl Matrix {
    pub(super) fn read_dense<R: BufRead>(from: &mut Reader<R>) -> Read<Self> {
        let (rows, width) = (from.i64()?, from.i64()?);
        let cells =
            rows.checked_mul(width).ok_or_else(|| from.flaw(format!("a matrix of {rows} × {width} numbers")))?;
        let cells = Cells::Dense(from.floats(cells, "numbers of a matrix")?);
        Ok(Self { rows: size(from, rows)?, width: size(from, width)?, cells })
    }

    pub(super) fn read_coded<R: BufRead>(from: &mut Reader<R>) -> Read<Self> {
        let apart = from.flag()?;
        let (rows, width) = (from.i64()?, from.i64()?);
        let codes = i64::from(from.i32()?);
        let codes = from.bytes(codes, "codes of a matrix")?;
        let (pieces, piece, table) = read_table(from, width)?;
        if rows.checked_mul(pieces as i64) != i64::try_from(codes.len()).ok() {
            return Err(from.flaw(format!("{} codes for {rows} rows of {pieces} pieces", codes.len())));
        }
        let lengths = match apart {
            true => Some((from.bytes(rows, "codes of lengths")?, read_table(from, 1)?.2)),
            false => None,
        };
        let coded = Coded { pieces, piece, codes, table, lengths };
        Ok(Self { rows: size(from, rows)?, width: size(from, width)?, cells: Cells::Coded(coded) })
    }

    /// Adds a row to a vector.
    pub(super) fn add_row(&self, row: usize, to: &mut [f32]) {
        match &self.cells {
            Cells::Dense(cells) => {
                let row = &cells[row * self.width..][..self.width];
                to.iter_mut().zip(row).for_each(|(to, x)| *to += x);
            }
            Cells::Coded(coded) => {
                let length = coded.length(row);
                coded.for_pieces(row, self.width, |at, piece| {
                    to[at..].iter_mut().zip(piece).for_each(|(to, x)| *to += length * x);
                });
            }
        }
    }

    /// The inner product of a row and a vector.
    pub(super) fn dot_row(&self, row: usize, with: &[f32]) -> f32 {
        match &self.cells {
            Cells::Dense(cells) => dot(&cells[row * self.width..][..self.width], with),
            Cells::Coded(coded) => {
                // One by one, as the reference does: a sum that is rounded otherwise may fall on another step of the
                // table of `coarse_sigmoid`.
                let mut sum = 0.0;
                coded.for_pieces(row, self.width, |at, piece| {
                    sum = piece.iter().zip(&with[at..]).fold(sum, |sum, (a, b)| sum + a * b);
                });
                sum * coded.length(row)
            }
        }
    }
}

impl Coded {
    fn length(&self, row: usize) -> f32 {
        self.lengths.as_ref().map_or(1.0, |(codes, table)| table[usize::from(codes[row])])
    }

    /// Calls with each piece of a row and where it begins.
    fn for_pieces(&self, row: usize, width: usize, mut call: impl FnMut(usize, &[f32])) {
        let codes = &self.codes[row * self.pieces..][..self.pieces];
        for (i, code) in codes.iter().enumerate() {
            let at = i * self.piece;
            let length = self.piece.min(width - at);
            call(at, &self.table[at * CODES + usize::from(*code) * length..][..length]);
        }
    }
}

fn size<R: BufRead>(from: &Reader<R>, number: i64) -> Read<usize> {
    usize::try_from(number).map_err(|_| from.flaw(format!("a matrix of {number} rows or columns")))
}

/// A quantizer of rows of this width: how many pieces, of how many numbers, and the tables.
fn read_table<R: BufRead>(from: &mut Reader<R>, width: i64) -> Read<(usize, usize, Vec<f32>)> {
    let [own, pieces, piece, last] = [from.i32()?, from.i32()?, from.i32()?, from.i32()?].map(i64::from);
    let fits =
        piece > 0 && own == width && pieces > 0 && (pieces - 1) * piece + last == width && (1..=piece).contains(&last);
    if !fits {
        let detail = format!("{pieces} pieces of {piece} numbers, the last of {last}, do not make a row of {width}");
        return Err(from.flaw(detail));
    }
    let table = from.floats(own * CODES as i64, "numbers of a quantizer")?;
    Ok((pieces as usize, piece as usize, table))
}

/// The inner product, in several sums at once so that it can be vectorized.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for i in 0..8 {
            sums[i] += a[i] * b[i];
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    sums.iter().sum::<f32>() + rest
}
