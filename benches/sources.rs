//! Sources, beside the plain decompressors of what they read.
//!
//! `cargo bench --bench sources` prints a table: decoded MB a second of processor time, each way in turn. With `BABELSIFT_DATA`
//! it reads `bench/web.wet.gz`, without it an archive made of `corpus/`. `-- threads` measures one large archive on one and on
//! two workers, in wall time: as members of gzip, frames of zstd, and one stream of bzip2.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark stops at the first surprise")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it prints tables and tells what it skips")]

mod common;

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use babelsift::source::{Inputs, expand};
use babelsift::{Batch, Config};
use common::race::race;

fn main() {
    let words: Vec<String> = std::env::args().collect();
    if let [.., word, file] = &words[..]
        && word == "once"
    {
        return once(Path::new(file));
    }
    let bench = words.iter().any(|a| a == "--bench");
    let folder = tempfile::tempdir().unwrap();
    let archive = archive(folder.path(), bench);
    if words.iter().any(|a| a == "threads") {
        threads(folder.path(), &archive, bench)
    } else {
        table(folder.path(), &archive, bench)
    }
}

/// A web archive of text, compressed record by record.
fn archive(folder: &Path, bench: bool) -> PathBuf {
    if let Some(data) = common::data().filter(|_| bench) {
        return data.join("bench/web.wet.gz");
    }
    let lines = common::lines(common::RUSSIAN);
    let mut packed = Vec::new();
    for (i, document) in common::documents(&lines, common::same).iter().enumerate() {
        let head = format!(
            "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://a.example/{i}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n",
            document.len()
        );
        packed.extend(gzip(&[head.as_bytes(), document, b"\r\n\r\n"].concat()));
    }
    let path = folder.join("made.wet.gz");
    std::fs::write(&path, packed).unwrap();
    path
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Reads all documents: bytes read, documents and their bytes.
fn read(path: &Path, pool: Option<&Arc<rayon::ThreadPool>>) -> (u64, usize, usize) {
    let inputs = expand(&[path.display().to_string()]).unwrap();
    let mut source = Inputs::new(&inputs, &Config::default(), Arc::default()).unwrap();
    if let Some(pool) = pool {
        source = source.with_pool(Arc::clone(pool));
    }
    let (mut batch, mut bytes, mut documents, mut text) = (Batch::default(), 0, 0, 0);
    while source.fill(&mut batch).unwrap() {
        bytes += batch.read.iter().map(|r| r.1).sum::<u64>();
        for document in batch.documents.iter().filter(|d| d.rejected.is_none() && !d.raw.is_empty()) {
            (documents, text) = (documents + 1, text + document.raw.len());
        }
    }
    (bytes, documents, text)
}

/// libdeflate on members whose bounds and sizes are known beforehand: the least that reading them can take.
fn libdeflate(packed: &[u8], members: &[(usize, usize)]) -> u64 {
    let mut decoder = libdeflater::Decompressor::new();
    let mut out = Vec::new();
    let mut total = 0;
    let ends = members.iter().skip(1).map(|m| m.0).chain([packed.len()]);
    for (&(start, size), end) in members.iter().zip(ends) {
        out.resize(size.max(out.len()), 0);
        total += decoder.gzip_decompress(&packed[start..end], &mut out[..size]).unwrap() as u64;
    }
    total
}

/// The same with what a reader has to do besides: it reads the file, looks for where members end, and copies what they hold into
/// batches of a MiB.
fn libdeflate_and_copies(path: &Path, members: &[(usize, usize)]) -> u64 {
    const JOB: usize = 128 << 10;
    const BATCH: usize = 1 << 20;
    let (mut file, finder) = (std::fs::File::open(path).unwrap(), memchr::memmem::Finder::new(b"\x1F\x8B\x08"));
    let mut decoder = libdeflater::Decompressor::new();
    let (mut packed, mut out, mut batch, mut total) = (Vec::new(), Vec::new(), Vec::with_capacity(2 * BATCH), 0);
    let size = std::fs::metadata(path).unwrap().len() as usize;
    let begins = |number: usize| members.get(number).map_or(size, |member| member.0);
    let mut number = 0;
    for job in members.chunk_by(|a, b| a.0 / JOB == b.0 / JOB) {
        let start = begins(number);
        packed.resize(begins(number + job.len()) - start, 0);
        packed.chunks_mut(64 << 10).for_each(|piece| file.read_exact(piece).unwrap());
        let mut made = 0;
        out.resize(job.iter().map(|m| m.1).sum::<usize>().max(out.len()), 0);
        for (at, size) in job {
            number += 1;
            let member = &packed[at - start..begins(number) - start];
            // What is found may stand in a member by chance; what is known is right.
            std::hint::black_box(finder.find(&packed[at - start + 18..]));
            made += decoder.gzip_decompress(member, &mut out[made..made + size]).unwrap();
        }
        let mut from = 0;
        for (_, size) in job {
            if batch.len() + size > BATCH {
                batch.clear();
            }
            batch.extend_from_slice(&out[from..from + size]);
            from += size;
        }
        std::hint::black_box(&batch);
        total += made as u64;
    }
    total
}

/// Where members begin, and what each unpacks to.
fn members(packed: &[u8]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut rest = packed;
    while !rest.is_empty() {
        let start = packed.len() - rest.len();
        let mut decoder = flate2::bufread::GzDecoder::new(rest);
        let size = std::io::copy(&mut decoder, &mut std::io::sink()).unwrap();
        rest = decoder.into_inner();
        found.push((start, size as usize));
    }
    found
}

fn drain(mut stream: impl Read) -> u64 {
    let mut buffer = vec![0; 256 << 10];
    let mut total = 0;
    loop {
        match stream.read(&mut buffer).unwrap() {
            0 => return total,
            n => total += n as u64,
        }
    }
}

/// The texts of the archive as a table, in zstd.
#[cfg(feature = "parquet")]
fn parquet(archive: &Path) -> Vec<u8> {
    use arrow_array::{ArrayRef, BinaryArray, RecordBatch};
    use parquet::basic::{Compression, ZstdLevel};
    let inputs = expand(&[archive.display().to_string()]).unwrap();
    let mut source = Inputs::new(&inputs, &Config::default(), Arc::default()).unwrap();
    let properties =
        parquet::file::properties::WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default()));
    let (mut batch, mut writer) = (Batch::default(), None);
    while source.fill(&mut batch).unwrap() {
        let texts = batch.documents.iter().filter(|d| d.rejected.is_none()).map(|d| &batch.raw[d.raw.range()]);
        let texts: ArrayRef = Arc::new(BinaryArray::from_iter_values(texts.filter(|t| !t.is_empty())));
        let table = RecordBatch::try_from_iter([("text", texts)]).unwrap();
        let writer = writer.get_or_insert_with(|| {
            parquet::arrow::ArrowWriter::try_new(Vec::new(), table.schema(), Some(properties.clone().build())).unwrap()
        });
        writer.write(&table).unwrap();
    }
    writer.unwrap().into_inner().unwrap()
}

