//! Linux: a display is found through variables, and libraries come in packages that may be missing.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::text::shown;

/// Where programs of one user meet.
const RUNTIME_DIR: &str = "XDG_RUNTIME_DIR";

/// The socket of a Wayland compositor, by its name or path, and an open one, by its number.
const WAYLAND: [&str; 2] = ["WAYLAND_DISPLAY", "WAYLAND_SOCKET"];

/// The X server.
const X11: &str = "DISPLAY";

/// A number by which everything in the window is enlarged on X11; winit stops at one that is none.
const SCALE: &str = "WINIT_X11_SCALE_FACTOR";

/// Scales that a screen can have.
const SCALES: std::ops::RangeInclusive<f64> = 0.25..=20.0;

/// How long a compositor may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Processor time of this thread so far, where it is known.
pub fn thread_time() -> Option<Duration> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).ok()
}

/// Settles the environment for libraries; called before anything else.
///
/// A Vulkan layer of Mesa asks for a Wayland compositor whoever wants a device, and prints a complaint
/// where there is no folder in which to look for one. A folder without one is enough for it.
pub fn prepare() {
    let named = set(RUNTIME_DIR).is_some_and(|folder| Path::new(&folder).is_absolute());
    if !named {
        // It stays as it is where this fails, which costs no more than that line.
        drop(start_again(|program| program.env(RUNTIME_DIR, runtime_dir())));
    }
}

/// The folder that the system gives this user, or one that is not there.
fn runtime_dir() -> PathBuf {
    let own = std::fs::metadata("/proc/self").map(|own| own.uid());
    let given = own.ok().map(|user| (user, PathBuf::from(format!("/run/user/{user}"))));
    let is_own = |user: u32, folder: &Path| {
        std::fs::metadata(folder).is_ok_and(|found| found.is_dir() && found.uid() == user)
    };
    let given = given.filter(|(user, folder)| is_own(*user, folder));
    given.map_or_else(|| "/nonexistent".into(), |(_, folder)| folder)
}

/// Starts the program again in the place of this process, with another environment: one's own cannot
/// be changed safely. Returns only where that fails.
fn start_again(change: impl FnOnce(&mut Command) -> &mut Command) -> io::Error {
    let program = match std::env::current_exe() {
        Ok(program) => program,
        Err(error) => return error,
    };
    let mut arguments = std::env::args_os();
    let mut again = Command::new(program);
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    change(again.args(arguments)).exec()
}

/// Whether there is a display to open a window on. A Wayland compositor that is named and does not
/// answer, as in a terminal that outlived it, gives way to an X server.
///
/// # Errors
/// One sentence: why not, and what to do.
pub fn check_display() -> Result<(), String> {
    if has_wayland() {
        let Some(why) = dead_wayland() else { return Ok(()) };
        try_other_display();
        return Err(why);
    }
    if set(X11).is_none() {
        return Err("neither DISPLAY nor WAYLAND_DISPLAY is set".into());
    }
    check_scale(set(SCALE).as_deref())
}

/// Goes over to the X server where a Wayland compositor is named too; returns where there are not
/// both.
pub fn try_other_display() {
    if set(X11).is_some() && has_wayland() {
        drop(start_again(|program| {
            WAYLAND.iter().fold(program, |program, name| program.env_remove(name))
        }));
    }
}

fn has_wayland() -> bool {
    WAYLAND.iter().any(|&name| set(name).is_some())
}

