//! Stochastic gradient descent on the rows and matrices, with a step per row (AdaGrad) that falls to nothing.

use babelsift::lang::ngram::{LANES, Sight};
use babelsift::script::Script;

use super::corpus::{Head, Tier};
use super::random::Random;
use super::recipe::Recipe;
use super::samples::{Sample, epoch, text};
use super::write::quantize;

/// Probabilities that are wrong by less teach nothing, and most are.
const NOTHING: f32 = 1e-4;

/// Texts that are enough to see how long rows are.
const BALANCED: usize = 50_000;

pub type Row = [f32; LANES];

/// The rows that some scripts share, and the matrices.
#[derive(Clone)]
pub struct Table {
    pub bits: u32,
    pub rows: Vec<Row>,
    pub heads: Vec<Matrix>,
    /// What one step of each lane is worth in the file.
    pub steps: Row,
}

/// The labels of a writing system, and how the lanes speak for each.
#[derive(Clone)]
pub struct Matrix {
    pub script: Script,
    pub labels: Vec<(String, Tier)>,
    pub weights: Vec<Row>,
    pub bias: Vec<f32>,
}

/// A table of nothing, and the matrices that use it.
pub fn fresh(heads: &[Head], bits: u32, random: &mut Random) -> Table {
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
    Table { bits, rows, heads: matrices.collect(), steps: [1.0; LANES] }
}

/// Trains a table from nothing, in steps that fall to nothing.
pub fn train(table: &mut Table, heads: &[Head], recipe: &Recipe, random: &mut Random) {
    let mut state = State::new(table, recipe);
    state.pass(table, heads, recipe.epochs, 1.0, recipe, random);
}

/// Trains a table that is good already a little more, brings its rows to four bits, and lets the labels get used to that.
pub fn refine(table: &mut Table, heads: &[Head], recipe: &Recipe, random: &mut Random) {
    let mut state = State::new(table, recipe);
    // How large the steps are depends on how large all those before were: as if it had been trained like the others.
    state.pass(table, heads, 1, 0.0, recipe, random);
    state.row_sums.iter_mut().for_each(|sum| *sum *= recipe.epochs as f32);
    state.label_sums.iter_mut().flatten().for_each(|sum| *sum *= recipe.epochs as f32);
    state.pass(table, heads, recipe.refining_epochs, recipe.refining_step, recipe, random);
    quantize(table);
    state.row_step = 0.0;
    state.pass(table, heads, recipe.settling_epochs, recipe.refining_step, recipe, random);
}

/// What training needs beside the model.
struct State {
    row_step: f32,
    label_step: f32,
    row_sums: Vec<f32>,
    label_sums: Vec<Vec<f32>>,
    sight: Sight,
    features: Vec<u32>,
    scores: Vec<f32>,
}

impl State {
    fn new(table: &Table, recipe: &Recipe) -> Self {
        Self {
            row_step: recipe.row_step,
            label_step: recipe.label_step,
            row_sums: vec![0.0; table.rows.len()],
            label_sums: table.heads.iter().map(|h| vec![0.0; h.labels.len()]).collect(),
            sight: Sight::default(),
            features: Vec::new(),
            scores: Vec::new(),
        }
    }

    /// Some epochs with steps that fall from `first` of the usual ones to nothing.
    fn pass(
        &mut self,
        table: &mut Table,
        heads: &[Head],
        epochs: usize,
        first: f32,
        recipe: &Recipe,
        random: &mut Random,
    ) {
        let total: usize = epoch(heads, recipe, random).len() * epochs;
        let mut done = 0;
        for _ in 0..epochs {
            let samples = epoch(heads, recipe, random);
            let mut loss = 0f64;
            for sample in &samples {
                let head = &heads[sample.head as usize];
                let text = text(head, sample, recipe, random);
                self.features.clear();
                self.sight.features(&text, head.script, table.bits, &mut self.features);
                let hidden = random.unit() * recipe.dropout;
                self.features.retain(|_| random.unit() >= hidden);
                let rate = first * (1.0 - done as f32 / total as f32).max(0.0);
                loss += f64::from(self.learn(table, sample, rate));
                done += 1;
            }
            eprintln!("{} loss {:.4} in {} samples", table.heads.len(), loss / samples.len() as f64, samples.len());
        }
    }

