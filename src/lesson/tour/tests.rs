use super::*;
use crate::scenario::figures::{Figure, Piece, pieces};
use crate::scenario::{BeatKind, End, Expect, ExpectStep};

fn built_in() -> Tour {
    Tour::parse(TEXT, NAME).unwrap()
}

#[test]
fn the_tour_has_its_pages_and_each_stands_after_the_one_before() {
    let tour = built_in();
    assert_eq!(*super::tour(), tour);
    assert!((12..=20).contains(&tour.pages.len()), "{}", tour.pages.len());
    assert!(tour.chapters.len() >= 4);
    for (number, page) in tour.pages.iter().enumerate() {
        assert!(!page.title.is_empty() && page.title.ja().is_some(), "page {number}");
        assert!(!page.terms.is_empty(), "page {number} explains nothing");
        for beat in page.beats.clone() {
            assert_eq!(tour.page_of(page.chapter, beat), Some(number));
            let beat = &tour.chapters[page.chapter].scenario.beat[beat];
            assert!(beat.text.ja().is_some(), "{}", beat.text);
        }
        // The text of another state stands where its page does.
        if let [first, other] = &tour.chapters[page.chapter].scenario.beat[page.beats.clone()] {
            assert_eq!((first.at, other.kind), (other.at, BeatKind::Say));
            let (a, b) = (first.when.as_ref().unwrap(), other.when.as_ref().unwrap());
            assert_eq!((a.not, &a.settings), (!b.not, &b.settings));
        }
    }
    let place = |page: &Page| (page.chapter, page.step(&tour));
    assert!(tour.pages.is_sorted_by_key(place));
    let has = |kind| tour.chapters.iter().flat_map(|c| &c.scenario.beat).any(|b| b.kind == kind);
    assert!(has(BeatKind::Ask) && has(BeatKind::Do) && has(BeatKind::Say));
}

/// Pages that state nothing of a run: the start of one, where nothing is trained.
fn is_before_training(at: ExpectStep) -> bool {
    at == ExpectStep::At(0)
}

#[test]
fn what_a_page_states_is_inserted_and_expected() {
    for chapter in built_in().chapters {
        let scenario = &chapter.scenario;
        for beat in &scenario.beat {
            let at = beat.at.trained(scenario.steps).unwrap();
            let at = if at == 0 { ExpectStep::At(0) } else { ExpectStep::At(at + 1) };
            let is_carried = scenario.expect.iter().any(|e| e.caption == Some(at));
            assert!(is_carried || is_before_training(at), "{}: {}", chapter.story, beat.text);
            let mut texts = vec![&beat.text];
            texts.extend(beat.choices.iter().map(|choice| &choice.text));
            for text in texts {
                for piece in pieces(text).unwrap() {
                    match piece {
                        Piece::Text(text) => assert!(!text.contains('%'), "{text}"),
                        Piece::Codes(_) => {}
                        Piece::Figure(Figure { of, lane, step }) => {
                            let step = step.expect("a page names the step of its figures");
                            let is_it =
                                |e: &Expect| e.lane == lane && e.step == Some(ExpectStep::At(step));
                            let is_counted = step.is_multiple_of(scenario.train.eval_every)
                                || !of.metric.is_of_full_set()
                                || scenario.expect.iter().any(is_it);
                            assert!(is_counted, "{of} of {lane:?} at {step}");
                        }
                    }
                }
            }
            let (Some(of), Some(until)) = (beat.of, beat.until) else { continue };
            for lane in of.lanes(scenario) {
                let is_it = |e: &&Expect| {
                    (e.lane, e.metric, e.step) == (lane, Some(of.metric), Some(until))
                };
                let expected: Vec<&Expect> = scenario.expect.iter().filter(is_it).collect();
                assert!(
                    !expected.is_empty() && until != ExpectStep::End(End::End),
                    "{}",
                    beat.text
                );
                let low = expected.iter().filter_map(|e| e.min).fold(f64::MIN, f64::max);
                let high = expected.iter().filter_map(|e| e.max).fold(f64::MAX, f64::min);
                let right = beat.choices.iter().filter(|choice| {
                    choice.min.is_none_or(|min| min <= low)
                        && choice.max.is_none_or(|max| high < max)
                });
                assert_eq!(right.count(), usize::from(!beat.choices.is_empty()), "{}", beat.text);
            }
        }
    }
}

#[test]
fn what_cannot_be_meant_is_refused_with_its_place() {
    let chapter = |page: &str| {
        format!(
            "[[chapter]]\nstory = 'falls'\ntitle = 'x'\nabout = 'y'\n[[chapter.page]]\ntitle = 'z'\n{page}"
        )
    };
    let read = |text: &str| Tour::parse(text, "t.toml").map_err(|error| error.to_string());
    let say = "at = 3\nkind = 'say'\ntext = 'x'\n";
    assert_eq!(read(&chapter(say)).unwrap().pages[0].step(&read(&chapter(say)).unwrap()), 2);
    for (page, words) in [
        ("at = 3\nkind = 'say'\ntxt = 'x'\n".into(), "did you mean beat.text?"),
        (format!("{say}show = ['map-c']"), "did you mean map-"),
        (format!("{say}otherwise = 'x'"), "page 1: otherwise goes with when"),
        (
            "at = { event = 'collapse', lane = 'a' }\nkind = 'say'\ntext = 'x'\n".into(),
            "at an event",
        ),
        (format!("{say}terms = 'codes'"), "page 1: "),
    ] {
        let error = read(&chapter(&page)).unwrap_err();
        assert!(error.contains(words) && error.contains("t.toml, chapter 1"), "{page}: {error}");
    }
    let missing = chapter(say).replace("'falls'", "'fals'");
    assert!(read(&missing).unwrap_err().contains("no story fals; use one of falls"));
    let error = read("[[chapter]]\nstory = 'falls'\ntitel = 'x'\n").unwrap_err();
    assert!(error.contains("t.toml line") && error.contains("titel"), "{error}");
}
