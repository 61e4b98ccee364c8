//! The time to the first answer and the memory of an engine, in fresh processes.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::clock;
use crate::contender::{Contender, Memory};
use crate::sets::Sets;
use crate::speed;
use crate::table;

/// Answers after which memory is measured.
const ANSWERS: usize = 1000;
const FIRST: &str = "The first line that an engine is asked about takes as long as getting ready does.";

/// Prints the table. The processes are this program again, with `child ENGINE FILE`.
pub fn report(contenders: &[Contender], sets: &Sets, rounds: usize) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("lines.txt");
    let lines = speed::texts(sets).swap_remove(0).texts;
    let step = (lines.len() / ANSWERS).max(1);
    std::fs::write(&file, lines.iter().step_by(step).map(|l| format!("{l}\n")).collect::<String>()).unwrap();
    println!("\nfirst answer: median of {rounds} processes; memory: growth from the start to after {ANSWERS} answers");
    table::head(&["engine", "first answer, ms from process start", "of these in the engine, processor ms", "MiB"]);
    let mut seen = vec![Vec::new(); contenders.len()];
    for _ in 0..rounds {
        for (contender, seen) in contenders.iter().zip(&mut seen) {
            seen.push(one(&contender.name, &file));
        }
    }
    for (contender, seen) in contenders.iter().zip(&seen) {
        let middle = |i: usize| clock::median(&seen.iter().map(|s| s[i]).collect::<Vec<f64>>());
        let cells = [format!("{:.1}", middle(0)), format!("{:.2}", middle(1)), format!("{:.1}", middle(2))];
        table::row(&[vec![contender.name.clone()], cells.to_vec()].concat());
    }
}

/// Milliseconds to the first answer, those of the engine, MiB.
fn one(name: &str, file: &Path) -> [f64; 3] {
    let mut command = Command::new(std::env::current_exe().unwrap());
    let start = Instant::now();
    let mut child = command.args(["child", name]).arg(file).stdout(Stdio::piped()).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || -> f64 { out.next().unwrap().unwrap().parse().unwrap() };
    let engine = next();
    let wall = start.elapsed().as_secs_f64() * 1e3;
    let mib = next();
    assert!(child.wait().unwrap().success(), "{name} failed");
    [wall, engine, mib]
}

/// In the child: opens the engine, answers, tells.
pub fn child(name: &str, file: &Path) {
    let before = resident_kib();
    let start = clock::now();
    let contender = Contender::open(name, None).unwrap();
    let mut memory = Memory::default();
    std::hint::black_box(contender.guess(FIRST, &mut memory));
    println!("{:.3}", (clock::now() - start) * 1e3);
    std::io::stdout().flush().unwrap();
    let lines = BufReader::new(std::fs::File::open(file).unwrap()).lines();
    for line in lines.take(ANSWERS) {
        std::hint::black_box(contender.guess(&line.unwrap(), &mut memory));
    }
    println!("{:.2}", resident_kib().saturating_sub(before) as f64 / 1024.0);
}

/// Memory of this process now, in KiB; 0 where the system does not tell it in /proc.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse().unwrap_or(0)
}
