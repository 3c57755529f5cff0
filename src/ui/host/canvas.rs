//! The window drawn into memory: what `vqscope shot` and `vqscope export` take pictures of.
//!
//! The same [`crate::ui::window`] is laid out by egui and drawn by egui's wgpu renderer into a
//! texture instead of a surface. Saved layouts and the system's fonts are not used.

use std::cell::Cell;
use std::sync::Arc;

use egui::{Context, FullOutput, Pos2, RawInput, Rect, TextureId, Theme, vec2};
use egui_wgpu::wgpu::{self, Extent3d};
use egui_wgpu::{
    RenderState, RendererOptions, ScreenDescriptor, WgpuConfiguration, WgpuSetup,
    WgpuSetupCreateNew,
};
use image::RgbaImage;

use crate::figure::look::{Look, png};
use crate::figure::panel::Panel;
use crate::ui::layout::panels;
use crate::ui::state::AppState;
use crate::ui::widgets::theme;
use crate::ui::window;

/// Passes of layout before the picture: sizes that depend on the pass before have settled.
const PASSES: usize = 4;

/// Something to draw on that is no window.
///
/// It keeps fonts and textures from one picture to the next, so that a film does not make them anew
/// for every frame.
pub struct Canvas {
    render: RenderState,
    ctx: Context,
    /// Passes of layout so far, which are the only time that the window knows here.
    passes: Cell<u32>,
}

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
            .map(|render| {
                let ctx = Context::default();
                theme::install(&ctx);
                ctx.all_styles_mut(|style| style.animation_time = 0.0);
                Self { render, ctx, passes: Cell::new(0) }
            })
            .map_err(|why| {
                format!(
                    "there is no graphics adapter to draw with ({why}); install a Vulkan driver, on Debian or Ubuntu the software driver in the package mesa-vulkan-drivers"
                )
            })
    }

    /// The window of `size` pixels as a PNG file.
    ///
    /// # Errors
    /// What the adapter reports.
    pub fn picture(
        &self,
        state: &mut AppState,
        size: [u32; 2],
        is_dark: bool,
    ) -> Result<Vec<u8>, String> {
        let (panel, layers) = (Panel::Window, Default::default());
        let (is_for_slide, has_before) = (false, false);
        let look = Look { size, scale: 1.0, is_dark, panel, layers, is_for_slide, has_before };
        png(&self.take(state, &look)?)
    }

    /// The window, or the part of it that the look asks for.
    ///
    /// # Errors
    /// What the adapter reports, or the part is not in a window of this size.
    pub fn take(&self, state: &mut AppState, look: &Look) -> Result<RgbaImage, String> {
        let ctx = &self.ctx;
        ctx.set_theme(if look.is_dark { Theme::Dark } else { Theme::Light });
        state.prefs.layers = state.prefs.layers.with(look.layers);
        let [width, height] = look.size.map(|side| side as f32);
        // Nobody can answer a card in a picture, and it would lie over what the picture is of.
        state.close_divergence();
        let mut output = FullOutput::default();
        for _ in 0..PASSES {
            self.free(std::mem::take(&mut output.textures_delta.free));
            let mut input = RawInput {
                screen_rect: Some(Rect::from_min_size(Pos2::ZERO, vec2(width, height))),
                time: Some(f64::from(self.passes.get())),
                max_texture_side: Some(
                    self.render.device.limits().max_texture_dimension_2d as usize,
                ),
                ..RawInput::default()
            };
            self.passes.set(self.passes.get() + 1);
            let viewport = input.viewports.entry(input.viewport_id).or_default();
            viewport.native_pixels_per_point = Some(look.scale);
            output = ctx.run_ui(input, |ui| window(ui, state));
            self.upload(&mut output);
        }
        let freed = std::mem::take(&mut output.textures_delta.free);
        let size = look.pixels();
        let pixels = self.render(output, look.scale, size)?;
        // The picture may still have drawn them.
        self.free(freed);
        let image =
            RgbaImage::from_raw(size[0], size[1], pixels).ok_or("the picture came back cut off")?;
        panels::crop(ctx, image, state, look)
    }

    fn upload(&self, output: &mut FullOutput) {
        let RenderState { device, queue, renderer, .. } = &self.render;
        let mut renderer = renderer.write();
        for (id, images) in output.textures_delta.set.drain() {
            for image in images {
                renderer.update_texture(device, queue, id, &image);
            }
        }
    }

    fn free(&self, textures: impl IntoIterator<Item = TextureId>) {
        let mut renderer = self.render.renderer.write();
        textures.into_iter().for_each(|id| renderer.free_texture(&id));
    }

    fn render(
        &self,
        output: FullOutput,
        pixels_per_point: f32,
        [width, height]: [u32; 2],
    ) -> Result<Vec<u8>, String> {
        let RenderState { device, queue, renderer, target_format, .. } = &self.render;
        let mut renderer = renderer.write();
        let screen = ScreenDescriptor { pixels_per_point, size_in_pixels: [width, height] };
        let shapes = self.ctx.tessellate(output.shapes, pixels_per_point);
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
