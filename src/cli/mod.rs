//! The command line: flags, one file for each command, and what is said to people.

mod args;
mod console;
mod decode;
mod dry_run;
mod filter;
mod identify;
mod inspect;
mod inspect_page;
mod languages;
mod manual;
mod merge;
mod object;
mod repair;
mod report;
mod run;
mod segment;
mod status;
mod summary;
mod verify;
mod version;
mod watch;

pub use manual::reference;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;

use args::{Command, Invocation};
use console::Console;

use crate::error::Error;

/// Done.
const DONE: u8 = 0;
/// Done, but with more rejects or differences than the user allows.
const FOUND: u8 = 1;
/// Could not run.
const FAILED: u8 = 2;
/// Stopped by Ctrl-C (128 + SIGINT, as shells say it).
const INTERRUPTED: u8 = 130;

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    #[cfg(feature = "parquet")]
    crate::source::silence_caught_panics();
    ExitCode::from(with_arguments(std::env::args_os()))
}

fn with_arguments(arguments: impl Iterator<Item = OsString>) -> u8 {
    let invocation = match args::parse(arguments) {
        Ok(invocation) => invocation,
        Err(args::Problem::Usage(error)) => {
            // Help and version come this way too, and go to stdout.
            let _ = error.print();
            return if error.use_stderr() { FAILED } else { DONE };
        }
        Err(args::Problem::Config(error)) => {
            Console::default().error(&format!("{error:#}"));
            return FAILED;
        }
        Err(args::Problem::Version) => {
            // Nobody is left to tell when this can't be written.
            let _ = console::output().write_all(version::long().as_bytes());
            return DONE;
        }
    };
    let console = Console::new(&invocation.global);
    match dispatch(&invocation, &console) {
        Ok(status) => status,
        Err(error) if is_closed_pipe(&error) => DONE,
        Err(error) => {
            // A bare system error comes from printing; all others say what they are about.
            let printing = if error.is::<io::Error>() { "could not write to standard output: " } else { "" };
            console.error(&format!("{printing}{error:#}"));
            if matches!(error.downcast_ref(), Some(Error::Interrupted)) { INTERRUPTED } else { FAILED }
        }
    }
}

fn dispatch(invocation: &Invocation, console: &Console) -> anyhow::Result<u8> {
    let config = &invocation.config;
    config.validate()?;
    match &invocation.command {
        Command::Run(args) => run::run(args, config, console),
        Command::Inspect(args) => inspect::run(args, config, console),
        Command::Decode(args) => decode::run(args, config),
        Command::Repair(args) => repair::run(args, config),
        Command::Identify(args) => identify::run(args, config),
        Command::Segment(args) => segment::run(args, config),
        Command::Merge(args) => merge::run(args, console),
        Command::Report(args) => report::run(args, console),
        Command::Verify(args) => verify::run(args, config, console),
        Command::Languages(args) => languages::run(args, config),
        Command::Completions(args) => manual::completions(args),
        Command::Man(args) => manual::run(args),
    }
}

/// Who reads us has had enough: that is no error.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|e| e.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe))
}
