//! Trains the weights by which `repair/zawgyi.rs` tells Zawgyi from Unicode: how much likelier a pair of neighbouring
//! characters is in Burmese text brought to Zawgyi than in Unicode text of any language of the script.

use std::path::Path;

use anyhow::{Context, Result};
use babelsift::repair::{ZAWGYI_KINDS as KINDS, zawgyi_kind as kind};

use crate::model::random::Random;

const OUT: &str = "src/repair/zawgyi/model.bin";
const SIZE: usize = KINDS * KINDS;

/// Added to each likelihood, so that what was not seen says little.
const UNSEEN: f64 = 5e-4;

/// Added to how often a character was seen, so that rare ones say little.
const RARE: f64 = 10.0;

/// What people share as Unicode is partly Zawgyi, so lines are sorted out by what was learnt from the others.
const ROUNDS: usize = 4;

/// Reads the languages of the script from a folder and writes the weights.
pub fn run(dir: &Path) -> Result<()> {
    let mut files: Vec<_> = std::fs::read_dir(dir)?.map(|e| Ok(e?.path())).collect::<Result<_>>()?;
    files.retain(|p| p.to_string_lossy().ends_with("_Mymr.txt"));
    files.sort();
    let read = |path: &std::path::PathBuf| std::fs::read_to_string(path).with_context(|| path.display().to_string());
    let texts: Vec<String> = files.iter().map(read).collect::<Result<_>>()?;
    let place = |name: &str| files.iter().position(|p| p.ends_with(name)).with_context(|| format!("no {name}"));
    let burmese = [place("mya_Mymr.txt")?, place("rki_Mymr.txt")?];
    let mut weights = vec![0i8; SIZE];
    for round in 0..ROUNDS {
        let mut random = Random::new(1);
        let mut zawgyi = vec![0.0; SIZE];
        let mut unicode = vec![0.0; SIZE];
        let mut same = Vec::new();
        let (mut kept, mut all) = (0, 0);
        for (i, text) in texts.iter().enumerate() {
            let mut own = vec![0.0; SIZE];
            for line in text.lines() {
                all += 1;
                let doubtful = burmese.contains(&i) && !surely_unicode(line);
                if doubtful || !well_formed(line) || evidence(line, &weights) > 0 {
                    continue;
                }
                kept += 1;
                count(line, &mut own);
                if i == burmese[0] {
                    count(&to_zawgyi(line, &mut random), &mut zawgyi);
                }
            }
            let own = likelihoods(&own);
            if i == burmese[0] {
                same.clone_from(&own);
            }
            for (most, own) in unicode.iter_mut().zip(own) {
                *most = f64::max(*most, own);
            }
        }
        println!("round {round}: {kept} of {all} lines are Unicode");
        let zawgyi = likelihoods(&zawgyi);
        weights = (0..SIZE).map(|i| weight(zawgyi[i], same[i], unicode[i])).collect();
    }
    std::fs::write(OUT, weights.iter().map(|w| *w as u8).collect::<Vec<u8>>()).context(OUT)
}

/// Eighths of a bit for a pair. What is good in one language is no evidence against it in another; but a pair that Burmese
/// has in both encodings speaks for neither, however common it is elsewhere.
fn weight(zawgyi: f64, burmese: f64, most: f64) -> i8 {
    let bits = |unicode: f64| ((zawgyi + UNSEEN) / (unicode + UNSEEN)).log2();
    let bits = if zawgyi < most && burmese > UNSEEN { bits(burmese).min(0.0) } else { bits(most) };
    (8.0 * bits).round().clamp(-127.0, 127.0) as i8
}

fn evidence(line: &str, weights: &[i8]) -> i32 {
    pairs(line).map(|at| i32::from(weights[at])).sum()
}

/// True when each vowel e follows a letter or medial, and each virama stands between consonants.
fn well_formed(line: &str) -> bool {
    let consonant = |c: char| matches!(c, '\u{1000}'..='\u{102A}' | '\u{103F}' | '\u{105A}'..='\u{1061}');
    let others = |c: char| matches!(c, '\u{1065}'..='\u{1070}' | '\u{1075}'..='\u{1082}') || kind(c) == KINDS - 1;
    let mut before = ' ';
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        let fits = match c {
            '\u{1031}' => consonant(before) || others(before) || matches!(before, '\u{103B}'..='\u{103E}'),
            '\u{1039}' => (consonant(before) || before == '\u{103A}') && consonant(next),
            _ => true,
        };
        if !fits {
            return false;
        }
        before = c;
    }
    true
}

