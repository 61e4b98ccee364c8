//! `identify`: a label and a score for each line.

use std::io::Write as _;

use serde_json::{Value, json};

use super::args::IdentifyArgs;
use super::filter::{self, LineFilter, rounded};
use super::object::Object;
use crate::config::Config;
use crate::lang::{Guess, Identify, IdentifyScratch, Label};
use crate::script::main_script;

/// How many labels `--jsonl` tells besides the best.
const ALTERNATIVES: usize = 3;

pub(super) fn run(args: &IdentifyArgs, config: &Config) -> anyhow::Result<u8> {
    let labeller = Labeller { identify: Identify::new(config)?, top: usize::from(args.top) };
    filter::run(&labeller, &args.filter, config)
}

struct Labeller {
    identify: Identify,
    top: usize,
}

#[derive(Default)]
struct State {
    ranked: Vec<(Label, f32)>,
    scratch: IdentifyScratch,
}

impl Labeller {
    fn guess(&self, text: &str, alternatives: usize, state: &mut State) -> Guess {
        let script = main_script(text);
        state.ranked.clear();
        if alternatives > 0 {
            self.identify.rank(text, script, &mut state.ranked);
        }
        self.identify.guess(text, script, &mut state.scratch)
    }
}

impl LineFilter for Labeller {
    type Scratch = State;

    fn text(&self, line: &str, state: &mut State, out: &mut Vec<u8>) {
        let guess = self.guess(line, self.top - 1, state);
        // Writing to memory does not fail.
        let _ = write!(out, "{}\t{:.4}", guess.label, guess.score);
        let others = state.ranked.iter().filter(|(label, _)| *label != guess.label);
        for (label, score) in others.take(self.top - 1) {
            let _ = write!(out, "\t{label}\t{score:.4}");
        }
        out.push(b'\n');
    }

    fn object(&self, object: &mut Object, state: &mut State) -> Result<(), String> {
        let alternatives = ALTERNATIVES.max(self.top - 1);
        let guess = self.guess(&object.text()?, alternatives, state);
        let others = state.ranked.iter().filter(|(label, _)| *label != guess.label);
        let others: Vec<Value> = others
            .take(ALTERNATIVES.max(self.top - 1))
            .map(|(label, score)| json!([label.to_string(), rounded(*score)]))
            .collect();
        object.set("label", &json!(guess.label.to_string()));
        object.set("score", &rounded(guess.score));
        object.set("alternatives", &json!(others));
        Ok(())
    }
}