/// The crate alone: all rows of a table.
#[cfg(feature = "parquet")]
fn rows(file: &bytes::Bytes) -> usize {
    let reader = parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file.clone()).unwrap();
    reader.build().unwrap().map(|table| table.unwrap().num_rows()).sum()
}

/// A way to read the archive, and what it is called.
type Way<'a> = (&'a str, Box<dyn FnMut() + 'a>);

fn table(folder: &Path, archive: &Path, bench: bool) {
    let packed = std::fs::read(archive).unwrap();
    let bounds = members(&packed);
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(&packed[..]).read_to_end(&mut plain).unwrap();
    let path = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let zst = zstd::encode_all(&plain[..], 3).unwrap();
    let (bare, zstd_path) = (path("a.wet", &plain), path("a.wet.zst", &zst));
    #[cfg(feature = "parquet")]
    let (made, parquet_path) = {
        let made = bytes::Bytes::from(parquet(archive));
        (made.clone(), path("a.parquet", &made))
    };
    let rounds = if bench { 15 } else { 1 };
    let mut ways: Vec<Way> = vec![
        ("libdeflate, bounds known", Box::new(|| _ = std::hint::black_box(libdeflate(&packed, &bounds)))),
        (
            "libdeflate, the file read, ends of members looked for, texts copied",
            Box::new(|| _ = std::hint::black_box(libdeflate_and_copies(archive, &bounds))),
        ),
        ("flate2 (zlib-rs), many members", Box::new(|| _ = drain(flate2::read::MultiGzDecoder::new(&packed[..])))),
        ("babelsift, .wet.gz to documents", Box::new(|| _ = read(archive, None))),
        ("babelsift, .wet to documents", Box::new(|| _ = read(&bare, None))),
        ("zstd, stream", Box::new(|| _ = drain(zstd::stream::read::Decoder::new(&zst[..]).unwrap()))),
        ("babelsift, .wet.zst to documents", Box::new(|| _ = read(&zstd_path, None))),
        #[cfg(feature = "parquet")]
        ("the crate parquet, texts in zstd to tables", Box::new(|| _ = std::hint::black_box(rows(&made)))),
        #[cfg(feature = "parquet")]
        ("babelsift, .parquet to documents", Box::new(|| _ = read(&parquet_path, None))),
    ];
    let mut works: Vec<&mut dyn FnMut()> = ways.iter_mut().map(|w| &mut *w.1 as &mut dyn FnMut()).collect();
    let times = race(rounds, &mut works);
    println!(
        "{} records, {:.1} MB, of {:.1} MB packed",
        read(archive, None).1,
        plain.len() as f64 / 1e6,
        packed.len() as f64 / 1e6
    );
    println!("| | MB/s | of libdeflate |\n|---|---|---|");
    for ((name, _), time) in ways.iter().zip(&times) {
        println!("| {name} | {:.0} | {:.2} |", plain.len() as f64 / 1e6 / time, times[0] / time);
    }
}

