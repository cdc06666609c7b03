//! Signing keys that change while the service runs: nobody is signed out, nothing fails, and what is removed is out of use.

use super::{Pair, login, registered};
use crate::support::{Finished, Folder, run, users};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secapi_runtime::testing::TestService;
use serde_json::{Value, json};
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long something may take to be seen; a loaded machine is slow, a broken watch never sees it.
const PATIENCE: Duration = Duration::from_secs(60);

#[track_caller]
pub(super) fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn rotate(service: &TestService, more: &[&str]) -> Finished {
    let arguments = [&["keys", "rotate"], more].concat();
    run(&mut service.command(&arguments), "")
}

/// The name of the key that the command says it has made.
fn made(finished: &Finished) -> String {
    let (kid, _) = finished.stdout.split_once(' ').expect("a name and words");
    kid.to_owned()
}

/// The key that a token is signed with.
fn kid(token: &str) -> String {
    let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap());
    let header: Value = serde_json::from_slice(&header.unwrap()).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

/// The names of the published keys, the signing one first.
fn published(service: &TestService) -> Vec<String> {
    let answer = service.anonymous().get("/.well-known/jwks.json");
    answer.expect(200);
    let keys = answer.json()["keys"].as_array().unwrap().clone();
    let name = |key: &Value| key["kid"].as_str().unwrap().to_owned();
    keys.iter().map(name).collect()
}

fn key_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

pub(super) fn events(service: &TestService, name: &str) -> Vec<String> {
    let lines = service.log().into_iter();
    lines.filter(|line| line.contains(name)).collect()
}

/// Tells others to stop, however its owner ends.
pub(super) struct Stop<'a>(pub(super) &'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_new_key_signs_while_the_service_runs_and_no_request_fails() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let old = login(&service, "ada@example.com");
    let stop = AtomicBool::new(false);
    let (answered, kids) = std::thread::scope(|scope| {
        // Also where this thread fails: the others go on until they are told.
        let _stop = Stop(&stop);
        let readers: Vec<_> = (0..6)
            .map(|_| {
                scope.spawn(|| {
                    let mut answered = 0;
                    while !stop.load(Ordering::Relaxed) {
                        service.bearer(&old.access).get("/users/me").expect(200);
                        answered += 1;
                    }
                    answered
                })
            })
            .collect();
        // Refreshing signs a new token each time, and the new token is used at once.
        let refresher = scope.spawn(|| {
            let mut pair = login(&service, "ada@example.com");
            let mut kids = vec![kid(&pair.access)];
            while !stop.load(Ordering::Relaxed) {
                let body = json!({ "refresh_token": pair.refresh });
                pair = Pair::of(&service.anonymous().post("/auth/refresh", &body));
                service.bearer(&pair.access).get("/users/me").expect(200);
                kids.push(kid(&pair.access));
            }
            kids
        });
        for _ in 0..2 {
            let new = made(&rotate(&service, &[]).expect(0));
            wait_until("the new key signs", || published(&service)[0] == new);
            // Whoever signs in now gets a token of the new key.
            assert_eq!(kid(&login(&service, "ada@example.com").access), new);
        }
        stop.store(true, Ordering::Relaxed);
        let answered: u32 = readers.into_iter().map(|one| one.join().unwrap()).sum();
        (answered, refresher.join().unwrap())
    });
    assert!(answered > 0);
    let mut all = published(&service);
    assert_eq!(all.len(), 3, "{all:?}");
    assert_eq!(all.pop().unwrap(), kid(&old.access));
    // Each key signed in its turn, and none came back.
    let mut turns = kids;
    turns.dedup();
    assert!(turns.is_sorted() && turns.len() <= 3, "{turns:?}");
    assert_eq!(events(&service, "signing_keys_changed").len(), 2);
    assert!(events(&service, "signing_keys_refused").is_empty());
}

