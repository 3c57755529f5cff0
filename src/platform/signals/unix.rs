//! Signals of Unix.

use std::ffi::c_int;
use std::mem::MaybeUninit;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::platform::signals::Signal;

/// Calls `act` for every request to end, on a thread of its own.
pub fn listen(act: impl Fn(Signal) + Send + 'static) -> std::io::Result<()> {
    let mut asked = vec![SIGINT, SIGTERM];
    // Under `nohup` a run is to outlive its terminal.
    if !is_ignored(SIGHUP) {
        asked.push(SIGHUP);
    }
    let mut signals = Signals::new(asked)?;
    let work = move || {
        for signal in signals.forever() {
            act(match signal {
                SIGHUP => Signal::HangUp,
                SIGTERM => Signal::Terminate,
                _ => Signal::Interrupt,
            });
        }
    };
    std::thread::Builder::new().name("signals".into()).spawn(work).map(drop)
}

/// Whether the program was started so that it ignores a signal.
#[allow(unsafe_code)]
fn is_ignored(signal: c_int) -> bool {
    let mut present = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: without a new action the call changes nothing and only fills `present`, which is of
    // the type that it expects, and for which zeroes are a value where it fails.
    let present = unsafe {
        libc::sigaction(signal, std::ptr::null(), present.as_mut_ptr());
        present.assume_init()
    };
    present.sa_sigaction == libc::SIG_IGN
}
