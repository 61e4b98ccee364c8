//! Trains the weights of `role/model.bin`: which lines of a page are its content. A first logistic regression looks at
//! lines and their neighbours; a second one, a conditional random field over the lines, sees the same and what the first
//! says of pages that it was not trained on. Both by AdaGrad. Seeded: the same text gives the same weights.

mod pages;
mod report;
mod short;

use std::path::Path;

use anyhow::{Context, Result, bail};
use babelsift::role::model::{Model, ModelScratch};
use babelsift::role::training::{Lack, Lines, OWN_ROWS, SECOND_ROWS, STEPS};

use crate::model::random::Random;
use pages::Page;

/// Texts whose lines are made short documents.
const TEXTS: usize = 2000;

const OUT: &str = "src/role/model.bin";

/// Every number that was chosen.
pub struct Recipe {
    seed: u64,
    rounds: usize,
    step: f32,
    /// Pull of all weights to nothing, a line.
    decay: f32,
    /// Parts of the pages of which one is left out in turn, for the report and for what the second regression sees.
    folds: usize,
    /// Documents of plain text, for the report.
    plain: usize,
    /// Short documents to learn from, a page.
    short: usize,
    /// Nats by which content is to be ahead, and what is none.
    lost: f32,
    left: f32,
    /// Whether to report on pages left out first.
    report: bool,
    /// Share of the features that are hidden in each step.
    hidden: f32,
}

/// A document with what is known of its lines: content, or not, or undecided.
struct Sample {
    lines: Lines,
    gold: Vec<Option<bool>>,
}

/// Trains on pages with known content (JSON lines) and on the plain text of a folder; writes the weights and says how
/// well they do on pages left out.
pub fn run(pages: &Path, dir: &Path, options: &[&str]) -> Result<()> {
    let mut recipe = Recipe {
        seed: 1,
        rounds: 30,
        step: 0.2,
        decay: 5e-3,
        folds: 5,
        plain: 400,
        short: 8,
        lost: 2.0,
        left: 0.0,
        hidden: 0.3,
        report: true,
    };
    let mut more = Vec::new();
    for option in options {
        let (key, value) = option.split_once('=').with_context(|| format!("{option} is not of the form key=value"))?;
        match key {
            "seed" => recipe.seed = value.parse()?,
            "rounds" => recipe.rounds = value.parse()?,
            "step" => recipe.step = value.parse()?,
            "decay" => recipe.decay = value.parse()?,
            "folds" => recipe.folds = value.parse()?,
            "lost" => recipe.lost = value.parse()?,
            "left" => recipe.left = value.parse()?,
            "report" => recipe.report = value.parse()?,
            "more" => more = pages::read(Path::new(value))?,
            "hidden" => recipe.hidden = value.parse()?,
            "short" => recipe.short = value.parse()?,
            "plain" => recipe.plain = value.parse()?,
            _ => bail!("no option {key}"),
        }
    }
    let pages = pages::read(pages)?;
    let plain = pages::plain(dir, recipe.plain, recipe.seed)?;
    let texts = pages::plain(dir, TEXTS, recipe.seed + 1)?;
    more.extend(short::documents(&pages, &texts, recipe.short, recipe.seed));
    if recipe.report {
        report::run(&pages, &more, &plain, &recipe)?;
    }
    let all: Vec<&Page> = pages.iter().chain(&more).collect();
    let model = train(&all, &recipe);
    std::fs::write(OUT, model.bytes()).with_context(|| format!("cannot write {OUT}"))
}

/// Trains both regressions.
fn train(pages: &[&Page], recipe: &Recipe) -> Model {
    let samples: Vec<(usize, Sample)> =
        pages.iter().flat_map(|p| samples(p).map(|s| (p.host(recipe.folds), s))).collect();
    let mut scratch = ModelScratch::default();
    let first = |left_out: Option<usize>| {
        let used: Vec<&Sample> = samples.iter().filter(|(fold, _)| Some(*fold) != left_out).map(|(_, s)| s).collect();
        logistic(&used, recipe)
    };
    let parts: Vec<Vec<i16>> = (0..recipe.folds).map(|fold| first(Some(fold))).collect();
    let mut seen = Vec::new();
    for (fold, sample) in &samples {
        let own = sample.lines.own(&mut scratch);
        let score = |rows: &[u16]| rows.iter().map(|r| i32::from(parts[*fold][usize::from(*r)])).sum();
        let scores: Vec<i32> = own.iter().map(|rows| score(rows)).collect();
        let around = sample.lines.around(&scores, &mut scratch);
        let join = |(own, around): (&[u16; _], &[u16; _])| -> Vec<u16> {
            own.iter().copied().chain(around.iter().map(|r| r + OWN_ROWS as u16)).collect()
        };
        seen.push((own.iter().zip(&around).map(join).collect::<Vec<_>>(), &sample.gold[..]));
    }
    let (second, same) = field(&seen, recipe);
    Model { first: first(None), second, same }
}

