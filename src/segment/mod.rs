//! Segment stage: a paragraph becomes fragments of one language and script each.
//!
//! Most paragraphs are one fragment, and a first look shows it. Names, terms and short quotations stay in their sentence;
//! a sentence, a line or a longer quotation in another language or script is a fragment of its own. Languages of one
//! macrolanguage are not told apart within a paragraph, nor are the scripts of one language.

mod alphabets;
mod languages;
mod marks;
mod path;
mod rules;
mod scripts;
mod singles;
mod units;

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use self::alphabets::Alphabet;
use self::languages::{Languages, undivided};
use self::rules::Rules;
use self::scripts::{divide, resolve_han, weight, whole};
use crate::batch::{self, Batch, Paragraph, Role, Span, Verdict, as_usize};
use crate::config::{Config, Fragments, Separation};
use crate::lang::ngram::{Glance, Ngram, writing_system};
use crate::lang::{Guess, Identify, IdentifyScratch, Label};
use crate::script::{Run, Script};
use crate::source_map::SourceMap;
use crate::stage::{Scratch, Stage};

/// What is told of one text. What its role is takes all of its document: [`Roles::judge`](crate::role::Roles::judge) tells it of
/// fragments in their order, [`Pipeline::fragments`](crate::Pipeline::fragments) of those of bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Fragment {
    /// Its bytes in the text.
    pub range: Range<usize>,
    /// Script of most of its letters; of a language in two scripts of which the engine knows one, that.
    pub script: Script,
    /// Its label.
    pub label: Label,
    /// How sure the label is, 0 to 1.
    pub score: f32,
    /// It is in another language than the text is, quotations apart. [`Fragments::Drop`] is about these.
    pub foreign: bool,
}

/// How a text is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How readily languages are parted.
    pub separation: Separation,
    /// Words from which on a foreign stretch inside a sentence is a fragment of its own.
    pub min_fragment: usize,
}

impl Default for Options {
    fn default() -> Self {
        let Config { separation, min_fragment, .. } = Config::default();
        Self { separation, min_fragment }
    }
}

/// The fragments of a text, which tile it, labelled by our own engine.
///
/// Needs no set-up. For many texts a [`Segmenter`] with a scratch of one's own is faster, and takes all settings.
///
/// ```
/// use babelsift::segment::{Options, fragments};
/// let text = "The ferry leaves at seven in the morning. El barco sale a las siete de la mañana.";
/// let labels: Vec<_> = fragments(text, &Options::default()).iter().map(|f| f.label.to_string()).collect();
/// assert_eq!(labels, ["eng_Latn", "spa_Latn"]);
/// ```
pub fn fragments(text: &str, options: &Options) -> Vec<Fragment> {
    static IDENTIFY: LazyLock<Identify> = LazyLock::new(Identify::default);
    let Options { separation, min_fragment } = *options;
    let segment =
        Segment { separate: true, min_fragment, rules: Rules::new(separation, min_fragment), glances: Some(shared()) };
    let mut out = Vec::new();
    labelled(&segment, &IDENTIFY, text, &mut Scratch::default(), &mut out);
    out
}

/// Divides and labels texts.
pub struct Segmenter {
    segment: Segment,
    identify: Identify,
}

impl Segmenter {
    /// With all settings.
    ///
    /// # Errors
    /// Those of [`Identify::new`].
    pub fn new(config: &Config) -> crate::Result<Self> {
        Ok(Self { segment: Segment::new(config), identify: Identify::new(config)? })
    }

    /// The fragments of a text, which tile it, into `out`.
    pub fn fragments(&self, text: &str, scratch: &mut Scratch, out: &mut Vec<Fragment>) {
        labelled(&self.segment, &self.identify, text, scratch, out);
    }
}

