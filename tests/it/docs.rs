//! The documents: what the program's own tables know stands in them word for word, their commands
//! are understood, their links lead somewhere, and their lines break at sentences.
//!
//! `UPDATE_DOCS=1` writes the generated sections.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::{families, invented, lies};
use vqscope::analysis::detect;
use vqscope::figure::panel::Panel;
use vqscope::record::event::EventKind;
use vqscope::scenario::schema::{KEYS, Kind};
use vqscope::scenario::{Preset, demos};
use vqscope::words::{Language, spoken, within};

/// Before a generated section, with its name behind it.
const BEGIN: &str = "<!-- generated: ";
/// Behind the name.
const NAMED: &str = " -->";
/// After a generated section.
const END: &str = "<!-- end -->";

/// Every generated section.
const SECTIONS: [&str; 15] = [
    "keys",
    "present-keys",
    "settings",
    "topics",
    "stories",
    "presets",
    "flags",
    "scenario-keys",
    "change-keys",
    "expect-keys",
    "panels",
    "commands",
    "families",
    "invented",
    "lies",
];

/// What a generated section says.
fn generated(name: &str) -> Option<String> {
    Some(match name {
        "keys" => table(
            [said("key", "キー"), said("what it does", "すること")],
            vqscope::ui::all_keys().map(|(key, what)| [key.to_string(), what.to_string()]),
        ),
        "present-keys" => table(
            [said("key", "キー"), said("what it does", "すること")],
            vqscope::ui::present_keys().map(|(key, what)| [key.to_string(), what.to_string()]),
        ),
        "settings" => settings(),
        "topics" => topics(),
        "stories" => stories(),
        "presets" => presets(),
        "flags" => flags(),
        "scenario-keys" => scenario_keys(""),
        "change-keys" => scenario_keys("change."),
        "expect-keys" => scenario_keys("expect."),
        "panels" => Panel::ALL.map(|panel| format!("* `{}`", panel.name())).join("\n"),
        "commands" => commands(),
        "families" => table(families::HEAD, families::table()),
        "invented" => table(invented::HEAD, invented::table()),
        "lies" => table(lies::HEAD, lies::table()),
        _ => return None,
    })
}

/// What a head says in the language of the document.
fn said(en: &'static str, ja: &'static str) -> &'static str {
    match spoken() {
        Language::En => en,
        Language::Ja => ja,
    }
}

/// The language of a document.
fn language(path: &Path) -> Language {
    if path.starts_with("docs/ja") { Language::Ja } else { Language::En }
}

/// A table of Markdown.
fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let line = |cells: [String; N]| {
        let cells = cells.map(|cell| cell.replace('|', "\\|"));
        format!("| {} |", cells.join(" | "))
    };
    let rule = format!("|{}", "---|".repeat(N));
    let head = [line(head.map(str::to_string)), rule];
    head.into_iter().chain(rows.into_iter().map(line)).collect::<Vec<_>>().join("\n")
}

/// What each control of the panel sets.
fn settings() -> String {
    let acts = |is_live| match is_live {
        true => said("at the next step", "次のステップ"),
        false => said("at the next restart", "次の再開始"),
    };
    let rows = vqscope::ui::settings().into_iter();
    let rows = rows.map(|(name, is_live, help)| [name.into(), acts(is_live).into(), help.into()]);
    table([said("setting", "設定"), said("acts", "働く時"), said("what it does", "すること")], rows)
}

/// What everything else in the window is.
fn topics() -> String {
    let rows = vqscope::ui::topics().into_iter();
    table(
        [said("thing", "もの"), said("what it is", "説明")],
        rows.map(|(name, help)| [name.into(), help.into()]),
    )
}

fn stories() -> String {
    let chapter = |(title, names): &(demos::Title, &[&str])| {
        let rows = names.iter().map(|name| {
            let title = demos::title(name).unwrap();
            [format!("`{name}`"), title.to_string(), demos::about(name).unwrap().to_string()]
        });
        let head = [
            said("story", "ストーリー"),
            said("title", "題名"),
            said("what one sees", "見えるもの"),
        ];
        format!("### {}\n\n{}", title(), table(head, rows))
    };
    demos::CHAPTERS.iter().map(chapter).collect::<Vec<_>>().join("\n\n")
}

fn presets() -> String {
    let learns = |learns: bool| if learns { "learns" } else { "fixed" }.to_string();
    let rows = Preset::ALL.map(|preset| {
        let method = preset.method();
        [
            format!("`{}`", preset.name()),
            preset.about().to_string(),
            learns(method.learn_c),
            learns(method.learn_w),
        ]
    });
    table(["preset", "what it does and where it was published", "C", "W"], rows)
}

