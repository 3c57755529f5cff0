//! The codebook in its one form E = C·W + b, and the two switches of what learns.
//!
//! | C | W, b | name |
//! |---|---|---|
//! | learns | fixed at I, 0 | plain VQ (van den Oord et al. 2017) |
//! | frozen | learn | SimVQ (Zhu et al., arXiv 2411.02038) |
//! | learns | learn | joint |
//! | frozen | fixed at I, 0 | a fixed codebook |
//!
//! Where W is fixed there is no W: it is folded into C, and nothing is multiplied by the identity.

use burn::optim::Adam;
use burn::tensor::{Device, Gradients, Int, Tensor};

use crate::model::Weight;
use crate::rng::{Purpose, Stream};
use crate::scenario::OnSwitch;

/// Codes, the transform if it learns, and whether the codes learn.
#[derive(Clone)]
pub struct Codebook {
    /// C, K x d.
    codes: Weight,
    learn_codes: bool,
    transform: Option<Transform>,
}

/// W (d x d) and b (1 x d).
#[derive(Clone)]
struct Transform {
    w: Weight,
    b: Weight,
}

/// The codebook's parameters as leaves of one backward pass; only those that learn.
pub struct CodebookLeaves {
    codes: Result<Tensor<2>, Tensor<2>>,
    transform: Option<[Tensor<2>; 2]>,
}

impl Codebook {
    /// A codebook from initial C (K x d); `transform` draws W and b if they learn.
    pub fn new(
        codes: Weight,
        learn_codes: bool,
        learn_transform: bool,
        stream: &mut Stream,
    ) -> Self {
        let transform = learn_transform.then(|| {
            let value = codes.value();
            Transform::draw(value.dims()[1], stream, &value.device())
        });
        Self { codes, learn_codes, transform }
    }

    /// Whether C learns, whether W and b learn.
    pub fn learns(&self) -> (bool, bool) {
        (self.learn_codes, self.transform.is_some())
    }

    /// K and d.
    pub fn dims(&self) -> [usize; 2] {
        self.codes.value().dims()
    }

    /// C, without autodiff.
    pub fn codes(&self) -> Tensor<2> {
        self.codes.value()
    }

    /// W if it learns, d x d.
    pub fn w(&self) -> Option<Tensor<2>> {
        self.transform.as_ref().map(|t| t.w.value())
    }

    /// The effective codebook E = C·W + b, K x d, without autodiff.
    pub fn effective(&self) -> Tensor<2> {
        match &self.transform {
            Some(t) => self.codes.value().matmul(t.w.value()) + t.b.value(),
            None => self.codes.value(),
        }
    }

    /// The parameters that learn, as leaves.
    pub fn leaves(&self) -> CodebookLeaves {
        CodebookLeaves {
            codes: if self.learn_codes { Ok(self.codes.leaf()) } else { Err(self.codes.value()) },
            transform: self.transform.as_ref().map(|t| [t.w.leaf(), t.b.leaf()]),
        }
    }

    /// One optimizer step with the gradients of `leaves`; what is frozen is not looked at.
    pub fn update(
        &mut self,
        adam: &Adam,
        lr: f64,
        leaves: &CodebookLeaves,
        gradients: &mut Gradients,
    ) {
        if let Ok(leaf) = &leaves.codes {
            self.codes.update(adam, lr, leaf, gradients);
        }
        if let (Some(t), Some([w, b])) = (&mut self.transform, &leaves.transform) {
            t.w.update(adam, lr, w, gradients);
            t.b.update(adam, lr, b, gradients);
        }
    }

    /// Switches what learns between two steps.
    ///
    /// W switched off folds W and b into C. W switched on takes either a new Gaussian C (std
    /// d^-1/2) and new W and b, or the present E as C with W = I, b = 0, so that E does not jump.
    /// What begins to learn starts with zero moments; what goes on keeps them. `draw` counts this
    /// lane's switches, so that each fresh codebook is another one.
    pub fn switch(
        &mut self,
        learn_codes: bool,
        learn_transform: bool,
        on: OnSwitch,
        seed: u64,
        draw: u64,
    ) {
        let [size, dim] = self.dims();
        let device = self.codes.value().device();
        match (self.transform.is_some(), learn_transform) {
            (true, false) => {
                self.codes = Weight::from_tensor(self.effective());
                self.transform = None;
            }
            (false, true) => match on {
                OnSwitch::Fresh => {
                    let std = (dim as f32).powf(-0.5);
                    let values = Stream::new(seed, Purpose::Codes, draw).normal(size * dim, std);
                    self.codes = Weight::new(values, [size, dim], &device);
                    let mut stream = Stream::new(seed, Purpose::Transform, draw);
                    self.transform = Some(Transform::draw(dim, &mut stream, &device));
                }
                OnSwitch::Keep => {
                    self.codes = Weight::from_tensor(self.effective());
                    self.transform = Some(Transform::identity(dim, &device));
                }
            },
            _ => {}
        }
        if learn_codes && !self.learn_codes {
            self.codes.reset_moments();
        }
        self.learn_codes = learn_codes;
    }
}

impl Transform {
    /// W and b uniform within ±1/√d, as PyTorch's `nn.Linear(d, d)` in the official code.
    fn draw(dim: usize, stream: &mut Stream, device: &Device) -> Self {
        let bound = (dim as f32).powf(-0.5);
        Self {
            w: Weight::new(stream.uniform(dim * dim, bound), [dim, dim], device),
            b: Weight::new(stream.uniform(dim, bound), [1, dim], device),
        }
    }

    fn identity(dim: usize, device: &Device) -> Self {
        let eye = (0..dim * dim).map(|i| if i % (dim + 1) == 0 { 1.0 } else { 0.0 }).collect();
        Self {
            w: Weight::new(eye, [dim, dim], device),
            b: Weight::new(vec![0.0; dim], [1, dim], device),
        }
    }
}

impl CodebookLeaves {
    /// q = C\[idx\]·W + b for N indices: N x d.
    ///
    /// The same numbers as rows of E, but the gradient of W needs only the N selected rows, and
    /// no K x d gradient exists where C is frozen.
    pub fn lookup(&self, index: Tensor<1, Int>) -> Tensor<2> {
        let rows = match &self.codes {
            Ok(leaf) => leaf.clone().select(0, index),
            Err(frozen) => frozen.clone().select(0, index),
        };
        match &self.transform {
            Some([w, b]) => rows.matmul(w.clone()) + b.clone(),
            None => rows,
        }
    }
}

#[cfg(test)]
mod tests;
