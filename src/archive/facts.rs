//! What of a run's files is no array, held against its scenario: a forged number must neither ask
//! for memory nor be divided by. The sentences stand after the file's name.

use toml::Value;

use crate::record::event::{Event, Fact};
use crate::record::metric::Evaluation;
use crate::record::row::StepRow;
use crate::record::setting::{Logged, Setting};
use crate::record::usage::Usage;
use crate::scenario::{LaneId, LaneSpec, MOST_STEPS, Switches, schema};

/// Most tokens that are counted anywhere.
pub const MOST_TOKENS: usize = 1 << 40;

/// The lanes are those of the scenario, in order.
pub fn same_lanes(lanes: impl Iterator<Item = LaneId>, specs: &[LaneSpec]) -> Result<(), String> {
    if lanes.eq(specs.iter().map(|spec| spec.id)) {
        return Ok(());
    }
    Err("it has other lanes than its scenario".into())
}

/// A step or a number of steps is one that a run can have.
pub fn steps(what: &str, steps: u64) -> Result<(), String> {
    not_after(what, steps, MOST_STEPS)
}

/// A step is not after another one.
pub fn not_after(what: &str, at: u64, last: u64) -> Result<(), String> {
    if at <= last { Ok(()) } else { Err(format!("{what} is {at} where {last} is the most")) }
}

/// Learning rate and weight of the commitment loss.
pub fn rates(lr: f64, beta: f64) -> Result<(), String> {
    number("train.lr", lr)?;
    number("train.beta", beta)
}

/// A number is one that this key of a scenario takes.
fn number(key: &str, x: f64) -> Result<(), String> {
    let kind = schema::find(key).map(|key| key.kind);
    if kind.is_some_and(|kind| kind.allows(&Value::Float(x))) {
        return Ok(());
    }
    let should = kind.map_or(String::new(), schema::Kind::describe);
    Err(format!("{key} is {x} where it can be {should}"))
}

/// Switches of a lane whose C and whose W learn as given: what cannot be switched by hand is as its
/// scenario has it, and nothing contradicts what learns.
pub fn switches(
    switches: &Switches,
    (learn_c, learn_w): (bool, bool),
    spec: &LaneSpec,
) -> Result<(), String> {
    if spec.switches.with_live_of(switches) != *switches {
        return Err("its switches are not those of its scenario".into());
    }
    switches.settings().into_iter().try_for_each(setting)?;
    let fixed = spec.fixed.as_ref();
    if fixed.is_some() && (learn_c || learn_w) {
        return Err("its codes are fixed, and something in them learns".into());
    }
    let conflict = fixed.and_then(|fixed| switches.conflict_with_fixed(fixed));
    let conflict = conflict.or_else(|| switches.conflict_with_data(spec.set));
    match conflict.or_else(|| switches.conflict(learn_c, learn_w)) {
        Some(why) => Err(why.into()),
        None => Ok(()),
    }
}

/// The middle of a map and half its width, by which distances are divided.
pub fn view(centre: [f32; 2], extent: f32, rise: Option<f32>) -> Result<(), String> {
    let is_half = |half: f32| half.is_finite() && half > 0.0;
    if !centre.iter().all(|x| x.is_finite()) || !is_half(extent) {
        return Err(format!("its map is {extent} wide around {centre:?}"));
    }
    match rise {
        Some(rise) if !is_half(rise) || rise > extent => {
            Err(format!("its map is {rise} high and {extent} wide"))
        }
        _ => Ok(()),
    }
}

/// How many of a lane's codes some tokens used.
pub fn usage(what: &str, usage: &Usage, spec: &LaneSpec) -> Result<(), String> {
    if usage.size != spec.size || usage.used > usage.size || usage.tokens > MOST_TOKENS {
        return Err(format!(
            "{what} counts {} of {} codes used by {} tokens, and there are {} codes",
            usage.used, usage.size, usage.tokens, spec.size
        ));
    }
    Ok(())
}

/// The newest evaluation, where there is one.
pub fn evaluation(eval: Option<&Evaluation>, spec: &LaneSpec) -> Result<(), String> {
    let Some(eval) = eval else { return Ok(()) };
    steps("eval.step", eval.step)?;
    usage("eval.usage", &eval.usage, spec)
}

/// A row of numbers.
pub fn row(row: &StepRow, spec: &LaneSpec) -> Result<(), String> {
    steps("a row", row.step)?;
    // Earlier versions did not note the codes.
    let tokens = row.batch_tokens.max(row.window_tokens).max(row.newest_tokens.unwrap_or(0));
    if ![0, spec.size].contains(&row.codes) || tokens > MOST_TOKENS {
        return Err(format!(
            "the row of step {} counts {} and {} tokens over {} codes, and there are {}",
            row.step, row.batch_tokens, row.window_tokens, row.codes, spec.size
        ));
    }
    evaluation(row.eval.as_ref(), spec)
}

/// A setting made by hand.
pub fn logged(logged: &Logged) -> Result<(), String> {
    steps("a setting made by hand", logged.step)?;
    setting(logged.setting)
}

/// What happened is what its kind of event says, in numbers that a run can have.
pub fn event(event: &Event) -> Result<(), String> {
    steps("an event", event.step)?;
    let Some(fact) = &event.fact else { return Ok(()) };
    if fact.kind() != event.kind || !fact.is_sound() {
        return Err(format!("the facts of the event of step {} are none of a run", event.step));
    }
    match fact {
        Fact::Set { from, to, .. } => from.iter().chain([to]).copied().try_for_each(setting),
        _ => Ok(()),
    }
}

/// A setting is one that its key takes.
fn setting(setting: Setting) -> Result<(), String> {
    setting.number().map_or(Ok(()), |(key, x)| number(key, x))
}
