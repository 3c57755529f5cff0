//! Gradients of the whole loss against finite differences, and what a switch does.

use burn::tensor::{Device, Int, Tensor, TensorData};

use super::*;
use crate::model::quantize::{Losses, Weights, entropy_penalty, rotated, straight_through};
use crate::model::weight::Optimizer;
use crate::scenario::TransformForm;
use burn::tensor::Gradients;

const N: usize = 6;
const D: usize = 3;
const K: usize = 4;
const P: usize = 2;
const BETA: f64 = 0.25;

/// Codebook and commitment loss as usual, and some entropy penalty.
fn weights(entropy: f64) -> Weights {
    Weights { recon: 1.0, codebook: 1.0, commitment: BETA, entropy }
}

/// Numbers in -1..1 that look random.
fn numbers(n: usize, seed: u64) -> Vec<f32> {
    Stream::new(seed, Purpose::Codes, 0).uniform(n, 1.0)
}

fn tensor(values: &[f32], shape: [usize; 2]) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), &Device::flex())
}

fn floats(t: &Tensor<2>) -> Vec<f32> {
    t.to_data().try_into_vec().unwrap()
}

/// [rows, inner] x [inner, columns] in 64 bits.
fn matmul(a: &[f64], b: &[f64], inner: usize, columns: usize) -> Vec<f64> {
    a.chunks(inner)
        .flat_map(|row| {
            (0..columns)
                .map(move |j| row.iter().enumerate().map(|(k, x)| x * b[k * columns + j]).sum())
        })
        .collect()
}

fn mean_square(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum::<f64>() / a.len() as f64
}

/// The problem in 64 bits: parameters z, C, W, b one after another, and what does not move.
struct Problem {
    parameters: [Vec<f64>; 4],
    index: Vec<usize>,
    x: Vec<f64>,
    decoder: Vec<f64>,
}

impl Problem {
    fn q(&self, [_, c, w, b]: &[Vec<f64>; 4]) -> Vec<f64> {
        let rows: Vec<f64> =
            self.index.iter().flat_map(|&i| c[i * D..(i + 1) * D].iter().copied()).collect();
        let mut q = matmul(&rows, w, D, D);
        q.chunks_mut(D).for_each(|row| row.iter_mut().zip(b).for_each(|(x, y)| *x += y));
        q
    }

    /// The loss of van den Oord et al. 2017, equation 3, where everything under a stop-gradient
    /// keeps the value it has at the base point.
    fn loss(&self, at: &[Vec<f64>; 4]) -> f64 {
        let (z0, q0) = (&self.parameters[0], self.q(&self.parameters));
        let passed: Vec<f64> =
            at[0].iter().zip(z0).zip(&q0).map(|((z, z0), q0)| z + (q0 - z0)).collect();
        let recon = mean_square(&matmul(&passed, &self.decoder, D, P), &self.x);
        recon + mean_square(&self.q(at), z0) + BETA * mean_square(&q0, &at[0])
    }

    /// Central differences for one of the four parameters.
    fn gradient(&self, which: usize) -> Vec<f64> {
        let h = 1e-5;
        (0..self.parameters[which].len())
            .map(|i| {
                let moved = |by: f64| {
                    let mut at = self.parameters.clone();
                    at[which][i] += by;
                    self.loss(&at)
                };
                (moved(h) - moved(-h)) / (2.0 * h)
            })
            .collect()
    }
}

fn assert_close(name: &str, got: &[f32], expected: &[f64]) {
    assert_eq!(got.len(), expected.len(), "{name}");
    let scale = expected.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
    assert!(scale > 1e-3, "{name}: a gradient of zero proves nothing");
    for (g, e) in got.iter().zip(expected) {
        assert!((f64::from(*g) - e).abs() < 2e-5 * scale.max(1.0), "{name}: {g} against {e}");
    }
}

