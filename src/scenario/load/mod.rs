//! Reading scenario files and `--set` into a [`Scenario`].

#[cfg(test)]
mod tests;

use std::ops::Range;

use toml::{Table, Value};

use crate::machine;
use crate::scenario::check::Fault;
use crate::scenario::nearest::nearest_word;
use crate::scenario::{Of, Scenario, check, schema};
use crate::text::{escaped, gives_orders, sentence, shown};

/// Largest scenario file that is read; a real one is a few kilobytes.
pub(super) const MOST_BYTES: u64 = 1 << 20;

/// One sentence that names the place and the way out; what it tells of the file is shown as texts of
/// others are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScenarioError {
    /// What is wrong with a file.
    #[error("{}", sentence(.0))]
    Told(String),
    /// What is wrong with a key that was set beside it.
    #[error("{}", sentence(&format!("--set {set}: {what}")))]
    Set {
        /// `KEY=VALUE`.
        set: String,
        /// What is wrong.
        what: String,
    },
}

/// Parses the text of a scenario; `name` is what errors call it.
///
/// # Errors
/// As [`crate::scenario::read`].
pub fn parse(text: &str, name: &str, sets: &[String]) -> Result<Scenario, ScenarioError> {
    // Some systems end lines with two characters, one of which no text may hold.
    let text = &text.replace("\r\n", "\n");
    let place = Place { name, text };
    if text.trim().is_empty() {
        return Err(ScenarioError::Told(format!(
            "{name}: the file is empty; a scenario needs at least a title and [lanes.a], `vqscope run collapse` shows one"
        )));
    }
    let mut table: Table = toml::from_str(text).map_err(|e: toml::de::Error| {
        let at = e.span().map_or(String::new(), |span| place.line(span));
        let message = e.message().lines().collect::<Vec<_>>().join(" ");
        ScenarioError::Told(format!(
            "{name}{at}: this is not valid TOML ({message}); mend the line"
        ))
    })?;
    check_table(&table, "", None).map_err(|wrong| place.told(&wrong))?;
    // A preset replaces the switches of the file; those of other settings stand beside it, whatever
    // their order.
    let (presets, others): (Vec<&String>, Vec<&String>) =
        sets.iter().partition(|set| is_preset(set));
    for set in presets.into_iter().chain(others) {
        apply(set, &mut table)?;
    }
    if !table.get("lanes").and_then(Value::as_table).is_some_and(|l| l.contains_key("a")) {
        return Err(ScenarioError::Told(format!(
            "{name}: there is no lane; add a table [lanes.a], and [lanes.b] for a second lane"
        )));
    }
    let scenario: Scenario = table.try_into().map_err(|e: toml::de::Error| {
        let message = e.message().lines().collect::<Vec<_>>().join(" ");
        ScenarioError::Told(format!("{name}: {message}; add the key or mend its value"))
    })?;
    check_values(&scenario).map_err(|what| ScenarioError::Told(format!("{name}: {what}")))?;
    check::check(&scenario, machine::memory()).map_err(|fault| place.of_fault(&fault))?;
    Ok(scenario)
}

/// The scenario as TOML with every key that is not at its default place resolved; reading it
/// back gives the same scenario.
pub fn to_toml(scenario: &Scenario) -> String {
    toml::to_string(scenario).expect("a scenario has only types that TOML knows")
}

struct Place<'a> {
    name: &'a str,
    text: &'a str,
}

