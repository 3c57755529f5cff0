//! What can be done in the window: the commands of keys, buttons and, later, a palette.

use crate::scenario::{LaneId, Pace};
use crate::ui::layout::arrangement::Part;

/// A command. Its key, its text and what it does stand in the table of `input/commands.rs`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum UiCommand {
    /// Play or pause.
    Play,
    /// One step, or the kept one after the pinned one.
    Forward,
    /// Ten kept steps on.
    FarForward,
    /// One step is trained.
    Step,
    /// The next stage of a step that is shown slowly.
    StageOn,
    /// The stage before it.
    StageBack,
    /// The kept step before.
    Back,
    /// Ten kept steps back.
    FarBack,
    /// The first step.
    First,
    /// The newest step.
    Follow,
    /// The text of the story before.
    BeatBack,
    /// The text of the story after, or on with what it waits for.
    BeatForward,
    /// The recording is played back, or stops.
    PlayBack,
    /// A fork of the shown step.
    Fork,
    /// Steps a second.
    Pace(Pace),
    /// The story as it was written.
    Restart,
    /// The settings of the controls.
    RestartAsSet,
    /// The story with the next seed.
    RestartWithNextSeed,
    /// VQ or SimVQ.
    SwitchMethod,
    /// W alone.
    SwitchW,
    /// C alone.
    SwitchC,
    /// The other lane is marked.
    MarkOther,
    /// The last change of a setting is taken back.
    Undo,
    /// It is made again.
    Redo,
    /// A link is copied.
    CopyLink,
    /// A copied link is opened; the clipboard comes with the key.
    OpenLink,
    /// A picture of the window is copied.
    CopyPicture,
    /// A picture of the panel under the pointer is saved.
    SavePanel,
    /// A picture of the window is saved.
    SaveWindow,
    /// The panel under the pointer takes the room of the others, or all are shown again.
    EnlargeHere,
    /// The pane under the pointer is hidden.
    HideHere,
    /// A pane is shown or hidden.
    Show(Part, bool),
    /// All panes are shown.
    ShowAll,
    /// Codes that moved are lit on the maps, or no more.
    LightMoved,
    /// Cells are shown on the maps, or no more.
    ShowCells,
    /// What a single step did with one token is shown on the maps, or no more.
    ShowSlow,
    /// What W makes of the unit circle is shown on the maps, or no more.
    ShowW,
    /// Encoder, nearest code, decoder and gradients are shown, or no more.
    ShowPipeline,
    /// Which code each part of a picture chose is shown, or no more.
    ShowPlace,
    /// How the reconstructions of the lanes differ is shown, or no more.
    ShowDifference,
    /// Three sentences from the present numbers are shown, or no more.
    ShowSentences,
    /// The life of one code is shown, or no more.
    ShowInspector,
    /// All codes in use are shown decoded, or no more.
    ShowAtlas,
    /// What changed by hand, and the run before, are put away.
    PutAwayChange,
    /// A link to the present beat is shown as a code for cameras.
    LessonLink,
    /// The codebook before the one of lane a in the watched file.
    LevelBefore,
    /// The one after it.
    LevelAfter,
    /// The codebook before the one of lane b.
    LevelBeforeOfB,
    /// The one after it.
    LevelAfterOfB,
    /// All codebooks of the watched file side by side, or one.
    AllLevels,
    /// A codebook of the watched file in a lane, or none.
    Level(LaneId, Option<usize>),
    /// Which arrays of the watched file are meant.
    Arrays,
    /// The gallery opens.
    Gallery,
    /// The shelf opens or closes.
    Shelf,
    /// What is under the pointer is explained; where nothing is, the list of keys opens or closes.
    Help,
    /// The list of keys opens or closes.
    Keys,
    /// The story is shown to a room.
    Present,
    /// The tour opens, or is left.
    Tour,
    /// The palette of commands opens.
    Palette,
    /// What is open closes.
    Close,
    /// The next control takes the keys.
    NextControl,
    /// Saved runs go, the live run comes back.
    BackToLive,
    /// The other theme.
    Theme,
    /// Everything is larger by a step.
    Larger,
    /// Everything is smaller by a step.
    Smaller,
    /// Everything has its usual size.
    UsualSize,
    /// The window takes the whole screen, or gives it back.
    FullScreen,
    /// The other language.
    Language,
}
