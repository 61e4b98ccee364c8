//! From words to an [`Invocation`]: the command, and the one [`Config`] made of defaults, file and flags, in that order.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use crate::config::{Config, Paragraphs};

/// Turns raw multilingual bytes into clean text corpora, one per language, with every byte accounted for.
#[derive(Parser)]
#[command(name = "babelsift", version, arg_required_else_help = true, max_term_width = 110)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What holds for every command.
#[derive(Args, Clone, Debug)]
pub(super) struct Global {
    /// Settings as TOML; each flag has its key there. Flags win.
    #[arg(long, value_name = "FILE", global = true, help_heading = "General")]
    pub(super) config: Option<PathBuf>,
    /// Say nothing but errors.
    #[arg(long, short, global = true, conflicts_with = "verbose", help_heading = "General")]
    pub(super) quiet: bool,
    /// Say more.
    #[arg(long, short, global = true, help_heading = "General")]
    pub(super) verbose: bool,
    /// Colours.
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto", help_heading = "General")]
    pub(super) color: When,
    /// A progress bar.
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto", help_heading = "General")]
    pub(super) progress: When,
    /// How things are said on stderr. `json` is an object a line, one for each input that is finished.
    #[arg(long, value_name = "HOW", global = true, default_value = "text", help_heading = "General")]
    pub(super) log_format: LogFormat,
}

#[derive(ValueEnum, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// JSON lines for programs.
    Json,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// On a terminal.
    Auto,
    Always,
    Never,
}

#[derive(Subcommand)]
pub(super) enum Command {
    /// The main job: files, folders and archives in, cleaned corpora per language out.
    Run(RunArgs),
    /// Shows what `run` would do with a file, fragment by fragment.
    Inspect(InspectArgs),
    /// Bytes to UTF-8, line by line, each from its own encoding.
    Decode(DecodeArgs),
    /// Text to repaired and normalized text, line by line.
    Repair(FilterArgs),
    /// Labels each line of text with its language.
    Identify(IdentifyArgs),
    /// Divides each line of text into fragments of one language.
    Segment(FilterArgs),
    /// Makes one output folder of those that the shards of a job made.
    Merge(MergeArgs),
    /// Makes the report of an output folder again and prints its summary.
    Report(ReportArgs),
    /// Checks an output folder against its ledger.
    Verify(VerifyArgs),
    /// Lists the labels that the identifier can answer.
    Languages(LanguagesArgs),
    /// Prints what a shell needs to complete commands and flags.
    Completions(CompletionsArgs),
    /// Prints the manual page of the program or of a command.
    Man(ManArgs),
}

#[derive(Args)]
pub(super) struct RunArgs {
    /// Files, folders, globs; `-` is standard input.
    #[arg(required_unless_present = "inputs_from", value_name = "INPUT")]
    pub(super) inputs: Vec<String>,
    /// A file that names more of them, one a line; `-` is standard input. Lines that begin with # are comments.
    #[arg(long, value_name = "FILE")]
    pub(super) inputs_from: Option<PathBuf>,
    /// Follow links inside folders also to files outside of them; else these are rejected as unreadable.
    #[arg(long)]
    pub(super) follow_links: bool,
    /// The folder to make. It appears when it is complete.
    #[arg(long, short, value_name = "DIR", required = true)]
    pub(super) out: PathBuf,
    /// Then put DIR into an object store, its ledger last (needs the feature object-store); with --resume again.
    #[arg(long, value_name = "ADDRESS")]
    pub(super) upload: Option<String>,
    /// Replace DIR, or what an interrupted run left of it.
    #[arg(long, conflicts_with = "resume")]
    pub(super) overwrite: bool,
    /// Go on where a run with the same inputs and settings was stopped or killed; the folder becomes the same as without the
    /// interruption. A complete folder stays as it is.
    #[arg(long)]
    pub(super) resume: bool,
    /// Say what would be read, how each input is recognised and where the output would go; write nothing.
    #[arg(long)]
    pub(super) dry_run: bool,
    /// Keep the state of the run in this file, as JSON, anew every second. SIGUSR1 prints it to stderr.
    #[arg(long, value_name = "FILE")]
    pub(super) status_file: Option<PathBuf>,
}