    /// One step towards the label of a text, `rate` of the first ones; gives the loss.
    fn learn(&mut self, table: &mut Table, sample: &Sample, rate: f32) -> f32 {
        if self.features.is_empty() {
            return 0.0;
        }
        let scale = 1.0 / (self.features.len() as f32).sqrt();
        let sum = pool(&table.rows, &self.features, scale);
        let head = &mut table.heads[sample.head as usize];
        head.scores(&sum, &mut self.scores);
        softmax(&mut self.scores);
        let loss = -self.scores[sample.label as usize].max(1e-9).ln();
        let down = self.move_labels(head, sample, &sum, rate * self.label_step);
        let power = down.iter().map(|x| x * x).sum::<f32>() * scale * scale / LANES as f32;
        for &feature in &self.features {
            let sum = &mut self.row_sums[feature as usize];
            *sum += power;
            let step = self.row_step * rate * scale / (*sum + 1e-8).sqrt();
            let row = &mut table.rows[feature as usize];
            for k in 0..LANES {
                row[k] -= step * down[k];
            }
        }
        loss
    }

    /// Moves the weights of the labels, and gives the direction in which the rows are wrong.
    fn move_labels(&mut self, head: &mut Matrix, sample: &Sample, sum: &Row, rate: f32) -> Row {
        let mut down = [0f32; LANES];
        let sums = &mut self.label_sums[sample.head as usize];
        let size = sum.iter().map(|x| x * x).sum::<f32>() / LANES as f32;
        for (l, p) in self.scores.iter().enumerate() {
            let error = p - f32::from(u8::from(l == sample.label as usize));
            if error.abs() < NOTHING {
                continue;
            }
            let weights = &mut head.weights[l];
            sums[l] += size * error * error;
            let step = rate / (sums[l] + 1e-6).sqrt() * error;
            for k in 0..LANES {
                down[k] += error * weights[k];
                weights[k] -= step * sum[k];
            }
            head.bias[l] -= step * 0.1;
        }
        down
    }
}

/// Brings the lanes to the scale that training expects: the rows of an epoch's texts are 1 long in each, on average.
pub fn balance(table: &mut Table, heads: &[Head], recipe: &Recipe, random: &mut Random) {
    let (mut sight, mut features) = (Sight::default(), Vec::new());
    let mut squares = [0f64; LANES];
    for sample in epoch(heads, recipe, random).iter().take(BALANCED) {
        let head = &heads[sample.head as usize];
        features.clear();
        sight.features(&text(head, sample, recipe, random), head.script, table.bits, &mut features);
        for feature in &features {
            for (sum, x) in squares.iter_mut().zip(&table.rows[*feature as usize]) {
                *sum += f64::from(x * x) / (features.len() * BALANCED) as f64;
            }
        }
    }
    let lengths = squares.map(|sum| sum.sqrt().max(1e-6) as f32);
    let scale =
        |row: &mut Row, by: fn(f32, f32) -> f32| row.iter_mut().zip(&lengths).for_each(|(x, l)| *x = by(*x, *l));
    table.rows.iter_mut().for_each(|row| scale(row, |x, l| x / l));
    table.heads.iter_mut().flat_map(|h| &mut h.weights).for_each(|row| scale(row, |x, l| x * l));
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
        out.extend(self.weights.iter().zip(&self.bias).map(|(weights, bias)| dot(weights, sum) + bias));
    }
}

/// Scalar product.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut parts = [0f32; 8];
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    for (a, b) in a.iter().zip(b) {
        for k in 0..8 {
            parts[k] += a[k] * b[k];
        }
    }
    parts.iter().sum::<f32>() + a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum::<f32>()
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
