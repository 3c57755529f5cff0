//! Links in the window: copied with Ctrl+C, opened with Ctrl+V.

use egui::text_selection::LabelSelectionState;
use egui::{Context, Event};

use crate::lesson::Mode;
use crate::record::status::Activity;
use crate::scenario::{Link, Scenario, demos, link, parse};
use crate::session::command::Command;
use crate::session::visit::Visit;
use crate::ui::state::AppState;
use crate::ui::state::screen::Screen;
use crate::ui::state::visiting::Visiting;
use crate::words;

/// Copies and opens links as the events of this frame ask for.
pub fn handle(ctx: &Context, state: &mut AppState) {
    // Text that is selected is what Ctrl+C means.
    if ctx.plugin::<LabelSelectionState>().lock().has_selection() {
        return;
    }
    let events: Vec<Event> = ctx.input(|i| {
        let is_ours = |event: &&Event| matches!(event, Event::Copy | Event::Paste(_));
        i.events.iter().filter(is_ours).cloned().collect()
    });
    for event in events {
        match event {
            Event::Copy => copy(ctx, state),
            // Nothing is opened behind a card.
            Event::Paste(text) if state.card().is_none() => state.open_link(&text),
            _ => {}
        }
    }
}

/// Copies a link to what the window shows, and says so.
pub fn copy(ctx: &Context, state: &mut AppState) {
    match state.link() {
        Ok(text) => {
            state.run.notice = None;
            let step = crate::text::count(state.run.step());
            let length = text.len();
            state.toast = Some(words!("notice-copied-a-link", step = step, length = length));
            ctx.copy_text(text);
        }
        Err(why) => state.run.notice = Some(why),
    }
}

impl AppState {
    /// A link to what the window shows.
    ///
    /// # Errors
    /// The settings of the controls cannot train, or saved runs are looked at.
    pub fn link(&self) -> Result<String, String> {
        self.run.stage().terms().link?;
        self.check_draft()
            .map_err(|why| format!("there is no link to settings that cannot train: {why}"))?;
        Ok(self.link_to(self.run.step(), &self.screen()).encode())
    }

    /// A link to a step of what trains, in a view.
    fn link_to(&self, step: u64, screen: &Screen) -> Link {
        Link {
            story: self.story.name.clone(),
            scenario: self.as_story(self.running()),
            draft: self.as_story(&self.draft),
            by_hand: self.run.log.iter().map(|logged| logged.to_change()).collect(),
            step,
            view: screen.to_table(),
        }
    }

    /// A link to the beat of the story that stands there, or to the one told last, for those who are
    /// to go on from it by themselves: without controls, and told as a lecture.
    ///
    /// # Errors
    /// As of [`Self::link`], or the story has no beat at a step.
    pub fn lesson_link(&self) -> Result<String, String> {
        self.link()?;
        let lesson = &self.run.lesson;
        let now = self.run.step();
        let standing = lesson.current().map(|(number, _)| number);
        let reached = lesson.in_order().into_iter().rfind(|(_, at)| *at <= now);
        let of_standing = |number| lesson.in_order().into_iter().find(|(n, _)| *n == number);
        let found = standing.and_then(of_standing).or(reached);
        let Some((beat, step)) = found else {
            return Err(
                "this story has no beat that a lesson could begin at; choose another story".into(),
            );
        };
        let screen =
            Screen { beat: Some(beat), has_controls: false, pinned: None, ..self.screen() };
        // What was done by hand is for those who are here.
        let link = Link {
            by_hand: Vec::new(),
            draft: self.running().clone(),
            ..self.link_to(step, &screen)
        };
        Ok(link.encode())
    }

    /// Shows a link to the present beat as a code for cameras, and says why not where there is none.
    pub fn show_lesson_link(&mut self) {
        match self.lesson_link() {
            Ok(link) => self.cards.lesson_link = Some(link),
            Err(why) => self.run.notice = Some(why),
        }
    }

    /// A scenario of the tour with the words of its story, for a link; any other one as it is.
    fn as_story(&self, scenario: &Scenario) -> Scenario {
        let name = &self.story.name;
        let story = self.touring().and_then(|_| parse(demos::text(name)?, name, &[]).ok());
        match story {
            Some(Scenario { title, about, steps, beat, expect, .. }) => {
                Scenario { title, about, steps, beat, expect, ..scenario.clone() }
            }
            None => scenario.clone(),
        }
    }

    /// Opens a link, or says why it is none.
    pub fn open_link(&mut self, text: &str) {
        let text = text.trim();
        if !link::is_link(text) {
            self.run.notice = Some(format!(
                "what was pasted is no link, which would start with {}; copy one with Ctrl+C",
                link::SCHEME
            ));
            return;
        }
        if !self.run.stage().terms().has_trainer {
            let why =
                "this window shows files of another program; open the link with `vqscope LINK`";
            self.run.notice = Some(why.into());
            return;
        }
        let visit = Link::decode(text, &[])
            .map_err(|error| error.to_string())
            .and_then(|link| self.enter(&link));
        match visit {
            Ok(visit) => {
                let pace = self.run.trainer.pace;
                self.ask(Command::Visit(Box::new(visit)));
                self.ask(Command::SetPace(pace));
                self.run.expect_run();
            }
            Err(why) => self.run.notice = Some(why),
        }
    }

    /// Takes over what a link says of story, settings and view, and gives the visit to make.
    ///
    /// # Errors
    /// A sentence about a view that cannot be shown.
    pub fn enter(&mut self, link: &Link) -> Result<Visit, String> {
        let screen = Screen::from_table(&link.view)?;
        self.drop_tour();
        self.back_to_live();
        let built_in = demos::text(&link.story).and_then(|text| parse(text, &link.story, &[]).ok());
        self.story.name.clone_from(&link.story);
        self.story.scenario = built_in.unwrap_or_else(|| link.scenario.clone());
        self.draft = link.draft.clone();
        self.forget_changes();
        self.show(&screen);
        if screen.beat.is_some() {
            self.set_mode(Mode::Lecture);
        }
        self.run.trainer.pace = screen.pace;
        self.run.trainer.activity = Activity::WarmingUp;
        (self.run.failure, self.run.notice) = (None, None);
        (self.cards.is_help_open, self.cards.is_gallery_open, self.cards.shelf) =
            (false, false, None);
        (self.player.playback, self.player.loop_range, self.cards.fork_wish) = (None, None, None);
        let before = self.run.info.as_ref().map(|info| info.run);
        self.visiting = Some(Visiting { step: link.step, pinned: screen.pinned, before });
        let mut visit = Visit::from(link);
        visit.way.keep = screen.pinned.into_iter().collect();
        if screen.axes != Screen::default().axes || screen.axes_since > 0 {
            visit.way.axes = Some((screen.axes_since, screen.axes));
        }
        Ok(visit)
    }
}
