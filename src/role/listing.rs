//! Listings: lines of program text stand together, so what stands among them is of them, and a listing is whole or gone.
//! A line by itself hardly shows what it is: `}`, `break`, `print(name)`.

use super::line::{Edge, Line};
use super::phrases::BYLINE;
use super::rules::{has_tabs, is_code, is_packed, unspoken};
use super::{Piece, Role};
use crate::lang::Label;

/// Words of a line of program text, and of a comment; letters of a plain line inside a listing, and at its edge.
const WORDS: (u32, u32) = (12, 24);
const PLAIN: (u32, u32) = (60, 40);

/// One in so many characters is a sign of program text.
const SIGNS: u32 = 20;

/// Plain lines in a row, inside a listing and at its edge.
const ROW: (usize, usize) = (3, 2);

/// Lines with the form of program text that are a listing, if some are sure and if none is.
const FORMED: (usize, usize) = (2, 3);

/// How a line fits into a listing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    No,
    /// It may be one where others are on both sides: a short line that begins like no sentence and ends none.
    Plain,
    /// It is indented, or no language.
    Beside,
    /// It has the form of program text.
    Formed,
    /// It is no language, either.
    Likely,
    Sure,
}

/// Says of each line whether it belongs to a listing; true if any does.
pub(super) fn find(pieces: &[Piece<'_>], lines: &[Line], listed: &mut Vec<bool>) -> bool {
    listed.clear();
    listed.resize(lines.len(), false);
    let fit = |at: usize| fit(&pieces[at], &lines[at]);
    let (mut at, mut done) = (0, 0);
    while let Some(found) = (at..lines.len()).find(|at| may_begin(&pieces[*at], &lines[*at]) && fit(*at) >= Fit::Likely)
    {
        let edge = |at: usize| (1..=PLAIN.1).contains(&lines[at].letters());
        let from = found - reach(&mut (done..found).rev(), fit, edge);
        let to = found + 1 + reach(&mut (found + 1..lines.len()), fit, edge);
        let count = |least: Fit| (from..to).filter(|at| fit(*at) >= least).count();
        let is_program =
            |at: usize| pieces[at].label == Label::NO_LANGUAGE && unspoken(pieces[at].text, &lines[at]) == Role::Code;
        if (from..to).any(is_program) || count(Fit::Sure) >= FORMED.0 || count(Fit::Formed) >= FORMED.1 {
            listed[from..to].fill(true);
            done = to;
        }
        at = to;
    }
    done > 0
}

/// Makes room for the listings in what is known of the other lines; they are no content of the page's languages.
pub(super) fn insert(listed: &[bool], content: &mut Vec<bool>) {
    let mut other = content.len();
    content.resize(listed.len(), false);
    for (at, listed) in listed.iter().enumerate().rev() {
        other -= usize::from(!listed);
        content[at] = !listed && content[other];
    }
}

/// A first look, which most lines do not pass: no language, or signs of program text.
fn may_begin(piece: &Piece<'_>, line: &Line) -> bool {
    piece.label == Label::NO_LANGUAGE || line.weight == 0 || line.code > line.pipes
}

/// How many lines belong to the listing beside them.
fn reach(beside: &mut dyn Iterator<Item = usize>, fit: impl Fn(usize) -> Fit, edge: impl Fn(usize) -> bool) -> usize {
    let (mut reached, mut row, mut near) = (0, 0, 0);
    for at in beside {
        match fit(at) {
            Fit::No => break,
            Fit::Plain if row == ROW.0 => break,
            Fit::Plain => {
                row += 1;
                near += usize::from(near + 1 == row && row <= ROW.1 && edge(at));
            }
            _ => (reached, row, near) = (reached + row + 1, 0, 0),
        }
    }
    reached + near
}

fn fit(piece: &Piece<'_>, line: &Line) -> Fit {
    let text = piece.text.trim_end();
    let own = text.trim_start();
    if piece.repeats || line.has(Line::CLAIM) || line.pipes > 1 || has_tabs(own) || is_packed(own, line) {
        return Fit::No;
    }
    let no_language = piece.label == Label::NO_LANGUAGE;
    if no_language && unspoken(own, line) == Role::Code {
        return Fit::Sure;
    }
    let (bare, stated) = (no_language && line.weight > 0, is_statement(own));
    let (remark, indented) = (is_remark(own), text.starts_with([' ', '\t']));
    let words = line.words <= if remark || indented { WORDS.1 } else { WORDS.0 };
    let told = line.ends_sentence() && line.words > 4;
    let addressed = line.has(Line::ADDRESS | Line::AT);
    let formed = remark || ((stated || signs(line)) && !told && !addressed);
    match () {
        () if !words => Fit::No,
        () if stated && !addressed && (bare || is_code(line)) => Fit::Sure,
        () if formed && (no_language || line.weight == 0) => Fit::Likely,
        () if formed => Fit::Formed,
        () if indented || (bare && !addressed) => Fit::Beside,
        () if line.weight == 0 || is_plain(line) => Fit::Plain,
        () => Fit::No,
    }
}

/// True for what statements end with, what the lines of a tree begin with, and for a call of something.
fn is_statement(text: &str) -> bool {
    let ends = [";", "{", "}", "):", "],", "),"];
    ends.iter().any(|end| text.ends_with(end)) || text.starts_with(['├', '└', '│', '┌']) || is_call(text)
}

/// A name with arguments in brackets behind it, which are no number: that would be how many there are.
fn is_call(text: &str) -> bool {
    let Some((name, rest)) = text.split_once('(') else { return false };
    let named = name.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_') && !name.contains(' ');
    let arguments = rest.strip_suffix(')');
    named && arguments.is_some_and(|inner| inner.is_empty() || !inner.chars().all(|c| c.is_numeric() || c == ' '))
}

/// True where a notable part is signs of program text, bars left out.
fn signs(line: &Line) -> bool {
    let signs = line.code - line.pipes;
    signs > 0 && signs * SIGNS >= line.characters
}

/// Comments, commands, and text inside a program.
fn is_remark(text: &str) -> bool {
    ["//", "/*", "*/", "# ", "\"\"\"", "'''", ">>> ", "$ "].iter().any(|mark| text.starts_with(mark))
}

/// Short, beginning with a small letter, and no sentence.
fn is_plain(line: &Line) -> bool {
    let begins = line.first == Edge::Letter && line.smalls > 0 && line.phrases.first & BYLINE == 0;
    begins && !line.is_furniture() && !line.ends_sentence() && line.letters() <= PLAIN.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::role::phrases::Finder;

    /// Lines with their labels: `zxx` for no language, else a language.
    fn found(texts: &[(&str, &str)]) -> Vec<bool> {
        let (mut finder, mut listed) = (Finder::default(), Vec::new());
        let label = |of: &str| if of == "zxx" { Label::NO_LANGUAGE } else { of.parse().unwrap() };
        let pieces: Vec<Piece<'_>> =
            texts.iter().map(|(of, text)| Piece { text, label: label(of), score: 0.5, repeats: false }).collect();
        let lines: Vec<Line> = texts.iter().map(|(_, text)| Line::of(text, &mut finder)).collect();
        find(&pieces, &lines, &mut listed);
        listed
    }

    const BEFORE: (&str, &str) = ("eng_Latn", "The loop below counts the boats that came home.");

    #[test]
    fn a_listing_has_no_holes() {
        let code = [
            BEFORE,
            ("eng_Latn", "import os"),
            ("zxx", "def boats(path):"),
            ("zxx", "    return [b for b in path]"),
            ("eng_Latn", "for boat in boats:"),
            ("zxx", "    print(boat.name)"),
            ("eng_Latn", "    break"),
            BEFORE,
            ("zxx", "}"),
        ];
        assert_eq!(found(&code), [false, true, true, true, true, true, true, false, false]);
        let brackets =
            [("zxx", "{"), ("fra_Latn", "\"name\": [\"b\"],"), ("eng_Latn", "size = 3;"), ("zxx", "}"), BEFORE];
        assert_eq!(found(&brackets), [true, true, true, true, false]);
        let tree =
            [("eng_Latn", "boats/"), ("eng_Latn", "├── red"), ("zxx", "│   └── oar.txt"), ("eng_Latn", "└── blue")];
        assert_eq!(found(&tree), [true; 4]);
        let split = [("eng_Latn", "for "), ("zxx", "(int i = 0; i < n; i++) "), ("eng_Latn", "{ sum += a[i]; }")];
        assert_eq!(found(&split), [true; 3]);
    }

    #[test]
    fn what_is_no_listing() {
        for texts in [
            &[("zxx", "E5530(5)"), ("zxx", "CF-S10(10)"), ("zxx", "* * *"), ("zxx", "2019-11-13T23:06:00")][..],
            &[("zxx", "* * *"), ("eng_Latn", "    the second wave;"), ("eng_Latn", "    the third wave;")],
            &[("eng_Latn", "Home | News | Boats | Log in"), ("zxx", "12 | 13")],
            &[BEFORE, ("zxx", "}"), BEFORE],
            &[
                ("zxx", "1200\t0.37"),
                ("zxx", "+----+----+"),
                ("zxx", "| 12 | 13 |"),
                ("zxx", "+----+----+"),
                ("zxx", "* *"),
            ],
            &[("zxx", "Qm9hdHMgdGhhdCBjYW1lIGhvbWUgYnkgdGhlIG1vb24+LQ+=="); 4],
            &[("zxx", "www.example.org"), ("zxx", "name@example.org"), ("zxx", "@name")],
            &[],
        ] {
            assert_eq!(found(texts), vec![false; texts.len()], "{texts:?}");
        }
    }

    #[test]
    fn long_stretches_take_linear_time() {
        let texts = vec![("zxx", "x();"); 1 << 16];
        assert!(found(&texts).iter().all(|listed| *listed));
        let texts = vec![("zxx", "}"); 1 << 16];
        assert_eq!(found(&texts).len(), texts.len());
        let texts: Vec<_> = (0..1 << 16).map(|i| if i % 2 == 0 { ("zxx", "x()") } else { BEFORE }).collect();
        assert!(found(&texts).iter().all(|listed| !listed));
    }
}
