//! Repair stage: makes text what its writer meant, and touches nothing that is right.
//!
//! A repair is one file and one row of [`REPAIRS`]. Each rewrites one text into a [`Rewrite`], which notes what was
//! replaced, so every offset of the result leads back to the source.

mod controls;
mod line_ends;
mod marks;
mod normalize;
mod spaces;

use std::borrow::Cow;

pub use normalize::normalize;

use crate::batch::{Batch, Edit, Span};
use crate::config::{Config, Form, RepairSet};
use crate::error::{Error, Result};
use crate::stage::{Scratch, Stage};

/// A set of repairs, by their places in [`REPAIRS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repairs(u32);

impl Repairs {
    /// True when no repair is in it.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// With those of `other`.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Names, in the order in which repairs run.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        REPAIRS.iter().enumerate().filter(move |(i, _)| self.0 & 1 << i != 0).map(|(_, r)| r.name())
    }

    fn one(index: usize) -> Self {
        Self(1 << index)
    }
}

/// One repair. Immutable and shared by all workers.
pub trait Repair: Send + Sync {
    /// Name in records, reports and `--repairs`.
    fn name(&self) -> &'static str;

    /// One line for people.
    fn about(&self) -> &'static str;

    /// True when the text may need it; a cheap test that may err on this side only.
    fn suspects(&self, text: &str, options: &Options) -> bool;

    /// Rewrites the whole text. What comes out must need no further repair of the same kind.
    fn rewrite(&self, text: &str, options: &Options, out: &mut Rewrite);
}

/// All repairs, in the order in which they run. Normalization is last: the others may leave text that composes.
pub static REPAIRS: [&dyn Repair; 5] =
    [&line_ends::LineEnds, &marks::ByteOrderMarks, &controls::Controls, &spaces::Spaces, &normalize::Normalize];

/// What repairs are told.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which repairs run.
    pub enabled: RepairSet,
    /// Normalization form.
    pub form: Form,
}

impl Options {
    /// As the configuration says.
    ///
    /// # Errors
    /// [`Error::Config`] for a name that no repair has.
    pub fn new(config: &Config) -> Result<Self> {
        if let RepairSet::Only(names) = &config.repairs
            && let Some(name) = names.iter().find(|n| REPAIRS.iter().all(|r| r.name() != *n))
        {
            let known: Vec<&str> = REPAIRS.iter().map(|r| r.name()).collect();
            return Err(Error::config(format!(
                "--repairs takes all, none or some of {}, not {name:?}",
                known.join(",")
            )));
        }
        Ok(Self { enabled: config.repairs.clone(), form: config.normalize })
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { enabled: RepairSet::All, form: Form::Nfc }
    }
}

/// Text under repair: what was copied, what was replaced.
#[derive(Debug, Default)]
pub struct Rewrite {
    text: String,
    edits: Vec<Edit>,
    layer: u8,
}

impl Rewrite {
    /// Appends `text[from..to]` unchanged.
    pub fn keep(&mut self, text: &str, from: usize, to: usize) {
        self.text.push_str(&text[from..to]);
    }

    /// Appends `with` in the place of `text[from..to]`; says so unless they are equal.
    pub fn replace(&mut self, text: &str, from: usize, to: usize, with: &str) {
        let start = self.text.len();
        self.text.push_str(with);
        if text[from..to] != *with {
            let output = Span::new(start, self.text.len());
            self.edits.push(Edit { layer: self.layer, input: Span::new(from, to), output });
        }
    }

    fn begin(&mut self, layer: u8) {
        self.text.clear();
        self.layer = layer;
    }
}

/// Memory of the stage, kept between paragraphs.
#[derive(Debug, Default)]
pub struct RepairScratch {
    now: String,
    next: Rewrite,
}

impl RepairScratch {
    /// The text after the last repair that changed something.
    #[cfg(feature = "cli")]
    pub(crate) fn text(&self) -> &str {
        &self.now
    }
}

/// Repairs one text.
///
/// ```
/// use babelsift::repair::{Options, repair};
/// assert_eq!(repair("re\u{301}sume\u{301}\u{a0}!", &Options::default()), "résumé !");
/// ```
pub fn repair<'t>(text: &'t str, options: &Options) -> Cow<'t, str> {
    let mut scratch = RepairScratch::default();
    if repair_into(text, options, &mut scratch).is_empty() { Cow::Borrowed(text) } else { Cow::Owned(scratch.now) }
}

