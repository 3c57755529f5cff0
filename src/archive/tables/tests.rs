//! Tables come back bit for bit, those of earlier versions too, and a broken line is named.

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
        utilization_newest: has_eval.then_some(1.0 / 3.0),
        newest_tokens: has_eval.then_some(65_536),
        utilization_average: has_eval.then_some(0.1),
        utilization_fair: None,
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
    let before = |row| StepRow {
        utilization_newest: None,
        newest_tokens: None,
        utilization_average: None,
        utilization_fair: None,
        ..row
    };
    let rows = [row(1, true), row(2, false)].map(before);
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
    let then = ",effective_rank_e,dimensions_90_e,dimensions_99_e,moved";
    let now =
        ",utilization_newest_65536,newest_65536_tokens,utilization_average_08,utilization_batch_01";
    assert_eq!(Columns::default().header(), format!("{first}{then}{now}"));
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
    let used =
        Share { lane: LaneId::A, steps: 100, threshold: 0.1, used: 17, size: 512, of_files: false };
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
