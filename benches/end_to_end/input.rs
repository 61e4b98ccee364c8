//! The input: one text as a plain file, as JSON lines and as a web archive.

use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use crate::common::{corpus, data};

/// A file to process.
pub struct Input {
    pub name: &'static str,
    pub path: PathBuf,
    /// Of what it unpacks to.
    pub bytes: u64,
    pub form: Form,
}

/// How records lie in a file.
pub enum Form {
    /// With an empty line between them.
    Text,
    /// A JSON object in each line.
    Json,
    /// A member of gzip each.
    Archive(Vec<Member>),
}

/// Where a member of gzip begins and ends in its file, and what it unpacks to.
pub struct Member {
    pub place: std::ops::Range<usize>,
    pub unpacked: usize,
}

/// The same records in all forms.
pub struct Inputs {
    pub text: Input,
    pub jsonl: Input,
    /// What a crawl gives: `web.wet.gz` itself where there is real text.
    pub archive: Input,
    /// What they are, for people.
    pub told: String,
}

impl Inputs {
    /// Writes the files. `made_up` MB of text are made when there is no real text, or when `real` is not wanted.
    pub fn prepare(folder: &Path, made_up: usize, real: bool) -> Self {
        let crawl = data().filter(|_| real).map(|data| data.join("bench/web.wet.gz"));
        let (records, told) = match &crawl {
            Some(crawl) => (web(crawl), "web.wet.gz"),
            None => (repeated(made_up * 1_000_000), "texts of corpus/, repeated (no BABELSIFT_DATA)"),
        };
        let bodies: usize = records.iter().map(|(_, body)| body.len()).sum();
        let told = format!("{told}: {} records, {:.1} MB of text", records.len(), bodies as f64 / 1e6);
        let (text, jsonl) = (folder.join("input.txt"), folder.join("input.jsonl"));
        let mut out = BufWriter::new(File::create(&text).unwrap());
        for (_, body) in &records {
            out.write_all(body.trim_ascii_end()).unwrap();
            out.write_all(b"\n\n").unwrap();
        }
        out.into_inner().unwrap();
        let mut out = BufWriter::new(File::create(&jsonl).unwrap());
        for (url, body) in &records {
            let text = String::from_utf8_lossy(body);
            let record = serde_json::json!({ "text": text.trim_end(), "url": url });
            writeln!(out, "{record}").unwrap();
        }
        out.into_inner().unwrap();
        let archive = crawl.unwrap_or_else(|| web_archive(&text, made_up, folder));
        let form = Form::Archive(members(&std::fs::read(&archive).unwrap()));
        Self {
            archive: Input::new("web archive", archive, form),
            text: Input::new("plain text", text, Form::Text),
            jsonl: Input::new("JSON lines", jsonl, Form::Json),
            told,
        }
    }

    pub fn all(&self) -> [&Input; 3] {
        [&self.archive, &self.text, &self.jsonl]
    }
}

/// A web archive of a text, record by record, over and over up to so many MB.
pub fn web_archive(text: &Path, mb: usize, folder: &Path) -> PathBuf {
    let path = folder.join("archive.warc.gz");
    let text = std::fs::read(text).unwrap();
    let mut members = Vec::new();
    for (i, page) in text.chunks(4000).enumerate() {
        let head = format!(
            "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://a.example/{i}\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n",
            page.len()
        );
        let mut encoder = flate2::write::GzEncoder::new(&mut members, flate2::Compression::fast());
        encoder.write_all(&[head.as_bytes(), page, b"\r\n\r\n"].concat()).unwrap();
        encoder.finish().unwrap();
    }
    let mut out = File::create(&path).unwrap();
    for _ in 0..(mb * 1_000_000).div_ceil(text.len()) {
        out.write_all(&members).unwrap();
    }
    path
}

impl Input {
    fn new(name: &'static str, path: PathBuf, form: Form) -> Self {
        let bytes = match &form {
            Form::Archive(members) => members.iter().map(|m| m.unpacked as u64).sum(),
            Form::Text | Form::Json => std::fs::metadata(&path).unwrap().len(),
        };
        Self { name, path, bytes, form }
    }

    /// A file that repeats this one up to so many MB.
    pub fn repeated(&self, mb: usize, folder: &Path) -> PathBuf {
        let path = folder.join("repeated").with_extension(self.path.extension().unwrap());
        let once = std::fs::read(&self.path).unwrap();
        let mut out = File::create(&path).unwrap();
        let mut left = mb * 1_000_000;
        while left > 0 {
            let cut = if once.len() <= left { once.len() } else { line_end(&once, left) };
            out.write_all(&once[..cut]).unwrap();
            left = left.saturating_sub(once.len());
        }
        path
    }
}

/// The end of the last line within the first `max` bytes.
fn line_end(bytes: &[u8], max: usize) -> usize {
    memchr::memrchr(b'\n', &bytes[..max]).map_or(max, |i| i + 1)
}

/// The members of a file of gzip.
fn members(packed: &[u8]) -> Vec<Member> {
    let mut found = Vec::new();
    let mut rest = packed;
    while !rest.is_empty() {
        let start = packed.len() - rest.len();
        let mut decoder = flate2::bufread::GzDecoder::new(rest);
        let unpacked = std::io::copy(&mut decoder, &mut std::io::sink()).unwrap() as usize;
        rest = decoder.into_inner();
        found.push(Member { place: start..packed.len() - rest.len(), unpacked });
    }
    found
}

type Record = (String, Vec<u8>);

/// Records of a WET file: address and body.
fn web(path: &Path) -> Vec<Record> {
    let mut bytes = Vec::new();
    let file = BufReader::new(File::open(path).unwrap());
    flate2::read::MultiGzDecoder::new(file).read_to_end(&mut bytes).unwrap();
    let mut records = Vec::new();
    let mut rest = &bytes[..];
    while let Some(end) = memchr::memmem::find(rest, b"\r\n\r\n") {
        let head = String::from_utf8_lossy(&rest[..end]).into_owned();
        let field = |name: &str| head.lines().find_map(|l| l.strip_prefix(name)).map(|v| v.trim().to_owned());
        let length: usize = field("Content-Length:").unwrap().parse().unwrap();
        let body = &rest[end + 4..][..length];
        if let Some(url) = field("WARC-Target-URI:") {
            records.push((url, body.to_vec()));
        }
        rest = rest[end + 4 + length..].trim_ascii_start();
    }
    records
}

/// Texts of the repository over and over.
fn repeated(bytes: usize) -> Vec<Record> {
    let languages = ["fr", "pl", "el", "hi", "ta", "th", "uk", "tr", "ka", "nl", "sv", "zh-hant", "he", "arb"];
    let scripts = languages.iter().map(|l| format!("scripts/{l}.txt"));
    let pages = ["news-en", "blog-zh", "software-ru", "page-fr", "shop-es", "forum-de", "news-hi", "travel-en"];
    let web = pages.iter().map(|p| format!("web/{p}.txt"));
    let texts: Vec<Record> = scripts.chain(web).map(|name| (name.clone(), corpus(&name))).collect();
    let mut total = 0;
    let enough = |r: &&Record| {
        total += r.1.len();
        total <= bytes
    };
    texts.iter().cycle().take_while(enough).cloned().collect()
}