fn flags() -> String {
    let rows = EventKind::ALL
        .into_iter()
        .filter_map(|kind| Some([format!("`{}`", kind.name()), detect::definition(kind)?]));
    let turnover = ["(no flag)".to_string(), detect::turnover().to_string()];
    table(["flag", "definition"], rows.chain([turnover]))
}

/// The keys below one of the lists of tables, or all others.
fn scenario_keys(list: &str) -> String {
    let is_in = |path: &str| match list {
        "" => !path.starts_with("change.") && !path.starts_with("expect."),
        list => path.starts_with(list),
    };
    let rows = KEYS
        .iter()
        .filter(|key| is_in(key.path) && !matches!(key.kind, Kind::Table | Kind::Tables))
        .map(|key| {
            let name = key.path.strip_prefix(list).unwrap_or(key.path);
            [format!("`{name}`"), key.kind.describe(), key.default.to_string()]
        });
    table(["key", "what it may be", "default"], rows)
}

/// The help of the program and of each of its commands, as clap prints it.
fn commands() -> String {
    let mut whole = vqscope::cli::command().term_width(100);
    whole.build();
    let help = |command: &mut clap::Command, name: &str| {
        let help = command.render_long_help().to_string();
        let lines: Vec<&str> = help.trim().lines().map(str::trim_end).collect();
        format!("### `{name}`\n\n```text\n{}\n```", lines.join("\n"))
    };
    let mut all = vec![help(&mut whole, "vqscope")];
    for command in whole.get_subcommands_mut().filter(|command| command.get_name() != "help") {
        let name = format!("vqscope {}", command.get_name());
        all.push(help(command, &name));
    }
    all.join("\n\n")
}

/// The documents, which lie where the tests run.
fn documents() -> Vec<PathBuf> {
    let folders = ["docs", "docs/ja"].into_iter();
    let entries = folders.flat_map(|folder| std::fs::read_dir(folder).unwrap());
    let of_docs = entries.map(|entry| entry.unwrap().path());
    let mut all: Vec<PathBuf> =
        of_docs.filter(|path| path.extension().is_some_and(|e| e == "md")).collect();
    all.sort();
    let at_root = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md"];
    at_root.map(PathBuf::from).into_iter().chain(all).collect()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// A document with its generated sections as they should be, and their names.
fn regenerated(text: &str, place: &str) -> (String, Vec<String>) {
    let (mut out, mut names, mut rest) = (String::new(), Vec::new(), text);
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (name, after) = after.split_once(NAMED).unwrap();
        let section =
            generated(name).unwrap_or_else(|| panic!("{place}: nothing generates \"{name}\""));
        let (_, after) =
            after.split_once(END).unwrap_or_else(|| panic!("{place}: \"{name}\" has no end"));
        out += &format!("{before}{BEGIN}{name}{NAMED}\n\n{section}\n\n{END}");
        names.push(name.to_string());
        rest = after;
    }
    (out + rest, names)
}

#[test]
fn generated_sections_say_what_the_program_says() {
    let mut seen = BTreeSet::new();
    for path in documents() {
        let (text, place) = (read(&path), path.display().to_string());
        let (wanted, names) = within(language(&path), || regenerated(&text, &place));
        seen.extend(names);
        if std::env::var("UPDATE_DOCS").is_ok_and(|v| v == "1") {
            // Other tests read it meanwhile.
            let new = path.with_extension("new");
            std::fs::write(&new, &wanted).unwrap();
            std::fs::rename(&new, &path).unwrap();
            continue;
        }
        let differing = text.lines().zip(wanted.lines()).find(|(is, should)| is != should);
        assert!(
            text == wanted,
            "{place} is not what the program says: {differing:?}; UPDATE_DOCS=1 writes it"
        );
    }
    assert_eq!(seen, SECTIONS.map(str::to_string).into(), "each section stands somewhere");
}

#[test]
fn a_generated_section_that_was_changed_is_found() {
    let right = regenerated(&format!("a\n{BEGIN}keys{NAMED}{END}\nb"), "").0;
    assert!(right.starts_with("a\n") && right.ends_with("\nb") && right.contains("| Space |"));
    assert_eq!(regenerated(&right, "").0, right);
    let wrong = right.replace("Space", "Spice");
    assert_eq!(regenerated(&wrong, "").0, right);
}

/// Lines of a document with whether each stands in a block of code.
fn lines(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut is_code = false;
    text.lines().map(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        (line, is_code || is_fence)
    })
}

/// The name by which a link finds a heading.
fn anchor(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    heading.trim().to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")
}

fn anchors(text: &str) -> BTreeSet<String> {
    let headings = lines(text).filter(|(line, is_code)| !is_code && line.starts_with('#'));
    headings.map(|(line, _)| anchor(line.trim_start_matches('#'))).collect()
}

