//! Settings as somebody types them: each by the last part of its key, for one lane or for all.
//!
//! What can be typed follows from the table of keys: a key with a name is a setting, `lanes.*.` before
//! the same key makes it one that a lane may have for itself.

use toml::{Table, Value};

use crate::scenario::kind::{Key, Kind};
use crate::scenario::load::{SET_BY_PRESETS, insert, remove};
use crate::scenario::setting::Setting;
use crate::scenario::{Change, Lane, LaneId, Pace, Scenario, check, schema};

pub use crate::scenario::load::typed_value as value;

/// A setting that can be typed.
#[derive(Clone, Copy, Debug)]
pub struct Typed {
    /// Its key where the lanes share it.
    shared: Option<&'static Key>,
    /// Its key in a lane's table.
    own: Option<&'static Key>,
    /// Its row in the table of keys, whichever of the two has the name.
    row: &'static Key,
    /// Its name in the window.
    name: fn() -> &'static str,
}

/// All settings that can be typed, in the order of their table.
pub fn all() -> impl Iterator<Item = Typed> {
    schema::KEYS.iter().filter_map(|row| {
        let name = row.name?;
        let is_own = row.path.starts_with(OWN);
        let twin = || schema::KEYS.iter().find(|key| key.path.strip_prefix(OWN) == Some(row.path));
        let (shared, own) = if is_own { (None, Some(row)) } else { (Some(row), twin()) };
        Some(Typed { shared, own, row, name })
    })
}

/// Where keys of a lane's own table begin.
const OWN: &str = "lanes.*.";

/// The setting of a key, by its last part.
pub fn find(key: &str) -> Option<Typed> {
    all().find(|typed| typed.key() == key)
}

