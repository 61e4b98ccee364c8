//! Trains the weights of `decode/guess`: of all ways to read some bytes the right one is to have the most bits. That is
//! multinomial logistic regression over readings with features of the decoded text, by AdaGrad (Duchi, Hazan, Singer
//! 2011). Seeded: the same text gives the same weights.

pub mod pairs;
pub mod samples;

use std::path::Path;

use anyhow::{Context, Result, bail};
use babelsift::decode::guess::{Readings, SIZE, STEPS};

use samples::{Sample, Samples};

use crate::model::random::Random;

const OUT: &str = "src/decode/guess/model.bin";

struct Recipe {
    seed: u64,
    samples: usize,
    /// First step of a weight.
    step: f32,
    /// Share of samples that are read by short n-grams alone, so that these are learnt as well.
    short: f32,
}

/// Gradients below this are not worth the walk.
const LEAST: f32 = 1e-3;

struct Trainer {
    weights: Vec<f32>,
    /// Sums of squared gradients.
    squares: Vec<f32>,
    readings: Readings,
    scores: Vec<f32>,
    loss: f64,
    wrong: usize,
}

/// Trains on the files of a folder and writes the weights.
pub fn run(dir: &Path, options: &[&str]) -> Result<()> {
    let mut recipe = Recipe { seed: 1, samples: 5_000_000, step: 0.25, short: 0.3 };
    for option in options {
        let (key, value) = option.split_once('=').with_context(|| format!("{option} is not of the form key=value"))?;
        match key {
            "seed" => recipe.seed = value.parse()?,
            "samples" => recipe.samples = value.parse()?,
            "step" => recipe.step = value.parse()?,
            "short" => recipe.short = value.parse()?,
            _ => bail!("no option {key}"),
        }
    }
    let samples = Samples::read(dir)?;
    let mut trainer = Trainer::new();
    let mut random = Random::new(recipe.seed);
    let report = (recipe.samples / 10).max(1);
    let mut done = 0;
    while done < recipe.samples {
        let Some(sample) = samples.next(&mut random) else { continue };
        let most = if random.unit() < recipe.short { 2 + random.below(3) } else { usize::MAX };
        let left = 1.0 - done as f32 / recipe.samples as f32;
        trainer.learn(&sample, most, recipe.step * (0.02 + 0.98 * left));
        done += 1;
        if done % report == 0 {
            let (loss, wrong) = (trainer.loss / report as f64, 100.0 * trainer.wrong as f64 / report as f64);
            println!("{done} samples: {loss:.4} bits, {wrong:.2} % wrong");
            (trainer.loss, trainer.wrong) = (0.0, 0);
        }
    }
    std::fs::write(OUT, trainer.bytes()).context(OUT)
}

impl Trainer {
    fn new() -> Self {
        Self {
            weights: vec![0.0; SIZE],
            squares: vec![1e-3; SIZE],
            readings: Readings::default(),
            scores: Vec::new(),
            loss: 0.0,
            wrong: 0,
        }
    }

    fn learn(&mut self, sample: &Sample, most: usize, step: f32) {
        self.readings.find(&sample.raw, sample.family);
        let list = self.readings.list();
        let Some(right) = list.iter().position(|r| r.is_of(sample.encoding)) else { return };
        self.scores.clear();
        for reading in list {
            let mut sum = 0.0;
            self.readings.features(reading, most, |f| sum += self.weights[f]);
            self.scores.push(sum - reading.against());
        }
        let best = self.scores.iter().copied().fold(f32::MIN, f32::max);
        let all = best + self.scores.iter().map(|s| (s - best).exp2()).sum::<f32>().log2();
        self.loss += f64::from(all - self.scores[right]);
        self.wrong += usize::from(self.scores[right] < best);
        for (at, reading) in list.iter().enumerate() {
            let gradient = (self.scores[at] - all).exp2() - f32::from(u8::from(at == right));
            if gradient.abs() < LEAST {
                continue;
            }
            let (weights, squares) = (&mut self.weights, &mut self.squares);
            self.readings.features(reading, most, |f| {
                squares[f] += gradient * gradient;
                weights[f] -= step * gradient / squares[f].sqrt();
            });
        }
    }

    /// A signed byte each.
    fn bytes(&self) -> Vec<u8> {
        let byte = |w: &f32| (w * STEPS as f32).round().clamp(-127.0, 127.0) as i8 as u8;
        let cut = self.weights.iter().filter(|w| w.abs() * STEPS as f32 > 127.0).count();
        println!("{} weights, {cut} cut", self.weights.iter().filter(|w| **w != 0.0).count());
        self.weights.iter().map(byte).collect()
    }
}
