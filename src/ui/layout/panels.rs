//! One part of the window, cut out of a picture of all of it.

use egui::{Context, Pos2, Rect, Vec2, vec2};
use image::RgbaImage;

use crate::figure::look::Look;
use crate::figure::panel::Panel;
use crate::scenario::LaneId;
use crate::ui::layout::Layout;
use crate::ui::layout::arrangement::{Arrangement, Part, TourSide, is_narrow};
use crate::ui::layout::audience::{Audience, Texts};
use crate::ui::layout::places::PaneId;
use crate::ui::layout::strip;
use crate::ui::panes::sentences::height_of;
use crate::ui::state::AppState;

/// Width of the picture of a part for a slide, in pixels.
const SLIDE: f32 = 1280.0;

/// Points around a part, so that nothing touches the edge.
const MARGIN: f32 = 4.0;

/// The part of a picture of the window that a look asks for, with the line above it that says what a
/// part by itself does not.
///
/// # Errors
/// The window shows no such part, or is too small for it.
pub fn crop(
    ctx: &Context,
    image: RgbaImage,
    state: &AppState,
    look: &Look,
) -> Result<RgbaImage, String> {
    if look.panel == Panel::Window {
        return Ok(image);
    }
    let place = found(state, look)?;
    let part = cut(&image, place, look.scale).ok_or_else(|| {
        let (name, [w, h]) = (look.panel.name(), look.size);
        format!("panel {name} lies outside a window of {w}x{h}; use a larger --size")
    })?;
    Ok(strip::above(ctx, &strip::text(state, look.panel), &part, look.scale))
}

/// A look at so many pixels a point that the part is as wide as a slide wants it. A part that is too
/// narrow for that takes the room of the others.
///
/// # Errors
/// The window shows no such part.
pub fn fitted(state: &mut AppState, look: Look) -> Result<Look, String> {
    if look.panel == Panel::Window {
        return Ok(look);
    }
    let window = Rect::from_min_size(Pos2::ZERO, vec2(look.size[0] as f32, look.size[1] as f32));
    let wanted = |state: &AppState| {
        let part = found(state, &look)?.expand(MARGIN).intersect(window);
        Ok::<f32, String>(SLIDE / part.width().max(1.0))
    };
    let mut scale = wanted(state)?;
    if look.scaled(scale).scale < scale {
        state.prefs.arrangement.enlarged = Some(look.panel);
        scale = wanted(state)?;
    }
    Ok(look.scaled(scale))
}

/// Refuses a look at a part that the window does not show.
///
/// # Errors
/// A sentence that names the part.
pub fn check(state: &AppState, look: &Look) -> Result<(), String> {
    if look.panel == Panel::Window { Ok(()) } else { found(state, look).map(drop) }
}

fn found(state: &AppState, look: &Look) -> Result<Rect, String> {
    place(state, vec2(look.size[0] as f32, look.size[1] as f32), look.panel).ok_or_else(|| {
        let name = look.panel.name();
        format!("the window of this run shows no panel {name}; use another one")
    })
}

/// What lies at `place`, in points of `scale` pixels, with its margin; none outside of the picture.
pub fn cut(image: &RgbaImage, place: Rect, scale: f32) -> Option<RgbaImage> {
    let whole = Rect::from_min_size(Pos2::ZERO, vec2(image.width() as f32, image.height() as f32));
    let pixels = (place.expand(MARGIN) * scale).intersect(whole);
    // The size does not depend on where the part begins.
    let [x, y] = [pixels.left(), pixels.top()].map(|side| side.round().max(0.0) as u32);
    let [width, height] =
        [pixels.width(), pixels.height()].map(|side| side.round().max(0.0) as u32);
    let (width, height) =
        (width.min(image.width().saturating_sub(x)), height.min(image.height().saturating_sub(y)));
    (width > 0 && height > 0)
        .then(|| image::imageops::crop_imm(image, x, y, width, height).to_image())
}