/// Runs the repairs over one text; what comes out is in `scratch.now` when something was repaired.
pub(crate) fn repair_into(text: &str, options: &Options, scratch: &mut RepairScratch) -> Repairs {
    let mut done = Repairs::default();
    scratch.next.edits.clear();
    if is_plain(text) {
        return done;
    }
    for (i, repair) in REPAIRS.iter().enumerate() {
        let text = if done.is_empty() { text } else { &scratch.now };
        if !options.enabled.contains(repair.name()) || !repair.suspects(text, options) {
            continue;
        }
        let before = scratch.next.edits.len();
        scratch.next.begin(i as u8);
        repair.rewrite(text, options, &mut scratch.next);
        if scratch.next.edits.len() > before {
            std::mem::swap(&mut scratch.now, &mut scratch.next.text);
            done = done.with(Repairs::one(i));
        }
    }
    done
}

/// Printable ASCII and tabs: nothing to repair.
fn is_plain(text: &str) -> bool {
    // In blocks, so that the compiler makes vector code of the inner loop.
    text.as_bytes().chunks(64).all(|c| c.iter().fold(true, |ok, &b| ok & ((0x20..0x7F).contains(&b) | (b == b'\t'))))
}

/// The stage: repairs every paragraph.
#[derive(Debug)]
pub struct RepairStage {
    options: Options,
}

impl RepairStage {
    /// With the given repairs and normalization form.
    pub fn new(options: Options) -> Self {
        Self { options }
    }
}

impl Stage for RepairStage {
    fn name(&self) -> &'static str {
        "repair"
    }

    fn run(&self, batch: &mut Batch, scratch: &mut Scratch) {
        for paragraph in &mut batch.paragraphs {
            if paragraph.rejected.is_some() {
                continue;
            }
            let done = repair_into(&batch.text[paragraph.text.range()], &self.options, &mut scratch.repair);
            if !done.is_empty() {
                let (start, edit) = (batch.text.len(), batch.edits.len() as u32);
                batch.text.push_str(&scratch.repair.now);
                batch.edits.append(&mut scratch.repair.next.edits);
                paragraph.text = Span::new(start, batch.text.len());
                paragraph.edits = edit..batch.edits.len() as u32;
                paragraph.repairs = done;
            }
        }
    }
}

/// Replaces characters one by one: the shape of most repairs. `replacement` says what stands for a character, `None`
/// keeps it.
fn replace_chars(text: &str, out: &mut Rewrite, replacement: impl Fn(char) -> Option<&'static str>) {
    let mut kept = 0;
    for (at, c) in text.char_indices() {
        if let Some(with) = replacement(c) {
            let end = at + c.len_utf8();
            out.keep(text, kept, at);
            out.replace(text, at, end, with);
            kept = end;
        }
    }
    out.keep(text, kept, text.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_is_told_at_every_length() {
        for n in 0..200 {
            let text = "a".repeat(n);
            assert!(is_plain(&text));
            assert!(
                !is_plain(&format!("{text}\u{7f}"))
                    && !is_plain(&format!("{text}é"))
                    && !is_plain(&format!("\n{text}"))
            );
        }
    }

    #[test]
    fn repairs_do_what_they_say() {
        for (broken, right, names) in [
            ("plain\ttext", "plain\ttext", vec![]),
            ("one\r\ntwo\u{2028}three\u{85}four", "one\ntwo\nthree\nfour", vec!["line-ends"]),
            ("\u{feff}a\u{feff}b", "ab", vec!["byte-order-marks"]),
            ("a\u{0}b\u{1b}c\u{9d}d", "abcd", vec!["controls"]),
            ("10\u{a0}000\u{202f}€\u{3000}！", "10 000 €\u{20}！", vec!["spaces"]),
            ("e\u{feff}\u{301}", "é", vec!["byte-order-marks", "nfc"]),
        ] {
            let mut scratch = RepairScratch::default();
            let done = repair_into(broken, &Options::default(), &mut scratch);
            assert_eq!(repair(broken, &Options::default()), right);
            let named: Vec<&str> = done.names().map(|n| if n == "normalize" { "nfc" } else { n }).collect();
            assert_eq!(named, names, "{broken:?}");
        }
    }

    #[test]
    fn only_what_is_enabled_runs() {
        let options = Options { enabled: "spaces".parse().unwrap(), form: Form::Nfc };
        assert_eq!(repair("a\u{a0}b\u{0}e\u{301}", &options), "a b\u{0}e\u{301}");
        let options = Options { enabled: RepairSet::All, form: Form::None };
        assert_eq!(repair("a\u{a0}e\u{301}", &options), "a e\u{301}");
    }
}
