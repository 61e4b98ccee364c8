//! `languages`: what the identifier can answer.

use std::io::Write as _;

use serde_json::json;

use super::DONE;
use super::args::LanguagesArgs;
use super::console::output;
use crate::config::Config;
use crate::lang::Identify;

pub(super) fn run(args: &LanguagesArgs, config: &Config) -> anyhow::Result<u8> {
    let identify = Identify::new(config)?;
    let mut out = output();
    for label in identify.engine().labels() {
        let (name, autonym, whole) = label.info().map_or(("", "", ""), |i| (i.name, i.autonym, i.macrolanguage));
        if args.json {
            let (language, script) = (label.language(), label.script.code());
            let line = json!({
                "label": label.to_string(), "language": language, "script": script, "name": name, "autonym": autonym,
                "bcp47": label.bcp47(), "macrolanguage": whole,
            });
            writeln!(out, "{line}")?;
        } else {
            writeln!(out, "{label}\t{name}\t{autonym}")?;
        }
    }
    out.flush()?;
    Ok(DONE)
}
