//! `segment`: the fragments of each line.

use std::io::Write as _;

use serde_json::{Value, json};

use super::args::FilterArgs;
use super::filter::{self, LineFilter, rounded};
use super::object::Object;
use crate::batch::Role;
use crate::config::Config;
use crate::lang::{Guess, Identify, IdentifyScratch};
use crate::script::{Run, Script};
use crate::segment::Segment;

pub(super) fn run(args: &FilterArgs, config: &Config) -> anyhow::Result<u8> {
    let segment = Segment::new(config.fragments, config.min_fragment);
    filter::run(&Segmenter { segment, identify: Identify::new(config)? }, args, config)
}

struct Segmenter {
    segment: Segment,
    identify: Identify,
}

#[derive(Default)]
struct State {
    runs: Vec<Run>,
    scratch: IdentifyScratch,
}

/// A fragment with its place in characters.
struct Found<'t> {
    start: usize,
    end: usize,
    text: &'t str,
    script: Script,
    guess: Guess,
}

impl Segmenter {
    fn fragments<'t>(&self, text: &'t str, state: &mut State) -> Vec<Found<'t>> {
        self.segment.fragments(text, &mut state.runs);
        let (mut found, mut start) = (Vec::with_capacity(state.runs.len()), 0);
        for run in &state.runs {
            let text = &text[run.start..run.end];
            let end = start + text.chars().count();
            let guess = self.identify.guess(text, run.script, &mut state.scratch);
            found.push(Found { start, end, text, script: run.script, guess });
            start = end;
        }
        found
    }
}

impl LineFilter for Segmenter {
    type Scratch = State;

    /// A line for each fragment and a blank line after the last.
    fn text(&self, line: &str, state: &mut State, out: &mut Vec<u8>) {
        for f in self.fragments(line, state) {
            // Writing to memory does not fail.
            let _ = writeln!(out, "{}-{}\t{}\t{:.4}\t{}", f.start, f.end, f.guess.label, f.guess.score, f.text);
        }
        out.push(b'\n');
    }

    fn object(&self, object: &mut Object, state: &mut State) -> Result<(), String> {
        let fragments: Vec<Value> = self
            .fragments(&object.text()?, state)
            .iter()
            .map(|f| {
                json!({
                    "start": f.start,
                    "end": f.end,
                    "label": f.guess.label.to_string(),
                    "script": f.script.code(),
                    "score": rounded(f.guess.score),
                    "role": Role::Content.name(),
                })
            })
            .collect();
        object.set("fragments", &json!(fragments));
        Ok(())
    }
}
