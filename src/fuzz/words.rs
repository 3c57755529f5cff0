//! Scenarios and links.

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use sha2::{Digest as _, Sha256};

use crate::fuzz::{Input, Outcome, Reader, fuzz, hurt, once_in, one_of, text};
use crate::rng::Stream;
use crate::scenario::{Link, demos, parse, to_toml};

fn is_toml(text: &str) -> bool {
    toml::from_str::<toml::Table>(text).is_ok()
}

/// `vqscope FILE.toml`.
pub struct Scenarios {
    texts: Vec<String>,
}

impl Scenarios {
    pub fn new() -> Self {
        let built_in = demos::names().filter_map(demos::text).map(String::from);
        let resolved = demos::names().filter_map(demos::text).map(|text| {
            // With all keys at their values, as a saved run holds it.
            to_toml(&parse(text, "x", &[]).unwrap())
        });
        Self { texts: built_in.chain(resolved).collect() }
    }
}

impl Reader for Scenarios {
    const NAME: &'static str = "scenario";

    fn make(&mut self, stream: &mut Stream) -> Input {
        let base = one_of(stream, &self.texts);
        let text = text::change(stream, &base);
        vec![("x.toml".into(), text.into_bytes())]
    }

    fn read(&mut self, input: &Input) -> Outcome {
        let text = String::from_utf8_lossy(&input[0].1);
        let read = parse(&text, "x.toml", &[]).map(|scenario| {
            // What was read is written the same way, and read again.
            let again = to_toml(&scenario);
            assert_eq!(parse(&again, "x.toml", &[]).as_ref(), Ok(&scenario), "{again}");
            scenario.lane_specs()
        });
        Outcome::of(read.map_err(|e| e.to_string()), is_toml(&text))
    }
}

/// `vqscope vqscope://1/...`.
pub struct Links {
    /// What is packed in valid links.
    texts: Vec<String>,
}

const START: &str = "vqscope://1/";

impl Links {
    pub fn new() -> Self {
        let link = |name: &str, set: &[String]| {
            let text = demos::text(name).unwrap();
            let (scenario, draft) = (parse(text, name, set), parse(text, name, &[]));
            Link {
                story: name.into(),
                scenario: scenario.unwrap(),
                draft: draft.unwrap(),
                by_hand: draft_changes(),
                step: 33,
                view: toml::from_str("theme='dark'\n[camera]\nzoom=1.5\n").unwrap(),
            }
        };
        let sets = [vec![], vec!["train.lr=0.01".into(), "codebook.size=100".into()]];
        let built_in = demos::names().take(6).flat_map(|name| sets.iter().map(move |s| (name, s)));
        let mut links: Vec<Link> = built_in.map(|(name, set)| link(name, set)).collect();
        // A story of the user's own is written as a whole.
        links.push(Link { story: "own.toml".into(), ..links[0].clone() });
        Self { texts: links.iter().map(|link| unpacked(&link.encode())).collect() }
    }
}

fn draft_changes() -> Vec<crate::scenario::Change> {
    let text =
        "title='x'\n[lanes.a]\n[[change]]\nstep=5\nlr=0.002\n[[change]]\nstep=9\nlearn_w=true\n";
    parse(text, "x", &[]).unwrap().change
}

/// The TOML in a link.
fn unpacked(link: &str) -> String {
    let bytes = URL_SAFE_NO_PAD.decode(&link[START.len()..]).unwrap();
    let mut text = String::new();
    DeflateDecoder::new(&bytes[4..]).read_to_string(&mut text).unwrap();
    text
}

fn sealed(packed: &[u8]) -> String {
    let sum = Sha256::new().chain_update(1_u32.to_le_bytes()).chain_update(packed).finalize();
    let bytes = [&sum[..4], packed].concat();
    format!("{START}{}", URL_SAFE_NO_PAD.encode(bytes))
}

fn packed(text: &str) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

impl Reader for Links {
    const NAME: &'static str = "link";

    fn make(&mut self, stream: &mut Stream) -> Input {
        let base = one_of(stream, &self.texts);
        let mut text = text::change(stream, &base);
        if once_in(stream, 500) {
            // Nothing but blanks, which pack into a few bytes.
            text += &" ".repeat(one_of(stream, &[1 << 19, 1 << 21, 1 << 24]));
        }
        let mut packed = packed(&text);
        if once_in(stream, 20) {
            hurt(stream, &mut packed);
        }
        let mut link = sealed(&packed).into_bytes();
        if once_in(stream, 20) {
            hurt(stream, &mut link);
        }
        vec![("link.txt".into(), link)]
    }

    fn read(&mut self, input: &Input) -> Outcome {
        let link = String::from_utf8_lossy(&input[0].1);
        let read = Link::decode(&link, &[]).map(|link| {
            let again = Link::decode(&link.encode(), &[]);
            assert_eq!(again.as_ref().map(Link::timed), Ok(link.timed()));
        });
        let error = read.as_ref().err().map(ToString::to_string).unwrap_or_default();
        let at_header = ["is damaged", "does not start", "is longer", "of version", "unfolds"];
        let is_past =
            !at_header.iter().any(|words| error.starts_with(&format!("the link {words}")));
        // What is no TOML at all is no link either.
        let is_past = is_past && !error.contains("TOML parse");
        Outcome::of(read.map_err(|e| e.to_string()), is_past)
    }
}

#[test]
fn scenarios_are_read_or_refused() {
    fuzz(&mut Scenarios::new(), 1500);
}

#[test]
fn links_are_read_or_refused() {
    fuzz(&mut Links::new(), 1500);
}
