//! Where texts stand: none crosses another one, the edge of a panel, a curve, or the end of its room.
//!
//! What a frame paints is looked at, so that it does not matter which part of the window it comes from.
//! Three things are let through, each for a reason:
//! * In the lists that scroll a line at the upper or lower end may be cut: the rest is reached by
//!   scrolling. Its sides may not.
//! * A card lies over the window on purpose: while one is open only its own texts are looked at.
//! * What is drawn twice at one place is one text.

mod scenes;
mod told;

use egui::epaint::{ClippedShape, PathShape, RectShape, TextShape};
use egui::{Color32, Context, Pos2, RawInput, Rect, Shape, Theme, Vec2};

use super::{LARGE, SMALL};
use crate::ui::layout::{LEAST, Layout};
use crate::ui::overlays::modal::Card;
use crate::ui::widgets::fonts;
use crate::ui::widgets::theme;
use crate::ui::widgets::tokens::WINDOW;
use crate::ui::{AppState, Tab, window};
use crate::words::Language;

/// How far texts may come into each other: the rim of a glyph's picture, in which there is no ink.
const RIM: f32 = 1.0;

/// Strength of a ground through which a text below it cannot be read.
const VEILED: u8 = 180;

/// A text on the screen.
#[derive(Debug)]
struct Text {
    words: String,
    /// Where its ink is.
    ink: Rect,
    /// What may be painted there.
    clip: Rect,
    /// Its place in the order of painting.
    order: usize,
    /// Whether its end was left out for want of room.
    is_elided: bool,
}

/// What a frame paints.
#[derive(Default)]
struct Painted {
    texts: Vec<Text>,
    curves: Vec<(Rect, Vec<Pos2>, usize)>,
    /// What is filled, which hides what was painted there before.
    grounds: Vec<(Rect, usize)>,
    /// What is filled so that little shines through.
    veils: Vec<(Rect, usize)>,
    /// Cards, with their places in the order of painting.
    cards: Vec<(Rect, usize)>,
    number: usize,
}

impl Painted {
    fn new(shapes: &[ClippedShape], panel: Color32) -> Self {
        let mut painted = Self::default();
        for shape in shapes {
            painted.add(&shape.shape, shape.clip_rect, panel);
        }
        painted
    }

    fn add(&mut self, shape: &Shape, clip: Rect, panel: Color32) {
        self.number += 1;
        match shape {
            Shape::Vec(all) => all.iter().for_each(|shape| self.add(shape, clip, panel)),
            Shape::Text(text) => self.text(text, clip),
            Shape::Path(PathShape { points, closed: false, .. }) if points.len() > 2 => {
                self.curves.push((clip, points.clone(), self.number));
            }
            // A card and the list of keys have the ground and the round edge of a window.
            Shape::Rect(RectShape { fill, corner_radius, rect, .. })
                if *fill == panel && corner_radius.nw > 0 && rect.width() > 200.0 =>
            {
                self.cards.push((*rect, self.number));
            }
            Shape::Rect(RectShape { fill, rect, .. }) if fill.a() == 255 => {
                self.grounds.push((rect.intersect(clip), self.number));
            }
            Shape::Rect(RectShape { fill, rect, .. }) if fill.a() >= VEILED => {
                self.veils.push((rect.intersect(clip), self.number));
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &TextShape, clip: Rect) {
        let ink = text.visual_bounding_rect().shrink(RIM);
        let words = text.galley.text().to_string();
        let is_seen = ink.is_positive() && clip.intersects(ink) && !words.trim().is_empty();
        let is_twin = |other: &Text| other.words == words && other.ink == ink;
        if is_seen && !self.texts.iter().any(is_twin) {
            let is_elided = text.galley.elided;
            self.texts.push(Text { words, ink, clip, order: self.number, is_elided });
        }
    }
}

/// A frame of the window, once everything has settled.
fn frame(ctx: &Context, state: &mut AppState, size: Vec2) -> Vec<ClippedShape> {
    let mut shapes = Vec::new();
    for pass in 0..4 {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size)),
            time: Some(f64::from(pass)),
            ..RawInput::default()
        };
        shapes = ctx.run_ui(input, |ui| window(ui, state)).shapes;
    }
    shapes
}

fn context() -> Context {
    let ctx = Context::default();
    theme::install(&ctx);
    ctx.set_theme(Theme::Light);
    ctx.all_styles_mut(|style| style.animation_time = 0.0);
    ctx
}

