//! Pictures of the window and of one panel: into the clipboard, or into a file of its own.
//!
//! The picture is what the window shows, in its own pixels. `vqscope shot` with a link to the same
//! screen draws it at any other scale.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use egui::{ColorImage, Context, Rect, ScreenshotCallback, ViewportCommand};
use image::RgbaImage;

use crate::figure::look::png;
use crate::files::{self, Over};
use crate::ui::layout::{panels, strip};
use crate::ui::state::AppState;
use crate::words;

/// Most files of one name; more are a key that is stuck.
const MOST_FILES: usize = 1000;

/// Copies a picture of the window once it is drawn.
pub fn copy(ctx: &Context, state: &AppState) {
    let (sender, own) = (state.pictures().sender(), ctx.clone());
    let take = move |image: Arc<ColorImage>| {
        let [width, height] = image.size;
        own.copy_image(ColorImage::clone(&image));
        sender
            .send(Ok(words!("notice-copied-a-picture-of-the", width = width, height = height)))
            .ok();
        own.request_repaint();
    };
    ctx.send_viewport_cmd(ViewportCommand::Screenshot(ScreenshotCallback::new(take)));
}

/// Saves a picture of the window, or of the panel under the pointer, once it is drawn.
pub fn save(ctx: &Context, state: &mut AppState, is_panel: bool) {
    let full = ctx.content_rect();
    let mut name = format!("vqscope-{}-step{}", plain(&state.story.name), state.run.shown_step());
    let mut part = None;
    if is_panel {
        let pointer = ctx.input(|i| i.pointer.latest_pos());
        let offset = full.min.to_vec2();
        let found = pointer.and_then(|at| panels::at(state, full.size(), at - offset));
        let Some((panel, rect)) = found else {
            state.run.notice = Some(words!("notice-no-panel-is-under-the").into());
            return;
        };
        name += &format!("-{}", panel.name());
        part = Some((rect.translate(offset), strip::text(state, panel)));
    }
    let folder = state.host.pictures.clone();
    let (sender, own, scale) = (state.pictures().sender(), ctx.clone(), ctx.pixels_per_point());
    let take = move |image: Arc<ColorImage>| {
        // Compressing takes longer than a frame.
        let (back, answer) = (sender.clone(), own.clone());
        let work = move || {
            let (place, line) = part.unzip();
            let outcome = rgba(&image, place, scale)
                .map(|picture| match line {
                    Some(line) => strip::above(&answer, &line, &picture, scale),
                    None => picture,
                })
                .and_then(|picture| write(&folder, &name, &picture));
            back.send(outcome).ok();
            answer.request_repaint();
        };
        if let Err(error) = std::thread::Builder::new().name("picture".into()).spawn(work) {
            sender.send(Err(words!("notice-no-picture-was-saved-no", error = error))).ok();
            own.request_repaint();
        }
    };
    ctx.send_viewport_cmd(ViewportCommand::Screenshot(ScreenshotCallback::new(take)));
}

/// A name that every file system takes: of a path its last part, without its ending.
fn plain(story: &str) -> String {
    let stem = Path::new(story).file_stem().map(|s| s.to_string_lossy().into_owned());
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let name: String = stem.unwrap_or_default().chars().filter(|&c| is_plain(c)).take(60).collect();
    if name.is_empty() { "run".into() } else { name }
}

/// The pixels of a picture, or of the part of it at a place in points of `scale` pixels.
fn rgba(image: &ColorImage, part: Option<Rect>, scale: f32) -> Result<RgbaImage, String> {
    let [width, height] = image.size.map(|side| side as u32);
    let pixels = image.pixels.iter().flat_map(egui::Color32::to_array).collect();
    let whole = RgbaImage::from_raw(width, height, pixels);
    let picture = match (whole, part) {
        (Some(whole), Some(place)) => panels::cut(&whole, place, scale),
        (whole, _) => whole,
    };
    picture.ok_or_else(|| words!("notice-no-picture-was-saved-it").into())
}

/// Writes a picture into a file that is not there yet, and says where.
fn write(folder: &Path, name: &str, picture: &RgbaImage) -> Result<String, String> {
    let png = png(picture).map_err(|why| words!("notice-no-picture-was-saved-try", why = why))?;
    for number in 1..=MOST_FILES {
        let ending = if number == 1 { String::new() } else { format!("-{number}") };
        let path = folder.join(format!("{name}{ending}.png"));
        let path = std::path::absolute(&path).unwrap_or(path);
        match files::write(&path, &png, Over::Refuse) {
            Ok(()) => {
                let (width, height) = picture.dimensions();
                return Ok(words!(
                    "notice-saved-x-pixels",
                    file = path.display(),
                    width = width,
                    height = height
                ));
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(words!(
                    "notice-cannot-be-written-start-vqscope",
                    file = path.display(),
                    error = error
                ));
            }
        }
    }
    Err(words!("notice-there-are-pictures-already-move", most = MOST_FILES, name = name))
}

#[cfg(test)]
mod tests {
    use egui::{Color32, pos2};

    use super::*;

    #[test]
    fn files_are_numbered_and_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let picture = RgbaImage::from_pixel(3, 2, image::Rgba([1, 2, 3, 255]));
        let said: Vec<String> =
            (0..3).map(|_| write(folder.path(), "vqscope-x-step3", &picture).unwrap()).collect();
        let names = ["vqscope-x-step3.png", "vqscope-x-step3-2.png", "vqscope-x-step3-3.png"];
        for (name, said) in names.iter().zip(&said) {
            assert!(said.contains(name) && said.contains("3 x 2 pixels"), "{said}");
            let read = image::open(folder.path().join(name)).unwrap().to_rgba8();
            assert_eq!(read, picture);
        }
        let nowhere = folder.path().join("nowhere");
        let why = write(&nowhere, "x", &picture).unwrap_err();
        assert!(why.contains("nowhere") && why.contains("cannot be written"), "{why}");
    }

    #[test]
    fn a_part_is_cut_out_at_the_scale_of_the_screen() {
        let mut image = ColorImage::filled([40, 30], Color32::BLACK);
        image.pixels[20 * 40 + 10] = Color32::WHITE;
        // With its margin of 4 points, each of 2 pixels.
        let part = Rect::from_min_max(pos2(9.0, 14.0), pos2(11.0, 30.0));
        let cut = rgba(&image, Some(part), 2.0).unwrap();
        assert_eq!((cut.dimensions(), cut.get_pixel(0, 0).0[0]), ((20, 10), 255));
        assert_eq!(rgba(&image, None, 2.0).unwrap().dimensions(), (40, 30));
    }

    #[test]
    fn names_of_files_hold_nothing_of_a_path() {
        let names = ["collapse", "/home/me/My runs.toml", "..", "Two: ends"].map(plain);
        assert_eq!(names, ["collapse", "Myruns", "run", "Twoends"]);
    }
}
