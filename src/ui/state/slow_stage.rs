//! The stages of one step, which are gone through by hand.

/// A stage of one step as one token sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SlowStage {
    /// The encoder makes an encoding of it.
    #[default]
    Encode,
    /// The three nearest codes, of which the first is chosen.
    Choose,
    /// What the choice costs.
    Loss,
    /// What pulls on C, or on W and b.
    Pull,
    /// Where everything is afterwards, beside where it was.
    After,
}

impl SlowStage {
    /// All of them, in the order of a step.
    pub const ALL: [Self; 5] = [Self::Encode, Self::Choose, Self::Loss, Self::Pull, Self::After];

    /// The one after it, within the step.
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self as usize + 1).copied()
    }

    /// The one before it, within the step.
    pub fn before(self) -> Option<Self> {
        (self as usize).checked_sub(1).map(|place| Self::ALL[place])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stages_of_a_step_follow_each_other_to_both_ends() {
        for pair in SlowStage::ALL.windows(2) {
            assert_eq!((pair[0].next(), pair[1].before()), (Some(pair[1]), Some(pair[0])));
        }
        assert_eq!((SlowStage::After.next(), SlowStage::Encode.before()), (None, None));
    }
}
