//! What is written from the definition of the flags: completions, manual pages and the reference in `docs/`.

use std::fmt::Write as _;
use std::io::Write as _;

use clap::{Arg, Command};

use super::DONE;
use super::args::{CompletionsArgs, ManArgs, documented};
use super::console::output;

/// `completions`.
pub(super) fn completions(args: &CompletionsArgs) -> anyhow::Result<u8> {
    let mut out = output();
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut documented(), "babelsift", &mut bytes);
    out.write_all(&bytes)?;
    out.flush()?;
    Ok(DONE)
}

/// `man`.
pub(super) fn run(args: &ManArgs) -> anyhow::Result<u8> {
    let mut program = documented();
    program.build();
    let command = match &args.command {
        None => program,
        Some(name) => {
            let found = program.find_subcommand(name).cloned();
            let found = found.ok_or_else(|| anyhow::anyhow!("there is no command {name}; see babelsift --help"))?;
            found.name(format!("babelsift-{name}")).bin_name(format!("babelsift {name}"))
        }
    };
    let mut out = output();
    clap_mangen::Man::new(command).render(&mut out)?;
    out.flush()?;
    Ok(DONE)
}

/// `docs/reference.md`: every command and flag, as the program knows them.
pub fn reference() -> String {
    let program = documented();
    let mut out = String::from(
        "# Commands and flags\n\nWritten by `cargo xtask reference` from the definition of the flags. A flag that is no file, \
         folder or switch of one command is a key of the TOML file of `--config`, too, without its dashes.\n",
    );
    let global: Vec<&Arg> = program.get_arguments().filter(|a| a.get_long().is_some()).collect();
    out.push_str("\n## All commands\n\n");
    table(&mut out, &global);
    for command in program.get_subcommands() {
        section(&mut out, command, &global);
    }
    out
}

fn section(out: &mut String, command: &Command, global: &[&Arg]) {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let _ = write!(out, "\n## babelsift {}\n\n{}\n\n", command.get_name(), cell(&about));
    let known = |arg: &&Arg| global.iter().any(|g| g.get_id() == arg.get_id()) || arg.get_id() == "help";
    let own: Vec<&Arg> = command.get_arguments().filter(|a| !known(a)).collect();
    let mut headings: Vec<Option<&str>> = Vec::new();
    for arg in &own {
        if !headings.contains(&arg.get_help_heading()) {
            headings.push(arg.get_help_heading());
        }
    }
    for heading in headings {
        if let Some(heading) = heading {
            let _ = write!(out, "\n### {heading}\n\n");
        }
        let args: Vec<&Arg> = own.iter().copied().filter(|a| a.get_help_heading() == heading).collect();
        table(out, &args);
    }
}

fn table(out: &mut String, args: &[&Arg]) {
    out.push_str("| | |\n|---|---|\n");
    for arg in args {
        let _ = writeln!(out, "| {} | {} |", usage(arg), about(arg));
    }
}

/// The flag as it is written, or the name of a value without one.
fn usage(arg: &Arg) -> String {
    let takes = arg.get_action().takes_values();
    let value = arg.get_value_names().filter(|_| takes).and_then(|names| names.first()).map(ToString::to_string);
    let short = arg.get_short().map(|c| format!("`-{c}`, ")).unwrap_or_default();
    match (arg.get_long(), value) {
        (Some(long), Some(value)) => format!("{short}`--{long} {value}`"),
        (Some(long), None) => format!("{short}`--{long}`"),
        (None, value) => format!("`{}`", value.unwrap_or_else(|| arg.get_id().to_string())),
    }
}

fn about(arg: &Arg) -> String {
    let help = arg.get_long_help().or_else(|| arg.get_help()).map(ToString::to_string).unwrap_or_default();
    let mut about = cell(&help);
    let defaults: Vec<String> = arg.get_default_values().iter().map(|v| v.to_string_lossy().into_owned()).collect();
    if !defaults.is_empty() && arg.get_action().takes_values() {
        let _ = write!(about, " [default: {}]", defaults.join(","));
    }
    let values: Vec<String> = arg
        .get_possible_values()
        .iter()
        .filter(|_| arg.get_action().takes_values())
        .map(|value| match value.get_help() {
            Some(help) => format!("`{}`: {}", value.get_name(), cell(&help.to_string())),
            None => format!("`{}`", value.get_name()),
        })
        .collect();
    if !values.is_empty() {
        let _ = write!(about, "<br>{}", values.join("<br>"));
    }
    about
}

/// Text in a cell of a table.
fn cell(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
    // Between backticks all stands as it is.
    let parts = text.split('`').enumerate();
    parts
        .map(|(i, part)| if i % 2 == 0 { part.replace('<', "&lt;") } else { part.to_owned() })
        .collect::<Vec<_>>()
        .join("`")
}
