//! No sentence that a user reads stands in the code, where nobody can translate it.

use std::collections::BTreeSet;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;

/// Rooms and files whose sentences are read by users.
const READ: &[&str] = &[
    "ui/",
    "figure/",
    "export/report/",
    "export/plots.rs",
    "analysis/",
    "record/",
    "sweep/picture.rs",
    "scenario/differences.rs",
    "scenario/method.rs",
    "scenario/setting.rs",
    "scenario/preset.rs",
    "scenario/mod.rs",
    "engine/",
    "lesson/",
    "session/",
    "watch/",
];

/// Rooms that speak to a user in errors alone: where a function of theirs may fail, what it says is why.
const FAILING: &[&str] = &["engine/", "watch/"];

/// Sentences that stand in the code, with the reason: file, a part of the sentence, why.
const ALLOWED: &[(&str, &str, &str)] = &[
    ("ui/input/commands/table.rs", "Space", "what stands on the key"),
    ("ui/input/commands/table.rs", "Home, End", "what stands on the keys"),
    ("ui/input/commands/looks.rs", "Esc", "what stands on the key"),
    ("ui/input/commands/looks.rs", "Tab", "what stands on the key"),
    ("ui/present/keys.rs", "Space", "what stands on the key"),
    ("ui/present/keys.rs", "Page", "what stands on the keys"),
    ("ui/present/keys.rs", "Enter", "what stands on the keys"),
    ("ui/present/keys.rs", "Backspace", "what stands on the key"),
    ("ui/present/keys.rs", "Esc", "what stands on the keys"),
    ("ui/input/links.rs", "what was pasted is no link", "an error"),
    ("ui/input/links.rs", "this window shows files", "an error"),
    ("ui/panes/status.rs", "{} MB", "a unit"),
    ("ui/panes/top.rs", "room for the title", "a key of egui's memory, and a panic"),
    ("ui/state/screen.rs", "the link's view", "an error"),
    ("ui/host/shell/refusal.rs", "", "errors, and what other libraries say in theirs"),
    ("ui/state/story.rs", "vqscope - ", "the program's name"),
    ("ui/host/shot.rs", "holds no file of arrays", "an error"),
    ("figure/gif.rs", "the GIF cannot be", "an error"),
    ("figure/panel.rs", "{} or {last}", "a list in errors"),
    ("figure/scene.rs", "PC {}", "a symbol"),
    ("figure/svg.rs", "stroke=", "markup"),
    ("figure/svg.rs", "xmlns", "markup"),
    ("export/report/mod.rs", "class=", "markup"),
    ("export/report/mod.rs", "DOCTYPE", "markup"),
    ("export/report/parts.rs", "vqscope {}", "the program's name"),
    ("export/report/facts.rs", "--steps", "a command"),
    ("export/report/facts.rs", "vqscope run", "a command"),
    ("scenario/differences.rs", "Adam", "a name"),
    ("scenario/setting.rs", "the preset's, or", "a default in the documents of scenario files"),
    ("record/metric/mod.rs", "dB", "a unit"),
    ("analysis/verdict/mod.rs", "used by", "progress on a terminal"),
    ("ui/widgets/fonts.rs", "Arial Unicode", "the name of a file"),
    ("ui/widgets/fonts.rs", "Fonts", "the name of a folder"),
    ("scenario/preset.rs", "nothing can learn in fixed codes", "an error"),
    ("engine/device/mod.rs", "threads", "what the machine has, on a terminal"),
    ("engine/device/mod.rs", "Vulkan", "a name"),
    ("engine/device/mod.rs", "Metal", "a name"),
    ("engine/limits.rs", "{:.1} MB", "a unit"),
    ("lesson/figures.rs", "dB", "a unit"),
    ("session/worker/turn.rs", "", "how a run begins, in traces"),
    ("watch/torch/tree.rs", "Complex", "the name of a type"),
];

