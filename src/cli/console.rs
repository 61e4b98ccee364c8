//! What is said to people: on stderr, in colour where that is wanted. Data goes to stdout through [`output`].

use std::io::{self, BufWriter, IsTerminal as _, StdoutLock, Write as _};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::args::{Global, When};
use crate::run::{Observer, Progress};

/// Between two lines of progress.
const EVERY: Duration = Duration::from_secs(2);

/// Set by Ctrl-C.
static STOP: AtomicBool = AtomicBool::new(false);

/// Speaks to people.
#[derive(Default)]
pub(super) struct Console {
    quiet: bool,
    verbose: bool,
    colour: bool,
    stdout_colour: bool,
    bar: bool,
}

impl Console {
    pub(super) fn new(global: &Global) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        let wants = |when: When, terminal: bool| when == When::Always || (when == When::Auto && terminal);
        let coloured = |terminal: bool| wants(global.color, terminal && !plain);
        Self {
            quiet: global.quiet,
            verbose: global.verbose,
            colour: coloured(io::stderr().is_terminal()),
            stdout_colour: coloured(io::stdout().is_terminal()),
            bar: wants(global.progress, io::stderr().is_terminal()) && !global.quiet,
        }
    }

    /// A line that says what went wrong.
    pub(super) fn error(&self, text: &str) {
        let head = if self.colour { "\x1b[1;31merror:\x1b[0m" } else { "error:" };
        // With stderr gone there is nobody left to tell.
        let _ = writeln!(io::stderr(), "{head} {text}");
    }

    /// A line for people, unless they want quiet.
    pub(super) fn say(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// A line for people who want to hear more.
    pub(super) fn detail(&self, text: &str) {
        if self.verbose {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// True when stdout takes colours.
    pub(super) fn colours_stdout(&self) -> bool {
        self.stdout_colour
    }

    /// A progress bar over so many bytes on disk, hidden where it is not wanted, that Ctrl-C stops.
    pub(super) fn watch(&self, disk: u64) -> Bar {
        // It fails when there is a handler already: then Ctrl-C ends the program as it did.
        let _ = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed));
        let target = if self.bar { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(disk), target);
        let style = ProgressStyle::with_template("{bar:32} {percent:>3}%  {msg}  ETA {eta}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        if self.bar {
            bar.enable_steady_tick(Duration::from_millis(250));
        }
        let lines = (self.bar && bar.is_hidden()).then(|| Mutex::new(Instant::now()));
        Bar { bar, lines }
    }
}

/// A progress bar over a run; a line now and then where there is no terminal to draw on.
pub(super) struct Bar {
    bar: ProgressBar,
    /// When the last line was written.
    lines: Option<Mutex<Instant>>,
}

impl Bar {
    pub(super) fn close(&self) {
        self.line();
        self.bar.finish_and_clear();
    }

    fn line(&self) {
        if self.lines.is_some() {
            let (at, of) = (self.bar.position(), self.bar.length().unwrap_or(0).max(1));
            let _ = writeln!(io::stderr(), "{}%  {}", (at * 100 / of).min(100), self.bar.message());
        }
    }
}

impl Observer for Bar {
    fn progress(&self, progress: Progress) {
        if self.bar.is_hidden() && self.lines.is_none() {
            return;
        }
        let seconds = self.bar.elapsed().as_secs_f64().max(1e-3);
        let rate = progress.read as f64 / 1e6 / seconds;
        self.bar.set_message(format!("{}, {} documents, {rate:.1} MB/s", size(progress.read), progress.documents));
        self.bar.set_position(progress.disk);
        let due = |at: &mut Instant| {
            let due = at.elapsed() >= EVERY;
            if due {
                *at = Instant::now();
            }
            due
        };
        if self.lines.as_ref().and_then(|l| l.lock().ok()).is_some_and(|mut at| due(&mut at)) {
            self.line();
        }
    }

    fn stop(&self) -> bool {
        STOP.load(Ordering::Relaxed)
    }
}

/// Bytes for people.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} bytes"),
        10_000..10_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        10_000_000..10_000_000_000 => format!("{:.1} MB", bytes as f64 / 1e6),
        _ => format!("{:.1} GB", bytes as f64 / 1e9),
    }
}

/// Standard output for data.
pub(super) fn output() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(1 << 16, io::stdout().lock())
}
