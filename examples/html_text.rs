//! The main text of pages, or all text that is shown, as the whole path finds it: decoded, without markup, repaired.
//!
//! `cargo run --release --example html_text -- PAGES OUT [all]` reads `PAGES/*.html` and writes `OUT/<page>.txt`, a blank line
//! between paragraphs.

use std::path::Path;

use babelsift::batch::Verdict;
use babelsift::html::Mode;
use babelsift::{Batch, Config, Pipeline, Scratch};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [pages, out, rest @ ..] = &arguments[..] else { return Err("usage: html_text PAGES OUT [all]".into()) };
    let mode = if rest.iter().any(|word| word == "all") { Mode::All } else { Mode::Main };
    // Languages are not asked for here, so the engine that costs least will do.
    let pipeline = Pipeline::new(&Config { identifier: "script".to_owned(), ..Config::default() })?;
    let (mut batch, mut scratch) = (Batch::default(), Scratch::default());
    std::fs::create_dir_all(out)?;
    for entry in std::fs::read_dir(pages)? {
        let path = entry?.path();
        let Some(name) = path.file_stem().filter(|_| path.extension().is_some_and(|e| e == "html")) else { continue };
        batch.clear();
        batch.push_document(&std::fs::read(&path)?).html = Some(mode);
        pipeline.apply(&mut batch, &mut scratch);
        std::fs::write(Path::new(out).join(name).with_extension("txt"), text(&batch))?;
    }
    Ok(())
}

/// What is kept, a blank line between paragraphs; the lines of a block stay together.
fn text(batch: &Batch) -> String {
    let mut out = String::new();
    let mut block = None;
    for paragraph in &batch.paragraphs {
        let own = batch.fragments_of(paragraph).iter().filter(|fragment| fragment.verdict == Verdict::Keep);
        let own: String = own.map(|fragment| batch.fragment_text(fragment)).collect();
        if own.is_empty() {
            continue;
        }
        let next = paragraph.markup.map(|markup| markup.block);
        if !out.is_empty() && next != block {
            out.push('\n');
        }
        block = next;
        out.push_str(&own);
        out.push('\n');
    }
    out
}
