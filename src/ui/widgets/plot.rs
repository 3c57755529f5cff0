//! Plots that are only looked at, their marks and notes.

use egui::{Color32, Rangef, Response, RichText, Ui, vec2};
use egui_plot::{AxisHints, GridMark, Line, Plot, PlotBounds, PlotPoints};

use crate::figure::axis::Tick;
use crate::figure::chart::Ruler;
use crate::ui::widgets::theme::{self, palette};
use crate::ui::widgets::tokens::{space, tokens};

/// Least room for the labels of the axis up.
const LABELS: f32 = 34.0;

/// Least distance of two labels across and up.
const ACROSS: f32 = 32.0;
const UP: f32 = 11.0;

/// A plot that is only looked at, with the ticks of the axes across and up: no zoom, no drag, bounds set
/// by [`bounds`].
pub fn plot<'a>(ui: &Ui, name: &str, height: f32, [across, up]: [&Ruler; 2]) -> Plot<'a> {
    let ([x, y], [x_labels, y_labels]) = ([marks(across), marks(up)], [across, up].map(labels));
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
        .x_grid_spacer(move |_| x.clone())
        .y_grid_spacer(move |_| y.clone())
        .custom_x_axes(vec![axis(ui, AxisHints::new_x(), ACROSS, x_labels)])
        .custom_y_axes(vec![axis(ui, AxisHints::new_y(), UP, y_labels).min_thickness(LABELS)])
}

/// An axis whose ticks have their labels where these do not lie on each other, which is so from `room`
/// points between two of them on.
fn axis<'a>(
    ui: &Ui,
    hints: AxisHints<'a>,
    room: f32,
    labels: impl Fn(GridMark) -> String + 'a,
) -> AxisHints<'a> {
    hints
        .formatter(move |mark, _: &_| labels(mark))
        .label_spacing(Rangef::new(room, room + 1.0))
        .tick_label_font(theme::font(tokens(ui).small))
        .tick_label_color(palette(ui).weak)
}

/// Marks at the ticks of an axis, in numbers that lie evenly.
fn marks(ruler: &Ruler) -> Vec<GridMark> {
    let places: Vec<f64> = ruler.ticks.iter().map(|t| ruler.axis.even(t.value)).collect();
    let [low, high] = ruler.axis.even_ends();
    // Of one rank: as far apart as the nearest two.
    let gaps = places.windows(2).map(|pair| pair[1] - pair[0]);
    let step_size = gaps.fold(high - low, f64::min);
    places.into_iter().map(|value| GridMark { value, step_size }).collect()
}

/// What stands at the marks of an axis.
fn labels(ruler: &Ruler) -> impl Fn(GridMark) -> String + use<> {
    let Ruler { axis, ticks, .. } = ruler.clone();
    move |mark| {
        let is_here =
            |tick: &&Tick| (axis.even(tick.value) - mark.value).abs() < 1e-9 * mark.step_size;
        ticks.iter().find(is_here).map_or(String::new(), |tick| tick.label.clone())
    }
}

/// What a plot shows: both axes, and beyond their upper ends so large a share of them.
pub fn bounds([across, up]: [&Ruler; 2], beyond: [f64; 2]) -> PlotBounds {
    let ([left, right], [low, high]) = (across.axis.even_ends(), up.axis.even_ends());
    let [right, high] = [right + beyond[0] * (right - left), high + beyond[1] * (high - low)];
    PlotBounds::from_min_max([left, low], [right, high])
}

/// A line of small print.
pub fn note(ui: &mut Ui, text: impl Into<String>) -> Response {
    let color = palette(ui).weak;
    ui.label(RichText::new(text.into()).size(tokens(ui).small).color(color))
}

/// Height that leaves room for `lines` of notes.
pub fn height(ui: &Ui, lines: usize) -> f32 {
    (ui.available_height() - lines as f32 * (tokens(ui).small + space::S) - space::S).max(60.0)
}

/// A line without a legend.
pub fn line<'a>(name: String, points: Vec<[f64; 2]>, color: Color32) -> Line<'a> {
    Line::new(name, PlotPoints::from(points)).color(color)
}
