//! Makes archives and records, byte by byte.

use std::io::Write;

/// A document to be packed.
#[derive(Clone)]
pub struct Document {
    pub name: String,
    pub url: String,
    pub text: String,
}

/// Documents in several languages, with lines of their own.
pub fn documents() -> Vec<Document> {
    [
        ("en", "The ferry to the island leaves at seven in the morning.\nTickets are sold on the pier, and children travel free."),
        ("de", "Die Bäckerei am Marktplatz öffnet um sechs Uhr früh.\nGegen Mittag sind die guten Brötchen meistens ausverkauft."),
        ("ru", "Вчера вечером мы долго гуляли вдоль набережной.\nПотом начался дождь, и пришлось зайти в кафе."),
        ("el", "Το χωριό βρίσκεται ψηλά στο βουνό.\nΤον χειμώνα ο δρόμος κλείνει από το χιόνι."),
        ("ja", "駅前の本屋は夜九時まで開いています。\n二階では小さな展覧会も行われています。"),
        ("fr", "Le marché se tient chaque samedi sous les platanes.\nOn y trouve du miel, des fromages et \"mille\" autres choses."),
    ]
    .iter()
    .map(|(name, text)| {
        let url = format!("https://pages.example/{name}");
        Document { name: format!("{name}.txt"), url, text: (*text).to_owned() }
    })
    .collect()
}

pub fn warc_record(kind: &str, url: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-03-04T05:06:07Z\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body, b"\r\n\r\n"].concat()
}

pub fn http(headers: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\n").as_bytes(), body].concat()
}

pub fn response(url: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    warc_record("response", url, "application/http; msgtype=response", &http(headers, body))
}

/// A header of a tape archive and the data behind it.
pub fn tar_entry(name: &[u8], kind: u8, data: &[u8]) -> Vec<u8> {
    let mut header = [0u8; 512];
    header[..name.len().min(100)].copy_from_slice(&name[..name.len().min(100)]);
    header[100..108].copy_from_slice(b"0000644\0");
    header[124..136].copy_from_slice(format!("{:011o}\0", data.len()).as_bytes());
    header[136..148].copy_from_slice(b"00000000000\0");
    header[148..156].fill(b' ');
    header[156] = kind;
    header[257..265].copy_from_slice(b"ustar\x0000");
    seal(&mut header);
    let padding = data.len().next_multiple_of(512) - data.len();
    [&header[..], data, &vec![0; padding]].concat()
}

