//! The arithmetic of the model, in whole numbers, so that it is the same on every machine and with every instruction set.

use super::model::{FINE, LANES, Row, ZERO};

/// For each label the product of its weights with the sum of the rows of the features over the root of their number.
pub(super) fn products(rows: &[Row], features: &[u32], weights: &[[i16; LANES]], out: &mut Vec<i32>) {
    out.clear();
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, which is all that the function asks for.
        #[allow(unsafe_code)]
        return unsafe { products_avx2(rows, features, weights, out) };
    }
    products_plain(rows, features, weights, out);
}

fn products_plain(rows: &[Row], features: &[u32], weights: &[[i16; LANES]], out: &mut Vec<i32>) {
    let lanes = pool(rows, features);
    let product = |weights: &[i16; LANES]| (0..LANES).map(|k| i32::from(weights[k]) * i32::from(lanes[k])).sum::<i32>();
    out.extend(weights.iter().map(product));
}

/// The same with registers twice as wide, which the compiler does not find for the product by itself.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn products_avx2(rows: &[Row], features: &[u32], weights: &[[i16; LANES]], out: &mut Vec<i32>) {
    use std::arch::x86_64::{
        __m256i, _mm_add_epi32, _mm_cvtsi128_si32, _mm_shuffle_epi32, _mm256_add_epi32, _mm256_castsi256_si128,
        _mm256_extracti128_si256, _mm256_loadu_si256, _mm256_madd_epi16, _mm256_setzero_si256,
    };
    const STEPS: usize = LANES / 16;
    let load = |from: &[i16; LANES]| -> [__m256i; STEPS] {
        let (parts, _) = from.as_chunks::<16>();
        // SAFETY: a part is the 32 bytes that are read, and need not be aligned.
        #[allow(unsafe_code)]
        std::array::from_fn(|i| unsafe { _mm256_loadu_si256(parts[i].as_ptr().cast()) })
    };
    let lanes = load(&pool(rows, features));
    out.extend(weights.iter().map(|weights| {
        let weights = load(weights);
        let mut sum = _mm256_setzero_si256();
        for i in 0..STEPS {
            sum = _mm256_add_epi32(sum, _mm256_madd_epi16(weights[i], lanes[i]));
        }
        let half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256::<1>(sum));
        let half = _mm_add_epi32(half, _mm_shuffle_epi32::<0b01_00_11_10>(half));
        _mm_cvtsi128_si32(_mm_add_epi32(half, _mm_shuffle_epi32::<1>(half)))
    }));
}

/// The sum of the rows over the root of their number.
#[inline(always)]
fn pool(rows: &[Row], features: &[u32]) -> [i16; LANES] {
    let mut sum = [0i32; LANES];
    for many in features.chunks(MANY * 128) {
        let mut own = [0u16; LANES];
        for some in many.chunks(MANY) {
            let (low, high) = add(rows, some);
            for k in 0..LANES / 2 {
                own[k] += u16::from(low[k]);
                own[k + LANES / 2] += u16::from(high[k]);
            }
        }
        for k in 0..LANES {
            sum[k] += i32::from(own[k]);
        }
    }
    let nothing = i32::from(ZERO) * features.len() as i32;
    let scale = FINE / (features.len().max(1) as f32).sqrt();
    sum.map(|x| ((x - nothing) as f32 * scale) as i16)
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
        let weights: Vec<[i16; LANES]> =
            (0..40).map(|_| std::array::from_fn(|_| (random() % 255) as i16 - 127)).collect();
        for count in [0, 1, 2, 16, 17, 18, 34, 300, MANY * 128, MANY * 128 + 1, 9000] {
            let features: Vec<u32> = (0..count).map(|_| random() % 256).collect();
            let (mut plain, mut fast) = (Vec::new(), Vec::new());
            products_plain(&rows, &features, &weights, &mut plain);
            products(&rows, &features, &weights, &mut fast);
            assert_eq!(plain, fast, "{count} features");
        }
        // The same feature again and again, all lanes as large as can be: nothing overflows.
        let (mut plain, mut fast) = (Vec::new(), Vec::new());
        let most = [[127i16; LANES]];
        products_plain(&[[0xFF; LANES / 2]], &[0; 100_000], &most, &mut plain);
        products(&[[0xFF; LANES / 2]], &[0; 100_000], &most, &mut fast);
        assert!(plain == fast && plain[0] > 0, "{plain:?} {fast:?}");
    }
}
