use crate::watch::rules::choose;
use crate::watch::rules::plan::{Known, Layer, Listed, Lookup, Map, Note, Part, Plan, Weight};
use crate::watch::rules::wishes::Wishes;

/// Arrays of floats by name and shape.
fn listed(arrays: &[(&str, &[usize])]) -> Vec<Listed> {
    arrays
        .iter()
        .map(|(name, shape)| Listed {
            name: (*name).into(),
            shape: shape.to_vec(),
            is_float: true,
            is_flags: false,
            problem: None,
        })
        .collect()
}

fn of(arrays: &[(&str, &[usize])]) -> Result<Plan, String> {
    choose(&listed(arrays), &Wishes::default())
}

fn weight(name: &str, bias: Option<&str>) -> Layer {
    Layer { weight: Weight::AsWeight(name.into()), bias: bias.map(Into::into) }
}

#[test]
fn names_of_our_own_are_found() {
    let all = of(&[
        ("C", &[8, 3]),
        ("W", &[3, 3]),
        ("b", &[3]),
        ("usage", &[8]),
        ("latents", &[99, 3]),
        ("step", &[]),
        ("loss", &[]),
    ])
    .unwrap();
    let layer = Layer { weight: Weight::AsW("W".into()), bias: Some("b".into()) };
    assert_eq!(all.books[0].map, Map::Layers(vec![layer]));
    assert_eq!((all.books[0].codes.as_str(), all.books[0].usage.len()), ("C", 1));
    assert_eq!((all.latents.as_deref(), all.step.as_deref()), (Some("latents"), Some("step")));
    let layer = of(&[("C", &[8, 3]), ("linear.weight", &[3, 3]), ("linear.bias", &[3])]).unwrap();
    let expected = weight("linear.weight", Some("linear.bias"));
    assert_eq!(layer.books[0].map, Map::Layers(vec![expected]));
    assert_eq!(of(&[("codebook", &[8, 3])]).unwrap().books[0].map, Map::None);
    // Heads are codebooks one after the other.
    let heads = of(&[("codebook", &[2, 8, 3]), ("usage", &[2, 8])]).unwrap();
    assert_eq!(heads.books[1].part, Part { index: 1, of: 2 });
    assert_eq!(heads.books[1].usage[0].1, Part { index: 1, of: 2 });
}

#[test]
fn what_could_mean_two_things_is_refused() {
    for (arrays, words) in [
        (&[("C", &[8, 3][..]), ("codebook", &[8, 3])][..], "both `codebook`"),
        (&[("codebook", &[8, 3]), ("W", &[3, 3])], "`C`"),
        (&[("C", &[8, 3]), ("W", &[3, 3]), ("linear.weight", &[3, 3])], "transpose"),
        (&[("C", &[8, 3]), ("W", &[3, 3]), ("b", &[3]), ("linear.bias", &[3])], "both `b`"),
        (&[("C", &[8, 3]), ("b", &[3])], "without a matrix"),
        (
            &[("encoder.weight", &[8, 3]), ("encoder.bias", &[8])],
            "its matrices are `encoder.weight` (8 x 3)",
        ),
        (&[], "it is empty"),
        (
            &[("x.embedding.weight", &[8, 3]), ("y.emb.weight", &[9, 3])],
            "--codebook x.embedding.weight",
        ),
        (&[("codebook", &[3, 8])], "--transpose"),
        (&[("vq.embeddings", &[3, 8])], "--transpose"),
        (&[("vq.codebooks", &[3, 8])], "--transpose"),
        (&[("quantizer.layers.0.codebook", &[3, 8])], "--transpose"),
        // Two projections of which one says this and one says that.
        (
            &[
                ("vq.codebooks", &[3, 8]),
                ("vq.project_in.weight", &[3, 8]),
                ("vq.project_out.weight", &[3, 8]),
            ],
            "--transpose",
        ),
        (&[("project_in.weight", &[4, 64]), ("project_out.weight", &[64, 4])], "FSQ and LFQ"),
    ] {
        let error = of(arrays).unwrap_err();
        assert!(error.contains(words), "{arrays:?}: {error}");
    }
}

