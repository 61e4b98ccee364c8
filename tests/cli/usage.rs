//! Wrong usage is one clear line, and nothing is written; what is named twice is read once.

use super::common::Scratch;

const TEXT: &str = "The old mill stands by the river, and nobody knows who built it.\n";

#[test]
fn wrong_usage_says_what_and_where_and_what_to_do() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", TEXT);
    scratch.write("file", "x\n");
    scratch.write("lists/none", "# nothing\n");
    std::fs::create_dir(scratch.path("empty")).unwrap();
    for (line, said) in [
        ("run empty --out o", "empty: no file there; give files, or a folder with files in it"),
        ("run --inputs-from lists/none --out o", "--inputs-from: no file there"),
        ("run --inputs-from gone --out o", "could not read --inputs-from gone: "),
        ("run in --out in", "--out in is no output folder of babelsift, so it is not replaced; give another --out"),
        ("run in --out in --overwrite", "--out in is no output folder of babelsift"),
        ("run in --out file", "--out file is a file; give the name of a folder"),
        ("run in/a.txt --out in/a.txt --overwrite", "--out in/a.txt is a file"),
        ("run in --out file/o", "file is a file and no folder; give another --out"),
        ("run in --out file/a/o", "file is a file and no folder"),
        ("run  --out o", "an input without a name"),
        ("run in --out o --threads 5000", "--threads takes 0 to 1024, not 5000"),
        ("run in --out o --sample 2", "--sample takes 0 to 1, not 2"),
        ("run in --out o --sample -2", "--sample takes 0 to 1, not -2"),
        ("run in --out o --columns a,b", "no a in --schema full"),
        ("run in --out o --include [", "is no glob"),
        ("verify in", "in is no output folder of `babelsift run`"),
        ("report in", "in is no output folder of `babelsift run`"),
        ("merge in m", "no output folder of `babelsift run`"),
        ("decode in", "in is a folder; give a file of it"),
        ("identify gone", "could not read gone: "),
    ] {
        let done = scratch.call(&line.split(' ').collect::<Vec<_>>()).refused(&[said]);
        assert!(!done.stderr.contains("standard output"), "{line}: {}", done.stderr);
        assert!(!scratch.exists("o") && !scratch.exists("o.partial"), "{line}");
    }
}

#[test]
fn a_dry_run_refuses_what_the_run_would() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", TEXT);
    let done = scratch.call(&["run", "in", "--out", "in", "--dry-run"]).ended(2);
    assert!(done.stderr.contains("--out in is no output folder of babelsift"), "{}", done.stderr);
}

#[test]
fn a_number_below_zero_is_a_value() {
    let done = Scratch::new().call(&["run", "in", "--out", "o", "--threads", "-1"]).ended(2);
    assert!(done.stderr.contains("invalid value '-1' for '--threads <N>'"), "{}", done.stderr);
}

#[test]
fn a_list_of_inputs_may_have_a_byte_order_mark() {
    let scratch = Scratch::new();
    scratch.write("a.txt", TEXT);
    scratch.write("list", "\u{FEFF}a.txt\n");
    assert_eq!(scratch.run("--inputs-from list --out o").json("ledger.json")["inputs"].as_array().unwrap().len(), 1);
}

#[test]
fn a_table_is_read_by_the_column_that_is_named() {
    let scratch = Scratch::new();
    let text = TEXT.trim_end();
    scratch.write("a.csv", format!("title,body\nThe mill,\"{text}\"\n"));
    let made = scratch.run("a.csv --text-field body --out named");
    assert_eq!(made.strings("data/eng_Latn", "text"), [text]);
}

#[test]
fn what_is_named_twice_is_read_once() {
    let scratch = Scratch::new();
    for (name, word) in [("in/a.txt", "a"), ("in/b/c.txt", "c"), ("d.txt", "d")] {
        scratch.write(name, format!("{TEXT}And this is file {word} of them all, as everybody knows.\n"));
    }
    let full = scratch.path("in/a.txt");
    let full = full.to_str().unwrap();
    for (at, (inputs, paths)) in [
        ("d.txt d.txt in", &["d.txt", "in/a.txt", "in/b/c.txt"][..]),
        ("in/b/c.txt in d.txt", &["in/b/c.txt", "in/a.txt", "d.txt"]),
        ("in ./in/a.txt in/b/../a.txt in/b", &["in/a.txt", "in/b/c.txt"]),
        ("in/* in/b *.txt d.txt", &["in/a.txt", "in/b/c.txt", "d.txt"]),
        ("- - d.txt", &["-", "d.txt"]),
        (&format!("{full} in/a.txt"), &[full]),
    ]
    .into_iter()
    .enumerate()
    {
        let made = scratch.run(&format!("{inputs} --out o{at}"));
        let ledger = made.json("ledger.json");
        let found: Vec<&str> =
            ledger["inputs"].as_array().unwrap().iter().map(|input| input["path"].as_str().unwrap()).collect();
        assert_eq!(found, paths, "{inputs}");
    }
}
