//! The sentences of the program: every key that the code names is there, every one that is there is
//! named, and both have the same arguments; both languages say the same; and no sentence stands
//! elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;
use vqscope::words::{ENGLISH, JAPANESE, keys};

/// Keys and their arguments.
type Sentences = BTreeMap<String, BTreeSet<String>>;

/// Sentences that the code asks for by `words!`.
#[derive(Default)]
struct Asked(Vec<(String, BTreeSet<String>)>);

impl Asked {
    fn take(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        if let Some(TokenTree::Literal(key)) = tokens.first() {
            let key = key.to_string().trim_matches('"').to_string();
            let mut arguments = BTreeSet::new();
            for three in tokens.windows(3) {
                if let [TokenTree::Punct(comma), TokenTree::Ident(name), TokenTree::Punct(is)] =
                    three
                    && comma.as_char() == ','
                    && is.as_char() == '='
                {
                    arguments.insert(name.to_string());
                }
            }
            self.0.push((key, arguments));
        }
        self.look_into(tokens);
    }

    /// Sentences in the arguments of macros.
    fn look_into(&mut self, tokens: Vec<TokenTree>) {
        for (i, token) in tokens.iter().enumerate() {
            let TokenTree::Group(group) = token else { continue };
            let is_words = i >= 2
                && matches!(&tokens[i - 2], TokenTree::Ident(name) if name == "words")
                && matches!(&tokens[i - 1], TokenTree::Punct(p) if p.as_char() == '!');
            if is_words {
                self.take(group.stream());
            } else {
                self.look_into(group.stream().into_iter().collect());
            }
        }
    }
}

impl<'a> Visit<'a> for Asked {
    fn visit_macro(&mut self, call: &'a syn::Macro) {
        if call.path.segments.last().is_some_and(|name| name.ident == "words") {
            self.take(call.tokens.clone());
        } else {
            self.look_into(call.tokens.clone().into_iter().collect());
        }
    }
}

fn asked_in(text: &str) -> Vec<(String, BTreeSet<String>)> {
    let mut asked = Asked::default();
    asked.visit_file(&syn::parse_file(text).unwrap());
    asked.0
}

fn asked() -> Vec<(String, BTreeSet<String>)> {
    fn walk(folder: &Path, all: &mut Vec<(String, BTreeSet<String>)>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                walk(&path, all);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                all.extend(asked_in(&std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    let mut all = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    all
}

/// Sentences of a file with the arguments that stand in them.
fn written(file: &str) -> Sentences {
    let mut sentences = Sentences::new();
    let mut key = None;
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        if let [own] = keys(line).as_slice() {
            key = Some(own.clone());
        }
        let Some(key) = &key else { continue };
        let names = line.split('$').skip(1).map(|rest| {
            rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()
        });
        sentences.entry(key.clone()).or_default().extend(names);
    }
    sentences
}

/// What does not fit, a line each.
fn misfits(asked: &[(String, BTreeSet<String>)], written: &Sentences) -> Vec<String> {
    let mut lines = Vec::new();
    for (key, arguments) in asked {
        match written.get(key) {
            None => lines.push(format!("{key} is not in en.ftl")),
            Some(own) if own != arguments => {
                lines.push(format!("{key} takes {own:?} and is given {arguments:?}"));
            }
            Some(_) => {}
        }
    }
    let named: BTreeSet<&String> = asked.iter().map(|(key, _)| key).collect();
    let unused = written.keys().filter(|key| !named.contains(key));
    lines.extend(unused.map(|key| format!("{key} is used nowhere")));
    lines
}

#[test]
fn every_sentence_is_there_and_used_with_its_arguments() {
    let asked = asked();
    assert!(asked.len() > 90, "{} sentences are too few", asked.len());
    let misfits = misfits(&asked, &written(ENGLISH));
    assert!(misfits.is_empty(), "\n{}", misfits.join("\n"));
}

#[test]
fn what_does_not_fit_is_found() {
    let file = "one = One.\ntwo = Two { $n } of\n    { $all }.\n";
    let code =
        "fn f() { words!(\"one\"); g(format!(\"{}\", words!(\"two\", n = 1, all = h(2, 3)))); }";
    assert_eq!(misfits(&asked_in(code), &written(file)), [""; 0]);
    for (code, sentence) in [
        ("fn f() { words!(\"one\"); words!(\"two\", n = 1); }", "two takes"),
        ("fn f() { words!(\"two\", n = 1, all = 2); }", "one is used nowhere"),
        (
            "fn f() { words!(\"one\"); words!(\"two\", n = 1, all = 2); words!(\"three\"); }",
            "three is not",
        ),
    ] {
        let found = misfits(&asked_in(code), &written(file));
        assert!(found.len() == 1 && found[0].contains(sentence), "{found:?}");
    }
}

/// A sentence without the names of its arguments.
fn outside_of_braces(sentence: &str) -> String {
    let mut text = String::new();
    for (i, piece) in sentence.split('{').enumerate() {
        let said = if i == 0 { piece } else { piece.split_once('}').map_or("", |(_, rest)| rest) };
        text += said;
        text.push(' ');
    }
    text
}

/// Figures of a sentence, but for the digits in names of arguments. A digit against a Japanese letter
/// is a word of its own, as "2\u{3064}" is "two"; a figure stands by itself.
fn numbers(sentence: &str) -> Vec<String> {
    let text = outside_of_braces(sentence);
    let is_letter = |c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}');
    let mut all = Vec::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let digits: String = rest[start..].chars().take_while(char::is_ascii_digit).collect();
        rest = &rest[start + digits.len()..];
        if !rest.starts_with(is_letter) {
            all.push(digits);
        }
    }
    all.sort();
    all
}

