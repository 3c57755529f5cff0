//! Requests of the system to end: Ctrl-C, a closed terminal, a system that shuts down.
//!
//! All of them end a run alike, with everything so far written; the exit code tells which it was.

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

#[cfg(not(unix))]
use other::listen;
#[cfg(unix)]
use unix::listen;

use crate::exit::Refusal;

/// A request to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// The system, or somebody with `kill`.
    Terminate,
    /// The terminal is gone.
    HangUp,
}

impl Signal {
    /// The exit code that a shell gives a program which ended by it.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
            Self::HangUp => 129,
        }
    }
}

/// What becomes of requests to end from now on: they are noted here.
#[derive(Clone)]
pub struct Requests {
    stop: Arc<AtomicBool>,
    noted: Arc<Noted>,
}

#[derive(Default)]
struct Noted {
    /// Exit code of the first request; 0 before.
    code: AtomicU8,
    /// Called at every request.
    wake: Mutex<Option<Box<dyn Fn() + Send>>>,
}

impl Requests {
    /// Listens from now on.
    ///
    /// # Errors
    /// The system refuses a thread.
    pub fn listen() -> Result<Self, Refusal> {
        let requests = Self::none();
        let own = requests.clone();
        listen(move |signal| own.note(signal)).map_err(|why| {
            Refusal::broken(format!("cannot listen for Ctrl-C ({why}); close other programs"))
        })?;
        Ok(requests)
    }

    /// None yet, and none to come.
    pub fn none() -> Self {
        Self { stop: Arc::default(), noted: Arc::default() }
    }

    /// Raised by the first request.
    pub fn stop(&self) -> &Arc<AtomicBool> {
        &self.stop
    }

    /// The exit code that the first request asks for, once it has come.
    pub fn exit_code(&self) -> Option<u8> {
        Some(self.noted.code.load(Ordering::Acquire)).filter(|&code| code > 0)
    }

    /// Calls this at every request from now on.
    pub fn wake_with(&self, wake: impl Fn() + Send + 'static) {
        *self.noted.wake.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(wake));
    }

    fn note(&self, signal: Signal) {
        let code = &self.noted.code;
        // The first one counts: a terminal that goes away may send two.
        code.compare_exchange(0, signal.exit_code(), Ordering::AcqRel, Ordering::Acquire).ok();
        self.stop.store(true, Ordering::Release);
        if let Some(wake) = &*self.noted.wake.lock().unwrap_or_else(PoisonError::into_inner) {
            wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_request_gives_the_exit_code_and_each_one_wakes() {
        let requests = Requests::none();
        let woken = Arc::new(AtomicU8::new(0));
        let count = woken.clone();
        requests.wake_with(move || {
            count.fetch_add(1, Ordering::Relaxed);
        });
        assert_eq!((requests.exit_code(), requests.stop().load(Ordering::Relaxed)), (None, false));
        requests.note(Signal::HangUp);
        requests.note(Signal::Terminate);
        assert_eq!(requests.exit_code(), Some(129));
        assert!(requests.stop().load(Ordering::Relaxed));
        assert_eq!(woken.load(Ordering::Relaxed), 2);
    }
}
