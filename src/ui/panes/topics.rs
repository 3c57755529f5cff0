//! Help of two sentences for everything that the window shows beside its settings: terms, figures, panes,
//! tabs, layers of the maps and controls, with the formula where there is one.
//!
//! The same words stand under the pointer, on the pages of the tour, in the card that `?` opens at a
//! thing, and in the documents. Settings have theirs in [`help`](crate::ui::panes::help).

use egui::{Rect, Ui};

use crate::scenario::Metric;
use crate::ui::layout::places::PaneId;
use crate::ui::panes::help::Row;
use crate::ui::widgets::helped;
use crate::words;

/// Makes the topics: their keys, names and helps.
macro_rules! topics {
    ($($name:ident $key:literal: $words:expr, $help:expr;)*) => {
        /// Something that is explained.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Topic {
            $(#[doc = $key] $name,)*
        }

        impl Topic {
            /// All of them, in the order of the documents.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The key by which pages of the tour name it.
            pub fn key(self) -> &'static str {
                match self { $(Self::$name => $key),* }
            }

            /// What it is called.
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => $words),* }
            }

            /// What it is, in two sentences.
            pub fn help(self) -> &'static str {
                match self { $(Self::$name => $help),* }
            }
        }
    };
}

topics! {
    Encoding "encoding": words!("topic-encoding"), words!("topic-encoding-help");
    Codebook "codebook": words!("topic-codebook"), words!("topic-codebook-help");
    Token "token": words!("topic-token"), words!("topic-token-help");
    StraightThrough "straight-through": words!("topic-straight-through"), words!("topic-straight-through-help");
    Gradient "gradient": words!("topic-gradient"), words!("topic-gradient-help");
    SimVq "simvq": words!("topic-simvq"), words!("topic-simvq-help");
    Utilization "utilization": words!("topic-utilization"), words!("figure-used-full-hint");
    UtilizationWindow "utilization-window": words!("topic-utilization-window"), words!("figure-used-last-hint");
    UtilizationBatch "utilization-batch": words!("topic-utilization-batch"), words!("figure-used-batch-hint");
    UtilizationNewest "utilization-newest": words!("topic-utilization-newest"), words!("figure-used-newest-hint");
    UtilizationAverage "utilization-average": words!("topic-utilization-average"), words!("figure-used-average-hint");
    UtilizationFair "utilization-fair": words!("topic-utilization-fair"), words!("figure-used-fair-hint");
    CountedBy "counted-by": words!("topic-counted-by"), words!("topic-counted-by-help");
    Ceiling "ceiling": words!("topic-ceiling"), words!("topic-ceiling-help");
    FairShare "fair-share": words!("topic-fair-share"), words!("topic-fair-share-help");
    FellOut "fell-out": words!("topic-fell-out"), words!("figure-fell-out-hint");
    NeverUsed "never-used": words!("topic-never-used"), words!("figure-never-hint");
    DeadCodes "dead-codes": words!("topic-dead-codes"), words!("figure-unused-hint");
    Perplexity "perplexity": words!("topic-perplexity"), words!("figure-perplexity-hint");
    Mse "mse": words!("topic-mse"), words!("metric-mse-hint");
    Psnr "psnr": words!("topic-psnr"), words!("metric-psnr-hint");
    QuantizationError "quantization-error": words!("metric-quantization-error"), words!("metric-quantization-error-hint");
    RankOfW "rank-w": words!("figure-rank-of-w"), words!("figure-rank-of-w-hint");
    RankOfE "rank-e": words!("metric-rank-of-e"), words!("metric-rank-of-e-hint");
    AxesOfE "axes-e": words!("metric-axes-of-e"), words!("metric-axes-of-e-hint");
    Moved "moved": words!("topic-moved"), words!("topic-moved-help");
    Top "top": words!("topic-top"), words!("topic-top-help");
    Caption "caption": words!("topic-caption"), words!("topic-caption-help");
    Playhead "playhead": words!("topic-playhead"), words!("topic-playhead-help");
    Controls "controls": words!("topic-controls"), words!("topic-controls-help");
    Tools "tools": words!("topic-tools"), words!("topic-tools-help");
    Headline "headline": words!("topic-headline"), words!("topic-headline-help");
    Maps "maps": words!("topic-maps"), words!("topic-maps-help");
    Usage "usage": words!("topic-usage"), words!("topic-usage-help");
    Recon "recon": words!("topic-recon"), words!("topic-recon-help");
    Curves "curves": words!("topic-curves"), words!("topic-curves-help");
    Numbers "numbers": words!("topic-numbers"), words!("topic-numbers-help");
    Timeline "timeline": words!("topic-timeline"), words!("topic-timeline-help");
    Status "status": words!("topic-status"), words!("topic-status-help");
    Pipeline "pipeline": words!("topic-pipeline"), words!("topic-pipeline-help");
    Sentences "sentences": words!("topic-sentences"), words!("topic-sentences-help");
    Inspector "inspector": words!("topic-inspector"), words!("topic-inspector-help");
    Atlas "atlas": words!("topic-atlas"), words!("topic-atlas-help");
    Place "place": words!("topic-place"), words!("topic-place-help");
    Difference "difference": words!("topic-difference"), words!("topic-difference-help");
    Losses "losses": words!("curves-tab-losses"), words!("curves-terms-of-the-loss-of-2");
    Spectrum "spectrum": words!("curves-tab-spectrum"), words!("topic-spectrum-help");
    UseMap "use-map": words!("curves-tab-use"), words!("topic-use-map-help");
    Movement "movement": words!("curves-tab-movement"), words!("topic-movement-help");
    Levels "levels": words!("curves-tab-levels"), words!("topic-levels-help");
    Events "events": words!("curves-tab-events"), words!("topic-events-help");
    Cells "cells": words!("topic-cells"), words!("topic-cells-help");
    W "w": words!("topic-w"), words!("topic-w-help");
    Slow "slow": words!("topic-slow"), words!("topic-slow-help");
    WhatLearns "what-learns": words!("learn-what-learns"), words!("topic-what-learns-help");
    Steer "steer": words!("steer-title"), words!("topic-steer-help");
    OnSwitch "on-switch": words!("learn-a-new-w-gets"), words!("topic-on-switch-help");
    Axes "axes": words!("topic-axes"), words!("topic-axes-help");
    Bars "bars": words!("topic-bars"), words!("topic-bars-help");
    Play "play": words!("command-play"), words!("topic-play-help");
    Step "step": words!("topic-step"), words!("topic-step-help");
    Restart "restart": words!("topic-restart"), words!("topic-restart-help");
    Pace "pace": words!("topic-pace"), words!("topic-pace-help");
    Stories "stories": words!("topic-stories"), words!("topic-stories-help");
    View "view": words!("top-view"), words!("topic-view-help");
    Runs "runs": words!("top-runs"), words!("topic-runs-help");
    Keys "keys": words!("topic-keys"), words!("topic-keys-help");
    TourButton "tour": words!("top-tour"), words!("topic-tour-help");
    SideNumbers "side-numbers": words!("topic-side-numbers"), words!("topic-side-numbers-help");
    SideControls "side-controls": words!("topic-side-controls"), words!("topic-side-controls-help");
    Flags "flags": words!("topic-flags"), words!("topic-flags-help");
    Cloud "cloud": words!("topic-cloud"), words!("topic-cloud-help");
    OwnInput "own-input": words!("own-title"), words!("topic-own-input-help");
    Change "change": words!("topic-change"), words!("topic-change-help");
    Before "before": words!("topic-before"), words!("topic-before-help");
}

