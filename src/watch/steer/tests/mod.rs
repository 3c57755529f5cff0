//! Windows and a training that is not there: its half of the files is written as `docs/python.md` has
//! it. What real trainings do is tested with the helper (`python/tests/test_hand.py`).

#![cfg(unix)]

mod files;
mod terminal;

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::patience::wait;
use crate::record::event::{Event, EventKind, Fact};
use crate::record::status::Update;
use crate::record::steer::{Ask, Grip, Key, Keys, Status, Steering, Value};
use crate::record::watching::Shown;
use crate::scenario::LaneId;
use crate::session::command::Command;
use crate::session::feed::Feed as _;
use crate::watch::follow::{Followed, Watcher};
use crate::watch::steer::Hand;

/// The half of a training: it takes whole commands of its own id with a rising number.
struct Training {
    place: tempfile::TempDir,
    id: String,
    step: u64,
    number: u64,
    answers: Vec<Json>,
    cannot: Json,
    state: &'static str,
}

impl Training {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let training = Self {
            place,
            id: "a".repeat(32),
            step: 0,
            number: 0,
            answers: Vec::new(),
            cannot: json!({"learn_w": "there is no W; simvq puts one behind the codes"}),
            state: "training",
        };
        training.write(true);
        training
    }

    fn path(&self) -> &Path {
        self.place.path()
    }

    fn control(&self) -> PathBuf {
        self.path().join("control.json")
    }

    fn command(&self) -> Json {
        serde_json::from_slice(&std::fs::read(self.control()).unwrap()).unwrap()
    }

    fn write(&self, is_on: bool) {
        let values = json!({"learn_c": true, "lr_factor": 1.0, "commitment": 0.25, "simvq": false});
        let status = json!({
            "id": self.id, "pid": 1, "step": self.step, "state": self.state,
            "control": is_on, "why": if is_on { "" } else { "others may write into the folder" },
            "number": self.number, "values": values, "cannot": self.cannot,
            "answers": self.answers, "ignored": [], "file": "", "kept": [],
        });
        // In the order of the helper, whose version comes first.
        let text = status.to_string().replacen('{', "{\"vqscope\":1,", 1);
        std::fs::write(self.path().join("status.json"), text).unwrap();
    }

    /// Its next call, which reads a command and answers.
    fn call(&mut self) {
        self.step += 10;
        let Ok(bytes) = std::fs::read(self.control()) else { return };
        let Ok(command) = serde_json::from_slice::<Json>(&bytes) else { return };
        let number = command["number"].as_u64().unwrap_or(0);
        if command["id"] != self.id.as_str() || number <= self.number {
            return;
        }
        self.number = number;
        let mut answer = json!({"number": number, "step": self.step});
        if let Some(window) = command.get("window") {
            answer["window"] = window.clone();
        }
        let keys = command["set"].as_object().unwrap();
        match keys.keys().find(|key| self.cannot.get(key.as_str()).is_some()) {
            Some(key) => answer["refused"] = json!(format!("{key}: {}", self.cannot[key])),
            None => answer["set"] = command["set"].clone(),
        }
        self.answers.push(answer);
        self.write(true);
    }

    fn names(&self) -> Vec<String> {
        let names = std::fs::read_dir(self.path()).unwrap();
        let mut all: Vec<String> =
            names.map(|entry| entry.unwrap().file_name().to_string_lossy().into()).collect();
        all.sort();
        all
    }
}

fn lr(factor: f64) -> Keys {
    Keys::from([(Key::LrFactor, Value::Number(factor))])
}

fn c(learns: bool) -> Keys {
    Keys::from([(Key::LearnC, Value::Is(learns))])
}

fn seen(hand: &mut Hand) -> Steering {
    hand.look();
    hand.steering().unwrap()
}

fn status(hand: &mut Hand) -> Status {
    seen(hand).status.unwrap()
}

/// A window that has control.
fn held(training: &mut Training, name: &str) -> Hand {
    let mut hand = Hand::new(training.path(), name);
    hand.ask(Ask::Take);
    training.call();
    assert_eq!(seen(&mut hand).grip, Grip::Held);
    hand
}

