//! What those need who run long jobs: a look ahead, a state to read, one line an input, limits, pages and completions.

use std::io::{BufRead as _, BufReader};

use serde_json::{Value, json};

use super::common::{Scratch, gzip, zstandard};

const GREEK: &str = "Το πλοίο φεύγει στις επτά το πρωί.\n";

#[test]
fn a_dry_run_says_how_inputs_are_recognised_and_writes_nothing() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", GREEK);
    scratch.write("in/b.jsonl.zst", zstandard(b"{\"text\":\"x\"}\n"));
    scratch.write("in/c.wet.gz", gzip(b"WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 0\r\n\r\n\r\n\r\n"));
    scratch.write("in/d.txt.gz", gzip(&gzip(GREEK.as_bytes())));
    scratch.write("in/secret.txt", GREEK);
    let words = ["run", "in", "-", "--out", "out", "--dry-run", "--exclude", "secret*"];
    let done = scratch.call(&words).ended(0);
    let rows: Vec<Vec<&str>> = done.lines().iter().map(|line| line.split('\t').collect()).collect();
    let told: Vec<(&str, &str)> = rows.iter().map(|row| (row[0], row[2])).collect();
    let wanted = [
        ("in/a.txt", "text"),
        ("in/b.jsonl.zst", "zstd jsonl"),
        ("in/c.wet.gz", "gzip warc"),
        ("in/d.txt.gz", "gzip gzip text"),
        ("in/secret.txt", "excluded"),
        ("-", "recognised when it is read"),
    ];
    assert_eq!(told, wanted);
    assert_eq!(rows[0][1], GREEK.len().to_string());
    assert!(done.stderr.contains("5 of 6 inputs would be read"), "{}", done.stderr);
    assert!(done.stderr.contains("out/data/<label>/*.jsonl.zst"), "{}", done.stderr);
    assert!(!scratch.exists("out") && !scratch.exists("out.partial"));
    scratch.write("out/x", "");
    scratch.call(&words).ended(2);
    scratch.call(&["run", "in", "--out", "new", "--dry-run", "--identifier", "nope"]).refused(&["nope"]);
}

#[test]
fn the_state_of_a_run_is_in_a_file() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", GREEK);
    scratch.write("in/b.txt", "12\n");
    scratch.call(&["run", "in", "--out", "out", "--status-file", "state.json", "--quiet"]).ended(0);
    let state: Value = serde_json::from_slice(&std::fs::read(scratch.path("state.json")).unwrap()).unwrap();
    let ledger = scratch.made("out").json("ledger.json");
    assert_eq!((&state["state"], &state["version"], &state["out"]), (&json!("complete"), &json!(1), &json!("out")));
    assert_eq!((&state["inputs"], &state["inputs_finished"], &state["documents"]), (&json!(2), &json!(2), &json!(2)));
    assert_eq!(state["sums"], ledger["total"]);
    let command = state["command"].as_str().unwrap();
    assert!(command.ends_with("run in --out out --status-file state.json --quiet"), "{command}");
    let mut slowest: Vec<&str> =
        state["slowest"].as_array().unwrap().iter().map(|i| i["path"].as_str().unwrap()).collect();
    slowest.sort_unstable();
    assert_eq!(slowest, ["in/a.txt", "in/b.txt"]);
    assert_eq!(state["records"], json!({"ell_Grek": 1}));
    assert_eq!((&state["disk_read"], &state["eta_seconds"]), (&state["disk_bytes"], &json!(0)));
    assert!(!scratch.exists("state.json.new"));
    scratch
        .call(&["run", "in", "--out", "o", "--status-file", "no/state.json"])
        .refused(&["could not write no/state.json"]);
    scratch.write("list", "nowhere.txt\n");
    let strict = ["run", "in", "--out", "o", "--status-file", "s.json", "--max-document", "1K", "--strict"];
    scratch.write("in/c.txt.gz", &gzip(GREEK.repeat(999).as_bytes())[..60]);
    scratch.call(&strict).ended(2);
    let state: Value = serde_json::from_slice(&std::fs::read(scratch.path("s.json")).unwrap()).unwrap();
    assert_eq!(state["state"], "failed");
    assert!(state["error"].as_str().unwrap().contains("in/c.txt.gz"), "{state}");
}

