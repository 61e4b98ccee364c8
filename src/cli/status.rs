//! [`Status`]: how far a run is, as `--status-file` and SIGUSR1 tell it, and the time of day in UTC.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Serialize;

use super::console::size;
use crate::report::{Report, quoted};
use crate::run::Progress;
use crate::sink::{Ledger, Sums};

/// The state of a run. Its JSON only grows from version to version.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Status {
    /// Version of this layout.
    version: u32,
    /// `running`, `complete`, `interrupted` or `failed`.
    pub(super) state: &'static str,
    /// What it failed with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<String>,
    /// The process.
    pid: u32,
    /// The folder it makes.
    out: String,
    /// How the program was called, as a shell takes it. The folder does not tell it: another call may make the same bytes.
    command: String,
    started: String,
    updated: String,
    elapsed_seconds: f64,
    inputs: usize,
    pub(super) inputs_finished: usize,
    /// Bytes of the inputs as they are on disk: all of them, and those taken so far.
    disk_bytes: u64,
    disk_read: u64,
    documents: u64,
    /// Bytes after decompression, as in the ledger.
    sums: Sums,
    /// Records in the corpora so far, by label.
    records: BTreeMap<String, u64>,
    bytes_per_second: u64,
    /// Seconds that are left if it goes on like this; none where the size of the inputs is not known.
    pub(super) eta_seconds: Option<u64>,
    /// Space left where the folder is made.
    pub(super) free_bytes: Option<u64>,
    /// The inputs that took longest, of those that are finished.
    slowest: Vec<Slow>,
}

/// An input that took long.
#[derive(Clone, Debug, Serialize)]
struct Slow {
    path: String,
    seconds: f64,
}

/// Inputs that are told as the slowest.
const SLOWEST: usize = 5;
/// Seconds of a run from which on they are told to people.
const LONG: f64 = 10.0;

impl Status {
    pub(super) fn new(out: &Path, inputs: usize, disk_bytes: u64) -> Self {
        let started = utc(SystemTime::now());
        Self {
            version: 1,
            state: "running",
            pid: std::process::id(),
            out: out.display().to_string(),
            command: command(),
            updated: started.clone(),
            started,
            inputs,
            disk_bytes,
            ..Self::default()
        }
    }

    /// Takes over how far the run is.
    pub(super) fn progress(&mut self, progress: Progress, elapsed: Duration) {
        self.updated = utc(SystemTime::now());
        self.elapsed_seconds = (elapsed.as_secs_f64() * 1e3).round() / 1e3;
        (self.disk_read, self.documents) = (progress.disk, progress.documents);
        let seconds = self.elapsed_seconds.max(1e-3);
        self.bytes_per_second = (progress.read as f64 / seconds) as u64;
        let known = self.disk_bytes > 0 && self.disk_read > 0;
        let left = self.disk_bytes.saturating_sub(self.disk_read) as f64;
        self.eta_seconds = known.then(|| (left * seconds / self.disk_read as f64).ceil() as u64);
    }

    /// Takes over that an input is finished, and how long it took.
    pub(super) fn finished(&mut self, path: &str, took: Duration) {
        self.inputs_finished += 1;
        let seconds = (took.as_secs_f64() * 1e3).round() / 1e3;
        let at = self.slowest.partition_point(|slow| slow.seconds >= seconds);
        if at < SLOWEST {
            self.slowest.insert(at, Slow { path: path.to_owned(), seconds });
            self.slowest.truncate(SLOWEST);
        }
    }

    /// The slowest inputs, for people, where a run was long enough to ask.
    pub(super) fn slow_line(&self) -> Option<String> {
        let told = |slow: &Slow| format!("{} {:.1} s", slow.path, slow.seconds);
        let slowest: Vec<String> = self.slowest.iter().map(told).collect();
        let asked = self.elapsed_seconds >= LONG && self.inputs_finished > 1;
        asked.then(|| format!("slowest inputs: {}", slowest.join(", ")))
    }

    /// Takes over what was counted.
    pub(super) fn counted(&mut self, report: &Report, ledger: &Ledger) {
        self.sums.clone_from(&ledger.total);
        self.documents = report.documents;
        self.records = report.labels.iter().map(|(label, count)| (label.clone(), count.records)).collect();
    }