/// Targets of the links of a document.
fn targets(text: &str) -> Vec<&str> {
    let prose = lines(text).filter(|(_, is_code)| !is_code);
    prose
        .flat_map(|(line, _)| line.split("](").skip(1))
        .filter_map(|after| Some(after.split_once(')')?.0))
        .collect()
}

/// What is wrong with the links of a document, where it lies at a place.
fn broken_links(text: &str, place: &Path) -> Vec<String> {
    let here = place.parent().unwrap();
    let is_broken = |target: &&str| {
        if target.starts_with("https://") {
            return false;
        }
        let (file, heading) = target.split_once('#').unwrap_or((target, ""));
        let path = if file.is_empty() { place.to_path_buf() } else { here.join(file) };
        !path.exists() || !heading.is_empty() && !anchors(&read(&path)).contains(heading)
    };
    let broken = targets(text).into_iter().filter(is_broken);
    broken.map(|target| format!("{}: {target} is not there", place.display())).collect()
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut count = 0;
    for path in documents() {
        let text = read(&path);
        count += targets(&text).len();
        assert_eq!(broken_links(&text, &path), Vec::<String>::new());
    }
    assert!(count > 50, "only {count} links were found");
    let wrong = "[a](README.md) [b](NOWHERE.md) [c](README.md#nowhere) [d](README.md#start)";
    assert_eq!(broken_links(wrong, Path::new("SECURITY.md")).len(), 2);
}

/// Files and folders of the repository that a document names in code, and that are not there.
fn missing_paths(text: &str) -> Vec<&str> {
    let prose = lines(text).filter(|(_, is_code)| !is_code);
    let named = prose.flat_map(|(line, _)| line.split('`').skip(1).step_by(2));
    let roots = ["src/", "tests/", "docs/", "assets/", "benches/", "demos/", ".ci/"];
    let is_path = |word: &&str| {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "/._-".contains(c);
        roots.iter().any(|root| word.starts_with(root)) && word.chars().all(is_plain)
    };
    named.filter(is_path).filter(|path| !Path::new(path).exists()).collect()
}

#[test]
fn files_that_documents_name_are_there() {
    for path in documents() {
        assert_eq!(missing_paths(&read(&path)), Vec::<&str>::new(), "{}", path.display());
    }
    assert_eq!(
        missing_paths("`src/lib.rs`, `src/nowhere.rs`, `demos/NAME.toml`"),
        ["src/nowhere.rs"]
    );
}

