//! Parquet and Arrow: what is in their columns, and what damage and lies in them cost.

use std::sync::Arc;

use arrow_array::builder::{Int64Builder, ListBuilder};
use arrow_array::{ArrayRef, BinaryArray, DictionaryArray, Int32Array, RecordBatch, StringArray};
use arrow_ipc::CompressionType;
use babelsift::Config;
use babelsift::config::{ByteSize, InputFormat};
use babelsift::source::FORMATS;
use parquet::basic::{Compression, ZstdLevel};

use super::common::{Made, Scratch};
use super::pack::{arrow_file, arrow_stream, documents, parquet, parquet_in, table, tar, tar_entry};
use super::reading;

fn run(name: &str, bytes: &[u8], flags: &str) -> Made {
    let scratch = Scratch::new();
    scratch.write(name, bytes);
    let made = scratch.run(format!("{name} --out out --format jsonl --identifier script {flags}").trim_end());
    made.closes();
    made
}

fn column(values: ArrayRef) -> RecordBatch {
    RecordBatch::try_from_iter([("text", values)]).unwrap()
}

/// Greek lines, so that each is kept under the same label.
fn lines(count: usize) -> RecordBatch {
    column(Arc::new(StringArray::from_iter_values((0..count).map(|i| format!("Γραμμή {i} του πίνακα")))))
}

fn kept(made: &Made) -> usize {
    made.records("data/ell_Grek").len()
}

/// Details of the rejects, all of which have that reason.
fn details(made: &Made, reason: &str) -> Vec<String> {
    assert!(made.strings("rejects", "reason").iter().all(|r| r == reason), "{:?}", made.records("rejects"));
    made.strings("rejects", "detail")
}

#[test]
fn other_columns_are_metadata() {
    let table = table(&documents());
    for (name, bytes) in [("a.parquet", parquet(&documents())), ("a.arrow", arrow_file(&table))] {
        let made = run(name, &bytes, "");
        let greek = &made.records("data/ell_Grek")[0];
        assert_eq!(
            (&greek["url"], &greek["date"]),
            (&"https://pages.example/el".into(), &"2026-03-04T05:06:07".into())
        );
        assert_eq!((&greek["metadata"]["n"], &greek["metadata"]["name"]), (&3.into(), &"el".into()), "{name}");
        assert_eq!(greek["record"], 3);
    }
}

#[test]
fn the_column_of_the_text_is_chosen() {
    let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("Κείμενο"), None, Some("")]));
    let table = RecordBatch::try_from_iter([("σχόλιο", texts)]).unwrap();
    let bytes = parquet_in(&table, 10, Compression::UNCOMPRESSED);
    let made = run("a.parquet", &bytes, "--text-field σχόλιο");
    assert_eq!(made.strings("data/ell_Grek", "text"), ["Κείμενο"]);
    assert_eq!(details(&made, "no-text"), ["no text in this row"]);
    assert_eq!(made.json("report.json")["skipped"]["empty"]["count"], 1);
    let made = run("a.parquet", &bytes, "");
    assert_eq!(details(&made, "no-text").len(), 1, "one reject a file, not one a row");
}

#[test]
fn bytes_that_are_no_utf8_are_read_by_the_decoder() {
    let latin = b"Le caf\xE9 du march\xE9 est ferm\xE9 apr\xE8s la f\xEAte.";
    // Written as text by someone who did not look.
    let texts = unsafe_text(latin);
    for (name, bytes) in [
        ("a.parquet", parquet_in(&column(Arc::new(BinaryArray::from(vec![&latin[..]]))), 10, Compression::SNAPPY)),
        ("a.arrow", arrow_file(&column(Arc::new(BinaryArray::from(vec![&latin[..]]))))),
        ("b.arrow", texts),
    ] {
        let made = run(name, &bytes, "");
        assert_eq!(made.strings("data/und_Latn", "text"), ["Le café du marché est fermé après la fête."], "{name}");
    }
}

/// An Arrow file whose column of text holds bytes that are none.
fn unsafe_text(bytes: &[u8]) -> Vec<u8> {
    let place: String = "#".repeat(bytes.len());
    let mut file = arrow_file(&column(Arc::new(StringArray::from(vec![place.as_str()]))));
    let at = file.windows(place.len()).position(|w| w == place.as_bytes()).unwrap();
    file[at..at + bytes.len()].copy_from_slice(bytes);
    file
}

