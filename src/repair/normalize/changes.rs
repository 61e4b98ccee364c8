//! Finds the stretches of a text that a normalization form changes, and what becomes of them.

use std::ops::Range;

use super::character::{
    Classed, Entry, FIRST, Plan, SECOND, char_of, class, class_of, compose, decompose, entry_at, inner,
};
use super::scan::{Scan, quiet};

/// The stretches of a text that are not in a form. Each begins and ends where nothing on one side can matter to the other.
pub(super) struct Changes<'t> {
    text: &'t str,
    plan: &'static Plan,
    scan: Scan<'t>,
    /// The last marks seen, and the combining class of the last of them.
    marks: Range<usize>,
    class: u8,
    /// What becomes of the last stretch.
    with: Vec<Classed>,
}

impl<'t> Changes<'t> {
    /// None where it shows at once that there are none.
    #[inline]
    pub(super) fn of(text: &'t str, plan: &'static Plan) -> Option<Self> {
        let from = quiet(text, plan);
        let scan = (from < text.len()).then(|| Scan::new(text, from, plan))?;
        Some(Self { text, plan, scan, marks: 0..0, class: 0, with: Vec::new() })
    }

    /// The next stretch; [`Self::write`] then says what becomes of it.
    pub(super) fn next(&mut self) -> Option<Range<usize>> {
        while let Some(at) = self.scan.next() {
            let (entry, length) = entry_at(self.text.as_bytes(), at);
            if entry & self.plan.watch == 0 {
                continue;
            }
            let stretch = match self.look(at, length, entry) {
                Verdict::Stays => continue,
                Verdict::Composes(from, composed) => self.fold(from, at + length, composed),
                Verdict::Unsure => None,
            };
            if let Some(stretch) = stretch.or_else(|| self.rewrite(at, length, entry)) {
                return Some(stretch);
            }
        }
        None
    }

    /// Appends what becomes of the last stretch.
    pub(super) fn write(&self, out: &mut String) {
        self.with.iter().for_each(|c| out.push(char_of(*c)));
    }

    /// The quick check of UAX #15, and where that is not sure, a look at the letter before.
    fn look(&mut self, at: usize, length: usize, entry: Entry) -> Verdict {
        if entry & self.plan.no != 0 {
            return Verdict::Unsure;
        }
        let class = class(entry);
        let after_marks = at == self.marks.end && !self.marks.is_empty();
        if after_marks && class != 0 && class < self.class {
            return Verdict::Unsure;
        }
        let start = if after_marks { self.marks.start } else { at };
        // A mark of the same class, or any before a character without one, keeps it from the letter.
        let blocked = after_marks && (class == 0 || class == self.class);
        if entry & self.plan.watch & SECOND != 0 && !blocked && start > 0 {
            let from = before(self.text.as_bytes(), start);
            let letter_entry = entry_at(self.text.as_bytes(), from).0;
            if letter_entry & FIRST != 0
                && let Some(letter) = self.text[from..].chars().next()
                && let Some(own) = self.text[at..].chars().next()
            {
                match compose(letter, own) {
                    Some(composed) if !after_marks && letter_entry & self.plan.back == 0 => {
                        return Verdict::Composes(from, composed);
                    }
                    None if inner(letter_entry) <= class => {}
                    _ => return Verdict::Unsure,
                }
            }
        }
        // It begins with a second character when it is decomposed.
        if entry & self.plan.watch & (SECOND | self.plan.back) == self.plan.back && class == 0 {
            return Verdict::Unsure;
        }
        if class != 0 {
            self.marks = start..at + length;
            self.class = class;
        }
        Verdict::Stays
    }

    /// The stretch of a letter and what follows when all of it becomes one character, up to `end` that given.
    fn fold(&mut self, from: usize, mut end: usize, mut composed: char) -> Option<Range<usize>> {
        loop {
            let (entry, length) = entry_at(self.text.as_bytes(), end);
            if entry & self.plan.back == 0 {
                break;
            }
            composed = compose(composed, self.text[end..].chars().next()?)?;
            end += length;
        }
        self.with.clear();
        self.with.push(composed as u32);
        self.scan.skip(end);
        Some(from..end)
    }

    /// Makes anew the stretch around a character that may not be left as it is; `None` when it is as it was.
    fn rewrite(&mut self, at: usize, length: usize, mut entry: Entry) -> Option<Range<usize>> {
        let (text, bytes, plan) = (self.text, self.text.as_bytes(), self.plan);
        let mut start = at;
        while entry & plan.back != 0 && start > 0 {
            start = before(bytes, start);
            entry = entry_at(bytes, start).0;
        }
        let mut end = at + length;
        loop {
            let (entry, length) = entry_at(bytes, end);
            if entry & plan.back == 0 {
                break;
            }
            end += length;
        }
        self.with.clear();
        for c in text[start..end].chars() {
            decompose(c, plan.compatible, &mut self.with);
        }
        order(&mut self.with);
        if plan.composes {
            compose_all(&mut self.with);
        }
        self.scan.skip(end);
        let same = text[start..end].chars().eq(self.with.iter().map(|c| char_of(*c)));
        (!same).then_some(start..end)
    }
}

/// What is to be done about a character.
enum Verdict {
    Stays,
    /// It becomes one with the letter that begins there.
    Composes(usize, char),
    /// The stretch around it has to be made anew to know.
    Unsure,
}

/// Where the character before `at` begins, or 0.
fn before(bytes: &[u8], at: usize) -> usize {
    let mut start = at.saturating_sub(1);
    while start > 0 && bytes[start] & 0xC0 == 0x80 {
        start -= 1;
    }
    start
}

/// Puts marks that follow each other in the order of their classes.
fn order(text: &mut [Classed]) {
    if text.is_sorted_by(|a, b| class_of(*b) == 0 || class_of(*a) <= class_of(*b)) {
        return;
    }
    for marks in text.chunk_by_mut(|a, b| class_of(*a) != 0 && class_of(*b) != 0) {
        marks.sort_by_key(|c| class_of(*c));
    }
}

/// Composes what is decomposed and in order.
fn compose_all(text: &mut Vec<Classed>) {
    let (mut letter, mut kept, mut last) = (None, 0, 0);
    for i in 0..text.len() {
        let (own, class) = (text[i], class_of(text[i]));
        if let Some(letter) = letter
            && (kept == letter + 1 || last < class)
            && let Some(composed) = compose(char_of(text[letter]), char_of(own))
        {
            text[letter] = composed as u32;
            continue;
        }
        if class == 0 {
            letter = Some(kept);
        }
        (text[kept], last) = (own, class);
        kept += 1;
    }
    text.truncate(kept);
}
