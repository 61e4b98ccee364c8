//! Stochastic gradient descent on the rows and matrices, with a step per row (AdaGrad) that falls to nothing.

use babelsift::lang::ngram::Sight;
use babelsift::script::Script;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};

use super::corpus::{Head, Label, Tier};
use super::noise::{noise, unknown};
use super::random::Random;
use super::recipe::Recipe;

/// Numbers in a row.
pub const LANES: usize = 128;

/// Letters from which on a writing system is no alphabet.
const ALPHABET: usize = 70;

/// Labels from which on a head has an answer for languages that are none of them.
const CROWDED: usize = 10;

pub type Row = [f32; LANES];

/// The rows that some scripts share, and the matrices.
pub struct Table {
    pub bits: u32,
    pub rows: Vec<Row>,
    pub heads: Vec<Matrix>,
}

#[derive(Clone)]
pub struct Matrix {
    pub script: Script,
    pub labels: Vec<(String, Tier)>,
    pub weights: Vec<Row>,
    pub bias: Vec<f32>,
}

struct Sample {
    head: u32,
    label: u32,
    line: u32,
}

pub fn train(heads: Vec<Head>, bits: u32, recipe: &Recipe) -> Table {
    let mut random = Random::new(recipe.seed);
    let mut rows = vec![[0f32; LANES]; 1 << bits];
    for x in rows.iter_mut().flatten() {
        *x = (random.unit() - 0.5) / LANES as f32;
    }
    let matrices = heads.iter().map(|h| Matrix {
        script: h.script,
        labels: h.labels.iter().map(|l| (l.name.clone(), l.tier)).collect(),
        weights: vec![[0f32; LANES]; h.labels.len()],
        bias: vec![0f32; h.labels.len()],
    });
    let mut table = Table { bits, rows, heads: matrices.collect() };
    let mut state = State::new(&table);
    let total: usize = epoch(&heads, recipe, &mut random).len() * recipe.epochs;
    let mut done = 0;
    for _ in 0..recipe.epochs {
        let samples = epoch(&heads, recipe, &mut random);
        let mut loss = 0f64;
        for sample in &samples {
            let head = &heads[sample.head as usize];
            let text = text(head, sample, recipe, &mut random);
            let fall = (1.0 - done as f32 / total as f32).max(0.0);
            loss += f64::from(state.learn(&mut table, sample, &text, fall, recipe, &mut random));
            done += 1;
        }
        eprintln!("{} loss {:.4} in {} samples", table.heads.len(), loss / samples.len() as f64, samples.len());
    }
    table
}

