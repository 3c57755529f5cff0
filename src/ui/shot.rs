//! `vqscope shot`: the window drawn into a file, without a display.
//!
//! The same [`crate::ui::window`] is laid out by egui and drawn by egui's wgpu renderer into a
//! texture instead of a surface. Saved layouts and the system's fonts are not used.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use egui::{Context, FullOutput, Pos2, RawInput, Rect, Theme, ViewportId, vec2};
use egui_wgpu::wgpu::{self, Extent3d};
use egui_wgpu::{
    RenderState, RendererOptions, ScreenDescriptor, WgpuConfiguration, WgpuSetup,
    WgpuSetupCreateNew,
};
use image::RgbaImage;

use crate::cli::{Refusal, ShotOrder, Source};
use crate::external::follow::Folder;
use crate::scenario::{Link, Scenario};
use crate::train::device::Choice;
use crate::train::film::film;
use crate::train::snapshot::Update;
use crate::train::visit::{Visit, Way};
use crate::ui::state::AppState;
use crate::ui::{pictures, theme, window};

/// Passes of layout before the picture: sizes that depend on the pass before have settled.
const PASSES: usize = 4;

/// Most pixels of a side of a picture, which every adapter takes.
const MOST_SIDE: u32 = 8192;

/// Trains to a step and draws the window at that step into a PNG file.
///
/// # Errors
/// The file cannot be written, there is no adapter to draw with, or training fails.
pub fn run(order: ShotOrder) -> Result<(), Refusal> {
    check_place(&order.out)?;
    check_scale(order.size, order.scale)?;
    // Before minutes of training: is there anything to draw with?
    let canvas = Canvas::new().map_err(Refusal::bad_input)?;
    let mut state = match order.source {
        Source::Train(choice) => {
            // Before minutes of training, as well: is the panel there?
            let check = |state: &AppState| match &order.panel {
                Some(name) => panel(state, order.size, name).map(drop),
                None => Ok(()),
            };
            trained(&order.story, order.scenario, order.link.as_ref(), choice, order.at, check)?
        }
        Source::Watch(path) => watched(path)?,
    };
    let mut picture =
        canvas.draw(&mut state, order.size, order.is_dark, order.scale).map_err(Refusal::broken)?;
    if let Some(name) = &order.panel {
        let panel = panel(&state, order.size, name)?;
        picture = pictures::crop(&picture, panel * order.scale);
    }
    let png = pictures::png(&picture).map_err(Refusal::broken)?;
    std::fs::write(&order.out, png).map_err(|error| {
        Refusal::bad_input(format!(
            "{} cannot be written ({error}); check the disk and the permissions, or name another file with --out",
            order.out.display()
        ))
    })
}

/// The window after so many steps, as a link shows it if there is one.
fn trained(
    story: &str,
    scenario: Scenario,
    link: Option<&Link>,
    choice: Choice,
    at: u64,
    check: impl Fn(&AppState) -> Result<(), Refusal>,
) -> Result<AppState, Refusal> {
    let mut state = AppState::new(story, scenario.clone());
    let mut visit = match link {
        Some(link) => state.enter(link).map_err(Refusal::bad_input)?,
        None => Visit { scenario, way: Way::default() },
    };
    visit.way.step = at;
    check(&state)?;
    let pace = state.known.trainer.pace;
    let trained = std::thread::Builder::new()
        .name("trainer".into())
        .spawn(move || film(visit, &choice))
        .map_err(Refusal::broken)?
        .join();
    let (updates, snapshot) = match trained {
        Ok(outcome) => outcome.map_err(Refusal::broken)?,
        Err(_) => {
            return Err(Refusal::broken(
                "the trainer stopped unexpectedly; please report the scenario",
            ));
        }
    };
    updates.into_iter().for_each(|update| state.known.absorb(update));
    state.known.take(Arc::new(snapshot));
    state.arrive();
    if link.is_some() {
        // The view of a link names the pace that the window showed.
        state.known.trainer.pace = pace;
    }
    Ok(state)
}

