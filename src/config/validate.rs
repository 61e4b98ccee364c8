//! What a [`Config`] takes: ranges of numbers, what goes with what, and what this build lacks.

use std::ops::RangeInclusive;

use super::{ByteSize, Config, Format, InputFormat};
use crate::error::{Error, Result};

/// More threads than any machine has cores: each has its memory, and the system may refuse them one by one.
const MOST_THREADS: u64 = 1024;
/// Each container that is opened in another takes room on the stack.
const DEEPEST: u64 = 100;

impl Config {
    /// Checks ranges; names of engines are checked when they are opened.
    ///
    /// # Errors
    /// [`Error::Config`] names the flag and what it takes.
    pub fn validate(&self) -> Result<()> {
        self.numbers()?;
        self.words()?;
        self.features()?;
        #[cfg(feature = "run")]
        crate::sink::check_columns(self)?;
        Ok(())
    }

    fn numbers(&self) -> Result<()> {
        share("--min-score", f64::from(self.min_score))?;
        share("--max-reject-rate", self.max_reject_rate)?;
        share("--sample", self.sample)?;
        count("--threads", self.threads as u64, 0..=MOST_THREADS)?;
        count("--max-depth", self.max_depth.into(), 0..=DEEPEST)?;
        size("--batch-size", self.batch_size, 1..=16 << 20)?;
        size("--max-document", self.max_document, 1 << 10..=64 << 20)?;
        size("--max-header", self.max_header, 1 << 10..=4 << 20)?;
        size("--max-held", self.max_held, 1 << 20..=2 << 30)?;
        let (levels, format) = (if self.format == Format::JsonlGz { 1..=9 } else { 1..=19 }, self.format.name());
        within(self.level, &levels).ok_or_else(|| {
            wrong("--level", format!("{} to {} for --format {format}", levels.start(), levels.end()), self.level)
        })
    }

    fn words(&self) -> Result<()> {
        let known = |word: &&String| matches!(word.as_str(), "all" | "redirects") || word.parse::<i32>().is_ok();
        if let Some(word) = self.wiki.0.iter().find(|word| !known(word)) {
            return Err(wrong("--wiki", "numbers, redirects or all", word));
        }
        if self.shard.of > 1 && self.limit_records > 0 {
            return Err(Error::config("--limit-records counts the records of all inputs, which no --shard knows"));
        }
        Ok(())
    }

    /// What was asked for that this build lacks.
    fn features(&self) -> Result<()> {
        let lacks = |asked: &str, feature: &str, instead: &str| {
            Err(Error::config(format!("{asked} needs the feature `{feature}`, which this build lacks{instead}")))
        };
        let input = format!("--input-format {}", self.input_format.name());
        let output = format!("--format {}", self.format.name());
        match (self.input_format, self.format) {
            (InputFormat::Zip, _) if !cfg!(feature = "compress") => lacks(&input, "compress", ""),
            (InputFormat::Parquet | InputFormat::Arrow, _) if !cfg!(feature = "parquet") => {
                lacks(&input, "parquet", "")
            }
            (_, Format::Parquet) if !cfg!(feature = "parquet") => lacks(&output, "parquet", ""),
            (_, format) if format.is_compressed() && !cfg!(feature = "compress") => {
                lacks(&output, "compress", "; use jsonl or txt")
            }
            _ => Ok(()),
        }
    }
}

fn wrong(flag: &str, takes: impl std::fmt::Display, value: impl std::fmt::Display) -> Error {
    Error::config(format!("{flag} takes {takes}, not {value}"))
}

fn within<T: PartialOrd>(value: T, range: &RangeInclusive<T>) -> Option<()> {
    range.contains(&value).then_some(())
}

fn share(flag: &str, value: f64) -> Result<()> {
    within(value, &(0.0..=1.0)).ok_or_else(|| wrong(flag, "0 to 1", value))
}

fn count(flag: &str, value: u64, range: RangeInclusive<u64>) -> Result<()> {
    within(value, &range).ok_or_else(|| wrong(flag, format!("{} to {}", range.start(), range.end()), value))
}

fn size(flag: &str, value: ByteSize, range: RangeInclusive<u64>) -> Result<()> {
    let takes = || format!("{} to {}", ByteSize(*range.start()), ByteSize(*range.end()));
    within(value.0, &range).ok_or_else(|| wrong(flag, takes(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_checked() {
        let bad = |change: fn(&mut Config)| {
            let mut config = Config::default();
            change(&mut config);
            config.validate().unwrap_err().to_string()
        };
        assert!(Config::default().validate().is_ok());
        assert!(bad(|c| c.min_score = 2.0).starts_with("--min-score takes 0 to 1"));
        assert!(bad(|c| c.batch_size = ByteSize(1 << 30)).contains("--batch-size takes 1 to 16M, not 1G"));
        assert!(bad(|c| c.threads = 99_999).contains("--threads takes 0 to 1024, not 99999"));
        assert!(bad(|c| c.max_depth = u32::MAX).contains("--max-depth takes 0 to 100"));
        assert!(bad(|c| c.level = 0).contains("--level takes 1 to"));
    }
}
