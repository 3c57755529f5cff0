//! Why a run cannot be built or go on.

use burn::tensor::ExecutionError;

use crate::catch_panic::one_line;
use crate::data::DataError;
use crate::engine::device::DeviceError;
use crate::engine::state::Misfit;
use crate::exit::Refusal;
use crate::give_up;

/// Why a run cannot be built or go on.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// An embedded image is damaged.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The device cannot be opened.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// Nobody wants it any more; see [`give_up`].
    #[error("the run was given up before it was ready")]
    GivenUp,
    /// A saved state is of another scenario.
    #[error(transparent)]
    Misfit(#[from] Misfit),
    /// The device reported an error.
    #[error("the device failed ({}); restart the run, or use --device cpu", one_line(.0.reason()))]
    Execution(ExecutionError),
}

impl RunError {
    /// Breaks work off that is to be given up.
    ///
    /// # Errors
    /// [`RunError::GivenUp`].
    pub fn if_given_up() -> Result<(), Self> {
        if give_up::is_asked() { Err(Self::GivenUp) } else { Ok(()) }
    }
}

impl From<ExecutionError> for RunError {
    fn from(error: ExecutionError) -> Self {
        Self::Execution(error)
    }
}

impl From<RunError> for Refusal {
    /// Bad input where the run's device does not open or is too small for it, or what it goes on from
    /// does not fit; a failure while running where the device fails later.
    fn from(error: RunError) -> Self {
        match error {
            RunError::Device(_) | RunError::Misfit(_) => Self::bad_input(error),
            _ => Self::broken(error),
        }
    }
}