/// Literals in the code that look like something to read, but for those of errors, traces and tests.
///
/// An error is what stands in a call of [`OF_ERRORS`] or in a `Failure`, what a function or a constant
/// says whose comment names errors in its first line, and what is said on the way to one in the rooms
/// of [`FAILING`].
#[derive(Default)]
struct Literals {
    found: Vec<String>,
    is_failing: bool,
}

/// What only errors, traces and checks are made by: what stands in it is theirs.
const OF_ERRORS: [&str; 15] = [
    "Err",
    "ok_or",
    "ok_or_else",
    "map_err",
    "expect",
    "expect_err",
    "panic",
    "assert",
    "assert_eq",
    "assert_ne",
    "unreachable",
    "debug",
    "info",
    "warn",
    "error",
];

impl Literals {
    fn see(&mut self, literal: &syn::LitStr) {
        let text = literal.value();
        if is_sentence(&text) {
            self.found.push(text);
        }
    }

    /// Whether a function or a constant with these attributes, of this type, speaks of errors.
    fn is_of_errors(&self, attributes: &[syn::Attribute], output: Option<&syn::Type>) -> bool {
        let first = attributes.iter().find(|attribute| attribute.path().is_ident("doc"));
        let says_so = first.is_some_and(|doc| match &doc.meta {
            syn::Meta::NameValue(syn::MetaNameValue {
                value: syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }),
                ..
            }) => {
                let text = text.value();
                let mut words = text.split(|c: char| !c.is_alphanumeric());
                words.any(|word| matches!(word, "error" | "errors"))
            }
            _ => false,
        });
        // `fmt::Result` says nothing of errors.
        let may_fail = |output: &syn::Type| match output {
            syn::Type::Path(path) => path
                .path
                .segments
                .last()
                .is_some_and(|last| last.ident == "Result" && !last.arguments.is_empty()),
            _ => false,
        };
        says_so || self.is_failing && output.is_some_and(may_fail)
    }

    fn look_into(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (i, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Literal(literal) => {
                    if let syn::Lit::Str(text) = syn::Lit::new(literal.clone()) {
                        self.see(&text);
                    }
                }
                // A comment of a macro's item.
                TokenTree::Group(_) if matches!(&tokens[..i], [.., TokenTree::Punct(p)] if p.as_char() == '#') =>
                    {}
                TokenTree::Group(group) => {
                    let name = tokens[..i].iter().rev().find_map(|before| match before {
                        TokenTree::Punct(p) if p.as_char() == '!' => None,
                        TokenTree::Ident(name) => Some(Some(name.to_string())),
                        _ => Some(None),
                    });
                    let name = name.flatten().unwrap_or_default();
                    if name == "words" {
                        // The key is no sentence, the arguments may hold one.
                        self.look_into(group.stream().into_iter().skip(1).collect());
                    } else if !OF_ERRORS.contains(&name.as_str()) {
                        self.look_into(group.stream());
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether a literal looks like something to read: two words, or one that begins with a capital.
fn is_sentence(text: &str) -> bool {
    let mut said = String::new();
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            // Markup and places of arguments.
            '<' | '{' => depth += 1,
            '>' | '}' => {
                depth = depth.saturating_sub(1);
                said.push(if c == '>' { ' ' } else { '#' });
            }
            _ if depth == 0 => said.push(c),
            _ => {}
        }
    }
    let has_place = text.contains('{');
    let is_word =
        |word: &&str| word.len() > 1 && word.chars().all(|c| c.is_ascii_alphabetic() || c == '\'');
    let words: Vec<&str> = said
        .split_whitespace()
        .map(|word| word.trim_matches(|c: char| c.is_ascii_punctuation()))
        .filter(is_word)
        .collect();
    let is_capital = |word: &&&str| {
        word.len() > 2
            && word.starts_with(|c: char| c.is_ascii_uppercase())
            && word[1..].chars().all(|c| c.is_ascii_lowercase())
    };
    words.len() > 1
        || (has_place && !words.is_empty() && said.contains(' '))
        || words.iter().any(|word| is_capital(&word))
}

fn is_of_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || (attribute.path().is_ident("cfg")
                && attribute.parse_args::<syn::Ident>().is_ok_and(|name| name == "test"))
    })
}

