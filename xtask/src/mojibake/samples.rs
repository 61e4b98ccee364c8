//! Stretches of the training text, right as they stand or wrongly decoded.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use babelsift::decode::Encoding;
use babelsift::decode::guess::unusual;
use babelsift::repair::mojibake::{misread, wrong_encodings};
use icu_normalizer::DecomposingNormalizerBorrowed;

use crate::charset::pairs::PAIRS;
use crate::charset::samples::plain;
use crate::model::random::Random;

/// A text and what it should be.
pub struct Sample {
    pub text: String,
    pub truth: String,
}

/// Things to choose from, each with the sum of the shares of all up to it.
struct Choice<T>(Vec<(T, f32)>);

impl<T> Choice<T> {
    fn add(&mut self, item: T, share: f32) {
        let upto = self.0.last().map_or(0.0, |last| last.1) + share;
        self.0.push((item, upto));
    }

    fn any(&self, random: &mut Random) -> &T {
        let total = self.0[self.0.len() - 1].1;
        let at = random.unit() * total;
        &self.0[self.0.partition_point(|item| item.1 <= at).min(self.0.len() - 1)].0
    }
}

pub struct Samples {
    texts: Vec<Vec<String>>,
    /// Of all languages, and of those with encodings of their own.
    all: Choice<usize>,
    old: Choice<(Encoding, usize)>,
    wrong: Choice<Encoding>,
}

const NFD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfd();

const TRIES: usize = 20;
/// Longest line that is used, in characters.
const LONGEST: usize = 2000;
/// Shares of samples: UTF-8 among those that are wrongly decoded, twice decoded among those, languages with encodings of
/// their own among those that are right.
const UTF8: f32 = 0.4;
const TWICE: f32 = 0.2;
const OLD: f32 = 0.4;

impl Samples {
    /// Reads the text of all languages, a file for each label.
    pub fn read(dir: &Path) -> Result<Self> {
        let mut samples =
            Self { texts: Vec::new(), all: Choice(Vec::new()), old: Choice(Vec::new()), wrong: Choice(Vec::new()) };
        let mut files: Vec<_> = fs::read_dir(dir)?.collect::<std::io::Result<_>>()?;
        files.sort_by_key(std::fs::DirEntry::file_name);
        let mut known = BTreeMap::new();
        for path in files.iter().map(std::fs::DirEntry::path).filter(|p| p.extension().is_some_and(|e| e == "txt")) {
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            let lines: Vec<String> = text.lines().filter(|l| !l.is_ascii()).map(str::to_owned).collect();
            if lines.is_empty() {
                continue;
            }
            let label = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            known.insert(label, samples.texts.len());
            samples.all.add(samples.texts.len(), (lines.len() as f32).powf(0.3));
            samples.texts.push(lines);
        }
        for (name, labels) in PAIRS {
            let encoding = Encoding::for_label(name).with_context(|| format!("no encoding {name}"))?;
            if !encoding.is_ascii_compatible() {
                continue;
            }
            let labels: Vec<&str> = labels.split_whitespace().collect();
            for label in &labels {
                let Some(lines) = known.get(*label) else { continue };
                samples
                    .old
                    .add((encoding, *lines), (-0.5 * unusual(encoding)).exp2() * (labels.len() as f32).powf(-0.3));
            }
        }
        for encoding in wrong_encodings() {
            samples.wrong.add(encoding, (-0.3 * unusual(encoding).min(6.0)).exp2());
        }
        Ok(samples)
    }

    /// All lines.
    pub fn lines(&self) -> Vec<&str> {
        self.texts.iter().flatten().map(String::as_str).collect()
    }

    /// A line at random, right as it stands.
    pub fn line(&self, random: &mut Random) -> Option<Sample> {
        let lines = if random.unit() < OLD { self.old.any(random).1 } else { *self.all.any(random) };
        let line = &self.texts[lines][random.below(self.texts[lines].len())];
        let text: String = line.chars().take(LONGEST).collect();
        Some(Sample { truth: text.clone(), text })
    }

