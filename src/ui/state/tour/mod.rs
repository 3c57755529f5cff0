//! The tour on this window: which page is shown, what it does to the window, and what comes back when
//! it is left.

mod before;

use crate::figure::layers::Layers;
use crate::lesson::Mode;
use crate::lesson::tour::{Page, Tour, tour};
use crate::record::status::Activity;
use crate::session::command::Command;
use crate::session::visit::{ReplayPlan, Visit};
use crate::ui::layout::arrangement::{Arrangement, TourSide};
use crate::ui::state::AppState;
use crate::ui::state::marked::Marked;
use crate::ui::state::prefs::Tab;
use crate::ui::state::story::Story;
use crate::ui::state::visiting::Visiting;

use before::Before;
pub use before::Returning;

/// The tour while it is on.
pub struct Touring {
    /// The page that is shown, or that the run is on its way to.
    page: usize,
    /// The chapter whose run is on.
    chapter: usize,
    /// A page that was told and is looked back at.
    back: Option<usize>,
    /// The beat at which the lesson of a run begins that is not there yet, and the run before it.
    begins: Option<(Option<u64>, usize)>,
    /// The page whose view was opened last.
    opened: Option<usize>,
    /// Whether the list of pages is shown in the place of the text.
    pub is_list_open: bool,
    /// The page under the slider while it is dragged.
    pub dragged: Option<usize>,
    before: Before,
}

/// Where the tour stands, for whoever draws it.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The page, counted from 0.
    pub page: usize,
    /// Whether its text can be read now; the run is on its way to it otherwise.
    pub is_there: bool,
    /// Whether it was told before and is looked back at.
    pub is_back: bool,
    /// The beat that is its text, of the run that is on.
    pub beat: Option<usize>,
}

impl AppState {
    /// The tour, while it is on.
    pub fn touring(&self) -> Option<&Touring> {
        self.touring.as_deref()
    }

    /// The same, to open its list or to drag its slider.
    pub fn touring_mut(&mut self) -> Option<&mut Touring> {
        self.touring.as_deref_mut()
    }

