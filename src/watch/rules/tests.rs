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
        (&[("project_in.weight", &[4, 64]), ("project_out.weight", &[64, 4])], "FSQ and LFQ"),
    ] {
        let error = of(arrays).unwrap_err();
        assert!(error.contains(words), "{arrays:?}: {error}");
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

/// A layout that no library has, and what must be found in it; nothing where it may be refused.
struct Invented {
    arrays: &'static [(&'static str, &'static [usize])],
    codes: &'static str,
    size: usize,
    usage: Option<&'static str>,
    is_mapped: bool,
    levels: usize,
}

/// Twelve layouts, made up after the rules: renamed, with other prefixes, turned.
const INVENTED: [Invented; 12] = [
    Invented {
        arrays: &[
            ("net.enc.0.weight", &[64, 3, 3, 3]),
            ("net.latent_quantiser.table", &[512, 64]),
            ("net.latent_quantiser.hits", &[512]),
            ("net.dec.0.weight", &[64, 64]),
        ],
        codes: "net.latent_quantiser.table",
        size: 512,
        usage: Some("net.latent_quantiser.hits"),
        is_mapped: false,
        levels: 1,
    },
    Invented {
        arrays: &[
            ("student/tokenizer/codewords", &[1024, 16]),
            ("student/tokenizer/codeword_counts", &[1024]),
            ("student/head/kernel", &[16, 1024]),
        ],
        codes: "student/tokenizer/codewords",
        size: 1024,
        usage: Some("student/tokenizer/codeword_counts"),
        is_mapped: false,
        levels: 1,
    },
    Invented {
        arrays: &[
            ("stages.0.vq.centroids", &[256, 32]),
            ("stages.0.vq.ema_count", &[256]),
            ("stages.1.vq.centroids", &[256, 32]),
            ("stages.1.vq.ema_count", &[256]),
            ("stages.2.vq.centroids", &[256, 32]),
            ("stages.2.vq.ema_count", &[256]),
        ],
        codes: "stages.0.vq.centroids",
        size: 256,
        usage: Some("stages.0.vq.ema_count"),
        is_mapped: false,
        levels: 3,
    },
    Invented {
        arrays: &[
            ("vqvae/embeddings", &[32, 2048]),
            ("vqvae/cluster_size", &[2048]),
            ("vqvae/conv/kernel", &[3, 3, 3, 32]),
        ],
        codes: "vqvae/embeddings",
        size: 2048,
        usage: Some("vqvae/cluster_size"),
        is_mapped: false,
        levels: 1,
    },
    Invented {
        arrays: &[
            ("tok.bottleneck.codebook.weight", &[4096, 8]),
            ("tok.bottleneck.codebook_proj.weight", &[24, 8]),
            ("tok.bottleneck.codebook_proj.bias", &[24]),
        ],
        codes: "tok.bottleneck.codebook.weight",
        size: 4096,
        usage: None,
        is_mapped: true,
        levels: 1,
    },
    Invented {
        arrays: &[
            ("module.my_rvq.heads_codebook", &[4, 128, 16]),
            ("module.my_rvq.usage_histogram", &[4, 128]),
        ],
        codes: "module.my_rvq.heads_codebook",
        size: 128,
        usage: Some("module.my_rvq.usage_histogram"),
        is_mapped: false,
        levels: 4,
    },
    Invented {
        arrays: &[
            ("agent.action_vq.embed_sum", &[64, 12]),
            ("agent.action_vq.use_count", &[64]),
            ("agent.policy.weight", &[12, 12]),
        ],
        codes: "agent.action_vq.embed_sum",
        size: 64,
        usage: Some("agent.action_vq.use_count"),
        is_mapped: false,
        levels: 1,
    },
    Invented {
        arrays: &[
            ("speech.vector_quantization.dictionary", &[320, 80]),
            ("speech.vector_quantization.frequency", &[320]),
            ("speech.positional_embedding", &[2000, 80]),
            ("speech.text_embedding.weight", &[30000, 80]),
        ],
        codes: "speech.vector_quantization.dictionary",
        size: 320,
        usage: Some("speech.vector_quantization.frequency"),
        is_mapped: false,
        levels: 1,
    },
    Invented {
        arrays: &[
            ("G.quantizer.atoms", &[777, 20]),
            ("G.quantizer.n", &[777]),
            ("D.0.weight", &[20, 20]),
        ],
        codes: "G.quantizer.atoms",
        size: 777,
        usage: Some("G.quantizer.n"),
        is_mapped: false,
        levels: 1,
    },
    Invented {
        arrays: &[
            ("motion.codebooks.0.weight", &[512, 128]),
            ("motion.codebooks.1.weight", &[512, 128]),
            ("motion.codebooks.2.weight", &[512, 128]),
        ],
        codes: "motion.codebooks.0.weight",
        size: 512,
        usage: None,
        is_mapped: false,
        levels: 3,
    },
    Invented {
        arrays: &[
            ("prior.wte.weight", &[50257, 64]),
            ("vq_layer.embedding.weight", &[900, 64]),
            ("vq_layer.embedding_map.weight", &[64, 64]),
            ("vq_layer.assigned", &[900]),
        ],
        codes: "vq_layer.embedding.weight",
        size: 900,
        usage: Some("vq_layer.assigned"),
        is_mapped: true,
        levels: 1,
    },
    Invented {
        arrays: &[("things.a", &[300, 40]), ("things.b", &[300, 40]), ("things.c", &[300])],
        codes: "things.a",
        size: 300,
        usage: None,
        is_mapped: false,
        levels: 1,
    },
];

#[test]
fn most_invented_layouts_open_and_none_is_wrong_without_a_word() {
    let mut opened = 0;
    for layout in &INVENTED {
        let plan = match of(layout.arrays) {
            Ok(plan) => plan,
            Err(why) => {
                // What is refused names arrays and the flag that settles it.
                assert!(why.contains("--codebook") && why.contains(layout.codes), "{why}");
                continue;
            }
        };
        let book = &plan.books[0];
        assert_eq!((book.codes.as_str(), book.size), (layout.codes, layout.size));
        assert_eq!(plan.books.len(), layout.levels, "{}", layout.codes);
        let usage = book.usage.first().map(|(name, _)| name.as_str());
        assert_eq!(usage, layout.usage, "{}", layout.codes);
        assert_eq!(book.map != Map::None, layout.is_mapped, "{}", layout.codes);
        opened += 1;
    }
    assert!(opened >= 10, "{opened}");
}
