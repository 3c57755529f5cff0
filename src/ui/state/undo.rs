//! Undo of changes of the draft by hand.
//!
//! Once a frame the draft is compared with the one of the frame before: whatever control, key or
//! menu changed it, the change is one that Ctrl+Z takes back. While a control is held, changes of
//! the same settings are one change, so that a dragged slider is not hundreds.

use crate::record::setting::Setting;
use crate::scenario::differences::{Present, changed_keys, differences};
use crate::scenario::{LaneId, Scenario};
use crate::session::command::Command;
use crate::ui::state::AppState;
use crate::words;

/// Most changes that are remembered; beyond them the oldest go.
const MOST: usize = 200;

/// Settings that one sentence names.
const NAMED: usize = 3;

/// Changes of the draft, and the ones that were taken back.
#[derive(Clone, Debug, Default)]
pub struct Undo {
    done: Vec<Entry>,
    undone: Vec<Entry>,
    /// The draft when it was last looked at.
    seen: Option<Scenario>,
    /// Whether the control that made the newest change is still held.
    is_held: bool,
}

/// One change.
#[derive(Clone, Debug)]
struct Entry {
    before: Scenario,
    after: Scenario,
}

/// A setting that differs between two drafts: in which lane (none where both lanes agree), its
/// name, its value before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Changed {
    lane: Option<LaneId>,
    setting: String,
    old: String,
    new: String,
}

impl AppState {
    /// Looks at the draft at the end of a frame; `is_held` says whether a control is held.
    pub fn note_changes(&mut self, is_held: bool) {
        let undo = &mut self.undo;
        let was_held = std::mem::replace(&mut undo.is_held, false);
        let Some(seen) = &mut undo.seen else {
            undo.seen = Some(self.draft.clone());
            return;
        };
        if *seen == self.draft {
            // One that is only taken hold of has changed nothing yet.
            undo.is_held = was_held && is_held;
            return;
        }
        undo.is_held = is_held;
        let before = std::mem::replace(seen, self.draft.clone());
        let entry = Entry { before, after: self.draft.clone() };
        undo.undone.clear();
        match undo.done.last_mut() {
            Some(last) if was_held && is_held && is_one_drag(last, &entry) => {
                last.after = entry.after;
                if last.after == last.before {
                    undo.done.pop();
                }
            }
            _ => undo.done.push(entry),
        }
        if undo.done.len() > MOST {
            undo.done.remove(0);
        }
    }

    /// Takes the newest change of the draft back, and says which one it was.
    pub fn undo(&mut self) {
        self.note_changes(false);
        match self.undo.done.pop() {
            Some(entry) => {
                self.go(&entry.after, &entry.before, words!("notice-undone"));
                self.undo.undone.push(entry);
            }
            None => self.toast = Some(words!("notice-nothing-was-changed-that-could").into()),
        }
    }

    /// Makes the change again that was taken back last.
    pub fn redo(&mut self) {
        self.note_changes(false);
        match self.undo.undone.pop() {
            Some(entry) => {
                self.go(&entry.before, &entry.after, words!("notice-done-again"));
                self.undo.done.push(entry);
            }
            None => self.toast = Some(words!("notice-nothing-was-undone-that-could").into()),
        }
    }

    /// Makes `to` the draft: what acts live is sent, and what needs a restart restarts.
    pub fn take_draft(&mut self, to: Scenario) {
        let from = std::mem::replace(&mut self.draft, to);
        let to = self.draft.clone();
        if from.pace != to.pace {
            self.set_pace(to.pace);
        }
        if !to.needs_restart_from(&from) {
            self.send_live(&from, &to);
        } else {
            self.restart_as_set();
        }
    }

    /// Makes `to` the draft, sends what acts live, and says what was done.
    fn go(&mut self, from: &Scenario, to: &Scenario, what: &str) {
        self.draft = to.clone();
        self.undo.seen = Some(to.clone());
        // A change that waited for a restart sent nothing, so nothing goes back either.
        let is_live = !to.needs_restart_from(from);
        if is_live {
            self.send_live(from, to);
        }
        let mut said = format!("{what}: {}", sentence(&changed(from, to)));
        if !is_live {
            said += words!("notice-it-acts-at-the-next");
        } else if learn_pairs(from) != learn_pairs(to) {
            said += words!("notice-the-codes-are-not-those");
        }
        self.toast = Some(said);
    }