/// The parts of the window, none of whose edges a text may cross.
fn panels(layout: &Layout) -> Vec<(&'static str, Rect)> {
    let mut all = vec![
        ("the top bar", layout.top),
        ("the caption", layout.caption),
        ("the controls", layout.controls),
        ("the switches of the views", layout.tools),
        ("the reconstructions", layout.recon),
        ("the curves", layout.curves),
        ("the numbers", layout.numbers),
        ("the timeline", layout.timeline),
        ("the status bar", layout.status),
        ("the page of the tour", layout.tour),
        ("the offer of the tour", layout.offer),
    ];
    for column in &layout.columns {
        all.push(("a headline", column.headline));
        all.push(("a map", column.map));
        all.push(("bars", column.usage));
    }
    all.retain(|(_, rect)| rect.is_positive());
    all
}

/// Whether a line that passes through two points passes through a rectangle between them.
fn passes(from: Pos2, to: Pos2, rect: Rect) -> bool {
    // Liang and Barsky 1984.
    let (mut enter, mut leave) = (0.0_f32, 1.0_f32);
    let d = to - from;
    for (step, near, far) in [
        (d.x, rect.left() - from.x, rect.right() - from.x),
        (d.y, rect.top() - from.y, rect.bottom() - from.y),
    ] {
        if step == 0.0 {
            if near > 0.0 || far < 0.0 {
                return false;
            }
            continue;
        }
        let (a, b) = (near / step, far / step);
        enter = enter.max(a.min(b));
        leave = leave.min(a.max(b));
    }
    enter <= leave
}

/// What is wrong with where the texts of a window stand.
fn faults(ctx: &Context, state: &mut AppState, size: Vec2) -> Vec<String> {
    let shapes = frame(ctx, state, size);
    let mut painted = Painted::new(&shapes, ctx.global_style().visuals.panel_fill);
    let layout = state.layout(size);
    let card = state.card();
    // All beats in a line each, to choose from.
    let is_overview = state.presenter().is_some_and(|presenter| presenter.is_overview);
    let (is_room, is_asked) = (state.presenter().is_some(), is_asked(state));
    let has_list = state.cards.is_help_open || state.cards.palette.is_some();
    let is_covered = card.is_some() || has_list;
    let mut faults = Vec::new();
    if is_covered || is_asked {
        let Some(&(place, at)) = painted.cards.last() else {
            return vec!["no card is painted".into()];
        };
        // A question lies over a part of what is there on purpose.
        let is_under = |ink: &Rect| is_covered || place.intersects(*ink);
        painted.texts.retain(|text| text.order > at || !is_under(&text.ink));
        painted
            .curves
            .retain(|(_, curve, order)| *order > at || !is_under(&Rect::from_points(curve)));
    }
    // What scrolls; its room is a little higher than the list.
    let has_log = state.prefs.tab == Tab::Events;
    let mut lists = vec![layout.controls, layout.numbers, layout.tour];
    lists.extend(has_log.then_some(layout.curves));
    lists.extend(matches!(card, Some(Card::Gallery | Card::Shelf)).then_some(Rect::EVERYTHING));
    lists.extend((has_list || is_overview).then_some(Rect::EVERYTHING));
    let window = Rect::from_min_size(Pos2::ZERO, size);
    for text in &painted.texts {
        let Text { words, ink, clip, .. } = text;
        let is_in = |list: &Rect| {
            let (room, rows) = (list.expand(4.0), clip.y_range());
            list.x_range().contains(ink.left())
                && list.x_range().contains(ink.right())
                && room.y_range().contains(rows.min)
                && room.y_range().contains(rows.max)
        };
        let is_list = lists.iter().any(is_in);
        let is_cut_aside = ink.left() < clip.left() - RIM || ink.right() > clip.right() + RIM;
        let is_cut = ink.top() < clip.top() - RIM || ink.bottom() > clip.bottom() + RIM;
        if is_cut_aside || (is_cut && !is_list) {
            faults.push(format!("\"{words}\" at {ink:?} is cut by its room {clip:?}"));
        }
        let veils = painted.veils.iter().filter(|(_, order)| *order > text.order);
        if let Some((veil, _)) = veils.into_iter().find(|(v, _)| v.shrink(RIM).intersects(*ink)) {
            faults.push(format!("\"{words}\" at {ink:?} lies below the ground {veil:?}"));
        }
        // A room cannot point at it to read the rest.
        if is_room && !is_covered && !is_list && text.is_elided {
            faults.push(format!("\"{words}\" at {ink:?} does not fit"));
        }
        let seen = ink.intersect(*clip);
        if !window.contains_rect(seen) {
            faults.push(format!("\"{words}\" at {ink:?} leaves the window"));
        }
        let is_over = is_asked && painted.cards.last().is_some_and(|(_, at)| text.order > *at);
        let has_panels = !is_covered && !is_room && !is_over;
        for (name, panel) in panels(&layout).into_iter().filter(|_| has_panels) {
            if panel.shrink(RIM).intersects(seen) && !panel.expand(RIM).contains_rect(seen) {
                faults.push(format!("\"{words}\" at {ink:?} crosses the edge of {name} {panel:?}"));
            }
        }
        let covers = |order: &usize| {
            let lies_between = |at: &usize| order < at && *at < text.order;
            let mut grounds = painted.grounds.iter().filter(|(_, at)| lies_between(at));
            grounds.any(|(ground, _)| ground.expand(RIM).contains_rect(seen))
        };
        for (room, curve, _) in painted.curves.iter().filter(|(.., order)| !covers(order)) {
            let seen = seen.intersect(*room);
            let touches = |ends: &[Pos2]| passes(ends[0], ends[1], seen);
            if seen.is_positive() && curve.windows(2).any(touches) {
                faults.push(format!("a curve runs through \"{words}\" at {ink:?}"));
            }
        }
    }
    for (i, a) in painted.texts.iter().enumerate() {
        for b in &painted.texts[..i] {
            let both = a.ink.intersect(a.clip).intersect(b.ink.intersect(b.clip));
            if both.is_positive() {
                let [x, y] = [&b.words, &a.words];
                faults.push(format!("\"{x}\" at {:?} and \"{y}\" at {:?} cross", b.ink, a.ink));
            }
        }
    }
    faults
}

