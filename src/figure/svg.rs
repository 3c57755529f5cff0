//! A picture in SVG, written as text: shapes, labels and the colours they are made of.

use std::fmt::Write as _;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::palette::{LIGHT, web};
use crate::scenario::LaneId;

/// Colours as SVG writes them.
pub struct Ink {
    lanes: [&'static str; 2],
    fallen: [&'static str; 2],
    /// Text.
    pub text: &'static str,
    /// Text of second rank.
    pub weak: &'static str,
    /// Behind a plot.
    pub canvas: &'static str,
    /// Frame of a plot.
    pub border: &'static str,
    /// Grid lines.
    pub grid: &'static str,
    /// Codes that never were in use.
    pub dead: &'static str,
    /// Reference lines.
    pub reference: &'static str,
    /// What the pen draws.
    pub pen: &'static str,
}

impl Ink {
    /// Colour of a lane.
    pub fn lane(&self, id: LaneId) -> &'static str {
        self.lanes[id.index()]
    }

    /// Colour of a lane's codes that fell out of use.
    pub fn fallen(&self, id: LaneId) -> &'static str {
        self.fallen[id.index()]
    }
}

/// For files of their own: the colours of the light theme.
pub static PAPER: LazyLock<Ink> = LazyLock::new(|| {
    // Made once, and as long as the program.
    let paint = |color| -> &'static str { web(color).leak() };
    Ink {
        lanes: [LaneId::A, LaneId::B].map(|id| paint(LIGHT.lane(id))),
        fallen: [LaneId::A, LaneId::B].map(|id| paint(LIGHT.fallen(id))),
        text: paint(LIGHT.text),
        weak: paint(LIGHT.weak),
        canvas: paint(LIGHT.canvas),
        // As strong as a code that is not in use: it frames what is printed.
        border: paint(LIGHT.dead),
        grid: paint(LIGHT.grid),
        dead: paint(LIGHT.dead),
        reference: paint(LIGHT.reference),
        pen: paint(LIGHT.error),
    }
});

/// For pages, whose style sheet says what these are in light and in dark ([`crate::palette::css`]).
pub static PAGE: Ink = Ink {
    lanes: ["var(--a)", "var(--b)"],
    fallen: ["var(--a-fallen)", "var(--b-fallen)"],
    text: "var(--text)",
    weak: "var(--weak)",
    canvas: "var(--canvas)",
    border: "var(--border)",
    grid: "var(--grid)",
    dead: "var(--dead)",
    reference: "var(--reference)",
    pen: "var(--bad)",
};

/// Text as it stands in HTML, SVG and their attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Not allowed in XML, whatever stands before them.
            '\u{0}'..='\u{8}'
            | '\u{b}'
            | '\u{c}'
            | '\u{e}'..='\u{1f}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                out.push('\u{fffd}');
            }
            c => out.push(c),
        }
    }
    out
}

/// A coordinate with at most two digits after the point.
pub fn short(x: f64) -> String {
    let text = format!("{x:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

/// Where a label stands beside its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// To the right of it.
    Start,
    /// Around it.
    Middle,
    /// To the left of it.
    End,
}

/// Marks that tell lanes apart without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Hollow circle: lane a.
    Circle,
    /// Filled triangle: lane b.
    Triangle,
}

impl Mark {
    /// The mark of a lane.
    pub fn of(id: LaneId) -> Self {
        match id {
            LaneId::A => Self::Circle,
            LaneId::B => Self::Triangle,
        }
    }
}

/// A line's look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke<'a> {
    /// Colour.
    pub color: &'a str,
    /// Width.
    pub width: f64,
    /// Lengths of dashes and gaps; solid without.
    pub dash: Option<&'a str>,
}

impl<'a> Stroke<'a> {
    /// A solid line.
    pub fn solid(color: &'a str, width: f64) -> Self {
        Self { color, width, dash: None }
    }

    fn attributes(&self) -> String {
        let dash = self.dash.map(|d| format!(" stroke-dasharray=\"{d}\"")).unwrap_or_default();
        format!("stroke=\"{}\" stroke-width=\"{}\"{dash}", self.color, short(self.width))
    }
}

