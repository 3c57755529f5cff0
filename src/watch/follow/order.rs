//! What the times of files say of their order beside their steps.

use std::time::{Duration, SystemTime};

/// Least time by which one file is older than another: those of a checkout or a quick copy have no order.
const APART: Duration = Duration::from_secs(2);

/// How often times may fall from step to step whatever the number of files, and one in how many of them.
const FALLS: (usize, usize) = (2, 8);

/// Files of later steps that were written before one of an earlier step: a training that went on from
/// there has not come to them again. Of files in the order of their steps, each with its time, the places
/// of both.
///
/// Times that fall again and again are those of a copy or a download, and say nothing.
pub fn of_runs_before(times: &[Option<SystemTime>]) -> Vec<(usize, usize)> {
    let is_older = |time: SystemTime, than: SystemTime| {
        than.duration_since(time).is_ok_and(|apart| apart >= APART)
    };
    let (mut found, mut falls) = (Vec::new(), 0);
    let mut newest: Option<(usize, SystemTime)> = None;
    let mut before: Option<SystemTime> = None;
    for (at, time) in times.iter().enumerate() {
        let Some(time) = *time else { continue };
        falls += usize::from(before.is_some_and(|before| is_older(time, before)));
        before = Some(time);
        match newest {
            Some((newer, latest)) if is_older(time, latest) => found.push((at, newer)),
            Some((_, latest)) if time < latest => {}
            _ => newest = Some((at, time)),
        }
    }
    let (few, of) = FALLS;
    if falls > few.max(times.len() / of) { Vec::new() } else { found }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn older(seconds: &[u64]) -> Vec<(usize, usize)> {
        let at = |seconds: &u64| Some(SystemTime::UNIX_EPOCH + Duration::from_secs(*seconds));
        of_runs_before(&seconds.iter().map(at).collect::<Vec<_>>())
    }

    #[test]
    fn what_a_resumed_training_has_not_come_to_again_is_of_the_run_before() {
        assert_eq!(older(&[10, 20, 30]), []);
        assert_eq!(older(&[10, 40, 30]), [(2, 1)]);
        // Resumed twice, of which the second time came less far.
        assert_eq!(older(&[10, 50, 40, 20, 30]), [(2, 1), (3, 1), (4, 1)]);
        // One that is gone has no time.
        let [some, none] = [Some(SystemTime::UNIX_EPOCH), None];
        assert_eq!(of_runs_before(&[none, some, none]), []);
    }

    #[test]
    fn times_of_a_copy_say_nothing() {
        // A checkout writes them within a second, in any order.
        assert_eq!(older(&[11, 10, 11, 11, 10]), []);
        // A download in no order.
        assert_eq!(older(&[50, 10, 90, 30, 70, 20, 80, 40]), []);
    }
}