/// Whether a card of the story lies over the pictures.
fn is_asked(state: &AppState) -> bool {
    let lesson = &state.run.lesson;
    // The tour has its questions on its pages.
    if state.touring().is_some() && state.presenter().is_none() {
        return false;
    }
    lesson.waits().is_some() || lesson.newest_truth().is_some() || state.is_end_shown()
}

/// Looks at scenes in all sizes that are promised, in both languages.
fn check(scenes: Vec<(String, AppState)>) {
    let mut all = String::new();
    for (name, state) in scenes {
        let mut state = state;
        let sizes = [LEAST, SMALL, LARGE].into_iter();
        for (size, language) in sizes.flat_map(|size| Language::ALL.map(|one| (size, one))) {
            state.prefs.language = Some(language);
            let faults = faults(&context(), &mut state, size);
            for fault in faults {
                all += &format!("{name}, {language:?}, {}x{}: {fault}\n", size.x, size.y);
            }
        }
    }
    assert!(all.is_empty(), "\n{all}");
}

#[test]
fn no_text_crosses_anything_in_any_story() {
    check(scenes::stories());
}

#[test]
fn no_text_crosses_anything_in_states_that_move_things() {
    check(scenes::states());
}

#[test]
fn no_text_crosses_anything_on_cards_and_in_enlarged_panels() {
    check(scenes::cards());
    check(scenes::enlarged());
    check(scenes::hidden());
}

#[test]
fn no_text_crosses_anything_on_any_page_of_the_tour() {
    check(scenes::tour());
}

#[test]
fn no_text_crosses_anything_where_files_of_others_are_shown() {
    check(scenes::watched());
}

#[test]
fn no_text_crosses_anything_where_a_story_asks_compares_and_ends() {
    check(told::asked());
}

#[test]
fn no_text_crosses_anything_and_every_text_fits_before_a_room() {
    check(told::before_a_room());
}

#[test]
fn no_text_crosses_anything_where_commands_are_typed() {
    check(told::typed());
}

#[test]
fn no_text_crosses_anything_where_the_cause_is_shown() {
    check(told::cause());
}

/// A user's own names: simplified Chinese, Japanese, Korean.
const NAMES: [&str; 3] = ["图书 codes", "実験コード", "한글 codes"];

/// A window that shows a name in its title, its caption and its status bar.
fn named(name: &str) -> AppState {
    let mut state = crate::ui::fixture::collapse();
    state.story.scenario.title = name.into();
    let mut info = state.run.info.clone().unwrap();
    (info.scenario.title, info.scenario.about) = (name.into(), name.into());
    info.scenario.beat.clear();
    state.run.lesson = crate::lesson::Lesson::new(&info.scenario, crate::lesson::Mode::Free);
    state.run.info = Some(info);
    state.run.saving.folder = Some(format!("/home/somebody/{name}").into());
    state
}

