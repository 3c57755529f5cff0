//! The live window: a thin shell of eframe around [`crate::ui::window`].
//!
//! It starts the trainer, hands messages one way and commands the other, and never waits: what the
//! trainer cannot take now is offered again in the next frame.

mod refusal;
mod screens;

use std::cell::Cell;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use eframe::{CreationContext, NativeOptions, Renderer};
use egui::{IconData, ViewportBuilder, ViewportCommand};

use crate::archive::shelf;
use crate::catch_panic::caught;
use crate::exit::Refusal;
use crate::files::output;
use crate::lesson::Mode;
use crate::palette::LIGHT;
use crate::platform;
use crate::platform::awake::Awake;
use crate::platform::signals::Requests;
use crate::record::status::Activity;
use crate::record::watching::Shown;
use crate::say;
use crate::scenario::{LaneId, Pace};
use crate::session::command::Command;
use crate::session::feed::Feed;
use crate::session::follow::Follower;
use crate::session::visit::Visit;
use crate::session::worker::{Begin, Start, Trainer};
use crate::ui::host::meter::Meter;
use crate::ui::host::order::{Presenting, Source, WindowOrder};
use crate::ui::host::shell::refusal::{NO_EVENTS, ONCE, broken, gist, no_window};
use crate::ui::host::shell::screens::Screens;
use crate::ui::layout;
use crate::ui::state::AppState;
use crate::ui::state::frames::FrameStore;
use crate::ui::state::host::{self, Why};
use crate::ui::state::prefs::{OldSwitches, Prefs};
use crate::ui::state::presenter::Notes;
use crate::ui::state::scale;
use crate::ui::state::screen::Screen;
use crate::ui::widgets::{fonts, theme};
use crate::watch::follow::Watcher;
use crate::words;
use crate::words::Language;

/// Name under which layout and theme are kept; a new form of them gets a new name.
const PREFS: &str = "vqscope_prefs_v1";

/// Opens the window and returns when it is closed, with the exit code: that of the request to end, if
/// one closed it.
///
/// # Errors
/// A sentence where no window can be opened or the report cannot be written.
pub fn run(order: WindowOrder) -> Result<u8, Refusal> {
    if let Some(file) = &order.report {
        output::check_place(file, order.is_forced)
            .map_err(|why| Refusal::bad_input(format!("--report {why}")))?;
    }
    if let Some(link) = &order.link {
        Screen::from_table(&link.view).map_err(Refusal::bad_input)?;
    }
    platform::check_display().map_err(|why| no_window(&why))?;
    let (first, reason) = match order.renderer.as_str() {
        "wgpu" => (Renderer::Wgpu, Why::AskedFor),
        "glow" => (Renderer::Glow, Why::AskedFor),
        _ if order.has_gpu => (Renderer::Wgpu, Why::OnTheGpu),
        _ => (Renderer::Glow, Why::NoGpu),
    };
    let second = if first == Renderer::Wgpu { Renderer::Glow } else { Renderer::Wgpu };
    let requests = Requests::listen()?;
    let ended = || Ok(requests.exit_code().unwrap_or(0));
    let mut why = match open(&order, &requests, first, reason) {
        Opened::Closed => return ended(),
        Opened::Broken(why) => return Err(broken(&order, &why)),
        Opened::Not(why) => why,
    };
    // Someone who asked for a renderer wants to know that it does not work. A display that gave no
    // events gives none to the other renderer either.
    if order.renderer == "auto" && !why.contains(NO_EVENTS) {
        match open(&order, &requests, second, Why::DidNotStart(first.to_string())) {
            Opened::Closed => return ended(),
            Opened::Broken(why) => return Err(broken(&order, &why)),
            Opened::Not(also) if also.contains(ONCE) => {}
            Opened::Not(also) => why = format!("{why}; {also}"),
        }
    }
    platform::try_other_display();
    Err(no_window(&why))
}

/// What became of an attempt to open the window.
enum Opened {
    /// It was open, until somebody closed it.
    Closed,
    /// It was open, and broke off.
    Broken(String),
    /// It could not be opened.
    Not(String),
}