#[test]
fn nothing_is_written_before_control_is_taken_and_one_private_file_then() {
    let mut training = Training::new();
    let mut hand = Hand::new(training.path(), "window-1");
    assert!(hand.look() && !hand.look(), "it says what is new, once");
    hand.ask(Ask::Set(c(false)));
    hand.ask(Ask::Give);
    assert_eq!(training.names(), ["status.json"]);
    assert_eq!((hand.steering().unwrap().grip, hand.waits()), (Grip::Free, false));

    hand.ask(Ask::Take);
    let greeting = json!({"id": training.id, "number": 1, "set": {}, "window": "window-1"});
    assert_eq!(training.command(), greeting);
    assert_eq!(training.names(), ["control.json", "status.json"]);
    let held = std::fs::metadata(training.control()).unwrap();
    assert_eq!((held.permissions().mode() & 0o777, held.len() < 4096), (0o600, true));
    assert_eq!(hand.steering().unwrap().grip, Grip::Reaching);
    training.call();
    assert_eq!(seen(&mut hand).grip, Grip::Held);
    assert!(hand.marks(false).is_empty(), "a greeting changes nothing");

    hand.ask(Ask::Set(c(false)));
    assert_eq!(training.command()["set"], json!({"learn_c": false}));
    assert_eq!(hand.steering().unwrap().waiting, c(false));
    training.call();
    assert!(seen(&mut hand).waiting.is_empty());
    hand.ask(Ask::Set(Keys::from([(Key::LearnW, Value::Is(true))])));
    training.call();
    hand.look();
    let said = |event: &Event| (event.step, event.kind, event.sentence());
    let marks: Vec<_> = hand.marks(false).iter().map(said).collect();
    let refused =
        "by command: refused: learn_w: \"there is no W; simvq puts one behind the codes\"";
    assert_eq!(
        marks,
        [
            (20, EventKind::Change, "by command: C frozen".into()),
            (30, EventKind::Refused, refused.into())
        ]
    );
    assert_eq!((hand.marks(false).len(), hand.marks(true).len()), (0, 2));

    // Control that is given back is nobody's.
    hand.ask(Ask::Give);
    assert_eq!(training.command(), json!({"id": training.id, "number": 4, "set": {}}));
    training.call();
    let other = seen(&mut Hand::new(training.path(), "window-2"));
    assert_eq!((other.grip, other.other()), (Grip::Free, None));
}

#[test]
fn what_is_asked_while_a_command_is_on_its_way_follows_as_one() {
    let mut training = Training::new();
    let mut hand = held(&mut training, "window-1");
    for keys in [lr(0.5), lr(0.25), c(false), lr(0.1)] {
        hand.ask(Ask::Set(keys));
    }
    assert_eq!(training.command()["set"], json!({"lr_factor": 0.5}));
    let both: Keys = lr(0.1).into_iter().chain(c(false)).collect();
    assert_eq!(hand.steering().unwrap().waiting, both);
    training.call();
    hand.look();
    assert_eq!(training.command()["set"], json!({"learn_c": false, "lr_factor": 0.1}));
    assert_eq!(training.command()["number"], 3);
}

#[test]
fn of_two_windows_the_later_one_is_told_and_may_take_over() {
    let mut training = Training::new();
    let mut first = held(&mut training, "window-1");
    let mut second = Hand::new(training.path(), "window-2");
    let told = seen(&mut second);
    assert_eq!((told.grip, told.other()), (Grip::Free, Some(10)));
    second.ask(Ask::Set(lr(0.5)));
    training.call();
    assert_eq!(status(&mut first).number, 1, "a window without control sets nothing");

    second.ask(Ask::Take);
    training.call();
    let lost = seen(&mut first);
    assert_eq!((lost.grip, lost.other(), lost.trouble), (Grip::Free, Some(30), None));
    first.ask(Ask::Set(lr(2.0)));
    second.ask(Ask::Set(lr(0.5)));
    training.call();
    assert_eq!(status(&mut second).replies.last().unwrap().told(), "learning rates × 0.5");
    assert_eq!(seen(&mut second).grip, Grip::Held);
}

#[test]
fn of_two_commands_at_once_one_is_done_and_the_other_window_says_so() {
    for later_is_second in [true, false] {
        let mut training = Training::new();
        let mut first = held(&mut training, "window-1");
        let mut second = Hand::new(training.path(), "window-2");
        second.look();
        // Both have the same number, and the training finds what was written last.
        if later_is_second {
            first.ask(Ask::Set(lr(0.5)));
            second.ask(Ask::Take);
        } else {
            second.ask(Ask::Take);
            first.ask(Ask::Set(lr(0.5)));
        }
        training.call();
        let (one, two) = (seen(&mut first), seen(&mut second));
        let (loser, winner) = if later_is_second { (one, two) } else { (two, one) };
        assert_eq!((loser.grip, winner.grip), (Grip::Free, Grip::Held));
        assert!(loser.trouble.unwrap().contains("another window was faster"));
        assert!(loser.waiting.is_empty() && winner.trouble.is_none());
        assert_eq!(training.number, 2);
    }
}

