//! The grid: every combination of the varied settings, for every seed.

use crate::scenario::{Scenario, ScenarioError, read};
use crate::sweep::SweepError;
use crate::text::{sentence, shown};

/// Most runs of a sweep; more is a slip of the pen.
const MOST_RUNS: usize = 10_000;

/// A scenario with settings that take several values each.
pub struct Grid {
    /// The scenario's title.
    pub title: String,
    /// The settings that vary and their values, as written.
    pub axes: Vec<Axis>,
    cells: Vec<Cell>,
}

/// One setting that varies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Its key, such as `codebook.size`.
    pub key: String,
    /// Its values, as TOML or bare words.
    pub values: Vec<String>,
}

/// One run.
pub struct Cell {
    /// The name of its folder: the settings and the seed.
    pub name: String,
    /// Number of the value on each axis.
    pub at: Vec<usize>,
    /// The seed.
    pub seed: u64,
    /// The scenario with all settings applied.
    pub scenario: Scenario,
}

impl Grid {
    /// The grid of a scenario (a built-in one or a path), settings that hold for all runs, settings
    /// that vary (`KEY=V1,V2`) and seeds (`0-2` or `0,3,7`; the scenario's own without).
    ///
    /// Every run's scenario is read and checked, so that nothing is trained before all are known to
    /// be sound.
    ///
    /// # Errors
    /// A sentence that names the setting and what to do.
    pub fn new(
        name: &str,
        sets: &[String],
        vary: &[String],
        seeds: Option<&str>,
    ) -> Result<Self, SweepError> {
        let base = read(name, sets).map_err(|e| SweepError::BadInput(e.to_string()))?;
        let axes: Vec<Axis> = vary.iter().map(|text| axis(text)).collect::<Result<_, _>>()?;
        for (i, axis) in axes.iter().enumerate() {
            if axis.key == "seed" {
                return Err(bad("--vary seed: give seeds with --seeds, for example 0-2".into()));
            }
            if axes[..i].iter().any(|other| other.key == axis.key) {
                return Err(bad(format!(
                    "--vary {} is there twice; list all values once",
                    axis.key
                )));
            }
        }
        let seeds = match seeds {
            Some(text) => parse_seeds(text)?,
            None => vec![base.seed],
        };
        let combinations = axes.iter().fold(1_usize, |all, a| all.saturating_mul(a.values.len()));
        if combinations.saturating_mul(seeds.len()) > MOST_RUNS {
            return Err(bad(format!(
                "this sweep has {combinations} combinations for {} seeds, more than {MOST_RUNS} runs; vary less",
                seeds.len()
            )));
        }
        let mut cells = Vec::new();
        for number in 0..combinations {
            let at = places(number, &axes);
            for &seed in &seeds {
                cells.push(cell(name, sets, &axes, at.clone(), seed)?);
            }
        }
        Ok(Self { title: base.title.to_string(), axes, cells })
    }

    /// All runs, the last axis changing fastest and the seed faster still.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }
}

fn bad(sentence: String) -> SweepError {
    SweepError::BadInput(sentence)
}

/// The place on each axis of combination `number`.
fn places(mut number: usize, axes: &[Axis]) -> Vec<usize> {
    let mut at = vec![0; axes.len()];
    for (place, axis) in at.iter_mut().zip(axes).rev() {
        *place = number % axis.values.len();
        number /= axis.values.len();
    }
    at
}

fn cell(
    name: &str,
    sets: &[String],
    axes: &[Axis],
    at: Vec<usize>,
    seed: u64,
) -> Result<Cell, SweepError> {
    let mut own: Vec<String> =
        axes.iter().zip(&at).map(|(axis, &i)| format!("{}={}", axis.key, axis.values[i])).collect();
    own.push(format!("seed={seed}"));
    let all: Vec<String> = sets.iter().chain(&own).cloned().collect();
    let scenario = read(name, &all).map_err(|error| match error {
        // What is wrong with a value of the grid is told by the option that it came with.
        ScenarioError::Set { set, what } if own.contains(&set) => {
            bad(sentence(&format!("--vary {set}: {what}")))
        }
        other => bad(other.to_string()),
    })?;
    Ok(Cell { name: folder_name(&own.join(",")), at, seed, scenario })
}

/// A name that every file system takes.
fn folder_name(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "=.,_-[]".contains(c);
    text.chars().filter(|c| *c != ' ').map(|c| if is_plain(c) { c } else { '_' }).collect()
}

/// `KEY=V1,V2`, where a comma within brackets or quotes separates nothing.
fn axis(text: &str) -> Result<Axis, SweepError> {
    let Some((key, list)) = text.split_once('=') else {
        return Err(bad(format!(
            "--vary {text}: this needs the form KEY=VALUE,VALUE, for example --vary codebook.size=64,256"
        )));
    };
    let (mut values, mut value, mut depth, mut quote) = (Vec::new(), String::new(), 0_i32, None);
    for c in list.chars() {
        match (c, quote) {
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(q)) if c == q => quote = None,
            ('[', None) => depth += 1,
            (']', None) => depth -= 1,
            _ => {}
        }
        if c == ',' && depth == 0 && quote.is_none() {
            values.push(std::mem::take(&mut value));
        } else {
            value.push(c);
        }
    }
    values.push(value);
    let values: Vec<String> = values.into_iter().map(|v| v.trim().to_string()).collect();
    if let Some(i) = values.iter().position(String::is_empty) {
        return Err(bad(format!("--vary {text}: value {} is empty; take out a comma", i + 1)));
    }
    if let Some(twice) = values.iter().enumerate().find(|(i, v)| values[..*i].contains(v)) {
        return Err(bad(format!("--vary {text}: {} is there twice; take one out", twice.1)));
    }
    Ok(Axis { key: key.trim().into(), values })
}

