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
use crate::scenario::{OnSwitch, Switches, TransformForm};

/// Codes, the transform if it learns, and whether the codes learn.
#[derive(Clone)]
pub struct Codebook {
    /// C, K x d.
    codes: Weight,
    learn_codes: bool,
    transform: Option<Transform>,
}

/// W (d x d, or its diagonal as 1 x d) and b (1 x d) where there is one.
#[derive(Clone)]
struct Transform {
    form: TransformForm,
    w: Weight,
    b: Option<Weight>,
}

/// The codebook's parameters as leaves of one backward pass; only those that learn.
pub struct CodebookLeaves {
    codes: Result<Tensor<2>, Tensor<2>>,
    transform: Option<(TransformForm, Tensor<2>, Option<Tensor<2>>)>,
}

impl Codebook {
    /// A codebook from initial C (K x d); W and b are drawn from `stream` if they learn.
    pub fn new(
        codes: Weight,
        learn_codes: bool,
        learn_transform: bool,
        switches: &Switches,
        stream: &mut Stream,
    ) -> Self {
        let transform = learn_transform.then(|| {
            let value = codes.value();
            Transform::draw(value.dims()[1], switches, learn_codes, stream, &value.device())
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

    /// C for whoever moves codes by other means than a gradient.
    pub fn codes_mut(&mut self) -> &mut Weight {
        &mut self.codes
    }

    /// W if it learns, d x d.
    pub fn w(&self) -> Option<Tensor<2>> {
        self.transform.as_ref().map(|t| match t.form {
            TransformForm::Full => t.w.value(),
            TransformForm::Diagonal => {
                let dim = t.w.value().dims()[1];
                Tensor::eye(dim, &t.w.value().device()) * t.w.value()
            }
        })
    }

    /// The effective codebook E = C·W + b, K x d, without autodiff.
    pub fn effective(&self) -> Tensor<2> {
        match &self.transform {
            Some(t) => {
                apply(self.codes.value(), t.form, t.w.value(), t.b.as_ref().map(Weight::value))
            }
            None => self.codes.value(),
        }
    }

    /// The parameters that learn, as leaves; C only where a gradient moves it.
    pub fn leaves(&self, by_gradient: bool) -> CodebookLeaves {
        CodebookLeaves {
            codes: if self.learn_codes && by_gradient {
                Ok(self.codes.leaf())
            } else {
                Err(self.codes.value())
            },
            transform: self
                .transform
                .as_ref()
                .map(|t| (t.form, t.w.leaf(), t.b.as_ref().map(Weight::leaf))),
        }
    }

    /// One optimizer step with the gradients of `leaves`; what is frozen is not looked at. C learns
    /// at `c_lr` times the rate.
    pub fn update(
        &mut self,
        adam: &Adam,
        lr: f64,
        c_lr: f64,
        leaves: &CodebookLeaves,
        gradients: &mut Gradients,
    ) {
        if let Ok(leaf) = &leaves.codes {
            self.codes.update(adam, lr * c_lr, leaf, gradients);
        }
        if let (Some(t), Some((_, w, b))) = (&mut self.transform, &leaves.transform) {
            t.w.update(adam, lr, w, gradients);
            if let (Some(weight), Some(leaf)) = (&mut t.b, b) {
                weight.update(adam, lr, leaf, gradients);
            }
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
        switches: &Switches,
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
                    self.transform =
                        Some(Transform::draw(dim, switches, learn_codes, &mut stream, &device));
                }
                OnSwitch::Keep => {
                    self.codes = Weight::from_tensor(self.effective());
                    self.transform = Some(Transform::identity(dim, switches, &device));
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
    /// W and b uniform within ±1/√d, as PyTorch's `nn.Linear(d, d)` in the official code of SimVQ.
    /// A diagonal W is uniform within ±1, the same rule for an axis with a fan-in of its own; over
    /// codes that learn it starts as the identity with b = 0, as affine reparameterization does
    /// (Huh et al. 2023).
    fn draw(
        dim: usize,
        switches: &Switches,
        learn_codes: bool,
        stream: &mut Stream,
        device: &Device,
    ) -> Self {
        let bound = (dim as f32).powf(-0.5);
        let w = match switches.transform {
            TransformForm::Full => {
                Weight::new(stream.uniform(dim * dim, bound), [dim, dim], device)
            }
            TransformForm::Diagonal if learn_codes => return Self::identity(dim, switches, device),
            TransformForm::Diagonal => Weight::new(stream.uniform(dim, 1.0), [1, dim], device),
        };
        // Drawn in any case, so that switching the bias leaves W as it is.
        let b = stream.uniform(dim, bound);
        Self {
            form: switches.transform,
            w,
            b: switches.has_bias.then(|| Weight::new(b, [1, dim], device)),
        }
    }

    fn identity(dim: usize, switches: &Switches, device: &Device) -> Self {
        let w = match switches.transform {
            TransformForm::Full => Tensor::eye(dim, device),
            TransformForm::Diagonal => Tensor::ones([1, dim], device),
        };
        Self {
            form: switches.transform,
            w: Weight::from_tensor(w),
            b: switches.has_bias.then(|| Weight::new(vec![0.0; dim], [1, dim], device)),
        }
    }
}

/// Rows of C (any number x d) through W and b.
fn apply(rows: Tensor<2>, form: TransformForm, w: Tensor<2>, b: Option<Tensor<2>>) -> Tensor<2> {
    let moved = match form {
        TransformForm::Full => rows.matmul(w),
        TransformForm::Diagonal => rows * w,
    };
    match b {
        Some(b) => moved + b,
        None => moved,
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
            Some((form, w, b)) => apply(rows, *form, w.clone(), b.clone()),
            None => rows,
        }
    }
}

#[cfg(test)]
mod tests;