#[test]
fn of_fewer_rows_than_columns_forms_and_projections_say_which_are_codes() {
    let size = |arrays: &[(&str, &[usize])]| {
        let plan = of(arrays).unwrap();
        (plan.books[0].size, plan.books[0].dim, plan.notes)
    };
    let rows = (3, 8, vec![Note::FewerCodesThanWidth]);
    // A table of torch has one code a row, and so have heads of a buffer.
    assert_eq!(size(&[("quantize.embedding.weight", &[3, 8])]), rows);
    assert_eq!(size(&[("vq.codebooks", &[2, 3, 8])]), rows);
    // What is projected in, taken out, or made of codes is as wide as one.
    for beside in [
        ("vq.project_in.weight", [8, 64]),
        ("vq.project_out.weight", [64, 8]),
        ("quant_conv.weight", [8, 5]),
        ("vq.codebook_proj.weight", [8, 8]),
    ] {
        assert_eq!(size(&[("vq.codebooks", &[3, 8]), (beside.0, &beside.1)]), rows, "{beside:?}");
    }
    let columns = (8, 3, vec![Note::Turned]);
    assert_eq!(size(&[("vq.codebooks", &[3, 8]), ("vq.project_in.weight", &[3, 64])]), columns);
    assert_eq!(
        size(&[("vq.codebooks", &[3, 8]), ("post_quant_conv.weight", &[64, 3, 1, 1])]),
        columns
    );
    // One of a width of neither, or of something else, says nothing.
    for beside in ["vq.project_in.weight", "decoder.out_proj.weight"] {
        let shape: &[usize] = if beside.starts_with("vq") { &[5, 64] } else { &[64, 3] };
        assert!(of(&[("vq.codebooks", &[3, 8]), (beside, shape)]).is_err(), "{beside}");
    }
}

#[test]
fn what_the_user_says_comes_first() {
    let arrays = listed(&[
        ("a.table", &[8, 3]),
        ("a.how_often", &[8]),
        ("layers.0.embed", &[16, 3]),
        ("layers.1.embed", &[16, 3]),
        ("q.embeddings", &[3, 64]),
    ]);
    let said = |wishes: Wishes| choose(&arrays, &wishes).unwrap();
    let codebook = |name: &str| Wishes { codebook: Some(name.into()), ..Wishes::default() };
    let one = said(Wishes {
        usage: Some("a.how_often".into()),
        lookup: Some(Lookup::Dot),
        ..codebook("a.table")
    });
    assert_eq!((one.books[0].lookup, one.books[0].known), (Lookup::Dot, Known::Said));
    assert_eq!(one.books[0].usage, [("a.how_often".to_string(), Part::WHOLE)]);
    // The end of a name, and all levels.
    assert_eq!(said(codebook("table")).books[0].codes, "a.table");
    assert_eq!(said(codebook("layers.*.embed")).books.len(), 2);
    let turned = said(Wishes { transpose: Some(true), ..codebook("q.embeddings") });
    assert_eq!((turned.books[0].size, turned.books[0].dim), (64, 3));
    assert_eq!(turned.notes, [Note::Turned]);
    let error = choose(&arrays, &codebook("embed")).unwrap_err();
    assert!(error.contains("`layers.0.embed` (16 x 3), `layers.1.embed`"), "{error}");
    let error = choose(&arrays, &codebook("nothing")).unwrap_err();
    assert!(error.contains("no array `nothing`; `a.table` (8 x 3)"), "{error}");
}

#[test]
fn what_is_done_with_codes_says_how_they_are_looked_for() {
    let lookup = |arrays: &[(&str, &[usize])]| {
        let plan = of(arrays).unwrap();
        (plan.books[0].lookup, plan.books[0].known)
    };
    let bits = lookup(&[
        ("vq.embedding", &[16, 4]),
        ("vq.embedding_mlp.0.weight", &[8, 4]),
        ("vq.embedding_mlp.2.weight", &[8, 8]),
    ]);
    assert_eq!(bits, (Lookup::Cosine, Known::Beside));
    let mapped = lookup(&[("frozen_codebook", &[16, 4]), ("code_transform.weight", &[4, 4])]);
    assert_eq!(mapped, (Lookup::L2, Known::Beside));
    assert_eq!(lookup(&[("vq.codebook", &[16, 4])]), (Lookup::L2, Known::Assumed));
}
