//! Which encoding a line is in that is not valid UTF-8.
//!
//! Per line by `chardetng`; a line with too little evidence takes the encoding of the nearest line of its document that
//! has more, unless its own bytes object.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use super::{Encoding, Evidence};
use crate::script::{Script, script_of};

/// Bytes above 0x7F from which on a line is trusted to speak for itself.
const STRONG: usize = 8;
/// Lines from one to the next in a group of lines that decide together.
const NEAR: usize = 4;

/// Guesses lines of one document. Reused from document to document.
#[derive(Debug, Default)]
pub(super) struct Guesser {
    /// Index of a line and what is thought of it; `None` until decided.
    rows: Vec<Row>,
    text: String,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    line: usize,
    strong: bool,
    encoding: Option<Encoding>,
    evidence: Evidence,
    /// The next strong row.
    after: Option<usize>,
}

impl Guesser {
    /// Encodings of the lines that are not valid UTF-8, in their order.
    ///
    /// `lines` gives the bytes of line `i`; `declared` is what a header said, a prior like any neighbour.
    pub(super) fn guess<'a>(
        &mut self,
        indices: &[usize],
        lines: impl Fn(usize) -> &'a [u8],
        declared: Option<Encoding>,
    ) -> impl Iterator<Item = (usize, Encoding, Evidence)> {
        self.rows.clear();
        for &line in indices {
            let raw = lines(line);
            let strong = raw.iter().filter(|b| **b >= 0x80).count() >= STRONG;
            let damaged = is_damaged_utf8(raw);
            let encoding = if damaged { Some(Encoding::UTF_8) } else { strong.then(|| detect([raw])) };
            let evidence = if damaged { Evidence::DamagedUtf8 } else { Evidence::Letters };
            self.rows.push(Row { line, strong: strong && !damaged, encoding, evidence, after: None });
        }
        if declared.is_none() {
            self.decide_groups(&lines);
        }
        if self.rows.iter().any(|r| r.encoding.is_none()) {
            self.decide_weak(&lines, declared);
        }
        self.rows.iter().map(move |r| {
            let encoding = r.encoding.unwrap_or(Encoding::WINDOWS_1252);
            (r.line, plain_name(encoding, lines(r.line)), r.evidence)
        })
    }

    /// Weak lines that stand close together speak with one voice, when that is loud enough.
    fn decide_groups<'a>(&mut self, lines: &impl Fn(usize) -> &'a [u8]) {
        let mut start = 0;
        while start < self.rows.len() {
            let weak = |row: &Row| row.encoding.is_none();
            let near = |pair: &[Row]| weak(&pair[0]) && weak(&pair[1]) && pair[1].line - pair[0].line <= NEAR;
            let end = start + 1 + self.rows[start..].windows(2).take_while(|pair| near(pair)).count();
            let group = || self.rows[start..end].iter().map(|row| lines(row.line));
            let letters: usize = group().map(|raw| raw.iter().filter(|b| **b >= 0x80).count()).sum();
            if weak(&self.rows[start]) && letters >= STRONG {
                let encoding = detect(group());
                for at in start..end {
                    if self.explains(encoding, lines(self.rows[at].line)) {
                        let row = &mut self.rows[at];
                        (row.encoding, row.evidence, row.strong) = (Some(encoding), Evidence::Neighbours, true);
                    }
                }
            }
            start = end;
        }
    }

    fn decide_weak<'a>(&mut self, lines: &impl Fn(usize) -> &'a [u8], declared: Option<Encoding>) {
        let weak = self.rows.iter().filter(|r| r.encoding.is_none()).map(|r| lines(r.line));
        let together = detect(weak);
        let mut after = None;
        for (at, row) in self.rows.iter_mut().enumerate().rev() {
            row.after = after;
            if row.strong {
                after = Some(at);
            }
        }
        let mut before = None;
        for at in 0..self.rows.len() {
            if self.rows[at].strong {
                before = Some(at);
            }
            if self.rows[at].encoding.is_some() {
                continue;
            }
            let after = self.rows[at].after;
            let distance =
                |row: Option<usize>| row.map_or(usize::MAX, |r| self.rows[r].line.abs_diff(self.rows[at].line));
            let near = if distance(before) <= distance(after) { [before, after] } else { [after, before] };
            let near = near.into_iter().flatten().filter_map(|r| self.rows[r].encoding).collect::<Vec<_>>();
            let raw = lines(self.rows[at].line);
            let declared = declared.map(|e| (e, Evidence::Declared));
            let near = near.into_iter().chain([together]).map(|e| (e, Evidence::Neighbours));
            let found = declared.into_iter().chain(near).find(|(e, _)| self.explains(*e, raw));
            let (encoding, evidence) = found.unwrap_or_else(|| (detect([raw]), Evidence::Letters));
            (self.rows[at].encoding, self.rows[at].evidence) = (Some(encoding), evidence);
        }
    }

    /// True when the bytes decode to plausible text: nothing malformed, no C1 control, no Latin letter glued to a letter
    /// of an alphabet that is never mixed with it inside a word.
    fn explains(&mut self, encoding: Encoding, raw: &[u8]) -> bool {
        self.text.clear();
        if encoding.decode_into(raw, &mut self.text) > 0 {
            return false;
        }
        let alphabet = |c: char| {
            Some(script_of(c))
                .filter(|s| [Script::LATN, Script::CYRL, Script::GREK, Script::HEBR, Script::ARAB].contains(s))
        };
        let mut last = None;
        for c in self.text.chars() {
            let own = alphabet(c);
            if matches!(c, '\u{80}'..='\u{9F}') || (own.is_some() && last.is_some() && own != last) {
                return false;
            }
            last = own;
        }
        true
    }
}

