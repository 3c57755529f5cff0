//! The rooms of the program, and which rooms each may import.
//!
//! The code is read with `syn`: use trees, paths, what stands in macros, `super`, `self` and
//! re-exports, but for what is compiled for tests alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use syn::visit::Visit;

/// A room: the rooms that it may import, and why it stands where it stands. What stands on the ground
/// ([`GROUND`]) may be imported by all.
const ROOMS: &[(&str, &[&str], &str)] = &[
    (
        "scenario",
        &[],
        "the one description of a run: whoever writes, sends or reads one needs nothing else",
    ),
    ("math", &[], "linear algebra on plain numbers, which know neither a run nor a device"),
    ("palette", &["scenario"], "every colour once, for window, pictures and pages: it names lanes"),
    (
        "record",
        &["scenario"],
        "what a run tells, as plain data and in sentences: below all that fills, keeps or shows it",
    ),
    ("data", &["scenario"], "embedded images: a scenario names them, a model trains on them"),
    (
        "analysis",
        &["record", "scenario"],
        "what follows from a record: below the engine, whose steps its detectors watch",
    ),
    (
        "lesson",
        &["record", "scenario"],
        "what a story asks and waits for, without a window and without a clock: below the trainer, which stops for it",
    ),
    (
        "figure",
        &["palette", "record", "scenario"],
        "pictures of a record without a window: window, report and films draw the same ones",
    ),
    (
        "model",
        &["data", "math", "scenario"],
        "quantizers, networks and the search: tensors, which know of no run",
    ),
    (
        "engine",
        &["analysis", "data", "math", "model", "record", "scenario"],
        "steps of a run: it fills the record, and knows neither files nor threads nor windows",
    ),
    (
        "archive",
        &["analysis", "data", "record", "scenario"],
        "a run on disk: beside the engine, so that a reader of runs compiles without a trainer",
    ),
    (
        "session",
        &["analysis", "archive", "engine", "lesson", "record", "scenario"],
        "a run that is lived: the thread that owns the device, and what is kept while it trains",
    ),
    (
        "gallery",
        &["engine", "record", "scenario", "session"],
        "thumbnails of the built-in stories: recorded as every run is stepped, shown by the window",
    ),
    (
        "watch",
        &["analysis", "math", "model", "record", "scenario", "session"],
        "codebooks of other programs, which stand in a session's place and are searched as ours",
    ),
    (
        "headless",
        &["analysis", "archive", "engine", "record", "scenario", "session"],
        "`vqscope run`: a session without a window",
    ),
    (
        "export",
        &[
            "analysis", "archive", "engine", "figure", "lesson", "palette", "record", "scenario",
            "session",
        ],
        "`vqscope export`: what a saved run becomes outside",
    ),
    (
        "sweep",
        &["analysis", "archive", "engine", "figure", "headless", "palette", "record", "scenario"],
        "`vqscope sweep`: many headless runs in one table and one picture",
    ),
    (
        "ui",
        &[
            "analysis", "archive", "export", "figure", "gallery", "lesson", "math", "palette",
            "record", "scenario", "session", "watch",
        ],
        "the window, the only room that knows egui: it never sees the engine, only what it tells",
    ),
    (
        "cli",
        &[
            "analysis", "archive", "engine", "export", "figure", "headless", "lesson", "model",
            "record", "scenario", "session", "sweep", "ui", "watch",
        ],
        "the command line: on top, so that nothing waits for how it is called",
    ),
];

/// What every room may stand on. It imports nothing but the ground.
const GROUND: &[&str] = &[
    "catch_panic",
    "exit",
    "files",
    "give_up",
    "machine",
    "platform",
    "rng",
    "say",
    "text",
    "words",
];

/// Rooms that are compiled for tests alone.
const FOR_TESTS: &[&str] = &["fuzz", "patience"];

/// Crates that only one room may name, and those that some rooms may not even reach.
const EGUI: &[&str] = &["eframe", "egui", "egui_kittest", "egui_plot", "egui_wgpu"];
const BURN: &[&str] = &["burn", "burn_cubecl", "burn_flex", "cubecl"];
const WITHOUT_BURN: &[&str] =
    &["analysis", "archive", "data", "figure", "lesson", "math", "palette", "record", "scenario"];

/// Files by their path below `src`, with their text.
type Tree = BTreeMap<String, String>;

