//! The palette of commands: what a few typed letters may mean.

use crate::record::setting::Setting;
use crate::scenario::schema::{Kind, find};
use crate::scenario::{Change, LaneId};
use crate::ui::input::commands::COMMANDS;
use crate::ui::state::AppState;
use crate::ui::state::command::UiCommand;
use crate::ui::state::marked::Target;
use crate::words;
use crate::words::english;

/// Most rows of the list.
pub const MOST: usize = 9;

/// Settings that need a restart, by the keys that scenarios have for them.
const COLD: [&str; 3] = ["size", "dim", "seed"];

/// Something that can be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// A command of the window.
    Command(UiCommand),
    /// A setting of lanes, both or one.
    Set(Option<LaneId>, Setting),
    /// Whether C learns, or W; what is not named stays as it is.
    Learn(Option<LaneId>, Option<bool>, Option<bool>),
    /// A setting that acts at the next restart.
    Cold(Option<LaneId>, &'static str, u64),
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it says.
    pub text: String,
    /// Its key, where it has one.
    pub key: String,
    /// What it does.
    pub action: Action,
}

/// How well a text is meant by some typed letters, which it must have in this order: the more of them
/// begin words or stand together, the better. Nothing where it does not have them.
pub fn score(typed: &str, text: &str) -> Option<u32> {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let (mut at, mut score, mut is_next) = (0, 0, false);
    for letter in typed.to_lowercase().chars().filter(|c| !c.is_whitespace()) {
        let found = text[at..].iter().position(|c| *c == letter)? + at;
        let begins_word = found == 0 || !text[found - 1].is_alphanumeric();
        score += if begins_word { 8 } else { 1 } + if is_next && found == at { 4 } else { 0 };
        (at, is_next) = (found + 1, true);
    }
    // Of two with the same letters the shorter one.
    Some(score * 100 + 100_u32.saturating_sub(text.len() as u32))
}

/// What some typed letters may mean in a window, the likeliest first.
pub fn rows(state: &AppState, typed: &str) -> Vec<Row> {
    let mut rows: Vec<(u32, Row)> = Vec::new();
    let stage = state.run.stage();
    for entry in COMMANDS.iter().filter(|entry| entry.is_for(stage)) {
        // English words are known to whoever has read about the program.
        let in_english = score(typed, english(entry.text));
        if let Some(score) = score(typed, (entry.text)()).max(in_english) {
            let (text, key) = ((entry.text)().to_string(), (entry.key)().to_string());
            rows.push((score, Row { text, key, action: Action::Command(entry.command) }));
        }
    }
    // The order of the table stands where letters do not tell apart.
    rows.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let mut rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    if stage.has_controls()
        && let Some(row) = setting(typed)
    {
        rows.insert(0, row);
    }
    rows.truncate(MOST);
    rows
}