fn labelled(segment: &Segment, identify: &Identify, text: &str, scratch: &mut Scratch, out: &mut Vec<Fragment>) {
    out.clear();
    let Scratch { segment: own, identify: memory, .. } = scratch;
    segment.pieces(text, own);
    let SegmentScratch { pieces, languages, .. } = own;
    resolve(text, 0, pieces);
    if let ([piece], Some(guess)) = (&pieces[..], languages.sure)
        && identify.takes(&guess, piece.script)
    {
        let Guess { label, score, .. } = identify.accept(guess, piece.script);
        let range = piece.start..piece.end;
        return out.push(Fragment { range, script: piece.script, label, score, foreign: false });
    }
    let guesses = identify_voices(identify, text, pieces, memory);
    for ((piece, Guess { label, score, .. }), voice) in pieces.iter().zip(guesses).zip(voices(text, pieces)) {
        let (range, script, foreign) = (piece.start..piece.end, piece.script, voice != 0);
        match out.last_mut() {
            Some(last) if last.label == label && last.script == script => {
                (last.range.end, last.foreign) = (range.end, last.foreign && foreign);
            }
            _ => out.push(Fragment { range, script, label, score, foreign }),
        }
    }
}

/// The stage.
pub struct Segment {
    separate: bool,
    min_fragment: usize,
    rules: Rules,
    /// What tells languages of one script apart; nothing when that is not wanted.
    glances: Option<Arc<[Glance]>>,
}

/// Memory of the stage, one a worker.
#[derive(Debug, Default)]
pub struct SegmentScratch {
    scripts: scripts::Memory,
    runs: Vec<Run>,
    pieces: Vec<Piece>,
    languages: languages::Memory,
}

/// No language was told.
const NO_LABEL: u16 = u16::MAX;

/// A stretch of a text in one language, in bytes. The pieces of a text tile it.
#[derive(Clone, Copy, Debug)]
struct Piece {
    start: usize,
    end: usize,
    script: Script,
    /// Its writing system, and which of the labels of that it has: what identification will say is not known yet.
    system: Script,
    label: u16,
}

impl Piece {
    fn is_one_with(&self, next: &Self) -> bool {
        (self.system, self.label) == (next.system, next.label)
    }

    fn continues(&self, next: &Self) -> bool {
        self.end == next.start && self.is_one_with(next)
    }
}

/// All labels of our own engine, read once.
fn shared() -> Arc<[Glance]> {
    static SHARED: LazyLock<Arc<[Glance]>> = LazyLock::new(|| Glance::all(&Ngram::new(&[])).into());
    SHARED.clone()
}

impl Segment {
    /// With what the settings say of fragments. Languages are told apart by our own engine, whatever labels them, unless
    /// scripts are all that is asked for.
    pub fn new(config: &Config) -> Self {
        let separate = config.fragments != Fragments::Keep;
        let glances = (separate && config.identifier != "script").then(|| match config.languages.0[..] {
            [] => shared(),
            ref some => Glance::all(&Ngram::new(some)).into(),
        });
        let rules = Rules::new(config.separation, config.min_fragment);
        Self { separate, min_fragment: config.min_fragment, rules, glances }
    }

    /// Divides a text; Han is left undecided, which takes the whole document.
    fn pieces(&self, text: &str, scratch: &mut SegmentScratch) {
        let SegmentScratch { scripts, runs, pieces, languages } = scratch;
        pieces.clear();
        languages.sure = None;
        if self.separate {
            divide(text, self.min_fragment, scripts, runs);
        } else {
            whole(text, runs);
        }
        let mut systems = 0;
        for first in 0..runs.len() {
            let system = writing_system(runs[first].script);
            if runs[..first].iter().any(|run| writing_system(run.script) == system) {
                continue;
            }
            systems += 1;
            let is_own = |script| writing_system(script) == system;
            let own = &runs[first..];
            let glance = self.glances().iter().find(|glance| glance.reads(system));
            if let Some(glance) = glance.filter(|glance| glance.divides()) {
                let (rules, memory) = (&self.rules, &mut *languages);
                Languages { text, runs: own, system, glance, rules, memory }.pieces(pieces);
            } else {
                undivided(own, system, is_own, pieces);
                if let (Some(glance), [run]) = (glance, &runs[..]) {
                    languages.look_at_all(text, run, glance);
                }
            }
        }
        if systems > 1 {
            pieces.sort_unstable_by_key(|piece| piece.start);
            self.read_alphabets(text, pieces, languages);
            self.join_scripts(pieces);
            languages.sure = None;
        }
    }

