//! Trains the cheap look at a text: the worst stretch of right text is to stay below what makes it be looked at closely, that
//! of text that was wrongly decoded is to be above.

use babelsift::repair::mojibake::{DRIFT, TRIGGER_STEPS, TRIGGERS, USUAL, look, trigger_features};

use super::samples::Samples;
use crate::model::random::Random;

/// Bits by which it is to be below and above.
const MARGINS: [f32; 2] = [4.5, 0.5];
const STEP: f32 = 0.2;
/// Share of whole lines, all of them right, and of right text among the others.
const LINES: f32 = 0.3;
const CLEAN: f32 = 0.45;

pub struct Trigger {
    pub weights: Vec<f32>,
    squares: Vec<f32>,
}

impl Trigger {
    pub fn train(samples: &Samples, seed: u64, count: usize) -> Self {
        let mut trigger = Self { weights: vec![0.0; TRIGGERS], squares: vec![1e-3; TRIGGERS] };
        let mut random = Random::new(seed);
        let (mut seen, mut failed) = ([0usize; 2], [0usize; 2]);
        let report = (count / 10).max(1);
        let mut done = 0;
        while done < count {
            let sample =
                if random.unit() < LINES { samples.line(&mut random) } else { samples.next(CLEAN, &mut random) };
            let Some(sample) = sample else { continue };
            let wrong = usize::from(sample.text != sample.truth);
            seen[wrong] += 1;
            let step = STEP * (0.02 + 0.98 * (1.0 - done as f32 / count as f32));
            failed[wrong] += usize::from(trigger.learn(&sample.text, wrong == 1, step));
            done += 1;
            if done % report == 0 {
                let share = [0, 1].map(|k| 100.0 * failed[k] as f64 / seen[k].max(1) as f64);
                println!(
                    "{done} looks: {:.3} % of right text looked at, {:.3} % of wrong text not",
                    share[0], share[1]
                );
                (seen, failed) = ([0; 2], [0; 2]);
            }
        }
        trigger
    }

    /// True when a stretch of the text looks wrong.
    pub fn suspects(&self, text: &str) -> bool {
        self.worst(text, &mut Vec::new()).0 >= bits_to_look(text)
    }

    /// The bits of the worst stretch, and its features.
    fn worst(&self, text: &str, features: &mut Vec<usize>) -> (f32, std::ops::Range<usize>) {
        features.clear();
        let drift = DRIFT as f32 / TRIGGER_STEPS as f32;
        let (mut sum, mut start) = (0.0f32, 0);
        let mut worst = (f32::MIN, 0..0);
        let usual = USUAL as f32 / TRIGGER_STEPS as f32;
        trigger_features(text, |found| {
            if sum <= 0.0 {
                (sum, start) = (0.0, features.len());
            }
            let Some(found) = found else {
                sum = 0.0;
                return;
            };
            let weight = |f: &usize| self.weights[*f];
            if sum <= 0.0 && weight(&found[0]) + weight(&found[1]) <= usual {
                return;
            }
            features.extend(found);
            sum += found.iter().map(weight).sum::<f32>() - drift;
            if sum > worst.0 {
                worst = (sum, start..features.len());
            }
        });
        worst
    }

    /// A step of logistic regression on the worst stretch; true when it failed.
    fn learn(&mut self, text: &str, wrong: bool, step: f32) -> bool {
        let mut features = Vec::new();
        let (bits, range) = self.worst(text, &mut features);
        let over = bits - bits_to_look(text);
        let gradient =
            if wrong { -1.0 / (1.0 + (over - MARGINS[1]).exp2()) } else { 1.0 / (1.0 + (-over - MARGINS[0]).exp2()) };
        if gradient.abs() >= 1e-3 {
            for f in &features[range] {
                self.squares[*f] += gradient * gradient;
                self.weights[*f] -= step * gradient / self.squares[*f].sqrt();
            }
        }
        (over >= 0.0) != wrong
    }
}

fn bits_to_look(text: &str) -> f32 {
    look(text.len()) as f32 / TRIGGER_STEPS as f32
}
