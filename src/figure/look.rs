//! How a picture of the window looks, and pictures as files.

use image::RgbaImage;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};

use crate::figure::panel::Panel;

/// How a picture of the window looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Width and height of the window in points.
    pub size: [u32; 2],
    /// Pixels for a point.
    pub scale: f32,
    /// Whether the theme is dark.
    pub is_dark: bool,
    /// The part of the window.
    pub panel: Panel,
}

/// A picture as a PNG file.
///
/// # Errors
/// What the encoder reports.
pub fn png(image: &RgbaImage) -> Result<Vec<u8>, String> {
    let mut png = Vec::new();
    // Flat areas and few colours: the slow compression makes a third of the fast one.
    let encoder =
        PngEncoder::new_with_quality(&mut png, CompressionType::Best, FilterType::Adaptive);
    image.write_with_encoder(encoder).map_err(|e| e.to_string())?;
    Ok(png)
}