#[test]
fn what_is_asked_while_the_status_cannot_be_read_is_sent_later() {
    let mut training = Training::new();
    let mut hand = held(&mut training, "window-1");
    let place = training.path().join("status.json");
    std::fs::write(&place, br#"{"vqscope": 1, "id": "#).unwrap();
    hand.ask(Ask::Set(lr(0.5)));
    assert_eq!((hand.waits(), seen(&mut hand).waiting), (false, lr(0.5)));
    training.write(true);
    assert_eq!(seen(&mut hand).waiting, lr(0.5));
    assert_eq!(training.command()["set"], json!({"lr_factor": 0.5}));
    training.call();
    assert!(seen(&mut hand).waiting.is_empty());
}

#[test]
fn a_status_that_was_written_before_the_command_was_read_takes_no_control_away() {
    let mut training = Training::new();
    held(&mut training, "window-1");
    let mut second = Hand::new(training.path(), "window-2");
    second.ask(Ask::Take);
    training.step += 10;
    training.write(true);
    assert_eq!(seen(&mut second).grip, Grip::Reaching);
    training.call();
    assert_eq!(seen(&mut second).grip, Grip::Held);
}

#[test]
fn another_training_in_the_folder_is_not_commanded() {
    let mut training = Training::new();
    let mut hand = held(&mut training, "window-1");
    hand.ask(Ask::Set(lr(0.5)));
    let before = std::fs::read(training.control()).unwrap();
    (training.id, training.number, training.answers) = ("b".repeat(32), 0, Vec::new());
    training.write(true);
    let lost = seen(&mut hand);
    assert!(lost.trouble.unwrap().contains("another training writes here now"));
    hand.ask(Ask::Set(lr(2.0)));
    assert_eq!(std::fs::read(training.control()).unwrap(), before);
    training.call();
    assert_eq!((training.number, hand.marks(true).len()), (0, 0));
    // A pressed button is for this one.
    hand.ask(Ask::Take);
    assert_eq!(
        (&training.command()["id"], &training.command()["number"]),
        (&json!(training.id), &json!(1))
    );
    let mut terminal = Hand::new(training.path(), "");
    terminal.command(lr(1.0)).unwrap();
    training.id = "c".repeat(32);
    training.write(true);
    assert!(terminal.answer().unwrap_err().contains("another training"));
}

#[test]
fn a_pause_that_ends_by_itself_is_a_mark_of_its_own() {
    let mut training = Training::new();
    let mut hand = held(&mut training, "window-1");
    hand.ask(Ask::Set(Keys::from([(Key::Pause, Value::Is(true))])));
    training.call();
    hand.look();
    assert_eq!(hand.marks(false)[0].sentence(), "by command: paused");
    let ended = json!({"number": 2, "step": 20, "set": {"pause": false}, "ended": "too long"});
    training.answers.push(ended);
    training.write(true);
    assert_eq!(seen(&mut hand).grip, Grip::Held, "who had control has it");
    assert_eq!(hand.marks(false)[0].sentence(), "by command: the pause ended by itself");
    assert_eq!(seen(&mut Hand::new(training.path(), "window-2")).other(), Some(20));
}

#[test]
fn marks_come_again_when_the_series_begins_anew() {
    let mut training = Training::new();
    held(&mut training, "window-1").ask(Ask::Set(c(false)));
    training.call();
    let copy = |step: u64| {
        let name = format!("codebook_{step:06}.safetensors");
        let from = Path::new("tests/reference/codebooks/series").join(&name);
        std::fs::copy(from, training.path().join(name)).unwrap();
    };
    let mut followed = Followed::new(&[training.path().into()], &Shown::default(), "window-2");
    let mut round = || {
        let (mut begun, mut marks) = (0, 0);
        assert!(followed.round(0, &|| true, &mut |update| {
            match update {
                Update::Started(_) => (begun, marks) = (begun + 1, 0),
                Update::Event(event) if matches!(event.fact, Some(Fact::Steered(_))) => marks += 1,
                _ => {}
            }
            true
        }));
        (begun, marks)
    };
    assert_eq!(round(), (0, 1));
    copy(200);
    assert_eq!(round(), (1, 1));
    copy(300);
    assert_eq!(round(), (0, 0));
    copy(100);
    assert_eq!(round(), (1, 1));
}

#[test]
fn a_window_asks_through_the_watcher_and_gives_control_back_when_it_closes() {
    let mut training = Training::new();
    let watcher = Watcher::spawn(vec![training.path().into()], Shown::default(), || {}).unwrap();
    let newest = |grip: Grip| {
        wait("what is known of the training", || {
            let told = watcher.updates().filter_map(|update| match update {
                Update::Steering(LaneId::A, steering) => steering,
                _ => None,
            });
            told.last().filter(|steering| steering.grip == grip)
        })
    };
    assert!(newest(Grip::Free).status.unwrap().is_open());
    assert!(watcher.send(Command::Pause), "nobody here trains");
    assert!(watcher.send(Command::Steer(LaneId::A, Ask::Take)));
    let reaching = newest(Grip::Reaching);
    assert_eq!(training.command()["window"], json!(reaching.window));
    training.call();
    newest(Grip::Held);
    drop(watcher);
    assert_eq!(training.command(), json!({"id": training.id, "number": 2, "set": {}}));
}
