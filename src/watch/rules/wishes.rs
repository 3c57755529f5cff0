//! What the user says of a file's arrays: on the command line, or once and for all beside the files.

use std::path::{Path, PathBuf};

use crate::files;
pub use crate::record::watching::Wishes;
use crate::text::shown;

/// The name of the file beside the codebooks that keeps what was said.
pub const FILE: &str = "vqscope.toml";

/// Most bytes of it.
const MOST: u64 = 1 << 16;

/// Where what is said of a folder, or of a file in it, is kept.
fn place_of(path: &Path) -> PathBuf {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    folder.join(FILE)
}

/// What is kept beside these files; nothing where the file is not there.
///
/// # Errors
/// It cannot be read, or holds something else.
pub fn kept(path: &Path) -> Result<Wishes, String> {
    let place = place_of(path);
    let name = shown(&place.display().to_string());
    let bytes = match files::read(&place, MOST) {
        Ok(bytes) => bytes,
        Err(error) if error.is_missing() => return Ok(Wishes::default()),
        Err(error) => return Err(format!("{name} {error}")),
    };
    let text = String::from_utf8(bytes)
        .map_err(|_not_text| format!("{name} is not text; write it anew with --remember"))?;
    let refusal = |what: &str| {
        format!(
            "{name}: {what}; it holds codebook, usage, lookup, transpose and level, and --remember writes it anew"
        )
    };
    let wishes: Wishes = toml::from_str(&text).map_err(|error| refusal(&shown(error.message())))?;
    // How files are called is said of a folder, not of what is in them.
    match wishes.step_from {
        Some(_) => Err(refusal("step_from is not read from it (--step-from)")),
        None => Ok(wishes),
    }
}

/// Writes it beside these files, over what was kept before.
///
/// # Errors
/// The system refuses.
pub fn keep(wishes: &Wishes, path: &Path) -> Result<PathBuf, String> {
    let place = place_of(path);
    let name = place.display().to_string();
    let of_arrays = Wishes { step_from: None, ..wishes.clone() };
    let text = toml::to_string(&of_arrays).map_err(|error| format!("{name}: {error}"))?;
    let head = "# How vqscope watch reads the codebooks beside this file.\n";
    files::write(&place, format!("{head}{text}").as_bytes(), files::Over::Replace)
        .map_err(|error| format!("{name} cannot be written ({error}); check the permissions"))?;
    Ok(place)
}
