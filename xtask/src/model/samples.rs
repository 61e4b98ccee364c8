//! What the model is shown: lines and parts of lines, in random order, as they are and slightly changed.

use babelsift::script::Script;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use super::corpus::{Head, Label, Tier};
use super::noise::{noise, unknown};
use super::random::Random;
use super::recipe::Recipe;

/// A line of a label of a head.
pub struct Sample {
    pub head: u32,
    pub label: u32,
    line: u32,
}

/// The samples of an epoch, shuffled: each label's lines, fewer of the big ones and small ones repeated.
pub fn epoch(heads: &[Head], recipe: &Recipe, random: &mut Random) -> Vec<Sample> {
    let mut samples = Vec::new();
    for (h, head) in heads.iter().enumerate() {
        let before = samples.len();
        for (l, label) in head.labels.iter().enumerate() {
            let times = share(label, recipe);
            for line in 0..label.lines.len() {
                let count = times as usize + usize::from(random.unit() < times.fract());
                samples.extend((0..count).map(|_| Sample { head: h as u32, label: l as u32, line: line as u32 }));
            }
        }
        let own = (samples.len() - before) as f32;
        for (l, label) in head.labels.iter().enumerate() {
            let share = match label.tier {
                Tier::Unknown => recipe.unknown,
                Tier::Noise => recipe.noise,
                _ => continue,
            };
            let sample = |_| Sample { head: h as u32, label: l as u32, line: 0 };
            samples.extend((0..(own * share) as usize).map(sample));
        }
    }
    random.shuffle(&mut samples);
    samples
}

/// How often each line of a label comes in an epoch.
fn share(label: &Label, recipe: &Recipe) -> f32 {
    let cap = match label.tier {
        Tier::Common => recipe.common,
        Tier::Usual | Tier::Unknown | Tier::Noise => recipe.usual,
        Tier::Dialect => recipe.dialect,
    };
    (cap as f32 / label.bytes.max(1) as f32).min(recipe.repeat as f32)
}

/// What the model is shown of a sample.
pub fn text(head: &Head, sample: &Sample, recipe: &Recipe, random: &mut Random) -> String {
    let label = &head.labels[sample.label as usize];
    match label.tier {
        Tier::Unknown => return unknown(head, random),
        Tier::Noise => return noise(head, random),
        Tier::Common | Tier::Usual | Tier::Dialect => {}
    }
    let line = &label.lines[sample.line as usize];
    vary(cut(line, head.script, recipe, random), recipe, random)
}

/// A whole line, or a few words of it.
fn cut(line: &str, script: Script, recipe: &Recipe, random: &mut Random) -> String {
    const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfc();
    let line = NFC.normalize(line);
    if random.unit() >= recipe.fragments {
        return line.into_owned();
    }
    if script.is_unspaced() {
        let chars: Vec<char> = line.chars().collect();
        let length = 4 + random.below(22);
        let start = random.below(chars.len().saturating_sub(length) + 1);
        return chars[start..(start + length).min(chars.len())].iter().collect();
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let length = 1 + random.below(recipe.words);
    let start = random.below(words.len().saturating_sub(length) + 1);
    words[start..(start + length).min(words.len())].join(" ")
}

/// Sometimes without its accents, with tone marks that are not always written, or as a title.
fn vary(text: String, recipe: &Recipe, random: &mut Random) -> String {
    const NFD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfd();
    const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfc();
    let chance = random.unit();
    if chance < recipe.plain {
        return NFD.normalize(&text).chars().filter(|c| !('\u{300}'..='\u{36F}').contains(c)).collect();
    }
    if chance < recipe.plain + recipe.toned {
        let marks = [['\u{301}', '\u{300}'], ['\u{301}', '\u{302}'], ['\u{301}', '\u{301}'], ['\u{304}', '\u{300}']]
            [random.below(4)];
        let mut toned = String::new();
        for c in text.chars() {
            toned.push(c);
            if matches!(c, 'a' | 'e' | 'i' | 'o' | 'u') && random.below(3) == 0 {
                toned.push(marks[random.below(2)]);
            }
        }
        return NFC.normalize(&toned).into_owned();
    }
    if chance < recipe.plain + recipe.toned + recipe.titled {
        return title(&text);
    }
    text
}

/// Every word with a capital.
fn title(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in text.chars() {
        if inside || !c.is_alphabetic() {
            out.push(c);
        } else {
            out.extend(c.to_uppercase());
        }
        inside = !c.is_whitespace() && (inside || c.is_alphabetic());
    }
    out
}
