//! Codebooks of someone else's training: read from files, looked at as a run is, and followed while
//! that training goes on.
//!
//! A file holds the codes and what else there is, by these names:
//!
//! | array | shape | what it is |
//! |---|---|---|
//! | `codebook` | K x d | the codes that encoder outputs are compared with |
//! | `C`, `W`, `b` | K x d, d x d, d | instead: the codes are C·W + b |
//! | `linear.weight`, `linear.bias` | d x d, d | instead of `W`, `b`: a `torch.nn.Linear`, whose weight is Wᵀ |
//! | `usage` | K | how often each code was chosen; numbers that are not whole are rounded |
//! | `latents` | M x d | encoder outputs, of which the first 4,096 are used |
//! | `step` | one number | the step; else the last number in the file's name |
//!
//! State dicts of some libraries are understood as they are ([`names::FAMILIES`]).

pub(crate) mod array;
pub mod follow;
pub(crate) mod head;
pub mod look;
#[cfg(test)]
pub(crate) mod made;
pub mod names;
mod npy;
mod number;
pub mod reader;
#[cfg(test)]
mod tests;
