//! Inputs that are hard on whatever cuts them into batches.

use std::path::Path;

const SENTENCES: [&str; 6] = [
    "The harbour opened its gates again on Monday morning.",
    "Корабль отходит в семь утра от старого причала.",
    "Το πλοίο φεύγει στις επτά το πρωί από το λιμάνι.",
    "船は朝七時に古い桟橋から出ます。",
    "배는 아침 일곱 시에 부두에서 떠납니다.",
    "יוצאת הספינה בשבע בבוקר מן הנמל הישן.",
];

/// Numbers without order, the same in every run.
pub struct Numbers(pub u64);

impl Numbers {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    /// Some lines of text, hard to compress, mostly of one language.
    pub fn text(&mut self, lines: usize) -> String {
        let own = self.below(SENTENCES.len());
        let mut text = String::new();
        for _ in 0..lines {
            let which = if self.below(8) == 0 { self.below(SENTENCES.len()) } else { own };
            text.push_str(SENTENCES[which]);
            text.push_str(&format!(" {}\u{a0}{}\n", self.below(1 << 30), self.below(1 << 30)));
        }
        text
    }
}

/// JSON lines, texts, damage and nothing at all: all that makes batches end at odd places.
pub fn make_inputs(folder: &Path) {
    let mut numbers = Numbers(1);
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    let mut records = String::new();
    for i in 0..2000 {
        match numbers.below(200) {
            0 => records.push_str("no json\n"),
            1 => records.push('\n'),
            _ => {
                let lines = 1 + numbers.below(6);
                let text = numbers.text(lines);
                records.push_str(&serde_json::json!({"text": text, "n": i}).to_string());
                records.push('\n');
            }
        }
    }
    write("a.jsonl", records.as_bytes());
    write("b.txt", numbers.text(3000).as_bytes());
    write("c.txt", b"");
    let packed = super::gzip(numbers.text(2000).as_bytes());
    write("d.txt.gz", &packed[..packed.len() * 2 / 3]);
    write("e.bin", &[0; 5000]);
    let utf16: Vec<u8> = numbers.text(1000).encode_utf16().flat_map(u16::to_le_bytes).collect();
    write("f.txt", &utf16);
    for i in 0..40 {
        let lines = numbers.below(3);
        write(&format!("g{i:02}.txt"), numbers.text(lines).as_bytes());
    }
}

/// The same several times over, and all its records once more in one archive and one compressed file.
pub fn make_many(folder: &Path, times: usize) {
    let (mut archive, mut lines) = (Vec::new(), Vec::new());
    for i in 0..times {
        let own = folder.join(format!("{i:04}"));
        std::fs::create_dir_all(&own).unwrap();
        make_inputs(&own);
        lines.extend(std::fs::read(own.join("a.jsonl")).unwrap());
        let mut numbers = Numbers(i as u64);
        for j in 0..100 {
            // Some are too long for one document.
            let length = if j == 50 { 3000 } else { 1 + numbers.below(30) };
            let body = numbers.text(length);
            let head = format!(
                "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Target-URI: https://harbour.example/{i}/{j}\r\n\
                 Content-Type: text/plain\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            archive.extend(super::gzip(format!("{head}{body}\r\n\r\n").as_bytes()));
        }
    }
    std::fs::write(folder.join("archive.warc.gz"), archive).unwrap();
    std::fs::write(folder.join("lines.jsonl.gz"), super::gzip(&lines)).unwrap();
}
