//! `inspect`: what `run` would do with a file, fragment by fragment.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::args::InspectArgs;
use super::console::{Console, output};
use super::filter::rounded;
use super::{DONE, FOUND, inspect_page};
use crate::batch::{Batch, Document, Fragment, Line, Paragraph, Role, Span, Verdict};
use crate::config::{Config, Prior};
use crate::decode::{Evidence, candidates};
use crate::find;
use crate::html::Kind;
use crate::pipeline::Pipeline;
use crate::repair::{Change, Profile, Signs};
use crate::report::{Paper, all_changes};
use crate::source::{Inputs, expand};
use crate::stage::Scratch;

/// Columns of text that are shown of a fragment.
const COLUMNS: usize = 72;

pub(super) fn run(args: &InspectArgs, config: &Config, console: &Console) -> anyhow::Result<u8> {
    match &args.id {
        Some(id) => find(args, id, config, console),
        None => file(args, config, console),
    }
}

fn file(args: &InspectArgs, config: &Config, console: &Console) -> anyhow::Result<u8> {
    let pipeline = Pipeline::new(config)?;
    let inputs = expand(std::slice::from_ref(&args.file))?;
    let mut source = Inputs::new(&inputs, config, Arc::default())?;
    let view = View { only: None, ..View::new(args, Profile::new(config)?, console) };
    let (mut batch, mut scratch, mut out) = (Batch::default(), Scratch::default(), output());
    view.head(&args.file, &mut out)?;
    while source.fill(&mut batch)? {
        pipeline.apply(&mut batch, &mut scratch);
        for document in &batch.documents {
            view.document(&batch, document, &inputs[document.input as usize].name, None, &mut out)?;
        }
    }
    view.foot(&mut out)?;
    out.flush()?;
    Ok(DONE)
}

/// A record of an output folder, with the bytes that it was made of.
fn find(args: &InspectArgs, id: &str, flags: &Config, console: &Console) -> anyhow::Result<u8> {
    let folder = Path::new(&args.file);
    let (paper, ledger) = Paper::read(folder)?;
    let found = find::record(folder, &ledger, id, flags.threads)?;
    let config = Config { threads: flags.threads, ..paper.configuration };
    let again = find::again(&found, &config, &args.root)?;
    let only = again.record.is_some() && !found.is_document;
    let mut view = View::new(args, Profile::new(&config)?, console);
    view.only = only.then(|| again.spans());
    let agrees = again.agrees(&found);
    let mut out = output();
    view.head(&format!("{}, {id}", args.file), &mut out)?;
    if !args.html && !args.json {
        writeln!(out, "{} in {}", found.record["id"].as_str().unwrap_or_default(), found.file)?;
    }
    let told = json!({"file": found.file, "record": found.record, "agrees": agrees});
    for document in &again.batch.documents {
        view.document(&again.batch, document, &again.input.name, Some(&told), &mut out)?;
    }
    view.foot(&mut out)?;
    out.flush()?;
    if !agrees {
        let name = &again.input.name;
        console
            .error(&format!("{name} gives another text now: the file was changed, or another version made the folder"));
        return Ok(FOUND);
    }
    Ok(DONE)
}

/// How documents are shown.
struct View<'a> {
    args: &'a InspectArgs,
    profile: Profile,
    /// Fragments to show, by their source bytes; all when absent.
    only: Option<Vec<(u64, u64)>>,
    /// Source bytes beside the text.
    bytes: bool,
    colour: bool,
}

impl<'a> View<'a> {
    fn new(args: &'a InspectArgs, profile: Profile, console: &Console) -> Self {
        Self { args, profile, only: None, bytes: args.id.is_some(), colour: console.colours_stdout() }
    }

    fn shows(&self, document: &Document, fragment: &Fragment) -> bool {
        let place = place(document, fragment.raw);
        self.only.as_ref().is_none_or(|only| only.contains(&place))
    }

    fn head(&self, name: &str, out: &mut impl Write) -> std::io::Result<()> {
        if self.args.html { write!(out, "{}", inspect_page::head(name)) } else { Ok(()) }
    }

    fn foot(&self, out: &mut impl Write) -> std::io::Result<()> {
        if self.args.html { write!(out, "{}", inspect_page::foot()) } else { Ok(()) }
    }

    fn document(
        &self,
        batch: &Batch,
        document: &Document,
        name: &str,
        found: Option<&Value>,
        out: &mut impl Write,
    ) -> std::io::Result<()> {
        if !self.args.html && !self.args.json {
            return show(batch, document, name, self, out);
        }
        let mut object = as_json(batch, document, name, self);
        if let Some(found) = found {
            object["found"] = found.clone();
        }
        if self.args.html {
            return write!(out, "{}", inspect_page::document(&object));
        }
        writeln!(out, "{object}")
    }
}

/// Bytes in the payload of their record: where a large one was cut, the piece's offset counts.
fn place(document: &Document, raw: Span) -> (u64, u64) {
    let at = |offset: u32| u64::from(offset) - u64::from(document.raw.start) + document.offset;
    (at(raw.start), at(raw.end))
}

