//! Linux: a display is found through variables, and libraries come in packages that may be missing.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::fs::{Access, access};

use crate::text::shown;

/// Where programs of one user meet.
const RUNTIME_DIR: &str = "XDG_RUNTIME_DIR";

/// Where Mesa keeps compiled shaders.
const SHADERS: &str = "MESA_SHADER_CACHE_DIR";

/// That it keeps none, to Mesa of today and of before.
const NO_SHADERS: [&str; 2] = ["MESA_SHADER_CACHE_DISABLE", "MESA_GLSL_CACHE_DISABLE"];

/// The socket of a Wayland compositor, by its name or path, and an open one, by its number.
const WAYLAND: [&str; 2] = ["WAYLAND_DISPLAY", "WAYLAND_SOCKET"];

/// The X server.
const X11: &str = "DISPLAY";

/// A number by which everything in the window is enlarged on X11; winit stops at one that is none.
const SCALE: &str = "WINIT_X11_SCALE_FACTOR";

/// Scales that a screen can have.
const SCALES: std::ops::RangeInclusive<f64> = 0.25..=20.0;

/// Dots an inch, as a resource of the X server or of the user.
const DPI: &str = "Xft.dpi";

/// Resolutions that a screen can have.
const DPIS: std::ops::RangeInclusive<f64> = 1.0..=1920.0;

/// How long a compositor may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where GTK keeps what a user set, and desktops of other make leave it for GTK's programs.
const GTK: [&str; 2] = ["gtk-4.0/settings.ini", "gtk-3.0/settings.ini"];

/// Whether the user turned the animations of the desktop off, as far as GTK's settings tell it.
pub fn has_reduced_motion() -> bool {
    let own = set("XDG_CONFIG_HOME").map(PathBuf::from);
    let folder = own.or_else(|| set("HOME").map(|home| PathBuf::from(home).join(".config")));
    folder.is_some_and(|folder| GTK.iter().any(|file| are_animations_off(&folder.join(file))))
}

/// Whether a file of settings of GTK turns animations off.
fn are_animations_off(file: &Path) -> bool {
    const MOST: u64 = 1 << 16;
    // A pipe would be waited for.
    if !std::fs::metadata(file).is_ok_and(|found| found.is_file()) {
        return false;
    }
    let mut text = String::new();
    let read = std::fs::File::open(file).map(|file| file.take(MOST).read_to_string(&mut text));
    let is_off = |line: &str| {
        let (key, value) = line.split_once('=')?;
        (key.trim() == "gtk-enable-animations").then(|| ["false", "0"].contains(&value.trim()))
    };
    read.is_ok_and(|read| read.is_ok()) && text.lines().filter_map(is_off).next_back() == Some(true)
}

/// Processor time of this thread so far, where it is known.
pub fn thread_time() -> Option<Duration> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).ok()
}

/// Puts everything that was written to the disk of a folder on it, in one call.
///
/// # Errors
/// The system refuses to open or to sync it.
pub fn sync_whole(open: impl FnOnce() -> io::Result<std::fs::File>) -> io::Result<bool> {
    rustix::fs::syncfs(open()?)?;
    Ok(true)
}

/// Settles the environment for libraries, which print complaints about what the program does well
/// without; called before anything else.
pub fn prepare() {
    let mut settled: Vec<(&str, OsString)> = Vec::new();
    // A Vulkan layer of Mesa asks for a Wayland compositor whoever wants a device, and complains where
    // there is no folder in which to look for one. A folder without one is enough for it.
    if !set(RUNTIME_DIR).is_some_and(|folder| Path::new(&folder).is_absolute()) {
        settled.push((RUNTIME_DIR, runtime_dir().into()));
    }
    // Mesa keeps compiled shaders, and complains where it cannot.
    let is_left_to_us = set(SHADERS).is_none() && set(NO_SHADERS[0]).is_none();
    if is_left_to_us && !can_keep_shaders(&cache_dir()) {
        settled.extend(NO_SHADERS.map(|name| (name, "true".into())));
    }
    if !settled.is_empty() {
        // It stays as it is where this fails, which costs no more than those lines.
        drop(start_again(|program| program.envs(settled)));
    }
}

/// Where Mesa keeps compiled shaders: the cache of the user, whose home is that of the system's list of
/// users whatever HOME says.
fn cache_dir() -> PathBuf {
    if let Some(cache) = set("XDG_CACHE_HOME") {
        return cache.into();
    }
    let listed = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    let home = own_id().and_then(|own| home_of(own, &listed));
    home.or_else(|| set("HOME").map(PathBuf::from)).unwrap_or_default().join(".cache")
}