    fn glances(&self) -> &[Glance] {
        self.glances.as_deref().unwrap_or_default()
    }

    /// The label of a piece, where languages were told apart.
    fn label(&self, piece: &Piece) -> Option<Label> {
        let glance = self.glances().iter().find(|glance| glance.reads(piece.system))?;
        glance.labels().get(usize::from(piece.label)).copied()
    }

    /// Gives pieces in a script that the engine does not know a language in to that language, if others are in it and the
    /// letters read as it.
    fn read_alphabets(&self, text: &str, pieces: &mut [Piece], memory: &mut languages::Memory) {
        if self.glances.is_none() {
            return;
        }
        let mut known = None;
        for alphabet in Alphabet::all() {
            let (from, to) = (alphabet.from, alphabet.label.script);
            let has = |system: Script| pieces.iter().any(|piece| piece.system == system);
            if !has(from) || !has(to) {
                continue;
            }
            if known.is_none_or(|(system, _)| system != to) {
                known = Some((to, memory.language(text, pieces, to)));
            }
            let Some((_, Some(whole))) = known else { continue };
            let labelled =
                |piece: &&Piece| self.label(piece).is_some_and(|own| own.is_one_language_with(&alphabet.label));
            let mut in_known = pieces.iter().filter(|piece| piece.system == to);
            let own = in_known.clone().find(labelled).or(in_known.next().filter(|_| whole == alphabet.label));
            let Some(own) = own.copied() else { continue };
            for others in pieces.chunk_by_mut(|a, b| a.system == b.system).filter(|others| others[0].system == from) {
                let mut join = |others: &mut [Piece]| {
                    let reads = memory.reads_as(&text[others[0].start..others[others.len() - 1].end], alphabet);
                    if reads {
                        others
                            .iter_mut()
                            .for_each(|other| *other = Piece { start: other.start, end: other.end, ..own });
                    }
                    reads
                };
                if !join(others) && others.len() > 1 {
                    others.chunks_mut(1).for_each(|other| _ = join(other));
                }
            }
        }
    }

    /// Makes the scripts of one language one piece.
    fn join_scripts(&self, pieces: &mut Vec<Piece>) {
        pieces.dedup_by(|next, piece| {
            let same = piece.is_one_with(next)
                || self.label(piece).zip(self.label(next)).is_some_and(|(a, b)| a.is_one_language_with(&b));
            if same {
                if next.end - next.start > piece.end - piece.start {
                    (piece.script, piece.system, piece.label) = (next.script, next.system, next.label);
                }
                piece.end = next.end;
            }
            same
        });
    }
}

/// Resolves Han by all the pieces of a document, given with where their text begins.
fn resolve(text: &str, start: usize, pieces: &mut [Piece]) {
    if pieces.iter().any(|piece| piece.script == Script::HANI) {
        let own = |piece: &Piece| start + piece.start..start + piece.end;
        resolve_han(&mut pieces.iter_mut().map(|p| (&text[own(p)], &mut p.script)).collect::<Vec<_>>());
    }
}

/// Labels pieces; those of one language together.
fn identify_voices(identify: &Identify, text: &str, pieces: &[Piece], scratch: &mut IdentifyScratch) -> Vec<Guess> {
    let mut told: Vec<(&Piece, Guess)> = Vec::new();
    let label = |(i, piece): (usize, &_)| {
        let piece: &Piece = piece;
        if let Some((_, guess)) = told.iter().find(|(own, _)| own.is_one_with(piece)) {
            return *guess;
        }
        let same = pieces[i..].iter().filter(|own| own.is_one_with(piece)).map(|own| &text[own.start..own.end]);
        let guess = identify.guess_all(same, piece.script, scratch);
        told.push((&pieces[i], guess));
        guess
    };
    pieces.iter().enumerate().map(label).collect()
}