fn source() -> Tree {
    fn walk(folder: &Path, root: &Path, tree: &mut Tree) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, root, tree);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                tree.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut tree = Tree::new();
    walk(&root, &root, &mut tree);
    tree
}

/// The module of a file: `ui/panes/map.rs` is ["ui", "panes", "map"].
fn module_of(file: &str) -> Vec<String> {
    let stem = file.trim_end_matches(".rs");
    let mut parts: Vec<String> = stem.split('/').map(String::from).collect();
    if matches!(parts.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        parts.pop();
    }
    parts
}

/// What a file names.
#[derive(Default)]
struct Names {
    /// Paths from the crate's root, as they are written.
    own: BTreeSet<Vec<String>>,
    /// Crates at the beginning of other paths.
    crates: BTreeSet<String>,
    /// What it hands on under a name of its own: the name, and the path that it stands for.
    handed_on: Vec<(String, Vec<String>)>,
    /// Modules of tests that it declares.
    for_tests: Vec<String>,
    /// Where the visitor is, inline modules included.
    at: Vec<String>,
    /// How many of the last parts of `at` are inline modules.
    inline: usize,
}

fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && matches!(&attribute.meta, syn::Meta::List(list) if list.tokens.to_string() == "test")
    })
}

impl Names {
    fn of(file: &str, text: &str) -> Self {
        let parsed = syn::parse_file(text).unwrap_or_else(|why| panic!("{file}: {why}"));
        let mut names = Self { at: module_of(file), ..Self::default() };
        names.visit_file(&parsed);
        names
    }

    /// Takes a path as it is written.
    fn take(&mut self, parts: &[String]) {
        if let Some(path) = self.absolute(parts) {
            self.own.insert(path);
        } else if let Some(first) = parts.first() {
            self.crates.insert(first.clone());
        }
    }

    fn absolute(&self, parts: &[String]) -> Option<Vec<String>> {
        let (first, rest) = parts.split_first()?;
        match first.as_str() {
            "crate" => Some(rest.to_vec()),
            "self" => Some([&self.at[..], rest].concat()),
            "super" => {
                let ups = parts.iter().take_while(|part| *part == "super").count();
                let base = self.at.len().checked_sub(ups)?;
                Some([&self.at[..base], &parts[ups..]].concat())
            }
            _ => None,
        }
    }

    fn take_tree(&mut self, before: &[String], tree: &syn::UseTree, is_public: bool) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            syn::UseTree::Path(path) => self.take_tree(&with(&path.ident), &path.tree, is_public),
            syn::UseTree::Group(group) => {
                group.items.iter().for_each(|item| self.take_tree(before, item, is_public));
            }
            syn::UseTree::Glob(_) => self.take(before),
            syn::UseTree::Name(name) if name.ident == "self" => self.take(before),
            syn::UseTree::Name(name) => {
                let path = with(&name.ident);
                self.hand_on(is_public, name.ident.to_string(), &path);
                self.take(&path);
            }
            syn::UseTree::Rename(name) => {
                let path = with(&name.ident);
                self.hand_on(is_public, name.rename.to_string(), &path);
                self.take(&path);
            }
        }
    }

    fn hand_on(&mut self, is_public: bool, name: String, path: &[String]) {
        // `pub use child::Name` begins with a module of this file's own.
        let own = || {
            let is_child = !path[0].starts_with(char::is_uppercase);
            is_child.then(|| [&self.at[..], path].concat())
        };
        if is_public && self.inline == 0 {
            self.handed_on.extend(self.absolute(path).or_else(own).map(|path| (name, path)));
        }
    }

    /// Paths in what a macro is given, which is no syntax tree.
    fn take_tokens(&mut self, tokens: proc_macro2::TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                proc_macro2::TokenTree::Ident(name) => {
                    if colons != 2 && !path.is_empty() {
                        self.take_if_path(&path);
                        path.clear();
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                proc_macro2::TokenTree::Punct(p) if p.as_char() == ':' && !path.is_empty() => {
                    colons += 1;
                }
                other => {
                    self.take_if_path(&path);
                    path.clear();
                    colons = 0;
                    if let proc_macro2::TokenTree::Group(group) = other {
                        self.take_tokens(group.stream());
                    }
                }
            }
        }
        self.take_if_path(&path);
    }

    fn take_if_path(&mut self, path: &[String]) {
        if path.len() > 1 {
            self.take(path);
        }
    }
}

