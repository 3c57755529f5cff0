//! Windows and a training that is not there: its half of the files is written as `docs/python.md` has
//! it. What real trainings do is tested with the helper (`python/tests/test_hand.py`).

#![cfg(unix)]

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::fuzz::hurt;
use crate::patience::wait;
use crate::record::event::{Event, EventKind, Fact};
use crate::record::status::Update;
use crate::record::steer::{Ask, Grip, Key, Keys, Status, Steering, Value};
use crate::record::watching::Shown;
use crate::rng::{Purpose, Stream};
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
            "id": self.id, "pid": 1, "step": self.step, "state": "training",
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
fn a_command_from_a_terminal_takes_no_control_away() {
    let mut training = Training::new();
    let mut window = held(&mut training, "window-1");
    let mut terminal = Hand::new(training.path(), "");
    terminal.command(c(false)).unwrap();
    // Under the same number as the window's own, which goes out again.
    let mine = std::fs::read(training.control()).unwrap();
    window.ask(Ask::Set(lr(0.5)));
    std::fs::write(training.control(), mine).unwrap();
    assert_eq!(terminal.answer(), Ok(None));
    training.call();
    let reply = terminal.answer().unwrap().unwrap();
    assert_eq!((reply.number, reply.told()), (2, "C frozen".into()));
    assert_eq!((seen(&mut window).grip, seen(&mut window).waiting), (Grip::Held, lr(0.5)));
    training.call();
    assert_eq!(seen(&mut window).grip, Grip::Held);
    assert_eq!(training.answers[2]["set"], json!({"lr_factor": 0.5}));
    // Of two terminals each waits for its own.
    let mut other = Hand::new(training.path(), "");
    terminal.command(lr(2.0)).unwrap();
    other.command(lr(4.0)).unwrap();
    training.call();
    assert_eq!(terminal.answer(), Ok(None));
    assert_eq!(other.answer().unwrap().unwrap().told(), "learning rates × 4");
    training.call();
    assert_eq!(terminal.answer().unwrap().unwrap().told(), "learning rates × 2");
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
fn where_others_can_write_nothing_is_written() {
    let training = Training::new();
    let shared = std::fs::Permissions::from_mode(0o777);
    std::fs::set_permissions(training.path(), shared).unwrap();
    let mut hand = Hand::new(training.path(), "window-1");
    hand.ask(Ask::Take);
    let told = hand.steering().unwrap();
    let why = told.trouble.unwrap();
    assert!(why.contains("can be written by others; take that away with chmod go-w"), "{why}");
    assert_eq!((told.grip, training.names()), (Grip::Free, vec!["status.json".to_string()]));
    let mut terminal = Hand::new(training.path(), "");
    assert_eq!(terminal.command(lr(0.5)), Err(why));

    // Nor where the training takes none, has ended, or is not there.
    training.write(false);
    hand.ask(Ask::Take);
    let why = hand.steering().unwrap().trouble.unwrap();
    assert_eq!(why, "the training takes no commands: others may write into the folder");
    assert!(!status(&mut hand).is_open());
    std::fs::remove_file(training.path().join("status.json")).unwrap();
    assert!(hand.look() && hand.steering().is_none());
    let why = hand.command(lr(0.5)).unwrap_err();
    assert!(why.contains("no training takes commands in"), "{why}");
}

#[test]
fn what_lies_in_the_place_of_a_command_is_replaced_and_never_followed() {
    let mut training = Training::new();
    let canary = training.path().join("canary");
    std::fs::write(&canary, b"mine").unwrap();
    symlink(&canary, training.control()).unwrap();
    let mut hand = held(&mut training, "window-1");
    assert_eq!(std::fs::read(&canary).unwrap(), b"mine");
    assert!(std::fs::symlink_metadata(training.control()).unwrap().is_file());
    // A hundred garbled commands of somebody else: the next one of ours is whole.
    for number in 0..100 {
        let mut stream = Stream::new(19, Purpose::Batch, number);
        let mut bytes = std::fs::read(training.control()).unwrap();
        (0..3).for_each(|_| hurt(&mut stream, &mut bytes));
        std::fs::write(training.control(), &bytes).unwrap();
        hand.ask(Ask::Set(lr(0.01 + number as f64 / 100.0)));
        training.call();
        assert_eq!(seen(&mut hand).grip, Grip::Held, "{number}");
        assert!(hand.steering().unwrap().waiting.is_empty(), "{number}");
    }
    std::fs::remove_file(training.control()).unwrap();
    std::fs::create_dir(training.control()).unwrap();
    hand.ask(Ask::Set(lr(0.5)));
    let told = hand.steering().unwrap();
    assert!(told.trouble.unwrap().contains("control.json cannot be written"));
    assert_eq!(
        (told.grip, training.names()),
        (Grip::Free, vec!["canary".to_string(), "control.json".into(), "status.json".into()])
    );
}

#[test]
fn a_hundred_garbled_statuses_are_one_sentence_each_or_nothing() {
    let mut training = Training::new();
    let mut hand = held(&mut training, "window-1");
    let place = training.path().join("status.json");
    let whole = std::fs::read(&place).unwrap();
    let mut refused = 0;
    for number in 0..100 {
        let mut stream = Stream::new(19, Purpose::Batch, number);
        let mut bytes = whole.clone();
        (0..=stream.below(6)).for_each(|_| hurt(&mut stream, &mut bytes));
        std::fs::write(&place, &bytes).unwrap();
        hand.look();
        if let Some(Err(why)) = hand.steering().map(|steering| steering.status) {
            assert!(why.contains("status.json ") && !why.contains(char::is_control), "{why:?}");
            refused += 1;
        }
        hand.ask(Ask::Set(lr(0.5)));
    }
    assert!(refused > 30, "{refused}");

    for (bytes, said) in [
        (br#"{"vqscope": 2, "id": "a"}"#.to_vec(), "is no status of a training (missing field"),
        (
            String::from_utf8(whole.clone())
                .unwrap()
                .replace("\"vqscope\":1", "\"vqscope\":2")
                .into(),
            "is of version 2",
        ),
        (
            String::from_utf8(whole.clone()).unwrap().replace("training\"", "gone\"").into(),
            "names a state gone",
        ),
        (String::from_utf8(whole).unwrap().replace("aaaa", "a/a").into(), "has an id that is none"),
        (vec![b' '; (1 << 20) + 1], "at most 1048576 are read"),
        ([b"{\"vqscope\":".to_vec(), vec![b'['; 100_000]].concat(), "invalid type: sequence"),
    ] {
        std::fs::write(&place, bytes).unwrap();
        let why = seen(&mut hand).status.unwrap_err();
        assert!(why.contains(said), "{why}");
    }
    // A file of this name that another program writes is none of ours.
    std::fs::write(&place, br#"{"state": "training", "loss": 0.1}"#).unwrap();
    assert!(hand.look() && hand.steering().is_none());
    std::fs::remove_file(&place).unwrap();
    symlink("/dev/zero", &place).unwrap();
    assert!(seen(&mut hand).status.unwrap_err().contains("is a link"));
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
        assert!(followed.round(2, &mut |update| {
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
