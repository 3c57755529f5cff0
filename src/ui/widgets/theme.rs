//! Colours and fonts of the window, for light and dark.
//!
//! The lanes have the two colours of Okabe and Ito (2008) that stay apart for every common kind of
//! colour blindness; codes in use and codes that are not differ in shape as well.

use std::sync::Arc;

use egui::style::ScrollAnimation;
use egui::{
    Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Id, Margin, Response,
    Stroke, StrokeKind, Style, TextStyle, Theme, Ui, Visuals,
};

use crate::palette::{Palette, Shade};
use crate::ui::widgets::fonts::add_japanese;
use crate::ui::widgets::tokens::{self, Tokens, WINDOW, line, radius, space};

/// The colours of the theme in use.
pub fn palette(ui: &Ui) -> &'static Palette {
    shade(ui).palette()
}

/// The same of a context.
pub fn palette_of(ctx: &Context) -> &'static Palette {
    Shade { is_dark: ctx.theme() == Theme::Dark, is_strong: is_strong(ctx) }.palette()
}

/// The theme in use.
pub fn shade(ui: &Ui) -> Shade {
    Shade { is_dark: ui.visuals().dark_mode, is_strong: is_strong(ui.ctx()) }
}

fn is_strong(ctx: &Context) -> bool {
    ctx.data(|data| data.get_temp(Id::unique(CONTRAST))).unwrap_or(false)
}

/// Gives both themes high contrast, or the usual one.
pub fn set_contrast(ctx: &Context, is_high: bool) {
    if is_strong(ctx) == is_high {
        return;
    }
    ctx.data_mut(|data| data.insert_temp(Id::unique(CONTRAST), is_high));
    for theme in [Theme::Light, Theme::Dark] {
        ctx.set_visuals_of(theme, visuals(theme, is_high));
    }
}

const CONTRAST: &str = "is-contrast-high";

/// Text in the regular weight.
pub fn font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// Text in the semi-bold weight.
pub fn bold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name(BOLD.into()))
}

const BOLD: &str = "semibold";

/// Installs fonts and both themes; call it once, before the first frame.
pub fn install(ctx: &Context) {
    ctx.set_fonts(fonts());
    // The window has steps of its own, which it keeps.
    ctx.options_mut(|options| options.zoom_with_keyboard = false);
    for theme in [Theme::Light, Theme::Dark] {
        ctx.set_style_of(theme, style(visuals(theme, false)));
    }
    set_type(ctx, &WINDOW);
}

/// Lets what opens, closes and scrolls move on its way, or be there at once.
pub fn set_motion(ctx: &Context, is_reduced: bool) {
    let known = Id::unique("is-motion-reduced");
    if ctx.data(|data| data.get_temp::<bool>(known)).unwrap_or(false) == is_reduced {
        return;
    }
    ctx.data_mut(|data| data.insert_temp(known, is_reduced));
    let usual = Style::default();
    ctx.all_styles_mut(|style| {
        (style.animation_time, style.scroll_animation) = match is_reduced {
            true => (0.0, ScrollAnimation::none()),
            false => (usual.animation_time, usual.scroll_animation),
        };
    });
}

/// Puts a scale of type into use.
pub fn set_type(ctx: &Context, tokens: &'static Tokens) {
    tokens::put(ctx, tokens);
    ctx.all_styles_mut(|style| {
        style.text_styles = [
            (TextStyle::Small, font(tokens.small)),
            (TextStyle::Body, font(tokens.body)),
            (TextStyle::Button, font(tokens.body)),
            (TextStyle::Heading, bold(tokens.title)),
            (TextStyle::Monospace, FontId::new(tokens.body, FontFamily::Monospace)),
        ]
        .into();
        style.spacing.interact_size.y = (1.7 * tokens.body).round();
    });
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let faces: [(&str, &'static [u8]); 2] = [
        ("plex", include_bytes!("../../../assets/fonts/IBMPlexSans-Regular.ttf")),
        (BOLD, include_bytes!("../../../assets/fonts/IBMPlexSans-SemiBold.ttf")),
    ];
    for (name, bytes) in faces {
        fonts.font_data.insert(name.into(), Arc::new(FontData::from_static(bytes)));
    }
    let fallback = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    let first =
        |name: &str| std::iter::once(name.to_string()).chain(fallback.iter().cloned()).collect();
    fonts.families.insert(FontFamily::Name(BOLD.into()), first(BOLD));
    fonts.families.insert(FontFamily::Proportional, first("plex"));
    add_japanese(&mut fonts, &FontFamily::Name(BOLD.into()));
    fonts
}

fn style(visuals: Visuals) -> Style {
    let mut style = Style { visuals, ..Style::default() };
    style.spacing.item_spacing = egui::vec2(space::S, space::XS);
    style.spacing.button_padding = egui::vec2(space::S, 2.0);
    style.spacing.slider_rail_height = space::XS;
    style.spacing.window_margin = Margin::same(space::M as i8);
    style.spacing.menu_margin = Margin::same(space::S as i8);
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.35;
    style
}

fn visuals(theme: Theme, is_strong: bool) -> Visuals {
    let is_dark = theme == Theme::Dark;
    let palette = Shade { is_dark, is_strong }.palette();
    let mut v = if is_dark { Visuals::dark() } else { Visuals::light() };
    v.panel_fill = palette.panel;
    v.window_fill = palette.panel;
    v.extreme_bg_color = palette.canvas;
    v.weak_text_color = Some(palette.weak);
    v.window_stroke = Stroke::new(line::HAIR, palette.border);
    v.slider_trailing_fill = true;
    v.widgets.noninteractive.fg_stroke.color = palette.text;
    v.widgets.noninteractive.bg_stroke.color = palette.border;
    for widget in [
        &mut v.widgets.inactive,
        &mut v.widgets.hovered,
        &mut v.widgets.active,
        &mut v.widgets.open,
    ] {
        widget.fg_stroke.color = palette.text;
        widget.corner_radius = CornerRadius::same(radius::CONTROL as u8);
        // Nothing grows under the pointer: what stands beside it would be covered.
        widget.expansion = 0.0;
        widget.bg_stroke = Stroke::NONE;
        widget.weak_bg_fill = palette.control;
        widget.bg_fill = palette.border;
    }
    v.widgets.hovered.weak_bg_fill = palette.border;
    v.widgets.hovered.bg_fill = palette.dead;
    v.widgets.open.weak_bg_fill = palette.control;
    // What is pressed, and what has the focus of the keyboard.
    v.widgets.active.weak_bg_fill = palette.border;
    v.widgets.active.bg_stroke = Stroke::new(line::FOCUS, palette.focus);
    v.selection.bg_fill = palette.selection;
    v.selection.stroke = Stroke::new(line::HAIR, palette.text);
    v.window_corner_radius = CornerRadius::same(radius::CARD as u8);
    v.menu_corner_radius = CornerRadius::same(radius::CARD as u8);
    v.text_cursor.stroke.color = palette.focus;
    v
}

/// Draws the ring of the focus around what is painted by hand; controls of egui have their own.
pub fn focus_ring(ui: &Ui, response: &Response) {
    if response.has_focus() {
        let stroke = Stroke::new(line::FOCUS, palette(ui).focus);
        ui.painter().rect_stroke(response.rect, radius::CONTROL, stroke, StrokeKind::Inside);
    }
}
