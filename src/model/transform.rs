//! The learned transform of all codes at once, E = C·W + b, in its four forms.

use burn::tensor::{Device, Gradients, Tensor, activation::relu};

use crate::model::{Weight, rows};
use crate::rng::Stream;
use crate::scenario::MLP_WIDTH;
use crate::scenario::{Switches, TransformForm};

/// W and b, or what stands in their place.
///
/// | form | layers | biases |
/// |---|---|---|
/// | full | W: d x d | 1 x d |
/// | diagonal | 1 x d | 1 x d |
/// | low-rank | U: d x r, V: r x d; W = U·V | 1 x d |
/// | mlp | d x 4d, 4d x d, ReLU between | 1 x 4d, 1 x d |
#[derive(Clone)]
pub struct Transform {
    pub(super) form: TransformForm,
    pub(super) layers: Vec<Weight>,
    pub(super) biases: Vec<Weight>,
}

/// A [`Transform`] whose weights are leaves of one backward pass, or plain values.
pub struct TransformLeaves {
    pub(super) form: TransformForm,
    pub(super) layers: Vec<Tensor<2>>,
    pub(super) biases: Vec<Tensor<2>>,
}

impl Transform {
    /// A new transform of codes of width `dim`.
    ///
    /// Matrices and biases are uniform within ±1/√fan-in, as PyTorch's `nn.Linear` in the official
    /// code of SimVQ. A diagonal W is uniform within ±1, the same rule for an axis with a fan-in of
    /// its own; over codes that learn it starts as the identity with b = 0, as affine
    /// reparameterization does (Huh et al. 2023).
    pub fn draw(
        dim: usize,
        switches: &Switches,
        learn_codes: bool,
        stream: &mut Stream,
        device: &Device,
    ) -> Self {
        let form = switches.transform;
        if form == TransformForm::Diagonal && learn_codes {
            return Self::identity(dim, switches, device);
        }
        let mut weight = |rows: usize, columns: usize, fan_in: usize| {
            let bound = (fan_in as f32).powf(-0.5);
            Weight::new(stream.uniform(rows * columns, bound), [rows, columns], device)
        };
        let (rank, hidden) = (switches.rank, MLP_WIDTH * dim);
        // Biases are drawn in any case, so that switching them leaves the rest as it is.
        let (layers, biases) = match form {
            TransformForm::Full => (vec![weight(dim, dim, dim)], vec![weight(1, dim, dim)]),
            TransformForm::Diagonal => (vec![weight(1, dim, 1)], vec![weight(1, dim, dim)]),
            TransformForm::LowRank => {
                let layers = vec![weight(dim, rank, dim), weight(rank, dim, rank)];
                (layers, vec![weight(1, dim, dim)])
            }
            TransformForm::Mlp => {
                let first = (weight(dim, hidden, dim), weight(1, hidden, dim));
                let second = (weight(hidden, dim, hidden), weight(1, dim, hidden));
                (vec![first.0, second.0], vec![first.1, second.1])
            }
        };
        Self { form, layers, biases: if switches.has_bias { biases } else { Vec::new() } }
    }

    /// The transform that moves no code. A low-rank W has no such value, and starts as the
    /// projection onto the first r axes; [`Switches::can_keep_codes`] says so before.
    pub fn identity(dim: usize, switches: &Switches, device: &Device) -> Self {
        let zeros = |columns| Weight::new(vec![0.0; columns], [1, columns], device);
        let eye = || Tensor::<2>::eye(dim, device);
        let (layers, mut biases) = match switches.transform {
            TransformForm::Full => (vec![eye()], vec![zeros(dim)]),
            TransformForm::Diagonal => (vec![Tensor::ones([1, dim], device)], vec![zeros(dim)]),
            TransformForm::LowRank => {
                let rank = switches.rank.min(dim);
                let narrow = eye().slice([0..dim, 0..rank]);
                (vec![narrow.clone(), narrow.transpose()], vec![zeros(dim)])
            }
            TransformForm::Mlp => {
                // x = relu(x) - relu(-x); what is left of the hidden layer adds x and -x too.
                let pairs = (MLP_WIDTH / 2) as f64;
                let eyes = |scale: f64, axis: usize| {
                    let pair = [eye().mul_scalar(scale), eye().mul_scalar(-scale)];
                    Tensor::cat(pair.iter().cycle().take(MLP_WIDTH).cloned().collect(), axis)
                };
                let biases = vec![zeros(MLP_WIDTH * dim), zeros(dim)];
                (vec![eyes(1.0, 1), eyes(1.0 / pairs, 0)], biases)
            }
        };
        if !switches.has_bias {
            biases.clear();
        }
        let layers = layers.into_iter().map(Weight::from_tensor).collect();
        Self { form: switches.transform, layers, biases }
    }

