//! Parts of the window lie inside of it and apart, whatever is hidden or enlarged.

use super::arrangement::BOTH_SIDES;
use super::places::PaneId;
use super::*;

const BOTH: [LaneId; 2] = [LaneId::A, LaneId::B];

/// With controls, and with curves and numbers.
fn arrangement(controls: bool, numbers: bool) -> Arrangement {
    let mut all = Arrangement::default();
    all.show(Part::Controls, controls);
    all.show(Part::Curves, numbers);
    all.show(Part::Numbers, numbers);
    all
}

#[test]
fn whatever_is_hidden_the_rest_lies_inside_and_apart() {
    for size in [vec2(1440.0, 900.0), vec2(1280.0, 720.0), LEAST] {
        for hidden in 0..1_u32 << Part::ALL.len() {
            let mut shown = Arrangement::default();
            for (i, part) in Part::ALL.into_iter().enumerate() {
                shown.show(part, hidden & (1 << i) == 0);
            }
            let layout = Layout::new(size, &BOTH, &shown);
            let places = layout.places(&BOTH, true);
            let window = Rect::from_min_size(pos2(0.0, 0.0), size);
            for (i, (pane, a)) in places.iter().enumerate() {
                assert!(window.contains_rect(*a), "{shown:?}: {pane:?} {a:?}");
                for (other, b) in &places[..i] {
                    assert!(!a.intersect(*b).is_positive(), "{shown:?}: {pane:?} {other:?}");
                }
            }
            let has = |id| places.iter().any(|(pane, _)| *pane == id);
            assert_eq!(has(PaneId::Map(LaneId::B)), shown.shows(Part::Maps), "{shown:?}");
            assert_eq!(has(PaneId::Usage(LaneId::A)), shown.shows(Part::Bars), "{shown:?}");
            assert_eq!(has(PaneId::Recon), shown.shows(Part::Recon), "{shown:?}");
            assert_eq!(has(PaneId::Timeline), shown.shows(Part::Timeline), "{shown:?}");
            // In a narrow window controls and numbers take turns.
            let within = shown.within(size);
            assert_eq!(has(PaneId::Curves), within.shows(Part::Curves), "{shown:?}");
            assert_eq!(has(PaneId::Numbers), within.shows(Part::Numbers), "{shown:?}");
            let is_left = |part| shown.shows(part) && !within.shows(part);
            assert!(!(is_left(Part::Curves) && size.x >= BOTH_SIDES), "{shown:?}");
        }
    }
}

#[test]
fn parts_lie_inside_and_do_not_overlap() {
    for size in [vec2(1440.0, 900.0), vec2(1280.0, 720.0), LEAST, vec2(3840.0, 2160.0)] {
        for (lanes, controls, numbers) in
            [(2, true, true), (1, true, true), (2, false, false), (2, true, false)]
        {
            let lanes = &[LaneId::A, LaneId::B][..lanes];
            let l = Layout::new(size, lanes, &arrangement(controls, numbers));
            let mut parts = vec![l.top, l.caption, l.tools, l.recon, l.timeline, l.status];
            let hidden = [l.controls, l.curves, l.numbers];
            parts.extend(hidden.into_iter().filter(egui::Rect::is_positive));
            parts.extend(l.columns.iter().flat_map(|c| [c.headline, c.map, c.usage]));
            let window = Rect::from_min_size(pos2(0.0, 0.0), size);
            for (i, a) in parts.iter().enumerate() {
                assert!(window.contains_rect(*a) && a.is_positive(), "{size:?} {a:?}");
                for b in &parts[..i] {
                    assert!(
                        a.intersect(*b).area() <= 0.0 || !a.intersect(*b).is_positive(),
                        "{a:?} {b:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn an_enlarged_part_is_the_largest_and_covers_nothing() {
    for size in [vec2(1440.0, 900.0), vec2(1280.0, 720.0), LEAST] {
        for (controls, numbers) in [(true, true), (false, false)] {
            let before = Layout::new(size, &BOTH, &arrangement(controls, numbers));
            for panel in Panel::ALL.into_iter().filter(|panel| *panel != Panel::Window) {
                let column = panel.lane().map_or(0, crate::scenario::LaneId::index);
                let l = before.clone().enlarged(panel, column);
                let mut parts = vec![l.recon, l.curves, l.numbers, l.timeline];
                parts.extend(l.columns.iter().flat_map(|c| [c.headline, c.map, c.usage]));
                parts.extend([l.controls, l.tools, l.caption, l.status]);
                parts.retain(egui::Rect::is_positive);
                let area = |l: &Layout| match panel {
                    Panel::Maps | Panel::Map(_) => l.columns[column].map.area(),
                    Panel::Usage(_) => l.columns[column].usage.area(),
                    Panel::Recon => l.recon.area(),
                    Panel::Curves => l.curves.area(),
                    Panel::Numbers => l.numbers.area(),
                    _ => l.timeline.area(),
                };
                // Two maps share the room.
                let least = if panel == Panel::Maps { 1.2 } else { 1.5 };
                assert!(area(&l) > least * area(&before).max(1.0), "{panel:?} {l:?}");
                let window = Rect::from_min_size(pos2(0.0, 0.0), size);
                for (i, a) in parts.iter().enumerate() {
                    assert!(window.contains_rect(*a), "{panel:?} {a:?}");
                    for b in &parts[..i] {
                        assert!(!a.intersect(*b).is_positive(), "{panel:?}: {a:?} {b:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn maps_have_the_most_room_and_more_of_it_where_the_sides_are_hidden() {
    for (size, least) in [
        (vec2(1440.0, 900.0), vec2(390.0, 300.0)),
        (vec2(1280.0, 720.0), vec2(315.0, 230.0)),
        (LEAST, vec2(310.0, 130.0)),
    ] {
        let map = |shown| Layout::new(size, &BOTH, &shown).columns[0].map.size();
        let all = map(Arrangement::default());
        assert!(all.x >= least.x && all.y >= least.y, "{size:?}: {all:?}");
        let alone = map(arrangement(false, false));
        assert!(alone.x > 1.4 * all.x && alone.y >= all.y, "{size:?}: {alone:?}");
    }
}