/// The window on the files as they are now; what cannot be read is said in it, unless nothing can.
pub(super) fn watched(path: PathBuf) -> Result<AppState, Refusal> {
    let mut state = AppState::watching(&path);
    let mut folder = Folder::new(path);
    folder.round(0, &mut |update| {
        if let Update::Keyframe(snapshot) = &update {
            state.known.take(snapshot.clone());
        }
        state.known.absorb(update);
        true
    });
    if state.known.snapshot.is_some() {
        return Ok(state);
    }
    let nothing = format!(
        "{} holds no .safetensors, .npz or .npy file; name the folder in which codebooks are saved",
        state.story
    );
    Err(Refusal::bad_input(folder.reports().next().map_or(nothing, Into::into)))
}

/// Where a panel lies in a window of `size` points.
fn panel(state: &AppState, size: [u32; 2], name: &str) -> Result<Rect, Refusal> {
    let panels = state.layout(vec2(size[0] as f32, size[1] as f32)).panels();
    let found = panels.iter().find(|(known, _)| known == name);
    found.map(|(_, rect)| *rect).ok_or_else(|| {
        let names: Vec<&str> = panels.iter().map(|(known, _)| known.as_str()).collect();
        Refusal::bad_input(format!(
            "--panel {name} is not in this picture; use one of {}",
            names.join(", ")
        ))
    })
}

/// Pixels of a window of `size` points.
fn pixels(size: [u32; 2], scale: f32) -> [u32; 2] {
    size.map(|side| (side as f32 * scale).round() as u32)
}

/// Refuses a picture that is too large for a graphics adapter.
fn check_scale(size: [u32; 2], scale: f32) -> Result<(), Refusal> {
    let most = pixels(size, scale).into_iter().max().unwrap_or(0);
    if (0.5..=8.0).contains(&scale) && most <= MOST_SIDE {
        return Ok(());
    }
    Err(Refusal::bad_input(format!(
        "--scale {scale} does not go with --size {}x{}; use 0.5 to 8, and at most {MOST_SIDE} pixels a side",
        size[0], size[1]
    )))
}

fn check_place(file: &Path) -> Result<(), Refusal> {
    let name = file.display();
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if file.is_dir() {
        Err(Refusal::bad_input(format!(
            "{name} is a folder; name a file such as {name}/window.png with --out"
        )))
    } else if !folder.is_dir() {
        let folder = folder.display();
        Err(Refusal::bad_input(format!(
            "{name} cannot be written: there is no folder {folder}; make it first, or name another place with --out"
        )))
    } else if file.extension().is_none_or(|e| !e.eq_ignore_ascii_case("png")) {
        Err(Refusal::bad_input(format!(
            "{name} does not end in .png; a picture is a PNG file, name one with --out"
        )))
    } else {
        Ok(())
    }
}

/// Something to draw on that is no window.
pub struct Canvas(RenderState);

impl Canvas {
    /// The first adapter that can draw: a software one where there is one, because its pictures do
    /// not depend on the card.
    ///
    /// # Errors
    /// A sentence where there is none.
    pub fn new() -> Result<Self, String> {
        let mut setup = WgpuSetupCreateNew::without_display_handle();
        setup.native_adapter_selector = Some(Arc::new(|adapters, _| {
            let rank = |a: &&wgpu::Adapter| {
                let info = a.get_info();
                (info.backend == wgpu::Backend::Gl, info.device_type != wgpu::DeviceType::Cpu)
            };
            adapters.iter().min_by_key(rank).cloned().ok_or_else(|| "no adapter".into())
        }));
        let setup = WgpuSetup::CreateNew(setup);
        let instance = pollster::block_on(setup.new_instance());
        let config = WgpuConfiguration { wgpu_setup: setup, ..WgpuConfiguration::default() };
        pollster::block_on(RenderState::create(&config, &instance, None, RendererOptions::PREDICTABLE))
            .map(Self)
            .map_err(|why| {
                format!(
                    "there is no graphics adapter to draw with ({why}); install a Vulkan driver, on Debian or Ubuntu the software driver in the package mesa-vulkan-drivers"
                )
            })
    }

