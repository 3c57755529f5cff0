//! Slow motion: what one step does with one token, in plain numbers.
//!
//! The numbers come from the same tensors and the same search as the step's own, on both sides of it;
//! what is asked costs a pass over the batch and the codebook on the host, and nothing else.

use burn::tensor::{ExecutionError, Tensor};

use crate::engine::lane::Lane;
use crate::engine::read_back::{host, ints};
use crate::math::pca::Basis;
use crate::model::nearest::nearest_codes;
use crate::record::token_step::{CodeMove, OnMap, Terms, TokenStep, nearest};

/// Codes of which the distances are told.
const NEAR: usize = 3;

/// A step that has not been made yet.
pub struct Before {
    x: Tensor<2>,
    codes: Vec<f32>,
    told: TokenStep,
}

impl Lane {
    /// What a token of a batch (B x D) sees before step `step`; nothing where nothing is quantized yet.
    ///
    /// # Errors
    /// What the device reports.
    pub(super) fn before_step(
        &self,
        step: u64,
        x: &Tensor<2>,
        token: usize,
    ) -> Result<Option<Before>, ExecutionError> {
        if !self.quantizes {
            return Ok(None);
        }
        let (dim, tokens) = (self.spec.dim, self.spec.tokens);
        let encodings = self.encode(x.clone());
        let effective = self.codebook().effective();
        let index = nearest_codes(encodings.clone(), effective.clone());
        let x_hat = host(&self.decode(effective.clone().select(0, index.clone())))?;
        let index = ints(Some(index.try_into_data()?))?;
        let (z, codes, samples) = (host(&encodings)?, host(&effective)?, host(x)?);
        let token = token.min(index.len().saturating_sub(1));
        let row = |all: &[f32], i: usize, width: usize| all[i * width..(i + 1) * width].to_vec();
        let square = |a: f32, b: f32| (f64::from(a) - f64::from(b)).powi(2);
        let count = (index.len() * dim) as f64;
        // G = ∂ mean((q-z)²) / ∂E, and its sum over all codes.
        let mut pulls = vec![0.0_f64; codes.len()];
        let (mut all, mut own) = (Terms::default(), Terms::default());
        for (i, &code) in index.iter().enumerate() {
            for j in 0..dim {
                let (e, z) = (codes[code as usize * dim + j], z[i * dim + j]);
                pulls[code as usize * dim + j] += 2.0 * (f64::from(e) - f64::from(z)) / count;
                let part = square(e, z) / count;
                all.quantization += part;
                own.quantization += if i == token { part } else { 0.0 };
            }
        }
        let pixels = samples.len() / x.dims()[0].max(1);
        for (i, (a, b)) in x_hat.iter().zip(&samples).enumerate() {
            let part = square(*a, *b) / samples.len() as f64;
            all.recon += part;
            own.recon += if i / pixels == token / tokens { part / tokens as f64 } else { 0.0 };
        }
        let is_chosen = |code: usize| index.contains(&(code as i32));
        let z = row(&z, token, dim);
        let near = nearest(&codes, &z, NEAR);
        let chosen = index[token] as usize;
        let others = nearest(&codes, &z, self.spec.size);
        let bystander = others.iter().map(|near| near.code).find(|&code| !is_chosen(code));
        let still =
            |code: usize| CodeMove { code, before: row(&codes, code, dim), after: Vec::new() };
        let (pull_w, pull_b) = match self.codebook().w() {
            Some(_) => self.shared_pulls(&pulls)?,
            None => (None, None),
        };
        let mut distinct = index.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let told = TokenStep {
            lane: self.spec.id,
            step,
            token,
            z_after: Vec::new(),
            near_after: near[0],
            near,
            own,
            batch: all,
            companions: index.iter().filter(|&&code| code as usize == chosen).count(),
            pull: pulls[chosen * dim..(chosen + 1) * dim].iter().map(|g| *g as f32).collect(),
            pull_w,
            pull_b,
            chosen: still(chosen),
            bystander: bystander.map(still),
            codes_chosen: distinct.len(),
            on_map: None,
            z,
        };
        Ok(Some(Before { x: x.clone(), codes, told }))
    }

    /// Length of ∂W = CᵀG, and ∂b = ΣG, of pulls G on all codes.
    fn shared_pulls(
        &self,
        pulls: &[f64],
    ) -> Result<(Option<f64>, Option<Vec<f32>>), ExecutionError> {
        let dim = self.spec.dim;
        let codes = host(&self.codebook().codes())?;
        let mut of_w = vec![0.0_f64; dim * dim];
        let mut of_b = vec![0.0_f64; dim];
        let rows = codes.chunks_exact(dim).zip(pulls.chunks_exact(dim));
        for (c, g) in rows.filter(|(_, g)| g.iter().any(|g| *g != 0.0)) {
            for (i, c) in c.iter().enumerate() {
                g.iter().enumerate().for_each(|(j, g)| of_w[i * dim + j] += f64::from(*c) * g);
            }
            of_b.iter_mut().zip(g).for_each(|(sum, g)| *sum += g);
        }
        let of_b = of_b.into_iter().map(|g| g as f32).collect();
        let length = of_w.iter().map(|g| g * g).sum::<f64>().sqrt();
        Ok((Some(length), self.codebook().b().map(|_| of_b)))
    }

    /// The same step once it is made, on the axes of a map where there is one.
    ///
    /// # Errors
    /// What the device reports.
    pub(super) fn after_step(
        &self,
        before: Before,
        basis: Option<&Basis>,
    ) -> Result<TokenStep, ExecutionError> {
        let Before { x, mut told, codes } = before;
        let dim = self.spec.dim;
        let now = host(&self.codebook().effective())?;
        let z = host(&self.encode(x))?;
        told.z_after = z[told.token * dim..(told.token + 1) * dim].to_vec();
        told.near_after = nearest(&now, &told.z_after, 1)[0];
        let moves = std::iter::once(&mut told.chosen).chain(&mut told.bystander);
        moves.for_each(|code| code.after = now[code.code * dim..(code.code + 1) * dim].to_vec());
        told.on_map = basis.map(|basis| {
            let place = |point: &[f32]| basis.project(point).first().copied().unwrap_or_default();
            let code = |code: &CodeMove| [place(&code.before), place(&code.after)];
            let length = told.pull.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt();
            let against = |g: &f32| (-f64::from(*g) / length.max(f64::MIN_POSITIVE)) as f32;
            let against: Vec<f32> = told.pull.iter().map(against).collect();
            let near = told.near.iter().map(|near| &codes[near.code * dim..(near.code + 1) * dim]);
            OnMap {
                z: [place(&told.z), place(&told.z_after)],
                near: near.map(place).collect(),
                chosen: code(&told.chosen),
                bystander: told.bystander.as_ref().map(code),
                pulled: place(&against),
            }
        });
        Ok(told)
    }
}