impl Topic {
    /// Notes that it lies at a place, for whoever asks what it is.
    pub fn put(self, ui: &Ui, rect: Rect) {
        helped::put(ui, rect, self.name(), self.help());
    }

    /// What a pane is.
    pub fn of_pane(id: PaneId) -> Self {
        match id {
            PaneId::Top => Self::Top,
            PaneId::Caption => Self::Caption,
            PaneId::Playhead => Self::Playhead,
            PaneId::Controls => Self::Controls,
            PaneId::Tools => Self::Tools,
            PaneId::Headline(_) => Self::Headline,
            PaneId::Map(_) => Self::Maps,
            PaneId::Usage(_) => Self::Usage,
            PaneId::Recon => Self::Recon,
            PaneId::Curves => Self::Curves,
            PaneId::Numbers => Self::Numbers,
            PaneId::Timeline => Self::Timeline,
            PaneId::Status => Self::Status,
            PaneId::Pipeline => Self::Pipeline,
            PaneId::Sentences => Self::Sentences,
            PaneId::Inspector => Self::Inspector,
            PaneId::Atlas => Self::Atlas,
            PaneId::Levels => Self::Levels,
        }
    }

    /// What a metric of stories is.
    pub fn of_metric(metric: Metric) -> Self {
        match metric {
            Metric::Utilization | Metric::FinalUtilization => Self::Utilization,
            Metric::UtilizationWindow => Self::UtilizationWindow,
            Metric::UtilizationBatch => Self::UtilizationBatch,
            Metric::UtilizationNewest => Self::UtilizationNewest,
            Metric::UtilizationAverage => Self::UtilizationAverage,
            Metric::UtilizationFair => Self::UtilizationFair,
            Metric::Perplexity => Self::Perplexity,
            Metric::DeadCodes => Self::DeadCodes,
            Metric::ReconMse => Self::Mse,
            Metric::Psnr => Self::Psnr,
            Metric::QuantError => Self::QuantizationError,
            Metric::EffectiveRankW => Self::RankOfW,
            Metric::EffectiveRankE => Self::RankOfE,
            Metric::Dimensions90E | Metric::Dimensions99E => Self::AxesOfE,
            Metric::Moved => Self::Moved,
        }
    }

