//! Events in sentences, in the language that is spoken.

use crate::record::answer::Answer;
use crate::record::event::{Event, Fact, NotFinite, Share, Term};
use crate::record::setting::{BasisMode, Setting};
use crate::scenario::LaneId;
use crate::text::{count, short, shown, significant};
use crate::words;

impl Event {
    /// What happened, in one sentence.
    pub fn sentence(&self) -> String {
        match &self.fact {
            // It does not know which of two trainings it is about.
            Some(fact @ Fact::Steered(_)) if self.lane.is_some() => {
                let lane = self.lane.map_or("", name);
                of_lane(lane, &fact.sentence(self.step))
            }
            Some(fact) => fact.sentence(self.step),
            None => self.text.clone(),
        }
    }

    /// The same without the names of the lanes, where these stand beside it.
    pub fn what(&self) -> String {
        match &self.fact {
            Some(Fact::Set { to, .. }) => to.sentence(),
            Some(Fact::Quantizes { .. }) => words!("event-quantization-begins").into(),
            Some(fact) => fact.sentence(self.step),
            // As an earlier version wrote it.
            None => self.text.split_once(": ").map_or(&*self.text, |(_, what)| what).into(),
        }
    }

    /// What a setting was before, lane by lane; none where nothing was set.
    pub fn before(&self) -> Option<String> {
        let Some(Fact::Set { lanes, from, .. }) = &self.fact else { return None };
        let mut all: Vec<String> = from.iter().map(|from| from.before()).collect();
        all.dedup();
        if let [one] = &all[..] {
            return Some(words!("event-before", what = one));
        }
        let named = lanes.iter().zip(&all).map(|(lane, what)| of_lane(name(*lane), what));
        let all: Vec<String> = named.collect();
        Some(words!("event-before", what = all.join(words!("list-separator"))))
    }
}

/// A guess in words: "guess at beat 3: choice 2; hands 12, 7".
fn guessed(beat: usize, answer: Option<&Answer>, hands: &[u32]) -> String {
    let what = match answer {
        Some(Answer::Choice(choice)) => words!("event-guess-choice", choice = choice + 1),
        Some(Answer::Number(number)) => words!("event-guess-number", number = significant(*number)),
        Some(Answer::Curves(_)) => words!("event-guess-curve").into(),
        Some(Answer::Left) => words!("event-guess-left").into(),
        None => words!("event-guess-none").into(),
    };
    let text = words!("event-guess", beat = beat + 1, what = what);
    match hands.iter().any(|hands| *hands > 0) {
        true => {
            let all: Vec<String> = hands.iter().map(ToString::to_string).collect();
            text + &words!("event-guess-hands", hands = all.join(words!("list-separator")))
        }
        false => text,
    }
}

impl Setting {
    /// What it says of the time before another one of its kind.
    fn before(self) -> String {
        match self {
            // Of a W that learned before nobody asks with which codes it began.
            Self::Learn { c, w, .. } => crate::scenario::method_name(c, w).into(),
            other => other.sentence(),
        }
    }
}

impl Fact {
    fn sentence(&self, step: u64) -> String {
        match self {
            Self::Set { lanes, to, .. } => of_lane(&names(lanes), &to.sentence()),
            Self::Quantizes { lane } => of_lane(name(*lane), words!("event-quantization-begins")),
            Self::Axes { mode } => match mode {
                BasisMode::Live => words!("event-axes-live").into(),
                BasisMode::Fixed => words!("event-axes-fixed").into(),
                BasisMode::Shared => words!("event-axes-shared").into(),
            },
            Self::Collapse(share) => collapse(share),
            Self::Recovery(share) => recovery(share),
            Self::Saturation(share) => saturation(share),
            Self::Runaway { lane, norm, least, since, of_files } => {
                let growth = format!("{:.1}", norm / least.max(f64::MIN_POSITIVE));
                let norm = large(*norm);
                match of_files {
                    true => words!(
                        "event-runaway-of-files",
                        norm = norm,
                        growth = growth,
                        since = since
                    ),
                    false => words!(
                        "event-runaway",
                        lane = name(*lane),
                        norm = norm,
                        growth = growth,
                        since = since
                    ),
                }
            }
            Self::LearnsNothing { lane, error, mean } => words!(
                "event-learns-nothing",
                lane = name(*lane),
                error = large(*error),
                mean = large(*mean)
            ),
            Self::Diverged { lane, broken, lr, greatest } => {
                let broken: Vec<String> = broken.iter().map(|&(term, how)| is(term, how)).collect();
                let (lane, lr) = (name(*lane), large(*lr));
                let broken = broken.join(words!("list-separator"));
                match greatest {
                    None => {
                        words!("event-diverged", lane = lane, step = step, broken = broken, lr = lr)
                    }
                    Some(greatest) => words!(
                        "event-diverged-after-norm",
                        lane = lane,
                        step = step,
                        broken = broken,
                        lr = lr,
                        norm = large(greatest.norm),
                        at = greatest.step
                    ),
                }
            }
            Self::Guessed { beat, answer, hands } => guessed(*beat, answer.as_ref(), hands),
            Self::Drawn { step, stroke } => match stroke {
                Some(_) => words!("event-pen-drawn", step = count(*step)),
                None => words!("event-pen-wiped", step = count(*step)),
            },
            Self::Read(reading) => reading.sentence(),
            Self::Broke { codes, size } => {
                words!("event-codes-broke", n = count(*codes as u64), size = count(*size as u64))
            }
            Self::Older { file, newer } => {
                words!("event-older", file = shown(file), newer = shown(newer))
            }
            Self::Steered(reply) => words!("event-steered", what = reply.told()),
        }
    }
}

