//! What learns in each lane, and the lane that keys act on.

use crate::record::setting::Setting;
use crate::scenario::{LaneId, OnSwitch};
use crate::session::command::Command;
use crate::ui::state::AppState;

impl AppState {
    /// What learns in a lane from the next step on.
    pub fn set_learn(&mut self, id: LaneId, learn_c: bool, learn_w: bool) {
        let on_switch = self.on_switch();
        let is_fixed = self.run.spec(id).is_some_and(|spec| spec.fixed.is_some());
        // A codebook of the draft is built anew, so that what a new W does with codes is nothing to it.
        let fresh = Setting::Learn { c: learn_c, w: learn_w, on_switch: OnSwitch::Fresh };
        // Nothing can learn in fixed codes, in those that train as in those that are asked for.
        if is_fixed || self.draft.apply(Some(id), fresh).is_err() {
            return;
        }
        let setting = Setting::Learn { c: learn_c, w: learn_w, on_switch };
        self.outbox.push(Command::Set { lane: Some(id), setting });
    }

    /// What a new W does with the codes: as chosen, but fresh ones where a W of low rank could not
    /// leave the old ones where they are.
    pub fn on_switch(&self) -> OnSwitch {
        if self.run.can_keep_codes() { self.prefs.on_switch } else { OnSwitch::Fresh }
    }

    /// What learns in a lane now: as its newest view says, unless a switch is on its way.
    pub fn learns(&self, id: LaneId) -> Option<(bool, bool)> {
        let pending = self.outbox.iter().rev().find_map(|command| match command {
            Command::Set { lane, setting: Setting::Learn { c, w, .. } } if *lane == Some(id) => {
                Some((*c, *w))
            }
            _ => None,
        });
        let shown = self.run.live_lane(id).map(|view| (view.learn_c, view.learn_w));
        pending.or(shown).or_else(|| {
            self.draft.lane_table(id).map(|lane| {
                let method = lane.method();
                (method.learn_c, method.learn_w)
            })
        })
    }

    /// SimVQ becomes VQ, anything else becomes SimVQ.
    pub fn switch_method(&mut self) {
        match self.learns(self.marked.side) {
            Some((false, true)) => self.set_learn(self.marked.side, true, false),
            Some(_) => self.set_learn(self.marked.side, false, true),
            None => {}
        }
    }

    /// W alone learns or is fixed.
    pub fn switch_w(&mut self) {
        if let Some((c, w)) = self.learns(self.marked.side) {
            self.set_learn(self.marked.side, c, !w);
        }
    }

    /// C alone learns or is frozen.
    pub fn switch_c(&mut self) {
        if let Some((c, w)) = self.learns(self.marked.side) {
            self.set_learn(self.marked.side, !c, w);
        }
    }

    /// The other lane, if there is one.
    pub fn change_side(&mut self) {
        if self.draft.lanes.b.is_some() {
            self.marked.side = if self.marked.side == LaneId::A { LaneId::B } else { LaneId::A };
        }
    }
}
