//! The embedded image sets, split so that training and evaluation never share a pixel.
//!
//! A *sample* is what the encoder sees at once: an 8x8 patch of a photograph, a digit, or an
//! article of clothing; pixels are grey, row by row, and centred: -0.5 is black, 0.5 is white. The
//! encoder's first outputs then spread around the origin instead of sharing one offset, so that codes
//! which start on them are still near them after the first step.

mod photos;
mod sheet;

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::rng::{Purpose, Stream};
use crate::scenario::DataSet;

/// Why an embedded image cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "the embedded image {name} cannot be read ({reason}); the program file is damaged, install it again"
)]
pub struct DataError {
    name: &'static str,
    reason: String,
}

/// One image set with its split.
pub struct Dataset {
    set: DataSet,
    source: Source,
}

enum Source {
    Photos(photos::Photos),
    Sheet(sheet::Sheet),
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

/// Number, height and width of the pictures in the reconstruction panel of a set.
pub fn pictures_shape(set: DataSet) -> [usize; 3] {
    let [height, width] = set.sample_size();
    match set {
        DataSet::Photos => [photos::PICTURES, photos::REGION, photos::REGION],
        DataSet::Digits | DataSet::Fashion => [sheet::PICTURES, height, width],
    }
}

impl Dataset {
    /// The set, decoded once per process.
    ///
    /// # Errors
    /// A sentence that names the embedded image that cannot be decoded.
    pub fn load(set: DataSet) -> Result<Arc<Self>, DataError> {
        static SETS: [OnceLock<Result<Arc<Dataset>, DataError>>; 3] =
            [const { OnceLock::new() }; 3];
        SETS[set as usize]
            .get_or_init(|| {
                let source = match set {
                    DataSet::Photos => Source::Photos(photos::Photos::decode()?),
                    DataSet::Digits => Source::Sheet(sheet::Sheet::digits()?),
                    DataSet::Fashion => Source::Sheet(sheet::Sheet::fashion()?),
                };
                Ok(Arc::new(Self { set, source }))
            })
            .clone()
    }

    /// Pixels of a sample, D.
    pub fn pixels(&self) -> usize {
        self.set.sample_size().iter().product()
    }

    /// Different samples for training.
    pub fn train_len(&self) -> usize {
        match &self.source {
            Source::Photos(photos) => photos.train.len(),
            Source::Sheet(sheet) => sheet.train.len(),
        }
    }

    /// Different samples held out for evaluation.
    pub fn eval_len(&self) -> usize {
        match &self.source {
            Source::Photos(photos) => photos.eval.len(),
            Source::Sheet(sheet) => sheet.eval.len(),
        }
    }

    /// The batch of a step: `samples` x D, drawn with replacement from the training part, from
    /// each photograph equally often whatever its size.
    pub fn batch(&self, seed: u64, step: u64, samples: usize) -> Vec<f32> {
        let mut stream = Stream::new(seed, Purpose::Batch, step);
        let groups = self.groups(true);
        let mut out = Vec::with_capacity(samples * self.pixels());
        for _ in 0..samples {
            let group = &groups[stream.below(groups.len())];
            self.push(true, group.start + stream.below(group.len()), &mut out);
        }
        out
    }

    /// `samples` different held-out samples in random order, the same for every seed: at most
    /// `eval_len` x D. Each photograph gives as many as the others while it has enough.
    pub fn evaluation(&self, samples: usize) -> Vec<f32> {
        let mut stream = Stream::new(0, Purpose::Evaluation, 0);
        let mut groups = self.groups(false);
        groups.sort_by_key(|g| (g.len(), g.start));
        let mut chosen = Vec::new();
        for (i, group) in groups.iter().enumerate() {
            let share = (samples - chosen.len()) / (groups.len() - i);
            let picks = stream.choose(group.len(), share);
            chosen.extend(picks.into_iter().map(|k| group.start + k as usize));
        }
        let mut out = Vec::with_capacity(chosen.len() * self.pixels());
        for k in stream.choose(chosen.len(), chosen.len()) {
            self.push(false, chosen[k as usize], &mut out);
        }
        out
    }

