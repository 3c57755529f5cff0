//! A picture that is dropped on the window: brought to the shape of a sample, it becomes an input of the
//! user's own.

use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};

use image::imageops::{FilterType, overlay, resize};
use image::{DynamicImage, GrayImage, ImageDecoder as _, ImageReader, Limits, Rgba, RgbaImage};

use crate::files;
use crate::scenario::DataSet;
use crate::text::{count, shown};
use crate::ui::state::AppState;
use crate::words;

/// Longest file of a picture that is read.
const MOST_BYTES: u64 = 64 << 20;

/// Longest side of a picture in pixels, and the memory that reading one may take.
const MOST_PIXELS: u32 = 20_000;
const MOST_MEMORY: u64 = 1 << 30;

/// Pixels of the shorter side that are worked on: what is larger is made smaller at once, because each
/// copy of it would take as much memory again.
const SHORTER_SIDE: u32 = 2048;

/// A picture as a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// Grey, row by row, as many numbers as a sample has.
    pub grey: Vec<u8>,
    /// Whether light and dark were changed, since samples are light on black and it was not.
    pub is_turned: bool,
}

/// A file that was dropped, with what became of it.
type Outcome = (PathBuf, DataSet, Result<Brought, String>);

/// Files that were dropped and are being read.
pub struct Dropped {
    sender: Sender<Outcome>,
    receiver: Receiver<Outcome>,
}

impl Default for Dropped {
    fn default() -> Self {
        let (sender, receiver) = channel();
        Self { sender, receiver }
    }
}

impl AppState {
    /// Reads a file that was dropped as a sample of the set that trains, on a thread of its own, and
    /// calls `then` once it is read.
    pub fn drop_file(&mut self, path: PathBuf, then: impl FnOnce() + Send + 'static) {
        let set = self.running().data.set;
        let file = named(&path);
        if !self.run.stage().has_controls() {
            self.run.notice = Some(words!("own-dropped-not-here", file = file));
            return;
        }
        if !set.has_pictures() {
            self.run.notice = Some(words!("own-dropped-on-points", file = file));
            return;
        }
        let sender = self.dropped.sender.clone();
        let work = move || {
            let outcome = read(&path, set);
            sender.send((path, set, outcome)).ok();
            then();
        };
        if std::thread::Builder::new().name("dropped".into()).spawn(work).is_err() {
            self.run.notice = Some(words!("notice-no-thread-could-be-started").into());
        }
    }

    /// Takes one of several files that were dropped together, and says how many there were.
    pub fn drop_files(&mut self, paths: Vec<PathBuf>, then: impl FnOnce() + Send + 'static) {
        let number = paths.len();
        let Some(first) = paths.into_iter().next() else { return };
        let file = named(&first);
        self.run.notice = None;
        self.drop_file(first, then);
        // What is wrong with that one is said alone.
        if number > 1 && self.run.notice.is_none() {
            let files = count(number as u64);
            self.run.notice = Some(words!("own-dropped-several", files = files, file = file));
        }
    }

    /// Takes what was read: it is encoded from now on, and shown where an own input is.
    pub fn take_dropped(&mut self) {
        let all: Vec<_> = self.dropped.receiver.try_iter().collect();
        for (path, set, outcome) in all {
            match outcome {
                Ok(brought) => {
                    let [height, width] = set.sample_size();
                    let (file, pixels) = (named(&path), format!("{width} x {height}"));
                    self.toast = Some(match brought.is_turned {
                        true => words!("own-dropped-turned", file = file, pixels = pixels),
                        false => words!("own-dropped", file = file, pixels = pixels),
                    });
                    self.encode_own(Some(brought.grey));
                    self.prefs.layers.inspector = true;
                }
                Err(why) => self.run.notice = Some(why),
            }
        }
    }
}

/// The name of a file, as it can be shown.
fn named(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    shown(&name.to_string_lossy())
}

