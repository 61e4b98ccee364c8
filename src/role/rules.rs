//! What kind of content a line is, or of furniture: by its own marks and by what comes next.

use super::line::{Edge, Line};
use super::phrases::{BYLINE, CAPTION};
use super::scan::compared;
use super::{Piece, Role};

/// A document as it was looked at.
pub(super) struct Page<'a> {
    pub(super) pieces: &'a [Piece<'a>],
    pub(super) lines: &'a [Line],
    /// Which lines are content.
    pub(super) content: &'a [bool],
    /// Whether there is an interface around the content.
    pub(super) is_page: bool,
}

/// Letters of a line that is repeated as a whole, of a heading, of a byline, of a caption, and of running text.
const REPEATED: u32 = 12;
const HEADING: u32 = 100;
const BY: u32 = 60;
const BESIDE: u32 = 200;
const RUNNING: u32 = 60;

/// Letters and words of a title that is looked for above the content, and lines between the two at most.
const TITLE: (u32, u32, usize) = (15, 3, 8);

/// Lines of content without running text below a title.
const LEAD: usize = 16;

/// Letters of a button or an item of a menu.
const BUTTON: u32 = 60;

/// Characters of a word that is none.
const PACKED: u32 = 40;

/// Percent of signs of program text, and how many there are at least.
const CODE: (u32, u32) = (12, 3);

/// Lines behind something printed twice that are looked at for the content that it belongs to.
const BEHIND: usize = 3;

