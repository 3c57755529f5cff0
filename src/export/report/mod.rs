//! The report: one HTML file with pictures and style inside, which needs no network and no script.
//!
//! Its first screen answers what was compared, who used how many codes, who reconstructed better,
//! and whether that holds; below lie the curves, maps, tables and what it takes to repeat the run.
//! Every text from a file is escaped. The page is written as XML, so that it can be checked.

mod departure;
mod facts;
mod parts;
mod tables;

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
    let kept = archive.keyframe_steps();
    let end = kept_steps::at(&kept, None).map_err(ExportError::BadInput)?;
    let last = archive.keyframe(end)?;
    let shown: Vec<Snapshot> =
        maps.iter().map(|&step| archive.keyframe(step)).collect::<Result<_, _>>()?;
    let facts = Facts::new(archive, &last)?;
    let mut page = Page::new(&archive.scenario.title);
    parts::answer(&mut page, &facts);
    parts::curves(&mut page, &facts);
    parts::maps(&mut page, &facts, &shown);
    parts::bars(&mut page, &facts, &shown, &last);
    parts::reconstructions(&mut page, &facts, &last).map_err(ExportError::Broken)?;
    tables::figures_table(&mut page, &facts);
    tables::expectations(&mut page, &facts);
    tables::settings(&mut page, &facts);
    parts::events(&mut page, &facts);
    parts::repeat(&mut page, &facts);
    Ok(page.finish())
}

/// A page that grows part by part.
pub struct Page(String);

impl Page {
    fn new(title: &str) -> Self {
        let (title, style) = (crate::figure::svg::escape(title), include_str!("style.css"));
        let (light, dark) = (css(&LIGHT), css(&DARK));
        Self(format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>{title}</title>\n<style>\n:root {{ color-scheme: light dark; {light}}}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark}}} }}\n{style}</style>\n</head>\n<body>\n<main>\n"
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
