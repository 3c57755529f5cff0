//! What `torch.save` writes, in its zip form and in the one before PyTorch 1.6: tensors are listed
//! without a number being read, and nothing in a file is ever run.
//!
//! A pickle is a program for a machine with a stack. Here the machine only builds a tree of plain
//! values ([`machine`]); of all that it may ask to be called, the few functions that rebuild tensors
//! and dictionaries are understood, by name, and the rest is kept as "something else" ([`tree`]).

mod file;
mod heap;
mod machine;
#[cfg(test)]
mod tests;
mod tree;

pub use file::Checkpoint;
