//! A running service with a folder of its own, ended and removed with the value.

use super::Launch;
use super::client::{Answer, Client, exchange};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

/// How long a service may take to listen; a loaded machine is slow, a broken service never listens.
const START: Duration = Duration::from_secs(60);

/// Meets every rule that a spec can have: it is as long as one may ask for and no longer than each allows, has all kinds of
/// characters, and no word that a service may be named after.
pub(super) const PASSWORD: &str =
    "Tq7-wZ4vmk9.Hx2_Rb8=nF5+Jc3~Ld6:Pg1;Ys0,Qw7!Kt4-Vz9xMb2.Nh5_Gd8+";

/// The first administrator, where the document of the service shows no other address to sign in with.
const ADMINISTRATOR: &str = "administrator@example.com";

/// What stands outside the base path.
const OUTSIDE: [&str; 5] = [
    "/health",
    "/openapi.json",
    "/docs",
    "/problems",
    "/.well-known",
];

/// Where the document shows an address to sign in with.
const ADDRESS: &str = "/components/schemas/Login/properties/email/examples/0";

static FOLDERS: AtomicU32 = AtomicU32::new(0);

/// The project's binary, running.
#[derive(Debug)]
pub struct TestService {
    launch: Launch,
    folder: PathBuf,
    child: Child,
    address: SocketAddr,
    base_path: String,
    /// The first administrator's address.
    administrator: String,
    log: Arc<Mutex<Vec<String>>>,
}

impl TestService {
    /// Starts the binary, as in `TestService::start(env!("CARGO_BIN_EXE_my-api"))`.
    #[must_use]
    pub fn start(binary: &str) -> Self {
        Launch::new(binary).start()
    }

    /// Starts the binary with environment variables of one's own.
    #[must_use]
    pub fn start_with(binary: &str, environment: &[(&str, &str)]) -> Self {
        let set = |launch: Launch, (name, value): &(&str, &str)| launch.set(name, *value);
        environment.iter().fold(Launch::new(binary), set).start()
    }

    pub(super) fn launch(launch: Launch) -> Self {
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let folder =
            std::env::temp_dir().join(format!("secapi-test-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder for the test can be made");
        let log = Arc::new(Mutex::new(Vec::new()));
        let (child, address) = spawn(&launch, &folder, &log);
        let base_path = launch.base_path.clone();
        let mut service = Self {
            launch,
            folder,
            child,
            address,
            base_path: String::new(),
            administrator: ADMINISTRATOR.to_owned(),
            log,
        };
        match base_path {
            Some(base_path) => service.base_path = base_path,
            None => service.look_up(),
        }
        service
    }

    /// What the document says of the paths, and of whom to sign in.
    fn look_up(&mut self) {
        let document = self.document();
        self.base_path = base_path(&document);
        if let Some(shown) = document.pointer(ADDRESS).and_then(Value::as_str) {
            self.administrator = shown.to_owned();
        }
    }

    /// The OpenAPI document of the service, from its command `openapi` where it is not published.
    #[must_use]
    pub fn document(&self) -> Value {
        let published = self.anonymous().get("/openapi.json");
        if published.status() == 200 {
            return published.json();
        }
        let printed = self.command(&["openapi"]).stdout(Stdio::piped()).output();
        let printed = printed.expect("the command `openapi` can be run");
        serde_json::from_slice(&printed.stdout).unwrap_or(Value::Null)
    }

    /// Starts the service again on what it has stored, as an operator or a supervisor does. Ends it first, without
    /// warning, if it still runs.
    pub fn restart(&mut self) {
        self.kill();
        let (child, address) = spawn(&self.launch, &self.folder, &self.log);
        self.child = child;
        self.address = address;
    }

    /// As [`TestService::restart`], with one setting changed from here on.
    pub fn restart_with(&mut self, name: &str, value: impl Into<String>) {
        self.launch = self.launch.clone().set(name, value);
        self.restart();
    }

    /// Ends the process without warning (SIGKILL), as a power cut would.
    pub fn kill(&mut self) {
        // A process that has ended already is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks the process to end (SIGTERM). [`TestService::wait`] tells how it ended.
    pub fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Asks the process to look at its keys and policies at once (SIGHUP).
    pub fn hang_up(&self) {
        self.signal("-HUP");
    }

    fn signal(&self, signal: &str) {
        let process = self.child.id().to_string();
        let status = Command::new("kill")
            .args([signal, &process])
            .status()
            .expect("`kill` can be run");
        assert!(status.success(), "the process is there to be asked");
    }

    /// Waits until the process has ended.
    pub fn wait(&mut self) -> ExitStatus {
        self.child.wait().expect("the process ends")
    }

    /// The binary with this service's environment and data, for its other commands.
    #[must_use]
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.launch.command(&self.folder);
        command.args(arguments);
        command
    }

    /// A caller with an access token of one's own making.
    #[must_use]
    pub fn bearer(&self, token: &str) -> Client<'_> {
        Client {
            service: self,
            token: Some(token.to_owned()),
        }
    }

