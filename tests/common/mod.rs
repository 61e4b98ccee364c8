//! What the test programs share: a scratch folder, calls of the program in it, folders and records as values.

#![allow(dead_code, reason = "each test program uses a part")]

pub mod mixture;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_babelsift");

/// No call takes nearly as long; one that does hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a call left behind.
#[derive(Debug)]
pub struct Done {
    /// Exit status; none when a signal ended it.
    pub status: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Done {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.stdout).unwrap()
    }

    pub fn lines(&self) -> Vec<&str> {
        self.text().lines().collect()
    }

    /// The lines of stdout as JSON.
    pub fn json(&self) -> Vec<Value> {
        self.text().lines().map(|l| serde_json::from_str(l).unwrap()).collect()
    }

    /// Fails unless the call ended with this status.
    #[track_caller]
    pub fn ended(self, status: i32) -> Self {
        assert_eq!(self.status, Some(status), "stderr: {}\nstdout: {}", self.stderr, self.stdout.escape_ascii());
        self
    }

    /// Fails unless the call could not run and said so in one clear line that holds these words.
    #[track_caller]
    pub fn refused(self, words: &[&str]) -> Self {
        let done = self.ended(2);
        assert!(done.stdout.is_empty(), "data on stdout: {}", done.stdout.escape_ascii());
        assert_eq!(done.stderr.trim_end().lines().count(), 1, "one line: {}", done.stderr);
        for word in words {
            assert!(done.stderr.contains(word), "{word:?} is not in: {}", done.stderr);
        }
        done
    }
}

/// A folder that is gone after the test, and the place where calls are made.
pub struct Scratch {
    folder: Rc<TempDir>,
}

impl Scratch {
    pub fn new() -> Self {
        Self { folder: Rc::new(tempfile::tempdir().unwrap()) }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file, and the folders it is in.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub fn exists(&self, name: &str) -> bool {
        self.path(name).symlink_metadata().is_ok()
    }

    /// Calls the program without input.
    pub fn call<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Done {
        self.feed(arguments, b"")
    }

    /// Calls the program with this on its standard input.
    pub fn feed<A: AsRef<OsStr>>(&self, arguments: &[A], input: &[u8]) -> Done {
        let mut command = self.command();
        command.args(arguments);
        finish(&mut command, input)
    }

    /// The program, to be called here, with nothing that the caller's terminal or settings could change.
    pub fn command(&self) -> Command {
        let mut command = Command::new(PROGRAM);
        command.current_dir(self.folder.path()).env_remove("NO_COLOR");
        command
    }

    /// Runs the main job on these words and checks the folder it made.
    #[track_caller]
    pub fn run(&self, words: &str) -> Made {
        let words: Vec<&str> = words.split(' ').collect();
        let at = words.iter().position(|w| *w == "--out").expect("--out DIR");
        let done = self.call(&[&["run"][..], &words].concat()).ended(0);
        assert_eq!(done.text(), "", "the corpora are in the folder");
        self.made(words[at + 1])
    }

    /// A folder that the main job made; its ledger must hold.
    #[track_caller]
    pub fn made(&self, name: &str) -> Made {
        let made = Made { folder: self.path(name), _scratch: Rc::clone(&self.folder) };
        made.closes();
        let done = self.call(&["verify", name]).ended(0);
        assert!(done.stderr.contains("holds"), "{}", done.stderr);
        made
    }
}

/// Waits for a call; one that hangs is ended and fails the test.
#[track_caller]
pub fn finish(command: &mut Command, input: &[u8]) -> Done {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    // A program that ends early does not read all of it.
    let feeder = thread::spawn(move || drop(stdin.write_all(&input)));
    let (stdout, stderr) = (drain(child.stdout.take().unwrap()), drain(child.stderr.take().unwrap()));
    let status = wait(&mut child);
    feeder.join().unwrap();
    let stderr = String::from_utf8(stderr.join().unwrap()).unwrap();
    Done { status, stdout: stdout.join().unwrap(), stderr }
}

fn drain(mut from: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).unwrap();
        bytes
    })
}

/// Exit status of a child that must end.
#[track_caller]
pub fn wait(child: &mut Child) -> Option<i32> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if start.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("the call hangs");
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// An output folder of the main job.
pub struct Made {
    pub folder: PathBuf,
    /// It stays as long as what is in it.
    _scratch: Rc<TempDir>,
}

impl Made {
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.folder)
    }

    /// The records of a part of the folder (`data/eng_Latn`, `rejects`), in their order.
    pub fn records(&self, part: &str) -> Vec<Value> {
        let inside = |path: &&String| path.starts_with(&format!("{part}/"));
        let files = self.files();
        files.keys().filter(inside).flat_map(|path| records(&self.folder.join(path))).collect()
    }

    /// One member of each of those records, as text.
    pub fn strings(&self, part: &str, member: &str) -> Vec<String> {
        self.records(part).iter().map(|r| r[member].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Names of the corpora.
    pub fn labels(&self) -> Vec<String> {
        let files = self.files();
        let label = |path: &String| Some(path.strip_prefix("data/")?.split('/').next()?.to_owned());
        let mut labels: Vec<String> = files.keys().filter_map(label).collect();
        labels.dedup();
        labels
    }

    pub fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&std::fs::read(self.folder.join(name)).unwrap()).unwrap()
    }

    /// Adds up the ledger anew: nothing may be missing.
    #[track_caller]
    pub fn closes(&self) {
        let ledger = self.json("ledger.json");
        let sum = |of: &Value| of.as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum::<u64>();
        let inputs = ledger["inputs"].as_array().unwrap();
        for part in inputs.iter().chain([&ledger["total"]]) {
            let told = sum(&part["kept"]) + sum(&part["rejected"]) + part["structure"].as_u64().unwrap();
            assert_eq!(part["read"].as_u64(), Some(told), "{part}");
        }
        let read: u64 = inputs.iter().map(|i| i["read"].as_u64().unwrap()).sum();
        assert_eq!(ledger["total"]["read"].as_u64(), Some(read));
    }
}

/// All files below a folder, by path with `/`.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut left = vec![folder.to_path_buf()];
    while let Some(next) = left.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                left.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Fails with the names and places that differ, instead of megabytes of bytes.
#[track_caller]
pub fn assert_same_files(found: &BTreeMap<String, Vec<u8>>, wanted: &BTreeMap<String, Vec<u8>>, what: &str) {
    let names = |of: &BTreeMap<String, Vec<u8>>| of.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(found), names(wanted), "{what}: other files");
    for (name, bytes) in found {
        let other = &wanted[name];
        if bytes != other {
            let at = bytes.iter().zip(other).take_while(|(a, b)| a == b).count();
            let near = |b: &[u8]| b[at.saturating_sub(40)..b.len().min(at + 80)].escape_ascii().to_string();
            let line = 1 + bytes[..at].iter().filter(|b| **b == b'\n').count();
            panic!("{what}: {name} differs in line {line}:\n  {}\nnot\n  {}", near(bytes), near(other));
        }
    }
}

/// The JSON lines of a file, decompressed by its name.
pub fn records(path: &Path) -> Vec<Value> {
    let bytes = std::fs::read(path).unwrap();
    let text = match path.extension().and_then(OsStr::to_str) {
        Some("zst") => zstd::decode_all(&bytes[..]).unwrap(),
        Some("gz") => {
            let mut text = Vec::new();
            flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_end(&mut text).unwrap();
            text
        }
        _ => bytes,
    };
    let text = String::from_utf8(text).unwrap();
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub fn zstandard(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}
