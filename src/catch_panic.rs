//! Panics that end in a sentence.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind, set_hook, take_hook};
use std::sync::Once;

use crate::say;

/// Characters that are told of a message.
const MOST: usize = 240;

thread_local! {
    /// Whether a panic of this thread is caught and told.
    static IS_TOLD: Cell<bool> = const { Cell::new(false) };

    /// The reason of the newest panic of this thread that is told.
    static REASON: RefCell<String> = const { RefCell::new(String::new()) };
}

/// From here on a panic that is not caught is told in a sentence too; where RUST_BACKTRACE is set,
/// all of it is printed.
pub fn tell_all() {
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        set_hook(Box::new(|panic| say::error(sentence(panic))));
    }
}

fn sentence(panic: &PanicHookInfo<'_>) -> String {
    let why = reason(panic.payload());
    if is_final(&why) {
        let why = REASON.try_with(RefCell::take).unwrap_or_default();
        return format!(
            "vqscope: a library broke off and the program with it ({why}); what was saved is still there: start it again, and report this line if that does not help"
        );
    }
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("without a name");
    format!(
        "vqscope: the thread {name} broke off ({why}); if the program does not go on without it start it again, and report this line if that does not help"
    )
}

/// Whether a panic cannot be caught, in the words of the standard library: it came out of a function
/// that C called, or while another one was under way.
fn is_final(why: &str) -> bool {
    why.contains("cannot unwind") || why.contains("during cleanup")
}

/// Does some work; gives the reason of a panic inside it.
///
/// The lines that are printed of a panic before anything can catch it are left out here, because a
/// sentence follows. Those of every other panic are printed, on other threads too.
///
/// # Errors
/// The reason, on one line.
pub fn caught<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let print = take_hook();
        set_hook(Box::new(move |panic| {
            let why = reason(panic.payload());
            if is_final(&why) || !IS_TOLD.try_with(Cell::get).unwrap_or(false) {
                print(panic);
            } else {
                REASON.try_with(|reason| reason.replace(why)).ok();
            }
        }));
    });
    let before = IS_TOLD.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    IS_TOLD.set(before);
    outcome.map_err(|panic| reason(&*panic))
}

fn reason(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.map_or_else(|| "no reason given".into(), one_line)
}

/// The start of a message on one line; graphics libraries say more, on many.
pub fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_its_reason_on_one_line() {
        assert_eq!(caught(|| 7), Ok(7));
        let literal: Result<(), _> = caught(|| panic!("the adapter is gone"));
        assert_eq!(literal, Err("the adapter is gone".into()));
        let (what, why) = ("wgpu error", "  Not enough memory");
        let lines: Result<(), _> = caught(|| panic!("{what}:\n\nCaused by:\n{why}"));
        assert_eq!(lines, Err("wgpu error: Caused by: Not enough memory".into()));
        let other: Result<(), _> = caught(|| std::panic::panic_any(7));
        assert_eq!(other, Err("no reason given".into()));
        assert_eq!(one_line(&"é".repeat(MOST)), "é".repeat(MOST));
        assert_eq!(one_line(&"é".repeat(MOST + 1)), format!("{}…", "é".repeat(MOST)));
    }

    /// The variable that makes a test do in a process of its own what ends or is printed there.
    const CHILD: &str = "VQSCOPE_TEST_PANICS";

    /// Runs a test in a process of its own.
    fn alone(test: &str) -> std::process::Output {
        std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture", test])
            .env(CHILD, "1")
            .env_remove("RUST_BACKTRACE")
            .output()
            .unwrap()
    }

    extern "C" fn called_from_c() {
        panic!("no such\nscreen");
    }

    #[test]
    fn a_panic_that_cannot_be_caught_and_one_of_another_thread_are_a_sentence_each() {
        if std::env::var_os(CHILD).is_some() {
            tell_all();
            let other = std::thread::Builder::new().name("other".into());
            assert!(other.spawn(|| panic!("on the\nway")).unwrap().join().is_err());
            let _: Result<(), _> = caught(|| called_from_c());
            return;
        }
        let output = alone(
            "catch_panic::tests::a_panic_that_cannot_be_caught_and_one_of_another_thread_are_a_sentence_each",
        );
        assert!(!output.status.success());
        let printed = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<&str> = printed.lines().collect();
        // The standard library has the last word.
        assert!(
            lines.len() <= 3 && lines[..2].iter().all(|l| l.starts_with("vqscope: ")),
            "{printed}"
        );
        assert!(lines[0].contains("other") && lines[0].contains("on the way"), "{printed}");
        assert!(lines[1].contains("no such screen") && lines[1].contains("start it"), "{printed}");
    }

    /// In a process of its own, because what is printed is all that shows it.
    #[test]
    fn what_is_printed_of_other_panics_stays() {
        let on_a_thread = |work: fn()| {
            let thread = std::thread::Builder::new().name("other".into()).spawn(work);
            assert!(thread.unwrap().join().is_err());
        };
        if std::env::var_os(CHILD).is_some() {
            let inside = caught(|| {
                on_a_thread(|| panic!("printed beside it"));
                panic!("told in a sentence");
            });
            assert_eq!(inside, Err::<(), _>("told in a sentence".into()));
            on_a_thread(|| panic!("printed after it"));
            return;
        }
        let output = alone("catch_panic::tests::what_is_printed_of_other_panics_stays");
        let printed = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{printed}");
        assert!(printed.contains("printed beside it"), "{printed}");
        assert!(printed.contains("printed after it"), "{printed}");
        assert!(!printed.contains("told in a sentence"), "{printed}");
    }
}