/// Writes the checksum of a header.
pub fn seal(header: &mut [u8]) {
    header[148..156].fill(b' ');
    let sum: u32 = header[..512].iter().map(|b| u32::from(*b)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

pub fn tar(entries: &[Vec<u8>]) -> Vec<u8> {
    [entries.concat(), vec![0; 1024]].concat()
}

pub fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// How an entry of a zip archive is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Zipped {
    Stored,
    Deflated,
    /// By LZMA, with a mark at its end and without one.
    Lzma,
    LzmaSized,
    /// With the sizes behind the data.
    Streamed,
    StoredStreamed,
    /// With the sizes in 64 bits.
    Wide,
    Encrypted,
    /// By a method that nobody knows.
    Unknown,
    UnknownStreamed,
}

/// The data of an entry, and the method that says how they are packed.
fn packed(bytes: &[u8], how: Zipped) -> (Vec<u8>, u16) {
    match how {
        Zipped::Stored | Zipped::StoredStreamed => (bytes.to_vec(), 0),
        Zipped::Lzma | Zipped::LzmaSized => (lzma(bytes), 14),
        Zipped::Unknown | Zipped::UnknownStreamed => (deflate(bytes), 77),
        _ => (deflate(bytes), 8),
    }
}

/// As zip has it: a version and the length of the properties stand in front of them, and no size behind.
fn lzma(bytes: &[u8]) -> Vec<u8> {
    use std::io::Read as _;
    let options = liblzma::stream::LzmaOptions::new_preset(6).unwrap();
    let stream = liblzma::stream::Stream::new_lzma_encoder(&options).unwrap();
    let mut alone = Vec::new();
    liblzma::read::XzEncoder::new_stream(bytes, stream).read_to_end(&mut alone).unwrap();
    [&[9, 20, 5, 0], &alone[..5], &alone[13..]].concat()
}

fn local(name: &[u8], bytes: &[u8], how: Zipped) -> Vec<u8> {
    let (data, method) = packed(bytes, how);
    let streamed = matches!(how, Zipped::Streamed | Zipped::StoredStreamed | Zipped::UnknownStreamed);
    let mark = if how == Zipped::Lzma { 2 } else { 0 };
    let flags: u16 = 0x800 | if streamed { 8 } else { mark } | u16::from(how == Zipped::Encrypted);
    let (packed, size) = (data.len() as u32, bytes.len() as u32);
    let extra = match how {
        Zipped::Wide => [&[1, 0, 16, 0][..], &u64::from(size).to_le_bytes(), &u64::from(packed).to_le_bytes()].concat(),
        _ => Vec::new(),
    };
    let mut out = b"PK\x03\x04\x14\0".to_vec();
    out.extend(flags.to_le_bytes());
    out.extend(method.to_le_bytes());
    out.extend([0; 4]);
    let (sum, packed_told, size_told) = match how {
        _ if streamed => (0, 0, 0),
        Zipped::Wide => (crc(bytes), u32::MAX, u32::MAX),
        _ => (crc(bytes), packed, size),
    };
    for number in [sum, packed_told, size_told] {
        out.extend(number.to_le_bytes());
    }
    out.extend((name.len() as u16).to_le_bytes());
    out.extend((extra.len() as u16).to_le_bytes());
    out.extend(name);
    out.extend(extra);
    out.extend(data);
    if streamed {
        out.extend(b"PK\x07\x08");
        for number in [crc(bytes), packed, size] {
            out.extend(number.to_le_bytes());
        }
    }
    out
}

pub fn zip(entries: &[(&str, &[u8], Zipped)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, bytes, how) in entries {
        let at = out.len() as u32;
        out.extend(local(name.as_bytes(), bytes, *how));
        let packed = packed(bytes, *how).0.len();
        directory.extend(b"PK\x01\x02\x14\0\x14\0\0\x08\x08\0\0\0\0\0");
        for number in [crc(bytes), packed as u32, bytes.len() as u32] {
            directory.extend(number.to_le_bytes());
        }
        directory.extend((name.len() as u16).to_le_bytes());
        directory.extend([0; 12]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let at = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend((entries.len() as u16).to_le_bytes());
    out.extend((entries.len() as u16).to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

pub fn csv(documents: &[Document]) -> Vec<u8> {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let row = |d: &Document| format!("{},{},{}\r\n", quoted(&d.url), quoted(&d.text), quoted(&d.name));
    ["url,text,name\r\n".to_owned(), documents.iter().map(row).collect()].concat().into_bytes()
}

pub fn mbox(documents: &[Document]) -> Vec<u8> {
    use base64::Engine as _;
    let message = |(i, d): (usize, &Document)| {
        let base64 = base64::engine::general_purpose::STANDARD.encode(&d.text);
        let (encoding, body) = match i % 3 {
            0 => ("8bit", d.text.clone()),
            1 => (
                "base64",
                base64.as_bytes().chunks(76).map(|l| format!("{}\n", std::str::from_utf8(l).unwrap())).collect(),
            ),
            _ => ("quoted-printable", quoted_printable(&d.text)),
        };
        format!(
            "From someone@post.example Wed Mar  4 05:06:07 2026\nFrom: someone@post.example\nDate: Wed, 4 Mar 2026 05:06:07 +0000\nSubject: {}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n{body}\n\n",
            d.name
        )
    };
    documents.iter().enumerate().map(message).collect::<String>().into_bytes()
}

fn quoted_printable(text: &str) -> String {
    let byte =
        |b: u8| if b == b'\n' || (b.is_ascii() && b != b'=') { char::from(b).to_string() } else { format!("={b:02X}") };
    let mut out = String::new();
    let mut width = 0;
    for piece in text.bytes().map(byte) {
        if piece == "\n" {
            width = 0;
        } else if width + piece.len() > 70 {
            out.push_str("=\n");
            width = 0;
        }
        width += piece.len();
        out.push_str(&piece);
    }
    out
}

/// Documents as columns: texts, addresses, and what else tables have.
#[cfg(feature = "parquet")]
pub fn table(documents: &[Document]) -> arrow_array::RecordBatch {
    use std::sync::Arc;

    use arrow_array::types::Int8Type;
    use arrow_array::{ArrayRef, DictionaryArray, Int64Array, RecordBatch, StringArray, TimestampMillisecondArray};
    let urls: ArrayRef = Arc::new(StringArray::from_iter_values(documents.iter().map(|d| &d.url)));
    let texts: ArrayRef = Arc::new(StringArray::from_iter_values(documents.iter().map(|d| &d.text)));
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..documents.len() as i64));
    let dates: ArrayRef = Arc::new(TimestampMillisecondArray::from(vec![1_772_600_767_000; documents.len()]));
    let names: ArrayRef = Arc::new(documents.iter().map(|d| &d.name[..2]).collect::<DictionaryArray<Int8Type>>());
    RecordBatch::try_from_iter([("url", urls), ("text", texts), ("n", numbers), ("date", dates), ("name", names)])
        .unwrap()
}

/// A file of row groups of so many rows.
#[cfg(feature = "parquet")]
pub fn parquet_in(table: &arrow_array::RecordBatch, rows: usize, packing: parquet::basic::Compression) -> Vec<u8> {
    use parquet::arrow::ArrowWriter;
    use parquet::file::properties::WriterProperties;
    let properties =
        WriterProperties::builder().set_max_row_group_row_count(Some(rows)).set_compression(packing).build();
    let mut writer = ArrowWriter::try_new(Vec::new(), table.schema(), Some(properties)).unwrap();
    writer.write(table).unwrap();
    writer.into_inner().unwrap()
}

#[cfg(feature = "parquet")]
pub fn parquet(documents: &[Document]) -> Vec<u8> {
    parquet_in(&table(documents), 4, parquet::basic::Compression::SNAPPY)
}

#[cfg(feature = "parquet")]
pub fn arrow_stream(table: &arrow_array::RecordBatch, packing: Option<arrow_ipc::CompressionType>) -> Vec<u8> {
    use arrow_ipc::writer::{IpcWriteOptions, StreamWriter};
    let options = IpcWriteOptions::default().try_with_compression(packing).unwrap();
    let mut writer = StreamWriter::try_new_with_options(Vec::new(), &table.schema(), options).unwrap();
    (0..table.num_rows())
        .step_by(4)
        .for_each(|at| writer.write(&table.slice(at, 4.min(table.num_rows() - at))).unwrap());
    writer.into_inner().unwrap()
}

#[cfg(feature = "parquet")]
pub fn arrow_file(table: &arrow_array::RecordBatch) -> Vec<u8> {
    let mut writer = arrow_ipc::writer::FileWriter::try_new(Vec::new(), &table.schema()).unwrap();
    writer.write(table).unwrap();
    writer.into_inner().unwrap()
}
