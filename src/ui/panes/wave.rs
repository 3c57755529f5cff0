//! The motion between two pictures of a map: the pull of a step starts at the chosen codes and runs on to
//! those that W moves.

use egui::{Mesh, TextureId};

use crate::figure::layers::Light;
use crate::ui::widgets::markers::Marker;

/// Longest time in seconds that it runs; where pictures come faster, it is over when the next one comes.
const LONGEST: f64 = 0.9;

/// Time between two pictures below which nothing runs: the maps move by themselves.
const SHORTEST: f64 = 0.1;

/// Share of the way within which a light comes up, and how much larger it is when it begins to.
const RISE: f32 = 0.25;
const SWELL: f32 = 0.8;

/// The motion on one map.
#[derive(Debug, Default)]
pub struct Wave {
    /// Run and step of the picture, if there was one.
    of: Option<(u64, u64)>,
    /// The newest step of the run that a picture was of.
    newest: u64,
    /// When it came, on the clock of the program.
    since: f64,
    /// For how many seconds it runs.
    lasts: f64,
}

impl Wave {
    /// How far it has run at a time, as a share of the way; none where nothing runs. Only a step of the
    /// same run that was trained after the picture before starts it.
    pub fn at(&mut self, now: f64, (run, step): (u64, u64), can_run: bool) -> Option<f32> {
        if self.of != Some((run, step)) {
            let is_same = self.of.is_some_and(|(of, _)| of == run);
            // Not when somebody has looked back and comes to the present again.
            let is_next = is_same && self.newest < step;
            self.newest = if is_same { self.newest.max(step) } else { step };
            let between = now - self.since;
            let lasts = if between < SHORTEST { 0.0 } else { between.min(LONGEST) };
            self.lasts = if is_next && can_run { lasts } else { 0.0 };
            (self.of, self.since) = (Some((run, step)), now);
        }
        if !can_run {
            self.lasts = 0.0;
        }
        let passed = now - self.since;
        (passed < self.lasts).then(|| (passed / self.lasts) as f32)
    }
}

/// Adds a light while the pull is underway that is at it at a share of the way.
pub fn add(mesh: &mut Mesh, light: &Light, color: egui::Color32, (at, reached): (f32, f32)) {
    let risen = ((at * (1.0 + RISE) - reached) / RISE).clamp(0.0, 1.0);
    if risen > 0.0 {
        let radius = light.radius * (1.0 + SWELL * (1.0 - risen));
        Marker::Disc.add(mesh, light.at, radius, color.gamma_multiply(risen));
    }
}

/// The mesh of lights of which each is reached at a share of the way.
pub fn mesh(
    lights: &[(Light, f32)],
    at: f32,
    color: impl Fn(&Light) -> egui::Color32,
    texture: TextureId,
) -> Mesh {
    let mut mesh = Mesh::with_texture(texture);
    for (light, reached) in lights {
        add(&mut mesh, light, color(light), (at, *reached));
    }
    mesh
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_runs_after_a_trained_step_and_is_over_when_the_next_one_comes() {
        let mut wave = Wave::default();
        // The first picture moves nothing, wherever the run is.
        assert_eq!(wave.at(5.0, (1, 40), true), None);
        // A step that was made by itself.
        assert_eq!(wave.at(9.0, (1, 41), true), Some(0.0));
        assert_eq!(wave.at(9.45, (1, 41), true), Some(0.5));
        assert_eq!(wave.at(9.9, (1, 41), true), None);
        assert_eq!(wave.at(99.0, (1, 41), true), None);
        // Four steps a second.
        wave.at(100.0, (1, 42), true);
        assert_eq!(wave.at(100.25, (1, 43), true), Some(0.0));
        assert_eq!(wave.at(100.375, (1, 43), true), Some(0.5));
        // Sixty of them: the maps move by themselves.
        assert_eq!(wave.at(100.266, (1, 44), true), None);
        // Looking back, another run, and less motion.
        assert_eq!(wave.at(110.0, (1, 10), true), None);
        assert_eq!(wave.at(115.0, (1, 44), true), None);
        assert_eq!(wave.at(118.0, (1, 45), true), Some(0.0));
        assert_eq!(wave.at(120.0, (2, 11), true), None);
        assert_eq!(wave.at(130.0, (2, 12), false), None);
        assert_eq!(wave.at(130.1, (2, 12), true), None);
        // Switched off on its way.
        assert_eq!(wave.at(140.0, (2, 13), true), Some(0.0));
        assert_eq!(wave.at(140.1, (2, 13), false), None);
        assert_eq!(wave.at(140.2, (2, 13), true), None);
    }

    #[test]
    fn lights_come_up_one_after_another_and_all_stand_at_the_end() {
        let light = |x: f32| Light {
            at: egui::pos2(x, 0.0),
            radius: 6.0,
            is_pale: false,
            is_shared: x > 0.0,
        };
        let lights = [(light(0.0), 0.0), (light(50.0), 0.6), (light(90.0), 1.0)];
        let number = |at: f32| {
            let mesh = mesh(&lights, at, |_| egui::Color32::RED, TextureId::default());
            mesh.vertices.len() / 4
        };
        assert_eq!([0.0, 0.2, 0.6, 0.9, 1.0].map(number), [0, 1, 2, 3, 3]);
        // At the end each is as it stands without motion.
        let end = mesh(&lights, 1.0, |_| egui::Color32::RED, TextureId::default());
        let mut still = Mesh::with_texture(TextureId::default());
        for (light, _) in &lights {
            Marker::Disc.add(&mut still, light.at, light.radius, egui::Color32::RED);
        }
        assert_eq!(end.vertices, still.vertices);
    }
}
