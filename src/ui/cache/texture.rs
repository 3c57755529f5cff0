//! Textures that are made once and filled many times.

use egui::{ColorImage, Context, TextureHandle, TextureOptions};

/// Puts pixels into a texture, which is made with the first of them.
pub fn put(
    texture: &mut Option<TextureHandle>,
    ctx: &Context,
    name: &str,
    image: ColorImage,
    options: TextureOptions,
) {
    match texture {
        Some(texture) => texture.set(image, options),
        None => *texture = Some(ctx.load_texture(name, image, options)),
    }
}
