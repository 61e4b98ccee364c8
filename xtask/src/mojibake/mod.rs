//! Trains the weights of `repair/mojibake`: of all that a text might be, as it stands or a wrong decoding undone, the
//! truth is to have the most bits, by a margin. Multinomial logistic regression by AdaGrad (Duchi, Hazan, Singer 2011),
//! with what is asked of a repair in the place of a bias. Seeded: the same text gives the same weights.

mod samples;
mod trigger;

use std::path::Path;

use anyhow::{Context, Result, bail};
use babelsift::repair::mojibake::{Rival, Rivals, SIZE, STEPS, TRIGGER_STEPS};

use samples::Samples;
use trigger::Trigger;

use crate::model::random::Random;

const OUT: &str = "src/repair/mojibake/model.bin";
const TRIGGER_OUT: &str = "src/repair/mojibake/trigger.bin";

struct Recipe {
    seed: u64,
    samples: usize,
    /// Samples for the cheap look.
    looks: usize,
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

/// Share of the lessons that are whole lines, right as they stand, and bits by which each of their characters that are not ASCII
/// is to be right: what is little in a word adds up in a paragraph.
const LINES: f32 = 0.35;
const EACH: f32 = 0.25;

/// Sums of squared gradients to begin with: what is seen once or twice hardly counts.
const SQUARES: f32 = 0.3;

/// Samples whose rivals are found together.
const BATCH: usize = 4096;

/// Parts of the training; before each but the first right text is looked for that is hard.
const ROUNDS: usize = 4;
/// One hard lesson for so many others.
const HARD: usize = 8;
/// Bits by which a repair may miss what is asked of it to make a lesson hard; rivals that are kept; longest text.
const NEAR: f32 = 12.0;
const RIVALS: usize = 4;
const LONGEST: usize = 400;

/// What a text might be, and which of it is true, if any.
struct Lesson {
    rivals: Vec<Rival>,
    right: Option<usize>,
    /// Bits by which right text of this length is to be ahead besides.
    more: f32,
}

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
    let mut recipe =
        Recipe { seed: 1, samples: 1_100_000, looks: 8_000_000, step: 0.4, right: 16.0, repair: 3.0, clean: 0.5 };
    for option in options {
        let (key, value) = option.split_once('=').with_context(|| format!("{option} is not of the form key=value"))?;
        match key {
            "seed" => recipe.seed = value.parse()?,
            "looks" => recipe.looks = value.parse()?,
            "samples" => recipe.samples = value.parse()?,
            "step" => recipe.step = value.parse()?,
            "right" => recipe.right = value.parse()?,
            "repair" => recipe.repair = value.parse()?,
            "clean" => recipe.clean = value.parse()?,
            _ => bail!("no option {key}"),
        }
    }
    let samples = Samples::read(dir)?;
    let mut trigger = Trigger::train(&samples, recipe.seed, recipe.looks);
    let rounded = bytes(&trigger.weights, TRIGGER_STEPS);
    std::fs::write(TRIGGER_OUT, &rounded).context(TRIGGER_OUT)?;
    // What is looked at from here on is what the program looks at.
    trigger.weights = rounded.iter().map(|b| f32::from(*b as i8) / TRIGGER_STEPS as f32).collect();
    if recipe.samples == 0 {
        return Ok(());
    }
    let mut trainer = Trainer::new();
    let report = (recipe.samples / 20).max(1);
    let mut hard = Vec::new();
    let mut random = Random::new(recipe.seed);
    let batches = recipe.samples.div_ceil(BATCH);
    for done in 0..batches {
        if done > 0 && done % batches.div_ceil(ROUNDS) == 0 {
            hard = hard_lessons(&samples, &trainer, &trigger, &recipe);
            println!("{} lines of right text are hard", hard.len());
        }
        let step = recipe.step * (0.02 + 0.98 * (1.0 - done as f32 / batches as f32));
        let lessons = in_parallel(BATCH, |number, rivals| {
            let mut random = Random::new(recipe.seed << 40 | (done * BATCH + number) as u64);
            if random.unit() < LINES {
                let line = start(&samples.line(&mut random)?.text);
                return Some(Lesson::new(&line, &line, rivals.find(&line, false)));
            }
            let sample = (0..100).find_map(|_| samples.next(recipe.clean, &mut random))?;
            Some(Lesson::new(&sample.text, &sample.truth, rivals.find(&sample.text, true)))
        });
        for lesson in &lessons {
            trainer.learn(lesson, &recipe, step);
        }
        for _ in 0..if hard.is_empty() { 0 } else { BATCH / HARD } {
            trainer.learn(&hard[random.below(hard.len())], &recipe, step);
        }
        if (done + 1) * BATCH / report > done * BATCH / report {
            trainer.report((done + 1) * BATCH);
        }
    }
    std::fs::write(OUT, bytes(&trainer.weights, STEPS)).context(OUT)
}

