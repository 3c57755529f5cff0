//! Codebooks of someone else's training: read from files, looked at as a run is, and followed while
//! that training goes on.
//!
//! A file is one of our own names:
//!
//! | array | shape | what it is |
//! |---|---|---|
//! | `codebook` | K x d | the codes that encoder outputs are compared with |
//! | `C`, `W`, `b` | K x d, d x d, d | instead: the codes are C·W + b |
//! | `linear.weight`, `linear.bias` | d x d, d | instead of `W`, `b`: a `torch.nn.Linear`, whose weight is Wᵀ |
//! | `usage` | K | how often each code was chosen: counts, moving averages, shares or flags |
//! | `latents` | M x d | encoder outputs |
//! | `step` | one number | the step; else the file's name says it |
//!
//! or what a library saves as it is: which of its arrays are what, [`rules`] decide.

pub(crate) mod array;
pub mod check;
pub mod follow;
pub(crate) mod head;
pub mod look;
#[cfg(test)]
pub(crate) mod made;
mod npy;
mod number;
pub mod reader;
pub mod rules;
pub mod shards;
pub mod steer;
pub mod steps;
#[cfg(test)]
mod tests;
mod torch;
pub mod used;
mod zip;
