//! Any bytes through the decode stage: every byte is in a paragraph or counted as structure.
#![no_main]

use babelsift::batch::Document;
use babelsift::config::Paragraphs;
use babelsift::decode::{Decode, Encoding};
use babelsift::stage::Stage;
use babelsift::{Batch, Scratch};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    // One byte says how; the rest is the document, after another one so that offsets do not begin at 0.
    let Some((&how, bytes)) = input.split_first() else { return };
    let mode = [Paragraphs::Auto, Paragraphs::Line, Paragraphs::Blank][usize::from(how) % 3];
    let mut batch = Batch::default();
    batch.push_document(b"x\n");
    batch.push_document(bytes).declared = declared(how >> 2);
    Decode::new(mode).run(&mut batch, &mut Scratch::default());
    for document in &batch.documents {
        check(&batch, document);
    }
});

/// What a header might have said.
fn declared(choice: u8) -> Option<Encoding> {
    let labels = "- - - - windows-1251 shift_jis gb18030 utf-16le utf-8 utf-32be utf-7 ibm500 iso-2022-kr iso-2022-cn johab tcvn";
    let label = labels.split(' ').nth(usize::from(choice & 15))?;
    Encoding::for_label(label)
}

fn check(batch: &Batch, document: &Document) {
    let paragraphs = batch.paragraphs_of(document);
    if document.rejected.is_some() {
        assert!(paragraphs.is_empty(), "a rejected document has no paragraphs");
        return;
    }
    let mut content = 0;
    let mut at = document.raw.start;
    for paragraph in paragraphs {
        assert!(paragraph.raw.start >= at && paragraph.raw.end <= document.raw.end, "paragraphs are in order");
        at = paragraph.raw.end;
        content += paragraph.raw.len() as u64;
        let text = &batch.text[paragraph.text.range()];
        let lines = batch.lines_of(paragraph);
        assert!(!lines.is_empty(), "a paragraph is made of lines");
        assert_eq!(lines[0].raw.start, paragraph.raw.start);
        assert_eq!(lines[lines.len() - 1].raw.end, paragraph.raw.end);
        for pair in lines.windows(2) {
            assert!(pair[0].raw.end <= pair[1].raw.start && pair[0].start <= pair[1].start, "lines are in order");
        }
        for line in lines {
            assert!(text.is_char_boundary(line.start as usize), "lines begin at characters");
        }
    }
    assert_eq!(content + document.structure, document.raw.len() as u64, "every byte is paragraph or structure");
}
