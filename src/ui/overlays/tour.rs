//! The page of the tour beside the pictures, and the line that offers the tour at a first start.

use egui::{
    Align, Button, Frame, Layout, Rect, RichText, ScrollArea, Slider, Stroke, StrokeKind, Ui,
    UiBuilder, vec2,
};

use crate::lesson::tour::tour;
use crate::scenario::BeatKind;
use crate::text::count;
use crate::ui::overlays::question;
use crate::ui::panes::topics;
use crate::ui::state::AppState;
use crate::ui::state::tour::Place;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, radius, space, tokens};
use crate::words;

/// Height of what stands below the text: the slider, and the buttons.
const BELOW: f32 = 72.0;

/// Least size of a button.
const BUTTON: egui::Vec2 = vec2(88.0, 28.0);

/// The line that offers the tour.
pub fn offer(ui: &mut Ui, state: &mut AppState, rect: Rect) {
    if !rect.is_positive() {
        return;
    }
    let p = palette(ui);
    ui.painter().rect_filled(rect, 0.0, p.canvas);
    let inside = rect.shrink2(vec2(space::M, space::XS));
    let place = UiBuilder::new().max_rect(inside).layout(Layout::right_to_left(Align::Center));
    let ui = &mut ui.new_child(place.id_salt("offer"));
    let close = ui.button("×").on_hover_text(words!("tour-offer-close"));
    close.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Button, true, words!("tour-offer-close"))
    });
    if close.clicked() {
        state.prefs.tour.is_offer_closed = true;
    }
    let text = RichText::new(words!("tour-start")).font(theme::bold(tokens(ui).body));
    if ui.add(Button::new(text)).on_hover_text(words!("top-tour-hint")).clicked() {
        state.open_tour();
    }
    let text = words!("tour-offer", pages = tour().pages.len());
    ui.label(RichText::new(text).color(p.weak));
}

/// The page that is shown, while the tour is on.
pub fn show(ui: &mut Ui, state: &mut AppState, rect: Rect) {
    let Some(place) = state.tour_place().filter(|_| rect.is_positive()) else { return };
    let p = palette(ui);
    let stroke = Stroke::new(line::HAIR, p.border);
    ui.painter().rect(rect, radius::CARD, p.canvas, stroke, StrokeKind::Inside);
    let inside = rect.shrink(space::M);
    let (text, below) = inside.split_top_bottom_at_y((inside.bottom() - BELOW).max(inside.top()));
    let mut upper = ui.new_child(UiBuilder::new().max_rect(text).id_salt("tour"));
    upper.set_clip_rect(text);
    heading(&mut upper, state, &place);
    let is_list = state.touring().is_some_and(|touring| touring.is_list_open);
    // Another page begins at its top.
    let list = ScrollArea::vertical().id_salt(("page", place.page, is_list)).auto_shrink(false);
    list.show(&mut upper, |ui| match is_list {
        true => pages(ui, state, place.page),
        false => page(ui, state, &place),
    });
    let mut lower = ui.new_child(UiBuilder::new().max_rect(below).id_salt("tour-below"));
    lower.add_space(space::S);
    slider(&mut lower, state, place.page);
    buttons(&mut lower, state, &place);
}

/// Which page it is, the list of pages and the way out.
fn heading(ui: &mut Ui, state: &mut AppState, place: &Place) {
    let p = palette(ui);
    ui.horizontal(|ui| {
        let text = words!("tour-page-of", page = place.page + 1, pages = tour().pages.len());
        ui.label(RichText::new(text).size(tokens(ui).small).color(p.weak));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.button(words!("tour-leave")).on_hover_text(words!("tour-leave-hint")).clicked() {
                state.leave_tour();
            }
            let Some(touring) = state.touring_mut() else { return };
            let text =
                if touring.is_list_open { words!("tour-text") } else { words!("tour-pages") };
            if ui.button(text).on_hover_text(words!("tour-pages-hint")).clicked() {
                touring.is_list_open ^= true;
            }
        });
    });
    ui.add_space(space::S);
}

/// All pages, by chapters.
fn pages(ui: &mut Ui, state: &mut AppState, now: usize) {
    let tour = tour();
    let mut chosen = None;
    let mut chapter = None;
    let asks = state.run.lesson.covers_others();
    for (number, page) in tour.pages.iter().enumerate() {
        if chapter.replace(page.chapter) != Some(page.chapter) && !asks {
            let title = tour.chapters[page.chapter].scenario.title.spoken();
            ui.add_space(space::S);
            ui.label(RichText::new(title).size(tokens(ui).small).color(palette(ui).weak));
        }
        let text = name_of(number, now, asks);
        let row = Button::selectable(number == now, text).wrap();
        if ui.add(row.min_size(vec2(ui.available_width(), 0.0))).clicked() {
            chosen = Some(number);
        }
    }
    if let Some(number) = chosen {
        state.show_page(number);
    }
}

/// A page by its number and title. What comes after a question may answer it: of that there is the number
/// alone while it waits.
fn name_of(page: usize, now: usize, asks: bool) -> String {
    let title = match asks && page > now {
        true => words!("tour-page-covered"),
        false => tour().pages[page].title.spoken(),
    };
    words!("tour-drag", page = page + 1, title = title)
}

