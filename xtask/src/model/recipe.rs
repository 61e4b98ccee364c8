//! What can be chosen in training. The model that is shipped was made with these defaults: four trainings made one, which then
//! learns a little more. The priors and the temperature, of which training knows nothing, were chosen last, on `dev.tsv` as a whole.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

pub struct Recipe {
    pub seed: u64,
    /// How many models are trained, with this seed and those after it, before they are made one.
    pub models: u64,
    /// Rows of the table of Latin script, and of the one of all others: `1 << bits`.
    pub latin_bits: u32,
    pub other_bits: u32,
    /// Passes over the text, and those over it with what became of the models together.
    pub epochs: usize,
    pub refining_epochs: usize,
    /// Passes then in which only labels learn, the rows being in four bits already.
    pub settling_epochs: usize,
    /// The first steps in both, as a share of the usual ones.
    pub refining_step: f32,
    /// How far labels with little text count as much as others when models are made one, 0 to 1.
    pub balance: f64,
    /// First step of a row, and of a label in the matrix; both fall to nothing.
    pub row_step: f32,
    pub label_step: f32,
    /// Bytes of text an epoch of common languages, others and dialects; small ones are repeated at most so often.
    pub common: usize,
    pub usual: usize,
    pub dialect: usize,
    pub repeat: usize,
    /// Share of samples that are a few words, and how many at most.
    pub fragments: f32,
    pub words: usize,
    /// Share of samples without their accents, with tone marks that are not always written, and with a capital at every word.
    pub plain: f32,
    pub toned: f32,
    pub titled: f32,
    /// Share of a text's features that are not shown, at most: the model is not to lean on a few.
    pub dropout: f32,
    /// Samples of made-up languages, and of no language, for each of the others.
    pub unknown: f32,
    pub noise: f32,
    /// Nats that a label has before anything was read.
    pub common_prior: f32,
    pub dialect_prior: f32,
    /// And a common one besides in a word by itself.
    pub word_prior: f32,
    pub unknown_prior: f32,
    /// What no known language and no language have besides in a text of names.
    pub names_prior: f32,
    /// And no language in scripts that have no label for unknown languages.
    pub noise_prior: f32,
    /// What the scores are divided by before they become probabilities.
    pub temperature: f32,
    /// A model to go on from, instead of training new ones; without refining epochs it is measured as it is.
    pub from: Option<PathBuf>,
    /// Where the model goes.
    pub out: PathBuf,
    /// Files to measure with, and the folder for the answers.
    pub dev: Vec<PathBuf>,
    pub answers: Option<PathBuf>,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            seed: 1,
            models: 4,
            latin_bits: 16,
            other_bits: 16,
            epochs: 8,
            refining_epochs: 5,
            settling_epochs: 1,
            refining_step: 0.5,
            balance: 0.7,
            row_step: 0.3,
            label_step: 0.5,
            common: 800_000,
            usual: 400_000,
            dialect: 150_000,
            repeat: 10,
            fragments: 0.5,
            words: 5,
            plain: 0.04,
            toned: 0.02,
            titled: 0.02,
            dropout: 0.6,
            unknown: 0.02,
            noise: 0.02,
            common_prior: 2.3,
            dialect_prior: 0.0,
            word_prior: 6.0,
            unknown_prior: -1.9,
            names_prior: 12.0,
            noise_prior: -7.0,
            temperature: 1.97,
            from: None,
            out: "src/lang/ngram/model.bin".into(),
            dev: Vec::new(),
            answers: None,
        }
    }
}

impl Recipe {
    /// The defaults with options of the form `key=value`.
    pub fn new(options: &[&str]) -> Result<Self> {
        let mut recipe = Self::default();
        for option in options {
            let (key, value) =
                option.split_once('=').with_context(|| format!("{option} is not of the form key=value"))?;
            recipe.set(key, value).with_context(|| format!("in {option}"))?;
        }
        Ok(recipe)
    }

    fn set(&mut self, key: &str, value: &str) -> Result<()> {
        match key {
            "models" => self.models = value.parse()?,
            "seed" => self.seed = value.parse()?,
            "latin_bits" => self.latin_bits = value.parse()?,
            "other_bits" => self.other_bits = value.parse()?,
            "balance" => self.balance = value.parse()?,
            "refining_step" => self.refining_step = value.parse()?,
            "settling_epochs" => self.settling_epochs = value.parse()?,
            "refining_epochs" => self.refining_epochs = value.parse()?,
            "epochs" => self.epochs = value.parse()?,
            "row_step" => self.row_step = value.parse()?,
            "label_step" => self.label_step = value.parse()?,
            "common" => self.common = value.parse()?,
            "usual" => self.usual = value.parse()?,
            "dialect" => self.dialect = value.parse()?,
            "repeat" => self.repeat = value.parse()?,
            "fragments" => self.fragments = value.parse()?,
            "words" => self.words = value.parse()?,
            "plain" => self.plain = value.parse()?,
            "toned" => self.toned = value.parse()?,
            "titled" => self.titled = value.parse()?,
            "dropout" => self.dropout = value.parse()?,
            "unknown" => self.unknown = value.parse()?,
            "noise" => self.noise = value.parse()?,
            "common_prior" => self.common_prior = value.parse()?,
            "word_prior" => self.word_prior = value.parse()?,
            "dialect_prior" => self.dialect_prior = value.parse()?,
            "noise_prior" => self.noise_prior = value.parse()?,
            "unknown_prior" => self.unknown_prior = value.parse()?,
            "names_prior" => self.names_prior = value.parse()?,
            "temperature" => self.temperature = value.parse()?,
            "from" => self.from = Some(value.into()),
            "out" => self.out = value.into(),
            "dev" => self.dev.push(value.into()),
            "answers" => self.answers = Some(value.into()),
            _ => bail!("there is no option {key}"),
        }
        Ok(())
    }
}
