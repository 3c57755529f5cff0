//! States of the window that move things.

use std::path::{Path, PathBuf};

use super::super::{flags, hide_sides, steer, time};
use super::*;
use crate::archive::shelf::CutOff;
use crate::figure::camera::Camera;
use crate::figure::columns::UsageSource;
use crate::figure::panel::Panel;
use crate::record::event::{Event, EventKind};
use crate::record::setting::BasisMode;
use crate::record::setting::Setting;
use crate::record::snapshot::Snapshot;
use crate::record::status::{Activity, Failure, Saving, Update, WayOn};
use crate::record::watching::Shown;
use crate::scenario::{LaneId, Preset, demos};
use crate::ui::fixture;
use crate::ui::host::shot;
use crate::ui::layout::arrangement::Part;
use crate::ui::state::marked::Target;
use crate::ui::state::playback::ForkWish;

type Scenes = Vec<(String, AppState)>;

/// Longer than any room.
const LONG: &str = "A title that goes on and on, as one that a stranger wrote into a scenario of his own may well do without an end";

/// Every story with its title and its longest caption, which stand above the numbers of its lanes.
pub fn stories() -> Scenes {
    let mut all = Vec::new();
    for name in demos::names() {
        let mut state = fixture::story(name);
        all.push((name.to_string(), fixture::story(name)));
        let captions = state.story.scenario.said_at().map(|(_, text)| state.told(text));
        let longest = captions.max_by_key(String::len);
        say(&mut state, &longest.unwrap_or_default());
        // With its axes as they are in large codebooks.
        (state.prefs.is_usage_log, state.prefs.usage_source) = (true, UsageSource::FullSet);
        state.set(Setting::Lr(0.01));
        state.take_commands();
        all.push((format!("{name}, its longest caption"), state));
    }
    all
}

/// Puts a caption over the run.
fn say(state: &mut AppState, caption: &str) {
    let mut info = state.run.info.clone().unwrap();
    info.scenario.change.clear();
    info.scenario.about = caption.into();
    state.run.info = Some(info);
}

fn scene(name: &str, change: impl FnOnce(&mut AppState)) -> (String, AppState) {
    let mut state = fixture::collapse();
    change(&mut state);
    (name.into(), state)
}

fn change_lanes(state: &mut AppState, change: impl Fn(&mut crate::record::snapshot::LaneView)) {
    let old = state.run.snapshot.clone().unwrap();
    let mut snapshot = Snapshot { run: old.run, step: old.step, lanes: old.lanes.clone() };
    snapshot.lanes.iter_mut().for_each(change);
    assert!(state.run.take(std::sync::Arc::new(snapshot)));
}

fn announce(state: &mut AppState, step: u64, id: LaneId, kind: EventKind, text: &str) {
    let lane = Some(id);
    state.run.absorb(Update::Event(Event::said(step, lane, kind, text)));
}

