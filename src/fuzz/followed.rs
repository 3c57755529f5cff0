//! Folders of runs that are followed while they are written: the files of a saved run with changes, half
//! there at first.

use crate::archive::Growing;
use crate::fuzz::run::{Runs, without_names};
use crate::fuzz::{Input, Outcome, Reader, fuzz};
use crate::rng::Stream;

/// `vqscope FOLDER` while another process writes it.
struct Followed(Runs);

impl Followed {
    /// Looks at the folder and reads a picture that is due.
    fn look(growing: &mut Growing) -> Result<(), String> {
        let look = growing.look().map_err(|why| why.to_string())?;
        if let Some(why) = look.waits {
            return Err(why.to_string());
        }
        if let Some(&step) = growing.due().last() {
            growing.picture(step).map_err(|why| why.to_string())?;
            assert!(!growing.due().contains(&step));
        }
        Ok(())
    }
}

impl Reader for Followed {
    const NAME: &'static str = "followed";

    fn make(&mut self, stream: &mut Stream) -> Input {
        self.0.make(stream)
    }

    fn read(&mut self, input: &Input) -> Outcome {
        let path = self.0.path();
        let lay_out = |part: usize| {
            for (name, bytes) in input {
                std::fs::write(path.join(name), &bytes[..bytes.len() / part]).unwrap();
            }
        };
        // Half of each file, then all of it.
        let mut growing = Growing::new(&path);
        lay_out(2);
        Self::look(&mut growing).ok();
        lay_out(1);
        let read = Self::look(&mut growing);
        self.0.put_back(input);
        // Whatever was there before: once it is whole it is seen whole, at the latest by the look after
        // one that found another table.
        let again = Self::look(&mut growing).or_else(|_another| Self::look(&mut growing));
        assert!(again.is_ok(), "{}", again.unwrap_err());
        let read = read.map_err(|why| without_names(&why, &path));
        let at_header =
            ["its bytes are not those", "its header", "not the scenario that", "is no text"];
        let error = read.as_ref().err().cloned().unwrap_or_default();
        Outcome::of(read, !at_header.iter().any(|words| error.contains(words)))
    }
}

#[test]
fn runs_that_are_written_are_followed_or_waited_for() {
    fuzz(&mut Followed(Runs::new()), 300);
}
