//! What a run takes from the machine: its memory and the kernels of its processor.
//!
//! Two variables pretend another one, for containers that do not tell their limit and for tests.

use std::sync::OnceLock;

use crate::text::shown;

/// The variable with the bytes of memory that a run may count on.
pub const MEMORY: &str = "VQSCOPE_MEMORY";

/// The variable with the kernel for the nearest code.
pub const KERNELS: &str = "VQSCOPE_KERNELS";

/// Checks what the variables ask for, of kernels with these names.
///
/// # Errors
/// A sentence that names the variable.
pub fn check(kernels: &[&str]) -> Result<(), String> {
    asked_memory(asked(MEMORY).as_deref())?;
    asked_kernel(asked(KERNELS).as_deref(), kernels).map(drop)
}

/// Memory of the machine or of the container, in bytes; 0 where the system does not tell.
pub fn memory() -> u64 {
    // Asked once: the window checks its draft in every frame.
    static MEMORY_BYTES: OnceLock<u64> = OnceLock::new();
    *MEMORY_BYTES.get_or_init(|| {
        let asked = asked_memory(asked(MEMORY).as_deref()).ok().flatten();
        // What a test finds is the same on every machine.
        asked.unwrap_or_else(|| if cfg!(test) { 16_000_000_000 } else { memory_of_system() })
    })
}

/// The kernel that somebody asks for, of those with these names; the first is the fastest one.
pub fn kernel(names: &[&str]) -> usize {
    asked_kernel(asked(KERNELS).as_deref(), names).unwrap_or(0)
}

/// The instruction set that the CPU backend and the code search choose at run time.
pub fn instruction_set() -> &'static str {
    #[cfg(target_arch = "x86_64")]
    {
        if std::arch::is_x86_feature_detected!("avx512f") {
            "x86-64 with AVX-512"
        } else if std::arch::is_x86_feature_detected!("avx2") {
            "x86-64 with AVX2"
        } else {
            "x86-64"
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    {
        std::env::consts::ARCH
    }
}

fn memory_of_system() -> u64 {
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    let total = system.total_memory();
    system.cgroup_limits().map_or(total, |c| c.total_memory.min(total))
}

fn asked(variable: &str) -> Option<String> {
    let text = std::env::var_os(variable)?.to_string_lossy().into_owned();
    Some(text).filter(|text| !text.is_empty())
}

fn asked_memory(asked: Option<&str>) -> Result<Option<u64>, String> {
    let Some(asked) = asked else { return Ok(None) };
    match asked.parse() {
        Ok(bytes) if bytes > 0 => Ok(Some(bytes)),
        _ => Err(format!(
            "{MEMORY}={} is no number of bytes; use one such as 8000000000, or unset it",
            shown(asked)
        )),
    }
}

fn asked_kernel(asked: Option<&str>, names: &[&str]) -> Result<usize, String> {
    let Some(asked) = asked else { return Ok(0) };
    names.iter().position(|&name| name == asked).ok_or_else(|| {
        format!(
            "{KERNELS}={} is no kernel that this processor runs; use {}, or unset it",
            shown(asked),
            names.join(" or ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_what_somebody_says_and_what_is_no_number_is_refused() {
        assert_eq!(asked_memory(None), Ok(None));
        assert_eq!(asked_memory(Some("8000000000")), Ok(Some(8_000_000_000)));
        for wrong in ["0", "-1", "8GB", "1e9", "99999999999999999999"] {
            let why = asked_memory(Some(wrong)).unwrap_err();
            assert!(why.contains(&format!("VQSCOPE_MEMORY={wrong}")) && why.contains("unset"));
        }
    }

    #[test]
    fn a_kernel_is_taken_by_its_name_and_one_that_is_not_there_is_refused() {
        let names = ["avx2", "portable"];
        assert_eq!(asked_kernel(None, &names), Ok(0));
        assert_eq!(asked_kernel(Some("portable"), &names), Ok(1));
        let why = asked_kernel(Some("avx512"), &names).unwrap_err();
        assert!(
            why.contains("VQSCOPE_KERNELS=avx512") && why.contains("avx2 or portable"),
            "{why}"
        );
    }
}
