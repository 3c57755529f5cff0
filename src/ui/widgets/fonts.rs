//! Fonts: those of the program, and the system's for letters that the program's lack.
//!
//! The program brings Latin letters, kana and the kanji in common use. A user's own file names may
//! hold any letter: the system is asked for a font that has it, and where there is none the letter is
//! named by its number ([`readable`]), never drawn as a box.

use std::borrow::Cow;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, OnceLock};

use egui::epaint::text::{FallbackRequest, FontInsert, FontProvider};
use egui::{Context, FontData, FontDefinitions, FontFamily, FontId, Ui};

/// Japanese letters of the program, as the regular and the semi-bold weight have them.
const JAPANESE: [(&str, &[u8]); 2] = [
    ("japanese", include_bytes!("../../../assets/fonts/VqscopeSansJP-Regular.ttf")),
    ("japanese-semibold", include_bytes!("../../../assets/fonts/VqscopeSansJP-SemiBold.ttf")),
];

/// Puts Japanese letters behind the first font of each family, in the weight of that family.
pub fn add_japanese(fonts: &mut FontDefinitions, bold: &FontFamily) {
    for (name, bytes) in JAPANESE {
        fonts.font_data.insert(name.into(), Arc::new(FontData::from_static(bytes)));
    }
    for (family, chain) in &mut fonts.families {
        let (name, _) = JAPANESE[usize::from(family == bold)];
        chain.insert(chain.len().min(1), name.into());
    }
}

/// Files of fonts with Chinese, Japanese and Korean letters, by the starts of their names, the better
/// ones first.
const NAMES: [&str; 24] = [
    "NotoSansCJK-Regular",
    "NotoSansCJKjp-Regular",
    "NotoSansJP",
    "NotoSansKR",
    "NotoSansSC",
    "SourceHanSans-Regular",
    "SourceHanSans",
    "ヒラギノ角ゴシック W3",
    "PingFang",
    "AppleSDGothicNeo",
    "Arial Unicode",
    "YuGothM",
    "meiryo",
    "msgothic",
    "msyh",
    "malgun",
    "simsun",
    "ipaexg",
    "ipag",
    "TakaoGothic",
    "VL-Gothic",
    "NanumGothic",
    "wqy-",
    "DroidSansFallback",
];

/// Fonts that are asked at most, each a file.
const MOST_FONTS: usize = 6;

/// Bytes of a file of fonts that are read at most.
const MOST_BYTES: u64 = 100 << 20;

/// Entries of the folders of fonts that are looked at, and how deep they lie.
const MOST_ENTRIES: usize = 50_000;
const DEPTH: usize = 6;

/// Folders in which systems keep fonts.
fn folders() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let own = [".local/share/fonts", ".fonts", "Library/Fonts"];
    let own = own.iter().filter_map(|folder| Some(home.as_ref()?.join(folder)));
    let windows = std::env::var_os("WINDIR").map(|folder| PathBuf::from(folder).join("Fonts"));
    let shared =
        ["/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts"];
    shared.into_iter().map(PathBuf::from).chain(own).chain(windows).collect()
}

/// Files of fonts in some folders, the better ones first.
fn found(folders: &[PathBuf]) -> Vec<PathBuf> {
    let mut left = MOST_ENTRIES;
    let mut all = Vec::new();
    folders.iter().for_each(|folder| look_into(folder, DEPTH, &mut left, &mut all));
    all.sort();
    all.dedup_by(|a, b| a.0 == b.0);
    all.into_iter().map(|(_, path)| path).take(MOST_FONTS).collect()
}

fn look_into(folder: &Path, depth: usize, left: &mut usize, all: &mut Vec<(usize, PathBuf)>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        *left = left.saturating_sub(1);
        if *left == 0 {
            return;
        }
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        // A link may lead in a circle.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let is_font = [".ttf", ".otf", ".ttc", ".otc"].iter().any(|end| name.ends_with(end));
        if is_folder && depth > 0 {
            look_into(&path, depth - 1, left, all);
        } else if let (true, Some(rank)) = (is_font, NAMES.iter().position(|n| name.starts_with(n)))
        {
            all.push((rank, path));
        }
    }
}

static SYSTEM: LazyLock<Vec<PathBuf>> = LazyLock::new(|| found(&folders()));

/// The font of the system of one rank, read when a letter is asked for that nobody has.
struct OfSystem {
    rank: usize,
    read: OnceLock<Option<FontData>>,
}

impl FontProvider for OfSystem {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        let path = SYSTEM.get(self.rank)?;
        let data = self.read.get_or_init(|| {
            log::debug!("{:?} is asked of {}", request.cluster, path.display());
            let mut bytes = Vec::new();
            let file = std::fs::File::open(path).ok()?;
            file.take(MOST_BYTES).read_to_end(&mut bytes).ok()?;
            Some(FontData::from_owned(bytes))
        });
        // egui holds it against the letter, and asks the next one.
        Some(FontInsert::new(&format!("system-{}", self.rank), data.clone()?, Vec::new()))
    }
}

