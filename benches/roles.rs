//! The role stage on paragraphs and on pages of short lines, and identification of the same beside it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark stops at the first surprise")]
#![allow(clippy::print_stderr, reason = "it tells what it skips")]

mod common;

use babelsift::config::Paragraphs;
use babelsift::decode::Decode;
use babelsift::lang::Identify;
use babelsift::repair::{Profile, RepairStage};
use babelsift::role::Roles;
use babelsift::segment::Segment;
use babelsift::stage::Stage;
use babelsift::{Batch, Config, Scratch};
use common::{CHINESE, ENGLISH, HINDI, JAPANESE, Kind, RUSSIAN, documents, lines};
use divan::Bencher;
use divan::counter::BytesCount;

fn main() {
    divan::main();
}

/// What documents are made of.
#[derive(Clone, Copy)]
enum Case {
    /// Paragraphs.
    Text(Kind),
    /// Three lines of an interface to each paragraph.
    Page(Kind),
}

const CASES: [Case; 6] = [
    Case::Text(ENGLISH),
    Case::Text(RUSSIAN),
    Case::Text(HINDI),
    Case::Text(CHINESE),
    Case::Text(JAPANESE),
    Case::Page(ENGLISH),
];

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(kind) => write!(f, "{kind}"),
            Self::Page(kind) => write!(f, "{kind} pages"),
        }
    }
}

impl Case {
    /// A batch up to identification.
    fn batch(self) -> (Batch, Scratch) {
        let documents = match self {
            Self::Text(kind) => documents(&lines(kind), |line| line.as_bytes().to_vec()),
            Self::Page(kind) => documents(&lines(kind), |line| {
                format!("Home\n{line}\nRead more\nShare this with 3 friends").into_bytes()
            }),
        };
        let (mut batch, mut scratch) = (Batch::default(), Scratch::default());
        for document in documents {
            batch.push_document(&document);
        }
        let config = Config::default();
        let stages: [&dyn Stage; 4] = [
            &Decode::new(Paragraphs::Line),
            &RepairStage::new(Profile::default()),
            &Segment::new(&config),
            &Identify::new(&config).unwrap(),
        ];
        for stage in stages {
            stage.run(&mut batch, &mut scratch);
        }
        (batch, scratch)
    }
}

#[divan::bench(args = CASES)]
fn roles(bencher: Bencher<'_, '_>, case: Case) {
    run(bencher, case, &Roles::new(&Config::default()).unwrap());
}

#[divan::bench(args = CASES)]
fn identify(bencher: Bencher<'_, '_>, case: Case) {
    run(bencher, case, &Identify::new(&Config::default()).unwrap());
}

fn run(bencher: Bencher<'_, '_>, case: Case, stage: &dyn Stage) {
    let (mut batch, mut scratch) = case.batch();
    let fragments = batch.fragments.clone();
    let bytes = fragments.iter().map(|f| f.text.len()).sum::<usize>();
    bencher.counter(BytesCount::new(bytes)).bench_local(|| {
        batch.fragments.clone_from(&fragments);
        stage.run(&mut batch, &mut scratch);
    });
}
