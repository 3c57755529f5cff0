//! Systems that know Ctrl-C alone.

use crate::platform::signals::Signal;

/// Calls `act` for every request to end, on a thread of its own.
pub fn listen(act: impl Fn(Signal) + Send + 'static) -> std::io::Result<()> {
    ctrlc::set_handler(move || act(Signal::Interrupt)).map_err(std::io::Error::other)
}