/// The part at a place of a window of `size` points.
pub fn at(state: &AppState, size: Vec2, at: Pos2) -> Option<(Panel, Rect)> {
    // What lies under the pointer is a part, not some of them.
    let parts = Panel::ALL.into_iter().filter(|panel| *panel != Panel::Maps);
    let places = parts.filter_map(|panel| Some((panel, place(state, size, panel)?)));
    places.into_iter().find(|(_, rect)| rect.contains(at))
}

/// Where a part lies in a window of `size` points.
pub fn place(state: &AppState, size: Vec2, panel: Panel) -> Option<Rect> {
    let places = state.places(size);
    let of = |id| places.iter().find(|(pane, _)| *pane == id).map(|(_, rect)| *rect);
    match panel {
        Panel::Window => None,
        // A map says nothing without the name and the figures of its lane.
        Panel::Map(id) => {
            let map = of(PaneId::Map(id)).or(of(PaneId::Levels).filter(|_| id == LaneId::A))?;
            Some(of(PaneId::Headline(id))?.union(map))
        }
        Panel::Maps => {
            let shown =
                |(pane, _): &&(PaneId, Rect)| matches!(pane, PaneId::Headline(_) | PaneId::Map(_));
            let has_map = places.iter().any(|(pane, _)| matches!(pane, PaneId::Map(_)));
            let all = places.iter().filter(shown).map(|(_, rect)| *rect);
            all.reduce(Rect::union).filter(|_| has_map)
        }
        Panel::Usage(id) => of(PaneId::Usage(id)),
        Panel::Recon => of(PaneId::Recon),
        Panel::Curves => of(PaneId::Curves).or_else(|| of(PaneId::Atlas)),
        Panel::Numbers => of(PaneId::Numbers).or_else(|| of(PaneId::Inspector)),
        Panel::Timeline => of(PaneId::Timeline),
    }
}

impl AppState {
    /// Where everything lies in a window of `size` points.
    pub fn layout(&self, size: Vec2) -> Layout {
        let mut arrangement = self.prefs.arrangement.on(self.run.stage());
        if self.run.is_steered() {
            arrangement.show(Part::Controls, self.prefs.arrangement.shows(Part::Controls));
        }
        // Where samples make no pictures the maps have the room.
        if !self.running().data.set.has_pictures() {
            arrangement.show(Part::Recon, false);
        }
        arrangement.tour = self.tour_side().filter(|_| self.run.stage().has_controls());
        // In a narrow window what stands at the side has the room of the maps while a page is about it.
        if arrangement.tour == Some(TourSide::Left) && is_narrow(size) {
            let words = self.lit_words();
            arrangement.enlarged = [Panel::Curves, Panel::Numbers]
                .into_iter()
                .find(|p| words.iter().any(|w| w == p.name()));
        }
        let layers = self.layers();
        let has_steps = self.run.stage().terms().has_steps;
        // What takes the place of numbers and curves is shown although these are hidden.
        for (is_shown, part) in [(layers.inspector, Part::Numbers), (layers.atlas, Part::Curves)] {
            if is_shown && has_steps {
                arrangement.show(part, true);
                arrangement
                    .show(Part::Controls, arrangement.shows(Part::Controls) && !is_narrow(size));
            }
        }
        let layout = Layout::new(size, &self.running().lane_ids(), &arrangement);
        let layout = if self.is_tour_offered() { layout.with_offer() } else { layout };
        if self.run.lesson.is_drawn() {
            return layout.with_room_to_draw();
        }
        if has_steps {
            layout.with_cause(layers, self.sentences().iter().map(height_of).sum())
        } else if self.are_all_levels_shown() {
            layout.with_small_maps()
        } else {
            layout
        }
    }