/// Whether the system has a font that is asked.
#[cfg(test)]
pub fn has_system() -> bool {
    !SYSTEM.is_empty()
}

/// Lets a window ask the system for fonts; pictures that tests compare do not.
pub fn use_system(ctx: &Context) {
    let provider =
        |rank| -> Arc<dyn FontProvider> { Arc::new(OfSystem { rank, read: OnceLock::new() }) };
    ctx.set_font_providers((0..MOST_FONTS).map(provider).collect());
}

/// A text of others as it can be drawn: a letter that no font has is named by its number.
pub fn readable<'a>(ui: &Ui, text: &'a str, font: &FontId) -> Cow<'a, str> {
    // As nearly all are; each of these is in the program's own fonts.
    if text.bytes().all(|b| matches!(b, b' '..=b'~' | b'\n')) {
        return text.into();
    }
    let mut has = |c: char| c == '\n' || ui.fonts_mut(|fonts| fonts.has_glyph(font, c));
    if text.chars().all(&mut has) {
        return text.into();
    }
    let named = |c: char| if has(c) { c.to_string() } else { c.escape_unicode().to_string() };
    text.chars().map(named).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::theme;
    use crate::words::Language;

    /// A context in which one frame was drawn, by what draws it.
    fn with_fonts<T>(draw: impl Fn(&Ui) -> T) -> T {
        let ctx = Context::default();
        theme::install(&ctx);
        let mut got = None;
        let output = ctx.run_ui(egui::RawInput::default(), |ui| got = Some(draw(ui)));
        output.drop_without_applying_deltas();
        got.unwrap()
    }

    #[test]
    fn every_sentence_of_each_language_can_be_drawn_in_both_weights() {
        let lacks = with_fonts(|ui| {
            let mut lacks = Vec::new();
            for font in [theme::font(14.0), theme::bold(14.0)] {
                for language in Language::ALL {
                    let names = Language::ALL.map(Language::own_name).concat();
                    let text = format!("{}{names}", language.file());
                    let has = |c: &char| ui.fonts_mut(|fonts| fonts.has_glyph(&font, *c));
                    lacks.extend(text.chars().filter(|c| *c != '\n' && !has(c)));
                }
            }
            lacks
        });
        assert!(lacks.is_empty(), "run assets/fonts/make.sh: {lacks:?}");
    }

    #[test]
    fn every_story_can_be_drawn() {
        let lacks: Vec<(&str, char)> = with_fonts(|ui| {
            let font = theme::font(14.0);
            let has = |c: char| ui.fonts_mut(|fonts| fonts.has_glyph(&font, c));
            let stories = crate::scenario::demos::names();
            let texts = stories.map(|name| (name, crate::scenario::demos::text(name).unwrap()));
            let texts = texts.chain([("the tour", crate::lesson::tour::TEXT)]);
            let of = |(name, text): (&'static str, &'static str)| {
                text.chars()
                    .filter(|c| *c != '\n' && !has(*c))
                    .map(move |c| (name, c))
                    .collect::<Vec<_>>()
            };
            texts.flat_map(of).collect()
        });
        assert!(lacks.is_empty(), "run assets/fonts/make.sh: {lacks:?}");
    }

    #[test]
    fn kana_and_common_kanji_are_there_and_what_is_not_is_named() {
        let said = |text: &'static str| {
            with_fonts(|ui| readable(ui, text, &theme::font(14.0)).into_owned())
        };
        for text in ["codes/run 1", "コード/学習率 ひらがな、「鬱」", "λ·β²\nx"] {
            assert_eq!(said(text), text);
        }
        // Korean and a rare ideograph, without the system's fonts.
        assert_eq!(said("한a\u{20089}値"), "\\u{d55c}a\\u{20089}値");
    }

    #[test]
    fn fonts_of_the_system_are_found_by_their_names_best_first() {
        let place = tempfile::tempdir().unwrap();
        let deep = place.path().join("truetype/wqy");
        std::fs::create_dir_all(&deep).unwrap();
        for name in
            ["truetype/DejaVuSans.ttf", "truetype/wqy/wqy-zenhei.ttc", "NotoSansCJK-Regular.txt"]
        {
            std::fs::write(place.path().join(name), "x").unwrap();
        }
        let folders = [place.path().join("missing"), place.path().to_path_buf()];
        assert_eq!(found(&folders), [deep.join("wqy-zenhei.ttc")]);
        let best = place.path().join("truetype/NotoSansCJK-Regular.ttc");
        std::fs::write(&best, "x").unwrap();
        std::fs::write(place.path().join("NotoSansCJK-Regular.ttc"), "x").unwrap();
        // One of each kind.
        let both = found(&folders);
        assert_eq!(both.len(), 2);
        assert!(
            both[0].ends_with("NotoSansCJK-Regular.ttc") && both[1].ends_with("wqy-zenhei.ttc")
        );
    }
}
