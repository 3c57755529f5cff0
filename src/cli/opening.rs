//! What the window or a picture begins with.

use std::path::{Path, PathBuf};

use crate::archive::{Archive, Writer, writer};
use crate::cli::scenario;
use crate::exit::Refusal;
use crate::scenario::{Link, Scenario, link};

/// What the window or a picture begins with.
pub struct Opening {
    /// Name of the story.
    pub story: String,
    /// What trains.
    pub scenario: Scenario,
    /// The link, if the name is one.
    pub link: Option<Link>,
    /// The folder of a saved run.
    pub resume: Option<PathBuf>,
    /// Whether another process writes there.
    pub is_followed: bool,
}

impl Opening {
    /// Refuses a saved run, whose scenario alone leaves out what was set by hand in it.
    ///
    /// # Errors
    /// A sentence with what to do instead.
    pub fn untrained(self, name: &str) -> Result<Self, Refusal> {
        if self.resume.is_none() {
            return Ok(self);
        }
        Err(Refusal::bad_input(format!(
            "{name} is a saved run; open it in the window and copy a link to it, or name its file scenario.toml"
        )))
    }
}

/// What a name on the command line means: a saved run, whose settings are its own, a link, or a
/// scenario.
///
/// # Errors
/// A sentence about what cannot be opened.
pub fn opening(name: &str, sets: &[String]) -> Result<Opening, Refusal> {
    let folder = Path::new(name);
    if folder.is_dir() {
        let writer = writer(folder).map_err(Refusal::bad_input)?;
        if let Some(set) = sets.first() {
            return Err(Refusal::bad_input(format!(
                "{name} is a saved run, which goes on with its own settings; leave --set {set} out, or train anew with it from {name}/scenario.toml"
            )));
        }
        let is_followed = matches!(writer, Writer::Another(..));
        let (story, scenario) = match writer {
            Writer::Another(story, scenario) => (story, *scenario),
            Writer::None => {
                // Opened here as well, so that a damaged one is refused before a window opens.
                let archive = Archive::open(folder).map_err(Refusal::bad_input)?;
                (archive.manifest.story, archive.scenario)
            }
        };
        return Ok(Opening {
            story,
            scenario,
            link: None,
            resume: Some(folder.into()),
            is_followed,
        });
    }
    if link::is_link(name) {
        let link = Link::decode(name, sets).map_err(Refusal::bad_input)?;
        let (story, scenario) = (link.story.clone(), link.scenario.clone());
        return Ok(Opening { story, scenario, link: Some(link), resume: None, is_followed: false });
    }
    let scenario = scenario(name, sets)?;
    Ok(Opening { story: name.into(), scenario, link: None, resume: None, is_followed: false })
}
