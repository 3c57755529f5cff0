//! Films: the frames of a range of kept steps as GIF, MP4, WebM or single pictures.

use indicatif::{ProgressBar, ProgressStyle};

use crate::export::video::Video;
use crate::export::{ExportError, ExportOrder, Stage, written};
use crate::figure::gif::Gif;
use crate::figure::look::png;
use crate::figure::quantize::Palette;
use crate::files::output;
use crate::text::count;

/// Frames that the palette of a GIF is made from.
const SAMPLED: usize = 12;

/// Seconds for which the last frame of a GIF stands before it begins again.
const HOLD: f64 = 2.0;

/// Draws each frame once and hands it to every film that was asked for; says what was written.
///
/// # Errors
/// A frame cannot be drawn, a place cannot be written, or ffmpeg fails.
pub fn film(
    order: &ExportOrder,
    steps: &[u64],
    stage: &mut dyn Stage,
) -> Result<Vec<String>, ExportError> {
    let style = ProgressStyle::with_template("{bar:40} frame {pos} of {len}, {eta} to go")
        .map_err(|e| e.to_string())?;
    let first = stage.frame(steps.first().copied().unwrap_or(0))?;
    let size = [first.width(), first.height()];
    let mut gif = match &order.gif {
        Some(_) => Some(Gif::new(size, palette(steps, stage)?)?),
        None => None,
    };
    let mut video = match &order.video {
        Some(file) => Some(Video::start(file, size, order.film.fps, order.is_forced)?),
        None => None,
    };
    let bar = ProgressBar::new(steps.len() as u64).with_style(style);
    let last = steps.len().saturating_sub(1);
    let mut shown = Hundredths::new(order.film.fps);
    for (i, &step) in steps.iter().enumerate() {
        let frame = stage.frame(step)?;
        if let Some(gif) = &mut gif {
            let hold = if i == last { (100.0 * HOLD) as u16 } else { 0 };
            gif.push(&frame, shown.next().max(hold))?;
        }
        if let Some(video) = &mut video {
            video.push(&frame)?;
        }
        if let Some(folder) = &order.frames {
            let file = folder.join(format!("step-{step:07}.png"));
            output::write(&file, &png(&frame)?, order.is_forced)?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let frames = format!(
        "{} frames, steps {} to {}",
        count(steps.len() as u64),
        count(steps.first().copied().unwrap_or(0)),
        count(steps.last().copied().unwrap_or(0))
    );
    let mut lines = Vec::new();
    if let (Some(gif), Some(file)) = (gif, &order.gif) {
        let bytes = gif.finish()?;
        output::write(file, &bytes, order.is_forced)?;
        lines.push(format!("{}, {frames}", written(file, bytes.len() as u64)));
    }
    if let (Some(video), Some(file)) = (video, &order.video) {
        video.finish()?;
        let bytes = std::fs::metadata(file).map_or(0, |m| m.len());
        lines.push(format!("{}, {frames}", written(file, bytes)));
    }
    if let Some(folder) = &order.frames {
        lines.push(format!("{}: {frames}", folder.display()));
    }
    Ok(lines)
}

/// Colours of some frames, evenly over the film.
fn palette(steps: &[u64], stage: &mut dyn Stage) -> Result<Palette, ExportError> {
    let stride = steps.len().div_ceil(SAMPLED).max(1);
    let mut frames = Vec::new();
    for &step in steps.iter().step_by(stride).chain(steps.last()) {
        frames.push(stage.frame(step)?);
    }
    Ok(Palette::of(frames.iter()))
}

/// Times of frames in hundredths of a second, rounded so that the sum stays right.
struct Hundredths {
    fps: f64,
    frames: u32,
    given: u64,
}

impl Hundredths {
    fn new(fps: f64) -> Self {
        Self { fps, frames: 0, given: 0 }
    }

    fn next(&mut self) -> u16 {
        self.frames += 1;
        let until = (100.0 * f64::from(self.frames) / self.fps).round() as u64;
        // Most programs show a frame of less than two hundredths far too long.
        let own = (until - self.given.min(until)).clamp(2, u64::from(u16::MAX));
        self.given += own;
        own as u16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_frames_add_up() {
        let mut times = Hundredths::new(30.0);
        let all: Vec<u16> = (0..30).map(|_| times.next()).collect();
        assert_eq!(all.iter().map(|&t| u32::from(t)).sum::<u32>(), 100);
        assert!(all.iter().all(|t| (3..=4).contains(t)));
    }
}
