//! A mesh that is made once for what it shows and drawn many times.

use std::sync::Arc;

use egui::{Mesh, Rect};

use crate::figure::camera::Camera;

/// A mesh with what it was made for.
#[derive(Default)]
pub struct Cached(Option<(Key, Arc<Mesh>)>);

/// What a mesh depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    /// Count of pictures.
    pub generation: u64,
    /// Where it is drawn.
    pub rect: Rect,
    /// Theme and switches.
    pub look: u32,
    /// Zoom and shift.
    pub camera: Camera,
}

impl Cached {
    /// The mesh for `key`, made now if it was made for something else.
    pub fn get(&mut self, key: Key, make: impl FnOnce() -> Mesh) -> Arc<Mesh> {
        match &self.0 {
            Some((known, mesh)) if *known == key => mesh.clone(),
            _ => {
                let mesh = Arc::new(make());
                self.0 = Some((key, mesh.clone()));
                mesh
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mesh_is_made_once_for_a_key() {
        let mut cached = Cached::default();
        let key = Key { generation: 1, rect: Rect::ZERO, look: 0, camera: Camera::default() };
        let first = cached.get(key, Mesh::default);
        let again = cached.get(key, || panic!("made again"));
        assert!(Arc::ptr_eq(&first, &again));
        let next = cached.get(Key { generation: 2, ..key }, Mesh::default);
        assert!(!Arc::ptr_eq(&first, &next));
    }
}
