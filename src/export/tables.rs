//! What a panel shows, as CSV: raw numbers with their units in the header.

use crate::analysis::figures::{figures, full_set_step};
use crate::export::plots::Story;
use crate::figure::panel::{Panel, list};
use crate::record::event::Event;
use crate::record::snapshot::{LaneView, Snapshot};
use crate::record::usage::CountedIn;
use crate::scenario::LaneId;
use crate::text::csv::{self, Table};
use crate::words;

/// Panels that are tables.
pub const TABLES: [Panel; 8] = [
    Panel::Map(LaneId::A),
    Panel::Map(LaneId::B),
    Panel::Usage(LaneId::A),
    Panel::Usage(LaneId::B),
    Panel::Recon,
    Panel::Curves,
    Panel::Numbers,
    Panel::Timeline,
];

/// Whether a panel shows the run over steps, for which no picture need be kept.
pub fn is_over_steps(panel: Panel) -> bool {
    matches!(panel, Panel::Curves | Panel::Timeline)
}

/// A table of a panel over steps.
pub fn over_steps(panel: Panel, story: &Story<'_>) -> String {
    if panel == Panel::Curves { curves(story) } else { timeline(story) }
}

/// A table of a panel at a step.
///
/// # Errors
/// The panel is no table, or shows a lane that is not there.
pub fn at_step(panel: Panel, snapshot: &Snapshot) -> Result<String, String> {
    let lane = |id: LaneId| lane(snapshot, panel, id);
    // A program that reads it knows the names of figures and units by their English words.
    words::english(|| match panel {
        Panel::Map(id) => Ok(map(lane(id)?)),
        Panel::Usage(id) => Ok(usage(lane(id)?)),
        Panel::Recon => Ok(recon(snapshot)),
        Panel::Numbers => Ok(numbers(snapshot)),
        Panel::Window | Panel::Maps | Panel::Curves | Panel::Timeline => Err(not_a_table(panel)),
    })
}

/// The view of the lane that a panel shows.
///
/// # Errors
/// The run has no such lane.
pub fn lane(snapshot: &Snapshot, panel: Panel, id: LaneId) -> Result<&LaneView, String> {
    snapshot.lanes.iter().find(|view| view.id == id).ok_or_else(|| {
        format!("--panel {} shows lane {}, which this run does not have", panel.name(), id.name())
    })
}

/// Why a panel cannot be a table.
pub fn not_a_table(panel: Panel) -> String {
    format!("--panel {} is no table; use --csv with {}", panel.name(), list(&TABLES))
}

/// A number, or nothing where it is not one.
fn cell(value: Option<f64>) -> String {
    value.filter(|v| v.is_finite()).map(|v| v.to_string()).unwrap_or_default()
}

fn map(view: &LaneView) -> String {
    let [pc1, pc2] = view.axes.explained;
    let mut table = Table::default();
    table.row([
        "what".into(),
        "number".into(),
        format!("PC 1 ({pc1} of the variance)"),
        format!("PC 2 ({pc2} of the variance)"),
        format!("uses ({})", counted(view)),
    ]);
    let mut row = |what: &str, number: usize, p: &[f32; 2], uses: String| {
        // The panel's coordinates have the middle of the view as their origin; its axes do not.
        let [x, y] = [0, 1].map(|axis| (p[axis] + view.axes.centre[axis]).to_string());
        table.row([what.into(), number.to_string(), x, y, uses]);
    };
    for (i, p) in view.codes.iter().enumerate() {
        row("code", i, p, view.window_counts.get(i).copied().unwrap_or(0).to_string());
    }
    for (i, p) in view.latents.iter().enumerate() {
        row("encoder output", i, p, String::new());
    }
    table.text()
}

/// What the uses of the codes are counts of.
fn counted(view: &LaneView) -> String {
    match view.counted_in {
        CountedIn::Tokens => format!("last {} training tokens", view.window.tokens),
        CountedIn::Millionths => "millionths of all use".into(),
        CountedIn::Flags => "1 for a code in use".into(),
    }
}

fn usage(view: &LaneView) -> String {
    let full = view.eval.map_or("full set: not counted yet".into(), |e| match view.counted_in {
        CountedIn::Tokens => {
            format!("full set of {} tokens after step {}", e.usage.tokens, e.step)
        }
        _ => format!("{} after step {}", counted(view), e.step),
    });
    let mut table = Table::default();
    table.row([
        "code".into(),
        format!("uses ({} until step {})", counted(view), view.step),
        format!("uses ({full})"),
    ]);
    for (code, uses) in view.window_counts.iter().enumerate() {
        let full = view.eval_counts.get(code).map(ToString::to_string).unwrap_or_default();
        table.row([code.to_string(), uses.to_string(), full]);
    }
    table.text()
}

