//! The arithmetic of the model. The sums are in whole numbers, so that they are the same with every instruction set.

#[cfg(target_arch = "x86_64")]
mod vector;

use super::model::{LANES, Row, ZERO};

/// The weights of eight labels: of each those of the first four lanes, then of the next four, and so on, so that the sums of
/// eight products stand side by side. And what makes scores of them.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(super) struct Eight {
    weights: [[[i8; 4]; 8]; LANES / 4],
    /// The products of the weights with lanes that say nothing.
    nothing: [i32; 8],
    scale: [f32; 8],
    bias: [f32; 8],
}

impl Eight {
    /// No labels yet: places without one never have the largest score.
    pub(super) fn empty() -> Self {
        Self { weights: [[[0; 4]; 8]; LANES / 4], nothing: [0; 8], scale: [0.0; 8], bias: [f32::MIN; 8] }
    }

    /// Puts a label in a place: its weights, what a step of them is worth and what it has before anything is read.
    pub(super) fn set(&mut self, place: usize, weights: &[i8; LANES], scale: f32, bias: f32) {
        for (own, weights) in self.weights.iter_mut().zip(weights.as_chunks::<4>().0) {
            own[place] = *weights;
        }
        self.nothing[place] = weights.iter().map(|w| i32::from(*w) * i32::from(MIDDLE)).sum();
        (self.scale[place], self.bias[place]) = (scale, bias);
    }
}

/// The rows of a text added up, where 0 is nothing. Four thousand rows fit for sure; sums of more stop at the largest number.
#[derive(Clone, Debug)]
pub(super) struct Sum {
    lanes: [i16; LANES],
    /// How many rows.
    count: usize,
}

impl Default for Sum {
    fn default() -> Self {
        Self { lanes: [0; LANES], count: 0 }
    }
}

impl Sum {
    /// Of how many rows.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Adds another.
    pub(super) fn add(&mut self, other: &Self) {
        self.count += other.count;
        for k in 0..LANES {
            self.lanes[k] = self.lanes[k].saturating_add(other.lanes[k]);
        }
    }

    /// The sum of the rows of features.
    pub(super) fn of(rows: &[Row], features: &[u32]) -> Self {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has AVX2, which is all that the function asks for.
            #[allow(unsafe_code)]
            return unsafe { sum_avx2(rows, features) };
        }
        sum_plain(rows, features)
    }
}

/// A sum brought to seven bits.
#[derive(Clone, Debug)]
pub(super) struct Pooled {
    /// From 1 to 127, where [`MIDDLE`] is nothing.
    lanes: [u8; LANES],
    /// What one step of the lanes is worth, over the root of the number of features.
    step: f32,
}

/// What stands for nothing in the lanes of a text.
pub(super) const MIDDLE: u8 = 64;

/// The score of each label: the product of its weights with the lanes, where [`MIDDLE`] is nothing, in steps of its scale, and
/// its bias. Places without a label are there, too.
pub(super) fn scores(pooled: &Pooled, labels: &[Eight], out: &mut Vec<f32>) {
    out.resize(8 * labels.len(), 0.0);
    let out = out.as_chunks_mut::<8>().0;
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, which is all that the function asks for.
        #[allow(unsafe_code)]
        return unsafe { vector::scores(pooled, labels, out) };
    }
    scores_plain(pooled, labels, out);
}

