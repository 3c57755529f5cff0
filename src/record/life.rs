//! What became of a code: one that was never in use has not fallen out of it.

use crate::record::snapshot::LaneView;
use crate::words;

/// What is known of the use of a code in the sliding window of training tokens, and before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Chosen by a token of the window.
    InUse,
    /// Chosen at an earlier step, and by no token of the window.
    FellOut,
    /// Never chosen since the codebook is there.
    Never,
    /// Chosen by no token of the window; the time before it is not known.
    NotInUse,
    /// Nothing is counted.
    Unknown,
}

impl Life {
    /// The state in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::InUse => words!("life-in-use"),
            Self::FellOut => words!("life-fell-out"),
            Self::Never => words!("life-never"),
            Self::NotInUse => words!("life-not-in-use"),
            Self::Unknown => "",
        }
    }

    /// Whether it is known that no token of the window chose the code.
    pub fn is_idle(self) -> bool {
        matches!(self, Self::FellOut | Self::Never | Self::NotInUse)
    }
}

/// Codes that no token of the window chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Idle {
    /// Those that were in use before.
    pub fell_out: usize,
    /// Those that never were.
    pub never: usize,
}

impl LaneView {
    /// What became of a code.
    pub fn life(&self, code: usize) -> Life {
        match (self.window_counts.get(code), self.ever_used.get(code)) {
            (None, _) => Life::Unknown,
            (Some(1..), _) => Life::InUse,
            (Some(0), Some(true)) => Life::FellOut,
            (Some(0), Some(false)) => Life::Never,
            (Some(0), None) => Life::NotInUse,
        }
    }

    /// How many codes fell out of use and how many never were in use, where that is known; nothing is
    /// during a warm-up without quantization.
    pub fn idle(&self) -> Option<Idle> {
        let is_known = self.knows_use() && self.ever_used.len() == self.window_counts.len();
        if !is_known || self.warms_up_until.is_some() {
            return None;
        }
        // Bytes are added eight times as fast as counts, as many as go into one.
        let some = self.ever_used.chunks(255);
        let ever = some.map(|some| usize::from(some.iter().map(|&is| u8::from(is)).sum::<u8>()));
        let ever: usize = ever.sum();
        let fell_out = ever.saturating_sub(self.window.used);
        Some(Idle { fell_out, never: self.ever_used.len() - ever })
    }

    /// The codes that are not in use, in words: "483 never used, 12 fell out of use".
    pub fn idle_words(&self) -> String {
        let count = |n: usize| crate::text::count(n as u64);
        let Some(Idle { fell_out, never }) = self.idle() else {
            let codes = count(self.window.size - self.window.used);
            return words!("life-codes", codes = codes, life = Life::NotInUse.words());
        };
        let parts = [(never, Life::Never), (fell_out, Life::FellOut)];
        let parts = parts.into_iter().filter(|&(n, _)| n > 0);
        let parts: Vec<String> = parts
            .map(|(n, life)| words!("life-codes", codes = count(n), life = life.words()))
            .collect();
        parts.join(words!("list-separator"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::LaneId;
    use crate::ui::fixture;

    #[test]
    fn a_code_that_was_never_in_use_has_not_fallen_out_of_it() {
        let mut view = fixture::collapse().run.lane(LaneId::A).unwrap().clone();
        view.window_counts = vec![3, 0, 0, 0];
        view.ever_used = vec![true, true, false, false];
        (view.window.used, view.window.size) = (1, 4);
        let lives: Vec<Life> = (0..5).map(|code| view.life(code)).collect();
        let expected = [Life::InUse, Life::FellOut, Life::Never, Life::Never, Life::Unknown];
        assert_eq!(lives, expected);
        assert_eq!(view.idle(), Some(Idle { fell_out: 1, never: 2 }));
        assert_eq!(view.idle_words(), "2 never used, 1 fell out of use");
        // What an earlier version saved, or another program wrote, tells less.
        view.ever_used.clear();
        assert_eq!((view.life(1), view.idle()), (Life::NotInUse, None));
        assert_eq!(view.idle_words(), "3 not in use");
        view.window_counts.clear();
        assert_eq!(view.life(0), Life::Unknown);
    }
}
