//! Segment stage: a paragraph becomes fragments of one script each.
//!
//! Most paragraphs are one fragment. A stretch in a script foreign to its paragraph is a fragment of its own when it is
//! long enough to be no name or term, or when it is a sentence by itself; the rest stays with its host.

use std::cmp::Ordering;

use crate::batch::{Batch, Fragment, Paragraph, Role, Span, Verdict, as_usize};
use crate::config::Fragments;
use crate::lang::Guess;
use crate::script::{Run, Script, han_variants, runs};
use crate::source_map::SourceMap;
use crate::stage::{Scratch, Stage};

/// Letters and words that make a foreign stretch between sentence ends a sentence.
const SENTENCE: (usize, usize) = (10, 2);

/// Bytes of Han alone from which on it is no Japanese: a sentence of twelve characters has kana in it.
const SENTENCE_OF_HAN: usize = 36;

/// The stage.
#[derive(Debug)]
pub struct Segment {
    fragments: Fragments,
    min_fragment: usize,
}

impl Segment {
    /// With what becomes of foreign stretches and how many words make one.
    pub fn new(fragments: Fragments, min_fragment: usize) -> Self {
        Self { fragments, min_fragment }
    }

    /// Divides one text into fragments of one script, tiling it.
    ///
    /// ```
    /// use babelsift::{config::Fragments, segment::Segment};
    /// let mut fragments = Vec::new();
    /// Segment::new(Fragments::Separate, 4).fragments("This is the end. Это уже другое предложение.", &mut fragments);
    /// assert_eq!(fragments.iter().map(|f| f.script.code()).collect::<Vec<_>>(), ["Latn", "Cyrl"]);
    /// ```
    pub fn fragments(&self, text: &str, out: &mut Vec<Run>) {
        self.divide(text, out);
        if out.iter().any(|r| r.script == Script::HANI) {
            resolve_han(&mut out.iter_mut().map(|r| (&text[r.start..r.end], &mut r.script)).collect::<Vec<_>>());
        }
    }

    /// The same with Han unresolved: that takes the whole document.
    fn divide(&self, text: &str, out: &mut Vec<Run>) {
        runs(text, out);
        if out.len() < 2 {
            return;
        }
        let host = host(out);
        if self.fragments == Fragments::Keep {
            *out = vec![Run { start: 0, end: text.len(), script: host, letters: out.iter().map(|r| r.letters).sum() }];
            return;
        }
        for run in out.iter_mut() {
            if run.script != host && !self.stands_alone(text, run) {
                run.script = host;
            }
        }
        out.dedup_by(|next, run| {
            let same = next.script == run.script;
            if same {
                run.end = next.end;
                run.letters += next.letters;
            }
            same
        });
    }

    fn stands_alone(&self, text: &str, run: &Run) -> bool {
        let own = &text[run.start..run.end];
        let words = if run.script.is_unspaced() {
            run.letters / 2
        } else {
            own.split_whitespace().filter(|w| w.chars().any(char::is_alphabetic)).count()
        };
        let ends = |t: &str| {
            t.trim_end_matches([' ', '"', '”', '»', '」', ')', '\'', '’'])
                .ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '۔', '\n'])
        };
        let before = text[..run.start].trim_end_matches(' ');
        let sentence = (before.is_empty() || ends(before)) && (run.end == text.len() || ends(own));
        words >= self.min_fragment || (sentence && run.letters >= SENTENCE.0 && words >= SENTENCE.1)
    }
}

/// The script with most letters (the first of equals); a Han character or a syllable block says as much as two letters.
fn host(runs: &[Run]) -> Script {
    let mut totals: Vec<(Script, usize)> = Vec::new();
    for run in runs {
        let weight = run.letters * if matches!(run.script, Script::HANI | Script::JPAN | Script::KORE) { 2 } else { 1 };
        match totals.iter_mut().find(|(script, _)| *script == run.script) {
            Some((_, total)) => *total += weight,
            None => totals.push((run.script, weight)),
        }
    }
    totals.into_iter().fold((Script::ZYYY, 0), |best, own| if own.1 > best.1 { own } else { best }).0
}

