//! Whether the tensors of a run fit into the buffers of a graphics adapter.
//!
//! An adapter may have many gigabytes of memory and still bind no more than some of them, often 2 GB
//! and by WebGPU's promise only 128 MiB, at a time; a tensor is one binding.

use crate::engine::device::{Compute, DeviceError, TooLarge};
use crate::engine::evaluate::SAMPLES;
use crate::scenario::MLP_WIDTH;
use crate::scenario::memory::way_out;
use crate::scenario::{LaneSpec, TransformForm};

/// One tensor of a lane.
struct Buffer {
    /// What it holds.
    what: &'static str,
    /// Its numbers of 4 bytes.
    numbers: u64,
    /// Whether it grows with the codebook.
    is_of_codes: bool,
}

/// Refuses lanes of which a tensor does not fit into a buffer of the device.
///
/// # Errors
/// As [`DeviceError::TooLarge`].
pub fn check(specs: &[LaneSpec], compute: &Compute) -> Result<(), DeviceError> {
    compute.buffer_limit.map_or(Ok(()), |limit| check_bytes(specs, limit, &compute.label.name))
}

/// Refuses lanes of which a tensor needs more than `limit` bytes; `adapter` is the adapter's name.
///
/// # Errors
/// [`DeviceError::TooLarge`] names the tensor, the limit, and the largest numbers that fit.
fn check_bytes(specs: &[LaneSpec], limit: u64, adapter: &str) -> Result<(), DeviceError> {
    for spec in specs {
        let buffers = buffers_of(spec);
        let bytes = |numbers: u64| numbers.saturating_mul(4);
        let too_large = |b: &&Buffer| bytes(b.numbers) > limit;
        // What no codebook would cure comes first.
        let Some(buffer) =
            buffers.iter().filter(too_large).max_by_key(|b| (!b.is_of_codes, b.numbers))
        else {
            continue;
        };
        let fits = |smaller: &[LaneSpec]| {
            smaller.iter().flat_map(buffers_of).all(|b| bytes(b.numbers) <= limit)
        };
        let way_out = way_out(specs, fits);
        return Err(DeviceError::TooLarge(Box::new(TooLarge {
            name: adapter.into(),
            limit: megabytes(limit),
            lane: spec.id.name(),
            what: buffer.what,
            need: megabytes(bytes(buffer.numbers)),
            way_out,
        })));
    }
    Ok(())
}

/// "134.2 MB".
fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// The tensors of a lane that can be large, as an error names them, by their shapes alone.
fn buffers_of(spec: &LaneSpec) -> Vec<Buffer> {
    let [size, dim, latent, hidden] =
        [spec.size, spec.dim, spec.latent, spec.hidden].map(|n| n as u64);
    let [tokens, batch, pixels] = [spec.tokens, spec.batch_tokens, spec.pixels()].map(|n| n as u64);
    let codes = |what, per_code: u64| Buffer {
        what,
        numbers: size.saturating_mul(per_code),
        is_of_codes: true,
    };
    let fixed = |what, rows: u64, columns: u64| Buffer {
        what,
        numbers: rows.saturating_mul(columns),
        is_of_codes: false,
    };
    let samples = (spec.eval_tokens as u64).div_ceil(tokens);
    let pass = samples.min(SAMPLES as u64);
    let mut buffers = vec![
        codes("the codebook (K x d)", dim),
        fixed("the weights of the pixels", pixels, hidden),
        fixed("the weights of the latents", hidden, tokens * latent),
        fixed("the evaluation set", samples, pixels),
        fixed("the hidden layer of an evaluation", pass, hidden),
        fixed("the latents of an evaluation", pass * tokens, latent),
        fixed("a batch", batch / tokens, pixels),
        fixed("the hidden layer of a batch", batch / tokens, hidden),
        fixed("the latents of a batch", batch, latent),
    ];
    if spec.switches.entropy > 0.0 {
        buffers.push(codes("the entropy penalty's table (batch x K)", batch));
    }
    if spec.learn_w && spec.switches.transform == TransformForm::Mlp {
        buffers.push(codes("the hidden layer over all codes (K x 4d)", MLP_WIDTH as u64 * dim));
    }
    buffers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{demos, parse};

    fn specs(text: &str) -> Vec<LaneSpec> {
        parse(text, "x.toml", &[]).unwrap().lane_specs()
    }

    fn refused(text: &str, limit: u64) -> String {
        check_bytes(&specs(text), limit, "Adapter 9").unwrap_err().to_string()
    }

    const WIDE: &str = "title='x'\n[codebook]\nsize=65536\ndim=64\n[lanes.a]\n";

    #[test]
    fn a_codebook_above_the_limit_is_refused_with_the_largest_that_fits() {
        let codebook = 65_536 * 64 * 4;
        assert_eq!(check_bytes(&specs(WIDE), codebook, ""), Ok(()));
        let error = refused(WIDE, codebook - 1);
        for words in ["Adapter 9", "lane a", "K x d", "16.8 MB", "is 65535 (now 65536)"] {
            assert!(error.contains(words), "{words}: {error}");
        }
        // The size that is named does fit, and one more does not.
        let sized = |size: u64| WIDE.replace("65536", &size.to_string());
        assert_eq!(check_bytes(&specs(&sized(65_535)), codebook - 1, ""), Ok(()));
    }

    #[test]
    fn tables_of_a_batch_and_all_codes_count_where_they_exist() {
        let entropy = format!("{WIDE}entropy=0.1\n[train]\nbatch_tokens=512\n");
        let error = refused(&entropy, 64 << 20);
        assert!(error.contains("batch x K") && error.contains("is 32768 (now 65536)"), "{error}");
        let bent = format!("{WIDE}preset='simvq'\ntransform='mlp'\n");
        let error = refused(&bent, 32 << 20);
        assert!(error.contains("K x 4d") && error.contains("is 32768 (now 65536)"), "{error}");
    }

    #[test]
    fn what_a_smaller_codebook_cannot_cure_names_its_key() {
        let wide = "title='x'\n[model]\nhidden=4096\n[data]\nset='fashion'\n[lanes.a]\n";
        let error = refused(wide, 16 << 20);
        assert!(error.contains("model.hidden 3") && error.contains("(now 4096)"), "{error}");
        assert!(!error.contains("codebook.size"), "{error}");
        // Several tensors are too large, and no one number makes all of them smaller.
        assert!(refused(wide, 1 << 20).contains("no single one of"), "{error}");
    }

    #[test]
    fn every_demo_fits_the_least_that_an_adapter_promises() {
        for name in demos::names() {
            let fit = check_bytes(&specs(demos::text(name).unwrap()), 128 << 20, "");
            assert_eq!(fit, Ok(()), "{name}");
        }
    }
}