/// The samples of an epoch, shuffled: each label's lines, fewer of the big ones and small ones repeated.
fn epoch(heads: &[Head], recipe: &Recipe, random: &mut Random) -> Vec<Sample> {
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
        // Where the script tells the language, another language can only be told by its words.
        let unknown = if head.real >= CROWDED { recipe.unknown } else { 0.0 };
        // Any syllables make a word of some writing systems, as far as the little text tells.
        let noise = if head.real >= CROWDED || head.letters.len() < ALPHABET { recipe.noise } else { 0.0 };
        for (label, share) in [(head.real, unknown), (head.real + 1, noise)] {
            let sample = |_| Sample { head: h as u32, label: label as u32, line: 0 };
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
fn text(head: &Head, sample: &Sample, recipe: &Recipe, random: &mut Random) -> String {
    let label = sample.label as usize;
    if label == head.real {
        return unknown(head, head.real, random);
    }
    if label > head.real {
        return noise(head.name == "Latn", &head.letters, random);
    }
    let line = &head.labels[label].lines[sample.line as usize];
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

/// Sometimes without its accents, sometimes with tone marks that are not always written.
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
    text
}

/// What training needs beside the model.
struct State {
    row_sums: Vec<f32>,
    label_sums: Vec<Vec<f32>>,
    sight: Sight,
    features: Vec<u32>,
    scores: Vec<f32>,
}

impl State {
    fn new(table: &Table) -> Self {
        Self {
            row_sums: vec![0.0; table.rows.len()],
            label_sums: table.heads.iter().map(|h| vec![0.0; h.labels.len()]).collect(),
            sight: Sight::default(),
            features: Vec::new(),
            scores: Vec::new(),
        }
    }

    /// One step; gives the loss.
    fn learn(
        &mut self,
        table: &mut Table,
        sample: &Sample,
        text: &str,
        fall: f32,
        recipe: &Recipe,
        random: &mut Random,
    ) -> f32 {
        let head = &mut table.heads[sample.head as usize];
        self.features.clear();
        let longest = if random.unit() < recipe.orders { 2 + random.below(3) as u32 } else { 6 };
        let features = &mut self.features;
        self.sight.features(text, head.script, table.bits, |order, feature| {
            if order <= longest {
                features.push(feature);
            }
        });
        if recipe.dropout > 0.0 {
            let keep = random.unit() * recipe.dropout;
            self.features.retain(|_| random.unit() >= keep);
        }
        if self.features.is_empty() {
            return 0.0;
        }
        let scale = 1.0 / (self.features.len() as f32).sqrt();
        let sum = pool(&table.rows, &self.features, scale);
        head.scores(&sum, &mut self.scores);
        softmax(&mut self.scores);
        let truth = sample.label as usize;
        let loss = -self.scores[truth].max(1e-9).ln();
        let mut down = [0f32; LANES];
        let sums = &mut self.label_sums[sample.head as usize];
        // Were its language not known, the answer should be that it is not (placeholder learning, Zhou et al. 2021).
        let unknown = self.scores.len() - 2;
        let without = if truth < unknown { recipe.placeholder } else { 0.0 };
        let rest = (1.0 - self.scores[truth]).max(1e-6);
        for (l, p) in self.scores.iter().enumerate() {
            let mut error = p - f32::from(u8::from(l == truth));
            let weights = &mut head.weights[l];
            if error.abs() >= 1e-4 {
                for k in 0..LANES {
                    down[k] += error * weights[k];
                }
            }
            // For that answer only: all rows would drift towards it, and away again.
            if without > 0.0 && l == unknown {
                error += without * (p / rest - 1.0).min(0.0);
            }
            if error.abs() < 1e-4 {
                continue;
            }
            let power: f32 = sum.iter().map(|x| x * x).sum::<f32>() * error * error / LANES as f32;
            sums[l] += power;
            let step = recipe.label_step * fall / (sums[l] + 1e-6).sqrt() * error;
            for k in 0..LANES {
                weights[k] -= step * sum[k];
            }
            head.bias[l] -= step * 0.1;
        }
        let power = down.iter().map(|x| x * x).sum::<f32>() * scale * scale / LANES as f32;
        for &feature in &self.features {
            let sum = &mut self.row_sums[feature as usize];
            *sum += power;
            let step = recipe.row_step * fall * scale / (*sum + 1e-8).sqrt();
            let row = &mut table.rows[feature as usize];
            for k in 0..LANES {
                row[k] -= step * down[k];
            }
        }
        loss
    }
}

/// Sum of the rows of the features.
pub fn pool(rows: &[Row], features: &[u32], scale: f32) -> Row {
    let mut sum = [0f32; LANES];
    for &feature in features {
        let row = &rows[feature as usize];
        for k in 0..LANES {
            sum[k] += row[k];
        }
    }
    sum.map(|x| x * scale)
}

impl Matrix {
    pub fn scores(&self, sum: &Row, out: &mut Vec<f32>) {
        out.clear();
        out.extend(self.weights.iter().zip(&self.bias).map(|(weights, bias)| {
            let mut parts = [0f32; 8];
            for (w, s) in weights.chunks_exact(8).zip(sum.chunks_exact(8)) {
                for k in 0..8 {
                    parts[k] += w[k] * s[k];
                }
            }
            parts.iter().sum::<f32>() + bias
        }));
    }
}

pub fn softmax(scores: &mut [f32]) {
    let top = scores.iter().copied().fold(f32::MIN, f32::max);
    let mut sum = 0.0;
    for s in scores.iter_mut() {
        *s = (*s - top).exp();
        sum += *s;
    }
    for s in scores {
        *s /= sum;
    }
}
