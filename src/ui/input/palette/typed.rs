//! Rows of settings: what a typed key and value may mean, of one lane or of all.

use toml::Value;

use crate::scenario::schema::Kind;
use crate::scenario::typed::{self, Typed};
use crate::scenario::{LaneId, Present, Setting};
use crate::text::count;
use crate::ui::input::palette::row::{Action, Row, exactly, score};
use crate::ui::state::AppState;
use crate::words;
use crate::words::english;

/// Most values that stand in the row of a setting.
const LISTED: usize = 4;

/// What a key that is typed as it is has before all that its letters might mean.
const MEANT: u32 = 1_000_000;

/// What some typed letters may mean, each with how well it is meant.
pub fn rows(state: &AppState, letters: &str) -> Vec<(u32, Row)> {
    let spaced = letters.replacen('=', " ", 1);
    let mut words: Vec<&str> = spaced.split_whitespace().collect();
    let lane = words.first().and_then(|word| LaneId::from_name(&word.to_lowercase()));
    // A lane alone is a letter like others.
    let lane = lane.filter(|_| words.len() > 1);
    if lane.is_some() {
        words.remove(0);
    }
    let (mut rows, mut meant) = (Vec::new(), Vec::new());
    for setting in typed::all() {
        // The split of the words into key and value by which most is meant.
        let splits = (0..words.len()).rev().filter_map(|last| {
            let (key, value) = (words[..=last].join(" "), words[last + 1..].join(" "));
            let asked = Asked { state, setting, lane, meant: means(&setting, &key)? };
            let is_whole = matches!(asked.meant, Meant::Surely) && !value.is_empty();
            Some((is_whole, asked.rows(&value))).filter(|(_, rows)| !rows.is_empty())
        });
        let best = splits.max_by_key(|(_, rows)| rows.iter().map(|(score, _)| *score).max());
        match best {
            Some((true, rows)) => meant.extend(rows),
            Some((false, more)) => rows.extend(more),
            None => {}
        }
        if words.is_empty() {
            rows.extend(Asked { state, setting, lane, meant: Meant::Perhaps(0) }.rows(""));
        }
    }
    // Whoever types a key and a value means no other key.
    if meant.is_empty() { rows } else { meant }
}

/// How well a setting is meant.
#[derive(Clone, Copy)]
enum Meant {
    /// Its key or its name was typed whole.
    Surely,
    /// Its letters were typed.
    Perhaps(u32),
}

impl Meant {
    fn score(self) -> u32 {
        match self {
            Self::Surely => MEANT,
            Self::Perhaps(score) => score,
        }
    }
}

/// How well a setting is meant by letters for its key or for its name, in the language of the window
/// or in English.
fn means(setting: &Typed, letters: &str) -> Option<Meant> {
    let names = [setting.key(), setting.name(), english(|| setting.name())];
    let is_it = |name: &&str| name.to_lowercase() == letters.to_lowercase();
    if names.iter().chain([&setting.path()]).any(is_it) {
        return Some(Meant::Surely);
    }
    names.iter().filter_map(|name| score(letters, name)).max().map(Meant::Perhaps)
}

/// A setting that may be meant.
#[derive(Clone, Copy)]
struct Asked<'a> {
    state: &'a AppState,
    setting: Typed,
    lane: Option<LaneId>,
    meant: Meant,
}

