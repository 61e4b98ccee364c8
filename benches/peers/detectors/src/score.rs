//! How right labels are: is the text that they decode to the text?

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use babelsift::config::Paragraphs;
use babelsift::decode::{Decode, Encoding};
use babelsift::stage::Stage as _;
use babelsift::{Batch, Scratch};
use unicode_normalization::UnicodeNormalization as _;

use crate::data::{BUCKETS, Data, Mixed, Paragraph};

/// Families of encodings, and what the names of their members begin with.
const FAMILIES: [(&str, &[&str]); 11] = [
    ("UTF-8", &["utf_8"]),
    ("UTF-16, UTF-32", &["utf_16", "utf_32"]),
    ("ISO-2022, HZ, UTF-7", &["iso2022", "iso-2022", "hz", "utf_7"]),
    ("CJK", &["gb", "big5", "cp93", "cp94", "cp950", "euc", "johab"]),
    ("Cyrillic, web", &["cp1251", "koi8", "iso8859_5"]),
    (
        "Greek, Hebrew, Arabic, Thai, web",
        &["cp1253", "cp1255", "cp1256", "cp874", "iso8859_6", "iso8859_7", "iso8859_8"],
    ),
    ("Latin, web", &["cp1250", "cp1252", "cp1254", "cp1257", "cp1258", "iso8859"]),
    ("Mac", &["mac"]),
    ("EBCDIC", &["cp037", "cp273", "cp424", "cp500", "cp1026"]),
    ("Vietnam, Caucasus, Kazakhstan", &["viscii", "tcvn", "armscii", "georgian", "kz", "ptcp"]),
    ("DOS", &["cp"]),
];

fn family(encoding: &str) -> usize {
    let name = format!("{encoding} ");
    FAMILIES.iter().position(|(_, begins)| begins.iter().any(|b| name.starts_with(b))).expect("a family")
}