    /// The figure that has a help, as a row of the table of numbers has it under the pointer.
    pub fn of_figure(hint: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|topic| topic.help() == hint)
    }
}

/// What a key of the tour explains: its name and its help, of a topic or of a setting.
pub fn of_key(key: &str) -> Option<(&'static str, &'static str)> {
    let topic = Topic::ALL.iter().find(|topic| topic.key() == key);
    let of_topic = topic.map(|topic| (topic.name(), topic.help()));
    of_topic.or_else(|| {
        let row = Row::ALL.into_iter().find(|row| row.key() == key)?;
        Some((row.label().name, row.label().help))
    })
}

/// Every topic for the documents: its name and what it is.
pub fn topics() -> Vec<(&'static str, &'static str)> {
    Topic::ALL.iter().map(|topic| (topic.name(), topic.help())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::figures::figures;
    use crate::lesson::tour::tour;
    use crate::ui::fixture;
    use crate::words::{Language, within};

    #[test]
    fn every_topic_has_a_name_and_two_sentences_of_its_own_in_both_languages() {
        for language in Language::ALL {
            within(language, || {
                for topic in Topic::ALL {
                    let (name, help) = (topic.name(), topic.help());
                    let ends = match language {
                        Language::En => {
                            help.matches(". ").count() + usize::from(help.ends_with('.'))
                        }
                        Language::Ja => help.matches('\u{3002}').count(),
                    };
                    assert_eq!(ends, 2, "{name}: {help}");
                    let twins = Topic::ALL.iter().filter(|other| other.help() == help).count();
                    assert_eq!(twins, 1, "{name}: {help}");
                }
            });
        }
        let mut keys: Vec<&str> = Topic::ALL.iter().map(|topic| topic.key()).collect();
        keys.extend(Row::ALL.map(Row::key));
        let number = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), number);
    }

    #[test]
    fn every_figure_of_the_table_has_a_help() {
        let state = fixture::collapse();
        let lane = &state.run.live.as_ref().unwrap().lanes[0];
        for row in figures(lane) {
            assert!(Topic::of_figure(row.hint).is_some(), "{}: {}", row.name, row.hint);
        }
        let mut all: Vec<Topic> = Metric::ALL.iter().map(|&m| Topic::of_metric(m)).collect();
        all.dedup();
        assert!(all.len() >= 11);
    }

    #[test]
    fn every_term_of_the_tour_is_explained() {
        for page in &tour().pages {
            for term in &page.terms {
                assert!(of_key(term).is_some(), "{}: {term}", page.title);
            }
        }
        assert_eq!(of_key("nothing"), None);
    }
}