#[test]
fn a_removed_key_stops_verifying() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let old = login(&service, "ada@example.com");
    let new = made(&rotate(&service, &[]).expect(0));
    wait_until("the new key signs", || published(&service)[0] == new);
    let fresh = login(&service, "ada@example.com");
    let keys = service.folder().join("keys");
    fs::remove_file(keys.join(format!("{}.pem", kid(&old.access)))).unwrap();
    wait_until("one key is left", || published(&service).len() == 1);
    service
        .bearer(&old.access)
        .get("/users/me")
        .expect_problem(401, "token_invalid");
    service.bearer(&fresh.access).get("/users/me").expect(200);
    // The session itself lives, and goes on with a token of the key that is left.
    let body = json!({ "refresh_token": old.refresh });
    let renewed = Pair::of(&service.anonymous().post("/auth/refresh", &body));
    assert_eq!(kid(&renewed.access), new);
    service.bearer(&renewed.access).get("/users/me").expect(200);
}

#[test]
fn a_broken_folder_leaves_the_keys_in_force() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let pair = login(&service, "ada@example.com");
    let keys = service.folder().join("keys");
    let ready = || service.anonymous().get("/health/ready");
    let is_stale = || {
        let answer = ready();
        answer.expect(200);
        answer.json()["stale"] == json!(["signing keys"])
    };
    let works = || {
        service.bearer(&pair.access).get("/users/me").expect(200);
        let fresh = login(&service, "ada@example.com");
        assert_eq!(kid(&fresh.access), kid(&pair.access));
    };
    assert_eq!(ready().json(), json!({ "status": "ready" }));
    // In one step each, so that a look between two of them finds nothing else to tell of.
    let (half, broken) = (service.folder().join("half"), keys.join("zzz.pem"));
    fs::write(&half, "-----BEGIN PRIVATE KEY-----\nhalf a k").unwrap();
    fs::rename(&half, &broken).unwrap();
    wait_until("the broken file is seen", is_stale);
    works();
    // The command does not add to a folder that no service would take over.
    let refused = rotate(&service, &[]).expect(1);
    assert!(refused.stderr.contains("zzz.pem"), "{}", refused.stderr);
    assert_eq!(key_files(&keys).len(), 2);
    fs::remove_file(&broken).unwrap();
    wait_until("the folder is sound", || !is_stale());
    assert_eq!(ready().json(), json!({ "status": "ready" }));
    // A folder that is empty, or gone.
    let away = service.folder().join("away");
    fs::rename(&keys, &away).unwrap();
    wait_until("the missing folder is seen", is_stale);
    works();
    fs::create_dir(&keys).unwrap();
    wait_until("the empty folder is seen", || {
        events(&service, "holds no signing key").len() == 1
    });
    works();
    // The empty folder gives way to the full one.
    fs::rename(&away, &keys).unwrap();
    wait_until("the folder is back", || !is_stale());
    works();
    // Each trouble was told once, whatever the number of looks.
    assert_eq!(events(&service, "signing_keys_refused").len(), 3);
    assert!(events(&service, "half a k").is_empty());
}

#[test]
fn a_swapped_symlink_brings_its_keys() {
    let folder = Folder::new();
    let make = |name: &str| {
        let service = users().start();
        rotate(&service, &[]).expect(0);
        let newest = key_files(&service.folder().join("keys")).pop().unwrap();
        let path = folder.join(name);
        fs::create_dir(&path).unwrap();
        fs::copy(&newest, path.join(newest.file_name().unwrap())).unwrap();
        newest.file_stem().unwrap().to_str().unwrap().to_owned()
    };
    let (first, second) = (make("..1"), make("..2"));
    // The second version has the first one's key too.
    fs::copy(
        folder.join(format!("..1/{first}.pem")),
        folder.join(format!("..2/{first}.pem")),
    )
    .unwrap();
    let data = folder.join("..data");
    symlink("..1", &data).unwrap();
    let service = users()
        .launch()
        .set("SECAPI_SIGNING_KEYS", data.display().to_string())
        .start();
    registered(&service, "ada@example.com");
    let pair = login(&service, "ada@example.com");
    assert_eq!(kid(&pair.access), first);
    symlink("..2", folder.join("..new")).unwrap();
    fs::rename(folder.join("..new"), &data).unwrap();
    wait_until("the second version is seen", || {
        published(&service).len() == 2
    });
    assert_eq!(published(&service), [second.clone(), first]);
    service.bearer(&pair.access).get("/users/me").expect(200);
    assert_eq!(kid(&login(&service, "ada@example.com").access), second);
}

