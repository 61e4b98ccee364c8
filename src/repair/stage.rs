//! The stages: repairs on paragraphs, and those that depend on the language on fragments.

use super::registry::{REPAIRS, Repairs};
use super::{Pass, Profile};
use crate::batch::{Batch, Fragment, Paragraph, Span, as_usize};
use crate::lang::Label;
use crate::stage::{Scratch, Stage};

/// Repairs every paragraph, before its language is known.
#[derive(Debug)]
pub struct RepairStage {
    profile: Profile,
}

impl RepairStage {
    /// With the given repairs.
    pub fn new(profile: Profile) -> Self {
        Self { profile }
    }
}

impl Stage for RepairStage {
    fn name(&self) -> &'static str {
        "repair"
    }

    fn run(&self, batch: &mut Batch, scratch: &mut Scratch) {
        let pass = Pass { profile: &self.profile, label: None, allowed: Repairs::all() };
        for paragraph in batch.paragraphs.iter_mut().filter(|p| p.rejected.is_none()) {
            let done = pass.run(&batch.text[paragraph.text.range()], &mut scratch.repair, |_, _, _, _| {});
            (paragraph.flagged, paragraph.aroused) = (done.flagged, done.aroused);
            if !done.repairs.is_empty() {
                let (start, edit) = (batch.text.len(), batch.edits.len() as u32);
                batch.text.push_str(&scratch.repair.now);
                batch.edits.append(&mut scratch.repair.next.edits);
                paragraph.text = Span::new(start, batch.text.len());
                paragraph.edits = edit..batch.edits.len() as u32;
                paragraph.repairs = done.repairs;
            }
        }
    }
}

/// Repairs that depend on the language, on fragments whose label is known. They change letters, never what a fragment's
/// source bytes are, so no edits are kept.
#[derive(Debug)]
pub struct RepairFragments {
    profile: Profile,
    /// Those that depend on the language.
    own: Repairs,
    normalize: Repairs,
}

impl RepairFragments {
    /// With the given repairs.
    pub fn new(profile: Profile) -> Self {
        let own = (0..REPAIRS.len()).filter(|i| !REPAIRS[*i].repair.languages().is_empty()).map(Repairs::one);
        let own =
            own.fold(profile.known, Repairs::with).and(profile.active(Some(Label::NO_LANGUAGE)).with(profile.flagged));
        Self { profile, own, normalize: Repairs::named("normalize").unwrap_or_default() }
    }

    /// Those that a fragment of a paragraph may need. What is no language, or not sure to be one, needs none.
    fn own(&self, aroused: Repairs, fragment: &Fragment) -> Repairs {
        let own = self.own.and(aroused);
        let label = fragment.guess.label;
        if own.is_empty() || label.is_unknown() { Repairs::default() } else { own.and(Repairs::for_label(Some(label))) }
    }

    /// Repairs the fragments of one paragraph; true when one changed. Their texts are then joined in the scratch.
    fn paragraph(
        &self,
        text: &str,
        paragraph: &mut Paragraph,
        fragments: &mut [Fragment],
        scratch: &mut super::RepairScratch,
    ) -> bool {
        scratch.joined.clear();
        let mut changed = false;
        for fragment in fragments {
            let own = &text[fragment.text.range()];
            let start = scratch.joined.len();
            let mut out = own;
            let allowed = self.own(paragraph.aroused, fragment);
            if !allowed.is_empty() {
                let allowed = allowed.with(self.normalize);
                let pass = Pass { profile: &self.profile, label: Some(fragment.guess.label), allowed };
                let done = pass.run(own, scratch, |_, _, _, _| {});
                paragraph.repairs = paragraph.repairs.with(done.repairs);
                paragraph.flagged = paragraph.flagged.with(done.flagged);
                if !done.repairs.is_empty() {
                    changed = true;
                    out = &scratch.now;
                }
            }
            scratch.joined.push_str(out);
            fragment.text = Span::new(start, scratch.joined.len());
        }
        changed
    }
}

impl Stage for RepairFragments {
    fn name(&self) -> &'static str {
        "repair-fragments"
    }

    fn run(&self, batch: &mut Batch, scratch: &mut Scratch) {
        for paragraph in &mut batch.paragraphs {
            let fragments = &mut batch.fragments[as_usize(&paragraph.fragments)];
            if !fragments.iter().any(|f| !self.own(paragraph.aroused, f).is_empty()) {
                continue;
            }
            let mut own = fragments.to_vec();
            if self.paragraph(&batch.text, paragraph, &mut own, &mut scratch.repair) {
                let start = batch.text.len();
                batch.text.push_str(&scratch.repair.joined);
                for (fragment, new) in fragments.iter_mut().zip(own) {
                    fragment.text = Span::new(start + new.text.start as usize, start + new.text.end as usize);
                }
                paragraph.text = Span::new(start, batch.text.len());
            }
        }
    }
}
