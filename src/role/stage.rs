//! The stage on a batch: fragments are cut where something is printed twice, then judged document by document.

use std::ops::Range;

use super::content::{MAIN_SURE, SURE};
use super::seams::{self, Cuts};
use super::{Found, Piece, Role, RoleScratch, Roles};
use crate::batch::{Batch, Fragment, Span, Verdict, as_usize};
use crate::html::{Kind, Mode};
use crate::reason::Reason;
use crate::source_map::SourceMap;
use crate::stage::{Scratch, Stage};

/// Memory of the stage.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Fragments that are cut, by their rows.
    cuts: Vec<(u32, Cuts)>,
    fragments: Vec<Fragment>,
    found: Vec<Found>,
}

impl Stage for Roles {
    fn name(&self) -> &'static str {
        "role"
    }

    fn run(&self, batch: &mut Batch, scratch: &mut Scratch) {
        let scratch = &mut scratch.roles;
        cut(batch, &mut scratch.stage);
        for document in 0..batch.documents.len() {
            self.document(batch, document, scratch);
        }
    }
}

impl Roles {
    fn document(&self, batch: &mut Batch, document: usize, scratch: &mut RoleScratch) {
        let paragraphs = as_usize(&batch.documents[document].paragraphs);
        let rows = match &batch.paragraphs[paragraphs] {
            [] => return,
            [only] => as_usize(&only.fragments),
            [first, .., last] => first.fragments.start as usize..last.fragments.end as usize,
        };
        let fragments = batch.fragments[rows.clone()].iter().filter(|f| f.verdict == Verdict::Keep);
        let pieces: Vec<Piece<'_>> = fragments
            .map(|f| Piece {
                text: batch.fragment_text(f),
                label: f.guess.label,
                score: f.guess.score,
                repeats: f.role == Role::Duplicate,
            })
            .collect();
        let mut found = std::mem::take(&mut scratch.stage.found);
        let main = batch.documents[document].html == Some(Mode::Main);
        self.judge_if(&pieces, if main { MAIN_SURE } else { SURE }, scratch, &mut found);
        if main {
            self.spare_titles(batch, rows.clone(), &mut found);
        }
        let kept = batch.fragments[rows].iter_mut().filter(|f| f.verdict == Verdict::Keep);
        for (fragment, found) in kept.zip(&found) {
            fragment.role = found.role;
            if found.leaves {
                fragment.verdict = Verdict::Drop(Reason::Role(found.role));
            }
        }
        scratch.stage.found = found;
    }

    /// What a page marks as its heading is one, though it be a word that menus are full of: `News`, `Help`.
    fn spare_titles(&self, batch: &Batch, rows: Range<usize>, found: &mut [Found]) {
        let fragments = batch.fragments[rows].iter().filter(|f| f.verdict == Verdict::Keep);
        for (fragment, found) in fragments.zip(found) {
            let markup = &batch.paragraphs[fragment.paragraph as usize].markup;
            let is_title = markup.is_some_and(|markup| markup.kind == Kind::Heading(1));
            if is_title && matches!(found.role, Role::Ui | Role::Boilerplate) {
                let leaves = self.policy.leaves(Role::Heading, || false);
                *found = Found { role: Role::Heading, leaves };
            }
        }
    }
}

/// Divides the fragments in which something is printed twice.
fn cut(batch: &mut Batch, memory: &mut Memory) {
    memory.cuts.clear();
    for document in &batch.documents {
        let mut before = "";
        for paragraph in batch.paragraphs_of(document) {
            for row in as_usize(&paragraph.fragments) {
                let fragment = &batch.fragments[row];
                if fragment.verdict != Verdict::Keep {
                    continue;
                }
                let text = batch.fragment_text(fragment);
                if let Some(cuts) = seams::cuts(text, before) {
                    memory.cuts.push((row as u32, cuts));
                }
                before = text;
            }
        }
    }
    if !memory.cuts.is_empty() {
        divide(batch, memory);
    }
}

/// Makes the rows anew, with a row for each part.
fn divide(batch: &mut Batch, memory: &mut Memory) {
    let Memory { cuts, fragments, .. } = memory;
    fragments.clear();
    let mut cuts = cuts.iter().peekable();
    for at in 0..batch.paragraphs.len() {
        let first = fragments.len() as u32;
        for row in as_usize(&batch.paragraphs[at].fragments) {
            match cuts.next_if(|(cut, _)| *cut as usize == row) {
                Some((_, cuts)) => parts(batch, &batch.fragments[row], cuts, fragments),
                None => fragments.push(batch.fragments[row]),
            }
        }
        batch.paragraphs[at].fragments = first..fragments.len() as u32;
    }
    std::mem::swap(&mut batch.fragments, fragments);
}

/// The parts of a fragment. A cut that no byte of the source lies behind, or before, is none.
fn parts(batch: &Batch, fragment: &Fragment, cuts: &Cuts, out: &mut Vec<Fragment>) {
    let paragraph = &batch.paragraphs[fragment.paragraph as usize];
    let (text, raw) = (fragment.text, fragment.raw);
    let mut map = SourceMap::new(batch, paragraph);
    let (mut from, mut raw_from) = (text.start, raw.start);
    let mut repeats = false;
    let mut push = |text: Span, raw: Span, repeats: bool| {
        let role = if repeats { Role::Duplicate } else { Role::Content };
        out.push(Fragment { text, identified: text, raw, role, ..*fragment });
    };
    for (i, end) in cuts.ends.iter().enumerate() {
        let end = text.start + *end as u32;
        let raw_end = map.source_offset((end - paragraph.text.start) as usize) as u32;
        repeats = cuts.repeated.get(i).copied().unwrap_or(false);
        if raw_end > raw_from && raw_end < raw.end {
            push(Span { start: from, end }, Span { start: raw_from, end: raw_end }, repeats);
            (from, raw_from) = (end, raw_end);
            repeats = cuts.repeated.get(i + 1).copied().unwrap_or(false);
        }
    }
    push(Span { start: from, end: text.end }, Span { start: raw_from, end: raw.end }, repeats);
}
