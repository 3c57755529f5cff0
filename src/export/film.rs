//! Films: the frames of a range of kept steps as GIF, MP4, WebM or single pictures.

use image::RgbaImage;
use indicatif::{ProgressBar, ProgressStyle};

use crate::export::script::Cue;
use crate::export::video::Video;
use crate::export::{ExportError, ExportOrder, Stage, written};
use crate::figure::gif::Gif;
use crate::figure::look::png;
use crate::figure::quantize::ColorTable;
use crate::files::output;
use crate::text::count;

/// Frames that the palette of a GIF is made from.
const SAMPLED: usize = 12;

/// Seconds for which the last frame of a GIF stands before it begins again.
const HOLD: f64 = 2.0;

/// A picture of a film.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Take {
    /// The kept step that it shows.
    pub step: u64,
    /// The beat that stands there.
    pub beat: Option<usize>,
    /// Seconds for which it stands; as long as every other one without.
    pub seconds: Option<f64>,
}

impl Take {
    fn draw(&self, stage: &mut dyn Stage) -> Result<RgbaImage, ExportError> {
        match self.beat {
            Some(number) => stage.beat(self.step, number),
            None => stage.frame(self.step),
        }
    }

    /// As how many frames it stands in a film.
    fn frames(&self, fps: f64) -> usize {
        self.seconds.map_or(1, |seconds| (seconds * fps).ceil().max(1.0) as usize)
    }
}

/// The pictures of a film of some steps, with beats where they stand: each before the first step that
/// comes after it.
pub fn takes(steps: &[u64], kept: &[u64], cues: &[Cue]) -> Vec<Take> {
    let first = steps.first().copied().unwrap_or(0);
    let mut cues = cues.iter().filter(|cue| cue.step >= first).peekable();
    let mut takes = Vec::new();
    let take = |cue: &Cue| {
        let at = kept.partition_point(|&step| step <= cue.step);
        let step = at.checked_sub(1).map_or(first, |i| kept[i]);
        Take { step, beat: Some(cue.beat), seconds: Some(cue.seconds) }
    };
    for &step in steps {
        while let Some(cue) = cues.next_if(|cue| cue.step < step) {
            takes.push(take(cue));
        }
        takes.push(Take { step, beat: None, seconds: None });
        while let Some(cue) = cues.next_if(|cue| cue.step == step) {
            takes.push(take(cue));
        }
    }
    takes
}

/// Draws each picture once and hands it to every film that was asked for, at so many frames a second;
/// says what was written.
///
/// # Errors
/// A frame cannot be drawn, a place cannot be written, or ffmpeg fails.
pub fn film(
    order: &ExportOrder,
    takes: &[Take],
    fps: f64,
    stage: &mut dyn Stage,
) -> Result<Vec<String>, ExportError> {
    let style = ProgressStyle::with_template("{bar:40} frame {pos} of {len}, {eta} to go")
        .map_err(|e| e.to_string())?;
    let mut steps: Vec<u64> = takes.iter().map(|take| take.step).collect();
    steps.dedup();
    stage.keep_axes(&steps)?;
    let first = stage.frame(takes.first().map_or(0, |take| take.step))?;
    let size = [first.width(), first.height()];
    let mut gif = match &order.gif {
        Some(_) => Some(Gif::new(size, palette(takes, stage)?)?),
        None => None,
    };
    let mut video = match &order.video {
        Some(file) => Some(Video::start(file, size, fps, order.is_forced)?),
        None => None,
    };
    let bar = ProgressBar::new(takes.len() as u64).with_style(style);
    let last = takes.len().saturating_sub(1);
    let mut shown = Hundredths::new(fps);
    let mut frames = 0;
    for (i, take) in takes.iter().enumerate() {
        let frame = take.draw(stage)?;
        let times = take.frames(fps);
        frames += times;
        if let Some(gif) = &mut gif {
            let stands = (0..times).map(|_| u32::from(shown.next())).sum::<u32>();
            let hold = if i == last { (100.0 * HOLD) as u16 } else { 0 };
            gif.push(&frame, u16::try_from(stands).unwrap_or(u16::MAX).max(hold))?;
        }
        if let Some(video) = &mut video {
            for _ in 0..times {
                video.push(&frame)?;
            }
        }
        if let Some(folder) = &order.frames {
            let beat = take.beat.map_or(String::new(), |number| format!("-beat-{}", number + 1));
            let file = folder.join(format!("step-{:07}{beat}.png", take.step));
            output::write(&file, &png(&frame)?, order.is_forced)?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let step = |take: Option<&Take>| count(take.map_or(0, |take| take.step));
    let frames = format!(
        "{} frames, steps {} to {}",
        count(frames as u64),
        step(takes.first()),
        step(takes.last())
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
fn palette(takes: &[Take], stage: &mut dyn Stage) -> Result<ColorTable, ExportError> {
    let stride = takes.len().div_ceil(SAMPLED).max(1);
    let mut frames = Vec::new();
    for take in takes.iter().step_by(stride).chain(takes.last()) {
        frames.push(take.draw(stage)?);
    }
    Ok(ColorTable::of(frames.iter()))
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
    fn beats_stand_where_their_steps_are() {
        let cue = |step, beat| Cue { step, beat, seconds: 2.5 };
        let cues = [cue(0, 3), cue(12, 0), cue(20, 1), cue(30, 2)];
        let takes = takes(&[0, 10, 20], &[0, 10, 20, 30], &cues);
        let told: Vec<_> = takes.iter().map(|take| (take.step, take.beat)).collect();
        let expected =
            [(0, None), (0, Some(3)), (10, None), (10, Some(0)), (20, None), (20, Some(1))];
        assert_eq!(told, expected);
        assert_eq!((takes[0].frames(20.0), takes[1].frames(20.0)), (1, 50));
    }

    #[test]
    fn times_of_frames_add_up() {
        let mut times = Hundredths::new(30.0);
        let all: Vec<u16> = (0..30).map(|_| times.next()).collect();
        assert_eq!(all.iter().map(|&t| u32::from(t)).sum::<u32>(), 100);
        assert!(all.iter().all(|t| (3..=4).contains(t)));
    }
}
