//! A palette of 255 colours for a whole film, so that nothing flickers from frame to frame.
//!
//! Colours are gathered in bins of 6 bits a channel. The box with the greatest squared error is cut
//! at its mean across its widest axis until there are as many boxes as colours (the scheme of Wu
//! 1991 without his search for the best cut). A colour weighs the square root of its pixels, so that
//! a thin line keeps its own colour beside a large ground.

use image::RgbaImage;

/// Bits of a channel that tell bins apart.
const BITS: u32 = 6;

/// Most colours; one number of a GIF's 256 stands for "as before".
pub const MOST: usize = 255;

/// Colours of a film, and the nearest one for every bin.
pub struct ColorTable {
    /// At most 255 colours.
    pub colors: Vec<[u8; 3]>,
    nearest: Vec<u8>,
}

/// A colour of the film: its mean within the bin, and its weight.
#[derive(Clone, Copy)]
struct Dot {
    color: [f64; 3],
    weight: f64,
}

fn bin(pixel: [u8; 3]) -> usize {
    pixel.iter().fold(0, |bin, &c| (bin << BITS) | usize::from(c >> (8 - BITS)))
}

impl ColorTable {
    /// A palette for some frames of a film, which stand for all.
    pub fn of<'a>(frames: impl Iterator<Item = &'a RgbaImage>) -> Self {
        let mut sums = vec![[0_u64; 4]; 1 << (3 * BITS)];
        for pixel in frames.flat_map(|frame| frame.pixels()) {
            let [r, g, b, _] = pixel.0;
            let sum = &mut sums[bin([r, g, b])];
            for (total, value) in sum.iter_mut().zip([r, g, b, 1]) {
                *total += u64::from(value);
            }
        }
        let dots = sums.iter().filter(|sum| sum[3] > 0).map(|&[r, g, b, n]| Dot {
            color: [r, g, b].map(|c| c as f64 / n as f64),
            weight: (n as f64).sqrt(),
        });
        let colors = cut(dots.collect());
        let nearest =
            (0..sums.len()).map(|bin| nearest(&colors, middle(bin, &sums[bin]))).collect();
        Self { colors, nearest }
    }

    /// The number of the colour nearest to a pixel's.
    pub fn index(&self, [r, g, b]: [u8; 3]) -> u8 {
        self.nearest[bin([r, g, b])]
    }
}

/// The mean of what fell into a bin, or its middle where nothing did.
fn middle(bin: usize, &[r, g, b, n]: &[u64; 4]) -> [f64; 3] {
    if n > 0 {
        return [r, g, b].map(|c| c as f64 / n as f64);
    }
    let channel = |i: u32| {
        let value = (bin >> (BITS * (2 - i))) & ((1 << BITS) - 1);
        ((value << (8 - BITS)) + (1 << (7 - BITS))) as f64
    };
    [channel(0), channel(1), channel(2)]
}

fn nearest(colors: &[[u8; 3]], at: [f64; 3]) -> u8 {
    let distance = |color: &[u8; 3]| -> f64 {
        color.iter().zip(at).map(|(&c, a)| (f64::from(c) - a).powi(2)).sum()
    };
    let best =
        (0..colors.len()).min_by(|&i, &j| distance(&colors[i]).total_cmp(&distance(&colors[j])));
    best.unwrap_or(0) as u8
}

/// Dots that share a colour, with the squared error along each axis.
struct Part {
    dots: Vec<Dot>,
    mean: [f64; 3],
    errors: [f64; 3],
}

impl Part {
    fn new(dots: Vec<Dot>) -> Self {
        let weight: f64 = dots.iter().map(|d| d.weight).sum();
        let axis = |i: usize| dots.iter().map(|d| d.weight * d.color[i]).sum::<f64>() / weight;
        let mean = [axis(0), axis(1), axis(2)];
        let error =
            |i: usize| dots.iter().map(|d| d.weight * (d.color[i] - mean[i]).powi(2)).sum::<f64>();
        Self { mean, errors: [error(0), error(1), error(2)], dots }
    }

    fn error(&self) -> f64 {
        self.errors.iter().sum()
    }
}

fn cut(dots: Vec<Dot>) -> Vec<[u8; 3]> {
    let mut parts = vec![Part::new(dots)];
    while parts.len() < MOST {
        let worst = (0..parts.len())
            .filter(|&i| parts[i].dots.len() > 1)
            .max_by(|&i, &j| parts[i].error().total_cmp(&parts[j].error()));
        let Some(worst) = worst.filter(|&i| parts[i].error() > 0.0) else { break };
        let Part { dots, mean, errors } = parts.swap_remove(worst);
        let axis = (0..3).max_by(|&i, &j| errors[i].total_cmp(&errors[j])).unwrap_or(0);
        let (low, high) = dots.into_iter().partition(|d: &Dot| d.color[axis] <= mean[axis]);
        parts.push(Part::new(low));
        parts.push(Part::new(high));
    }
    parts.iter().map(|part| part.mean.map(|c| c.round().clamp(0.0, 255.0) as u8)).collect()
}

#[cfg(test)]
mod tests {
    use image::Rgba;

    use super::*;

    #[test]
    fn few_colours_stay_as_they_are_and_many_come_close() {
        let few = RgbaImage::from_fn(9, 9, |x, _| Rgba([(x * 28) as u8, 7, 200, 255]));
        let palette = ColorTable::of(std::iter::once(&few));
        assert_eq!(palette.colors.len(), 9);
        for pixel in few.pixels() {
            let [r, g, b, _] = pixel.0;
            assert_eq!(palette.colors[usize::from(palette.index([r, g, b]))], [r, g, b]);
        }
        let many = RgbaImage::from_fn(256, 64, |x, y| Rgba([x as u8, (4 * y) as u8, 90, 255]));
        let palette = ColorTable::of(std::iter::once(&many));
        assert_eq!(palette.colors.len(), MOST);
        let worst = many.pixels().map(|pixel| {
            let [r, g, b, _] = pixel.0;
            let shown = palette.colors[usize::from(palette.index([r, g, b]))];
            shown.iter().zip([r, g, b]).map(|(s, c)| s.abs_diff(c)).max().unwrap()
        });
        assert!(worst.max().unwrap() <= 20);
    }
}
