//! One parameter with its own optimizer state.
//!
//! Parameters are plain tensors instead of a burn module, because what learns changes while a run
//! trains: a parameter that is frozen is simply never made a leaf, so neither the gradient nor the
//! optimizer can touch it, and a new parameter starts without moments.

use burn::optim::{Adam, AdamConfig, AdamState, AdaptiveMomentumState, Optimizer as _};
use burn::tensor::{Device, ExecutionError, Tensor, TensorData};

use crate::scenario;

/// Adam (Kingma and Ba 2015) with beta (0.9, 0.999) and epsilon 1e-8, without weight decay.
///
/// burn's own default for epsilon is 1e-5.
pub fn adam() -> Adam {
    AdamConfig::new().with_beta_1(0.9).with_beta_2(0.999).with_epsilon(1e-8).build()
}

/// What makes a step of a gradient.
pub enum Optimizer {
    /// [`adam`].
    Adam(Adam),
    /// Plain gradient descent: the value less the rate times its gradient.
    Sgd,
}

impl Optimizer {
    /// That of a scenario.
    pub fn new(kind: scenario::Optimizer) -> Self {
        match kind {
            scenario::Optimizer::Adam => Self::Adam(adam()),
            scenario::Optimizer::Sgd => Self::Sgd,
        }
    }
}

/// Gradients of some parameters in their order; `None` where there is none.
pub type GradientList = Vec<Option<Tensor<2>>>;

/// The sums of two lists of gradients of the same parameters.
pub fn add(these: GradientList, those: GradientList) -> GradientList {
    let pairs = these.into_iter().zip(those);
    pairs
        .map(|pair| match pair {
            (Some(this), Some(that)) => Some(this + that),
            (this, that) => this.or(that),
        })
        .collect()
}

/// A matrix that can learn.
///
/// Adam's moments decay in every row and move it, whether it had a gradient or not, so that an update
/// of a free codebook is dense: O(K·d) a step, though only rows that were chosen have a gradient that
/// is not 0. A frozen one has neither gradient nor moments.
#[derive(Clone)]
pub struct Weight {
    value: Tensor<2>,
    moments: Option<AdamState<2>>,
}

impl Weight {
    /// A new parameter of `rows` x `columns` without moments.
    pub fn new(values: Vec<f32>, [rows, columns]: [usize; 2], device: &Device) -> Self {
        Self::from_tensor(Tensor::from_data(TensorData::new(values, [rows, columns]), device))
    }

    /// A new parameter without moments.
    pub fn from_tensor(value: Tensor<2>) -> Self {
        Self { value, moments: None }
    }

    /// The value, without autodiff.
    pub fn value(&self) -> Tensor<2> {
        self.value.clone()
    }

    /// The value as a leaf whose gradient is kept by the backward pass.
    pub fn leaf(&self) -> Tensor<2> {
        self.value.clone().autodiff().require_grad()
    }

    /// One step of an optimizer; no gradient, no change.
    pub fn update(&mut self, optimizer: &Optimizer, lr: f64, gradient: Option<Tensor<2>>) {
        let Some(gradient) = gradient else { return };
        match optimizer {
            Optimizer::Adam(adam) => {
                let moments = self.moments.take();
                (self.value, self.moments) = adam.step(lr, self.value.clone(), gradient, moments);
            }
            Optimizer::Sgd => self.value = self.value.clone() - gradient.mul_scalar(lr),
        }
    }

    /// Sets the value where the codes are moved by other means than a gradient; moments stay.
    pub fn set_value(&mut self, value: Tensor<2>) {
        self.value = value;
    }

    /// Forgets the moments of the rows where `keep` (rows x 1) is 0, for rows that were put
    /// elsewhere; where it is 1 they stay.
    pub fn keep_moments(&mut self, keep: &Tensor<2>) {
        if let Some(state) = &mut self.moments {
            let momentum = &mut state.momentum;
            momentum.moment_1 = momentum.moment_1.clone() * keep.clone();
            momentum.moment_2 = momentum.moment_2.clone() * keep.clone();
        }
    }

    /// Steps that Adam has taken, and its first and second moments, where it has taken any.
    pub fn moments(&self) -> Option<(usize, Tensor<2>, Tensor<2>)> {
        let momentum = &self.moments.as_ref()?.momentum;
        Some((momentum.time, momentum.moment_1.clone(), momentum.moment_2.clone()))
    }

    /// Puts a value and its moments in the place of what is there.
    pub fn restore(&mut self, value: Tensor<2>, moments: Option<(usize, Tensor<2>, Tensor<2>)>) {
        self.value = value;
        self.moments = moments.map(|(time, first, second)| {
            AdamState::new(AdaptiveMomentumState::new(time, first, second))
        });
    }

    /// Brings the value and its moments to a device, where they are not there yet.
    ///
    /// # Errors
    /// What the device reports that they are on.
    pub fn bring_to(&mut self, device: &Device) -> Result<(), ExecutionError> {
        let there = |t: &Tensor<2>| -> Result<Tensor<2>, ExecutionError> {
            if t.device() == *device {
                return Ok(t.clone());
            }
            Ok(Tensor::from_data(t.try_to_data()?, device))
        };
        self.value = there(&self.value)?;
        if let Some((time, first, second)) = self.moments() {
            self.restore(self.value.clone(), Some((time, there(&first)?, there(&second)?)));
        }
        Ok(())
    }

    /// Forgets the moments, for a parameter that begins to learn.
    pub fn reset_moments(&mut self) {
        self.moments = None;
    }
}