impl<'a> Visit<'a> for Literals {
    fn visit_attribute(&mut self, _: &'a syn::Attribute) {}

    fn visit_item(&mut self, item: &'a syn::Item) {
        let (attributes, output) = match item {
            syn::Item::Mod(item) => (&item.attrs, None),
            syn::Item::Fn(item) => (&item.attrs, output_of(&item.sig)),
            syn::Item::Const(item) => (&item.attrs, None),
            syn::Item::Impl(item) => (&item.attrs, None),
            syn::Item::Use(item) => (&item.attrs, None),
            _ => (&Vec::new(), None),
        };
        // What speaks of errors is a function or a constant; a module speaks of many things.
        let is_told = matches!(item, syn::Item::Fn(_) | syn::Item::Const(_));
        if !(is_of_tests(attributes) || is_told && self.is_of_errors(attributes, output)) {
            syn::visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'a syn::ImplItemFn) {
        if !is_of_tests(&item.attrs) && !self.is_of_errors(&item.attrs, output_of(&item.sig)) {
            syn::visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_expr_struct(&mut self, made: &'a syn::ExprStruct) {
        if made.path.segments.last().is_none_or(|name| name.ident != "Failure") {
            syn::visit::visit_expr_struct(self, made);
        }
    }

    fn visit_expr_call(&mut self, call: &'a syn::ExprCall) {
        let path = match &*call.func {
            syn::Expr::Path(path) => &path.path,
            _ => return syn::visit::visit_expr_call(self, call),
        };
        let names: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        let is_of_error = |name: &String| OF_ERRORS.contains(&name.as_str()) || name == "Refusal";
        if !names.iter().any(is_of_error) {
            syn::visit::visit_expr_call(self, call);
        }
    }

    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        self.visit_expr(&call.receiver);
        if !OF_ERRORS.contains(&call.method.to_string().as_str()) {
            call.args.iter().for_each(|argument| self.visit_expr(argument));
        }
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        let name = call.path.segments.last().map(|name| name.ident.to_string()).unwrap_or_default();
        if name == "words" {
            self.look_into(call.tokens.clone().into_iter().skip(1).collect());
        } else if !OF_ERRORS.contains(&name.as_str()) {
            self.look_into(call.tokens.clone());
        }
    }

    fn visit_lit_str(&mut self, literal: &'a syn::LitStr) {
        self.see(literal);
    }
}

/// What a function hands out.
fn output_of(signature: &syn::Signature) -> Option<&syn::Type> {
    match &signature.output {
        syn::ReturnType::Type(_, output) => Some(output),
        syn::ReturnType::Default => None,
    }
}

/// What looks like something to read in the text of a file of a room that `is_failing` or is not.
fn literals_in(text: &str, is_failing: bool) -> Vec<String> {
    let mut literals = Literals { found: Vec::new(), is_failing };
    literals.visit_file(&syn::parse_file(text).unwrap());
    literals.found
}

/// The files below `src` that are compiled for tests alone, without their ends: modules that another
/// file names so.
fn of_tests(name: &str, text: &str) -> Vec<String> {
    let folder = name.trim_end_matches(".rs").trim_end_matches("/mod");
    let named = |item: syn::Item| match item {
        syn::Item::Mod(item) if item.content.is_none() && is_of_tests(&item.attrs) => {
            Some(format!("{folder}/{}", item.ident))
        }
        _ => None,
    };
    syn::parse_file(text).unwrap().items.into_iter().filter_map(named).collect()
}

#[test]
fn no_sentence_stands_in_the_code() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    fn walk(folder: &Path, all: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() { walk(&path, all) } else { all.push(path) }
        }
    }
    walk(&root, &mut files);
    let (mut found, mut used) = (Vec::new(), BTreeSet::new());
    let is_in = |name: &str, rooms: &[&str]| rooms.iter().any(|room| name.starts_with(room));
    let sources: Vec<(String, String)> = files
        .iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
            (name, std::fs::read_to_string(path).unwrap())
        })
        .filter(|(name, _)| is_in(name, READ))
        .collect();
    let tests: Vec<String> =
        sources.iter().flat_map(|(name, source)| of_tests(name, source)).collect();
    assert!(tests.len() > 10, "{tests:?}");
    for (name, source) in sources {
        let is_test = |test: &String| {
            name.strip_prefix(test.as_str()).is_some_and(|rest| rest.starts_with(['.', '/']))
        };
        if tests.iter().any(is_test) {
            continue;
        }
        for text in literals_in(&source, is_in(&name, FAILING)) {
            let is_its =
                |(file, part, _): &&(&str, &str, &str)| *file == name && text.contains(part);
            match ALLOWED.iter().find(is_its) {
                Some(allowed) => drop(used.insert(allowed)),
                None => {
                    let start: String = text.chars().take(16).collect();
                    let line = source.lines().position(|line| line.contains(&start));
                    found.push(format!("src/{name}:{}: {text:?}", line.map_or(0, |i| i + 1)));
                }
            }
        }
    }
    assert!(found.is_empty(), "write them into en.ftl:\n{}", found.join("\n"));
    let idle: Vec<_> = ALLOWED.iter().filter(|allowed| !used.contains(allowed)).collect();
    assert!(idle.is_empty(), "nothing needs {idle:?}");
}

