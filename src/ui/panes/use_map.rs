//! The square usage map: one pixel for each code where there is room, both lanes.

use egui::{
    Align2, Color32, Rect, Sense, Stroke, StrokeKind, TextureHandle, TextureOptions, Ui, pos2, vec2,
};

use crate::figure::columns::UsageSource;
use crate::record::snapshot::LaneView;
use crate::record::usage::CountedIn;
use crate::text::{count, per_code, percent};
use crate::ui::cache::painter::{Painter, Square};
use crate::ui::cache::texture::put;
use crate::ui::state::displayed::Displayed;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, space, tokens};
use crate::words;

/// Room for two lines of what a pixel stands for.
const NOTE: f32 = 40.0;

/// The squares of both lanes.
#[derive(Default)]
pub struct UseMap {
    /// Makes them.
    pub painter: Painter<Square>,
    /// The newest of them.
    squares: [Option<TextureHandle>; 2],
}

impl UseMap {
    /// Draws a square for each lane at the cursor, of these counts; one that is enlarged need not be so
    /// that more of it is seen.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        shown: &Displayed<'_>,
        source: UsageSource,
        is_enlarged: bool,
    ) {
        let Some(snapshot) = shown.snapshot else { return };
        let p = palette(ui);
        let (room, _) = ui.allocate_exact_size(
            vec2(ui.available_width(), (ui.available_height() - NOTE).max(60.0)),
            Sense::hover(),
        );
        let number = snapshot.lanes.len() as f32;
        let side = ((room.width() - space::S * (number - 1.0)) / number).min(room.height() - 52.0);
        for (i, lane) in snapshot.lanes.iter().enumerate() {
            let (counts, usage) = source.counts(lane);
            let corner = pos2(room.left() + i as f32 * (side + space::S), room.top() + 16.0);
            let square = Rect::from_min_size(corner, vec2(side, side));
            let small = theme::font(tokens(ui).small);
            let name = match lane.knows_use() {
                false => words!("watched-no-counts").into(),
                true => format!("{}{}", shown.prefix(lane.id, ": "), percent(usage.share())),
            };
            let above = square.left_top() - vec2(0.0, 2.0);
            ui.painter().text(above, Align2::LEFT_BOTTOM, name, small.clone(), p.lane(lane.id));
            ui.painter().rect(
                square.expand(1.0),
                0.0,
                p.canvas,
                Stroke::new(line::HAIR, p.border),
                StrokeKind::Outside,
            );
            if counts.is_empty() {
                continue;
            }
            let pixels = (side * ui.ctx().pixels_per_point()) as usize;
            let (generation, color) = (shown.generation, p.lane(lane.id));
            let look = Square { generation, side: pixels, source, color };
            let texture = &mut self.squares[lane.id.index()];
            if let Some(image) = self.painter.ask(lane.id, look, snapshot) {
                let name = format!("use-{}", lane.id.name());
                put(texture, ui.ctx(), &name, image, TextureOptions::NEAREST);
            }
            if let Some(texture) = texture {
                let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
                ui.painter().image(texture.id(), square, whole, Color32::WHITE);
            }
            hint(ui, square, lane, counts);
            let below = square.left_bottom() + vec2(0.0, 3.0);
            let of = source.step(lane).filter(|_| shown.stage.terms().has_full_set);
            let of = of.map_or(String::new(), |step| words!("of-step", step = count(step)));
            let mut text = words!("usage-codes", codes = count(counts.len() as u64), of = of);
            if lane.counted_in.is_tokens() {
                let each = per_code(usage.tokens, usage.size);
                text = format!("{text}\n{}", words!("use-map-tokens-a-code", tokens = each));
            }
            ui.painter().text(below, Align2::LEFT_TOP, text, small, p.weak);
        }
        let codes =
            snapshot.lanes.iter().map(|lane| source.counts(lane).0.len()).max().unwrap_or(0);
        let pixels = (side * ui.ctx().pixels_per_point()) as usize;
        ui.label(
            egui::RichText::new(note(codes, pixels, is_enlarged))
                .size(tokens(ui).small)
                .color(p.weak),
        );
    }
}

/// What a pixel of a square of so many pixels stands for.
fn note(codes: usize, pixels: usize, is_enlarged: bool) -> String {
    let across = (codes as f64).sqrt().ceil().max(1.0);
    let each = across / (pixels.max(1) as f64);
    if each <= 1.0 {
        words!("use-map-one-square-a-code-by").into()
    } else {
        let way_out = if is_enlarged { "" } else { words!("use-map-e-enlarges") };
        words!(
            "use-map-codes-a-pixel-log-uses",
            each = format_args!("{:.1}", each * each),
            way_out = way_out
        )
    }
}

/// The code under the pointer and its uses.
fn hint(ui: &Ui, square: Rect, lane: &LaneView, counts: &[u32]) {
    let response = ui.interact(
        square,
        ui.scope_id().with((words!("use-map-use-map"), lane.id)),
        Sense::hover(),
    );
    let Some(pointer) = response.hover_pos() else { return };
    let across = (counts.len() as f64).sqrt().ceil().max(1.0) as usize;
    let place = |part: f32| ((part * across as f32) as usize).min(across - 1);
    let from = (pointer - square.min) / square.width();
    let code = place(from.y) * across + place(from.x);
    if let Some(&uses) = counts.get(code) {
        let (number, said) = (count(code as u64), lane.counted_in.words(uses));
        let text = match (lane.counted_in, uses) {
            (CountedIn::Tokens, _) => words!("use-map-code-uses", code = number, uses = said),
            (CountedIn::Millionths, _) => words!("bars-code-share", code = number, share = said),
            (CountedIn::Flags, 0) => words!("bars-code-unused", code = number),
            (CountedIn::Flags, _) => words!("bars-code-used", code = number),
        };
        response.on_hover_text_at_pointer(text);
    }
}

#[cfg(test)]
mod tests {
    use super::note;

    #[test]
    fn codes_that_share_a_pixel_are_not_called_one_a_pixel() {
        assert!(note(65_536, 256, false).starts_with("one square a code"));
        assert!(note(512, 300, true).starts_with("one square a code"));
        // 512 codes across on 128 pixels: 16 codes share one.
        assert!(note(262_144, 128, false).starts_with("16.0 codes a pixel"));
        let large = note(262_144, 500, true);
        assert!(large.starts_with("1.0 codes a pixel") && !large.contains("enlarges"), "{large}");
    }
}
