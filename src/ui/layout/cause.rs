//! Room for what shows the cause: strips above the maps, and panes in the place of others.

use egui::Rect;

use crate::figure::layers::Layers;
use crate::ui::layout::{GAP, Layout};
use crate::ui::widgets::tokens::space;

/// Height of the pipeline.
const PIPELINE: f32 = 84.0;

/// Height of a sentence of one line and of two, and least height of a map that makes room for something.
pub const SENTENCE: f32 = 22.0;
pub const LONG_SENTENCE: f32 = 36.0;
const LEAST_MAP: f32 = 60.0;

impl Layout {
    /// The same with room for what is shown of the cause, sentences of this height among it: strips above
    /// the maps, which become lower; panes in the place of curves and numbers.
    pub fn with_cause(mut self, layers: Layers, sentences: f32) -> Self {
        if layers.inspector {
            self.inspector = std::mem::replace(&mut self.numbers, Rect::NOTHING);
        }
        if layers.atlas {
            self.atlas = std::mem::replace(&mut self.curves, Rect::NOTHING);
        }
        if layers.pipeline {
            self.pipeline = self.strip(PIPELINE, true);
        }
        if sentences > 0.0 {
            self.sentences = self.strip(sentences + space::S, false);
        }
        self
    }

    /// Makes a strip over the width of the lanes, over or under their heads; nothing where a map
    /// would become too low.
    fn strip(&mut self, height: f32, is_over_heads: bool) -> Rect {
        let shown = self.columns.iter().filter(|column| column.headline.is_positive());
        let heads = shown.clone().map(|column| column.headline).reduce(Rect::union);
        let Some(heads) = heads else { return Rect::NOTHING };
        let has_room = shown.clone().all(|column| {
            let below = if column.map.is_positive() { column.map } else { column.usage };
            below.height() >= LEAST_MAP + height + GAP
        });
        if !has_room {
            return Rect::NOTHING;
        }
        let down = height + GAP;
        for column in &mut self.columns {
            if !column.headline.is_positive() {
                continue;
            }
            if is_over_heads {
                column.headline = column.headline.translate(egui::vec2(0.0, down));
            }
            match column.map.is_positive() {
                true => column.map.min.y += down,
                false => column.usage.min.y += down,
            }
        }
        let top = if is_over_heads { heads.top() } else { heads.bottom() + space::XS };
        Rect::from_x_y_ranges(heads.x_range(), top..=top + height)
    }
}

#[cfg(test)]
mod tests {
    use egui::{pos2, vec2};

    use super::*;
    use crate::scenario::LaneId;
    use crate::ui::layout::arrangement::Arrangement;
    use crate::ui::layout::places::PaneId;

    #[test]
    fn what_shows_the_cause_lies_inside_and_over_nothing() {
        let both = [LaneId::A, LaneId::B];
        let all = Layers::of_names(&["pipeline", "inspector", "atlas"].map(String::from)).unwrap();
        for size in [vec2(1440.0, 900.0), vec2(1280.0, 720.0), vec2(960.0, 540.0)] {
            for (layers, sentences) in [(all, 3.0), (all, 0.0), (Layers::default(), 1.0)] {
                let layout = Layout::new(size, &both, &Arrangement::default());
                let layout = layout.with_cause(layers, SENTENCE * sentences);
                let places = layout.places(&both, false);
                let window = Rect::from_min_size(pos2(0.0, 0.0), size);
                for (i, (pane, a)) in places.iter().enumerate() {
                    assert!(window.contains_rect(*a), "{size:?}: {pane:?} {a:?}");
                    for (other, b) in &places[..i] {
                        assert!(!a.intersect(*b).is_positive(), "{size:?}: {pane:?} {other:?}");
                    }
                }
                let has = |id| places.iter().any(|(pane, _)| *pane == id);
                if size.x > 1000.0 {
                    assert_eq!(has(PaneId::Pipeline), layers.pipeline, "{size:?}");
                    assert_eq!(has(PaneId::Inspector), layers.inspector, "{size:?}");
                    assert_eq!(has(PaneId::Numbers), !layers.inspector, "{size:?}");
                    assert_eq!(has(PaneId::Sentences), sentences > 0.0, "{size:?}");
                }
            }
        }
    }
}
