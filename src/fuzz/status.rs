//! What a training says of itself: `status.json`.

use serde_json::{Value, json};

use crate::fuzz::{Input, Outcome, Reader, fuzz, hurt, once_in, one_of};
use crate::record::steer::Reply;
use crate::rng::Stream;
use crate::watch::steer::parse;

/// Values at and beyond the edges of what stands in it.
pub fn edges() -> Vec<Value> {
    let texts = ["", "training", "paused", "ended", "\u{1b}[2J", "../../x", "window-1", "NaN"];
    let numbers = [-1.0, 0.0, 0.01, 0.5, 10.0, 100.5, 1e300];
    let wholes = [0_u64, 1, 2, 1 << 53, (1 << 53) + 1, u64::MAX];
    let mut all = vec![Value::Null, json!([]), json!({}), json!(true), json!(false)];
    all.extend(texts.iter().map(|text| json!(text)));
    all.extend(numbers.iter().map(|number| json!(number)));
    all.extend(wholes.iter().map(|number| json!(number)));
    all.push(json!("x".repeat(5000)));
    all
}

fn valid() -> Value {
    json!({
        "vqscope": 1, "id": "0123456789abcdef0123456789abcdef", "pid": 7, "step": 40,
        "state": "training", "control": true, "number": 4,
        "values": {"learn_c": true, "lr_factor": 0.5, "commitment": 0.25, "simvq": false},
        "cannot": {"learn_w": "there is no W; simvq puts one behind the codes"},
        "answers": [
            {"number": 1, "step": 3, "window": "window-0a", "set": {}},
            {"number": 2, "step": 9, "window": "window-0a", "set": {"revive": true}, "revived": 12},
            {"number": 3, "step": 20, "refused": "learn_w: there is no W"},
            {"number": 4, "step": 30, "set": {"pause": false}, "ended": "too long"},
        ],
        "ignored": [{"step": 5, "why": "it is for another training"}],
        "file": "codebook_00000040.safetensors", "kept": [],
    })
}

/// Changes one value, anywhere.
fn change(stream: &mut Stream, value: &mut Value) {
    change_with(stream, value, &edges());
}

/// The same, to one of other values.
pub fn change_with(stream: &mut Stream, value: &mut Value, edges: &[Value]) {
    let is_here = once_in(stream, 5);
    match value {
        Value::Object(all) if !is_here && !all.is_empty() => {
            let keys: Vec<String> = all.keys().cloned().collect();
            let key = one_of(stream, &keys);
            match stream.below(8) {
                0 => drop(all.remove(&key)),
                1 => {
                    let other = one_of(stream, &["vqscope", "save", "why", "set", "more"]);
                    let edge = one_of(stream, edges);
                    all.insert(other.into(), edge);
                }
                _ => change_with(stream, &mut all[&key], edges),
            }
        }
        Value::Array(all) if !is_here && !all.is_empty() => {
            let at = stream.below(all.len());
            match stream.below(6) {
                0 => drop(all.remove(at)),
                1 => {
                    let copies = one_of(stream, &[1, 2, 3000]);
                    let one = all[at].clone();
                    all.splice(at..at, std::iter::repeat_n(one, copies));
                }
                _ => change_with(stream, &mut all[at], edges),
            }
        }
        value => *value = one_of(stream, edges),
    }
}

struct Statuses;

impl Reader for Statuses {
    const NAME: &'static str = "status";

    fn make(&mut self, stream: &mut Stream) -> Input {
        let mut value = valid();
        for _ in 0..=stream.below(4) {
            change(stream, &mut value);
        }
        let mut bytes = serde_json::to_vec(&value).unwrap();
        if once_in(stream, 10) {
            hurt(stream, &mut bytes);
        }
        vec![("status.json".into(), bytes)]
    }

    fn read(&mut self, input: &Input) -> Outcome {
        let bytes = &input[0].1;
        let is_table = serde_json::from_slice(bytes).is_ok_and(|value: Value| value.is_object());
        let read = parse(bytes);
        if let Ok(status) = &read {
            assert!(status.replies.iter().all(|reply| reply.number <= status.number));
            let texts = status.replies.iter().map(Reply::told);
            let mut all = texts.chain(status.off.clone()).chain(status.cannot.values().cloned());
            assert!(all.all(|text| !text.contains(char::is_control) && text.len() < 4000));
        }
        Outcome::of(read.map_err(|why| format!("status.json {why}")), is_table)
    }
}

#[test]
fn what_a_training_says_is_read_or_refused() {
    fuzz(&mut Statuses, 4000);
}