impl Typed {
    /// What is typed: the last part of its key.
    pub fn key(&self) -> &'static str {
        self.path().rsplit('.').next().unwrap_or(self.row.path)
    }

    /// Its key without the lane.
    pub fn path(&self) -> &'static str {
        self.row.path.strip_prefix(OWN).unwrap_or(self.row.path)
    }

    /// Its name, in the language of the window.
    pub fn name(&self) -> &'static str {
        (self.name)()
    }

    /// What its value may be.
    pub fn kind(&self) -> Kind {
        self.row.kind
    }

    /// Whether one lane can have it for itself.
    pub fn is_of_lanes(&self) -> bool {
        self.own.is_some()
    }

    /// The values that there are, where they can be listed.
    pub fn choices(&self) -> Vec<String> {
        match self.kind() {
            Kind::Word(words) => words.iter().map(ToString::to_string).collect(),
            Kind::Bool => vec!["true".into(), "false".into()],
            Kind::Pace => Pace::LADDER
                .iter()
                .map(|pace| pace.per_second().map_or("unlimited".into(), |x| x.to_string()))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// What it makes of a lane whose parts learn as given from the next step on, where it acts live.
    ///
    /// # Errors
    /// One sentence about the value.
    pub fn live(&self, value: &Value, learns: (bool, bool)) -> Result<Option<Setting>, String> {
        if schema::find(&format!("change.{}", self.key())).is_none() {
            return Ok(None);
        }
        self.check(value)?;
        let step = ("step".to_string(), Value::Integer(0));
        let table = Table::from_iter([step, (self.key().to_string(), value.clone())]);
        let change: Change = table.try_into().map_err(|e: toml::de::Error| e.to_string())?;
        Ok(change.settings(learns.0, learns.1).into_iter().next())
    }

    /// A scenario with this value for one lane or for all of them, on a machine with so many bytes of
    /// memory.
    ///
    /// # Errors
    /// One sentence that names the key: the value cannot be, or does not go with the rest.
    pub fn set(
        &self,
        scenario: &Scenario,
        lane: Option<LaneId>,
        value: &Value,
        memory: u64,
    ) -> Result<Scenario, String> {
        self.check(value)?;
        let bare = Scenario {
            change: Vec::new(),
            expect: Vec::new(),
            beat: Vec::new(),
            view: None,
            ..scenario.clone()
        };
        let mut table = Table::try_from(&bare).map_err(|e| e.to_string())?;
        for path in self.places(scenario, lane)? {
            insert(&path, value.clone(), &mut table)?;
        }
        for path in self.leftovers(scenario, lane) {
            remove(&path, &mut table);
        }
        let set: Scenario = table.try_into().map_err(|e: toml::de::Error| e.to_string())?;
        let (change, expect) = (scenario.change.clone(), scenario.expect.clone());
        let (beat, view) = (scenario.beat.clone(), scenario.view.clone());
        let mut set = Scenario { change, expect, beat, view, ..set };
        for id in set.lane_ids() {
            set.lane_table_mut(id).into_iter().for_each(Lane::drop_empty);
        }
        check::check(&set, memory).map_err(|fault| fault.what)?;
        Ok(set)
    }

    /// Whether the value can be, by itself.
    fn check(&self, value: &Value) -> Result<(), String> {
        insert(self.row.path, value.clone(), &mut Table::new())
    }

    /// The keys under which the value is written.
    fn places(&self, scenario: &Scenario, lane: Option<LaneId>) -> Result<Vec<String>, String> {
        let Some(id) = lane else {
            let own = scenario.lane_ids().into_iter().filter(|id| self.is_above(scenario, *id));
            let shared = self.shared.map(|key| key.path.to_string());
            return Ok(shared.into_iter().chain(own.map(|id| self.own_path(id))).collect());
        };
        if !self.is_of_lanes() {
            return Err(format!("{} is of the whole run; leave the lane out", self.path()));
        }
        if scenario.lane_table(id).is_none() {
            return Err(format!("there is no lane {}; leave the lane out", id.name()));
        }
        Ok(vec![self.own_path(id)])
    }

    /// The keys that would stand above a value that all lanes share.
    fn leftovers(&self, scenario: &Scenario, lane: Option<LaneId>) -> Vec<String> {
        let lanes = if lane.is_none() { scenario.lane_ids() } else { Vec::new() };
        let below = lanes.into_iter().filter(|id| !self.is_above(scenario, *id));
        below.map(|id| self.own_path(id)).collect()
    }

    /// Whether a lane takes nothing but what is written in its own table: because nothing is shared, or
    /// its preset stands above that.
    fn is_above(&self, scenario: &Scenario, id: LaneId) -> bool {
        let has_preset = scenario.lane_table(id).is_some_and(|lane| lane.preset.is_some());
        self.shared.is_none() || (has_preset && SET_BY_PRESETS.contains(&self.path()))
    }

    fn own_path(&self, id: LaneId) -> String {
        format!("lanes.{}.{}", id.name(), self.path())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Init, parse};

    /// More memory than any of these runs needs.
    const MEMORY: u64 = 1 << 40;

    fn scenario(lanes: &str) -> Scenario {
        parse(&format!("title='x'\n{lanes}\n"), "x", &[]).unwrap()
    }

    #[test]
    fn every_key_that_is_no_story_is_a_setting_with_a_key_of_its_own() {
        let told = ["title", "about", "change.", "expect.", "beat.", "view."];
        let mut keys: Vec<&str> = Vec::new();
        for row in schema::KEYS.iter().filter(|row| !matches!(row.kind, Kind::Table | Kind::Tables))
        {
            if told.iter().any(|told| row.path.starts_with(told)) {
                assert!(row.name.is_none(), "{}", row.path);
                continue;
            }
            let paths =
                |typed: &Typed| [typed.shared, typed.own].map(|key| key.map(|key| key.path));
            let of: Vec<Typed> = all().filter(|t| paths(t).contains(&Some(row.path))).collect();
            assert_eq!(of.len(), 1, "{}", row.path);
            assert_eq!(of[0].kind(), row.kind, "{}", row.path);
            keys.push(of[0].key());
        }
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(all().count(), keys.len());
    }

    #[test]
    fn a_value_of_all_lanes_is_what_each_of_them_has() {
        let both = scenario(
            "[lanes.a]\ncodebook.init='kmeans'\ncodebook.size=64\n[lanes.b]\npreset='simvq'",
        );
        let set = |key: &str, lane, to: &str| {
            find(key).unwrap().set(&both, lane, &value(to), MEMORY).unwrap()
        };
        let size = set("size", None, "128");
        assert_eq!(size.lane_specs().iter().map(|s| s.size).collect::<Vec<_>>(), [128, 128]);
        assert_eq!(size.codebook.size, 128);
        // A preset stands above what the lanes share.
        let init = set("init", None, "features");
        assert!(init.lane_specs().iter().all(|spec| spec.init == Init::Features));
        let of_b = set("init", Some(LaneId::B), "uniform");
        let inits: Vec<Init> = of_b.lane_specs().iter().map(|spec| spec.init).collect();
        assert_eq!(inits, [Init::Kmeans, Init::Uniform]);
        // What is as it was leaves no trace.
        assert_eq!(set("optimizer", None, "adam"), both);
    }

    #[test]
    fn a_method_leaves_the_cloud_where_it_lies() {
        let cloud = scenario(
            "[data]\nset='cloud'\n[model]\nkind='none'\n[codebook]\ndim=2\n[lanes.a]\ncloud_x=1.0\nupkeep='revive'",
        );
        let set = find("preset").unwrap().set(&cloud, None, &value("simvq"), MEMORY).unwrap();
        let mut lane = cloud.lanes.a;
        lane.set_preset(crate::scenario::Preset::Simvq);
        assert_eq!(set.lanes.a, lane);
        assert_eq!(lane.cloud_x, Some(1.0));
    }

    #[test]
    fn what_cannot_be_is_said_as_of_a_file() {
        let one = scenario("[lanes.a]");
        let refused = |key: &str, lane, to: &str| {
            find(key).unwrap().set(&one, lane, &value(to), MEMORY).unwrap_err()
        };
        let lr = refused("lr", None, "-1");
        assert_eq!(lr, "train.lr must be a number greater than 0 and at most 1000, not -1");
        assert!(refused("init", None, "kmean").contains("did you mean kmeans?"));
        assert!(refused("lr", Some(LaneId::B), "0.1").contains("no lane b"));
        assert!(refused("drift", Some(LaneId::A), "1").contains("the whole run"));
        assert!(refused("factor", None, "16").contains("only 16 numbers"));
        assert!(refused("rank", None, "0").contains("from 1 to 512"));
    }
}
