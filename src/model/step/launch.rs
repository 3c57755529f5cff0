//! The launches of a step, one after another.

use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::tensor::{DType, Shape};
use burn_cubecl::CubeBackend;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::plan::{
    END_ERROR, END_MASK, END_PLAIN, END_PULL, END_RELU, Form, Layer, Places, SIDE, tiles,
};
use super::{Step, StepOps, kernels, products};
use crate::model::nearest::{Found, UNITS, empty, found, grid};

impl StepOps for CubeBackend {
    fn train_step(
        weights: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        log: FloatTensor<Self>,
        chosen: IntTensor<Self>,
        codes: FloatTensor<Self>,
        image: FloatTensor<Self>,
        places: IntTensor<Self>,
        table: IntTensor<Self>,
        step: Step,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>, IntTensor<Self>, FloatTensor<Self>)
    {
        let [weights, moments, log, chosen] = [weights, moments, log, chosen].map(own);
        let Step { form, places: at, .. } = &step;
        let launch = Launch {
            form,
            at,
            client: weights.client.clone(),
            ws: empty(&weights, at.total, DType::F32),
            // A learned C is the end of the weights.
            codes: if form.learn_c { weights.clone() } else { into_contiguous(codes) },
            codes_at: if form.learn_c { at.codes } else { 0 },
            weights,
        };
        launch.cut(image, places, &step);
        launch.encode();
        let effective = launch.effective();
        launch.quantize(&effective, &chosen);
        launch.decode();
        launch.back(step.beta);
        launch.gradients(table, &chosen);
        launch.losses(&log, step.beta);
        launch.adam(&moments);
        (launch.weights, moments, log, chosen, effective)
    }
}

/// The tensor itself where nobody else holds it, else a copy: it is written to.
fn own(tensor: CubeTensor) -> CubeTensor {
    let tensor = into_contiguous(tensor);
    if tensor.can_mut() { tensor } else { tensor.copy() }
}

/// A step under way.
struct Launch<'a> {
    form: &'a Form,
    at: &'a Places,
    client: cubecl::client::Client,
    ws: CubeTensor,
    weights: CubeTensor,
    codes: CubeTensor,
    codes_at: usize,
}

/// A product and where its parts lie.
struct Product {
    a: usize,
    layer: Layer,
    out: usize,
    other: usize,
    factor: f32,
    transposed: bool,
    end: u32,
}

fn units() -> CubeDim {
    CubeDim::new_1d(UNITS)
}

