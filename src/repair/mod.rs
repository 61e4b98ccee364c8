//! Repair stage: makes text what its writer meant, and touches nothing that is right.
//!
//! A repair is one file and one row of [`REPAIRS`]. Each rewrites one text into a [`Rewrite`], which notes what was
//! replaced, so every offset of the result leads back to the source. One pass over a text finds the [`Signs`] in it; only
//! repairs that these arouse look at it again. Repairs run until none has anything left to do, so repairing twice is
//! repairing once. Those that depend on the language run after identification, on fragments.

mod ansi_escapes;
mod apostrophes;
mod arabic_forms;
mod arabic_letters;
mod bidi;
mod c1_controls;
mod catalan;
mod controls;
mod danda;
mod digraphs;
mod dots;
pub(crate) mod entities;
mod escapes;
mod hyphenation;
mod indic_joiners;
mod indic_order;
mod indic_vowels;
mod jamo;
mod khmer;
mod kinds;
mod ligatures;
mod line_ends;
mod lookalikes;
mod marks;
pub mod mojibake;
mod mtavruli;
mod normalize;
mod own_letters;
mod palochka;
mod persian_affixes;
mod profile;
mod quotes;
mod radicals;
mod registry;
mod repeated_marks;
mod repeated_punctuation;
mod repeated_signs;
mod rewrite;
mod romanian;
mod signs;
mod soft_hyphens;
mod spaces;
mod stacked_marks;
mod stage;
mod tatweel;
mod thai_lao;
mod tibetan;
mod vietnamese;
mod wave_dash;
mod width;
mod zawgyi;
mod zero_width;
mod zero_width_idle;

use std::borrow::Cow;

#[doc(hidden)]
pub use lookalikes::shared_letter;
pub use normalize::{is_normalized, normalize};
pub use profile::{Profile, Setting};
pub use registry::{REPAIRS, Repairs, Row};
pub use rewrite::Rewrite;
pub use signs::Signs;
pub use stage::{RepairFragments, RepairStage};
#[doc(hidden)]
pub use zawgyi::{KINDS as ZAWGYI_KINDS, kind as zawgyi_kind};

use crate::batch::Edit;
use crate::lang::Label;

/// One repair. Immutable and shared by all workers.
pub trait Repair: Send + Sync {
    /// Name in records, reports and `--repairs`.
    fn name(&self) -> &'static str;

    /// One line for people.
    fn about(&self) -> &'static str;

    /// A text that it repairs, and what it makes of it.
    fn example(&self) -> (&'static str, &'static str) {
        ("", "")
    }

    /// Characters without which a text does not need it; [`Signs::ALL`] when any text may.
    fn signs(&self) -> Signs;

    /// Languages (ISO 639-3) that it is for; it then runs after identification. Empty: any text, before.
    fn languages(&self) -> &'static [&'static str] {
        &[]
    }

    /// True when a text that has one of the signs may need it; a cheap test that may err on this side only.
    fn suspects(&self, _text: &str, _context: &Context<'_>) -> bool {
        true
    }

    /// Rewrites the whole text: all of it is kept or replaced, in order.
    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite);
}

/// What a repair is told besides the text.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Which repairs run.
    pub profile: &'a Profile,
    /// The label of the text, where it is known.
    pub label: Option<Label>,
    /// The signs in the text.
    pub signs: Signs,
}

/// What was done to a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Repairs that changed something.
    pub repairs: Repairs,
    /// Repairs that would have, but are set to flag only.
    pub flagged: Repairs,
    /// Repairs that the characters of the text after arouse.
    pub(crate) aroused: Repairs,
}

/// Memory of the stage, kept between paragraphs.
#[derive(Debug, Default)]
pub struct RepairScratch {
    now: String,
    next: Rewrite,
    /// The texts of a paragraph's fragments, joined.
    joined: String,
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
/// use babelsift::repair::{Profile, repair};
/// assert_eq!(repair("re\u{301}sume\u{301}\u{a0}!", &Profile::default()), "résumé !");
/// ```
pub fn repair<'t>(text: &'t str, profile: &Profile) -> Cow<'t, str> {
    let mut scratch = RepairScratch::default();
    let done = repair_into(text, profile, None, &mut scratch);
    if done.repairs.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(scratch.now) }
}

/// A repaired text, with what was done and the way back.
#[derive(Clone, Debug)]
pub struct Repaired<'t> {
    /// The text.
    pub text: Cow<'t, str>,
    /// What was done to it.
    pub done: Done,
    /// What was replaced, repair after repair.
    edits: Vec<Edit>,
}

