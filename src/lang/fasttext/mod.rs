//! The engine of fastText models: `.bin` files and quantized `.ftz` files, as `lid.176`, GlotLID and the like.

mod labels;
mod loss;
mod matrix;
mod model;
mod read;
mod sparse;

use std::path::Path;

pub use model::{Model, Scratch};
pub use read::Flaw;

use super::{Guess, Identifier, IdentifyScratch, Label};
use crate::error::{Error, Result};
use crate::script::Script;

/// Opens the engine with the model of that path.
pub(super) fn open(path: &str, languages: &[Label]) -> Result<Box<dyn Identifier>> {
    let path = Path::new(path);
    let model = Model::open(path)?;
    let engine = FastText::new(model, languages);
    if languages.is_empty() && engine.labels.is_empty() {
        let detail = format!("none of its {} labels is a language", engine.model.labels().len());
        return Err(Error::model(path, Flaw { offset: 0, detail }));
    }
    Ok(Box::new(engine))
}

/// A model, and what its labels mean.
///
/// Several of its labels may mean one of ours: their probabilities are added up. Labels that mean no language are never
/// answered, and their probability is lost.
struct FastText {
    model: Model,
    labels: Vec<Label>,
    /// For each label of the model, what it means.
    meanings: Vec<Vec<Meaning>>,
    /// True when only some languages may be answered: then their probabilities are made to add up to 1.
    restricted: bool,
}

/// One of ours, and its place among the labels if it may be answered.
#[derive(Clone, Copy)]
struct Meaning {
    script: Script,
    place: Option<usize>,
}

impl FastText {
    fn new(model: Model, languages: &[Label]) -> Self {
        let meanings = labels::meanings(model.labels());
        let wanted = |l: &Label| languages.is_empty() || languages.contains(l);
        let mut labels: Vec<Label> = meanings.iter().flatten().copied().filter(wanted).collect();
        labels.sort_unstable_by_key(Label::written);
        labels.dedup();
        let place = |label: &Label| labels.binary_search_by_key(&label.written(), Label::written).ok();
        let meaning = |label: &Label| Meaning { script: label.script, place: place(label) };
        let meanings = meanings.iter().map(|all| all.iter().map(meaning).collect()).collect();
        Self { model, labels, meanings, restricted: !languages.is_empty() }
    }

    /// The score of each of our labels, in their order.
    fn score(&self, text: &str, script: Script, scratch: &mut Scratch, scores: &mut Vec<f32>) {
        let script = Label::script_told(script);
        let compete = self.model.labels_compete();
        scores.clear();
        scores.resize(self.labels.len(), 0.0);
        let probabilities = self.model.probabilities(text, scratch);
        for (probability, meanings) in probabilities.iter().zip(&self.meanings) {
            let meaning = meanings.iter().find(|m| m.script == script).or(meanings.first());
            if let Some(place) = meaning.and_then(|m| m.place) {
                scores[place] = if compete { scores[place] + probability } else { scores[place].max(*probability) };
            }
        }
        let sum: f32 = scores.iter().sum();
        let unit = if self.restricted && compete && sum > 0.0 { sum } else { 1.0 };
        scores.iter_mut().for_each(|s| *s = (*s / unit).min(1.0));
    }
}

impl Identifier for FastText {
    fn name(&self) -> &'static str {
        "fasttext"
    }

    fn labels(&self) -> &[Label] {
        &self.labels
    }

    fn rank(&self, text: &str, script: Script, out: &mut Vec<(Label, f32)>) {
        let (mut scratch, mut scores) = (Scratch::default(), Vec::new());
        self.score(text, script, &mut scratch, &mut scores);
        let from = out.len();
        out.extend(self.labels.iter().copied().zip(scores).filter(|(_, score)| *score > 0.0));
        // Labels of equal score stay in order.
        out[from..].sort_by(|a, b| b.1.total_cmp(&a.1));
    }

    fn rank_unsorted(&self, text: &str, script: Script, scratch: &mut IdentifyScratch) {
        self.score(text, script, &mut scratch.model, &mut scratch.scores);
        scratch.ranked.clear();
        let all = self.labels.iter().copied().zip(scratch.scores.iter().copied());
        scratch.ranked.extend(all.filter(|(_, score)| *score > 0.0));
    }

    /// The first of `rank` and its distance to the second, without memory of its own and without sorting.
    fn identify(&self, text: &str, script: Script, scratch: &mut IdentifyScratch) -> Guess {
        self.score(text, script, &mut scratch.model, &mut scratch.scores);
        let (mut best, mut next) = (Guess::none(script), 0.0);
        for (label, score) in self.labels.iter().zip(&scratch.scores) {
            if *score > best.score {
                next = best.score;
                best = Guess { label: *label, score: *score, margin: 0.0 };
            } else if *score > next {
                next = *score;
            }
        }
        Guess { margin: best.score - next, ..best }
    }
}
