//! `run --dry-run`: what a run would read, and where it would write.

use std::io::Write as _;

use super::DONE;
use super::args::RunArgs;
use super::console::{Console, output, size};
use crate::Pipeline;
use crate::config::Config;
use crate::sink::{Existing, may_be_made, sink_row};
use crate::source::{Input, Outlook, Share, outlook};

pub(super) fn dry_run(
    inputs: &[Input],
    share: &Share,
    args: &RunArgs,
    config: &Config,
    console: &Console,
) -> anyhow::Result<u8> {
    let inputs = &inputs[share.inputs.clone()];
    // Settings that a run would refuse are refused.
    Pipeline::new(config)?;
    let looks = outlook(inputs, config)?;
    let mut out = output();
    for (input, look) in inputs.iter().zip(&looks) {
        let told = match look {
            Outlook::Read(layers) => layers.join(" "),
            Outlook::Stream => "recognised when it is read".to_owned(),
            Outlook::Excluded => "excluded".to_owned(),
            Outlook::Unreadable(why) => format!("unreadable: {why}"),
        };
        writeln!(out, "{}\t{}\t{told}", input.name, input.size())?;
    }
    out.flush()?;
    let read = |look: &Outlook| matches!(look, Outlook::Read(_) | Outlook::Stream);
    let count = looks.iter().filter(|look| read(look)).count();
    let bytes = inputs.iter().zip(&looks).filter(|(_, look)| read(look)).map(|(input, _)| input.size()).sum();
    console.say(&format!("{count} of {} inputs would be read, {} on disk", inputs.len(), size(bytes)));
    if share.from > 0 {
        console.say(&format!("of the first without the {} that earlier shards read", size(share.from)));
    }
    if let Some(until) = share.until {
        console.say(&format!("of the last the first {}, unpacked; later shards read the rest", size(until)));
    }
    let (row, shown) = (sink_row(config.format), args.out.display());
    console.say(&format!("corpora would go to {shown}/data/<label>/*.{}, the rest to {shown}/rejects", row.ending));
    let existing = if args.overwrite || args.resume { Existing::Overwrite } else { Existing::Refuse };
    may_be_made(&args.out, existing)?;
    console.say("nothing was written");
    Ok(DONE)
}
