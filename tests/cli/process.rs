//! The program among other programs: pipes, signals, odd files, a full disk.

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use super::common::{PROGRAM, Scratch, assert_same_files, finish, wait};

/// What walks over folders find there and can't read is counted; what is after it is read.
#[test]
fn odd_files_in_a_folder() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "Καλημέρα\n");
    scratch.write("in/z.txt", "Καληνύχτα\n");
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, scratch.path(name)).unwrap();
    link("nowhere", "in/dangling");
    link("self", "in/self");
    link("../in", "in/loop");
    link("a.txt", "in/link.txt");
    assert!(Command::new("mkfifo").arg(scratch.path("in/fifo")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(scratch.path("in/socket")).unwrap();
    let made = scratch.run("in --out out --identifier script");
    assert_eq!(made.strings("data", "file_path"), ["in/a.txt", "in/link.txt", "in/z.txt"]);
    let mut found = made.strings("rejects", "file_path");
    found.sort();
    assert_eq!(found, ["in/dangling", "in/fifo", "in/loop", "in/self", "in/socket"]);
    for reject in made.records("rejects") {
        assert_eq!(reject["reason"], "unreadable");
        assert!(!reject["detail"].as_str().unwrap().is_empty());
    }
    assert_eq!(made.json("report.json")["reasons"]["unreadable"]["count"], 5);
    scratch.call(&["run", "in", "--out", "strict", "--strict"]).refused(&["in/dangling"]);
    assert!(!scratch.exists("strict"));
}

/// A link in an unpacked crawl may lead to anything on the machine.
#[test]
fn links_out_of_a_folder_are_followed_only_when_that_is_wanted() {
    let scratch = Scratch::new();
    scratch.write("in/sub/a.txt", "Καλημέρα\n");
    scratch.write("in-other/secret.txt", "Μυστικό\n");
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, scratch.path(name)).unwrap();
    link("../in-other/secret.txt", "in/out.txt");
    link(scratch.path("in-other/secret.txt").to_str().unwrap(), "in/absolute.txt");
    link("../in-other/../in/sub/a.txt", "in/back.txt");
    let made = scratch.run("in --out out --identifier script");
    assert_eq!(made.strings("data", "file_path"), ["in/back.txt", "in/sub/a.txt"]);
    assert_eq!(made.strings("rejects", "file_path"), ["in/absolute.txt", "in/out.txt"]);
    for reject in made.records("rejects") {
        assert_eq!(reject["reason"], "unreadable");
        assert!(reject["detail"].as_str().unwrap().contains("--follow-links"), "{reject}");
    }
    let all = scratch.run("in --out all --identifier script --follow-links");
    assert_eq!(all.strings("data", "file_path").len(), 4);
    // What the user names is meant.
    let named = scratch.run("in/out.txt --out named --identifier script");
    assert_eq!(named.strings("data", "file_path"), ["in/out.txt"]);
}

/// A link that the user names is followed; what is under it keeps its name.
#[test]
fn a_folder_named_by_a_link() {
    let scratch = Scratch::new();
    scratch.write("in/a.txt", "Καλημέρα\n");
    std::os::unix::fs::symlink("in", scratch.path("link")).unwrap();
    let made = scratch.run("link --out out --identifier script");
    assert_eq!(made.strings("data", "file_path"), ["link/a.txt"]);
    assert_eq!(made.json("ledger.json")["inputs"].as_array().unwrap().len(), 1);
}

