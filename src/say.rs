//! The one place that prints.
//!
//! A call is one line, whatever is in its text: control and bidirectional characters are escaped, so
//! that nothing of a stranger's gives orders to the terminal or looks like a line of the program's
//! own, and a text without end is cut. Where a line goes is none of the work's business: a reader
//! that has gone (`| head`) or a full disk never ends the program.

// Nothing else prints: see `disallowed-methods` in clippy.toml.
#![allow(clippy::disallowed_methods)]

use std::fmt::Display;
use std::io::{self, IsTerminal as _, Write as _};

use crate::text::{escaped_lines, sentence};

/// Prints a line to stdout.
pub fn line(text: impl Display) {
    print(io::stdout().lock(), &(one_line(text) + "\n"));
}

/// Prints a line to stderr.
pub fn error(text: impl Display) {
    print(io::stderr().lock(), &(one_line(text) + "\n"));
}

/// Prints what the parser of the command line has to say: help to stdout, mistakes to stderr.
///
/// Help is the program's own text, in colours where a terminal takes them. A mistake tells words of
/// the command line as well, and each of its lines is one as of [`error`].
pub fn parser(told: &clap::Error) {
    let text = told.render();
    if told.use_stderr() {
        let text = text.to_string();
        let lines = text.lines().map(|line| one_line(line) + "\n").collect::<String>();
        return print(io::stderr().lock(), &lines);
    }
    let has_colours = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let text = if has_colours { text.ansi().to_string() } else { escaped_lines(&text.to_string()) };
    print(io::stdout().lock(), &text);
}

/// Prints what the program and its libraries say of themselves to stderr: what `RUST_LOG` asks for, or
/// else what the program itself does, in as much detail as `-v` is given times.
pub fn logs(verbosity: u8) {
    let of_program = match verbosity {
        0 => "off",
        1 => "vqscope=info",
        2 => "vqscope=debug",
        _ => "vqscope=trace",
    };
    let asked = env_logger::Env::default().default_filter_or(of_program);
    env_logger::Builder::from_env(asked)
        .format(|line, log| {
            writeln!(line, "[{} {}] {}", log.level(), log.target(), one_line(log.args()))
        })
        .init();
}

fn one_line(text: impl Display) -> String {
    sentence(&text.to_string())
}

/// Writes all of it at once, so that two threads never mix their lines.
fn print(mut place: impl io::Write, text: &str) {
    // Nobody is left to tell: the reader is gone or the disk is full.
    let _ = place.write_all(text.as_bytes()).and_then(|()| place.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A place that takes some bytes and then fails.
    struct Full(Vec<u8>, usize);

    impl io::Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = bytes.len().min(self.1 - self.0.len());
            self.0.extend(&bytes[..taken]);
            if taken == 0 { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(taken) }
        }

        fn flush(&mut self) -> io::Result<()> {
            if self.0.len() == self.1 { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        }
    }

    #[test]
    fn a_text_is_one_line_of_bounded_length() {
        let forged = one_line("x.npy: bad\nvqscope: all is well\u{1b}[2J");
        assert_eq!(forged, "x.npy: bad\\nvqscope: all is well\\u{1b}[2J");
        let long = one_line(format!("{}; name another", "x".repeat(100_000)));
        assert!(long.chars().count() == 600 && long.ends_with("; name another"), "{long}");
    }

    #[test]
    fn a_place_that_takes_no_more_is_no_failure() {
        for room in [0, 3, 6] {
            let mut full = Full(Vec::new(), room);
            print(&mut full, "line 1\n");
            assert_eq!(full.0, b"line 1\n"[..room]);
        }
    }
}
