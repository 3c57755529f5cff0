//! The line above a picture of one part of the window: its step, and the method of each lane that the
//! part shows. A picture on a slide has nothing else around it that would say so.

use egui::{Color32, Context};
use image::RgbaImage;

use crate::figure::panel::Panel;
use crate::scenario::method_name;
use crate::text::count;
use crate::ui::state::AppState;
use crate::ui::widgets::theme;
use crate::ui::widgets::tokens::{WINDOW, space};
use crate::words;

/// What the line above a picture of a part says.
pub fn text(state: &AppState, panel: Panel) -> String {
    let shown = state.run.displayed();
    let mut parts = vec![words!("figure-step", step = count(shown.step))];
    // What is behind a codebook of another program is not known.
    let lanes = state.running().lane_ids().into_iter().filter(|_| shown.stage.terms().has_methods);
    for id in lanes.filter(|id| panel.lane().is_none_or(|only| only == *id)) {
        if let Some(present) = shown.present(id) {
            let method = match &present.spec.fixed {
                Some(fixed) => fixed.method(),
                None => method_name(present.learn_c, present.learn_w),
            };
            parts.push(shown.prefix(id, " ") + method);
        }
    }
    parts.join(" · ")
}

/// Puts the line above a picture, in type for pictures of so many pixels a point.
pub fn above(ctx: &Context, text: &str, picture: &RgbaImage, scale: f32) -> RgbaImage {
    let line = draw(ctx, text, picture.width(), scale);
    let mut whole = RgbaImage::new(picture.width(), line.height() + picture.height());
    image::imageops::replace(&mut whole, &line, 0, 0);
    image::imageops::replace(&mut whole, picture, 0, i64::from(line.height()));
    whole
}

/// The line, so many pixels wide; its height follows from the scale alone, so that the pictures of a
/// film have one size.
fn draw(ctx: &Context, text: &str, width: u32, scale: f32) -> RgbaImage {
    let p = theme::palette_of(ctx);
    let room = width as f32 / scale - 2.0 * space::S;
    let height = ((WINDOW.body + 2.0 * space::XS) * scale).round() as u32;
    let own = ctx.pixels_per_point();
    // The context lays out at its own scale, which may be another one than that of the picture.
    let galley = |size: f32| {
        let font = theme::bold(size * scale / own);
        ctx.fonts_mut(|fonts| fonts.layout_no_wrap(text.into(), font, p.text))
    };
    let natural = galley(WINDOW.body);
    let wide = natural.size().x * own / scale;
    let galley = if wide > room { galley(WINDOW.body * room / wide) } else { natural };
    let [atlas] = ctx.fonts(|fonts| [fonts.image()]);
    let mut line = RgbaImage::from_pixel(width, height, image::Rgba(p.panel.to_array()));
    let left = (space::S * scale).round();
    let top = ((height as f32 - galley.size().y * own) / 2.0).round();
    for row in &galley.rows {
        for glyph in row.visuals.mesh.vertices.chunks_exact(4) {
            let at = (row.pos + glyph[0].pos.to_vec2()).to_vec2() * own;
            let from = [glyph[0].uv, glyph[3].uv].map(|uv| [uv.x as u32, uv.y as u32]);
            for v in from[0][1]..from[1][1] {
                for u in from[0][0]..from[1][0] {
                    let x = left + at.x.round() + (u - from[0][0]) as f32;
                    let y = top + at.y.round() + (v - from[0][1]) as f32;
                    let inside = x >= 0.0 && y >= 0.0 && x < width as f32 && y < height as f32;
                    if let (true, Some(ink)) = (inside, pixel(&atlas, u, v)) {
                        let under = line.get_pixel_mut(x as u32, y as u32);
                        under.0 = over(p.text, ink.a(), under.0);
                    }
                }
            }
        }
    }
    line
}

fn pixel(image: &egui::ColorImage, x: u32, y: u32) -> Option<Color32> {
    let [width, height] = image.size.map(|side| side as u32);
    (x < width && y < height).then(|| image.pixels[(y * width + x) as usize])
}

/// A colour with some of its strength over another one, as the window blends them.
fn over(color: Color32, alpha: u8, under: [u8; 4]) -> [u8; 4] {
    let (color, share) = (color.to_array(), u32::from(alpha));
    std::array::from_fn(|i| {
        ((u32::from(color[i]) * share + u32::from(under[i]) * (255 - share) + 127) / 255) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::LaneId;
    use crate::ui::fixture;
    use crate::words::{Language, within};

    #[test]
    fn every_part_says_its_step_and_the_method_of_each_lane_that_it_shows() {
        let state = fixture::collapse();
        let step = count(state.run.shown_step());
        for panel in Panel::ALL {
            let said = text(&state, panel);
            let has = |id, name: &str| {
                let is_shown = panel.lane().is_none_or(|only| only == id);
                assert_eq!(said.contains(name), is_shown, "{panel:?}: {said}");
            };
            assert!(said.starts_with(&format!("step {step}")), "{said}");
            has(LaneId::A, "A VQ");
            has(LaneId::B, "B SimVQ");
        }
        let one = text(&fixture::one_lane(), Panel::Recon);
        assert!(one.contains("VQ"), "{one}");
        let said = within(Language::Ja, || text(&state, Panel::Maps));
        assert!(said.contains(&step) && said.contains("B SimVQ"), "{said}");
    }

    #[test]
    fn a_picture_gets_a_line_of_one_height_with_ink_in_it_and_stays_whole() {
        let ctx = Context::default();
        theme::install(&ctx);
        drop(ctx.run_ui(egui::RawInput::default(), |_| {}));
        let picture = RgbaImage::from_pixel(300, 40, image::Rgba([9, 8, 7, 255]));
        let whole = above(&ctx, "step 600 · A VQ · B SimVQ", &picture, 1.0);
        let line = whole.height() - 40;
        assert_eq!((whole.width(), line), (300, 22));
        assert_eq!(*whole.get_pixel(299, whole.height() - 1), image::Rgba([9, 8, 7, 255]));
        let ground = *whole.get_pixel(299, 0);
        let inked = |picture: &RgbaImage, line: u32| -> Vec<u32> {
            let pixels = picture.enumerate_pixels().filter(|(_, y, p)| *y < line && **p != ground);
            pixels.map(|(x, ..)| x).collect()
        };
        let ink = inked(&whole, line);
        assert!(ink.len() > 200 && ink.iter().all(|x| (8..292).contains(x)), "{}", ink.len());
        // What is too long becomes smaller, in a line of the same height; nothing is cut off.
        let long = "step 100,000,000 · A fixed codebook · B fixed codebook · and more";
        let whole = above(&ctx, long, &picture, 1.0);
        assert_eq!(whole.height() - 40, line);
        let ink = inked(&whole, line);
        assert!(ink.iter().all(|x| (8..=292).contains(x)) && ink.iter().any(|x| *x > 280));
        // Twice as large at twice the scale.
        let whole = above(&ctx, "step 600", &picture, 2.0);
        assert_eq!(whole.height() - 40, 2 * line);
    }
}
