//! Sets of samples: embedded images, split so that training and evaluation never share a pixel, and
//! points that are drawn.
//!
//! A *sample* is what the encoder sees at once: an 8x8 patch of a photograph, a digit, an article of
//! clothing, or a point; pixels are grey, row by row, and centred: -0.5 is black, 0.5 is white. The
//! encoder's first outputs then spread around the origin instead of sharing one offset, so that codes
//! which start on them are still near them after the first step.
//!
//! A set is one file and one variant of [`DataSet`]: it says by `Samples` what it holds, and all
//! else follows.

mod cloud;
mod photos;
mod sheet;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::rng::{Purpose, Stream};
use crate::scenario::{DataSet, LaneSpec, Switches};

/// Why an embedded image cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "the embedded image {name} cannot be read ({reason}); the program file is damaged, install it again"
)]
pub struct DataError {
    name: &'static str,
    reason: String,
}

/// A set of samples with its split.
pub struct Dataset {
    set: DataSet,
    samples: Box<dyn Samples>,
    /// The mean picture of the training part, once it was asked for.
    mean: OnceLock<Vec<f64>>,
}

/// The two parts of a set, which share nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Train,
    Eval,
}

/// What samples depend on beside their number, where they move: the step and where the cloud lies.
#[derive(Clone, Copy, Debug)]
pub struct At<'a> {
    /// Steps trained, the one that sees the samples included.
    pub step: u64,
    /// The switches then.
    pub switches: &'a Switches,
}

/// What a set holds.
trait Samples: Send + Sync {
    /// Different samples of a part.
    fn len(&self, part: Part) -> usize;

    /// Ranges of samples of which each is drawn from equally often.
    fn groups(&self, part: Part) -> Vec<Range<usize>> {
        vec![0..self.len(part)]
    }

    /// Appends a sample.
    fn push(&self, part: Part, index: usize, out: &mut Vec<f32>);

    /// Distinct held-out samples there are for a count.
    fn held_out_len(&self) -> usize {
        self.len(Part::Eval)
    }

    /// Appends one of them.
    fn push_held_out(&self, number: usize, out: &mut Vec<f32>) {
        self.push(Part::Eval, number, out);
    }

    /// Held-out samples that together make pictures for the eye, where they do.
    fn pictures(&self) -> Option<PictureSamples>;

    /// Appends samples of step `step` that are drawn, where they are not chosen among those that are
    /// there; false where they are.
    fn draw(&self, _stream: &mut Stream, _samples: usize, _out: &mut Vec<f32>) -> bool {
        false
    }

    /// All pictures in one row of pixels, where samples are cut out of pictures and stay as they are.
    fn row(&self) -> Option<Vec<f32>> {
        None
    }

    /// Where a sample lies in [`Self::row`]: its first pixel, and pixels from one of its rows to the
    /// next.
    fn in_row(&self, _part: Part, _index: usize) -> [usize; 2] {
        [0, 0]
    }

    /// Whether samples are elsewhere at another step.
    fn moves(&self) -> bool {
        false
    }

    /// Brings samples to where they are at a moment.
    fn place(&self, _at: At<'_>, _samples: &mut [f32]) {}
}

/// Samples that together make pictures for the eye.
pub struct PictureSamples {
    /// Pictures.
    pub count: usize,
    /// Width of a picture in pixels.
    pub width: usize,
    /// Height of a picture in pixels.
    pub height: usize,
    /// Samples across and down a picture.
    pub grid: [usize; 2],
    /// All samples, picture by picture, row by row: (count·across·down) x D.
    pub samples: Vec<f32>,
}

/// Number, height and width of the pictures in the reconstruction panel of a set, where it has some.
pub fn pictures_shape(set: DataSet) -> Option<[usize; 3]> {
    let [height, width] = set.sample_size();
    match set {
        DataSet::Photos => Some([photos::PICTURES, photos::REGION, photos::REGION]),
        DataSet::Digits | DataSet::Fashion => Some([sheet::PICTURES, height, width]),
        DataSet::Cloud => None,
    }
}

impl Dataset {
    /// The set of a lane; images are decoded once per process.
    ///
    /// # Errors
    /// A sentence that names the embedded image that cannot be decoded.
    pub fn of(spec: &LaneSpec) -> Result<Arc<Self>, DataError> {
        match spec.set {
            DataSet::Cloud => {
                let samples = Box::new(cloud::Cloud::new(spec.path, spec.eval_tokens));
                Ok(Arc::new(Self { set: spec.set, samples, mean: OnceLock::new() }))
            }
            set => Self::load(set),
        }
    }

