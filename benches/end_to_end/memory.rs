//! Peak memory of runs over inputs of different sizes, each in a process of its own.

use std::path::Path;
use std::process::Command;

use babelsift::Config;

use crate::clock;
use crate::input::Inputs;

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
    for input in inputs.both() {
        for &mb in sizes {
            let (file, out) = (input.repeated(mb, folder), folder.join("memory"));
            let child = Command::new(std::env::current_exe().unwrap()).arg("child").args([&file, &out]).output();
            let child = child.unwrap();
            assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
            println!("| {} | {mb} | {} |", input.name, String::from_utf8_lossy(&child.stdout).trim());
            std::fs::remove_dir_all(&out).unwrap();
            std::fs::remove_file(&file).unwrap();
        }
    }
}

/// In the child: a run with the default settings, then its peak memory.
pub fn child(input: &Path, out: &Path) {
    crate::run_over(input, out, &Config::default());
    let peak = clock::peak_kib().expect("the parent saw that the system tells it");
    println!("{:.1}", peak as f64 / 1024.0);
}
