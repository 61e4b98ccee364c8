//! [`Pipeline`]: which stages, in which order.

use crate::batch::{Batch, Role, Verdict};
use crate::config::Config;
use crate::decode::{Decode, Encoding};
use crate::error::Result;
use crate::filter::Filters;
use crate::lang::{Guess, Identify, Label};
use crate::repair::{Profile, RepairFragments, RepairStage, Repairs};
use crate::role::Roles;
use crate::script::Script;
use crate::segment::Segment;
pub use crate::stage::{Scratch, Stage};

/// The stages, ready for work: bytes in, labelled fragments out.
///
/// ```
/// let pipeline = babelsift::Pipeline::new(&babelsift::Config::default())?;
/// let page = "Καλημέρα σε όλους από την Αθήνα!\nПривет, мир! Как дела?";
/// let scripts: Vec<_> = pipeline.fragments(page.as_bytes()).map(|f| f.script().code()).collect();
/// assert_eq!(scripts, ["Grek", "Cyrl"]);
/// # Ok::<(), babelsift::Error>(())
/// ```
pub struct Pipeline {
    stages: Vec<Box<dyn Stage>>,
}

impl Pipeline {
    /// Builds the stages.
    ///
    /// # Errors
    /// [`Error::Config`](crate::Error::Config) for settings out of range or an engine that this build lacks.
    pub fn new(config: &Config) -> Result<Self> {
        config.validate()?;
        let repairs = Profile::new(config)?;
        let stages: Vec<Box<dyn Stage>> = vec![
            Box::new(Decode::new(config.paragraphs).on_malformed(config.on_malformed)),
            Box::new(RepairStage::new(repairs.clone())),
            Box::new(Segment::new(config)),
            Box::new(Identify::new(config)?),
            Box::new(Roles::new(config)?),
            Box::new(RepairFragments::new(repairs)),
            Box::new(Filters::new(config)),
        ];
        Ok(Self { stages })
    }

    /// Names of the stages, in order.
    pub fn stages(&self) -> impl Iterator<Item = &'static str> {
        self.stages.iter().map(|s| s.name())
    }

    /// Runs all stages on a batch that was filled with documents, at most [`MAX_PAYLOAD`](crate::batch::MAX_PAYLOAD)
    /// bytes of them.
    pub fn apply(&self, batch: &mut Batch, scratch: &mut Scratch) {
        for stage in &self.stages {
            stage.run(batch, scratch);
        }
    }

    /// The fragments of one document, in order; those that filters dropped included (see [`TextFragment::verdict`]).
    ///
    /// For many documents, fill a [`Batch`] and call [`apply`](Self::apply), which allocates nothing per document. A
    /// document of more than 64 MiB is taken in pieces cut at line ends.
    pub fn fragments<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = TextFragment> + 'a {
        let mut scratch = Scratch::default();
        pieces(bytes, PIECE).flat_map(move |(start, piece)| {
            let mut batch = Batch::default();
            batch.push_document(piece);
            self.apply(&mut batch, &mut scratch);
            (0..batch.fragments.len()).map(move |i| TextFragment::new(&batch, i, start))
        })
    }
}

/// Largest piece of a document taken at once.
const PIECE: usize = 64 << 20;

/// Cuts bytes after line feeds into pieces of at most `max` bytes (a longer line is cut anywhere), with their offsets.
fn pieces(bytes: &[u8], max: usize) -> impl Iterator<Item = (usize, &[u8])> {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(start..).filter(|r| !r.is_empty())?;
        let window = &rest[..rest.len().min(max)];
        let cut = if window.len() == rest.len() { None } else { memchr::memrchr(b'\n', window) };
        let piece = &window[..cut.map_or(window.len(), |i| i + 1)];
        start += piece.len();
        Some((start - piece.len(), piece))
    })
}

/// A fragment by itself, for callers that want one document's text and no rows.
#[derive(Clone, Debug)]
pub struct TextFragment {
    text: String,
    source: std::ops::Range<usize>,
    guess: Guess,
    script: Script,
    encoding: Encoding,
    repairs: Repairs,
    role: Role,
    verdict: Verdict,
}

impl TextFragment {
    fn new(batch: &Batch, index: usize, start: usize) -> Self {
        let fragment = batch.fragments[index];
        let paragraph = &batch.paragraphs[fragment.paragraph as usize];
        Self {
            text: batch.fragment_text(&fragment).to_owned(),
            source: start + fragment.raw.start as usize..start + fragment.raw.end as usize,
            guess: fragment.guess,
            script: fragment.script,
            encoding: batch.lines_of(paragraph).first().map_or(Encoding::UTF_8, |l| l.encoding),
            repairs: paragraph.repairs,
            role: fragment.role,
            verdict: fragment.verdict,
        }
    }

    /// Its text, repaired.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its bytes in the document.
    pub fn source(&self) -> std::ops::Range<usize> {
        self.source.clone()
    }

    /// Its label.
    pub fn label(&self) -> Label {
        self.guess.label
    }

    /// How sure the label is, 0 to 1.
    pub fn score(&self) -> f32 {
        self.guess.score
    }

    /// Its script.
    pub fn script(&self) -> Script {
        self.script
    }

    /// The encoding it was decoded from.
    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// What was repaired in its paragraph.
    pub fn repairs(&self) -> Repairs {
        self.repairs
    }

    /// What it is in its document.
    pub fn role(&self) -> Role {
        self.role
    }

    /// Whether it stays.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_tile_the_bytes() {
        let found: Vec<_> = pieces(b"one\ntwo\n0123456789\n", 8).collect();
        assert_eq!(found, [(0, &b"one\ntwo\n"[..]), (8, b"01234567"), (16, b"89\n")]);
        assert_eq!(pieces(b"", 8).count(), 0);
    }
}