/// Reads a file once: seconds of processor time, documents and their bytes.
fn once(file: &Path) {
    let start = common::clock::now();
    let (_, documents, text) = read(file, None);
    println!("{:.3} {documents} {text}", common::clock::now() - start);
}

/// One archive in each compression, on one and on two workers, in turn.
fn threads(folder: &Path, archive: &Path, bench: bool) {
    let mut plain = Vec::new();
    flate2::read::MultiGzDecoder::new(&std::fs::read(archive).unwrap()[..]).read_to_end(&mut plain).unwrap();
    let path = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let frames: Vec<u8> = plain.chunks(2 << 20).flat_map(|chunk| zstd::bulk::compress(chunk, 3).unwrap()).collect();
    let mut blocks = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    blocks.write_all(&plain[..plain.len().min(10_000_000)]).unwrap();
    let ways = [
        ("gzip, a member for each record", archive.to_path_buf()),
        ("zstd, frames of 2 MiB", path("a.wet.zst", &frames)),
        ("bzip2, one stream (10 MB of text)", path("a.wet.bz2", &blocks.finish().unwrap())),
    ];
    let two = Arc::new(rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap());
    // What two workers cost in processor time bounds what they can gain, whatever else runs on the machine.
    println!(
        "| | one thread, s | two workers, s | times as fast | at most, by processor time |\n|---|---|---|---|---|"
    );
    for (name, path) in ways {
        let mut least = [f64::INFINITY; 4];
        let mut timed = |at: usize, pool| {
            let (wall, processor) = (Instant::now(), common::clock::now());
            let found = read(&path, pool);
            let times = [wall.elapsed().as_secs_f64(), common::clock::now() - processor];
            times.iter().zip(&mut least[at..]).for_each(|(time, least)| *least = least.min(*time));
            found
        };
        for _ in 0..if bench { 9 } else { 1 } {
            let want = timed(0, None);
            assert_eq!(timed(2, Some(&two)), want);
        }
        let [one, one_busy, both, both_busy] = least;
        println!("| {name} | {one:.3} | {both:.3} | {:.2} | {:.2} |", one / both, 2.0 * one_busy / both_busy);
    }
}
