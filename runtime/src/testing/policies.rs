//! Policies of a test's own, put in force one set after another while the service runs.

use super::TestService;
use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How long a service may take to put a set in force; a loaded machine is slow.
const TAKEN_OVER: Duration = Duration::from_secs(60);

static NUMBERS: AtomicU32 = AtomicU32::new(0);

/// A folder with one file of policies, removed with the value.
#[derive(Debug)]
pub(super) struct OwnPolicies {
    folder: PathBuf,
    /// The set that was put in force last.
    text: RefCell<String>,
}

impl OwnPolicies {
    /// With this set, for the start.
    pub(super) fn new(text: &str) -> Self {
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let name = format!("secapi-test-policies-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        // What is there already is somebody else's.
        fs::create_dir(&folder).expect("a folder for policies can be made");
        let policies = Self {
            folder,
            text: RefCell::new(String::new()),
        };
        policies.write(text);
        policies
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Puts a set in force and waits until it is, where it is not already.
    pub(super) fn put(&self, service: &TestService, text: &str) {
        if *self.text.borrow() == text {
            return;
        }
        let changes = || said(service, "policies_changed").len();
        let before = changes();
        self.write(text);
        service.hang_up();
        let start = Instant::now();
        while changes() == before {
            let refused = said(service, "policies_refused");
            assert!(
                refused.is_empty(),
                "the service refuses {refused:#?}\n{text}"
            );
            assert!(
                start.elapsed() < TAKEN_OVER,
                "no change of policies in the log"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// As a whole, so that no half of it is ever read. The number makes each set another one, whatever is in it.
    fn write(&self, text: &str) {
        let number = NUMBERS.fetch_add(1, Ordering::Relaxed);
        let (next, place) = (self.folder.join("next"), self.folder.join("all.cedar"));
        fs::write(&next, format!("// {number}\n{text}\n")).expect("policies can be written");
        fs::rename(&next, &place).expect("policies can be replaced");
        text.clone_into(&mut self.text.borrow_mut());
    }
}

impl Drop for OwnPolicies {
    fn drop(&mut self) {
        // A folder that is gone is what is wanted.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn said(service: &TestService, event: &str) -> Vec<String> {
    let mut lines = service.log();
    lines.retain(|line| line.contains(event));
    lines
}
