//! What a meeting guessed stays with its run.

use crate::record::answer::Answer;
use crate::record::event::Fact;
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