fn scores_plain(pooled: &Pooled, labels: &[Eight], out: &mut [[f32; 8]]) {
    for (eight, out) in labels.iter().zip(out) {
        for (k, out) in out.iter_mut().enumerate() {
            let fours = eight.weights.iter().zip(pooled.lanes.as_chunks::<4>().0);
            let product = |(w, lane): (&i8, &u8)| i32::from(*w) * i32::from(*lane);
            let sum: i32 = fours.map(|(own, lanes)| own[k].iter().zip(lanes).map(product).sum::<i32>()).sum();
            *out = (sum - eight.nothing[k]) as f32 * (pooled.step * eight.scale[k]) + eight.bias[k];
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn sum_avx2(rows: &[Row], features: &[u32]) -> Sum {
    sum_plain(rows, features)
}

#[inline(always)]
fn sum_plain(rows: &[Row], features: &[u32]) -> Sum {
    let mut sum = [0i16; LANES];
    for many in features.chunks(MANY * 128) {
        let mut own = [0u16; LANES];
        for some in many.chunks(MANY) {
            let (low, high) = add(rows, some);
            for k in 0..LANES / 2 {
                own[k] += u16::from(low[k]);
                own[k + LANES / 2] += u16::from(high[k]);
            }
        }
        let nothing = u16::from(ZERO) * many.len() as u16;
        for k in 0..LANES {
            sum[k] = sum[k].saturating_add(own[k].wrapping_sub(nothing) as i16);
        }
    }
    Sum { lanes: sum, count: features.len() }
}

impl Pooled {
    /// The sum in steps such that the largest lane just fits.
    pub(super) fn of(sum: &Sum) -> Self {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has AVX2, which is all that the function asks for.
            #[allow(unsafe_code)]
            return unsafe { vector::pool(sum) };
        }
        pool_plain(sum)
    }
}

fn pool_plain(sum: &Sum) -> Pooled {
    let (fit, step) = steps(sum.lanes.iter().fold(0, |most, x| x.unsigned_abs().max(most)), sum.count);
    // Adding this number leaves the whole part, rounded, in the last bits.
    const SHIFT: f32 = 12_582_912.0 + MIDDLE as f32;
    Pooled { lanes: sum.lanes.map(|x| (f32::from(x) * fit + SHIFT).to_bits() as u8), step }
}

/// By what the largest lane of a sum of so many rows just fits, and what a step is worth then.
fn steps(largest: u16, count: usize) -> (f32, f32) {
    let fit = f32::from(MIDDLE - 1) / f32::from(largest.max(1));
    (fit, 1.0 / (fit * (count.max(1) as f32).sqrt()))
}

/// Tells the processor that the row of a feature is needed soon. Rows lie all over a table larger than its near caches.
#[inline(always)]
pub(super) fn ask_for(rows: &[Row], feature: u32) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint that reads nothing, so that any address may be given.
    #[allow(unsafe_code)]
    unsafe {
        let row = rows.as_ptr().wrapping_add(feature as usize);
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(row.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (rows, feature);
}

/// As many numbers of four bits as can be added in a byte.
const MANY: usize = 17;

/// The sum of at most [`MANY`] rows: of the numbers in the low halves of the bytes, and in the high ones.
#[inline(always)]
fn add(rows: &[Row], features: &[u32]) -> (Row, Row) {
    let (mut low, mut high) = ([0u8; LANES / 2], [0u8; LANES / 2]);
    for feature in features {
        let row = &rows[*feature as usize];
        for k in 0..LANES / 2 {
            low[k] += row[k] & 15;
            high[k] += row[k] >> 4;
        }
    }
    (low, high)
}

/// Logarithms to probabilities; gives the place of the largest, its probability and the next one. All add up to one when
/// each is taken as many times as `kin` says.
pub(super) fn softmax(scores: &mut [f32], kin: &[f32]) -> (usize, f32, f32) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, which is all that the function asks for.
        #[allow(unsafe_code)]
        return unsafe { softmax_avx2(scores, kin) };
    }
    softmax_plain(scores, kin)
}

/// The same code, compiled for wider registers; the order of the sums is the same.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn softmax_avx2(scores: &mut [f32], kin: &[f32]) -> (usize, f32, f32) {
    softmax_plain(scores, kin)
}

/// The place of the largest, the first of equals.
pub(crate) fn best(scores: &[f32]) -> usize {
    place(scores, largest(scores)).unwrap_or_default()
}

/// The place of the largest of numbers that are not negative, it, and the next one.
pub(super) fn first_two(scores: &mut [f32]) -> (usize, f32, f32) {
    two(scores).map_or((0, 0.0, 0.0), |(best, first, next)| (best, first, next.max(0.0)))
}