/// Makes content of what stands beside content and is printed twice on a page: a caption, of which the copies leave.
/// Nothing in a caption itself tells it from a teaser.
pub(super) fn first_copies(pieces: &[Piece<'_>], lines: &[Line], is_page: bool, content: &mut [bool]) {
    let copies = |at: usize| (at..pieces.len()).take_while(|i| repeats(pieces, lines, is_page, *i)).count();
    let mut at = 0;
    while is_page && at < lines.len() {
        let end = at + 1 + copies(at + 1);
        if end > at + 1 && !lines[at].is_furniture() {
            let behind = &content[end..(end + BEHIND).min(lines.len())];
            content[at] |= behind.contains(&true) || (at > 0 && content[at - 1]);
        }
        at = end;
    }
}

/// True for a repetition that was cut off, and on pages for a line that says what the line before said.
fn repeats(pieces: &[Piece<'_>], lines: &[Line], is_page: bool, at: usize) -> bool {
    let same = || at > 0 && lines[at].letters() >= REPEATED && says_the_same(pieces, lines, at);
    pieces[at].repeats || (is_page && same())
}

/// True for a line of the letters and digits of the line before.
fn says_the_same(pieces: &[Piece<'_>], lines: &[Line], at: usize) -> bool {
    let letters = |at: usize| compared(pieces[at].text);
    lines[at - 1].hash == lines[at].hash && (!lines[at].is_long() || letters(at - 1).eq(letters(at)))
}

/// True for a line with tabs in it.
pub(super) fn has_tabs(text: &str) -> bool {
    memchr::memchr(b'\t', text.as_bytes()).is_some()
}

impl Page<'_> {
    /// The role of a piece.
    pub(super) fn role(&self, at: usize) -> Role {
        let (piece, line) = (&self.pieces[at], &self.lines[at]);
        if self.repeats(at) {
            return Role::Duplicate;
        }
        if line.weight == 0 || piece.label == crate::lang::Label::NO_LANGUAGE {
            return unspoken(piece.text, line);
        }
        if self.content[at] {
            return self.kind(at);
        }
        if is_byline(line) && self.near_content(at) {
            return Role::Name;
        }
        if line.letters() <= BUTTON && line.sentences < 2 || line.is_furniture() { Role::Ui } else { Role::Boilerplate }
    }

    fn repeats(&self, at: usize) -> bool {
        repeats(self.pieces, self.lines, self.is_page, at)
    }

    /// What kind of content.
    fn kind(&self, at: usize) -> Role {
        let (text, line) = (self.pieces[at].text.trim(), &self.lines[at]);
        let next = self.lines.get(at + 1);
        if is_code(line) {
            return Role::Code;
        }
        if has_tabs(text) || line.pipes >= 2 {
            return Role::Table;
        }
        if is_item(text) {
            return Role::List;
        }
        if is_quote(text) {
            return Role::Quote;
        }
        let copied = self.pieces.get(at + 1).is_some_and(|p| p.repeats) || next.is_some_and(|_| self.repeats(at + 1));
        let pictured = line.phrases.first & CAPTION != 0 && line.sentences < 2;
        if (copied || pictured) && line.letters() <= BESIDE {
            return Role::Caption;
        }
        if is_byline(line) {
            return Role::Name;
        }
        if self.leads(at) { Role::Heading } else { Role::Content }
    }

    /// True for a short line without an end before a long one with it.
    fn leads(&self, at: usize) -> bool {
        let line = &self.lines[at];
        let Some(next) = self.lines.get(at + 1) else { return false };
        let open = !matches!(line.last, Edge::End | Edge::Ellipsis | Edge::Comma | Edge::Colon);
        let asks = asks(self.pieces[at].text.trim_end()) && line.sentences <= 1;
        let runs = next.letters() >= RUNNING && (next.ends_sentence() || next.has(Line::ENDLESS) || next.sentences > 0);
        (open || asks)
            && !is_dated(line)
            && line.letters() <= HEADING
            && self.content[at + 1]
            && runs
            && next.weight >= 2 * line.weight
    }

    /// True with content, of any kind but a word or two, just above or below.
    fn near_content(&self, at: usize) -> bool {
        let around = at.saturating_sub(2)..(at + 4).min(self.lines.len());
        around.into_iter().any(|i| self.content[i] && self.lines[i].letters() >= TITLE.0)
    }

    /// The title above the first content, where it was taken for a part of the page's furniture.
    pub(super) fn title(&self) -> Option<usize> {
        let runs = |at: &usize| self.content[*at] && self.lines[*at].letters() >= RUNNING;
        let first = (0..self.lines.len()).find(runs).filter(|_| self.is_page)?;
        // Captions and who wrote it may come between, and when; so may the beginning of a list, of a poem or of a play.
        let beside = |at: &usize| self.repeats(*at) || self.repeats(*at + 1) || self.is_beside(*at);
        let below = |at: &usize| self.content[*at] && (self.is_told(*at) || !self.may_be_title(*at));
        let lead = (0..first).rev().take(LEAD).take_while(below).count();
        let top = first - lead;
        let above = (top.saturating_sub(TITLE.2)..top).rev();
        let lost = |at: &usize| !self.content[*at] && self.may_be_title(*at);
        let mut above = above.filter(|at| !beside(at)).skip_while(|at| !self.content[*at] && !lost(at));
        let at = above.next()?;
        if !self.content[at] {
            return Some(at);
        }
        // Below it there may be a second one, or a caption.
        above.next().filter(lost).or(Some(at).filter(|at| self.may_be_title(*at) && !self.lines[*at].ends_sentence()))
    }

    /// True for what stands beside a title: who wrote it, and when.
    fn is_beside(&self, at: usize) -> bool {
        let line = &self.lines[at];
        is_byline(line) || (is_dated(line) && line.letters() <= BY)
    }

    /// True for a sentence that is no question, and for an item of a list.
    fn is_told(&self, at: usize) -> bool {
        let text = self.pieces[at].text.trim();
        is_item(text) || (self.lines[at].ends_sentence() && !asks(text))
    }

    fn may_be_title(&self, at: usize) -> bool {
        let line = &self.lines[at];
        let words = line.words.max(line.weight / 12) >= TITLE.1;
        let length = (TITLE.0..=HEADING + 20).contains(&line.letters());
        let plain = line.separators == 0 && !is_dated(line) && !line.is_furniture();
        words && length && plain && self.pieces[at].label != crate::lang::Label::NO_LANGUAGE
    }
}

/// What has no language: program text, the cells of a table, or noise.
pub(super) fn unspoken(text: &str, line: &Line) -> Role {
    let numbers = || text.split_whitespace().filter(|word| word.chars().any(char::is_numeric)).take(3).count();
    match () {
        () if line.weight > 0 && line.code >= 2 && !line.has(Line::ADDRESS) && !is_packed(text.trim(), line) => {
            Role::Code
        }
        () if has_tabs(text.trim()) || (line.weight == 0 && numbers() == 3) => Role::Table,
        () => Role::Noise,
    }
}

/// True for bytes packed as letters: one long word with nothing in it that groups.
pub(super) fn is_packed(text: &str, line: &Line) -> bool {
    line.characters >= PACKED && !text.contains(|c: char| c.is_whitespace() || matches!(c, '(' | '{' | '<' | ';'))
}

pub(super) fn is_code(line: &Line) -> bool {
    let share = u64::from(line.code) * 100 >= u64::from(line.characters) * u64::from(CODE.0);
    line.code >= CODE.1 && share && !line.is_furniture()
}

/// True for a line with many digits, as a date has.
fn is_dated(line: &Line) -> bool {
    line.digits * 4 >= line.characters
}

/// True for a question or a call, as titles are, too.
fn asks(text: &str) -> bool {
    text.ends_with(['?', '!', '？', '！', '؟'])
}

fn is_byline(line: &Line) -> bool {
    let words = line.words <= 10 && line.letters() <= BY;
    line.phrases.first & BYLINE != 0 && words && !line.ends_sentence() && line.phrases.covered < line.phrases.words
}

/// A bullet, or a number with a dot or a bracket, and a space behind it.
fn is_item(text: &str) -> bool {
    let digits = text.len() - text.trim_start_matches(char::is_numeric).len();
    let (mark, rest) = text.split_at(digits);
    let mut rest = rest.chars();
    let (sign, space) = (rest.next(), rest.next());
    let bullet =
        |c: char| matches!(c, '•' | '·' | '‣' | '▪' | '■' | '●' | '○' | '◦' | '*' | '-' | '–' | '—' | '✓' | '・');
    let behind = |c: char| matches!(c, '.' | ')' | '、' | '．');
    match (mark.chars().count(), sign) {
        (0, Some(sign)) if bullet(sign) => space.is_some_and(char::is_whitespace) && sign != '—' && sign != '–',
        (1..=3, Some(sign)) if behind(sign) => sign == '、' || space.is_some_and(char::is_whitespace),
        _ => false,
    }
}

/// One quotation from the first character to the last.
fn is_quote(text: &str) -> bool {
    const PAIRS: [(char, &[char]); 9] = [
        ('"', &['"']),
        ('“', &['”']),
        ('„', &['“', '”']),
        ('«', &['»']),
        ('»', &['«']),
        ('‘', &['’']),
        ('「', &['」']),
        ('『', &['』']),
        ('”', &['”']),
    ];
    let mut inner = text.chars();
    let (Some(first), Some(last)) = (inner.next(), inner.next_back()) else { return false };
    let closes = PAIRS.iter().find(|(open, _)| *open == first).is_some_and(|(_, close)| close.contains(&last));
    closes && !inner.as_str().contains(first) || (first == '>' && inner.as_str().starts_with(' '))
}
