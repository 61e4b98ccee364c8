//! Units: the pieces that a text can be cut into, between marks or, where it is looked at closely, between words.

use super::marks::{KINDS, Kind, LOW, kind, kind_between};
use super::singles::Singles;

/// What stands between two units, from the weakest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing: a long stretch without a space was cut somewhere.
    None,
    Space,
    Comma,
    /// A colon, a semicolon or a dash.
    Clause,
    /// A quotation mark or bracket.
    Mark,
    /// The end of a sentence.
    End,
    /// The end of a line.
    Line,
}

/// A piece of a text, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    pub(super) start: usize,
    pub(super) end: usize,
    /// What stands before it.
    pub(super) gap: Gap,
    /// It begins with an opening mark.
    pub(super) opens: bool,
    /// A closing mark stands at its end.
    pub(super) closed: bool,
}

/// Bytes from which on a unit is cut at a space.
const LONG: usize = 240;

/// Bytes from which on it is cut anywhere.
const ENDLESS: usize = 400;

/// Letters of a word that are passed over at a time.
const WORD: usize = 32;

/// Appends units of the text from `start` on, until there are `most` in all; says where the next one begins and what stands
/// before it. They tile the text, and each has letters if any has. `first` is what stands before the first; gaps below
/// `least` part none.
pub(super) fn units(
    text: &str,
    start: usize,
    first: Gap,
    least: Gap,
    most: usize,
    out: &mut Vec<Unit>,
) -> (usize, Gap) {
    let gap = Pending { gap: Some(first), ..Pending::default() };
    let mut cutter = Cutter { start, gap, full: false, next: Pending::default(), least, out };
    // What a mark stands for if a space follows, and what the last character was.
    let (mut open, mut last) = (None, Kind::Space);
    let mut singles = Singles::default();
    let mut rest = text[start..].chars();
    loop {
        if last == Kind::Letter && cutter.awaits_mark() {
            let from = text.len() - rest.as_str().len();
            let at = next_mark(text, from, singles.awaited(from).unwrap_or(usize::MAX).min(cutter.start + LONG));
            rest = text[at..].chars();
            if at > from {
                let before = text.as_bytes()[at - 1];
                open = (before == b',').then_some(Gap::Comma);
                last = if matches!(before, b' ' | b'\t') { Kind::Space } else { Kind::Letter };
            }
        }
        // Letters that follow one of the same unit change nothing.
        if last == Kind::Letter && cutter.within(text.len() - rest.as_str().len()) {
            let own = rest.as_str().as_bytes();
            let word = own.iter().take(WORD).take_while(|byte| byte.is_ascii_alphabetic()).count();
            rest = rest.as_str()[word..].chars();
        }
        let at = text.len() - rest.as_str().len();
        let Some(c) = rest.next() else { break };
        let after = at + c.len_utf8();
        let kind = kind_between(last, c, text, after, &mut singles);
        match kind {
            Kind::Letter | Kind::Digit => {
                cutter.content(at, kind == Kind::Letter);
                if cutter.out.len() >= most {
                    return (cutter.start, cutter.gap.gap.unwrap_or(Gap::None));
                }
                open = None;
            }
            Kind::Space => {
                if let Some(gap) = open.take() {
                    cutter.raise(gap, after);
                }
                cutter.space(at, after);
            }
            Kind::Line => cutter.raise(Gap::Line, after),
            Kind::Soft(gap) => open = open.max(Some(gap)),
            Kind::Hard(gap) => cutter.raise(gap, after),
            Kind::Dash if matches!(last, Kind::Space | Kind::Line) => open = open.max(Some(Gap::Clause)),
            Kind::Open | Kind::OpenQuote => cutter.open(at),
            Kind::Close | Kind::CloseQuote | Kind::Quote => cutter.close(after),
            Kind::Dash | Kind::Single | Kind::Other => cutter.next.fixed |= cutter.next.gap.is_some(),
        }
        last = kind;
    }
    cutter.push(text.len(), cutter.next.closes);
    (text.len(), Gap::Line)
}