#[inline(always)]
fn two(scores: &mut [f32]) -> Option<(usize, f32, f32)> {
    let top = largest(scores);
    let best = place(scores, top)?;
    scores[best] = f32::MIN;
    let next = largest(scores);
    scores[best] = top;
    Some((best, top, next))
}

/// Where a number stands first.
#[inline(always)]
fn place(scores: &[f32], number: f32) -> Option<usize> {
    let is_there = |eight: &&[f32; 8]| eight.iter().fold(false, |any, score| any | (*score == number));
    let before = scores.as_chunks::<8>().0.iter().take_while(|eight| !is_there(eight)).count() * 8;
    Some(before + scores[before..].iter().position(|score| *score == number)?)
}

/// The best scores among those of a group and among the others, where each has the number of its group beside it.
pub(super) fn rivals(scores: &[f32], groups: &[[u32; 8]], group: u32) -> (f32, f32) {
    let scores = scores.as_chunks::<8>().0;
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, which is all that the function asks for.
        #[allow(unsafe_code)]
        let (own, others) = unsafe { vector::rivals(scores, groups, group) };
        return (most(&own), most(&others));
    }
    let (mut own, mut others) = ([f32::MIN; 8], [f32::MIN; 8]);
    for (scores, groups) in scores.iter().zip(groups) {
        for k in 0..8 {
            let most = if groups[k] == group { &mut own[k] } else { &mut others[k] };
            *most = most.max(scores[k]);
        }
    }
    (most(&own), most(&others))
}

/// The largest of eight numbers, by halves.
#[inline(always)]
fn most(all: &[f32; 8]) -> f32 {
    let larger = |a: f32, b: f32| if b > a { b } else { a };
    let mut four = [f32::MIN; 4];
    for k in 0..4 {
        four[k] = larger(all[k], all[k + 4]);
    }
    larger(larger(four[0], four[2]), larger(four[1], four[3]))
}

#[inline(always)]
fn softmax_plain(scores: &mut [f32], kin: &[f32]) -> (usize, f32, f32) {
    let Some((best, top, next)) = two(scores) else { return (0, 0.0, 0.0) };
    let next = exp(next - top);
    for score in &mut *scores {
        *score = exp(*score - top);
    }
    let mut sums = [0f32; 8];
    let ((eights, rest), (kins, rest_kin)) = (scores.as_chunks::<8>(), kin.as_chunks::<8>());
    for (eight, kin) in eights.iter().zip(kins) {
        for k in 0..8 {
            sums[k] += eight[k] * kin[k];
        }
    }
    sums[0] += rest.iter().zip(rest_kin).map(|(score, kin)| score * kin).sum::<f32>();
    let one = 1.0 / sums.iter().sum::<f32>();
    scores.iter_mut().for_each(|s| *s *= one);
    (best, scores[best], next * one)
}

#[inline(always)]
fn largest(scores: &[f32]) -> f32 {
    let mut most = [f32::MIN; 8];
    let (eights, rest) = scores.as_chunks::<8>();
    for eight in eights {
        for k in 0..8 {
            most[k] = if eight[k] > most[k] { eight[k] } else { most[k] };
        }
    }
    rest.iter().fold(self::most(&most), |a, b| if *b > a { *b } else { a })
}

