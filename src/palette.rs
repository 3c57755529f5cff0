//! Every colour, for light and for dark: of the window, of pictures, pages and the icon.
//!
//! The lanes have the two colours of Okabe and Ito (2008) that stay apart for every common kind of
//! colour blindness; codes in use and codes that are not differ in shape as well.

use ecolor::{Color32, Hsva};

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
    /// Behind controls.
    pub control: Color32,
    /// Around what has the focus of the keyboard.
    pub focus: Color32,
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
pub static LIGHT: Palette = ON_LIGHT;

/// On a dark ground.
pub static DARK: Palette = ON_DARK;

/// On white, and on black, for eyes and projectors that need all the contrast there is: grounds, text and
/// lines at the ends of the scale, lanes and states of codes as always.
static STRONG: [Palette; 2] = [
    Palette {
        canvas: hex(0xFF_FFFF),
        panel: hex(0xFF_FFFF),
        border: hex(0x4A_525B),
        grid: hex(0xC6_CBD1),
        text: hex(0x00_0000),
        weak: hex(0x2A_2F36),
        latent: Color32::from_rgba_premultiplied(0, 0, 0, 110),
        reference: hex(0x00_0000),
        ..ON_LIGHT
    },
    Palette {
        canvas: hex(0x00_0000),
        panel: hex(0x00_0000),
        border: hex(0xA4_ACB5),
        grid: hex(0x3A_414A),
        text: hex(0xFF_FFFF),
        weak: hex(0xDC_E0E5),
        latent: Color32::from_rgba_premultiplied(110, 110, 110, 130),
        reference: hex(0xFF_FFFF),
        ..ON_DARK
    },
];

const ON_LIGHT: Palette = Palette {
    lanes: [hex(0xB8_4800), hex(0x00_68A8)],
    fallen: [hex(0x9F_6D52), hex(0x40_8AB9)],
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
    live: hex(0x12_613E),
    restart: hex(0x89_3F6E),
    error: hex(0xA0_000D),
    selection: hex(0xCF_E3F3),
    control: hex(0xE4_E7EB),
    focus: hex(0x7C_58FF),
};

const ON_DARK: Palette = Palette {
    lanes: [hex(0xF0_9A3E), hex(0x56_B4E9)],
    fallen: [hex(0xB5_8E65), hex(0x4F_91B5)],
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
    live: hex(0x6A_E9BB),
    restart: hex(0xC9_90B2),
    error: hex(0xF0_6364),
    selection: hex(0x2B_4A63),
    control: hex(0x26_2C33),
    focus: hex(0xDC_D5FF),
};

/// A theme: which of the palettes is in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shade {
    /// Whether the ground is dark.
    pub is_dark: bool,
    /// Whether the contrast is high.
    pub is_strong: bool,
}

impl Shade {
    /// All of them.
    pub const ALL: [Self; 4] = {
        const fn shade(is_dark: bool, is_strong: bool) -> Shade {
            Shade { is_dark, is_strong }
        }
        [shade(false, false), shade(true, false), shade(false, true), shade(true, true)]
    };

    /// Its colours.
    pub fn palette(self) -> &'static Palette {
        match self {
            Self { is_dark, is_strong: true } => &STRONG[usize::from(is_dark)],
            Self { is_dark: false, .. } => &LIGHT,
            Self { is_dark: true, .. } => &DARK,
        }
    }
}

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

/// A colour so many times as far from the middle grey; what is see-through stays so.
pub fn contrasted(color: Color32, gain: f32) -> Color32 {
    let [r, g, b, a] = color.to_array();
    let middle = f32::from(a) / 2.0;
    let part =
        |c: u8| (middle + (f32::from(c) - middle) * gain).round().clamp(0.0, f32::from(a)) as u8;
    Color32::from_rgba_premultiplied(part(r), part(g), part(b), a)
}

/// A grey value of a picture.
#[expect(clippy::disallowed_methods, reason = "the one place where colours are made")]
pub fn grey(value: u8) -> Color32 {
    Color32::from_gray(value)
}

/// A colour as it lies over greys, its share worked out once and not for each of its pixels.
pub struct Tint {
    part: [f32; 3],
    /// How much of a grey is left.
    rest: f32,
}

