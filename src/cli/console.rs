//! What is said to people: on stderr, in colour where that is wanted. Data goes to stdout through [`output`].

use std::io::{self, BufWriter, IsTerminal as _, StdoutLock, Write as _};
use std::time::{Duration, SystemTime};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use super::args::{Global, LogFormat, When};
use super::status::{Status, utc};
use crate::sink::InputSums;

/// Speaks to people.
#[derive(Default)]
pub(super) struct Console {
    quiet: bool,
    verbose: bool,
    colour: bool,
    stdout_colour: bool,
    bar: bool,
    /// All that is said is JSON.
    json: bool,
}

impl Console {
    pub(super) fn new(global: &Global) -> Self {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        let wants = |when: When, terminal: bool| when == When::Always || (when == When::Auto && terminal);
        let coloured = |terminal: bool| wants(global.color, terminal && !plain);
        let json = global.log_format == LogFormat::Json;
        Self {
            quiet: global.quiet,
            verbose: global.verbose,
            colour: coloured(io::stderr().is_terminal()),
            stdout_colour: coloured(io::stdout().is_terminal()),
            bar: wants(global.progress, io::stderr().is_terminal()) && !global.quiet && !json,
            json,
        }
    }

    /// A line that says what went wrong.
    pub(super) fn error(&self, text: &str) {
        self.told("error", "31", text);
    }

    /// A line that says what may go wrong.
    pub(super) fn warn(&self, text: &str) {
        if !self.quiet {
            self.told("warning", "33", text);
        }
    }

    fn told(&self, level: &str, code: &str, text: &str) {
        if self.json {
            return log(level, json!({"message": text}));
        }
        let head = if self.colour { format!("\x1b[1;{code}m{level}:\x1b[0m") } else { format!("{level}:") };
        // With stderr gone there is nobody left to tell.
        let _ = writeln!(io::stderr(), "{head} {text}");
    }

    /// A line for people, unless they want quiet.
    pub(super) fn say(&self, text: &str) {
        match (self.quiet, self.json) {
            (true, _) => {}
            (_, true) => log("info", json!({"message": text})),
            _ => drop(writeln!(io::stderr(), "{text}")),
        }
    }

    /// A line for people who want to hear more.
    pub(super) fn detail(&self, text: &str) {
        match (self.verbose, self.json) {
            (false, _) => {}
            (_, true) => log("debug", json!({"message": text})),
            _ => drop(writeln!(io::stderr(), "{text}")),
        }
    }

    /// What became of an input that is finished: for programs, and for people who want to hear more.
    pub(super) fn input(&self, input: &InputSums, took: Duration) {
        let (InputSums { path, sums }, kept, rejected) = (input, input.sums.kept_bytes(), input.sums.rejected_bytes());
        if self.json && !self.quiet {
            let (kept, rejected) = (&sums.kept, &sums.rejected);
            let (read, structure, seconds) = (sums.read, sums.structure, (took.as_secs_f64() * 1e3).round() / 1e3);
            log(
                "info",
                json!({"event": "input", "path": path, "seconds": seconds, "read": read, "kept": kept, "rejected": rejected, "structure": structure}),
            );
        } else if self.verbose {
            let [read, kept, rejected, structure] = [sums.read, kept, rejected, sums.structure].map(size);
            self.detail(&format!("{path}: {read} read = {kept} kept + {rejected} rejected + {structure} structure"));
        }
    }

    /// How far a run is, because somebody asked.
    pub(super) fn state(&self, status: &Status) {
        if self.json {
            return log("info", json!({"event": "state", "state": status}));
        }
        let _ = writeln!(io::stderr(), "{}", status.line());
    }

    /// True when stdout takes colours.
    pub(super) fn colours_stdout(&self) -> bool {
        self.stdout_colour
    }

    /// A progress bar over so many bytes on disk, hidden where it is not wanted, and whether lines take its place: where
    /// there is no terminal to draw on.
    pub(super) fn bar(&self, disk: u64) -> (ProgressBar, bool) {
        let target = if self.bar { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(disk), target);
        let style = ProgressStyle::with_template("{bar:32} {percent:>3}%  {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        if self.bar {
            bar.enable_steady_tick(Duration::from_millis(250));
        }
        let lines = self.bar && bar.is_hidden();
        (bar, lines)
    }
}

/// An object on a line of its own, for programs.
fn log(level: &str, mut members: Value) {
    members["time"] = utc(SystemTime::now()).into();
    members["level"] = level.into();
    let _ = writeln!(io::stderr(), "{members}");
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
