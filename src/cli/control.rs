//! `vqscope control`: one command to a training that runs under the helper, from a terminal.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;

use crate::cli::{FAILED, OK};
use crate::exit::Refusal;
use crate::record::steer::{self, Key, Keys, Reply, State, Status, Value};
use crate::say;
use crate::text::{count, short};
use crate::watch::steer::Hand;
use crate::words;

/// Time between two looks at the answer.
const LOOK: Duration = Duration::from_millis(50);

/// What is asked of which training.
#[derive(Debug, Args)]
pub struct ControlArgs {
    /// The folder into which the training writes its codebooks
    folder: PathBuf,
    /// What is set, all of it or nothing: simvq, learn_c, learn_w, pause=true or false, revive, save=true,
    /// lr_factor=0.01 to 10, commitment=0 to 100; without any it is printed what can be set
    #[arg(value_name = "KEY=VALUE")]
    keys: Vec<String>,
    /// Seconds to wait for the answer
    #[arg(long, value_name = "SECONDS", default_value_t = 60.0)]
    wait: f64,
}

/// Gives the command and prints what became of it; 1 where it was written and not done.
pub fn run(args: ControlArgs) -> Result<u8, Refusal> {
    let wait = Duration::try_from_secs_f64(args.wait)
        .map_err(|why| Refusal::bad_input(format!("--wait: {why}; use seconds, 0 or more")))?;
    let mut keys = Keys::new();
    for text in &args.keys {
        let (key, value) = steer::read(text).map_err(Refusal::bad_input)?;
        if keys.insert(key, value).is_some() {
            return Err(Refusal::bad_input(format!("{} stands there twice", key.name())));
        }
    }
    let mut hand = Hand::new(&args.folder, "");
    if keys.is_empty() {
        hand.look();
        lines(hand.open().map_err(Refusal::bad_input)?).into_iter().for_each(say::line);
        return Ok(OK);
    }
    hand.command(keys).map_err(Refusal::bad_input)?;
    let start = Instant::now();
    loop {
        let overtaken = |sentence| Refusal { sentence, code: FAILED };
        if let Some(reply) = hand.answer().map_err(overtaken)? {
            let code = if reply.is_refused() { FAILED } else { OK };
            say::line(line(&reply));
            return Ok(code);
        }
        if start.elapsed() >= wait {
            say::error(format_args!(
                "vqscope: no answer within {} s; control.json stays there, and acts when the training comes to its next call",
                short(args.wait)
            ));
            return Ok(FAILED);
        }
        std::thread::sleep(LOOK);
    }
}

fn line(reply: &Reply) -> String {
    words!("events-at-step", step = count(reply.step), what = reply.told())
}

/// What a training says of itself: its step, the keys with their values, what it answered last.
fn lines(status: &Status) -> Vec<String> {
    let step = count(status.step);
    let first = match status.state {
        State::Paused => words!("steer-line-paused", step = step),
        _ => words!("steer-line-training", step = step),
    };
    let of_key = |key: Key| match (status.values.get(&key), status.cannot.get(&key)) {
        (_, Some(why)) => format!("{}: {why}", key.name()),
        (Some(Value::Is(is)), _) => format!("{}={is}", key.name()),
        (Some(Value::Number(x)), _) => format!("{}={}", key.name(), short(*x)),
        (None, None) => key.name().into(),
    };
    let replies = status.replies.iter().filter(|reply| !reply.is_greeting()).map(line);
    std::iter::once(first).chain(Key::ALL.map(of_key)).chain(replies).collect()
}
