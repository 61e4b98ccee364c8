//! `segment`: the fragments of each line.

use std::io::Write as _;

use serde_json::{Value, json};

use super::args::FilterArgs;
use super::filter::{self, LineFilter, rounded};
use super::object::Object;
use crate::batch::{Role, Verdict};
use crate::config::{Config, Fragments};
use crate::reason::Reason;
use crate::role::{Part, divide};
use crate::segment::{Fragment, Segmenter};
use crate::stage::Scratch;

pub(super) fn run(args: &FilterArgs, config: &Config) -> anyhow::Result<u8> {
    let drops = config.fragments == Fragments::Drop;
    filter::run(&Filter { segmenter: Segmenter::new(config)?, drops }, args, config)
}

struct Filter {
    segmenter: Segmenter,
    /// What is foreign to its line goes to the rejects.
    drops: bool,
}

impl Filter {
    /// What becomes of a fragment, where that is asked for.
    fn verdict(&self, fragment: &Fragment) -> Option<Verdict> {
        let own = if fragment.foreign { Verdict::Drop(Reason::Foreign) } else { Verdict::Keep };
        self.drops.then_some(own)
    }
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

impl LineFilter for Filter {
    type Scratch = State;

    /// A line for each fragment that stays and a blank line after the last.
    fn text(&self, line: &str, state: &mut State, out: &mut Vec<u8>) {
        for Found { start, end, text, fragment, .. } in fragments(&self.segmenter, line, state) {
            if let Some(Verdict::Drop(_)) = self.verdict(fragment) {
                continue;
            }
            // Writing to memory does not fail.
            let _ = writeln!(out, "{start}-{end}\t{}\t{:.4}\t{text}", fragment.label, fragment.score);
        }
        out.push(b'\n');
    }

    fn object(&self, object: &mut Object, state: &mut State) -> Result<(), String> {
        let text = object.text()?;
        let found: Vec<Value> = fragments(&self.segmenter, &text, state)
            .map(|Found { start, end, fragment, role, .. }| {
                let mut own = json!({
                    "start": start,
                    "end": end,
                    "label": fragment.label.to_string(),
                    "script": fragment.script.code(),
                    "score": rounded(fragment.score),
                    "role": role.name(),
                });
                match self.verdict(fragment) {
                    Some(Verdict::Drop(reason)) => {
                        (own["verdict"], own["reason"]) = ("drop".into(), reason.name().into())
                    }
                    Some(Verdict::Keep) => own["verdict"] = "keep".into(),
                    None => {}
                }
                own
            })
            .collect();
        object.set("fragments", &json!(found));
        Ok(())
    }
}
