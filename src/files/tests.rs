use std::path::Path;

use super::*;

#[test]
fn a_file_is_read_up_to_its_bound() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a");
    std::fs::write(&file, [7; 10]).unwrap();
    assert_eq!(read(&file, 10).unwrap(), [7; 10]);
    assert!(matches!(read(&file, 9), Err(ReadError::TooLong { bytes: 10, most: 9 })));
    assert!(read(&folder.path().join("b"), 9).unwrap_err().is_missing());
    let of_folder = read(folder.path(), 9).unwrap_err().to_string();
    assert_eq!(of_folder, "is a folder, not a regular file; name a file");
}

#[cfg(unix)]
#[test]
fn what_is_opened_is_what_was_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("codes.pt");
    let swap = |bytes: &[u8]| write(&file, bytes, Over::Replace).unwrap();
    swap(b"first");
    // Saved anew in between, it is looked at once more.
    let mut left = 1;
    let opened = open_after(&file, &mut || {
        if left > 0 {
            left -= 1;
            swap(b"second one");
        }
    });
    let (opened, length) = opened.unwrap();
    assert_eq!((read_opened(&opened, length, 99).unwrap(), length), (b"second one".to_vec(), 10));
    // What is another file each time is none.
    let mut times = 0;
    let why = open_after(&file, &mut || {
        times += 1;
        swap(b"other");
    });
    let why = why.unwrap_err();
    assert!(matches!(why, ReadError::Replaced) && times == LOOKS, "{why}");
    // A link that leads elsewhere meanwhile as well: what it led to was looked at.
    let (other, link) = (folder.path().join("secret"), folder.path().join("link"));
    write(&other, b"secret", Over::Refuse).unwrap();
    let lead = |to: &Path| {
        std::fs::remove_file(&link).ok();
        std::os::unix::fs::symlink(to, &link).unwrap();
    };
    let mut is_first = true;
    let mut turn = || {
        lead(if is_first { &other } else { &file });
        is_first = !is_first;
    };
    lead(&file);
    assert!(matches!(open_after(&link, &mut turn), Err(ReadError::Replaced)));
}

