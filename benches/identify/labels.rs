//! `docs/languages.md`: every label of an engine, and how well it is told.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use babelsift::lang::Label;

use crate::contender::Contender;
use crate::score::{Counts, Gold, Scored, counts, percent};
use crate::sets::{Entry, Set, Sets};

const FILE: &str = "docs/languages.md";

const HEAD: &str = "| label | language | autonym | script | macro-language | BCP 47 | dev lines | precision | recall | \
    F1 | F1, held out | F1, other sources | taken for |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n";

/// Writes the file.
pub fn write(contender: &Contender, sets: &Sets) {
    let gold = sets.lines(Set::Dev);
    let entry = Entry::ask(contender, sets, &[Set::Dev]);
    let scored = entry.answers(Set::Dev).map(|answers| Scored::new(gold, answers));
    let told = Told::new(scored.as_ref());
    let labels = contender.identify.engine().labels();
    let name = &contender.name;
    let mut page = format!(
        "<!-- Written by `cargo bench --bench identify -- labels --engines {name}`, do not edit. -->\n\n\
         # Languages\n\nThe {} labels of the engine `{name}`, as `babelsift languages --identifier {name}` lists them.",
        labels.len()
    );
    page.push_str(if gold.is_empty() {
        "\nNothing was measured: `BABELSIFT_DATA` was not set.\n\n"
    } else {
        "\nPrecision, recall and F1 are in percent, measured line by line over all lines of `dev.tsv`: also over those\nin \
         languages that the engine does not know, which cost precision. *Held out*: lines of sources that training\ntext was \
         taken from. *Taken for*: the two most frequent wrong answers, *none* being no answer.\n\n"
    });
    page.push_str(HEAD);
    for label in labels {
        row(*label, &told, &mut page);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, page).unwrap();
    println!("{FILE}: {} labels of {name}", labels.len());
}

/// What is known of each label.
struct Told<'a> {
    all: BTreeMap<&'a str, Counts>,
    held_out: BTreeMap<&'a str, Counts>,
    others: BTreeMap<&'a str, Counts>,
    wrong: BTreeMap<&'a str, BTreeMap<&'a str, usize>>,
}

impl<'a> Told<'a> {
    fn new(scored: Option<&Scored<'a>>) -> Self {
        let count = |of: fn(&Gold) -> bool| {
            let lines = scored.into_iter().flat_map(Scored::exact);
            counts(lines.filter(|(gold, _)| of(gold)).map(|(_, pair)| pair))
        };
        let mut wrong: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
        for (_, (gold, said)) in scored.into_iter().flat_map(Scored::exact).filter(|(_, (gold, said))| gold != said) {
            *wrong.entry(gold).or_default().entry(said).or_default() += 1;
        }
        let held_out = count(|g| g.source.ends_with("-heldout"));
        let others = count(|g| !g.source.ends_with("-heldout"));
        Self { all: count(|_| true), held_out, others, wrong }
    }

    /// The two most frequent wrong answers.
    fn taken_for(&self, label: &str) -> String {
        let Some(wrong) = self.wrong.get(label) else { return String::new() };
        let mut wrong: Vec<(&str, usize)> = wrong.iter().map(|(said, n)| (*said, *n)).collect();
        wrong.sort_by_key(|(said, n)| (std::cmp::Reverse(*n), *said));
        let told = wrong.iter().take(2).map(|(said, n)| format!("{} {n}", if *said == "und" { "none" } else { said }));
        told.collect::<Vec<_>>().join(", ")
    }
}

fn row(label: Label, told: &Told<'_>, page: &mut String) {
    let name = label.to_string();
    let info = label.info();
    let (english, autonym) = info.map_or(("", ""), |i| (i.name, i.autonym));
    let macro_language = info.map_or("", |i| i.macrolanguage);
    let counts = |of: &BTreeMap<&str, Counts>| of.get(name.as_str()).copied().unwrap_or_default();
    let f1 = |c: Counts| if c.wanted == 0 { String::new() } else { format!("{:.1}", c.f1()) };
    let all = counts(&told.all);
    let share = |of: usize| if all.wanted * of == 0 { String::new() } else { format!("{:.1}", percent(all.right, of)) };
    let cells = [
        name.clone(),
        english.to_owned(),
        autonym.to_owned(),
        label.script.code().to_owned(),
        macro_language.to_owned(),
        label.bcp47(),
        all.wanted.to_string(),
        share(all.answered),
        share(all.wanted),
        f1(all),
        f1(counts(&told.held_out)),
        f1(counts(&told.others)),
        told.taken_for(&name),
    ];
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}