/// True when Burmese must be in Unicode: there is three times as much of the sign that kills a vowel as of that which
/// stacks consonants, which in Zawgyi is the sign that kills a vowel.
fn surely_unicode(line: &str) -> bool {
    let count = |c| line.chars().filter(|d| *d == c).count();
    let glyphs = line.chars().any(|c| ('\u{1060}'..='\u{1097}').contains(&c));
    !glyphs && count('\u{103A}') > 3 * count('\u{1039}')
}

/// Places of the pairs of neighbouring characters.
fn pairs(line: &str) -> impl Iterator<Item = usize> {
    let mut before = 0;
    line.chars().map(kind).chain([0]).map(move |next| std::mem::replace(&mut before, next) * KINDS + next)
}

fn count(line: &str, counts: &mut [f64]) {
    pairs(line).for_each(|at| counts[at] += 1.0);
}

/// How likely each character is after each; nothing is said of two that are of no interest.
fn likelihoods(counts: &[f64]) -> Vec<f64> {
    let rows = counts.chunks(KINDS).flat_map(|row| {
        let sum = row.iter().sum::<f64>() + RARE;
        row.iter().map(move |n| n / sum)
    });
    let mut all: Vec<f64> = rows.collect();
    all[0] = 1.0;
    all
}

/// A syllable of Unicode, taken apart.
#[derive(Default)]
struct Syllable {
    kinzi: bool,
    base: Option<char>,
    below: Vec<char>,
    /// Medials, vowels and other signs, in the order of Unicode.
    signs: Vec<char>,
}

/// Unicode Burmese as it is typed in Zawgyi, with its variants by chance: the training text of the detector.
fn to_zawgyi(line: &str, random: &mut Random) -> String {
    let chars: Vec<char> = line.chars().collect();
    let mut out = String::new();
    let mut syllable = Syllable::default();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        match (c, &chars[at + 1..]) {
            ('\u{1004}', ['\u{103A}', '\u{1039}', ..]) => {
                std::mem::take(&mut syllable).write(&mut out, random);
                syllable.kinzi = true;
                at += 2;
            }
            ('\u{1039}', [below @ '\u{1000}'..='\u{1021}', ..]) if syllable.base.is_some() => {
                syllable.below.push(*below);
                at += 1;
            }
            ('\u{1000}'..='\u{102A}' | '\u{103F}' | '\u{104E}', _) => {
                if syllable.base.is_some() {
                    std::mem::take(&mut syllable).write(&mut out, random);
                }
                syllable.base = Some(c);
            }
            ('\u{102B}'..='\u{1038}' | '\u{103A}'..='\u{103E}', _) if syllable.base.is_some() => syllable.signs.push(c),
            _ => {
                std::mem::take(&mut syllable).write(&mut out, random);
                out.push(c);
            }
        }
        at += 1;
    }
    syllable.write(&mut out, random);
    out
}

/// Consonants twice as wide as others, which need a wide medial ra.
const WIDE: &str = "ကဃဆညဏတထဘယလသဟအ";

/// What stands below the line, and makes other signs there give way.
const DEEP: &str = "\u{102F}\u{1030}\u{103B}\u{103D}\u{103E}";

impl Syllable {
    fn write(self, out: &mut String, random: &mut Random) {
        let has = |c| self.signs.contains(&c);
        if has('\u{1031}') {
            out.push('\u{1031}');
        }
        let deep = !self.below.is_empty() || self.signs.iter().any(|c| DEEP.contains(*c)) || has('\u{103C}');
        if has('\u{103C}') {
            let wide = self.base.is_some_and(|b| WIDE.contains(b));
            let high = self.kinzi || self.signs.iter().any(|c| "\u{102D}\u{102E}\u{1032}\u{1036}\u{103A}".contains(*c));
            let low = !self.below.is_empty() || has('\u{103D}');
            out.push(match (low, high, wide) {
                _ if random.unit() < 0.1 => '\u{103B}',
                (true, true, false) => '\u{1083}',
                (true, true, true) => '\u{1084}',
                (true, false, false) => '\u{1081}',
                (true, false, true) => '\u{1082}',
                (false, true, false) => '\u{107F}',
                (false, true, true) => '\u{1080}',
                (false, false, true) => '\u{107E}',
                (false, false, false) => '\u{103B}',
            });
        }
        let mut below = self.below.as_slice();
        if let Some(base) = self.base {
            let pair = below.first().and_then(|b| pair(base, *b));
            if pair.is_some() {
                below = &below[1..];
            }
            out.push(pair.unwrap_or(match base {
                '\u{1014}' if deep => '\u{108F}',
                '\u{101B}' if has('\u{102F}') || has('\u{1030}') => '\u{1090}',
                '\u{1009}' if deep || has('\u{102C}') => '\u{106A}',
                '\u{1009}' => '\u{1025}',
                '\u{100A}' if deep => '\u{106B}',
                '\u{103F}' => '\u{1086}',
                '\u{101D}' if random.unit() < 0.3 => '\u{1040}',
                other => other,
            }));
        }
        out.extend(below.iter().map(|b| stacked(*b, random)));
        let mut signs = String::new();
        self.signs(&mut signs, deep, random);
        out.push_str(&signs);
    }

