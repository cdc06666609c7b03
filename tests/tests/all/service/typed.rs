//! A password that somebody types.

use super::PASSWORD;
use crate::support::users;
use std::io::Write as _;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

#[test]
fn create_admin_takes_a_line_and_waits_for_no_more() {
    let service = users().start();
    let arguments = [
        "create-admin",
        "--email=root@example.com",
        "--password-stdin",
    ];
    let mut command = service.command(&arguments);
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    // Whoever types presses Enter, and does not go away.
    let mut typed = child.stdin.take().unwrap();
    writeln!(typed, "{PASSWORD}").unwrap();
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || send.send(child.wait()));
    let ended = receive.recv_timeout(Duration::from_secs(60));
    assert!(ended.expect("it ends").unwrap().success());
    drop(typed);
    let _ = service.login("root@example.com", PASSWORD);
}
