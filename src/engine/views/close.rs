//! What is looked at closely, worked out from the same tensors as the pictures.

use burn::tensor::{ExecutionError, Tensor, TensorData};

use crate::data::shown;
use crate::engine::lane::Lane;
use crate::engine::read_back::{host, ints};
use crate::math::pca::Basis;
use crate::record::close::{Close, CodeLife, Gaze, OwnSample, OwnToken, TILES, Tile};
use crate::record::token_step::nearest;

/// Encodings nearest to a code whose samples and choices are told.
const INPUTS: usize = 16;

/// Codes nearest to a token that are told.
const NEAR: usize = 3;

/// The axes of a lane's map.
pub(super) struct Map<'a> {
    pub basis: &'a Basis,
    pub centre: [f32; 2],
}

impl Lane {
    /// What there is to see of `gaze` after `step` steps; `latents` are the encodings of the map
    /// (M x d).
    ///
    /// # Errors
    /// What the device reports.
    pub(super) fn close(
        &self,
        gaze: &Gaze,
        step: u64,
        latents: &[f32],
        map: &Map<'_>,
    ) -> Result<Option<Close>, ExecutionError> {
        let code = gaze.code.filter(|(lane, code)| *lane == self.spec.id && *code < self.spec.size);
        let is_asked = code.is_some() || gaze.atlas || gaze.tokens || gaze.own.is_some();
        if !self.quantizes || !is_asked {
            return Ok(None);
        }
        let effective = self.codebook().effective();
        let codes = match code.is_some() || gaze.own.is_some() {
            true => host(&effective)?,
            false => Vec::new(),
        };
        Ok(Some(Close {
            step,
            size: if self.spec.set.has_pictures() { self.spec.set.sample_size() } else { [0; 2] },
            code: match code {
                Some((_, code)) => Some(self.life(&effective, &codes, code, step, latents)?),
                None => None,
            },
            atlas: if gaze.atlas { self.tiles(&effective, &self.most_used())? } else { Vec::new() },
            tokens: match gaze.tokens {
                true => {
                    let chosen = self.chosen(latents.to_vec(), &effective)?;
                    chosen.into_iter().map(i32::cast_unsigned).collect()
                }
                false => Vec::new(),
            },
            own: match &gaze.own {
                Some(own) if own.len() == self.data.pixels() => {
                    Some(self.own(&effective, &codes, own, map)?)
                }
                _ => None,
            },
        }))
    }

    /// The codes that the window of training tokens used most, most first.
    fn most_used(&self) -> Vec<usize> {
        let counts = self.window.counts();
        let mut used: Vec<usize> = (0..counts.len()).filter(|&code| counts[code] > 0).collect();
        used.sort_by_key(|&code| (std::cmp::Reverse(counts[code]), code));
        used.truncate(TILES);
        used
    }

    /// What the decoder makes of codes alone.
    fn tiles(&self, effective: &Tensor<2>, codes: &[usize]) -> Result<Vec<Tile>, ExecutionError> {
        if codes.is_empty() || !self.spec.set.has_pictures() {
            return Ok(Vec::new());
        }
        let each =
            codes.iter().flat_map(|&code| std::iter::repeat_n(code as i64, self.spec.tokens));
        let index: Vec<i64> = each.collect();
        let index = TensorData::new(index, [codes.len() * self.spec.tokens]);
        let index = Tensor::from_data(index, &self.reader.device);
        let pixels = host(&self.decode(effective.clone().select(0, index)))?;
        let grey = pixels.chunks_exact(self.data.pixels()).map(grey_of);
        Ok(codes.iter().zip(grey).map(|(&code, grey)| Tile { code, grey }).collect())
    }

    /// The codes that encodings (N x d) are quantized to, N.
    fn chosen(&self, z: Vec<f32>, effective: &Tensor<2>) -> Result<Vec<i32>, ExecutionError> {
        let shape = [z.len() / self.spec.dim, self.spec.dim];
        let z = TensorData::new(z, shape);
        match self.quantize(&Tensor::from_data(z, &self.reader.device), effective).0 {
            Some(index) => ints(Some(index.try_into_data()?)),
            None => Ok(Vec::new()),
        }
    }

    fn life(
        &self,
        effective: &Tensor<2>,
        codes: &[f32],
        code: usize,
        step: u64,
        latents: &[f32],
    ) -> Result<CodeLife, ExecutionError> {
        let (dim, tokens) = (self.spec.dim, self.spec.tokens);
        let own = &codes[code * dim..(code + 1) * dim];
        // The encodings in the place of codes: which of them are nearest to the code.
        let near = nearest(latents, own, INPUTS);
        let z = near.iter().flat_map(|z| &latents[z.code * dim..(z.code + 1) * dim]).copied();
        let chosen = self.chosen(z.collect(), effective)?;
        let mut rivals: Vec<(usize, usize)> = Vec::new();
        for &other in &chosen {
            match rivals.iter_mut().find(|(code, _)| *code == other as usize) {
                Some((_, times)) => *times += 1,
                None => rivals.push((other as usize, 1)),
            }
        }
        rivals.sort_by_key(|&(_, times)| std::cmp::Reverse(times));
        let inputs = match self.spec.set.has_pictures() {
            true => {
                let count = (latents.len() / dim).div_ceil(tokens);
                let pixels = host(&self.eval_at(step, count))?;
                let sample = |token: usize| {
                    let each = self.data.pixels();
                    grey_of(&pixels[token / tokens * each..(token / tokens + 1) * each])
                };
                near.iter().map(|z| sample(z.code)).collect()
            }
            false => Vec::new(),
        };
        let first = self.window.first_chosen_at().get(code).copied();
        let tile = self.tiles(effective, &[code])?.pop();
        Ok(CodeLife {
            tile: tile.unwrap_or(Tile { code, grey: Vec::new() }),
            first_chosen: first.filter(|step| *step > 0).map(u64::from),
            knows_first: first.is_some(),
            distance: near.first().map_or(f64::NAN, |z| z.distance),
            rivals,
            inputs,
        })
    }

    fn own(
        &self,
        effective: &Tensor<2>,
        codes: &[f32],
        own: &std::sync::Arc<Vec<u8>>,
        map: &Map<'_>,
    ) -> Result<OwnSample, ExecutionError> {
        let dim = self.spec.dim;
        let pixels: Vec<f32> = own.iter().map(|&grey| f32::from(grey) / 255.0 - 0.5).collect();
        let x = TensorData::new(pixels.clone(), [1, pixels.len()]);
        let z = self.encode(Tensor::from_data(x, &self.reader.device));
        let (_, q) = self.quantize(&z, effective);
        let (z, out) = (host(&z)?, host(&self.decode(q))?);
        let square = |(a, b): (&f32, &f32)| (f64::from(*a) - f64::from(*b)).powi(2);
        let mse = out.iter().zip(&pixels).map(square).sum::<f64>() / pixels.len().max(1) as f64;
        let token = |z: &[f32]| {
            let at = map.basis.project(z).first().copied().unwrap_or_default();
            let at = [at[0] - map.centre[0], at[1] - map.centre[1]];
            OwnToken { at, near: nearest(codes, z, NEAR) }
        };
        let tokens = z.chunks_exact(dim).map(token).collect();
        Ok(OwnSample { input: own.clone(), output: grey_of(&out), mse, tokens })
    }
}

/// A sample as grey values.
fn grey_of(sample: &[f32]) -> Vec<u8> {
    sample.iter().map(|&v| shown(v)).collect()
}