/// Reads a file as a sample of a set.
fn read(path: &Path, set: DataSet) -> Result<Brought, String> {
    let name = named(path);
    let bytes = files::read(path, MOST_BYTES).map_err(|why| format!("{name} {why}"))?;
    of_bytes(&name, &bytes, set)
}

/// Makes a sample of a set of the bytes of a file.
///
/// # Errors
/// They are no picture.
pub fn of_bytes(name: &str, bytes: &[u8], set: DataSet) -> Result<Brought, String> {
    let picture = decoded(bytes).map_err(|why| {
        let why = shown(&why.to_string());
        format!("{name} is no picture that can be read ({why}); drop a PNG, JPEG or GIF")
    })?;
    Ok(brought(picture, set))
}

/// The picture of a file, upright; of several the first.
fn decoded(bytes: &[u8]) -> Result<DynamicImage, image::ImageError> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(MOST_PIXELS), Some(MOST_PIXELS));
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder()?;
    let turn = decoder.orientation()?;
    let mut picture = made_smaller(DynamicImage::from_decoder(decoder)?);
    picture.apply_orientation(turn);
    Ok(picture)
}

/// A picture whose shorter side is no longer than [`SHORTER_SIDE`].
fn made_smaller(picture: DynamicImage) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    let shorter = width.min(height);
    if shorter <= SHORTER_SIDE {
        return picture;
    }
    let side = |side: u32| (u64::from(side) * u64::from(SHORTER_SIDE) / u64::from(shorter)) as u32;
    picture.thumbnail_exact(side(width), side(height))
}

/// A picture in the shape of a sample: the middle of it, averaged, in grey. What is see-through lies on
/// white, as on paper. Samples of some sets are light on black; a picture whose rim is light is turned
/// into one.
fn brought(picture: DynamicImage, set: DataSet) -> Brought {
    let [height, width] = set.sample_size().map(|side| side as u32);
    let [across, down] = [picture.width(), picture.height()].map(f64::from);
    // The largest part of the sample's shape.
    let scale = (across / f64::from(width)).min(down / f64::from(height));
    let part =
        |side: u32, whole: u32| ((f64::from(side) * scale).round() as u32).clamp(1, whole.max(1));
    let (w, h) = (part(width, picture.width()), part(height, picture.height()));
    let (x, y) = ((picture.width() - w) / 2, (picture.height() - h) / 2);
    let middle = picture.crop_imm(x, y, w, h).into_rgba8();
    let mut paper = RgbaImage::from_pixel(w, h, Rgba([255; 4]));
    overlay(&mut paper, &middle, 0, 0);
    let mut grey = DynamicImage::from(paper).into_luma8();
    let is_turned = set.is_light_on_black() && is_rim_light(&grey);
    if is_turned {
        image::imageops::invert(&mut grey);
    }
    let grey = resize(&grey, width, height, FilterType::Triangle).into_raw();
    Brought { grey, is_turned }
}

