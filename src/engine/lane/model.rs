//! The weights of a lane: tensors of their own, or one row on the adapter that steps in few launches
//! work on.

use std::sync::OnceLock;

use burn::tensor::{Device, ExecutionError, Int, Tensor, TensorData};

use crate::engine::pending::{MOST_IN_FLIGHT, PendingReadback};
use crate::model::step::{self, Form, Given, Places, Rate, State, Step, TERMS};
use crate::model::{Codebook, Nets, Weight};

/// Networks and codebook. While steps are made in few launches their weights lie in one row, and what
/// reads them gets pieces of it.
pub struct Model {
    nets: Nets,
    codebook: Codebook,
    row: Option<Row>,
    /// Where it trains.
    device: Device,
    /// Where it is read between steps.
    reader: Device,
    /// Networks and codebook as they are now for whoever reads them, once something asked.
    read: OnceLock<(Nets, Codebook)>,
    /// All pictures of the set in one row of pixels, once a step needed them.
    image: Option<Tensor<1>>,
}

/// All weights that learn in one row, and what goes with it.
struct Row {
    form: Form,
    places: Places,
    table: Tensor<1, Int>,
    /// C where it does not learn; else anything.
    codes: Tensor<2>,
    /// None only within a step.
    state: Option<State>,
    /// Steps of Adam of networks, transform and codes.
    times: [usize; 3],
    /// Steps whose numbers are in flight.
    in_flight: usize,
}

/// How a step in few launches goes.
pub struct Pace {
    /// Learning rate.
    pub lr: f64,
    /// Learning rate of C as a share of it.
    pub c_lr: f64,
    /// Weight of the commitment loss, β.
    pub beta: f64,
}

impl Model {
    /// From networks and codebook on `reader`, for training on `device`.
    pub fn new(nets: Nets, codebook: Codebook, device: &Device, reader: &Device) -> Self {
        Self {
            nets,
            codebook,
            row: None,
            device: device.clone(),
            reader: reader.clone(),
            read: OnceLock::new(),
            image: None,
        }
    }

    /// Networks and codebook as they are now.
    fn now(&self) -> (&Nets, &Codebook) {
        if self.row.is_none() && self.codebook.codes().device() == self.reader {
            return (&self.nets, &self.codebook);
        }
        let (nets, codebook) = self.read.get_or_init(|| {
            let (mut nets, mut codebook) = (self.nets.clone(), self.codebook.clone());
            // A device that fails here is caught as one that fails to allocate.
            self.present(&mut nets, &mut codebook).expect("the device gives its weights");
            (nets, codebook)
        });
        (nets, codebook)
    }

    /// Gives networks and codebook the present values where they are read.
    fn present(&self, nets: &mut Nets, codebook: &mut Codebook) -> Result<(), ExecutionError> {
        if let Some(row) = &self.row {
            let mut values = row.state().weights.clone();
            if values.device() != self.reader {
                // CPU-GPU sync point: all weights at once.
                values = Tensor::from_data(values.try_into_data()?, &self.reader);
            }
            let mut pieces = row.pieces(&values, 0).into_iter();
            for (_, weight) in weights(nets, codebook, row.form.learn_c) {
                let piece = pieces.next().expect("a piece for each weight");
                weight.restore(piece.reshape(weight.value().dims()), None);
            }
        }
        let all = nets.weights_mut().into_iter().chain(codebook.weights_mut());
        all.map(|(_, weight)| weight).try_for_each(|weight| {
            // Nobody who reads them asks for moments.
            weight.reset_moments();
            weight.bring_to(&self.reader)
        })
    }

    /// Whether the newest step was made in few launches of this form.
    pub fn steps_as(&self, form: &Form) -> bool {
        self.row.as_ref().is_some_and(|row| row.form == *form)
    }

    /// Networks and codebook for questions that no value of a weight answers.
    pub fn outline(&self) -> (&Nets, &Codebook) {
        (&self.nets, &self.codebook)
    }

    /// The networks.
    pub fn nets(&self) -> &Nets {
        self.now().0
    }

    /// The codebook.
    pub fn codebook(&self) -> &Codebook {
        self.now().1
    }