/// A run that waits for its standard input is asked how far it is, then stopped.
#[cfg(unix)]
#[test]
fn a_signal_prints_the_state() {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    for (format, wanted) in [("text", "running: "), ("json", "{\"event\":\"state\"")] {
        let scratch = Scratch::new();
        let mut command = scratch.command();
        command.args(["run", "-", "--out", "out", "--log-format", format, "--status-file", "state.json"]);
        let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.as_mut().unwrap().write_all(GREEK.as_bytes()).unwrap();
        // The handler is there once the state is.
        while !scratch.exists("state.json") {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let id = child.id().to_string();
        let signal = |name: &str| assert!(Command::new("kill").args([name, &id]).status().unwrap().success());
        signal("-USR1");
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let line = lines.next().unwrap().unwrap();
        assert!(line.starts_with(wanted), "{line}");
        signal("-INT");
        assert_eq!(super::common::wait(&mut child), Some(130));
        let state: Value = serde_json::from_slice(&std::fs::read(scratch.path("state.json")).unwrap()).unwrap();
        assert_eq!(state["state"], "interrupted");
    }
}

#[test]
fn a_line_for_each_input_that_is_finished() {
    let scratch = Scratch::new();
    for i in 0..40 {
        scratch.write(&format!("in/{i:02}.txt"), GREEK.repeat(i));
    }
    let done = scratch.call(&["run", "in", "--out", "out", "--log-format", "json", "--batch-size", "1K"]).ended(0);
    let said: Vec<Value> = done.stderr.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let inputs: Vec<&Value> = said.iter().filter(|line| line["event"] == "input").collect();
    let ledger = scratch.made("out").json("ledger.json");
    for (line, input) in inputs.iter().zip(ledger["inputs"].as_array().unwrap()) {
        for member in ["path", "read", "kept", "rejected", "structure"] {
            assert_eq!(line[member], input[member], "{line}");
        }
        assert!(line["seconds"].as_f64().is_some_and(|seconds| seconds >= 0.0), "{line}");
        assert!(line["time"].as_str().unwrap().ends_with('Z') && line["level"] == "info");
    }
    assert_eq!(inputs.len(), 40);
    assert!(said.last().unwrap()["message"].as_str().unwrap().starts_with("written to"), "{said:?}");

    let quiet = scratch.call(&["run", "in", "--out", "q", "--log-format", "json", "--quiet"]).ended(0);
    assert_eq!(quiet.stderr, "");
    let verbose = scratch.call(&["run", "in", "--out", "v", "--verbose"]).ended(0);
    let lines = verbose.stderr.lines().filter(|line| line.starts_with("in/") && line.contains(" read = ")).count();
    assert_eq!(lines, 40, "{}", verbose.stderr);
    let refused = scratch.call(&["run", "nowhere", "--out", "n", "--log-format", "json"]).ended(2);
    let error: Value = serde_json::from_str(&refused.stderr).unwrap();
    assert_eq!(error["level"], "error");
    assert!(error["message"].as_str().unwrap().contains("nowhere"), "{error}");
}

#[test]
fn bad_records_are_limited() {
    let scratch = Scratch::new();
    // Two bad records; the number is taken out by a role, on purpose.
    scratch.write(
        "in.jsonl",
        format!("no json\n{{\"text\":\"{}\"}}\n{{\"text\":5}}\n{{\"text\":\"12\"}}\n", GREEK.trim()),
    );
    for (limit, status) in [("none", 0), ("2", 0), ("1", 1), ("0", 1)] {
        let done = scratch.call(&["run", "in.jsonl", "--out", limit, "--max-errors", limit]).ended(status);
        assert_eq!(done.stderr.contains("2 records and inputs are bad"), status == 1, "{}", done.stderr);
        scratch.made(limit);
    }
    scratch.call(&["run", "in.jsonl", "--out", "o", "--max-errors", "few"]).ended(2);
}

#[test]
fn a_full_disk_is_seen_ahead() {
    let scratch = Scratch::new();
    scratch.write("in.txt", GREEK);
    let words = ["run", "in.txt", "--out", "a/b/out", "--min-free", "9000000G"];
    scratch.call(&words).refused(&["are free there", "--min-free", "--out"]);
    assert!(!scratch.exists("a"));
    scratch.call(&["run", "in.txt", "--out", "out", "--min-free", "0"]).ended(0);
}

#[test]
fn completions_and_pages_come_from_the_flags() {
    let scratch = Scratch::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let text = scratch.call(&["completions", shell]).ended(0).text().to_owned();
        assert!(text.contains("babelsift") && text.contains("max-errors") && text.contains("inspect"), "{shell}");
    }
    let page = scratch.call(&["man"]).ended(0).text().to_owned();
    assert!(page.contains(".TH babelsift 1") && page.contains("babelsift\\-run"), "{page}");
    let page = scratch.call(&["man", "run"]).ended(0).text().to_owned();
    for part in [".TH babelsift-run 1", "\\-\\-status\\-file", "\\-\\-min\\-letters", "\\-\\-log\\-format"] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    let page = scratch.call(&["man", "verify"]).ended(0).text().to_owned();
    assert!(page.contains("\\-\\-quick") && !page.contains("\\-\\-min\\-letters"), "{page}");
    scratch.call(&["man", "nope"]).refused(&["nope"]);
    scratch.call(&["completions", "tcsh"]).ended(2);
}

/// bash takes the completions, and answers with them.
#[cfg(unix)]
#[test]
fn bash_completes() {
    let scratch = Scratch::new();
    scratch.write("c.sh", scratch.call(&["completions", "bash"]).ended(0).text());
    let script = "source ./c.sh; COMP_WORDS=(babelsift run --max-e); COMP_CWORD=2; \
                  _babelsift babelsift --max-e run; printf '%s\\n' \"${COMPREPLY[@]}\"";
    let Ok(done) = std::process::Command::new("bash").current_dir(scratch.path("")).args(["-c", script]).output()
    else {
        // No bash, nothing to complete.
        return;
    };
    let answer = String::from_utf8(done.stdout).unwrap();
    assert!(answer.contains("--max-errors") && answer.contains("--max-entries"), "{answer}");
}
