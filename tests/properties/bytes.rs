//! Any bytes through the whole pipeline.

use babelsift::batch::{Batch, Document, Line, Paragraph, Span, Verdict};
use babelsift::lang::ngram::writing_system;
use babelsift::source_map::SourceMap;
use babelsift::{Config, Pipeline, Scratch};
use proptest::prelude::*;

use super::cases;
use super::values::{bytes, settings};

/// Nothing lost, nothing twice, everything in order: from documents down to the bytes of a character.
fn check(batch: &Batch, document: &Document) {
    let paragraphs = batch.paragraphs_of(document);
    if document.rejected.is_some() {
        assert!(paragraphs.is_empty(), "a rejected document has no paragraphs");
        return;
    }
    let (mut at, mut content) = (document.raw.start, 0);
    for paragraph in paragraphs {
        assert!(at <= paragraph.raw.start && paragraph.raw.start < paragraph.raw.end, "in order and not empty");
        at = paragraph.raw.end;
        let (mut raw, mut text) = (paragraph.raw.start, paragraph.text.start);
        for fragment in batch.fragments_of(paragraph) {
            assert_eq!((fragment.raw.start, fragment.text.start), (raw, text), "fragments tile");
            assert!(!fragment.text.is_empty() || matches!(fragment.verdict, Verdict::Drop(_)));
            assert!((0.0..=1.0).contains(&fragment.guess.score) && (0.0..=1.0).contains(&fragment.guess.margin));
            (raw, text) = (fragment.raw.end, fragment.text.end);
            content += fragment.raw.len() as u64;
            // Panics where a fragment begins or ends inside a character.
            let _ = batch.fragment_text(fragment);
        }
        if !paragraph.fragments.is_empty() {
            assert_eq!((raw, text), (paragraph.raw.end, paragraph.text.end), "fragments tile to the end");
        }
        check_lines(batch, paragraph);
    }
    assert!(at <= document.raw.end);
    assert_eq!(document.structure + content, document.raw.len() as u64, "every byte is content or structure");
}

/// Text is what its bytes decode to: paragraphs, the lines they were joined from, the fragments they were divided into.
fn check_lines(batch: &Batch, paragraph: &Paragraph) {
    let lines = batch.lines_of(paragraph);
    assert_eq!((lines[0].raw.start, lines[lines.len() - 1].raw.end), (paragraph.raw.start, paragraph.raw.end));
    assert!(lines.windows(2).all(|l| l[0].raw.end <= l[1].raw.start && l[0].start <= l[1].start));
    if !paragraph.repairs.is_empty() {
        return;
    }
    let text = &batch.text[paragraph.text.range()];
    let decode = |line: &Line, raw: Span| {
        let mut text = String::new();
        line.encoding.decode_into(&batch.raw[raw.range()], &mut text);
        text
    };
    let mut map = SourceMap::new(batch, paragraph);
    for line in lines {
        let own = decode(line, line.raw);
        assert!(text[line.start as usize..].starts_with(own.trim_end()), "{text:?} at {}: {own:?}", line.start);
        assert_eq!(map.source_offset(line.start as usize), line.raw.start as usize);
    }
    let [line] = lines else { return };
    assert_eq!(text, decode(line, line.raw));
    // A shift sequence may stand between two fragments of the encodings that have them.
    if line.malformed == 0 && !line.encoding.is_stateful() {
        for fragment in batch.fragments_of(paragraph) {
            let (text, alone) = (batch.fragment_text(fragment), decode(line, fragment.raw));
            // What a stray byte among UTF-8 is, its neighbours tell: without them it may be taken for what is left of a character.
            let is_lost = |c: char| line.encoding.name() == "utf-8-windows-1252" && c == char::REPLACEMENT_CHARACTER;
            let alike = text.chars().zip(alone.chars()).all(|(own, alone)| own == alone || is_lost(alone));
            let count = |text: &str| text.chars().count();
            assert!(alike && count(text) == count(&alone), "{:?}: {text:?} {alone:?}", line.encoding);
        }
    }
}