impl<'a> Visit<'a> for Names {
    fn visit_item(&mut self, item: &'a syn::Item) {
        let attributes = match item {
            syn::Item::Const(item) => &item.attrs,
            syn::Item::Enum(item) => &item.attrs,
            syn::Item::Fn(item) => &item.attrs,
            syn::Item::Impl(item) => &item.attrs,
            syn::Item::Mod(item) => &item.attrs,
            syn::Item::Static(item) => &item.attrs,
            syn::Item::Struct(item) => &item.attrs,
            syn::Item::Use(item) => &item.attrs,
            _ => return syn::visit::visit_item(self, item),
        };
        match item {
            syn::Item::Mod(module) if is_for_tests(attributes) => {
                self.for_tests.push(module.ident.to_string());
            }
            _ if is_for_tests(attributes) => {}
            syn::Item::Mod(module) if module.content.is_some() => {
                self.at.push(module.ident.to_string());
                self.inline += 1;
                syn::visit::visit_item_mod(self, module);
                self.inline -= 1;
                self.at.pop();
            }
            _ => syn::visit::visit_item(self, item),
        }
    }

    fn visit_item_use(&mut self, item: &'a syn::ItemUse) {
        let is_public = !matches!(item.vis, syn::Visibility::Inherited);
        self.take_tree(&[], &item.tree, is_public);
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let parts: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        self.take_if_path(&parts);
        syn::visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        self.take_tokens(call.tokens.clone());
    }

    fn visit_impl_item_fn(&mut self, item: &'a syn::ImplItemFn) {
        if !is_for_tests(&item.attrs) {
            syn::visit::visit_impl_item_fn(self, item);
        }
    }
}

/// One file imports another.
struct Import {
    from: String,
    to: String,
    /// What is named, from the crate's root.
    path: Vec<String>,
}

/// The house: who imports whom.
struct House {
    imports: Vec<Import>,
    /// Files and the crates that they name.
    crates: BTreeMap<String, BTreeSet<String>>,
    tree: Tree,
}

impl House {
    fn of(tree: Tree) -> Self {
        let mut named: BTreeMap<String, Names> =
            tree.iter().map(|(file, text)| (file.clone(), Names::of(file, text))).collect();
        let for_tests: Vec<Vec<String>> = named
            .iter()
            .flat_map(|(file, names)| {
                let at = module_of(file);
                names
                    .for_tests
                    .iter()
                    .map(move |name| [&at[..], std::slice::from_ref(name)].concat())
            })
            .collect();
        named.retain(|file, _| {
            let module = module_of(file);
            !for_tests.iter().any(|tests| module.starts_with(tests))
        });
        let files: BTreeMap<Vec<String>, &String> =
            named.keys().filter(|f| *f != "main.rs").map(|file| (module_of(file), file)).collect();
        let handed_on: BTreeMap<(Vec<String>, &str), &[String]> = named
            .iter()
            .flat_map(|(file, names)| {
                let at = module_of(file);
                names.handed_on.iter().map(move |(name, path)| ((at.clone(), &**name), &path[..]))
            })
            .collect();
        // The file in which something is defined, whoever hands it on.
        let defined = |path: &[String]| -> Option<String> {
            let mut path = path.to_vec();
            for _ in 0..8 {
                let depth = (0..=path.len()).rev().find(|&n| files.contains_key(&path[..n]))?;
                let module = path[..depth].to_vec();
                match path.get(depth).and_then(|name| handed_on.get(&(module.clone(), &**name))) {
                    Some(other) if **other != path[..] => {
                        path = [other, &path[depth + 1..]].concat();
                    }
                    _ => return (depth > 0).then(|| files[&module].clone()),
                }
            }
            None
        };
        let mut imports = Vec::new();
        for (from, names) in &named {
            for path in &names.own {
                if let Some(to) = defined(path).filter(|to| to != from) {
                    imports.push(Import { from: from.clone(), to, path: path.clone() });
                }
            }
        }
        let crates = named.into_iter().map(|(file, names)| (file, names.crates)).collect();
        Self { imports, crates, tree }
    }

