//! MP4 and WebM through the program ffmpeg, where it is installed.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use image::RgbaImage;

use crate::files::output;
use crate::files::{Beside, Over};

/// A film that ffmpeg is writing.
pub struct Video {
    child: Child,
    /// What ffmpeg says of errors; a file, because a full pipe would stop it.
    errors: File,
    /// What ffmpeg writes, until it is whole.
    film: Option<Beside>,
    /// Where it is then.
    place: PathBuf,
    over: Over,
}

impl Video {
    /// Starts ffmpeg on a film of `size` pixels with `fps` frames a second. The codec follows from
    /// the file's suffix: VP9 for .webm, else H.264.
    ///
    /// # Errors
    /// ffmpeg is not installed, or cannot be started.
    pub fn start(file: &Path, size: [u32; 2], fps: f64, is_forced: bool) -> Result<Self, String> {
        let failed = |e: std::io::Error| format!("ffmpeg cannot be started ({e})");
        let errors = tempfile::tempfile().map_err(failed)?;
        let is_webm = file.extension().is_some_and(|e| e.eq_ignore_ascii_case("webm"));
        let [width, height] = size.map(even);
        // A name that looks like an option or a protocol is still a file.
        let mut target = std::ffi::OsString::from("file:");
        let film = Beside::new(file).map_err(|e| output::failed(file, &e))?;
        target.push(film.path());
        let mut command = Command::new("ffmpeg");
        command
            // What is beside is ours, if empty yet.
            .args(["-hide_banner", "-loglevel", "error", "-nostdin", "-y"])
            .args(["-f", "rawvideo", "-pix_fmt", "rgba", "-s", &format!("{width}x{height}")])
            .args(["-r", &fps.to_string(), "-i", "pipe:0"])
            .args(["-vf", "format=yuv420p"])
            .args(if is_webm {
                ["-c:v", "libvpx-vp9", "-crf", "24", "-b:v", "0", "-row-mt", "1"].as_slice()
            } else {
                ["-c:v", "libx264", "-crf", "16", "-preset", "slow", "-movflags", "+faststart"]
                    .as_slice()
            })
            // Nothing in the file depends on the clock or on ffmpeg's version.
            .args(["-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1"])
            // Its name does not tell.
            .args(["-f", if is_webm { "webm" } else { "mp4" }])
            .arg(target)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(errors.try_clone().map_err(failed)?);
        match command.spawn() {
            Ok(child) => Ok(Self {
                child,
                errors,
                film: Some(film),
                place: file.into(),
                over: Over::if_forced(is_forced),
            }),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Err(
                "MP4 and WebM need the program ffmpeg, which was not found; install ffmpeg, or use --gif or --frames"
                    .into(),
            ),
            Err(e) => Err(failed(e)),
        }
    }

    /// Adds a frame.
    ///
    /// # Errors
    /// ffmpeg has stopped; the sentence holds its last words.
    pub fn push(&mut self, frame: &RgbaImage) -> Result<(), String> {
        let Some(pipe) = &mut self.child.stdin else { return Ok(()) };
        if pipe.write_all(with_even_sides(frame).as_raw()).is_ok() {
            return Ok(());
        }
        self.child.wait().ok();
        Err(self.last_words())
    }

    /// Waits until the file is whole.
    ///
    /// # Errors
    /// ffmpeg has failed; the sentence holds its last words.
    pub fn finish(mut self) -> Result<(), String> {
        drop(self.child.stdin.take());
        match self.child.wait() {
            Ok(status) if status.success() => {
                let film = self.film.take().expect("finished once");
                film.keep(self.over).map_err(|e| output::failed(&self.place, &e))
            }
            Ok(_) => Err(self.last_words()),
            Err(e) => Err(format!("ffmpeg was lost ({e})")),
        }
    }

    fn last_words(&mut self) -> String {
        let mut bytes = Vec::new();
        let read = self.errors.rewind().and_then(|()| self.errors.read_to_end(&mut bytes));
        let text = String::from_utf8_lossy(&bytes);
        let last = text.lines().map(str::trim).rfind(|line| !line.is_empty());
        let why = last.filter(|_| read.is_ok()).unwrap_or("it gave no reason");
        format!("ffmpeg failed ({why}); use --gif or --frames, or install another ffmpeg")
    }
}

/// The side of a film: colours at half resolution need even ones.
fn even(side: u32) -> u32 {
    side.next_multiple_of(2)
}

/// A frame whose last column and row are repeated where a side is odd: a line of any colour of its own
/// would be seen.
fn with_even_sides(frame: &RgbaImage) -> Cow<'_, RgbaImage> {
    let (width, height) = frame.dimensions();
    let size = [width, height].map(even);
    if size == [width, height] || width == 0 || height == 0 {
        return Cow::Borrowed(frame);
    }
    let nearest = |x: u32, y: u32| *frame.get_pixel(x.min(width - 1), y.min(height - 1));
    Cow::Owned(RgbaImage::from_fn(size[0], size[1], nearest))
}

impl Drop for Video {
    fn drop(&mut self) {
        // A film that was given up must not leave ffmpeg waiting for more.
        drop(self.child.stdin.take());
        self.child.wait().ok();
    }
}

#[cfg(test)]
mod tests {
    use image::Rgba;

    use super::*;

    #[test]
    fn an_odd_side_repeats_its_last_pixels() {
        let grey = |x: u32, y: u32| Rgba([(10 * x + y) as u8, 0, 0, 255]);
        let whole = with_even_sides(&RgbaImage::from_fn(3, 5, grey)).into_owned();
        assert_eq!(whole.dimensions(), (4, 6));
        for y in 0..6 {
            for x in 0..4 {
                assert_eq!(*whole.get_pixel(x, y), grey(x.min(2), y.min(4)), "{x} {y}");
            }
        }
        let alike = RgbaImage::from_fn(4, 6, grey);
        assert!(matches!(with_even_sides(&alike), Cow::Borrowed(same) if *same == alike));
    }
}