fn set(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn check_scale(asked: Option<&OsStr>) -> Result<(), String> {
    let Some(asked) = asked.map(OsStr::to_string_lossy) else { return Ok(()) };
    let scale = asked.parse::<f64>().ok();
    if asked.eq_ignore_ascii_case("randr") || scale.is_some_and(|scale| SCALES.contains(&scale)) {
        return Ok(());
    }
    Err(format!(
        "{SCALE}={} is no scale of a screen: unset it, or use a number from {} to {}",
        shown(&asked),
        SCALES.start(),
        SCALES.end()
    ))
}

/// Why the Wayland compositor that is named does not answer; `None` where it does or none is named.
fn dead_wayland() -> Option<String> {
    // An open socket is somebody's promise, and asking on it would be heard.
    if set(WAYLAND[1]).is_some() {
        return None;
    }
    let name = set(WAYLAND[0])?;
    // A path that is absolute stands alone.
    let socket = PathBuf::from(set(RUNTIME_DIR).unwrap_or_default()).join(&name);
    ask_wayland(&socket).err().map(|error| {
        format!(
            "WAYLAND_DISPLAY={} names a compositor that does not answer ({error}): set it to one that runs, or set DISPLAY to an X server",
            shown(&name.to_string_lossy())
        )
    })
}

/// Asks a compositor for a sign of life, as the protocol has it: object 1, the display, is to finish
/// what it does (request 0, 12 bytes) and to say so to the new object 2.
fn ask_wayland(socket: &Path) -> io::Result<()> {
    let mut compositor = UnixStream::connect(socket)?;
    compositor.set_read_timeout(Some(PATIENCE))?;
    compositor.set_write_timeout(Some(PATIENCE))?;
    let words = [1_u32, 12 << 16, 2];
    compositor.write_all(&words.map(u32::to_ne_bytes).concat())?;
    compositor.read_exact(&mut [0; 8])
}

/// What to do about a window that could not be opened for this reason, where it is known.
pub fn cure(why: &str) -> Option<String> {
    /// Words of a reason, what is missing then, and the packages of Debian and Ubuntu that have it.
    const MISSING: [(&[&str], &str, &str); 5] = [
        (&["xkbcommon-x11"], "libxkbcommon-x11", "libxkbcommon-x11-0"),
        (&["xkbcommon", "XKBNotFound"], "libxkbcommon", "libxkbcommon0 libxkbcommon-x11-0"),
        (
            &["libX11", "libXcursor", "libXi", "opening library failed", "xlib"],
            "a library of X11",
            "libx11-6 libx11-xcb1 libxcursor1 libxi6 libxrandr2",
        ),
        (&["libwayland", "wayland library"], "libwayland-client", "libwayland-client0"),
        (
            &["glutin", "EGL", "egl", "GLX", "glx", "OpenGL", "WGPU", "wgpu", "Vulkan", "adapter"],
            "a driver to draw with",
            "libegl1 libgl1 libgl1-mesa-dri mesa-vulkan-drivers",
        ),
    ];
    if why.contains("Failed to open connection to X server") {
        let display = set(X11).unwrap_or_default();
        return Some(format!(
            "DISPLAY={} names an X server that does not answer: start it, or set DISPLAY to one that runs",
            shown(&display.to_string_lossy())
        ));
    }
    let is_it = |words: &[&str]| words.iter().any(|word| why.contains(word));
    let (_, what, packages) = MISSING.iter().find(|(words, ..)| is_it(words))?;
    Some(format!(
        "{what} is missing or does not work: on Debian and Ubuntu `apt install {packages}` brings it"
    ))
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixListener;

    use super::*;

    #[test]
    fn a_scale_that_no_screen_has_is_refused() {
        for good in ["1", "1.5", "randr", "RandR", "0.25", "20"] {
            assert_eq!(check_scale(Some(OsStr::new(good))), Ok(()), "{good}");
        }
        assert_eq!(check_scale(None), Ok(()));
        for bad in ["abc", "0", "-1", "nan", "inf", "1e9", "1,5", " "] {
            let why = check_scale(Some(OsStr::new(bad))).unwrap_err();
            assert!(why.contains(&format!("{SCALE}={bad} ")) && why.contains("unset it"), "{why}");
        }
    }

    /// A compositor that does with the only one who asks what a test wants.
    fn asked(answer: impl FnOnce(UnixStream) + Send + 'static) -> io::Result<()> {
        let place = tempfile::tempdir()?;
        let socket = place.path().join("wayland-7");
        let listener = UnixListener::bind(&socket)?;
        let compositor = std::thread::Builder::new().name("compositor".into());
        let compositor = compositor.spawn(move || answer(listener.accept().unwrap().0))?;
        let answer = ask_wayland(&socket);
        compositor.join().unwrap();
        answer
    }

    #[test]
    fn a_compositor_lives_if_it_answers() {
        let lives = |mut stream: UnixStream| {
            let mut request = [0; 12];
            stream.read_exact(&mut request).unwrap();
            assert_eq!(request[..4], 1_u32.to_ne_bytes());
            stream.write_all(&[0; 12]).unwrap();
        };
        assert!(asked(lives).is_ok());
        // One that hangs up, one that is gone and left its socket, and none at all.
        assert!(asked(drop).is_err());
        let place = tempfile::tempdir().unwrap();
        let left = place.path().join("wayland-7");
        drop(UnixListener::bind(&left).unwrap());
        assert!(left.exists() && ask_wayland(&left).is_err());
        assert!(ask_wayland(&place.path().join("wayland-8")).is_err());
    }

    #[test]
    fn what_is_missing_is_named_by_its_package() {
        for (why, package) in [
            ("Library libxkbcommon-x11.so could not be loaded.", "libxkbcommon-x11-0"),
            ("Library libxkbcommon.so could not be loaded.", "libxkbcommon0"),
            ("opening library failed (libXcursor.so.1: cannot open)", "libxcursor1"),
            ("glutin error: failed to create EGL display", "libegl1"),
        ] {
            let cure = cure(why).unwrap();
            assert!(cure.contains(package) && cure.contains("apt install"), "{cure}");
        }
        assert_eq!(cure("something else"), None);
    }
}
