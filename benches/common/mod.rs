//! Texts to measure on.
//!
//! With the environment variable `BABELSIFT_DATA` (a folder that holds `language/dev.tsv` and `bench/web.wet.gz`) they
//! are real sentences; without it, texts of the repository's `corpus/`, repeated, which is kinder to caches.
#![allow(dead_code, reason = "each benchmark uses a part of it")]

pub mod clock;
pub mod race;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Bytes of most texts: more than a core's own caches hold.
pub const SIZE: usize = 1 << 20;

/// A document has so many bytes: that of a web page without its markup.
pub const DOCUMENT: usize = 4 << 10;

/// A language to take text in.
#[derive(Clone, Copy)]
pub struct Kind {
    /// Name in tables.
    pub name: &'static str,
    /// Labels in `dev.tsv`.
    pub labels: &'static [&'static str],
    /// Files of `corpus/` that stand in for them.
    pub files: &'static [&'static str],
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// Text that is ASCII but for a few quotes and dashes, which [`ascii`] removes.
pub const ENGLISH: Kind =
    Kind { name: "english", labels: &["eng_Latn"], files: &["web/news-en.txt", "web/travel-en.txt"] };
/// Latin letters with marks.
pub const FRENCH: Kind = Kind { name: "french", labels: &["fra_Latn"], files: &["scripts/fr.txt", "web/page-fr.txt"] };
/// Latin letters, most words with marks.
pub const VIETNAMESE: Kind = Kind { name: "vietnamese", labels: &["vie_Latn"], files: &["scripts/vi-nfd.txt"] };
/// Two bytes a letter.
pub const RUSSIAN: Kind = Kind { name: "russian", labels: &["rus_Cyrl"], files: &["web/software-ru.txt"] };
/// Three bytes a letter, with marks.
pub const HINDI: Kind = Kind { name: "hindi", labels: &["hin_Deva"], files: &["scripts/hi.txt", "web/news-hi.txt"] };
/// Three bytes a letter, three scripts in one.
pub const JAPANESE: Kind = Kind { name: "japanese", labels: &["jpn_Jpan"], files: &["scripts/ja-latin.txt"] };
/// Three bytes a letter.
pub const CHINESE: Kind = Kind { name: "chinese", labels: &["cmn_Hans"], files: &["web/blog-zh.txt"] };
/// Three bytes a letter, composed of parts.
pub const KOREAN: Kind = Kind { name: "korean", labels: &["kor_Hang"], files: &["scripts/ko-hanja.txt"] };

/// The folder of data, if there is one. Says once when there is not.
pub fn data() -> Option<&'static Path> {
    static DATA: OnceLock<Option<PathBuf>> = OnceLock::new();
    DATA.get_or_init(|| {
        let found = std::env::var_os("BABELSIFT_DATA").map(PathBuf::from);
        if found.is_none() {
            eprintln!("BABELSIFT_DATA is not set: real text is skipped, texts of corpus/ are repeated instead");
        }
        found
    })
    .as_deref()
}

/// A file of the repository's `corpus/`.
pub fn corpus(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name)).expect("a file of corpus/")
}

/// Lines of a language.
pub fn lines(kind: Kind) -> Vec<String> {
    let Some(folder) = data() else {
        let text = |file: &&str| String::from_utf8(corpus(file)).expect("UTF-8");
        let files = kind.files.iter().map(text).collect::<String>();
        return files.lines().filter(|l| !l.trim().is_empty()).map(str::to_owned).collect();
    };
    let all = std::fs::read_to_string(folder.join("language/dev.tsv")).expect("language/dev.tsv");
    let rows = all.lines().filter_map(|l| l.split_once('\t')).filter(|(label, _)| kind.labels.contains(label));
    rows.filter_map(|(_, rest)| rest.split('\t').next()).map(str::to_owned).collect()
}

/// Lines, each changed, repeated until they make [`SIZE`] bytes, in documents of about [`DOCUMENT`] bytes.
pub fn documents(lines: &[String], change: impl Fn(&str) -> Vec<u8>) -> Vec<Vec<u8>> {
    let lines: Vec<Vec<u8>> = lines.iter().map(|l| change(l)).collect();
    let (mut documents, mut current, mut total) = (Vec::new(), Vec::new(), 0);
    for line in lines.iter().cycle() {
        current.extend_from_slice(line);
        current.push(b'\n');
        if current.len() >= DOCUMENT {
            total += current.len();
            documents.push(std::mem::take(&mut current));
        }
        if total >= SIZE {
            return documents;
        }
    }
    documents
}

/// A line without the characters that are no ASCII.
pub fn ascii(line: &str) -> Vec<u8> {
    line.bytes().filter(u8::is_ascii).collect()
}

/// A line as it is.
pub fn same(line: &str) -> Vec<u8> {
    line.as_bytes().to_vec()
}

/// Bytes of all.
pub fn total<T: AsRef<[u8]>>(parts: &[T]) -> usize {
    parts.iter().map(|p| p.as_ref().len()).sum()
}

/// Lines of about `length` bytes made of the words of the given ones, each line of one language.
pub fn cut(lines: &[String], length: usize) -> Vec<String> {
    let mut out = Vec::new();
    let mut current = String::new();
    for line in lines {
        // Text without spaces is cut between characters.
        for piece in line.split_inclusive([' ', '。', '，', '、']) {
            current.push_str(piece);
            if current.len() >= length {
                out.push(std::mem::take(&mut current).trim().to_owned());
            }
        }
        if !current.is_empty() && !current.ends_with(' ') {
            current.push(' ');
        }
    }
    out
}