/// What moves things while a run goes on.
pub fn states() -> Scenes {
    let mut all = vec![
        scene("a long title", |s| {
            s.story.scenario.title = LONG.into();
            s.draft.title = LONG.into();
            say(s, &format!("{LONG}. {LONG}. {LONG}."));
        }),
        scene("a caption of two lines", |s| say(s, "One line of a caption.\nAnd a second one.")),
        scene("changes in both lanes", |s| {
            for (step, id) in [(150, LaneId::A), (170, LaneId::B)] {
                let text =
                    "it switches to codes as averages, revival of codes not in use, rate 0.003";
                announce(s, step, id, EventKind::Change, text);
            }
        }),
        scene("many settings changed", |s| {
            s.marked.target = Target::One(LaneId::B);
            s.set_size(2048);
            s.set_dim(32);
            s.set(Setting::Lr(1.25e-5));
            s.set(Setting::Beta(4.0));
            s.set_batch_tokens(4096);
            s.marked.target = Target::Both;
            s.run.specs = s.draft.lane_specs();
        }),
        scene("settings that cannot train", |s| s.set_size(1 << 40)),
        scene("settings that wait for a restart", |s| s.set_size(1024)),
        scene("a grid in one lane", |s| {
            s.marked.target = Target::One(LaneId::A);
            s.set_preset(Preset::Fsq);
            s.run.specs = s.draft.lane_specs();
            change_lanes(s, |lane| lane.has_fixed_codes = lane.id == LaneId::A);
        }),
        scene("the end", |s| s.run.trainer.activity = Activity::Ended),
        scene("a slow run", |s| s.run.trainer.steps_per_second = 41.0),
        scene("before the first step", |s| {
            *s = AppState::new("collapse", s.story.scenario.clone());
        }),
        scene("every lane diverged", |s| {
            s.run.trainer.activity = Activity::Diverged;
            change_lanes(s, |lane| lane.diverged_at = Some(207));
        }),
        scene("no quantization yet", |s| {
            s.run.specs.iter_mut().for_each(|spec| spec.warmup = 400);
            change_lanes(s, |lane| {
                lane.warms_up_until = Some(400);
                lane.window_counts.fill(0);
                (lane.window.used, lane.window.tokens) = (0, 0);
            });
        }),
        scene("all codes in one point", |s| {
            change_lanes(s, |lane| {
                lane.codes.fill([0.0; 2]);
                lane.latents.fill([0.0; 2]);
                (lane.axes.extent, lane.axes.rise) = (1.2e-6, None);
                lane.axes.centre = [0.234_567, -1.75];
            });
        }),
        scene("codes far out", |s| {
            change_lanes(s, |lane| {
                (lane.axes.extent, lane.axes.rise) = (4e7, None);
                lane.axes.centre = [3e5, -1e7];
            });
        }),
        scene("maps that are zoomed in", |s| {
            let [a, b] = &mut s.panes.map.cameras;
            *a = Camera { zoom: 37.0, middle: [0.4, 0.2] };
            *b = Camera { zoom: 400.0, middle: [-1.3, 0.0] };
        }),
        scene("shared and fixed axes", |s| {
            change_lanes(s, |lane| {
                lane.axes.mode =
                    if lane.id == LaneId::A { BasisMode::Fixed } else { BasisMode::Shared };
                lane.axes.step = 1_234_567;
            });
        }),
        scene("a notice", |s| s.run.notice = Some(format!("{LONG}; {LONG}"))),
        scene("what was said", |s| s.toast = Some(format!("{LONG}; {LONG}"))),
        scene("a saved run with much to tell", |s| {
            let folder = Some(PathBuf::from("/home/somebody/collapse-0123"));
            let saving = Saving { folder, failure: None, checkpoints: vec![0, 200] };
            s.run.absorb(Update::Saving(saving));
            s.host.frames_per_second = 59.0;
            let live = s.run.live.clone().unwrap();
            s.run.absorb(Update::Keyframe(live));
        }),
        scene("without side panels", hide_sides),
    ];
    all.extend(views());
    all.extend(runs());
    all
}

/// Tabs and bars.
fn views() -> Scenes {
    let mut all = Vec::new();
    for tab in [Tab::Losses, Tab::Spectrum, Tab::UseMap, Tab::Movement, Tab::Events] {
        all.push(scene(&format!("{tab:?}"), |s| s.prefs.tab = tab));
    }
    for source in [UsageSource::Window, UsageSource::FullSet] {
        for (is_sorted, is_log) in [(true, true), (true, false), (false, true), (false, false)] {
            all.push(scene(&format!("bars {source:?} {is_sorted} {is_log}"), |s| {
                s.prefs.usage_source = source;
                (s.prefs.is_usage_sorted, s.prefs.is_usage_log) = (is_sorted, is_log);
            }));
        }
    }
    all
}

/// Runs that are not the usual one.
fn runs() -> Scenes {
    let mut all = vec![("one lane".to_string(), fixture::one_lane())];
    all.push(("many codes".into(), fixture::many_codes()));
    all.push(("flags".into(), flags::flagged()));
    all.push(("a fork".into(), time::forked()));
    let mut pinned = time::recorded();
    pinned.pin(150);
    all.push(("a pinned step".into(), pinned));
    let mut pinned = time::recorded();
    pinned.pin(150);
    pinned.run.history.step = 12_345_678;
    pinned.toggle_playback();
    pinned.player.rate = 100_000.0;
    say(&mut pinned, LONG);
    all.push(("a pinned step, played back".into(), pinned));
    let mut beside = fixture::collapse();
    beside.look_at(time::pair());
    all.push(("two saved lanes".into(), beside));
    all
}

