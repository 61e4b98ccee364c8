//! Role stage: what each fragment is in its document, and which of them leave the corpora for it.
//!
//! `seams.rs` cuts off what is printed twice, `listing.rs` sets program text aside. A model (`model.rs`) says how likely
//! each line is content, by what is to be seen of it (`line.rs`, `phrases.rs`) and of the lines around it (`bins.rs`);
//! `content.rs` decides, and keeps what is unsure; `rules.rs` says what kind of content or of furniture it is;
//! `policy.rs` which roles leave.

mod bins;
mod chars;
mod content;
mod line;
mod listing;
pub mod model;
mod page;
mod phrases;
mod policy;
mod rules;
mod scan;
mod seams;
mod stage;
pub mod training;

use std::ops::Range;
use std::sync::LazyLock;

pub use crate::batch::Role;
use crate::config::Config;
use crate::error::Result;
use crate::lang::Label;
use crate::script::main_script;
use line::Line;
use model::{Model, ModelScratch};
use phrases::Finder;
use policy::Policy;

/// Made by `cargo xtask roles PAGES TEXT_DIR`.
static BYTES: &[u8] = include_bytes!("model.bin");

/// The model as it is in the program, for `--version`.
#[cfg(feature = "cli")]
pub(crate) fn bytes() -> &'static [u8] {
    BYTES
}

static MODEL: LazyLock<Model> = LazyLock::new(|| Model::read(BYTES));

/// A piece of a document: a line, or a fragment of one.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'t> {
    /// Its text.
    pub text: &'t str,
    /// Its label; `zxx_Zxxx` for what is no language, `und_<Script>` where the language does not matter.
    pub label: Label,
    /// How sure the label is, 0 to 1.
    pub score: f32,
    /// True for a repetition that was cut off.
    pub repeats: bool,
}

/// What became of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it is in its document.
    pub role: Role,
    /// True when it leaves the corpora for it.
    pub leaves: bool,
}

/// The stage.
#[derive(Clone, Copy, Debug)]
pub struct Roles {
    policy: Policy,
}

/// Memory of the stage, one a worker.
#[derive(Debug, Default)]
pub struct RoleScratch {
    finder: Finder,
    lines: Vec<Line>,
    /// The lines that are no program text, and which are.
    prose: Vec<Line>,
    listed: Vec<bool>,
    margins: Vec<i32>,
    content: Vec<bool>,
    languages: Vec<(Label, u64)>,
    roles: Vec<Role>,
    model: ModelScratch,
    stage: stage::Memory,
}

impl Roles {
    /// With the roles that leave.
    ///
    /// # Errors
    /// [`Error::Config`](crate::Error::Config) for words that are no roles.
    pub fn new(config: &Config) -> Result<Self> {
        Ok(Self { policy: Policy::new(&config.roles)? })
    }

