//! How fast the crates and babelsift are: processor time of one thread, rounds interleaved.

use std::hint::black_box;

use babelsift::config::Paragraphs;
use babelsift::decode::{Decode, Encoding};
use babelsift::stage::Stage as _;
use babelsift::{Batch, Scratch};

use crate::PEERS;
use crate::data::Data;

const ROUNDS: usize = 5;
/// Seconds of a round at least.
const SECONDS: f64 = 0.2;
/// Bytes of a whole document.
const DOCUMENT: usize = 4 << 20;

/// Does what it does to each of some documents.
type Run<'a> = Box<dyn FnMut(&[Vec<u8>]) + 'a>;

/// Prints the table: MB/s, the median of the rounds.
pub fn report(data: &Data) {
    let take = |wanted: &dyn Fn(&str) -> bool, of: usize| -> Vec<Vec<u8>> {
        let found = data.paragraphs.iter().filter(|p| wanted(&p.encoding)).map(|p| p.bytes.clone());
        let all: Vec<Vec<u8>> = found.collect();
        let step = all.len() / of;
        all.into_iter().step_by(step.max(1)).take(of).collect()
    };
    let web = |name: &str| {
        let encoding = encoding_of(name);
        encoding.is_ascii_compatible() && encoding != Encoding::UTF_8 && is_web(name)
    };
    let legacy = |name: &str| encoding_of(name).is_ascii_compatible() && encoding_of(name) != Encoding::UTF_8;
    let utf8 = take(&|name| name == "utf_8", 10_000);
    let ascii: Vec<Vec<u8>> = utf8.iter().map(|p| p.iter().copied().filter(u8::is_ascii).collect()).collect();
    let sets = [
        ("legacy paragraphs, WHATWG", take(&web, 1000)),
        ("legacy paragraphs, all", take(&legacy, 1000)),
        ("UTF-8, one document", vec![document(&utf8)]),
        ("ASCII, one document", vec![document(&ascii)]),
    ];
    println!("\nspeed: MB/s of processor time, one thread, median of {ROUNDS} interleaved rounds (slowest to fastest)");
    println!("\n| |{}", sets.iter().map(|(name, _)| format!(" {name} |")).collect::<String>());
    println!("|---|{}", "---|".repeat(sets.len()));
    let mut table: Vec<(&str, Vec<String>)> = runs().iter().map(|(name, _)| (*name, Vec::new())).collect();
    for (_, documents) in &sets {
        let mut runs = runs();
        let mut speeds = vec![Vec::new(); runs.len()];
        for _ in 0..ROUNDS {
            runs.iter_mut().zip(&mut speeds).for_each(|((_, run), speeds)| speeds.push(measure(run, documents)));
        }
        for ((_, cells), mut speeds) in table.iter_mut().zip(speeds) {
            speeds.sort_by(f64::total_cmp);
            let [low, middle, high] = [0, ROUNDS / 2, ROUNDS - 1].map(|i| number(speeds[i]));
            cells.push(format!("{middle} ({low} to {high})"));
        }
    }
    table.iter().for_each(|(name, cells)| println!("| {name} | {} |", cells.join(" | ")));
}

fn number(speed: f64) -> String {
    if speed < 100.0 { format!("{speed:.2}") } else { format!("{speed:.0}") }
}

fn encoding_of(name: &str) -> Encoding {
    Encoding::for_label(name).expect("a name of an encoding")
}

/// True for the encodings that a browser has.
fn is_web(name: &str) -> bool {
    let begins = ["cp125", "iso8859", "koi8", "gb", "big5", "cp93", "cp94", "cp950", "euc_", "cp866", "cp874"];
    begins.iter().any(|b| name.starts_with(b)) || ["mac_roman", "mac_cyrillic"].contains(&name)
}

/// Paragraphs as lines, repeated.
fn document(paragraphs: &[Vec<u8>]) -> Vec<u8> {
    let mut all = Vec::with_capacity(DOCUMENT + 2000);
    for paragraph in paragraphs.iter().cycle() {
        all.extend_from_slice(paragraph);
        all.push(b'\n');
        if all.len() > DOCUMENT {
            break;
        }
    }
    all
}

fn runs() -> Vec<(&'static str, Run<'static>)> {
    let mut runs: Vec<(&str, Run<'static>)> = Vec::new();
    let (mut batch, mut scratch) = (Batch::default(), Scratch::default());
    let stage = Decode::new(Paragraphs::Line);
    // Each paragraph is a document of its own, decoded to paragraphs of text.
    let ours = move |documents: &[Vec<u8>]| {
        for document in documents {
            batch.clear();
            batch.push_document(document);
            stage.run(&mut batch, &mut scratch);
            black_box(&batch.text);
        }
    };
    runs.push(("**babelsift**, decoded", Box::new(ours)));
    for (name, ask) in PEERS {
        runs.push((name, Box::new(move |documents| documents.iter().for_each(|d| drop(black_box(ask(black_box(d))))))));
    }
    let valid = |documents: &[Vec<u8>]| {
        for document in documents {
            black_box(simdutf8::basic::from_utf8(black_box(document)).is_ok());
        }
    };
    runs.push(("simdutf8, validated only", Box::new(valid)));
    runs
}

fn measure(run: &mut Run<'_>, documents: &[Vec<u8>]) -> f64 {
    let bytes: usize = documents.iter().map(Vec::len).sum();
    let (start, mut passes) = (now(), 0);
    while passes == 0 || now() - start < SECONDS {
        run(documents);
        passes += 1;
    }
    (bytes * passes) as f64 / 1e6 / (now() - start)
}

#[cfg(unix)]
fn now() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

#[cfg(not(unix))]
fn now() -> f64 {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed().as_secs_f64()
}
