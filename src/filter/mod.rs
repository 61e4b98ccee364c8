//! Filter stage: which fragments stay.

mod foreign;
mod length;

use crate::batch::{Batch, Fragment, Verdict};
use crate::config::Config;
pub use crate::reason::{REASONS, Reason};
use crate::stage::{Scratch, Stage};

/// A rule that judges fragments one by one.
pub trait Filter: Send + Sync {
    /// Name for people.
    fn name(&self) -> &'static str;

    /// The reason to drop the fragment, if there is one.
    fn judge(&self, text: &str, fragment: &Fragment) -> Option<Reason>;
}

/// Makes a filter, if the configuration asks for it.
type Open = fn(&Config) -> Option<Box<dyn Filter>>;

/// All filters, in the order in which they judge.
static FILTERS: &[Open] = &[foreign::open, length::open];

/// The stage.
pub struct Filters {
    filters: Vec<Box<dyn Filter>>,
}

impl Filters {
    /// Those that the configuration asks for.
    pub fn new(config: &Config) -> Self {
        Self { filters: FILTERS.iter().filter_map(|open| open(config)).collect() }
    }
}

impl Stage for Filters {
    fn name(&self) -> &'static str {
        "filter"
    }

    fn run(&self, batch: &mut Batch, _: &mut Scratch) {
        if self.filters.is_empty() {
            return;
        }
        for fragment in &mut batch.fragments {
            let text = &batch.text[fragment.text.range()];
            if fragment.verdict == Verdict::Keep
                && let Some(reason) = self.filters.iter().find_map(|f| f.judge(text, fragment))
            {
                fragment.verdict = Verdict::Drop(reason);
            }
        }
    }
}
