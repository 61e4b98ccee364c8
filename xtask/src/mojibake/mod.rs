//! Trains the weights of `repair/mojibake`: of all that a text might be, as it stands or a wrong decoding undone, the
//! truth is to have the most bits, by a margin. Multinomial logistic regression by AdaGrad (Duchi, Hazan, Singer 2011),
//! with what is asked of a repair in the place of a bias. Seeded: the same text gives the same weights.

mod samples;

use std::path::Path;

use anyhow::{Context, Result, bail};
use babelsift::repair::mojibake::{Rival, Rivals, SIZE, STEPS};

use samples::{Sample, Samples};

use crate::model::random::Random;

const OUT: &str = "src/repair/mojibake/model.bin";

struct Recipe {
    seed: u64,
    samples: usize,
    /// First step of a weight.
    step: f32,
    /// Bits by which the truth is to be ahead: of text that is right, of a repair.
    right: f32,
    repair: f32,
    /// Share of the samples that are right as they stand.
    clean: f32,
}

/// Gradients below this are not worth the walk.
const LEAST: f32 = 1e-3;

struct Trainer {
    weights: Vec<f32>,
    /// Sums of squared gradients.
    squares: Vec<f32>,
    scores: Vec<f32>,
    loss: f64,
    /// Right text changed, repairs missed, samples: of text that is right and that is not.
    wrong: [usize; 2],
    seen: [usize; 2],
    /// Truths that are not among the rivals.
    lost: usize,
}

/// Trains on the files of a folder and writes the weights.
pub fn run(dir: &Path, options: &[&str]) -> Result<()> {
    let mut recipe = Recipe { seed: 1, samples: 1_000_000, step: 0.3, right: 6.0, repair: 3.0, clean: 0.5 };
    for option in options {
        let (key, value) = option.split_once('=').with_context(|| format!("{option} is not of the form key=value"))?;
        match key {
            "seed" => recipe.seed = value.parse()?,
            "samples" => recipe.samples = value.parse()?,
            "step" => recipe.step = value.parse()?,
            "right" => recipe.right = value.parse()?,
            "repair" => recipe.repair = value.parse()?,
            "clean" => recipe.clean = value.parse()?,
            _ => bail!("no option {key}"),
        }
    }
    let samples = Samples::read(dir)?;
    let mut trainer = Trainer::new();
    let mut random = Random::new(recipe.seed);
    let mut rivals = Rivals::default();
    let report = (recipe.samples / 20).max(1);
    let mut done = 0;
    while done < recipe.samples {
        let Some(sample) = samples.next(recipe.clean, &mut random) else { continue };
        let left = 1.0 - done as f32 / recipe.samples as f32;
        trainer.learn(&sample, rivals.find(&sample.text), &recipe, recipe.step * (0.02 + 0.98 * left));
        done += 1;
        if done % report == 0 {
            trainer.report(done, report);
        }
    }
    std::fs::write(OUT, trainer.bytes()).context(OUT)
}

impl Trainer {
    fn new() -> Self {
        Self {
            weights: vec![0.0; SIZE],
            squares: vec![1e-3; SIZE],
            scores: Vec::new(),
            loss: 0.0,
            wrong: [0; 2],
            seen: [0; 2],
            lost: 0,
        }
    }

    fn learn(&mut self, sample: &Sample, rivals: &[Rival], recipe: &Recipe, step: f32) {
        let Some(right) = rivals.iter().position(|r| r.text == sample.truth) else {
            self.lost += 1;
            return;
        };
        let margin = if right == 0 { recipe.right } else { recipe.repair };
        self.scores.clear();
        for (at, rival) in rivals.iter().enumerate() {
            let sum: f32 = rival.features.iter().map(|f| self.weights[*f]).sum();
            self.scores.push(sum + rival.bits + if at == right { 0.0 } else { margin });
        }
        let best = self.scores.iter().copied().fold(f32::MIN, f32::max);
        let all = best + self.scores.iter().map(|s| (s - best).exp2()).sum::<f32>().log2();
        self.loss += f64::from(all - self.scores[right]);
        let kind = usize::from(right > 0);
        self.seen[kind] += 1;
        self.wrong[kind] += usize::from(self.scores[right] < best - margin);
        for (at, rival) in rivals.iter().enumerate() {
            let gradient = (self.scores[at] - all).exp2() - f32::from(u8::from(at == right));
            if gradient.abs() < LEAST {
                continue;
            }
            for &f in &rival.features {
                self.squares[f] += gradient * gradient;
                self.weights[f] -= step * gradient / self.squares[f].sqrt();
            }
        }
    }

    fn report(&mut self, done: usize, report: usize) {
        let share = |kind: usize| 100.0 * self.wrong[kind] as f64 / self.seen[kind].max(1) as f64;
        println!(
            "{done} samples: {:.4} bits, {:.3} % of right text changed, {:.2} % of repairs missed, {} lost",
            self.loss / report as f64,
            share(0),
            share(1),
            self.lost
        );
        (self.loss, self.wrong, self.seen, self.lost) = (0.0, [0; 2], [0; 2], 0);
    }

    /// A signed byte each.
    fn bytes(&self) -> Vec<u8> {
        let byte = |w: &f32| (w * STEPS as f32).round().clamp(-127.0, 127.0) as i8 as u8;
        let cut = self.weights.iter().filter(|w| w.abs() * STEPS as f32 > 127.0).count();
        println!("{} weights, {cut} cut", self.weights.iter().filter(|w| **w != 0.0).count());
        self.weights.iter().map(byte).collect()
    }
}
