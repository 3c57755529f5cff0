//! Where everything of a step lies, worked out once from the shape of the lane.

/// The sides of a workgroup of a product.
pub const SIDE: usize = 16;

/// Units of a workgroup.
pub const UNITS: usize = SIDE * SIDE;

/// Buffers that a kernel binds at most, with the one that holds its numbers.
pub const BINDINGS: u32 = 8;

/// Bytes that a workgroup shares at most, as every adapter allows.
pub const SHARED_BYTES: u32 = 1 << 14;

/// What follows a product: see [`super::products::product`].
pub const END_RELU: u32 = 0;
pub const END_PLAIN: u32 = 1;
pub const END_ERROR: u32 = 2;
pub const END_MASK: u32 = 3;
pub const END_PULL: u32 = 4;

/// Numbers of a row of the table of [`super::products::gradients`], and what stands where in it: the
/// place of X and its width, of G and its width, whether there is a bias, the rows that are summed up,
/// the place of the result among the gradients, and its first tile.
pub const PROBLEM: usize = 8;
pub const P_X: usize = 0;
pub const P_X_WIDTH: usize = 1;
pub const P_G: usize = 2;
pub const P_OUTPUTS: usize = 3;
pub const P_BIAS: usize = 4;
pub const P_LENGTH: usize = 5;
pub const P_OUT: usize = 6;
pub const P_FIRST: usize = 7;

/// What is another number at every step, and where it stands: the place in the flight, and how far Adam
/// goes with networks, transform and codes, three numbers each.
pub const SLOT: usize = 0;
pub const NETS: usize = 1;
pub const TRANSFORM: usize = 4;
pub const CODES: usize = 7;
pub const NUMBERS: usize = 10;

/// Numbers at whose multiples a piece of the workspace begins: 256 bytes, the largest boundary that an
/// adapter may ask for where a piece is bound by itself.
const BOUNDARY: usize = 64;

/// Fewest rows that a part of a sum over rows has.
const LEAST_ROWS: usize = 64;

/// Steps whose losses and indices stay on the device at most.
pub const IN_FLIGHT: usize = 256;

/// Workgroups along one axis on any adapter.
const MOST_GROUPS: usize = 65_535;

/// Tokens up to which a learned C finds those of each code by comparing all of them.
const MOST_COMPARED: usize = 1 << 16;

/// Numbers of a code up to which a unit makes a number of E by itself.
const WIDEST: usize = 128;

/// Most parts of such a sum.
const MOST_PARTS: usize = 16;

/// What a step trains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// Samples, B.
    pub samples: usize,
    /// Numbers of a sample, D.
    pub pixels: usize,
    /// Pixels of a row of a sample.
    pub width: usize,
    /// Width of the hidden layers, H.
    pub hidden: usize,
    /// Tokens of a sample, T; N = B·T.
    pub tokens: usize,
    /// Numbers of a code, d.
    pub dim: usize,
    /// Codes, K.
    pub size: usize,
    /// Whether C learns.
    pub learn_c: bool,
    /// Whether there is a W, which learns.
    pub has_transform: bool,
    /// Whether W has a bias.
    pub has_bias: bool,
    /// Workgroups that keep the device busy.
    pub busy: usize,
}

/// Rows and columns of a unit's share of a tile.
pub type Share = [usize; 2];

/// The largest share of a unit whose tiles keep so many workgroups busy with products of so many rows
/// and columns: large tiles fetch less, small ones leave less of the device idle.
fn share(products: &[[usize; 2]], busy: usize) -> Share {
    let narrow = products.iter().map(|[_, columns]| columns.div_ceil(SIDE)).max().unwrap_or(1);
    let shares = [[4, 4], [4, 2], [2, 2], [4, 1], [2, 1], [1, 1]];
    let fits = |share: &Share| share[1] <= narrow.next_power_of_two();
    let mut fitting = shares.into_iter().filter(fits);
    let is_busy = |share: &Share| products.iter().map(|p| tiles(*p, *share)).sum::<usize>() >= busy;
    fitting.find(is_busy).unwrap_or([1, 1])
}

/// Tiles of a product.
pub fn tiles([rows, columns]: [usize; 2], share: Share) -> usize {
    rows.div_ceil(SIDE * share[0]) * columns.div_ceil(SIDE * share[1])
}

/// A layer among the weights: W, inputs x outputs, and the bias right behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Where W begins.
    pub at: usize,
    /// Numbers in.
    pub inputs: usize,
    /// Numbers out.
    pub outputs: usize,
}

impl Layer {
    /// Where the bias begins.
    pub fn bias(&self) -> usize {
        self.at + self.inputs * self.outputs
    }
}