/// A page as it is, and as it would be in languages that lack something.
fn samples(page: &Page) -> impl Iterator<Item = Sample> {
    let lines = Lines::of(page.lines.iter().map(|(text, _)| text.as_str()));
    let gold: Vec<Option<bool>> = page.lines.iter().map(|(_, gold)| *gold).collect();
    let lacks: [&[Lack]; 5] =
        [&[], &[Lack::Phrases], &[Lack::Capitals], &[Lack::Capitals, Lack::Phrases], &[Lack::Capitals, Lack::Ends]];
    lacks.into_iter().map(move |lacks| Sample {
        lines: lacks.iter().fold(lines.clone(), |lines, lack| lines.without(*lack)),
        gold: gold.clone(),
    })
}

/// Weights and what AdaGrad knows of them.
struct Weights {
    values: Vec<f32>,
    squares: Vec<f32>,
    /// Sums of the values after each round of the second half; their mean is steadier than the last values.
    sums: Vec<f32>,
    rounds: f32,
}

impl Weights {
    fn new(size: usize) -> Self {
        Self { values: vec![0.0; size], squares: vec![1e-2; size], sums: vec![0.0; size], rounds: 0.0 }
    }

    fn add(&mut self, row: usize, gradient: f32, recipe: &Recipe) {
        let gradient = gradient - recipe.decay * self.values[row];
        self.squares[row] += gradient * gradient;
        self.values[row] += recipe.step * gradient / self.squares[row].sqrt();
    }

    fn end_round(&mut self, round: usize, recipe: &Recipe) {
        if round * 2 >= recipe.rounds {
            self.sums.iter_mut().zip(&self.values).for_each(|(sum, value)| *sum += value);
            self.rounds += 1.0;
        }
    }

    fn rounded(&self) -> Vec<i16> {
        self.sums.iter().map(|w| (w / self.rounds * STEPS).round().clamp(-32767.0, 32767.0) as i16).collect()
    }
}

/// The rows but for some, so that no feature is relied upon alone.
fn hide(rows: &[u16], share: f32, random: &mut Random) -> Vec<u16> {
    rows.iter().copied().filter(|_| random.unit() >= share).collect()
}

fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

/// Each line by itself.
fn logistic(samples: &[&Sample], recipe: &Recipe) -> Vec<i16> {
    let mut scratch = ModelScratch::default();
    let mut lines = Vec::new();
    for sample in samples {
        let rows = sample.lines.own(&mut scratch);
        lines.extend(rows.into_iter().zip(&sample.gold).filter_map(|(rows, gold)| gold.map(|gold| (rows, gold))));
    }
    let mut weights = Weights::new(OWN_ROWS);
    let mut random = Random::new(recipe.seed);
    for round in 0..recipe.rounds {
        random.shuffle(&mut lines);
        for (rows, gold) in &lines {
            let rows = hide(rows, recipe.hidden, &mut random);
            let score: f32 = rows.iter().map(|r| weights.values[usize::from(*r)]).sum();
            let error = f32::from(u8::from(*gold)) - sigmoid(score);
            rows.iter().for_each(|r| weights.add(usize::from(*r), error, recipe));
        }
        weights.end_round(round, recipe);
    }
    weights.rounded()
}

/// Rows of the lines of a document, with what they are.
type Path_<'a> = (Vec<Vec<u16>>, &'a [Option<bool>]);