    /// What follows the base.
    fn signs(&self, out: &mut String, deep: bool, random: &mut Random) {
        let has = |c| self.signs.contains(&c);
        let mut signs: Vec<char> = self.signs.iter().copied().filter(|c| !"\u{1031}\u{103C}".contains(*c)).collect();
        let kinzi = match () {
            () if !self.kinzi => None,
            () if has('\u{102D}') => Some(('\u{102D}', '\u{108B}')),
            () if has('\u{102E}') => Some(('\u{102E}', '\u{108C}')),
            () if has('\u{1036}') => Some(('\u{1036}', '\u{108D}')),
            () => Some(('\0', '\u{1064}')),
        };
        if let Some((taken, glyph)) = kinzi {
            signs.retain(|c| *c != taken);
            out.push(glyph);
        }
        // Signs above and below the base look alike in any order.
        for i in 1..signs.len() {
            if random.unit() < 0.15 && signs[i] != '\u{1038}' && !"\u{102B}\u{102C}".contains(signs[i - 1]) {
                signs.swap(i - 1, i);
            }
        }
        let tall = deep || has('\u{102C}') && has('\u{103B}');
        for (i, sign) in signs.iter().enumerate() {
            out.push(match sign {
                '\u{103B}' if has('\u{103D}') || has('\u{103E}') => '\u{107D}',
                '\u{103B}' => '\u{103A}',
                '\u{103D}' if has('\u{103E}') => '\u{108A}',
                '\u{103D}' => '\u{103C}',
                '\u{103E}' if has('\u{103D}') => continue,
                '\u{103E}' if signs.get(i + 1) == Some(&'\u{102F}') => '\u{1088}',
                '\u{103E}' if signs.get(i + 1) == Some(&'\u{1030}') => '\u{1089}',
                '\u{103E}' if has('\u{103C}') => '\u{1087}',
                '\u{103E}' => '\u{103D}',
                '\u{102F}' | '\u{1030}' if i > 0 && signs[i - 1] == '\u{103E}' && !has('\u{103D}') => continue,
                '\u{102F}' if self.deep_without_vowel() => '\u{1033}',
                '\u{1030}' if self.deep_without_vowel() => '\u{1034}',
                '\u{1037}' if tall => {
                    if random.unit() < 0.5 {
                        '\u{1095}'
                    } else {
                        '\u{1094}'
                    }
                }
                '\u{1037}' if random.unit() < 0.5 => '\u{1094}',
                '\u{103A}' => '\u{1039}',
                other => *other,
            });
        }
    }

    fn deep_without_vowel(&self) -> bool {
        !self.below.is_empty() || self.signs.iter().any(|c| "\u{103B}\u{103C}\u{103D}".contains(*c))
    }
}

fn pair(base: char, below: char) -> Option<char> {
    Some(match (base, below) {
        ('\u{100D}', '\u{100D}') => '\u{106E}',
        ('\u{100D}', '\u{100E}') => '\u{106F}',
        ('\u{100F}', '\u{100D}') => '\u{1091}',
        ('\u{100B}', '\u{100C}') => '\u{1092}',
        ('\u{100B}', '\u{100B}') => '\u{1097}',
        _ => return None,
    })
}

fn stacked(below: char, random: &mut Random) -> char {
    let glyphs = match below {
        '\u{1000}' => "\u{1060}",
        '\u{1001}' => "\u{1061}",
        '\u{1002}' => "\u{1062}",
        '\u{1003}' => "\u{1063}",
        '\u{1005}' => "\u{1065}",
        '\u{1006}' => "\u{1066}\u{1067}",
        '\u{1007}' => "\u{1068}",
        '\u{1008}' => "\u{1069}",
        '\u{100B}' => "\u{106C}",
        '\u{100C}' => "\u{106D}",
        '\u{100F}' => "\u{1070}",
        '\u{1010}' => "\u{1071}\u{1072}",
        '\u{1011}' => "\u{1073}\u{1074}",
        '\u{1012}' => "\u{1075}",
        '\u{1013}' => "\u{1076}",
        '\u{1014}' => "\u{1077}",
        '\u{1015}' => "\u{1078}",
        '\u{1016}' => "\u{1079}",
        '\u{1017}' => "\u{107A}",
        '\u{1018}' => "\u{107B}\u{1093}",
        '\u{1019}' => "\u{107C}",
        '\u{101C}' => "\u{1085}",
        other => return other,
    };
    glyphs.chars().nth(random.below(glyphs.chars().count())).unwrap_or(below)
}
