//! The window in environments that are broken in one way each: it opens, or one sentence says why not
//! and what to do.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use crate::{Folder, code, goes_on_until, has, program, stderr};

/// A virtual screen, which ends with the test.
pub struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    /// A screen of 24 bits; `None`, which is said, where no server for one is installed.
    pub fn new() -> Option<Self> {
        Self::with("1280x800x24", &[])
    }

    fn with(size: &str, more: &[&str]) -> Option<Self> {
        let mut server = Command::new("Xvfb");
        server
            .args(["-displayfd", "1", "-nolisten", "tcp", "-noreset", "-screen", "0", size])
            .args(more);
        let started = server.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        if !has("Xvfb", started.is_ok()) {
            return None;
        }
        let mut server = started.unwrap();
        // It names its display once programs can connect.
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        assert!(!number.is_empty(), "Xvfb {size} {more:?} ended");
        Some(Self { server, display: format!(":{}", number.trim()) })
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// A user's environment with a home, and nothing else but what the program needs.
pub struct Place {
    pub folder: Folder,
    screen: Option<Screen>,
}

impl Place {
    /// An environment without a display.
    fn bare(name: &str) -> Self {
        let folder = Folder::new(&format!("place-{name}"));
        for name in ["home", "runtime"] {
            std::fs::create_dir(folder.path(name)).unwrap();
        }
        Self { folder, screen: None }
    }

    pub fn on(name: &str, screen: Screen) -> Self {
        Self { screen: Some(screen), ..Self::bare(name) }
    }

    /// Sets up a program in this environment.
    pub fn settle(&self, mut command: Command) -> Command {
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.folder.path("home")).env("LANG", "C.UTF-8");
        command.env("XDG_RUNTIME_DIR", self.folder.path("runtime"));
        if let Some(screen) = &self.screen {
            command.env("DISPLAY", &screen.display);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// The window, which closes by itself after a few steps.
    fn window(&self, more: &[&str]) -> Command {
        let mut command = self.settle(program());
        command.args(["collapse", "--device", "cpu", "--exit-at", "3"]).args(more);
        command
    }

    /// The same in a namespace of its own after a shell's preparations there, which know the empty
    /// file as `$EMPTY`; `None`, which is said, where the system refuses namespaces.
    fn apart(&self, preparations: &str, more: &[&str]) -> Option<Command> {
        let namespaces = ["--user", "--map-root-user", "--mount"];
        let made = Command::new("unshare").args(namespaces).arg("true").output();
        if !has("namespaces", made.is_ok_and(|output| output.status.success())) {
            return None;
        }
        let window = self.window(more);
        let mut apart = self.settle(Command::new("unshare"));
        let script = format!("set -e; {preparations}; exec \"$@\"");
        apart.args(namespaces).args(["sh", "-c", &script, "sh"]);
        apart.arg(window.get_program()).args(window.get_args());
        apart.env("EMPTY", self.folder.write("empty", ""));
        Some(apart)
    }
}

/// Waits for the end of a program.
fn end(mut command: Command) -> Output {
    let mut child = command.spawn().unwrap();
    assert!(!goes_on_until(&mut child, "its end", || false));
    child.wait_with_output().unwrap()
}

/// The window opens, and nothing is printed.
fn opens(command: Command) {
    let output = end(command);
    let said = stderr(&output);
    assert!(code(&output) == 0 && said.is_empty(), "{}: {said}", output.status);
}

/// The window does not open, and one sentence says so, with all of the words and of no library's own.
fn says(command: Command, words: &[&str]) {
    let output = end(command);
    let said = stderr(&output);
    assert_eq!((code(&output), said.lines().count()), (2, 1), "{}: {said}", output.status);
    assert!(said.starts_with("vqscope: ") && said.contains("; "), "{said}");
    for word in words {
        assert!(said.contains(word), "{word} is not in: {said}");
    }
    for inner in [".cargo", ".rs:", "panicked", "EventLoopError"] {
        assert!(!said.contains(inner), "{said}");
    }
}

/// Files of a library that the loader may take.
fn files_of(library: &str) -> Vec<String> {
    let listed = Command::new("/sbin/ldconfig").arg("-p").output().unwrap().stdout;
    let listed = String::from_utf8_lossy(&listed).into_owned();
    let lines = listed.lines().filter(|line| line.trim().starts_with(&format!("{library}.so")));
    let files = lines.filter_map(|line| line.split("=> ").nth(1).map(String::from));
    files.map(|file| Path::new(&file).canonicalize().unwrap().display().to_string()).collect()
}

/// A shell's words that put the empty file in the place of libraries.
fn without(libraries: &[&str]) -> String {
    let files: Vec<String> = libraries.iter().flat_map(|library| files_of(library)).collect();
    assert!(!files.is_empty(), "{libraries:?} are not installed");
    let hide = |file: &String| format!("mount --bind \"$EMPTY\" {file}");
    files.iter().map(hide).collect::<Vec<_>>().join("; ")
}

#[test]
fn without_a_display() {
    says(Place::bare("no-display").window(&[]), &["no window", "DISPLAY", "`vqscope run`"]);
}

#[test]
fn with_a_dead_wayland_compositor() {
    let place = Place::bare("dead-wayland");
    let dead = |mut window: Command| {
        window.env("WAYLAND_DISPLAY", "wayland-9");
        window
    };
    says(dead(place.window(&[])), &["WAYLAND_DISPLAY=wayland-9", "set DISPLAY"]);
    let mut window = dead(place.window(&[]));
    window.env("DISPLAY", ":65000");
    says(window, &["DISPLAY=:65000", "X server", "start it"]);
    let Some(screen) = Screen::new() else { return };
    let place = Place::on("dead-wayland-x", screen);
    opens(dead(place.window(&[])));
}

#[test]
fn with_a_scale_that_is_one_and_one_that_is_none() {
    let Some(screen) = Screen::new() else { return };
    let place = Place::on("scale", screen);
    let scaled = |scale: &str| {
        let mut window = place.window(&[]);
        window.env("WINIT_X11_SCALE_FACTOR", scale);
        window
    };
    opens(scaled("3"));
    for none in ["abc", "0"] {
        says(scaled(none), &["WINIT_X11_SCALE_FACTOR", none, "unset it"]);
    }
}

#[test]
fn without_anything_that_draws() {
    let Some(screen) = Screen::with("1280x800x24", &["-extension", "GLX"]) else { return };
    let place = Place::on("no-gl", screen);
    let mut window = place.window(&[]);
    for variable in ["__EGL_VENDOR_LIBRARY_FILENAMES", "VK_DRIVER_FILES", "VK_ICD_FILENAMES"] {
        window.env(variable, "/nonexistent.json");
    }
    says(window, &["libegl1", "mesa-vulkan-drivers"]);
}

#[test]
fn on_a_screen_of_16_bits() {
    let Some(screen) = Screen::with("1280x800x16", &[]) else { return };
    opens(Place::on("16-bit", screen).window(&[]));
}

#[test]
fn on_a_screen_of_5_dots_an_inch() {
    let Some(screen) = Screen::with("1280x800x24", &["-dpi", "5"]) else { return };
    let place = Place::on("5-dpi", screen);
    opens(place.window(&[]));
    // The same as a setting of the user's.
    place.folder.write("home/.Xresources", "Xft.dpi: 5\n");
    opens(place.window(&[]));
}

#[test]
fn on_a_screen_of_no_dots_an_inch() {
    let Some(screen) = Screen::new() else { return };
    let place = Place::on("0-dpi", screen);
    place.folder.write("home/.Xresources", "Xft.dpi: 0\n");
    says(place.window(&[]), &["Xft.dpi: 0", "xrdb", "WINIT_X11_SCALE_FACTOR=1"]);
    let mut window = place.window(&[]);
    window.env("WINIT_X11_SCALE_FACTOR", "1");
    opens(window);
}

#[test]
fn without_a_runtime_folder() {
    let Some(screen) = Screen::new() else { return };
    let mut window = Place::on("no-runtime", screen);
    window.folder.write("home/.keep", "");
    let mut command = window.window(&[]);
    command.env_remove("XDG_RUNTIME_DIR");
    opens(command);
    // Whatever asks a graphics driver.
    window.screen = None;
    let picture = window.folder.path("x.png");
    let run = window.folder.path("run");
    let shot = ["shot", "collapse", "--at", "1", "--device", "cpu", "--out", &picture];
    let train = ["run", "collapse", "--steps", "2", "--device", "cpu", "--out", &run];
    let export_to = window.folder.path("y.png");
    let export = ["export", &run, "--png", &export_to];
    for arguments in [&["devices"][..], &shot, &train, &export] {
        let mut command = window.settle(program());
        command.args(arguments).env_remove("XDG_RUNTIME_DIR");
        let output = end(command);
        let said = stderr(&output);
        assert!(code(&output) == 0 && !said.contains("XDG"), "{arguments:?}: {said}");
        assert!(arguments[0] == "run" || said.is_empty(), "{arguments:?}: {said}");
    }
}

#[test]
fn without_a_home_and_with_one_that_is_read_only() {
    let Some(screen) = Screen::new() else { return };
    let place = Place::on("home", screen);
    let mut window = place.window(&[]);
    // What the system's list of users has in its place is not a test's to write to.
    window.env_remove("HOME").env("XDG_DATA_HOME", place.folder.path("data"));
    opens(window);
    let mut window = place.window(&[]);
    window.env_remove("HOME").env("XDG_DATA_HOME", "/proc/nowhere");
    opens(window);
    read_only(&place.folder.path("home"), true);
    opens(place.window(&[]));
    read_only(&place.folder.path("home"), false);
}

/// Takes the right to write into a folder away, or gives it back.
fn read_only(folder: &str, is_read_only: bool) {
    let mut permissions = std::fs::metadata(folder).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(
        &mut permissions,
        if is_read_only { 0o555 } else { 0o755 },
    );
    std::fs::set_permissions(folder, permissions).unwrap();
}

#[test]
fn on_a_full_disk_and_on_one_that_is_read_only() {
    let Some(screen) = Screen::new() else { return };
    let place = Place::on("full-disk", screen);
    let full = "mount -t tmpfs -o size=64k tmpfs \"$HOME\"; \
        head -c 100000 /dev/zero 2>/dev/null >\"$HOME/full\" || true";
    if let Some(window) = place.apart(full, &[]) {
        opens(window);
    }
    if let Some(window) = place.apart("mount -t tmpfs -o ro tmpfs \"$HOME\"", &[]) {
        opens(window);
    }
}

#[test]
fn without_the_library_for_keyboards() {
    let Some(screen) = Screen::new() else { return };
    let place = Place::on("no-xkbcommon", screen);
    for (libraries, package) in [
        (&["libxkbcommon-x11"][..], "libxkbcommon-x11-0"),
        (&["libxkbcommon", "libxkbcommon-x11"], "libxkbcommon-x11-0"),
    ] {
        if let Some(window) = place.apart(&without(libraries), &[]) {
            says(window, &["xkbcommon", package]);
        }
    }
}

#[test]
fn without_the_library_for_drawing() {
    // Where the screen has GLX, that draws in its place.
    let Some(screen) = Screen::with("1280x800x24", &["-extension", "GLX"]) else { return };
    let place = Place::on("no-egl", screen);
    if let Some(window) = place.apart(&without(&["libEGL"]), &["--renderer", "glow"]) {
        says(window, &["libegl1", "apt install"]);
    }
    // Without being asked for, it is drawn by another one.
    if let Some(window) = place.apart(&without(&["libEGL"]), &[]) {
        opens(window);
    }
}