/// One attempt to open the window with one renderer.
fn open(order: &WindowOrder, requests: &Requests, renderer: Renderer, reason: Why) -> Opened {
    let viewport = ViewportBuilder::default()
        .with_app_id("vqscope")
        .with_title("vqscope")
        .with_icon(icon())
        .with_inner_size([1440.0, 900.0])
        .with_min_inner_size(layout::LEAST);
    let options = NativeOptions {
        viewport,
        renderer,
        // A measured window is not placed by an earlier one.
        persist_window: order.report.is_none(),
        ..NativeOptions::default()
    };
    let label = host::Renderer { name: renderer.to_string(), reason };
    let (order, requests) = (order.clone(), requests.clone());
    let is_open = Cell::new(false);
    let create = |cc: &CreationContext<'_>| -> Result<
        Box<dyn eframe::App>,
        Box<dyn std::error::Error + Send + Sync>,
    > {
        let shell = Shell::new(cc, order, requests, label)?;
        is_open.set(true);
        Ok(Box::new(shell))
    };
    // Libraries of windows panic over displays that they did not expect.
    let why = match caught(|| eframe::run_native("vqscope", options, Box::new(create))) {
        Ok(Ok(())) => return Opened::Closed,
        Ok(Err(error)) => gist(&error.to_string()),
        Err(panic) => gist(&panic),
    };
    if is_open.get() { Opened::Broken(why) } else { Opened::Not(why) }
}

/// A code in use and a dead one.
fn icon() -> IconData {
    const SIDE: usize = 64;
    let pixel = |i: usize| -> [u8; 4] {
        let (x, y) = ((i % SIDE) as f32 + 0.5, (i / SIDE) as f32 + 0.5);
        let disc = (15.5 - (x - 21.0).hypot(y - 40.0)).clamp(0.0, 1.0);
        let r = (x - 45.0).hypot(y - 21.0);
        let ring = (12.5 - r).min(r - 7.5).clamp(0.0, 1.0);
        let alpha = (255.0 * disc.max(ring)) as u8;
        let color = if disc > ring { LIGHT.lane(LaneId::B) } else { LIGHT.dead };
        [color.r(), color.g(), color.b(), alpha]
    };
    let rgba = (0..SIDE * SIDE).flat_map(pixel).collect();
    IconData { rgba, width: SIDE as u32, height: SIDE as u32 }
}

/// Starts what hands out the run; a link gives the visit to make and the pace after it. Watched files are
/// shown as `shown` says.
fn feed(
    order: &WindowOrder,
    shown: Shown,
    visit: Option<(Visit, Pace)>,
    mode: Mode,
    wake: impl Fn() + Send + 'static,
) -> std::io::Result<Box<dyn Feed>> {
    let choice = match &order.source {
        Source::Train(device) => device.0.clone(),
        Source::Watch(watch) => {
            return Ok(Box::new(Watcher::spawn(watch.paths.clone(), shown, wake)?));
        }
    };
    let start = Start {
        pace: visit.as_ref().map_or(order.scenario.pace, |(_, pace)| *pace),
        begin: match (order.resume.clone(), visit) {
            (Some(folder), _) => Begin::Resume(folder),
            (None, Some((visit, _))) => Begin::Visit(Box::new(visit)),
            (None, None) => Begin::Fresh(Box::new(order.scenario.clone())),
        },
        choice,
        mode,
        is_playing: order.resume.is_none(),
        home: order.home.clone(),
        // A folder that somebody names is theirs: nothing is removed from it.
        makes_room: order.is_own_home,
        budgets: order.budgets,
        after_run: 0,
    };
    match order.resume.clone().filter(|_| order.is_followed) {
        Some(folder) => Ok(Box::new(Follower::start(folder, start, wake)?)),
        None => Ok(Box::new(Trainer::start(start, wake)?)),
    }
}

/// What an earlier start kept.
fn kept(storage: &dyn eframe::Storage) -> Option<Prefs> {
    let old = eframe::get_value::<OldSwitches>(storage, PREFS).unwrap_or_default();
    Some(eframe::get_value::<Prefs>(storage, PREFS)?.with(old))
}

