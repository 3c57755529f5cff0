//! `vqscope watch` from outside.

use crate::{Folder, code, stderr, vqscope};

const FILES: &str = "tests/reference/codebooks";

#[test]
fn a_folder_of_files_is_drawn_without_a_display() {
    let folder = Folder::new("watch-shot");
    let out = folder.path("window.png");
    let series = format!("{FILES}/series");
    let output = vqscope(&["watch", &series, "--shot", &out, "--size", "1280x720"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let png = std::fs::read(&out).unwrap();
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    assert_eq!(png[16..24], [0, 0, 5, 0, 0, 0, 2, 208], "1280 x 720");
}

#[test]
fn what_cannot_be_looked_at_is_refused_in_one_sentence() {
    let folder = Folder::new("watch-refused");
    std::fs::create_dir(folder.path("empty")).unwrap();
    std::fs::create_dir(folder.path("bad")).unwrap();
    folder.write("bad/codebook_1.npz", b"PK\x03\x04 cut off");
    let pickle = folder.write("model.pt", b"PK");
    let out = folder.path("window.png");
    let cases = [
        (folder.path("nowhere"), "is not there"),
        (folder.path("empty"), "holds no .safetensors, .npz or .npy file"),
        (folder.path("bad"), "codebook_1.npz is not a whole .npz file"),
        (pickle, "model.pt is a Python pickle"),
        (format!("{FILES}/expected.json"), "neither .safetensors nor .npz"),
        ("tests/corpus/npz/promises-gigabytes_12.npz".into(), "cannot be packed into so few"),
        ("tests/corpus/npy/escapes-in-descr_12.npy".into(), "has no usable 'descr'"),
    ];
    for (path, words) in cases {
        let output = vqscope(&["watch", &path, "--shot", &out]);
        let text = stderr(&output);
        assert_eq!(code(&output), 2, "{path}: {text}");
        assert!(text.trim().lines().count() == 1 && text.contains(words), "{path}: {text}");
    }
    assert!(!std::path::Path::new(&out).exists());
    let output = vqscope(&["watch", &format!("{FILES}/series"), "--renderer", "glow"]);
    assert!(stderr(&output).contains("no window can be opened here"), "{}", stderr(&output));
    // A folder may come later, a file by its ending must be there.
    let output = vqscope(&["watch", &folder.path("nowhere"), "--renderer", "glow"]);
    assert!(stderr(&output).contains("no window can be opened here"), "{}", stderr(&output));
    let output = vqscope(&["watch", &folder.path("none.npz"), "--renderer", "glow"]);
    assert!(stderr(&output).contains("none.npz is not there"), "{}", stderr(&output));
}
