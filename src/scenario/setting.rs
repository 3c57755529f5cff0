//! Hot settings: what can change between two steps without a rebuild, in one table.
//!
//! A row of `settings!` gives a switch its place in [`Switches`], its variant of [`Setting`], its key
//! under `[lanes.*]` and `[[change]]` with what it may be, and its words. What a setting does to the
//! rest of what a lane trains with stands in [`crate::scenario::Present::apply`] alone: the draft of
//! the window, timed changes and the trainer ask it.

use serde::{Deserialize, Serialize};

use crate::scenario::OnSwitch;
use crate::scenario::kind::{
    BETA, ESTIMATORS, Key, Kind, PLACE, SHARE, STD, UPDATES, UPKEEPS, key,
};
use crate::scenario::lane::{Change, Lane, LaneTrain};
use crate::scenario::method::{CodeUpdate, Estimator, Lookup, TransformForm, Upkeep, method_name};
use crate::text::short;
use crate::words;

/// How a switch stands in a table of what two lanes differ in.
pub struct Row {
    /// Its key in a lane's table.
    pub key: &'static str,
    /// Its name.
    pub name: fn() -> &'static str,
    /// Its value in words, of a lane whose C learns or not; none where it has no use for it.
    pub words: fn(bool, &Switches) -> Option<String>,
    /// Whether it is what it is unless somebody changes it.
    pub is_usual: fn(&Switches) -> bool,
}

/// The value of a switch, where it is a number.
trait Number: Copy {
    fn number(self) -> Option<f64> {
        None
    }
}

impl Number for f64 {
    fn number(self) -> Option<f64> {
        Some(self)
    }
}

impl Number for CodeUpdate {}
impl Number for Upkeep {}
impl Number for Estimator {}