    /// Sends the live settings in which two drafts differ.
    fn send_live(&mut self, from: &Scenario, to: &Scenario) {
        let on_switch = self.on_switch();
        let lanes: Vec<(LaneId, Vec<Setting>)> = to
            .lane_specs()
            .iter()
            .zip(from.lane_specs())
            .map(|(new, old)| {
                let settings = [new, &old].map(|spec| spec.settings(on_switch));
                let [new_ones, old_ones] = settings;
                let pairs = new_ones.into_iter().zip(old_ones);
                (new.id, pairs.filter(|(new, old)| new != old).map(|(new, _)| new).collect())
            })
            .collect();
        let is_shared = lanes.len() > 1 && lanes.iter().all(|(_, s)| *s == lanes[0].1);
        let lanes = if is_shared {
            vec![(None, lanes[0].1.clone())]
        } else {
            lanes.into_iter().map(|(id, settings)| (Some(id), settings)).collect()
        };
        for (lane, settings) in lanes {
            for setting in settings {
                self.ask(Command::Set { lane, setting });
            }
        }
    }
}

/// Whether a change goes on with what the one before it began. What learns is switched, not dragged.
fn is_one_drag(last: &Entry, next: &Entry) -> bool {
    let keys = |entry: &Entry| {
        let keys = changed_keys(&entry.before, &entry.after);
        keys.into_iter().map(|changed| changed.key).collect::<Vec<_>>()
    };
    let is_switch = learn_pairs(&next.before) != learn_pairs(&next.after);
    let (last, next) = (keys(last), keys(next));
    // A dragged cloud changes one of its numbers now and another one then.
    let is_cloud = |keys: &[String]| keys.iter().all(|key| key.contains(".cloud_"));
    !is_switch && (last == next || (is_cloud(&last) && is_cloud(&next)))
}

/// What learns in each lane of a draft.
fn learn_pairs(draft: &Scenario) -> Vec<(bool, bool)> {
    draft.lane_specs().iter().map(|s| (s.learn_c, s.learn_w)).collect()
}

/// Settings of the lanes in which two drafts differ.
fn changed(before: &Scenario, after: &Scenario) -> Vec<Changed> {
    let (old, new) = (before.lane_specs(), after.lane_specs());
    let mut all: Vec<Changed> = Vec::new();
    for (old, new) in old.iter().zip(&new) {
        let lane = Some(new.id).filter(|_| after.lanes.b.is_some());
        let methods = [old.method(), new.method()];
        if methods[0] != methods[1] {
            let [old, new] = methods.map(String::from);
            all.push(Changed { lane, setting: String::new(), old, new });
        }
        for row in differences(&Present::from(old), &Present::from(new)) {
            // The name of the method says it all.
            if methods[0] != methods[1] && row.is_of_method {
                continue;
            }
            let row = Changed { lane, setting: row.setting.into(), old: row.a, new: row.b };
            // What both lanes agree in is said once.
            let twin = all.iter_mut().find(|other| {
                (&other.setting, &other.old, &other.new) == (&row.setting, &row.old, &row.new)
            });
            match twin {
                Some(twin) => twin.lane = None,
                None => all.push(row),
            }
        }
    }
    if all.is_empty() {
        // Less than what the table of differences shows: the keys say it with all digits.
        let value = |text: Option<String>| text.unwrap_or_else(|| words!("setting-none").into());
        all.extend(changed_keys(before, after).into_iter().map(|changed| Changed {
            lane: None,
            setting: changed.key,
            old: value(changed.old),
            new: value(changed.new),
        }));
    }
    all
}