/// A picture that grows shape by shape.
pub struct Svg {
    out: String,
}

impl Svg {
    /// A picture of `size` with a sentence for those who cannot see it. A document of its own names
    /// its language and its size; inside a page it takes the width that it is given.
    pub fn new(size: [f64; 2], label: &str, is_document: bool) -> Self {
        let [w, h] = size.map(short);
        let own = if is_document {
            format!(" xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\"")
        } else {
            String::new()
        };
        let label = escape(label);
        let out = format!(
            "<svg{own} viewBox=\"0 0 {w} {h}\" role=\"img\" aria-label=\"{label}\" font-family=\"IBM Plex Sans, Helvetica, Arial, sans-serif\">\n"
        );
        Self { out }
    }

    /// A straight line.
    pub fn line(&mut self, [x1, y1]: [f64; 2], [x2, y2]: [f64; 2], stroke: Stroke<'_>) {
        self.path(&format!("M{} {}L{} {}", short(x1), short(y1), short(x2), short(y2)), stroke);
    }

    /// A line through points.
    pub fn polyline(&mut self, points: &[[f64; 2]], stroke: Stroke<'_>) {
        let mut d = String::new();
        for (i, [x, y]) in points.iter().enumerate() {
            let letter = if i == 0 { 'M' } else { 'L' };
            write!(d, "{letter}{} {}", short(*x), short(*y)).ok();
        }
        if !d.is_empty() {
            self.path(&d, stroke);
        }
    }

    /// The outline that SVG's path letters describe.
    pub fn path(&mut self, d: &str, stroke: Stroke<'_>) {
        let stroke = stroke.attributes();
        writeln!(self.out, "<path fill=\"none\" {stroke} stroke-linejoin=\"round\" d=\"{d}\"/>")
            .ok();
    }

    /// The area that SVG's path letters describe.
    pub fn area(&mut self, d: &str, fill: &str, opacity: f64) {
        let opacity = short(opacity);
        writeln!(self.out, "<path fill=\"{fill}\" fill-opacity=\"{opacity}\" d=\"{d}\"/>").ok();
    }

    /// Dots of one width: strokes without length, which are the shortest way to write many.
    pub fn dots(&mut self, at: &[[f64; 2]], diameter: f64, color: &str, opacity: f64) {
        if at.is_empty() {
            return;
        }
        let mut d = String::new();
        for [x, y] in at {
            write!(d, "M{} {}h0", tenth(*x), tenth(*y)).ok();
        }
        let (width, opacity) = (short(diameter), short(opacity));
        writeln!(
            self.out,
            "<path fill=\"none\" stroke=\"{color}\" stroke-opacity=\"{opacity}\" stroke-width=\"{width}\" stroke-linecap=\"round\" d=\"{d}\"/>"
        )
        .ok();
    }

    /// Hollow circles of one radius.
    pub fn rings(&mut self, at: &[[f64; 2]], radius: f64, stroke: Stroke<'_>) {
        if at.is_empty() {
            return;
        }
        let (r, across) = (short(radius), short(2.0 * radius));
        let mut d = String::new();
        for [x, y] in at {
            let (x, y) = (tenth(x - radius), tenth(*y));
            write!(d, "M{x} {y}a{r} {r} 0 1 0 {across} 0a{r} {r} 0 1 0-{across} 0").ok();
        }
        self.path(&d, stroke);
    }

    /// Crosses of two diagonals that reach so far to each side.
    pub fn crosses(&mut self, at: &[[f64; 2]], reach: f64, stroke: Stroke<'_>) {
        if at.is_empty() {
            return;
        }
        let across = short(2.0 * reach);
        let mut d = String::new();
        for [x, y] in at {
            let (x, y) = (tenth(x - reach), tenth(y - reach));
            write!(d, "M{x} {y}l{across} {across}m0-{across}l-{across} {across}").ok();
        }
        self.path(&d, stroke);
    }

