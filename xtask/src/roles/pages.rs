//! The pages to learn from, and documents that are nothing but text.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::model::random::Random;

/// A page.
pub(super) struct Page {
    /// Where it is from.
    pub(super) host: String,
    /// Lines, and whether they are content, where that is decided.
    pub(super) lines: Vec<(String, Option<bool>)>,
}

impl Page {
    /// Which of so many parts its host belongs to.
    pub(super) fn host(&self, parts: usize) -> usize {
        let hash =
            self.host.bytes().fold(0xCBF2_9CE4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01B3));
        (hash >> 32) as usize % parts
    }
}

/// Reads pages: an object a line with `url` and `lines`, pairs of a text and 1 (content), 0 (none) or -1 (undecided).
pub(super) fn read(path: &Path) -> Result<Vec<Page>> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    text.lines().map(page).collect()
}

fn page(line: &str) -> Result<Page> {
    let value: Value = serde_json::from_str(line)?;
    let url = value["url"].as_str().context("a page has no url")?;
    let host = url.split("://").nth(1).unwrap_or(url).split('/').next().unwrap_or_default().to_owned();
    let pair = |pair: &Value| -> Result<(String, Option<bool>)> {
        let text = pair[0].as_str().context("a line has no text")?.to_owned();
        Ok((
            text,
            match pair[1].as_i64() {
                Some(1) => Some(true),
                Some(0) => Some(false),
                _ => None,
            },
        ))
    };
    let lines = value["lines"].as_array().context("a page has no lines")?;
    Ok(Page { host, lines: lines.iter().map(pair).collect::<Result<_>>()? })
}

/// Makes documents of lines of one file each, of different lengths: all of it is content.
pub(super) fn plain(dir: &Path, count: usize, seed: u64) -> Result<Vec<Page>> {
    let mut files: Vec<_> = std::fs::read_dir(dir)?.map(|f| f.map(|f| f.path())).collect::<std::io::Result<_>>()?;
    files.sort_unstable();
    let mut random = Random::new(seed);
    let mut pages = Vec::new();
    while pages.len() < count && !files.is_empty() {
        let file = &files[random.below(files.len())];
        let text = std::fs::read_to_string(file)?;
        let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
        if lines.is_empty() {
            continue;
        }
        // Few documents are long.
        let size = 1 << random.below(8);
        let from = random.below(lines.len());
        let own = lines[from..].iter().take(size).map(|l| ((*l).to_owned(), Some(true))).collect();
        pages.push(Page { host: format!("plain-{}", pages.len()), lines: own });
    }
    Ok(pages)
}