/// All lines of a document together: forward and backward over the two states.
fn field(documents: &[Path_<'_>], recipe: &Recipe) -> (Vec<i16>, [i16; 2]) {
    let mut weights = Weights::new(SECOND_ROWS + 2);
    let mut random = Random::new(recipe.seed);
    let mut order: Vec<usize> = (0..documents.len()).collect();
    for round in 0..recipe.rounds {
        random.shuffle(&mut order);
        for at in &order {
            let (rows, gold) = &documents[*at];
            learn(rows, gold, &mut weights, &mut random, recipe);
        }
        weights.end_round(round, recipe);
    }
    let rounded = weights.rounded();
    (rounded[..SECOND_ROWS].to_vec(), [rounded[SECOND_ROWS], rounded[SECOND_ROWS + 1]])
}

/// One step on a document: what the truth has less what the model expects. Undecided lines are summed over.
fn learn(rows: &[Vec<u16>], gold: &[Option<bool>], weights: &mut Weights, random: &mut Random, recipe: &Recipe) {
    let hidden: Vec<Vec<u16>> = rows.iter().map(|rows| hide(rows, recipe.hidden, random)).collect();
    let rows = &hidden;
    let score = |rows: &Vec<u16>| rows.iter().map(|r| weights.values[usize::from(*r)]).sum::<f32>();
    let scores: Vec<f32> = rows.iter().map(score).collect();
    let same = [weights.values[SECOND_ROWS], weights.values[SECOND_ROWS + 1]];
    let free = vec![None; gold.len()];
    let (truth, truth_same) = expect(&scores, gold, same);
    // Softmax margin (Gimpel, Smith 2010): what is wrong is to lose by more where that costs more.
    let cost = |(score, gold): (&f32, &Option<bool>)| match gold {
        Some(true) => score - recipe.lost,
        Some(false) => score + recipe.left,
        None => *score,
    };
    let costly: Vec<f32> = scores.iter().zip(gold).map(cost).collect();
    let (model, model_same) = expect(&costly, &free, same);
    for (i, rows) in rows.iter().enumerate() {
        let gradient = truth[i] - model[i];
        if gradient.abs() > 1e-4 {
            rows.iter().for_each(|r| weights.add(usize::from(*r), gradient, recipe));
        }
    }
    for kind in 0..2 {
        weights.add(SECOND_ROWS + kind, truth_same[kind] - model_same[kind], recipe);
    }
}

/// How likely each line is content, and how many pairs of lines are of the same kind, given some lines.
fn expect(scores: &[f32], given: &[Option<bool>], same: [f32; 2]) -> (Vec<f32>, [f32; 2]) {
    let own = |i: usize| match given[i] {
        None => [1.0, scores[i].clamp(-30.0, 30.0).exp()],
        Some(false) => [1.0, 0.0],
        Some(true) => [0.0, scores[i].clamp(-30.0, 30.0).exp()],
    };
    let stay = [same[0].exp(), same[1].exp()];
    let norm = |v: [f32; 2]| [v[0] / (v[0] + v[1]), v[1] / (v[0] + v[1])];
    let step = |v: [f32; 2]| [v[0] * stay[0] + v[1], v[1] * stay[1] + v[0]];
    let n = scores.len();
    let (mut forward, mut backward) = (vec![[0.5; 2]; n], vec![[0.5; 2]; n]);
    for i in 0..n {
        let before = if i == 0 { [0.5, 0.5] } else { step(forward[i - 1]) };
        let own = own(i);
        forward[i] = norm([before[0] * own[0], before[1] * own[1]]);
    }
    for i in (0..n.saturating_sub(1)).rev() {
        let own = own(i + 1);
        backward[i] = norm(step([backward[i + 1][0] * own[0], backward[i + 1][1] * own[1]]));
    }
    let content = (0..n).map(|i| norm([forward[i][0] * backward[i][0], forward[i][1] * backward[i][1]])[1]).collect();
    let mut pairs = [0.0; 2];
    for i in 1..n {
        let (a, b, own) = (forward[i - 1], backward[i], own(i));
        let mut all = [0.0; 4];
        for (pair, value) in all.iter_mut().enumerate() {
            let (from, to) = (pair / 2, pair % 2);
            *value = a[from] * own[to] * b[to] * if from == to { stay[from] } else { 1.0 };
        }
        let sum: f32 = all.iter().sum();
        pairs[0] += all[0] / sum;
        pairs[1] += all[3] / sum;
    }
    (content, pairs)
}
