//! The menu "View" of the top bar: how the window looks, in which language it speaks, and how stories
//! are told.

use egui::{RichText, Role, ThemePreference, Ui, WidgetInfo};

use crate::lesson::Mode;
use crate::ui::panes::topics::Topic;
use crate::ui::state::command::UiCommand;
use crate::ui::state::prefs::Motion;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::theme::palette;
use crate::words;
use crate::words::{Language, spoken};

/// How it is now.
pub struct Looks {
    /// Light, dark, or as the system.
    pub theme: ThemePreference,
    /// Whether black is black and white is white.
    pub has_high_contrast: bool,
    /// How large everything is.
    pub scale: f32,
    /// Whether nothing moves on its way.
    pub is_motion_reduced: bool,
    /// How stories are told, where one is.
    pub told_as: Option<Mode>,
}

/// How the window looks: light or dark, how large everything is, whether things move on their way.
pub fn show(ui: &mut Ui, looks: &Looks, outbox: &mut Outbox) {
    let menu = ui.menu_button(words!("top-view"), |ui| {
        let themes = [
            (ThemePreference::Light, words!("top-light")),
            (ThemePreference::Dark, words!("top-dark")),
            (ThemePreference::System, words!("top-as-the-system")),
        ];
        for (theme, name) in themes {
            if ui.selectable_label(theme == looks.theme, name).clicked() && theme != looks.theme {
                outbox.ask(Wish::Theme(theme));
            }
        }
        let mut is_high = looks.has_high_contrast;
        let contrast = ui.checkbox(&mut is_high, words!("top-high-contrast"));
        if contrast.on_hover_text(words!("top-black-and-white")).changed() {
            outbox.ask(Wish::Contrast(is_high));
        }
        ui.separator();
        // Each by its own name, which whoever looks for it can read.
        for language in Language::ALL {
            let is_now = spoken() == language;
            if ui.selectable_label(is_now, language.own_name()).clicked() && !is_now {
                outbox.command(UiCommand::Language);
            }
        }
        ui.separator();
        ui.horizontal(|ui| {
            ui.label(words!("top-size"));
            let percent = format!("{:.0} %", 100.0 * looks.scale);
            let all = [
                ("−", words!("top-everything-smaller"), UiCommand::Smaller),
                (percent.as_str(), words!("top-everything-as-usual"), UiCommand::UsualSize),
                ("+", words!("top-everything-larger"), UiCommand::Larger),
            ];
            for (text, hint, command) in all {
                let response = ui.button(text).on_hover_text(hint);
                response.widget_info(|| WidgetInfo::labeled(Role::Button, true, hint));
                if response.clicked() {
                    outbox.command(command);
                }
            }
        });
        ui.separator();
        let mut is_reduced = looks.is_motion_reduced;
        let motion = ui.checkbox(&mut is_reduced, words!("top-less-motion"));
        if motion.on_hover_text(words!("top-what-opens-and-scrolls")).changed() {
            outbox.ask(Wish::Motion(if is_reduced { Motion::Reduced } else { Motion::Full }));
        }
        if ui.button(words!("top-full-screen")).clicked() {
            outbox.command(UiCommand::FullScreen);
        }
        if let Some(mode) = looks.told_as {
            ui.separator();
            tell(ui, mode, outbox);
        }
    });
    Topic::View.put(ui, menu.response.rect);
    menu.response.on_hover_text(words!("top-light-or-dark"));
}

/// How stories are told, and the way before a room.
fn tell(ui: &mut Ui, now: Mode, outbox: &mut Outbox) {
    ui.label(RichText::new(words!("top-stories-are-told-as")).color(palette(ui).weak));
    for mode in Mode::CHOSEN {
        let (name, hint) = match mode {
            Mode::Film => (words!("top-film"), words!("top-film-hint")),
            Mode::Lecture => (words!("top-lecture"), words!("top-lecture-hint")),
            Mode::Free | Mode::Tour => (words!("top-free"), words!("top-free-hint")),
        };
        let is_now = now == mode;
        if ui.selectable_label(is_now, name).on_hover_text(hint).clicked() {
            outbox.ask(Wish::Tell(mode));
        }
    }
    if ui.button(words!("top-present")).clicked() {
        outbox.command(UiCommand::Present);
    }
}