/// Places of the pieces of the workspace, and of the weights, in numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// Both layers of the encoder, then both of the decoder.
    pub layers: [Layer; 4],
    /// Where W begins among the weights; the small weights end with W and b.
    pub transform: usize,
    /// Weights of networks and transform.
    pub small: usize,
    /// Where C begins among the weights, if it learns.
    pub codes: usize,
    /// All weights that learn, with what lies between them.
    pub weights: usize,
    /// Samples, B x D.
    pub x: usize,
    /// Hidden layer of the encoder, B x H.
    pub coded: usize,
    /// Encodings, N x d.
    pub z: usize,
    /// Codes of the tokens as the decoder sees them, N x d.
    pub q: usize,
    /// Rows of C of the tokens, N x d.
    pub rows: usize,
    /// Hidden layer of the decoder, B x H.
    pub decoded: usize,
    /// Gradient of the decoder's output, B x D.
    pub error: usize,
    /// Gradient before the ReLU of the decoder's and of the encoder's hidden layer, B x H each.
    pub back: [usize; 2],
    /// Gradient of the encodings, N x d.
    pub to_z: usize,
    /// Gradient of the codes of the tokens, N x d.
    pub pull: usize,
    /// The same through W to rows of C, N x d.
    pub row_pull: usize,
    /// Sums of squares of the tiles of the decoder's output.
    pub sums: usize,
    /// Squared distances of the tokens, N.
    pub distances: usize,
    /// Gradients of the small weights, part after part.
    pub gradients: usize,
    /// Gradient of C, K x d.
    pub codes_gradient: usize,
    /// What is another number at every step.
    pub numbers: usize,
    /// Numbers of the workspace.
    pub total: usize,
    /// Parts in which the sums over rows are made.
    pub parts: usize,
    /// Tiles of all gradients.
    pub tiles: usize,
    /// A unit's share of a gradient.
    pub share: Share,
}

impl Form {
    /// Tokens of a step, N.
    pub fn rows(&self) -> usize {
        self.samples * self.tokens
    }

    /// Whether an adapter that binds so many bytes at a time can make the step, and in a moment.
    pub fn fits(&self, limit: u64) -> bool {
        let (places, _) = self.places();
        let codes = self.size * self.dim;
        let numbers = [places.total, 2 * places.weights, codes, IN_FLIGHT * self.rows()];
        let largest = numbers.into_iter().max().unwrap_or_default();
        (largest * size_of::<f32>()) as u64 <= limit
            && places.tiles <= MOST_GROUPS
            // Every token that a learned C hears of is compared with all others.
            && !(self.learn_c && self.rows() > MOST_COMPARED)
            // Wider ones are better off with a product in tiles.
            && !(self.has_transform && self.dim > WIDEST)
    }

    /// A unit's share of the product of so many rows and columns.
    pub fn share(&self, rows: usize, columns: usize) -> Share {
        share(&[[rows, columns]], self.busy)
    }