    /// As JSON on one line.
    pub(super) fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// For people, on one line.
    pub(super) fn line(&self) -> String {
        let sums = &self.sums;
        let share =
            (self.disk_read * 100).checked_div(self.disk_bytes).map_or("?".to_owned(), |n| n.min(100).to_string());
        let eta = self.eta_seconds.map_or(String::new(), |seconds| format!(", ETA {}", duration(seconds)));
        format!(
            "{}: {share} %, {} of {} inputs, {} documents, {} read = {} kept + {} rejected + {} structure, {:.1} MB/s{eta}",
            self.state,
            self.inputs_finished,
            self.inputs,
            self.documents,
            size(sums.read),
            size(sums.kept_bytes()),
            size(sums.rejected_bytes()),
            size(sums.structure),
            self.bytes_per_second as f64 / 1e6,
        )
    }

    /// Writes it to a file: readers see the last state or this one, never half of it.
    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        let mut name = path.as_os_str().to_owned();
        name.push(".new");
        let new = Path::new(&name);
        std::fs::write(new, self.json() + "\n")?;
        std::fs::rename(new, path)
    }
}

/// How this program was called.
fn command() -> String {
    std::env::args_os().map(|word| quoted(&word.to_string_lossy())).collect::<Vec<_>>().join(" ")
}

/// Seconds for people.
pub(super) fn duration(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        _ => format!("{}h {:02}m", seconds / 3600, seconds % 3600 / 60),
    }
}

/// A time as RFC 3339 writes it, in UTC, to the millisecond.
pub(super) fn utc(time: SystemTime) -> String {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (days, second) = (since.as_secs() / 86_400, since.as_secs() % 86_400);
    // Days are counted from the first of March of the year 0, so that a leap day is the last of its year.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let (day, month) = (day - (153 * month + 2) / 5 + 1, if month < 10 { month + 3 } else { month - 9 });
    let year = era * 400 + year + u64::from(month <= 2);
    let (hour, minute, second, milli) = (second / 3600, second / 60 % 60, second % 60, since.subsec_millis());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400, "2000-02-29T00:00:00.000Z"),
            (951_868_799, "2000-02-29T23:59:59.000Z"),
            (1_709_251_200, "2024-03-01T00:00:00.000Z"),
            (4_102_444_799, "2099-12-31T23:59:59.000Z"),
        ] {
            assert_eq!(utc(UNIX_EPOCH + Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn the_slowest_inputs_are_told() {
        let mut status = Status::new(Path::new("out"), 9, 0);
        for (path, seconds) in [("a", 1), ("b", 7), ("c", 0), ("d", 7), ("e", 2), ("f", 1), ("g", 9)] {
            status.finished(path, Duration::from_secs(seconds));
        }
        assert_eq!(status.slow_line(), None, "the run was short");
        status.progress(Progress { disk: 0, read: 1, documents: 7 }, Duration::from_secs(27));
        assert_eq!(status.slow_line().unwrap(), "slowest inputs: g 9.0 s, b 7.0 s, d 7.0 s, e 2.0 s, a 1.0 s");
        assert!(status.json().contains(r#""slowest":[{"path":"g","seconds":9.0},"#), "{}", status.json());
    }

    #[test]
    fn what_is_left_is_told_where_it_is_known() {
        let mut status = Status::new(Path::new("out"), 4, 1000);
        status.inputs_finished = 1;
        status.progress(Progress { disk: 250, read: 500, documents: 3 }, Duration::from_secs(10));
        assert_eq!((status.eta_seconds, status.bytes_per_second), (Some(30), 50));
        assert!(status.line().starts_with("running: 25 %, 1 of 4 inputs, 3 documents, "), "{}", status.line());
        assert!(status.line().ends_with(", ETA 30s"), "{}", status.line());
        let mut stream = Status::new(Path::new("out"), 1, 0);
        stream.progress(Progress { disk: 250, read: 500, documents: 3 }, Duration::from_secs(10));
        assert_eq!(stream.eta_seconds, None);
        assert!(stream.line().starts_with("running: ? %"), "{}", stream.line());
        assert_eq!([duration(59), duration(61), duration(7322)], ["59s", "1m 01s", "2h 02m"]);
    }
}
