//! Photographs, cut into 8x8 patches on the fly.

use std::ops::Range;

use super::{DataError, Grey, Part, PictureSamples, Samples, decode, grey};

/// Side of a patch in pixels.
const PATCH: usize = 8;

/// Side of a region in pixels. A photograph is a board of such regions; each belongs to training
/// or to evaluation as a whole, and a patch never reaches over a region's border.
pub const REGION: usize = 64;

/// Pictures for the reconstruction panel: one region each.
pub const PICTURES: usize = 12;

const FILES: [(&str, &[u8]); 9] = [
    ("photos/astronaut.png", include_bytes!("../../assets/photos/astronaut.png")),
    ("photos/brick.png", include_bytes!("../../assets/photos/brick.png")),
    ("photos/camera.png", include_bytes!("../../assets/photos/camera.png")),
    ("photos/chelsea.png", include_bytes!("../../assets/photos/chelsea.png")),
    ("photos/coffee.png", include_bytes!("../../assets/photos/coffee.png")),
    ("photos/grass.png", include_bytes!("../../assets/photos/grass.png")),
    ("photos/gravel.png", include_bytes!("../../assets/photos/gravel.png")),
    ("photos/hubble.png", include_bytes!("../../assets/photos/hubble.png")),
    ("photos/rocket.png", include_bytes!("../../assets/photos/rocket.png")),
];

/// Top left corner of a patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Corner {
    photo: u16,
    x: u16,
    y: u16,
}

/// All photographs and the corners of all their patches.
pub struct Photos {
    photos: Vec<Grey>,
    /// Patches for training.
    train: Vec<Corner>,
    /// Patches for evaluation.
    eval: Vec<Corner>,
    /// Corners of whole regions held out.
    held_out: Vec<Corner>,
}

/// Ways to lay a square on itself.
const ORIENTATIONS: usize = 8;

/// Turns a patch into one of the eight orientations of the square: bits for a mirror along each axis
/// and for an exchange of the axes.
fn orient(patch: &mut [f32], orientation: usize) {
    let upright = patch.to_vec();
    for (i, pixel) in patch.iter_mut().enumerate() {
        let (mut x, mut y) = (i % PATCH, i / PATCH);
        if orientation & 4 != 0 {
            (x, y) = (y, x);
        }
        if orientation & 1 != 0 {
            x = PATCH - 1 - x;
        }
        if orientation & 2 != 0 {
            y = PATCH - 1 - y;
        }
        *pixel = upright[y * PATCH + x];
    }
}

/// Every fourth region along a knight's move is held out, so that the held-out part shows each
/// part of every photograph.
fn is_held_out(column: usize, row: usize) -> bool {
    (column + 2 * row) % 4 == 3
}

impl Photos {
    /// Decodes the photographs and lists their patches.
    pub fn decode() -> Result<Self, DataError> {
        let photos =
            FILES.iter().map(|(name, bytes)| decode(name, bytes)).collect::<Result<Vec<_>, _>>()?;
        let (mut train, mut eval, mut held_out) = (Vec::new(), Vec::new(), Vec::new());
        for (photo, grey) in photos.iter().enumerate() {
            for y0 in (0..grey.height).step_by(REGION) {
                for x0 in (0..grey.width).step_by(REGION) {
                    let (x1, y1) = ((x0 + REGION).min(grey.width), (y0 + REGION).min(grey.height));
                    let corner = |x: usize, y: usize| Corner {
                        photo: photo as u16,
                        x: x as u16,
                        y: y as u16,
                    };
                    let is_eval = is_held_out(x0 / REGION, y0 / REGION);
                    let part = if is_eval { &mut eval } else { &mut train };
                    for y in y0..(y1 + 1).saturating_sub(PATCH) {
                        part.extend((x0..(x1 + 1).saturating_sub(PATCH)).map(|x| corner(x, y)));
                    }
                    if is_eval && (x1 - x0, y1 - y0) == (REGION, REGION) {
                        held_out.push(corner(x0, y0));
                    }
                }
            }
        }
        Ok(Self { photos, train, eval, held_out })
    }

    fn part(&self, part: Part) -> &[Corner] {
        match part {
            Part::Train => &self.train,
            Part::Eval => &self.eval,
        }
    }

    /// Appends a patch, row by row, -0.5 to 0.5.
    fn push_patch(&self, corner: Corner, out: &mut Vec<f32>) {
        let photo = &self.photos[corner.photo as usize];
        let mut patch = [0; PATCH * PATCH];
        for (row, to) in patch.as_chunks_mut::<PATCH>().0.iter_mut().enumerate() {
            let start = (corner.y as usize + row) * photo.width + corner.x as usize;
            to.copy_from_slice(&photo.pixels[start..start + PATCH]);
        }
        out.extend_from_slice(&patch.map(grey));
    }