    /// A rectangle with a frame.
    pub fn rect(&mut self, [x, y]: [f64; 2], [w, h]: [f64; 2], fill: &str, stroke: Stroke<'_>) {
        let (at, size, stroke) = ([x, y].map(short), [w, h].map(short), stroke.attributes());
        let ([x, y], [w, h]) = (at, size);
        writeln!(
            self.out,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" fill=\"{fill}\" {stroke}/>"
        )
        .ok();
    }

    /// A mark on a line.
    pub fn mark(&mut self, mark: Mark, [x, y]: [f64; 2], radius: f64, color: &str, canvas: &str) {
        let (cx, cy, r) = (short(x), short(y), short(radius));
        match mark {
            Mark::Circle => writeln!(
                self.out,
                "<circle cx=\"{cx}\" cy=\"{cy}\" r=\"{r}\" fill=\"{canvas}\" stroke=\"{color}\" stroke-width=\"1.4\"/>"
            ),
            Mark::Triangle => {
                let d = format!(
                    "M{} {}l{} {}h{}z",
                    cx,
                    short(y - 1.25 * radius),
                    short(1.15 * radius),
                    short(2.0 * radius),
                    short(-2.3 * radius)
                );
                writeln!(self.out, "<path fill=\"{color}\" d=\"{d}\"/>")
            }
        }
        .ok();
    }

    /// A label.
    pub fn text(&mut self, at: [f64; 2], anchor: Anchor, size: f64, color: &str, text: &str) {
        self.label(at, anchor, size, color, "", text);
    }

    /// A label in a heavier type.
    pub fn bold(&mut self, at: [f64; 2], anchor: Anchor, size: f64, color: &str, text: &str) {
        self.label(at, anchor, size, color, " font-weight=\"600\"", text);
    }

    /// A label that is read from below.
    pub fn text_up(&mut self, at: [f64; 2], size: f64, color: &str, text: &str) {
        let turn = format!(" transform=\"rotate(-90 {} {})\"", short(at[0]), short(at[1]));
        self.label(at, Anchor::Middle, size, color, &turn, text);
    }

    fn label(
        &mut self,
        [x, y]: [f64; 2],
        anchor: Anchor,
        size: f64,
        color: &str,
        more: &str,
        text: &str,
    ) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let (x, y, size, text) = (short(x), short(y), short(size), escape(text));
        writeln!(
            self.out,
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" font-size=\"{size}\" fill=\"{color}\"{more}>{text}</text>"
        )
        .ok();
    }

    /// A picture in pixels.
    pub fn image(&mut self, [x, y]: [f64; 2], [w, h]: [f64; 2], uri: &str) {
        let ([x, y], [w, h]) = ([x, y].map(short), [w, h].map(short));
        writeln!(
            self.out,
            "<image x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" href=\"{uri}\"/>"
        )
        .ok();
    }

    /// The text.
    pub fn finish(mut self) -> String {
        self.out.push_str("</svg>\n");
        self.out
    }
}

/// A coordinate with one digit after the point, where there are thousands of them.
fn tenth(x: f64) -> String {
    short((10.0 * x).round() / 10.0)
}

/// A picture as a PNG in a data URI.
///
/// # Errors
/// What the encoder reports.
pub fn data_uri(image: &image::DynamicImage) -> Result<String, String> {
    let mut png = std::io::Cursor::new(Vec::new());
    image.write_to(&mut png, image::ImageFormat::Png).map_err(|e| e.to_string())?;
    Ok(format!("data:image/png;base64,{}", STANDARD.encode(png.into_inner())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_cannot_break_out_of_their_place() {
        let mut svg = Svg::new([10.0, 10.0], "a \"b\" <c>", true);
        svg.text([1.0, 2.0], Anchor::Start, 9.0, "red", "</text><script>&\u{1}");
        let text = svg.finish();
        assert!(text.contains("aria-label=\"a &quot;b&quot; &lt;c&gt;\""));
        assert!(text.contains(">&lt;/text&gt;&lt;script&gt;&amp;\u{fffd}</text>"));
    }

    #[test]
    fn coordinates_are_short() {
        assert_eq!([1.0, -0.001, 2.345, 100.0].map(short), ["1", "0", "2.35", "100"]);
        assert_eq!(tenth(3.12), "3.1");
    }
}
