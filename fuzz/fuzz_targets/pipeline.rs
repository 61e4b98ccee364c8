//! Any bytes through all stages, with settings taken from the first bytes: fragments are in order and tile their
//! paragraphs, and no byte is lost.
#![no_main]

use babelsift::batch::{Document, Paragraph};
use babelsift::config::{Form, Fragments, Paragraphs, Words};
use babelsift::source_map::SourceMap;
use babelsift::{Batch, Config, Pipeline, Scratch};
use libfuzzer_sys::fuzz_target;

/// Bytes that settings are made of.
const SETTINGS: usize = 4;

fuzz_target!(|input: &[u8]| {
    let Some((settings, bytes)) = input.split_first_chunk::<SETTINGS>() else { return };
    let pipeline = Pipeline::new(&config(settings)).expect("settings are in range");
    let mut batch = Batch::default();
    batch.push_document(bytes);
    pipeline.apply(&mut batch, &mut Scratch::default());
    check(&batch, &batch.documents[0]);

    let mut rows = batch.fragments.iter();
    for fragment in pipeline.fragments(bytes) {
        let row = rows.next().expect("as many fragments as rows");
        assert_eq!((fragment.source(), fragment.text()), (row.raw.range(), batch.fragment_text(row)));
    }
    assert!(rows.next().is_none(), "as many fragments as rows");
});

fn config(settings: &[u8; SETTINGS]) -> Config {
    let [how, repairs, words, score] = settings.map(usize::from);
    Config {
        paragraphs: [Paragraphs::Auto, Paragraphs::Line, Paragraphs::Blank][how % 3],
        fragments: if how & 4 == 0 { Fragments::Separate } else { Fragments::Keep },
        normalize: [Form::Nfc, Form::Nfkc, Form::Nfd, Form::Nfkd, Form::None][(how >> 3) % 5],
        repairs: Words(vec![["conservative", "standard", "ftfy", "none", "all"][repairs % 5].to_owned()]),
        min_fragment: words & 7,
        // The engine that costs least, mostly: this target is about offsets.
        identifier: if words & 0x70 == 0x70 { "whatlang" } else { "script" }.to_owned(),
        min_score: (score & 15) as f32 / 15.0,
        min_letters: score >> 4,
        ..Config::default()
    }
}

fn check(batch: &Batch, document: &Document) {
    if document.rejected.is_some() {
        assert!(batch.paragraphs_of(document).is_empty());
        return;
    }
    let mut kept = 0;
    let mut at = document.raw.start;
    for paragraph in batch.paragraphs_of(document) {
        assert!(paragraph.raw.start >= at && paragraph.raw.end <= document.raw.end, "paragraphs are in order");
        at = paragraph.raw.end;
        kept += tiled(batch, paragraph);
        leads_back(batch, paragraph);
    }
    assert_eq!(kept + document.structure, document.raw.len() as u64, "every byte is fragment or structure");
}

/// The fragments of a paragraph tile its text and its raw bytes; returns how many raw bytes they hold.
fn tiled(batch: &Batch, paragraph: &Paragraph) -> u64 {
    let fragments = batch.fragments_of(paragraph);
    let (Some(first), Some(last)) = (fragments.first(), fragments.last()) else {
        assert!(batch.text[paragraph.text.range()].trim().is_empty(), "only blank paragraphs have no fragments");
        return 0;
    };
    assert_eq!((first.raw.start, last.raw.end), (paragraph.raw.start, paragraph.raw.end));
    assert_eq!((first.text.start, last.text.end), (paragraph.text.start, paragraph.text.end));
    for pair in fragments.windows(2) {
        assert_eq!(pair[0].raw.end, pair[1].raw.start, "fragments tile the bytes");
        assert_eq!(pair[0].text.end, pair[1].text.start, "fragments tile the text");
    }
    for fragment in fragments {
        assert!(!batch.fragment_text(fragment).is_empty(), "no fragment is empty");
        assert!((0.0..=1.0).contains(&fragment.guess.score), "scores are shares");
    }
    paragraph.raw.len() as u64
}

/// The way back from text to bytes never falls and stays inside the paragraph.
fn leads_back(batch: &Batch, paragraph: &Paragraph) {
    let mut map = SourceMap::new(batch, paragraph);
    let mut before = paragraph.raw.start as usize;
    let text = &batch.text[paragraph.text.range()];
    for (offset, _) in text.char_indices() {
        let source = map.source_offset(offset);
        assert!(source >= before && source <= paragraph.raw.end as usize, "{source} at {offset} after {before}");
        before = source;
    }
}