/// The cut that may come, or came.
#[derive(Clone, Copy, Default)]
struct Pending {
    gap: Option<Gap>,
    at: usize,
    /// What follows belongs to the next unit.
    fixed: bool,
    opens: bool,
    closes: bool,
}

/// The unit that is being read, and the cut before and after it.
struct Cutter<'o> {
    start: usize,
    gap: Pending,
    /// It has letters.
    full: bool,
    next: Pending,
    least: Gap,
    out: &'o mut Vec<Unit>,
}

impl Cutter<'_> {
    fn push(&mut self, end: usize, closed: bool) {
        if end > self.start {
            let Pending { gap, opens, .. } = self.gap;
            self.out.push(Unit { start: self.start, end, gap: gap.unwrap_or(Gap::None), opens, closed });
        }
    }

    /// True when nothing is to be decided at the next letters, the last character being one.
    fn within(&self, at: usize) -> bool {
        at + WORD - self.start <= ENDLESS
    }

    /// True when nothing is to be decided before the next mark, the last character being a letter.
    fn awaits_mark(&self) -> bool {
        self.next.gap.is_none() && self.least > Gap::Comma
    }

    fn content(&mut self, at: usize, letter: bool) {
        if at - self.start > ENDLESS && self.full {
            self.raise(Gap::None, at);
        }
        if self.next.gap.is_some() {
            let next = std::mem::take(&mut self.next);
            if self.full {
                self.push(next.at, next.closes);
                (self.start, self.gap, self.full) = (next.at, next, false);
            } else {
                self.gap.gap = self.gap.gap.max(next.gap);
                // Marks around what has no letters are none.
                match self.out.last_mut() {
                    Some(last) if next.closes && !self.gap.opens => last.closed = true,
                    _ => {}
                }
                self.gap.opens = next.opens || (self.gap.opens && !next.closes);
            }
        }
        self.full |= letter;
    }

    fn raise(&mut self, gap: Gap, at: usize) {
        let long = at - self.start > LONG;
        if self.next.gap < Some(gap) && (gap >= self.least || long) {
            self.next.gap = Some(gap);
            if !self.next.fixed {
                self.next.at = at;
            }
        }
    }

    fn space(&mut self, at: usize, after: usize) {
        self.raise(Gap::Space, after);
        if self.next.gap.is_some() && !self.next.fixed && self.next.at >= at {
            self.next.at = after;
        }
    }

    fn open(&mut self, at: usize) {
        self.raise(Gap::Mark, at);
        (self.next.fixed, self.next.opens) = (true, true);
    }

    fn close(&mut self, after: usize) {
        self.next.fixed = false;
        self.raise(Gap::Mark, after);
        (self.next.at, self.next.closes, self.next.opens) = (after, true, false);
    }
}

/// Bytes of characters that part nothing in a unit of some letters: all but the marks, and the first bytes of those that are not
/// ASCII. Commas and spaces do in long units alone.
static PLAIN: [bool; 256] = {
    let mut plain = [true; 256];
    let mut byte = 0;
    while byte < 128 {
        plain[byte] = is_plain(KINDS[byte]) || matches!(byte as u8, b' ' | b'\t' | b',');
        byte += 1;
    }
    let mut code = 128;
    while code < LOW {
        if !is_plain(KINDS[code]) {
            plain[if code < 0x800 { 0xC0 | code >> 6 } else { 0xE0 | code >> 12 }] = false;
        }
        code += 1;
    }
    // Full-width marks.
    plain[0xEF] = false;
    plain
};

const fn is_plain(kind: Kind) -> bool {
    matches!(kind, Kind::Letter | Kind::Digit | Kind::Other)
}

