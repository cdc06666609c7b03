//! `secapi new --run`: from nothing to a service that answers.

use crate::support::{
    Folder, repository, run, runtime_option, secapi, shared_configuration, users,
};
use std::io::{BufRead, BufReader, Read};
use std::net::{TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

#[test]
fn new_run_says_in_json_what_was_written_and_where_it_listens() {
    let folder = Folder::new();
    // The spec makes a warning, which is not lost.
    let spec = folder.write(
        "given.yaml",
        "secapi: 1\nservice: {name: board}\nauthorization: {lists: scan}\nresources:\n  post:\n    fields:\n      \
         title: {type: string, max: 40, optional: true, example: a}\n",
    );
    let spec = spec.display().to_string();
    let mut new = new_run(folder.path(), &["board", "--spec", &spec]);
    new.args(["--format", "json"]).stdout(Stdio::piped());
    listening_anywhere(&mut new);
    let mut service = FirstRun::of_piped(new);
    let mut object = Vec::new();
    let mut stdout = service.child.stdout.take().expect("it is piped");
    // The service writes nothing there, and ends it with itself.
    service.end("TERM");
    stdout.read_to_end(&mut object).unwrap();
    let object: serde_json::Value = serde_json::from_slice(&object).unwrap();
    assert_eq!(object["ok"], true);
    assert!(
        object["address"]
            .as_str()
            .unwrap()
            .starts_with("127.0.0.1:")
    );
    assert_eq!(object["project"], "board");
    super::generate::assert_files(&object);
}

/// `secapi new --run` in a process group of its own, as a terminal starts it.
struct FirstRun {
    child: Child,
    stderr: BufReader<ChildStderr>,
    said: String,
}

impl FirstRun {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::of(new_run(folder, arguments))
    }

    fn of(mut new: Command) -> Self {
        new.stdout(Stdio::null());
        Self::of_piped(new)
    }

    /// With the standard output that the caller has chosen.
    fn of_piped(mut new: Command) -> Self {
        let mut child = new
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("the command starts");
        let stderr = BufReader::new(child.stderr.take().expect("it is piped"));
        let said = String::new();
        let mut run = Self {
            child,
            stderr,
            said,
        };
        run.read_until("listening");
        run
    }

    fn read_until(&mut self, word: &str) {
        let mut line = String::new();
        while !line.contains(word) {
            line.clear();
            let read = self.stderr.read_line(&mut line).expect("it says UTF-8");
            assert!(read > 0, "it ended: {}", self.said);
            self.said.push_str(&line);
        }
    }

    /// What stands in its line behind a word.
    #[track_caller]
    fn value(&self, word: &str) -> &str {
        let line = self.said.lines().find_map(|line| line.strip_prefix(word));
        let line = line.unwrap_or_else(|| panic!("no `{word}` in {}", self.said));
        line.split_whitespace().next().expect("a value follows")
    }

    /// The command to try, as it is printed.
    #[track_caller]
    fn printed_command(&self) -> &str {
        let (_, after) = self.said.split_once("\ntry:\n").expect("`try:` is there");
        after.split_once("\n\n").expect("an empty line follows").0
    }

    /// Sends a signal to the whole group, as a terminal does, and expects an orderly end with nobody left.
    fn end(&mut self, signal: &str) -> String {
        let group = self.child.id();
        let (_, address) = self
            .said
            .split_once(" starts at http://")
            .expect("it says where");
        let address = address.lines().next().unwrap_or_default().to_owned();
        let kill = |signal: &str| {
            let mut kill = Command::new("sh");
            let script = format!("kill -{signal} -{group}");
            run(kill.args(["-c", &script]), "").code
        };
        assert_eq!(kill(signal), 0, "the group is there");
        let mut rest = String::new();
        // Until the last process that holds the pipe is gone.
        self.stderr.read_to_string(&mut rest).unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(0), "{rest}");
        assert_ne!(kill("0"), 0, "a process of the group is left");
        assert!(TcpStream::connect(address).is_err(), "the port is open");
        format!("{}{rest}", self.said)
    }
}

