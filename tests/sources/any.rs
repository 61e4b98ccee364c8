//! Any bytes as any format: nothing panics, every byte that was read belongs to a document, and the size of batches makes no
//! difference.

use babelsift::Config;
use babelsift::config::ByteSize;
use babelsift::source::{FORMATS, FormatRow};
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
    let mut archives = vec![
        warc.concat(),
        zip(&entries),
        tarred,
        csv(&documents),
        mbox(&documents),
        wiki.into(),
        subtitles,
        gzip(&warc.concat()),
    ];
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

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(debug_assertions) { 40 } else { 300 }, ..ProptestConfig::default() })]

    #[test]
    fn damaged_archives(which in any::<usize>(), changes in prop::collection::vec(any::<(u8, u16, u16, u8)>(), 0..4), target in 1usize..5000) {
        let bytes = damaged(archives()[which % archives().len()].clone(), &changes);
        for row in FORMATS {
            prop_assert_eq!(read(row, &bytes, 1 << 20), read(row, &bytes, target), "{}", row.name.name());
        }
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..3000), target in 1usize..5000) {
        for row in FORMATS {
            prop_assert_eq!(read(row, &bytes, 1 << 20), read(row, &bytes, target), "{}", row.name.name());
        }
    }
}