/// The text of each key, on one line.
fn texts(file: &str) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    let mut key = None;
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        if let [own] = keys(line).as_slice() {
            key = Some(own.clone());
        }
        let Some(key) = &key else { continue };
        let text = all.entry(key.clone()).or_default();
        text.push_str(line.split_once(" =").filter(|(own, _)| own == key).map_or(line, |(_, t)| t));
    }
    all
}

/// What one language says otherwise than the other, a line each.
fn differences(english: &str, japanese: &str) -> Vec<String> {
    let (en, ja) = (written(english), written(japanese));
    let mut lines: Vec<String> = Vec::new();
    for key in en.keys().chain(ja.keys()).collect::<BTreeSet<_>>() {
        match (en.get(key), ja.get(key)) {
            (Some(_), None) => lines.push(format!("{key} is not in ja.ftl")),
            (None, _) => lines.push(format!("{key} is in ja.ftl alone")),
            (Some(a), Some(b)) if a != b => lines.push(format!("{key} takes {a:?} and {b:?}")),
            _ => {}
        }
    }
    let (en, ja) = (texts(english), texts(japanese));
    for (key, text) in &en {
        // Where a number chooses the wording, it stands in it more often than it is said.
        let is_choice = |text: &str| text.contains("->");
        let Some(other) = ja.get(key).filter(|other| !is_choice(text) && !is_choice(other)) else {
            continue;
        };
        if numbers(text) != numbers(other) {
            lines.push(format!("{key}: {text} | {other}"));
        }
    }
    lines
}

#[test]
fn both_languages_have_the_same_sentences_arguments_and_numbers() {
    let found = differences(ENGLISH, JAPANESE);
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    // It is Japanese, but for names and formulas.
    let is_japanese = |c: char| matches!(c, '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}');
    let all = texts(JAPANESE);
    let foreign = all.values().filter(|text| !text.contains(is_japanese)).count();
    assert!(10 * foreign < all.len(), "{foreign} of {} are not in Japanese", all.len());
}

/// Words of numbers, and the letters of which one stands where Japanese says the same.
const NUMBER_WORDS: &[(&str, &str)] = &[
    ("two", "\u{4e8c}\u{4e21}2"),
    ("twice", "\u{4e8c}\u{500d}2"),
    ("three", "\u{4e09}3"),
    ("third", "\u{4e09}3"),
    ("four", "\u{56db}4"),
    ("quarter", "\u{56db}4"),
    ("five", "\u{4e94}5"),
    ("six", "\u{516d}6"),
    ("seven", "\u{4e03}7"),
    ("eight", "\u{516b}8"),
    ("nine", "\u{4e5d}9"),
    ("ten", "\u{5341}1"),
    ("hundred", "\u{767e}1"),
    ("thousand", "\u{5343}1"),
    // Half, or five of ten.
    ("half", "\u{534a}\u{4e94}"),
];