#[test]
fn gradients_agree_with_finite_differences_in_all_four_cells() {
    let (z, c, b) = (numbers(N * D, 1), numbers(K * D, 2), numbers(D, 4));
    let (x, decoder) = (numbers(N * P, 5), numbers(D * P, 6));
    let index: Vec<i32> = vec![0, 2, 2, 3, 0, 2];
    for (learn_c, learn_w) in [(true, false), (false, true), (true, true), (false, false)] {
        let identity: Vec<f32> =
            (0..D * D).map(|i| f32::from(u8::from(i % (D + 1) == 0))).collect();
        let w = if learn_w { numbers(D * D, 3) } else { identity };
        let b = if learn_w { b.clone() } else { vec![0.0; D] };
        let book = Codebook {
            codes: Weight::from_tensor(tensor(&c, [K, D])),
            learn_codes: learn_c,
            transform: learn_w.then(|| Transform {
                form: TransformForm::Full,
                layers: vec![Weight::from_tensor(tensor(&w, [D, D]))],
                biases: vec![Weight::from_tensor(tensor(&b, [1, D]))],
            }),
            is_unit: false,
            drawn: None,
        };
        let wide = |v: &[f32]| v.iter().map(|&x| f64::from(x)).collect::<Vec<_>>();
        let problem = Problem {
            parameters: [wide(&z), wide(&c), wide(&w), wide(&b)],
            index: index.iter().map(|&i| i as usize).collect(),
            x: wide(&x),
            decoder: wide(&decoder),
        };
        let leaf = tensor(&z, [N, D]).autodiff().require_grad();
        let leaves = book.leaves(true);
        let picks =
            Tensor::<1, Int>::from_data(TensorData::new(index.clone(), [N]), &Device::flex());
        let q = leaves.lookup(picks);
        let x_hat = straight_through(leaf.clone(), q.clone()).matmul(tensor(&decoder, [D, P]));
        let total = Losses::new(tensor(&x, [N, P]), x_hat, leaf.clone(), q).total(weights(0.0));
        let value = floats(&total.clone().inner())[0];
        assert!((f64::from(value) - problem.loss(&problem.parameters)).abs() < 1e-6);
        let gradients = total.backward();
        assert_close("z", &floats(&leaf.grad(&gradients).unwrap()), &problem.gradient(0));
        match &leaves.codes {
            Ok(leaf) => {
                assert_close("C", &floats(&leaf.grad(&gradients).unwrap()), &problem.gradient(1));
            }
            Err(_) => assert!(!learn_c),
        }
        match &leaves.transform {
            Some(transform) => {
                let (w, b) = (&transform.layers[0], &transform.biases[0]);
                assert_close("W", &floats(&w.grad(&gradients).unwrap()), &problem.gradient(2));
                assert_close("b", &floats(&b.grad(&gradients).unwrap()), &problem.gradient(3));
            }
            None => assert!(!learn_w),
        }
    }
}

fn vq() -> Codebook {
    Codebook::new(
        Weight::from_tensor(tensor(&numbers(K * D, 7), [K, D])),
        true,
        false,
        &Switches::default(),
        &mut Stream::new(1, Purpose::Transform, 0),
    )
}

#[test]
fn keeping_the_codebook_moves_no_code_and_folding_w_moves_none() {
    let mut book = vq();
    let before = floats(&book.effective());
    book.switch(false, true, OnSwitch::Keep, &Switches::default(), 1, 1);
    assert_eq!(book.learns(), (false, true));
    for (a, b) in floats(&book.effective()).iter().zip(&before) {
        assert!((a - b).abs() < 1e-6);
    }
    // A W that is not the identity, folded into C.
    book.switch(false, true, OnSwitch::Fresh, &Switches::default(), 1, 2);
    book.transform = Some(Transform::draw(
        D,
        &Switches::default(),
        false,
        &mut Stream::new(1, Purpose::Transform, 0),
        &Device::flex(),
    ));
    let before = floats(&book.effective());
    book.switch(true, false, OnSwitch::Fresh, &Switches::default(), 1, 3);
    assert!(book.w().is_none());
    assert_eq!(floats(&book.codes()), before);
}

#[test]
fn fresh_codebooks_are_new_each_time() {
    let mut book = vq();
    let mut drawn = vec![floats(&book.codes())];
    for switches in 1..=2 {
        book.switch(false, true, OnSwitch::Fresh, &Switches::default(), 1, switches);
        drawn.push(floats(&book.codes()));
        book.switch(true, false, OnSwitch::Fresh, &Switches::default(), 1, switches);
    }
    assert!(drawn[0] != drawn[1] && drawn[1] != drawn[2]);
}

#[test]
fn what_begins_to_learn_starts_with_zero_moments() {
    let mut book = vq();
    let index =
        || Tensor::<1, Int>::from_data(TensorData::new(vec![0_i32, 1, 2, 3], [K]), &Device::flex());
    let adam = Optimizer::new(crate::scenario::Optimizer::Adam);
    let step = |book: &mut Codebook, lr: f64| {
        let leaves = book.leaves(true);
        let q = leaves.lookup(index());
        let mut gradients = q.square().mean_dim(1).mean_dim(0).backward();
        book.update(&adam, lr, 1.0, leaves.gradients(&mut gradients));
    };
    (0..50).for_each(|_| step(&mut book, 0.01));
    book.switch(false, true, OnSwitch::Fresh, &Switches::default(), 1, 1);
    let before = floats(&book.w().unwrap());
    step(&mut book, 0.01);
    // The first step of Adam moves every number by the learning rate, whatever its gradient.
    for (a, b) in floats(&book.w().unwrap()).iter().zip(&before) {
        assert!(((a - b).abs() - 0.01).abs() < 1e-4, "{a} {b}");
    }
    // C that is frozen and learns again starts anew as well.
    book.switch(true, true, OnSwitch::Fresh, &Switches::default(), 1, 2);
    let before = floats(&book.codes());
    step(&mut book, 0.01);
    for (a, b) in floats(&book.codes()).iter().zip(&before) {
        assert!(((a - b).abs() - 0.01).abs() < 1e-4, "{a} {b}");
    }
}

