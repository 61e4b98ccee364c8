//! Inputs on a web server, in parts or as a whole; the server is here. Stores that need credentials: `tests/store/s3`.

#![cfg(all(feature = "cli", feature = "compress", feature = "object-store"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

#[path = "../common/mod.rs"]
mod common;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use common::{Scratch, gzip};

/// What the server does.
#[derive(Default)]
struct Server {
    /// Answers as if it knew no ranges.
    whole: bool,
    /// Requests that fail before one succeeds.
    failures: AtomicUsize,
    /// Requests for contents that were answered.
    answered: AtomicUsize,
}

impl Server {
    /// Serves one file at `/in/a file.txt.gz`; says under what address.
    fn start(self: &Arc<Self>, bytes: Vec<u8>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/in/a%20file.txt.gz", listener.local_addr().unwrap());
        let server = Arc::clone(self);
        thread::spawn(move || {
            for connection in listener.incoming() {
                let (server, bytes) = (Arc::clone(&server), bytes.clone());
                thread::spawn(move || while server.answer(connection.as_ref().unwrap(), &bytes).is_some() {});
            }
        });
        address
    }

    /// Answers a request; `None` when there are no more.
    fn answer(&self, connection: &TcpStream, bytes: &[u8]) -> Option<()> {
        let mut lines = BufReader::new(connection.take(1 << 16)).lines().map_while(Result::ok);
        let request = lines.next()?;
        let headers: Vec<String> = lines.take_while(|l| !l.is_empty()).collect();
        let range =
            headers.iter().find_map(|h| h.to_ascii_lowercase().strip_prefix("range: bytes=").map(str::to_owned));
        let send = |status: &str, headers: &str, body: &[u8]| {
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
            let body = if request.starts_with("HEAD") { b"" } else { body };
            let mut connection = connection;
            connection.write_all(&[head.as_bytes(), body].concat()).ok()
        };
        if !request.contains(" /in/a%20file.txt.gz ") {
            return send("404 Not Found", "", b"");
        }
        let date = "Last-Modified: Wed, 04 Mar 2026 05:06:07 GMT\r\nETag: \"1\"\r\n";
        if request.starts_with("HEAD") {
            return send("200 OK", date, bytes);
        }
        if self.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok() {
            return send("503 Service Unavailable", "", b"later");
        }
        self.answered.fetch_add(1, Ordering::SeqCst);
        let Some(range) = range.filter(|_| !self.whole) else { return send("200 OK", date, bytes) };
        let (from, to) = range.split_once('-').unwrap();
        let (from, to) = (from.parse::<usize>().unwrap(), to.parse::<usize>().unwrap().min(bytes.len() - 1));
        let headers = format!("{date}Content-Range: bytes {from}-{to}/{}\r\n", bytes.len());
        send("206 Partial Content", &headers, &bytes[from..=to])
    }
}

/// Lines that do not pack well, and how many there are.
fn text() -> (String, usize) {
    let mut state = 7u64;
    let mut line = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        format!("Η γραμμή {state:020} είναι μία από πολλές.\n")
    };
    let lines = 400_000;
    ((0..lines).map(|_| line()).collect(), lines)
}

fn read(server: &Arc<Server>, text: &str) -> usize {
    let address = server.start(gzip(text.as_bytes()));
    let scratch = Scratch::new();
    let made = scratch.run(&format!("{address} --out out --format jsonl --identifier script --unit document"));
    assert!(made.strings("data/ell_Grek", "file_path").iter().all(|path| *path == address));
    assert!(made.records("rejects").is_empty());
    made.strings("data/ell_Grek", "text").iter().map(|text| text.matches("γραμμή").count()).sum()
}

#[test]
fn in_ranges_as_a_whole_and_after_failures() {
    let (text, lines) = text();
    let server = Arc::new(Server::default());
    assert_eq!(read(&server, &text), lines);
    assert!(server.answered.load(Ordering::SeqCst) > 1, "it is larger than a range");
    assert_eq!(read(&Arc::new(Server { whole: true, ..Server::default() }), &text), lines);
    let server = Arc::new(Server { failures: AtomicUsize::new(2), ..Server::default() });
    assert_eq!(read(&server, &text), lines);
}

#[test]
fn what_is_not_there_is_told_before_anything_is_written() {
    let server = Arc::new(Server::default());
    let address = server.start(gzip(b"x")).replace("file", "fail");
    let scratch = Scratch::new();
    scratch.call(&["run", &address, "--out", "out"]).refused(&[&address]);
    assert!(!scratch.exists("out"));
    scratch.call(&["run", "http://127.0.0.1:1/a?b=c", "--out", "out"]).refused(&["query"]);
}
