//! The tables of a report: final figures, expectations, settings.

use crate::analysis::figures::{Better, Figure, figures};
use crate::analysis::verdict::Outcome;
use crate::export::report::Page;
use crate::export::report::facts::Facts;
use crate::export::report::parts::{heads, share};
use crate::figure::svg::escape;
use crate::record::usage::Usage;
use crate::text::{count, per_code, percent, significant};
use crate::words;

/// The table of final figures.
pub fn figures_table(page: &mut Page, facts: &Facts<'_>) {
    page.heading(words!("report-final-figures"));
    let Some(lane) = facts.lanes.first() else { return };
    let early = facts
        .evaluated_early()
        .map_or(String::new(), |step| words!("report-the-full-set-was-last", step = step));
    let note =
        words!("report-after-steps-a-tick-marks", steps = count(facts.steps()), early = early);
    page.element("p", "note", &note);
    page.raw("<div class=\"wide\"><table>");
    page.raw(&format!(
        "<thead><tr><th scope=\"col\">{}</th>{}<th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>\n<tbody>",
        words!("report-figure"),
        heads(facts),
        words!("report-tokens-a-code"),
        words!("report-ceiling")
    ));
    for figure in figures(&lane.view) {
        let cells: Vec<_> = facts
            .lanes
            .iter()
            .map(|lane| {
                let value = (figure.value)(&lane.view);
                let text = match (value, figure.usage) {
                    (Some(value), Some(_)) => Some(share(value)),
                    _ => (figure.text)(&lane.view),
                };
                (value, text)
            })
            .collect();
        let usages = figure.usage.map(|u| facts.lanes.iter().map(|l| u(&l.view)).collect());
        table_row(page, &unit_name(&figure), figure.better, &cells, usages);
    }
    if facts.lanes.iter().any(|lane| lane.counted.is_some()) {
        let counted: Vec<Option<Usage>> = facts.lanes.iter().map(|lane| lane.counted).collect();
        let tokens = counted.iter().flatten().map(|u| u.tokens).max().unwrap_or(0);
        let name = words!("report-used-final-count", tokens = count(tokens as u64));
        let value = |u: &Option<Usage>| u.map(|u| u.share());
        let cells: Vec<_> = counted.iter().map(|u| (value(u), value(u).map(share))).collect();
        let usages = counted.iter().map(|u| u.unwrap_or_default()).collect();
        table_row(page, &name, Better::More, &cells, Some(usages));
        let value = |u: &Option<Usage>| u.map(|u| u.perplexity);
        let cells: Vec<_> = counted.iter().map(|u| (value(u), value(u).map(significant))).collect();
        table_row(page, words!("report-perplexity-final-count"), Better::More, &cells, None);
    }
    page.raw("</tbody>\n</table></div>");
}

/// The name of a figure, with its unit where the name does not say it.
fn unit_name(figure: &Figure) -> String {
    match figure.unit.beside_name() {
        Some(unit) => words!("report-figure-in", name = figure.name, unit = unit),
        None => figure.name.clone(),
    }
}

fn table_row(
    page: &mut Page,
    name: &str,
    better: Better,
    cells: &[(Option<f64>, Option<String>)],
    usages: Option<Vec<Usage>>,
) {
    let best = match (cells, better) {
        ([(Some(a), _), (Some(b), _)], Better::More | Better::Less) if a != b => {
            Some(usize::from((a < b) == (better == Better::More)))
        }
        _ => None,
    };
    let mut markup = format!("<tr><th scope=\"row\">{}</th>", escape(name));
    for (i, (_, text)) in cells.iter().enumerate() {
        let class = if best == Some(i) { " class=\"best\"" } else { "" };
        let text = escape(text.as_deref().unwrap_or("–"));
        markup += &format!("<td><span{class}>{text}</span></td>");
    }
    let of_usage = |f: fn(&Usage) -> String| -> String {
        let counted = usages.iter().flatten().filter(|u| u.tokens > 0);
        let mut all: Vec<String> = counted.map(f).collect();
        all.dedup();
        all.join(", ")
    };
    let (tokens, ceiling) =
        (of_usage(|u| per_code(u.tokens, u.size)), of_usage(|u| percent(u.ceiling())));
    page.raw(&format!("{markup}<td>{tokens}</td><td>{ceiling}</td></tr>"));
}

/// The verdict of each expectation.
pub fn expectations(page: &mut Page, facts: &Facts<'_>) {
    page.heading(words!("report-expectations"));
    page.element(
        "p",
        "note",
        &words!("report-stated-in-the-scenario-before", holds = facts.holds()),
    );
    if facts.verdicts.is_empty() {
        return;
    }
    page.raw("<div class=\"wide\"><table><tbody>");
    for verdict in &facts.verdicts {
        let (class, word) = match verdict.outcome() {
            Outcome::Held => ("held", words!("verdict-held")),
            Outcome::Failed if !facts.departure.keys.is_empty() => ("", words!("report-not-here")),
            Outcome::Failed => ("failed", words!("verdict-failed")),
            Outcome::LeftStory => ("", words!("verdict-not-judged")),
            Outcome::NotReached => ("", words!("verdict-not-reached")),
        };
        let text = verdict.sentence();
        page.raw(&format!(
            "<tr><td><span class=\"{class}\">{word}</span></td><td>{}</td></tr>",
            escape(&text)
        ));
    }
    page.raw("</tbody></table></div>");
}

/// All settings, those in which the lanes differ first.
pub fn settings(page: &mut Page, facts: &Facts<'_>) {
    page.heading(words!("report-settings"));
    if facts.lanes.len() == 2 {
        let note = words!("report-as-the-run-began-settings");
        page.element("p", "note", note);
    }
    page.raw("<div class=\"wide\"><table>");
    page.raw(&format!(
        "<thead><tr><th scope=\"col\">{}</th>{}</tr></thead>\n<tbody>",
        words!("report-setting"),
        heads(facts)
    ));
    let differs = |key: &str| facts.differences.iter().any(|d| d.key == key);
    let (first, rest): (Vec<_>, Vec<_>) = facts.settings.iter().partition(|row| differs(row.key));
    for row in first.into_iter().chain(rest) {
        let class = if differs(row.key) { " class=\"differs\"" } else { "" };
        let cells = [&row.a, &row.b].into_iter().take(facts.lanes.len());
        let cells: String = cells.map(|text| format!("<td>{}</td>", escape(text))).collect();
        page.raw(&format!("<tr{class}><th scope=\"row\">{}</th>{cells}</tr>", escape(row.setting)));
    }
    page.raw("</tbody>\n</table></div>");
}
