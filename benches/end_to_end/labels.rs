//! Many corpora at once: memory and speed of a sink that gets the same records for one label and for hundreds.

use std::path::Path;
use std::process::Command;

use babelsift::Config;
use babelsift::lang::{Identify, Label};
use babelsift::sink::{Encoded, Id, Packer, Shards, Sink, Target};
use rayon::prelude::*;

use crate::clock;
use crate::input::Inputs;

/// Numbers of labels that are compared.
const LABELS: [usize; 3] = [1, 40, 400];
/// Bytes of a batch.
const BATCH: usize = 1 << 20;
/// Threads that compress.
const THREADS: usize = 2;

/// Prints the table for so many MB of records, each measurement in a process of its own.
pub fn table(inputs: &Inputs, folder: &Path, mb: usize, rounds: usize) {
    println!("\nappend, compress and write {mb} MB of records, {THREADS} threads, median of {rounds}, {}", clock::KIND);
    println!("| labels | peak MiB | MB/s | of the speed with one |");
    println!("|---|---|---|---|");
    let file = inputs.jsonl.repeated(mb, folder);
    let mut measured = LABELS.map(|_| (Vec::new(), Vec::new()));
    for _ in 0..rounds {
        for (labels, (peaks, seconds)) in LABELS.iter().zip(&mut measured) {
            let out = folder.join("labels");
            let child = Command::new(std::env::current_exe().unwrap())
                .args(["child-labels", &labels.to_string()])
                .args([&file, &out])
                .output()
                .unwrap();
            assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
            let told = String::from_utf8(child.stdout).unwrap();
            let mut words = told.split_whitespace().map(|w| w.parse::<f64>().unwrap());
            peaks.push(words.next().unwrap());
            seconds.push(words.next().unwrap());
            std::fs::remove_dir_all(&out).unwrap();
        }
    }
    std::fs::remove_file(&file).unwrap();
    let one = clock::median(&measured[0].1);
    for (labels, (peaks, seconds)) in LABELS.iter().zip(&measured) {
        let (peak, seconds) = (clock::median(peaks), clock::median(seconds));
        println!("| {labels} | {peak:.0} | {:.0} | {:.2} |", mb as f64 / seconds, one / seconds);
    }
}

/// In the child: the lines of a file as records of so many labels in turn; peak memory and seconds.
pub fn child(labels: usize, input: &Path, out: &Path) {
    let config = Config::default();
    let known: Vec<Label> = Identify::new(&config).unwrap().engine().labels().iter().copied().take(labels).collect();
    assert_eq!(known.len(), labels);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(THREADS).build().unwrap();
    let mut reader = std::io::BufReader::new(std::fs::File::open(input).unwrap());
    let start = clock::now();
    let (mut shards, packer) = (Shards::new(out, &config), Packer::new(&config));
    let (mut encoded, mut blocks, mut record) = (Encoded::default(), Vec::new(), 0);
    loop {
        encoded.bytes.clear();
        encoded.records.clear();
        while encoded.bytes.len() < BATCH
            && std::io::BufRead::read_until(&mut reader, b'\n', &mut encoded.bytes).unwrap() > 0
        {
            encoded.records.push((Target::Label(known[record % labels]), encoded.bytes.len(), Id::default()));
            record += 1;
        }
        let end = encoded.records.is_empty();
        if end {
            shards.flush(&mut blocks);
        } else {
            shards.append(&encoded, &mut blocks);
        }
        let packed: Vec<_> = pool.install(|| blocks.par_drain(..).map(|b| packer.pack(b).unwrap()).collect());
        packed.into_iter().for_each(|block| shards.write(block).unwrap());
        if end {
            break;
        }
    }
    shards.finish().unwrap();
    let peak = clock::peak_kib().unwrap_or_default();
    println!("{:.1} {:.3}", peak as f64 / 1024.0, clock::now() - start);
}
