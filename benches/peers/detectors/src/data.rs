//! Bytes whose text is known.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use serde::Deserialize;

/// A row of `paragraphs_dev.tsv`.
pub struct Paragraph {
    pub bytes: Vec<u8>,
    /// Python's name.
    pub encoding: String,
    /// By its length in bytes: a place in [`BUCKETS`].
    pub bucket: usize,
    pub text: String,
}

pub const BUCKETS: [&str; 4] = ["< 40", "40-100", "100-300", "300-1000"];

/// A file in several encodings.
pub struct Mixed {
    pub bytes: Vec<u8>,
    pub about: About,
}

#[derive(Deserialize)]
pub struct About {
    pub kind: String,
    pub paras: Vec<Part>,
}

#[derive(Deserialize)]
pub struct Part {
    pub start: usize,
    pub end: usize,
    pub text: String,
}

impl Mixed {
    /// The bytes of its paragraphs.
    pub fn parts(&self) -> impl Iterator<Item = &[u8]> {
        self.about.paras.iter().map(|p| &self.bytes[p.start..p.end])
    }
}

pub struct Data {
    pub paragraphs: Vec<Paragraph>,
    pub mixed: Vec<Mixed>,
}

impl Data {
    /// Reads `encoding/paragraphs_dev.tsv` and `encoding/mixed_dev` of a folder.
    pub fn read(folder: &Path) -> Self {
        let folder = folder.join("encoding");
        let rows = fs::read_to_string(folder.join("paragraphs_dev.tsv")).expect("paragraphs_dev.tsv");
        let listed = fs::read_dir(folder.join("mixed_dev")).expect("mixed_dev");
        let mut names: Vec<_> = listed.map(|entry| entry.expect("an entry").path()).collect();
        names.retain(|path| path.extension().is_some_and(|e| e == "json"));
        names.sort();
        let mixed = names.iter().map(|path| Mixed {
            bytes: fs::read(path.with_extension("bin")).expect("its bytes"),
            about: serde_json::from_slice(&fs::read(path).expect("what is in it")).expect("JSON"),
        });
        Self { paragraphs: rows.split('\n').skip(1).filter_map(paragraph).collect(), mixed: mixed.collect() }
    }
}

fn paragraph(row: &str) -> Option<Paragraph> {
    let [_, bytes, _, encoding, bucket, text] = row.splitn(6, '\t').collect::<Vec<_>>().try_into().ok()?;
    Some(Paragraph {
        bytes: base64::engine::general_purpose::STANDARD.decode(bytes).ok()?,
        encoding: encoding.to_owned(),
        bucket: bucket.parse().ok()?,
        text: text.to_owned(),
    })
}
