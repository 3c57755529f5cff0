//! The two tables of a run: `metrics.csv` and `events.csv`.

#[cfg(test)]
mod tests;

use std::path::Path;

use ::csv::{ReaderBuilder, StringRecord, Terminator};

use crate::archive::{ArchiveError, facts};
use crate::record::event::{Event, EventKind};
use crate::record::metric::{Column, Evaluation, IS_EVALUATED, columns};
use crate::record::row::StepRow;
use crate::record::usage::Usage;
use crate::scenario::{LaneId, MOST_STEPS, Scenario};
use crate::text::csv;

/// Bytes of memory that the rows of a table may take beyond its own length.
const ROOM: usize = 900_000_000;

/// The columns of an `events.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventColumns {
    /// Those of earlier versions, without facts.
    Told,
    /// Those of a new table: the last cell of a row is its fact in JSON, or nothing.
    Facts,
}

impl EventColumns {
    /// Those that a first line names, if they are the columns of such a table.
    pub fn of(header: &str) -> Option<Self> {
        [Self::Told, Self::Facts].into_iter().find(|columns| columns.header() == header)
    }

    /// The first line.
    pub fn header(self) -> &'static str {
        match self {
            Self::Told => "step,lane,kind,text",
            Self::Facts => "step,lane,kind,text,fact",
        }
    }

    /// An event as a row, without its end. Line breaks of its text stand inside the quotes, as CSV has
    /// them.
    pub fn line(self, event: &Event) -> String {
        let told = told_line(event);
        match self {
            Self::Told => told,
            Self::Facts => {
                let fact = event.fact.as_ref().and_then(|fact| serde_json::to_string(fact).ok());
                with_fact(&told, fact.as_deref().unwrap_or_default())
            }
        }
    }

    /// The event of a row as it stands there, and of its cells.
    fn read(self, line: &str, cells: &StringRecord) -> Option<Event> {
        let mut read = event(cells)?;
        // Written again it is the same line: quotes and guards are where they were put.
        let mut again = told_line(&read);
        if self == Self::Facts {
            // What a later version adds to a fact is none of ours, but is in the line.
            let fact = csv::unguarded(cells.get(4)?);
            again = with_fact(&again, fact);
            if !fact.is_empty() {
                read.fact = Some(serde_json::from_str(fact).ok()?);
            }
        }
        (again == line && facts::event(&read).is_ok()).then_some(read)
    }
}

/// The cells of an event that every version has.
fn told_line(event: &Event) -> String {
    let lane = event.lane.map_or("", LaneId::name);
    let (step, kind) = (event.step.to_string(), event.kind.name());
    csv::row([step, lane.into(), kind.into(), csv::cell(&event.text)])
}

/// Such a row with its fact.
fn with_fact(told: &str, fact: &str) -> String {
    let fact = if fact.is_empty() { String::new() } else { csv::cell(fact) };
    csv::row([told.into(), fact])
}

