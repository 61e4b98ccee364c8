//! Any bytes as any format: nothing panics, every byte that was read belongs to a document, and the size of batches makes no
//! difference.

use std::sync::Arc;

use babelsift::config::ByteSize;
use babelsift::source::{FORMATS, FormatRow, Input, Inputs, Position, expand};
use babelsift::{Batch, Config};
use proptest::prelude::*;

use super::common::gzip;
use super::pack::{Zipped, csv, documents, mbox, response, tar, tar_entry, warc_record, zip};
use super::reading::{self, Record};

fn read(row: &FormatRow, bytes: &[u8], target: usize) -> (Vec<Record>, u64) {
    let config =
        Config { max_document: ByteSize(1 << 10), max_header: ByteSize(1 << 10), max_depth: 3, ..Config::default() };
    reading::read(row, bytes, &config, target)
}

/// One of each, small.
fn archives() -> &'static [Vec<u8>] {
    static ARCHIVES: std::sync::LazyLock<Vec<Vec<u8>>> = std::sync::LazyLock::new(make);
    &ARCHIVES
}

fn make() -> Vec<Vec<u8>> {
    let documents = documents();
    let (text, other) = (documents[0].text.as_bytes(), documents[2].text.as_bytes());
    let warc = [
        warc_record("conversion", "https://a.example/", "text/plain", text),
        response(
            "https://a.example/b",
            "Content-Type: text/html\r\nTransfer-Encoding: chunked",
            b"5\r\nhello\r\n0\r\n\r\n",
        ),
        response("https://a.example/c", "Content-Type: text/plain\r\nContent-Encoding: gzip", &gzip(other)),
    ];
    let tarred = tar(&[tar_entry(b"a.txt", b'0', text), tar_entry(b"b.warc", b'0', &warc.concat())]);
    let entries = [
        ("a.txt", text, Zipped::Deflated),
        ("b.txt", other, Zipped::Streamed),
        ("c.txt", text, Zipped::StoredStreamed),
        ("d.tar", &tarred, Zipped::Wide),
    ];
    let wiki = "<mediawiki>\n<page>\n<title>a</title><ns>0</ns><revision><text>[[a|b]] {{c}} ''d''</text></revision></page>\n</mediawiki>";
    let subtitles = b"1\n00:00:01,000 --> 00:00:02,000\n<i>Hello</i>\n".to_vec();
    let mut archives: Vec<Vec<u8>> = vec![
        warc.concat(),
        zip(&entries),
        tarred,
        csv(&documents),
        mbox(&documents),
        wiki.into(),
        subtitles,
        gzip(&warc.concat()),
    ];
    // Of several members, behind each of which reading goes on.
    let lines: String = documents.iter().map(|d| format!("{}\n", serde_json::json!({"text": d.text}))).collect();
    let whole = [lines.as_bytes(), &archives[3], &archives[4], &archives[5], &archives[2], text];
    let members = whole.map(|bytes| bytes.chunks(bytes.len() / 5 + 1).flat_map(gzip).collect());
    archives.extend(members);
    #[cfg(feature = "parquet")]
    {
        use super::pack::{arrow_file, arrow_stream, parquet, parquet_in, table};
        use parquet::basic::{Compression, ZstdLevel};
        let table = table(&documents);
        archives.extend([
            parquet(&documents),
            parquet_in(&table, 100, Compression::GZIP(Default::default())),
            parquet_in(&table, 100, Compression::ZSTD(ZstdLevel::default())),
            parquet_in(&table, 2, Compression::UNCOMPRESSED),
            arrow_stream(&table, None),
            arrow_stream(&table, Some(arrow_ipc::CompressionType::ZSTD)),
            arrow_stream(&table, Some(arrow_ipc::CompressionType::LZ4_FRAME)),
            arrow_file(&table),
        ]);
    }
    archives
}

/// Changes some bytes, cuts some out, repeats some.
fn damaged(mut bytes: Vec<u8>, changes: &[(u8, u16, u16, u8)]) -> Vec<u8> {
    for &(how, at, len, byte) in changes {
        let at = usize::from(at) % bytes.len().max(1);
        let end = (at + usize::from(len) % 200).min(bytes.len());
        match how % 4 {
            0 if at < bytes.len() => bytes[at] = byte,
            1 => drop(bytes.drain(at..end)),
            2 => {
                let piece = bytes[at.min(end)..end].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => bytes.truncate(bytes.len() - usize::from(len) % 100.min(bytes.len().max(1))),
        }
    }
    bytes
}

/// The records that are left from a position on, and the bytes that are accounted for; and both as they were after each batch.
#[derive(Debug, Default, PartialEq)]
struct Rest {
    records: Vec<(u32, Record)>,
    bytes: u64,
    places: Vec<(Position, usize, u64)>,
}

fn rest(inputs: &[Input], batch_size: usize, threads: usize, at: Position) -> Rest {
    let config = Config {
        max_document: ByteSize(1 << 10),
        max_header: ByteSize(1 << 10),
        max_depth: 3,
        batch_size: ByteSize(batch_size as u64),
        ..Config::default()
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let inputs = Inputs::new(inputs, &config, Arc::default()).unwrap();
    let mut inputs = inputs.with_pool(Arc::new(pool)).starting_at(at);
    let (mut rest, mut batch) = (Rest::default(), Batch::default());
    while inputs.fill(&mut batch).unwrap() {
        for document in &batch.documents {
            rest.bytes += document.raw.len() as u64 + document.structure;
            if document.is_record() {
                let raw = batch.raw[document.raw.range()].to_vec();
                let record = (document.record, document.part, raw, document.rejected.is_none());
                rest.records.push((document.input, record));
            }
        }
        let read: u64 = batch.read.iter().map(|(_, read)| read).sum();
        assert_eq!(read, batch.documents.iter().map(|d| d.raw.len() as u64 + d.structure).sum::<u64>());
        rest.places.push((inputs.position(), rest.records.len(), rest.bytes));
    }
    rest
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(debug_assertions) { 40 } else { 300 }, ..ProptestConfig::default() })]

    #[test]
    fn damaged_archives(which in any::<usize>(), changes in prop::collection::vec(any::<(u8, u16, u16, u8)>(), 0..4), target in 1usize..5000) {
        let bytes = damaged(archives()[which % archives().len()].clone(), &changes);
        for row in FORMATS {
            prop_assert_eq!(read(row, &bytes, 1 << 20), read(row, &bytes, target), "{}", row.name.name());
        }
    }

    /// Reading goes on from wherever a batch ended, with other batches.
    #[test]
    fn reading_goes_on_from_any_place(
        changes in prop::collection::vec(any::<(u8, u16, u16, u8)>(), 0..3),
        sizes in (1usize..3000, 1usize..3000),
        place in any::<prop::sample::Index>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        for (i, archive) in archives().iter().enumerate() {
            std::fs::write(folder.path().join(i.to_string()), damaged(archive.clone(), &changes)).unwrap();
        }
        let inputs = expand(&[folder.path().display().to_string()]).unwrap();
        let whole = rest(&inputs, sizes.0, 1, Position::default());
        let (at, records, bytes) = whole.places[place.index(whole.places.len())];
        let left = rest(&inputs, sizes.1, 2, at);
        prop_assert_eq!(&left.records[..], &whole.records[records..], "{:?}", at);
        prop_assert_eq!(left.bytes, whole.bytes - bytes, "{:?}", at);
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..3000), target in 1usize..5000) {
        for row in FORMATS {
            prop_assert_eq!(read(row, &bytes, 1 << 20), read(row, &bytes, target), "{}", row.name.name());
        }
    }
}