impl Asked<'_> {
    /// Its rows for letters of a value.
    fn rows(self, letters: &str) -> Vec<(u32, Row)> {
        let choices = self.setting.choices();
        let is_sure = matches!(self.meant, Meant::Surely);
        if letters.is_empty() && (choices.is_empty() || !is_sure) {
            // Of what fits as well a command comes first.
            return vec![(self.meant.score().saturating_sub(100), self.about())];
        }
        let is_number = letters.starts_with(|c: char| c.is_ascii_digit() || "+-.[".contains(c));
        let mut rows: Vec<(u32, Row)> = Vec::new();
        for (i, choice) in choices.iter().enumerate() {
            let Some(fits) = score(letters, choice) else { continue };
            // Those that fit as well stand in their own order.
            let score = self.meant.score() + fits + (choices.len() - i) as u32;
            rows.extend(self.of_lanes(score, choice, choice.eq_ignore_ascii_case(letters)));
        }
        if rows.is_empty() && (is_number || is_sure) {
            let score = self.meant.score() + exactly(letters);
            rows.extend(self.of_lanes(score, letters, is_number));
        }
        // What is not meant for sure is no mistake.
        rows.retain(|(_, row)| is_sure || row.action != Action::Refused);
        rows
    }

    /// The row that says what can be typed.
    fn about(self) -> Row {
        let lane = self.lane.map_or(String::new(), |lane| format!("{} ", lane.name()));
        let key = self.setting.key();
        Row {
            text: words!("palette-setting", name = self.setting.name(), key = key),
            note: may_be(&self.setting),
            action: Action::Type(format!("{lane}{key} ")),
        }
    }

    /// A value of the lanes that were typed; one that is whole of each lane as well.
    fn of_lanes(self, score: u32, text: &str, is_whole: bool) -> Vec<(u32, Row)> {
        let value = typed::value(text);
        let mut rows = vec![(score + 2, self.value(self.lane, text, &value))];
        let lanes = self.state.draft.lane_ids();
        if is_whole && self.lane.is_none() && self.setting.is_of_lanes() && lanes.len() > 1 {
            let of = |id| (score, self.value(Some(id), text, &value));
            let is_refused = rows[0].1.action == Action::Refused;
            // What no lane can have is said once.
            rows.extend(
                lanes
                    .into_iter()
                    .map(of)
                    .filter(|row| !is_refused || row.1.action != Action::Refused),
            );
        }
        rows
    }

    /// The row of a value.
    fn value(self, lane: Option<LaneId>, text: &str, value: &Value) -> Row {
        let of = match lane {
            Some(lane) => words!("palette-of-lane", lane = lane.name().to_uppercase()),
            None => words!("palette-of-both").to_string(),
        };
        match when(self.state, &self.setting, lane, value) {
            Ok(note) => Row {
                text: words!("palette-set", name = self.setting.name(), value = text, of = of),
                note: note.into(),
                action: Action::Set(self.setting.key(), lane, value.clone()),
            },
            Err(why) => Row { text: why, note: String::new(), action: Action::Refused },
        }
    }
}

/// When a value acts, in words.
fn when(
    state: &AppState,
    setting: &Typed,
    lane: Option<LaneId>,
    value: &Value,
) -> Result<&'static str, String> {
    if let Some(live) = lives(state, setting, lane, value)? {
        for (id, made) in live {
            let Some(spec) = state.draft.lane(id) else { continue };
            let (learn_c, learn_w) = state.learns(id).unwrap_or((spec.learn_c, spec.learn_w));
            let mut now = Present { learn_c, learn_w, ..(&spec).into() };
            now.apply(made).map_err(|why| format!("lane {}: {why}", id.name()))?;
        }
        return Ok(words!("palette-live"));
    }
    let (old, memory) = (&state.draft, state.host.machine_memory);
    let new = setting.set(old, lane, value, memory)?;
    Ok(if new.needs_restart_from(old) {
        words!("palette-restarts")
    } else if new != *old {
        words!("palette-live")
    } else {
        words!("palette-no-other")
    })
}

/// What a value makes of each lane, where it acts live.
pub fn lives(
    state: &AppState,
    setting: &Typed,
    lane: Option<LaneId>,
    value: &Value,
) -> Result<Option<Vec<(LaneId, Setting)>>, String> {
    let ids = state.draft.lane_ids();
    if let Some(id) = lane.filter(|id| !ids.contains(id)) {
        return Err(format!("there is no lane {}; leave the lane out", id.name()));
    }
    let mut all = Vec::new();
    for id in ids.into_iter().filter(|id| lane.is_none_or(|only| only == *id)) {
        let learns = state.learns(id).unwrap_or_default();
        match setting.live(value, learns)? {
            Some(made) => all.push((id, made)),
            None => return Ok(None),
        }
    }
    Ok(Some(all))
}

/// What the value of a setting may be, in a few words.
fn may_be(setting: &Typed) -> String {
    let choices = setting.choices();
    if !choices.is_empty() {
        let (listed, more) = choices.split_at(choices.len().min(LISTED));
        let values = listed.join(", ");
        return match more.len() {
            0 => values,
            count => words!("palette-and-more", values = values, count = count),
        };
    }
    match setting.kind() {
        Kind::Int(low, high) if high == i64::MAX => words!("palette-from", low = low),
        Kind::Int(low, high) => {
            let [low, high] = [low, high].map(|end| count(end.unsigned_abs()));
            words!("palette-range", low = low, high = high)
        }
        Kind::Number(low, true, high) => words!("palette-above", low = low, high = high),
        Kind::Number(low, false, high) => words!("palette-range", low = low, high = high),
        Kind::Below(high) => words!("palette-below", low = 0, high = high),
        // Levels of a grid, of which no range says how they are written.
        _ => "[8, 8, 8]".into(),
    }
}
