//! The parts of a report, from the answer to the command that repeats the run.

use crate::export::kept_steps;
use crate::export::plots::{self, Bars};
use crate::export::report::Page;
use crate::export::report::facts::Facts;
use crate::export::report::lane_end::LaneEnd;
use crate::figure::chart;
use crate::figure::chart::Chart;
use crate::figure::layers::Layers;
use crate::figure::map;
use crate::figure::svg::{self, PAGE, escape};
use crate::record::snapshot::{LaneView, Snapshot};
use crate::scenario::{LaneId, to_toml};
use crate::text::{count, percent, significant};
use crate::words;

/// Side of a map's plot, in units of the picture.
const MAP: f64 = 150.0;

/// A share with one digit after the point.
pub fn share(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

/// A heading of a column for each lane.
pub fn heads(facts: &Facts<'_>) -> String {
    let head = |lane: &LaneEnd| {
        let (class, name) =
            (lane.spec.id.name(), escape(&format!("{}: {}", lane.letter(), lane.method)));
        format!("<th scope=\"col\"><span class=\"{class}\">{name}</span></th>")
    };
    facts.lanes.iter().map(head).collect()
}

/// What was compared, who is ahead, and whether it holds.
pub fn answer(page: &mut Page, facts: &Facts<'_>) {
    let scenario = &facts.archive.scenario;
    page.element("h1", "", scenario.title.spoken());
    if !scenario.about.is_empty() {
        page.element("p", "about", scenario.about.spoken());
        if facts.departure.is_some() {
            let how = facts.departure.sentence();
            page.element("p", "note", &words!("report-so-the-story-says-this", how = how));
        }
    }
    page.element("p", "answer", &facts.answer());
    page.raw("<table class=\"big\">");
    page.raw(&format!("<thead><tr><th></th>{}</tr></thead>\n<tbody>", heads(facts)));
    row(page, facts, words!("report-codes-in-use"), facts.best_by_use(), |lane| {
        lane.judged().map(|usage| {
            let (used, all) = (count(usage.used as u64), count(usage.size as u64));
            (share(usage.share()), words!("report-of-codes", used = used, all = all))
        })
    });
    row(page, facts, words!("report-reconstruction-error"), facts.best_by_error(), |lane| {
        lane.view.eval.map(|e| {
            (
                significant(e.recon_mse),
                words!("report-mse-a-pixel-db", psnr = format_args!("{:.1}", e.psnr)),
            )
        })
    });
    page.raw("</tbody>\n</table>\n<dl class=\"points\">");
    for (name, text) in [
        (words!("report-compared"), facts.compared()),
        (words!("report-codes"), facts.use_of_codes()),
        (words!("report-judged"), facts.judgements()),
        (words!("report-reconstruction"), facts.reconstruction()),
        (words!("report-does-it-hold"), facts.holds()),
        (words!("report-how-far-it-carries"), facts.reach()),
    ] {
        page.raw(&format!("<dt>{name}</dt><dd>{}</dd>", escape(&text)));
    }
    page.raw("</dl>");
}

/// A row of the first table: a figure and what it is, a cell for each lane.
fn row(
    page: &mut Page,
    facts: &Facts<'_>,
    name: &str,
    best: Option<LaneId>,
    cell: fn(&LaneEnd) -> Option<(String, String)>,
) {
    let mut cells = String::new();
    for lane in &facts.lanes {
        let class = if best == Some(lane.spec.id) { " class=\"best\"" } else { "" };
        let (figure, words) =
            cell(lane).unwrap_or_else(|| ("–".into(), words!("report-not-measured").into()));
        let (figure, words) = (escape(&figure), escape(&words));
        cells += &format!("<td><span{class}>{figure}</span><small>{words}</small></td>");
    }
    page.raw(&format!("<tr><th scope=\"row\">{name}</th>{cells}</tr>"));
}

fn figure(page: &mut Page, markup: &str, caption: &str) {
    let caption = if caption.is_empty() {
        String::new()
    } else {
        format!("<figcaption>{}</figcaption>", escape(caption))
    };
    page.raw(&format!("<figure>\n{markup}{caption}</figure>"));
}

/// Use, error and losses over steps.
pub fn curves(page: &mut Page, facts: &Facts<'_>) {
    page.heading(words!("report-over-the-steps-of-training"));
    page.raw("<div class=\"pair\">");
    let story = &facts.story;
    let end = facts.lanes.iter().filter_map(|lane| Some((lane, lane.view.eval?)));
    let ceilings: Vec<String> = end
        .map(|(lane, eval)| {
            let usage = eval.usage;
            let tokens = count(usage.tokens as u64);
            words!(
                "report-of-tokens",
                lane = lane.letter(),
                ceiling = percent(usage.ceiling()),
                tokens = tokens
            )
        })
        .collect();
    let use_of_codes = words!(
        "report-window-the-last-training-tokens",
        ceilings = match &ceilings[..] {
            [] => words!("report-not-counted").into(),
            all => all.join(words!("list-separator")),
        }
    );
    let changed =
        if story.is_changed() { words!("report-dashed-vertical-lines-a-setting") } else { "" };
    for (chart, caption) in [
        (story.utilization(&PAGE), use_of_codes),
        (story.error(&PAGE), words!("report-log-scale-thin-error-of", changed = changed)),
        (story.losses(&PAGE), words!("report-log-scale-terms-of-the").into()),
        (story.perplexity(&PAGE), words!("report-log-scale-number-of-equally").into()),
    ] {
        figure(page, &chart::inline(&chart, &PAGE), &caption);
    }
    page.raw("</div>");
}

/// Code maps at some steps, a row for each lane.
pub fn maps(page: &mut Page, facts: &Facts<'_>, shown: &[Snapshot]) {
    page.heading(words!("report-where-the-codes-lie"));
    page.element("p", "note", words!("report-codes-on-the-two-main"));
    let drawn = kept_steps::drawn(facts.archive);
    for lane in &facts.lanes {
        page.element("h3", lane.spec.id.name(), &format!("{}: {}", lane.letter(), lane.method));
        page.raw("<div class=\"maps\">");
        for snapshot in shown {
            if let Some(view) = snapshot.lanes.iter().find(|view| view.id == lane.spec.id) {
                let title = words!("report-step", step = count(snapshot.step));
                let strokes: Vec<_> = drawn.over_map(snapshot.step, lane.spec.id).collect();
                let parts = (MAP, Layers::default(), &strokes[..]);
                figure(page, &map::draw(view, &PAGE, &title, parts, false), "");
            }
        }
        page.raw("</div>");
    }
}

/// Usage bars of each lane, early and at the end.
pub fn bars(page: &mut Page, facts: &Facts<'_>, shown: &[Snapshot], last: &Snapshot) {
    page.heading(words!("report-how-evenly-codes-are-used"));
    page.element("p", "note", words!("report-uses-of-each-code-in"));
    // At step 0 nothing has been counted.
    let first =
        shown.iter().find(|s| s.step < last.step && s.lanes.iter().any(|l| l.window.used > 0));
    let both: Vec<&Snapshot> = first.into_iter().chain([last]).collect();
    let most = both.iter().flat_map(|s| &s.lanes).flat_map(|l| l.window_counts.iter().copied());
    let most = most.max().unwrap_or(0);
    page.raw("<div class=\"pair\">");
    for lane in &facts.lanes {
        let view = |s: &&&Snapshot| s.lanes.iter().any(|view| view.id == lane.spec.id);
        let bars: Vec<Bars<'_>> = both
            .iter()
            .filter(view)
            .filter_map(|s| {
                let view: &LaneView = s.lanes.iter().find(|view| view.id == lane.spec.id)?;
                let name = plots::window_name(s.step, view);
                Some(Bars { name, counts: &view.window_counts, usage: view.window })
            })
            .collect();
        let title = format!("{}: {}", lane.letter(), lane.method);
        let chart: Chart = plots::usage(&title, PAGE.lane(lane.spec.id), &PAGE, &bars, most);
        figure(page, &chart::inline(&chart, &PAGE), "");
    }
    page.raw("</div>");
}

/// Held-out pictures and what each lane makes of them.
///
/// # Errors
/// A picture cannot be encoded.
pub fn reconstructions(page: &mut Page, facts: &Facts<'_>, last: &Snapshot) -> Result<(), String> {
    let shown: Vec<(&LaneEnd, _)> = facts
        .lanes
        .iter()
        .zip(&last.lanes)
        .filter_map(|(lane, view)| Some((lane, view.pictures.as_ref()?)))
        .collect();
    let Some((_, first)) = shown.first() else { return Ok(()) };
    page.heading(words!("report-what-comes-back"));
    let step = count(first.step);
    let note = words!("report-held-out-pictures-and-their", step = step);
    page.element("p", "note", &note);
    page.raw("<div class=\"wide\"><div class=\"recon\">");
    let mut strip = |name: &str, class: &str, pictures: &[Vec<u8>]| -> Result<(), String> {
        let uri = svg::data_uri(&side_by_side(pictures, first.width, first.height))?;
        let name = escape(name);
        page.raw(&format!(
            "<span class=\"{class}\">{name}</span><img alt=\"{}\" src=\"{uri}\"/>",
            words!("report-pictures", name = name, number = pictures.len())
        ));
        Ok(())
    };
    strip(words!("report-input"), "", &first.inputs)?;
    for (lane, pictures) in &shown {
        strip(&lane.name(), lane.spec.id.name(), &pictures.outputs)?;
    }
    page.raw("</div></div>");
    Ok(())
}

/// Grey pictures in a row with a gap between them.
fn side_by_side(pictures: &[Vec<u8>], width: usize, height: usize) -> image::DynamicImage {
    let gap = (width / 16).max(1);
    let pitch = width + gap;
    let across = (pictures.len() * pitch).saturating_sub(gap).max(1);
    let mut strip = image::GrayAlphaImage::new(across as u32, height.max(1) as u32);
    for (i, picture) in pictures.iter().enumerate() {
        for (at, &grey) in picture.iter().enumerate() {
            let (x, y) = (i * pitch + at % width, at / width);
            strip.put_pixel(x as u32, y as u32, image::LumaA([grey, 255]));
        }
    }
    strip.into()
}

/// What happened while the run trained.
pub fn events(page: &mut Page, facts: &Facts<'_>) {
    page.heading(words!("report-what-happened"));
    let all: Vec<_> = facts.story.events.iter().filter(|e| e.kind.is_mark()).collect();
    if all.is_empty() {
        page.element("p", "note", words!("report-nothing-was-changed-or-flagged"));
        return;
    }
    page.raw(&format!(
        "<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>",
        words!("report-after-step"),
        words!("report-what")
    ));
    for event in all {
        let class = event.lane.map_or("", LaneId::name);
        let (step, text) = (count(event.step), escape(&event.sentence()));
        page.raw(&format!(
            "<tr><td>{step}</td><td><span class=\"{class}\">{text}</span></td></tr>"
        ));
    }
    page.raw("</tbody>\n</table></div>");
}

/// What it takes to repeat the run.
pub fn repeat(page: &mut Page, facts: &Facts<'_>) {
    let (archive, manifest) = (facts.archive, &facts.archive.manifest);
    let (command, needs_file) = facts.command();
    page.heading(words!("report-to-repeat-it"));
    page.raw(&format!("<pre class=\"command\"><code>{}</code></pre>", escape(&command)));
    let mut notes = Vec::new();
    if needs_file {
        notes.push(words!("report-the-scenario-is-no-built").to_string());
    }
    if !manifest.log.is_empty() {
        notes.push(words!("report-settings-were-changed-by-hand", log = manifest.log.len()));
    }
    if let Some(parent) = &manifest.forked_from {
        notes.push(words!(
            "report-it-was-forked-from-the",
            run = parent.run,
            step = count(parent.step)
        ));
    }
    notes.push(words!("report-on-the-cpu-the-same").into());
    page.element("p", "note", &notes.join(" "));
    page.raw("<div class=\"wide\"><table><tbody>");
    for (name, value) in [
        (words!("report-run-hash-sha-256-of"), &manifest.scenario_sha256),
        (words!("report-seed"), &archive.scenario.seed.to_string()),
        (words!("report-steps-trained"), &count(facts.steps())),
        (
            words!("report-device"),
            &format!("{} ({})", manifest.device, manifest.device_reason.text()),
        ),
        (words!("report-instruction-set"), &manifest.instruction_set),
        (words!("report-program"), &format!("vqscope {}", manifest.program)),
    ] {
        let value = escape(value);
        page.raw(&format!("<tr><th scope=\"row\">{name}</th><td><code>{value}</code></td></tr>"));
    }
    page.raw("</tbody></table></div>");
    let text = escape(&to_toml(&archive.scenario));
    // On paper nobody can unfold what one must type.
    let open = if needs_file { " open=\"open\"" } else { "" };
    let summary = words!("report-scenario-as-trained", file = "scenario.toml");
    page.raw(&format!(
        "<details{open}><summary>{summary}</summary><pre><code>{text}</code></pre></details>"
    ));
}
