//! The trained weights: what each feature says for a reading, in parts of a bit.

use super::features::SIZE;

/// Made by `cargo xtask charset`: a signed byte for each feature.
static WEIGHTS: &[u8; SIZE] = include_bytes!("model.bin");

/// The model as it is in the program, for `--version`.
#[cfg(feature = "cli")]
pub(crate) fn bytes() -> &'static [u8] {
    WEIGHTS
}

/// Steps of a weight in a bit.
pub const STEPS: i32 = 16;

#[inline]
pub(super) fn weight(feature: usize) -> i32 {
    i32::from(WEIGHTS[feature & (SIZE - 1)] as i8)
}

/// In bits.
pub(super) fn bits(sum: i32) -> f32 {
    sum as f32 / STEPS as f32
}