    /// "src/ui/mod.rs:12", where a file names something.
    fn place(&self, file: &str, name: &str) -> String {
        let is_word = |line: &str| {
            line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name)
        };
        let line = self.tree[file]
            .lines()
            .position(|line| is_word(line) && !line.trim_start().starts_with("//"));
        format!("src/{file}:{}", line.map_or(1, |line| line + 1))
    }

    /// Imports and names of crates that the table does not allow.
    fn forbidden(&self) -> Vec<String> {
        let mut found = Vec::new();
        for import in &self.imports {
            let (from, to) = (room(&import.from), room(&import.to));
            if from == to || GROUND.contains(&to) || ["lib", "main"].contains(&from) {
                continue;
            }
            let allowed = ROOMS.iter().find(|(name, ..)| *name == from).map_or(&[][..], |r| r.1);
            if !allowed.contains(&to) {
                let place = self.place(&import.from, import.path.last().map_or("", |n| n));
                found.push(format!("{place}: {from} may not import {to}"));
            }
        }
        for (file, crates) in &self.crates {
            let from = room(file);
            for name in crates.iter().filter(|name| EGUI.contains(&&***name) && from != "ui") {
                found.push(format!("{}: only ui may name {name}", self.place(file, name)));
            }
        }
        for room in WITHOUT_BURN {
            for (file, name) in self.burn_within_reach(room) {
                let place = self.place(&file, &name);
                found.push(format!("{place}: {room} must not reach {name}"));
            }
        }
        found
    }

    /// Files that name burn among those of a room and of all rooms that it imports, by any way.
    fn burn_within_reach(&self, room_name: &str) -> Vec<(String, String)> {
        let mut reached = BTreeSet::from([room_name]);
        loop {
            let more: Vec<&str> = self
                .imports
                .iter()
                .filter(|i| reached.contains(room(&i.from)) && !reached.contains(room(&i.to)))
                .map(|i| room(&i.to))
                .collect();
            if more.is_empty() {
                break;
            }
            reached.extend(more);
        }
        let in_reach = self.crates.iter().filter(|(file, _)| reached.contains(room(file)));
        let burning = in_reach.flat_map(|(file, crates)| {
            let own = crates.iter().filter(|name| BURN.contains(&&***name));
            own.map(|name| (file.clone(), name.clone()))
        });
        burning.collect()
    }

    /// Circles among files, each as a list of its files; a module and its own children apart.
    fn circles(&self) -> Vec<Vec<String>> {
        let mut next: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for import in &self.imports {
            let (from, to) = (module_of(&import.from), module_of(&import.to));
            if !from.starts_with(&to) && !to.starts_with(&from) {
                next.entry(&import.from).or_default().insert(&import.to);
            }
        }
        let reach = |start: &str| -> BTreeSet<&str> {
            let mut seen = BTreeSet::new();
            let mut rest: Vec<&str> = next.get(start).into_iter().flatten().copied().collect();
            while let Some(file) = rest.pop() {
                if seen.insert(file) {
                    rest.extend(next.get(file).into_iter().flatten());
                }
            }
            seen
        };
        let reached: BTreeMap<&str, BTreeSet<&str>> =
            next.keys().map(|&file| (file, reach(file))).collect();
        let mut circles: BTreeSet<Vec<String>> = BTreeSet::new();
        for (&file, all) in &reached {
            if all.contains(file) {
                let back = |other: &&&str| {
                    reached.get(**other).is_some_and(|others| others.contains(file))
                };
                circles.insert(all.iter().filter(back).map(|f| (*f).to_string()).collect());
            }
        }
        circles.into_iter().collect()
    }
}

/// The room of a file below `src`.
fn room(file: &str) -> &str {
    file.split('/').next().unwrap_or(file).trim_end_matches(".rs")
}

#[test]
fn every_room_imports_only_what_it_may() {
    let house = House::of(source());
    let known: BTreeSet<&str> =
        ROOMS.iter().map(|r| r.0).chain(GROUND.iter().chain(FOR_TESTS).copied()).collect();
    for file in house.tree.keys().filter(|file| !["lib.rs", "main.rs"].contains(&&***file)) {
        assert!(known.contains(room(file)), "src/{file} is in no room; add it to the table");
    }
    assert!(house.imports.len() > 500, "{} imports are too few", house.imports.len());
    let found = house.forbidden();
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let circles = House::of(source()).circles();
    let lines: Vec<String> = circles.iter().map(|circle| circle.join(" -> ")).collect();
    assert!(circles.is_empty(), "{} circles:\n{}", circles.len(), lines.join("\n"));
}

