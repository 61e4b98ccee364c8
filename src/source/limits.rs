//! [`Context`]: what a source is opened with, and the bounds that hold for hostile input.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::ThreadPool;

use crate::config::Config;
use crate::reason::Reason;

/// What may be unpacked of an input whatever its size.
#[cfg(feature = "compress")]
const SLACK: u64 = 4 << 20;

/// What a source is opened with.
#[derive(Clone)]
pub struct Context {
    pub(super) config: Arc<Config>,
    /// Name of what is opened, without the ending of a compression.
    pub(super) name: String,
    /// The file, where what is opened is one: neither compressed nor inside a container.
    #[cfg_attr(not(feature = "compress"), allow(dead_code, reason = "only zip archives ask for it"))]
    pub(super) file: Option<PathBuf>,
    /// Path of the entry in its input; empty outside containers.
    pub(super) entry: String,
    /// Containers and compressions that may still be opened in each other.
    depth: u32,
    /// Takes decompression off the thread that reads.
    pub(super) pool: Option<Arc<ThreadPool>>,
    pub(super) budget: Arc<Budget>,
}

impl Context {
    /// For an input of this name.
    pub fn new(config: Arc<Config>, name: &str) -> Self {
        let budget = Arc::new(Budget { ratio: config.max_ratio, ..Budget::default() });
        let depth = config.max_depth;
        Self { config, name: name.to_owned(), file: None, entry: String::new(), depth, pool: None, budget }
    }

    /// For what is inside, under another name; `None` where nothing more may be opened.
    pub(super) fn inside(&self, name: &str) -> Option<Self> {
        let depth = self.depth.checked_sub(1)?;
        Some(Self { name: name.to_owned(), file: None, depth, ..self.clone() })
    }

    /// Largest document in memory; even, so that no unit of UTF-16 is cut.
    pub(super) fn max_document(&self) -> usize {
        self.config.max_document.0 as usize & !1
    }
}

/// How much an input has been unpacked to, over all that is nested in it.
#[derive(Debug, Default)]
#[cfg_attr(not(feature = "compress"), allow(dead_code, reason = "nothing is unpacked without decompressors"))]
pub(super) struct Budget {
    ratio: u64,
    packed: AtomicU64,
    unpacked: AtomicU64,
    /// The outermost decompressor counts what it takes, since it reads ahead.
    held: AtomicBool,
}

impl Budget {
    /// Counts bytes as they are on disk.
    pub(super) fn read(&self, bytes: usize) {
        if !self.held.load(Ordering::Relaxed) {
            self.take(bytes);
        }
    }

    /// Leaves it to the caller to count what is taken; false when another does.
    #[cfg(feature = "compress")]
    pub(super) fn hold(&self) -> bool {
        !self.held.swap(true, Ordering::Relaxed)
    }

    /// Leaves the counting to who reads the file again.
    #[cfg(feature = "compress")]
    pub(super) fn release(&self) {
        self.held.store(false, Ordering::Relaxed);
    }

    /// Counts packed bytes that were taken by the one who holds the budget.
    pub(super) fn take(&self, bytes: usize) {
        self.packed.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Counts unpacked bytes.
    #[cfg(feature = "compress")]
    pub(super) fn unpack(&self, bytes: usize) -> io::Result<()> {
        let unpacked = self.unpacked.fetch_add(bytes as u64, Ordering::Relaxed) + bytes as u64;
        let packed = self.packed.load(Ordering::Relaxed);
        if self.ratio > 0 && unpacked > SLACK + self.ratio.saturating_mul(packed) {
            let detail = format!("more than {} times what was read of the file", self.ratio);
            return Err(Flaw::error(Reason::Bomb, detail));
        }
        Ok(())
    }
}

/// What ends a source too early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flaw {
    /// The reason that its reject has.
    pub reason: Reason,
    /// What a person should know.
    pub detail: String,
}

impl Flaw {
    /// An error of reading that has a reason of its own.
    #[cfg(feature = "compress")]
    pub(super) fn error(reason: Reason, detail: impl Into<String>) -> io::Error {
        io::Error::other(Self { reason, detail: detail.into() })
    }

    /// What an error of reading means.
    pub(crate) fn of(error: &io::Error) -> Self {
        let own = error.get_ref().and_then(|e| e.downcast_ref::<Self>()).cloned();
        own.unwrap_or_else(|| Self { reason: Reason::Damaged, detail: error.to_string() })
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Flaw {}