fn detect<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    for line in lines {
        detector.feed(line, false);
        detector.feed(b"\n", false);
    }
    detector.feed(b"", true);
    Encoding::from_inner(detector.guess(None, Utf8Detection::Deny)).unwrap_or(Encoding::WINDOWS_1252)
}

/// KOI8-R where none of the eight letters stands that KOI8-U has in its place.
fn plain_name(encoding: Encoding, raw: &[u8]) -> Encoding {
    let ukrainian = |b: &u8| matches!(b, 0xA4 | 0xA6 | 0xA7 | 0xAD | 0xB4 | 0xB6 | 0xB7 | 0xBD);
    if encoding == Encoding::KOI8_U && !raw.iter().any(ukrainian) { Encoding::KOI8_R } else { encoding }
}

/// UTF-8 with a few bad bytes: far more whole multi-byte characters than other encodings make by chance. In text that is
/// mostly ASCII one is enough, since in a Western encoding it would read as a letter and a symbol inside a word.
fn is_damaged_utf8(raw: &[u8]) -> bool {
    let (mut whole, mut bad) = (0usize, 0usize);
    for chunk in raw.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    let high = raw.iter().filter(|b| **b >= 0x80).count();
    whole >= 3 * bad || (whole >= bad && high * 8 < raw.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encode(label: &str, text: &str) -> Vec<u8> {
        encoding_rs::Encoding::for_label(label.as_bytes()).unwrap().encode(text).0.into_owned()
    }

    fn guess(lines: &[Vec<u8>]) -> Vec<&'static str> {
        let indices: Vec<usize> = (0..lines.len()).collect();
        Guesser::default().guess(&indices, |i| &lines[i], None).map(|(_, e, _)| e.name()).collect()
    }

    #[test]
    fn a_short_line_takes_its_neighbours_encoding() {
        let long = "Вечером на набережной снова зажгли старые фонари, и люди вышли гулять.";
        let lines = [encode("koi8-r", long), encode("koi8-r", "Да, Анна"), encode("windows-1251", long)];
        assert_eq!(guess(&lines), ["koi8-r", "koi8-r", "windows-1251"]);
    }

    #[test]
    fn a_short_line_that_objects_does_not() {
        let long = "Вечером на набережной снова зажгли старые фонари, и люди вышли гулять.";
        let lines = [encode("koi8-r", long), encode("windows-1252", "in a café there")];
        assert_eq!(guess(&lines), ["koi8-r", "windows-1252"]);
    }

    #[test]
    fn a_bad_byte_does_not_undo_utf8() {
        let mut line = "Größere Änderungen für Österreich und die Schweiz".as_bytes().to_vec();
        line.insert(2, 0x92);
        assert_eq!(guess(&[line]), ["utf-8"]);
    }
}
