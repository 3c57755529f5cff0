//! Plots that are only looked at, their marks and notes.

use egui::{Color32, Response, RichText, Ui, vec2};
use egui_plot::{GridMark, Line, Plot, PlotPoints};

use crate::ui::widgets::theme::{palette, size};

/// A plot that is only looked at: no zoom, no drag, bounds set by what it shows.
pub fn plot<'a>(ui: &Ui, name: &str, height: f32) -> Plot<'a> {
    Plot::new(name)
        .grid_color(palette(ui).border)
        .height(height)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .show_crosshair(false)
        .set_margin_fraction(vec2(0.0, 0.0))
        .y_axis_min_width(34.0)
}

/// A line of small print.
pub fn note(ui: &mut Ui, text: impl Into<String>) -> Response {
    let color = palette(ui).weak;
    ui.label(RichText::new(text.into()).size(size::SMALL).color(color))
}

/// Height that leaves room for `lines` of notes.
pub fn height(ui: &Ui, lines: usize) -> f32 {
    (ui.available_height() - lines as f32 * (size::SMALL + 8.0) - 6.0).max(60.0)
}

/// Marks of one rank at the multiples of `step`.
pub fn marks(low: f64, high: f64, step: f64) -> Vec<GridMark> {
    let first = (low / step).ceil() as i64;
    let last = (high / step).floor() as i64;
    (first..=last).map(|i| GridMark { value: i as f64 * step, step_size: step }).collect()
}

/// A line without a legend.
pub fn line<'a>(name: String, points: Vec<[f64; 2]>, color: Color32) -> Line<'a> {
    Line::new(name, PlotPoints::from(points)).color(color)
}

/// A power of ten beside an axis; nothing between two of them.
pub fn power_of_ten(exponent: f64) -> String {
    let rounded = exponent.round();
    if (exponent - rounded).abs() > 1e-6 {
        return String::new();
    }
    match rounded as i32 {
        e @ -3..=3 => format!("{}", 10f64.powi(e)),
        e => format!("1e{e}"),
    }
}
