//! Documents that change their encoding: runs of paragraphs under 30 bytes, one legacy encoding a run, ASCII headers
//! between them, UTF-8 and UTF-16 too.

use std::collections::BTreeMap;

use babelsift::decode::Encoding;

use super::decoded;
use super::sentences::{Language, comparable, encoded, languages};

/// Paragraphs of a document at least.
const PARAGRAPHS: usize = 300;
/// Of the paragraphs in legacy encodings so many are right at least.
const RIGHT: f64 = 0.99;
/// And so many of each encoding: no encoding may pay for the others.
const RIGHT_EACH: f64 = 0.9;

/// Of those in UTF-16.
const SPLICED: f64 = 0.99;

const HEADERS: [&str; 6] = [
    "From: archive@example.org",
    "Subject: Re: notes of last week",
    "--------------------------------",
    "Message-ID: <2041.77@example.org>",
    "Page 12 of 40",
    "* * *",
];

/// A paragraph of a document.
struct Paragraph {
    start: usize,
    encoding: Encoding,
    text: String,
}

struct Document {
    bytes: Vec<u8>,
    paragraphs: Vec<Paragraph>,
}

/// Numbers that are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

impl Document {
    fn push(&mut self, text: &str, encoding: Encoding) {
        self.paragraphs.push(Paragraph { start: self.bytes.len(), encoding, text: comparable(text) });
        self.bytes.extend(encoded(text, encoding).unwrap());
        self.bytes.extend(encoding.encode("\n").unwrap());
    }

    /// A document mostly in one language and encoding, with runs of another legacy encoding and of UTF-8 in between.
    fn of(language: &Language, encoding: Encoding, others: &[Language], chance: &mut Chance) -> Self {
        let mut document = Self { bytes: Vec::new(), paragraphs: Vec::new() };
        while document.paragraphs.len() < PARAGRAPHS {
            let header = *chance.one(&HEADERS);
            document.push(header, Encoding::UTF_8);
            let (language, encoding) = match chance.below(10) {
                0 | 1 => (chance.one(others), Encoding::UTF_8),
                2 | 3 => {
                    let other = chance.one(others);
                    (other, *chance.one(&other.encodings))
                }
                _ => (language, encoding),
            };
            for _ in 0..5 + chance.below(20) {
                let sentence = *chance.one(&language.sentences);
                document.push(sentence, encoding);
            }
        }
        document
    }

    /// The text that each paragraph was decoded to.
    fn read(&self) -> Vec<String> {
        let batch = decoded(&self.bytes);
        assert!(batch.documents[0].rejected.is_none(), "it is text");
        let found: BTreeMap<u32, &str> =
            batch.paragraphs.iter().map(|p| (p.raw.start, &batch.text[p.text.range()])).collect();
        let text = |p: &Paragraph| found.get(&(p.start as u32)).copied().unwrap_or_default();
        self.paragraphs.iter().map(|p| comparable(text(p))).collect()
    }
}

/// Right and all paragraphs.
#[derive(Default)]
struct Tally(usize, usize);

impl Tally {
    fn share(&self) -> f64 {
        self.0 as f64 / self.1 as f64
    }
}

/// One document for each language and encoding.
fn documents(languages: &[Language]) -> Vec<Document> {
    let mut chance = Chance(4);
    let pairs = languages.iter().flat_map(|l| l.encodings.iter().map(move |e| (l, *e)));
    pairs.map(|(language, encoding)| Document::of(language, encoding, languages, &mut chance)).collect()
}

#[test]
fn short_paragraphs_are_read_by_what_stands_around_them() {
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut wrong: BTreeMap<String, usize> = BTreeMap::new();
    for document in documents(&languages()) {
        for (paragraph, read) in document.paragraphs.iter().zip(document.read()) {
            let tally = tallies.entry(paragraph.encoding.name()).or_default();
            let right = paragraph.text == read;
            *tally = Tally(tally.0 + usize::from(right), tally.1 + 1);
            if !right {
                let line = format!("{}: {} read as {read}", paragraph.encoding.name(), paragraph.text);
                *wrong.entry(line).or_default() += 1;
            }
        }
    }
    let mut listed: Vec<(&String, &usize)> = wrong.iter().collect();
    listed.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let listed: Vec<String> = listed.iter().take(60).map(|(line, count)| format!("{count} {line}")).collect();
    let listed = listed.join("\n");
    let utf8 = tallies.remove("utf-8").unwrap();
    assert_eq!(utf8.0, utf8.1, "valid UTF-8 and ASCII are never anything else:\n{listed}");
    let all = tallies.values().fold(Tally::default(), |sum, t| Tally(sum.0 + t.0, sum.1 + t.1));
    assert!(all.share() >= RIGHT, "{:.4} of {} paragraphs right:\n{listed}", all.share(), all.1);
    for (name, tally) in &tallies {
        assert!(tally.share() >= RIGHT_EACH, "{name}: {:.4} of {} right:\n{listed}", tally.share(), tally.1);
    }
}

#[test]
fn utf16_is_found_in_the_middle() {
    let languages = languages();
    let mut chance = Chance(16);
    let (mut inside, mut around) = (Tally::default(), Tally::default());
    for language in &languages {
        for spliced in [Encoding::UTF_16LE, Encoding::UTF_16BE] {
            let mut document = Document { bytes: Vec::new(), paragraphs: Vec::new() };
            for encoding in [language.encodings[0], spliced, language.encodings[0], Encoding::UTF_8] {
                // Headers of all lengths: the stretch begins at even and at odd bytes.
                document.push(&HEADERS[0][..1 + chance.below(20)], Encoding::UTF_8);
                for _ in 0..10 + chance.below(5) {
                    let sentence = *chance.one(&language.sentences);
                    document.push(sentence, encoding);
                }
            }
            for (paragraph, read) in document.paragraphs.iter().zip(document.read()) {
                let tally = if paragraph.encoding == spliced { &mut inside } else { &mut around };
                *tally = Tally(tally.0 + usize::from(paragraph.text == read), tally.1 + 1);
            }
        }
    }
    assert!(inside.share() >= SPLICED, "{:.4} of {} paragraphs in UTF-16 right", inside.share(), inside.1);
    assert!(around.share() >= RIGHT, "{:.4} of {} paragraphs around it right", around.share(), around.1);
}
