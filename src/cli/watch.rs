//! [`Watch`]: what goes on around a run: the bar or lines of progress, a line for each finished input, the file of its
//! state, the space on the disk, Ctrl-C and SIGUSR1.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use indicatif::ProgressBar;

use super::console::{Console, size};
use super::status::{Status, duration};
use crate::error::{Error, Result};
use crate::report::Report;
use crate::run::{Observer, Progress, Summary};
use crate::sink::{InputSums, Ledger};

/// Between two lines of progress.
const LINES: Duration = Duration::from_secs(2);
/// Between two looks at what may have happened.
const TICK: Duration = Duration::from_millis(100);
/// Between two writings of the state, and two looks at the disk.
const STATE: Duration = Duration::from_secs(1);

/// Set by Ctrl-C.
static STOP: AtomicBool = AtomicBool::new(false);

/// Watches one run.
pub(super) struct Watch<'a> {
    console: &'a Console,
    bar: ProgressBar,
    /// Lines of progress are wanted, since there is no terminal to draw a bar on.
    lines: bool,
    started: Instant,
    /// When the last input was finished. Inputs are finished in their order, so the next one had all the time since.
    last: Mutex<Instant>,
    status: Mutex<Status>,
    status_file: Option<PathBuf>,
    /// The counters of the next batch are wanted.
    due: AtomicBool,
    /// SIGUSR1 came.
    asked: Arc<AtomicBool>,
    /// Where the folder is made, and the space to leave free there.
    out: PathBuf,
    min_free: u64,
    /// Free space that was found to be too little; the highest number when it was not.
    full: AtomicU64,
}

impl<'a> Watch<'a> {
    /// Over a run of so many inputs, of so many bytes on disk; watches for Ctrl-C from now on.
    pub(super) fn new(console: &'a Console, out: &Path, inputs: usize, disk: u64) -> Self {
        // It fails when there is a handler already: then Ctrl-C ends the program as it did.
        let _ = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed));
        let asked = Arc::<AtomicBool>::default();
        #[cfg(unix)]
        let _ = signal_hook::flag::register(signal_hook::consts::SIGUSR1, Arc::clone(&asked));
        let (bar, lines) = console.bar(disk);
        Self {
            console,
            bar,
            lines,
            started: Instant::now(),
            last: Mutex::new(Instant::now()),
            status: Mutex::new(Status::new(out, inputs, disk)),
            status_file: None,
            due: AtomicBool::new(true),
            asked,
            out: standing(out),
            min_free: 0,
            full: AtomicU64::new(u64::MAX),
        }
    }

    /// Keeps the state in this file.
    ///
    /// # Errors
    /// What keeps it from being written.
    pub(super) fn with_status_file(mut self, path: Option<&Path>) -> Result<Self> {
        self.status_file = path.map(Path::to_path_buf);
        self.write_status().map_err(|e| Error::sink(path.unwrap_or(Path::new("")), e))?;
        Ok(self)
    }

    /// Stops the run before less than this is free; the run is expected to write about so many bytes.
    ///
    /// # Errors
    /// When there is too little already.
    pub(super) fn with_space(mut self, min_free: u64, expected: u64) -> Result<Self> {
        self.min_free = min_free;
        let (Some(free), true) = (self.free(), min_free > 0) else { return Ok(self) };
        let shown = self.out.display();
        if free < min_free {
            return Err(self.too_little(free));
        }
        if free - min_free < expected {
            let (expected, free) = (size(expected), size(free));
            self.console.warn(&format!("the folder may take {expected}, and {free} are free at {shown}"));
        }
        Ok(self)
    }

    fn too_little(&self, free: u64) -> Error {
        let (free, least) = (size(free), size(self.min_free));
        let text =
            format!("only {free} are free there, less than --min-free {least}; make room, or give another --out");
        Error::sink(&self.out, io::Error::new(io::ErrorKind::StorageFull, text))
    }

    fn free(&self) -> Option<u64> {
        fs4::available_space(&self.out).ok()
    }

    fn status(&self) -> MutexGuard<'_, Status> {
        self.status.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does the work while a thread of its own watches.
    pub(super) fn around<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let done = thread::scope(|scope| {
            let (end, ended) = channel::<()>();
            scope.spawn(move || {
                let (mut written, mut told) = (Instant::now(), Instant::now());
                while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                    self.tick(&mut written, &mut told);
                }
            });
            let done = work();
            drop(end);
            done
        });
        self.bar.finish_and_clear();
        let free = self.full.load(Ordering::Relaxed);
        let done = match done {
            Err(Error::Interrupted) if free != u64::MAX => Err(self.too_little(free)),
            done => done,
        };
        let mut status = self.status();
        (status.state, status.error) = match &done {
            Ok(_) => ("complete", None),
            Err(Error::Interrupted) => ("interrupted", None),
            Err(error) => ("failed", Some(error.to_string())),
        };
        drop(status);
        // The run is over: a state that can't be told any more changes nothing.
        let _ = self.write_status();
        done
    }

    fn tick(&self, written: &mut Instant, told: &mut Instant) {
        if self.asked.swap(false, Ordering::Relaxed) {
            let status = self.status();
            self.bar.suspend(|| self.console.state(&status));
        }
        if self.lines && told.elapsed() >= LINES {
            *told = Instant::now();
            let status = self.status();
            let _ = writeln!(io::stderr(), "{}", status.line());
        }
        if written.elapsed() >= STATE {
            *written = Instant::now();
            self.due.store(true, Ordering::Relaxed);
            let free = if self.min_free > 0 { self.free() } else { None };
            self.status().free_bytes = free;
            if let Some(free) = free.filter(|free| *free < self.min_free) {
                self.full.store(free, Ordering::Relaxed);
            }
            if let Err(error) = self.write_status() {
                self.console.detail(&format!("the status file could not be written: {error}"));
            }
        }
    }

    fn write_status(&self) -> io::Result<()> {
        match &self.status_file {
            Some(path) => self.status().write(path),
            None => Ok(()),
        }
    }

    /// Says the end of a run that was watched by lines, and what took long.
    pub(super) fn close(&self, summary: &Summary) {
        if let Some(line) = self.status().slow_line() {
            self.console.say(&line);
        }
        self.status().counted(&summary.report, &summary.ledger);
        if self.lines {
            let _ = writeln!(io::stderr(), "{}", self.status().line());
        }
        // As above.
        let _ = self.write_status();
    }
}