/// Title, text, what is asked, and terms.
fn page(ui: &mut Ui, state: &mut AppState, place: &Place) {
    let p = palette(ui);
    let page = &tour().pages[place.page];
    let title = RichText::new(page.title.spoken()).font(theme::bold(tokens(ui).headline));
    ui.label(title);
    ui.add_space(space::S);
    let beat = place.beat.and_then(|number| state.run.lesson.beats().get(number)).cloned();
    let terms: Vec<_> = page.terms.iter().filter_map(|term| topics::of_key(term)).collect();
    match &beat {
        Some(beat) => {
            let text = crate::text::lines(&state.told(&beat.text));
            let size = size_of_text(ui, &text, &terms);
            ui.label(RichText::new(text).size(size));
        }
        None => on_the_way(ui, state, page.step(tour())),
    }
    let (is_read, weak) = (place.is_there && !place.is_back, p.weak);
    let small = tokens(ui).small;
    if is_read {
        ui.add_space(space::S);
        question::below_text(ui, state);
        let is_deed = beat.as_ref().is_some_and(|beat| beat.kind == BeatKind::Do);
        if is_deed && state.run.lesson.waits().is_none() {
            ui.label(RichText::new(words!("tour-done")).color(p.live));
        }
    } else if place.is_back {
        ui.add_space(space::S);
        let text = words!("tour-looking-back", step = count(state.run.shown_step()));
        ui.label(RichText::new(text).size(small).color(weak));
    }
    ui.add_space(space::S);
    for (name, help) in terms {
        Frame::NONE.fill(p.panel).corner_radius(radius::CONTROL).inner_margin(space::S).show(
            ui,
            |ui| {
                ui.set_width(ui.available_width());
                ui.label(RichText::new(name).font(theme::bold(small)));
                ui.label(RichText::new(help).size(small).color(weak));
            },
        );
        ui.add_space(space::XS);
    }
}

/// The size of a page's text: smaller where it and its terms would not all be seen.
fn size_of_text(ui: &Ui, text: &str, terms: &[(&str, &str)]) -> f32 {
    let (t, width) = (tokens(ui), ui.available_width());
    let height = |text: &str, font, width: f32| {
        ui.painter().layout(text.into(), font, palette(ui).text, width).size().y
    };
    let boxes = terms.iter().map(|(name, help)| {
        let inside = width - 2.0 * space::S;
        let [name, help] = [
            height(name, theme::bold(t.small), inside),
            height(help, theme::font(t.small), inside),
        ];
        name + help + 2.0 * space::S + space::XS + 2.0 * ui.spacing().item_spacing.y
    });
    let needed = height(text, theme::font(t.title), width) + boxes.sum::<f32>() + 3.0 * space::S;
    // What was measured so far stands above.
    let room = ui.clip_rect().bottom() - ui.cursor().top();
    if needed < room { t.title } else { t.body }
}

/// How far the run is that the page is about.
fn on_the_way(ui: &mut Ui, state: &AppState, at: u64) {
    let text = match state.run.is_building || at == 0 {
        true => words!("tour-building").to_string(),
        false => words!("tour-on-the-way", step = count(state.run.step()), at = count(at)),
    };
    ui.label(RichText::new(text).size(tokens(ui).body).color(palette(ui).weak));
}

/// How far one is, to be dragged to another page.
fn slider(ui: &mut Ui, state: &mut AppState, page: usize) {
    let last = tour().pages.len();
    let asks = state.run.lesson.covers_others();
    let Some(touring) = state.touring_mut() else { return };
    let mut number = touring.dragged.unwrap_or(page) + 1;
    ui.spacing_mut().slider_width = ui.available_width();
    let slider = Slider::new(&mut number, 1..=last).show_value(false);
    let response = ui.add(slider).accessible_name(words!("tour-slider"));
    let is_held = response.dragged() || response.is_pointer_button_down_on();
    if is_held {
        touring.dragged = Some(number - 1);
        response.show_tooltip_text(name_of(number - 1, page, asks));
    } else if touring.dragged.take().is_some() || response.changed() {
        state.show_page(number - 1);
    }
}

/// To the page before and to the next one.
fn buttons(ui: &mut Ui, state: &mut AppState, place: &Place) {
    let is_last = place.page + 1 == tour().pages.len();
    ui.add_space(space::XS);
    ui.horizontal(|ui| {
        let back = Button::new(words!("tour-back")).min_size(BUTTON);
        let back = ui.add_enabled(place.page > 0, back);
        if back.on_hover_text(words!("tour-back-hint")).clicked() {
            state.tour_back();
        }
        let text = if is_last { words!("tour-end") } else { words!("tour-next") };
        let text = RichText::new(text).font(theme::bold(tokens(ui).body));
        let next = ui.add(Button::new(text).min_size(BUTTON));
        if next.on_hover_text(words!("tour-next-hint")).clicked() {
            state.tour_forward();
        }
        if let Some((step, at)) = state.tour_goes_on() {
            let text = words!("tour-goes-on", step = count(step), at = count(at));
            let text = RichText::new(text).size(tokens(ui).small).color(palette(ui).weak);
            ui.add(egui::Label::new(text).wrap());
        }
    });
}
