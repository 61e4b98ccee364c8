//! What can be chosen in training. The defaults made the model that is shipped.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

#[derive(Clone)]
pub struct Recipe {
    pub seed: u64,
    /// Rows of the table of Latin script and of all others: `1 << bits`.
    pub latin_bits: u32,
    pub other_bits: u32,
    pub epochs: usize,
    /// Step of a row and of a label in the matrix.
    pub row_step: f32,
    pub label_step: f32,
    /// Bytes of text an epoch: common languages, others, dialects; small ones are repeated up to so often.
    pub common: usize,
    pub usual: usize,
    pub dialect: usize,
    pub repeat: usize,
    /// Share of samples that are a few words.
    pub fragments: f32,
    /// Bits of a number in a row.
    pub row_bits: u32,
    /// Share of the numbers of a lane that keep their size; the few larger ones are cut.
    pub kept: f64,
    /// Nats that common languages gain and dialects lose.
    pub common_prior: f32,
    pub dialect_prior: f32,
    pub unknown_prior: f32,
    pub plain: f32,
    pub toned: f32,
    pub only: String,
    pub unknown: f32,
    pub noise: f32,
    /// How much a text counts for the answer that its language is unknown, were its own label not there.
    pub placeholder: f32,
    pub orders: f32,
    pub dropout: f32,
    pub words: usize,
    /// A file to measure with, and where the answers go.
    pub dev: Vec<PathBuf>,
    /// Where the model goes.
    pub out: Option<PathBuf>,
    pub temperature: f32,
}

impl Recipe {
    pub fn new(options: &[&str]) -> Result<Self> {
        let mut recipe = Self {
            seed: 1,
            latin_bits: 16,
            other_bits: 15,
            epochs: 8,
            row_step: 0.3,
            label_step: 0.5,
            common: 800_000,
            usual: 400_000,
            dialect: 150_000,
            repeat: 10,
            fragments: 0.5,
            row_bits: 4,
            kept: 0.995,
            common_prior: 2.0,
            dialect_prior: -0.5,
            unknown_prior: -2.0,
            plain: 0.04,
            toned: 0.02,
            only: String::new(),
            unknown: 0.01,
            noise: 0.015,
            placeholder: 0.0,
            orders: 0.0,
            dropout: 0.6,
            words: 5,
            dev: Vec::new(),
            out: Some("src/lang/ngram/model.bin".into()),
            temperature: 1.8,
        };
        for option in options {
            let (key, value) = option.split_once('=').context("an option is key=value")?;
            recipe.set(key, value).with_context(|| format!("in {option}"))?;
        }
        Ok(recipe)
    }

    fn set(&mut self, key: &str, value: &str) -> Result<()> {
        match key {
            "seed" => self.seed = value.parse()?,
            "latin_bits" => self.latin_bits = value.parse()?,
            "other_bits" => self.other_bits = value.parse()?,
            "epochs" => self.epochs = value.parse()?,
            "row_step" => self.row_step = value.parse()?,
            "label_step" => self.label_step = value.parse()?,
            "common" => self.common = value.parse()?,
            "usual" => self.usual = value.parse()?,
            "dialect" => self.dialect = value.parse()?,
            "repeat" => self.repeat = value.parse()?,
            "fragments" => self.fragments = value.parse()?,
            "kept" => self.kept = value.parse()?,
            "row_bits" => self.row_bits = value.parse()?,
            "common_prior" => self.common_prior = value.parse()?,
            "dialect_prior" => self.dialect_prior = value.parse()?,
            "plain" => self.plain = value.parse()?,
            "only" => self.only = value.to_owned(),
            "orders" => self.orders = value.parse()?,
            "out" => self.out = (value != "none").then(|| value.into()),
            "temperature" => self.temperature = value.parse()?,
            "unknown" => self.unknown = value.parse()?,
            "noise" => self.noise = value.parse()?,
            "placeholder" => self.placeholder = value.parse()?,
            "unknown_prior" => self.unknown_prior = value.parse()?,
            "dropout" => self.dropout = value.parse()?,
            "words" => self.words = value.parse()?,
            "toned" => self.toned = value.parse()?,
            "dev" => self.dev.push(value.into()),
            _ => bail!("no option {key}"),
        }
        Ok(())
    }
}