    /// The window of `size` points, each of `scale` pixels.
    ///
    /// # Errors
    /// What the adapter reports.
    pub fn draw(
        &self,
        state: &mut AppState,
        size: [u32; 2],
        is_dark: bool,
        scale: f32,
    ) -> Result<RgbaImage, String> {
        let ctx = Context::default();
        theme::install(&ctx);
        ctx.all_styles_mut(|style| style.animation_time = 0.0);
        ctx.set_theme(if is_dark { Theme::Dark } else { Theme::Light });
        let mut output = FullOutput::default();
        for pass in 0..PASSES {
            let mut input = RawInput {
                screen_rect: Some(Rect::from_min_size(
                    Pos2::ZERO,
                    vec2(size[0] as f32, size[1] as f32),
                )),
                time: Some(pass as f64),
                ..RawInput::default()
            };
            let viewport = input.viewports.entry(ViewportId::ROOT).or_default();
            viewport.native_pixels_per_point = Some(scale);
            output = ctx.run_ui(input, |ui| window(ui, state));
            self.upload(&mut output);
        }
        let [width, height] = pixels(size, scale);
        let pixels = self.render(&ctx, output, [width, height], scale)?;
        RgbaImage::from_raw(width, height, pixels)
            .ok_or_else(|| "the picture came back cut off".into())
    }

    fn upload(&self, output: &mut FullOutput) {
        let RenderState { device, queue, renderer, .. } = &self.0;
        let mut renderer = renderer.write();
        for (id, images) in output.textures_delta.set.drain() {
            for image in images {
                renderer.update_texture(device, queue, id, &image);
            }
        }
        // Textures are freed with the canvas; the last pass may still draw them.
        output.textures_delta.free.clear();
    }

    fn render(
        &self,
        ctx: &Context,
        output: FullOutput,
        [width, height]: [u32; 2],
        scale: f32,
    ) -> Result<Vec<u8>, String> {
        let RenderState { device, queue, renderer, target_format, .. } = &self.0;
        let mut renderer = renderer.write();
        let screen = ScreenDescriptor { pixels_per_point: scale, size_in_pixels: [width, height] };
        let shapes = ctx.tessellate(output.shapes, scale);
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        let first = renderer.update_buffers(device, queue, &mut encoder, &shapes, &screen);
        let size = Extent3d { width, height, depth_or_array_layers: 1 };
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("window"),
            size,
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: *target_format,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
            view_formats: &[],
        });
        let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
        {
            let mut pass = encoder
                .begin_render_pass(&wgpu::RenderPassDescriptor {
                    label: Some("window"),
                    color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                        view: &view,
                        resolve_target: None,
                        ops: wgpu::Operations {
                            load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                            store: wgpu::StoreOp::Store,
                        },
                        depth_slice: None,
                    })],
                    ..wgpu::RenderPassDescriptor::default()
                })
                .forget_lifetime();
            renderer.render(&mut pass, &shapes, &screen);
        }
        // Rows of a copied texture start at multiples of 256 bytes.
        let row = (4 * width).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("picture"),
            size: u64::from(row) * u64::from(height),
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let layout = wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(row),
            rows_per_image: None,
        };
        encoder.copy_texture_to_buffer(
            texture.as_image_copy(),
            wgpu::TexelCopyBufferInfo { buffer: &buffer, layout },
            size,
        );
        queue.submit(first.into_iter().chain([encoder.finish()]));
        let (sender, receiver) = std::sync::mpsc::channel();
        buffer.slice(..).map_async(wgpu::MapMode::Read, move |outcome| {
            sender.send(outcome).ok();
        });
        device.poll(wgpu::PollType::wait_indefinitely()).map_err(|e| e.to_string())?;
        receiver.recv().map_err(|e| e.to_string())?.map_err(|e| e.to_string())?;
        let data = buffer.slice(..).get_mapped_range().map_err(|e| e.to_string())?;
        let mut pixels = Vec::with_capacity(4 * (width * height) as usize);
        for line in data.chunks_exact(row as usize) {
            pixels.extend_from_slice(&line[..4 * width as usize]);
        }
        Ok(pixels)
    }
}