impl Observer for Watch<'_> {
    fn progress(&self, progress: Progress) {
        let elapsed = self.started.elapsed();
        let mut status = self.status();
        status.progress(progress, elapsed);
        if !self.bar.is_hidden() {
            let rate = progress.read as f64 / 1e6 / elapsed.as_secs_f64().max(1e-3);
            let (read, documents, inputs) = (size(progress.read), progress.documents, status.inputs_finished);
            let eta = status.eta_seconds.map_or_else(String::new, |left| format!(", ETA {}", duration(left)));
            self.bar.set_message(format!("{inputs} inputs, {read}, {documents} documents, {rate:.1} MB/s{eta}"));
            self.bar.set_position(progress.disk);
        }
    }

    fn counted(&self, report: &Report, ledger: &Ledger) {
        if self.due.swap(false, Ordering::Relaxed) {
            self.status().counted(report, ledger);
        }
    }

    fn finished(&self, input: &InputSums) {
        let now = Instant::now();
        let took = now - std::mem::replace(&mut *self.last.lock().unwrap_or_else(PoisonError::into_inner), now);
        self.status().finished(&input.path, took);
        self.bar.suspend(|| self.console.input(input, took));
    }

    fn stop(&self) -> bool {
        STOP.load(Ordering::Relaxed) || self.full.load(Ordering::Relaxed) != u64::MAX
    }
}

/// The folder itself, or the nearest one above it that is there.
fn standing(out: &Path) -> PathBuf {
    let above = out.ancestors().map(|p| if p.as_os_str().is_empty() { Path::new(".") } else { p });
    above.into_iter().find(|path| path.exists()).unwrap_or(Path::new(".")).to_path_buf()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a run does that is asked to stop.
    fn until_stopped(watch: &Watch<'_>) -> Result<()> {
        while !watch.stop() {
            thread::sleep(Duration::from_millis(10));
        }
        Err(Error::Interrupted)
    }

    #[test]
    fn a_disk_that_fills_up_stops_the_run() {
        let console = Console::default();
        let watch = Watch { min_free: u64::MAX - 1, ..Watch::new(&console, Path::new("no/such/out"), 1, 0) };
        let error = watch.around(|| until_stopped(&watch)).unwrap_err().to_string();
        assert!(error.contains("are free there, less than --min-free"), "{error}");
        assert_eq!(watch.status().state, "failed");
    }

    #[test]
    fn a_folder_stands_somewhere() {
        let scratch = tempfile::tempdir().unwrap();
        assert_eq!(standing(&scratch.path().join("a/b")), scratch.path());
        assert_eq!(standing(Path::new("no/such")), Path::new("."));
    }
}
