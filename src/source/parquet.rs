//! Parquet, as datasets are published in it: row group by row group, a column of text and the others as metadata.

use std::fs::File;

use bytes::Bytes;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::reader::ChunkReader;

use super::columns::{Columns, ROWS, Tables, damaged};
use super::{Context, Flaw, Head, Reader, Source};
use crate::reason::Reason;

/// Largest file that is not a file of its own on disk: its directory is at its end, so it must be in memory.
const IN_MEMORY: usize = 64 << 20;

/// By the first bytes.
pub(super) fn matches(head: &Head<'_>) -> bool {
    head.bytes.starts_with(b"PAR1")
}

/// Opens a file.
pub(super) fn open(mut reader: Reader, context: &Context) -> Box<dyn Source> {
    let path = context.path.clone();
    Columns::open(context, move || {
        if let Some(file) = path.and_then(|p| File::open(p).ok()) {
            return tables(file);
        }
        let mut bytes = Vec::new();
        reader.take_into(&mut bytes, IN_MEMORY);
        if !reader.is_empty() {
            let detail = format!("a Parquet file of more than {} MiB that is not a file by itself", IN_MEMORY >> 20);
            return Err(Flaw { reason: Reason::TooLong, detail });
        }
        tables(Bytes::from(bytes))
    })
}

fn tables<R: ChunkReader + 'static>(file: R) -> Result<Tables, Flaw> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| damaged(&e.to_string()))?;
    let reader = builder.with_batch_size(ROWS).build().map_err(|e| damaged(&e.to_string()))?;
    Ok(Box::new(reader.map(|table| table.map_err(|e| e.to_string()))))
}
