//! Animated GIF: one palette for the film, and of each frame only what has changed.
//!
//! A frame is the least rectangle around all changed pixels; pixels in it that are as before have the
//! transparent number, which makes long runs for the compression. The `gif` crate packs and writes.

use gif::{DisposalMethod, Encoder, Frame, Repeat};
use image::RgbaImage;

use crate::figure::quantize::ColorTable;

/// The number that stands for "as before".
const AS_BEFORE: u8 = 255;

/// A film that is being written.
pub struct Gif {
    encoder: Encoder<Vec<u8>>,
    palette: ColorTable,
    size: [usize; 2],
    /// What is shown, as numbers of the palette.
    shown: Vec<u8>,
}

impl Gif {
    /// Starts a film of frames of `size` pixels that repeats for ever.
    ///
    /// # Errors
    /// A side is longer than the format holds.
    pub fn new(size: [u32; 2], palette: ColorTable) -> Result<Self, String> {
        let [width, height] = size;
        let sides = [u16::try_from(width), u16::try_from(height)];
        let [Ok(w), Ok(h)] = sides else {
            return Err(format!(
                "a GIF of {width}x{height} pixels cannot be; use a smaller --scale"
            ));
        };
        // 256 colours, the last of which stands for "as before".
        let mut colors = palette.colors.concat();
        colors.resize(3 * 256, 0);
        let mut encoder = Encoder::new(Vec::new(), w, h, &colors).map_err(failed)?;
        encoder.set_repeat(Repeat::Infinite).map_err(failed)?;
        Ok(Self {
            encoder,
            palette,
            size: [width as usize, height as usize],
            shown: vec![AS_BEFORE; width as usize * height as usize],
        })
    }

    /// Adds a frame that is shown for so many hundredths of a second.
    ///
    /// # Errors
    /// What the encoder reports.
    pub fn push(&mut self, frame: &RgbaImage, hundredths: u16) -> Result<(), String> {
        let [width, height] = self.size;
        let index = |p: &image::Rgba<u8>| self.palette.index([p.0[0], p.0[1], p.0[2]]);
        let new: Vec<u8> = frame.pixels().map(index).collect();
        let is_changed = |x: usize, y: usize| new[y * width + x] != self.shown[y * width + x];
        let row_changed = |y: &usize| (0..width).any(|x| is_changed(x, *y));
        // A frame in which nothing changed still takes its time: one pixel stands for it.
        let top = (0..height).find(row_changed).unwrap_or(0);
        let bottom = (0..height).rev().find(row_changed).unwrap_or(0);
        let column_changed = |x: &usize| (top..=bottom).any(|y| is_changed(*x, y));
        let left = (0..width).find(column_changed).unwrap_or(0);
        let right = (0..width).rev().find(column_changed).unwrap_or(0);
        let part = (top..=bottom).flat_map(|y| (left..=right).map(move |x| y * width + x));
        let numbers: Vec<u8> =
            part.map(|i| if new[i] == self.shown[i] { AS_BEFORE } else { new[i] }).collect();
        let [left, top, width, height] =
            [left, top, right - left + 1, bottom - top + 1].map(|side| side as u16);
        let frame = Frame {
            delay: hundredths,
            // What is shown stays below the next frame.
            dispose: DisposalMethod::Keep,
            transparent: Some(AS_BEFORE),
            left,
            top,
            width,
            height,
            buffer: numbers.into(),
            ..Frame::default()
        };
        self.shown = new;
        self.encoder.write_frame(&frame).map_err(failed)
    }

    /// The file.
    ///
    /// # Errors
    /// What the encoder reports.
    pub fn finish(self) -> Result<Vec<u8>, String> {
        self.encoder.into_inner().map_err(failed)
    }
}

fn failed(error: impl std::fmt::Display) -> String {
    format!("the GIF cannot be written ({error})")
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::codecs::gif::GifDecoder;
    use image::{AnimationDecoder as _, Rgba};

    use super::*;

    /// Frames with flat ground, noise (which fills the dictionary several times) and a moving bar.
    fn frames() -> Vec<RgbaImage> {
        let noise = |x: u32, y: u32, n: u32| {
            let h = (x * 7919 + y * 104_729 + n * 1_299_709).wrapping_mul(2_654_435_761);
            (h >> 24) as u8 & 0xf0
        };
        let frame = |n: u32| {
            RgbaImage::from_fn(320, 200, |x, y| match (x / 20 == n, y > 120) {
                (true, _) => Rgba([200, 30, 60, 255]),
                (_, true) => Rgba([noise(x, y, n / 2), 0x80, 0x40, 255]),
                _ => Rgba([240, 240, 240, 255]),
            })
        };
        (0..5).chain([4]).map(frame).collect()
    }

    #[test]
    fn a_decoder_gets_the_frames_back() {
        let frames = frames();
        let mut gif = Gif::new([320, 200], ColorTable::of(frames.iter())).unwrap();
        frames.iter().for_each(|frame| gif.push(frame, 5).unwrap());
        let bytes = gif.finish().unwrap();
        let decoder = GifDecoder::new(Cursor::new(&bytes)).unwrap();
        let back = decoder.into_frames().collect_frames().unwrap();
        assert_eq!(back.len(), frames.len());
        for (got, frame) in back.iter().zip(&frames) {
            assert!(got.buffer() == frame, "a frame differs");
            assert_eq!(got.delay().numer_denom_ms(), (50, 1));
        }
        // The last frame is as the one before and takes next to nothing.
        let mut shorter = Gif::new([320, 200], ColorTable::of(frames.iter())).unwrap();
        frames[..5].iter().for_each(|frame| shorter.push(frame, 5).unwrap());
        assert!(bytes.len() - shorter.finish().unwrap().len() < 40);
    }

    #[test]
    fn a_size_that_the_format_cannot_hold_is_refused() {
        let palette = ColorTable::of(std::iter::empty());
        assert!(Gif::new([70_000, 10], palette).is_err_and(|e| e.contains("--scale")));
    }
}