impl Drop for FirstRun {
    fn drop(&mut self) {
        // After a failed assertion; a service that has ended is what is wanted. It is this process itself, by `exec`.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn new_run(folder: &Path, arguments: &[&str]) -> Command {
    // The command calls cargo, which looks for its settings in the folders above.
    let settings = std::fs::read(shared_configuration()).expect("the checkout has some");
    std::fs::create_dir_all(folder.join(".cargo")).expect("a folder can be made");
    std::fs::write(folder.join(".cargo/config.toml"), settings).expect("a file can be written");
    let mut new = secapi();
    new.current_dir(folder)
        .args(["new", "--run", "--no-git", "--runtime", &runtime_option()])
        .args(arguments)
        .env("CARGO_TARGET_DIR", repository().join("target"))
        // The service's own log has to be one line in every environment.
        .env("SECAPI_LOG_FORMAT", "json")
        .env_remove("SECAPI_LISTEN")
        .env_remove("RUST_LOG");
    new
}

/// At a port of its own: tests that run at once would all find the usual one free.
fn listening_anywhere(new: &mut Command) {
    new.env("SECAPI_LISTEN", "127.0.0.1:0");
}

fn shell(folder: &Path, command: &str) -> String {
    let mut shell = Command::new("sh");
    shell.current_dir(folder).args(["-c", command]);
    run(&mut shell, "").expect(0).stdout
}

#[test]
fn new_run_ends_in_a_service_with_an_administrator_and_a_curl_that_works() {
    let folder = Folder::new();
    // Taken by this test or by somebody else: either way another port has to be found, and said.
    let _taken = TcpListener::bind("127.0.0.1:8080");
    // A database that the shell happens to name is not the project's.
    let strange = folder.join("strange.sqlite");
    let mut service = {
        let name = format!("sqlite://{}", strange.display());
        let mut new = new_run(folder.path(), &["my-api"]);
        new.env("DATABASE_URL", name);
        FirstRun::of(new)
    };
    assert!(
        service
            .said
            .contains("note: another program listens on 127.0.0.1:8080")
    );
    let page = service.value("documentation").to_owned();
    assert!(!page.contains(":8080/"), "{page}");

    let answer = shell(folder.path(), service.printed_command());
    let answer: serde_json::Value = serde_json::from_str(&answer).expect(&answer);
    let token = answer["access_token"].as_str().expect("a token").to_owned();
    let base = page.trim_end_matches("/docs").to_owned() + "/api/v1";
    let me = format!("curl -s {base}/users/me -H 'Authorization: Bearer {token}'");
    let me: serde_json::Value = serde_json::from_str(&shell(folder.path(), &me)).unwrap();
    assert_eq!(me["role"], "admin", "{me}");
    let html = shell(folder.path(), &format!("curl -s {page}"));
    assert!(
        html.contains("/api/v1/auth/login"),
        "no page of documentation"
    );

    assert!(folder.join("my-api/data/service.sqlite").exists());
    assert!(!strange.exists());
    let password = service.value("password").to_owned();
    assert!(password.len() >= 20, "{password}");
    let said = service.end("INT");
    assert_eq!(said.matches(&password).count(), 2, "its line and its curl");
}

#[test]
fn new_run_without_accounts_prints_a_list_to_try_and_ends_with_term() {
    let folder = Folder::new();
    let case = repository().join("tests/projects/board");
    let (spec, policies) = (case.join("secapi.yaml"), case.join("policies"));
    let (spec, policies) = (spec.display().to_string(), policies.display().to_string());
    let arguments = ["board", "--spec", &spec, "--policies", &policies];
    let mut service = FirstRun::start(folder.path(), &arguments);
    assert!(!service.said.contains("password"), "{}", service.said);
    let answer = shell(folder.path(), service.printed_command());
    let answer: serde_json::Value = serde_json::from_str(&answer).expect(&answer);
    assert_eq!(answer["data"], serde_json::json!([]));
    service.end("TERM");
}

#[test]
fn new_run_keeps_odd_rules() {
    let folder = Folder::new();
    let spec = repository().join("tests/projects/kettle/secapi.yaml");
    let spec = spec.display().to_string();
    let mut new = new_run(folder.path(), &["kettle", "--spec", &spec]);
    listening_anywhere(&mut new);
    let mut service = FirstRun::of(new);
    let answer = shell(folder.path(), service.printed_command());
    assert!(answer.contains("access_token"), "{answer}");
    assert_eq!(service.value("administrator"), "a@acme.com");
    assert_eq!(service.value("password").len(), 64);
    // Nobody is sent to a page that is not there.
    assert!(!service.said.contains("/docs"), "{}", service.said);
    service.end("TERM");
}

#[test]
fn new_run_refuses_at_once_an_administrator_that_cannot_be_made_up() {
    let folder = Folder::new();
    let spec = folder.write(
        "given.yaml",
        "secapi: 1\nservice: {name: shop}\nauth: {identity: user, role: role, admin_role: admin}\nresources:\n  user:\n    fields:\n      \
         email: {type: email, unique: true}\n      role: {type: enum, values: [user, admin], default: user, guarded: true}\n      \
         code: {type: string, max: 3, pattern: '\\b-[a-z]'}\n",
    );
    let spec = spec.display().to_string();
    let mut new = new_run(folder.path(), &["shop", "--spec", &spec]);
    let refused = run(&mut new, "").expect(1);
    for part in ["`code`", "`example`", "--set code=VALUE"] {
        assert!(refused.stderr.contains(part), "{}", refused.stderr);
    }
    assert!(!folder.join("shop").exists());
}

#[test]
fn new_run_at_an_address_that_is_taken_says_so_and_writes_nothing() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut new = new_run(folder.path(), &["my-api"]);
    let refused = run(new.env("SECAPI_LISTEN", &address), "").expect(2);
    for part in [address.as_str(), "SECAPI_LISTEN", "in use"] {
        assert!(refused.stderr.contains(part), "{}", refused.stderr);
    }
    assert!(!folder.join("my-api").exists());
    // One that is no address is the user's mistake.
    let mut new = new_run(folder.path(), &["my-api"]);
    let refused = run(new.env("SECAPI_LISTEN", "8080"), "").expect(1);
    assert!(
        refused.stderr.contains("127.0.0.1:8081"),
        "{}",
        refused.stderr
    );
    assert!(!folder.join("my-api").exists());
}

#[test]
fn a_project_that_does_not_build_ends_with_the_environments_code() {
    let folder = Folder::new();
    // No compiler can be started here.
    let mut new = new_run(folder.path(), &["my-api"]);
    let refused = run(new.env("RUSTC", "/nonexistent/rustc"), "").expect(2);
    assert!(
        refused.stderr.contains("does not build"),
        "{}",
        refused.stderr
    );
    assert!(
        refused.stderr.contains("secapi doctor"),
        "{}",
        refused.stderr
    );
    assert!(folder.join("my-api/secapi.yaml").exists(), "it is whole");
}

#[test]
fn a_service_whose_port_is_taken_says_how_to_choose_another() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let service = users().start();
    let mut serve = service.command(&["serve"]);
    serve
        .env("SECAPI_LISTEN", &address)
        .env("SECAPI_LOG_FORMAT", "pretty");
    let refused = run(&mut serve, "").expect(2);
    for part in [address.as_str(), "SECAPI_LISTEN", "127.0.0.1:8081"] {
        assert!(refused.stderr.contains(part), "{}", refused.stderr);
    }
}