/// Every page of the tour, its list, and the line that offers it.
pub fn tour() -> Scenes {
    let pages = &crate::lesson::tour::tour().pages;
    let mut all: Scenes =
        (0..pages.len()).map(|page| (format!("page {}", page + 1), fixture::tour(page))).collect();
    let mut list = fixture::tour(3);
    list.touring_mut().unwrap().is_list_open = true;
    all.push(("the list of pages".into(), list));
    all.push(scene("the offer of the tour", |s| s.host.offers_tour = true));
    all
}

/// Every card.
pub fn cards() -> Scenes {
    let mut all = vec![
        scene("the gallery", |s| s.cards.is_gallery_open = true),
        scene("the list of keys", |s| s.cards.is_help_open = true),
        scene("a failure", |s| {
            let sentence =
                "the device failed (out of memory); restart the run, or use --device cpu".into();
            s.run.failure = Some(Failure { sentence, way_on: None });
        }),
        scene("a device that failed", |s| {
            let device = "NVIDIA GeForce RTX 4090 Laptop GPU";
            let sentence = format!(
                "{device} failed after step 12,345 (wgpu error: Not enough memory left); the run can go on from step 12,200"
            );
            let way_on = Some(WayOn { device: device.into(), step: Some(12_200), lost: 2 });
            s.run.failure = Some(Failure { sentence, way_on });
        }),
        scene("a way back", |s| {
            s.run.trainer.activity = Activity::Replaying { done: 412, of: 9_600_000 };
        }),
        scene("a run that was cut off", |s| {
            let title = "Entropy penalty: more codes, hardly less error".into();
            s.cards.cut_off = Some(CutOff { path: "x".into(), title, step: 812 });
        }),
    ];
    all.push(("a shelf".into(), time::with_shelf()));
    all.push(("a divergence".into(), flags::diverged()));
    let mut wish = time::recorded();
    wish.cards.fork_wish = Some(ForkWish { step: 150, steps: 50, seconds: None });
    all.push(("a long way".into(), wish));
    all
}

/// Each part of the window hidden, and all but the maps.
pub fn hidden() -> Scenes {
    let mut all: Scenes = Part::ALL
        .into_iter()
        .map(|part| scene(part.name(), |s| s.prefs.arrangement.show(part, false)))
        .collect();
    all.push(scene("the maps alone", |s| {
        Part::ALL.into_iter().for_each(|part| s.prefs.arrangement.show(part, part == Part::Maps));
    }));
    all
}

/// Every panel over the room of the others.
pub fn enlarged() -> Scenes {
    let panels = Panel::ALL.into_iter().filter(|panel| *panel != Panel::Window);
    panels.map(|panel| scene(panel.name(), |s| s.enlarge(Some(panel)))).collect()
}

/// Files of another program.
pub fn watched() -> Scenes {
    let open = |what: &str| {
        let path = Path::new("tests/reference/codebooks").join(what);
        shot::watched(&[path], Shown::default())
            .unwrap_or_else(|refusal| panic!("{}", refusal.sentence))
    };
    let long = "/home/somebody/experiments/of/last/winter/with/a/long/name/and/a/number/of/folders/checkpoints";
    let mut all = vec![
        ("a folder".to_string(), open("series")),
        ("one file".into(), open("forms/simvq_12.npz")),
        ("codes alone".into(), open("forms/bare_14.npy")),
        ("waiting".into(), AppState::watching(&[PathBuf::from("checkpoints")])),
        ("waiting in a long path".into(), AppState::watching(&[PathBuf::from(long)])),
    ];
    all.extend(steer::cards().into_iter().map(|(name, state)| (name.to_string(), state)));
    for tab in [Tab::Spectrum, Tab::UseMap, Tab::Movement, Tab::Events] {
        let mut state = open("series");
        state.prefs.tab = tab;
        state.pin(200);
        announce(
            &mut state,
            250,
            LaneId::A,
            EventKind::Unreadable,
            "codebook_000250.npz is not a whole .npz file",
        );
        all.push((format!("a folder, pinned, {tab:?}"), state));
    }
    all
}
