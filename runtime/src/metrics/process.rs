//! What the operating system says of the process, as far as it is cheap to ask.

use std::fmt;
use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::DescriptorEncoder;

use super::gauge;

/// When the process began to count.
#[derive(Debug)]
pub(super) struct Process {
    started: i64,
}

impl Process {
    pub(super) fn started() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let seconds = since.map_or(0, |since| since.as_secs());
        Self {
            started: i64::try_from(seconds).unwrap_or(i64::MAX),
        }
    }
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let started = "When the service started, in seconds since 1970";
        gauge(
            &mut encoder,
            "process_start_time_seconds",
            started,
            self.started,
        )?;
        if let Some(bytes) = resident_memory() {
            let help = "Memory of the process that is in use";
            gauge(&mut encoder, "process_resident_memory_bytes", help, bytes)?;
        }
        if let Some(count) = open_files() {
            gauge(
                &mut encoder,
                "process_open_fds",
                "Files and sockets that are open",
                count,
            )?;
        }
        Ok(())
    }
}

/// `VmRSS` of Linux; nothing elsewhere.
fn resident_memory() -> Option<i64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: i64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

fn open_files() -> Option<i64> {
    let entries = fs::read_dir("/proc/self/fd").ok()?;
    // The one that reads the folder is one of them.
    i64::try_from(entries.count().saturating_sub(1)).ok()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn linux_tells() {
        assert!(resident_memory().is_some_and(|bytes| bytes > 1024 * 1024));
        let before = open_files().unwrap();
        let held: Vec<_> = (0..5)
            .map(|_| fs::File::open("/proc/self/status"))
            .collect();
        // Other tests of this process open and close files as well.
        assert!(before >= 3 && open_files().unwrap() >= 5);
        drop(held);
    }
}