impl Place<'_> {
    fn line(&self, span: Range<usize>) -> String {
        let before = &self.text.as_bytes()[..span.start.min(self.text.len())];
        format!(" line {}", before.iter().filter(|&&b| b == b'\n').count() + 1)
    }

    fn told(&self, wrong: &Wrong) -> ScenarioError {
        let item = wrong.item.as_ref().and_then(|(list, number)| self.item(list, *number));
        let mut line = self.find(&wrong.path, item.unwrap_or(0));
        // What stands in a table on one line is at the item that it is in.
        if let (true, Some(item)) = (line.is_empty(), item) {
            line = format!(" line {}", item + 1);
        }
        ScenarioError::Told(format!("{}{line}: {}", self.name, wrong.what))
    }

    /// Number of the line, from 0, in which item `number` of a list begins, from 0 as well.
    fn item(&self, list: &str, number: usize) -> Option<usize> {
        let head = format!("[[{list}]]");
        let mut lines = self.text.lines().enumerate();
        let mut items = lines.by_ref().filter(|(_, l)| l.trim_start().starts_with(&head));
        items.nth(number).map(|(line, _)| line)
    }

    /// What does not go together, at the line of the list item that it is about.
    fn of_fault(&self, fault: &Fault) -> ScenarioError {
        let item = fault.item.and_then(|(list, number)| self.item(list, number));
        let line = item.map_or(String::new(), |line| format!(" line {}", line + 1));
        ScenarioError::Told(format!("{}{line}: {}", self.name, fault.what))
    }

    /// The first line from line `from` on that holds the last part of a path as a key or as a table's
    /// name.
    fn find(&self, path: &str, from: usize) -> String {
        let last = path.rsplit('.').next().unwrap_or(path);
        let is_here = |line: &str| {
            let line = line.trim_start();
            let key = line.split(['=', ']']).next().unwrap_or("").trim_start_matches('[');
            key.split('.').any(|part| part.trim().trim_matches('"') == last)
        };
        match self.text.lines().skip(from).position(is_here) {
            Some(line) => format!(" line {}", from + line + 1),
            None => String::new(),
        }
    }
}

/// A key whose value cannot be.
struct Wrong {
    path: String,
    /// The list that it stands in, and the number of the item.
    item: Option<(String, usize)>,
    what: String,
}