/// Few codes have been in use for long.
fn collapse(share: &Share) -> String {
    let Told { lane, steps, bound, now, size } = share.told();
    match share.of_files {
        true => {
            words!("event-collapse-of-files", files = steps, bound = bound, now = now, size = size)
        }
        false => words!(
            "event-collapse",
            lane = lane,
            steps = steps,
            bound = bound,
            now = now,
            size = size
        ),
    }
}

/// Many codes have been in use again for long.
fn recovery(share: &Share) -> String {
    let Told { lane, steps, bound, now, size } = share.told();
    match share.of_files {
        true => {
            words!("event-recovery-of-files", files = steps, bound = bound, now = now, size = size)
        }
        false => words!(
            "event-recovery",
            lane = lane,
            steps = steps,
            bound = bound,
            now = now,
            size = size
        ),
    }
}

/// Nearly all codes have been in use for long.
fn saturation(share: &Share) -> String {
    let Told { lane, steps, bound, now, size } = share.told();
    match share.of_files {
        true => words!(
            "event-saturation-of-files",
            files = steps,
            bound = bound,
            now = now,
            size = size
        ),
        false => words!(
            "event-saturation",
            lane = lane,
            steps = steps,
            bound = bound,
            now = now,
            size = size
        ),
    }
}

/// A share of codes in words.
struct Told {
    lane: &'static str,
    steps: u64,
    bound: f64,
    now: String,
    size: usize,
}

impl Share {
    fn told(&self) -> Told {
        Told {
            lane: name(self.lane),
            steps: self.steps,
            bound: 100.0 * self.threshold,
            now: format!("{:.1}", 100.0 * (self.used as f64 / self.size.max(1) as f64)),
            size: self.size,
        }
    }
}

fn name(lane: LaneId) -> &'static str {
    match lane {
        LaneId::A => "A",
        LaneId::B => "B",
    }
}

/// "A", or "A and B".
fn names(lanes: &[LaneId]) -> String {
    match lanes {
        [a, b] => words!("event-two-lanes", a = name(*a), b = name(*b)),
        _ => lanes.iter().map(|lane| name(*lane)).collect(),
    }
}

fn of_lane(lanes: &str, what: &str) -> String {
    words!("event-of-lane", lanes = lanes, what = what)
}

/// What is not finite, and how.
fn is(term: Term, how: NotFinite) -> String {
    let term = match term {
        Term::Sum => words!("event-sum-of-the-loss"),
        Term::Reconstruction => words!("event-reconstruction-loss"),
        Term::Codebook => words!("event-codebook-loss"),
        Term::Commitment => words!("event-commitment-loss"),
        Term::Entropy => words!("event-entropy-penalty"),
    };
    match how {
        NotFinite::Infinite => words!("event-is-infinite", term = term),
        NotFinite::Nan => words!("event-is-not-a-number", term = term),
    }
}