impl Repaired<'_> {
    /// The offset (bytes) in the text before that the character at `offset` of the text after comes from; inside a
    /// replaced stretch, where that stretch begins.
    pub fn source_offset(&self, offset: usize) -> usize {
        let layers = self.edits.chunk_by(|a, b| a.layer == b.layer).rev();
        layers.fold(offset, |at, edits| Edit::before(edits, at))
    }
}

/// Repairs one text of the given label, if it is known, and keeps the way back.
///
/// ```
/// use babelsift::repair::{Profile, repair_as};
/// let repaired = repair_as("\u{feff}un\u{a0}cafe\u{301} noir", &Profile::default(), "fra_Latn".parse().ok());
/// assert_eq!(repaired.text, "un café noir");
/// assert_eq!(repaired.done.repairs.names().collect::<Vec<_>>(), ["byte-order-marks", "spaces", "normalize"]);
/// let noir = repaired.text.find("noir").unwrap_or_default();
/// assert_eq!(repaired.source_offset(noir), "\u{feff}un\u{a0}cafe\u{301} ".len());
/// ```
pub fn repair_as<'t>(text: &'t str, profile: &Profile, label: Option<Label>) -> Repaired<'t> {
    let mut scratch = RepairScratch::default();
    let done = repair_into(text, profile, label, &mut scratch);
    let text = if done.repairs.is_empty() { Cow::Borrowed(text) } else { Cow::Owned(scratch.now) };
    Repaired { text, done, edits: scratch.next.edits }
}

/// One stretch that a repair replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The repair.
    pub repair: &'static str,
    /// What stood there.
    pub before: String,
    /// What stands there now.
    pub after: String,
}

/// What [`repair_as`] replaces, repair after repair: for people to see.
pub fn changes(text: &str, profile: &Profile, label: Option<Label>) -> Vec<Change> {
    let mut all = Vec::new();
    watch(text, profile, label, |repair, before, after, edit| {
        let (before, after) = (before[edit.input.range()].to_owned(), after[edit.output.range()].to_owned());
        all.push(Change { repair, before, after });
    });
    all
}

/// Shows each replacement of [`repair_as`]: the repair, the whole text before and after it, and the stretch.
pub(crate) fn watch(
    text: &str,
    profile: &Profile,
    label: Option<Label>,
    mut seen: impl FnMut(&'static str, &str, &str, Edit),
) {
    let pass = Pass { profile, label, allowed: Repairs::all() };
    pass.run(text, &mut RepairScratch::default(), |place, before, after, edits| {
        edits.iter().for_each(|edit| seen(REPAIRS[place].repair.name(), before, after, *edit));
    });
}

/// Runs the repairs over one text; what comes out is in `scratch.now` when something was repaired.
pub(crate) fn repair_into(text: &str, profile: &Profile, label: Option<Label>, scratch: &mut RepairScratch) -> Done {
    Pass { profile, label, allowed: Repairs::all() }.run(text, scratch, |_, _, _, _| {})
}

/// Repairs that work on one text until none has anything left to do.
#[derive(Clone, Copy)]
struct Pass<'a> {
    profile: &'a Profile,
    label: Option<Label>,
    /// Of those that are on, the ones that run here.
    allowed: Repairs,
}

/// Rounds after which it is enough: a text that repairs turn back and forth.
const ROUNDS: usize = 4;

