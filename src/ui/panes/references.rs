//! Lines across the usage bars: what a code has of even use, and how many codes so many tokens can show.

use egui::{Align2, Rect, Shape, Stroke, Ui, pos2, vec2};

use crate::figure::axis::Axis;
use crate::palette::Palette;
use crate::record::usage::{CountedIn, Usage};
use crate::text::{count, fine_percent, percent};
use crate::ui::panes::topics::Topic;
use crate::ui::widgets::theme;
use crate::ui::widgets::tokens::{line, radius, tokens};
use crate::words;

/// Height of a count on the axis that both lanes share, 0 to 1.
pub fn height(axis: &Axis, n: f32) -> f32 {
    axis.place(f64::from(n)) as f32
}

/// Fair share and sampling ceiling. A ceiling is one of tokens; flags have neither.
pub fn references(
    ui: &Ui,
    plot: Rect,
    axis: &Axis,
    (usage, counted_in): (Usage, CountedIn),
    is_sorted: bool,
    p: &Palette,
) {
    if counted_in == CountedIn::Flags {
        return;
    }
    let painter = ui.painter_at(plot);
    let font = theme::font(tokens(ui).small);
    let stroke = Stroke::new(line::HAIR, p.reference);
    let fair = counted_in.whole(&usage) as f32 / usage.size.max(1) as f32;
    let y = plot.bottom() - 1.0 - height(axis, fair).min(1.0) * (plot.height() - 4.0);
    painter.extend(Shape::dashed_line(
        &[pos2(plot.left(), y), pos2(plot.right(), y)],
        stroke,
        4.0,
        4.0,
    ));
    let fair_text = match counted_in {
        CountedIn::Millionths => fine_percent(1.0 / usage.size.max(1) as f64),
        _ if fair < 9.95 => format!("{fair:.1}"),
        _ => count(fair.round() as u64),
    };
    // Labels stand above their line, at the right, where a sorted row of bars is low.
    let place = |at: egui::Pos2, anchor: Align2, galley: &egui::Galley| {
        let rect = anchor.anchor_size(at, galley.size());
        rect.translate(vec2(0.0, (plot.top() + 1.0 - rect.top()).max(0.0)))
    };
    let label = |text: String| painter.layout_no_wrap(text, font.clone(), p.reference);
    let ceiling = counted_in.is_tokens().then(|| usage.ceiling());
    let mut right = plot.right() - 4.0;
    if let Some(ceiling) = ceiling.filter(|ceiling| is_sorted && *ceiling < 0.995) {
        let x = plot.left() + 1.0 + ceiling as f32 * (plot.width() - 2.0);
        painter.extend(Shape::dashed_line(
            &[pos2(x, plot.top()), pos2(x, plot.bottom())],
            stroke,
            2.0,
            3.0,
        ));
        right = x - 4.0;
    }
    // On either side of its line, where there is room.
    let ceiling = ceiling.map(|ceiling| {
        let galley = label(words!("usage-ceiling", share = percent(ceiling)));
        let at = place(pos2(right, plot.top() + 2.0), Align2::RIGHT_TOP, &galley);
        (at.translate(vec2((plot.left() + 3.0 - at.left()).max(0.0), 0.0)), galley)
    });
    let taken = ceiling.as_ref().map(|(place, _)| *place);
    let fair_label = label(words!("usage-fair-share", fair_text = fair_text));
    let is_free = |place: &Rect| {
        let is_taken = taken.is_some_and(|taken| place.intersects(taken.expand2(vec2(6.0, 0.0))));
        !is_taken && place.bottom() < plot.bottom()
    };
    let ends = [
        (plot.right() - 4.0, -1.0),
        (plot.right() - 4.0, 1.0),
        (taken.map_or(plot.right() - 4.0, |taken| taken.left() - 10.0), -1.0),
    ];
    let places = ends.map(|(x, below)| {
        let anchor = if below < 0.0 { Align2::RIGHT_BOTTOM } else { Align2::RIGHT_TOP };
        place(pos2(x, y + below), anchor, &fair_label)
    });
    let fair_place = places.into_iter().find(is_free).unwrap_or(places[2]);
    let ceiling = ceiling.map(|(place, galley)| (place, galley, Topic::Ceiling));
    for (place, galley, topic) in
        ceiling.into_iter().chain([(fair_place, fair_label, Topic::FairShare)])
    {
        topic.put(ui, place);
        painter.rect_filled(
            place.expand2(vec2(2.0, 0.0)),
            radius::SMALL,
            p.canvas.gamma_multiply(0.8),
        );
        painter.galley(place.min, galley, p.reference);
    }
}
