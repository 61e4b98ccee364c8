//! Rust crates and CLD2 on the lines that `cargo bench --bench identify -- texts DIR` writes.
//!
//! `answer PEER DIR OUT` writes `OUT/PEER/*.tsv`; `speed PEER DIR` prints MB/s on lines and on paragraphs; `start PEER DIR`
//! prints the milliseconds of the first answer and the MiB of 1000. `benches/peers/run` calls it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::hint::black_box;
use std::path::Path;

use cld2::{Format, Hints, Reliable, detect_language_ext};

/// A code and a score.
type Ask = fn(&str) -> (String, f64);

const PEERS: [(&str, Ask); 2] = [("whichlang", whichlang), ("cld2", cld2)];

fn whichlang(text: &str) -> (String, f64) {
    // It has no score.
    (whichlang::detect_language(text).three_letter_code().to_owned(), 1.0)
}

fn cld2(text: &str) -> (String, f64) {
    thread_local!(static PADDED: RefCell<String> = const { RefCell::new(String::new()) });
    // It reads beyond the end of a text, and crashed here before there was something to read.
    let found = PADDED.with_borrow_mut(|padded| {
        padded.clear();
        padded.push_str(text);
        padded.push_str("                                ");
        detect_language_ext(&padded[..text.len()], Format::Text, &Hints::default())
    });
    let best = found.scores[0];
    let sure = f64::from(best.percent) / if found.reliability == Reliable { 100.0 } else { 1000.0 };
    // Where it calls its best guess too weak, the guess is taken.
    (best.language.or(found.language).map_or("und", |l| l.0).to_owned(), sure)
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let ask = |peer: &str| PEERS.iter().find(|(name, _)| *name == peer).expect("whichlang or cld2").1;
    match words[..] {
        ["list"] => PEERS.iter().for_each(|(name, _)| println!("{name}")),
        ["answer", peer, texts, out] => answer(ask(peer), Path::new(texts), &Path::new(out).join(peer)),
        ["speed", peer, texts] => {
            let speeds = ["lines", "paragraphs"].map(|set| speed(ask(peer), &read(Path::new(texts), set)));
            println!("{peer}\t{:.4}\t{:.4}", speeds[0], speeds[1]);
        }
        ["start", peer, texts] => start(ask(peer), Path::new(texts)),
        _ => panic!("list, answer PEER DIR OUT, speed PEER DIR or start PEER DIR"),
    }
}

fn read(texts: &Path, set: &str) -> Vec<String> {
    let all = fs::read_to_string(texts.join(set).with_extension("txt")).expect("the lines of a set");
    all.split_terminator('\n').map(str::to_owned).collect()
}

fn answer(ask: Ask, texts: &Path, out: &Path) {
    let table = include_str!("../../codes.txt").lines().filter(|l| !l.starts_with('#'));
    let codes: HashMap<&str, &str> = table.flat_map(|l| l.split('|')).filter_map(|pair| pair.split_once(' ')).collect();
    fs::create_dir_all(out).expect("a folder for the answers");
    for set in ["dev", "unseen", "noise", "words"] {
        let lines = read(texts, set);
        let line = |text: &String| {
            let (code, score) = ask(text);
            format!("{}\t{score:.4}\n", codes.get(code.as_str()).unwrap_or(&code.as_str()))
        };
        fs::write(out.join(set).with_extension("tsv"), lines.iter().map(line).collect::<String>()).expect("written");
    }
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

/// MB/s of processor time, over 0.2 seconds at least, after a warm-up.
fn speed(ask: Ask, lines: &[String]) -> f64 {
    let bytes: usize = lines.iter().map(String::len).sum();
    let pass = || lines.iter().for_each(|l| drop(black_box(ask(l))));
    pass();
    let (start, mut passes) = (now(), 0);
    while now() - start < 0.2 {
        pass();
        passes += 1;
    }
    (bytes * passes) as f64 / 1e6 / (now() - start)
}

fn start(ask: Ask, texts: &Path) {
    let (before, start) = (resident_kib(), now());
    black_box(ask("The first line that an engine is asked about takes as long as getting ready does."));
    println!("{:.3}", (now() - start) * 1e3);
    for line in read(texts, "lines").iter().step_by(4).take(1000) {
        black_box(ask(line));
    }
    println!("{:.2}", resident_kib().saturating_sub(before) as f64 / 1024.0);
}

fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse().unwrap_or(0)
}
