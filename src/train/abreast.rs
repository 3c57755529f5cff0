//! Work on several lanes at once.

use rayon::prelude::*;

use crate::model::nearest::Search;

/// Does the same work on each item and returns what came of it, in order.
///
/// On the CPU lanes are independent work on plain memory, each too small to be shared out by the
/// backend, so they run side by side; the trainer waits for all. No result depends on the number of
/// threads. On a GPU every tensor stays with the trainer thread, because streams belong to threads
/// there.
pub fn abreast<T: Send, R: Send>(
    search: Search,
    items: &mut [T],
    work: impl Fn(&mut T) -> R + Send + Sync,
) -> Vec<R> {
    match search {
        Search::Host => items.par_iter_mut().with_max_len(1).map(work).collect(),
        Search::Device => items.iter_mut().map(work).collect(),
    }
}