    /// A stretch of text at random, right as it stands with this probability; None when none of those tried would do.
    pub fn next(&self, clean: f32, random: &mut Random) -> Option<Sample> {
        if random.unit() < clean {
            let lines = if random.unit() < OLD { self.old.any(random).1 } else { *self.all.any(random) };
            let text = self.stretch(lines, random)?;
            let text = match random.unit() {
                x if x < 0.04 => NFD.normalize(&text).into_owned(),
                x if x < 0.08 => with_look_alikes(&text, random),
                _ => text,
            };
            return Some(Sample { truth: text.clone(), text });
        }
        if random.unit() < UTF8 {
            let lines = *self.all.any(random);
            let mut truth = self.stretch(lines, random)?;
            if random.unit() < TWICE {
                truth = self.misread(truth.as_bytes(), random).filter(|t| t.len() < 4 * LONGEST)?;
            }
            let text = self.misread(truth.as_bytes(), random)?;
            return (text != truth).then_some(Sample { text, truth });
        }
        let (encoding, lines) = *self.old.any(random);
        (0..TRIES).find_map(|_| {
            let truth = self.stretch(lines, random)?;
            let truth = if encoding.encode(&truth).is_some() { truth } else { plain(&truth) };
            let bytes = encoding.encode(&truth)?;
            let text = self.misread(&bytes, random)?;
            (text != truth && std::str::from_utf8(&bytes).is_err()).then_some(Sample { text, truth })
        })
    }

    fn misread(&self, bytes: &[u8], random: &mut Random) -> Option<String> {
        (0..3).find_map(|_| misread(*self.wrong.any(random), random.unit() < 0.3, bytes))
    }

    /// Part of a line around a character that is not ASCII, mostly of whole words, sometimes in capitals.
    fn stretch(&self, lines: usize, random: &mut Random) -> Option<String> {
        let lines = &self.texts[lines];
        let line = &lines[random.below(lines.len())];
        let chars: Vec<char> = line.chars().take(LONGEST).collect();
        let marks: Vec<usize> = (0..chars.len()).filter(|i| !chars[*i].is_ascii()).collect();
        if marks.is_empty() {
            return None;
        }
        let wide = chars[marks[0]] > '\u{2E80}';
        let mut want = (2.5 + random.unit() * 4.5).exp2() as usize;
        if wide {
            want = want / 2 + 2;
        }
        let mut from = marks[random.below(marks.len())].saturating_sub(random.below(want));
        if random.unit() < 0.9 {
            from -= (from.saturating_sub(20)..from).rev().take_while(|i| !chars[*i].is_whitespace()).count();
        }
        let mut end = (from + want).min(chars.len());
        if random.unit() < 0.9 {
            end += chars[end..].iter().take(20).take_while(|c| !c.is_whitespace()).count();
        }
        let text: String = chars[from..end].iter().collect();
        let text = match random.unit() {
            x if x < 0.04 => text.to_uppercase(),
            // Vowels are seldom written in Arabic and Hebrew, but encodings have them.
            x if x < 0.20 && text.contains(|c| vowels(c).is_some()) => vocalized(&text, random),
            x if x < 0.10 => text.replacen(' ', "\u{A0}", 1 + random.below(3)),
            _ => text,
        };
        (!text.is_ascii()).then_some(text)
    }
}

/// Letters of other scripts that look alike in the place of some: wrong, but no wrong decoding.
fn with_look_alikes(text: &str, random: &mut Random) -> String {
    const ALIKE: [(&str, &str); 2] =
        [("аеіјорсухАВЕІЈКМНОРСТХ", "aeijopcyxABEIJKMHOPCTX"), ("οιντΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "oivtABEZHIKMNOPTYX")];
    let share = random.unit();
    let alike = |c: char| ALIKE.iter().find_map(|(own, other)| other.chars().nth(own.chars().position(|o| o == c)?));
    text.chars().map(|c| alike(c).filter(|_| random.unit() < share).unwrap_or(c)).collect()
}

/// The vowel signs that a letter may bear.
fn vowels(c: char) -> Option<&'static [char]> {
    match c {
        'ا'..='غ' | 'ف'..='ي' => {
            Some(&['\u{64E}', '\u{64E}', '\u{650}', '\u{64F}', '\u{652}', '\u{651}', '\u{64B}', '\u{64D}'])
        }
        'א'..='ת' => Some(&['\u{5B8}', '\u{5B7}', '\u{5B4}', '\u{5B0}', '\u{5B5}', '\u{5B6}', '\u{5BC}', '\u{5B9}']),
        _ => None,
    }
}

/// With signs for vowels after most letters, as in scripture and schoolbooks.
fn vocalized(text: &str, random: &mut Random) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        out.push(c);
        if let Some(signs) = vowels(c).filter(|_| random.unit() < 0.7) {
            out.push(signs[random.below(signs.len())]);
        }
    }
    out
}