/// Offsets of a paragraph's text lead to its bytes, in order.
fn check_source_maps(batch: &Batch) {
    for paragraph in &batch.paragraphs {
        let mut map = SourceMap::new(batch, paragraph);
        let text = &batch.text[paragraph.text.range()];
        let mut last = paragraph.raw.start as usize;
        for at in text.char_indices().map(|(at, _)| at).chain([text.len()]) {
            let source = map.source_offset(at);
            assert!((last..=paragraph.raw.end as usize).contains(&source), "{at} leads to {source} after {last}");
            last = source;
        }
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn batches(documents in prop::collection::vec(bytes(), 1..4), config in settings()) {
        let pipeline = Pipeline::new(&config).unwrap();
        let mut batch = Batch::default();
        // Memory that other documents were worked on with must not shine through.
        let mut scratch = Scratch::default();
        for bytes in &documents {
            batch.push_document(bytes);
        }
        pipeline.apply(&mut batch, &mut scratch);
        for (document, bytes) in batch.documents.iter().zip(&documents) {
            prop_assert_eq!(&batch.raw[document.raw.range()], bytes);
            check(&batch, document);
        }
        check_source_maps(&batch);
        let mut again = Batch::default();
        for bytes in &documents {
            again.push_document(bytes);
        }
        pipeline.apply(&mut again, &mut scratch);
        prop_assert_eq!(format!("{:?}", again.fragments), format!("{:?}", batch.fragments));
        prop_assert_eq!(again.text, batch.text);
    }

    #[test]
    fn single_documents(bytes in bytes(), config in settings()) {
        let pipeline = Pipeline::new(&config).unwrap();
        let mut batch = Batch::default();
        batch.push_document(&bytes);
        pipeline.apply(&mut batch, &mut Scratch::default());
        let fragments: Vec<_> = pipeline.fragments(&bytes).collect();
        prop_assert_eq!(fragments.len(), batch.fragments.len());
        for (single, row) in fragments.iter().zip(&batch.fragments) {
            prop_assert_eq!(single.text(), batch.fragment_text(row));
            prop_assert_eq!(single.source(), row.raw.range());
            prop_assert_eq!((single.label(), single.verdict()), (row.guess.label, row.verdict));
        }
    }
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn the_default_engine(bytes in bytes()) {
        let mut batch = Batch::default();
        batch.push_document(&bytes);
        Pipeline::new(&Config::default()).unwrap().apply(&mut batch, &mut Scratch::default());
        check(&batch, &batch.documents[0]);
        for fragment in &batch.fragments {
            let (label, script) = (fragment.guess.label, fragment.script);
            prop_assert!(label.to_string().len() == 8, "{label}");
            prop_assert!(label.is_unknown() || label.info().is_some_and(|i| i.scripts.contains(&label.script.code())));
            let told = writing_system(label.script) == writing_system(script) || label.script.code() == "Zxxx";
            prop_assert!(told, "{label} for {script:?}");
        }
    }
}

/// Documents so short that random ones are hardly ever like them.
#[test]
fn single_bytes_and_pairs() {
    let pipeline = Pipeline::new(&Config { identifier: "script".to_owned(), ..Config::default() }).unwrap();
    let (mut batch, mut scratch) = (Batch::default(), Scratch::default());
    let odd = [0, b'\n', b'\r', 0x1B, b' ', b'a', 0x80, 0xBB, 0xBF, 0xC3, 0xE2, 0xEF, 0xF0, 0xFE, 0xFF];
    for first in 0..=255u8 {
        batch.push_document(&[first]);
        for second in odd {
            batch.push_document(&[first, second]);
        }
    }
    pipeline.apply(&mut batch, &mut scratch);
    batch.documents.iter().for_each(|d| check(&batch, d));
    check_source_maps(&batch);
}
