//! Models whose arrays lie in several files (`model-00001-of-00002.safetensors`).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::files;
use crate::text::shown;

/// Most bytes of an index.
const MOST_INDEX: u64 = 1 << 25;

/// Most parts of a model.
const MOST_PARTS: usize = 1024;

/// The name of a model without the number of its part, of a file's name without its ending.
pub fn whole(stem: &str) -> Option<&str> {
    let (rest, of) = stem.rsplit_once("-of-")?;
    let (whole, part) = rest.rsplit_once('-')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    (is_number(of) && is_number(part)).then_some(whole)
}

/// Whether a file is a part of a model and not the first one.
pub fn is_later_part(path: &Path) -> bool {
    let stem = path.file_stem().map_or(String::new(), |stem| stem.to_string_lossy().into_owned());
    let Some(whole) = whole(&stem) else { return false };
    let rest = &stem[whole.len() + 1..];
    let number = rest.split('-').next().unwrap_or_default();
    !matches!(number.trim_start_matches('0'), "1" | "")
}

/// All files of the model whose first part this is; `None` where a file is a model by itself.
///
/// # Errors
/// A part is missing, or the index names one that lies elsewhere.
pub fn parts(path: &Path) -> Result<Option<Vec<PathBuf>>, String> {
    let stem = path.file_stem().map_or(String::new(), |stem| stem.to_string_lossy().into_owned());
    let Some(whole) = whole(&stem) else { return Ok(None) };
    let ending = path.extension().map_or(String::new(), |e| e.to_string_lossy().into_owned());
    let folder = path.parent().unwrap_or(Path::new("."));
    let index = folder.join(format!("{whole}.{ending}.index.json"));
    let name = shown(&index.display().to_string());
    let named: BTreeSet<String> = match files::read(&index, MOST_INDEX) {
        Ok(bytes) => {
            let damaged = |why: &dyn std::fmt::Display| {
                format!(
                    "{name} is no index of a model ({}); save it again",
                    shown(&why.to_string())
                )
            };
            let json: serde_json::Value =
                serde_json::from_slice(&bytes).map_err(|error| damaged(&error))?;
            let map = json.get("weight_map").and_then(|map| map.as_object());
            let map = map.ok_or_else(|| damaged(&"it has no weight_map"))?;
            map.values().filter_map(|file| file.as_str()).map(Into::into).collect()
        }
        Err(error) if error.is_missing() => of_numbers(&stem, whole, &ending),
        Err(error) => return Err(format!("{name} {error}")),
    };
    if named.is_empty() || named.len() > MOST_PARTS {
        return Err(format!("{name} names {} files; a model has 1 to {MOST_PARTS}", named.len()));
    }
    let mut parts = Vec::new();
    for file in named {
        if file.contains(['/', '\\']) || file.starts_with('.') {
            return Err(format!("{name} names {}, which lies elsewhere", shown(&file)));
        }
        let part = folder.join(&file);
        if !part.is_file() {
            let part = shown(&part.display().to_string());
            return Err(format!("{part} is not there; the model is whole with all its parts"));
        }
        parts.push(part);
    }
    Ok(Some(parts))
}

/// The names of all parts, as the number of the last one says.
fn of_numbers(stem: &str, whole: &str, ending: &str) -> BTreeSet<String> {
    let rest = &stem[whole.len() + 1..];
    let Some((part, of)) = rest.split_once("-of-") else { return BTreeSet::new() };
    let count = of.parse::<usize>().unwrap_or(0).min(MOST_PARTS + 1);
    let width = part.len();
    (1..=count).map(|part| format!("{whole}-{part:0width$}-of-{of}.{ending}")).collect()
}
