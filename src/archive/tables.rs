//! The two tables of a run: `metrics.csv` and `events.csv`.

use std::path::Path;

use crate::archive::{ArchiveError, facts};
use crate::record::event::{Event, EventKind};
use crate::record::row::StepRow;
use crate::record::usage::{Evaluation, Usage};
use crate::scenario::{LaneId, MOST_STEPS, Scenario};
use crate::text::csv;

/// First line of `metrics.csv`.
pub const METRICS: &str = "step,lane,loss,recon_loss,codebook_loss,commitment_loss,entropy_loss,utilization_batch,utilization_window,window_tokens,perplexity_batch,utilization,eval_tokens,perplexity,dead_codes,recon_mse,psnr,quant_error,effective_rank_w,latent_norm,births_100,deaths_100,batch_tokens,codes";

/// The columns that tables of earlier versions lack, at their end.
const ADDED: &str = ",batch_tokens,codes";

/// Bytes of memory that the rows of a table may take beyond its own length.
const ROOM: usize = 900_000_000;

/// First line of `events.csv`.
pub const EVENTS: &str = "step,lane,kind,text";

/// A row as a line of `metrics.csv`, without its end. Numbers come back bit for bit.
pub fn metrics_line(row: &StepRow) -> String {
    let train = format!(
        "{},{},{},{},{},{},{},{},{},{},{}",
        row.step,
        row.lane.name(),
        row.loss,
        row.recon_loss,
        row.codebook_loss,
        row.commitment_loss,
        row.entropy_loss,
        row.utilization_batch,
        row.utilization_window,
        row.window_tokens,
        row.perplexity_batch
    );
    let eval = row.eval.map_or(",,,,,,,,".to_string(), |e| {
        let finite = |x: f64| if x.is_finite() { x.to_string() } else { String::new() };
        format!(
            "{},{},{},{},{},{},{},{},{}",
            e.usage.share(),
            e.usage.tokens,
            e.usage.perplexity,
            e.usage.size - e.usage.used,
            finite(e.recon_mse),
            finite(e.psnr),
            finite(e.quant_error),
            finite(e.effective_rank_w),
            finite(e.latent_norm)
        )
    });
    let whole = |n: Option<usize>| n.map_or(String::new(), |n| n.to_string());
    let turnover = format!("{},{}", whole(row.births_100), whole(row.deaths_100));
    format!("{train},{eval},{turnover},{},{}", row.batch_tokens, row.codes)
}

/// Whether a first line of `metrics.csv` is one of an earlier version, without the added columns.
pub fn lacks_added(header: &str) -> bool {
    METRICS.strip_suffix(ADDED) == Some(header)
}

/// A line of `metrics.csv` without the added columns, for a table that lacks them.
pub fn without_added(line: &str) -> &str {
    line.rsplitn(3, ',').nth(2).unwrap_or(line)
}

/// An event as a row of `events.csv`, without its end. Line breaks of its text stand inside the
/// quotes, as CSV has them.
pub fn events_line(event: &Event) -> String {
    let lane = event.lane.map_or("", LaneId::name);
    format!("{},{lane},{},{}", event.step, event.kind.name(), csv::cell(&event.text))
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
    let header = text.lines().next().filter(|header| lacks_added(header)).unwrap_or(METRICS);
    let columns = header.split(',').count();
    lines(place, text, header, |line| metrics_row(line, columns, scenario))
}

/// Reads `events.csv`.
///
/// # Errors
/// A line is not one that was written; it is named by its number.
pub fn read_events(place: &Path, text: &str) -> Result<Vec<Event>, ArchiveError> {
    lines(place, text, EVENTS, event)
}

fn lines<T>(
    place: &Path,
    text: &str,
    header: &str,
    read: impl Fn(&str) -> Option<T>,
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
    let mut rows = rows(text);
    if rows.next().map(|(_, row)| row) != Some(header) {
        return Err(ArchiveError::damaged(place, "line 1 does not name its columns"));
    }
    let mut all = Vec::with_capacity(count);
    for (line, row) in rows {
        let damaged = || ArchiveError::damaged(place, format!("line {line} is not a row of it"));
        all.push(read(row).ok_or_else(damaged)?);
    }
    Ok(all)
}