impl Tint {
    /// So much of a colour, 0 to 1.
    pub fn new(color: Color32, share: f32) -> Self {
        let part = [color.r(), color.g(), color.b()].map(|part| share * f32::from(part));
        Self { part, rest: 1.0 - share }
    }

    /// The mixture, as [`Color32::lerp_to_gamma`] makes it.
    pub fn over(&self, grey: u8) -> Color32 {
        let below = self.rest * f32::from(grey);
        let [r, g, b] = self.part.map(|part| (below + part + 0.5) as u8);
        Color32::from_rgba_premultiplied(r, g, b, u8::MAX)
    }
}

/// A colour for a place on a map: its direction as hue and its distance as strength, both 0 to 1.
pub fn of_place(hue: f32, strength: f32, is_dark: bool) -> Color32 {
    let value = if is_dark { 0.95 } else { 0.8 };
    Hsva::new(hue, 0.25 + 0.7 * strength, value, 1.0).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2.2).
    fn luminance(c: Color32) -> f64 {
        let [r, g, b] = linear(c);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn a_tint_lies_over_greys_as_colours_are_mixed() {
        for color in [LIGHT.lane(LaneId::A), LIGHT.lane(LaneId::B), grey(128)] {
            for share in [0.0, 0.3, 0.62, 1.0] {
                let tint = Tint::new(color, share);
                for value in 0..=u8::MAX {
                    let mixed = grey(value).lerp_to_gamma(color, share);
                    assert_eq!(tint.over(value), mixed, "{value} {color:?} {share}");
                }
            }
        }
    }

    #[test]
    fn text_is_readable_and_graphics_stand_out() {
        for p in Shade::ALL.map(Shade::palette) {
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
            for graphic in [p.dead, p.fallen[0], p.fallen[1], p.focus] {
                assert!(contrast(graphic, p.canvas) >= 3.0, "{graphic:?}");
            }
            assert!(
                contrast(p.on_lane, p.lanes[0]) >= 4.5 && contrast(p.on_lane, p.lanes[1]) >= 4.5
            );
        }
    }

    #[test]
    fn high_contrast_has_all_that_there_is_between_text_and_ground() {
        for p in Shade::ALL.into_iter().filter(|shade| shade.is_strong).map(Shade::palette) {
            assert!((contrast(p.text, p.panel) - 21.0).abs() < 1e-9);
            // WCAG 2.2, 1.4.6: 7 to 1 for text, 4.5 for large text, as figures of lanes are.
            assert!(contrast(p.weak, p.panel) >= 7.0 && contrast(p.border, p.panel) >= 7.0);
            assert!(p.lanes.iter().all(|lane| contrast(*lane, p.panel) >= 4.5));
        }
    }

    #[test]
    fn contrast_moves_colours_from_the_middle_and_leaves_what_is_seen_through_them() {
        assert_eq!(contrasted(hex(0x40_80C0), 2.0), hex(0x01_81FF));
        assert_eq!(contrasted(hex(0x00_FFFF), 0.5), hex(0x40_BFBF));
        let veil = Color32::from_rgba_premultiplied(10, 50, 90, 100);
        assert_eq!(contrasted(veil, 2.0), Color32::from_rgba_premultiplied(0, 50, 100, 100));
    }

    /// Linear RGB.
    fn linear(c: Color32) -> [f64; 3] {
        [c.r(), c.g(), c.b()].map(|v| {
            let v = f64::from(v) / 255.0;
            if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
        })
    }

    fn product(m: &[[f64; 3]; 3], v: [f64; 3]) -> [f64; 3] {
        m.map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum())
    }

    /// CIELAB under D65.
    fn lab(linear: [f64; 3]) -> [f64; 3] {
        const XYZ: [[f64; 3]; 3] = [
            [0.412_456_4, 0.357_576_1, 0.180_437_5],
            [0.212_672_9, 0.715_152_2, 0.072_175_0],
            [0.019_333_9, 0.119_192_0, 0.950_304_1],
        ];
        let [x, y, z] = product(&XYZ, linear);
        let [x, y, z] = [x / 0.950_47, y, z / 1.088_83].map(|t: f64| {
            if t > 216.0 / 24389.0 { t.cbrt() } else { (24389.0 / 27.0 * t + 16.0) / 116.0 }
        });
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// Difference of two colours, CIEDE2000 (Sharma, Wu and Dalal 2005): 1 is about what can be seen at
    /// all, side by side.
    fn difference([l1, a1, b1]: [f64; 3], [l2, a2, b2]: [f64; 3]) -> f64 {
        let far = |c: f64| (c.powi(7) / (c.powi(7) + 25_f64.powi(7))).sqrt();
        let g = 1.5 - 0.5 * far(f64::midpoint(a1.hypot(b1), a2.hypot(b2)));
        let (c1, c2) = ((g * a1).hypot(b1), (g * a2).hypot(b2));
        let hue = |a: f64, b: f64| b.atan2(g * a).to_degrees().rem_euclid(360.0);
        let (h1, h2) = (hue(a1, b1), hue(a2, b2));
        let turn = match h2 - h1 {
            _ if c1 * c2 == 0.0 => 0.0,
            turn if turn > 180.0 => turn - 360.0,
            turn if turn < -180.0 => turn + 360.0,
            turn => turn,
        };
        let h = if c1 * c2 == 0.0 { h1 + h2 } else { h1 + turn / 2.0 };
        let (l, c) = (f64::midpoint(l1, l2), f64::midpoint(c1, c2));
        let cos = |degrees: f64| degrees.to_radians().cos();
        let t = 1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0)
            - 0.2 * cos(4.0 * h - 63.0);
        let sl = 1.0 + 0.015 * (l - 50.0).powi(2) / (20.0 + (l - 50.0).powi(2)).sqrt();
        let (dl, dc) = ((l2 - l1) / sl, (c2 - c1) / (1.0 + 0.045 * c));
        let dh = 2.0 * (c1 * c2).sqrt() * (turn / 2.0).to_radians().sin() / (1.0 + 0.015 * c * t);
        let around = ((h.rem_euclid(360.0) - 275.0) / 25.0).powi(2);
        let twist = -2.0 * far(c) * (60.0 * (-around).exp()).to_radians().sin();
        (dl * dl + dc * dc + dh * dh + twist * dc * dh).sqrt()
    }

    #[test]
    fn differences_are_those_of_the_published_pairs() {
        // Sharma, Wu and Dalal 2005, table 1: pairs 1, 7, 14, 17, 21 and 34.
        for (a, b, expected) in [
            ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
            ([50.0, 0.0, 0.0], [50.0, -1.0, 2.0], 2.3669),
            ([50.0, -0.001, 2.49], [50.0, 0.0011, -2.49], 4.7461),
            ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
            ([50.0, 2.5, 0.0], [50.0, 3.1736, 0.5854], 1.0),
            ([2.0776, 0.0795, -1.135], [0.9033, -0.0636, -0.5514], 0.9082),
        ] {
            let got = difference(a, b);
            assert!((got - expected).abs() < 1e-4, "{got} {expected}");
        }
    }

    /// Colours as protan, deutan and tritan eyes see them (Machado, Oliveira and Fernandes 2009,
    /// severity 1, in linear RGB), and as others do.
    const EYES: [[[f64; 3]; 3]; 4] = [
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
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    ];

    #[test]
    fn lanes_accents_and_states_of_codes_stay_apart_for_all_eyes() {
        for p in Shade::ALL.map(Shade::palette) {
            let [a, b] = p.lanes;
            let mut pairs = vec![(a, b, 20.0)];
            // On a map: codes in use, fallen out and never used.
            for (lane, fallen) in [(a, p.fallen[0]), (b, p.fallen[1])] {
                pairs.extend([(lane, fallen, 11.0), (fallen, p.dead, 11.0), (lane, p.dead, 11.0)]);
            }
            let accents = [a, b, p.live, p.restart, p.error, p.focus];
            for (i, one) in accents.iter().enumerate() {
                pairs.extend(accents[..i].iter().map(|other| (*one, *other, 11.0)));
            }
            for eyes in EYES {
                let see = |c: Color32| lab(product(&eyes, linear(c)).map(|v| v.clamp(0.0, 1.0)));
                for (one, other, least) in &pairs {
                    let far = difference(see(*one), see(*other));
                    assert!(far >= *least, "{} and {}: {far:.1}", web(*one), web(*other));
                }
            }
        }
    }
}