#[derive(Args)]
pub(super) struct CompletionsArgs {
    /// The shell.
    #[arg(value_name = "SHELL")]
    pub(super) shell: clap_complete::Shell,
}

#[derive(Args)]
pub(super) struct ManArgs {
    /// The command; all of the program when absent.
    #[arg(value_name = "COMMAND")]
    pub(super) command: Option<String>,
}

#[derive(Args)]
pub(super) struct InspectArgs {
    /// The file; `-` is standard input. With `--id` an output folder of `run`.
    #[arg(value_name = "FILE")]
    pub(super) file: String,
    /// Find the record of this id in an output folder, read its source again with the settings of the run, and show it
    /// with its bytes; the `document_id` of a record shows its whole document.
    #[arg(long, value_name = "ID")]
    pub(super) id: Option<String>,
    /// The folder that `run` was started in, which names of inputs are relative to.
    #[arg(long, value_name = "DIR", default_value = ".", requires = "id")]
    pub(super) root: PathBuf,
    /// One JSON object a document.
    #[arg(long)]
    pub(super) json: bool,
    /// One page of HTML that needs nothing else, for a browser.
    #[arg(long, conflicts_with = "json")]
    pub(super) html: bool,
    /// Whole texts instead of as much as fits a line.
    #[arg(long)]
    pub(super) full: bool,
}

#[derive(Args)]
pub(super) struct FilterArgs {
    /// The file; standard input when absent.
    #[arg(value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
    /// JSON objects in and out, one a line; unknown fields pass through.
    #[arg(long)]
    pub(super) jsonl: bool,
}

#[derive(Args)]
pub(super) struct DecodeArgs {
    #[command(flatten)]
    pub(super) filter: FilterArgs,
    /// Print the bytes, encoding, score and evidence of each paragraph instead of its text.
    #[arg(long, conflicts_with = "jsonl")]
    pub(super) explain: bool,
}

#[derive(Args)]
pub(super) struct IdentifyArgs {
    #[command(flatten)]
    pub(super) filter: FilterArgs,
    /// How many labels to print for a line, best first.
    #[arg(long, value_name = "K", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(super) top: u16,
}

#[derive(Args)]
pub(super) struct MergeArgs {
    /// The folder to make.
    #[arg(value_name = "OUT")]
    pub(super) out: PathBuf,
    /// The folders of all shards, in any order.
    #[arg(value_name = "SHARD_DIR", required = true)]
    pub(super) shards: Vec<PathBuf>,
    /// Replace OUT.
    #[arg(long)]
    pub(super) overwrite: bool,
}

#[derive(Args)]
pub(super) struct ReportArgs {
    /// An output folder of `run`; `report.json` and `report.html` in it are written anew.
    #[arg(value_name = "DIR")]
    pub(super) folder: PathBuf,
}

#[derive(Args)]
pub(super) struct VerifyArgs {
    /// An output folder of `run`, wherever it is now.
    #[arg(value_name = "DIR")]
    pub(super) folder: PathBuf,
    /// Only see whether all files are there and as long as they were written.
    #[arg(long)]
    pub(super) quick: bool,
}

#[derive(Args)]
pub(super) struct LanguagesArgs {
    /// One JSON object a label.
    #[arg(long)]
    pub(super) json: bool,
}

/// A call of the program.
pub(super) struct Invocation {
    pub(super) global: Global,
    pub(super) config: Config,
    pub(super) command: Command,
}

/// Why there is none.
pub(super) enum Problem {
    /// Wrong words, or a call for help.
    Usage(clap::Error),
    /// A configuration file that can't be used.
    Config(anyhow::Error),
    /// A call for the version and all that is in it.
    Version,
}

const TEXT: &[&str] =
    &["paragraphs", "on-malformed", "normalize", "repairs", "fragments", "separation", "min-fragment"];