/// The words of a command line, without what follows a `#`.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let (mut quote, mut before) = (None, ' ');
    for c in line.chars() {
        match (c, quote) {
            ('#', None) if before == ' ' => break,
            (' ', None) => words.push(String::new()),
            ('\'' | '"', None) => quote = Some(c),
            (c, Some(q)) if c == q => quote = None,
            (c, _) => words.last_mut().unwrap().push(c),
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Commands of the program in the blocks of code of a document, and why the program does not
/// understand them.
fn misunderstood(text: &str) -> (usize, Vec<String>) {
    let joined = text.replace("\\\n", " ");
    let code = lines(&joined).filter(|(_, is_code)| *is_code);
    let of_program = code.filter_map(|(line, _)| {
        let arguments = line
            .strip_prefix("vqscope ")
            .or(line.strip_prefix("target/release/vqscope "))
            .or(line.strip_prefix("cargo run --release -- "))?;
        Some((line, words(&format!("vqscope {arguments}"))))
    });
    let (mut count, mut wrong) = (0, Vec::new());
    for (line, words) in of_program {
        count += 1;
        if let Err(why) = vqscope::cli::command().try_get_matches_from(words) {
            wrong.push(format!("{line}: {why}"));
        }
    }
    (count, wrong)
}

#[test]
fn every_command_of_the_documents_is_understood() {
    let mut count = 0;
    for path in documents() {
        let (commands, wrong) = misunderstood(&read(&path));
        count += commands;
        assert!(wrong.is_empty(), "{}: {}", path.display(), wrong.join("\n"));
    }
    assert!(count > 20, "only {count} commands were found");
    let (count, wrong) =
        misunderstood("```\nvqscope run rescue --out D # so\nvqscope run --ot D\n```");
    assert_eq!((count, wrong.len()), (2, 1), "{wrong:?}");
}

/// Lines of a document that do not end where a sentence does.
fn badly_broken(text: &str) -> Vec<String> {
    let mut is_generated = false;
    let prose: Vec<Option<&str>> = lines(text)
        .map(|(line, is_code)| {
            is_generated = (is_generated || line.starts_with(BEGIN)) && !line.starts_with(END);
            let is_other = is_code || is_generated || line.starts_with(['|', '#', '<', '!', '[']);
            Some(line.trim()).filter(|line| !is_other && !line.is_empty())
        })
        .collect();
    let begins = |line: &str| {
        let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
        line.starts_with(['*', '-']) || (number.len() < line.len() && number.starts_with(". "))
    };
    let two = |line: &&str| {
        // The point after the number of an item ends no sentence.
        let line = line.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let ends = line.match_indices(". ").map(|(at, _)| &line[at + 2..]);
        let full_stops = line.match_indices('。').map(|(at, stop)| &line[at + stop.len()..]);
        let goes_on = |after: &str| !after.is_empty() && !after.starts_with(['）', '」', '*']);
        ends.into_iter().any(|after| after.starts_with(|c: char| c.is_uppercase()))
            || full_stops.into_iter().any(goes_on)
    };
    let with_two = prose.iter().flatten().filter(|line| two(line)).map(|l| format!("two in: {l}"));
    let cut = prose.windows(2).filter_map(|pair| match pair {
        [Some(line), Some(next)] if !begins(next) => {
            let is_whole = line
                .trim_end_matches([')', '*', '"'])
                .ends_with(['.', ':', '?', '!', '。', '：', '？', '」', '）']);
            (!is_whole).then(|| format!("cut: {line}"))
        }
        _ => None,
    });
    with_two.chain(cut).collect()
}

#[test]
fn lines_of_documents_break_at_sentences() {
    for path in documents() {
        assert_eq!(badly_broken(&read(&path)), Vec::<String>::new(), "{}", path.display());
    }
    assert_eq!(badly_broken("One. Two.").len(), 1);
    assert_eq!(badly_broken("一つ。二つ。").len(), 1);
    assert_eq!(badly_broken("一つ。\n二つ（三つ。）").len(), 0);
    assert_eq!(badly_broken("One is\nhere.\n\n* two\n* three\n").len(), 1);
}

/// Figures of a document's prose: numbers beside which no letter stands, outside of code and links.
fn figures(text: &str) -> Vec<String> {
    let prose = lines(text).filter(|(_, is_code)| !is_code).map(|(line, _)| line);
    let mut all = Vec::new();
    for line in prose {
        // Neither where a link leads nor what stands in code.
        let shown: String = line
            .split("](")
            .enumerate()
            .map(
                |(i, part)| {
                    if i == 0 { part } else { part.split_once(')').map_or("", |(_, rest)| rest) }
                },
            )
            .collect();
        let plain: String = shown.split('`').step_by(2).collect::<Vec<_>>().join(" ");
        let words = plain.split(|c: char| !(c.is_ascii_alphanumeric() || ".,".contains(c)));
        let numbers = words.map(|word| word.trim_matches(['.', ',']));
        let is_number = |word: &&str| {
            !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || ".,".contains(c))
        };
        all.extend(numbers.filter(is_number).map(String::from));
    }
    all.sort();
    all
}

#[test]
fn the_japanese_documents_have_the_figures_of_the_english_ones() {
    let [en, ja] = ["README.md", "docs/ja/README.md"].map(|path| figures(&read(Path::new(path))));
    let lacks = |all: &[String], other: &[String]| -> Vec<String> {
        all.iter().filter(|figure| !other.contains(figure)).cloned().collect()
    };
    assert!(en.len() > 30, "{en:?}");
    assert_eq!((lacks(&en, &ja), lacks(&ja, &en)), (vec![], vec![]));
    // The same parts and generated tables, in Japanese.
    let parts = |path: &str| {
        let text = read(Path::new(path));
        let is_part = |line: &&str| line.starts_with("## ") || line.starts_with(BEGIN);
        let kana = text.chars().filter(|c| matches!(c, '\u{3040}'..='\u{30ff}')).count();
        (text.lines().filter(is_part).count(), kana)
    };
    for (english, japanese) in
        [("README.md", "docs/ja/README.md"), ("docs/window.md", "docs/ja/window.md")]
    {
        let ((en, _), (ja, kana)) = (parts(english), parts(japanese));
        assert_eq!(en, ja, "{japanese} has other parts");
        assert!(kana > 600, "{japanese}: {kana}");
    }
    assert_eq!(
        figures("A [b](c/3.md) has 15 of 1,024 codes, `x 7` in v2.\n```\n9\n```\n"),
        ["1,024", "15"]
    );
}

#[test]
fn the_readme_fits_one_screen_and_counts_right() {
    let readme = read(Path::new("README.md"));
    let all = format!("have all {}, ", demos::names().count());
    assert!(readme.contains(&all), "{all}");
    let count = readme.lines().count();
    assert!(count <= 84, "{count} lines");
    for path in targets(&readme).into_iter().filter(|path| path.ends_with(".gif")) {
        let bytes = std::fs::metadata(path).unwrap().len();
        assert!(bytes <= 2_000_000, "{path}: {bytes} bytes");
    }
}
