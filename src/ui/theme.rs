//! Every colour, font and size of the window, for light and dark.
//!
//! The lanes have the two colours of Okabe and Ito (2008) that stay apart for every common kind of
//! colour blindness; codes in use and codes that are not differ in shape as well.

use std::sync::Arc;

use egui::{
    Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Stroke, Style,
    TextStyle, Theme, Ui, Visuals,
};

use crate::scenario::LaneId;
use crate::ui::raster::Colors;

/// Colours of one theme.
pub struct Palette {
    lanes: [Color32; 2],
    /// Codes of a lane that fell out of use.
    fallen: [Color32; 2],
    /// Text on a filled lane colour.
    pub on_lane: Color32,
    /// Behind maps, bars and curves.
    pub canvas: Color32,
    /// Panels.
    pub panel: Color32,
    /// Borders of panels and canvases.
    pub border: Color32,
    /// Grid lines.
    pub grid: Color32,
    /// Text.
    pub text: Color32,
    /// Text of second rank.
    pub weak: Color32,
    /// Codes that never were in use.
    pub dead: Color32,
    /// Encoder outputs.
    pub latent: Color32,
    /// Reference lines: fair share, sampling ceiling.
    pub reference: Color32,
    /// What acts at the next step.
    pub live: Color32,
    /// What needs a restart.
    pub restart: Color32,
    /// Warnings and errors.
    pub error: Color32,
}

impl Palette {
    /// Colour of a lane.
    pub fn lane(&self, id: LaneId) -> Color32 {
        self.lanes[id.index()]
    }

    /// Colour of a lane's codes that fell out of use: halfway to that of codes never used.
    pub fn fallen(&self, id: LaneId) -> Color32 {
        self.fallen[id.index()]
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where colours are made")]
const fn hex(rgb: u32) -> Color32 {
    Color32::from_rgb((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8)
}

pub(super) static LIGHT: Palette = Palette {
    lanes: [hex(0xB8_4800), hex(0x00_68A8)],
    fallen: [hex(0xA1_6D4E), hex(0x45_7DA2)],
    on_lane: hex(0xFF_FFFF),
    canvas: hex(0xFF_FFFF),
    panel: hex(0xF3_F4F6),
    border: hex(0xD2_D6DB),
    grid: hex(0xE9_EBEE),
    text: hex(0x16_191D),
    weak: hex(0x56_5E68),
    dead: hex(0x8B_929C),
    latent: Color32::from_rgba_premultiplied(24, 26, 30, 70),
    reference: hex(0x3D_444D),
    live: hex(0x00_7A5A),
    restart: hex(0x8A_3F6D),
    error: hex(0xB0_1E1E),
};

static DARK: Palette = Palette {
    lanes: [hex(0xF0_9A3E), hex(0x56_B4E9)],
    fallen: [hex(0xB5_8E65), hex(0x68_9BBA)],
    on_lane: hex(0x10_1316),
    canvas: hex(0x0D_1013),
    panel: hex(0x17_1B20),
    border: hex(0x33_3A42),
    grid: hex(0x21_262C),
    text: hex(0xE8_EAED),
    weak: hex(0xA0_A8B2),
    dead: hex(0x7A_828C),
    latent: Color32::from_rgba_premultiplied(62, 66, 72, 90),
    reference: hex(0xC3_C9D0),
    live: hex(0x4C_C9A0),
    restart: hex(0xE0_98C2),
    error: hex(0xFF_7B72),
};

/// The colours of the theme in use.
pub fn palette(ui: &Ui) -> &'static Palette {
    if ui.visuals().dark_mode { &DARK } else { &LIGHT }
}

/// Colours of a map that must do on a light and on a dark ground, as in a report.
pub fn on_any_ground(id: LaneId) -> Colors {
    Colors { latent: LIGHT.weak.gamma_multiply(0.7), ..Colors::of(&LIGHT, id) }
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
        ("plex", include_bytes!("../../assets/fonts/IBMPlexSans-Regular.ttf")),
        (BOLD, include_bytes!("../../assets/fonts/IBMPlexSans-SemiBold.ttf")),
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
    v.selection.bg_fill = if v.dark_mode { hex(0x2B_4A63) } else { hex(0xCF_E3F3) };
    v.selection.stroke = Stroke::new(1.0, palette.text);
    style
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance(c: Color32) -> f64 {
        let linear = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(c.r()) + 0.7152 * linear(c.g()) + 0.0722 * linear(c.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_is_readable_and_graphics_stand_out() {
        for p in [&LIGHT, &DARK] {
            for text in [p.text, p.weak, p.lanes[0], p.lanes[1], p.live, p.restart, p.error] {
                // WCAG 2.2, 1.4.3: 4.5 to 1 for text.
                assert!(
                    contrast(text, p.panel) >= 4.5,
                    "{text:?} on panel: {}",
                    contrast(text, p.panel)
                );
                assert!(contrast(text, p.canvas) >= 4.5, "{text:?} on canvas");
            }
            // 1.4.11: 3 to 1 for graphics.
            for graphic in [p.dead, p.fallen[0], p.fallen[1]] {
                assert!(contrast(graphic, p.canvas) >= 3.0, "{graphic:?}");
            }
            assert!(
                contrast(p.on_lane, p.lanes[0]) >= 4.5 && contrast(p.on_lane, p.lanes[1]) >= 4.5
            );
        }
    }

    #[test]
    fn pictures_for_papers_have_the_colours_of_the_light_theme() {
        use crate::export::svg::PAPER;
        let hex = |c: Color32| format!("#{:02x}{:02x}{:02x}", c.r(), c.g(), c.b());
        for id in [LaneId::A, LaneId::B] {
            assert_eq!(PAPER.lane(id), hex(LIGHT.lane(id)));
            assert_eq!(PAPER.fallen(id), hex(LIGHT.fallen(id)));
        }
        let paper = [PAPER.text, PAPER.weak, PAPER.canvas, PAPER.grid, PAPER.dead, PAPER.reference];
        let light = [LIGHT.text, LIGHT.weak, LIGHT.canvas, LIGHT.grid, LIGHT.dead, LIGHT.reference];
        assert_eq!(paper.map(str::to_string), light.map(hex));
    }

    /// Colours as protan, deutan and tritan eyes see them (Machado et al. 2009, severity 1, in
    /// linear RGB).
    const BLINDNESS: [[[f64; 3]; 3]; 3] = [
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ];

    #[test]
    fn lanes_stay_apart_for_colour_blind_eyes() {
        let linear = |c: Color32| {
            [c.r(), c.g(), c.b()].map(|v| {
                let v = f64::from(v) / 255.0;
                if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
            })
        };
        for p in [&LIGHT, &DARK] {
            for m in BLINDNESS {
                let see = |c: Color32| {
                    let c = linear(c);
                    m.map(|row| {
                        row.iter()
                            .zip(c)
                            .map(|(a, b)| a * b)
                            .sum::<f64>()
                            .clamp(0.0, 1.0)
                            .powf(1.0 / 2.2)
                    })
                };
                let (a, b) = (see(p.lanes[0]), see(p.lanes[1]));
                let distance = a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt();
                assert!(distance > 0.25, "{distance}");
            }
        }
    }
}
