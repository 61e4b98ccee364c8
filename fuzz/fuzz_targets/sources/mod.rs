//! Any bytes as one format: every byte that is read belongs to a document, whatever the size of batches.

use babelsift::config::{ByteSize, InputFormat};
use babelsift::source::{Context, FORMATS, Reader};
use babelsift::{Batch, Config};

/// Reads the input behind its first byte, which chooses the settings, as this format.
pub fn check(format: InputFormat, input: &[u8]) {
    let Some((&how, bytes)) = input.split_first() else { return };
    let config = Config {
        // So small that records are cut and batches end in the middle of the input.
        max_document: ByteSize(1 << 10),
        max_header: ByteSize(1 << 10),
        max_depth: u32::from(how >> 1 & 3),
        wiki: if how & 8 == 0 { "0" } else { "all" }.parse().expect("words"),
        ..Config::default()
    };
    let documents = read(format, bytes, &config, 64);
    if how & 1 == 0 {
        assert_eq!(documents, read(format, bytes, &config, 1 << 20), "batches make no difference");
    }
}

/// What documents are there: number, part, bytes, whether kept, structure summed up.
fn read(format: InputFormat, bytes: &[u8], config: &Config, target: usize) -> (Vec<(u64, u32, Vec<u8>, bool)>, u64) {
    let row = FORMATS.iter().find(|r| r.name == format).expect("the format is there");
    let reader = Reader::new(Box::new(std::io::Cursor::new(bytes.to_vec())));
    let mut source = (row.open)(reader, &Context::new(config.clone().into(), "input"));
    let (mut found, mut structure, mut sum) = (Vec::new(), 0, 0);
    let mut batch = Batch::default();
    loop {
        batch.clear();
        let more = source.fill(&mut batch, target);
        for document in &batch.documents {
            sum += document.raw.len() as u64 + document.structure;
            structure += document.structure;
            if document.is_record() {
                let raw = batch.raw[document.raw.range()].to_vec();
                found.push((document.record, document.part, raw, document.rejected.is_none()));
            }
        }
        assert_eq!(source.taken(), sum, "every byte belongs to a document");
        if !more {
            return (found, structure);
        }
    }
}
