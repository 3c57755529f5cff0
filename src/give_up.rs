//! Work that can be given up before it is done.
//!
//! Building a run takes minutes where its codebook is large, and by then somebody may want another
//! one. Who starts such work says by [`within`] how to ask whether it is still wanted. Loops deep
//! inside ask [`is_asked`] and break off, with results that mean nothing; whoever started the work
//! asks again before anything of it is used. The answer may turn to yes while the work goes on, never
//! back to no.

use std::cell::RefCell;
use std::sync::Arc;

/// How to ask whether work is to be given up; nobody asks by default.
#[derive(Clone, Default)]
pub struct Question(Option<Arc<dyn Fn() -> bool + Send + Sync>>);

impl Question {
    /// A question that is answered so.
    pub fn new(answer: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(answer)))
    }

    /// Whether the work is to be given up.
    pub fn is_answered_yes(&self) -> bool {
        self.0.as_ref().is_some_and(|answer| answer())
    }
}

thread_local! {
    static PRESENT: RefCell<Question> = RefCell::default();
}

/// Does some work that asks this question. What it hands to other threads must take the question
/// along, as [`present`] gives it.
pub fn within<T>(question: &Question, work: impl FnOnce() -> T) -> T {
    /// Puts the question of before back, whatever the work ends with.
    struct Before(Question);

    impl Drop for Before {
        fn drop(&mut self) {
            PRESENT.replace(std::mem::take(&mut self.0));
        }
    }

    let _before = Before(PRESENT.replace(question.clone()));
    work()
}

/// The question that work on this thread asks.
pub fn present() -> Question {
    PRESENT.with_borrow(Clone::clone)
}

/// Whether the work on this thread is to be given up.
pub fn is_asked() -> bool {
    PRESENT.with_borrow(Question::is_answered_yes)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn only_work_within_is_asked_about() {
        let flag = Arc::new(AtomicBool::new(false));
        let answer = flag.clone();
        let question = Question::new(move || answer.load(Ordering::Relaxed));
        assert!(!is_asked() && !within(&question, is_asked));
        flag.store(true, Ordering::Relaxed);
        assert!(!is_asked() && within(&question, is_asked));
        // Inner work may ask nobody, and a panic leaves nothing behind.
        assert!(!within(&question, || within(&Question::default(), is_asked)));
        let broken = || within(&question, || panic!("inside"));
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(broken));
        assert!(panicked.is_err() && !is_asked());
        let on_a_thread = within(&question, || {
            let taken_along = present();
            std::thread::scope(|scope| {
                let work = move || (is_asked(), within(&taken_along, is_asked));
                scope.spawn(work).join().unwrap()
            })
        });
        assert_eq!(on_a_thread, (false, true));
    }
}
