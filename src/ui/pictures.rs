//! Pictures of the window and of one panel: into the clipboard, or into a file of its own.
//!
//! The picture is what the window shows, in its own pixels. `vqscope shot` with a link to the same
//! screen draws it at any other scale.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use egui::{ColorImage, Context, Pos2, Rect, ScreenshotCallback, ViewportCommand};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ImageEncoder, RgbaImage};

use crate::ui::layout::Layout;
use crate::ui::state::AppState;

/// Most files of one name; more are a key that is stuck.
const MOST_FILES: usize = 1000;

/// What became of pictures that were asked for.
pub struct Pictures {
    sender: Sender<Result<String, String>>,
    receiver: Receiver<Result<String, String>>,
}

impl Default for Pictures {
    fn default() -> Self {
        let (sender, receiver) = channel();
        Self { sender, receiver }
    }
}

/// Copies a picture of the window once it is drawn.
pub fn copy(ctx: &Context, state: &AppState) {
    let (sender, own) = (state.pictures.sender.clone(), ctx.clone());
    let take = move |image: Arc<ColorImage>| {
        let [width, height] = image.size;
        own.copy_image(ColorImage::clone(&image));
        sender.send(Ok(format!("copied a picture of the window, {width} x {height} pixels"))).ok();
        own.request_repaint();
    };
    ctx.send_viewport_cmd(ViewportCommand::Screenshot(ScreenshotCallback::new(take)));
}

/// Saves a picture of the window, or of the panel under the pointer, once it is drawn.
pub fn save(ctx: &Context, state: &mut AppState, is_panel: bool) {
    let full = ctx.content_rect();
    let mut name = format!("vqscope-{}-step{}", plain(&state.story), state.known.shown_step());
    let mut part = None;
    if is_panel {
        let pointer = ctx.input(|i| i.pointer.latest_pos());
        let layout = state.layout(full.size());
        let Some((panel, rect)) = pointer.and_then(|at| panel_at(&layout, at, full)) else {
            state.known.notice = Some(
                "no panel is under the pointer; point at one, or save the window with Shift+S"
                    .into(),
            );
            return;
        };
        name += &format!("-{panel}");
        part = Some(rect.translate(full.min.to_vec2()));
    }
    let folder = state.host.pictures.clone();
    let (sender, own, scale) = (state.pictures.sender.clone(), ctx.clone(), ctx.pixels_per_point());
    let take = move |image: Arc<ColorImage>| {
        // Compressing takes longer than a frame.
        let (back, answer) = (sender.clone(), own.clone());
        let work = move || {
            let outcome = rgba(&image, part.map(|rect| rect * scale))
                .and_then(|picture| write(&folder, &name, &picture));
            back.send(outcome).ok();
            answer.request_repaint();
        };
        if let Err(error) = std::thread::Builder::new().name("picture".into()).spawn(work) {
            sender
                .send(Err(format!("no picture was saved: no thread could be started ({error})")))
                .ok();
            own.request_repaint();
        }
    };
    ctx.send_viewport_cmd(ViewportCommand::Screenshot(ScreenshotCallback::new(take)));
}

impl AppState {
    /// Says what became of pictures.
    pub fn take_pictures(&mut self) {
        let all: Vec<_> = self.pictures.receiver.try_iter().collect();
        for outcome in all {
            match outcome {
                Ok(said) => self.said = Some(said),
                Err(why) => self.known.notice = Some(why),
            }
        }
    }

    /// Where everything lies in a window of `size` points.
    pub fn layout(&self, size: egui::Vec2) -> Layout {
        // Nothing can be set while saved runs or files of another program are looked at.
        let has_controls = self.prefs.has_controls && self.aside.is_none() && !self.is_watching();
        let lanes = self.running().lane_ids().len();
        let layout = Layout::of(size, lanes, has_controls, self.prefs.has_numbers);
        if self.is_watching() { layout.without_recon() } else { layout }
    }
}

/// The panel at a place of the window, with its name.
fn panel_at(layout: &Layout, at: Pos2, full: Rect) -> Option<(String, Rect)> {
    let at = at - full.min.to_vec2();
    layout.panels().into_iter().find(|(_, rect)| rect.contains(at))
}

