//! A device that fails before the end of a run: one sentence with the way on.

use crate::archive::{Archive, Start};
use crate::headless::{HeadlessError, Order};
use crate::scenario::Scenario;
use crate::text::count;

/// The error of an order whose device failed. Everything that was to be written is written.
pub(super) fn of_device(order: &Order, why: String) -> HeadlessError {
    HeadlessError::Device { device: order.choice.label.name.clone(), why, way_on: way_on(order) }
}

fn way_on(order: &Order) -> String {
    if order.part_of.is_some() {
        return "run the sweep again with --device cpu, which keeps the runs that are done".into();
    }
    let resume = format!("`vqscope run --resume {} --device cpu`", order.out.display());
    // It may have failed before it wrote anything, and what is there be another run.
    match Archive::open(&order.out) {
        Ok(archive) if archive.scenario == order.scenario => {
            return format!("go on from step {} with {resume}", count(archive.manifest.step));
        }
        _ => {}
    }
    let is_begun = |scenario: Scenario| scenario == order.scenario;
    if Start::read(&order.out).is_ok_and(|start| is_begun(start.scenario)) {
        return format!("nothing of the run is saved yet: start it over with {resume}");
    }
    let is_forced = Archive::scenario_alone(&order.out).is_ok_and(is_begun);
    let force = if is_forced { " and --force" } else { "" };
    format!("nothing of the run is saved: run it again with --device cpu{force}")
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;
    use std::time::Duration;

    use indicatif::ProgressBar;

    use super::*;
    use crate::engine::device;
    use crate::engine::device::pretended::{Failing, pretended};
    use crate::headless::{Ending, resume, run};
    use crate::scenario::parse;

    const SCENARIO: &str = "title='x'\nsteps=20\n[codebook]\nsize=16\ndim=4\n[model]\nhidden=8\n[train]\nbatch_tokens=32\n[data]\neval_tokens=64\n[lanes.a]\n";

    /// An order whose device fails after seven steps; only the first save is made before.
    fn failing(out: &Path, by_panic: bool) -> Order {
        let scenario = parse(SCENARIO, "x", &[]).unwrap();
        let order = Order::new("x", scenario, out, pretended(Failing { after: 7, by_panic }));
        Order { save_every: Duration::from_secs(3600), ..order }
    }

    fn told(order: Order) -> String {
        run(order, &Arc::default()).unwrap_err().to_string()
    }

    #[test]
    fn a_device_that_fails_ends_in_a_sentence_whose_advice_works() {
        let place = tempfile::tempdir().unwrap();
        for (name, by_panic, why) in
            [("panic", true, "the adapter is gone"), ("error", false, "out of memory")]
        {
            let out = place.path().join(name);
            let dir = out.display();
            assert_eq!(
                told(failing(&out, by_panic)),
                format!(
                    "Pretended 9 failed ({why}); go on from step 0 with `vqscope run --resume {dir} --device cpu`"
                )
            );
            let cpu = device::choose("cpu", &device::cpu_only()).unwrap();
            let ending = run(resume(&out, 0, cpu).unwrap(), &Arc::default()).unwrap();
            assert_eq!(ending, Ending::Held);
            assert_eq!(Archive::open(&out).unwrap().manifest.step, 20);
        }
    }

    #[test]
    fn the_sentence_advises_what_can_be_done() {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("tables");
        let tables = |out: &Path| Order { keeps: false, ..failing(out, true) };
        assert_eq!(
            told(tables(&out)),
            "Pretended 9 failed (the adapter is gone); nothing of the run is saved: run it again with --device cpu and --force"
        );
        let out = place.path().join("sweep");
        let cell = Order { part_of: Some(ProgressBar::hidden()), ..tables(&out) };
        assert_eq!(
            told(cell),
            "Pretended 9 failed (the adapter is gone); run the sweep again with --device cpu, which keeps the runs that are done"
        );
        // Before its first save, and before it wrote anything at all.
        let order = failing(&place.path().join("begun"), true);
        assert!(way_on(&order).ends_with("run it again with --device cpu"));
        super::super::prepare(&order).unwrap();
        assert!(way_on(&order).starts_with("nothing of the run is saved yet: start it over with"));
    }
}
