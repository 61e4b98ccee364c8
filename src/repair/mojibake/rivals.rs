//! What a text might be, for training: as it stands and by each wrong decoding undone.

use super::chars::{packed, table};
use super::features::features;
use super::propose::Proposer;

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
    /// What this text might be; the first is the text as it stands.
    pub fn find(&mut self, text: &str) -> Vec<Rival> {
        self.push(text.to_owned(), 0.0);
        let mut chains = Vec::new();
        self.proposer.propose(text, |chain| chains.push(chain));
        for chain in chains {
            let mut out = String::new();
            let Some(bits) = chain.undo(text, &mut self.proposer.buffers, &mut out) else { continue };
            let bits = bits - chain.price();
            match self.list.iter_mut().find(|rival| rival.text == out) {
                Some(rival) => rival.bits = rival.bits.max(bits),
                None => self.push(out, bits),
            }
        }
        std::mem::take(&mut self.list)
    }

    fn push(&mut self, text: String, bits: f32) {
        let table = table();
        let chars: Vec<_> = text.chars().map(|c| packed(table, c)).collect();
        let mut found = Vec::new();
        features(&chars, 0, chars.len(), |_, feature| found.push(feature as u32));
        self.list.push(Rival { text, bits, features: found });
    }
}