/// A name that every file system takes: of a path its last part, without its ending.
fn plain(story: &str) -> String {
    let stem = Path::new(story).file_stem().map(|s| s.to_string_lossy().into_owned());
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let name: String = stem.unwrap_or_default().chars().filter(|&c| is_plain(c)).take(60).collect();
    if name.is_empty() { "run".into() } else { name }
}

/// The pixels of a picture, or of a part of it.
fn rgba(image: &ColorImage, part: Option<Rect>) -> Result<RgbaImage, String> {
    let [width, height] = image.size.map(|side| side as u32);
    let pixels = image.pixels.iter().flat_map(egui::Color32::to_array).collect();
    let whole = RgbaImage::from_raw(width, height, pixels)
        .ok_or("no picture was saved: it came back cut off; try again")?;
    Ok(part.map_or_else(|| whole.clone(), |rect| crop(&whole, rect)))
}

/// The part of a picture inside `rect`, in pixels.
pub fn crop(whole: &RgbaImage, rect: Rect) -> RgbaImage {
    let side = |from: f32, to: f32, most: u32| {
        let from = (from.round().max(0.0) as u32).min(most);
        (from, (to.round().max(0.0) as u32).min(most).saturating_sub(from))
    };
    let (x, width) = side(rect.left(), rect.right(), whole.width());
    let (y, height) = side(rect.top(), rect.bottom(), whole.height());
    image::imageops::crop_imm(whole, x, y, width, height).to_image()
}

/// A picture as a PNG file in memory. Flat areas and few colours: the slow compression makes a third
/// of the fast one.
///
/// # Errors
/// What the encoder reports.
pub fn png(picture: &RgbaImage) -> Result<Vec<u8>, String> {
    let mut png = Vec::new();
    PngEncoder::new_with_quality(&mut png, CompressionType::Best, FilterType::Adaptive)
        .write_image(picture, picture.width(), picture.height(), image::ExtendedColorType::Rgba8)
        .map_err(|e| e.to_string())?;
    Ok(png)
}

/// Writes a picture into a file that is not there yet, and says where.
fn write(folder: &Path, name: &str, picture: &RgbaImage) -> Result<String, String> {
    let png = png(picture).map_err(|why| format!("no picture was saved ({why}); try again"))?;
    for number in 1..=MOST_FILES {
        let ending = if number == 1 { String::new() } else { format!("-{number}") };
        let path = folder.join(format!("{name}{ending}.png"));
        let path = std::path::absolute(&path).unwrap_or(path);
        let written = File::create_new(&path).and_then(|mut file| file.write_all(&png));
        match written {
            Ok(()) => {
                let (width, height) = picture.dimensions();
                return Ok(format!("saved {}, {width} x {height} pixels", path.display()));
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => {
                return Err(format!(
                    "{} cannot be written ({error}); start vqscope in a folder of your own",
                    path.display()
                ));
            }
        }
    }
    Err(format!(
        "there are {MOST_FILES} pictures {name} already; move them to another folder first"
    ))
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
    fn a_part_is_cut_out_and_stays_inside() {
        let mut image = ColorImage::filled([4, 3], Color32::BLACK);
        image.pixels[2 * 4 + 1] = Color32::WHITE;
        let part = Rect::from_min_max(pos2(1.0, 2.0), pos2(9.0, 9.0));
        let cut = rgba(&image, Some(part)).unwrap();
        assert_eq!(cut.dimensions(), (3, 1));
        assert_eq!((cut.get_pixel(0, 0).0[0], cut.get_pixel(1, 0).0[0]), (255, 0));
        assert_eq!(rgba(&image, None).unwrap().dimensions(), (4, 3));
    }

    #[test]
    fn names_of_files_hold_nothing_of_a_path() {
        let names = ["collapse", "/home/me/My runs.toml", "..", "Two: ends"].map(plain);
        assert_eq!(names, ["collapse", "Myruns", "run", "Twoends"]);
    }
}