#[test]
fn a_long_text_comes_in_parts() {
    let long: String = (0..400).map(|i| format!("Γραμμή {i} του μεγάλου κειμένου\n")).collect();
    let texts = column(Arc::new(StringArray::from(vec![long.as_str(), "Μικρό κείμενο"])));
    for (name, bytes) in
        [("a.parquet", parquet_in(&texts, 10, Compression::SNAPPY)), ("a.arrow", arrow_stream(&texts, None))]
    {
        let made = run(name, &bytes, "--max-document 4096");
        let records = made.records("data/ell_Grek");
        assert!(records.len() > 3, "{name}");
        let numbers = |r: &serde_json::Value| (r["record"].as_u64().unwrap(), r["part"].as_u64().unwrap_or(0));
        assert_eq!(numbers(&records[1]), (0, 1));
        assert_eq!(numbers(records.last().unwrap()), (1, 0));
    }
}

#[test]
fn a_damaged_page_costs_its_row_group() {
    let whole = parquet_in(&lines(1000), 100, Compression::ZSTD(ZstdLevel::default()));
    assert_eq!(kept(&run("a.parquet", &whole, "")), 1000);
    // Frames of zstd, one a page: in the middle of the one of row group 3.
    let frames: Vec<usize> =
        (0..whole.len() - 4).filter(|at| whole[*at..].starts_with(&[0x28, 0xB5, 0x2F, 0xFD])).collect();
    let mut damaged = whole.clone();
    let at = frames[frames.len() * 7 / 20];
    damaged[at..at + 40].fill(0xFF);
    let made = run("a.parquet", &damaged, "");
    assert_eq!(kept(&made), 900);
    assert_eq!(made.json("report.json")["documents"], 1000, "rows that are lost are counted");
    let details = details(&made, "damaged");
    assert!(details.len() == 1 && details[0].starts_with("100 rows of row group 3"), "{details:?}");
    let last = made.records("data/ell_Grek").pop().unwrap();
    assert_eq!(last["record"], 999, "numbers of later rows stay");
}

#[test]
fn a_file_that_breaks_off_or_is_encrypted() {
    let whole = parquet(&documents());
    let cut = run("a.parquet", &whole[..whole.len() - 20], "");
    assert_eq!(details(&cut, "damaged").len(), 1);
    let mut sealed = whole.clone();
    let end = sealed.len();
    sealed[end - 4..].copy_from_slice(b"PARE");
    assert_eq!(details(&run("a.parquet", &sealed, ""), "encrypted").len(), 1);
    let stream = arrow_stream(&lines(100), None);
    let made = run("a.arrow", &stream[..stream.len() / 2], "");
    assert!(kept(&made) > 20 && kept(&made).is_multiple_of(4));
    assert!(details(&made, "damaged")[0].starts_with("it breaks off"), "{:?}", made.records("rejects"));
}

#[test]
fn a_damaged_batch_of_arrow_costs_its_rows() {
    let mut stream = arrow_stream(&lines(100), Some(CompressionType::ZSTD));
    let frames: Vec<usize> =
        (0..stream.len() - 4).filter(|at| stream[*at..].starts_with(&[0x28, 0xB5, 0x2F, 0xFD])).collect();
    let at = frames[frames.len() / 2];
    stream[at..at + 12].fill(0xFF);
    let made = run("a.arrow", &stream, "");
    assert_eq!(kept(&made), 96);
    assert_eq!(made.json("report.json")["documents"], 100);
    assert!(details(&made, "damaged")[0].starts_with("4 rows"));
}

#[test]
fn what_must_be_held_is_bounded() {
    let texts: String = "Κείμενο που επαναλαμβάνεται. ".repeat(60_000);
    let texts = column(Arc::new(StringArray::from(vec![texts.as_str(), "Άλλο"])));
    let loose = parquet_in(&texts, 1, Compression::UNCOMPRESSED);
    // A page that is too large costs its row group.
    let made = run("a.parquet", &loose, "--max-held 1M");
    assert_eq!((kept(&made), details(&made, "too-long").len()), (1, 1));
    // In an archive all of it must be held, and what is not opened is kept among the rejects.
    let made = run("a.tar", &tar(&[tar_entry(b"a.parquet", b'0', &loose)]), "--max-held 1M");
    assert_eq!(details(&made, "too-long").len(), 1);
    assert_eq!(made.records("rejects")[0]["entry"], "a.parquet");
    assert_eq!(made.json("ledger.json")["total"]["rejected"]["too-long"], loose.len());
    let made = run("a.arrow", &arrow_stream(&texts, None), "--max-held 1M");
    assert_eq!(details(&made, "too-long").len(), 1);
    let made = run("a.arrow", &arrow_stream(&texts, Some(CompressionType::ZSTD)), "--max-held 1M");
    assert_eq!(details(&made, "too-long").len(), 1, "what it unpacks to counts");
}

