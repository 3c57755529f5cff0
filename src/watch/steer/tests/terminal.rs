//! Single commands of terminals, beside each other and beside windows.

use serde_json::json;

use crate::record::steer::{Ask, Grip, Key, Keys, Value};
use crate::watch::steer::Hand;
use crate::watch::steer::tests::{Training, c, held, lr, seen};

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
fn a_window_keeps_control_and_says_so_while_terminals_give_commands() {
    let mut training = Training::new();
    let mut window = held(&mut training, "window-1");
    let mut terminal = Hand::new(training.path(), "");
    terminal.command(c(false)).unwrap();
    training.call();
    let other = seen(&mut Hand::new(training.path(), "window-2"));
    assert_eq!((other.other(), seen(&mut window).grip), (Some(10), Grip::Held));
    // Another window that takes control at the same number as a terminal's command has it after that.
    let mut second = Hand::new(training.path(), "window-2");
    second.look();
    terminal.command(lr(0.5)).unwrap();
    let first = std::fs::read(training.control()).unwrap();
    second.ask(Ask::Take);
    std::fs::write(training.control(), first).unwrap();
    training.call();
    assert_eq!(seen(&mut second).grip, Grip::Reaching);
    training.call();
    assert_eq!((seen(&mut second).grip, seen(&mut window).grip), (Grip::Held, Grip::Free));
}

#[test]
fn a_command_that_a_training_came_to_its_end_with_is_not_waited_for() {
    let mut training = Training::new();
    let mut terminal = Hand::new(training.path(), "");
    terminal.command(c(false)).unwrap();
    assert_eq!(terminal.answer(), Ok(None));
    training.state = "ended";
    training.write(true);
    assert!(terminal.answer().unwrap_err().contains("has come to its end"));
    // Nor is one of a training that was read and answered as its last.
    let mut training = Training::new();
    let mut terminal = Hand::new(training.path(), "");
    terminal.command(c(false)).unwrap();
    training.state = "ended";
    training.call();
    assert_eq!(terminal.answer().unwrap().unwrap().told(), "C frozen");
    // Nor one that takes no commands any more.
    let training = Training::new();
    let mut terminal = Hand::new(training.path(), "");
    terminal.command(c(false)).unwrap();
    training.write(false);
    assert!(terminal.answer().unwrap_err().contains("takes no commands"));
}

#[test]
fn a_terminal_does_not_take_the_refusal_of_another_for_its_own() {
    let mut training = Training::new();
    let w = Keys::from([(Key::LearnW, Value::Is(true))]);
    let (mut one, mut other) = (Hand::new(training.path(), ""), Hand::new(training.path(), ""));
    one.command(c(false)).unwrap();
    other.command(w).unwrap();
    training.call();
    assert_eq!(one.answer(), Ok(None), "it goes out again");
    assert!(other.answer().unwrap().unwrap().told().contains("learn_w: "));
    training.call();
    assert_eq!(one.answer().unwrap().unwrap().told(), "C frozen");
    assert_eq!(training.answers[1]["set"], json!({"learn_c": false}));
}
