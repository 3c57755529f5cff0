//! Registers of AVX2 and AVX-512.

use std::arch::x86_64::*;

use super::super::tile::{Codes, Kernel, Rows};

/// The kernels that this processor can run, the fastest first.
pub fn kernels() -> Vec<Kernel> {
    let mut kernels = Vec::new();
    if is_x86_feature_detected!("avx512f") {
        kernels.push(avx512::KERNEL);
    }
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        kernels.push(avx2::KERNEL);
    }
    kernels
}

kernel!(
    avx2, "avx2,fma", lanes: 8, rows: 2, codes: 6, floats: __m256, ints: __m256i,
    load: _mm256_loadu_ps, store: _mm256_storeu_ps,
    load_int: _mm256_loadu_si256, store_int: _mm256_storeu_si256,
    splat: _mm256_set1_ps, splat_int: _mm256_set1_epi32, fma: _mm256_fmadd_ps, min: _mm256_min_ps,
    keep_less: keep_less_256, is_any_less: is_any_less_256
);

kernel!(
    avx512, "avx512f", lanes: 16, rows: 2, codes: 12, floats: __m512, ints: __m512i,
    load: _mm512_loadu_ps, store: _mm512_storeu_ps,
    load_int: _mm512_loadu_si512, store_int: _mm512_storeu_si512,
    splat: _mm512_set1_ps, splat_int: _mm512_set1_epi32, fma: _mm512_fmadd_ps, min: _mm512_min_ps,
    keep_less: keep_less_512, is_any_less: is_any_less_512
);

/// Lane by lane `value` with its number where it is strictly less, else what was best: among
/// equals the earlier code stays, and a value that is not a number never wins.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn keep_less_256(value: __m256, i: __m256i, best: __m256, number: __m256i) -> (__m256, __m256i) {
    let less = _mm256_cmp_ps::<_CMP_LT_OQ>(value, best);
    let number = _mm256_blendv_epi8(number, i, _mm256_castps_si256(less));
    (_mm256_blendv_ps(best, value, less), number)
}

/// As [`keep_less_256`], with a register of masks.
#[inline]
#[target_feature(enable = "avx512f")]
fn keep_less_512(value: __m512, i: __m512i, best: __m512, number: __m512i) -> (__m512, __m512i) {
    let less = _mm512_cmp_ps_mask::<_CMP_LT_OQ>(value, best);
    (_mm512_mask_blend_ps(less, best, value), _mm512_mask_blend_epi32(less, number, i))
}

/// Whether any lane of `a` is less than the same one of `b`.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn is_any_less_256(a: [__m256; 2], b: [__m256; 2]) -> bool {
    let less = [0, 1].map(|v| _mm256_cmp_ps::<_CMP_LT_OQ>(a[v], b[v]));
    _mm256_movemask_ps(_mm256_or_ps(less[0], less[1])) != 0
}

/// As [`is_any_less_256`], with registers of masks.
#[inline]
#[target_feature(enable = "avx512f")]
fn is_any_less_512(a: [__m512; 2], b: [__m512; 2]) -> bool {
    let less = [0, 1].map(|v| _mm512_cmp_ps_mask::<_CMP_LT_OQ>(a[v], b[v]));
    less[0] | less[1] != 0
}
