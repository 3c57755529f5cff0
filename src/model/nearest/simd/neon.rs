//! Registers of NEON, which every 64-bit ARM processor with floating-point numbers has.

use std::arch::{aarch64::*, is_aarch64_feature_detected};

use super::super::tile::{Codes, Kernel, Rows};

/// The kernels that this processor can run, the fastest first.
pub fn kernels() -> Vec<Kernel> {
    let mut kernels = Vec::new();
    if is_aarch64_feature_detected!("neon") {
        kernels.push(neon::KERNEL);
    }
    kernels
}

// Registers are short and many: 4 of rows times 6 codes are 24 sums, 4 rows and a code's number of
// 32 registers, with 10 loads for 24 multiply-adds.
kernel!(
    neon, "neon", lanes: 4, rows: 4, codes: 6, floats: float32x4_t, ints: int32x4_t,
    load: vld1q_f32, store: vst1q_f32, load_int: vld1q_s32, store_int: vst1q_s32,
    splat: vdupq_n_f32, splat_int: vdupq_n_s32, fma: multiply_add, min: vminnmq_f32,
    keep_less: keep_less, is_any_less: is_any_less
);

/// a·b + c in one rounding.
#[inline]
#[target_feature(enable = "neon")]
fn multiply_add(a: float32x4_t, b: float32x4_t, c: float32x4_t) -> float32x4_t {
    vfmaq_f32(c, a, b)
}

/// Lane by lane `value` with its number where it is strictly less, else what was best: among
/// equals the earlier code stays, and a value that is not a number never wins.
#[inline]
#[target_feature(enable = "neon")]
fn keep_less(
    value: float32x4_t,
    i: int32x4_t,
    best: float32x4_t,
    number: int32x4_t,
) -> (float32x4_t, int32x4_t) {
    let less = vcltq_f32(value, best);
    (vbslq_f32(less, value, best), vbslq_s32(less, i, number))
}

/// Whether any lane of `a` is less than the same one of `b`.
#[inline]
#[target_feature(enable = "neon")]
fn is_any_less(a: [float32x4_t; 4], b: [float32x4_t; 4]) -> bool {
    let [p, q, r, s] = [0, 1, 2, 3].map(|v| vcltq_f32(a[v], b[v]));
    vmaxvq_u32(vorrq_u32(vorrq_u32(p, q), vorrq_u32(r, s))) != 0
}
