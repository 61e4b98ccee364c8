//! `repair`: text to repaired and normalized text.

use super::args::FilterArgs;
use super::filter::{self, LineFilter};
use super::object::Object;
use crate::config::Config;
use crate::lang::Label;
use crate::repair::{Done, Profile, RepairScratch, repair_into};

pub(super) fn run(args: &FilterArgs, config: &Config) -> anyhow::Result<u8> {
    filter::run(&Repairer { profile: Profile::new(config)? }, args, config)
}

struct Repairer {
    profile: Profile,
}

impl Repairer {
    fn repair<'t>(&self, text: &'t str, label: Option<Label>, scratch: &'t mut RepairScratch) -> (&'t str, Done) {
        let done = repair_into(text, &self.profile, label, scratch);
        (if done.repairs.is_empty() { text } else { scratch.text() }, done)
    }
}

impl LineFilter for Repairer {
    type Scratch = RepairScratch;

    fn text(&self, line: &str, scratch: &mut RepairScratch, out: &mut Vec<u8>) {
        let (text, done) = self.repair(line, None, scratch);
        let start = out.len();
        out.extend_from_slice(text.as_bytes());
        // A line stays a line, whatever line ends were found inside.
        if !done.repairs.is_empty() {
            out[start..].iter_mut().filter(|byte| **byte == b'\n').for_each(|byte| *byte = b' ');
        }
        out.push(b'\n');
    }

    fn object(&self, object: &mut Object, scratch: &mut RepairScratch) -> Result<(), String> {
        let (text, surrogates) = object.text_and_surrogates()?;
        // Only JSON has them, so no repair of strings can see them.
        let surrogates = (surrogates > 0).then_some("surrogates");
        // A label that we do not know is no reason to leave the text as it is.
        let label = object.string("label").and_then(|name| name.parse().ok());
        let (text, done) = self.repair(&text, label, scratch);
        object.set("text", &text);
        object.set("repairs", &surrogates.into_iter().chain(done.repairs.names()).collect::<Vec<_>>());
        if !done.flagged.is_empty() {
            object.set("flags", &done.flagged.names().collect::<Vec<_>>());
        }
        Ok(())
    }
}
