//! The CPU in the place of an adapter that fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use burn::tensor::ExecutionError;

use crate::engine::device::{Adapter, Choice, Compute, DeviceError};
use crate::record::reason::Reason;
use crate::record::status::DeviceLabel;

/// When and how a pretended adapter fails.
#[derive(Clone, Copy, Debug)]
pub struct Failing {
    /// Steps trained before.
    pub after: u64,
    /// Whether it panics, as an allocation does that fails; else an error is read back, as from a
    /// device that was lost.
    pub by_panic: bool,
}

/// An adapter on which the CPU computes until it fails; opened anew it fails no more.
pub fn pretended(failing: Failing) -> Choice {
    let label = DeviceLabel { name: "Pretended 9".into(), reason: Reason::AskedForByName };
    Choice { label, adapter: Arc::new(Pretended { failing, is_new: AtomicBool::new(false) }) }
}

#[derive(Debug)]
struct Pretended {
    failing: Failing,
    /// Whether its device failed and is another one.
    is_new: AtomicBool,
}

impl Adapter for Pretended {
    fn is_graphics(&self) -> bool {
        true
    }

    fn open(self: Arc<Self>, label: DeviceLabel) -> Result<Compute, DeviceError> {
        Ok(Compute::host(label, self))
    }

    fn give_up(&self) {
        self.is_new.store(true, Ordering::Relaxed);
    }

    fn before_step(&self, trained: u64) -> Result<(), ExecutionError> {
        let Failing { after, by_panic } = self.failing;
        if after != trained || self.is_new.load(Ordering::Relaxed) {
            return Ok(());
        }
        assert!(!by_panic, "the adapter is gone");
        Err(ExecutionError::generic("out of memory"))
    }
}
