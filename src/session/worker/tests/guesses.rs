//! What a meeting guessed stays with its run.

use crate::record::answer::Answer;
use crate::record::event::Fact;
use crate::record::pen::{Over, Stroke};
use crate::session::command::DrawnInto;
use crate::session::worker::tests::*;

#[test]
fn a_guess_is_saved_with_the_run_and_told_when_it_goes_on() {
    let home = Place::new("guesses");
    let begin = Begin::Fresh(Box::new(scenario(VQ_AND_SIMVQ)));
    let mut w = Watched::start(Start { begin, is_playing: false, ..saving(&home) });
    w.until("it is paused before the first step", |w| w.activity() == Some(Activity::Paused));
    let answer = Some(Answer::Number(0.6));
    let guess = Fact::Guessed { beat: 2, answer, hands: vec![12, 7] };
    w.send(Command::Note(Box::new(guess.clone())));
    w.send(Command::Play);
    w.until("the end", |w| w.activity() == Some(Activity::Ended));
    let folder = w.folder();
    w.send(Command::Shutdown);
    drop(w);
    let archive = Archive::open(&folder).unwrap();
    let kept: Vec<_> = archive.events.iter().filter(|e| e.kind == EventKind::Guess).collect();
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].step, kept[0].fact.as_ref()), (0, Some(&guess)));

    let mut w = Watched::start(Start { begin: Begin::Resume(folder), ..saving(&home) });
    w.until("the guess is told again", |w| {
        w.updates.iter().any(|u| matches!(u, Update::Event(e) if e.fact.as_ref() == Some(&guess)))
    });
}

/// Whether the trainer told a fact.
fn has_told(w: &Watched, fact: &Fact) -> bool {
    w.updates.iter().any(|u| matches!(u, Update::Event(e) if e.fact.as_ref() == Some(fact)))
}

#[test]
fn what_is_drawn_is_saved_with_its_picture_also_in_a_run_that_is_only_looked_at() {
    let home = Place::new("strokes");
    let begin = Begin::Fresh(Box::new(scenario(VQ_AND_SIMVQ)));
    let mut w = Watched::start(Start { begin, is_playing: false, ..saving(&home) });
    w.until("it is paused before the first step", |w| w.activity() == Some(Activity::Paused));
    w.send(Command::StepOnce);
    w.until("a step", |w| w.last_step() == 1);
    let stroke = Stroke::new(Over::Map(LaneId::A), &[[0.1, 0.2], [0.3, 0.4]]);
    let first = Fact::Drawn { step: 1, stroke: Some(stroke.clone()) };
    w.send(Command::Note(Box::new(first.clone())));
    w.until("it is told", |w| has_told(w, &first));
    let folder = w.folder();
    w.send(Command::Shutdown);
    drop(w);
    let archive = Archive::open(&folder).unwrap();
    assert!(archive.keyframe_steps().contains(&1), "{:?}", archive.keyframe_steps());
    // Opened again, looked at, and drawn into at another step.
    let begin = Begin::Resume(folder.clone());
    let mut w = Watched::start(Start { begin, is_playing: false, ..saving(&home) });
    w.until("what was drawn is told again", |w| has_told(w, &first));
    let second = Fact::Drawn { step: 0, stroke: Some(stroke) };
    w.send(Command::Note(Box::new(second.clone())));
    w.until("it is told", |w| has_told(w, &second));
    w.send(Command::Shutdown);
    drop(w);
    let archive = Archive::open(&folder).unwrap();
    let facts: Vec<_> = archive.events.iter().filter_map(|e| e.fact.clone()).collect();
    assert!(facts.contains(&first) && facts.contains(&second), "{facts:?}");
}

#[test]
fn the_picture_that_was_drawn_into_is_kept_although_training_has_gone_on() {
    let home = Place::new("drawn-into");
    let begin = Begin::Fresh(Box::new(scenario(VQ_AND_SIMVQ)));
    let mut w = Watched::start(Start { begin, is_playing: false, ..saving(&home) });
    w.until("it is paused before the first step", |w| w.activity() == Some(Activity::Paused));
    for step in 1..=2 {
        w.send(Command::StepOnce);
        w.until("a step", |w| w.last_step() == step);
    }
    w.until("its picture", |w| w.picture.as_ref().is_some_and(|p| p.step == 2));
    let picture = w.picture.clone().unwrap();
    for step in 3..=4 {
        w.send(Command::StepOnce);
        w.until("a step", |w| w.last_step() == step);
    }
    let stroke = Some(Stroke::new(Over::Map(LaneId::A), &[[0.1, 0.2], [0.3, 0.4]]));
    let fact = Fact::Drawn { step: 2, stroke };
    w.send(Command::Draw(Box::new(fact.clone()), DrawnInto(picture.clone())));
    w.until("it is told", |w| has_told(w, &fact));
    // What another run showed is not kept in this one.
    let mut other = Snapshot::clone(&picture);
    (other.run, other.step) = (picture.run + 1, 3);
    w.send(Command::Draw(Box::new(fact.clone()), DrawnInto(other.into())));
    w.send(Command::StepOnce);
    w.until("a step", |w| w.last_step() == 5);
    let folder = w.folder();
    w.send(Command::Shutdown);
    drop(w);
    let archive = Archive::open(&folder).unwrap();
    let kept = archive.keyframe_steps();
    assert!(kept.contains(&2) && !kept.contains(&3), "{kept:?}");
    let saved = archive.keyframe(2).unwrap();
    assert_eq!(saved.lanes[0].codes, picture.lanes[0].codes);
}