/// The home of a user in the system's list.
fn home_of(user: u32, listed: &str) -> Option<PathBuf> {
    let fields = listed.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let mut own =
        fields.filter(|fields| fields.get(2).and_then(|id| id.parse().ok()) == Some(user));
    own.next()?.get(5).map(PathBuf::from)
}

/// Whether a folder of Mesa's is there or can be made in the cache, which may be made first.
fn can_keep_shaders(cache: &Path) -> bool {
    let places = [Some(cache.join("mesa_shader_cache")), Some(cache.into())];
    let places = places.into_iter().chain([cache.parent().map(PathBuf::from)]).flatten();
    let nearest = places.into_iter().find(|place| place.symlink_metadata().is_ok());
    nearest.is_some_and(|place| {
        place.is_dir() && access(&place, Access::WRITE_OK | Access::EXEC_OK).is_ok()
    })
}

/// The user whose process this is.
fn own_id() -> Option<u32> {
    std::fs::metadata("/proc/self").ok().map(|own| own.uid())
}

/// The folder that the system gives this user, or one that is not there.
fn runtime_dir() -> PathBuf {
    let given = own_id().map(|user| (user, PathBuf::from(format!("/run/user/{user}"))));
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
    let scale = set(SCALE);
    check_scale(scale.as_deref())?;
    // Where somebody gave a scale, nobody asks for the resolution.
    if scale.is_some() { Ok(()) } else { check_resolution(asked_resolution().as_deref()) }
}

/// The resolution that the X server's resources name, or those of the user's file. A server that does
/// not answer is reported where the window is opened.
fn asked_resolution() -> Option<String> {
    let (server, _) = x11rb::connect(None).ok()?;
    let resources = x11rb::resource_manager::new_from_default(&server).ok()?;
    resources.get_string(DPI, "").map(String::from)
}

/// A resolution beyond all screens hangs the library of windows; what is no number it leaves out.
fn check_resolution(asked: Option<&str>) -> Result<(), String> {
    let Some((asked, dpi)) = asked.and_then(|asked| Some((asked, asked.parse::<f64>().ok()?)))
    else {
        return Ok(());
    };
    if DPIS.contains(&dpi) {
        return Ok(());
    }
    Err(format!(
        "{DPI}: {} among the X server's resources is no resolution of a screen: set one with `xrdb -merge`, or the scale by {SCALE}=1",
        shown(asked)
    ))
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
    fn shaders_are_kept_where_they_can_be() {
        let listed = "root:x:0:0:root:/root:/bin/sh\nme:x:1000:1000:Me,,,:/home/me:/bin/sh\nbad\n";
        assert_eq!(home_of(1000, listed), Some("/home/me".into()));
        assert_eq!(home_of(7, listed), None);
        let place = tempfile::tempdir().unwrap();
        let cache = place.path().join(".cache");
        // It can be made, it is there, and Mesa's own folder is there.
        assert!(can_keep_shaders(&cache) && !can_keep_shaders(&cache.join("no").join("where")));
        std::fs::create_dir_all(cache.join("mesa_shader_cache")).unwrap();
        assert!(can_keep_shaders(&cache));
        // Something else is in its place.
        std::fs::write(place.path().join("file"), "").unwrap();
        assert!(!can_keep_shaders(&place.path().join("file")));
        assert!(!can_keep_shaders(Path::new("/proc/nowhere/.cache")));
    }

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

    #[test]
    fn animations_are_off_where_gtk_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.ini");
        let off = |text: &str| {
            std::fs::write(&file, text).unwrap();
            are_animations_off(&file)
        };
        assert!(off("[Settings]\ngtk-enable-animations = false\n"));
        assert!(off("gtk-enable-animations=0"));
        assert!(!off("[Settings]\ngtk-enable-animations=true\ngtk-font-name=Plex"));
        assert!(!off("gtk-enable-animations=false\ngtk-enable-animations=true"));
        assert!(!off("") && !are_animations_off(folder.path()));
    }

    #[test]
    fn a_resolution_that_no_screen_has_is_refused() {
        for good in ["96", "5", "1920", "192.5", "fine"] {
            assert_eq!(check_resolution(Some(good)), Ok(()), "{good}");
        }
        assert_eq!(check_resolution(None), Ok(()));
        for bad in ["0", "-96", "nan", "inf", "1e9"] {
            let why = check_resolution(Some(bad)).unwrap_err();
            assert!(why.contains(&format!("Xft.dpi: {bad} ")) && why.contains(SCALE), "{why}");
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