    /// A set of images, decoded once per process.
    fn load(set: DataSet) -> Result<Arc<Self>, DataError> {
        static SETS: [OnceLock<Result<Arc<Dataset>, DataError>>; DataSet::ALL.len()] =
            [const { OnceLock::new() }; DataSet::ALL.len()];
        SETS[set as usize]
            .get_or_init(|| {
                let samples: Box<dyn Samples> = match set {
                    DataSet::Photos => Box::new(photos::Photos::decode()?),
                    DataSet::Digits => Box::new(sheet::Sheet::digits()?),
                    DataSet::Fashion => Box::new(sheet::Sheet::fashion()?),
                    DataSet::Cloud => Box::new(cloud::Cloud::still()),
                };
                Ok(Arc::new(Self { set, samples, mean: OnceLock::new() }))
            })
            .clone()
    }

    /// Numbers of a sample, D.
    pub fn pixels(&self) -> usize {
        self.set.sample_size().iter().product()
    }

    /// Whether samples are elsewhere at another step.
    pub fn moves(&self) -> bool {
        self.samples.moves()
    }

    /// The batch of a step: `samples` x D, drawn with replacement from the training part, from
    /// each photograph equally often whatever its size.
    pub fn batch(&self, seed: u64, at: At<'_>, samples: usize) -> Vec<f32> {
        let mut stream = Stream::new(seed, Purpose::Batch, at.step);
        let mut out = Vec::with_capacity(samples * self.pixels());
        if !self.samples.draw(&mut stream, samples, &mut out) {
            for index in self.drawn(&mut stream, samples) {
                self.samples.push(Part::Train, index, &mut out);
            }
        }
        self.samples.place(at, &mut out);
        out
    }

    /// Training samples of a batch, each photograph as likely as the others.
    fn drawn(&self, stream: &mut Stream, samples: usize) -> Vec<usize> {
        let groups = self.samples.groups(Part::Train);
        (0..samples)
            .map(|_| {
                let group = &groups[stream.below(groups.len())];
                group.start + stream.below(group.len())
            })
            .collect()
    }

    /// All pictures of the set in one row of pixels, where a batch can be cut out of them by
    /// [`Self::batch_in_row`].
    pub fn row(&self) -> Option<Vec<f32>> {
        self.samples.row()
    }

    /// Whether samples are cut out of pictures and stay as they are.
    pub fn is_cut(&self) -> bool {
        self.set.has_pictures()
    }

    /// Pixels of a row of a sample.
    pub fn sample_width(&self) -> usize {
        self.set.sample_size()[1]
    }

    /// The same batch as [`Self::batch`] as places in [`Self::row`]: `samples` x 2, the first pixel of
    /// a sample and the pixels from one of its rows to the next.
    pub fn batch_in_row(&self, seed: u64, at: At<'_>, samples: usize) -> Vec<i32> {
        let mut stream = Stream::new(seed, Purpose::Batch, at.step);
        let drawn = self.drawn(&mut stream, samples).into_iter();
        drawn.flat_map(|index| self.samples.in_row(Part::Train, index).map(|n| n as i32)).collect()
    }

    /// `samples` different held-out samples in random order, the same for every seed: at most as many
    /// x D as are held out. Each photograph gives as many as the others while it has enough. Samples
    /// that move are not yet where they are at a step.
    pub fn evaluation(&self, samples: usize) -> Vec<f32> {
        let mut stream = Stream::new(0, Purpose::Evaluation, 0);
        let mut groups = self.samples.groups(Part::Eval);
        groups.sort_by_key(|g| (g.len(), g.start));
        let mut chosen = Vec::new();
        for (i, group) in groups.iter().enumerate() {
            let share = (samples - chosen.len()) / (groups.len() - i);
            let picks = stream.choose(group.len(), share);
            chosen.extend(picks.into_iter().map(|k| group.start + k as usize));
        }
        let mut out = Vec::with_capacity(chosen.len() * self.pixels());
        for k in stream.choose(chosen.len(), chosen.len()) {
            self.samples.push(Part::Eval, chosen[k as usize], &mut out);
        }
        out
    }