    /// What the page that is shown is called, while the tour is on.
    pub fn page_title(&self) -> Option<&'static str> {
        let place = self.tour_place()?;
        Some(tour().pages.get(place.page)?.title.spoken())
    }

    /// Whether one line offers the tour: at a first start, until it is closed or the tour was opened.
    pub fn is_tour_offered(&self) -> bool {
        self.host.offers_tour
            && !self.prefs.tour.is_offer_closed
            && self.touring.is_none()
            && !self.run.is_pinned
            && self.run.stage().has_controls()
    }

    /// Opens the tour at the page at which it was left last.
    pub fn open_tour(&mut self) {
        self.open_tour_at(self.prefs.tour.page);
    }

    /// Opens the tour at a page, counted from 0; the run that is on comes back when it is left.
    pub fn open_tour_at(&mut self, page: usize) {
        let tour = tour();
        self.prefs.tour.is_offer_closed = true;
        if tour.pages.is_empty() || !self.run.stage().terms().has_trainer {
            return;
        }
        if self.touring.is_some() {
            return self.show_page(page);
        }
        self.back_to_live();
        (self.player.playback, self.player.loop_range) = (None, None);
        (self.cards.is_help_open, self.cards.is_gallery_open, self.cards.shelf) =
            (false, false, None);
        let before = self.before_tour();
        self.run.lesson.set_mode(Mode::Tour);
        // Runs of the tour are the program's own: none of the user's has to make room for them.
        self.ask(Command::Keep(false));
        self.ask(Command::Tell(Mode::Tour));
        let page = page.min(tour.pages.len() - 1);
        self.touring = Some(Box::new(Touring {
            page,
            chapter: tour.pages[page].chapter,
            back: None,
            begins: None,
            opened: None,
            is_list_open: false,
            dragged: None,
            before,
        }));
        self.go_to_page(tour, page);
    }

    /// Shows a page: one that was told is looked back at, the next one is gone on to, and to any other
    /// one a run is trained.
    pub fn show_page(&mut self, page: usize) {
        let tour = tour();
        let page = page.min(tour.pages.len().saturating_sub(1));
        let Some(place) = self.tour_place() else { return };
        let Some(touring) = &mut self.touring else { return };
        touring.is_list_open = false;
        let (chapter, told) = (touring.chapter, touring.page);
        let target = &tour.pages[page];
        let is_here = target.chapter == chapter && touring.begins.is_none();
        let lesson = &self.run.lesson;
        let was_told = target.beats.clone().any(|beat| lesson.was_told(beat));
        if is_here && page == told {
            touring.back = None;
            self.follow();
        } else if is_here && page < told && was_told {
            touring.back = Some(page);
            self.player.playback = None;
            self.run.pin(target.step(tour));
            match self.run.is_pinned {
                true => self.open_view(tour),
                // Its picture is not kept any more.
                false => self.go_to_page(tour, page),
            }
        } else if page == told + 1 && !place.is_back {
            self.tour_forward();
        } else {
            self.go_to_page(tour, page);
        }
    }

    /// Trains to a page in a run of its own chapter.
    fn go_to_page(&mut self, tour: &Tour, page: usize) {
        let Some(target) = tour.pages.get(page) else { return };
        let before = self.run.info.as_ref().map(|info| info.run);
        let Some(touring) = &mut self.touring else { return };
        (touring.page, touring.chapter) = (page, target.chapter);
        touring.back = None;
        touring.begins = Some((before, target.beats.start));
        let chapter = &tour.chapters[target.chapter];
        self.story = Story { name: chapter.story.clone(), scenario: chapter.scenario.clone() };
        self.draft = chapter.scenario.clone();
        self.forget_changes();
        self.panes.map.cameras = Default::default();
        self.marked = Marked::default();
        (self.player.playback, self.run.failure, self.run.notice) = (None, None, None);
        let step = target.step(tour);
        if step == 0 {
            self.restart_as_set();
        } else {
            let way = ReplayPlan { step, ..ReplayPlan::default() };
            let scenario = chapter.scenario.clone();
            self.ask(Command::Visit(Box::new(Visit { scenario, way })));
            self.ask(Command::SetBasis(self.prefs.basis));
            self.visiting = Some(Visiting { step, pinned: None, before });
            self.goes_on = Some(before);
            self.run.expect_run();
        }
        self.set_pace(self.draft.pace);
        self.open_view(tour);
    }

    /// On to the next page: a question that waits is left, and the run goes on to where that page
    /// stands. After the last page the tour is over.
    pub fn tour_forward(&mut self) {
        let tour = tour();
        let Some(place) = self.tour_place() else { return };
        let next = place.page + 1;
        if next >= tour.pages.len() {
            if let Some(touring) = &mut self.touring {
                touring.page = 0;
            }
            return self.leave_tour();
        }
        if place.is_back {
            return self.show_page(next);
        }
        let chapter = self.touring.as_ref().map(|touring| touring.chapter);
        if !place.is_there || chapter != Some(tour.pages[next].chapter) {
            return self.go_to_page(tour, next);
        }
        let lesson = &mut self.run.lesson;
        if lesson.waits().is_some() {
            lesson.skip();
        }
        lesson.read_on();
        if self.run.trainer.activity == Activity::Paused {
            self.toggle_play();
        }
    }

    /// Back to the page before.
    pub fn tour_back(&mut self) {
        if let Some(page) = self.tour_place().and_then(|place| place.page.checked_sub(1)) {
            self.show_page(page);
        }
    }

    /// The step that is shown and the one at which the next page stands, while the run is on its way
    /// there because somebody wants to go on.
    pub fn tour_goes_on(&self) -> Option<(u64, u64)> {
        let (touring, lesson) = (self.touring.as_ref()?, &self.run.lesson);
        let place = self.tour_place()?;
        if !place.is_there || place.is_back || lesson.waits().is_some() || lesson.is_being_read() {
            return None;
        }
        let next = tour().pages.get(touring.page + 1)?;
        let at = next.step(tour());
        (next.chapter == touring.chapter && at > self.run.step()).then_some((self.run.step(), at))
    }

    /// Has a page stand there over a run that was trained to it, as a picture of it shows it.
    pub fn stand_on_page(&mut self, page: usize) {
        let (tour, before) = (tour(), self.before_tour());
        let Some(target) = tour.pages.get(page) else { return };
        self.touring = Some(Box::new(Touring {
            page,
            chapter: target.chapter,
            back: None,
            begins: None,
            opened: None,
            is_list_open: false,
            dragged: None,
            before,
        }));
        self.run.lesson.set_mode(Mode::Tour);
        self.run.lesson.begin_at(target.beats.start);
        self.run.tell(0.0);
        self.run.trainer.activity = Activity::Waiting;
        self.follow_page();
    }

    /// Where the tour stands; none while it is not on.
    pub fn tour_place(&self) -> Option<Place> {
        let (touring, tour) = (self.touring.as_ref()?, tour());
        let lesson = &self.run.lesson;
        if let Some(page) = touring.back.filter(|_| self.run.is_pinned) {
            let beats = tour.pages[page].beats.clone();
            // Of two texts the one that was told.
            let beat = beats.clone().find(|&beat| lesson.was_told(beat)).or(Some(beats.start));
            return Some(Place { page, is_there: true, is_back: true, beat });
        }
        let (page, is_coming) = (touring.page, touring.begins.is_some());
        let current = lesson.current().map(|(number, _)| number).filter(|_| !is_coming);
        let beat = current.filter(|number| tour.pages[page].beats.contains(number));
        Some(Place { page, is_there: beat.is_some(), is_back: false, beat })
    }

    /// Has the lesson of a run begin where its page stands, once the run is there.
    pub fn begin_page(&mut self) {
        let now = self.run.info.as_ref().map(|info| info.run);
        let Some(touring) = &mut self.touring else { return };
        if let Some((before, beat)) = touring.begins
            && before != now
        {
            touring.begins = None;
            self.run.lesson.begin_at(beat);
        }
    }

    /// A run that was trained to a step or opened from a save pauses there; one that is to go on by
    /// itself does so as one that waits for its story.
    pub fn go_on_by_itself(&mut self) {
        let now = self.run.info.as_ref().map(|info| info.run);
        if self.goes_on.is_none_or(|from| from == now) {
            return;
        }
        match self.run.trainer.activity {
            Activity::WarmingUp => return,
            Activity::Paused => self.run.trainer.activity = Activity::Waiting,
            _ => {}
        }
        self.goes_on = None;
    }

    /// Follows the lesson: the page is that of the beat that stands there.
    pub fn follow_page(&mut self) {
        let tour = tour();
        let Some(touring) = &mut self.touring else { return };
        if touring.begins.is_some() {
            return;
        }
        if !self.run.is_pinned {
            touring.back = None;
        }
        let current = self.run.lesson.current().map(|(number, _)| number);
        if let Some(page) = current.and_then(|beat| tour.page_of(touring.chapter, beat)) {
            touring.page = page;
        }
        self.open_view(tour);
    }

    /// Opens what the shown page speaks of, once.
    fn open_view(&mut self, tour: &Tour) {
        let side = self.tour_side();
        let Some(place) = self.tour_place() else { return };
        let Some(touring) = &mut self.touring else { return };
        if touring.opened == Some(place.page) {
            return;
        }
        touring.opened = Some(place.page);
        let page = &tour.pages[place.page];
        self.prefs.layers = layers(page);
        self.prefs.arrangement = Arrangement { tour: side, ..Arrangement::default() };
        self.prefs.tab = page.tab.as_deref().and_then(Tab::of_name).unwrap_or(Tab::Losses);
    }

    /// At which side of the window the text of the tour stands: at the right, unless its page speaks
    /// of what stands there.
    pub fn tour_side(&self) -> Option<TourSide> {
        let place = self.tour_place()?;
        let page = &tour().pages[place.page];
        let beats = &tour().chapters[page.chapter].scenario.beat[page.beats.clone()];
        let shown: Vec<&str> = beats.iter().flat_map(|b| &b.show).map(String::as_str).collect();
        let is_right = shown.iter().any(|word| ["curves", "numbers"].contains(word));
        Some(if is_right { TourSide::Left } else { TourSide::Right })
    }
}

/// The layers of a page.
fn layers(page: &Page) -> Layers {
    // A test reads the names.
    Layers::of_names(&page.layers).unwrap_or_default()
}