#[test]
fn a_file_is_replaced_only_where_that_is_asked_for_and_nothing_else_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keep.png");
    write(&file, b"old", Over::Refuse).unwrap();
    assert!(write(&file, b"new", Over::Refuse).is_err());
    assert_eq!(std::fs::read(&file).unwrap(), b"old");
    write(&file, b"new", Over::Replace).unwrap();
    assert_eq!(std::fs::read(&file).unwrap(), b"new");
    drop(Beside::new(&file).unwrap());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn an_own_folder_is_reached_by_its_handle() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("run");
    let own = OwnFolder::create(&place).unwrap();
    own.write_new("a.part", b"a").unwrap();
    own.sync("a.part").unwrap();
    own.rename("a.part", "a").unwrap();
    let sub = own.make_sub("sub").unwrap();
    own.make_sub("sub").unwrap();
    sub.share(&own, "a", "b").unwrap();
    assert_eq!(own.sync_whole().unwrap(), cfg!(target_os = "linux"));
    own.sync_names().unwrap();
    // The folder is another one under its path now; what was opened stays.
    std::fs::rename(&place, folder.path().join("moved")).unwrap();
    std::fs::create_dir(&place).unwrap();
    assert_eq!(own.read("a", 1).unwrap(), b"a");
    assert_eq!(sub.read("b", 1).unwrap(), b"a");
    assert!(own.read("../moved/a", 9).is_err());
    assert_eq!(own.names().unwrap().len(), 2);
    own.remove("a").unwrap();
    own.remove("a").unwrap();
    assert!(own.read("a", 1).unwrap_err().is_missing());
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::{FileTypeExt as _, symlink};

    use super::*;

    fn pipe(at: &Path) {
        let made = std::process::Command::new("mkfifo").arg(at).status().unwrap();
        assert!(made.success() && std::fs::metadata(at).unwrap().file_type().is_fifo());
    }

    #[test]
    fn pipes_and_devices_are_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("fifo");
        pipe(&fifo);
        let zero = folder.path().join("zero");
        symlink("/dev/zero", &zero).unwrap();
        let round = folder.path().join("round");
        symlink("round", &round).unwrap();
        for place in [&fifo, &zero, Path::new("/dev/zero")] {
            let why = read(place, u64::MAX).unwrap_err().to_string();
            assert!(why.starts_with("is a pipe, a device or a socket"), "{why}");
        }
        assert!(matches!(read(&round, 9), Err(ReadError::Io(_))));
        let own = OwnFolder::open(folder.path()).unwrap();
        assert!(matches!(own.read("fifo", 9), Err(ReadError::NotRegular(_))));
        assert!(matches!(own.open_to_write("fifo"), Err(ReadError::NotRegular(_))));
    }

    #[test]
    fn what_is_written_never_goes_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let canary = folder.path().join("canary");
        std::fs::write(&canary, b"mine").unwrap();
        let link = folder.path().join("link");
        symlink(&canary, &link).unwrap();
        assert!(write(&link, b"theirs", Over::Refuse).is_err());
        write(&link, b"theirs", Over::Replace).unwrap();
        assert_eq!(std::fs::read(&canary).unwrap(), b"mine");
        assert!(std::fs::symlink_metadata(&link).unwrap().is_file());
    }

    #[test]
    fn a_private_file_is_its_owners_alone_and_whole_or_not_there() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let canary = folder.path().join("canary");
        std::fs::write(&canary, b"mine").unwrap();
        symlink(&canary, folder.path().join("a")).unwrap();
        symlink(&canary, folder.path().join("part")).unwrap();
        let own = OwnFolder::open(folder.path()).unwrap();
        own.write_private("a", "part", b"theirs").unwrap();
        assert_eq!(
            (own.read("a", 9).unwrap(), std::fs::read(&canary).unwrap()),
            (b"theirs".to_vec(), b"mine".to_vec())
        );
        let held = std::fs::symlink_metadata(folder.path().join("a")).unwrap();
        assert_eq!(held.permissions().mode() & 0o777, 0o600);
        std::fs::create_dir_all(folder.path().join("b/c")).unwrap();
        assert!(own.write_private("b", "part", b"theirs").is_err());
        let mut names = own.names().unwrap();
        names.sort();
        assert_eq!(names, ["a", "b", "canary"]);
    }

    #[test]
    fn a_folder_that_others_can_write_is_said_to_be_one() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let why = |mode: u32| {
            let mode = std::fs::Permissions::from_mode(mode);
            std::fs::set_permissions(folder.path(), mode).unwrap();
            OwnFolder::open(folder.path()).unwrap().why_shared().unwrap()
        };
        assert_eq!([0o700, 0o755].map(why), [None, None]);
        for mode in [0o775, 0o757] {
            assert!(why(mode).unwrap().contains("can be written by others"));
        }
    }

    #[test]
    fn an_own_folder_follows_no_link() {
        let folder = tempfile::tempdir().unwrap();
        let (outside, run) = (folder.path().join("outside"), folder.path().join("run"));
        for place in [&outside, &run] {
            std::fs::create_dir(place).unwrap();
        }
        std::fs::write(outside.join("canary"), b"mine").unwrap();
        symlink(outside.join("canary"), run.join("a")).unwrap();
        symlink(&outside, run.join("sub")).unwrap();
        symlink(outside.join("new"), run.join("dangling")).unwrap();
        symlink(&run, folder.path().join("way")).unwrap();
        // The folder itself may be reached through one.
        let own = OwnFolder::open(&folder.path().join("way")).unwrap();
        assert!(matches!(own.read("a", 9), Err(ReadError::Link)));
        assert!(matches!(own.open_to_write("a"), Err(ReadError::Link)));
        assert!(matches!(own.open_to_write("dangling"), Err(ReadError::Link)));
        assert!(matches!(own.sub("sub"), Err(ReadError::Link)));
        assert!(matches!(own.make_sub("sub"), Err(ReadError::Link)));
        own.write_new("a", b"theirs").unwrap();
        own.write_new("dangling", b"theirs").unwrap();
        assert_eq!(std::fs::read(outside.join("canary")).unwrap(), b"mine");
        assert!(!outside.join("new").exists());
        assert_eq!(own.read("a", 9).unwrap(), b"theirs");
    }
}