/// The first number that English says in a word or in digits, and Japanese does not say.
fn unsaid(english: &str, japanese: &str) -> Option<String> {
    let digits = |text: &str| -> Vec<String> {
        let said = outside_of_braces(text);
        let all = said.split(|c: char| !c.is_ascii_digit());
        all.filter(|digits| !digits.is_empty()).map(String::from).collect()
    };
    let words: BTreeSet<String> =
        english.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
    let other = NUMBER_WORDS
        .iter()
        .find(|(word, signs)| words.contains(*word) && !japanese.contains(|c| signs.contains(c)));
    // Japanese has digits in the place of some words as well.
    let figures = digits(japanese);
    let figure = || digits(english).into_iter().find(|digits| !figures.contains(digits));
    other.map(|(word, _)| (*word).into()).or_else(figure)
}

/// Every text of a file of stories that is there in both languages.
fn told(value: &toml::Value, all: &mut Vec<[String; 2]>) {
    match value {
        toml::Value::Table(table) => match [table.get("en"), table.get("ja")] {
            [Some(en), Some(ja)] => {
                all.push([en, ja].map(|text| text.as_str().unwrap_or_default().into()));
            }
            _ => table.values().for_each(|value| told(value, all)),
        },
        toml::Value::Array(values) => values.iter().for_each(|value| told(value, all)),
        _ => {}
    }
}

#[test]
fn numbers_are_the_same_in_both_languages_in_digits_and_in_words() {
    let mut pairs = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let demos = std::fs::read_dir(root.join("demos")).unwrap().map(|entry| entry.unwrap().path());
    for file in demos.chain([root.join("assets/tour.toml")]) {
        if file.extension().is_some_and(|ending| ending == "toml") {
            let text = std::fs::read_to_string(&file).unwrap();
            told(&toml::from_str(&text).unwrap(), &mut pairs);
        }
    }
    assert!(pairs.len() > 300, "{}", pairs.len());
    let differs = |[en, ja]: &[String; 2]| Some(format!("{}: {en} | {ja}", unsaid(en, ja)?));
    let mut found: Vec<String> = pairs.iter().filter_map(differs).collect();
    // Where a number chooses the wording, it is said more often in the one than in the other.
    let (en, ja) = (texts(ENGLISH), texts(JAPANESE));
    let plain = en.iter().filter(|(_, text)| !text.contains("->"));
    found.extend(plain.filter_map(|(key, text)| differs(&[text.clone(), ja.get(key)?.clone()])));
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    assert_eq!(unsaid("Two of 5.", "5 \u{4e2d} \u{4e8c}\u{3064}"), None);
    assert_eq!(unsaid("Two of 5.", "5 \u{4e2d} \u{4e09}\u{3064}"), Some("two".into()));
    assert_eq!(unsaid("Two of 5.", "6 \u{4e2d} \u{4e8c}\u{3064}"), Some("5".into()));
}

#[test]
fn what_differs_between_languages_is_found() {
    let english = "one = 300 steps of { $n }.\ntwo = Two.\n";
    let japanese = "one = { $n } \u{3067} 300.\ntwo = 2\u{3064}.\n";
    assert_eq!(differences(english, japanese), [""; 0]);
    for (japanese, found) in [
        ("one = 30 { $n }.\ntwo = x\n", "one:"),
        ("one = 300 { $n }.\ntwo = 2.\n", "two:"),
        ("one = 300.\ntwo = x\n", "one takes"),
        ("one = 300 { $n }.\n", "two is not"),
        ("one = 300 { $n }.\ntwo = x\nthree = x\n", "three is in ja.ftl alone"),
    ] {
        let lines = differences(english, japanese);
        assert!(lines.len() == 1 && lines[0].starts_with(found), "{lines:?}");
    }
}

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
