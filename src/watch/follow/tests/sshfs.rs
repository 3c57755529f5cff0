//! A folder through sshfs, where FUSE is there; a server that is stopped is a network that is gone.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::patience::{has, wait};
use crate::record::watching::Shown;
use crate::watch::follow::Watcher;
use crate::watch::follow::tests::Heard;
use crate::watch::made;

/// Where systems keep the server of files.
const SERVERS: [&str; 3] = [
    "/usr/lib/openssh/sftp-server",
    "/usr/libexec/openssh/sftp-server",
    "/usr/lib/ssh/sftp-server",
];

/// A mounted folder of a server that runs here, without a network and without keys.
struct Mount {
    _place: tempfile::TempDir,
    far: PathBuf,
    near: PathBuf,
    server: String,
}

impl Mount {
    /// None where something of it is not there.
    fn new() -> Option<Self> {
        let serve = SERVERS.into_iter().find(|path| Path::new(path).exists())?;
        let place = tempfile::tempdir().unwrap();
        let [far, near, script, pid] =
            ["far", "near", "serve", "pid"].map(|name| place.path().join(name));
        std::fs::create_dir(&far).unwrap();
        std::fs::create_dir(&near).unwrap();
        let text = format!("#!/bin/sh\necho $$ > '{}'\nexec {serve}\n", pid.display());
        std::fs::write(&script, text).unwrap();
        std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
        let mounted = Command::new("sshfs")
            .arg("-o")
            .arg(format!("ssh_command={},dir_cache=no", script.display()))
            .arg(format!("here:{}", far.display()))
            .arg(&near)
            .output();
        if !mounted.is_ok_and(|done| done.status.success()) {
            return None;
        }
        let server = std::fs::read_to_string(pid).unwrap().trim().to_string();
        Some(Self { _place: place, far, near, server })
    }

    fn signal(&self, signal: &str) {
        Command::new("kill").args([signal, &self.server]).status().unwrap();
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        self.signal("-CONT");
        Command::new("fusermount").arg("-uz").arg(&self.near).status().ok();
    }
}

#[test]
fn a_folder_through_sshfs_is_followed_and_left_behind_when_its_server_stops() {
    let mount = Mount::new();
    if !has("sshfs", mount.is_some()) {
        return;
    }
    let Some(mount) = mount else { return };
    let watcher = Watcher::spawn(vec![mount.near.clone()], Shown::default(), || {}).unwrap();
    let mut heard = Heard::default();
    for step in [100, 200] {
        made::residual(&mount.far, &[step]);
        wait("its file", || {
            watcher.updates().for_each(|update| assert!(heard.take(update)));
            heard.frames.iter().any(|frame| frame.step == step).then_some(())
        });
    }
    mount.signal("-STOP");
    let second = Duration::from_secs(1);
    let waits = wait("a look that is not answered", || {
        watcher.waits_at(SystemTime::now()).filter(|waits| waits.since > second)
    });
    assert!(!waits.name.is_empty() && watcher.age_at(SystemTime::now()).is_some());
    // While its server is stopped.
    drop(watcher);
    mount.signal("-CONT");
}