/// Texts are equal in NFC, without byte order marks, with folded white space, and where a comma stands for a cedilla.
fn norm(text: &str) -> String {
    let fold = |c: char| match c {
        'ţ' => 'ț',
        'Ţ' => 'Ț',
        'ş' => 'ș',
        'Ş' => 'Ș',
        other => other,
    };
    let text: String = text.replace('\u{FEFF}', "").nfc().map(fold).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What babelsift makes of a document, a paragraph a line.
fn sifted(bytes: &[u8], batch: &mut Batch, scratch: &mut Scratch) -> String {
    batch.clear();
    batch.push_document(bytes);
    Decode::new(Paragraphs::Line).run(batch, scratch);
    let lines = batch.paragraphs.iter().filter(|p| p.rejected.is_none()).map(|p| &batch.text[p.text.range()]);
    lines.collect::<Vec<_>>().join("\n")
}

/// What a label makes of bytes; nothing if there is no such encoding.
fn labelled(bytes: &[u8], label: &str, unknown: &mut BTreeSet<String>) -> String {
    let mut text = String::new();
    // Supersets that are no encodings of ours.
    let label = match label {
        "ascii" => "utf-8",
        "euc_jis_2004" => "euc-jp",
        "shift_jis_2004" => "shift_jis",
        _ => label,
    };
    match Encoding::for_label(label) {
        Some(encoding) => _ = encoding.decode_into(bytes, &mut text),
        None => _ = unknown.insert(label.to_owned()),
    }
    text
}

/// The texts that somebody made.
struct Texts {
    name: String,
    paragraphs: Vec<String>,
    files: Vec<String>,
    parts: Vec<String>,
}

fn ours(data: &Data) -> Texts {
    let (mut batch, mut scratch) = (Batch::default(), Scratch::default());
    let mut all = |items: Vec<&[u8]>| items.into_iter().map(|b| sifted(b, &mut batch, &mut scratch)).collect();
    Texts {
        name: "**babelsift**".to_owned(),
        paragraphs: all(data.paragraphs.iter().map(|p| &p.bytes[..]).collect()),
        files: all(data.mixed.iter().map(|m| &m.bytes[..]).collect()),
        parts: all(data.mixed.iter().flat_map(Mixed::parts).collect()),
    }
}

fn theirs(data: &Data, folder: &Path, unknown: &mut BTreeSet<String>) -> Texts {
    let mut all = |set: &str, items: Vec<&[u8]>| -> Vec<String> {
        let labels = fs::read_to_string(folder.join(set).with_extension("txt")).expect("answers");
        let labels: Vec<&str> = labels.split_terminator('\n').collect();
        assert_eq!(labels.len(), items.len(), "{}: an answer for each of {set}", folder.display());
        items.iter().zip(labels).map(|(bytes, label)| labelled(bytes, label, unknown)).collect()
    };
    Texts {
        name: folder.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        paragraphs: all("paragraphs", data.paragraphs.iter().map(|p| &p.bytes[..]).collect()),
        files: all("files", data.mixed.iter().map(|m| &m.bytes[..]).collect()),
        parts: all("parts", data.mixed.iter().flat_map(Mixed::parts).collect()),
    }
}

/// Right and all.
#[derive(Clone, Copy, Default)]
struct Tally(usize, usize);

impl Tally {
    fn add(&mut self, right: bool) {
        *self = Self(self.0 + usize::from(right), self.1 + 1);
    }

    fn percent(self) -> f64 {
        100.0 * self.0 as f64 / self.1 as f64
    }
}

fn table(head: &[&str], rows: &[Vec<String>]) {
    println!("\n| {} |\n|{}", head.join(" | "), "---|".repeat(head.len()));
    rows.iter().for_each(|row| println!("| {} |", row.join(" | ")));
}

/// Prints the tables.
pub fn report(data: &Data, folders: &[&str]) {
    let mut unknown = BTreeSet::new();
    let mut all = vec![ours(data)];
    all.extend(folders.iter().map(|folder| theirs(data, Path::new(folder), &mut unknown)));
    println!("{} paragraphs, percent whose decoded text is the text", data.paragraphs.len());
    let rows: Vec<_> = all.iter().map(|texts| paragraphs(texts, &data.paragraphs)).collect();
    let pick = |rows: &[Vec<String>], columns: std::ops::Range<usize>| -> Vec<Vec<String>> {
        rows.iter().map(|row| [&row[..1], &row[columns.clone()]].concat()).collect()
    };
    let lengths = 1..3 + BUCKETS.len();
    table(&[&["", "all", "mean of encodings"][..], &BUCKETS].concat(), &pick(&rows, lengths.clone()));
    let mut sizes = [0; FAMILIES.len()];
    data.paragraphs.iter().for_each(|p| sizes[family(&p.encoding)] += 1);
    let heads: Vec<String> = FAMILIES.iter().zip(sizes).map(|((name, _), size)| format!("{name} ({size})")).collect();
    let heads: Vec<&str> = std::iter::once("").chain(heads.iter().map(String::as_str)).collect();
    table(&heads, &pick(&rows, lengths.end..lengths.end + FAMILIES.len()));
    println!("\n{} mixed files, percent of paragraphs right", data.mixed.len());
    let head = ["", "whole files", "with UTF-16 in them", "others", "files all right", "asked paragraph by paragraph"];
    table(&head, &all.iter().map(|texts| mixed(texts, data)).collect::<Vec<_>>());
    if !unknown.is_empty() {
        println!("\nlabels that are no encoding, taken as wrong: {unknown:?}");
    }
}

fn paragraphs(texts: &Texts, gold: &[Paragraph]) -> Vec<String> {
    let mut all = Tally::default();
    let mut lengths = [Tally::default(); BUCKETS.len()];
    let mut families = [Tally::default(); FAMILIES.len()];
    let mut encodings: BTreeMap<&str, Tally> = BTreeMap::new();
    for (text, gold) in texts.paragraphs.iter().zip(gold) {
        let right = norm(text) == norm(&gold.text);
        all.add(right);
        lengths[gold.bucket].add(right);
        families[family(&gold.encoding)].add(right);
        encodings.entry(&gold.encoding).or_default().add(right);
    }
    let mean = encodings.values().map(|t| t.percent()).sum::<f64>() / encodings.len() as f64;
    let numbers = [all.percent(), mean].into_iter();
    let numbers = numbers.chain(lengths.into_iter().chain(families).map(Tally::percent));
    std::iter::once(texts.name.clone()).chain(numbers.map(|n| format!("{n:.2}"))).collect()
}

/// A paragraph is right when its text stands as a line, in order, in the text of the file.
fn mixed(texts: &Texts, data: &Data) -> Vec<String> {
    let [mut all, mut utf16, mut others, mut whole, mut parts] = [Tally::default(); 5];
    let mut read = texts.parts.iter();
    for (file, text) in data.mixed.iter().zip(&texts.files) {
        let lines: Vec<String> = text.split('\n').map(norm).collect();
        let (mut at, before) = (0, all);
        let kind = if file.about.kind == "utf16splice" { &mut utf16 } else { &mut others };
        for part in &file.about.paras {
            let wanted = norm(&part.text);
            let found = lines[at..].iter().position(|line| *line == wanted);
            at += found.map_or(0, |place| place + 1);
            all.add(found.is_some());
            kind.add(found.is_some());
            parts.add(read.next().is_some_and(|text| norm(text) == wanted));
        }
        whole.add(all.0 - before.0 == all.1 - before.1);
    }
    let numbers = [all, utf16, others, whole, parts].map(|t| format!("{:.2}", t.percent()));
    std::iter::once(texts.name.clone()).chain(numbers).collect()
}
