//! The state after three steps against numbers computed elsewhere (`tests/reference/`).

use serde_json::Value;

use super::*;
use crate::model::Weight;

fn numbers(value: &Value) -> Vec<f32> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap() as f32).collect()
}

fn tensor(value: &Value, columns: usize) -> Tensor<2> {
    let values = numbers(value);
    let rows = values.len() / columns;
    Tensor::from_data(TensorData::new(values, [rows, columns]), &Device::flex())
}

fn assert_close(name: &str, got: &Tensor<2>, expected: &Value) {
    let got: Vec<f32> = got.to_data().try_into_vec().unwrap();
    let expected = expected.as_array().unwrap();
    assert_eq!(got.len(), expected.len(), "{name}");
    for (g, e) in got.iter().zip(expected) {
        let e = e.as_f64().unwrap();
        assert!((f64::from(*g) - e).abs() <= 1e-5 * e.abs().max(1.0), "{name}: {g} against {e}");
    }
}

#[test]
fn states_after_three_steps_agree_with_the_reference() {
    let all: Value =
        serde_json::from_str(include_str!("../../../tests/reference/quantizers.json")).unwrap();
    for case in all["upkeep"].as_array().unwrap() {
        let name = format!("{} {} {}", case["update"], case["upkeep"], case["decay"]);
        let switches = Switches {
            update: serde_json::from_value(case["update"].clone()).unwrap(),
            upkeep: serde_json::from_value(case["upkeep"].clone()).unwrap(),
            decay: case["decay"].as_f64().unwrap_or(0.99),
            revive_below: case["revive_below"].as_f64().unwrap_or(0.1),
            ..Switches::default()
        };
        let codes = tensor(&case["start"]["c"], 2);
        let mut stream = crate::rng::Stream::new(1, crate::rng::Purpose::Transform, 0);
        let weight = Weight::from_tensor(codes.clone());
        let mut book = Codebook::new(weight, true, false, &switches, &mut stream);
        let steps = case["z"].as_array().unwrap();
        let tokens = numbers(&steps[0]).len() / 2;
        let mut averages = Averages::new(&codes, tokens);
        averages.counts = tensor(&case["start"]["counts"], 1);
        averages.sums = tensor(&case["start"]["sums"], 2);
        for (z, picks) in steps.iter().zip(case["picks"].as_array().unwrap()) {
            let z = tensor(z, 2);
            let index = nearest_codes(z.clone(), book.effective());
            let mut pick = |_| numbers(picks).iter().map(|&x| x as i32).collect();
            averages.step(&mut book, &switches, &z, &index, &mut pick);
        }
        assert_close(&format!("{name}: C"), &book.codes(), &case["c"]);
        assert_close(&format!("{name}: N"), &averages.counts, &case["counts"]);
        assert_close(&format!("{name}: P"), &averages.shares, &case["shares"]);
        if switches.update == CodeUpdate::Ema {
            assert_close(&format!("{name}: m"), &averages.sums, &case["sums"]);
        }
    }
}

#[test]
fn a_code_that_is_never_chosen_stays_where_it_is_under_averages() {
    let codes = Tensor::<2>::from_data(
        TensorData::new(vec![0.0_f32, 0.0, 5.0, 5.0], [2, 2]),
        &Device::flex(),
    );
    let switches = Switches { update: CodeUpdate::Ema, ..Switches::default() };
    let mut stream = crate::rng::Stream::new(1, crate::rng::Purpose::Transform, 0);
    let mut book =
        Codebook::new(Weight::from_tensor(codes.clone()), true, false, &switches, &mut stream);
    let mut averages = Averages::new(&codes, 2);
    let z = Tensor::<2>::from_data(
        TensorData::new(vec![0.5_f32, 0.0, 0.5, 0.0], [2, 2]),
        &Device::flex(),
    );
    for _ in 0..50 {
        let index = nearest_codes(z.clone(), book.effective());
        averages.step(&mut book, &switches, &z, &index, &mut |_| vec![0, 0]);
    }
    let moved: Vec<f32> = book.codes().to_data().try_into_vec().unwrap();
    assert!(moved[0] > 0.15 && (moved[2] - 5.0).abs() < 1e-2, "{moved:?}");
}
