//! `segment`: the fragments of each line.

use std::io::Write as _;

use serde_json::{Value, json};

use super::args::FilterArgs;
use super::filter::{self, LineFilter, rounded};
use super::object::Object;
use crate::batch::Role;
use crate::config::Config;
use crate::lang::{Guess, Identify, IdentifyScratch};
use crate::role::{Part, divide};
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
    role: Role,
}

impl Segmenter {
    fn fragments<'t>(&self, text: &'t str, state: &mut State) -> Vec<Found<'t>> {
        self.segment.fragments(text, &mut state.runs);
        let (mut parts, mut labelled) = (Vec::new(), Vec::new());
        for run in &state.runs {
            let guess = self.identify.guess(&text[run.start..run.end], run.script, &mut state.scratch);
            parts.push(Part { range: run.start..run.end, label: guess.label, score: guess.score });
            labelled.push((run.script, guess));
        }
        let mut start = 0;
        let found = divide(text, &parts).into_iter().map(|(range, part, role)| {
            let text = &text[range];
            let end = start + text.chars().count();
            let (script, guess) = labelled[part];
            let found = Found { start, end, text, script, guess, role };
            start = end;
            found
        });
        found.collect()
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
                    "role": f.role.name(),
                })
            })
            .collect();
        object.set("fragments", &json!(fragments));
        Ok(())
    }
}