    /// Whether a W of the full form has a bias; `None` for other forms.
    pub fn plain_form(&self) -> Option<bool> {
        (self.form == TransformForm::Full).then_some(!self.biases.is_empty())
    }

    /// W as a d x d matrix; `None` for a perceptron, which is none.
    pub fn matrix(&self) -> Option<Tensor<2>> {
        let first = self.layers[0].value();
        match self.form {
            TransformForm::Full => Some(first),
            TransformForm::Diagonal => {
                let [_, dim] = first.dims();
                Some(Tensor::eye(dim, &first.device()) * first)
            }
            TransformForm::LowRank => Some(first.matmul(self.layers[1].value())),
            TransformForm::Mlp => None,
        }
    }

    /// b, 1 x d; `None` where there is none, and beside a perceptron, which has more than one.
    pub fn bias(&self) -> Option<Tensor<2>> {
        match self.form {
            TransformForm::Mlp => None,
            _ => self.biases.first().map(Weight::value),
        }
    }

    /// All weights by name: `transform.0.weight`, `transform.0.bias` and so on.
    pub fn parameters(&self) -> Vec<(String, Tensor<2>)> {
        let named = |kind: &'static str| {
            move |(i, w): (usize, &Weight)| (format!("transform.{i}.{kind}"), w.value())
        };
        let layers = self.layers.iter().enumerate().map(named("weight"));
        layers.chain(self.biases.iter().enumerate().map(named("bias"))).collect()
    }

    /// All weights for whoever restores them, named as in [`Self::parameters`].
    pub fn weights_mut(&mut self) -> Vec<(String, &mut Weight)> {
        let named = |kind: &'static str| {
            move |(i, w): (usize, _)| -> (String, &mut Weight) {
                (format!("transform.{i}.{kind}"), w)
            }
        };
        let layers = self.layers.iter_mut().enumerate().map(named("weight"));
        layers.chain(self.biases.iter_mut().enumerate().map(named("bias"))).collect()
    }

    /// The weights as leaves.
    pub fn leaves(&self) -> TransformLeaves {
        self.each(Weight::leaf)
    }

    /// The weights without autodiff.
    pub fn values(&self) -> TransformLeaves {
        self.each(Weight::value)
    }

    fn each(&self, of: fn(&Weight) -> Tensor<2>) -> TransformLeaves {
        TransformLeaves {
            form: self.form,
            layers: self.layers.iter().map(of).collect(),
            biases: self.biases.iter().map(of).collect(),
        }
    }

    /// All weights for the optimizer, in the order of [`TransformLeaves::gradients`].
    pub fn learns(&mut self) -> impl Iterator<Item = &mut Weight> {
        self.layers.iter_mut().chain(&mut self.biases)
    }
}

impl TransformLeaves {
    /// Gradients of all weights, layers before biases.
    pub fn gradients(&self, of: &mut Gradients) -> impl Iterator<Item = Option<Tensor<2>>> {
        self.layers.iter().chain(&self.biases).map(|leaf| leaf.grad_remove(of))
    }

    /// Rows of C (any number x d) through W and b and onto `axes` (d x A): for a matrix
    /// C·(W·A) + b·A, which is A·d instead of d² multiplications a row.
    pub fn projected(&self, codes: Tensor<2>, axes: Tensor<2>) -> Tensor<2> {
        match self.form {
            TransformForm::Full => {
                let offset = self.biases.first().map(|b| b.clone().matmul(axes.clone()));
                rows::affine(codes, &self.layers[0].clone().matmul(axes), offset.as_ref())
            }
            _ => self.apply(codes).matmul(axes),
        }
    }

    /// Rows of C (any number x d) through W and b.
    pub fn apply(&self, codes: Tensor<2>) -> Tensor<2> {
        let layer = |number: usize| &self.layers[number];
        let bias = |number: usize| self.biases.get(number);
        let affine = |x: Tensor<2>, number: usize| rows::affine(x, layer(number), bias(number));
        match self.form {
            TransformForm::Full => affine(codes, 0),
            TransformForm::Diagonal => {
                let stretched = codes * layer(0).clone();
                match bias(0) {
                    Some(b) => stretched + b.clone(),
                    None => stretched,
                }
            }
            TransformForm::LowRank => {
                let narrow = rows::affine(codes, layer(0), None);
                rows::affine(narrow, layer(1), bias(0))
            }
            TransformForm::Mlp => affine(relu(affine(codes, 0)), 1), // through [rows, 4d]
        }
    }
}