    /// Networks and codebook for whoever changes them, with their moments; numbers in flight go to
    /// `pending`.
    pub fn settled(&mut self, pending: &mut PendingReadback) -> (&mut Nets, &mut Codebook) {
        self.end_row(pending);
        if self.reader != self.device {
            // From the host, where a lane that is read there is built.
            self.bring_to(&self.device.clone());
        }
        (&mut self.nets, &mut self.codebook)
    }

    /// Brings all weights and moments to a device.
    fn bring_to(&mut self, device: &Device) {
        let all = self.nets.weights_mut().into_iter().chain(self.codebook.weights_mut());
        for (_, weight) in all {
            weight.bring_to(device).expect("the host gives its numbers");
        }
    }

    /// Makes tensors of their own of the weights in the row, where they lie in one.
    fn end_row(&mut self, pending: &mut PendingReadback) {
        self.hand_over(pending);
        self.read = OnceLock::new();
        let Some(row) = self.row.take() else { return };
        let state = row.state();
        let mut pieces = row.pieces(&state.weights, 0).into_iter();
        let mut first = row.pieces(&state.moments, 0).into_iter();
        let mut second = row.pieces(&state.moments, row.places.weights).into_iter();
        for (part, weight) in weights(&mut self.nets, &mut self.codebook, row.form.learn_c) {
            let shape = weight.value().dims();
            let [value, first, second] = [&mut pieces, &mut first, &mut second]
                .map(|all| all.next().expect("a piece for each weight").reshape(shape));
            let time = row.times[part as usize];
            weight.restore(value, (time > 0).then_some((time, first, second)));
        }
        if row.form.learn_c && row.times[Part::Codes as usize] > 0 {
            // Told that its codes were moved.
            self.codebook.codes_mut();
        }
    }

    /// Hands the numbers of the steps in flight to `pending`.
    pub fn hand_over(&mut self, pending: &mut PendingReadback) {
        let Some(row) = &mut self.row else { return };
        let steps = std::mem::take(&mut row.in_flight);
        if steps > 0 {
            let (state, tokens) = (row.state(), row.form.rows());
            let log = state.log.clone().slice([0..steps * TERMS]).reshape([steps, TERMS]);
            pending.add(log, state.chosen.clone().slice([0..steps * tokens]));
        }
    }

    /// Trains one step on samples at `places` of the set's pictures, of which `pictures` makes the row
    /// where it is not on the device yet; E before it, K x d.
    pub fn step(
        &mut self,
        form: Form,
        places: Tensor<1, Int>,
        pace: &Pace,
        pending: &mut PendingReadback,
        pictures: impl FnOnce() -> Vec<f32>,
    ) -> Tensor<2> {
        if !self.steps_as(&form) {
            self.end_row(pending);
            // Put together where they lie: on the host no kernel is compiled for it.
            let home = self.nets.weights_mut().first().map(|(_, weight)| weight.value().device());
            self.bring_to(&home.unwrap_or_else(|| self.device.clone()));
            self.row = Some(Row::new(&mut self.nets, &mut self.codebook, form, &self.device));
        }
        let row = self.row.as_mut().expect("it was made");
        let device = self.device.clone();
        let image = self.image.get_or_insert_with(|| of_numbers(pictures(), &device)).clone();
        let given = Given { codes: row.codes.clone(), image, places, table: row.table.clone() };
        let learns = [true, form.has_transform, form.learn_c];
        for (time, _) in row.times.iter_mut().zip(learns).filter(|(_, learns)| *learns) {
            *time += 1;
        }
        let rates = [pace.lr, pace.lr, pace.lr * pace.c_lr];
        let rate = |part: usize| Rate::new(rates[part], row.times[part].max(1));
        let step = Step {
            form,
            places: row.places.clone(),
            beta: pace.beta as f32,
            slot: row.in_flight,
            rates: [rate(0), rate(1), rate(2)],
        };
        self.read = OnceLock::new();
        let state = row.state.take().expect("no step is under way");
        let (state, effective) = step::train(state, &given, step);
        row.state = Some(state);
        row.in_flight += 1;
        effective
    }
}

