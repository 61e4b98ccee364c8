//! Counts the letters that Latin and Cyrillic share, for `repair/lookalikes`: how much rather a word that either alphabet
//! can write is a word of Slavic languages than one of languages in Latin letters.

use std::path::Path;

use anyhow::{Context, Result};
use babelsift::repair::shared_letter;

const OUT: &str = "src/repair/lookalikes/odds.bin";

/// Bytes of text that are read of each label.
const LATIN: [(&str, usize); 4] =
    [("eng_Latn", 4_000_000), ("fra_Latn", 1_000_000), ("deu_Latn", 1_000_000), ("spa_Latn", 1_000_000)];
const CYRILLIC: [(&str, usize); 6] = [
    ("rus_Cyrl", 4_000_000),
    ("ukr_Cyrl", 1_000_000),
    ("bul_Cyrl", 1_000_000),
    ("srp_Cyrl", 1_000_000),
    ("bel_Cyrl", 1_000_000),
    ("mkd_Cyrl", 1_000_000),
];

/// The edge of a word, and the letters that both alphabets have.
const SYMBOLS: usize = 16;

/// Steps of a weight in a nat.
const STEPS: f64 = 4.0;

struct Counts {
    pairs: Vec<f64>,
    triples: Vec<f64>,
}

impl Counts {
    fn read(dir: &Path, labels: &[(&str, usize)]) -> Result<Self> {
        let mut counts = Self { pairs: vec![0.0; SYMBOLS.pow(2)], triples: vec![0.0; SYMBOLS.pow(3)] };
        for (label, bytes) in labels {
            let path = dir.join(format!("{label}.txt"));
            let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            for word in text[..text.floor_char_boundary(*bytes)].split(|c: char| !c.is_alphabetic()) {
                counts.add(word);
            }
        }
        Ok(counts)
    }

    fn add(&mut self, word: &str) {
        let edge = || std::iter::once(Some(0));
        let (mut a, mut b) = (Some(0), Some(0));
        for c in word.chars().map(shared_letter).chain(edge()) {
            if let (Some(b), Some(c)) = (b, c) {
                self.pairs[b * SYMBOLS + c] += 1.0;
                if let Some(a) = a {
                    self.triples[(a * SYMBOLS + b) * SYMBOLS + c] += 1.0;
                }
            }
            (a, b) = (b, c);
        }
    }

    /// The logarithm of how probable a letter is after two others; smoothed by how probable it is after one.
    fn log(&self, triple: usize) -> f64 {
        let (before, pair) = (triple / SYMBOLS, triple % SYMBOLS.pow(2));
        let of = |counts: &[f64], row: usize| counts[row * SYMBOLS..][..SYMBOLS].iter().sum::<f64>();
        let after_one = (self.pairs[pair] + 0.5) / (of(&self.pairs, pair / SYMBOLS) + 0.5 * SYMBOLS as f64);
        ((self.triples[triple] + 4.0 * after_one) / (of(&self.triples, before) + 4.0)).ln()
    }
}

/// Counts in the files of a folder and writes the weights.
pub fn run(dir: &Path) -> Result<()> {
    let (latin, cyrillic) = (Counts::read(dir, &LATIN)?, Counts::read(dir, &CYRILLIC)?);
    let weight = |i: usize| ((cyrillic.log(i) - latin.log(i)) * STEPS).round().clamp(-127.0, 127.0) as i8;
    let weights: Vec<u8> = (0..SYMBOLS.pow(3)).map(|i| weight(i).cast_unsigned()).collect();
    std::fs::write(OUT, weights).with_context(|| format!("cannot write {OUT}"))
}
