//! The two tables of a run: `metrics.csv` and `events.csv`.

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
    format!("{},{lane},{},{}", event.step, event.kind.name(), csv::cell(&event.text))
}

/// Such a row with its fact.
fn with_fact(told: &str, fact: &str) -> String {
    if fact.is_empty() { format!("{told},") } else { format!("{told},{}", csv::cell(fact)) }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::event::{Fact, Share};
    use crate::record::setting::Setting;
    use crate::scenario::{demos, parse};

    fn scenario() -> Scenario {
        parse(demos::text("collapse").unwrap(), "collapse", &[]).unwrap()
    }

    fn row(step: u64, has_eval: bool) -> StepRow {
        let usage = Usage { used: 17, tokens: 20_480, size: 512, perplexity: 9.123_456_789_012_3 };
        let eval = Evaluation {
            recon_mse: 1.0 / 3.0,
            psnr: 4.77,
            quant_error: 1e-12,
            effective_rank_w: f64::NAN,
            latent_norm: 2.0 / 3.0,
            ..Evaluation::nan(step, usage)
        };
        StepRow {
            step,
            lane: LaneId::B,
            loss: 0.1 + 0.2,
            recon_loss: 1e-300,
            codebook_loss: 2.0,
            commitment_loss: 0.0,
            entropy_loss: -3.5,
            utilization_batch: 1.0 / 7.0,
            utilization_window: 0.25,
            window_tokens: 512,
            perplexity_batch: 3.0,
            births_100: has_eval.then_some(17),
            deaths_100: has_eval.then_some(0),
            batch_tokens: 512,
            codes: 512,
            eval: has_eval.then_some(eval),
        }
    }

    #[test]
    fn rows_come_back_bit_for_bit() {
        let rows = [row(1, true), row(2, false)];
        let header = Columns::default().header();
        let text = format!("{header}\n{}\n{}\n", metrics_line(&rows[0]), metrics_line(&rows[1]));
        let back = read_metrics(Path::new("m"), &text, &scenario()).unwrap();
        let again: Vec<String> = back.iter().map(metrics_line).collect();
        assert_eq!(again, rows.iter().map(metrics_line).collect::<Vec<_>>());
        assert_eq!(back[1], rows[1]);
        assert!(back[0].eval.unwrap().effective_rank_w.is_nan());
    }

    #[test]
    fn tables_of_an_earlier_version_are_read_and_written_on() {
        let rows = [row(1, true), row(2, false)];
        let names: Vec<&str> =
            columns().filter(|column| !column.is_added).map(|column| column.name).collect();
        let old = Columns::of(&names.join(",")).unwrap();
        assert_eq!(old.header(), names.join(","));
        let lines = rows.each_ref().map(|row| old.line(row));
        let text = [&old.header(), &lines[0], &lines[1], ""].join("\n");
        // What they lack is the lane's own.
        let back = read_metrics(Path::new("m"), &text, &scenario()).unwrap();
        assert_eq!(
            back.iter().map(metrics_line).collect::<Vec<_>>(),
            rows.each_ref().map(metrics_line)
        );
        // A table has one kind of row.
        let mixed = [&old.header(), &metrics_line(&rows[0]), ""].join("\n");
        assert!(read_metrics(Path::new("m"), &mixed, &scenario()).is_err());
    }

    #[test]
    fn columns_are_known_by_their_names() {
        let rows = [row(1, true), row(2, false)];
        let new = Columns::default();
        // In any order, beside one that a later version added.
        let mut names: Vec<String> = new.header().split(',').map(String::from).collect();
        names.reverse();
        names.insert(3, "later".into());
        let turned = Columns::of(&names.join(",")).unwrap();
        let text = [names.join(","), turned.line(&rows[0]), turned.line(&rows[1])].join("\n");
        let back = read_metrics(Path::new("m"), &text, &scenario()).unwrap();
        assert_eq!(
            back.iter().map(metrics_line).collect::<Vec<_>>(),
            rows.each_ref().map(metrics_line)
        );
        for wrong in
            ["", "step", &format!("{},loss", new.header()), &new.header().replace("lane", "lan")]
        {
            assert!(Columns::of(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn the_columns_of_the_first_versions_stand_where_they_stood() {
        let first = "step,lane,loss,recon_loss,codebook_loss,commitment_loss,entropy_loss,utilization_batch,utilization_window,window_tokens,perplexity_batch,utilization,eval_tokens,perplexity,dead_codes,recon_mse,psnr,quant_error,effective_rank_w,latent_norm,births_100,deaths_100,batch_tokens,codes";
        assert!(Columns::default().header().starts_with(first));
    }

    /// A table of events.
    fn table(columns: EventColumns, events: &[Event]) -> String {
        let lines = events.iter().map(|event| columns.line(event) + "\n");
        format!("{}\n{}", columns.header(), lines.collect::<String>())
    }

    fn read(text: &str) -> Result<Vec<Event>, String> {
        read_events(Path::new("e.csv"), text).map_err(|e| e.to_string())
    }

    #[test]
    fn events_come_back_with_their_commas_quotes_and_facts() {
        let (lane, lanes) = (LaneId::A, vec![LaneId::A]);
        let to = Setting::Lr(0.1 + 0.2);
        let events = [
            Event::said(3, None, EventKind::Caption, "\"so\", they said, é"),
            Event::said(9, Some(lane), EventKind::Diverged, "x"),
            Event::new(9, Some(lane), Fact::Set { lanes, from: vec![Setting::Lr(1e-5)], to }),
        ];
        let whole = table(EventColumns::Facts, &events);
        assert_eq!(read(&whole).unwrap(), events);
        assert!(whole.ends_with(
            ",\"{\"\"set\"\":{\"\"lanes\"\":[\"\"a\"\"],\"\"from\"\":[{\"\"lr\"\":0.00001}],\"\"to\"\":{\"\"lr\"\":0.30000000000000004}}}\"\n"
        ), "{whole}");
        // A table of an earlier version has the same cells but the last, and no facts.
        let old = table(EventColumns::Told, &events);
        let without = events.map(|event| Event { fact: None, ..event });
        assert_eq!(read(&old).unwrap(), without);
        for (old, new) in old.lines().zip(whole.lines()) {
            assert!(new.starts_with(old), "{new}");
        }
    }

    #[test]
    fn a_fact_that_is_none_names_its_file_and_line() {
        let used = Share { lane: LaneId::A, steps: 100, threshold: 0.1, used: 17, size: 512 };
        let event = Event::new(100, Some(LaneId::A), Fact::Collapse(used));
        let good = table(EventColumns::Facts, &[event]);
        read(&good).unwrap();
        // Whatever a later version adds.
        let later = good.replace("\"\"size\"\":512", "\"\"size\"\":512,\"\"later\"\":[1]");
        assert_ne!(later, good);
        assert_eq!(read(&later), read(&good));
        for (old, new) in [
            ("{\"\"collapse", "{\"\"collapse\"\":{"),
            ("\"\"collapse\"\"", "\"\"jump\"\""),
            ("\"\"collapse\"\"", "\"\"recovery\"\""),
            ("\"\"used\"\":17", "\"\"used\"\":513"),
            ("\"\"used\"\":17", "\"\"used\"\":-1"),
            ("\"\"steps\"\":100", "\"\"steps\"\":100000001"),
            ("\"\"threshold\"\":0.1", "\"\"threshold\"\":1e400"),
            ("\"{", "{"),
            ("}}\"", "}}\",x"),
            ("\"{", "\"'{"),
        ] {
            assert!(good.contains(old), "{old}");
            let error = read(&good.replacen(old, new, 1)).expect_err(new);
            assert!(error.contains("e.csv is damaged") && error.contains("line 2"), "{error}");
        }
    }

    #[test]
    fn a_text_may_hold_any_character_that_is_read() {
        let event = |step: u64, text: &str| Event::said(step, None, EventKind::Caption, text);
        let events = [
            event(1, "first line\nsecond, \"quoted\"\n"),
            event(2, "\n\"\n\"\n"),
            event(3, "=1+1"),
            event(3, "'=1+1\n@x"),
            event(4, ""),
            event(5, "\""),
        ];
        for columns in [EventColumns::Told, EventColumns::Facts] {
            let mut text = table(columns, &[]);
            for (before, event) in events.iter().enumerate() {
                let start = text.len() as u64;
                assert_eq!(rows_within(&text, start), before);
                text += &(columns.line(event) + "\n");
                // Of a row that is not whole nothing counts.
                assert_eq!(rows_within(&text, text.len() as u64 - 1), before);
            }
            assert_eq!(rows_within(&text, u64::MAX), events.len());
            assert_eq!(read(&text).unwrap(), events);
            // The number is that of the line in the file, whatever rows are before it.
            text += "6,,caption,\"a\"b\"\"\n";
            let error = read(&text).unwrap_err();
            assert!(error.contains("line 14 is"), "{error}");
        }
    }

    #[test]
    fn a_broken_line_is_named_by_its_number() {
        let good = metrics_line(&row(1, true));
        for broken in [
            "",
            "1,b",
            "x",
            &good.replace("20480", "-1"),
            &good.replace(",b,", ",q,"),
            &good.replacen('1', "100000001", 1),
        ] {
            let text = format!("{}\n{good}\n{broken}\n", Columns::default().header());
            let error = read_metrics(Path::new("m.csv"), &text, &scenario()).unwrap_err();
            let words = error.to_string();
            assert!(words.contains("m.csv") && words.contains("line 3"), "{words}");
        }
        assert!(read("step\n").unwrap_err().contains("line 1"));
        let told = EventColumns::Told.header();
        assert!(read(&format!("{told}\n1,a,jump,\"x\"\n")).unwrap_err().contains("line 2"));
    }
}