struct Shell {
    state: AppState,
    /// A trainer, or a watcher of files.
    feed: Option<Box<dyn Feed>>,
    /// Commands that the trainer has not taken yet.
    waiting: VecDeque<Command>,
    meter: Meter,
    /// Requests of the system to end.
    requests: Requests,
    exit_at: Option<u64>,
    report: Option<PathBuf>,
    /// Whether that file is replaced where it is there.
    is_forced: bool,
    is_measured: bool,
    /// The window's title.
    titled: String,
    /// Keeps the screen awake while a story is shown to a room.
    awake: Option<Awake>,
    /// The speaker's window.
    screens: Screens,
}

impl Shell {
    fn new(
        cc: &CreationContext<'_>,
        order: WindowOrder,
        requests: Requests,
        renderer: host::Renderer,
    ) -> std::io::Result<Self> {
        theme::install(&cc.egui_ctx);
        fonts::use_system(&cc.egui_ctx);
        let mut state = match &order.source {
            Source::Train(_) => AppState::new(&order.story, order.scenario.clone()),
            Source::Watch(watch) => AppState::watching(&watch.paths),
        };
        let is_measured = order.report.is_some();
        if let Some(prefs) = cc.storage.filter(|_| !is_measured).and_then(kept) {
            state.prefs = prefs;
        }
        state.arrange();
        state.prefs.scale = scale::sound(state.prefs.scale);
        state.host.asked_language = order.language;
        state.host.system_language = Language::of_system(|name| std::env::var(name).ok());
        // What is said before the first frame.
        words::speak(state.language());
        cc.egui_ctx.set_theme(state.prefs.theme);
        cc.egui_ctx.set_zoom_factor(state.prefs.scale);
        state.host.has_reduced_motion = platform::has_reduced_motion();
        state.host.renderer = Some(renderer);
        state.host.has_background = true;
        state.panes.start_painters(&cc.egui_ctx);
        state.run.frames = FrameStore::new(order.budgets.keyframes);
        state.host.checkpoint_room = order.budgets.checkpoints;
        let meter = Meter::new(order.started);
        // The trainer starts only now: the window's graphics instance is made, and no two are made
        // at the same time.
        let ctx = cc.egui_ctx.clone();
        requests.wake_with(move || ctx.request_repaint());
        let ctx = cc.egui_ctx.clone();
        // Looked for before the new run is among them.
        if let Some(home) = order.home.clone().filter(|_| !is_measured) {
            state.cards.cut_off = shelf::cut_off(&home);
            // A folder that somebody names is theirs: nothing is removed from it.
            if order.is_own_home {
                shelf::prune(&home);
            }
            state.host.is_own_home = order.is_own_home;
            state.host.home = Some(home);
        }
        let visit = match order.link.as_ref().map(|link| state.enter(link)) {
            Some(Ok(visit)) => Some((visit, state.run.trainer.pace)),
            // Its view was read once already, before the window opened.
            Some(Err(why)) => {
                state.run.notice = Some(why);
                None
            }
            None => None,
        };
        // What is measured runs through.
        let mode =
            if is_measured || order.exit_at.is_some() { Mode::Free } else { state.prefs.mode };
        state.run.lesson.set_mode(mode);
        if let Source::Watch(watch) = &order.source {
            state.show_files_as(watch.shown(state.told_of_files()));
        }
        let shown = state.files_shown();
        let feed = feed(&order, shown, visit, mode, move || ctx.request_repaint())?;
        let mut shell = Self {
            waiting: VecDeque::new(),
            feed: Some(feed),
            meter,
            requests,
            exit_at: order.exit_at,
            report: order.report,
            is_forced: order.is_forced,
            is_measured,
            titled: String::new(),
            awake: None,
            screens: Screens::default(),
            state,
        };
        shell.state.host.offers_tour =
            !is_measured && order.exit_at.is_none() && order.present.is_none();
        match order.tour {
            None => {}
            Some(Some(page)) => shell.state.open_tour_at(page),
            Some(None) => shell.state.open_tour(),
        }
        match &order.present {
            None => {}
            Some(Presenting { round, .. }) if round.is_empty() => shell.state.present(true),
            Some(Presenting { round, .. }) => shell.state.present_round(round),
        }
        let has_notes = order.present.as_ref().is_some_and(|present| present.has_notes);
        if let Some(presenter) = shell.state.presenter_mut().filter(|_| has_notes) {
            presenter.notes = Notes::Window;
        }
        // A link says from which step on.
        if order.link.is_none() && shell.state.prefs.basis != Prefs::default().basis {
            shell.state.set_basis(shell.state.prefs.basis);
        }
        Ok(shell)
    }

