//! Several trained models made one of the usual size.
//!
//! A model is linear until the softmax, so the mean of several is a matrix from features to labels again, of a higher
//! rank. It is brought back to [`LANES`] lanes so that the scores change least: the lanes are the strongest directions among
//! all labels (Eckart and Young 1936), features weighted by how much the texts of each label have of them.

use babelsift::lang::ngram::{LANES, Sight};
use nalgebra::{DMatrix, SymmetricEigen};

use super::corpus::Head;
use super::random::Random;
use super::recipe::Recipe;
use super::samples::{epoch, text};
use super::train::{Matrix, Row, Table, dot};

/// The mean of the models of one table.
pub fn combine(models: &[Table], heads: &[Head], recipe: &Recipe) -> Table {
    let bits = models[0].bits;
    let weights = Weights::count(heads, bits, recipe);
    let scores = Scores::new(models, &weights.heads);
    let directions = scores.directions(&weights.features);
    let row = |own: &[f32]| -> Row {
        std::array::from_fn(|k| directions.get(k).map_or(0.0, |d| dot(&d.along, own) / d.length))
    };
    let rows = scores.rows.chunks_exact(scores.labels).map(row).collect();
    let mut first = 0;
    let heads = models[0].heads.iter().zip(&weights.heads).enumerate().map(|(h, (head, weight))| {
        let count = head.labels.len();
        let label = |l: usize| -> Row {
            std::array::from_fn(|k| directions.get(k).map_or(0.0, |d| d.along[first + l] * d.length / weight))
        };
        let bias = |l: usize| models.iter().map(|m| m.heads[h].bias[l]).sum::<f32>() / models.len() as f32;
        let (weights, bias) = ((0..count).map(label).collect(), (0..count).map(bias).collect());
        first += count;
        Matrix { script: head.script, labels: head.labels.clone(), weights, bias }
    });
    let heads = heads.collect();
    Table { bits, rows, heads, steps: [1.0; LANES] }
}

/// What is to be kept most exactly.
struct Weights {
    features: Vec<f64>,
    /// Roots, as they multiply scores and not their squares.
    heads: Vec<f32>,
}

impl Weights {
    /// How much of the texts each feature and each head is. One of a few features of a short text weighs more; labels with
    /// little text are not to be forgotten over those with much.
    fn count(heads: &[Head], bits: u32, recipe: &Recipe) -> Self {
        let mut random = Random::new(recipe.seed);
        let samples = epoch(heads, recipe, &mut random);
        let mut sizes: Vec<Vec<f64>> = heads.iter().map(|h| vec![0.0; h.labels.len()]).collect();
        for sample in &samples {
            sizes[sample.head as usize][sample.label as usize] += 1.0;
        }
        let (mut own, mut of_heads) = (vec![0f64; 1 << bits], vec![1e-9f64; heads.len()]);
        let (mut sight, mut features) = (Sight::default(), Vec::new());
        for sample in &samples {
            let head = &heads[sample.head as usize];
            features.clear();
            sight.features(&text(head, sample, recipe, &mut random), head.script, bits, &mut features);
            let weight = sizes[sample.head as usize][sample.label as usize].powf(-recipe.balance);
            of_heads[sample.head as usize] += weight;
            for feature in &features {
                own[*feature as usize] += weight / features.len() as f64;
            }
        }
        let total: f64 = of_heads.iter().sum();
        Self {
            features: own.iter().map(|w| w / total).collect(),
            heads: of_heads.iter().map(|w| (w / total).sqrt() as f32).collect(),
        }
    }
}

/// What the mean of the models says of each label, feature by feature.
struct Scores {
    /// Labels of all heads.
    labels: usize,
    /// A row a feature; what the labels of a head have in common is taken away, as it decides nothing.
    rows: Vec<f32>,
}

/// A direction in the space of labels, and how far features usually reach in it.
struct Direction {
    along: Vec<f32>,
    length: f32,
}

impl Scores {
    fn new(models: &[Table], weights: &[f32]) -> Self {
        let labels = models[0].heads.iter().map(|h| h.labels.len()).sum();
        let mut rows = vec![0f32; labels * models[0].rows.len()];
        for (feature, mut row) in rows.chunks_exact_mut(labels).enumerate() {
            for (h, weight) in weights.iter().enumerate() {
                let (own, rest) = row.split_at_mut(models[0].heads[h].labels.len());
                for model in models {
                    for (score, label) in own.iter_mut().zip(&model.heads[h].weights) {
                        *score += dot(label, &model.rows[feature]) * weight / models.len() as f32;
                    }
                }
                let common = own.iter().sum::<f32>() / own.len() as f32;
                own.iter_mut().for_each(|score| *score -= common);
                row = rest;
            }
        }
        Self { labels, rows }
    }

    /// The strongest directions.
    fn directions(&self, weights: &[f64]) -> Vec<Direction> {
        let n = self.labels;
        let mut squares = DMatrix::<f64>::zeros(n, n);
        for (own, weight) in self.rows.chunks_exact(n).zip(weights) {
            for (i, score) in own.iter().enumerate() {
                let scaled = f64::from(*score) * weight;
                for (square, other) in squares.column_mut(i).iter_mut().zip(own) {
                    *square += scaled * f64::from(*other);
                }
            }
        }
        let found = SymmetricEigen::new(squares);
        let mut order: Vec<usize> = (0..n).collect();
        order.sort_by(|a, b| found.eigenvalues[*b].total_cmp(&found.eigenvalues[*a]));
        let power = |i: &usize| found.eigenvalues[*i].max(0.0);
        let kept = &order[..LANES.min(n)];
        let share = kept.iter().map(power).sum::<f64>() / order.iter().map(power).sum::<f64>();
        eprintln!("{n} labels in {} lanes keep {:.2} % of the variance", kept.len(), 100.0 * share);
        let direction = |i: &usize| Direction {
            along: found.eigenvectors.column(*i).iter().map(|x| *x as f32).collect(),
            length: power(i).sqrt().max(1e-6) as f32,
        };
        kept.iter().map(direction).collect()
    }
}
