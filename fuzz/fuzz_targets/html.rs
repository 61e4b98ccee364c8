//! Any bytes as a page: its blocks are in order and lead back to their bytes, and the stages lose no byte of it.
#![no_main]

use babelsift::html::{Cutter, Mode, Page, Piece};
use babelsift::source_map::SourceMap;
use babelsift::{Batch, Config, Pipeline, Scratch};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((settings, bytes)) = input.split_first() else { return };
    let text = String::from_utf8_lossy(bytes);
    let mut page = Page::default();
    page.read(&text);
    let mut before = 0;
    for block in page.blocks() {
        assert!(before <= block.source.start && block.source.start < block.source.end, "blocks are in order");
        before = block.source.end;
        let mut last = block.source.start;
        for (at, _) in block.text.char_indices() {
            let source = block.source_offset(at);
            assert!(last <= source && source < block.source.end, "offsets lead into the block, and do not fall");
            last = source;
        }
    }
    assert!(before <= text.len());
    let (mut cutter, mut rest) = (Cutter::default(), bytes);
    while !rest.is_empty() {
        let window = &rest[..rest.len().min(1 << (settings >> 4))];
        let (Piece::Page(end) | Piece::Long(end, _)) = cutter.next(window, window.len() == rest.len());
        assert!((1..=window.len()).contains(&end), "each piece is some of the bytes");
        rest = &rest[end..];
    }

    let config = Config { identifier: "script".to_owned(), ..Config::default() };
    let pipeline = Pipeline::new(&config).expect("settings are in range");
    let mut batch = Batch::default();
    batch.push_document(bytes).html = Some(if settings & 1 == 0 { Mode::Main } else { Mode::All });
    pipeline.apply(&mut batch, &mut Scratch::default());
    let document = &batch.documents[0];
    let mut at = document.raw.start;
    let mut kept = 0;
    for paragraph in batch.paragraphs_of(document) {
        assert!(at <= paragraph.raw.start && paragraph.raw.start < paragraph.raw.end, "paragraphs are in order");
        at = paragraph.raw.end;
        kept += batch.fragments_of(paragraph).iter().map(|f| f.raw.len() as u64).sum::<u64>();
        let mut map = SourceMap::new(&batch, paragraph);
        let mut last = paragraph.raw.start as usize;
        for (at, _) in batch.text[paragraph.text.range()].char_indices() {
            let source = map.source_offset(at);
            assert!((last..=paragraph.raw.end as usize).contains(&source), "the way back stays in the paragraph");
            last = source;
        }
    }
    if document.rejected.is_none() {
        assert_eq!(kept + document.structure, document.raw.len() as u64, "every byte is text or structure");
    }
});
