//! Drops fragments with few letters. Counted in letters, not bytes, so that all scripts are judged alike.

use super::{Filter, Reason};
use crate::batch::Fragment;
use crate::config::Config;

struct Length {
    min_letters: usize,
}

pub(super) fn open(config: &Config) -> Option<Box<dyn Filter>> {
    (config.min_letters > 0).then(|| Box::new(Length { min_letters: config.min_letters }) as _)
}

impl Filter for Length {
    fn name(&self) -> &'static str {
        "length"
    }

    fn judge(&self, text: &str, _: &Fragment) -> Option<Reason> {
        let enough = text.chars().filter(|c| c.is_alphabetic()).nth(self.min_letters - 1).is_some();
        (!enough).then_some(Reason::TooShort)
    }
}
