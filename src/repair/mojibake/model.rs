//! The trained weights: what each feature says for a text, in parts of a bit.

use super::chars::Packed;
use super::features::{SIZE, features};

/// Made by `cargo xtask mojibake`: a signed byte for each feature.
static WEIGHTS: &[u8; SIZE] = include_bytes!("model.bin");

/// The model as it is in the program, for `--version`.
#[cfg(feature = "cli")]
pub(crate) fn bytes() -> &'static [u8] {
    WEIGHTS
}

/// Steps of a weight in a bit.
pub const STEPS: i32 = 16;

#[inline]
fn weight(feature: usize) -> i32 {
    i32::from(WEIGHTS[feature & (SIZE - 1)] as i8)
}

/// What the characters from one place to another say, in bits; those around are context.
pub(super) fn score(chars: &[Packed], from: usize, to: usize) -> f32 {
    let mut sum = 0;
    features(chars, from, to, |_, f| sum += weight(f));
    sum as f32 / STEPS as f32
}