/// The exponential of a number up to zero, to within 1 in 200,000; 0 from -80 on down. Without a table or a branch, so that many
/// can be done at once: the whole part of the power of two makes the exponent, the rest is a polynomial.
#[inline(always)]
fn exp(x: f32) -> f32 {
    let power = if x > -80.0 { x * std::f32::consts::LOG2_E } else { -120.0 };
    // Adding this number leaves the whole part in the last bits.
    const SHIFT: f32 = 12_582_912.0;
    let whole = power + SHIFT;
    let rest = (power - (whole - SHIFT)) * std::f32::consts::LN_2;
    let small = 1.0 + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0 + rest * (1.0 / 24.0 + rest * (1.0 / 120.0)))));
    let scale = f32::from_bits((whole.to_bits().wrapping_add(127)) << 23);
    if x > -80.0 { small * scale } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_instruction_set_says_the_same() {
        let mut state = 1u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as u32
        };
        let rows: Vec<Row> = (0..1 << 8).map(|_| std::array::from_fn(|_| random() as u8)).collect();
        let mut labels = vec![Eight::empty(); 7];
        for place in 0..43 {
            let weights = std::array::from_fn(|_| ((random() % 255) as i32 - 127) as i8);
            labels[place / 8].set(place % 8, &weights, (random() % 100) as f32 / 7.0, (random() % 100) as f32 / 9.0);
        }
        for count in [0, 1, 2, 16, 17, 18, 34, 300, MANY * 128, MANY * 128 + 1, 9000] {
            let features: Vec<u32> = (0..count).map(|_| random() % 256).collect();
            let (mut plain, mut fast) = (vec![[0.0; 8]; 7], Vec::new());
            let (pooled, own) = (pool_plain(&sum_plain(&rows, &features)), Pooled::of(&Sum::of(&rows, &features)));
            assert_eq!((pooled.lanes, pooled.step), (own.lanes, own.step), "{count} features");
            scores_plain(&pooled, &labels, &mut plain);
            scores(&own, &labels, &mut fast);
            assert_eq!(plain.as_flattened(), fast, "{count} features");
            assert!(plain[5][3..] == [f32::MIN; 5] && plain[6] == [f32::MIN; 8]);
        }
        // The same feature again and again, all lanes as large as can be: nothing overflows.
        let (mut plain, mut fast) = ([[0.0; 8]], Vec::new());
        let mut most = [Eight::empty()];
        most[0].set(2, &[127; LANES], 1.0, 0.0);
        let rows = [[0xFF; LANES / 2]];
        scores_plain(&pool_plain(&sum_plain(&rows, &[0; 100_000])), &most, &mut plain);
        scores(&Pooled::of(&Sum::of(&rows, &[0; 100_000])), &most, &mut fast);
        assert!(plain[0] == fast[..] && plain[0][2] > 0.0, "{plain:?} {fast:?}");
        let mut halves = Sum::of(&rows, &[0; 40]);
        halves.add(&Sum::of(&rows, &[0; 60]));
        let whole = Sum::of(&rows, &[0; 100]);
        assert_eq!((halves.lanes, halves.count), (whole.lanes, whole.count));
    }

    #[test]
    fn exponentials_are_close() {
        for i in 0..9000 {
            let x = -(i as f32) / 100.0;
            let (found, want) = (exp(x), if x > -80.0 { x.exp() } else { 0.0 });
            assert!((found - want).abs() <= want * 5e-6, "{x}: {found} {want}");
        }
        assert_eq!(exp(f32::MIN), 0.0);
    }

    #[test]
    fn probabilities() {
        for scores in [vec![0.0f32], vec![1.0, 3.0, 2.0], vec![-500.0, 0.0], (0..21).map(|i| i as f32 / 3.0).collect()]
        {
            let mut found = scores.clone();
            let (best, first, second) = softmax(&mut found, &vec![1.0; scores.len()]);
            let top = scores.iter().copied().fold(f32::MIN, f32::max);
            assert_eq!(scores[best], top);
            assert!((found.iter().sum::<f32>() - 1.0).abs() < 1e-5 && found[best] == first);
            let mut sorted = found.clone();
            sorted.sort_by(|a, b| b.total_cmp(a));
            assert_eq!(sorted.get(1).copied().unwrap_or(0.0), second);
        }
        assert_eq!(softmax(&mut [], &[]), (0, 0.0, 0.0));
        // A label whose relatives are four times as many as itself.
        let (best, first, _) = softmax(&mut [100.0, 0.0], &[5.0, 1.0]);
        assert_eq!((best, first), (0, 0.2));
    }
}