/// `0-2`, `0,3,7` or both: seeds, both ends of a range included.
fn parse_seeds(text: &str) -> Result<Vec<u64>, SweepError> {
    let wrong = || {
        bad(format!(
            "--seeds {} is not a list of seeds; use a range such as 0-2 (both ends included) or a list such as 0,3,7",
            shown(text)
        ))
    };
    let mut seeds = Vec::new();
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let number = |t: &str| t.trim().parse::<u64>().ok().filter(|&s| s <= i64::MAX as u64);
        let (Some(first), Some(last)) = (number(first), number(last)) else { return Err(wrong()) };
        if last < first {
            return Err(wrong());
        }
        if (last - first).saturating_add(seeds.len() as u64) >= MOST_RUNS as u64 {
            return Err(bad(format!(
                "--seeds {}: this makes more than {MOST_RUNS} runs; use fewer seeds",
                shown(text)
            )));
        }
        seeds.extend((first..=last).filter(|s| !seeds.contains(s)).collect::<Vec<_>>());
    }
    Ok(seeds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(all: &[&str]) -> Vec<String> {
        all.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_grid_is_every_combination_with_every_seed() {
        let vary = texts(&["codebook.size=64,256", "lanes.a.preset=vq,vq-ema"]);
        let grid = Grid::new("collapse", &[], &vary, Some("0-2")).unwrap();
        assert_eq!(grid.cells().len(), 12);
        let names: Vec<&str> = grid.cells().iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names[0], "codebook.size=64,lanes.a.preset=vq,seed=0");
        assert_eq!(names[4], "codebook.size=64,lanes.a.preset=vq-ema,seed=1");
        assert_eq!(names[11], "codebook.size=256,lanes.a.preset=vq-ema,seed=2");
        let last = grid.cells().last().unwrap();
        assert_eq!((last.scenario.codebook.size, last.scenario.seed), (256, 2));
        assert_eq!((last.at.as_slice(), last.seed), ([1, 1].as_slice(), 2));
    }

    #[test]
    fn lists_in_brackets_are_one_value() {
        let axis = axis("lanes.a.levels=[8, 8, 8],[8,6,5]").unwrap();
        assert_eq!(axis.values, ["[8, 8, 8]", "[8,6,5]"]);
        assert_eq!(folder_name("lanes.a.levels=[8, 8, 8]"), "lanes.a.levels=[8,8,8]");
        assert_eq!(folder_name("a/b:\"c\""), "a_b__c_");
    }

    #[test]
    fn seeds_are_ranges_with_both_ends_and_lists() {
        assert_eq!(parse_seeds("0-2").unwrap(), [0, 1, 2]);
        assert_eq!(parse_seeds("7,1-2,2").unwrap(), [7, 1, 2]);
        for wrong in ["", "a", "2-1", "-1", "1.5"] {
            let error = parse_seeds(wrong).unwrap_err().to_string();
            assert!(error.contains("0-2"), "{wrong}: {error}");
        }
        // More runs than a sweep has are refused before any list of them is made.
        let tenth = MOST_RUNS / 10;
        let ranges: Vec<String> =
            (0..=10).map(|i| format!("{}-{}", i * tenth, (i + 1) * tenth - 1)).collect();
        assert_eq!(parse_seeds(&ranges[..10].join(",")).unwrap().len(), MOST_RUNS);
        let most = format!("0-{}", i64::MAX);
        for many in [ranges.join(",").as_str(), "0-999999", &most] {
            let error = parse_seeds(many).unwrap_err().to_string();
            assert!(error.contains("more than 10000 runs"), "{many}: {error}");
        }
    }

    #[test]
    fn mistakes_are_told_before_anything_trains() {
        let error = |vary: &[&str]| {
            Grid::new("collapse", &[], &texts(vary), None).err().unwrap().to_string()
        };
        assert!(error(&["codebook.size"]).contains("KEY=VALUE,VALUE"));
        assert!(error(&["codebook.size=64,,8"]).contains("value 2 is empty"));
        assert!(error(&["codebook.size=64,64"]).contains("twice"));
        assert!(error(&["steps=1,2", "steps=3"]).contains("twice"));
        // Each run has its seed from --seeds: a seed varied beside it would be lost.
        assert!(error(&["seed=1,2"]).contains("--seeds"));
        let unknown = error(&["codebook.sise=64"]);
        assert!(unknown.contains("--vary") && unknown.contains("codebook.size"), "{unknown}");
        assert!(error(&["codebook.size=64,many"]).contains("whole number"));
        assert!(error(&["lanes.a.upkeep=revive", "lanes.a.learn_w=true"]).contains("upkeep"));
    }
}