#[test]
fn a_sentence_in_the_code_is_found() {
    for code in [
        "fn f() { g(\"two words\"); }",
        "fn f() { g(\"Close\"); }",
        "fn f() { format!(\"{n} codes\"); }",
        "const X: &str = \"of the codes\";",
        "fn f() { g(format!(\"<b>{}</b> in use\", h(\"x\"))); }",
        "fn f() { words!(\"a-key\", name = \"so it is\"); }",
    ] {
        assert_eq!(literals_in(code, false).len(), 1, "{code}");
    }
    for code in [
        "const READ_ONLY: &str = \"look at all of it\";",
        "/// What is watched.\nfn f() -> Info { Info { name: format!(\"watching {place}\") } }",
        "impl fmt::Display for X { fn fmt(&self) -> fmt::Result { write!(f, \"two words\") } }",
        "/// What is said.\n///\n/// # Errors\n/// None.\nfn f() { g(\"two words\"); }",
    ] {
        assert_eq!(literals_in(code, true).len(), 1, "{code}");
    }
    let may_fail = "fn f() -> Result<(), String> { let why = \"two words\"; Err(why.into()) }";
    assert_eq!(literals_in(may_fail, true), [""; 0]);
    assert_eq!(literals_in(may_fail, false).len(), 1);
    let files = "mod a;\n#[cfg(test)]\nmod b;\n#[cfg(test)]\nmod c { }";
    assert_eq!(of_tests("x/mod.rs", files), ["x/b"]);
    assert_eq!(of_tests("x.rs", files), ["x/b"]);
    for code in [
        "fn f() { g(\"salt\"); words!(\"a-key\"); }",
        "fn f() -> R { Err(format!(\"{name} cannot be written\")) }",
        "fn f() { x.ok_or_else(|| \"there is none\".into()); }",
        "fn f() { log::debug!(\"step {} is there\", 3); }",
        "#[cfg(test)] mod tests { fn f() { g(\"two words\"); } }",
        "/// The error of a file.\nfn f() -> String { \"two words\".into() }",
        "/// What errors say.\nconst F: &str = \"two words\";",
        "impl X { /// As errors have it.\nfn f() -> String { \"two words\".into() } }",
        "fn f() { g(Failure { sentence: \"two words\".into() }); }",
        "#[doc = \"two words\"] fn f() { g(\"<div class=\\\"a b\\\">\"); }",
    ] {
        assert_eq!(literals_in(code, false), [""; 0], "{code}");
    }
}
