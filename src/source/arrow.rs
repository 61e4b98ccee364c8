//! Arrow IPC: streams, as `datasets` keeps them, and files, which are such a stream between two marks.

use arrow_ipc::reader::StreamReader;

use super::columns::{Columns, Tables, damaged};
use super::{Context, Head, Reader, Source};

const MAGIC: &[u8] = b"ARROW1\0\0";

/// By the first bytes; a stream, which begins like much else, by its name too.
pub(super) fn matches(head: &Head<'_>) -> bool {
    let stream = head.bytes.starts_with(&[0xFF; 4]) && head.named(&[".arrow", ".arrows", ".ipc", ".feather"]);
    stream || head.bytes.starts_with(MAGIC)
}

/// Opens a stream or file.
pub(super) fn open(mut reader: Reader, context: &Context) -> Box<dyn Source> {
    Columns::open(context, move || {
        if reader.head(MAGIC.len()) == MAGIC {
            reader.skip(MAGIC.len() as u64);
        }
        let tables = StreamReader::try_new(reader, None).map_err(|e| damaged(&e.to_string()))?;
        let tables: Tables = Box::new(tables.map(|table| table.map_err(|e| e.to_string())));
        Ok(tables)
    })
}