/// The first character from an offset on, up to another, that may part something. An apostrophe in or behind a word is no such,
/// but where it closes what a single quotation mark opened: the caller knows where that is.
pub(super) fn next_mark(text: &str, mut at: usize, to: usize) -> usize {
    let bytes = &text.as_bytes()[..text.floor_char_boundary(to)];
    while let Some(byte) = bytes.get(at) {
        if PLAIN[usize::from(*byte)] || (*byte == b'\'' && at > 0 && bytes[at - 1].is_ascii_alphanumeric()) {
            at += 1;
        } else if *byte >= 128
            && let Some(c) = text[at..].chars().next()
            && is_plain(kind(c))
        {
            at += c.len_utf8();
        } else {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, least: Gap) -> Vec<(Gap, &str)> {
        let mut out = Vec::new();
        assert_eq!(units(text, 0, Gap::Line, least, usize::MAX, &mut out).0, text.len());
        out.iter().map(|unit| (unit.gap, &text[unit.start..unit.end])).collect()
    }

    #[test]
    fn marks_part_units() {
        use Gap::{Clause, End, Line, Mark};
        for (text, want) in [
            ("", vec![]),
            ("12:30 …", vec![(Line, "12:30 …")]),
            ("One. Two!", vec![(Line, "One. "), (End, "Two!")]),
            ("It costs 3.50 at example.org, he said.", vec![(Line, "It costs 3.50 at example.org, he said.")]),
            ("He said: «Да» – and left", vec![(Line, "He said: "), (Mark, "«Да» "), (Mark, "– and left")]),
            ("say \"no way\", please", vec![(Line, "say "), (Mark, "\"no way\""), (Mark, ", please")]),
            ("End. “New.” Next", vec![(Line, "End. "), (End, "“New.” "), (End, "Next")]),
            ("first line\n— second; third", vec![(Line, "first line\n"), (Line, "— second; "), (Clause, "third")]),
            (
                "全部で二つ。一つ、「引用」です",
                vec![(Line, "全部で二つ。"), (End, "一つ、"), (Mark, "「引用」"), (Mark, "です")],
            ),
            ("यह एक है। वह दो", vec![(Line, "यह एक है। "), (End, "वह दो")]),
            ("(2) … [x]", vec![(Line, "(2) … [x]")]),
            ("sa: ”Nej” och", vec![(Line, "sa: "), (Mark, "”Nej” "), (Mark, "och")]),
            ("sagde »nej«, og", vec![(Line, "sagde "), (Mark, "»nej«"), (Mark, ", og")]),
            ("sagte „nein“ und", vec![(Line, "sagte "), (Mark, "„nein“ "), (Mark, "und")]),
        ] {
            assert_eq!(cut(text, Clause), want, "{text}");
        }
        assert_eq!(cut("a b, c", Gap::Space), [(Line, "a "), (Gap::Space, "b, "), (Gap::Comma, "c")]);
    }

    #[test]
    fn what_stands_between_marks_is_told() {
        let mut out = Vec::new();
        units("One “two” (3) four, “five. Six”", 0, Gap::Line, Gap::Clause, usize::MAX, &mut out);
        let shown: Vec<_> = out.iter().map(|unit| (unit.opens, unit.closed)).collect();
        assert_eq!(shown, [(false, false), (true, true), (false, false), (true, false), (false, true)]);
    }

    #[test]
    fn nothing_is_passed_over() {
        for c in '\0'..=char::MAX {
            let text = format!("a{c}");
            let passed = next_mark(&text, 1, usize::MAX) == text.len();
            assert_eq!(passed, is_plain(kind(c)) || matches!(c, ' ' | '\t' | ',' | '\''), "{c:?}");
        }
        assert_eq!(next_mark("aéé", 1, 2), 1);
    }

    #[test]
    fn long_units_are_cut() {
        let found = cut(&"word ".repeat(1000), Gap::Clause).len();
        assert!((15..=25).contains(&found), "{found}");
        let found = cut(&"語".repeat(1000), Gap::Clause).len();
        assert!((5..=9).contains(&found), "{found}");
    }

    #[test]
    fn they_are_taken_a_few_at_a_time() {
        let text = "One. Two (three) four: five. «Six» seven.\nEight";
        let (mut all, mut at, mut gap) = (Vec::new(), 0, Gap::Line);
        while at < text.len() {
            let mut some = Vec::new();
            (at, gap) = units(text, at, gap, Gap::Clause, 2, &mut some);
            assert!((1..=2).contains(&some.len()));
            all.extend(some);
        }
        let shown: Vec<_> = all.iter().map(|unit| (unit.gap, &text[unit.start..unit.end])).collect();
        assert_eq!(shown, cut(text, Gap::Clause));
    }
}