fn recon(snapshot: &Snapshot) -> String {
    let shown = snapshot.lanes.iter().filter_map(|l| Some((l.id.name(), l.pictures.as_ref()?)));
    let shown: Vec<_> = shown.collect();
    let width = shown.first().map_or(0, |(_, pictures)| pictures.width);
    let mut table = Table::default();
    let names = ["source", "after step", "picture", "row"].map(String::from);
    let columns = (0..width).map(|x| format!("column {x} (grey 0 to 255)"));
    table.row(names.into_iter().chain(columns));
    let inputs = shown.first().map(|(_, p)| ("input", String::new(), p.inputs.as_slice()));
    let outputs = shown.iter().map(|(name, p)| (*name, p.step.to_string(), &p.outputs[..]));
    for (source, step, pictures) in inputs.into_iter().chain(outputs) {
        for (i, picture) in pictures.iter().enumerate() {
            for (row, pixels) in picture.chunks(width.max(1)).enumerate() {
                let place = [source.into(), step.clone(), i.to_string(), row.to_string()];
                table.row(place.into_iter().chain(pixels.iter().map(ToString::to_string)));
            }
        }
    }
    table.text()
}

fn numbers(snapshot: &Snapshot) -> String {
    let lanes = || snapshot.lanes.iter();
    let names = lanes().map(|lane| format!("lane {}", lane.id.name()));
    let ceilings = lanes().map(|lane| format!("sampling ceiling of {}", lane.id.name()));
    let mut table = Table::of_cells();
    table.row(["figure".into(), "unit".into()].into_iter().chain(names).chain(ceilings));
    // A lane in its warm-up has counted nothing yet.
    let counting = lanes().find(|lane| lane.warms_up_until.is_none());
    let Some(named) = counting.or(snapshot.lanes.first()) else { return table.text() };
    let counted = full_set_step(&snapshot.lanes);
    for figure in figures(named) {
        let counted = counted.as_ref().filter(|_| figure.is_of_full_set);
        let of = counted.map_or(String::new(), |step| format!(" after {step}"));
        let values = lanes().map(|lane| cell((figure.value)(lane)));
        let ceilings = lanes().map(|lane| {
            let usage = figure.usage.map(|usage| usage(lane)).filter(|u| u.tokens > 0);
            cell(usage.map(|u| u.ceiling()))
        });
        let named = [csv::cell(&(figure.name + &of)), figure.unit.words().to_string()];
        table.row(named.into_iter().chain(values).chain(ceilings));
    }
    table.text()
}

fn curves(story: &Story<'_>) -> String {
    let mut table = Table::default();
    table.row(
        [
            "step",
            "lane",
            "reconstruction loss (mean squared error a pixel of the batch)",
            "codebook loss (of the batch)",
            "commitment loss (of the batch; without its weight)",
        ]
        .map(String::from),
    );
    for row in &story.rows {
        let losses = [row.recon_loss, row.codebook_loss, row.commitment_loss];
        let [recon, codebook, commitment] = losses.map(|loss| cell(Some(loss)));
        table.row([row.step.to_string(), row.lane.name().into(), recon, codebook, commitment]);
    }
    table.text()
}

fn timeline(story: &Story<'_>) -> String {
    let mut table = Table::of_cells();
    table.row(
        [
            "step",
            "lane",
            "utilization of the window (fraction of the codes)",
            "tokens in the window",
            "utilization of the full set (fraction of the codes)",
            "tokens of the full set",
            "MSE of the full set (a pixel)",
            "MSE of the batch (a pixel)",
            "what happened before this step",
        ]
        .map(String::from),
    );
    // Captions and changes of the view are no marks of the timeline.
    let is_mark = |e: &&&Event| e.kind.is_mark();
    let mut events = story.events.iter().filter(is_mark).peekable();
    for row in &story.rows {
        let eval = row.eval;
        // An event acts between its step and the next; it stands once, at the first row after it.
        let mut happened = Vec::new();
        while let Some(event) = events.next_if(|e| e.step < row.step) {
            happened.push(event.text.as_str());
        }
        let is_quiet = happened.is_empty();
        table.row([
            row.step.to_string(),
            row.lane.name().into(),
            cell(Some(row.utilization_window)),
            row.window_tokens.to_string(),
            cell(eval.map(|e| e.usage.share())),
            eval.map(|e| e.usage.tokens.to_string()).unwrap_or_default(),
            cell(eval.map(|e| e.recon_mse)),
            cell(Some(row.recon_loss)),
            if is_quiet { String::new() } else { csv::cell(&happened.join("; ")) },
        ]);
    }
    // What ended the run has no row after it.
    for event in events {
        let mut cells = [const { String::new() }; 9];
        (cells[0], cells[8]) = (event.step.to_string(), csv::cell(&event.text));
        table.row(cells);
    }
    table.text()
}
