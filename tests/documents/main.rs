//! What documents say is so: the commands of `docs/guide.md` answer as it says, `docs/reference.md` and `docs/reasons.md` are
//! made of the code, `docs/library.md` holds the examples as they are.
//!
//! `BLESS=1 cargo test --test documents` writes them anew: look at the difference before you commit it.

#![cfg(all(unix, feature = "cli", feature = "compress", feature = "whatlang"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../sources/pack.rs"]
#[allow(dead_code, reason = "a part of it is used here")]
mod pack;
mod reasons;

use std::path::{Path, PathBuf};
use std::process::Command;

use babelsift::config::{Format, InputFormat};
use clap::ValueEnum as _;
use common::Scratch;

fn document(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name)
}

/// Compares a document with what it should be, or writes it.
#[track_caller]
fn is_up_to_date(name: &str, wanted: &str) {
    let path = document(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, wanted).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = found.lines().zip(wanted.lines()).find(|(found, wanted)| found != wanted);
    assert!(found == wanted, "docs/{name}: BLESS=1 cargo test --test documents; first difference: {differs:?}");
}

#[test]
fn the_reference_is_what_the_program_knows() {
    is_up_to_date("reference.md", &babelsift::cli::reference());
}

/// The blocks of a document: language and text, with what stands between as language `None`.
fn blocks(text: &str) -> Vec<(Option<String>, String)> {
    let mut blocks = vec![(None, String::new())];
    for line in text.lines() {
        let fence = line.strip_prefix("```");
        let inside = blocks.last().unwrap().0.is_some();
        match (fence, inside) {
            (Some(""), true) => blocks.push((None, String::new())),
            (Some(language), false) => blocks.push((Some(language.to_owned()), String::new())),
            _ => {
                let text = &mut blocks.last_mut().unwrap().1;
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    blocks
}

/// Runs the commands of each `sh` block and puts what they say into the `text` block behind it.
#[test]
fn the_guide_says_what_happens() {
    let scratch = Scratch::new();
    std::os::unix::fs::symlink(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus"), scratch.path("corpus")).unwrap();
    let program = Path::new(common::PROGRAM).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut blocks = blocks(&std::fs::read_to_string(document("guide.md")).unwrap());
    let mut commands = 0;
    for at in 0..blocks.len() {
        if blocks[at].0.as_deref() != Some("sh") {
            continue;
        }
        let script = format!("exec 2>&1\nset -e\n{}", blocks[at].1);
        let mut command = Command::new("sh");
        command.current_dir(scratch.path("")).env("PATH", &path).env("LC_ALL", "C").args(["-c", &script]);
        let done = common::finish(&mut command, b"");
        assert_eq!(done.status, Some(0), "{}\n{}", blocks[at].1, done.text());
        let answer = blocks.get_mut(at + 2).filter(|block| block.0.as_deref() == Some("text"));
        answer.unwrap_or_else(|| panic!("no answer behind: {script}")).1 = done.text().to_owned();
        commands += 1;
    }
    assert!(commands >= 8);
    let fenced = |(language, text): &(Option<String>, String)| match language {
        Some(language) => format!("```{language}\n{text}```\n"),
        None => text.clone(),
    };
    is_up_to_date("guide.md", &blocks.iter().map(fenced).collect::<String>());
}

#[test]
fn the_library_guide_holds_the_examples() {
    let mut blocks = blocks(&std::fs::read_to_string(document("library.md")).unwrap());
    let mut held = 0;
    for at in 1..blocks.len() {
        let before = blocks[at - 1].1.clone();
        let name = before.lines().rev().find_map(|line| line.strip_prefix("### `examples/")?.strip_suffix('`'));
        if let (Some("rust"), Some(name)) = (blocks[at].0.as_deref(), name) {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
            blocks[at].1 = std::fs::read_to_string(path).unwrap();
            held += 1;
        }
    }
    assert_eq!(held, 3);
    let fenced = |(language, text): &(Option<String>, String)| match language {
        Some(language) => format!("```{language}\n{text}```\n"),
        None => text.clone(),
    };
    is_up_to_date("library.md", &blocks.iter().map(fenced).collect::<String>());
}

#[test]
fn every_format_is_described() {
    let text = std::fs::read_to_string(document("formats.md")).unwrap();
    let names = InputFormat::value_variants().iter().map(|f| f.name()).filter(|name| *name != "auto");
    for name in names.chain(Format::value_variants().iter().map(|f| f.name())) {
        assert!(text.contains(&format!("`{name}`")), "{name} is not in docs/formats.md");
    }
    for member in [
        "text",
        "id",
        "document_id",
        "url",
        "date",
        "file_path",
        "entry",
        "record",
        "part",
        "language",
        "language_script",
        "language_score",
        "encoding",
        "repairs",
        "flags",
        "spans",
        "metadata",
        "reason",
        "stage",
        "detail",
        "source",
        "bytes",
    ] {
        assert!(text.contains(&format!("`{member}`")), "{member} is not in docs/formats.md");
    }
}

/// Links between documents lead somewhere.
#[test]
fn links_lead_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages: Vec<PathBuf> =
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "benches/README.md"]
            .map(|p| root.join(p))
            .into();
    pages.extend(std::fs::read_dir(root.join("docs")).unwrap().map(|e| e.unwrap().path()));
    for page in pages.iter().filter(|p| p.extension().is_some_and(|e| e == "md")) {
        let text = std::fs::read_to_string(page).unwrap();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap();
            if !file.is_empty() && !file.contains("://") {
                assert!(page.parent().unwrap().join(file).exists(), "{}: {link}", page.display());
            }
        }
    }
}