impl Launch<'_> {
    fn ws(&self) -> BufferArg {
        self.ws.clone().into_buffer_arg()
    }

    fn cut(&self, image: CubeTensor, places: CubeTensor, step: &Step) {
        let [nets, transform, codes] = step.rates;
        let count = self.form.samples * self.form.pixels;
        kernels::cut::launch(
            &self.client,
            grid(count),
            units(),
            into_contiguous(image).into_buffer_arg(),
            into_contiguous(places).into_buffer_arg(),
            self.ws(),
            self.at.x,
            count,
            self.form.pixels,
            self.form.width,
            self.at.numbers,
            step.slot as f32,
            nets.rate,
            nets.correction,
            nets.epsilon,
            transform.rate,
            transform.correction,
            transform.epsilon,
            codes.rate,
            codes.correction,
            codes.epsilon,
        );
    }

    /// A product over `rows` rows.
    fn product(&self, rows: usize, product: &Product) {
        let Product { a, layer, out, other, factor, transposed, end } = *product;
        let (k, n) =
            if transposed { (layer.outputs, layer.inputs) } else { (layer.inputs, layer.outputs) };
        let share = self.form.share(rows, n);
        let tiles = |numbers: usize, each: usize| numbers.div_ceil(SIDE * each) as u32;
        products::product::launch(
            &self.client,
            CubeCount::Static(tiles(n, share[1]), tiles(rows, share[0]), 1),
            CubeDim::new_2d(SIDE as u32, SIDE as u32),
            self.ws(),
            self.weights.clone().into_buffer_arg(),
            a,
            layer.at,
            layer.bias(),
            out,
            other,
            self.at.sums,
            rows,
            k,
            n,
            factor,
            transposed,
            end,
            share[0],
            share[1],
        );
    }

    fn forward(&self, number: usize, a: usize, out: usize, end: u32) {
        let (layer, factor) = (self.at.layers[number], self.per_pixel() * 2.0);
        let product = Product { a, layer, out, other: self.at.x, factor, transposed: false, end };
        self.product(self.form.samples, &product);
    }

    /// 1 / (B·D).
    fn per_pixel(&self) -> f32 {
        1.0 / (self.form.samples * self.form.pixels) as f32
    }

    /// 1 / (N·d).
    fn per_number(&self) -> f32 {
        1.0 / (self.form.rows() * self.form.dim) as f32
    }

    fn encode(&self) {
        self.forward(0, self.at.x, self.at.coded, END_RELU);
        self.forward(1, self.at.coded, self.at.z, END_PLAIN);
    }

    fn decode(&self) {
        self.forward(2, self.at.q, self.at.decoded, END_RELU);
        self.forward(3, self.at.decoded, self.at.error, END_ERROR);
    }

    fn effective(&self) -> CubeTensor {
        let Form { size, dim, has_transform, has_bias, learn_c, .. } = *self.form;
        let mut effective = empty(&self.weights, size * dim, DType::F32);
        kernels::effective::launch(
            &self.client,
            grid(size * dim),
            units(),
            self.codes.clone().into_buffer_arg(),
            self.weights.clone().into_buffer_arg(),
            effective.clone().into_buffer_arg(),
            self.ws(),
            self.codes_at,
            self.at.transform,
            self.at.codes_gradient,
            size * dim,
            dim,
            has_transform,
            has_bias,
            learn_c,
        );
        effective.meta = self.shaped([size, dim], effective.handle.clone()).meta;
        effective
    }

    /// A matrix of a piece of memory.
    fn shaped(&self, shape: [usize; 2], handle: cubecl::server::Handle) -> CubeTensor {
        let (client, device) = (self.client.clone(), self.ws.device.clone());
        CubeTensor::new_contiguous(client, device, Shape::from(shape), handle, DType::F32)
    }

    fn quantize(&self, effective: &CubeTensor, chosen: &CubeTensor) {
        let (form, at) = (self.form, self.at);
        let (rows, dim) = (form.rows(), form.dim);
        let numbers = |count: usize| (count * size_of::<f32>()) as u64;
        let rest = numbers(at.total - at.z - rows * dim);
        let handle = self.ws.handle.clone().offset_start(numbers(at.z)).offset_end(rest);
        let Found { values, codes, ranges } = found(&self.shaped([rows, dim], handle), effective);
        kernels::pick::launch(
            &self.client,
            grid(rows),
            units(),
            values.into_buffer_arg(),
            codes.into_buffer_arg(),
            effective.clone().into_buffer_arg(),
            self.codes.clone().into_buffer_arg(),
            self.ws(),
            chosen.clone().into_buffer_arg(),
            at.numbers,
            at.z,
            at.q,
            at.pull,
            at.rows,
            at.distances,
            self.codes_at,
            rows,
            dim,
            ranges,
            2.0 * self.per_number(),
            form.has_transform,
        );
    }

    /// Gradients from the reconstruction back to the encoder's hidden layer.
    fn back(&self, beta: f32) {
        let at = self.at;
        let step = |number: usize, a: usize, out: usize, other: usize, end: u32| {
            let (layer, factor) = (at.layers[number], beta);
            let product = Product { a, layer, out, other, factor, transposed: true, end };
            self.product(self.form.samples, &product);
        };
        step(3, at.error, at.back[0], at.decoded, END_MASK);
        // The commitment loss pulls against the codebook loss, at β of its strength.
        step(2, at.back[0], at.to_z, at.pull, END_PULL);
        step(1, at.to_z, at.back[1], at.coded, END_MASK);
    }

    fn gradients(&self, table: CubeTensor, chosen: &CubeTensor) {
        let (form, at) = (self.form, self.at);
        let problems = 4 + usize::from(form.has_transform);
        let longest = if form.has_transform { form.rows() } else { form.samples };
        products::gradients::launch(
            &self.client,
            CubeCount::Static(at.tiles as u32, at.parts as u32, 1),
            CubeDim::new_2d(SIDE as u32, SIDE as u32),
            self.ws(),
            into_contiguous(table).into_buffer_arg(),
            problems,
            at.gradients,
            at.small,
            longest.div_ceil(at.parts).div_ceil(SIDE),
            at.share[0],
            at.share[1],
        );
        if !form.learn_c {
            return;
        }
        let from = if form.has_transform {
            let w = Layer { at: at.transform, inputs: form.dim, outputs: form.dim };
            // A pull of no strength: the product alone.
            let product = Product {
                a: at.pull,
                layer: w,
                out: at.row_pull,
                other: at.pull,
                factor: 0.0,
                transposed: true,
                end: END_PULL,
            };
            self.product(form.rows(), &product);
            at.row_pull
        } else {
            at.pull
        };
        kernels::gather::launch(
            &self.client,
            // A workgroup a token.
            grid(form.rows() * UNITS as usize),
            units(),
            chosen.clone().into_buffer_arg(),
            self.ws(),
            at.numbers,
            from,
            at.codes_gradient,
            form.rows(),
            form.dim,
            form.dim.next_power_of_two().min(UNITS as usize),
        );
    }

    fn losses(&self, log: &CubeTensor, beta: f32) {
        let form = self.form;
        let shape = [form.samples, form.pixels];
        let tiles = tiles(shape, form.share(shape[0], shape[1]));
        kernels::losses::launch(
            &self.client,
            CubeCount::Static(1, 1, 1),
            units(),
            self.ws(),
            log.clone().into_buffer_arg(),
            self.at.numbers,
            self.at.sums,
            tiles,
            self.at.distances,
            form.rows(),
            self.per_pixel(),
            self.per_number(),
            beta,
        );
    }

    fn adam(&self, moments: &CubeTensor) {
        let at = self.at;
        kernels::adam::launch(
            &self.client,
            grid(at.weights),
            units(),
            self.weights.clone().into_buffer_arg(),
            moments.clone().into_buffer_arg(),
            self.ws(),
            at.gradients,
            at.small,
            at.parts,
            at.transform,
            at.codes,
            at.codes_gradient,
            at.weights,
            at.numbers,
        );
    }
}