impl Pass<'_> {
    fn run(self, text: &str, scratch: &mut RepairScratch, mut seen: impl FnMut(usize, &str, &str, &[Edit])) -> Done {
        scratch.next.edits.clear();
        let mut done = Done::default();
        let mut signs = Signs::of(text);
        let mut aroused = Repairs::aroused_by(signs);
        let mut layer = 0;
        let active = self.profile.active(self.label).and(self.allowed).and(Repairs::for_label(self.label));
        for _ in 0..ROUNDS {
            let before = layer;
            let mut pending = active.and(aroused);
            while let Some(place) = pending.places().next() {
                pending = pending.without(Repairs::up_to(place));
                let text = if done.repairs.is_empty() { text } else { &scratch.now };
                let context = Context { profile: self.profile, label: self.label, signs };
                let repair = REPAIRS[place].repair;
                if !repair.suspects(text, &context) {
                    continue;
                }
                let edits = scratch.next.edits.len();
                scratch.next.begin(layer);
                repair.rewrite(text, &context, &mut scratch.next);
                if scratch.next.edits.len() > edits {
                    seen(place, text, &scratch.next.text, &scratch.next.edits[edits..]);
                    std::mem::swap(&mut scratch.now, &mut scratch.next.text);
                    done.repairs = done.repairs.with(Repairs::one(place));
                    layer += 1;
                    signs = Signs::of(&scratch.now);
                    aroused = Repairs::aroused_by(signs);
                    pending = active.and(aroused).without(Repairs::up_to(place));
                }
            }
            if layer == before {
                break;
            }
        }
        done.aroused = aroused;
        let flagged = self.profile.flagged.and(self.allowed).and(aroused);
        if !flagged.is_empty() {
            done.flagged = self.found(flagged, if done.repairs.is_empty() { text } else { &scratch.now }, signs);
        }
        done
    }

    /// Those of these that would change the text.
    fn found(self, of: Repairs, text: &str, signs: Signs) -> Repairs {
        let context = Context { profile: self.profile, label: self.label, signs };
        let would = |place: &usize| {
            let mut trial = Rewrite::default();
            let repair = REPAIRS[*place].repair;
            repair.suspects(text, &context) && {
                repair.rewrite(text, &context, &mut trial);
                !trial.edits.is_empty()
            }
        };
        let found = of.and(Repairs::for_label(self.label)).places().filter(would);
        found.fold(Repairs::default(), |all, place| all.with(Repairs::one(place)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Form;

    #[test]
    fn repairs_do_what_they_say() {
        for (broken, right, names) in [
            ("plain\ttext", "plain\ttext", vec![]),
            ("one\r\ntwo\u{2028}three\u{85}four", "one\ntwo\nthree\nfour", vec!["line-ends"]),
            ("\u{feff}a\u{feff}b", "ab", vec!["byte-order-marks"]),
            ("a\u{0}b\u{1b}c, \u{9d}", "abc, ", vec!["controls"]),
            ("10\u{a0}000\u{202f}€\u{3000}！", "10 000 €\u{20}！", vec!["spaces"]),
            ("e\u{feff}\u{301}", "é", vec!["byte-order-marks", "normalize"]),
        ] {
            let repaired = repair_as(broken, &Profile::default(), None);
            assert_eq!(repaired.text, right);
            assert_eq!(repaired.done.repairs.names().collect::<Vec<_>>(), names, "{broken:?}");
        }
    }

    #[test]
    fn only_what_is_enabled_runs() {
        let spaces = Profile::none().with("spaces", Setting::On).unwrap();
        assert_eq!(repair("a\u{a0}b\u{0}e\u{301}", &spaces), "a b\u{0}e\u{301}");
        let plain = Profile::default().form(Form::None);
        assert_eq!(repair("a\u{a0}e\u{301}", &plain), "a e\u{301}");
    }

    #[test]
    fn what_is_flagged_stays() {
        let profile = Profile::default().with("spaces", Setting::Flag).unwrap();
        let repaired = repair_as("a\u{a0}b\u{0}", &profile, None);
        assert_eq!(repaired.text, "a\u{a0}b");
        assert_eq!(repaired.done.flagged.names().collect::<Vec<_>>(), ["spaces"]);
        assert_eq!(repaired.done.repairs.names().collect::<Vec<_>>(), ["controls"]);
    }

    #[test]
    fn some_run_where_the_language_is_known() {
        // Sara am in two characters.
        let (text, right) = ("น\u{e4d}\u{e32}", "นำ");
        let (profile, thai) = (Profile::conservative(), "tha_Thai".parse().ok());
        assert_eq!(repair_as(text, &profile, None).text, text);
        assert_eq!(repair_as(text, &profile, thai).text, right);
        assert_eq!(repair(text, &Profile::standard()), right);
    }

    #[test]
    fn changes_are_told_in_order() {
        let told = changes("\u{feff}e\u{301}", &Profile::default(), None);
        let told: Vec<_> = told.iter().map(|c| (c.repair, &*c.before, &*c.after)).collect();
        assert_eq!(told, [("byte-order-marks", "\u{feff}", ""), ("normalize", "e\u{301}", "é")]);
    }

    #[test]
    fn names_are_unique_and_sorted_out() {
        let names: std::collections::BTreeSet<_> = REPAIRS.iter().map(|r| r.repair.name()).collect();
        assert_eq!(names.len(), REPAIRS.len());
        assert!(REPAIRS.iter().all(|r| !r.repair.about().is_empty()));
    }
}
