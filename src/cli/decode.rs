//! `decode`: bytes to UTF-8, paragraph by paragraph.

use std::io::Write as _;

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
use crate::decode::{Decode, Encoding, split};
use crate::source::FORMATS;
use crate::stage::{Scratch, Stage as _};

pub(super) fn run(args: &DecodeArgs, config: &Config) -> anyhow::Result<u8> {
    let stage = Decode::new(config.paragraphs);
    if args.filter.jsonl {
        return filter::run(&Objects { stage }, &args.filter, config);
    }
    let reader = filter::input(&args.filter)?;
    let plain = FORMATS.iter().find(|f| f.name == InputFormat::Text).map(|f| (f.open)(reader, config));
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
    filter::whole(&args.filter, source.reader())?;
    Ok(DONE)
}

/// The paragraphs of a document, with the blank lines between them; what is no text is left out.
fn text(batch: &Batch, document: &Document) -> String {
    let mut out = String::new();
    if document.rejected.is_some() {
        return out;
    }
    let raw = &batch.raw[document.raw.range()];
    let (mark, encoding) = mark(raw);
    let mut at = document.raw.start as usize + mark;
    // The first line end after a paragraph was printed with it.
    let mut printed = 0;
    for paragraph in batch.paragraphs_of(document) {
        let first = batch.lines_of(paragraph).first().map(|line| line.encoding);
        let ends = split::lines(&batch.raw[at..paragraph.raw.start as usize], 0, first.unwrap_or(encoding)).count();
        out.extend(std::iter::repeat_n('\n', ends.saturating_sub(printed)));
        (at, printed) = (paragraph.raw.end as usize, 0);
        if paragraph.rejected.is_none() {
            out.push_str(&batch.text[paragraph.text.range()]);
            out.push('\n');
            printed = 1;
        }
    }
    let last = batch.paragraphs_of(document).last().and_then(|p| batch.lines_of(p).last()).map(|line| line.encoding);
    let ends = split::lines(&batch.raw[at..document.raw.end as usize], 0, last.unwrap_or(encoding)).count();
    out.extend(std::iter::repeat_n('\n', ends.saturating_sub(printed)));
    out
}

/// Length of a byte order mark, and what it says of line ends.
fn mark(raw: &[u8]) -> (usize, Encoding) {
    match raw {
        [0xEF, 0xBB, 0xBF, ..] => (3, Encoding::UTF_8),
        [0xFF, 0xFE, ..] => (2, Encoding::UTF_16LE),
        [0xFE, 0xFF, ..] => (2, Encoding::UTF_16BE),
        _ => (0, Encoding::UTF_8),
    }
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
            let (evidence, score) = line.evidence.told();
            let place = place(line.raw.start, line.raw.end);
            let verdict = paragraph.rejected.map_or(evidence, |r| r.name());
            let malformed = if line.malformed > 0 { format!(", {} malformed", line.malformed) } else { String::new() };
            writeln!(out, "{place}\t{}\t{score}\t{verdict}{malformed}", line.encoding.name())?;
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
        let declared = object.string("declared").and_then(|label| Encoding::for_label(&label));
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
        let score = lines().map(|l| l.evidence.told().1).fold(1.0, f32::min);
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
