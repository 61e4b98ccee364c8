//! Peak memory of runs over inputs of different sizes, each in a process of its own.

use std::path::Path;
use std::process::Command;

use babelsift::Config;

use crate::clock;
use crate::input::{Inputs, web_archive};

/// Prints the peak memory for inputs of so many MB.
pub fn table(inputs: &Inputs, folder: &Path, sizes: &[usize]) {
    if clock::peak_kib().is_none() {
        println!("\npeak memory: skipped, this system does not tell it in /proc");
        return;
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    println!("\npeak memory of a run, {threads} threads");
    println!("| input | MB of input | peak MiB |");
    println!("|---|---|---|");
    for input in [&inputs.text, &inputs.jsonl] {
        for &mb in sizes {
            let (file, out) = (input.repeated(mb, folder), folder.join("memory"));
            println!("| {} | {mb} | {} |", input.name, peak_of_a_child(&file, &out));
        }
    }
}

/// Prints the peak memory for a web archive that unpacks to so many MB, which is made.
pub fn archive(inputs: &Inputs, folder: &Path, mb: usize) {
    let file = web_archive(&inputs.text.path, mb, folder);
    let out = folder.join("memory");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (packed, peak) = (std::fs::metadata(&file).unwrap().len() / 1_000_000, peak_of_a_child(&file, &out));
    let most = 64 * threads + 64;
    println!(
        "\nweb archive of {mb} MB in {packed} MB of gzip, {threads} threads: peak {peak} MiB of {most} MiB that are allowed"
    );
    assert!(peak.parse::<f64>().unwrap() < most as f64);
}

/// A run in a process of its own: its peak in MiB.
fn peak_of_a_child(file: &Path, out: &Path) -> String {
    let child = Command::new(std::env::current_exe().unwrap()).arg("child").args([file, out]).output().unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
    std::fs::remove_dir_all(out).unwrap();
    std::fs::remove_file(file).unwrap();
    String::from_utf8_lossy(&child.stdout).trim().to_owned()
}

/// In the child: a run with the default settings, then its peak memory.
pub fn child(input: &Path, out: &Path) {
    crate::run_over(input, out, &Config::default());
    let peak = clock::peak_kib().expect("the parent saw that the system tells it");
    println!("{:.1}", peak as f64 / 1024.0);
}
