//! A screen that does not sleep while something is shown to a room.
//!
//! Desktops are asked in the way that each system has; on Linux that is `org.freedesktop.ScreenSaver`
//! and the idle lock of `org.freedesktop.login1` on the buses of this machine, and beside them the X
//! server itself, which knows no desktop. Who does not answer is left out: nothing here is waited for,
//! and all of it ends with the program.

use std::sync::mpsc::{Receiver, Sender, channel};

use crate::catch_panic::caught;

/// Keeps the screen awake while it is there.
pub struct Awake {
    /// Closed with it, which ends the thread that holds on.
    _held: Sender<()>,
}

impl Awake {
    /// Asks for it, on a thread of its own; none where there can be no thread.
    pub fn new() -> Option<Self> {
        let (held, let_go) = channel();
        let work = move || hold(&let_go);
        let thread = std::thread::Builder::new().name("awake".into()).spawn(work);
        thread.is_ok().then_some(Self { _held: held })
    }
}

/// Holds on until the other end is closed.
fn hold(let_go: &Receiver<()>) {
    // Libraries panic over services that go away.
    let whole = caught(|| {
        let server = server();
        let desktop = desktop();
        log::info!("screen kept awake: X server {}, desktop {desktop:?}", server.is_some());
        // Nothing is ever sent: it ends when the other end is gone.
        let_go.recv().ok();
    });
    if let Err(why) = whole {
        log::warn!("the screen may sleep ({why})");
    }
}

/// The desktop's promise to leave the screen and the machine awake, as far as it gives one.
#[cfg(any(target_os = "linux", target_os = "macos", windows))]
fn desktop() -> Vec<Result<Held, String>> {
    // On Linux each by itself: where one is refused the other may be had. Elsewhere both at once, because
    // Windows knows one wish of a thread, and a second one takes the place of the first.
    let wishes: &[[bool; 2]] = match cfg!(target_os = "linux") {
        true => &[[true, false], [false, true]],
        false => &[[true, true]],
    };
    let ask = |&[is_display, is_idle]: &[bool; 2]| {
        let mut wish = keepawake::Builder::default();
        wish.display(is_display).idle(is_idle);
        wish.reason("a story is shown to a room").app_name("vqscope").app_reverse_domain("vqscope");
        wish.create().map(Held).map_err(|error| error.to_string())
    };
    wishes.iter().map(ask).collect()
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn desktop() -> Vec<Result<(), String>> {
    Vec::new()
}

/// A promise that is held.
#[cfg(any(target_os = "linux", target_os = "macos", windows))]
struct Held(#[expect(dead_code, reason = "it is held")] keepawake::KeepAwake);

#[cfg(any(target_os = "linux", target_os = "macos", windows))]
impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("held")
    }
}

/// A connection to the X server, whose screen saver and power saving rest while it is open.
#[cfg(target_os = "linux")]
fn server() -> Option<x11rb::rust_connection::RustConnection> {
    use x11rb::connection::Connection as _;
    use x11rb::protocol::screensaver::ConnectionExt as _;

    std::env::var_os("DISPLAY").filter(|name| !name.is_empty())?;
    let (server, _) = x11rb::connect(None).ok()?;
    // Since version 1.1 of the extension there is such a request.
    let version = server.screensaver_query_version(1, 1).ok()?.reply().ok()?;
    if (version.server_major_version, version.server_minor_version) < (1, 1) {
        return None;
    }
    server.screensaver_suspend(1).ok()?.check().ok()?;
    server.flush().ok()?;
    Some(server)
}

#[cfg(not(target_os = "linux"))]
fn server() -> Option<()> {
    None
}