    /// A caller without a credential.
    #[must_use]
    pub fn anonymous(&self) -> Client<'_> {
        Client {
            service: self,
            token: None,
        }
    }

    /// The first administrator, made by `create-admin` as an operator makes it.
    #[must_use]
    pub fn administrator(&self) -> Client<'_> {
        self.create_administrator(&self.administrator);
        self.login(&self.administrator, PASSWORD)
    }

    /// An account that an administrator creates with this body, signed in.
    #[must_use]
    pub fn account(&self, path: &str, body: &Value) -> Client<'_> {
        let mut body = body.clone();
        if let Some(fields) = body.as_object_mut() {
            fields.insert("password".to_owned(), PASSWORD.into());
        }
        let created = self.administrator().post(path, &body);
        created.expect(201);
        let email = body
            .get("email")
            .and_then(Value::as_str)
            .unwrap_or_default();
        self.login(email, PASSWORD)
    }

    /// Signs in.
    #[must_use]
    pub fn login(&self, email: &str, password: &str) -> Client<'_> {
        let answer = self.anonymous().post(
            "/auth/login",
            &json!({ "email": email, "password": password }),
        );
        answer.expect(200);
        let token = answer
            .json()
            .get("access_token")
            .and_then(Value::as_str)
            .map(str::to_owned);
        Client {
            service: self,
            token,
        }
    }

    /// Sends bytes as they are.
    #[must_use]
    pub fn raw(&self, request: &[u8]) -> Answer {
        exchange(self.address, request)
    }

    /// The id of its process, for measurements of its memory.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Where the service listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The folder with the database and the keys.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The lines of the log so far.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        self.log
            .lock()
            .map(|lines| lines.clone())
            .unwrap_or_default()
    }

    /// A path under the base path; one that starts with it, or is outside it, stays.
    pub(super) fn path(&self, path: &str) -> String {
        if path.starts_with(&self.base_path)
            || OUTSIDE.iter().any(|prefix| path.starts_with(prefix))
        {
            path.to_owned()
        } else {
            format!("{}{path}", self.base_path)
        }
    }

    fn create_administrator(&self, email: &str) {
        let mut child = self
            .command(&["create-admin", "--email", email, "--password-stdin"])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("create-admin starts");
        if let Some(mut stdin) = child.stdin.take() {
            stdin
                .write_all(PASSWORD.as_bytes())
                .expect("create-admin reads the password");
        }
        // A second call finds the administrator of the first and is refused, which is as good.
        child.wait().expect("create-admin ends");
    }
}

impl Drop for TestService {
    fn drop(&mut self) {
        self.kill();
        // A folder that is gone is what is wanted.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn spawn(launch: &Launch, folder: &Path, log: &Arc<Mutex<Vec<String>>>) -> (Child, SocketAddr) {
    let mut child = launch
        .command(folder)
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let stderr = child.stderr.take().expect("the log is piped");
    match listening(stderr, log) {
        Some(address) => (child, address),
        None => {
            let _ = child.kill();
            panic!("no address in the log: {log:#?}");
        }
    }
}

/// Follows the log on a thread of its own; answers the address that the service says it listens on.
fn listening(stderr: ChildStderr, log: &Arc<Mutex<Vec<String>>>) -> Option<SocketAddr> {
    let (send, receive) = mpsc::channel();
    let log = Arc::clone(log);
    std::thread::spawn(move || {
        // Taken away with the first address: reading every line again would cost more than the service under load.
        let mut awaited = Some(send);
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            let address = awaited.as_ref().and_then(|_| address_in(&line));
            if let Some((send, address)) = awaited.take_if(|_| address.is_some()).zip(address) {
                // Whoever waited may have given up.
                let _ = send.send(address);
            }
            if let Ok(mut lines) = log.lock() {
                lines.push(line);
            }
        }
    });
    receive.recv_timeout(START).ok()
}

fn address_in(line: &str) -> Option<SocketAddr> {
    let line: Value = serde_json::from_str(line).ok()?;
    let fields = line.get("fields").unwrap_or(&line);
    if fields.get("message")?.as_str()? != "listening" {
        return None;
    }
    fields.get("address")?.as_str()?.parse().ok()
}

/// What the paths of the document start with: they stand in it in full. It ends where those of signing in begin, or else
/// before the shortest path of a whole resource.
fn base_path(document: &Value) -> String {
    let paths = document.get("paths").and_then(Value::as_object);
    let paths = paths.into_iter().flat_map(|paths| paths.keys());
    let collections = paths.map(|path| path.trim_end_matches("/{id}"));
    let first = collections
        .filter(|path| !OUTSIDE.iter().any(|prefix| path.starts_with(prefix)))
        .min_by_key(|path| (!path.contains("/auth/"), path.len()));
    let base = first.and_then(|path| path.split_once("/auth/").or_else(|| path.rsplit_once('/')));
    base.map_or("", |(base, _)| base).to_owned()
}
