//! `repair`: text to repaired and normalized text.

use super::args::FilterArgs;
use super::filter::{self, LineFilter};
use super::object::Object;
use crate::config::Config;
use crate::repair::{Options, RepairScratch, Repairs, repair_into};

pub(super) fn run(args: &FilterArgs, config: &Config) -> anyhow::Result<u8> {
    let options = Options::new(config)?;
    filter::run(&Repairer { options }, args, config)
}

struct Repairer {
    options: Options,
}

impl Repairer {
    fn repair<'t>(&self, text: &'t str, scratch: &'t mut RepairScratch) -> (&'t str, Repairs) {
        let done = repair_into(text, &self.options, scratch);
        (if done.is_empty() { text } else { scratch.text() }, done)
    }
}

impl LineFilter for Repairer {
    type Scratch = RepairScratch;

    fn text(&self, line: &str, scratch: &mut RepairScratch, out: &mut Vec<u8>) {
        let (text, _) = self.repair(line, scratch);
        // A line stays a line, whatever line ends were found inside.
        out.extend(text.bytes().map(|b| if b == b'\n' { b' ' } else { b }));
        out.push(b'\n');
    }

    fn object(&self, object: &mut Object, scratch: &mut RepairScratch) -> Result<(), String> {
        let text = object.text()?;
        let (text, done) = self.repair(&text, scratch);
        object.set("text", &text);
        object.set("repairs", &done.names().collect::<Vec<_>>());
        Ok(())
    }
}