/// Runs over numbers on all cores, each with memory for rivals; the results are in order.
fn in_parallel<T: Send>(count: usize, each: impl Fn(usize, &mut Rivals) -> Option<T> + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let part = count.div_ceil(threads).max(1);
    let each = &each;
    std::thread::scope(|scope| {
        let work = |thread: usize| {
            let mut rivals = Rivals::default();
            (thread * part..count.min((thread + 1) * part)).filter_map(|n| each(n, &mut rivals)).collect::<Vec<_>>()
        };
        let workers: Vec<_> = (0..threads).map(|thread| scope.spawn(move || work(thread))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    })
}

/// As much of a line as is looked at.
fn start(line: &str) -> String {
    line.chars().take(LONGEST).collect()
}

/// Right text that a repair comes near to, of all lines.
fn hard_lessons(samples: &Samples, trainer: &Trainer, trigger: &Trigger, recipe: &Recipe) -> Vec<Lesson> {
    let lines = samples.lines();
    in_parallel(lines.len(), |number, rivals| {
        let line = start(lines[number]);
        if !trigger.suspects(&line) {
            return None;
        }
        let mut lesson = Lesson::new(&line, &line, rivals.find(&line, false));
        let scores: Vec<f32> = lesson.rivals.iter().map(|r| trainer.score(r)).collect();
        let near = |score: &f32| *score > scores[0] - recipe.right - lesson.more - NEAR;
        let mut kept: Vec<usize> = (1..scores.len()).filter(|i| near(&scores[*i])).collect();
        kept.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        kept.truncate(RIVALS);
        kept.sort_unstable();
        let mut at = 0;
        lesson.rivals.retain(|_| {
            at += 1;
            at == 1 || kept.binary_search(&(at - 1)).is_ok()
        });
        (lesson.rivals.len() > 1).then_some(lesson)
    })
}

impl Lesson {
    fn new(text: &str, truth: &str, mut rivals: Vec<Rival>) -> Self {
        let right = rivals.iter().position(|r| r.text == truth);
        rivals.iter_mut().for_each(|r| r.text = String::new());
        let more = EACH * text.chars().filter(|c| !c.is_ascii()).count() as f32;
        Self { rivals, right, more }
    }
}

impl Trainer {
    fn new() -> Self {
        Self {
            weights: vec![0.0; SIZE],
            squares: vec![SQUARES; SIZE],
            scores: Vec::new(),
            loss: 0.0,
            wrong: [0; 2],
            seen: [0; 2],
            lost: 0,
        }
    }

    fn score(&self, rival: &Rival) -> f32 {
        rival.bits + rival.features.iter().map(|f| self.weights[*f as usize]).sum::<f32>()
    }

    fn learn(&mut self, lesson: &Lesson, recipe: &Recipe, step: f32) {
        let rivals = &lesson.rivals;
        let Some(right) = lesson.right else {
            self.lost += 1;
            return;
        };
        let margin = if right == 0 { recipe.right + lesson.more } else { recipe.repair };
        self.scores.clear();
        for (at, rival) in rivals.iter().enumerate() {
            let score = self.score(rival) + if at == right { 0.0 } else { margin };
            self.scores.push(score);
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
            for f in rival.features.iter().map(|f| *f as usize) {
                self.squares[f] += gradient * gradient;
                self.weights[f] -= step * gradient / self.squares[f].sqrt();
            }
        }
    }

    fn report(&mut self, done: usize) {
        let share = |kind: usize| 100.0 * self.wrong[kind] as f64 / self.seen[kind].max(1) as f64;
        println!(
            "{done} samples: {:.4} bits, {:.3} % of right text changed, {:.2} % of repairs missed, {} lost",
            self.loss / (self.seen[0] + self.seen[1]).max(1) as f64,
            share(0),
            share(1),
            self.lost
        );
        (self.loss, self.wrong, self.seen, self.lost) = (0.0, [0; 2], [0; 2], 0);
    }
}

/// A signed byte each.
fn bytes(weights: &[f32], steps: i32) -> Vec<u8> {
    let byte = |w: &f32| (w * steps as f32).round().clamp(-127.0, 127.0) as i8 as u8;
    let cut = weights.iter().filter(|w| w.abs() * steps as f32 > 127.0).count();
    println!("{} weights, {cut} cut", weights.iter().filter(|w| **w != 0.0).count());
    weights.iter().map(byte).collect()
}