/// Whether the next byte of a table ends a row; a line break inside quotes does not.
fn ends_row() -> impl FnMut(u8) -> bool {
    let mut is_quoted = false;
    move |byte| {
        is_quoted ^= byte == b'"';
        byte == b'\n' && !is_quoted
    }
}

/// The rows of a table, the first with the names of its columns, and the line where each begins.
fn rows(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let (mut rest, mut line) = (text, 1);
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.bytes().position(ends_row()).unwrap_or(rest.len());
        let (row, number) = (&rest[..end], line);
        line += row.matches('\n').count() + 1;
        rest = rest.get(end + 1..).unwrap_or_default();
        Some((number, row))
    })
}

/// Rows that end within the first `bytes` bytes of a table, but for the names of its columns.
pub fn rows_within(text: &str, bytes: u64) -> usize {
    let mut ends = ends_row();
    let before = text.bytes().take(bytes as usize);
    before.filter(|&byte| ends(byte)).count().saturating_sub(1)
}

fn metrics_row(line: &str, columns: usize, scenario: &Scenario) -> Option<StepRow> {
    let cells: Vec<&str> = line.split(',').collect();
    if cells.len() != columns {
        return None;
    }
    let lane = LaneId::from_name(cells[1])?;
    let spec = scenario.lane(lane)?;
    let or_of_lane = |i: usize, own: usize| cells.get(i).map_or(Some(own), |c| c.parse().ok());
    let number = |i: usize| cells[i].parse::<f64>().ok();
    // What is not finite is written as nothing.
    let or_nan = |i: usize| if cells[i].is_empty() { Some(f64::NAN) } else { number(i) };
    let whole = |i: usize| match cells[i] {
        "" => Some(None),
        digits => digits.parse().ok().map(Some),
    };
    let step = cells[0].parse().ok()?;
    let eval = if cells[11].is_empty() {
        None
    } else {
        let size = spec.size;
        let dead: usize = cells[14].parse().ok()?;
        Some(Evaluation {
            step,
            usage: Usage {
                used: size.checked_sub(dead)?,
                tokens: cells[12].parse().ok()?,
                size,
                perplexity: number(13)?,
            },
            recon_mse: or_nan(15)?,
            psnr: or_nan(16)?,
            quant_error: or_nan(17)?,
            effective_rank_w: or_nan(18)?,
            latent_norm: or_nan(19)?,
        })
    };
    let row = StepRow {
        step,
        lane,
        loss: number(2)?,
        recon_loss: number(3)?,
        codebook_loss: number(4)?,
        commitment_loss: number(5)?,
        entropy_loss: number(6)?,
        utilization_batch: number(7)?,
        utilization_window: number(8)?,
        window_tokens: cells[9].parse().ok()?,
        perplexity_batch: number(10)?,
        births_100: whole(20)?,
        deaths_100: whole(21)?,
        batch_tokens: or_of_lane(22, spec.batch_tokens)?,
        codes: or_of_lane(23, spec.size)?,
        eval,
    };
    facts::row(&row, &spec).is_ok().then_some(row)
}