    /// Takes what the trainer handed out.
    fn receive(&mut self) {
        let Some(feed) = &self.feed else { return };
        let known = self.state.live_run();
        feed.updates().into_iter().for_each(|update| known.absorb(update));
        if let Some(snapshot) = feed.take_latest() {
            known.take(snapshot);
        }
        known.age = feed.age();
        known.waits = feed.waits();
        self.state.follow_run();
        self.state.go_way_out();
    }

    fn send(&mut self) {
        self.waiting.extend(self.state.take_commands());
        let Some(feed) = &self.feed else { return };
        while let Some(command) = self.waiting.pop_front() {
            if !feed.send(command.clone()) {
                self.waiting.push_front(command);
                break;
            }
        }
    }

    /// Closes the window once the system asks for it, or the asked step is drawn or can no longer be
    /// reached.
    fn close_when_done(&mut self, ctx: &egui::Context) {
        if self.requests.exit_code().is_some() {
            ctx.send_viewport_cmd(ViewportCommand::Close);
        }
        let Some(exit_at) = self.exit_at else { return };
        let known = &self.state.run;
        let is_drawn = known.snapshot.as_ref().is_some_and(|s| s.step >= exit_at);
        if is_drawn || known.failure.is_some() || known.trainer.activity == Activity::Diverged {
            ctx.send_viewport_cmd(ViewportCommand::Close);
        } else if known.trainer.activity == Activity::Ended {
            self.waiting.push_back(Command::Play);
            self.state.run.trainer.activity = Activity::Running;
        }
    }

    fn write_report(&mut self) {
        let Some(file) = self.report.take() else { return };
        let (device, renderer) = words::english(|| {
            let (info, renderer) = (&self.state.run.info, &self.state.host.renderer);
            (
                info.as_ref().map(|info| info.device.spoken_name()).unwrap_or_default(),
                renderer.as_ref().map(host::Renderer::text).unwrap_or_default(),
            )
        });
        let report = self.meter.report(&self.state.story.name, &device, &renderer);
        let report = format!("{report:#}\n");
        if let Err(why) = output::write(&file, report.as_bytes(), self.is_forced) {
            say::error(format_args!("vqscope: {why}"));
        }
    }
}

impl eframe::App for Shell {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.receive();
        self.close_when_done(ctx);
        let title = self.state.window_title();
        if self.titled != title {
            self.titled.clone_from(&title);
            ctx.send_viewport_cmd(ViewportCommand::Title(title));
        }
        self.send();
        if self.state.run.age.is_some() || self.state.run.waits.is_some() {
            // Its seconds are told.
            ctx.request_repaint_after(Duration::from_secs(1));
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        let start = Instant::now();
        crate::ui::window(ui, &mut self.state);
        self.screens.show(ui.ctx(), frame, &mut self.state);
        match (self.state.presenter().is_some(), &self.awake) {
            (true, None) => self.awake = Awake::new(),
            (false, Some(_)) => self.awake = None,
            _ => {}
        }
        let step = self.state.run.snapshot.as_ref().map_or(0, |s| s.step);
        self.meter.frame(start.elapsed(), step);
        self.send();
        if !self.waiting.is_empty() {
            ui.ctx().request_repaint_after(Duration::from_millis(20));
        }
        if let Some((rate, memory)) = self.meter.look() {
            self.state.host.frames_per_second = rate;
            self.state.host.memory_bytes = memory;
        }
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        if !self.is_measured {
            eframe::set_value(storage, PREFS, &self.state.kept_prefs());
        }
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.write_report();
        // What wakes the window must not outlive it.
        self.requests.wake_with(|| ());
        // Joined here, while the window and its driver are still there.
        self.feed = None;
    }

    fn persist_egui_memory(&self) -> bool {
        // Everything worth keeping is in `Prefs`.
        false
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}
