//! The cloud on a map is dragged by its middle, turned and scaled by its tip.

use egui::{CursorIcon, Pos2, Rect, Ui, Vec2, pos2, vec2};
use egui_kittest::Harness;

use crate::figure::camera::{Camera, Scale};
use crate::record::setting::Setting;
use crate::scenario::{CLOUD_STDS, LaneId};
use crate::ui::fixture;
use crate::ui::layout::places::PaneId;
use crate::ui::panes::cloud::{OUTLINE, REACH};
use crate::ui::panes::map::MARGIN;
use crate::ui::state::AppState;
use crate::ui::state::wish::{Outbox, Wish};

const SIZE: Vec2 = vec2(400.0, 300.0);

/// A window, what its map asked for, and where the map lies.
type Told = (AppState, Vec<Wish>, Rect);

/// A map alone.
fn map(state: AppState) -> Harness<'static, Told> {
    let draw = |ui: &mut Ui, (state, wishes, place): &mut Told| {
        *place = ui.max_rect();
        let mut outbox = Outbox::default();
        let (panes, ctx) = state.panes();
        panes.of(PaneId::Map(LaneId::B)).draw(ui, &ctx, &mut outbox);
        wishes.extend(outbox.take());
    };
    Harness::builder().with_size(SIZE).build_ui_state(draw, (state, Vec::new(), Rect::NOTHING))
}

/// Where a handle is on that map: found by the cursor, which changes over it.
fn found(harness: &mut Harness<'_, Told>) -> Vec<Pos2> {
    let mut all: Vec<Pos2> = Vec::new();
    for y in (0..30).map(|i| 10.0 * i as f32) {
        for x in (0..40).map(|i| 10.0 * i as f32) {
            harness.hover_at(pos2(x, y));
            harness.step();
            let icon = harness.output().platform_output.cursor_icon;
            if icon == CursorIcon::Grab
                && all.iter().all(|at| at.distance(pos2(x, y)) > 3.0 * REACH)
            {
                all.push(pos2(x, y));
            }
        }
    }
    all
}

fn dragged(state: AppState, from: Pos2, by: Vec2) -> (AppState, Vec<Setting>) {
    let mut harness = map(state);
    harness.run_steps(2);
    harness.drag_at(from);
    harness.step();
    for part in [0.5, 1.0] {
        harness.hover_at(from + by * part);
        harness.step();
    }
    harness.drop_at(from + by);
    harness.step();
    let nothing = (fixture::collapse(), Vec::new(), Rect::NOTHING);
    let (state, wishes, _) = std::mem::replace(harness.state_mut(), nothing);
    let settings = wishes.into_iter().filter_map(|wish| match wish {
        Wish::SetAll(setting) => Some(setting),
        // The pointer passes codes on its way.
        Wish::Hover(_) => None,
        wish => panic!("{wish:?}"),
    });
    (state, settings.collect())
}

#[test]
fn a_drag_of_the_middle_moves_the_cloud_and_one_of_the_tip_turns_and_scales_it() {
    let cloud = || fixture::played("cloud", &["data.drift=0.0"], 3);
    let mut harness = map(cloud());
    harness.run_steps(2);
    let handles = found(&mut harness);
    assert_eq!(handles.len(), 2, "{handles:?}");
    let view = cloud().run.lane(LaneId::B).unwrap().clone();
    // Of a cloud that lies along the axis of x the tip is to the right.
    let [middle, tip] = if handles[0].x < handles[1].x {
        [handles[0], handles[1]]
    } else {
        [handles[1], handles[0]]
    };
    let place = harness.state().2;
    let plot =
        Rect::from_min_max(place.min + vec2(MARGIN[0], 0.0), place.max - vec2(0.0, MARGIN[1]));
    let scale = Scale::new(plot, view.axes.reach(), &Camera::default());
    let unit = f64::from(scale.per_unit);
    let (_, settings) = dragged(cloud(), middle, vec2(40.0, -20.0));
    let last = |of: fn(&Setting) -> Option<f64>| settings.iter().rev().find_map(of).unwrap();
    let x = last(|s| if let Setting::CloudX(x) = s { Some(*x) } else { None });
    let y = last(|s| if let Setting::CloudY(y) = s { Some(*y) } else { None });
    let close = |got: f64, wanted: f64| (got - wanted).abs() < 0.02 * wanted.abs() + 0.01;
    assert!(close(x, 40.0 / unit) && close(y, 20.0 / unit), "{x} {y} {unit}");
    assert!(settings.iter().all(|setting| setting.moves_cloud()));
    // The tip is two standard deviations away: dragged straight up by as much, it lies at an eighth of
    // a turn, and is farther away by the root of two.
    let reach = (OUTLINE * CLOUD_STDS[0] * unit) as f32;
    let (_, settings) = dragged(cloud(), tip, vec2(0.0, -reach));
    let last = |of: fn(&Setting) -> Option<f64>| settings.iter().rev().find_map(of).unwrap();
    let angle = last(|s| if let Setting::CloudAngle(a) = s { Some(*a) } else { None });
    let size = last(|s| if let Setting::CloudScale(s) = s { Some(*s) } else { None });
    assert!((angle - 45.0).abs() <= 0.5 && (size - 2f64.sqrt()).abs() < 0.02, "{angle} {size}");
}

#[test]
fn elsewhere_and_at_a_step_that_has_passed_a_drag_is_the_maps() {
    let cloud = || fixture::played("cloud", &["data.drift=0.0"], 3);
    let corner = pos2(380.0, 20.0);
    let (state, settings) = dragged(cloud(), corner, vec2(-30.0, 10.0));
    assert!(settings.is_empty());
    assert_ne!(state.panes.map.cameras[1], Camera::default());
    let mut pinned = cloud();
    pinned.run.pin(3);
    assert!(pinned.run.is_pinned);
    let mut harness = map(pinned);
    harness.run_steps(2);
    assert!(found(&mut harness).is_empty());
    // Another story has no cloud.
    let mut harness = map(fixture::collapse());
    harness.run_steps(2);
    assert!(found(&mut harness).is_empty());
}
