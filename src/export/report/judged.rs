//! What use says, and by which meanings of the words it was counted.

use crate::record::counted::{ByRule, InUse};
use crate::record::judgement::{Judgement, Rule, few_of_small};
use crate::record::metric::Evaluation;
use crate::record::row::StepRow;
use crate::record::usage::Usage;
use crate::words;

/// Use by each meaning of the words in the last row of a lane of K codes, and in its newest evaluation;
/// none where the row has no meaning of its own, as in runs of an earlier version.
pub fn by_rule(row: &StepRow, eval: Option<Evaluation>, size: usize) -> Option<ByRule> {
    let found = |share: Option<f64>, tokens| {
        share.map(|share| InUse { used: (share * size as f64).round() as usize, tokens })
    };
    let newest = found(row.utilization_newest, row.newest_tokens)?;
    let batch = Some(row.batch_tokens);
    let all = ByRule::default()
        .with(Rule::Seen, eval.map(|eval| InUse::of(&eval.usage)))
        .with(Rule::Newest, Some(newest))
        .with(Rule::Average, found(row.utilization_average, None))
        .with(Rule::Batch, found(row.utilization_fair, batch))
        .with(Rule::Distinct, found(Some(row.utilization_batch), batch));
    Some(all)
}

/// What the use of a lane says, from which bound on, and what there is to say of few codes.
pub fn sentence(lane: &str, usage: &Usage) -> String {
    let (used, size, tokens) = (usage.used, usage.size, Some(usage.tokens));
    let judgement = Judgement::of(used, size, usage.perplexity, tokens);
    let mut text = judgement.map_or(String::new(), |judgement| {
        words!(
            "report-judged-lane",
            lane = lane,
            judgement = judgement.sentence(),
            bound = judgement.bound()
        )
    });
    if let Some(few) = few_of_small(used, size, tokens) {
        text += words!("reading-space");
        text += &few;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::LaneId;

    #[test]
    fn the_last_row_tells_each_meaning_and_one_of_before_tells_none() {
        let row = StepRow {
            utilization_batch: 0.25,
            batch_tokens: 64,
            utilization_newest: Some(0.5),
            newest_tokens: Some(640),
            utilization_average: Some(0.125),
            utilization_fair: Some(0.25),
            ..StepRow::nan(9, LaneId::B)
        };
        let usage = Usage { used: 5, tokens: 99, size: 8, perplexity: 2.0 };
        let all = by_rule(&row, Some(Evaluation::nan(9, usage)), 8).unwrap();
        let used = Rule::ALL.map(|rule| all.get(rule).unwrap().used);
        assert_eq!(used, [5, 4, 1, 2, 2]);
        assert_eq!(by_rule(&StepRow { utilization_newest: None, ..row }, None, 8), None);
    }

    #[test]
    fn a_lane_is_judged_with_its_bound() {
        let of = |used, size, perplexity| {
            sentence("B", &Usage { used, tokens: 100 * size, size, perplexity })
        };
        assert_eq!(of(300, 512, 10.0), "B: Concentrated use. Perplexity is less than K/20.");
        let few = of(4, 8, 3.0);
        assert!(few.starts_with("B: Even use.") && few.contains("4 of 8 codes"), "{few}");
    }
}
