//! Several ways to do a thing, in turn, so that what else the machine does slows down all of them.

use super::clock::{median, now};

/// Median seconds of each, of so many rounds.
pub fn race(rounds: usize, ways: &mut [&mut dyn FnMut()]) -> Vec<f64> {
    let mut times = vec![Vec::with_capacity(rounds); ways.len()];
    for _ in 0..rounds {
        for (way, times) in ways.iter_mut().zip(&mut times) {
            let start = now();
            way();
            times.push(now() - start);
        }
    }
    times.iter().map(|times| median(times)).collect()
}