/// The columns of a `metrics.csv`, by the names in its first line. What a later version added is
/// none of ours.
pub struct Columns(Vec<Option<&'static Column>>);

impl Default for Columns {
    /// Those of a new table.
    fn default() -> Self {
        Self(columns().map(Some).collect())
    }
}

impl Columns {
    /// Those that a first line names, if they are the columns of such a table: each once, and of
    /// those that the first version had, all.
    pub fn of(header: &str) -> Option<Self> {
        let names: Vec<&str> = header.split(',').collect();
        let is_twice = |(i, name): (usize, &&str)| names[..i].contains(name);
        let is_there = |column: &Column| column.is_added || names.contains(&column.name);
        if names.iter().enumerate().any(is_twice) || !columns().all(is_there) {
            return None;
        }
        let known = |name: &&str| columns().find(|column| column.name == *name);
        Some(Self(names.iter().map(known).collect()))
    }

    /// The first line.
    pub fn header(&self) -> String {
        record(self.0.iter().map(|column| column.map_or("", |column| column.name).into()))
    }

    /// A row as a line without its end. Numbers come back bit for bit.
    pub fn line(&self, row: &StepRow) -> String {
        record(self.0.iter().map(|column| column.map_or(String::new(), |c| (c.text)(row))))
    }

    /// The row of a line's cells, of the lane that it is of.
    fn row(&self, cells: &StringRecord, scenario: &Scenario) -> Option<StepRow> {
        let cell = |name: &str| {
            let at = self.0.iter().position(|column| column.is_some_and(|c| c.name == name))?;
            cells.get(at)
        };
        let lane = LaneId::from_name(cell("lane")?)?;
        let (spec, step) = (scenario.lane(lane)?, cell("step")?.parse().ok()?);
        let mut row = StepRow::nan(step, lane);
        // What a table of an earlier version lacks is the lane's own.
        (row.batch_tokens, row.codes) = (spec.batch_tokens, spec.size);
        if !cell(IS_EVALUATED)?.is_empty() {
            let usage = Usage { size: spec.size, ..Usage::default() };
            row.eval = Some(Evaluation::nan(step, usage));
        }
        for (column, cell) in self.0.iter().zip(cells) {
            column.map_or(Some(()), |column| (column.read)(cell, &mut row))?;
        }
        facts::row(&row, &spec).is_ok().then_some(row)
    }
}

/// Cells as a line without its end.
fn record(cells: impl Iterator<Item = String>) -> String {
    let mut table = csv::Table::default();
    table.row(cells);
    let mut line = table.text();
    line.pop();
    line
}

/// A row as a line of a new `metrics.csv`, without its end.
pub fn metrics_line(row: &StepRow) -> String {
    Columns::default().line(row)
}

/// Reads `metrics.csv`.
///
/// # Errors
/// A line is not one that was written; it is named by its number.
pub fn read_metrics(
    place: &Path,
    text: &str,
    scenario: &Scenario,
) -> Result<Vec<StepRow>, ArchiveError> {
    let columns = text.lines().next().and_then(Columns::of).ok_or_else(|| unnamed(place))?;
    rows(place, text, |_, cells| columns.row(cells, scenario))
}

/// Reads `events.csv`.
///
/// # Errors
/// A line is not one that was written; it is named by its number.
pub fn read_events(place: &Path, text: &str) -> Result<Vec<Event>, ArchiveError> {
    let columns = text.lines().next().and_then(EventColumns::of).ok_or_else(|| unnamed(place))?;
    rows(place, text, |line, cells| columns.read(line, cells))
}

fn unnamed(place: &Path) -> ArchiveError {
    ArchiveError::damaged(place, "line 1 does not name its columns")
}

/// The rows of a table behind its first line; `read` gets a row as it stands there, and its cells.
fn rows<T>(
    place: &Path,
    text: &str,
    read: impl Fn(&str, &StringRecord) -> Option<T>,
) -> Result<Vec<T>, ArchiveError> {
    // What is read of a short row takes more memory than the row.
    let count = text.bytes().filter(|&byte| byte == b'\n').count();
    let (needed, most) = (count.saturating_mul(size_of::<T>()), text.len().saturating_add(ROOM));
    if needed > most {
        let why = format!(
            "it has {count} lines, which take {} MB of memory where {} MB are given",
            needed / 1_000_000,
            most / 1_000_000
        );
        return Err(ArchiveError::damaged(place, why));
    }
    let mut table = ReaderBuilder::new();
    let table = table.terminator(Terminator::Any(b'\n')).from_reader(text.as_bytes());
    let (mut table, mut cells) = (table, StringRecord::new());
    let mut all = Vec::with_capacity(count);
    table.headers().map_err(|_unequal| unnamed(place))?;
    loop {
        let (line, start) = (table.position().line(), table.position().byte() as usize);
        let is_row = table.read_record(&mut cells);
        let row = &text[start..(table.position().byte() as usize).min(text.len())];
        match is_row {
            // No line behind the last one, not even an empty one.
            Ok(false) if row.is_empty() => return Ok(all),
            // An empty line is passed over in silence.
            Ok(true) if !row.starts_with('\n') => {
                let row = row.strip_suffix('\n').unwrap_or(row);
                if let Some(read) = read(row, &cells) {
                    all.push(read);
                    continue;
                }
            }
            _ => {}
        }
        return Err(ArchiveError::damaged(place, format!("line {line} is not a row of it")));
    }
}

/// Whether the next byte of a table ends a row; a line break inside quotes does not.
fn ends_row() -> impl FnMut(u8) -> bool {
    let mut is_quoted = false;
    move |byte| {
        is_quoted ^= byte == b'"';
        byte == b'\n' && !is_quoted
    }
}

/// Bytes of a part of a table, which begins with a row, up to the end of its last whole one.
pub fn whole(part: &[u8]) -> usize {
    let mut ends = ends_row();
    let ended = part.iter().enumerate().filter(|&(_, &byte)| ends(byte));
    ended.last().map_or(0, |(at, _)| at + 1)
}

/// Rows that end within the first `bytes` bytes of a table, but for the names of its columns.
pub fn rows_within(text: &str, bytes: u64) -> usize {
    let mut ends = ends_row();
    let before = text.bytes().take(bytes as usize);
    before.filter(|&byte| ends(byte)).count().saturating_sub(1)
}

fn event(cells: &StringRecord) -> Option<Event> {
    let step = cells.get(0)?.parse().ok().filter(|&step| step <= MOST_STEPS)?;
    let lane = match cells.get(1)? {
        "" => None,
        name => Some(LaneId::from_name(name)?),
    };
    let kind = EventKind::from_name(cells.get(2)?)?;
    Some(Event::said(step, lane, kind, csv::unguarded(cells.get(3)?)))
}