/// Path of the entry that a document came from; empty outside archives.
fn entry(batch: &Batch, document: &Document) -> String {
    serde_json::from_str(&batch.meta[document.entry.range()]).unwrap_or_default()
}

fn as_json(batch: &Batch, document: &Document, name: &str, view: &View<'_>) -> Value {
    let (start, end) = place(document, document.raw);
    let mut object = json!({
        "file_path": name, "record": document.record, "part": document.part, "source": [start, end],
    });
    if !document.entry.is_empty() {
        object["entry"] = json!(entry(batch, document));
    }
    if let Some(reason) = document.rejected {
        object["reason"] = json!(reason.name());
        object["detail"] = json!(batch.meta[document.detail.range()]);
        if view.bytes {
            object["bytes"] = json!(STANDARD.encode(&batch.raw[document.raw.range()]));
        }
    }
    let shown = |p: &&Paragraph| batch.fragments_of(p).iter().any(|f| view.shows(document, f));
    let paragraphs: Vec<Value> =
        batch.paragraphs_of(document).iter().filter(shown).map(|p| paragraph_json(batch, document, p, view)).collect();
    object["paragraphs"] = json!(paragraphs);
    object
}

fn paragraph_json(batch: &Batch, document: &Document, paragraph: &Paragraph, view: &View<'_>) -> Value {
    let changes = all_changes(batch, paragraph, &view.profile);
    let change_json = |c: &Change| json!({"repair": c.repair, "before": c.before, "after": c.after});
    let line = batch.lines_of(paragraph).first();
    let fragments: Vec<Value> = batch
        .fragments_of(paragraph)
        .iter()
        .filter(|f| view.shows(document, f))
        .map(|f| {
            let (start, end) = place(document, f.raw);
            let mut object = json!({
                "text": batch.fragment_text(f),
                "source": [start, end],
                "script": f.script.code(),
                "label": f.guess.label.to_string(),
                "score": rounded(f.guess.score),
                "margin": rounded(f.guess.margin),
                "role": f.role.name(),
                "verdict": verdict(f),
            });
            if let Some(alone) = f.alone {
                object["alone"] = json!({"label": alone.label.to_string(), "score": rounded(alone.score)});
            }
            if view.bytes {
                object["bytes"] = json!(STANDARD.encode(&batch.raw[f.raw.range()]));
            }
            object
        })
        .collect();
    let mut object = json!({
        "encoding": line.map_or("", |l| l.encoding.name()),
        "evidence": line.map_or("", |l| l.evidence.name()),
        "encoding_score": rounded(line.map_or(1.0, |l| l.score)),
        "candidates": line.map_or_else(Vec::new, |l| runners_up(batch, l)),
        "malformed": batch.lines_of(paragraph).iter().map(|l| l.malformed).sum::<u32>(),
        "lines": batch.lines_of(paragraph).len(),
        "repairs": paragraph.repairs.names().collect::<Vec<_>>(),
        "flags": paragraph.flagged.names().collect::<Vec<_>>(),
        "changes": changes.iter().map(change_json).collect::<Vec<_>>(),
        "fragments": fragments,
    });
    if let Some(markup) = paragraph.markup {
        let language = &batch.meta[markup.language.range()];
        object["block"] = json!({
            "number": markup.block, "kind": markup.kind.name(), "level": markup.kind.heading(),
            "link_density": rounded(markup.link_density), "language": language,
        });
    }
    object
}

/// What the bytes of a guessed line may be in, with how much less fits by bits.
fn runners_up(batch: &Batch, line: &Line) -> Vec<Value> {
    let guessed = matches!(line.evidence, Evidence::Letters | Evidence::Neighbours | Evidence::Declared);
    let all = if guessed { candidates(&batch.raw[line.raw.range()], line.encoding) } else { Vec::new() };
    let tenths = |bits: f32| (f64::from(bits) * 10.0).round() / 10.0;
    all.iter().map(|c| json!([c.encoding.name(), tenths(c.margin)])).collect()
}

fn verdict(fragment: &Fragment) -> &'static str {
    match fragment.verdict {
        Verdict::Keep => "keep",
        Verdict::Drop(reason) => reason.name(),
    }
}

const DIM: [Role; 4] = [Role::Ui, Role::Boilerplate, Role::Duplicate, Role::Noise];

