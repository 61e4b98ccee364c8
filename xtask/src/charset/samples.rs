//! Stretches of the training text in the encodings of their languages.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use babelsift::decode::Encoding;
use babelsift::decode::guess::{Family, unusual};

use super::pairs::PAIRS;
use crate::model::random::Random;

/// An encoding and a language, and the sum of the shares of all units up to this one.
struct Unit {
    encoding: Encoding,
    lines: usize,
    upto: f32,
}

pub struct Samples {
    texts: Vec<Vec<String>>,
    units: Vec<Unit>,
}

/// Bytes, what they are in, and among which encodings that is to be found.
pub struct Sample {
    pub raw: Vec<u8>,
    pub encoding: Encoding,
    pub family: Family,
}

/// Lines that are tried before another pair is.
const TRIES: usize = 30;

/// Longest line that is used, in characters.
const LONGEST: usize = 2000;

impl Samples {
    /// Reads the text of the languages, a file for each label.
    pub fn read(dir: &Path) -> Result<Self> {
        let mut samples = Self { texts: Vec::new(), units: Vec::new() };
        let mut known: BTreeMap<&str, usize> = BTreeMap::new();
        let mut sum = 0.0;
        for (name, labels) in PAIRS {
            let encoding = Encoding::for_label(name).with_context(|| format!("no encoding {name}"))?;
            let labels: Vec<&str> = labels.split_whitespace().collect();
            for label in &labels {
                let lines = match known.get(label) {
                    Some(lines) => *lines,
                    None => {
                        let path = dir.join(format!("{label}.txt"));
                        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
                        samples.texts.push(text.lines().filter(|l| l.len() > 8).map(str::to_owned).collect());
                        *known.entry(label).or_insert(samples.texts.len() - 1)
                    }
                };
                // Usual encodings more often than others, but not as much as they are in use: each is to be learnt.
                sum += (-0.5 * unusual(encoding)).exp2() * (labels.len() as f32).powf(-0.3);
                samples.units.push(Unit { encoding, lines, upto: sum });
            }
        }
        Ok(samples)
    }

    /// A stretch of text at random; None when none of the lines tried would do.
    pub fn next(&self, random: &mut Random) -> Option<Sample> {
        let total = self.units.last()?.upto;
        let at = random.unit() * total;
        let unit = &self.units[self.units.partition_point(|u| u.upto <= at).min(self.units.len() - 1)];
        let lines = &self.texts[unit.lines];
        let encoding = unit.encoding;
        let utf7 = encoding.is_stateful();
        if utf7 && random.unit() < 0.5 {
            return Some(sum_of_words(&lines[random.below(lines.len())], random));
        }
        let all = encoding.is_ebcdic() || !encoding.is_ascii_compatible() && !utf7;
        let family = match (utf7, all || random.unit() < 0.1) {
            (true, _) => Family::Seven,
            (_, true) => Family::Any,
            _ => Family::Ascii,
        };
        (0..TRIES).find_map(|_| {
            let text = stretch(&lines[random.below(lines.len())], all, random)?;
            let raw = encoding.encode(&text).or_else(|| encoding.encode(&plain(&text)))?;
            let tells = all || utf7 || raw.iter().any(|b| *b >= 0x80);
            (tells && (utf7 || all || std::str::from_utf8(&raw).is_err())).then_some(Sample { raw, encoding, family })
        })
    }
}

/// Part of a line around a character that is not ASCII, mostly of whole words, sometimes in capitals.
fn stretch(line: &str, all: bool, random: &mut Random) -> Option<String> {
    let line = if random.unit() < 0.3 { plain(line) } else { line.to_owned() };
    let chars: Vec<char> = line.chars().take(LONGEST).collect();
    let marks: Vec<usize> = (0..chars.len()).filter(|i| all || !chars[*i].is_ascii()).collect();
    if marks.is_empty() {
        return None;
    }
    let wide = chars[marks[0]] > '\u{2E80}';
    let mut want = (2.5 + random.unit() * 5.5).exp2() as usize;
    if wide {
        want = want / 2 + 2;
    }
    let mut from = marks[random.below(marks.len())].saturating_sub(random.below(want));
    if random.unit() < 0.8 {
        let words = (from.saturating_sub(20)..from).rev().take_while(|i| !chars[*i].is_whitespace()).count();
        from -= words;
    }
    let mut end = (from + want).min(chars.len());
    if random.unit() < 0.8 {
        end += chars[end..].iter().take(20).take_while(|c| !c.is_whitespace()).count();
    }
    let text: String = chars[from..end].iter().collect();
    Some(match random.unit() {
        x if x < 0.04 => text.to_uppercase(),
        x if x < 0.06 => text.to_lowercase(),
        _ => text,
    })
}

/// Punctuation as it is typed where the encoding has no other.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '’' | '‘' | '‚' => out.push('\''),
            '“' | '”' | '„' => out.push('"'),
            '–' | '—' => out.push('-'),
            '…' => out.push_str("..."),
            '\u{A0}' => out.push(' '),
            '\u{200B}'..='\u{200F}' => {}
            c => out.push(c),
        }
    }
    out
}

/// ASCII with plus signs, as in formulas and addresses, which is not UTF-7.
fn sum_of_words(line: &str, random: &mut Random) -> Sample {
    let mut raw: Vec<u8> = line.bytes().filter(u8::is_ascii).take(20 + random.below(200)).collect();
    raw.iter_mut().filter(|b| **b == b' ').for_each(|b| {
        *b = match random.below(6) {
            0 => b'+',
            1 => b'-',
            _ => b' ',
        };
    });
    raw.push(b'+');
    raw.extend((0..1 + random.below(9)).map(|_| b'a' + random.below(26) as u8));
    raw.push(b'-');
    Sample { raw, encoding: Encoding::WINDOWS_1252, family: Family::Seven }
}