    /// The mean squared error per pixel with which the mean picture of the training part stands for each
    /// of the `samples` that [`Self::evaluation`] gives; none where samples make no pictures.
    pub fn error_of_mean(&self, samples: usize) -> Option<f64> {
        if !self.set.has_pictures() {
            return None;
        }
        let mean = self.mean.get_or_init(|| self.mean_of_training());
        let eval = self.evaluation(samples);
        let squares = |sample: &[f32]| -> f64 {
            sample.iter().zip(mean).map(|(&x, m)| (f64::from(x) - m).powi(2)).sum()
        };
        let sum: f64 = eval.chunks_exact(self.pixels()).map(squares).sum();
        Some(sum / eval.len() as f64)
    }

    /// The mean of all samples of the training part, D, each group as much as another one: as batches
    /// are drawn.
    fn mean_of_training(&self) -> Vec<f64> {
        let groups = self.samples.groups(Part::Train);
        let mut mean = vec![0.0; self.pixels()];
        let mut sample = Vec::with_capacity(self.pixels());
        for group in &groups {
            let mut sums = vec![0.0_f64; self.pixels()];
            for index in group.clone() {
                sample.clear();
                self.samples.push(Part::Train, index, &mut sample);
                sums.iter_mut().zip(&sample).for_each(|(sum, &x)| *sum += f64::from(x));
            }
            let weight = 1.0 / (groups.len() * group.len().max(1)) as f64;
            mean.iter_mut().zip(&sums).for_each(|(m, sum)| *m += weight * sum);
        }
        mean
    }

    /// Brings held-out samples to where they are at a moment.
    pub fn place(&self, at: At<'_>, samples: &mut [f32]) {
        self.samples.place(at, samples);
    }

    /// Distinct held-out samples there are for a count: all positions of patches in all eight
    /// orientations of the square, or the held-out pictures of a sheet.
    pub fn held_out_len(&self) -> usize {
        self.samples.held_out_len()
    }

    /// The numbers `range` of `wanted` distinct held-out samples, spread evenly over all that there
    /// are (`wanted` at most [`Dataset::held_out_len`]): rows of D numbers.
    pub fn held_out(&self, wanted: usize, range: Range<usize>) -> Vec<f32> {
        let all = self.held_out_len();
        let mut out = Vec::with_capacity(range.len() * self.pixels());
        for i in range {
            let sample = (i as u128 * all as u128 / wanted as u128) as usize;
            self.samples.push_held_out(sample, &mut out);
        }
        out
    }

