//! Every repair does what its example says, and `docs/repairs.md` lists them all: `BLESS=1 cargo test --test repairs` writes
//! it anew.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::Path;

use babelsift::lang::{LANGUAGES, Label};
use babelsift::repair::{Profile, REPAIRS, Row, Setting, repair_as};

/// A label of the first language that a repair is for, if it is for some.
fn label(row: &Row) -> Option<Label> {
    let known = |code: &&str| LANGUAGES.iter().find(|l| l.code == *code);
    let language = row.repair.languages().iter().find_map(known)?;
    format!("{}_{}", language.code, language.scripts.first()?).parse().ok()
}

#[test]
fn examples_hold() {
    for row in REPAIRS {
        let (name, (before, after)) = (row.repair.name(), row.repair.example());
        let profile = Profile::none().with(name, Setting::On).unwrap();
        assert_eq!(repair_as(before, &profile, label(row)).text, after, "{name}");
        assert_eq!(repair_as(after, &profile, label(row)).text, after, "{name} twice");
    }
}

const HEAD: &str = "\
# Repairs

Written by `BLESS=1 cargo test --test repairs` from the registry, in the order in which they run. What each is set to in the
profiles `conservative` (the default), `standard` and `ftfy`; `--repairs conservative,width=on,spaces=flag` changes one. What is
set to `known` runs on fragments whose language is known, a repair with languages on those known to be one of them. `surrogates`
is no row of the registry: in JSON, `\\ud83d` without its other half becomes U+FFFD and is counted. In bytes, halves are joined
by the codec CESU-8.

| repair | what it does | conservative | standard | ftfy | languages | example |
|---|---|---|---|---|---|---|
";

#[test]
fn documentation_is_up_to_date() {
    let mut page = HEAD.to_owned();
    for row in REPAIRS {
        let [conservative, standard, ftfy] = row.settings.map(|s| format!("{s:?}").to_lowercase());
        let (before, after) = row.repair.example();
        let example =
            if before.is_empty() { String::new() } else { format!("{} → {}", visible(before), visible(after)) };
        let (name, about, languages) = (row.repair.name(), row.repair.about(), row.repair.languages().join(" "));
        writeln!(page, "| {name} | {about} | {conservative} | {standard} | {ftfy} | {languages} | {example} |")
            .unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/repairs.md");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, page).unwrap();
    } else {
        assert_eq!(std::fs::read_to_string(path).unwrap(), page, "BLESS=1 cargo test --test repairs");
    }
}

/// Text in which what has no shape is escaped, as code.
fn visible(text: &str) -> String {
    let shape = |c: char| !(c.is_control() || (c != ' ' && c.is_whitespace()) || INVISIBLE.contains(&c));
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '|' => out.push_str("\\|"),
            c if shape(c) => out.push(c),
            c => write!(out, "\\u{{{:X}}}", c as u32).unwrap(),
        }
    }
    format!("`{out}`")
}

const INVISIBLE: [char; 12] = [
    '\u{AD}', '\u{34F}', '\u{200B}', '\u{200C}', '\u{200D}', '\u{200E}', '\u{200F}', '\u{202A}', '\u{202C}',
    '\u{2060}', '\u{FEFF}', '\u{FFFC}',
];