/// A number in few digits, with a power of ten where it is large.
fn large(x: f64) -> String {
    if x >= 1e4 { format!("{x:.2e}") } else { short(x) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::event::{Counts, Known, Lookup, Note, Reading, Tuples};
    use crate::record::event::{EventKind, Greatest};
    use crate::record::judgement::Judgement;
    use crate::scenario::OnSwitch;
    use crate::words::{Language, within};

    /// One of each kind, with the sentence that files have had from the first version on.
    fn all() -> Vec<(Fact, &'static str)> {
        let lane = LaneId::A;
        let share =
            |threshold| Share { lane, steps: 100, threshold, used: 17, size: 512, of_files: false };
        let of_files = |threshold| Share { steps: 2, of_files: true, ..share(threshold) };
        let set = |lanes: &[LaneId], from, to| Fact::Set { lanes: lanes.into(), from, to };
        let learn = |w| Setting::Learn { c: true, w, on_switch: OnSwitch::Fresh };
        vec![
            (
                set(&[LaneId::A, LaneId::B], vec![Setting::Lr(0.01); 2], Setting::Lr(0.003)),
                "A and B: learning rate 0.003",
            ),
            (set(&[LaneId::B], vec![learn(false)], learn(true)), "B: joint, fresh codebook"),
            (Fact::Quantizes { lane: LaneId::B }, "B: quantization begins"),
            (Fact::Axes { mode: BasisMode::Shared }, "axes: shared by both lanes"),
            (
                Fact::Collapse(share(0.1)),
                "A has collapsed: for 100 steps less than 10 % of its codes are in use, 3.3 % of 512 now",
            ),
            (
                Fact::Recovery(share(0.5)),
                "A has recovered: for 100 steps at least 50 % of its codes are in use, 3.3 % of 512 now",
            ),
            (
                Fact::Saturation(share(0.95)),
                "A is saturated: for 100 steps at least 95 % of its codes are in use, 3.3 % of 512 now",
            ),
            (
                Fact::Runaway { lane, norm: 61_234.0, least: 2.0, since: 60, of_files: false },
                "A's encoder runs away: the RMS norm of its encodings is 6.12e4, 30617.0 times that of step 60",
            ),
            (
                Fact::LearnsNothing { lane, error: 19_265.0, mean: 0.0366 },
                "A learns nothing: its MSE is 1.93e4, and the mean picture of the training set alone has 0.0366",
            ),
            (
                Fact::Collapse(of_files(0.1)),
                "The codebook has collapsed: in 2 files in a row less than 10 % of its codes are in use, 3.3 % of 512 now",
            ),
            (
                Fact::Recovery(of_files(0.5)),
                "The codebook has recovered: in 2 files in a row at least 50 % of its codes are in use, 3.3 % of 512 now",
            ),
            (
                Fact::Saturation(of_files(0.95)),
                "The codebook is saturated: in 2 files in a row at least 95 % of its codes are in use, 3.3 % of 512 now",
            ),
            (
                Fact::Runaway { lane, norm: 61_234.0, least: 2.0, since: 60, of_files: true },
                "The encoder runs away: the RMS norm of the file's latents is 6.12e4, 30617.0 times that of step 60",
            ),
            (
                Fact::Diverged {
                    lane,
                    broken: vec![
                        (Term::Codebook, NotFinite::Infinite),
                        (Term::Reconstruction, NotFinite::Nan),
                    ],
                    lr: 0.3,
                    greatest: Some(Greatest { norm: 75_000.0, step: 60 }),
                },
                "A diverged at step 130: the codebook loss is infinite, the reconstruction loss is not a number; the learning rate was 0.3; the greatest RMS norm of the encodings was 7.50e4 at step 60",
            ),
            (
                Fact::Diverged {
                    lane,
                    broken: vec![(Term::Sum, NotFinite::Infinite)],
                    lr: 0.3,
                    greatest: None,
                },
                "A diverged at step 130: the sum of the loss is infinite; the learning rate was 0.3",
            ),
        ]
    }

    /// What is told of files of another program.
    fn of_files() -> Vec<(Fact, &'static str)> {
        vec![
            (
                Fact::Read(Box::new(Reading {
                    file: "c.npz".into(),
                    size: 64,
                    dim: 8,
                    level: 1,
                    levels: 4,
                    lookup: Lookup::Cosine,
                    known: Known::Said,
                    counts: Counts::Here { latents: 4096, of: 65_536 },
                    used: 50,
                    tokens: None,
                    judgement: Some(Judgement::Even),
                    by_rule: Vec::new(),
                    table: Vec::new(),
                    tuples: Some(Tuples {
                        array: "indices".into(),
                        tokens: 4096,
                        distinct: vec![40, 3000],
                        possible: 4096.0,
                    }),
                    broken: (2, vec![3, 17]),
                    notes: vec![Note::Turned],
                })),
                "Even use: 50 of 64 codes in use, by 4,096 of its 65,536 latents, an even sample, each at its code by cosine. Level 1 of 0 to 3, width 8, c.npz. 3,000 distinct tuples of codes among 4,096 tokens (73 %), of 4,096 possible. 2 of 64 codes are not finite and not drawn: 3, 17. The file holds one code a column; it was turned.",
            ),
            (Fact::Broke { codes: 2, size: 64 }, "from here on 2 of 64 codes are not finite"),
            (
                Fact::Older { file: "c_6000.pt".into(), newer: "c_5500.pt".into() },
                "c_6000.pt was written before c_5500.pt: it is of the run before",
            ),
        ]
    }

    #[test]
    fn files_have_the_sentences_that_they_had() {
        for (fact, sentence) in all().into_iter().chain(of_files()) {
            let event = within(Language::Ja, || Event::new(130, None, fact.clone()));
            assert_eq!((event.text.as_str(), event.kind), (sentence, fact.kind()));
            assert_eq!(event.sentence(), sentence);
            assert!(fact.is_sound(), "{fact:?}");
        }
    }

    #[test]
    fn each_is_told_in_each_language_with_the_same_figures() {
        let figures = |text: &str| -> Vec<String> {
            let parts = text.split(|c: char| !(c.is_ascii_digit() || c == '.'));
            let parts = parts.map(|part| part.trim_matches('.').to_string());
            let mut all: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
            all.sort();
            all
        };
        for (fact, sentence) in all().into_iter().chain(of_files()) {
            let event = Event::new(130, None, fact);
            let told = within(Language::Ja, || event.sentence());
            assert_ne!(told, sentence);
            assert_eq!(figures(&told), figures(sentence), "{told}");
        }
        // What others said stays as they said it.
        let said = Event::said(3, None, EventKind::Caption, "so");
        assert_eq!(within(Language::Ja, || said.sentence()), "so");
    }

    #[test]
    fn beside_another_run_it_is_told_of_the_lane_that_is_shown() {
        let from = vec![Setting::Lr(0.1), Setting::Lr(0.2)];
        let lanes = vec![LaneId::A, LaneId::B];
        let both = Event::new(9, None, Fact::Set { lanes, from, to: Setting::Lr(0.5) });
        let shown = both.beside(LaneId::B, LaneId::A).unwrap();
        assert_eq!((shown.lane, shown.text.as_str()), (Some(LaneId::A), "A: learning rate 0.5"));
        assert_eq!(shown.before().unwrap(), "before: learning rate 0.2");
        let (lanes, from) = (vec![LaneId::A], vec![Setting::Lr(0.1)]);
        let one = Event::new(9, None, Fact::Set { lanes, from, to: Setting::Lr(0.5) });
        assert_eq!(one.beside(LaneId::B, LaneId::A), None);
        let said = Event::said(9, Some(LaneId::A), EventKind::Caption, "so");
        assert_eq!(said.clone().beside(LaneId::B, LaneId::A), None);
        assert_eq!(said.beside(LaneId::A, LaneId::B).unwrap().lane, Some(LaneId::B));
    }

    #[test]
    fn facts_are_the_same_after_a_file() {
        for (fact, _) in all().into_iter().chain(of_files()) {
            let json = serde_json::to_string(&fact).unwrap();
            assert_eq!(serde_json::from_str::<Fact>(&json).unwrap(), fact, "{json}");
        }
        // An event of an earlier version has none.
        let old = r#"{"step":3,"lane":null,"kind":"caption","text":"so"}"#;
        assert_eq!(
            serde_json::from_str::<Event>(old).unwrap(),
            Event::said(3, None, EventKind::Caption, "so")
        );
    }

    #[test]
    fn what_was_before_is_told_once_or_lane_by_lane() {
        let set = |from: &[f64]| {
            let lanes = [LaneId::A, LaneId::B][..from.len()].to_vec();
            let from = from.iter().map(|&lr| Setting::Lr(lr)).collect();
            Event::new(1, None, Fact::Set { lanes, from, to: Setting::Lr(0.5) }).before()
        };
        assert_eq!(set(&[0.1]).unwrap(), "before: learning rate 0.1");
        assert_eq!(set(&[0.1, 0.1]).unwrap(), "before: learning rate 0.1");
        let apart = set(&[0.1, 0.2]).unwrap();
        assert_eq!(apart, "before: A: learning rate 0.1, B: learning rate 0.2");
        assert_eq!(Event::said(1, None, EventKind::Change, "x").before(), None);
    }
}
