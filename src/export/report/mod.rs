//! The report: one HTML file with pictures and style inside, which needs no network and no script.
//!
//! Its first screen answers what was compared, who used how many codes, who reconstructed better,
//! and whether that holds; below lie the curves, maps, tables and what it takes to repeat the run.
//! Every text from a file is escaped. The page is written as XML, so that it can be checked.

mod departure;
mod facts;
mod handout;
mod judged;
mod lane_end;
mod parts;
mod tables;

use image::RgbaImage;

use crate::archive::Archive;
use crate::export::{ExportError, kept_steps};
use crate::palette::{DARK, LIGHT, css};
use crate::record::snapshot::Snapshot;
use facts::Facts;

/// The report of a run with maps of kept steps.
///
/// # Errors
/// The run keeps no pictures, or a file of it is damaged.
pub fn write(archive: &Archive, maps: &[u64]) -> Result<String, ExportError> {
    let mut page = Page::new(archive.scenario.title.spoken());
    parts_of(&mut page, archive, maps)?;
    Ok(page.finish())
}

/// The same behind the story's questions and what was drawn at some steps, folded, so that nobody reads
/// the answers by accident.
///
/// # Errors
/// As [`write()`].
pub fn handout(
    archive: &Archive,
    maps: &[u64],
    drawn: &[(u64, RgbaImage)],
) -> Result<String, ExportError> {
    // Many a title says how the story ends.
    let mut page = Page::new(crate::words!("handout-title"));
    handout::questions(&mut page, archive);
    handout::drawn(&mut page, drawn)?;
    let all = crate::figure::svg::escape(crate::words!("handout-report"));
    page.raw(&format!("<details class=\"report\"><summary>{all}</summary>"));
    parts_of(&mut page, archive, maps)?;
    page.raw("</details>");
    Ok(page.finish())
}

fn parts_of(page: &mut Page, archive: &Archive, maps: &[u64]) -> Result<(), ExportError> {
    let kept = archive.keyframe_steps();
    let end = kept_steps::at(&kept, None).map_err(ExportError::BadInput)?;
    let last = archive.keyframe(end)?;
    let shown: Vec<Snapshot> =
        maps.iter().map(|&step| archive.keyframe(step)).collect::<Result<_, _>>()?;
    let facts = Facts::new(archive, &last)?;
    parts::answer(page, &facts);
    parts::curves(page, &facts);
    parts::maps(page, &facts, &shown);
    parts::bars(page, &facts, &shown, &last);
    parts::reconstructions(page, &facts, &last).map_err(ExportError::Broken)?;
    tables::figures_table(page, &facts);
    tables::expectations(page, &facts);
    tables::settings(page, &facts);
    parts::events(page, &facts);
    parts::repeat(page, &facts);
    Ok(())
}

/// A page that grows part by part.
pub struct Page(String);

impl Page {
    fn new(title: &str) -> Self {
        let (title, style) = (crate::figure::svg::escape(title), include_str!("style.css"));
        let language = crate::words::spoken().name();
        let (light, dark) = (css(&LIGHT), css(&DARK));
        Self(format!(
            "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>{title}</title>\n<style>\n:root {{ color-scheme: light dark; {light}}}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark}}} }}\n{style}</style>\n</head>\n<body>\n<main>\n"
        ))
    }

    /// Adds markup.
    fn raw(&mut self, markup: &str) {
        self.0.push_str(markup);
        self.0.push('\n');
    }

    /// Adds a heading.
    fn heading(&mut self, text: &str) {
        self.element("h2", "", text);
    }

    /// Adds an element that holds a text, which is escaped.
    fn element(&mut self, tag: &str, class: &str, text: &str) {
        let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
        let text = crate::figure::svg::escape(text);
        self.raw(&format!("<{tag}{class}>{text}</{tag}>"));
    }

    fn finish(mut self) -> String {
        self.0.push_str("</main>\n</body>\n</html>\n");
        self.0
    }
}
