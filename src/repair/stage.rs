//! The stages: repairs on paragraphs, and those that depend on the language on fragments.

use super::registry::{REPAIRS, Repairs};
use super::{Pass, Profile};
use crate::batch::{Batch, Fragment, Paragraph, Span, as_usize};
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
            paragraph.flagged = done.flagged;
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
    /// Those that depend on the language, and normalization after them.
    allowed: Repairs,
}

impl RepairFragments {
    /// With the given repairs.
    pub fn new(profile: Profile) -> Self {
        let own = (0..REPAIRS.len()).filter(|i| !REPAIRS[*i].repair.languages().is_empty()).map(Repairs::one);
        let normalize = Repairs::named("normalize").unwrap_or_default();
        Self { profile, allowed: own.fold(normalize, Repairs::with) }
    }

    /// True when the profile has repairs for the language of this fragment.
    fn concerns(&self, fragment: &Fragment) -> bool {
        let own = Repairs::for_label(Some(fragment.guess.label)).without(Repairs::for_label(None));
        !self.profile.on.with(self.profile.flagged).and(own).is_empty()
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
            if self.concerns(fragment) {
                let pass = Pass { profile: &self.profile, label: Some(fragment.guess.label), allowed: self.allowed };
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
            if !fragments.iter().any(|f| self.concerns(f)) {
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