const LANGUAGE: &[&str] = &["identifier", "languages", "min-score"];
const DOCUMENT: &[&str] = &["prior"];
const SEGMENT: &[&str] = &["fragments", "separation", "min-fragment"];
const FILTERS: &[&str] = &["roles", "min-letters"];
const INPUT: &[&str] = &[
    "input-format",
    "html-text",
    "text-field",
    "max-document",
    "include",
    "exclude",
    "sample",
    "seed",
    "limit-records",
    "shard",
    "wiki",
    "max-depth",
    "max-entries",
    "max-ratio",
    "max-name",
    "max-header",
    "max-held",
];
const OUTPUT: &[&str] = &[
    "format",
    "schema",
    "columns",
    "unit",
    "shard-size",
    "checkpoint",
    "level",
    "max-reject-rate",
    "max-errors",
    "min-free",
    "strict",
    "batch-size",
];
const THREADS: &[&str] = &["threads"];

/// Which settings mean something to a command.
fn settings(command: &str) -> Vec<&'static [&'static str]> {
    match command {
        "run" => vec![TEXT, LANGUAGE, DOCUMENT, FILTERS, INPUT, OUTPUT, THREADS],
        "inspect" => vec![TEXT, LANGUAGE, DOCUMENT, FILTERS, INPUT, THREADS],
        "decode" => vec![&["paragraphs", "on-malformed"], &["max-document"], THREADS],
        "repair" => vec![&["normalize", "repairs"], THREADS],
        "identify" => vec![LANGUAGE, THREADS],
        "segment" => vec![SEGMENT, LANGUAGE, THREADS],
        "verify" => vec![THREADS],
        "languages" => vec![&["identifier", "languages"], THREADS],
        _ => Vec::new(),
    }
}

/// The definition of all commands and flags.
fn command() -> clap::Command {
    let mut command = Cli::command();
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    let defaults = serde_json::to_value(Config::default()).unwrap_or_default();
    for name in names {
        let known = settings(&name).concat();
        command = command.mut_subcommand(&name, |sub| {
            let (about, long_about) = (sub.get_about().cloned(), sub.get_long_about().cloned());
            let own: Vec<String> = sub.get_arguments().map(|a| a.get_id().to_string()).collect();
            let sub = Config::augment_args_for_update(sub).mut_args(|arg| match arg.get_long().map(str::to_owned) {
                Some(long) if !own.contains(&arg.get_id().to_string()) => {
                    setting(arg, &defaults[&long], known.contains(&long.as_str()))
                }
                _ => arg,
            });
            // The settings bring the words about themselves along.
            sub.long_about(long_about.or(about.clone()).unwrap_or_default()).about(about.unwrap_or_default())
        });
    }
    command
}

/// The same without the settings that mean nothing to a command: for pages and completions.
pub(super) fn documented() -> clap::Command {
    visible(command()).version(env!("CARGO_PKG_VERSION"))
}

fn visible(command: clap::Command) -> clap::Command {
    let arguments: Vec<Arg> = command.get_arguments().filter(|a| !a.is_hide_set()).cloned().collect();
    let commands: Vec<clap::Command> = command.get_subcommands().cloned().map(visible).collect();
    let (about, long) = (command.get_about().cloned(), command.get_long_about().cloned());
    let mut shown = clap::Command::new(command.get_name().to_owned()).args(arguments).subcommands(commands);
    if let Some(about) = about {
        shown = shown.about(about);
    }
    if let Some(long) = long {
        shown = shown.long_about(long);
    }
    shown
}

/// A flag that is a setting: shown with its default where it means something.
fn setting(arg: Arg, default: &serde_json::Value, known: bool) -> Arg {
    let shown = match default {
        serde_json::Value::String(text) if text.is_empty() => "none".to_owned(),
        serde_json::Value::String(text) => text.clone(),
        // A single-precision number shows its own digits.
        serde_json::Value::Number(n) => n.as_f64().map_or_else(|| n.to_string(), |n| (n as f32).to_string()),
        other => other.to_string(),
    };
    let help = arg.get_help().map(|h| format!("{h} [default: {shown}]")).unwrap_or_default();
    // So that `--threads -1` is a value that is wrong, not a flag that there is not.
    arg.help(help).long_help(None::<&str>).hide(!known).allow_negative_numbers(default.is_number())
}

