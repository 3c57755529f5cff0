//! Every colour, font and size of the window, for light and dark.
//!
//! The lanes have the two colours of Okabe and Ito (2008) that stay apart for every common kind of
//! colour blindness; codes in use and codes that are not differ in shape as well.

use std::sync::Arc;

use egui::{
    Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Stroke, Style, TextStyle,
    Theme, Ui, Visuals,
};

use crate::palette::{DARK, LIGHT, Palette};

/// The colours of the theme in use.
pub fn palette(ui: &Ui) -> &'static Palette {
    if ui.visuals().dark_mode { &DARK } else { &LIGHT }
}

/// Sizes of text in points.
pub mod size {
    /// Axis labels, tags, notes.
    pub const SMALL: f32 = 11.5;
    /// Labels and controls.
    pub const BODY: f32 = 13.0;
    /// The story's caption and titles of columns.
    pub const TITLE: f32 = 16.0;
    /// "17 of 512 codes in use".
    pub const HEADLINE: f32 = 21.0;
    /// "3 %".
    pub const NUMBER: f32 = 38.0;
}

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
    ctx.set_style_of(Theme::Light, style(Visuals::light(), &LIGHT));
    ctx.set_style_of(Theme::Dark, style(Visuals::dark(), &DARK));
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
    fonts
}

fn style(visuals: Visuals, palette: &Palette) -> Style {
    let mut style = Style { visuals, ..Style::default() };
    style.text_styles = [
        (TextStyle::Small, font(size::SMALL)),
        (TextStyle::Body, font(size::BODY)),
        (TextStyle::Button, font(size::BODY)),
        (TextStyle::Heading, bold(size::TITLE)),
        (TextStyle::Monospace, FontId::new(size::BODY, FontFamily::Monospace)),
    ]
    .into();
    style.spacing.item_spacing = egui::vec2(6.0, 4.0);
    style.spacing.button_padding = egui::vec2(7.0, 2.0);
    style.spacing.slider_rail_height = 5.0;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.35;
    let v = &mut style.visuals;
    v.panel_fill = palette.panel;
    v.window_fill = palette.panel;
    v.extreme_bg_color = palette.canvas;
    v.weak_text_color = Some(palette.weak);
    v.window_stroke = Stroke::new(1.0, palette.border);
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
        widget.corner_radius = CornerRadius::same(4);
    }
    v.widgets.inactive.bg_stroke = Stroke::new(1.0, palette.border);
    v.widgets.inactive.weak_bg_fill = palette.canvas;
    v.widgets.inactive.bg_fill = palette.border;
    v.selection.bg_fill = palette.selection;
    v.selection.stroke = Stroke::new(1.0, palette.text);
    style
}
