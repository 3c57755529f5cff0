//! A scenario by what people name it: a built-in story, a file or a link.

use std::path::Path;

use crate::files::{self, ReadError};
use crate::scenario::link::{self, Link};
use crate::scenario::load::{MOST_BYTES, ScenarioError, parse};
use crate::scenario::{Scenario, demos};

/// Reads a scenario by the name of a built-in one, by path or from a link, and applies settings to
/// it. Of a link, what was set by hand becomes timed changes.
///
/// `sets` are `KEY=VALUE` texts as in `--set`: the value is TOML, a bare word is a text.
///
/// # Errors
/// A sentence that names the file, the key and the line, and says what to do.
pub fn read(name: &str, sets: &[String]) -> Result<Scenario, ScenarioError> {
    if let Some(text) = demos::text(name) {
        return parse(text, name, sets);
    }
    if link::is_link(name) {
        return Link::decode(name, sets).map(|link| link.timed());
    }
    let path = Path::new(name);
    let error = |what: &str| Err(ScenarioError::Told(format!("{name}: {what}")));
    let bytes = match files::read(path, MOST_BYTES) {
        Ok(bytes) => bytes,
        Err(e) if e.is_missing() => {
            let names = demos::names().collect::<Vec<_>>().join(", ");
            return error(&format!(
                "there is no such file, and no built-in scenario of this name; built in are {names}"
            ));
        }
        Err(ReadError::TooLong { .. }) => {
            return error(
                "this file is larger than 1 MiB, so it is not a scenario; name a TOML file",
            );
        }
        Err(ReadError::NotRegular(_)) if path.is_dir() => {
            return error("this is a directory; name a scenario file in it, such as scenario.toml");
        }
        Err(ReadError::NotRegular(what)) => {
            return error(&format!("this is {what}, not a scenario; name a TOML file"));
        }
        Err(e) => return error(&format!("the file {e}")),
    };
    match String::from_utf8(bytes) {
        Ok(text) => parse(&text, name, sets),
        Err(e) => {
            let at = e.utf8_error().valid_up_to();
            error(&format!(
                "byte {at} is not text, so this is not a scenario; name a TOML file in UTF-8"
            ))
        }
    }
}
