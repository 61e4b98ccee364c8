//! Gathers examples from a batch that all stages have been over. The first documents of the input are shown, so once the
//! report has enough of a kind, later batches are spared looking for it.

use super::Report;
use super::examples::{Example, KEPT, Origin, Sample};
use crate::batch::{Batch, Document, Fragment, Paragraph, Verdict};
use crate::config::Config;
use crate::decode::Encoding;
use crate::decode::prescan;
use crate::decode::sniff::is_binary;
use crate::error::Result;
use crate::lang::Label;
use crate::reason::Reason;
use crate::repair::{Change, Profile, Repairs, changes, watch};
use crate::source::Input;

/// Characters of a replaced stretch.
const CORE: usize = 60;
/// Characters around it.
const AROUND: usize = 28;
/// Characters of a rejected stretch.
const REJECTED: usize = 160;
/// Characters of a sample document.
const SAMPLE: usize = 240;
/// Bytes of a stretch that is no text.
const BYTES: usize = 32;
/// A longer paragraph is not repaired once more for the sake of an example.
const LONGEST: usize = 1 << 16;

/// What repairs changed in a paragraph: in its decoded text, then in its fragments.
#[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "only the program shows them"))]
pub(crate) fn all_changes(batch: &Batch, paragraph: &Paragraph, profile: &Profile) -> Vec<Change> {
    let mut all = Vec::new();
    each_text(batch, paragraph, |text, label| all.extend(changes(text, profile, label)));
    all
}

/// The texts of a paragraph that repairs worked on.
fn each_text(batch: &Batch, paragraph: &Paragraph, mut each: impl FnMut(&str, Option<Label>)) {
    if paragraph.repairs.is_empty() {
        return;
    }
    each(&batch.text[paragraph.decoded.range()], None);
    for fragment in batch.fragments_of(paragraph).iter().filter(|f| f.text != f.identified) {
        each(&batch.text[fragment.identified.range()], Some(fragment.guess.label));
    }
}

/// Looks for examples.
pub(crate) struct Gather {
    profile: Profile,
}

impl Gather {
    /// With the repairs of these settings.
    pub(crate) fn new(config: &Config) -> Result<Self> {
        Ok(Self { profile: Profile::new(config)? })
    }

    /// Adds the examples of a batch to its report; `complete` are the repairs that have enough.
    pub(crate) fn batch(&self, batch: &Batch, inputs: &[Input], mut complete: Repairs, report: &mut Report) {
        for document in &batch.documents {
            let origin = || Origin {
                file_path: inputs[document.input as usize].name.clone(),
                record: document.record,
                part: document.part,
            };
            if let Some(reason) = document.rejected {
                rejected(reason, &batch.raw[document.raw.range()], None, &origin, report);
                continue;
            }
            declared(batch, document, report);
            rejects(batch, document, &origin, report);
            sample(batch, document, &origin, report);
            let mut shown = complete;
            for paragraph in batch.paragraphs_of(document) {
                let new = paragraph.repairs.without(shown);
                if !new.is_empty() && paragraph.decoded.len() <= LONGEST {
                    shown = shown.with(new);
                    self.repairs(batch, paragraph, new, &origin, report);
                    complete = complete.with(report.examples.complete());
                }
            }
        }
    }

    /// One example of each of these repairs.
    fn repairs(
        &self,
        batch: &Batch,
        paragraph: &Paragraph,
        mut wanted: Repairs,
        origin: &dyn Fn() -> Origin,
        report: &mut Report,
    ) {
        each_text(batch, paragraph, |text, label| {
            watch(text, &self.profile, label, |repair, before, after, edit| {
                let Some(own) = Repairs::named(repair).filter(|own| wanted.has(*own)) else { return };
                wanted = wanted.without(own);
                let example = Example {
                    lead: ending(&before[..edit.input.start as usize], AROUND),
                    before: beginning(&before[edit.input.range()], CORE),
                    after: beginning(&after[edit.output.range()], CORE),
                    tail: beginning(&before[edit.input.end as usize..], AROUND),
                    origin: origin(),
                };
                report.examples.repairs.entry(repair.to_owned()).or_default().push(example);
            });
        });
        // What can't be found once more is shown by the whole paragraph: every repair that counted has an example.
        for repair in wanted.names() {
            let example = Example {
                before: beginning(&batch.text[paragraph.decoded.range()], CORE),
                after: beginning(&batch.text[paragraph.text.range()], CORE),
                origin: origin(),
                ..Example::default()
            };
            report.examples.repairs.entry(repair.to_owned()).or_default().push(example);
        }
    }
}