#[test]
fn panes_and_widgets_know_nothing_of_the_windows_state() {
    let tree = source();
    let inside = ["ui/panes/", "ui/widgets/"];
    let files: Vec<_> =
        tree.iter().filter(|(file, _)| inside.iter().any(|room| file.starts_with(room))).collect();
    assert!(files.len() > 40, "{}", files.len());
    for (file, text) in files {
        let line = text.lines().position(|line| line.contains("AppState"));
        assert_eq!(line, None, "src/{file} names the state of the window in this line");
        // What there is for all panes is named where a pane takes its own part out of it, once.
        let whole = text.matches("WindowCtx<").count();
        let is_trait = file == "ui/panes/mod.rs";
        assert!(whole <= 1 || is_trait, "src/{file} takes {whole} times what only one may");
    }
}

#[test]
fn whether_something_is_watched_is_asked_in_few_files() {
    // What there is on a stage stands in rows of a table, which panes ask for what they need.
    let asks = |(file, text): &(&String, &String)| {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let is_asked = ["Stage::Watching", "Activity::Watching", "Self::Watching"];
        file.starts_with("ui/")
            && !file.starts_with("ui/tests/")
            && is_asked.iter().any(|name| code.contains(name))
    };
    let tree = source();
    let asking: Vec<_> = tree.iter().filter(asks).map(|(file, _)| file).collect();
    assert!(asking.len() <= 5, "{asking:?}");
    assert!(asking.iter().any(|file| **file == "ui/state/terms.rs"), "{asking:?}");
}

#[test]
fn the_table_has_no_circle_and_names_only_rooms() {
    for (i, (name, allowed, why)) in ROOMS.iter().enumerate() {
        for other in *allowed {
            let place = ROOMS.iter().position(|(room, ..)| room == other);
            assert!(place.is_some_and(|place| place < i), "{name} stands before {other}");
        }
        assert!(!why.is_empty());
    }
}

#[test]
fn what_is_planted_is_found() {
    let plant = |file: &str, text: &str| {
        let mut tree = source();
        tree.get_mut(file).unwrap().push_str(text);
        House::of(tree)
    };
    let finds = |file: &str, text: &str, what: &str| {
        let found = plant(file, text).forbidden();
        assert!(found.iter().any(|f| f.contains(what) && f.contains(file)), "{text}: {found:?}");
    };
    // A use, a path in a function, one in a macro, one by super, one that is handed on by another.
    finds("record/event/mod.rs", "\nuse crate::engine::run::Run;", "record may not import engine");
    finds("scenario/spec.rs", "\nfn f() { crate::archive::names::FILES; }", "import archive");
    finds("math/pca.rs", "\nfn f() { println!(\"{}\", crate::ui::COMMANDS.len()) }", "import ui");
    finds("archive/start.rs", "\nuse super::super::engine::lane;", "archive may not import engine");
    finds("figure/camera.rs", "\nuse crate::engine::Run;", "figure may not import engine");
    finds("analysis/figures.rs", "\nfn f(_: egui::Ui) {}", "only ui may name egui");
    finds("record/event/mod.rs", "\nuse burn::tensor::Tensor;", "must not reach burn");
    // What is compiled for tests alone may reach anything.
    let tests = "\n#[cfg(test)]\nfn f() { crate::engine::run::Run; }";
    assert_eq!(
        plant("record/event/mod.rs", tests).forbidden().len(),
        plant("rng.rs", "").forbidden().len()
    );
    // Two files that name each other, one of them by way of a third.
    let mut tree = source();
    let circle = |tree: &Tree| House::of(tree.clone()).circles();
    let before = circle(&tree);
    tree.get_mut("math/movement.rs").unwrap().push_str("\nuse crate::math::pca;");
    assert_eq!(circle(&tree), before);
    tree.get_mut("math/eigen.rs").unwrap().push_str("\nuse crate::math::movement;");
    let planted = circle(&tree);
    assert_eq!(planted.len(), before.len() + 1);
    let ours = ["math/eigen.rs", "math/movement.rs", "math/pca.rs"];
    assert!(planted.iter().any(|circle| ours.iter().all(|f| circle.iter().any(|o| o == f))));
}

#[test]
fn the_front_page_has_the_table() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs"));
    let page = page.unwrap();
    for (room, allowed, why) in ROOMS {
        let names: Vec<String> = allowed.iter().map(|name| format!("[`{name}`]")).collect();
        let row = format!("//! | [`{room}`] | {why} | {} |", names.join(" "));
        assert!(page.contains(&row), "src/lib.rs has no row\n{row}");
    }
}
