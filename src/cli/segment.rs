//! `segment`: the fragments of each line.

use std::io::Write as _;

use serde_json::{Value, json};

use super::args::FilterArgs;
use super::filter::{self, LineFilter, rounded};
use super::object::Object;
use crate::batch::Role;
use crate::config::Config;
use crate::role::{Part, divide};
use crate::segment::{Fragment, Segmenter};
use crate::stage::Scratch;

pub(super) fn run(args: &FilterArgs, config: &Config) -> anyhow::Result<u8> {
    filter::run(&Segmenter::new(config)?, args, config)
}

#[derive(Default)]
pub(super) struct State {
    scratch: Scratch,
    found: Vec<Fragment>,
    parts: Vec<Part>,
}

/// A fragment with its place in characters and its role.
struct Found<'t> {
    start: usize,
    end: usize,
    text: &'t str,
    fragment: &'t Fragment,
    role: Role,
}

/// The fragments of a line, divided further where roles change.
fn fragments<'t>(segmenter: &Segmenter, line: &'t str, state: &'t mut State) -> impl Iterator<Item = Found<'t>> {
    let State { scratch, found, parts } = state;
    segmenter.fragments(line, scratch, found);
    parts.clear();
    parts.extend(found.iter().map(|f| Part { range: f.range.clone(), label: f.label, score: f.score }));
    let (mut end, found) = (0, &*found);
    divide(line, parts).into_iter().map(move |(range, part, role)| {
        let (text, start) = (&line[range], end);
        end += text.chars().count();
        Found { start, end, text, fragment: &found[part], role }
    })
}

impl LineFilter for Segmenter {
    type Scratch = State;

    /// A line for each fragment and a blank line after the last.
    fn text(&self, line: &str, state: &mut State, out: &mut Vec<u8>) {
        for Found { start, end, text, fragment, .. } in fragments(self, line, state) {
            // Writing to memory does not fail.
            let _ = writeln!(out, "{start}-{end}\t{}\t{:.4}\t{text}", fragment.label, fragment.score);
        }
        out.push(b'\n');
    }

    fn object(&self, object: &mut Object, state: &mut State) -> Result<(), String> {
        let text = object.text()?;
        let found: Vec<Value> = fragments(self, &text, state)
            .map(|Found { start, end, fragment, role, .. }| {
                json!({
                    "start": start,
                    "end": end,
                    "label": fragment.label.to_string(),
                    "script": fragment.script.code(),
                    "score": rounded(fragment.score),
                    "role": role.name(),
                })
            })
            .collect();
        object.set("fragments", &json!(found));
        Ok(())
    }
}
