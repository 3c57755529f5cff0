//! The palette of commands: what a few typed letters may mean.

mod row;
mod typed;

use crate::scenario::typed::find;
use crate::scenario::{LaneId, Setting};
use crate::ui::input::commands::COMMANDS;
use crate::ui::state::AppState;
use crate::ui::state::marked::Target;
use crate::words::english;

use row::score;
pub use row::{Action, Row};

/// What some typed letters may mean in a window, the likeliest first.
pub fn rows(state: &AppState, letters: &str) -> Vec<Row> {
    let mut rows: Vec<(u32, Row)> = Vec::new();
    let stage = state.run.stage();
    for entry in COMMANDS.iter().filter(|entry| entry.is_for(stage)) {
        // English words are known to whoever has read about the program.
        let in_english = score(letters, english(entry.text));
        if let Some(score) = score(letters, (entry.text)()).max(in_english) {
            let (text, note) = ((entry.text)().to_string(), (entry.key)().to_string());
            rows.push((score, Row { text, note, action: Action::Command(entry.command) }));
        }
    }
    if stage.has_controls() {
        rows.extend(typed::rows(state, letters));
    }
    // The order of the tables stands where letters do not tell apart.
    if !letters.trim().is_empty() {
        rows.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Makes the setting of a row, at the next step or by a restart; what is no setting does nothing here.
pub fn set(state: &mut AppState, action: &Action) {
    let Action::Set(key, lane, value) = action else { return };
    let (lane, Some(setting)) = (*lane, find(key)) else { return };
    match typed::lives(state, &setting, lane, value) {
        Ok(Some(live)) => make(state, lane, &live),
        Ok(None) => {
            let memory = state.host.machine_memory;
            if let Ok(draft) = setting.set(&state.draft, lane, value, memory) {
                state.take_draft(draft);
            }
        }
        // The row said so.
        Err(_) => {}
    }
}

/// Makes settings that act live, one for all lanes where they are the same.
fn make(state: &mut AppState, lane: Option<LaneId>, live: &[(LaneId, Setting)]) {
    let before = state.marked.target;
    state.marked.target = lane.map_or(Target::Both, Target::One);
    let mut is_made = false;
    for (id, setting) in live {
        match *setting {
            Setting::Learn { c, w, .. } => state.set_learn(*id, c, w),
            other if !is_made => {
                state.set(other);
                is_made = true;
            }
            _ => {}
        }
    }
    state.marked.target = before;
}

#[cfg(test)]
mod tests {
    use toml::Value;

    use super::*;
    use crate::record::setting::Setting;
    use crate::scenario::schema::Kind;
    use crate::scenario::typed::{Typed, all};
    use crate::scenario::{Init, Preset};
    use crate::session::command::Command;
    use crate::ui::fixture;
    use crate::ui::state::command::UiCommand;
    use crate::words::{Language, within};

    const A: Option<LaneId> = Some(LaneId::A);
    const B: Option<LaneId> = Some(LaneId::B);

    fn first(state: &AppState, letters: &str) -> Action {
        rows(state, letters).first().map_or(Action::Refused, |row| row.action.clone())
    }

    fn set_to(key: &'static str, lane: Option<LaneId>, value: impl Into<Value>) -> Action {
        Action::Set(key, lane, value.into())
    }

    #[test]
    fn letters_find_words_that_begin_with_them_first() {
        assert!(score("rs", "restart the story") > score("rs", "parts"));
        assert!(score("play", "play or pause") > score("play", "play the recording back, or stop"));
        assert_eq!(score("xyz", "play or pause"), None);
        assert!(score("", "anything").is_some());
        let state = fixture::collapse();
        assert_eq!(first(&state, "fork"), Action::Command(UiCommand::Fork));
        assert_eq!(first(&state, "undo"), Action::Command(UiCommand::Undo));
        assert_eq!(first(&state, ""), Action::Command(COMMANDS[0].command));
        assert!(rows(&state, "qqqq").is_empty());
    }

    #[test]
    fn settings_are_typed_by_their_keys_their_names_and_letters_of_both() {
        let state = fixture::collapse();
        let first = |letters: &str| first(&state, letters);
        assert_eq!(first("lr 0.01"), set_to("lr", None, 0.01));
        assert_eq!(first("b beta=1"), set_to("beta", B, 1));
        assert_eq!(first("A size = 1024"), set_to("size", A, 1024));
        assert_eq!(first("train.lr 0.01"), set_to("lr", None, 0.01));
        assert_eq!(first("learning rate 0.01"), set_to("lr", None, 0.01));
        assert_eq!(first("learn rate 0.01"), set_to("lr", None, 0.01));
        assert_eq!(first("init kmeans"), set_to("init", None, "kmeans"));
        assert_eq!(first("b init km"), set_to("init", B, "kmeans"));
        assert_eq!(first("initial c feat"), set_to("init", None, "features"));
        assert_eq!(first("method fsq"), set_to("preset", None, "fsq"));
        assert_eq!(first("a lookup cos"), set_to("lookup", A, "cosine"));
        assert_eq!(first("rank 2"), set_to("rank", None, 2));
        assert_eq!(first("pace unl"), set_to("pace", None, "unlimited"));
        // A list has spaces.
        let mut grid = fixture::collapse();
        grid.draft.lanes.a.set_preset(Preset::Fsq);
        let levels = Value::Array(vec![Value::Integer(4), Value::Integer(4)]);
        assert_eq!(super::tests::first(&grid, "a levels [4, 4]"), set_to("levels", A, levels));
        // In the window's language, and English as well.
        within(Language::Ja, || {
            assert_eq!(first("学習率 0.01"), set_to("lr", None, 0.01));
            assert_eq!(first("C の初期値 uni"), set_to("init", None, "uniform"));
            assert_eq!(first("learning rate 0.01"), set_to("lr", None, 0.01));
        });
    }

    #[test]
    fn a_key_alone_offers_its_values_and_says_when_they_act() {
        let state = fixture::collapse();
        let init = rows(&state, "init");
        for (row, value) in init.iter().zip(["uniform", "normal", "kmeans", "features"]) {
            assert_eq!(row.action, set_to("init", None, value));
            assert_eq!(row.note, "restarts the run", "{}", row.text);
        }
        let presets = rows(&state, "preset");
        let is_one = |row: &&Row| matches!(row.action, Action::Set("preset", ..) | Action::Refused);
        assert_eq!(presets.iter().take_while(is_one).count(), Preset::ALL.len());
        // A range is shown, and Enter types on.
        let lr = &rows(&state, "b lr")[0];
        assert_eq!(lr.action, Action::Type("b lr ".into()));
        assert_eq!(lr.note, "above 0, up to 1000");
        assert_eq!(rows(&state, "lr 0.5")[0].note, "at the next step");
        // Whole values are offered to each lane alone.
        let lanes = rows(&state, "size 64").into_iter().take(3).map(|row| row.action);
        let of = |lane| set_to("size", lane, 64);
        assert_eq!(lanes.collect::<Vec<_>>(), [of(None), of(A), of(B)]);
    }

    #[test]
    fn what_cannot_be_is_refused_with_the_sentence() {
        let state = fixture::collapse();
        for (letters, words) in [
            ("lr -1", "train.lr must be a number greater than 0 and at most 1000, not -1"),
            ("size 0", "codebook.size must be a whole number from 1 to 16777216, not 0"),
            ("beta much", "train.beta must be a number from 0 to 1000000, not \"much\""),
            ("lr 0.1 0.2", "train.lr must be"),
            ("init nothing", "codebook.init must be one of"),
            ("a drift 1", "data.drift is of the whole run"),
            ("b upkeep revive", "lane b: upkeep moves codes onto encodings"),
            ("a factor 16", "only 16 numbers"),
        ] {
            let row = &rows(&state, letters)[0];
            assert_eq!(row.action, Action::Refused, "{letters}: {row:?}");
            assert!(row.text.contains(words), "{letters}: {}", row.text);
        }
        // What one of the lanes cannot have, the other is offered.
        let upkeep = rows(&state, "upkeep revive");
        assert_eq!(upkeep[0].action, Action::Refused);
        assert_eq!(upkeep[1].action, set_to("upkeep", A, "revive"));
        // Stories are not typed.
        for letters in ["step 3", "caption x", "title x"] {
            let found = rows(&state, letters).into_iter().map(|row| row.action);
            let keys = ["step", "caption", "title"];
            assert!(
                found
                    .into_iter()
                    .all(|a| !matches!(a, Action::Set(key, ..) if keys.contains(&key))),
                "{letters}"
            );
        }
    }

    /// A value of a setting that is not the usual one, where there is another one.
    fn another(setting: &Typed) -> String {
        match (setting.kind(), setting.key()) {
            (Kind::Levels, _) => "[4, 4, 4]".into(),
            (Kind::Bool, "learn_w") => "true".into(),
            (Kind::Word(_) | Kind::Bool | Kind::Pace, _) => setting.choices().swap_remove(1),
            (Kind::Int(..), "batch_tokens") => "256".into(),
            (Kind::Int(..), "steps") => "2000".into(),
            (Kind::Int(..), "tokens") => "1".into(),
            (Kind::Int(..), "eval_tokens" | "final_tokens") => "2048".into(),
            (Kind::Int(low, high), _) => (low + 2).min(high).to_string(),
            _ => "0.5".into(),
        }
    }

    #[test]
    fn every_setting_of_the_table_is_set_from_the_palette() {
        for setting in all() {
            let mut state = fixture::collapse();
            let key = setting.key();
            // What a lane is besides must allow it.
            let besides = match key {
                "levels" | "bits" => "preset fsq",
                "cloud_x" | "cloud_y" | "cloud_angle" | "cloud_scale" => "set cloud",
                "kind" => "set cloud",
                _ => "",
            };
            if !besides.is_empty() {
                let action = first(&state, besides);
                set(&mut state, &action);
            }
            if key == "kind" {
                for wide in ["dim 2", "tokens 1"] {
                    let action = first(&state, wide);
                    set(&mut state, &action);
                }
            }
            state.take_commands();
            let (before, value) = (state.draft.clone(), another(&setting));
            let lane = if setting.is_of_lanes() { "a " } else { "" };
            let row = rows(&state, &format!("{lane}{key} {value}")).remove(0);
            let action = row.action.clone();
            assert!(matches!(action, Action::Set(set, ..) if set == key), "{key}: {row:?}");
            set(&mut state, &action);
            let commands = state.take_commands();
            assert!(before != state.draft || row.note == "as it is", "{key} {value}");
            let restarts = commands.iter().any(|c| matches!(c, Command::Restart(_)));
            assert_eq!(restarts, row.note == "restarts the run", "{key}: {commands:?}");
            assert!(!commands.is_empty() || row.note == "as it is", "{key} {value}");
        }
    }

    #[test]
    fn a_typed_setting_is_sent_to_the_lanes_that_it_names() {
        let mut state = fixture::collapse();
        let mut typed = |letters: &str| {
            state.take_commands();
            let action = first(&state, letters);
            set(&mut state, &action);
            assert_eq!(state.marked.target, Target::Both);
            (state.take_commands(), state.draft.clone())
        };
        let lr = Command::Set { lane: B, setting: Setting::Lr(0.01) };
        assert_eq!(typed("b lr 0.01").0, [lr]);
        let lr = Command::Set { lane: None, setting: Setting::Lr(0.02) };
        assert_eq!(typed("lr 0.02").0, [lr]);
        let learns = |commands: &[Command]| match commands {
            [Command::Set { lane, setting: Setting::Learn { c, w, .. } }] => Some((*lane, *c, *w)),
            _ => None,
        };
        assert_eq!(learns(&typed("a learn_w true").0), Some((A, true, true)));
        assert_eq!(learns(&typed("b learn_w false").0), Some((B, false, false)));
        // What needs a restart restarts, with all that was set before.
        let (commands, draft) = typed("a init kmeans");
        let restart = commands.iter().find_map(|command| match command {
            Command::Restart(scenario) => Some(scenario.as_ref()),
            _ => None,
        });
        assert_eq!(restart, Some(&draft));
        let inits: Vec<Init> = draft.lane_specs().iter().map(|spec| spec.init).collect();
        assert_eq!(inits, [Init::Kmeans, Init::Normal]);
        assert_eq!(draft.lane_specs()[1].lr, 0.02);
    }
}
