//! Sizes of the window come from its tokens: no pane types a number for type, space, corners or lines.

use std::path::Path;

use syn::visit::Visit;

/// Functions and methods whose numbers are tokens, with the place of the number among the arguments.
const SIZED: &[(&str, usize)] = &[
    ("font", 0),
    ("bold", 0),
    ("proportional", 0),
    ("monospace", 0),
    ("size", 0),
    ("add_space", 0),
    ("inner_margin", 0),
    ("outer_margin", 0),
    ("corner_radius", 0),
    ("rect_filled", 1),
    ("rect_stroke", 1),
    ("width", 0),
];

/// Calls of those with a number of points that stands there.
struct Typed<'a> {
    file: &'a str,
    found: Vec<String>,
}

/// Whether an expression has a number of points in it; half or twice a token is one, and nothing at
/// all is none.
fn has_number(expression: &syn::Expr) -> bool {
    match expression {
        syn::Expr::Lit(lit) => match &lit.lit {
            syn::Lit::Float(number) => number.base10_parse::<f64>().is_ok_and(|n| n != 0.0),
            syn::Lit::Int(number) => number.base10_parse::<u64>().is_ok_and(|n| n != 0),
            _ => false,
        },
        syn::Expr::Binary(two) => match two.op {
            syn::BinOp::Mul(_) | syn::BinOp::Div(_) => {
                has_number(&two.left) && has_number(&two.right)
            }
            _ => has_number(&two.left) || has_number(&two.right),
        },
        syn::Expr::Paren(inner) => has_number(&inner.expr),
        syn::Expr::Unary(inner) => has_number(&inner.expr),
        syn::Expr::Call(call) => call.args.iter().any(has_number),
        _ => false,
    }
}

impl Typed<'_> {
    fn look<'b>(&mut self, name: &str, arguments: impl Iterator<Item = &'b syn::Expr>) {
        let arguments: Vec<&syn::Expr> = arguments.collect();
        for (sized, place) in SIZED {
            if name == *sized && arguments.get(*place).is_some_and(|number| has_number(number)) {
                self.found.push(format!("{}: a number of points in {name}(…)", self.file));
            }
        }
    }
}

impl<'a> Visit<'a> for Typed<'_> {
    fn visit_expr_call(&mut self, call: &'a syn::ExprCall) {
        if let syn::Expr::Path(path) = &*call.func {
            let names: Vec<String> =
                path.path.segments.iter().map(|part| part.ident.to_string()).collect();
            match names.iter().map(String::as_str).collect::<Vec<_>>()[..] {
                // The first number of a line is its weight, that of a font its size.
                [.., "Stroke" | "FontId", "new"] if call.args.first().is_some_and(has_number) => {
                    self.found.push(format!("{}: a number of points in new(…)", self.file));
                }
                [.., name] => self.look(name, call.args.iter()),
                [] => {}
            }
        }
        syn::visit::visit_expr_call(self, call);
    }

    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        self.look(&call.method.to_string(), call.args.iter());
        syn::visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_assign(&mut self, assign: &'a syn::ExprAssign) {
        let is_space = |member: &syn::Member| matches!(member, syn::Member::Named(name) if name == "item_spacing" || name == "button_padding");
        let is_spacing = match &*assign.left {
            syn::Expr::Field(field) => {
                let within = match &*field.base {
                    syn::Expr::Field(outer) => is_space(&outer.member),
                    _ => false,
                };
                is_space(&field.member) || within
            }
            _ => false,
        };
        // A hair between rows is none of the steps of the scale.
        let is_hair = |e: &syn::Expr| matches!(e, syn::Expr::Lit(lit) if matches!(&lit.lit, syn::Lit::Float(n) if n.base10_parse::<f64>().is_ok_and(|n| n <= 2.0)));
        if is_spacing && has_number(&assign.right) && !is_hair(&assign.right) {
            let is_vec_of_hairs = matches!(&*assign.right, syn::Expr::Call(call)
                if call.args.iter().all(|e| !has_number(e) || is_hair(e)));
            if !is_vec_of_hairs {
                self.found.push(format!("{}: a number of points between controls", self.file));
            }
        }
        syn::visit::visit_expr_assign(self, assign);
    }

    fn visit_item_mod(&mut self, module: &'a syn::ItemMod) {
        if module.ident != "tests" {
            syn::visit::visit_item_mod(self, module);
        }
    }
}

fn typed_in(file: &str, text: &str) -> Vec<String> {
    let mut typed = Typed { file, found: Vec::new() };
    typed.visit_file(&syn::parse_file(text).unwrap());
    typed.found
}

#[test]
fn no_pane_types_a_size_of_its_own() {
    fn walk(folder: &Path, all: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            let name = path.display().to_string();
            if path.is_dir() {
                walk(&path, all);
            } else if name.ends_with(".rs") && !name.ends_with("tokens.rs") {
                all.extend(typed_in(&name, &std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ui");
    let mut all = Vec::new();
    ["panes", "overlays", "widgets"].iter().for_each(|room| walk(&root.join(room), &mut all));
    assert!(all.is_empty(), "take it from src/ui/widgets/tokens.rs:\n{}", all.join("\n"));
}

#[test]
fn a_number_that_is_typed_is_found() {
    let found = |body: &str| typed_in("x", &format!("fn f() {{ {body} }}")).len();
    for typed in [
        "theme::font(13.0)",
        "theme::bold(t.body + 1.0)",
        "FontId::proportional(12.0)",
        "RichText::new(x).size(10.5)",
        "ui.add_space(6.0)",
        "Stroke::new(1.0, color)",
        "painter.rect_filled(rect, 3.0, color)",
        "ui.spacing_mut().item_spacing.x = 5.0",
        "ui.spacing_mut().button_padding = vec2(7.0, 1.0)",
        "frame.inner_margin(16)",
    ] {
        assert_eq!(found(typed), 1, "{typed}");
    }
    for token in [
        "theme::font(t.body)",
        "theme::font(0.5 * t.body)",
        "ui.add_space(space::M)",
        "Stroke::new(line::HAIR, color)",
        "painter.rect_filled(rect, 0.0, color)",
        "ui.spacing_mut().item_spacing.y = 1.0",
    ] {
        assert_eq!(found(token), 0, "{token}");
    }
}
