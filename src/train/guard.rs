//! Panics that end in a sentence.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

/// Characters that are told of a message.
const MOST: usize = 240;

thread_local! {
    /// Whether a panic of this thread is caught and told.
    static IS_TOLD: Cell<bool> = const { Cell::new(false) };
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
            if !IS_TOLD.try_with(Cell::get).unwrap_or(false) {
                print(panic);
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

    /// In a process of its own, because what is printed is all that shows it.
    #[test]
    fn what_is_printed_of_other_panics_stays() {
        const CHILD: &str = "VQSCOPE_TEST_PANICS";
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
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture"])
            .arg("train::guard::tests::what_is_printed_of_other_panics_stays")
            .env(CHILD, "1")
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{printed}");
        assert!(printed.contains("printed beside it"), "{printed}");
        assert!(printed.contains("printed after it"), "{printed}");
        assert!(!printed.contains("told in a sentence"), "{printed}");
    }
}
