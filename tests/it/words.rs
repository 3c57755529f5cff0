//! The sentences of the program: every key that the code names is there, every one that is there is
//! named, and both have the same arguments.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;
use vqscope::words::{ENGLISH, keys};

/// Keys and their arguments.
pub type Sentences = BTreeMap<String, BTreeSet<String>>;

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
pub fn written(file: &str) -> Sentences {
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
