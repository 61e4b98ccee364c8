//! Several ways to do a thing, in turn, so that what else the machine does slows down all of them.

use super::clock::now;

/// Seconds of each, of so many rounds: nine of ten took longer. What other programs do to caches and to the other half of the core
/// only ever adds.
pub fn race(rounds: usize, ways: &mut [&mut dyn FnMut()]) -> Vec<f64> {
    let mut times = vec![Vec::with_capacity(rounds); ways.len()];
    for _ in 0..rounds {
        for (way, times) in ways.iter_mut().zip(&mut times) {
            let start = now();
            way();
            times.push(now() - start);
        }
    }
    let fast = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 10]
    };
    times.into_iter().map(fast).collect()
}
