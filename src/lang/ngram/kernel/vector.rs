//! What is written for AVX2, as the compiler does not find it by itself. Plain loops, since iterators with closures would be
//! compiled without it.

use std::arch::x86_64::{
    __m128i, __m256, __m256i, _mm_extract_epi16, _mm_loadu_si128, _mm_max_epu16, _mm_minpos_epu16, _mm_set1_epi16,
    _mm_xor_si128, _mm256_abs_epi16, _mm256_add_epi8, _mm256_add_epi32, _mm256_add_ps, _mm256_blendv_ps,
    _mm256_castps_si256, _mm256_castsi256_ps, _mm256_castsi256_si128, _mm256_cmpeq_epi32, _mm256_cvtepi16_epi32,
    _mm256_cvtepi32_ps, _mm256_cvtps_epi32, _mm256_extracti128_si256, _mm256_loadu_si256, _mm256_madd_epi16,
    _mm256_maddubs_epi16, _mm256_max_epu16, _mm256_max_ps, _mm256_mul_ps, _mm256_packs_epi16, _mm256_packs_epi32,
    _mm256_permutevar8x32_epi32, _mm256_set1_epi8, _mm256_set1_epi16, _mm256_set1_epi32, _mm256_set1_ps,
    _mm256_setr_epi32, _mm256_setzero_si256, _mm256_storeu_si256, _mm256_sub_epi32,
};

use super::{Eight, LANES, MIDDLE, Pooled, Sum, steps};

#[target_feature(enable = "avx2")]
#[inline]
fn load<T>(from: &T) -> __m256i {
    const { assert!(size_of::<T>() == 32) };
    // SAFETY: there are the 32 bytes that are read, all numbers, and they need not be aligned.
    #[allow(unsafe_code)]
    unsafe {
        _mm256_loadu_si256(std::ptr::from_ref(from).cast())
    }
}

#[target_feature(enable = "avx2")]
#[inline]
fn load_floats(from: &[f32; 8]) -> __m256 {
    _mm256_castsi256_ps(load(from))
}

#[target_feature(enable = "avx2")]
#[inline]
fn store(to: &mut [u8; 32], what: __m256i) {
    // SAFETY: there are the 32 bytes that are written, and they need not be aligned.
    #[allow(unsafe_code)]
    unsafe {
        _mm256_storeu_si256(to.as_mut_ptr().cast(), what);
    }
}

#[target_feature(enable = "avx2")]
#[inline]
fn store_floats(to: &mut [f32; 8], what: __m256) {
    // SAFETY: there are the eight numbers of four bytes that are written, and they need not be aligned.
    #[allow(unsafe_code)]
    unsafe {
        _mm256_storeu_si256(to.as_mut_ptr().cast(), _mm256_castps_si256(what));
    }
}

/// The scores of 32 labels at a time, which share the lanes that are loaded.
#[target_feature(enable = "avx2")]
pub(super) fn scores(pooled: &Pooled, labels: &[Eight], out: &mut [[f32; 8]]) {
    let (fours, rest) = labels.as_chunks::<4>();
    let (fours_out, rest_out) = out.as_chunks_mut::<4>();
    for k in 0..fours.len() {
        several(pooled, &fours[k], &mut fours_out[k]);
    }
    for k in 0..rest.len() {
        several(pooled, std::array::from_ref(&rest[k]), std::array::from_mut(&mut rest_out[k]));
    }
}