#[test]
fn files_and_folders_without_permission() {
    let scratch = Scratch::new();
    for name in ["in/a.txt", "in/closed.txt", "in/shut/b.txt", "in/z.txt"] {
        scratch.write(name, "Καλημέρα\n");
    }
    let permit = |name: &str, mode| {
        std::fs::set_permissions(scratch.path(name), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    permit("in/closed.txt", 0);
    permit("in/shut", 0);
    // Root reads everything; then everything must be there.
    let root = std::fs::read_dir(scratch.path("in/shut")).is_ok();
    let made = scratch.run("in --out out --identifier script");
    let named = scratch.call(&["run", "in/closed.txt", "--out", "closed"]);
    permit("in/shut", 0o755);
    let (kept, rejected) = if root {
        (vec!["in/a.txt", "in/closed.txt", "in/shut/b.txt", "in/z.txt"], vec![])
    } else {
        (vec!["in/a.txt", "in/z.txt"], vec!["in/closed.txt", "in/shut"])
    };
    assert_eq!(made.strings("data", "file_path"), kept);
    assert_eq!(made.strings("rejects", "file_path"), rejected);
    assert_eq!(named.status, Some(if root { 0 } else { 2 }), "{}", named.stderr);
}

#[test]
fn names_that_are_no_utf8() {
    use std::os::unix::ffi::OsStrExt as _;
    let scratch = Scratch::new();
    std::fs::create_dir(scratch.path("in")).unwrap();
    for name in [&b"\xFF.txt"[..], b"\xFE.txt"] {
        let path = scratch.path("in").join(std::ffi::OsStr::from_bytes(name));
        if std::fs::write(&path, "Καλημέρα\n").is_err() {
            // Some file systems take no such names: then there is nothing to read.
            return;
        }
    }
    let made = scratch.run("in --out out --identifier script");
    let ids = made.strings("data", "id");
    assert_eq!(ids.len(), 2);
    assert_ne!(ids[0], ids[1], "two files, two ids");
}

#[test]
fn a_closed_pipe_is_no_error() {
    let scratch = Scratch::new();
    scratch.write("in.txt", "A line that is long enough to fill the pipe before long.\n".repeat(20_000));
    for arguments in [&["decode", "in.txt"][..], &["repair", "in.txt"], &["decode", "--explain", "in.txt"]] {
        let mut command = scratch.command();
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        assert!(first.len() > 5);
        assert_eq!(wait(&mut child), Some(0), "{arguments:?}");
        let mut said = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
        assert_eq!(said, "");
    }
}

#[test]
fn pipes_are_read_as_files_are() {
    let scratch = Scratch::new();
    let fifo = scratch.path("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    for command in ["decode", "identify"] {
        let path = fifo.clone();
        let writer = thread::spawn(move || std::fs::write(path, "Καλημέρα σε όλους\n"));
        let done = scratch.call(&[command, "fifo"]).ended(0);
        writer.join().unwrap().unwrap();
        assert_eq!(done.lines().len(), 1, "{command}");
    }
    // One that the user names is an input of `run` too; one found in a folder is not.
    let path = fifo.clone();
    let writer = thread::spawn(move || std::fs::write(path, "Καλημέρα σε όλους\n"));
    let made = scratch.run("fifo --out out --identifier script");
    writer.join().unwrap().unwrap();
    assert_eq!(made.strings("data/ell_Grek", "text"), ["Καλημέρα σε όλους"]);
}

/// What a shell would do: `ulimit -f`, with the signal off so that the write fails instead.
#[test]
fn a_full_disk_leaves_nothing_half_written() {
    let scratch = Scratch::new();
    let text: String = (0..20_000).map(|i| format!("Line {i} of the text {}\n", i * 7919 % 10_007)).collect();
    scratch.write("in.txt", text);
    for format in ["jsonl", "jsonl.zst", "txt"] {
        let script = r#"trap '' XFSZ; ulimit -f 16; exec "$0" "$@""#;
        let mut command = Command::new("sh");
        command.current_dir(scratch.path("")).args(["-c", script, PROGRAM]);
        command.args(["run", "in.txt", "--out", "out", "--identifier", "script", "--unit", "paragraph"]);
        command.args(["--format", format, "--quiet"]);
        let done = finish(&mut command, b"").refused(&["could not write", "und_Latn", "out"]);
        let said: Vec<&str> = done.stderr.trim_end().rsplit(": ").collect();
        assert_ne!(said[0], said[1], "said twice: {}", done.stderr);
        assert!(!scratch.exists("out"), "{format}: something half-written");
        // On a slow machine it may have come to a commit.
        assert!(!scratch.exists("out.partial") || scratch.exists("out.partial/journal"), "{format}: of no use");
        let _ = std::fs::remove_dir_all(scratch.path("out.partial"));
    }
    scratch.run("in.txt --out out --identifier script");
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_printed_is_an_error() {
    for command in ["languages", "identify"] {
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let scratch = Scratch::new();
        let mut child = scratch.command();
        child.arg(command).stdin(Stdio::piped()).stdout(full).stderr(Stdio::piped());
        let mut child = child.spawn().unwrap();
        // It may be gone before it has read this.
        let _ = child.stdin.take().unwrap().write_all(b"One line of text\n");
        assert_eq!(wait(&mut child), Some(2), "{command}");
        let mut said = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
        assert!(said.starts_with("error: ") && said.lines().count() == 1, "{said}");
    }
}

fn interrupt(id: u32) {
    assert!(Command::new("kill").args(["-INT", &id.to_string()]).status().unwrap().success());
}

#[track_caller]
fn until(what: impl Fn() -> bool) {
    for _ in 0..5000 {
        if what() {
            return;
        }
        thread::sleep(Duration::from_millis(2));
    }
    panic!("it never happened");
}

#[test]
fn an_interrupted_run_can_be_resumed() {
    let scratch = Scratch::new();
    for i in 0..20 {
        scratch.write(&format!("in/{i:03}.txt"), format!("Γραμμή {i} του κειμένου. Line {i}.\n").repeat(100));
    }
    let stdin = "Η τελευταία γραμμή\n".repeat(100);
    let arguments = |out| ["run", "in", "-", "--out", out, "--identifier", "script", "--batch-size", "4K"];
    let mut child = scratch.command();
    let mut child = child.args(arguments("out")).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    until(|| scratch.exists("out.partial"));
    interrupt(child.id());
    // Only now can it come to an end by itself.
    drop(child.stdin.take().unwrap().write_all(stdin.as_bytes()));
    assert_eq!(wait(&mut child), Some(130), "as shells say it");
    assert!(!scratch.exists("out"), "nothing half-written under its name");
    scratch.feed(&[&arguments("out")[..], &["--resume"]].concat(), stdin.as_bytes()).ended(0);
    scratch.feed(&arguments("want"), stdin.as_bytes()).ended(0);
    assert_same_files(&scratch.made("out").files(), &scratch.made("want").files(), "resumed");
}

#[test]
fn a_run_that_waits_for_input_can_be_interrupted() {
    let scratch = Scratch::new();
    let mut command = scratch.command();
    let mut child =
        command.args(["run", "-", "--out", "out"]).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"One line, and then nothing for a long time.\n").unwrap();
    until(|| scratch.exists("out.partial"));
    thread::sleep(Duration::from_millis(100));
    interrupt(child.id());
    for _ in 0..200 {
        if child.try_wait().unwrap().is_some() {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    let ended = child.try_wait().unwrap();
    drop(stdin);
    let status = wait(&mut child);
    assert_eq!((ended.and_then(|s| s.code()), status), (Some(130), Some(130)), "it waits on");
    assert!(!scratch.exists("out"));
}