    /// Held-out pictures for the reconstruction panel, where the samples make some.
    pub fn pictures(&self) -> Option<PictureSamples> {
        self.samples.pictures()
    }
}

/// A stored grey value as the encoder sees it: -0.5 for black, 0.5 for white.
fn grey(stored: u8) -> f32 {
    f32::from(stored) / 255.0 - 0.5
}

/// A grey value of the decoder as it is shown: what lies outside of black and white is cut off.
pub fn shown(value: f32) -> u8 {
    // A cast cuts off; `round` is a call into the system's library for each pixel on old processors.
    ((value + 0.5).clamp(0.0, 1.0) * 255.0 + 0.5) as u8
}

/// A decoded grey image.
struct Grey {
    width: usize,
    height: usize,
    /// Row by row, as stored: a batch reads from all over the set, and a byte a pixel stays in caches.
    pixels: Vec<u8>,
}

fn decode(name: &'static str, bytes: &[u8]) -> Result<Grey, DataError> {
    let image = image::load_from_memory_with_format(bytes, image::ImageFormat::Png)
        .map_err(|e| DataError { name, reason: e.to_string() })?
        .into_luma8();
    let (width, height) = image.dimensions();
    Ok(Grey { width: width as usize, height: height as usize, pixels: image.into_raw() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_final_count_sees_distinct_held_out_samples() {
        let photos = Dataset::load(DataSet::Photos).unwrap();
        let all = photos.held_out_len();
        let upright = photos.samples.len(Part::Eval);
        assert_eq!(all, 8 * upright);
        // The first half of the orientations is upright and mirrored along one axis; the second
        // sample of each of two orientations is the same patch, turned.
        let two = photos.held_out(all, 1..2);
        let turned = photos.held_out(all, 1 + upright..2 + upright);
        let row = |patch: &[f32]| patch[..8].iter().rev().copied().collect::<Vec<_>>();
        assert_eq!(row(&two), turned[..8]);
        // Fewer are spread over all of them: the last comes from the last orientation.
        let spread = photos.held_out(1000, 999..1000);
        let number = 999 * all / 1000;
        assert_eq!(spread, photos.held_out(all, number..number + 1));
    }

    #[test]
    fn sets_have_the_documented_sizes() {
        let digits = Dataset::load(DataSet::Digits).unwrap();
        let lengths = |set: &Dataset| [Part::Train, Part::Eval].map(|part| set.samples.len(part));
        assert_eq!(lengths(&digits).iter().sum::<usize>(), 1797);
        let fashion = Dataset::load(DataSet::Fashion).unwrap();
        assert_eq!(lengths(&fashion), [1920, 640]);
        assert_eq!(fashion.pixels(), 784);
        let photos = Dataset::load(DataSet::Photos).unwrap();
        let [train, eval] = lengths(&photos);
        assert!(eval > 200_000 && train > 600_000, "{train} {eval}");
    }

    #[test]
    fn the_mean_picture_has_the_error_that_is_worked_out_elsewhere() {
        let digits = Dataset::load(DataSet::Digits).unwrap();
        // Python, from the pixels of assets/digits.png: the mean of the 899 digits for training on the 898
        // held-out ones.
        let error = digits.error_of_mean(898).unwrap();
        assert!((error - 0.073_444_940_173).abs() < 1e-8, "{error}");
        // Points make no pictures.
        assert_eq!(Dataset::load(DataSet::Cloud).unwrap().error_of_mean(1), None);
        // Each photograph counts as much as another one, and its patches are not all equal.
        let photos = Dataset::load(DataSet::Photos).unwrap();
        let error = photos.error_of_mean(4096).unwrap();
        assert!((0.02..0.08).contains(&error), "{error}");
    }

    #[test]
    fn batches_repeat_by_seed_and_step() {
        let set = Dataset::load(DataSet::Photos).unwrap();
        let switches = Switches::default();
        let batch = |step| set.batch(7, At { step, switches: &switches }, 16);
        assert_eq!(batch(3), batch(3));
        assert_ne!(batch(3), batch(4));
        assert_eq!(batch(3).len(), 16 * 64);
        assert!(batch(3).iter().all(|p| (-0.5..=0.5).contains(p)) && !set.moves());
    }

    #[test]
    fn a_batch_cut_out_of_the_row_of_pictures_is_the_batch() {
        let switches = Switches::default();
        for set in [DataSet::Photos, DataSet::Digits, DataSet::Fashion] {
            let set = Dataset::load(set).unwrap();
            let at = At { step: 3, switches: &switches };
            let (row, width) = (set.row().unwrap(), set.sample_width());
            let places = set.batch_in_row(7, at, 16);
            let cut = places.as_chunks::<2>().0.iter().flat_map(|&[start, pitch]| {
                (0..set.pixels())
                    .map(move |i| start as usize + i / width * pitch as usize + i % width)
            });
            let cut: Vec<f32> = cut.map(|pixel| row[pixel]).collect();
            assert_eq!(cut, set.batch(7, at, 16));
        }
    }

    #[test]
    fn stored_greys_come_back_and_others_are_cut_off() {
        assert!((0..=255).all(|stored| shown(grey(stored)) == stored));
        assert_eq!([-3.0, 0.7, f32::NAN].map(shown), [0, 255, 0]);
    }

    #[test]
    fn a_damaged_image_is_named() {
        let error = decode("photos/brick.png", b"not a picture").err().unwrap().to_string();
        assert!(error.contains("photos/brick.png"), "{error}");
    }

    #[test]
    fn pictures_are_held_out_and_whole() {
        for set in DataSet::ALL {
            let data = Dataset::load(set).unwrap();
            assert_eq!(data.pictures().is_some(), set.has_pictures());
            let Some(pictures) = data.pictures() else {
                assert_eq!((set, pictures_shape(set)), (DataSet::Cloud, None));
                continue;
            };
            let per_picture = pictures.grid[0] * pictures.grid[1];
            assert_eq!(pictures.samples.len(), pictures.count * per_picture * data.pixels());
            assert_eq!(pictures.width * pictures.height, per_picture * data.pixels());
            let shape = [pictures.count, pictures.height, pictures.width];
            assert_eq!(pictures_shape(set), Some(shape), "{set:?}");
        }
    }
}
