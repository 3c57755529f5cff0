//! What lies in the folder that should not: files of others, links, garbled ones.

use std::os::unix::fs::{PermissionsExt as _, symlink};

use crate::fuzz::hurt;
use crate::record::steer::{Ask, Grip};
use crate::rng::{Purpose, Stream};
use crate::watch::steer::Hand;
use crate::watch::steer::tests::{Training, held, lr, seen, status};

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
