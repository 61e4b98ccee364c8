//! `decode`: bytes to UTF-8, paragraph by paragraph.

use std::io::Write as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::DONE;
use super::args::DecodeArgs;
use super::console::output;
use super::filter::{self, LineFilter};
use super::object::Object;
use crate::batch::{Batch, Document};
use crate::config::{Config, InputFormat};
use crate::decode::guess::Candidate;
use crate::decode::{Decode, Encoding, Evidence, candidates, prescan};
use crate::source::{Context, FORMATS};
use crate::stage::{Scratch, Stage as _};

pub(super) fn run(args: &DecodeArgs, config: &Config) -> anyhow::Result<u8> {
    let stage = Decode::new(config.paragraphs).on_malformed(config.on_malformed);
    if args.filter.jsonl {
        return filter::run(&Objects { stage }, &args.filter, config);
    }
    let reader = filter::input(&args.filter)?;
    let context = Context::new(Arc::new(config.clone()), "");
    let plain = FORMATS.iter().find(|f| f.name == InputFormat::Text).map(|f| (f.open)(reader, &context));
    let mut source = plain.ok_or_else(|| anyhow::anyhow!("this build reads no text"))?;
    let (mut batch, mut scratch, mut out) = (Batch::default(), Scratch::default(), output());
    loop {
        batch.clear();
        let more = source.fill(&mut batch, config.batch_size.0 as usize);
        stage.run(&mut batch, &mut scratch);
        for document in &batch.documents {
            if args.explain {
                explain(&batch, document, &mut out)?;
            } else {
                let text = text(&batch, document);
                out.write_all(text.as_bytes())?;
            }
        }
        if !more {
            break;
        }
    }
    out.flush()?;
    filter::whole(&args.filter, source.failure(), source.taken())?;
    Ok(DONE)
}

/// The paragraphs of a document, with the blank lines between them; what is no text is left out.
fn text(batch: &Batch, document: &Document) -> String {
    let mut out = String::new();
    if document.rejected.is_some() {
        return out;
    }
    let mut at = document.raw.start as usize;
    // The first line end after a paragraph was printed with it.
    let mut printed = 0;
    let mut ebcdic = false;
    for paragraph in batch.paragraphs_of(document) {
        ebcdic = batch.lines_of(paragraph).first().is_some_and(|line| line.encoding.is_ebcdic());
        let ends = line_ends(&batch.raw[at..paragraph.raw.start as usize], ebcdic);
        out.extend(std::iter::repeat_n('\n', ends.saturating_sub(printed)));
        (at, printed) = (paragraph.raw.end as usize, 0);
        if paragraph.rejected.is_none() {
            out.push_str(&batch.text[paragraph.text.range()]);
            out.push('\n');
            printed = 1;
        }
    }
    let ends = line_ends(&batch.raw[at..document.raw.end as usize], ebcdic);
    out.extend(std::iter::repeat_n('\n', ends.saturating_sub(printed)));
    out
}

/// How many line ends stand between two paragraphs, in one or several bytes each.
fn line_ends(between: &[u8], ebcdic: bool) -> usize {
    let units = between.iter().filter(|b| **b != 0);
    let (mut count, mut last) = (0, 0);
    for &unit in units {
        let ends = if ebcdic { matches!(unit, 0x15 | 0x25 | 0x0D) } else { matches!(unit, b'\n' | b'\r') };
        let second = last == b'\r' && unit != b'\r';
        count += usize::from(ends && !second);
        last = unit;
    }
    count
}

fn explain(batch: &Batch, document: &Document, out: &mut impl std::io::Write) -> std::io::Result<()> {
    let base = document.offset.wrapping_sub(u64::from(document.raw.start));
    let place = |start: u32, end: u32| format!("{}-{}", base.wrapping_add(start.into()), base.wrapping_add(end.into()));
    if let Some(reason) = document.rejected {
        let place = place(document.raw.start, document.raw.end);
        return writeln!(out, "{place}\t-\t0\trejected: {}", reason.name());
    }
    for paragraph in batch.paragraphs_of(document) {
        for line in batch.lines_of(paragraph) {
            let (evidence, score) = (line.evidence.name(), line.score);
            let place = place(line.raw.start, line.raw.end);
            let verdict = paragraph.rejected.map_or(evidence, |r| r.name());
            let malformed = if line.malformed > 0 { format!(", {} malformed", line.malformed) } else { String::new() };
            let name = |c: &Candidate| format!("{} {:+.1}", c.encoding.name(), c.margin);
            let guessed = matches!(line.evidence, Evidence::Letters | Evidence::Neighbours | Evidence::Declared);
            let bits = if guessed { candidates(&batch.raw[line.raw.range()], line.encoding) } else { Vec::new() };
            let bits: Vec<String> = bits.iter().map(name).collect();
            let bits = bits.join(", ");
            writeln!(out, "{place}\t{}\t{score:.2}\t{verdict}{malformed}\t{bits}", line.encoding.name())?;
        }
    }
    Ok(())
}

/// The `--jsonl` form.
struct Objects {
    stage: Decode,
}

impl LineFilter for Objects {
    type Scratch = (Batch, Scratch);

    fn text(&self, _: &str, _: &mut Self::Scratch, _: &mut Vec<u8>) {}

    fn object(&self, object: &mut Object, (batch, scratch): &mut Self::Scratch) -> Result<(), String> {
        let bytes = object.string("bytes").ok_or("no field \"bytes\" with a string")?;
        let bytes = STANDARD.decode(bytes).map_err(|e| format!("\"bytes\" is no base64: {e}"))?;
        if bytes.len() > crate::batch::MAX_PAYLOAD {
            return Err(format!("\"bytes\" holds more than {} bytes", crate::batch::MAX_PAYLOAD));
        }
        let declared = object.string("declared").and_then(|label| {
            let charset = prescan::content_type_charset(&label).unwrap_or(&label);
            Encoding::for_label(charset)
        });
        batch.clear();
        batch.push_document(&bytes).declared = declared;
        self.stage.run(batch, scratch);
        let document = &batch.documents[0];
        if document.rejected.is_some() {
            return Err("no text in any encoding".to_owned());
        }
        let text = text(batch, document);
        // Lines of ASCII say nothing about the rest.
        let lines =
            || batch.lines.iter().filter(|l| !batch.raw[l.raw.range()].is_ascii() || l.encoding != Encoding::UTF_8);
        let mut names: Vec<&str> = Vec::new();
        lines().for_each(|l| {
            if !names.contains(&l.encoding.name()) {
                names.push(l.encoding.name())
            }
        });
        let score = lines().map(|l| l.score).fold(1.0, f32::min);
        let encoding = match names[..] {
            [] => json!("utf-8"),
            [name] => json!(name),
            _ => json!(names),
        };
        object.set("text", &json!(text.strip_suffix('\n').unwrap_or(&text)));
        object.set("encoding", &encoding);
        object.set("encoding_score", &filter::rounded(score));
        Ok(())
    }
}
