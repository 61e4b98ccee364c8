//! What a source makes of bytes; shared with the fuzz targets.

use babelsift::source::{Context, FormatRow, Reader};
use babelsift::{Batch, Config};

/// A record: its number and part, its bytes, whether it is kept.
pub type Record = (u64, u32, Vec<u8>, bool);

/// The records of an input read as one format in batches of that size, and how many bytes are structure. Every byte that is
/// read belongs to a document.
pub fn read(row: &FormatRow, bytes: &[u8], config: &Config, target: usize) -> (Vec<Record>, u64) {
    let reader = Reader::new(Box::new(std::io::Cursor::new(bytes.to_vec())));
    let mut source = (row.open)(reader, &Context::new(config.clone().into(), "in"));
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
        assert_eq!(source.taken(), sum, "{}: every byte belongs to a document", row.name.name());
        if !more {
            return (found, structure);
        }
    }
}