    /// Distinct held-out samples there are for a count: all positions of patches in all eight
    /// orientations of the square, or the held-out pictures of a sheet.
    pub fn held_out_len(&self) -> usize {
        match &self.source {
            Source::Photos(_) => 8 * self.eval_len(),
            Source::Sheet(_) => self.eval_len(),
        }
    }

    /// The numbers `range` of `wanted` distinct held-out samples, spread evenly over all that there
    /// are (`wanted` at most [`Dataset::held_out_len`]): rows of D pixels.
    pub fn held_out(&self, wanted: usize, range: Range<usize>) -> Vec<f32> {
        let (all, upright) = (self.held_out_len(), self.eval_len());
        let mut out = Vec::with_capacity(range.len() * self.pixels());
        for i in range {
            let sample = (i as u128 * all as u128 / wanted as u128) as usize;
            self.push(false, sample % upright, &mut out);
            if let Source::Photos(_) = self.source {
                let start = out.len() - self.pixels();
                photos::orient(&mut out[start..], sample / upright);
            }
        }
        out
    }

    /// Index ranges of the photographs, or the whole range of a sheet.
    fn groups(&self, train: bool) -> Vec<Range<usize>> {
        match &self.source {
            Source::Photos(photos) => photos.groups(train),
            Source::Sheet(_) => vec![0..if train { self.train_len() } else { self.eval_len() }],
        }
    }

    /// Held-out pictures for the reconstruction panel.
    pub fn pictures(&self) -> PictureSamples {
        match &self.source {
            Source::Photos(photos) => photos.pictures(),
            Source::Sheet(sheet) => sheet.pictures(),
        }
    }

    fn push(&self, train: bool, index: usize, out: &mut Vec<f32>) {
        match &self.source {
            Source::Photos(p) => {
                p.push_patch(if train { p.train[index] } else { p.eval[index] }, out);
            }
            Source::Sheet(s) => {
                s.push_image(if train { s.train[index] } else { s.eval[index] }, out);
            }
        }
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
        assert_eq!(all, 8 * photos.eval_len());
        // The first half of the orientations is upright and mirrored along one axis; the second
        // sample of each of two orientations is the same patch, turned.
        let two = photos.held_out(all, 1..2);
        let turned = photos.held_out(all, 1 + photos.eval_len()..2 + photos.eval_len());
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
        assert_eq!(digits.train_len() + digits.eval_len(), 1797);
        let fashion = Dataset::load(DataSet::Fashion).unwrap();
        assert_eq!((fashion.train_len(), fashion.eval_len()), (1920, 640));
        assert_eq!(fashion.pixels(), 784);
        let photos = Dataset::load(DataSet::Photos).unwrap();
        assert!(photos.eval_len() > 200_000, "{}", photos.eval_len());
        assert!(photos.train_len() > 600_000, "{}", photos.train_len());
    }

    #[test]
    fn batches_repeat_by_seed_and_step() {
        let set = Dataset::load(DataSet::Photos).unwrap();
        assert_eq!(set.batch(7, 3, 16), set.batch(7, 3, 16));
        assert_ne!(set.batch(7, 3, 16), set.batch(7, 4, 16));
        assert_eq!(set.batch(7, 3, 16).len(), 16 * 64);
        assert!(set.batch(7, 3, 16).iter().all(|p| (-0.5..=0.5).contains(p)));
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
            let pictures = data.pictures();
            let per_picture = pictures.grid[0] * pictures.grid[1];
            assert_eq!(pictures.samples.len(), pictures.count * per_picture * data.pixels());
            assert_eq!(pictures.width * pictures.height, per_picture * data.pixels());
            let shape = [pictures.count, pictures.height, pictures.width];
            assert_eq!(pictures_shape(set), shape, "{set:?}");
        }
    }
}
