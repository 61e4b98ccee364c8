//! The languages of `sentences.txt`.

use babelsift::decode::Encoding;
use unicode_normalization::UnicodeNormalization as _;

pub struct Language {
    pub name: &'static str,
    /// Legacy encodings it is written in.
    pub encodings: Vec<Encoding>,
    pub sentences: Vec<&'static str>,
}

pub fn languages() -> Vec<Language> {
    let lines = include_str!("sentences.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut languages: Vec<Language> = Vec::new();
    for line in lines {
        if let Some(head) = line.strip_prefix("= ") {
            let mut words = head.split(' ');
            let name = words.next().unwrap();
            let encodings = words.map(|label| Encoding::for_label(label).expect(label)).collect();
            languages.push(Language { name, encodings, sentences: Vec::new() });
        } else {
            languages.last_mut().unwrap().sentences.push(line);
        }
    }
    languages
}

/// Letters with commas and with cedillas, which Romanian's encodings have at the same bytes.
const CEDILLAS: [(char, char); 4] = [('ș', 'ş'), ('ț', 'ţ'), ('Ș', 'Ş'), ('Ț', 'Ţ')];

fn cedilla(c: char) -> char {
    CEDILLAS.iter().find(|(comma, _)| *comma == c).map_or(c, |(_, cedilla)| *cedilla)
}

/// The bytes of a text, with cedillas where the encoding has no commas.
pub fn encoded(text: &str, encoding: Encoding) -> Option<Vec<u8>> {
    encoding.encode(text).or_else(|| encoding.encode(&text.chars().map(cedilla).collect::<String>()))
}

/// For comparing what bytes cannot tell: commas from cedillas, and tones of Vietnamese that are characters of their own.
pub fn comparable(text: &str) -> String {
    text.nfc().map(cedilla).collect()
}

#[test]
fn sentences_are_short_and_can_be_written() {
    let languages = languages();
    assert!(languages.len() >= 25);
    let mut bad = Vec::new();
    for Language { name, encodings, sentences } in &languages {
        assert!(sentences.len() >= 12, "{name}");
        for (sentence, encoding) in sentences.iter().flat_map(|s| encodings.iter().map(move |e| (s, *e))) {
            match encoded(sentence, encoding) {
                Some(bytes) if bytes.len() < 30 && !sentence.is_ascii() => {}
                found => bad.push(format!("{encoding:?}: {sentence}: {:?} bytes", found.map(|bytes| bytes.len()))),
            }
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}