/// Whether more than half of the outermost pixels are light.
fn is_rim_light(grey: &GrayImage) -> bool {
    let (w, h) = grey.dimensions();
    let is_rim = |x: u32, y: u32| x == 0 || y == 0 || x + 1 == w || y + 1 == h;
    let rim = grey.enumerate_pixels().filter(|(x, y, _)| is_rim(*x, *y));
    let (light, all) = rim
        .fold((0, 0), |(light, all), (_, _, pixel)| (light + u32::from(pixel.0[0] > 127), all + 1));
    2 * light > all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::look::png;

    #[test]
    fn a_picture_is_cut_to_its_middle_and_averaged() {
        // Twice as wide as high: stripes of two pixels at the left and right, which are cut off.
        let pixel = |x: u32, y: u32| match (x, y) {
            (4..12, _) => Rgba([(16 * x) as u8, (16 * x) as u8, (16 * x) as u8, 255]),
            _ => Rgba([255, 0, 0, 255]),
        };
        let picture = RgbaImage::from_fn(16, 8, pixel);
        let sample = brought(picture.into(), DataSet::Photos);
        let row: Vec<u8> = (4..12).map(|x| 16 * x).collect();
        assert_eq!(sample, Brought { grey: row.repeat(8), is_turned: false });
        // Eight times as large, in blocks of equal pixels that a checkerboard makes darker: its mean.
        let fine = RgbaImage::from_fn(64, 64, |x, y| {
            let grey = if (x + y) % 2 == 0 { 100 } else { 140 };
            Rgba([grey, grey, grey, 255])
        });
        let sample = brought(fine.into(), DataSet::Photos);
        assert!(sample.grey.iter().all(|grey| grey.abs_diff(120) <= 1), "{:?}", sample.grey);
    }

    #[test]
    fn ink_on_paper_becomes_light_on_black_where_samples_are() {
        // A black stroke on nothing.
        let ink = RgbaImage::from_fn(28, 28, |x, _| {
            Rgba([0, 0, 0, if (12..16).contains(&x) { 255 } else { 0 }])
        });
        let digit = brought(ink.clone().into(), DataSet::Fashion);
        assert!(digit.is_turned);
        assert_eq!((digit.grey[0], digit.grey[14]), (0, 255));
        let patch = brought(ink.into(), DataSet::Photos);
        assert!(!patch.is_turned && patch.grey[0] > 250);
        // It is light on black already.
        let chalk = GrayImage::from_fn(28, 28, |x, _| image::Luma([if x == 14 { 255 } else { 9 }]));
        let digit = brought(chalk.into(), DataSet::Fashion);
        assert_eq!((digit.is_turned, digit.grey[0], digit.grey[14]), (false, 9, 255));
    }

    #[test]
    fn a_file_that_is_no_picture_is_named_in_one_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let whole = png(&RgbaImage::from_pixel(9, 5, Rgba([7; 4]))).unwrap();
        let cases: [(&str, &[u8], &str); 3] = [
            ("notes.txt", b"not a picture at all", "drop a PNG, JPEG or GIF"),
            ("empty.png", b"", "drop a PNG, JPEG or GIF"),
            ("cut.png", &whole[..whole.len() - 30], "drop a PNG, JPEG or GIF"),
        ];
        for (name, bytes, said) in cases {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            let why = read(&path, DataSet::Digits).unwrap_err();
            assert!(why.starts_with(name) && why.contains(said), "{why}");
        }
        let why = read(folder.path(), DataSet::Digits).unwrap_err();
        assert!(why.contains("is a folder"), "{why}");
        // One that says that it has more pixels than memory has room for.
        let mut huge = whole;
        huge[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        assert!(decoded(&huge).is_err());
    }

    #[test]
    fn a_large_picture_is_made_smaller_before_anything_is_done_with_it() {
        // Black at the left, white at the right.
        let wide = GrayImage::from_fn(4300, 3000, |x, _| image::Luma([255 * u8::from(x >= 2150)]));
        let mut bytes = Cursor::new(Vec::new());
        wide.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        let picture = decoded(bytes.get_ref()).unwrap();
        assert_eq!((picture.width(), picture.height()), (2935, 2048));
        let sample = brought(picture, DataSet::Photos);
        assert_eq!((sample.grey[0], sample.grey[7]), (0, 255));
        // A long one keeps what its shorter side has.
        let long = DynamicImage::new_luma8(9000, 40);
        assert_eq!(made_smaller(long).width(), 9000);
    }

    #[test]
    fn a_tiny_picture_is_one_too() {
        let dot = RgbaImage::from_pixel(1, 3, Rgba([90, 90, 90, 255]));
        let sample = brought(dot.into(), DataSet::Fashion);
        assert_eq!(sample.grey, vec![90; 28 * 28]);
    }
}