impl Stage for Segment {
    fn name(&self) -> &'static str {
        "segment"
    }

    fn run(&self, batch: &mut Batch, scratch: &mut Scratch) {
        for document in 0..batch.documents.len() {
            let (rows, first) = (as_usize(&batch.documents[document].paragraphs), batch.fragments.len());
            for paragraph in rows {
                self.paragraph(batch, paragraph, &mut scratch.segment);
            }
            let own = &mut batch.fragments[first..];
            if own.iter().any(|f| f.script == Script::HANI) {
                let text = &batch.text;
                resolve_han(&mut own.iter_mut().map(|f| (&text[f.text.range()], &mut f.script)).collect::<Vec<_>>());
            }
        }
    }
}

impl Segment {
    fn paragraph(&self, batch: &mut Batch, index: usize, scratch: &mut SegmentScratch) {
        let paragraph = &batch.paragraphs[index];
        let text = &batch.text[paragraph.text.range()];
        let first = batch.fragments.len();
        let row = |text: Span, raw: Span, script: Script, verdict: Verdict| {
            let (paragraph, guess, role) = (index as u32, Guess::none(script), Role::Content);
            let (identified, voice, alone) = (text, 0, None);
            batch::Fragment { paragraph, text, identified, raw, script, voice, guess, alone, role, verdict }
        };
        if let Some(reason) = paragraph.rejected {
            batch.fragments.push(row(paragraph.text, paragraph.raw, Script::ZYYY, Verdict::Drop(reason)));
        } else if text.trim().is_empty() {
            batch.documents[paragraph.document as usize].structure += paragraph.raw.len() as u64;
        } else {
            self.pieces(text, scratch);
            if let [piece] = scratch.pieces[..] {
                let own = row(paragraph.text, paragraph.raw, piece.script, Verdict::Keep);
                let guess = scratch.languages.sure.unwrap_or(own.guess);
                batch.fragments.push(batch::Fragment { guess, ..own });
            } else {
                let pieces = &scratch.pieces;
                let voices = voices(text, pieces);
                let cuts = source_cuts(batch, paragraph, pieces);
                let mut from = paragraph.raw.start as usize;
                let start = paragraph.text.start as usize;
                for ((piece, cut), voice) in pieces.iter().zip(cuts).zip(voices) {
                    let text = Span::new(start + piece.start, start + piece.end);
                    let own = row(text, Span::new(from, cut), piece.script, Verdict::Keep);
                    batch.fragments.push(batch::Fragment { voice, ..own });
                    from = cut;
                }
            }
        }
        batch.paragraphs[index].fragments = first as u32..batch.fragments.len() as u32;
    }
}

/// Numbers the languages of pieces, from 0 for the one with most text outside of marks, or else with most.
fn voices(text: &str, pieces: &[Piece]) -> Vec<u16> {
    let mut found: Vec<(&Piece, usize, usize)> = Vec::new();
    for piece in pieces {
        let own = &text[piece.start..piece.end];
        let all = weight(piece.script, own.chars().count());
        let outside = if marks::are_around(own) { 0 } else { all };
        match found.iter_mut().find(|(own, ..)| own.is_one_with(piece)) {
            Some((_, sum, total)) => (*sum, *total) = (*sum + outside, *total + all),
            None => found.push((piece, outside, all)),
        }
    }
    found.sort_by_key(|(_, outside, all)| std::cmp::Reverse((*outside, *all)));
    let number = |piece: &Piece| found.iter().position(|(own, ..)| own.is_one_with(piece)).unwrap_or_default() as u16;
    pieces.iter().map(number).collect()
}

/// Where the source bytes of each piece end; the last takes all that is left.
fn source_cuts(batch: &Batch, paragraph: &Paragraph, pieces: &[Piece]) -> Vec<usize> {
    let (start, end) = (paragraph.raw.start as usize, paragraph.raw.end as usize);
    let mut map = SourceMap::new(batch, paragraph);
    let mut cuts: Vec<usize> = pieces.iter().map(|p| map.source_offset(p.end).clamp(start, end)).collect();
    if let Some(last) = cuts.last_mut() {
        *last = end;
    }
    cuts
}

#[cfg(test)]
mod tests;
