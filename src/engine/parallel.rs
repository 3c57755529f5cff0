//! Work on several lanes, or on parts of one, at once.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::give_up;
use crate::model::nearest::Backend;

/// How long a thread that has nothing to do yet stays awake. A thread that sleeps needs 0.1 ms to
/// come back, which is a tenth of a step; nothing between two pieces of a step takes longer than this.
const PATIENCE: Duration = Duration::from_micros(300);

/// Times that work was handed to other threads.
static HANDED_OVER: AtomicUsize = AtomicUsize::new(0);

/// Whether a thread stays awake for work.
static IS_AWAITED: AtomicBool = AtomicBool::new(false);

/// Wakes another thread, which stays awake until work is handed over, but not for long.
pub fn wake_pool(search: Backend) {
    if matches!(search, Backend::Host) && !IS_AWAITED.swap(true, Ordering::Relaxed) {
        let before = HANDED_OVER.load(Ordering::Relaxed);
        rayon::spawn(move || {
            stay_awake(|| HANDED_OVER.load(Ordering::Relaxed) == before);
            IS_AWAITED.store(false, Ordering::Relaxed);
        });
    }
}

fn stay_awake(is_waiting: impl Fn() -> bool) {
    let start = Instant::now();
    while is_waiting() && start.elapsed() < PATIENCE {
        std::thread::yield_now();
    }
}

/// Does the same work on each item and returns what came of it, in order.
///
/// On the CPU lanes are independent work on plain memory, each too small to be shared out by the
/// backend, so they run side by side: the first one on the calling thread, which would only wait
/// otherwise. No result depends on the number of threads. On a GPU every tensor stays with the
/// trainer thread, because streams belong to threads there.
pub fn side_by_side<T: Send, R: Send>(
    search: Backend,
    items: &mut [T],
    work: impl Fn(&mut T) -> R + Send + Sync,
) -> Vec<R> {
    if matches!(search, Backend::Device) || items.len() < 2 {
        return items.iter_mut().map(work).collect();
    }
    let mut results: Vec<Option<R>> = items.iter().map(|_| None).collect();
    let (work, elsewhere) = (&work, &AtomicUsize::new(items.len() - 1));
    let question = &give_up::present();
    rayon::in_place_scope(|scope| {
        let mut jobs = items.iter_mut().zip(&mut results);
        let first = jobs.next();
        for (item, result) in jobs {
            scope.spawn(move |_| {
                *result = Some(give_up::within(question, || work(item)));
                elsewhere.fetch_sub(1, Ordering::Release);
            });
        }
        HANDED_OVER.fetch_add(1, Ordering::Relaxed);
        if let Some((item, result)) = first {
            *result = Some(work(item));
        }
        stay_awake(|| elsewhere.load(Ordering::Acquire) > 0);
    });
    results.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items_and_nested_work_ends() {
        for search in [Backend::Host, Backend::Device] {
            wake_pool(search);
            let mut items: Vec<u64> = (0..5).collect();
            let sums = side_by_side(search, &mut items, |x| {
                *x += 1;
                let mut parts = [*x, 10 * *x, 100 * *x];
                side_by_side(search, &mut parts, |part| *part + 1).iter().sum::<u64>()
            });
            assert_eq!(items, [1, 2, 3, 4, 5]);
            assert_eq!(sums, [114, 225, 336, 447, 558]);
        }
    }

    #[test]
    fn a_panic_of_any_item_reaches_the_caller() {
        for bad in 0..3 {
            let attempt = std::panic::catch_unwind(|| {
                side_by_side(Backend::Host, &mut [0, 1, 2], |&mut x| assert!(x != bad, "item {x}"))
            });
            assert!(attempt.is_err());
        }
    }
}
