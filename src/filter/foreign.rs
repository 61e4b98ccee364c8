//! Drops fragments in another language than most of their paragraph, if that is wanted.

use super::{Filter, Reason};
use crate::batch::Fragment;
use crate::config::{Config, Fragments};

struct Foreign;

pub(super) fn open(config: &Config) -> Option<Box<dyn Filter>> {
    (config.fragments == Fragments::Drop).then(|| Box::new(Foreign) as _)
}

impl Filter for Foreign {
    fn name(&self) -> &'static str {
        "foreign"
    }

    fn judge(&self, _: &str, fragment: &Fragment) -> Option<Reason> {
        (fragment.voice != 0).then_some(Reason::Foreign)
    }
}
