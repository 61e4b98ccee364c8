//! Listings: lines of program text stand together, so what stands among them is of them, and a listing is whole or gone.
//! A line by itself hardly shows what it is: `}`, `break`, `print(name)`.

use super::line::{Edge, Line};
use super::phrases::BYLINE;
use super::{Piece, Role};
use crate::lang::Label;

/// Words of a line of program text, and of a comment; letters of a plain line inside a listing, and at its edge.
const WORDS: (u32, u32) = (12, 24);
const PLAIN: (u32, u32) = (60, 40);

/// One in so many characters is a sign of program text.
const SIGNS: u32 = 20;

/// Plain lines in a row, inside a listing and at its edge.
const ROW: (usize, usize) = (3, 2);

/// How a line fits into a listing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// It is program text.
    Sure,
    /// It is where others are.
    Likely,
    /// It may be one where others are on both sides: a short line that begins like no sentence and ends none.
    Plain,
    No,
}

/// Gives the lines of each listing the role of its surest ones.
pub(super) fn whole(pieces: &[Piece<'_>], lines: &[Line], roles: &mut [Role]) {
    let mut at = 0;
    while let Some(found) = roles[at..].iter().position(|role| matches!(role, Role::Code | Role::Noise)) {
        let listing = Listing { pieces, lines, roles };
        let (from, to) = listing.around(at + found, at);
        if listing.is_one(from, to) {
            roles[from..to].fill(Role::Code);
        }
        at = to.max(at + found + 1);
    }
}

struct Listing<'a> {
    pieces: &'a [Piece<'a>],
    lines: &'a [Line],
    roles: &'a [Role],
}

impl Listing<'_> {
    /// The lines around a sure one that belong to it, from `start` on; none where it is not sure.
    fn around(&self, at: usize, start: usize) -> (usize, usize) {
        if self.fit(at) != Fit::Sure {
            return (at, at);
        }
        let mut from = at;
        from -= self.reach(&mut (start..at).rev());
        let to = at + 1 + self.reach(&mut (at + 1..self.lines.len()));
        (from, to)
    }

    /// How many lines belong to the listing beside them.
    fn reach(&self, beside: &mut dyn Iterator<Item = usize>) -> usize {
        let (mut reached, mut row, mut edge) = (0, 0, 0);
        for at in beside {
            match self.fit(at) {
                Fit::Sure | Fit::Likely => (reached, row, edge) = (reached + row + 1, 0, 0),
                Fit::Plain if row < ROW.0 => {
                    row += 1;
                    let near = edge + 1 == row && row <= ROW.1 && self.lines[at].letters() <= PLAIN.1;
                    edge += usize::from(near);
                }
                _ => break,
            }
        }
        reached + edge
    }

    /// True where one line is program text by its role, or several are by their form.
    fn is_one(&self, from: usize, to: usize) -> bool {
        self.roles[from..to].contains(&Role::Code) || (from..to).filter(|at| self.fit(*at) == Fit::Sure).count() > 1
    }

    fn fit(&self, at: usize) -> Fit {
        let (piece, line) = (&self.pieces[at], &self.lines[at]);
        let text = piece.text.trim_end();
        let own = text.trim_start();
        if self.roles[at] == Role::Code {
            return Fit::Sure;
        }
        if piece.repeats || line.has(Line::CLAIM) {
            return Fit::No;
        }
        let (unspoken, stated) = (piece.label == Label::NO_LANGUAGE && line.weight > 0, is_statement(own));
        let remark = is_remark(own) || text.starts_with([' ', '\t']);
        let words = line.words <= if remark { WORDS.1 } else { WORDS.0 };
        let told = !remark && line.ends_sentence() && line.words > 4;
        let addressed = line.has(Line::ADDRESS | Line::AT);
        match () {
            () if unspoken && stated && !addressed => Fit::Sure,
            () if words && !told && (remark || (stated || unspoken || signs(line)) && !addressed) => Fit::Likely,
            () if line.weight == 0 || is_plain(line) => Fit::Plain,
            () => Fit::No,
        }
    }
}

/// True for what statements end with, and for a call of something.
fn is_statement(text: &str) -> bool {
    let ends = [";", "{", "}", "):", "],", "),", "};"];
    ends.iter().any(|end| text.ends_with(end)) || is_call(text)
}

/// A name with arguments in brackets behind it, which are no number: that would be how many there are.
fn is_call(text: &str) -> bool {
    let Some((name, rest)) = text.split_once('(') else { return false };
    let named = name.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_') && !name.contains(' ');
    let arguments = rest.trim_end_matches(';').strip_suffix(')');
    named && arguments.is_some_and(|inner| inner.is_empty() || !inner.chars().all(|c| c.is_numeric() || c == ' '))
}

/// True where a notable part is signs of program text, bars left out.
fn signs(line: &Line) -> bool {
    (line.code - line.pipes) * SIGNS >= line.characters && line.code > line.pipes
}

/// Comments, and text inside the program.
fn is_remark(text: &str) -> bool {
    ["//", "/*", "*/", "--", "# ", "\"\"\"", "'''", ">>> ", "$ "].iter().any(|mark| text.starts_with(mark))
}

/// Short, beginning with a small letter, and no sentence.
fn is_plain(line: &Line) -> bool {
    let begins = line.first == Edge::Letter && line.smalls > 0 && line.phrases.first & BYLINE == 0;
    begins && !line.is_furniture() && !line.ends_sentence() && line.letters() <= PLAIN.0
}
