//! How a picture of the window looks, and pictures as files.

use image::RgbaImage;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};

use crate::figure::layers::Layers;
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
    /// What maps show beside their marks, and beside what the window shows already.
    pub layers: Layers,
    /// Whether a part is as wide as a slide wants it, whatever the scale.
    pub is_for_slide: bool,
    /// Whether the run of the same story as it is written stands beside it, as the run before a restart
    /// with another setting does in the window.
    pub has_before: bool,
}

/// The name on the command line of the run before, which is no layer of the maps.
pub const BEFORE: &str = "before";

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

impl Look {
    /// The look that arguments ask for.
    ///
    /// # Errors
    /// One sentence that names the argument that is out of range.
    pub fn new(
        size: &str,
        scale: f32,
        theme: &str,
        panel: Result<Panel, String>,
    ) -> Result<Self, String> {
        if !(SCALE[0]..=SCALE[1]).contains(&scale) {
            return Err(format!("--scale {scale} is not possible; use 0.5 to 4"));
        }
        let is_dark = match theme {
            "light" => false,
            "dark" => true,
            _ => return Err(format!("--theme {theme} is not known; use light or dark")),
        };
        let layers = Layers::default();
        let (points, panel) = (parse_size(size)?, panel?);
        let (is_for_slide, has_before) = (false, false);
        let look = Self { size: points, scale, is_dark, panel, layers, is_for_slide, has_before };
        let [w, h] = look.pixels();
        if w.max(h) > LARGEST {
            return Err(format!(
                "--size {size} at --scale {scale} makes {w}x{h} pixels, and at most {LARGEST}x{LARGEST} can be drawn; use a smaller one"
            ));
        }
        Ok(look)
    }

    /// The same with layers of the maps by their names.
    ///
    /// # Errors
    /// A sentence about a name that is none.
    pub fn showing(self, names: &[String]) -> Result<Self, String> {
        let (before, layers): (Vec<_>, Vec<_>) =
            names.iter().cloned().partition(|name| name == BEFORE);
        let layers = Layers::of_names(&layers).map_err(|why| format!("{why}, {BEFORE}"))?;
        Ok(Self { layers, has_before: !before.is_empty(), ..self })
    }

    /// The same at about so many pixels a point, as far as that can be drawn.
    #[must_use]
    pub fn scaled(self, scale: f32) -> Self {
        let largest = LARGEST as f32 / self.size[0].max(self.size[1]) as f32;
        Self { scale: scale.clamp(SCALE[0], SCALE[1].min(largest)), ..self }
    }

    /// Width and height of the window in pixels.
    pub fn pixels(&self) -> [u32; 2] {
        self.size.map(|side| (side as f32 * self.scale).round() as u32)
    }
}

/// Least and most pixels a point.
const SCALE: [f32; 2] = [0.5, 4.0];

/// Longest side of a texture that every adapter can draw on.
const LARGEST: u32 = 8192;

fn parse_size(text: &str) -> Result<[u32; 2], String> {
    let parsed = text.split_once('x').and_then(|(w, h)| Some([w.parse().ok()?, h.parse().ok()?]));
    match parsed {
        Some(size @ [w, h]) if (640..=8192).contains(&w) && (400..=8192).contains(&h) => Ok(size),
        _ => Err(format!(
            "--size {text} is not a size; use WIDTHxHEIGHT from 640x400 to 8192x8192, for example 1440x900"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_that_cannot_be_drawn_is_refused_by_its_argument() {
        let new = |size, scale, theme| Look::new(size, scale, theme, Ok(Panel::Window));
        assert_eq!(new("1440x900", 2.0, "dark").map(|l| l.pixels()), Ok([2880, 1800]));
        for (look, word) in [
            (new("1440", 1.0, "dark"), "--size 1440"),
            (new("1440x900", 4.5, "dark"), "--scale 4.5"),
            (new("1440x900", f32::NAN, "dark"), "--scale NaN"),
            (new("4000x900", 4.0, "dark"), "16000x3600"),
            (new("1440x900", 1.0, "blue"), "--theme blue"),
        ] {
            assert!(look.clone().is_err_and(|e| e.contains(word)), "{look:?}");
        }
    }
}
