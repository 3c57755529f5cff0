//! Pictures that are dropped on the window, which another library reads with our limits: PNG, JPEG, GIF.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};

use crate::fuzz::{Input, Outcome, Reader, fuzz, hurt, once_in, one_of};
use crate::rng::Stream;
use crate::scenario::DataSet;
use crate::ui::of_bytes;

const START: &[u8] = b"\x89PNG\r\n\x1a\n";

struct Pictures(Vec<(&'static str, Vec<u8>)>);

impl Pictures {
    fn new() -> Self {
        let pixel = |x: u32, y: u32| Rgba([(9 * x) as u8, (7 * y) as u8, (x ^ y) as u8, 200]);
        let picture = DynamicImage::from(RgbaImage::from_fn(21, 13, pixel));
        let of = |picture: DynamicImage, format: ImageFormat| {
            let mut bytes = Cursor::new(Vec::new());
            picture.write_to(&mut bytes, format).unwrap();
            bytes.into_inner()
        };
        Self(vec![
            ("x.png", of(picture.clone(), ImageFormat::Png)),
            ("x.png", of(picture.to_luma16().into(), ImageFormat::Png)),
            ("x.jpeg", of(picture.to_rgb8().into(), ImageFormat::Jpeg)),
            ("x.jpeg", of(picture.to_luma8().into(), ImageFormat::Jpeg)),
            ("x.gif", of(picture, ImageFormat::Gif)),
        ])
    }
}

/// CRC-32 as PNG counts it.
fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// The chunks of a PNG: kind and data.
fn chunks(png: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let (mut rest, mut all) = (&png[START.len()..], Vec::new());
    while rest.len() >= 12 {
        let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        all.push((rest[4..8].to_vec(), rest[8..8 + length].to_vec()));
        rest = &rest[12 + length..];
    }
    all
}

/// A PNG whose chunks are changed, with their lengths and sums put right.
fn png(stream: &mut Stream, png: &[u8]) -> Vec<u8> {
    let mut all = chunks(png);
    for _ in 0..=stream.below(2) {
        let at = stream.below(all.len());
        match stream.below(6) {
            0 => drop(all.remove(at)),
            1 => all.push(all[at].clone()),
            2 => {
                all[at].0 = one_of(stream, &[b"tRNS", b"PLTE", b"IDAT", b"acTL", b"eXIf"]).to_vec();
            }
            3 if all[at].0 == b"IHDR" && all[at].1.len() == 13 => {
                let lengths = [0, 1, 3, 255, 20_000, 20_001, 1 << 20, 1 << 31, u32::MAX];
                let place = 4 * stream.below(2);
                let length = one_of(stream, &lengths).to_be_bytes();
                all[at].1[place..place + 4].copy_from_slice(&length);
            }
            _ => hurt(stream, &mut all[at].1),
        }
        if all.is_empty() {
            break;
        }
    }
    let mut bytes = START.to_vec();
    for (kind, data) in all {
        let sealed = [kind, data].concat();
        bytes.extend(((sealed.len() - 4) as u32).to_be_bytes());
        bytes.extend(&sealed);
        bytes.extend(crc(&sealed).to_be_bytes());
    }
    bytes
}

/// A JPEG or GIF with bytes behind its first ones changed.
fn behind(stream: &mut Stream, file: &[u8]) -> Vec<u8> {
    let (start, rest) = file.split_at(one_of(stream, &[2, 6, 13, 20]));
    let mut rest = rest.to_vec();
    hurt(stream, &mut rest);
    [start, &rest].concat()
}

impl Reader for Pictures {
    const NAME: &'static str = "picture";

    fn make(&mut self, stream: &mut Stream) -> Input {
        let (name, base) = one_of(stream, &self.0);
        let bytes = match name {
            // Half of them as they come.
            _ if once_in(stream, 2) => {
                let mut bytes = base;
                hurt(stream, &mut bytes);
                bytes
            }
            "x.png" => png(stream, &base),
            _ => behind(stream, &base),
        };
        vec![(name.into(), bytes)]
    }

    fn read(&mut self, input: &Input) -> Outcome {
        let (name, bytes) = &input[0];
        let set = if bytes.len() % 2 == 0 { DataSet::Photos } else { DataSet::Digits };
        let read = of_bytes(name, bytes, set).map(|brought| {
            assert_eq!(brought.grey.len(), set.sample_size().iter().product::<usize>());
        });
        let format = image::guess_format(bytes).ok();
        let is_known =
            matches!(format, Some(ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::Gif));
        Outcome::of(read, is_known)
    }
}

#[test]
fn pictures_are_read_or_refused() {
    fuzz(&mut Pictures::new(), 2000);
}