    /// The roles of all pieces of one document, in order.
    ///
    /// ```
    /// use babelsift::role::{Piece, Role, RoleScratch, Roles};
    /// let roles = Roles::new(&babelsift::Config::default())?;
    /// let piece = |text| Piece { text, label: "eng_Latn".parse().unwrap(), score: 1.0, repeats: false };
    /// let page = ["Home", "News", "Weather", "Log in", "The ferry was late again this morning, and nobody on the quay \
    ///     was surprised by it, least of all the man who sells the tickets.", "Share", "Privacy policy", "Contact"];
    /// let mut found = Vec::new();
    /// roles.judge(&page.map(piece), &mut RoleScratch::default(), &mut found);
    /// assert_eq!((found[3].role, found[4].role, found[6].role), (Role::Ui, Role::Content, Role::Ui));
    /// # Ok::<(), babelsift::Error>(())
    /// ```
    pub fn judge(&self, pieces: &[Piece<'_>], scratch: &mut RoleScratch, out: &mut Vec<Found>) {
        self.judge_if(pieces, content::SURE, scratch, out);
    }

    /// The same where a line must be no content by so much to leave.
    fn judge_if(&self, pieces: &[Piece<'_>], sure: i32, scratch: &mut RoleScratch, out: &mut Vec<Found>) {
        let RoleScratch { finder, lines, prose, listed, margins, content, languages, roles, model, .. } = scratch;
        lines.clear();
        lines.extend(pieces.iter().map(|piece| Line::of(piece.text, finder)));
        let mut look = |lines: &[Line], content: &mut Vec<bool>| {
            if !content::may_be_page(lines) {
                content.clear();
                content.resize(lines.len(), true);
                return false;
            }
            MODEL.margins(lines, model, margins);
            content::content(lines, margins, sure, content)
        };
        let is_page = if listing::find(pieces, lines, listed) {
            // The model knows no program text: it looks at the document without it.
            prose.clear();
            prose.extend(lines.iter().zip(listed.iter()).filter(|(_, listed)| !**listed).map(|(line, _)| *line));
            let is_page = look(prose, content);
            listing::insert(listed, content);
            is_page
        } else {
            look(lines, content)
        };
        rules::first_copies(pieces, lines, is_page, content);
        let title = rules::Page { pieces, lines, content, is_page }.title().filter(|title| !listed[*title]);
        if let Some(title) = title {
            content::fill_below(title, lines, content);
        }
        let page = rules::Page { pieces, lines, content, is_page };
        page::languages(&page, languages);
        roles.clear();
        roles.extend((0..pieces.len()).map(|at| if listed[at] { Role::Code } else { page.role(at) }));
        if let Some(title) = title {
            roles[title] = Role::Heading;
        }
        out.clear();
        out.extend(pieces.iter().zip(lines.iter()).zip(roles.iter()).map(|((piece, line), role)| {
            let foreign = || page::is_foreign(languages, piece, line);
            Found { role: *role, leaves: self.policy.leaves(*role, foreign) }
        }));
    }
}

/// The roles in one text: byte ranges that tile it, each of one role, cut at line ends and where something is printed
/// twice.
///
/// ```
/// use babelsift::role::{Role, roles};
/// let text = "The mill at Harrow FordThe mill at Harrow FordIt was sold in May.";
/// let found: Vec<_> = roles(text).into_iter().map(|(range, role)| (&text[range], role)).collect();
/// assert_eq!(found[1], ("The mill at Harrow Ford", Role::Duplicate));
/// assert_eq!(found[2], ("It was sold in May.", Role::Content));
/// ```
pub fn roles(text: &str) -> Vec<(Range<usize>, Role)> {
    let whole = Part { range: 0..text.len(), label: Label::unknown(main_script(text)), score: 0.0 };
    divide(text, &[whole]).into_iter().map(|(range, _, role)| (range, role)).collect()
}

/// A stretch of a text, with its label.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its bytes.
    pub range: Range<usize>,
    /// Its label.
    pub label: Label,
    /// How sure the label is, 0 to 1.
    pub score: f32,
}

/// The roles in one text whose languages are known: the parts, which tile it, divided further where roles change, with
/// the number of the part that each was.
pub fn divide(text: &str, parts: &[Part]) -> Vec<(Range<usize>, usize, Role)> {
    let mut cut = Cutting { text, ranges: Vec::new(), pieces: Vec::new(), before: "" };
    parts.iter().enumerate().for_each(|(number, part)| cut.part(number, part));
    let mut found = Vec::new();
    let policy = Policy::default();
    Roles { policy }.judge(&cut.pieces, &mut RoleScratch::default(), &mut found);
    let mut out: Vec<(Range<usize>, usize, Role)> = Vec::with_capacity(found.len());
    for ((range, number), found) in cut.ranges.into_iter().zip(found) {
        match out.last_mut() {
            Some((last, part, role)) if *part == number && *role == found.role => last.end = range.end,
            _ => out.push((range, number, found.role)),
        }
    }
    out
}

/// A text that is taken apart into pieces.
struct Cutting<'t> {
    text: &'t str,
    ranges: Vec<(Range<usize>, usize)>,
    pieces: Vec<Piece<'t>>,
    before: &'t str,
}

impl Cutting<'_> {
    /// Lines of a part; blank ones go with the line before them.
    fn part(&mut self, number: usize, part: &Part) {
        let (first, mut start) = (self.ranges.len(), part.range.start);
        let mut end = start;
        for line in self.text[part.range.clone()].split_inclusive('\n') {
            end += line.len();
            let blank = line.trim().is_empty();
            match self.ranges[first..].last_mut() {
                Some((range, _)) if blank => range.end = end,
                None if blank && end < part.range.end => continue,
                _ => self.line(number, start..end, part),
            }
            start = end;
        }
    }

    fn line(&mut self, number: usize, range: Range<usize>, part: &Part) {
        let text = self.text;
        let own = text[range.clone()].trim_end_matches(['\n', '\r']);
        let cuts = seams::cuts(own, self.before).unwrap_or_default();
        let mut from = range.start;
        for (i, end) in cuts.ends.iter().map(|end| range.start + end).chain([range.end]).enumerate() {
            let repeats = cuts.repeated.get(i).copied().unwrap_or(false);
            self.pieces.push(Piece { text: &text[from..end], label: part.label, score: part.score, repeats });
            self.ranges.push((from..end, number));
            from = end;
        }
        self.before = own;
    }
}
