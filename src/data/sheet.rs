//! Small images on a sheet: handwritten digits and Fashion-MNIST.

use super::{DataError, Grey, Part, PictureSamples, Samples, decode, grey};

/// Pictures for the reconstruction panel.
pub const PICTURES: usize = 16;

/// Images of one size in reading order on a sheet.
pub struct Sheet {
    sheet: Grey,
    side: usize,
    /// Images for training.
    train: Vec<u32>,
    /// Images for evaluation.
    eval: Vec<u32>,
}

impl Sheet {
    /// 1,797 digits, 8x8. Every second one is held out: the set is small, and a codebook can only
    /// be judged on many more tokens than codes.
    pub fn digits() -> Result<Self, DataError> {
        let sheet = decode("digits.png", include_bytes!("../../assets/digits.png"))?;
        Ok(Self::split(sheet, 8, 1797, 2))
    }

    /// 2,560 articles of clothing, 28x28, classes in turn. Every fourth one is held out.
    pub fn fashion() -> Result<Self, DataError> {
        let sheet = decode("fashion.png", include_bytes!("../../assets/fashion.png"))?;
        Ok(Self::split(sheet, 28, 2560, 4))
    }

    fn split(sheet: Grey, side: usize, count: u32, every: u32) -> Self {
        let (eval, train) = (0..count).partition(|i| i % every == every - 1);
        Self { sheet, side, train, eval }
    }

    fn part(&self, part: Part) -> &[u32] {
        match part {
            Part::Train => &self.train,
            Part::Eval => &self.eval,
        }
    }

    /// Where an image begins on the sheet.
    fn first_pixel(&self, index: u32) -> usize {
        let columns = self.sheet.width / self.side;
        let (x, y) = (index as usize % columns * self.side, index as usize / columns * self.side);
        y * self.sheet.width + x
    }

    /// Appends an image, row by row, -0.5 to 0.5.
    fn push_image(&self, index: u32, out: &mut Vec<f32>) {
        let first = self.first_pixel(index);
        for row in 0..self.side {
            let start = first + row * self.sheet.width;
            let pixels = &self.sheet.pixels[start..start + self.side];
            out.extend(pixels.iter().copied().map(grey));
        }
    }
}

impl Samples for Sheet {
    fn len(&self, part: Part) -> usize {
        self.part(part).len()
    }

    fn push(&self, part: Part, index: usize, out: &mut Vec<f32>) {
        self.push_image(self.part(part)[index], out);
    }

    fn row(&self) -> Option<Vec<f32>> {
        Some(self.sheet.pixels.iter().copied().map(grey).collect())
    }

    fn in_row(&self, part: Part, index: usize) -> [usize; 2] {
        [self.first_pixel(self.part(part)[index]), self.sheet.width]
    }

    /// The first held-out images.
    fn pictures(&self) -> Option<PictureSamples> {
        let mut samples = Vec::new();
        for &index in self.eval.iter().take(PICTURES) {
            self.push_image(index, &mut samples);
        }
        Some(PictureSamples {
            count: PICTURES,
            width: self.side,
            height: self.side,
            grid: [1, 1],
            samples,
        })
    }
}
