//! Role stage: what each fragment is in its document, and which of them leave the corpora for it.
//!
//! `seams.rs` cuts off what is printed twice. A model (`model.rs`) says how likely each line is content, by what is to be
//! seen of it (`line.rs`, `phrases.rs`) and of the lines around it (`bins.rs`); `content.rs` decides, and keeps what is
//! unsure; `rules.rs` says what kind of content or of furniture it is; `policy.rs` which roles leave.

mod bins;
mod chars;
mod content;
mod line;
pub mod model;
mod page;
mod phrases;
mod policy;
mod rules;
mod seams;
mod stage;
pub mod training;

use std::ops::Range;
use std::sync::LazyLock;

pub use crate::batch::Role;
use crate::config::{Config, RoleSet};
use crate::error::Result;
use crate::lang::Label;
use crate::script::main_script;
use line::Line;
use model::{Model, ModelScratch};
use phrases::Finder;
use policy::Policy;

/// Made by `cargo xtask roles PAGES TEXT_DIR`.
static MODEL: LazyLock<Model> = LazyLock::new(|| Model::read(include_bytes!("model.bin")));

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
    margins: Vec<i32>,
    content: Vec<bool>,
    languages: Vec<(Label, u64)>,
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
    /// let page = ["Log in", "Subscribe to our newsletter", "The ferry was late again this morning, and nobody \
    ///     on the quay was surprised by it, least of all the man who sells the tickets.", "Privacy policy"];
    /// let mut found = Vec::new();
    /// roles.judge(&page.map(piece), &mut RoleScratch::default(), &mut found);
    /// assert_eq!(found.iter().map(|f| f.role).collect::<Vec<_>>(), [Role::Ui, Role::Ui, Role::Content, Role::Ui]);
    /// # Ok::<(), babelsift::Error>(())
    /// ```
    pub fn judge(&self, pieces: &[Piece<'_>], scratch: &mut RoleScratch, out: &mut Vec<Found>) {
        let RoleScratch { finder, lines, margins, content, languages, model, .. } = scratch;
        lines.clear();
        lines.extend(pieces.iter().map(|piece| Line::of(piece.text, finder)));
        MODEL.margins(lines, model, margins);
        let is_page = content::content(lines, margins, content::SURE, content);
        let page = rules::Page { pieces, lines, content, is_page };
        page::languages(&page, languages);
        out.clear();
        out.reserve(pieces.len());
        let mut heading = page.heading();
        for at in 0..pieces.len() {
            let role = if heading == Some(at) { heading.take().map(|_| Role::Heading) } else { None };
            let role = role.unwrap_or_else(|| page.role(at));
            let foreign = page::is_foreign(languages, &pieces[at], &lines[at]);
            out.push(Found { role, leaves: self.policy.leaves(role, foreign) });
        }
    }
}

/// The roles of the lines of one text, and of what is printed twice in them: byte ranges that tile the text.
///
/// ```
/// use babelsift::role::{Role, roles};
/// let text = "The mill at Harrow FordThe mill at Harrow FordIt was sold in May.";
/// let found: Vec<_> = roles(text).into_iter().map(|(range, role)| (&text[range], role)).collect();
/// assert_eq!(found[1], ("The mill at Harrow Ford", Role::Duplicate));
/// assert_eq!(found[2], ("It was sold in May.", Role::Content));
/// ```
pub fn roles(text: &str) -> Vec<(Range<usize>, Role)> {
    let (mut ranges, mut pieces, mut before) = (Vec::new(), Vec::new(), "");
    let mut start = 0;
    let mut add = |range: Range<usize>, repeats: bool| {
        let own = &text[range.clone()];
        pieces.push(Piece { text: own, label: Label::unknown(main_script(own)), score: 0.0, repeats });
        ranges.push(range);
    };
    for line in text.split_inclusive('\n') {
        let own = line.trim_end_matches(['\n', '\r']);
        let cuts = seams::cuts(own, before).unwrap_or_default();
        let mut from = start;
        for (i, end) in cuts.ends.iter().map(|end| start + end).chain([start + line.len()]).enumerate() {
            add(from..end, cuts.repeated.get(i).copied().unwrap_or(false));
            from = end;
        }
        start += line.len();
        before = if own.trim().is_empty() { before } else { own };
    }
    let (policy, mut found) = (Policy::new(&RoleSet(Vec::new())), Vec::new());
    if let Ok(policy) = policy {
        Roles { policy }.judge(&pieces, &mut RoleScratch::default(), &mut found);
    }
    ranges.into_iter().zip(found).map(|(range, found)| (range, found.role)).collect()
}