    /// Where everything lies that a room sees in a window, with these texts.
    pub fn audience(&self, full: Rect, texts: Texts) -> Audience {
        let mut lanes = self.run.snapshot.iter().flat_map(|snapshot| &snapshot.lanes);
        let has_pictures = lanes.any(|lane| lane.pictures.is_some());
        let arrangement = Arrangement::before_a_room(self.run.lesson.is_drawn(), has_pictures);
        Audience::new(full, &self.running().lane_ids(), &arrangement, texts)
    }

    /// What is drawn where in a window of `size` points.
    pub fn places(&self, size: Vec2) -> Vec<(PaneId, Rect)> {
        self.layout(size).places(&self.running().lane_ids(), self.run.is_pinned)
    }

    /// Enlarges a part of the window; the part that is large already goes back to its place.
    pub fn enlarge(&mut self, panel: Option<Panel>) {
        let enlarged = &mut self.prefs.arrangement.enlarged;
        *enlarged = if enlarged.is_some() { None } else { panel };
    }
}

#[cfg(test)]
mod tests {
    use image::Rgba;

    use super::*;
    use crate::scenario::LaneId;
    use crate::ui::fixture;
    use crate::ui::widgets::theme;

    /// A context that has fonts.
    fn context() -> Context {
        let ctx = Context::default();
        theme::install(&ctx);
        drop(ctx.run_ui(egui::RawInput::default(), |_| {}));
        ctx
    }

    #[test]
    fn a_part_is_as_wide_as_a_slide_wants_it() {
        let ctx = context();
        for panel in Panel::ALL.into_iter().filter(|panel| *panel != Panel::Window) {
            let mut state = fixture::collapse();
            let look = Look::new("1280x720", 1.0, "light", Ok(panel)).unwrap();
            let look = fitted(&mut state, look).unwrap();
            let [width, height] = look.pixels();
            let part = crop(&ctx, RgbaImage::new(width, height), &state, &look).unwrap();
            assert_eq!(part.width(), 1280, "{panel:?} at {}", look.scale);
        }
        let whole = Look::new("1280x720", 1.0, "light", Ok(Panel::Window)).unwrap();
        assert_eq!(fitted(&mut fixture::collapse(), whole), Ok(whole));
    }

    #[test]
    fn every_panel_is_cut_out_at_its_scale_and_panels_do_not_coincide() {
        let (ctx, state) = (context(), fixture::collapse());
        let mut sizes = Vec::new();
        for panel in Panel::ALL {
            let look = Look::new("1440x900", 0.5, "light", Ok(panel)).unwrap();
            let image = RgbaImage::from_fn(720, 450, |x, y| {
                Rgba([(x % 256) as u8, (x / 256) as u8, (y % 256) as u8, (y / 256) as u8])
            });
            let part = crop(&ctx, image, &state, &look).unwrap();
            // Below the line that says what it is.
            let line = if panel == Panel::Window { 0 } else { 11 };
            let [x, x1, y, y1] = part.get_pixel(0, line).0.map(u32::from);
            let corner = [x + 256 * x1, y + 256 * y1];
            assert!(part.width() > 60 && part.height() > 30, "{panel:?}");
            sizes.push((corner, part.dimensions()));
        }
        sizes.sort_unstable();
        sizes.dedup();
        assert_eq!(sizes.len(), Panel::ALL.len());
    }

    #[test]
    fn what_is_not_there_is_refused() {
        let look = |panel, [w, h]: [u32; 2]| {
            Look::new(&format!("{w}x{h}"), 1.0, "light", Ok(panel)).unwrap()
        };
        let image = |size: [u32; 2]| RgbaImage::new(size[0], size[1]);
        let state = fixture::one_lane();
        let ctx = context();
        let missing =
            crop(&ctx, image([1440, 900]), &state, &look(Panel::Map(LaneId::B), [1440, 900]));
        assert!(missing.is_err_and(|e| e.contains("map-b")));
        let outside = crop(&ctx, image([640, 400]), &state, &look(Panel::Timeline, [640, 400]));
        assert!(outside.is_err_and(|e| e.contains("larger --size")));
    }
}
