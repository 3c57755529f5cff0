//! Every colour, for light and for dark: of the window, of pictures, pages and the icon.
//!
//! The lanes have the two colours of Okabe and Ito (2008) that stay apart for every common kind of
//! colour blindness; codes in use and codes that are not differ in shape as well.

use ecolor::Color32;

use crate::scenario::LaneId;

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
    /// Behind the panels of a page.
    pub page: Color32,
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
    /// Behind what is chosen.
    pub selection: Color32,
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

/// On a light ground.
pub static LIGHT: Palette = Palette {
    lanes: [hex(0xB8_4800), hex(0x00_68A8)],
    fallen: [hex(0xA1_6D4E), hex(0x45_7DA2)],
    on_lane: hex(0xFF_FFFF),
    canvas: hex(0xFF_FFFF),
    panel: hex(0xF3_F4F6),
    page: hex(0xFF_FFFF),
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
    selection: hex(0xCF_E3F3),
};

/// On a dark ground.
pub static DARK: Palette = Palette {
    lanes: [hex(0xF0_9A3E), hex(0x56_B4E9)],
    fallen: [hex(0xB5_8E65), hex(0x68_9BBA)],
    on_lane: hex(0x10_1316),
    canvas: hex(0x0D_1013),
    panel: hex(0x17_1B20),
    page: hex(0x10_1418),
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
    selection: hex(0x2B_4A63),
};

/// A colour as SVG and CSS write it: "#0068a8".
pub fn web(color: Color32) -> String {
    format!("#{:02x}{:02x}{:02x}", color.r(), color.g(), color.b())
}

/// The variables of a page's style sheet in a theme: "--a: #b84800; ...".
pub fn css(p: &Palette) -> String {
    let [a, b] = p.lanes;
    let [a_fallen, b_fallen] = p.fallen;
    // What separates things on a page is as strong as a code that is not in use.
    let all = [
        ("text", p.text),
        ("weak", p.weak),
        ("page", p.page),
        ("canvas", p.canvas),
        ("panel", p.panel),
        ("border", p.dead),
        ("rule", p.border),
        ("grid", p.grid),
        ("dead", p.dead),
        ("reference", p.reference),
        ("a", a),
        ("b", b),
        ("a-fallen", a_fallen),
        ("b-fallen", b_fallen),
        ("good", p.live),
        ("bad", p.error),
    ];
    all.iter().map(|(name, color)| format!("--{name}: {}; ", web(*color))).collect()
}

/// Colours of further lines of a chart, which people with any colour vision tell apart from the
/// lanes' and from each other (Okabe and Ito 2008), on a light ground.
pub static FURTHER: [Color32; 5] =
    [hex(0x00_825F), hex(0xAA_508C), hex(0x8C_6E00), hex(0x3C_96C8), hex(0x46_4646)];

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
