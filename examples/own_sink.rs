//! A sink of one's own: threads work on batches, and what they make is written in the order of the input, here as a table
//! of label, file, record and text. A database, a queue or a tokenizer takes the place of the table.
//!
//! `cargo run --release --example own_sink -- corpus/web > table.tsv`

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use babelsift::batch::Verdict;
use babelsift::source::{Input, Inputs, expand};
use babelsift::{Batch, Config, Pipeline, Scratch};

const WORKERS: usize = 4;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let config = Config::default();
    let pipeline = Pipeline::new(&config)?;
    let words: Vec<String> = std::env::args().skip(1).collect();
    let inputs = expand(&words)?;
    // One reader gives out numbered batches; whoever is free takes the next.
    let reader = Mutex::new((Inputs::new(&inputs, &config, Arc::default())?, 0u64));
    let (send, made) = mpsc::sync_channel(2 * WORKERS);
    thread::scope(|scope| {
        let work = || {
            let (send, reader, pipeline, inputs) = (send.clone(), &reader, &pipeline, &inputs);
            scope.spawn(move || -> Result<(), Failure> {
                let (mut batch, mut scratch) = (Batch::default(), Scratch::default());
                loop {
                    let number = {
                        let mut reader = reader.lock().map_err(|_| "another worker failed")?;
                        if !reader.0.fill(&mut batch)? {
                            return Ok(());
                        }
                        reader.1 += 1;
                        reader.1 - 1
                    };
                    pipeline.apply(&mut batch, &mut scratch);
                    if send.send((number, rows(&batch, inputs))).is_err() {
                        return Ok(());
                    }
                }
            })
        };
        let workers: Vec<_> = (0..WORKERS).map(|_| work()).collect();
        drop(send);
        let written = in_order(made, &mut io::stdout().lock());
        // A table that ends where a worker failed is not whole, so its failure is that of the program.
        for worker in workers {
            worker.join().map_err(|_| "a worker panicked")??;
        }
        Ok(written?)
    })
}

/// Writes what workers made as if one of them had made it all.
fn in_order(made: mpsc::Receiver<(u64, String)>, out: &mut impl Write) -> io::Result<()> {
    let (mut waiting, mut next) = (BTreeMap::new(), 0);
    for (number, rows) in made {
        waiting.insert(number, rows);
        while let Some(rows) = waiting.remove(&next) {
            out.write_all(rows.as_bytes())?;
            next += 1;
        }
    }
    Ok(())
}

/// A row for each fragment that is kept.
fn rows(batch: &Batch, inputs: &[Input]) -> String {
    let mut out = String::new();
    for document in &batch.documents {
        let name = &inputs[document.input as usize].name;
        for paragraph in batch.paragraphs_of(document) {
            for fragment in batch.fragments_of(paragraph).iter().filter(|f| f.verdict == Verdict::Keep) {
                let text = batch.fragment_text(fragment).trim().replace(['\t', '\n'], " ");
                out.push_str(&format!("{}\t{name}\t{}\t{text}\n", fragment.guess.label, document.record));
            }
        }
    }
    out
}
