//! Any bytes as JSON lines, read, run through all stages and encoded: the ledger closes and every record is JSON.
#![no_main]

use babelsift::config::{ByteSize, Format, InputFormat, Unit};
use babelsift::sink::{Encoded, Sums, encoder};
use babelsift::source::{Context, FORMATS, Input, Origin, Reader, Source};
use babelsift::{Batch, Config, Pipeline, Scratch};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((&how, bytes)) = input.split_first() else { return };
    let config = config(how);
    config.validate().expect("settings are in range");
    let row = FORMATS.iter().find(|r| r.name == InputFormat::Jsonl).expect("there is JSON lines");
    let mut source = (row.open)(Reader::new(Box::new(std::io::Cursor::new(bytes.to_vec()))), &Context::new(config.clone().into(), "in"));
    let pipeline = Pipeline::new(&config).expect("settings are in range");
    let encoder = encoder(&config);
    let inputs = [Input { name: "input".to_owned(), origin: Origin::Stdin }];

    let (mut batch, mut scratch, mut encoded) = (Batch::default(), Scratch::default(), Encoded::default());
    let mut sums = Sums::default();
    while fill(&mut *source, &mut batch, config.batch_size.0 as usize) {
        pipeline.apply(&mut batch, &mut scratch);
        encoder.encode(&batch, &inputs, &mut encoded);
        encoded.sums.iter().for_each(|(_, own)| sums.add(own));
        records_are_json(&encoded);
    }
    assert_eq!(sums.read, bytes.len() as u64, "all of the input is read");
    assert!(sums.closes(), "{sums:?}");
});

/// What `Inputs` does around a source: without the file, which would cost most of the time.
fn fill(source: &mut dyn Source, batch: &mut Batch, target: usize) -> bool {
    batch.clear();
    let before = source.taken();
    let more = source.fill(batch, target);
    batch.read.push((0, source.taken() - before));
    more || !batch.documents.is_empty()
}

fn config(how: u8) -> Config {
    Config {
        format: Format::Jsonl,
        unit: [Unit::Document, Unit::Paragraph, Unit::Fragment][usize::from(how) % 3],
        // So small that records are cut and batches end in the middle of the input.
        max_document: ByteSize(1 << 10),
        batch_size: ByteSize(if how & 4 == 0 { 64 } else { 1 << 20 }),
        text_field: if how & 8 == 0 { "" } else { "body" }.to_owned(),
        identifier: "script".to_owned(),
        min_letters: usize::from(how >> 4),
        ..Config::default()
    }
}

fn records_are_json(encoded: &Encoded) {
    let mut start = 0;
    for &(_, end, _) in &encoded.records {
        let record = &encoded.bytes[start..end];
        assert!(record.ends_with(b"\n") && !record[..record.len() - 1].contains(&b'\n'), "a record is one line");
        if let Err(error) = serde_json::from_slice::<serde_json::Value>(record) {
            panic!("{error}: {}", String::from_utf8_lossy(record));
        }
        start = end;
    }
    assert_eq!(start, encoded.bytes.len(), "nothing stands between records");
}