#[test]
fn bombs() {
    // A dictionary of one long text, which very many rows point to.
    let long = "Βόμβα. ".repeat(10_000);
    let keys = Int32Array::from(vec![0; 20_000]);
    let rows = DictionaryArray::try_new(keys, Arc::new(StringArray::from(vec![long.as_str()]))).unwrap();
    let bomb = parquet_in(&column(Arc::new(rows)), 20_000, Compression::ZSTD(ZstdLevel::default()));
    assert!(bomb.len() < 20_000, "{}", bomb.len());
    let made = run("a.parquet", &bomb, "--unit document");
    assert_eq!(details(&made, "bomb").len(), 1);
    assert!(kept(&made) < 1000, "{}", kept(&made));
    // One row with a list of very many nothings.
    let mut list = ListBuilder::new(Int64Builder::new());
    (0..5_000_000).for_each(|_| list.values().append_null());
    list.append(true);
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["Κείμενο"]));
    let table = RecordBatch::try_from_iter([("text", texts), ("list", Arc::new(list.finish()) as ArrayRef)]).unwrap();
    let made = run("a.parquet", &parquet_in(&table, 1, Compression::UNCOMPRESSED), "");
    assert_eq!((kept(&made), made.records("rejects").len()), (1, 1), "its column is left out, and that is told");
}

/// A directory that says what is not so must not be believed.
#[test]
fn absurd_directories() {
    let row = FORMATS.iter().find(|r| r.name == InputFormat::Parquet).unwrap();
    let config = Config { max_held: ByteSize(4 << 20), ..Config::default() };
    let file = |directory: &[u8], len: u32| [b"PAR1\x15", directory, &len.to_le_bytes(), b"PAR1"].concat();
    // A schema of columns in each other, a thousand deep.
    let element = |children: u8| [&[0x48, 1, b'a', 0x15][..], &[children * 2, 0]].concat();
    let mut deep = vec![0x15, 2, 0x19, 0xFC, 0xE8, 7];
    (0..1000).for_each(|_| deep.extend(element(1)));
    // A list of very many row groups that are not there.
    let many =
        [&[0x15, 2, 0x19, 0x2C][..], &element(1), &element(0), &[0x16, 2, 0x19, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 7]]
            .concat();
    for directory in [&deep[..], &many, &[], &[0xFF; 100]] {
        for len in [directory.len() as u32, u32::MAX, 0, 1 << 20] {
            let (records, _) = reading::read(row, &file(directory, len), &config, 1 << 20);
            assert_eq!(records.len(), 0, "nothing in it can be read");
        }
    }
}

/// Every byte of a small file changed in turn.
#[test]
fn any_byte_may_be_wrong() {
    let config = Config { max_document: ByteSize(1 << 10), max_held: ByteSize(1 << 20), ..Config::default() };
    let table = table(&documents());
    for (format, whole) in [
        (InputFormat::Parquet, parquet(&documents())),
        (InputFormat::Parquet, parquet_in(&table, 3, Compression::GZIP(Default::default()))),
        (InputFormat::Arrow, arrow_stream(&table, Some(CompressionType::LZ4_FRAME))),
        (InputFormat::Arrow, arrow_file(&table)),
    ] {
        let row = FORMATS.iter().find(|r| r.name == format).unwrap();
        let mut bytes = whole.clone();
        for at in 0..bytes.len() {
            for flip in if cfg!(debug_assertions) { &[0xFF][..] } else { &[0xFF, 1, 0x80, 0x10] } {
                bytes[at] ^= flip;
                reading::read(row, &bytes, &config, 100);
                bytes[at] ^= flip;
            }
        }
    }
}

/// A batch that is full of the metadata alone takes no text; one that has metadata already takes more behind it.
#[test]
fn a_long_text_with_much_metadata_goes_on_in_any_batches() {
    let (text, note) = ("Γραμμή του πίνακα\n".repeat(500), "x".repeat(600));
    let column = |second: &str| Arc::new(StringArray::from_iter_values(["σύντομο", second])) as ArrayRef;
    let table = RecordBatch::try_from_iter([("text", column(&text)), ("note", column(&note))]).unwrap();
    let config = Config { max_document: ByteSize(1 << 10), ..Config::default() };
    for (format, bytes) in
        [(InputFormat::Parquet, parquet_in(&table, 100, Compression::SNAPPY)), (InputFormat::Arrow, arrow_file(&table))]
    {
        let row = FORMATS.iter().find(|r| r.name == format).unwrap();
        let found = reading::read(row, &bytes, &config, 64);
        let parts: Vec<u8> = found.0.iter().flat_map(|record| record.2.clone()).collect();
        let whole = format!("σύντομο{text}");
        assert!(parts == whole.as_bytes() && found.0.len() > 10, "{} parts", found.0.len());
        assert_eq!(found, reading::read(row, &bytes, &config, 1 << 20));
    }
}
