//! Pictures of a record without a window: maps, charts, bars, as pixels and as SVG.

pub mod axis;
pub mod camera;
pub mod cause;
pub mod cells;
pub mod chart;
pub mod columns;
pub mod gif;
pub mod hue;
pub mod layers;
pub mod look;
pub mod map;
pub mod movement;
pub mod norms;
pub mod panel;
pub mod quantize;
pub mod raster;
pub mod scene;
pub mod svg;