/// Checks each key of a table, which may be an item of a list.
fn check_table(table: &Table, prefix: &str, item: Option<(&str, usize)>) -> Result<(), Wrong> {
    for (name, value) in table {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        check_value(&path, value).map_err(|what| {
            let item = item.map(|(list, number)| (list.to_string(), number));
            Wrong { path: path.clone(), item, what }
        })?;
        match value {
            Value::Table(inner) => check_table(inner, &path, item)?,
            Value::Array(all) => {
                for (number, inner) in all.iter().filter_map(Value::as_table).enumerate() {
                    // An item of a list in an item is found by the outer one.
                    check_table(inner, &path, item.or(Some((&path, number))))?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Refuses a scenario with a value that no file could have; the sentence is that about a file, without
/// its place.
pub(super) fn check_values(scenario: &Scenario) -> Result<(), String> {
    // A seed of more than 63 bits has no place in TOML.
    let table = Table::try_from(scenario).map_err(|e| e.to_string())?;
    check_table(&table, "", None).map_err(|wrong| wrong.what)
}

fn check_value(path: &str, value: &Value) -> Result<(), String> {
    let Some(key) = schema::find(path) else {
        let nearest = schema::nearest(path);
        return Err(format!("there is no key {}; did you mean {nearest}?", shown(path)));
    };
    if key.kind.allows(value) {
        if let ("beat.of", Some(text)) = (path, value.as_str()) {
            Of::parse(text).map_err(|why| format!("beat.of {why}"))?;
        }
        let texts = value.as_array().into_iter().flatten().chain([value]);
        return texts.filter_map(Value::as_str).try_for_each(|text| check_text(path, text));
    }
    if let Some((word, nearest)) = strange(key.kind, value) {
        let (all, word) = (key.kind.describe(), shown(word));
        return Err(format!("{path} must be {all}, not \"{word}\"; did you mean {nearest}?"));
    }
    let got = match value {
        Value::Table(_) => "a table".into(),
        Value::Array(_) => "a list".into(),
        other => shown(&other.to_string()),
    };
    Err(format!("{path} must be {}, not {got}", key.kind.describe()))
}

/// The first word of a value that is none of those that there may be, with the known one most like it.
fn strange(kind: schema::Kind, value: &Value) -> Option<(&str, &'static str)> {
    let (known, words) = match kind {
        schema::Kind::Word(known) => (known, std::slice::from_ref(value)),
        schema::Kind::Words(known) => (known, value.as_array()?.as_slice()),
        _ => return None,
    };
    let word = words.iter().filter_map(Value::as_str).find(|word| !known.contains(word))?;
    Some((word, nearest_word(word, known.iter().copied())))
}

/// Refuses characters that are no part of a text: a window's title ends at a NUL, and a terminal does
/// what others say. What is told beside the pictures may have several lines.
fn check_text(path: &str, text: &str) -> Result<(), String> {
    const WITH_LINES: [&str; 5] =
        ["about", "change.caption", "beat.text", "beat.note", "beat.choices.text"];
    let told = path.strip_suffix(".en").or(path.strip_suffix(".ja")).unwrap_or(path);
    let has_lines = WITH_LINES.contains(&told);
    match text.chars().find(|&c| gives_orders(c) && !(c == '\n' && has_lines)) {
        Some(c) => {
            Err(format!("{path} has {} in it, a control character; take it out", escaped(c)))
        }
        None => Ok(()),
    }
}

fn is_preset(set: &str) -> bool {
    set.split_once('=').is_some_and(|(path, _)| is_path_of_preset(path.trim()))
}

fn is_path_of_preset(path: &str) -> bool {
    path.starts_with("lanes.") && path.ends_with(".preset")
}

/// Keys that lanes share, above which a lane's preset stands.
pub(super) const SET_BY_PRESETS: [&str; 2] = ["codebook.init", "codebook.std"];

/// Takes out of a lane's table what a preset sets. Where the cloud lies is no part of a method.
fn drop_switches(lane: &mut Table) {
    const KEPT: [&str; 9] = [
        "seed",
        "steps",
        "data",
        "train",
        "codebook",
        "cloud_x",
        "cloud_y",
        "cloud_angle",
        "cloud_scale",
    ];
    lane.retain(|key, _| KEPT.contains(&key));
    for path in SET_BY_PRESETS {
        remove(path, lane);
    }
}

/// The value that a text means where it is typed: a number, a list and the like as in a file, and any
/// other text without its quotes.
pub fn typed_value(text: &str) -> Value {
    match toml::from_str::<Table>(&format!("x = {text}")) {
        Ok(mut parsed) => parsed.remove("x").unwrap_or_else(|| Value::String(text.into())),
        Err(_) => Value::String(text.into()),
    }
}

/// Sets one key of a table from `KEY=VALUE`.
fn apply(set: &str, table: &mut Table) -> Result<(), ScenarioError> {
    let fail = |what: String| ScenarioError::Set { set: set.into(), what };
    let Some((path, text)) = set.split_once('=') else {
        return Err(fail("this needs the form KEY=VALUE, for example --set train.lr=0.001".into()));
    };
    insert(path.trim(), typed_value(text.trim()), table).map_err(fail)
}

/// Sets one key of a table.
pub(super) fn insert(path: &str, value: Value, table: &mut Table) -> Result<(), String> {
    if matches!(schema::find(path), Some(key) if matches!(key.kind, schema::Kind::Table | schema::Kind::Tables))
    {
        return Err(format!("{path} is a table; set one of the keys in it"));
    }
    if ["change.", "expect.", "beat."].iter().any(|list| path.starts_with(list)) {
        return Err(format!("{path} is in a list; change the list in a scenario file"));
    }
    check_value(path, &value)?;
    let mut parts: Vec<&str> = path.split('.').collect();
    let last = parts.pop().unwrap_or(path);
    let mut inner = table;
    for part in parts {
        let entry = inner.entry(part).or_insert_with(|| Value::Table(Table::new()));
        match entry {
            Value::Table(next) => inner = next,
            _ => return Err(format!("{part} is not a table in the scenario")),
        }
    }
    if is_path_of_preset(path) {
        drop_switches(inner);
    }
    inner.insert(last.into(), value);
    Ok(())
}

/// Takes one key out of a table, where it is there.
pub(super) fn remove(path: &str, table: &mut Table) {
    match path.split_once('.') {
        Some((head, rest)) => {
            if let Some(Value::Table(inner)) = table.get_mut(head) {
                remove(rest, inner);
            }
        }
        None => drop(table.remove(path)),
    }
}
