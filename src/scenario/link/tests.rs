//! Links go around unchanged, and whatever is wrong with one is one sentence.

use super::*;
use crate::scenario::{OnSwitch, Pace, read};

fn plain(name: &str) -> Link {
    let scenario = read(name, &[]).unwrap();
    Link {
        story: name.into(),
        draft: scenario.clone(),
        scenario,
        by_hand: Vec::new(),
        step: 480,
        view: Table::new(),
    }
}

/// A link of everything that a link can hold.
fn full(name: &str) -> Link {
    let mut link = plain(name);
    link.scenario.train.lr = 0.1 + 0.2;
    link.scenario.seed = i64::MAX as u64;
    link.scenario.lanes.a.seed = Some(3);
    link.scenario.pace = Pace::LADDER[5];
    link.draft = link.scenario.clone();
    link.draft.lanes.b = None;
    link.draft.expect.clear();
    link.draft.beat.clear();
    link.draft.change.clear();
    link.draft.codebook.size = 96;
    link.by_hand = vec![
        Change { step: 7, lr: Some(1e-4), ..Change::default() },
        Change {
            step: 60,
            lane: Some(LaneId::A),
            learn_c: Some(false),
            learn_w: Some(true),
            codebook: Some(OnSwitch::Fresh),
            ..Change::default()
        },
    ];
    link.view = toml::from_str("tab = \"Spectrum\"\npinned = 40").unwrap();
    link
}

fn refused(text: &str) -> String {
    let sentence = Link::decode(text, &[]).unwrap_err().to_string();
    assert!(sentence.starts_with("the link") && !sentence.contains('\n'), "{sentence}");
    sentence
}

/// A link around any payload, as only somebody who means it would make one.
fn wrap(payload: &str) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(payload.as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let bytes = [&checksum(&packed)[..], &packed].concat();
    format!("{SCHEME}{VERSION}/{}", URL_SAFE_NO_PAD.encode(bytes))
}

#[test]
fn every_built_in_story_goes_around_and_stays_short() {
    for name in demos::names() {
        let link = plain(name);
        let text = link.encode();
        assert!(text.len() < 120, "{name}: {text}");
        assert_eq!(Link::decode(&text, &[]).unwrap(), link);
        // Spaces and line ends around it come along when it is copied.
        assert_eq!(Link::decode(&format!(" {text}\n"), &[]).unwrap(), link);
    }
}

#[test]
fn changed_settings_go_around_exactly_whatever_the_story() {
    for name in demos::names() {
        let mut link = full(name);
        // What learns in fixed codes is refused by every reader.
        if link.scenario.lane_specs()[0].fixed.is_some() {
            link.by_hand.pop();
        }
        let text = link.encode();
        assert_eq!(Link::decode(&text, &[]).unwrap(), link, "{name}");
        assert_eq!(Link::decode(&text, &[]).unwrap().encode(), text);
    }
    let mut link = plain("collapse");
    link.scenario.train.lr = 0.01;
    link.draft = link.scenario.clone();
    link.view = toml::from_str("tab = \"Spectrum\"\nis_log = false").unwrap();
    assert!(link.encode().len() < 200, "{}", link.encode());
}

#[test]
fn a_scenario_that_is_not_built_in_is_carried_whole_and_names_no_folder() {
    let mut link = full("collapse");
    link.story = "/home/someone/collapse".into();
    link.scenario.title = "Mine".into();
    let read = Link::decode(&link.encode(), &[]).unwrap();
    assert_eq!(read.story, "collapse");
    assert_eq!(Link { story: link.story.clone(), ..read }, link);
}

#[test]
fn every_prefix_and_every_changed_character_is_refused() {
    let text = full("rescue").encode();
    for end in 0..text.len() {
        refused(&text[..end]);
    }
    for at in 0..text.len() {
        for other in ['A', 'B', 'z', '0', '9', '-', '_', '/', '=', '+', ' ', 'é'] {
            if text[at..].starts_with(other) {
                continue;
            }
            let changed = format!("{}{other}{}", &text[..at], &text[at + 1..]);
            // A space at either end is none of the link.
            if changed.trim() != text {
                refused(&changed);
            }
        }
    }
    refused(&format!("{text}A"));
}

