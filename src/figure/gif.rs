//! Animated GIF (GIF89a): one palette for the film, and of each frame only what has changed.
//!
//! Source: CompuServe, Graphics Interchange Format version 89a, 1990. A frame is the least rectangle
//! around all changed pixels; pixels in it that are as before have the transparent number, which
//! makes long runs for the compression.

use image::RgbaImage;

use crate::figure::quantize::Palette;

/// The number that stands for "as before".
const AS_BEFORE: u8 = 255;

/// Longest code in bits.
const LONGEST: u32 = 12;

/// A film that is being written.
pub struct Gif {
    bytes: Vec<u8>,
    palette: Palette,
    size: [usize; 2],
    /// What is shown, as numbers of the palette.
    shown: Vec<u8>,
    dictionary: Dictionary,
}

impl Gif {
    /// Starts a film of frames of `size` pixels that repeats for ever.
    ///
    /// # Errors
    /// A side is longer than the format holds.
    pub fn new(size: [u32; 2], palette: Palette) -> Result<Self, String> {
        let [width, height] = size;
        let sides = [u16::try_from(width), u16::try_from(height)];
        let [Ok(w), Ok(h)] = sides else {
            return Err(format!(
                "a GIF of {width}x{height} pixels cannot be; use a smaller --scale"
            ));
        };
        let mut bytes = b"GIF89a".to_vec();
        bytes.extend([w.to_le_bytes(), h.to_le_bytes()].concat());
        // A global palette of 256 colours.
        bytes.extend([0xf7, 0, 0]);
        for i in 0..256 {
            bytes.extend(palette.colors.get(i).unwrap_or(&[0; 3]));
        }
        bytes.extend(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00");
        let pixels = width as usize * height as usize;
        Ok(Self {
            bytes,
            palette,
            size: [width as usize, height as usize],
            shown: vec![AS_BEFORE; pixels],
            dictionary: Dictionary::default(),
        })
    }

    /// Adds a frame that is shown for so many hundredths of a second.
    pub fn push(&mut self, frame: &RgbaImage, hundredths: u16) {
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
        // Graphic control: keep what is shown, one number is transparent.
        self.bytes.extend([0x21, 0xf9, 4, 0b101]);
        self.bytes.extend(hundredths.to_le_bytes());
        self.bytes.extend([AS_BEFORE, 0, 0x2c]);
        for side in [left, top, right - left + 1, bottom - top + 1] {
            self.bytes.extend((side as u16).to_le_bytes());
        }
        self.bytes.extend([0, 8]);
        let part = (top..=bottom).flat_map(|y| (left..=right).map(move |x| y * width + x));
        let numbers: Vec<u8> =
            part.map(|i| if new[i] == self.shown[i] { AS_BEFORE } else { new[i] }).collect();
        let packed = self.dictionary.compress(&numbers);
        for block in packed.chunks(255) {
            self.bytes.push(block.len() as u8);
            self.bytes.extend(block);
        }
        self.bytes.push(0);
        self.shown = new;
    }

    /// The file.
    pub fn finish(mut self) -> Vec<u8> {
        self.bytes.push(0x3b);
        self.bytes
    }
}

/// Strings of the compression (Lempel, Ziv, Welch 1984): the code of a string and the number after
/// it give the code of the longer string. An entry counts only if it carries the present stamp, so
/// that nothing need be cleared.
#[derive(Default)]
struct Dictionary {
    entries: Vec<u32>,
    stamp: u32,
}

impl Dictionary {
    fn compress(&mut self, numbers: &[u8]) -> Vec<u8> {
        const CLEAR: u32 = 256;
        const END: u32 = 257;
        self.entries.resize(256 << LONGEST, 0);
        let mut out = Bits::default();
        let (mut next, mut width) = (END + 1, 9);
        self.renew();
        out.put(CLEAR, width);
        let mut numbers = numbers.iter().map(|&n| u32::from(n));
        let Some(mut prefix) = numbers.next() else {
            out.put(END, width);
            return out.finish();
        };
        for number in numbers {
            let place = (prefix << 8 | number) as usize;
            let entry = self.entries[place];
            if entry >> LONGEST == self.stamp {
                prefix = entry & ((1 << LONGEST) - 1);
                continue;
            }
            out.put(prefix, width);
            prefix = number;
            if next < 1 << LONGEST {
                self.entries[place] = self.stamp << LONGEST | next;
                if next == 1 << width {
                    width += 1;
                }
                next += 1;
            } else {
                out.put(CLEAR, width);
                self.renew();
                (next, width) = (END + 1, 9);
            }
        }
        out.put(prefix, width);
        // The decoder has one string fewer: it may be about to widen.
        if next == 1 << width && width < LONGEST {
            width += 1;
        }
        out.put(END, width);
        out.finish()
    }

    fn renew(&mut self) {
        self.stamp += 1;
        if self.stamp >> (32 - LONGEST) > 0 {
            self.entries.fill(0);
            self.stamp = 1;
        }
    }
}

/// Codes of changing width, lowest bit first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, code: u32, width: u32) {
        self.held |= code << self.count;
        self.count += width;
        while self.count >= 8 {
            self.bytes.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.bytes.push(self.held as u8);
        }
        self.bytes
    }
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
        let mut gif = Gif::new([320, 200], Palette::of(frames.iter())).unwrap();
        frames.iter().for_each(|frame| gif.push(frame, 5));
        let bytes = gif.finish();
        let decoder = GifDecoder::new(Cursor::new(&bytes)).unwrap();
        let back = decoder.into_frames().collect_frames().unwrap();
        assert_eq!(back.len(), frames.len());
        for (got, frame) in back.iter().zip(&frames) {
            assert!(got.buffer() == frame, "a frame differs");
            assert_eq!(got.delay().numer_denom_ms(), (50, 1));
        }
        // The last frame is as the one before and takes next to nothing.
        let mut shorter = Gif::new([320, 200], Palette::of(frames.iter())).unwrap();
        frames[..5].iter().for_each(|frame| shorter.push(frame, 5));
        assert!(bytes.len() - shorter.finish().len() < 40);
    }

    #[test]
    fn a_size_that_the_format_cannot_hold_is_refused() {
        let palette = Palette::of(std::iter::empty());
        assert!(Gif::new([70_000, 10], palette).is_err_and(|e| e.contains("--scale")));
    }
}