/// Two products of 7 and 8 bits fit into 16, so nothing is cut off.
#[target_feature(enable = "avx2")]
#[inline]
fn several<const N: usize>(pooled: &Pooled, labels: &[Eight; N], out: &mut [[f32; 8]; N]) {
    let mut sums = [_mm256_setzero_si256(); N];
    for step in 0..LANES / 4 {
        let lanes = _mm256_set1_epi32(i32::from_le_bytes(pooled.lanes.as_chunks::<4>().0[step]));
        for k in 0..N {
            let products = _mm256_maddubs_epi16(lanes, load(&labels[k].weights[step]));
            sums[k] = _mm256_add_epi32(sums[k], _mm256_madd_epi16(products, _mm256_set1_epi16(1)));
        }
    }
    for k in 0..N {
        let number = _mm256_cvtepi32_ps(_mm256_sub_epi32(sums[k], load(&labels[k].nothing)));
        let scale = _mm256_mul_ps(_mm256_set1_ps(pooled.step), load_floats(&labels[k].scale));
        store_floats(&mut out[k], _mm256_add_ps(_mm256_mul_ps(number, scale), load_floats(&labels[k].bias)));
    }
}

/// The largest of eight scores at each place, of those of a group and of the others.
#[target_feature(enable = "avx2")]
pub(super) fn rivals(scores: &[[f32; 8]], groups: &[[u32; 8]], group: u32) -> ([f32; 8], [f32; 8]) {
    let none = _mm256_set1_ps(f32::MIN);
    let (mut own, mut others) = (none, none);
    let group = _mm256_set1_epi32(group.cast_signed());
    for k in 0..scores.len().min(groups.len()) {
        let is_own = _mm256_castsi256_ps(_mm256_cmpeq_epi32(load(&groups[k]), group));
        let scores = load_floats(&scores[k]);
        own = _mm256_max_ps(own, _mm256_blendv_ps(none, scores, is_own));
        others = _mm256_max_ps(others, _mm256_blendv_ps(scores, none, is_own));
    }
    let mut out = ([0.0; 8], [0.0; 8]);
    store_floats(&mut out.0, own);
    store_floats(&mut out.1, others);
    out
}

/// The sum brought to seven bits.
#[target_feature(enable = "avx2")]
pub(super) fn pool(sum: &Sum) -> Pooled {
    let (fit, step) = steps(largest(&sum.lanes), sum.count);
    let mut lanes = [0; LANES];
    let (eights, out) = (sum.lanes.as_chunks::<8>().0, lanes.as_chunks_mut::<32>().0);
    for k in 0..LANES / 32 {
        let ab = _mm256_packs_epi32(times(&eights[4 * k], fit), times(&eights[4 * k + 1], fit));
        let cd = _mm256_packs_epi32(times(&eights[4 * k + 2], fit), times(&eights[4 * k + 3], fit));
        // Packing goes by halves of the registers, so each eight is in two places.
        let order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
        let all = _mm256_permutevar8x32_epi32(_mm256_packs_epi16(ab, cd), order);
        store(&mut out[k], _mm256_add_epi8(all, _mm256_set1_epi8(MIDDLE.cast_signed())));
    }
    Pooled { lanes, step }
}

/// Numbers times another, rounded.
#[target_feature(enable = "avx2")]
#[inline]
fn times(eight: &[i16; 8], fit: f32) -> __m256i {
    // SAFETY: there are the 16 bytes that are read, and they need not be aligned.
    #[allow(unsafe_code)]
    let eight = unsafe { _mm_loadu_si128(eight.as_ptr().cast::<__m128i>()) };
    let number = _mm256_cvtepi32_ps(_mm256_cvtepi16_epi32(eight));
    _mm256_cvtps_epi32(_mm256_mul_ps(number, _mm256_set1_ps(fit)))
}

/// How far the lanes go from nothing.
#[target_feature(enable = "avx2")]
#[inline]
fn largest(lanes: &[i16; LANES]) -> u16 {
    let sixteens = lanes.as_chunks::<16>().0;
    let mut most = _mm256_setzero_si256();
    for sixteen in sixteens {
        most = _mm256_max_epu16(most, _mm256_abs_epi16(load(sixteen)));
    }
    let eight = _mm_max_epu16(_mm256_castsi256_si128(most), _mm256_extracti128_si256::<1>(most));
    // There is an instruction for the smallest.
    !(_mm_extract_epi16::<0>(_mm_minpos_epu16(_mm_xor_si128(eight, _mm_set1_epi16(-1)))) as u16)
}