#[test]
fn each_refusal_says_what_is_wrong() {
    let text = plain("collapse").encode();
    let body = text.rsplit('/').next().unwrap();
    assert!(refused("collapse").contains("vqscope://"));
    assert!(refused(&text[..text.len() - 9]).contains("copy it again as a whole"));
    let newer = refused(&format!("{SCHEME}2/{body}"));
    assert!(newer.contains("version 2") && newer.contains("newer vqscope"), "{newer}");
    let long = format!("{SCHEME}1/{}", "A".repeat(MOST_TEXT));
    assert!(refused(&long).contains("longer than"));
    let bomb = wrap(&format!("story = \"{}\"", "x".repeat(2 << 20)));
    assert!(bomb.len() < MOST_TEXT, "{}", bomb.len());
    assert!(refused(&bomb).contains("1 MiB"));
    assert!(refused(&wrap("story = 3")).contains("not made by vqscope"));
    let gone = wrap("story = \"no_such\"\nof = \"00000000\"\nstep = 1");
    assert!(refused(&gone).contains("no_such, which is not built in"));
    // Of the story with the words that it had before.
    let before = wrap("story = \"collapse\"\nof = \"66df4bfa\"\nstep = 1");
    assert_eq!(Link::decode(&before, &[]).unwrap().scenario, plain("collapse").scenario);
    let other = wrap("story = \"rescue\"\nof = \"66df4bfa\"\nstep = 1");
    assert!(refused(&other).contains("another version"), "{}", refused(&other));
    let other = wrap("story = \"collapse\"\nof = \"00000000\"\nstep = 1");
    assert!(refused(&other).contains("another version"), "{}", refused(&other));
    let of = fingerprint(&plain("collapse").scenario);
    let with = |more: &str| refused(&wrap(&format!("story='collapse'\nof='{of}'\nstep=1\n{more}")));
    assert!(with("[run]\nout=['lanes.c.lr']").contains("damaged"));
    assert!(with("[run.set.train]\nlrr=1.0").contains("train.lrr"));
    // What no machine has: half a petabyte for what each encoding makes of each code.
    let large = "[run.set.codebook]\nsize=16777216\n[run.set.train]\nbatch_tokens=16777216\n\
        window_tokens=16777216\n[run.set.lanes.a]\nentropy=0.1";
    assert!(with(large).contains("GB of memory"), "{}", with(large));
    assert!(with("[[hand]]\nstep=3\nlr=-1.0").contains("change.lr"));
    assert!(wrap("x").len() > 20 && refused(&wrap("x")).contains("not made by vqscope"));
}

#[test]
fn what_was_set_by_hand_comes_before_the_storys_own_change_of_that_step() {
    let mut link = plain("rescue");
    let own = link.scenario.change.iter().find(|c| c.learn_w.is_some()).unwrap().step;
    link.by_hand = vec![
        Change { step: own, beta: Some(1.0), ..Change::default() },
        Change { step: own + 1, beta: Some(2.0), ..Change::default() },
    ];
    let timed = link.timed();
    let at = |of: fn(&Change) -> bool| timed.change.iter().position(of).unwrap();
    assert!(at(|c| c.beta == Some(1.0)) < at(|c| c.learn_w.is_some()));
    assert!(at(|c| c.learn_w.is_some()) < at(|c| c.beta == Some(2.0)));
    assert_eq!(timed.change.len(), link.scenario.change.len() + 2);
    // The same from the command line, where settings can be added.
    let sets = ["train.batch_tokens=256".to_string()];
    let run = read(&link.encode(), &sets).unwrap();
    assert_eq!((run.train.batch_tokens, run.change), (256, timed.change));
}

#[test]
fn a_change_for_both_lanes_reaches_the_one_that_takes_it() {
    let mut link = plain("collapse");
    link.scenario.lanes.b.as_mut().unwrap().set_preset(crate::scenario::Preset::Fsq);
    link.draft = link.scenario.clone();
    link.by_hand = vec![Change { step: 9, entropy: Some(0.1), ..Change::default() }];
    let timed = Link::decode(&link.encode(), &[]).unwrap().timed();
    let entropy = timed.change.iter().find(|c| c.entropy.is_some()).unwrap();
    assert_eq!(entropy.lane, Some(LaneId::A));
}

#[test]
fn a_link_names_no_step_and_no_character_that_a_run_cannot_have() {
    let mut far = plain("collapse");
    far.step = crate::scenario::MOST_STEPS + 1;
    assert!(refused(&far.encode()).contains("step must be a whole number from 0 to 100000000"));
    let mut titled = plain("collapse");
    titled.scenario.title = "a\0b".into();
    assert!(refused(&titled.encode()).contains("title has \\u{0} in it"));
    let mut told = plain("collapse");
    let caption = Some("a\u{1b}[2J".into());
    told.draft.change = vec![crate::scenario::Change { step: 1, caption, ..Default::default() }];
    assert!(refused(&told.encode()).contains("change.caption has \\u{1b} in it"));
    let mut named = Link { story: "own\u{202e}".into(), ..plain("collapse") };
    named.scenario.title = "own".into();
    named.draft = named.scenario.clone();
    assert!(refused(&named.encode()).contains("story's name has a control character"));
}
