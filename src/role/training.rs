//! What `cargo xtask roles` needs of the features: the same that the program computes, and lines that lack some of them.

use super::bins::{AROUND, OWN};
use super::content::content;
use super::line::{Edge, Line};
use super::model::{Model, ModelScratch};
use super::phrases::{Finder, Found};

pub use super::bins::OWN_ROWS;
pub use super::content::SURE;
pub use super::model::{SECOND_ROWS, STEPS};

/// The lines of a document.
#[derive(Clone, Debug, Default)]
pub struct Lines(Vec<Line>);

/// What a language or a page may lack; models learn to do without.
#[derive(Clone, Copy, Debug)]
pub enum Lack {
    /// A script without capitals.
    Capitals,
    /// A language that ends no sentence with a mark.
    Ends,
    /// A language whose interface words nobody has listed.
    Phrases,
}

impl Lines {
    /// Looks at the lines of a text.
    pub fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut finder = Finder::default();
        Self(texts.map(|text| Line::of(text, &mut finder)).collect())
    }

    /// The same lines as they would be in such a language.
    #[must_use]
    pub fn without(mut self, lack: Lack) -> Self {
        for line in &mut self.0 {
            match lack {
                Lack::Capitals => {
                    (line.capitals, line.smalls, line.uppers, line.seams) = (0, 0, 0, 0);
                    let bare = |edge| if edge == Edge::Capital { Edge::Letter } else { edge };
                    (line.first, line.last) = (bare(line.first), bare(line.last));
                }
                Lack::Ends => {
                    line.flags |= Line::ENDLESS;
                    line.sentences = 0;
                    line.commas = 0;
                    if line.ends_sentence() {
                        line.last = Edge::Letter;
                    }
                }
                Lack::Phrases => line.phrases = Found { words: line.phrases.words, ..Found::default() },
            }
        }
        self
    }

    /// Letters of each line.
    pub fn letters(&self) -> impl Iterator<Item = u32> {
        self.0.iter().map(Line::letters)
    }

    /// Rows of the weights for each line.
    pub fn own(&self, scratch: &mut ModelScratch) -> Vec<[u16; OWN]> {
        scratch.own_rows(&self.0)
    }

    /// Rows of what a first look says, with its scores in 1/256 nat.
    pub fn around(&self, scores: &[i32], scratch: &mut ModelScratch) -> Vec<[u16; AROUND]> {
        scratch.around_rows(&self.0, scores)
    }

    /// Which lines are content, if a line that is none must be so by this much (in 1/256 nat).
    pub fn content(&self, margins: &[i32], sure: i32) -> Vec<bool> {
        let mut out = Vec::new();
        content(&self.0, margins, sure, &mut out);
        out
    }

    /// What a model says of each line, in 1/256 nat.
    pub fn margins(&self, model: &Model, scratch: &mut ModelScratch) -> Vec<i32> {
        let mut margins = Vec::new();
        model.margins(&self.0, scratch, &mut margins);
        margins
    }
}