/// What a document says of its encoding beside what its lines are in.
fn declared(batch: &Batch, document: &Document, report: &mut Report) {
    let said = || Some(prescan::declared(&batch.raw[document.raw.range()])?).filter(|_| document.part == 0);
    let Some(said) = document.declared.or_else(said) else { return };
    for paragraph in batch.paragraphs_of(document).iter().filter(|p| p.rejected.is_none()) {
        for line in batch.lines_of(paragraph) {
            let bytes = &batch.raw[line.raw.range()];
            // Nearly all encodings read ASCII alike.
            if line.encoding == Encoding::UTF_8 && bytes.is_ascii() {
                continue;
            }
            let found = report.declared.entry(said.name().to_owned()).or_default();
            found.entry(line.encoding.name().to_owned()).or_default().add(bytes.len() as u64);
        }
    }
}

/// The first fragment of a document for each reason to drop one.
fn rejects(batch: &Batch, document: &Document, origin: &dyn Fn() -> Origin, report: &mut Report) {
    let mut shown: Vec<Reason> = Vec::new();
    for paragraph in batch.paragraphs_of(document) {
        for fragment in batch.fragments_of(paragraph) {
            let Verdict::Drop(reason) = fragment.verdict else { continue };
            if !shown.contains(&reason) {
                shown.push(reason);
                let text = paragraph.is_text().then(|| batch.fragment_text(fragment));
                rejected(reason, &batch.raw[fragment.raw.range()], text, origin, report);
            }
        }
    }
}

fn rejected(reason: Reason, bytes: &[u8], text: Option<&str>, origin: &dyn Fn() -> Origin, report: &mut Report) {
    let examples = report.examples.reasons.entry(reason.name().to_owned()).or_default();
    if examples.len() < KEPT {
        let before = match text {
            Some(text) => beginning(text, REJECTED),
            None if is_binary(&bytes[..bytes.len().min(1 << 12)]) => hexadecimal(bytes),
            None => beginning(&lossy(bytes, REJECTED), REJECTED),
        };
        examples.push(Example { before, origin: origin(), ..Example::default() });
    }
}

/// The document from its first changed paragraph on, if there is one of a kind that is not shown yet.
fn sample(batch: &Batch, document: &Document, origin: &dyn Fn() -> Origin, report: &mut Report) {
    let paragraphs = batch.paragraphs_of(document);
    let changed = |p: &Paragraph| {
        let fragment = batch.fragments_of(p).first()?;
        let line = batch.lines_of(p).first()?;
        let plain = line.encoding == Encoding::UTF_8 && p.repairs.is_empty();
        (p.rejected.is_none() && fragment.verdict == Verdict::Keep && !plain).then_some((fragment, line.encoding))
    };
    let found = paragraphs.iter().enumerate().find_map(|(i, p)| Some((i, p, changed(p)?)));
    let Some((at, paragraph, (fragment, encoding))) = found else { return };
    if !report.examples.wants(encoding.name(), |i| paragraph.repairs.names().nth(i)) {
        return;
    }
    let from = fragment.raw.start as usize;
    let mut after = String::new();
    let kept = |f: &&Fragment| f.verdict == Verdict::Keep;
    for paragraph in &paragraphs[at..] {
        if after.len() > 4 * SAMPLE {
            break;
        }
        for fragment in batch.fragments_of(paragraph).iter().filter(kept) {
            after.extend(batch.fragment_text(fragment).chars().take(SAMPLE));
        }
        after.push('\n');
    }
    report.examples.documents.push(Sample {
        origin: origin(),
        encoding: encoding.name().to_owned(),
        repairs: paragraph.repairs.names().map(str::to_owned).collect(),
        label: fragment.guess.label.to_string(),
        before: beginning(&lossy(&batch.raw[from..document.raw.end as usize], SAMPLE), SAMPLE),
        after: beginning(after.trim_end(), SAMPLE),
    });
}

/// The first characters of bytes that may be UTF-8, and a little more.
fn lossy(bytes: &[u8], characters: usize) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(4 * characters + 4)]).into_owned()
}

fn hexadecimal(bytes: &[u8]) -> String {
    let shown: Vec<String> = bytes.iter().take(BYTES).map(|b| format!("{b:02X}")).collect();
    let more = if bytes.len() > BYTES { " …" } else { "" };
    format!("{}{more}", shown.join(" "))
}

/// At most so many characters from the front.
fn beginning(text: &str, characters: usize) -> String {
    match text.char_indices().nth(characters) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// At most so many characters from the back.
fn ending(text: &str, characters: usize) -> String {
    match text.char_indices().rev().nth(characters) {
        Some((before, c)) => format!("…{}", &text[before + c.len_utf8()..]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!((beginning("añb", 2).as_str(), beginning("añb", 3).as_str()), ("añ…", "añb"));
        assert_eq!((ending("añb", 2).as_str(), ending("añb", 3).as_str()), ("…ñb", "añb"));
        assert_eq!((ending("", 2).as_str(), hexadecimal(&[0; 33]).len()), ("", 32 * 3 - 1 + 4));
    }
}