    /// Where everything lies, and the table of the gradients' products.
    pub fn places(&self) -> (Places, Vec<i32>) {
        let Self { samples, pixels, hidden, tokens, dim, size, .. } = *self;
        let (rows, latent) = (self.rows(), tokens * dim);
        let mut end = 0;
        let layers = [(pixels, hidden), (hidden, latent), (latent, hidden), (hidden, pixels)];
        let layers = layers.map(|(inputs, outputs)| {
            let at = end;
            end += (inputs + 1) * outputs;
            Layer { at, inputs, outputs }
        });
        let transform = end;
        if self.has_transform {
            end += (dim + usize::from(self.has_bias)) * dim;
        }
        let small = end;
        let codes = small.next_multiple_of(BOUNDARY);
        let weights = if self.learn_c { codes + size * dim } else { small };

        let mut total = 0;
        let mut piece = |numbers: usize| {
            let at = total;
            total += numbers.next_multiple_of(BOUNDARY);
            at
        };
        let x = piece(samples * pixels);
        let coded = piece(samples * hidden);
        let z = piece(rows * dim);
        let q = piece(rows * dim);
        let picked = piece(if self.has_transform { rows * dim } else { 0 });
        let decoded = piece(samples * hidden);
        let error = piece(samples * pixels);
        let back = [piece(samples * hidden), piece(samples * hidden)];
        let to_z = piece(rows * dim);
        let pull = piece(rows * dim);
        let row_pull = piece(if self.has_transform && self.learn_c { rows * dim } else { 0 });
        let sums = piece(samples.div_ceil(SIDE) * pixels.div_ceil(SIDE));
        let distances = piece(rows);

        let [first, second, third, fourth] = layers;
        let mut products = vec![
            (x, first, back[1], samples, 1),
            (coded, second, to_z, samples, 1),
            (q, third, back[0], samples, 1),
            (decoded, fourth, error, samples, 1),
        ];
        if self.has_transform {
            let w = Layer { at: transform, inputs: dim, outputs: dim };
            products.push((picked, w, pull, rows, usize::from(self.has_bias)));
        }
        let shapes: Vec<[usize; 2]> =
            products.iter().map(|(_, layer, ..)| [layer.inputs, layer.outputs]).collect();
        // Parts keep as many workgroups busy as small tiles do, and fetch less.
        let share = share(&shapes, self.busy.div_ceil(MOST_PARTS));
        let count: usize = shapes.iter().map(|shape| tiles(*shape, share)).sum();
        let most = rows.min(samples).div_ceil(LEAST_ROWS);
        let parts = (2 * self.busy).div_ceil(count).min(most).clamp(1, MOST_PARTS);
        let mut table = Vec::with_capacity(products.len() * PROBLEM);
        let mut tile = 0;
        for ((x, layer, g, length, bias), shape) in products.iter().zip(&shapes) {
            let numbers = [*x, layer.inputs, *g, layer.outputs, *bias, *length];
            table.extend(numbers.map(|n| n as i32));
            table.extend([layer.at as i32, tile as i32]);
            tile += tiles(*shape, share);
        }
        let gradients = piece(parts * small);
        let codes_gradient = piece(if self.learn_c { size * dim } else { 0 });
        let numbers = piece(NUMBERS);
        let places = Places {
            layers,
            transform,
            small,
            codes,
            weights,
            x,
            coded,
            z,
            q,
            rows: picked,
            decoded,
            error,
            back,
            to_z,
            pull,
            row_pull,
            sums,
            distances,
            gradients,
            codes_gradient,
            numbers,
            total,
            parts,
            tiles: count,
            share,
        };
        (places, table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: Form = Form {
        samples: 57,
        pixels: 64,
        width: 8,
        hidden: 100,
        tokens: 2,
        dim: 6,
        size: 300,
        learn_c: true,
        has_transform: true,
        has_bias: true,
        busy: 64,
    };

    #[test]
    fn pieces_of_the_workspace_begin_at_boundaries_and_do_not_overlap() {
        let (at, table) = FORM.places();
        let (rows, hidden) = (57 * 2 * 6, 57 * 100);
        let mut pieces = vec![
            (at.x, 57 * 64),
            (at.coded, hidden),
            (at.z, rows),
            (at.q, rows),
            (at.rows, rows),
            (at.decoded, hidden),
            (at.error, 57 * 64),
            (at.back[0], hidden),
            (at.back[1], hidden),
            (at.to_z, rows),
            (at.pull, rows),
            (at.row_pull, rows),
            (at.sums, 4 * 4),
            (at.distances, 57 * 2),
            (at.gradients, at.parts * at.small),
            (at.codes_gradient, 300 * 6),
            (at.numbers, NUMBERS),
        ];
        pieces.sort_unstable();
        assert!(pieces.iter().all(|(at, _)| at % BOUNDARY == 0));
        assert!(pieces.windows(2).all(|pair| pair[0].0 + pair[0].1 <= pair[1].0), "{pieces:?}");
        let (last, numbers) = pieces[pieces.len() - 1];
        assert!(last + numbers <= at.total);
        // 64·100 + 100, 100·12 + 12, 12·100 + 100, 100·64 + 64, and W with b.
        assert_eq!((at.transform, at.small), (15_476, 15_476 + 42));
        assert_eq!((at.codes, at.weights), (15_552, 15_552 + 1800));
        // The tiles of the five products follow each other.
        let first = |i: usize| table[i * PROBLEM + P_FIRST] as usize;
        assert_eq!((table.len(), first(0)), (5 * PROBLEM, 0));
        assert!((1..5).all(|i| first(i) > first(i - 1)) && first(4) < at.tiles);
    }

    #[test]
    fn tiles_are_as_large_as_keeps_the_device_busy() {
        // 512 x 256 numbers in tiles of 64 x 64 are 32, of 64 x 32 are 64.
        assert_eq!(share(&[[512, 256]], 32), [4, 4]);
        assert_eq!(share(&[[512, 256]], 64), [4, 2]);
        assert_eq!(share(&[[512, 256]], 10_000), [1, 1]);
        // No wider than the product.
        assert_eq!(share(&[[512, 16]], 1), [4, 1]);
        assert_eq!(tiles([65, 64], [4, 4]), 2);
    }

    #[test]
    fn what_is_too_large_for_an_adapter_or_for_a_moment_does_not_fit() {
        let fits = |form: Form| form.fits(128 << 20);
        assert!(fits(FORM) && !FORM.fits(1 << 16));
        // 256 steps of so many indices are more than 128 MiB, where nothing else is.
        let frozen = Form { learn_c: false, dim: 1, hidden: 1, pixels: 1, ..FORM };
        assert!(
            fits(Form { samples: 50_000, ..frozen }) && !fits(Form { samples: 70_000, ..frozen })
        );
        assert!(!Form { samples: 40_000, ..FORM }.fits(u64::MAX));
        assert!(!fits(Form { dim: 129, ..FORM }));
        assert!(fits(Form { dim: 129, has_transform: false, has_bias: false, ..FORM }));
        assert!(!Form { hidden: 1 << 16, tokens: 8000, ..frozen }.fits(u64::MAX));
    }
}
