//! Where the cloud lies: on its way, and moved from there by hand.

use crate::scenario::Switches;

/// The way of the cloud from the first step to the last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CloudPath {
    /// How far it goes to the right, turning by half a turn and doubling in size; at 0 it stands still.
    pub drift: f64,
    /// How far to the right of the origin it starts.
    pub shift: f64,
    /// The step at which it is at its end.
    pub steps: u64,
}

/// Where the cloud lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CloudPose {
    /// Its middle.
    pub middle: [f64; 2],
    /// How far its long axis is turned from that of x, in radians, counterclockwise.
    pub angle: f64,
    /// What its size is multiplied by.
    pub scale: f64,
}

/// Standard deviations along and across the cloud, before anything scales it.
pub const CLOUD_STDS: [f64; 2] = [0.6, 0.25];

/// How far up the cloud swings on its way, and then as far down, as a share of its drift.
const SWING: f64 = 0.125;

impl CloudPath {
    /// Where the cloud is once `step` steps are trained, moved from its way by hand.
    pub fn pose(&self, step: u64, by_hand: &Switches) -> CloudPose {
        let Self { drift, shift, steps } = *self;
        let gone = (step as f64 / steps.max(1) as f64).min(1.0);
        let (turned, grown) =
            if drift == 0.0 { (0.0, 1.0) } else { (std::f64::consts::PI * gone, 1.0 + gone) };
        let swing = SWING * drift * (std::f64::consts::TAU * gone).sin();
        CloudPose {
            middle: [shift + drift * gone + by_hand.cloud_x, swing + by_hand.cloud_y],
            angle: turned + by_hand.cloud_angle.to_radians(),
            scale: grown * by_hand.cloud_scale,
        }
    }
}
