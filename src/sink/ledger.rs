//! [`Ledger`]: what became of every byte, and what every output file must hold.

use std::collections::BTreeMap;
use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// `ledger.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// Version of this layout.
    pub version: u32,
    /// The job that this is a shard of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<JobList>,
    /// What became of the bytes of each input, in the order of reading.
    pub inputs: Vec<InputSums>,
    /// Sums over all inputs.
    pub total: Sums,
    /// Fields of the records, where these are not all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// Output files, by path.
    pub outputs: Vec<OutputFile>,
    /// Files of the report; folders of earlier versions do not tell.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<PaperFile>,
}

/// The inputs of a job, and which of them a shard reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobList {
    /// How many.
    pub inputs: u64,
    /// A hash of their names.
    pub names: String,
    /// Number of the shard's first input.
    pub first: u64,
    /// Bytes of its first input that shards before it read.
    pub from: u64,
    /// Bytes of its last input that shards behind it do not read, where they read some.
    pub until: Option<u64>,
}

/// An input and what became of its bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputSums {
    /// Name, as in `file_path` of the records.
    pub path: String,
    /// What became of its bytes.
    #[serde(flatten)]
    pub sums: Sums,
}

/// Bytes, after decompression: read = kept + rejected + structure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Read.
    pub read: u64,
    /// Kept, by label.
    pub kept: BTreeMap<String, u64>,
    /// Rejected, by reason.
    pub rejected: BTreeMap<String, u64>,
    /// Separators, syntax, byte order marks, blank lines.
    pub structure: u64,
}

/// An output file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputFile {
    /// Path in the folder, with `/` between folders.
    pub path: String,
    /// Records in it.
    pub records: u64,
    /// Their ids, [summed up](Id::with); folders of earlier versions do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ids: Option<Id>,
    /// Its size.
    pub bytes: u64,
    /// The size of its records before they were compressed.
    #[serde(default)]
    pub unpacked: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

/// A file of the report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperFile {
    /// Its name.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

/// The id of a record, or several ids summed up: 16 hexadecimal digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Id(pub u64);

impl Id {
    /// Summed up with another, bit by bit without carry: so what one sum lacks of another is the one id by which they differ.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 ^ other.0)
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.to_string()
    }
}

impl FromStr for Id {
    type Err = ParseIntError;

    fn from_str(digits: &str) -> std::result::Result<Self, ParseIntError> {
        u64::from_str_radix(digits, 16).map(Self)
    }
}

impl TryFrom<String> for Id {
    type Error = ParseIntError;

    fn try_from(digits: String) -> std::result::Result<Self, ParseIntError> {
        digits.parse()
    }
}

impl Sums {
    /// Adds other sums.
    pub fn add(&mut self, other: &Self) {
        self.read += other.read;
        self.structure += other.structure;
        for (own, other) in [(&mut self.kept, &other.kept), (&mut self.rejected, &other.rejected)] {
            for (name, bytes) in other {
                match own.get_mut(name) {
                    Some(sum) => *sum += bytes,
                    None => {
                        own.insert(name.clone(), *bytes);
                    }
                }
            }
        }
    }

    /// Bytes kept, all labels.
    pub fn kept_bytes(&self) -> u64 {
        self.kept.values().sum()
    }

    /// Bytes rejected, all reasons.
    pub fn rejected_bytes(&self) -> u64 {
        self.rejected.values().sum()
    }

    /// True when nothing is missing or counted twice.
    pub fn closes(&self) -> bool {
        self.read == self.kept_bytes() + self.rejected_bytes() + self.structure
    }
}

impl Ledger {
    /// Fails unless the sums of every input and the total close.
    ///
    /// # Errors
    /// [`Error::Ledger`] names the first input that does not.
    pub fn check(&self) -> Result<()> {
        let mut total = Sums::default();
        for input in &self.inputs {
            total.add(&input.sums);
            if !input.sums.closes() {
                return Err(Error::Ledger { detail: format!("{}: {}", input.path, told(&input.sums)) });
            }
        }
        if total != self.total {
            return Err(Error::Ledger { detail: format!("the total: {} are not {}", told(&self.total), told(&total)) });
        }
        Ok(())
    }
}

fn told(sums: &Sums) -> String {
    let (kept, rejected) = (sums.kept_bytes(), sums.rejected_bytes());
    format!("{} read, {kept} kept, {rejected} rejected, {} structure", sums.read, sums.structure)
}