/// A name as it is drawn where no font has its letters.
fn escaped(name: &str) -> String {
    let is_own = |c: char| c.is_ascii() || NAMES[1].contains(c);
    name.chars()
        .map(|c| if is_own(c) { c.to_string() } else { c.escape_unicode().to_string() })
        .collect()
}

#[test]
fn names_in_chinese_japanese_and_korean_are_readable_wherever_they_stand() {
    let drawn = |ctx: &Context, state: &mut AppState| -> Vec<String> {
        let shapes = frame(ctx, state, LARGE);
        let painted = Painted::new(&shapes, Color32::TRANSPARENT);
        painted.texts.into_iter().map(|text| text.words).collect()
    };
    for has_system in [false, true] {
        if has_system && !crate::patience::has("cjk-fonts", fonts::has_system()) {
            continue;
        }
        for name in NAMES {
            let ctx = context();
            if has_system {
                fonts::use_system(&ctx);
            }
            let shown = if has_system { name.to_string() } else { escaped(name) };
            let mut state = named(name);
            let texts = drawn(&ctx, &mut state);
            let is_there = |wanted: &str| texts.iter().any(|text| text == wanted);
            let places = texts.iter().filter(|text| **text == shown).count();
            // The title, and the caption.
            assert_eq!(places, 2, "{name} {has_system}: {texts:?}");
            let saved = crate::words!("status-saved-as", folder = shown);
            assert!(is_there(&saved), "{name} {has_system}: {texts:?}");
            let mut state = super::time::with_shelf();
            state.cards.shelf.as_mut().unwrap().entries[0].name = name.into();
            let texts = drawn(&ctx, &mut state);
            let is_row = |text: &String| text.starts_with(&format!("{shown}: "));
            assert!(texts.iter().any(is_row), "{name} {has_system}: {texts:?}");
        }
    }
}

#[test]
fn a_window_that_is_too_small_says_so() {
    let least = LEAST;
    for size in [least - Vec2::X * 1.0, least - Vec2::Y * 1.0, Vec2::new(300.0, 200.0)] {
        let mut state = crate::ui::fixture::collapse();
        let shapes = frame(&context(), &mut state, size);
        let painted = Painted::new(&shapes, Color32::TRANSPARENT);
        let [text] = painted.texts.as_slice() else { panic!("{:?}", painted.texts) };
        assert!(text.words.contains("Make it larger"), "{}", text.words);
        assert!(Rect::from_min_size(Pos2::ZERO, size).contains_rect(text.ink), "{text:?}");
    }
    let mut state = crate::ui::fixture::collapse();
    let painted = Painted::new(&frame(&context(), &mut state, least), Color32::TRANSPARENT);
    assert!(painted.texts.len() > 50);
}

#[test]
fn the_rules_find_what_they_are_for() {
    let ctx = context();
    let faults_of = |paint: &dyn Fn(&egui::Ui)| {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SMALL)),
            ..RawInput::default()
        };
        let output = ctx.run_ui(input, |ui| paint(ui));
        Painted::new(&output.shapes, Color32::TRANSPARENT)
    };
    let write = |ui: &egui::Ui, x: f32, words: &str| {
        let at = egui::pos2(x, 100.0);
        ui.painter().text(
            at,
            egui::Align2::LEFT_TOP,
            words,
            theme::font(WINDOW.body),
            Color32::BLACK,
        );
    };
    let painted = faults_of(&|ui| {
        write(ui, 100.0, "one text");
        write(ui, 130.0, "another");
        let line = [90.0, 120.0, 200.0].map(|x| egui::pos2(x, 108.0)).to_vec();
        ui.painter().add(Shape::line(line, egui::Stroke::new(1.0, Color32::BLACK)));
    });
    let [a, b] = painted.texts.as_slice() else { panic!("{:?}", painted.texts) };
    assert!(a.ink.intersect(b.ink).is_positive());
    let (_, curve, _) = &painted.curves[0];
    assert!(curve.windows(2).any(|ends| passes(ends[0], ends[1], a.ink)));
    let below = a.ink.translate(egui::vec2(0.0, 30.0));
    assert!(!curve.windows(2).any(|ends| passes(ends[0], ends[1], below)));
}
