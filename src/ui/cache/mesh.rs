//! A mesh that is made once for what it shows and drawn many times.

use std::sync::Arc;

use egui::Mesh;

/// A mesh with what it was made for.
pub struct Cached<K>(Option<(K, Arc<Mesh>)>);

impl<K> Default for Cached<K> {
    fn default() -> Self {
        Self(None)
    }
}

impl<K: PartialEq> Cached<K> {
    /// The mesh for `key`, made now if it was made for something else.
    pub fn get(&mut self, key: K, make: impl FnOnce() -> Mesh) -> Arc<Mesh> {
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
        let first = cached.get((1, "dark"), Mesh::default);
        let again = cached.get((1, "dark"), || panic!("made again"));
        assert!(Arc::ptr_eq(&first, &again));
        let next = cached.get((2, "dark"), Mesh::default);
        assert!(!Arc::ptr_eq(&first, &next));
    }
}
