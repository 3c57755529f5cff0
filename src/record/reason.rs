//! Why a run is trained where it is, as data: sentences are made where they are shown.

use serde::{Deserialize, Serialize};

use crate::words;

/// Why a run is trained where it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// A device of this kind was asked for.
    AskedFor,
    /// It was asked for by its name, or a part of it.
    AskedForByName,
    /// It is the GPU of this machine.
    GpuFound,
    /// The CPU, because this machine has no graphics adapter.
    NoAdapter,
    /// The CPU, because the only adapter, whose name this is, computes in software.
    OnlySoftware(String),
    /// The same device, opened once more after it failed.
    OpenedAnew,
    /// The CPU in the place of a device that failed, whose name this is.
    Failed(String),
    /// Another program trains; these are the places of the files that are read.
    Elsewhere(Vec<String>),
    /// What an older save says, in words.
    #[serde(untagged)]
    Other(String),
}

impl Default for Reason {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl Reason {
    /// The reason in the language that is spoken; what an older save says stands as it is.
    pub fn text(&self) -> String {
        match self {
            Self::AskedFor => words!("device-asked-for").into(),
            Self::AskedForByName => words!("device-asked-for-by-name").into(),
            Self::GpuFound => words!("device-the-gpu-found").into(),
            Self::NoAdapter => words!("device-no-adapter").into(),
            Self::OnlySoftware(name) => words!("device-only-software", name = name),
            Self::OpenedAnew => words!("device-opened-anew").into(),
            Self::Failed(name) => words!("device-failed", name = name),
            Self::Elsewhere(_) => words!("device-elsewhere").into(),
            Self::Other(text) => text.clone(),
        }
    }

    /// The reason with another text in the place of each that came from outside.
    pub fn map(self, change: impl Fn(&str) -> String) -> Self {
        match self {
            Self::OnlySoftware(name) => Self::OnlySoftware(change(&name)),
            Self::Failed(name) => Self::Failed(change(&name)),
            Self::Elsewhere(all) => Self::Elsewhere(all.iter().map(|one| change(one)).collect()),
            Self::Other(text) => Self::Other(change(&text)),
            plain => plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, within};

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Saved {
        reason: Reason,
    }

    #[test]
    fn a_reason_is_saved_as_data_and_said_in_both_languages() {
        let name = || "Arc A770".to_string();
        for (reason, english, saved) in [
            (Reason::AskedFor, "asked for", "reason = \"asked-for\"\n"),
            (Reason::AskedForByName, "asked for by name", "reason = \"asked-for-by-name\"\n"),
            (Reason::GpuFound, "the GPU found here", "reason = \"gpu-found\"\n"),
            (Reason::NoAdapter, "no graphics adapter was found", "reason = \"no-adapter\"\n"),
            (
                Reason::OnlySoftware(name()),
                "only software Vulkan: Arc A770",
                "[reason]\nonly-software = \"Arc A770\"\n",
            ),
            (Reason::OpenedAnew, "opened anew after it failed", "reason = \"opened-anew\"\n"),
            (Reason::Failed(name()), "Arc A770 failed", "[reason]\nfailed = \"Arc A770\"\n"),
            (
                Reason::Elsewhere(vec!["a".into()]),
                "trained by another program",
                "[reason]\nelsewhere = [\"a\"]\n",
            ),
        ] {
            assert_eq!(reason.text(), english);
            let ja = within(Language::Ja, || reason.text());
            assert!(ja.chars().any(|c| c > '\u{3040}'), "{english}: {ja}");
            let of_file = Saved { reason };
            let text = toml::to_string(&of_file).unwrap();
            assert_eq!(text, saved);
            assert_eq!(toml::from_str::<Saved>(&text).unwrap(), of_file);
        }
    }

    #[test]
    fn what_an_older_save_says_in_words_stands_as_it_is() {
        for text in ["asked for", "only software Vulkan: llvmpipe", "", "x failed"] {
            let saved: Saved = toml::from_str(&format!("reason = \"{text}\"")).unwrap();
            assert_eq!(saved.reason, Reason::Other(text.into()));
            assert_eq!(within(Language::Ja, || saved.reason.text()), text);
        }
        assert!(toml::from_str::<Saved>("[reason]\nnever-heard-of = \"x\"").is_err());
    }

    #[test]
    fn what_came_from_outside_can_be_changed() {
        let upper = |reason: Reason| reason.map(str::to_uppercase);
        assert_eq!(upper(Reason::Failed("a".into())), Reason::Failed("A".into()));
        assert_eq!(upper(Reason::OnlySoftware("a".into())), Reason::OnlySoftware("A".into()));
        assert_eq!(upper(Reason::Other("a".into())), Reason::Other("A".into()));
        let places = |place: &str| Reason::Elsewhere(vec![place.into()]);
        assert_eq!(upper(places("a")), places("A"));
        assert_eq!(upper(Reason::GpuFound), Reason::GpuFound);
    }
}