    /// Variance of a region's grey values times its pixels squared.
    fn contrast(&self, region: Corner) -> u64 {
        let grey = &self.photos[region.photo as usize];
        let (mut sum, mut squares) = (0_u64, 0_u64);
        for row in 0..REGION {
            let start = (region.y as usize + row) * grey.width + region.x as usize;
            for &p in &grey.pixels[start..start + REGION] {
                let stored = u64::from(p);
                sum += stored;
                squares += stored.pow(2);
            }
        }
        squares * (REGION * REGION) as u64 - sum.pow(2)
    }
}

impl Samples for Photos {
    fn len(&self, part: Part) -> usize {
        self.part(part).len()
    }

    /// Ranges of the patches of each photograph, which are in their order.
    fn groups(&self, part: Part) -> Vec<Range<usize>> {
        let corners = self.part(part);
        let from = |photo: usize| corners.partition_point(|c| usize::from(c.photo) < photo);
        (0..self.photos.len()).map(|photo| from(photo)..from(photo + 1)).collect()
    }

    fn push(&self, part: Part, index: usize, out: &mut Vec<f32>) {
        self.push_patch(self.part(part)[index], out);
    }

    fn row(&self) -> Option<Vec<f32>> {
        Some(self.photos.iter().flat_map(|photo| &photo.pixels).copied().map(grey).collect())
    }

    fn in_row(&self, part: Part, index: usize) -> [usize; 2] {
        let corner = self.part(part)[index];
        let before = &self.photos[..corner.photo as usize];
        let first: usize = before.iter().map(|photo| photo.pixels.len()).sum();
        let width = self.photos[corner.photo as usize].width;
        [first + corner.y as usize * width + corner.x as usize, width]
    }

    fn held_out_len(&self) -> usize {
        ORIENTATIONS * self.eval.len()
    }

    fn push_held_out(&self, number: usize, out: &mut Vec<f32>) {
        let start = out.len();
        self.push(Part::Eval, number % self.eval.len(), out);
        orient(&mut out[start..], number / self.eval.len());
    }

    /// The held-out regions with the most contrast, photograph by photograph in turn.
    fn pictures(&self) -> Option<PictureSamples> {
        let mut ranked: Vec<(usize, u16, u64, Corner)> = Vec::new();
        for photo in 0..self.photos.len() as u16 {
            let mut regions: Vec<(u64, Corner)> = self
                .held_out
                .iter()
                .filter(|c| c.photo == photo)
                .map(|&c| (self.contrast(c), c))
                .collect();
            regions.sort_by_key(|(contrast, c)| (std::cmp::Reverse(*contrast), c.y, c.x));
            ranked
                .extend(regions.into_iter().enumerate().map(|(rank, (v, c))| (rank, photo, v, c)));
        }
        ranked.sort_by_key(|&(rank, photo, ..)| (rank, photo));
        let chosen: Vec<Corner> = ranked.iter().take(PICTURES).map(|r| r.3).collect();
        let across = REGION / PATCH;
        let mut samples = Vec::with_capacity(chosen.len() * REGION * REGION);
        for region in &chosen {
            for row in 0..across {
                for column in 0..across {
                    let x = region.x + (column * PATCH) as u16;
                    let y = region.y + (row * PATCH) as u16;
                    self.push_patch(Corner { photo: region.photo, x, y }, &mut samples);
                }
            }
        }
        Some(PictureSamples {
            count: chosen.len(),
            width: REGION,
            height: REGION,
            grid: [across, across],
            samples,
        })
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    #[test]
    fn the_eight_orientations_of_a_patch_are_different_and_keep_its_pixels() {
        let upright: Vec<f32> = (0..64).map(|i| i as f32).collect();
        let mut all: Vec<Vec<u32>> = (0..8)
            .map(|orientation| {
                let mut patch = upright.clone();
                orient(&mut patch, orientation);
                patch.iter().map(|&x| x as u32).collect()
            })
            .collect();
        assert_eq!(all[0], (0..64).collect::<Vec<_>>());
        assert_eq!((all[1][0], all[2][0], all[3][0], all[4][1]), (7, 56, 63, 8));
        for patch in &all {
            let mut pixels = patch.clone();
            pixels.sort_unstable();
            assert_eq!(pixels, (0..64).collect::<Vec<_>>());
        }
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 8);
    }

    #[test]
    fn training_and_evaluation_share_no_pixel() {
        let photos = Photos::decode().unwrap();
        let mut owner: Vec<Vec<u8>> =
            photos.photos.iter().map(|p| vec![0; p.pixels.len()]).collect();
        for (part, corners) in [(1_u8, &photos.train), (2, &photos.eval)] {
            for c in corners {
                let width = photos.photos[c.photo as usize].width;
                for row in 0..PATCH {
                    let start = (c.y as usize + row) * width + c.x as usize;
                    for pixel in &mut owner[c.photo as usize][start..start + PATCH] {
                        *pixel |= part;
                    }
                }
            }
        }
        let shared = owner.iter().flatten().filter(|&&o| o == 3).count();
        assert_eq!(shared, 0);
        assert!(owner.iter().flatten().any(|&o| o == 1) && owner.iter().flatten().any(|&o| o == 2));
    }
}
