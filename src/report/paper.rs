//! `report.json`: the counters and what they were made with.

use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Report;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::run::pretty;
use crate::sink::{Ledger, PaperFile, hex};

/// `report.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Paper {
    /// Version of the program.
    pub babelsift: String,
    /// The settings.
    pub configuration: Config,
    /// The counters.
    #[serde(flatten)]
    pub report: Report,
}

impl Paper {
    /// Settings that do not change the output are left at their defaults, so that neither do they change this file.
    pub fn new(config: &Config, report: Report) -> Self {
        let Config { threads, batch_size, checkpoint, min_free, .. } = Config::default();
        let configuration = Config { threads, batch_size, checkpoint, min_free, ..config.clone() };
        Self { babelsift: env!("CARGO_PKG_VERSION").to_owned(), configuration, report }
    }

    /// Those of a finished folder, with its ledger.
    ///
    /// # Errors
    /// [`Error::Config`] when the folder holds none, or broken ones.
    pub fn read(folder: &Path) -> Result<(Self, Ledger)> {
        fn paper<T: for<'a> Deserialize<'a>>(folder: &Path, name: &str) -> Result<T> {
            let path = folder.join(name);
            let shown = path.display();
            let bytes = std::fs::read(&path).map_err(|e| {
                Error::config(format!("{} is no output folder of `babelsift run`: {name}: {e}", folder.display()))
            })?;
            serde_json::from_slice(&bytes).map_err(|e| Error::config(format!("{shown} is broken: {e}")))
        }
        let ledger = paper(folder, "ledger.json")?;
        if !folder.join("report.json").is_file() {
            return Err(Error::config(format!(
                "{} has no report.json, which has the settings and counts that a report is made of, and which nothing else \
                 has; put it back from a copy, or run the job again",
                folder.display()
            )));
        }
        Ok((paper(folder, "report.json")?, ledger))
    }

    /// Writes `report.json` and `report.html` into a folder, and notes them in the ledger.
    ///
    /// # Errors
    /// [`Error::Sink`] when they can't be written.
    pub fn write(&self, ledger: &mut Ledger, folder: &Path) -> Result<()> {
        let html = super::page(self, ledger);
        ledger.papers.clear();
        for (name, bytes) in [("report.json", pretty(self)?), ("report.html", html.into_bytes())] {
            let path = folder.join(name);
            std::fs::write(&path, &bytes).map_err(|e| Error::sink(path, e))?;
            let sha256 = hex(&Sha256::digest(&bytes));
            ledger.papers.push(PaperFile { path: name.to_owned(), bytes: bytes.len() as u64, sha256 });
        }
        Ok(())
    }
}
