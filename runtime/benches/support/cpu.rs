//! The time that threads have spent on a processor: what a request costs, whatever else the machine does meanwhile.

use std::path::Path;
use std::time::Duration;

/// Linux counts in hundredths of a second here, whatever its clock does.
const TICK: Duration = Duration::from_millis(10);

/// Of a process, since it began.
pub(crate) fn of_process(id: u32) -> Duration {
    read(Path::new(&format!("/proc/{id}/stat"))).expect("the process runs, on Linux")
}

/// Of this process's threads of a name, of at most 15 letters.
pub(crate) fn of_threads(name: &str) -> Duration {
    let threads = std::fs::read_dir("/proc/self/task").expect("this measurement needs Linux");
    let paths = threads.flatten().map(|thread| thread.path());
    let named = paths.filter(|path| {
        std::fs::read_to_string(path.join("comm")).is_ok_and(|comm| comm.trim_end() == name)
    });
    named.filter_map(|path| read(&path.join("stat"))).sum()
}

/// The user's and the system's time: the 14th and 15th field, the second being a name in parentheses.
fn read(stat: &Path) -> Option<Duration> {
    let text = std::fs::read_to_string(stat).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    let times = fields.split_whitespace().skip(11).take(2);
    let ticks: u32 = times.filter_map(|field| field.parse::<u32>().ok()).sum();
    Some(TICK * ticks)
}
