//! Links of the versions that counted a story's words: which story was meant.

/// Name of a story, the fingerprint that links had of it, and the one of what it trained.
const STORIES: &[(&str, &str, &str)] = &[
    ("angle", "21136f43", "b52a9164"),
    ("beta", "c74fa033", "a2a2b28c"),
    ("bigger", "b4b66ac6", "3fa0a2a3"),
    ("bigger_vq", "320b1f29", "607da6e0"),
    ("both_learn", "1e0fecca", "08b197fd"),
    ("calm", "aba47e5b", "6a33ede1"),
    ("collapse", "66df4bfa", "fc915e2d"),
    ("cvq", "022cd135", "80a193b8"),
    ("diagonal", "cbb28e07", "eb6d121c"),
    ("digits", "cdf69832", "0688e97b"),
    ("ema", "eca00795", "638caa6b"),
    ("entropy", "36affe77", "e88dfb7f"),
    ("falls", "aa8539bf", "b816b9a0"),
    ("fashion", "dad6f196", "66793718"),
    ("features", "919cf2be", "fbf21b6e"),
    ("fsq", "1c0c37d3", "35773d3b"),
    ("lfq", "03d93f26", "c8f7b81c"),
    ("low_rank", "93082a3f", "3c8869c7"),
    ("mlp", "39749f26", "bca49bae"),
    ("no_rescue", "102a811a", "843080c7"),
    ("rescue", "25385c92", "b78c076f"),
    ("revival", "f3b70e53", "bffea3c7"),
    ("rotation", "36f5710d", "3c18d377"),
    ("scale", "b49dd9cf", "0b57405e"),
    ("scale_max", "500d3d7e", "82d91fd7"),
    ("simvq_fails", "e4b1f921", "61c449fd"),
    ("warmup", "554c7e5d", "b0774340"),
];

/// Whether links with this fingerprint were made of the story that trains as `own` says.
pub fn is_of(story: &str, hash: &str, own: &str) -> bool {
    STORIES.contains(&(story, hash, own))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{demos, hash, parse};

    #[test]
    fn every_story_of_before_trains_what_it_did() {
        let trains = |name: &str| {
            let story = parse(demos::text(name).unwrap(), name, &[]).unwrap();
            hash::training_hash(&story)[..8].to_string()
        };
        let now: Vec<_> =
            STORIES.iter().map(|(name, hash, _)| (*name, *hash, trains(name))).collect();
        let before: Vec<_> = STORIES.iter().map(|(n, h, t)| (*n, *h, t.to_string())).collect();
        assert_eq!(now, before);
    }
}
