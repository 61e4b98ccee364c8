//! Any bytes as a fastText model, and any text for it: refused with a place in the file, or answered with shares.
#![no_main]

use babelsift::lang::fasttext::{Model, Scratch};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    // One byte says how long the text is; the rest is the model.
    let Some((&length, rest)) = input.split_first() else { return };
    let Some((text, bytes)) = rest.split_at_checked(usize::from(length)) else { return };
    match Model::read(bytes, bytes.len() as u64) {
        Ok(model) => {
            let mut scratch = Scratch::default();
            let found = model.probabilities(&String::from_utf8_lossy(text), &mut scratch);
            assert!(found.is_empty() || found.len() == model.labels().len());
            assert!(found.iter().all(|p| (0.0..=1.0).contains(p)), "probabilities are shares");
        }
        Err(flaw) => assert!(flaw.offset <= bytes.len() as u64 && !flaw.detail.is_empty()),
    }
});