impl Stage for Segment {
    fn name(&self) -> &'static str {
        "segment"
    }

    fn run(&self, batch: &mut Batch, scratch: &mut Scratch) {
        for document in 0..batch.documents.len() {
            let (rows, first) = (as_usize(&batch.documents[document].paragraphs), batch.fragments.len());
            for paragraph in rows {
                self.paragraph(batch, paragraph, &mut scratch.runs);
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
    fn paragraph(&self, batch: &mut Batch, index: usize, found: &mut Vec<Run>) {
        let paragraph = &batch.paragraphs[index];
        let text = &batch.text[paragraph.text.range()];
        let first = batch.fragments.len();
        let row = |text: Span, raw: Span, script: Script, verdict: Verdict| {
            let (paragraph, guess, role) = (index as u32, Guess::none(script), Role::Content);
            Fragment { paragraph, text, identified: text, raw, script, guess, alone: None, role, verdict }
        };
        if let Some(reason) = paragraph.rejected {
            batch.fragments.push(row(paragraph.text, paragraph.raw, Script::ZYYY, Verdict::Drop(reason)));
        } else if text.trim().is_empty() {
            batch.documents[paragraph.document as usize].structure += paragraph.raw.len() as u64;
        } else {
            self.divide(text, found);
            if let [run] = found[..] {
                batch.fragments.push(row(paragraph.text, paragraph.raw, run.script, Verdict::Keep));
            } else {
                let cuts = source_cuts(batch, paragraph, found);
                let mut from = paragraph.raw.start as usize;
                let start = paragraph.text.start as usize;
                for (run, cut) in found.iter().zip(cuts) {
                    let text = Span::new(start + run.start, start + run.end);
                    batch.fragments.push(row(text, Span::new(from, cut), run.script, Verdict::Keep));
                    from = cut;
                }
            }
        }
        batch.paragraphs[index].fragments = first as u32..batch.fragments.len() as u32;
    }
}

/// Where the source bytes of each run end; the last takes all that is left.
fn source_cuts(batch: &Batch, paragraph: &Paragraph, runs: &[Run]) -> Vec<usize> {
    let (start, end) = (paragraph.raw.start as usize, paragraph.raw.end as usize);
    let mut map = SourceMap::new(batch, paragraph);
    let mut cuts: Vec<usize> = runs.iter().map(|r| map.source_offset(r.end).clamp(start, end)).collect();
    if let Some(last) = cuts.last_mut() {
        *last = end;
    }
    cuts
}

/// Tells which of the writing systems that use Han each Han part of a document is in: by its own characters, else by
/// the document's.
fn resolve_han<'t>(parts: &mut [(&'t str, &'t mut Script)]) {
    let (mut kana, mut han, mut all) = (0, 0, (0, 0));
    for (text, script) in parts.iter() {
        match **script {
            Script::JPAN => kana += text.len(),
            Script::HANI => {
                let (s, t) = han_variants(text);
                (han, all) = (han + text.len(), (all.0 + s, all.1 + t));
            }
            _ => {}
        }
    }
    let decide = |(simplified, traditional): (usize, usize)| match simplified.cmp(&traditional) {
        Ordering::Greater => Some(Script::HANS),
        Ordering::Less => Some(Script::HANT),
        Ordering::Equal => None,
    };
    for (text, script) in parts.iter_mut().filter(|(_, script)| **script == Script::HANI) {
        let chinese = || decide(han_variants(text)).or_else(|| decide(all)).unwrap_or(Script::HANI);
        **script = if kana > han && text.len() < SENTENCE_OF_HAN { Script::JPAN } else { chinese() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn divided(text: &str) -> Vec<(&'static str, &str)> {
        let mut out = Vec::new();
        Segment::new(Fragments::Separate, 4).divide(text, &mut out);
        out.iter().map(|r| (r.script.code(), &text[r.start..r.end])).collect()
    }

    #[test]
    fn names_and_terms_stay_with_their_host() {
        for text in [
            "Установите Microsoft Office 365 на новый ноутбук и войдите в систему.",
            "新しいiPhone 15 Proを買いました。",
            "The word «правда» means truth.",
            "Η εταιρεία Deutsche Bahn AG ανακοίνωσε νέα δρομολόγια.",
        ] {
            assert_eq!(divided(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn foreign_sentences_do_not() {
        let text = "The page ends here. Заголовок открываемого материала";
        assert_eq!(divided(text), [("Latn", "The page ends here. "), ("Cyrl", "Заголовок открываемого материала")]);
        let text = "He wrote: «мы приедем завтра рано утром» and left the town for good.";
        assert_eq!(
            divided(text),
            [
                ("Latn", "He wrote: "),
                ("Cyrl", "«мы приедем завтра рано утром» "),
                ("Latn", "and left the town for good.")
            ]
        );
    }

    #[test]
    fn alternating_scripts_take_linear_time() {
        let text = "a б ".repeat(200_000);
        assert_eq!(divided(&text).len(), 1);
    }
}