/// "learning rate 0.003, was 0.01".
fn sentence(changed: &[Changed]) -> String {
    let one = |c: &Changed| {
        let lane = c.lane.map(|id| id.name().to_uppercase()).unwrap_or_default();
        let words = [&lane, &c.setting, &c.new].into_iter().filter(|word| !word.is_empty());
        let now = words.cloned().collect::<Vec<_>>().join(" ");
        words!("notice-was", now = now, before = c.old)
    };
    let mut text =
        changed.iter().take(NAMED).map(one).collect::<Vec<_>>().join(words!("list-semicolon"));
    if changed.len() > NAMED {
        text += &words!("notice-and-more", changed = changed.len() - NAMED);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{OnSwitch, Preset};
    use crate::ui::fixture;
    use crate::ui::state::marked::Target;

    fn state() -> AppState {
        let mut state = fixture::collapse();
        state.note_changes(false);
        state
    }

    fn said(state: &AppState) -> &str {
        state.toast.as_deref().unwrap()
    }

    fn set(lane: Option<LaneId>, setting: Setting) -> Command {
        Command::Set { lane, setting }
    }

    #[test]
    fn a_dragged_slider_is_one_change() {
        let mut state = state();
        let story = state.draft.clone();
        for step in 1..=300 {
            state.set(Setting::Lr(0.003 + 1e-5 * f64::from(step)));
            state.note_changes(true);
        }
        state.note_changes(false);
        let dragged = state.draft.clone();
        state.set(Setting::Lr(0.05));
        state.note_changes(true);
        state.take_commands();
        state.undo();
        assert_eq!(said(&state), "undone: learning rate 0.006, was 0.05");
        assert_eq!(state.draft, dragged);
        state.undo();
        assert_eq!(state.draft, story);
        assert_eq!(said(&state), "undone: learning rate 0.003, was 0.006");
        let sent = [set(None, Setting::Lr(0.006)), set(None, Setting::Lr(0.003))];
        assert_eq!(state.take_commands(), sent);
        state.undo();
        assert!(said(&state).contains("nothing was changed"));
        state.redo();
        assert_eq!(said(&state), "done again: learning rate 0.006, was 0.003");
        assert_eq!(state.take_commands().len(), 1);
        assert_eq!(state.draft, dragged);
        state.redo();
        state.redo();
        assert!(said(&state).contains("nothing was undone"));
        assert_eq!(state.draft.train.lr, 0.05);
    }

    #[test]
    fn a_slider_that_is_back_where_it_was_changed_nothing() {
        let mut state = state();
        for lr in [0.004, 0.005, 0.003] {
            state.set(Setting::Lr(lr));
            state.note_changes(true);
        }
        state.undo();
        assert!(said(&state).contains("nothing was changed"), "{}", said(&state));
    }

    #[test]
    fn a_change_too_small_for_the_table_is_told_with_all_digits() {
        let mut state = state();
        state.set(Setting::Lr(0.00301));
        state.note_changes(false);
        state.undo();
        assert_eq!(said(&state), "undone: train.lr 0.003, was 0.00301");
    }

    #[test]
    fn other_settings_and_other_drags_are_changes_of_their_own() {
        let mut state = state();
        state.set(Setting::Lr(0.01));
        state.note_changes(true);
        state.set(Setting::Beta(1.0));
        state.note_changes(true);
        state.note_changes(false);
        state.set(Setting::Beta(2.0));
        state.note_changes(false);
        let undone: Vec<String> = (0..3)
            .map(|_| {
                state.undo();
                said(&state).to_string()
            })
            .collect();
        assert_eq!(
            undone,
            [
                "undone: commitment β 1, was 2",
                "undone: commitment β 0.25, was 1",
                "undone: learning rate 0.003, was 0.01"
            ]
        );
        // A new change ends what could be done again.
        state.set(Setting::Beta(4.0));
        state.note_changes(false);
        state.redo();
        assert!(said(&state).contains("nothing was undone"));
    }

    #[test]
    fn what_learns_is_switched_back_without_its_codes() {
        let mut state = state();
        // A key held down with another is no drag.
        state.switch_method();
        state.note_changes(true);
        state.switch_method();
        state.note_changes(true);
        state.switch_method();
        state.note_changes(true);
        state.take_commands();
        state.undo();
        let learn = Setting::Learn { c: true, w: false, on_switch: OnSwitch::Fresh };
        assert_eq!(state.take_commands(), [set(Some(LaneId::A), learn)]);
        let said = said(&state).to_string();
        assert!(said.starts_with("undone: A VQ, was SimVQ; the codes are not"), "{said}");
        state.undo();
        assert_eq!(state.draft.lane(LaneId::A).map(|s| s.learn_w), Some(true));
    }

    #[test]
    fn what_waits_for_a_restart_goes_back_and_sends_nothing() {
        let mut state = state();
        state.set_size(1024);
        state.note_changes(false);
        state.marked.target = Target::One(LaneId::B);
        state.set_preset(Preset::Fsq);
        state.note_changes(false);
        state.undo();
        assert!(said(&state).starts_with("undone: B SimVQ, was FSQ; "), "{}", said(&state));
        assert!(said(&state).contains("; it acts at the next restart"), "{}", said(&state));
        state.undo();
        assert!(said(&state).contains("codes K 512, was 1024; it acts"), "{}", said(&state));
        assert!(state.take_commands().is_empty() && !state.is_armed());
    }

    #[test]
    fn another_story_forgets_the_changes_of_the_one_before() {
        let mut state = state();
        state.set(Setting::Lr(0.01));
        state.note_changes(false);
        state.load("digits");
        state.note_changes(false);
        state.undo();
        assert!(said(&state).contains("nothing was changed"));
        assert_eq!(state.draft, state.story.scenario);
    }
}
