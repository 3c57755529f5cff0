//! Layouts that no library has, made up after the rules: what the rules make of them. The table in
//! `docs/your-codebook.md` is made here.

use vqscope::watch::rules::choose;
use vqscope::watch::rules::plan::{Listed, Map};
use vqscope::watch::rules::wishes::Wishes;

/// The head of the table.
pub const HEAD: [&str; 4] = ["arrays", "codes", "use", "outcome"];

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

/// What became of a layout: how it opens, or that it is asked which array is meant.
enum Outcome {
    Right,
    Asked,
}

/// Arrays of floats by name and shape.
fn listed(arrays: &[(&str, &[usize])]) -> Vec<Listed> {
    let one = |&(name, shape): &(&str, &[usize])| Listed {
        name: name.into(),
        shape: shape.to_vec(),
        is_float: true,
        is_flags: false,
        problem: None,
    };
    arrays.iter().map(one).collect()
}

/// What is refused names arrays and the flag that settles it; what opens opens right.
fn outcome(layout: &Invented) -> Outcome {
    let plan = match choose(&listed(layout.arrays), &Wishes::default()) {
        Ok(plan) => plan,
        Err(why) => {
            assert!(why.contains("--codebook") && why.contains(layout.codes), "{why}");
            return Outcome::Asked;
        }
    };
    let book = &plan.books[0];
    assert_eq!((book.codes.as_str(), book.size), (layout.codes, layout.size));
    assert_eq!(plan.books.len(), layout.levels, "{}", layout.codes);
    let usage = book.usage.first().map(|(name, _)| name.as_str());
    assert_eq!(usage, layout.usage, "{}", layout.codes);
    assert_eq!(book.map != Map::None, layout.is_mapped, "{}", layout.codes);
    Outcome::Right
}

/// Every layout with its outcome.
pub fn table() -> impl Iterator<Item = [String; 4]> {
    INVENTED.iter().map(|layout| {
        let code = |name: &str| format!("`{name}`");
        let shape =
            |shape: &[usize]| shape.iter().map(ToString::to_string).collect::<Vec<_>>().join(" x ");
        let arrays = layout.arrays.iter().map(|(name, of)| format!("`{name}` {}", shape(of)));
        let arrays: Vec<String> = arrays.collect();
        let outcome = match (outcome(layout), layout.levels, layout.is_mapped) {
            (Outcome::Asked, ..) => "asked which array is meant".to_string(),
            (Outcome::Right, 1, false) => format!("right: {} codes", layout.size),
            (Outcome::Right, 1, true) => format!("right: {} codes behind a map", layout.size),
            (Outcome::Right, levels, _) => {
                format!("right: {levels} codebooks of {} codes", layout.size)
            }
        };
        let usage = layout.usage.map_or("–".into(), code);
        [arrays.join(", "), code(layout.codes), usage, outcome]
    })
}

#[test]
fn most_invented_layouts_open_and_none_is_wrong_without_a_word() {
    let right = INVENTED.iter().filter(|layout| matches!(outcome(layout), Outcome::Right));
    let right = right.count();
    assert!(right >= 10, "{right}");
}