fn show(batch: &Batch, document: &Document, name: &str, view: &View<'_>, out: &mut impl Write) -> std::io::Result<()> {
    let colour = view.colour;
    let (start, end) = place(document, document.raw);
    let entry = if document.entry.is_empty() { String::new() } else { format!(", {}", entry(batch, document)) };
    let part = if document.part > 0 { format!(", part {}", document.part) } else { String::new() };
    let head = format!("{name}{entry}, record {}{part}, bytes {start}-{end}", document.record);
    writeln!(out, "{}", paint(&head, "1", colour))?;
    if let Some(reason) = document.rejected {
        let detail = &batch.meta[document.detail.range()];
        writeln!(out, "  {} {detail}", paint(&format!("rejected: {}", reason.name()), "31", colour))?;
        if view.bytes {
            show_bytes(batch, document.raw, view, out)?;
        }
    }
    for paragraph in batch.paragraphs_of(document) {
        let mut shown = batch.fragments_of(paragraph).iter().filter(|f| view.shows(document, f)).peekable();
        if shown.peek().is_none() {
            continue;
        }
        for fragment in shown {
            show_fragment(batch, document, fragment, view, out)?;
        }
        for change in all_changes(batch, paragraph, &view.profile) {
            let place = paint(change.repair, "2", colour);
            let (before, after) = (visible(&change.before), visible(&change.after));
            writeln!(out, "  {:>15} {place}: {} → {}", "", paint(&before, "31", colour), paint(&after, "32", colour))?;
        }
    }
    writeln!(out)
}

fn show_fragment(
    batch: &Batch,
    document: &Document,
    fragment: &Fragment,
    view: &View<'_>,
    out: &mut impl Write,
) -> std::io::Result<()> {
    let (colour, paragraph) = (view.colour, &batch.paragraphs[fragment.paragraph as usize]);
    let encoding = batch.lines_of(paragraph).first().map_or("", |l| l.encoding.name());
    let (start, end) = place(document, fragment.raw);
    let code = if fragment.verdict == Verdict::Keep { label_colour(fragment) } else { "31" };
    let label = format!("{:<9} {:.2}", fragment.guess.label.to_string(), fragment.guess.score);
    let verdict = if fragment.verdict == Verdict::Keep { "" } else { verdict(fragment) };
    let repairs = paragraph.repairs.names().collect::<Vec<_>>().join(",");
    // Its label is another than it would be by itself.
    let moved = fragment.alone.is_some_and(|alone| alone.label != fragment.guess.label);
    let prior = if moved { Prior::Document.name() } else { "" };
    let role =
        if fragment.role == Role::Content || verdict == fragment.role.name() { "" } else { fragment.role.name() };
    // What it is on its page, if that says more than that it is text.
    let kind = paragraph.markup.map(|markup| markup.kind).filter(|kind| *kind != Kind::Paragraph);
    let kind = kind.map_or("", Kind::name);
    let notes: Vec<&str> = [kind, verdict, role, &repairs, prior].into_iter().filter(|n| !n.is_empty()).collect();
    let notes = if notes.is_empty() { String::new() } else { format!("[{}] ", notes.join(" ")) };
    let text = shown(batch.fragment_text(fragment), view.args.full);
    // What is no content is dimmed.
    let text = if DIM.contains(&fragment.role) { paint(&text, "2", colour) } else { text };
    let place = format!("{start}-{end}");
    writeln!(out, "  {place:>15} {encoding:<12} {} {notes}{text}", paint(&label, code, colour))?;
    if view.bytes {
        show_bytes(batch, fragment.raw, view, out)?;
    }
    Ok(())
}

/// Source bytes, those that are no ASCII as `\xFF`.
fn show_bytes(batch: &Batch, raw: Span, view: &View<'_>, out: &mut impl Write) -> std::io::Result<()> {
    let mut told = String::new();
    for byte in &batch.raw[raw.range()] {
        if !view.args.full && told.len() >= COLUMNS {
            told.push('…');
            break;
        }
        told.extend(byte.escape_ascii().map(char::from));
    }
    writeln!(out, "  {:>15} {}", "", paint(&told, "2", view.colour))
}

/// As much of a text as is shown, without control characters that a terminal would obey.
fn shown(text: &str, full: bool) -> String {
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    let text = text.trim();
    let mut out: String = text.chars().take(if full { usize::MAX } else { COLUMNS }).map(clean).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}

/// A replaced stretch in quotes; characters that can't be seen, and marks without a base, by their numbers.
fn visible(text: &str) -> String {
    let mut out = String::from("\"");
    for (i, c) in text.chars().enumerate() {
        if i == COLUMNS {
            out.push('…');
            break;
        }
        let hidden = c.is_control()
            || (c != ' ' && c.is_whitespace())
            || Signs::of(c.encode_utf8(&mut [0; 4])).meets(Signs::INVISIBLE);
        match hidden || (i == 0 && Signs::of(c.encode_utf8(&mut [0; 4])).meets(Signs::MARK)) {
            true => out.push_str(&format!("<U+{:04X}>", u32::from(c))),
            false => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A colour that is the same for all fragments of a label.
fn label_colour(fragment: &Fragment) -> &'static str {
    const COLOURS: [&str; 5] = ["32", "33", "34", "35", "36"];
    let label = fragment.guess.label;
    if label.is_unknown() {
        return "2";
    }
    let sum: usize = label.to_string().bytes().map(usize::from).sum();
    COLOURS[sum % COLOURS.len()]
}

fn paint(text: &str, code: &str, colour: bool) -> String {
    if colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
}
