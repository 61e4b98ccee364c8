//! The engine of the crate `lingua`: n-grams of one to five letters, 75 languages, accurate and slow. Its low accuracy
//! mode has n-grams of three letters only, as the high one has from 120 letters on: less memory, and short texts are faster
//! and less accurate.

use lingua::{Language, LanguageDetector, LanguageDetectorBuilder};

use super::{Identifier, Label};
use crate::error::Result;
use crate::script::Script;

/// Opens the engine: with `low` in low accuracy mode, with `high` or nothing in high accuracy mode.
pub(super) fn open(accuracy: &str, languages: &[Label]) -> Result<Box<dyn Identifier>> {
    let usual = |l: &Language| Label::usual(&l.iso_code_639_3().to_string());
    let mut all: Vec<Language> = Language::all().into_iter().collect();
    all.sort_unstable_by_key(|l| l.iso_code_639_3().to_string());
    let mut labels: Vec<Label> = all.iter().filter_map(usual).chain(Label::of("cmn", Script::HANT)).collect();
    if !languages.is_empty() {
        // A language may be asked for in a script that is not its usual one.
        let known = |label: &&Label| labels.iter().any(|l| l.language() == label.language());
        labels = languages.iter().filter(known).copied().collect();
    }
    labels.sort_unstable_by_key(Label::written);
    labels.dedup();
    all.retain(|l| usual(l).is_some_and(|u| labels.iter().any(|label| label.language() == u.language())));
    // The builder wants two languages at least.
    let detector = (all.len() >= 2).then(|| {
        let mut builder = LanguageDetectorBuilder::from_languages(&all);
        if accuracy == "low" {
            builder.with_low_accuracy_mode();
        }
        builder.build()
    });
    Ok(Box::new(Lingua { labels, only: all.first().copied(), detector }))
}

struct Lingua {
    labels: Vec<Label>,
    only: Option<Language>,
    detector: Option<LanguageDetector>,
}

impl Identifier for Lingua {
    fn name(&self) -> &'static str {
        "lingua"
    }

    fn labels(&self) -> &[Label] {
        &self.labels
    }

    fn rank(&self, text: &str, script: Script, out: &mut Vec<(Label, f32)>) {
        let label = |l: Language| Label::of(&l.iso_code_639_3().to_string(), script);
        match (&self.detector, self.only) {
            (Some(detector), _) => {
                let values = detector.compute_language_confidence_values(text);
                let answers = values.into_iter().filter_map(|(l, score)| Some((label(l)?, score as f32)));
                out.extend(answers.filter(|(label, score)| *score > 0.0 && self.labels.contains(label)));
            }
            (None, Some(only)) => out.extend(label(only).filter(|l| self.labels.contains(l)).map(|l| (l, 1.0))),
            (None, None) => {}
        }
    }
}
