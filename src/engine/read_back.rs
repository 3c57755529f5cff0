//! Numbers of the device on the host. A read-back that does not give what was asked for is an error of
//! the device, never an empty list.

use burn::backend::flex::FlexTensor;
use burn::backend::{BackendTensor, DispatchTensorKind};
use burn::tensor::{ExecutionError, Tensor, TensorData};

/// 32-bit floats of a read-back.
///
/// # Errors
/// Nothing was read, or it is no array of numbers.
pub fn floats(data: Option<TensorData>) -> Result<Vec<f32>, ExecutionError> {
    let data = data.ok_or_else(|| unread("an array is missing"))?;
    data.convert::<f32>().try_into_vec().map_err(|why| unread(&format!("{why:?}")))
}

/// 32-bit integers of a read-back.
///
/// # Errors
/// As of [`floats`].
pub fn ints(data: Option<TensorData>) -> Result<Vec<i32>, ExecutionError> {
    let data = data.ok_or_else(|| unread("an array is missing"))?;
    data.convert::<i32>().try_into_vec().map_err(|why| unread(&format!("{why:?}")))
}

/// A matrix on the host, row by row; a CPU-GPU sync point.
///
/// # Errors
/// What the device reports.
pub fn host(tensor: &Tensor<2>) -> Result<Vec<f32>, ExecutionError> {
    floats(Some(tensor.try_to_data()?))
}

/// A matrix that lies on the host, read where it lies: to copy K x d numbers takes longer than most of what
/// is done with them.
pub struct OnHost(FlexTensor);

impl OnHost {
    /// The numbers of a matrix, where they lie on the host.
    pub fn of(tensor: &Tensor<2>) -> Option<Self> {
        match tensor.clone().inner().into_dispatch().kind {
            DispatchTensorKind::Flex(BackendTensor::Float(tensor)) => {
                Some(Self(tensor.to_contiguous()))
            }
            _ => None,
        }
    }

    /// All of them, row by row; none where they are no 32-bit floats.
    pub fn numbers(&self) -> Option<&[f32]> {
        self.0.as_slice()
    }
}

/// The error of numbers that did not come.
fn unread(why: &str) -> ExecutionError {
    ExecutionError::WithContext { reason: format!("numbers could not be read back: {why}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_an_error_and_not_an_empty_list() {
        assert!(floats(None).is_err() && ints(None).is_err());
        let numbers = || Some(TensorData::new(vec![1_i64, 2], [2]));
        assert_eq!(
            (floats(numbers()).unwrap(), ints(numbers()).unwrap()),
            (vec![1.0, 2.0], vec![1, 2])
        );
        let reason = floats(None).unwrap_err().to_string();
        assert!(reason.contains("could not be read back"), "{reason}");
    }
}
