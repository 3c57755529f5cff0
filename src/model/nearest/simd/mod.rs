//! Kernels with vector registers: AVX2 and AVX-512, and NEON on 64-bit ARM.
//!
//! The only unsafe code of the crate. Every block is one of three kinds: a load or store through a
//! reference to an array that is exactly as long as the register (unaligned, so that any address
//! will do), a number of a slice at a place that was compared with its length before the loop, or
//! the call of a function whose instruction set was found on this processor just before.
//!
//! The loops are written once, as a macro, because the functions of an instruction set may only be
//! inlined into functions that name it; a file an instruction set fills in its registers.
#![allow(unsafe_code)]

/// A kernel for registers of `$lanes` numbers: `$rows` registers of rows times `$codes` codes, so
/// that all running sums, the rows' registers and a code's number fit into the registers.
macro_rules! kernel {
    (
        $name:ident, $features:literal, lanes: $lanes:literal, rows: $rows:literal,
        codes: $codes:literal, floats: $floats:ty, ints: $ints:ty,
        load: $load:ident, store: $store:ident, load_int: $load_int:ident, store_int: $store_int:ident,
        splat: $splat:ident, splat_int: $splat_int:ident, fma: $fma:ident, min: $min:ident,
        keep_less: $keep_less:ident, is_any_less: $is_any_less:ident
    ) => {
        /// The kernel of one instruction set.
        pub mod $name {
            use super::*;

            const LANES: usize = $lanes;
            const ROWS: usize = $rows;
            const WIDTH: usize = ROWS * LANES;

            /// The kernel; `kernels` hands it out where the processor can run it.
            pub const KERNEL: Kernel = Kernel { name: stringify!($name), width: WIDTH, scan };

            fn scan(codes: &Codes, rows: &mut Rows) {
                // SAFETY: `kernels` lists this kernel only after it found the instruction set.
                unsafe { scan_with_registers(codes, rows) }
            }

            /// Registers of running minima with their codes.
            struct Least {
                value: [$floats; ROWS],
                code: [$ints; ROWS],
            }

            #[target_feature(enable = $features)]
            fn scan_with_registers(codes: &Codes, rows: &mut Rows) {
                let dim = codes.dim;
                let best = rows.best.as_chunks_mut::<LANES>().0.as_chunks_mut::<ROWS>().0;
                let code = rows.code.as_chunks_mut::<LANES>().0.as_chunks_mut::<ROWS>().0;
                for ((z, best), code) in rows.z.chunks_exact(dim * WIDTH).zip(best).zip(code) {
                    let z = z.as_chunks::<LANES>().0.as_chunks::<ROWS>().0;
                    let mut least = Least {
                        value: std::array::from_fn(|v| load(&best[v])),
                        code: std::array::from_fn(|v| load_int(&code[v])),
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
                    for v in 0..ROWS {
                        store(&mut best[v], least.value[v]);
                        store_int(&mut code[v], least.code[v]);
                    }
                }
            }

            /// `CODES` codes from number `first` on against one tile of rows, d x ROWS registers.
            #[inline]
            #[target_feature(enable = $features)]
            fn lower<const CODES: usize>(
                z: &[[[f32; LANES]; ROWS]],
                values: &[f32],
                norms: &[f32],
                first: u32,
                least: &mut Least,
            ) {
                let dim = z.len();
                assert!(values.len() == CODES * dim && norms.len() == CODES);
                let mut value: [[$floats; ROWS]; CODES] =
                    std::array::from_fn(|c| [$splat(norms[c]); ROWS]);
                for (k, z) in z.iter().enumerate() {
                    let rows: [$floats; ROWS] = std::array::from_fn(|v| load(&z[v]));
                    for c in 0..CODES {
                        // SAFETY: c < CODES and k < dim, and there are CODES · dim values.
                        let e = $splat(unsafe { *values.get_unchecked(c * dim + k) });
                        for v in 0..ROWS {
                            value[c][v] = $fma(rows[v], e, value[c][v]);
                        }
                    }
                }
                // After some thousand codes hardly any is nearer than the best so far; so first ask
                // for the least of all. A value that is not a number leaves it as it is.
                let mut lowest = least.value;
                for value in &value {
                    for v in 0..ROWS {
                        lowest[v] = $min(value[v], lowest[v]);
                    }
                }
                if !$is_any_less(lowest, least.value) {
                    return;
                }
                for (c, value) in value.into_iter().enumerate() {
                    let number = $splat_int((first + c as u32) as i32);
                    for v in 0..ROWS {
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

#[cfg(target_arch = "aarch64")]
mod neon;
#[cfg(target_arch = "x86_64")]
mod x86;

#[cfg(target_arch = "aarch64")]
pub use neon::kernels;
#[cfg(target_arch = "x86_64")]
pub use x86::kernels;