impl Row {
    /// All weights that learn, with their moments, in one row on `device`.
    fn new(nets: &mut Nets, codebook: &mut Codebook, form: Form, device: &Device) -> Self {
        let (places, table) = form.places();
        let codes = codebook.codes();
        let home = codes.device();
        let zeros = |numbers: usize| Tensor::<1>::zeros([numbers], &home);
        let mut times = [0; 3];
        let (mut values, mut first, mut second) = (Vec::new(), Vec::new(), Vec::new());
        for (part, weight) in weights(nets, codebook, form.learn_c) {
            let gap = places.codes - places.small;
            if part == Part::Codes && gap > 0 {
                for all in [&mut values, &mut first, &mut second] {
                    all.push(zeros(gap));
                }
            }
            let value = flat(weight.value());
            let numbers = value.dims()[0];
            let (m, v) = match weight.moments() {
                None => (zeros(numbers), zeros(numbers)),
                Some((time, m, v)) => {
                    times[part as usize] = time;
                    (flat(m), flat(v))
                }
            };
            values.push(value);
            first.push(m);
            second.push(v);
        }
        first.append(&mut second);
        let there = |row: Tensor<1>| match home == *device {
            true => row,
            false => Tensor::from_data(row.into_data(), device),
        };
        let state = State {
            weights: there(Tensor::cat(values, 0)),
            moments: there(Tensor::cat(first, 0)),
            log: of_numbers(vec![0.0; MOST_IN_FLIGHT * TERMS], device),
            chosen: of_integers(vec![0; MOST_IN_FLIGHT * form.rows()], device),
        };
        let codes = if form.learn_c { Tensor::from_data([[0.0]], device) } else { codes };
        Self {
            form,
            places,
            table: of_integers(table, device),
            codes: match codes.device() == *device {
                true => codes,
                false => Tensor::from_data(codes.into_data(), device),
            },
            state: Some(state),
            times,
            in_flight: 0,
        }
    }

    fn state(&self) -> &State {
        self.state.as_ref().expect("no step is under way")
    }

    /// The pieces of a row that begins at number `from`, one for each weight in the order of
    /// [`weights`].
    fn pieces(&self, row: &Tensor<1>, from: usize) -> Vec<Tensor<1>> {
        let (form, places) = (&self.form, &self.places);
        let mut pieces: Vec<(usize, usize)> = Vec::new();
        for layer in &places.layers {
            pieces.push((layer.at, layer.inputs * layer.outputs));
            pieces.push((layer.bias(), layer.outputs));
        }
        if form.has_transform {
            pieces.push((places.transform, form.dim * form.dim));
            if form.has_bias {
                pieces.push((places.transform + form.dim * form.dim, form.dim));
            }
        }
        if form.learn_c {
            pieces.push((places.codes, form.size * form.dim));
        }
        let piece =
            |(at, numbers): (usize, usize)| row.clone().slice([from + at..from + at + numbers]);
        pieces.into_iter().map(piece).collect()
    }
}

/// Parts of the row, whose weights have taken as many steps of Adam each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Nets,
    Transform,
    Codes,
}

/// All weights in the order in which they lie in the row: networks, transform, and C where it learns.
fn weights<'a>(
    nets: &'a mut Nets,
    codebook: &'a mut Codebook,
    learn_c: bool,
) -> Vec<(Part, &'a mut Weight)> {
    let of = |part: Part| move |(_, weight): (String, &'a mut Weight)| (part, weight);
    let mut all: Vec<_> = nets.weights_mut().into_iter().map(of(Part::Nets)).collect();
    let mut of_codebook = codebook.weights_mut().into_iter();
    let codes = of_codebook.next();
    all.extend(of_codebook.map(of(Part::Transform)));
    all.extend(codes.filter(|_| learn_c).map(of(Part::Codes)));
    all
}

fn flat(matrix: Tensor<2>) -> Tensor<1> {
    let [rows, columns] = matrix.dims();
    matrix.reshape([rows * columns])
}

fn of_numbers(values: Vec<f32>, device: &Device) -> Tensor<1> {
    let numbers = values.len();
    Tensor::from_data(TensorData::new(values, [numbers]), device)
}

fn of_integers(values: Vec<i32>, device: &Device) -> Tensor<1, Int> {
    let numbers = values.len();
    Tensor::from_data(TensorData::new(values, [numbers]), device)
}
