//! What a file may not hold, and what a refusal tells of it.

use super::*;
use crate::scenario::hash::training_hash;

fn refused(text: &str) -> String {
    parse(text, "x.toml", &[]).unwrap_err().to_string()
}

#[test]
fn control_characters_are_refused_by_key_and_line() {
    let story = |title: &str, about: &str, [first, second]: [&str; 2]| {
        format!(
            "title=\"{title}\"\nabout=\"{about}\"\n[lanes.a]\n[[change]]\nstep=1\ncaption=\"{first}\"\n\
             [[change]]\nstep=2\ncaption=\"{second}\"\n"
        )
    };
    for (c, name) in [
        (r"\u0000", r"\u{0}"),
        (r"\u001b", r"\u{1b}"),
        (r"\r", r"\r"),
        (r"\t", r"\t"),
        (r"\u007f", r"\u{7f}"),
        (r"\u009b", r"\u{9b}"),
        (r"\u2028", r"\u{2028}"),
        (r"\u202e", r"\u{202e}"),
    ] {
        let text = format!("a{c}b");
        for (story, place) in [
            (story(&text, "", ["", ""]), "line 1: title"),
            (story("x", &text, ["", ""]), "line 2: about"),
            (story("x", "", [&text, ""]), "line 6: change.caption"),
            (story("x", "", ["", &text]), "line 9: change.caption"),
        ] {
            assert_eq!(
                refused(&story),
                format!("x.toml {place} has {name} in it, a control character; take it out")
            );
        }
        let set = format!("title=\"{text}\"");
        let error = parse(&story("x", "", ["", ""]), "x.toml", &[set]).unwrap_err();
        assert!(error.to_string().contains(&format!("title has {name} in it")), "{error}");
    }
    assert!(refused(&story(r"a\nb", "", ["", ""])).contains(r"title has \n in it"));
    // What is told beside the pictures may have several lines, as any system ends them.
    parse(&story("x", r"a\nb", [r"a\nb", "é値"]), "x.toml", &[]).unwrap();
    let lines = "title='x'\r\nabout='''a\r\nb'''\r\n[lanes.a]\r\n";
    assert_eq!(parse(lines, "x.toml", &[]).unwrap().about, "a\nb".into());
}

#[test]
fn what_a_sentence_tells_of_a_file_is_one_line_of_bounded_length() {
    let long = "k".repeat(500_000);
    let key = r"\u001b[2J\nvqscope: all is well";
    for text in [
        format!("title='x'\n{long}=1\n[lanes.a]\n"),
        format!("title='x'\n\"{key}\"=1\n[lanes.a]\n"),
        format!("title='x'\nsteps='{long}'\n[lanes.a]\n"),
        format!("title='x'\nsteps=\"{key}\"\n[lanes.a]\n"),
        format!("title='x'\n[lanes.a]\npreset=\"{key}\"\n"),
        format!("title='x'\n[\"{key}\n"),
    ] {
        let sentence = refused(&text);
        assert!(!sentence.contains(char::is_control), "{sentence:?}");
        assert!(sentence.chars().count() <= 600 && sentence.starts_with("x.toml"), "{sentence}");
    }
}

#[test]
fn a_scenario_made_by_hand_is_refused_in_the_words_about_a_file() {
    let scenario = parse("title='x'\n[lanes.a]\n", "x.toml", &[]).unwrap();
    scenario.validate().unwrap();
    for (key, value) in [("codebook.dim", 2048), ("codebook.size", 1 << 25), ("steps", 0)] {
        let mut by_hand = scenario.clone();
        match key {
            "codebook.dim" => by_hand.codebook.dim = value,
            "codebook.size" => by_hand.codebook.size = value,
            _ => by_hand.steps = value as u64,
        }
        let set = format!("{key}={value}");
        let of_set = parse("title='x'\n[lanes.a]\n", "x.toml", &[set]).unwrap_err().to_string();
        let sentence = by_hand.validate().unwrap_err();
        assert_eq!(of_set, format!("--set {key}={value}: {sentence}"));
        assert!(sentence.starts_with(&format!("{key} must be a whole number from 1 to")));
    }
    let named = Scenario { title: "a\0b".into(), ..scenario };
    assert!(named.validate().is_err_and(|why| why.contains("title has \\u{0} in it")));
}

#[test]
fn a_story_says_how_it_wants_to_be_shown_and_is_the_same_to_train() {
    let with = |view: &str| parse(&format!("title='x'\n[lanes.a]\n[view]\n{view}"), "x", &[]);
    let shown = with("hidden = ['controls', 'timeline']\nenlarged = 'map-a'").unwrap();
    let view = shown.view.clone().unwrap();
    assert_eq!(
        (view.hidden.join(" "), view.enlarged.as_deref()),
        ("controls timeline".into(), Some("map-a"))
    );
    // It goes around, and what trains is that of a story that says nothing of it.
    assert_eq!(parse(&to_toml(&shown), "x", &[]).unwrap(), shown);
    let silent = parse("title='x'\n[lanes.a]", "x", &[]).unwrap();
    assert_eq!(training_hash(&shown), training_hash(&silent));
    assert!(!to_toml(&silent).contains("view"));
    for (view, why) in [
        ("hidden = ['timelin']", "line 4: view.hidden must be a list of some of \"controls\""),
        ("hidden = ['timelin']", "not \"timelin\"; did you mean timeline?"),
        ("enlarged = 'map'", "not \"map\"; did you mean maps?"),
        ("enlarged = 'map-b'", "view.enlarged is map-b, but there is no [lanes.b]; add it"),
        ("hiden = []", "there is no key view.hiden; did you mean view.hidden?"),
        ("hidden = 'maps'", "view.hidden must be a list of some of"),
    ] {
        let error = with(view).unwrap_err().to_string();
        assert!(error.contains(why), "{view}: {error}");
    }
    let set = |set: &str| parse("title='x'\n[lanes.a]", "x", &[set.into()]).unwrap().view.unwrap();
    assert_eq!(set("view.hidden=['maps']").hidden, ["maps"]);
}
