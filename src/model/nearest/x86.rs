//! Kernels with AVX2 and AVX-512.
//!
//! The only unsafe code of the crate. Every block is one of three kinds: a load or store through a
//! reference to an array that is exactly as long as the register (unaligned, so that any address
//! will do), a number of a slice at a place that was compared with its length before the loop, or
//! the call of a function whose instruction set was found on this processor just before.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::kernel::{Codes, Kernel, Rows};

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

/// A kernel for registers of `$lanes` numbers: two registers of rows times `$codes` codes, so that
/// all running sums, a pair of rows' registers and a code's number fit into the registers.
macro_rules! kernel {
    (
        $name:ident, $features:literal, $lanes:literal, $codes:literal, $floats:ty, $ints:ty,
        load: $load:ident, store: $store:ident, load_int: $load_int:ident, store_int: $store_int:ident,
        splat: $splat:ident, splat_int: $splat_int:ident, fma: $fma:ident, min: $min:ident,
        keep_less: $keep_less:ident, is_any_less: $is_any_less:ident
    ) => {
        /// The kernel of one instruction set.
        pub mod $name {
            use super::*;

            const LANES: usize = $lanes;
            const WIDTH: usize = 2 * LANES;

            /// The kernel; `kernels` hands it out where the processor can run it.
            pub const KERNEL: Kernel = Kernel { name: stringify!($name), width: WIDTH, scan };

            fn scan(codes: &Codes, rows: &mut Rows) {
                // SAFETY: `kernels` lists this kernel only after it found the instruction set.
                unsafe { scan_with_registers(codes, rows) }
            }

            /// Two registers of running minima with their codes.
            struct Least {
                value: [$floats; 2],
                code: [$ints; 2],
            }

            #[target_feature(enable = $features)]
            fn scan_with_registers(codes: &Codes, rows: &mut Rows) {
                let dim = codes.dim;
                let best = rows.best.as_chunks_mut::<LANES>().0.as_chunks_mut::<2>().0;
                let code = rows.code.as_chunks_mut::<LANES>().0.as_chunks_mut::<2>().0;
                for ((z, best), code) in rows.z.chunks_exact(dim * WIDTH).zip(best).zip(code) {
                    let z = z.as_chunks::<LANES>().0.as_chunks::<2>().0;
                    let mut least = Least {
                        value: [load(&best[0]), load(&best[1])],
                        code: [load_int(&code[0]), load_int(&code[1])],
                    };
                    let mut first = codes.first;
                    let values = codes.values.chunks_exact($codes * dim);
                    let norms = codes.norms.chunks_exact($codes);
                    let rest = (values.remainder(), norms.remainder());
                    for (values, norms) in values.zip(norms) {
                        lower::<$codes>(z, values, norms, first, &mut least);
                        first += $codes;
                    }
                    for (values, norm) in rest.0.chunks_exact(dim).zip(rest.1.chunks_exact(1)) {
                        lower::<1>(z, values, norm, first, &mut least);
                        first += 1;
                    }
                    store(&mut best[0], least.value[0]);
                    store(&mut best[1], least.value[1]);
                    store_int(&mut code[0], least.code[0]);
                    store_int(&mut code[1], least.code[1]);
                }
            }

            /// `CODES` codes from number `first` on against one tile of rows, d x 2 registers.
            #[inline]
            #[target_feature(enable = $features)]
            fn lower<const CODES: usize>(
                z: &[[[f32; LANES]; 2]],
                values: &[f32],
                norms: &[f32],
                first: u32,
                least: &mut Least,
            ) {
                let dim = z.len();
                assert!(values.len() == CODES * dim && norms.len() == CODES);
                let mut value: [[$floats; 2]; CODES] =
                    std::array::from_fn(|c| [$splat(norms[c]), $splat(norms[c])]);
                for (k, z) in z.iter().enumerate() {
                    let rows = [load(&z[0]), load(&z[1])];
                    for c in 0..CODES {
                        // SAFETY: c < CODES and k < dim, and there are CODES · dim values.
                        let e = $splat(unsafe { *values.get_unchecked(c * dim + k) });
                        value[c][0] = $fma(rows[0], e, value[c][0]);
                        value[c][1] = $fma(rows[1], e, value[c][1]);
                    }
                }
                // After some thousand codes hardly any is nearer than the best so far; so first ask
                // for the least of all. A value that is not a number leaves it as it is.
                let mut lowest = least.value;
                for value in &value {
                    lowest[0] = $min(value[0], lowest[0]);
                    lowest[1] = $min(value[1], lowest[1]);
                }
                if !$is_any_less(lowest, least.value) {
                    return;
                }
                for (c, value) in value.into_iter().enumerate() {
                    let number = $splat_int((first + c as u32) as i32);
                    for v in 0..2 {
                        (least.value[v], least.code[v]) =
                            $keep_less(value[v], number, least.value[v], least.code[v]);
                    }
                }
            }

            #[inline]
            #[target_feature(enable = $features)]
            fn load(from: &[f32; LANES]) -> $floats {
                // SAFETY: `from` is readable and as long as the register.
                unsafe { $load(from.as_ptr()) }
            }

            #[inline]
            #[target_feature(enable = $features)]
            fn load_int(from: &[u32; LANES]) -> $ints {
                // SAFETY: `from` is readable and as long as the register.
                unsafe { $load_int(from.as_ptr().cast()) }
            }

            #[inline]
            #[target_feature(enable = $features)]
            fn store(to: &mut [f32; LANES], value: $floats) {
                // SAFETY: `to` is writable and as long as the register.
                unsafe { $store(to.as_mut_ptr(), value) }
            }

            #[inline]
            #[target_feature(enable = $features)]
            fn store_int(to: &mut [u32; LANES], value: $ints) {
                // SAFETY: `to` is writable and as long as the register.
                unsafe { $store_int(to.as_mut_ptr().cast(), value) }
            }
        }
    };
}

kernel!(
    avx2, "avx2,fma", 8, 6, __m256, __m256i,
    load: _mm256_loadu_ps, store: _mm256_storeu_ps,
    load_int: _mm256_loadu_si256, store_int: _mm256_storeu_si256,
    splat: _mm256_set1_ps, splat_int: _mm256_set1_epi32, fma: _mm256_fmadd_ps, min: _mm256_min_ps,
    keep_less: keep_less_256, is_any_less: is_any_less_256
);

kernel!(
    avx512, "avx512f", 16, 12, __m512, __m512i,
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