fn event(line: &str) -> Option<Event> {
    let mut cells = line.splitn(4, ',');
    let mut cell = || cells.next();
    let step = cell()?.parse().ok().filter(|&step| step <= MOST_STEPS)?;
    let lane = match cell()? {
        "" => None,
        name => Some(LaneId::from_name(name)?),
    };
    let kind = EventKind::from_name(cell()?)?;
    let quoted = cell()?.strip_prefix('"')?.strip_suffix('"')?;
    Some(Event { step, lane, kind, text: csv::text_of(quoted)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{demos, parse};

    fn scenario() -> Scenario {
        parse(demos::text("collapse").unwrap(), "collapse", &[]).unwrap()
    }

    fn row(step: u64, has_eval: bool) -> StepRow {
        let usage = Usage { used: 17, tokens: 20_480, size: 512, perplexity: 9.123_456_789_012_3 };
        let eval = Evaluation {
            step,
            usage,
            recon_mse: 1.0 / 3.0,
            psnr: 4.77,
            quant_error: 1e-12,
            effective_rank_w: f64::NAN,
            latent_norm: 2.0 / 3.0,
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
        let text = format!("{METRICS}\n{}\n{}\n", metrics_line(&rows[0]), metrics_line(&rows[1]));
        let back = read_metrics(Path::new("m"), &text, &scenario()).unwrap();
        let again: Vec<String> = back.iter().map(metrics_line).collect();
        assert_eq!(again, rows.iter().map(metrics_line).collect::<Vec<_>>());
        assert_eq!(back[1], rows[1]);
        assert!(back[0].eval.unwrap().effective_rank_w.is_nan());
    }

    #[test]
    fn tables_of_an_earlier_version_are_read_and_written_on() {
        let rows = [row(1, true), row(2, false)];
        let lines = rows.iter().map(metrics_line).collect::<Vec<_>>();
        let old = METRICS.strip_suffix(ADDED).unwrap();
        assert!(lacks_added(old) && !lacks_added(METRICS));
        let text = [old, without_added(&lines[0]), without_added(&lines[1]), ""].join("\n");
        // What they lack is the lane's own.
        let back = read_metrics(Path::new("m"), &text, &scenario()).unwrap();
        assert_eq!(back.iter().map(metrics_line).collect::<Vec<_>>(), lines);
        // A table has one kind of row.
        let mixed = [old, &lines[0], ""].join("\n");
        assert!(read_metrics(Path::new("m"), &mixed, &scenario()).is_err());
    }

    #[test]
    fn events_come_back_with_their_commas_and_quotes() {
        let events = [
            Event {
                step: 3,
                lane: None,
                kind: EventKind::Caption,
                text: "\"so\", they said, é".into(),
            },
            Event { step: 9, lane: Some(LaneId::A), kind: EventKind::Diverged, text: "x".into() },
        ];
        let text = format!("{EVENTS}\n{}\n{}\n", events_line(&events[0]), events_line(&events[1]));
        assert_eq!(read_events(Path::new("e"), &text).unwrap(), events);
    }

    #[test]
    fn a_text_may_hold_any_character_that_is_read() {
        let event = |step: u64, text: &str| Event {
            step,
            lane: None,
            kind: EventKind::Caption,
            text: text.into(),
        };
        let events = [
            event(1, "first line\nsecond, \"quoted\"\n"),
            event(2, "\n\"\n\"\n"),
            event(3, "=1+1"),
            event(3, "'=1+1\n@x"),
            event(4, ""),
            event(5, "\""),
        ];
        let mut text = format!("{EVENTS}\n");
        for (before, event) in events.iter().enumerate() {
            let start = text.len() as u64;
            assert_eq!(rows_within(&text, start), before);
            text += &(events_line(event) + "\n");
            // Of a row that is not whole nothing counts.
            assert_eq!(rows_within(&text, text.len() as u64 - 1), before);
        }
        assert_eq!(rows_within(&text, u64::MAX), events.len());
        assert_eq!(read_events(Path::new("e"), &text).unwrap(), events);
        // The number is that of the line in the file, whatever rows are before it.
        text += "6,,caption,\"a\"b\"\"\n";
        let error = read_events(Path::new("e"), &text).unwrap_err().to_string();
        assert!(error.contains("line 14 is"), "{error}");
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
            let text = format!("{METRICS}\n{good}\n{broken}\n");
            let error = read_metrics(Path::new("m.csv"), &text, &scenario()).unwrap_err();
            let words = error.to_string();
            assert!(words.contains("m.csv") && words.contains("line 3"), "{words}");
        }
        let error = read_events(Path::new("e.csv"), "step\n").unwrap_err().to_string();
        assert!(error.contains("line 1"), "{error}");
        let error = read_events(Path::new("e.csv"), &format!("{EVENTS}\n1,a,jump,\"x\"\n"));
        assert!(error.unwrap_err().to_string().contains("line 2"));
    }
}