/// A setting that is typed: "lr 0.01", "b beta = 1", "a learn_w true".
fn setting(typed: &str) -> Option<Row> {
    let spaced = typed.replace('=', " ");
    let mut parts = spaced.split_whitespace().peekable();
    let lane = parts.peek().and_then(|word| LaneId::from_name(&word.to_lowercase()));
    if lane.is_some() {
        parts.next();
    }
    let (key, value) = (parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let of = match lane {
        Some(lane) => words!("palette-of-lane", lane = lane.name().to_uppercase()),
        None => words!("palette-of-both").to_string(),
    };
    if let Some(cold) = COLD.into_iter().find(|cold| *cold == key) {
        let path = if cold == "seed" { "seed".into() } else { format!("codebook.{cold}") };
        let number: u64 = value.parse().ok()?;
        let typed = toml::Value::Integer(number.try_into().ok()?);
        find(&path).filter(|key| key.kind.allows(&typed))?;
        let text = words!("palette-set-cold", key = cold, value = value, of = of);
        let action = Action::Cold(lane, cold, number);
        return Some(Row { text, key: String::new(), action });
    }
    let path = format!("change.{key}");
    let known = find(&path).filter(|k| !matches!(k.kind, Kind::Told | Kind::Tables))?;
    let typed: toml::Value = match toml::from_str::<toml::Table>(&format!("x = {value}")) {
        Ok(mut table) => table.remove("x")?,
        Err(_) => toml::Value::String(value.into()),
    };
    if !known.kind.allows(&typed) {
        return None;
    }
    let table = toml::Table::from_iter([
        ("step".into(), toml::Value::Integer(0)),
        (key.to_string(), typed),
    ]);
    let change: Change = table.try_into().ok()?;
    if change.learn_c.is_some() || change.learn_w.is_some() {
        let text = words!("palette-set-learn", key = key, value = value, of = of);
        let action = Action::Learn(lane, change.learn_c, change.learn_w);
        return Some(Row { text, key: String::new(), action });
    }
    let setting = change.settings(true, false).into_iter().next()?;
    let text = words!("palette-set", what = setting.sentence(), of = of);
    Some(Row { text, key: String::new(), action: Action::Set(lane, setting) })
}

/// Does what a row says, but for commands, which take the keyboard's way.
pub fn set(state: &mut AppState, action: &Action) {
    let before = state.marked.target;
    let target = |lane: Option<LaneId>| lane.map_or(Target::Both, Target::One);
    match *action {
        Action::Command(_) => {}
        Action::Learn(lane, c, w) => {
            state.marked.target = target(lane);
            for id in state.target_lanes() {
                if let Some((learns_c, learns_w)) = state.learns(id) {
                    state.set_learn(id, c.unwrap_or(learns_c), w.unwrap_or(learns_w));
                }
            }
        }
        Action::Set(lane, setting) => {
            state.marked.target = target(lane);
            state.set(setting);
        }
        Action::Cold(lane, key, number) => {
            state.marked.target = target(lane);
            match key {
                "size" => state.set_size(number as usize),
                "dim" => state.set_dim(number as usize),
                _ => state.draft.seed = number,
            }
            state.toast = Some(words!("palette-acts-at-the-restart").into());
        }
    }
    state.marked.target = before;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::command::Command;
    use crate::ui::fixture;

    #[test]
    fn letters_find_words_that_begin_with_them_first() {
        assert!(score("rs", "restart the story") > score("rs", "parts"));
        assert!(score("play", "play or pause") > score("play", "play the recording back, or stop"));
        assert_eq!(score("xyz", "play or pause"), None);
        assert!(score("", "anything").is_some());
        let state = fixture::collapse();
        let first = |typed: &str| rows(&state, typed)[0].action.clone();
        assert_eq!(first("fork"), Action::Command(UiCommand::Fork));
        assert_eq!(first("undo"), Action::Command(UiCommand::Undo));
        assert!(rows(&state, "").len() == MOST && rows(&state, "qqqq").is_empty());
    }

    #[test]
    fn settings_are_typed_by_their_keys() {
        let state = fixture::collapse();
        let first = |typed: &str| rows(&state, typed).first().map(|row| row.action.clone());
        assert_eq!(first("lr 0.01"), Some(Action::Set(None, Setting::Lr(0.01))));
        assert_eq!(first("b beta=1"), Some(Action::Set(Some(LaneId::B), Setting::Beta(1.0))));
        assert_eq!(first("A size = 1024"), Some(Action::Cold(Some(LaneId::A), "size", 1024)));
        // What cannot be is no setting.
        for typed in ["lr -1", "lr", "size 0", "beta much", "lr 0.1 0.2", "step 3", "caption x"] {
            let found = first(typed);
            assert!(
                !matches!(found, Some(Action::Set(..) | Action::Cold(..))),
                "{typed}: {found:?}"
            );
        }
    }

    #[test]
    fn a_typed_setting_is_sent_to_the_lanes_that_it_names() {
        let mut state = fixture::collapse();
        state.take_commands();
        set(&mut state, &Action::Set(Some(LaneId::B), Setting::Lr(0.01)));
        let lane = Some(LaneId::B);
        assert_eq!(state.take_commands(), [Command::Set { lane, setting: Setting::Lr(0.01) }]);
        set(&mut state, &Action::Cold(None, "size", 64));
        assert_eq!((state.draft.codebook.size, state.is_armed()), (64, true));
        assert_eq!(state.marked.target, Target::Both);
        let row = setting("a learn_w true").unwrap();
        set(&mut state, &row.action);
        let commands = state.take_commands();
        assert!(
            matches!(
                commands[..],
                [Command::Set {
                    lane: Some(LaneId::A),
                    setting: Setting::Learn { c: true, w: true, .. }
                }]
            ),
            "{commands:?}"
        );
        let row = setting("b learn_w false").unwrap();
        set(&mut state, &row.action);
        let commands = state.take_commands();
        assert!(
            matches!(
                commands[..],
                [Command::Set {
                    lane: Some(LaneId::B),
                    setting: Setting::Learn { c: false, w: false, .. }
                }]
            ),
            "{commands:?}"
        );
    }
}
