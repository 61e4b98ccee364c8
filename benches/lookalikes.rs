//! How many look-alike letters are repaired, how many legitimate words stay, and what changes in clean text.
//!
//! With `BABELSIFT_DATA`, a folder that holds `segment/homoglyph_dev.tsv` (input, expected, class, note) and
//! `language/dev.tsv` (label, text, source).
#![allow(clippy::unwrap_used, reason = "a benchmark stops at the first surprise")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it prints its tables")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use babelsift::repair::{Profile, Setting, repair};

fn main() {
    let Some(data) = std::env::var_os("BABELSIFT_DATA").map(PathBuf::from) else {
        return eprintln!("BABELSIFT_DATA is not set: nothing to measure");
    };
    let alone = Profile::none().with("lookalikes", Setting::On).unwrap();
    let without = Profile::standard().with("lookalikes", Setting::Off).unwrap();
    let words = std::fs::read_to_string(data.join("segment/homoglyph_dev.tsv")).unwrap();
    let mut classes: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    for row in words.lines().skip(1) {
        let &[input, expected, class, note] = &row.split('\t').collect::<Vec<_>>()[..] else { continue };
        let counts = classes.entry(class).or_default();
        counts[0] += 1;
        // The profile repairs other things as well, in what is expected too.
        let by_profile = repair(input, &Profile::standard()) == repair(expected, &without);
        counts[1] += usize::from(by_profile);
        let by_itself = repair(input, &alone) == expected;
        counts[2] += usize::from(by_itself);
        if !by_itself || !by_profile {
            println!("not as expected: {class}, {note}: {input}");
        }
    }
    println!("| class | rows | right, standard | right, lookalikes alone |\n|---|---|---|---|");
    for (class, [all, by_profile, by_itself]) in classes {
        let share = |n: usize| n as f64 / all as f64;
        println!("| {class} | {all} | {:.3} | {:.3} |", share(by_profile), share(by_itself));
    }
    let clean = std::fs::read_to_string(data.join("language/dev.tsv")).unwrap();
    let lines = clean.lines().filter_map(|line| line.split('\t').nth(1));
    let changed = |profile: &Profile| lines.clone().filter(|l| repair(l, profile) != *l).count();
    let all = lines.clone().count();
    let conservative = Profile::none().with("lookalikes", Setting::Flag).unwrap();
    println!("clean lines changed: {} of {all}, {} where it is on", changed(&conservative), changed(&alone));
}