/// Makes all that depends on the table of switches that act live.
macro_rules! settings {
    ($(
        $(#[$doc:meta])*
        $key:ident: $type:ty = $usual:expr, $setting:ident,
        values: $kind:expr, $default:literal,
        row: $name:expr, |$learns:pat_param, $switches:pat_param| $is_used:expr, $words:expr,
        sentence: |$value:ident| $sentence:expr;
    )*) => {
        /// All switches of a lane but what learns and where the codes start. What a save of an
        /// earlier version does not have is at its usual value.
        #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(default)]
        pub struct Switches {
            /// Whether the transform has a bias b.
            pub has_bias: bool,
            /// Form of W.
            pub transform: TransformForm,
            /// Rank r of a low-rank W.
            pub rank: usize,
            /// How an encoding finds its code.
            pub lookup: Lookup,
            /// Temperature τ of the soft choice of codes in the entropy penalty.
            pub temperature: f64,
            $($(#[$doc])* pub $key: $type,)*
        }

        impl Default for Switches {
            fn default() -> Self {
                Self {
                    has_bias: true,
                    transform: TransformForm::Full,
                    rank: 4,
                    lookup: Lookup::L2,
                    temperature: 0.1,
                    $($key: $usual,)*
                }
            }
        }

        /// A setting that acts at the next step without a rebuild.
        #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Setting {
            /// Learning rate.
            Lr(f64),
            /// Weight of the commitment loss.
            Beta(f64),
            /// Which parts of the codebook learn.
            Learn {
                /// Whether C learns.
                c: bool,
                /// Whether W and b learn.
                w: bool,
                /// What happens to C when W is switched on.
                on_switch: OnSwitch,
            },
            $($(#[$doc])* $setting($type),)*
        }

        /// Keys of switches that act live, under `[lanes.*]`.
        pub const LANE_KEYS: &[Key] =
            &[$(key(concat!("lanes.*.", stringify!($key)), $kind, $default).named(|| $name),)*];

        /// The same under `[[change]]`.
        pub const CHANGE_KEYS: &[Key] =
            &[$(key(concat!("change.", stringify!($key)), $kind, "unchanged"),)*];

        /// Their rows in a table of what two lanes differ in.
        pub const ROWS: &[Row] = &[$(Row {
            key: stringify!($key),
            name: || $name,
            words: |$learns, $switches| $is_used.then(|| $words.to_string()),
            is_usual: |switches| switches.$key == $usual,
        },)*];

        impl Switches {
            /// The settings that make what of them acts live.
            pub fn settings(&self) -> Vec<Setting> {
                vec![$(Setting::$setting(self.$key),)*]
            }

            /// Takes a setting; one that is no switch changes nothing here.
            pub(super) fn put(&mut self, setting: Setting) {
                match setting {
                    Setting::Lr(_) | Setting::Beta(_) | Setting::Learn { .. } => {}
                    $(Setting::$setting(value) => self.$key = value,)*
                }
            }
        }

        impl Lane {
            /// These switches with those that the lane's own table sets.
            pub(super) fn over(&self, base: Switches) -> Switches {
                Switches {
                    has_bias: self.bias.unwrap_or(base.has_bias),
                    transform: self.transform.unwrap_or(base.transform),
                    rank: self.rank.unwrap_or(base.rank),
                    lookup: self.lookup.unwrap_or(base.lookup),
                    temperature: self.temperature.unwrap_or(base.temperature),
                    $($key: self.$key.unwrap_or(base.$key),)*
                }
            }

            /// Takes a setting as the lane's own.
            pub(super) fn put(&mut self, setting: Setting) {
                let train = |lane: &mut Self| lane.train.take().unwrap_or_default();
                match setting {
                    Setting::Lr(lr) => self.train = Some(LaneTrain { lr: Some(lr), ..train(self) }),
                    Setting::Beta(beta) => {
                        self.train = Some(LaneTrain { beta: Some(beta), ..train(self) });
                    }
                    Setting::Learn { c, w, .. } => {
                        (self.learn_c, self.learn_w) = (Some(c), Some(w));
                    }
                    $(Setting::$setting(value) => self.$key = Some(value),)*
                }
            }

            /// Leaves out all that acts live.
            pub(super) fn cool(&mut self) {
                (self.learn_c, self.learn_w) = (None, None);
                $(self.$key = None;)*
                if let Some(train) = &mut self.train {
                    (train.lr, train.beta) = (None, None);
                }
            }
        }

        impl Change {
            /// The settings that it makes, for a lane whose parts learn as given.
            pub fn settings(&self, learn_c: bool, learn_w: bool) -> Vec<Setting> {
                let mut settings = Vec::new();
                settings.extend(self.lr.map(Setting::Lr));
                settings.extend(self.beta.map(Setting::Beta));
                if self.learn_c.is_some() || self.learn_w.is_some() {
                    settings.push(Setting::Learn {
                        c: self.learn_c.unwrap_or(learn_c),
                        w: self.learn_w.unwrap_or(learn_w),
                        on_switch: self.codebook.unwrap_or_default(),
                    });
                }
                $(settings.extend(self.$key.map(Setting::$setting));)*
                settings
            }

            /// Takes a setting.
            pub fn put(&mut self, setting: Setting) {
                match setting {
                    Setting::Lr(lr) => self.lr = Some(lr),
                    Setting::Beta(beta) => self.beta = Some(beta),
                    Setting::Learn { c, w, on_switch } => {
                        (self.learn_c, self.learn_w) = (Some(c), Some(w));
                        self.codebook = Some(on_switch);
                    }
                    $(Setting::$setting(value) => self.$key = Some(value),)*
                }
            }
        }

        impl Setting {
            /// Its number, with the key of a scenario that says what it may be.
            pub fn number(self) -> Option<(&'static str, f64)> {
                match self {
                    Self::Lr(lr) => Some(("train.lr", lr)),
                    Self::Beta(beta) => Some(("train.beta", beta)),
                    Self::Learn { .. } => None,
                    $(Self::$setting(value) => {
                        Number::number(value).map(|x| (concat!("lanes.a.", stringify!($key)), x))
                    })*
                }
            }

            /// What it sets, for the list of what happened: "learning rate 0.003".
            pub fn sentence(self) -> String {
                match self {
                    Self::Lr(lr) => words!("setting-made-lr", value = short(lr)),
                    Self::Beta(beta) => words!("setting-made-beta", value = short(beta)),
                    Self::Learn { c, w, on_switch } => {
                        let method = method_name(c, w);
                        match (w, on_switch) {
                            (true, OnSwitch::Fresh) => words!("setting-made-fresh", method = method),
                            (true, OnSwitch::Keep) => words!("setting-made-kept", method = method),
                            (false, _) => method.into(),
                        }
                    }
                    $(Self::$setting($value) => $sentence,)*
                }
            }
        }
    };
}

settings! {
    /// How C is updated where it learns.
    update: CodeUpdate = CodeUpdate::Gradient, Update,
    values: UPDATES, "the preset's, or gradient",
    row: words!("setting-codes-move-by"), |learns, s| learns, s.update.words(),
    sentence: |update| match update {
        CodeUpdate::Gradient => words!("setting-made-by-gradient").into(),
        CodeUpdate::Ema => words!("setting-made-as-averages").into(),
    };

    /// How codes are kept in use.
    upkeep: Upkeep = Upkeep::None, Upkeep,
    values: UPKEEPS, "the preset's, or none",
    row: words!("setting-upkeep"), |_, s| true, s.upkeep.words(),
    sentence: |upkeep| words!("setting-made-upkeep", value = upkeep.words());

    /// Decay γ of the moving averages of codes and of their use, 0 to less than 1.
    decay: f64 = 0.99, Decay,
    values: Kind::Below(1.0), "0.99",
    row: words!("setting-decay"), |learns, s| learns && (s.update == CodeUpdate::Ema || s.upkeep != Upkeep::None),
        short(s.decay),
    sentence: |decay| words!("setting-made-decay", value = short(decay));

    /// Share of the fair share N/K of tokens below which revival takes a code for dead.
    revive_below: f64 = 0.1, ReviveBelow,
    values: Kind::Number(0.0, true, 1.0), "0.1",
    row: words!("setting-revival-below"), |_, s| s.upkeep == Upkeep::Revive,
        format!("×{}", short(s.revive_below)),
    sentence: |share| words!("setting-made-revive-below", value = short(share));

    /// Weight λ of the entropy penalty; 0 for none.
    entropy: f64 = 0.0, Entropy,
    values: BETA, "the preset's, or 0",
    row: words!("setting-entropy"), |_, s| true, match s.entropy {
        0.0 => words!("setting-none").into(),
        weight => format!("×{}, τ {}", short(weight), short(s.temperature)),
    },
    sentence: |weight| words!("setting-made-entropy", value = short(weight));

    /// What gradient the encoder gets.
    estimator: Estimator = Estimator::StraightThrough, Estimator,
    values: ESTIMATORS, "the preset's, or straight-through",
    row: words!("setting-to-the-encoder"), |_, s| true, s.estimator.words(),
    sentence: |estimator| words!("setting-made-estimator", value = estimator.words());

    /// Learning rate of C as a share of the lane's, 0 to 1.
    c_lr: f64 = 1.0, CodeRate,
    values: SHARE, "1",
    row: words!("setting-rate-of-c"), |learns, s| learns && s.update == CodeUpdate::Gradient,
        format!("×{}", short(s.c_lr)),
    sentence: |c_lr| words!("setting-made-c-lr", value = short(c_lr));

    /// How far the cloud lies to the right of its way.
    cloud_x: f64 = 0.0, CloudX,
    values: PLACE, "0",
    row: words!("setting-cloud-x"), |_, s| s.cloud_x != 0.0, short(s.cloud_x),
    sentence: |x| words!("setting-made-cloud-x", value = short(x));

    /// How far the cloud lies above its way.
    cloud_y: f64 = 0.0, CloudY,
    values: PLACE, "0",
    row: words!("setting-cloud-y"), |_, s| s.cloud_y != 0.0, short(s.cloud_y),
    sentence: |y| words!("setting-made-cloud-y", value = short(y));

    /// Degrees by which the cloud is turned, counterclockwise.
    cloud_angle: f64 = 0.0, CloudAngle,
    values: PLACE, "0",
    row: words!("setting-cloud-angle"), |_, s| s.cloud_angle != 0.0, format!("{}°", short(s.cloud_angle)),
    sentence: |angle| words!("setting-made-cloud-angle", value = short(angle));

    /// What the cloud's size is multiplied by.
    cloud_scale: f64 = 1.0, CloudScale,
    values: STD, "1",
    row: words!("setting-cloud-scale"), |_, s| s.cloud_scale != 1.0, format!("×{}", short(s.cloud_scale)),
    sentence: |scale| words!("setting-made-cloud-scale", value = short(scale));
}

impl Setting {
    /// Whether it moves the cloud.
    pub fn moves_cloud(self) -> bool {
        matches!(
            self,
            Self::CloudX(_) | Self::CloudY(_) | Self::CloudAngle(_) | Self::CloudScale(_)
        )
    }

    /// Whether one control sets this and another one: the cloud is dragged by several numbers at once.
    pub fn is_of_one_control_with(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
            || (self.moves_cloud() && other.moves_cloud())
    }
}
