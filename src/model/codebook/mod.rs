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

use burn::tensor::{Gradients, Int, Tensor};

use crate::model::Weight;
use crate::model::quantize::unit;
use crate::model::transform::{Transform, TransformLeaves};
use crate::model::weight::{GradientList, Optimizer};
use crate::rng::{Purpose, Stream};
use crate::scenario::{Lookup, OnSwitch, Switches};

/// Codes, the transform if it learns, and whether the codes learn.
#[derive(Clone)]
pub struct Codebook {
    /// C, K x d.
    codes: Weight,
    learn_codes: bool,
    transform: Option<Transform>,
    /// Whether effective codes are brought to length 1.
    is_unit: bool,
    /// Number of the draw that C still is, if nothing has moved it since: 0 for the initial one.
    drawn: Option<u64>,
}

/// The codebook's parameters as leaves of one backward pass; only those that learn.
pub struct CodebookLeaves {
    codes: Result<Tensor<2>, Tensor<2>>,
    transform: Option<TransformLeaves>,
    is_unit: bool,
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
        Self {
            codes,
            learn_codes,
            transform,
            is_unit: switches.lookup == Lookup::Cosine,
            drawn: Some(0),
        }
    }

    /// Whether a W of the full form learns here and has a bias, or none learns and none has; `None` for
    /// other forms, and where codes are brought to length 1.
    pub fn plain_form(&self) -> Option<(bool, bool)> {
        match &self.transform {
            _ if self.is_unit => None,
            None => Some((false, false)),
            Some(transform) => transform.plain_form().map(|has_bias| (true, has_bias)),
        }
    }

    /// Whether C learns, whether W and b learn.
    pub fn learns(&self) -> (bool, bool) {
        (self.learn_codes, self.transform.is_some())
    }

    /// K and d.
    pub fn dims(&self) -> [usize; 2] {
        self.codes.value().dims()
    }

    /// C as `codes`, and the transform's weights by name.
    pub fn parameters(&self) -> Vec<(String, Tensor<2>)> {
        let transform = self.transform.iter().flat_map(Transform::parameters);
        std::iter::once(("codes".to_string(), self.codes.value())).chain(transform).collect()
    }

    /// C, without autodiff.
    pub fn codes(&self) -> Tensor<2> {
        self.codes.value()
    }

    /// C for whoever moves codes by other means than a gradient.
    pub fn codes_mut(&mut self) -> &mut Weight {
        self.drawn = None;
        &mut self.codes
    }

    /// W if it learns and is a matrix, d x d.
    pub fn w(&self) -> Option<Tensor<2>> {
        self.transform.as_ref().and_then(Transform::matrix)
    }

    /// b if it learns beside a W that is a matrix, 1 x d.
    pub fn b(&self) -> Option<Tensor<2>> {
        self.transform.as_ref().and_then(Transform::bias)
    }

    /// The effective codebook E = C·W + b, K x d, without autodiff; its rows have length 1 where
    /// codes are compared by angle.
    pub fn effective(&self) -> Tensor<2> {
        let codes = self.codes.value();
        through(codes, self.transform.as_ref().map(Transform::values).as_ref(), self.is_unit)
    }

    /// Coordinates of the effective codes on `axes` (d x A), without autodiff: K x A.
    pub fn projected(&self, axes: Tensor<2>) -> Tensor<2> {
        match &self.transform {
            Some(transform) if !self.is_unit => {
                transform.values().projected(self.codes.value(), axes)
            }
            _ => self.effective().matmul(axes),
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
            transform: self.transform.as_ref().map(Transform::leaves),
            is_unit: self.is_unit,
        }
    }

    /// One optimizer step with [`CodebookLeaves::gradients`]; what is frozen has none. C learns at
    /// `c_lr` times the rate.
    pub fn update(&mut self, optimizer: &Optimizer, lr: f64, c_lr: f64, gradients: GradientList) {
        let mut gradients = gradients.into_iter();
        if let Some(gradient) = gradients.next().flatten() {
            self.drawn = None;
            self.codes.update(optimizer, lr * c_lr, Some(gradient));
        }
        let transform = self.transform.iter_mut().flat_map(Transform::learns);
        transform.zip(gradients).for_each(|(weight, g)| weight.update(optimizer, lr, g));
    }

    /// A new Gaussian C with standard deviation d^-1/2, the `draw`th of this lane.
    fn draw_again(&mut self, seed: u64, draw: u64) {
        let [size, dim] = self.dims();
        let std = (dim as f32).powf(-0.5);
        let values = Stream::new(seed, Purpose::Codes, draw).normal(size * dim, std);
        self.codes = Weight::new(values, [size, dim], &self.codes.value().device());
        self.drawn = Some(draw);
    }

    /// Number of the draw that C still is, if nothing has moved it since: 0 for the initial one.
    pub fn drawn(&self) -> Option<u64> {
        self.drawn
    }

    /// A codebook with the form that a saved one had; its weights follow by [`Self::weights_mut`].
    /// C is drawn again where nothing had moved it.
    pub fn reform(
        &mut self,
        learn_codes: bool,
        learn_transform: bool,
        switches: &Switches,
        seed: u64,
        drawn: Option<u64>,
    ) {
        let ([_, dim], device) = (self.dims(), self.codes.value().device());
        self.learn_codes = learn_codes;
        self.transform = learn_transform.then(|| Transform::identity(dim, switches, &device));
        match drawn {
            Some(0) => {}
            Some(draw) => self.draw_again(seed, draw),
            None => self.drawn = None,
        }
    }

    /// C as `codes` and the transform's weights, for whoever restores them.
    pub fn weights_mut(&mut self) -> Vec<(String, &mut Weight)> {
        let transform = self.transform.iter_mut().flat_map(Transform::weights_mut);
        std::iter::once(("codes".to_string(), &mut self.codes)).chain(transform).collect()
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
        let [_, dim] = self.dims();
        let device = self.codes.value().device();
        match (self.transform.is_some(), learn_transform) {
            (true, false) => {
                *self.codes_mut() = Weight::from_tensor(self.effective());
                self.transform = None;
            }
            (false, true) => match on {
                OnSwitch::Fresh => {
                    self.draw_again(seed, draw);
                    let mut stream = Stream::new(seed, Purpose::Transform, draw);
                    self.transform =
                        Some(Transform::draw(dim, switches, learn_codes, &mut stream, &device));
                }
                OnSwitch::Keep => {
                    *self.codes_mut() = Weight::from_tensor(self.effective());
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

/// Rows of C as effective codes.
fn through(rows: Tensor<2>, transform: Option<&TransformLeaves>, is_unit: bool) -> Tensor<2> {
    let rows = match transform {
        Some(transform) => transform.apply(rows),
        None => rows,
    };
    if is_unit { unit(rows) } else { rows }
}

impl CodebookLeaves {
    /// q = C\[idx\]·W + b for N indices: N x d.
    ///
    /// The same numbers as rows of E, but the gradient of W needs only the N selected rows, and
    /// no K x d gradient exists where C is frozen.
    pub fn lookup(&self, index: Tensor<1, Int>) -> Tensor<2> {
        let rows = self.codes().select(0, index);
        through(rows, self.transform.as_ref(), self.is_unit)
    }

    /// Gradients of C, where it learns by one, and of the transform's weights.
    pub fn gradients(&self, of: &mut Gradients) -> GradientList {
        let codes = self.codes.as_ref().ok().and_then(|leaf| leaf.grad_remove(of));
        let mut gradients = vec![codes];
        if let Some(transform) = &self.transform {
            gradients.extend(transform.gradients(of));
        }
        gradients
    }

    /// All of E = C·W + b, K x d, for a loss that every code takes part in.
    pub fn effective(&self) -> Tensor<2> {
        through(self.codes(), self.transform.as_ref(), self.is_unit)
    }

    fn codes(&self) -> Tensor<2> {
        match &self.codes {
            Ok(leaf) => leaf.clone(),
            Err(frozen) => frozen.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