/// A case of the reference file.
struct Case(serde_json::Value);

impl Case {
    fn all(kind: &str) -> Vec<Self> {
        let all: serde_json::Value =
            serde_json::from_str(include_str!("../../../tests/reference/quantizers.json")).unwrap();
        all[kind].as_array().unwrap().iter().cloned().map(Self).collect()
    }

    fn word(&self, key: &str) -> &str {
        self.0[key].as_str().unwrap()
    }

    fn number(&self, key: &str) -> f64 {
        self.0[key].as_f64().unwrap()
    }

    fn wide(value: &serde_json::Value) -> Vec<f64> {
        value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
    }

    fn numbers(&self, key: &str) -> Vec<f64> {
        Self::wide(&self.0[key])
    }

    /// A list of arrays, such as the layers of W.
    fn list(&self, key: &str) -> Vec<Vec<f64>> {
        self.0[key].as_array().unwrap().iter().map(Self::wide).collect()
    }

    fn tensor(&self, key: &str, columns: usize) -> Tensor<2> {
        matrix(&self.numbers(key), columns)
    }

    fn book(&self, form: Option<TransformForm>) -> Codebook {
        let rank_or_hidden = |n: usize| n / D;
        let columns = |layers: &[Vec<f64>], i: usize| match form {
            Some(TransformForm::LowRank | TransformForm::Mlp) if i == 0 => {
                rank_or_hidden(layers[0].len())
            }
            _ => D,
        };
        let (layers, biases) = (self.list("layers"), self.list("biases"));
        let weight = |values: &[f64], columns| Weight::from_tensor(matrix(values, columns));
        Codebook {
            codes: weight(&self.numbers("c"), D),
            learn_codes: true,
            transform: form.map(|form| Transform {
                form,
                layers: (0..layers.len())
                    .map(|i| weight(&layers[i], columns(&layers, i)))
                    .collect(),
                biases: biases.iter().map(|b| weight(b, b.len())).collect(),
            }),
            is_unit: self.word("lookup") == "cosine",
            drawn: None,
        }
    }
}

fn matrix(values: &[f64], columns: usize) -> Tensor<2> {
    let values: Vec<f32> = values.iter().map(|&x| x as f32).collect();
    tensor(&values, [values.len() / columns, columns])
}

/// Values, loss terms and the gradient of the encoder's outputs against a case; returns all
/// gradients and the leaves.
fn check_case(
    case: &Case,
    name: &str,
    book: &Codebook,
    by: Weights,
) -> (Gradients, CodebookLeaves) {
    let y = case.tensor("z", D).autodiff().require_grad();
    let z = if case.word("lookup") == "cosine" { unit(y.clone()) } else { y.clone() };
    let index = crate::model::nearest::nearest_codes(z.clone().inner(), book.effective());
    let picked: Vec<i32> = index.to_data().convert::<i32>().try_into_vec().unwrap();
    let expected: Vec<i32> = case.numbers("index").iter().map(|&i| i as i32).collect();
    assert_eq!(picked, expected, "{name}");
    let leaves = book.leaves(true);
    let q = leaves.lookup(index);
    let passed = match case.word("estimator") {
        "rotation" => rotated(z.clone(), &q),
        _ => straight_through(z.clone(), q.clone()),
    };
    let passed_on = floats(&passed.clone().inner());
    assert_close(&format!("{name}: q passed on"), &passed_on, &case.numbers("q"));
    let x_hat = passed.matmul(case.tensor("decoder", P));
    let mut losses = Losses::new(case.tensor("x", P), x_hat, z.clone(), q);
    let penalty = entropy_penalty(z, leaves.effective(), case.number("temperature"));
    losses.entropy = Some(penalty.clone());
    let total = losses.total(by);
    let terms = [
        ("recon", &losses.recon),
        ("codebook", &losses.codebook),
        ("commitment", &losses.commitment),
        ("entropy", &penalty),
        ("total", &total),
    ];
    for (term, value) in terms {
        let (got, expected) = (f64::from(floats(&value.clone().inner())[0]), case.number(term));
        assert!(
            (got - expected).abs() <= 1e-5 * expected.abs().max(0.1),
            "{name}: {term} {got} against {expected}"
        );
    }
    let gradients = total.backward();
    let g_z = floats(&y.grad(&gradients).unwrap());
    assert_close(&format!("{name}: z"), &g_z, &case.numbers("g_z"));
    (gradients, leaves)
}