/// Understands the arguments.
pub(super) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Invocation, Problem> {
    let arguments: Vec<OsString> = arguments.collect();
    let mut matches = command().try_get_matches_from(&arguments).map_err(|error| {
        let version = error.kind() == clap::error::ErrorKind::DisplayVersion;
        if version && arguments.iter().any(|a| a == "--version") { Problem::Version } else { Problem::Usage(error) }
    })?;
    let (name, sub) = matches.subcommand().map(|(n, m)| (n.to_owned(), m.clone())).unwrap_or_default();
    refuse_useless(&name, &sub)?;
    let cli = Cli::from_arg_matches_mut(&mut matches).map_err(Problem::Usage)?;
    let mut config = match &cli.global.config {
        Some(path) => read_config(path).map_err(Problem::Config)?,
        None => Config::default(),
    };
    if name == "decode" && cli.global.config.is_none() {
        // A filter keeps the lines it gets, unless it is told otherwise.
        config.paragraphs = Paragraphs::Line;
    }
    config.update_from_arg_matches(&sub).map_err(Problem::Usage)?;
    Ok(Invocation { global: cli.global, config, command: cli.command })
}

/// A setting that means nothing to the command is a mistake of the user's.
fn refuse_useless(name: &str, matches: &ArgMatches) -> Result<(), Problem> {
    let known = settings(name).concat();
    let given = |id: &clap::Id| matches.value_source(id.as_str()) == Some(ValueSource::CommandLine);
    let all = Config::augment_args_for_update(clap::Command::new("all"));
    let useless = all.get_arguments().find(|a| given(a.get_id()) && !known.contains(&a.get_long().unwrap_or_default()));
    match useless {
        Some(arg) => {
            let text = format!("--{} means nothing to `babelsift {name}`\n", arg.get_long().unwrap_or_default());
            Err(Problem::Usage(clap::Error::raw(clap::error::ErrorKind::UnknownArgument, text)))
        }
        None => Ok(()),
    }
}

fn read_config(path: &Path) -> anyhow::Result<Config> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("could not read --config {shown}"))?;
    toml::from_str(&text).map_err(|e| {
        let at = e.span().map_or(0, |span| text[..span.start].bytes().filter(|b| *b == b'\n').count());
        let line: String = text.lines().nth(at).unwrap_or_default().trim().chars().take(80).collect();
        let why = e.message().lines().collect::<Vec<_>>().join(" ");
        anyhow::anyhow!("--config {shown} can't be used: line {}, {line:?}: {why}", at + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(words: &str) -> Config {
        let words = words.split(' ').map(OsString::from);
        match parse(words) {
            Ok(invocation) => invocation.config,
            Err(Problem::Usage(e)) => panic!("{e}"),
            Err(Problem::Config(e)) => panic!("{e:#}"),
            Err(Problem::Version) => panic!("the version"),
        }
    }

    #[test]
    fn the_definition_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("c.toml");
        std::fs::write(
            &path,
            "normalize = 'nfkc'\nmin-letters = 3\nstrict = true\nlanguages = ['en', 'rus_Cyrl']\nmax-document = '1M'\n",
        )
        .unwrap();
        let path = path.display();
        let config = config(&format!("babelsift run in --out out --config {path} --normalize nfd --threads 3"));
        let want = Config {
            normalize: crate::config::Form::Nfd,
            min_letters: 3,
            strict: true,
            languages: "eng_Latn,ru".parse().unwrap(),
            max_document: crate::config::ByteSize(1 << 20),
            threads: 3,
            ..Config::default()
        };
        assert_eq!(config, want);
    }

    #[test]
    fn every_setting_is_a_flag_and_a_key() {
        let keys = serde_json::to_value(Config::default()).unwrap();
        let all = Config::augment_args_for_update(clap::Command::new("all"));
        let mut flags: Vec<&str> = all.get_arguments().filter_map(Arg::get_long).collect();
        let mut keys: Vec<&String> = keys.as_object().unwrap().keys().collect();
        flags.sort_unstable();
        keys.sort_unstable();
        assert_eq!(keys, flags);
        let mut known = settings("run").concat();
        known.sort_unstable();
        assert_eq!(known, flags, "run takes every setting");
    }

    #[test]
    fn useless_flags_are_refused() {
        let words = "babelsift identify --level 3".split(' ').map(OsString::from);
        let Err(Problem::Usage(error)) = parse(words) else { panic!("taken") };
        assert!(error.to_string().contains("--level means nothing to `babelsift identify`"), "{error}");
    }
}
