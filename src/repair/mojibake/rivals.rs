//! What a text might be, for training: as it stands and by each wrong decoding undone.

use super::chars::packed;
use super::features::features;
use super::propose::{Proposer, Width};

/// One way to take a text.
#[derive(Debug)]
pub struct Rival {
    /// What it would be.
    pub text: String,
    /// What speaks for it without its letters, in bits.
    pub bits: f32,
    /// Its features.
    pub features: Vec<u32>,
}

/// Finds what texts might be.
#[derive(Debug, Default)]
pub struct Rivals {
    proposer: Proposer,
    list: Vec<Rival>,
}

impl Rivals {
    /// What this text might be, `any` of it or only what the search would think of; the first is the text as it stands.
    pub fn find(&mut self, text: &str, any: bool) -> Vec<Rival> {
        self.list.push(Rival::new(text, 0.0));
        self.proposer.width = if any { Width::ANY } else { Width::LIKELY };
        self.proposer.propose(text, true);
        let Self { proposer, list } = self;
        list.extend(proposer.found().map(|(found, undone)| Rival::new(undone, found.extra - found.chain.price())));
        std::mem::take(&mut self.list)
    }
}

impl Rival {
    fn new(text: &str, bits: f32) -> Self {
        let chars: Vec<_> = text.chars().map(packed).collect();
        let mut found = Vec::new();
        features(&chars, 0, chars.len(), |_, feature| found.push(feature as u32));
        Self { text: text.to_owned(), bits, features: found }
    }
}
