//! Kernels with AVX2 and AVX-512.
//!
//! The only unsafe code of the crate. Every block is one of two kinds: a load or store through a
//! reference to an array that is exactly as long as the register (unaligned, so that any address
//! will do), or the call of a function whose instruction set was found on this processor just
//! before.
#![allow(unsafe_code)]

use std::arch::x86_64::*;

use super::kernel::{Kernel, Panel, Tiles};

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

/// A kernel for registers of `$lanes` numbers: `$rows` rows times two registers of codes, so that
/// all running sums, a pair of codes and a row's value fit into the registers.
macro_rules! kernel {
    (
        $name:ident, $features:literal, $lanes:literal, $rows:literal, $floats:ty, $ints:ty,
        load: $load:ident, store: $store:ident, load_int: $load_int:ident, store_int: $store_int:ident,
        splat: $splat:ident, splat_int: $splat_int:ident, fma: $fma:ident, keep_less: $keep_less:ident
    ) => {
        /// The kernel of one instruction set.
        pub mod $name {
            use super::*;

            const LANES: usize = $lanes;
            const WIDTH: usize = 2 * LANES;
            const ROWS: usize = $rows;

            /// The kernel; `kernels` hands it out where the processor can run it.
            pub const KERNEL: Kernel =
                Kernel { name: stringify!($name), width: WIDTH, rows: ROWS, scan };

            fn scan(panel: &Panel, tiles: &mut Tiles) {
                // SAFETY: `kernels` lists this kernel only after it found the instruction set.
                unsafe { scan_with_registers(panel, tiles) }
            }

            #[target_feature(enable = $features)]
            fn scan_with_registers(panel: &Panel, tiles: &mut Tiles) {
                let tile_size = panel.dim * ROWS;
                let minima = tiles.best.as_chunks_mut::<LANES>().0.chunks_exact_mut(2 * ROWS);
                let numbers = tiles.block.as_chunks_mut::<LANES>().0.chunks_exact_mut(2 * ROWS);
                for ((z, minima), numbers) in
                    tiles.z.chunks_exact(tile_size).zip(minima).zip(numbers)
                {
                    let (z, _) = z.as_chunks::<ROWS>();
                    let mut best: [[$floats; 2]; ROWS] =
                        std::array::from_fn(|r| [load(&minima[2 * r]), load(&minima[2 * r + 1])]);
                    let mut number: [[$ints; 2]; ROWS] = std::array::from_fn(|r| {
                        [load_int(&numbers[2 * r]), load_int(&numbers[2 * r + 1])]
                    });
                    let blocks = panel.blocks.chunks_exact(panel.dim * WIDTH);
                    let (norms, _) = panel.norms.as_chunks::<LANES>();
                    for (i, (block, norms)) in blocks.zip(norms.chunks_exact(2)).enumerate() {
                        let mut value = [[load(&norms[0]), load(&norms[1])]; ROWS];
                        let (codes, _) = block.as_chunks::<LANES>();
                        for (codes, z) in codes.chunks_exact(2).zip(z) {
                            let codes = [load(&codes[0]), load(&codes[1])];
                            for r in 0..ROWS {
                                let z = $splat(z[r]);
                                value[r][0] = $fma(z, codes[0], value[r][0]);
                                value[r][1] = $fma(z, codes[1], value[r][1]);
                            }
                        }
                        let i = $splat_int((panel.first + i as u32) as i32);
                        for r in 0..ROWS {
                            for v in 0..2 {
                                (best[r][v], number[r][v]) =
                                    $keep_less(value[r][v], i, best[r][v], number[r][v]);
                            }
                        }
                    }
                    for r in 0..ROWS {
                        for v in 0..2 {
                            store(&mut minima[2 * r + v], best[r][v]);
                            store_int(&mut numbers[2 * r + v], number[r][v]);
                        }
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
    splat: _mm256_set1_ps, splat_int: _mm256_set1_epi32, fma: _mm256_fmadd_ps,
    keep_less: keep_less_256
);

kernel!(
    avx512, "avx512f", 16, 12, __m512, __m512i,
    load: _mm512_loadu_ps, store: _mm512_storeu_ps,
    load_int: _mm512_loadu_si512, store_int: _mm512_storeu_si512,
    splat: _mm512_set1_ps, splat_int: _mm512_set1_epi32, fma: _mm512_fmadd_ps,
    keep_less: keep_less_512
);

/// Lane by lane `value` with its number where it is strictly less, else what was best: among
/// equals the earlier block stays, and a value that is not a number never wins.
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