#[test]
fn losses_and_gradients_of_every_form_agree_with_the_reference() {
    let cases = Case::all("gradients");
    assert_eq!(cases.len(), 72);
    for case in cases {
        let form = match case.word("form") {
            "free" => None,
            form => Some(serde_json::from_value(form.into()).unwrap()),
        };
        let weight = case.number("weight");
        let name = format!(
            "{} bias {} {} {} entropy {weight}",
            case.word("form"),
            case.0["has_bias"],
            case.word("estimator"),
            case.word("lookup")
        );
        let (gradients, leaves) = check_case(&case, &name, &case.book(form), weights(weight));
        let gradient = |t: &Tensor<2>| floats(&t.grad(&gradients).unwrap());
        let Ok(c) = &leaves.codes else { panic!("C learns") };
        assert_close(&format!("{name}: C"), &gradient(c), &case.numbers("g_c"));
        let Some(transform) = &leaves.transform else { continue };
        for (got, expected) in transform.layers.iter().zip(case.list("g_layers")) {
            assert_close(&format!("{name}: W"), &gradient(got), &expected);
        }
        for (got, expected) in transform.biases.iter().zip(case.list("g_biases")) {
            assert_close(&format!("{name}: b"), &gradient(got), &expected);
        }
    }
}

#[test]
fn losses_and_gradients_of_signs_agree_with_the_reference() {
    let cases = Case::all("bits");
    assert_eq!(cases.len(), 2);
    for case in cases {
        let corners = crate::model::lfq::corners(D, &Device::flex());
        assert_eq!(floats(&corners.value()), floats(&case.tensor("c", D)));
        let stream = &mut Stream::new(1, Purpose::Transform, 0);
        let book = Codebook::new(corners, false, false, &Switches::default(), stream);
        let weight = case.number("weight");
        let by = Weights { codebook: 0.0, ..weights(weight) };
        check_case(&case, &format!("bits, entropy {weight}"), &book, by);
    }
}

#[test]
fn every_form_that_can_starts_as_the_identity() {
    let codes = tensor(&numbers(K * D, 9), [K, D]);
    for transform in [TransformForm::Full, TransformForm::Diagonal, TransformForm::Mlp] {
        for has_bias in [true, false] {
            let switches = Switches { transform, has_bias, ..Switches::default() };
            assert!(switches.can_keep_codes(D));
            let identity = Transform::identity(D, &switches, &Device::flex());
            let moved = floats(&identity.values().apply(codes.clone()));
            for (a, b) in moved.iter().zip(floats(&codes)) {
                assert!((a - b).abs() < 1e-6, "{transform:?}: {a} {b}");
            }
        }
    }
    let narrow = Switches { transform: TransformForm::LowRank, rank: 2, ..Switches::default() };
    assert!(!narrow.can_keep_codes(D));
    let mut stream = Stream::new(1, Purpose::Transform, 0);
    let drawn = Transform::draw(D, &narrow, false, &mut stream, &Device::flex());
    let w = floats(&drawn.matrix().unwrap());
    let values = crate::math::spectrum::singular_values(&w, D);
    assert!(values[1] > 1e-3 && values[2] < 1e-6, "{values:?}");
}

#[test]
fn coordinates_on_axes_are_those_of_the_effective_codes() {
    let axes = tensor(&numbers(2 * 5, 3), [5, 2]);
    for form in [TransformForm::Full, TransformForm::Diagonal, TransformForm::LowRank] {
        for (learn_w, lookup) in [(true, Lookup::L2), (true, Lookup::Cosine), (false, Lookup::L2)] {
            let switches = Switches { transform: form, lookup, ..Switches::default() };
            let codes = Weight::new(numbers(7 * 5, 1), [7, 5], &Device::flex());
            let mut stream = Stream::new(1, Purpose::Transform, 0);
            let book = Codebook::new(codes, false, learn_w, &switches, &mut stream);
            let expected = floats(&book.effective().matmul(axes.clone()));
            for (a, b) in floats(&book.projected(axes.clone())).iter().zip(expected) {
                assert!((a - b).abs() < 1e-5, "{form:?} {learn_w} {lookup:?}: {a} {b}");
            }
        }
    }
}
