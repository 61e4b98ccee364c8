//! `segment`: the fragments of each line.

use std::io::Write as _;

use serde_json::{Value, json};

use super::args::FilterArgs;
use super::filter::{self, LineFilter, rounded};
use super::object::Object;
use crate::batch::Role;
use crate::config::Config;
use crate::segment::{Fragment, Segmenter};
use crate::stage::Scratch;

pub(super) fn run(args: &FilterArgs, config: &Config) -> anyhow::Result<u8> {
    filter::run(&Segmenter::new(config)?, args, config)
}

#[derive(Default)]
pub(super) struct State {
    scratch: Scratch,
    found: Vec<Fragment>,
}

/// Its fragments with their places in characters.
fn places<'a>(text: &'a str, found: &'a [Fragment]) -> impl Iterator<Item = (&'a Fragment, usize, usize, &'a str)> {
    let mut end = 0;
    found.iter().map(move |fragment| {
        let (own, start) = (&text[fragment.range.clone()], end);
        end += own.chars().count();
        (fragment, start, end, own)
    })
}

impl LineFilter for Segmenter {
    type Scratch = State;

    /// A line for each fragment and a blank line after the last.
    fn text(&self, line: &str, state: &mut State, out: &mut Vec<u8>) {
        self.fragments(line, &mut state.scratch, &mut state.found);
        for (f, start, end, own) in places(line, &state.found) {
            // Writing to memory does not fail.
            let _ = writeln!(out, "{start}-{end}\t{}\t{:.4}\t{own}", f.label, f.score);
        }
        out.push(b'\n');
    }

    fn object(&self, object: &mut Object, state: &mut State) -> Result<(), String> {
        let text = object.text()?;
        self.fragments(&text, &mut state.scratch, &mut state.found);
        let fragments: Vec<Value> = places(&text, &state.found)
            .map(|(f, start, end, _)| {
                json!({
                    "start": start,
                    "end": end,
                    "label": f.label.to_string(),
                    "script": f.script.code(),
                    "score": rounded(f.score),
                    "role": Role::Content.name(),
                })
            })
            .collect();
        object.set("fragments", &json!(fragments));
        Ok(())
    }
}
