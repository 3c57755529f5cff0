//! What lies where, for whoever asks what it is: things with a help put it down as they are drawn, and
//! `?` finds the one under the pointer.

use egui::{Context, Id, Pos2, Rect, Ui};

/// A thing with its help, and where it was drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Thing {
    /// Where it is.
    pub rect: Rect,
    /// What it is called.
    pub name: String,
    /// What it is.
    pub help: String,
}

/// Things of this frame, and of the one before.
#[derive(Clone, Default)]
struct Things {
    now: Vec<Thing>,
    before: Vec<Thing>,
}

fn key() -> Id {
    Id::unique("things-with-a-help")
}

/// Begins a frame.
pub fn begin(ctx: &Context) {
    ctx.data_mut(|data| {
        let things = data.get_temp_mut_or_default::<Things>(key());
        things.before = std::mem::take(&mut things.now);
    });
}

/// Notes that a thing lies at a place.
pub fn put(ui: &Ui, rect: Rect, name: &str, help: &str) {
    let rect = rect.intersect(ui.clip_rect());
    if !rect.is_positive() {
        return;
    }
    let thing = Thing { rect, name: name.into(), help: help.into() };
    ui.data_mut(|data| data.get_temp_mut_or_default::<Things>(key()).now.push(thing));
}

/// The smallest thing at a place, as the frame before had it.
pub fn at(ctx: &Context, place: Pos2) -> Option<Thing> {
    let all = ctx.data(|data| data.get_temp::<Things>(key())).unwrap_or_default().before;
    // Of two at the same place the one that was drawn later.
    let here = all.into_iter().rev().filter(|thing| thing.rect.contains(place));
    here.min_by(|a, b| a.rect.area().total_cmp(&b.rect.area()))
}

/// All things of the frame that was drawn last.
#[cfg(test)]
pub fn all(ctx: &Context) -> Vec<Thing> {
    ctx.data(|data| data.get_temp::<Things>(key())).unwrap_or_default().now
}