#[test]
fn rotate_makes_a_private_key_that_sorts_last() {
    let service = users().start();
    let keys = service.folder().join("keys");
    let before = key_files(&keys);
    let new = made(&rotate(&service, &[]).expect(0));
    let after = key_files(&keys);
    assert_eq!(after.len(), before.len() + 1);
    assert_eq!(after.last().unwrap(), &keys.join(format!("{new}.pem")));
    let mode = fs::metadata(after.last().unwrap()).unwrap().permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);
    // A name that people gave is followed too.
    let named = keys.join("production.pem");
    fs::rename(after.last().unwrap(), &named).unwrap();
    let next = made(&rotate(&service, &[]).expect(0));
    assert!(next.starts_with("production-"), "{next}");
    wait_until("the new key signs", || published(&service)[0] == next);
    // Only this subcommand is there, and nothing of a key is ever printed.
    run(&mut service.command(&["keys"]), "").expect(2);
    let shown = rotate(&service, &[]).expect(0);
    assert!(!format!("{}{}", shown.stdout, shown.stderr).contains("BEGIN"));
    assert!(service.log().iter().all(|line| !line.contains("BEGIN")));
}

#[test]
fn rotate_needs_nothing_but_the_folder() {
    let folder = Folder::new();
    let keys = folder.join("new/keys");
    let mut command = users().start().command(&["keys", "rotate"]);
    command.env("SECAPI_SIGNING_KEYS", &keys);
    // The rest of the configuration may be as wrong as it likes.
    command.env("SECAPI_ENV", "production");
    command.env("SECAPI_SECRET", "");
    run(&mut command, "").expect(0);
    assert_eq!(key_files(&keys).len(), 1);
    fs::set_permissions(&keys, Permissions::from_mode(0o755)).unwrap();
    run(&mut command, "").expect(0);
    assert_eq!(key_files(&keys).len(), 2);
}

#[test]
fn production_adds_no_key_to_a_folder_that_it_would_not_take_over() {
    let service = users().start();
    let keys = service.folder().join("keys");
    let first = key_files(&keys).remove(0);
    let rotate = || {
        let mut command = service.command(&["keys", "rotate", "--prune"]);
        command.env("SECAPI_ENV", "production");
        run(&mut command, "")
    };
    fs::set_permissions(&first, Permissions::from_mode(0o644)).unwrap();
    let refused = rotate().expect(1);
    assert!(
        refused.stderr.contains("can be read by others"),
        "{}",
        refused.stderr
    );
    assert_eq!(key_files(&keys), std::slice::from_ref(&first));
    fs::set_permissions(&first, Permissions::from_mode(0o600)).unwrap();
    rotate().expect(0);
    assert_eq!(key_files(&keys).len(), 2);
}

#[test]
fn prune_removes_what_no_token_needs_any_more() {
    let service = users().start();
    registered(&service, "ada@example.com");
    let old = login(&service, "ada@example.com");
    let keys = service.folder().join("keys");
    let second = made(&rotate(&service, &[]).expect(0));
    // Tokens of the first key may still be in use.
    let third = made(&rotate(&service, &["--prune"]).expect(0));
    assert_eq!(key_files(&keys).len(), 3);
    // The second key took over an hour ago, and access tokens live for a quarter of one.
    let age = std::process::Command::new("touch")
        .args(["-d", "1 hour ago"])
        .arg(keys.join(format!("{second}.pem")))
        .status();
    assert!(age.unwrap().success());
    let pruned = rotate(&service, &["--prune"]).expect(0);
    let fourth = made(&pruned);
    let gone = format!("{} is removed\n", kid(&old.access));
    assert!(pruned.stdout.ends_with(&gone), "{}", pruned.stdout);
    wait_until("the first key is out of use", || {
        published(&service) == [fourth.clone(), third.clone(), second.clone()]
    });
    service
        .bearer(&old.access)
        .get("/users/me")
        .expect_problem(401, "token_invalid");
}
