//! The training text, cleaned, by script and label.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use anyhow::{Context, Result};
use babelsift::lang::ngram::writing_system;
use babelsift::script::{Script, runs, script_of};

/// How much a label counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tier {
    Common,
    Usual,
    Dialect,
    /// Another language than those of the head, and no language.
    Unknown,
    Noise,
}

pub struct Label {
    pub name: String,
    pub tier: Tier,
    pub lines: Vec<String>,
    pub bytes: usize,
}

/// Labels from which on a head has an answer for languages that are none of them.
const CROWDED: usize = 10;

/// Bytes of text from which on a head knows its letters well enough to tell what is no language.
const AMPLE: usize = 300_000;

/// The labels among which a script leaves the choice.
pub struct Head {
    pub name: String,
    pub script: Script,
    /// Languages; after them, where there is enough to tell them by, `und` and `zxx`.
    pub labels: Vec<Label>,
    /// How many of the labels are languages.
    pub real: usize,
    /// Its frequent letters.
    pub letters: Vec<char>,
}

pub struct Corpus {
    pub heads: Vec<Head>,
}

/// What becomes of the labels of the training text that are not just one of many.
const LABELS: &str = include_str!("labels.tsv");

/// A row of the table: the label, what becomes of it, for `into` the other label, and why.
fn rule(label: &str) -> (&'static str, &'static str) {
    let mut rows = LABELS.lines().filter(|l| !l.starts_with('#')).map(|l| l.split('\t'));
    let own = rows.find_map(|mut row| (row.next() == Some(label)).then_some(row));
    own.map_or(("usual", ""), |mut row| (row.next().unwrap_or("usual"), row.next().unwrap_or("")))
}

impl Corpus {
    /// Reads the text of the folders `train` and `train_flores_dev`, a file a label.
    pub fn read(dir: &Path) -> Result<Self> {
        let mut labels = read_labels(&read_files(dir)?)?;
        transliterate_serbian(&mut labels);
        drop_shared(&mut labels);
        let mut heads: BTreeMap<&str, Head> = BTreeMap::new();
        for mut label in labels.into_values() {
            label.bytes = label.lines.iter().map(String::len).sum();
            let script = writing_system(script_of_label(&label.name)?);
            heads.entry(script.code()).or_insert_with(|| Head::new(script)).labels.push(label);
        }
        let mut heads: Vec<Head> = heads.into_values().collect();
        heads.iter_mut().for_each(Head::complete);
        Ok(Self { heads })
    }
}

fn script_of_label(name: &str) -> Result<Script> {
    name.split('_').nth(1).and_then(Script::from_code).with_context(|| format!("{name} is no label"))
}

/// The text of each file, by its name.
fn read_files(dir: &Path) -> Result<BTreeMap<String, String>> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for folder in ["train", "train_flores_dev"] {
        let folder = dir.join(folder);
        for entry in fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))? {
            let path = entry?.path();
            let name = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
            let text = texts.entry(name).or_default();
            text.push_str(&fs::read_to_string(&path)?);
            text.push('\n');
        }
    }
    Ok(texts)
}

/// The lines of each label, with what the table says.
fn read_labels(texts: &BTreeMap<String, String>) -> Result<BTreeMap<String, Label>> {
    let mut labels: BTreeMap<String, Label> = BTreeMap::new();
    for (name, text) in texts {
        let (target, tier) = match rule(name) {
            ("common", _) => (name.as_str(), Tier::Common),
            ("dialect", _) => (name.as_str(), Tier::Dialect),
            ("into", other) => (other, Tier::Dialect),
            ("out", _) => continue,
            _ => (name.as_str(), Tier::Usual),
        };
        let script = script_of_label(name)?;
        let label = labels.entry(target.to_owned()).or_insert_with(|| Label::new(target.to_owned(), tier));
        if target == name {
            label.tier = tier;
        }
        label.lines.extend(text.lines().filter(|l| mostly(l, script)).map(str::to_owned));
    }
    Ok(labels)
}

impl Label {
    fn new(name: String, tier: Tier) -> Self {
        Self { name, tier, lines: Vec::new(), bytes: 0 }
    }
}

impl Head {
    fn new(script: Script) -> Self {
        Self { name: script.code().to_owned(), script, labels: Vec::new(), real: 0, letters: Vec::new() }
    }

    /// Adds the answers that are no language.
    fn complete(&mut self) {
        self.real = self.labels.len();
        let mut counts: BTreeMap<char, usize> = BTreeMap::new();
        for c in self.labels.iter().flat_map(|l| l.lines.iter().take(500)).flat_map(|l| l.chars()) {
            if c.is_alphabetic() && writing_system(script_of(c)) == self.script {
                *counts.entry(c.to_lowercase().next().unwrap_or(c)).or_default() += 1;
            }
        }
        let total: usize = counts.values().sum();
        self.letters = counts.into_iter().filter(|(_, n)| n * 3000 > total).map(|(c, _)| c).collect();
        // Where the script tells the language, another language can only be told by its words.
        if self.real >= CROWDED {
            self.labels.push(Label::new(format!("und_{}", self.name), Tier::Unknown));
        }
        let bytes: usize = self.labels.iter().map(|l| l.bytes).sum();
        if self.real >= CROWDED || bytes >= AMPLE {
            self.labels.push(Label::new("zxx_Zxxx".to_owned(), Tier::Noise));
        }
    }
}

/// True when most letters are of the script.
fn mostly(line: &str, script: Script) -> bool {
    let mut found = Vec::new();
    runs(line, &mut found);
    let all: usize = found.iter().map(|r| r.letters).sum();
    let own: usize =
        found.iter().filter(|r| writing_system(r.script) == writing_system(script)).map(|r| r.letters).sum();
    own >= 2 && own * 2 > all
}

/// Lines that several labels share: untranslated messages are English; others tell nothing.
fn drop_shared(labels: &mut BTreeMap<String, Label>) {
    let key = |line: &str| {
        let mut hasher = DefaultHasher::new();
        let letters: String = line.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
        letters.hash(&mut hasher);
        hasher.finish()
    };
    // Labels with the line: how many, and whether English is one.
    let mut seen: HashMap<u64, (u32, bool, u32)> = HashMap::new();
    for (at, label) in labels.values().enumerate() {
        let english = label.name == "eng_Latn";
        for line in &label.lines {
            let entry = seen.entry(key(line)).or_insert((0, false, u32::MAX));
            if entry.2 != at as u32 {
                *entry = (entry.0 + 1, entry.1 || english, at as u32);
            }
        }
    }
    for label in labels.values_mut() {
        let english = label.name == "eng_Latn";
        label.lines.retain(|line| {
            let (count, has_english, _) = seen[&key(line)];
            count == 1 || (has_english && english) || (!has_english && count <= 3)
        });
    }
}

/// Serbian in Latin letters: half of its own text is a Bible, which was decoded wrongly (`reèe` for `reče`) and is in the
/// Ijekavian that tells Croatian. That is left out; the Cyrillic text is read in Latin letters instead.
fn transliterate_serbian(labels: &mut BTreeMap<String, Label>) {
    let Some(cyrillic) = labels.get("srp_Cyrl").map(|l| l.lines.clone()) else { return };
    let Some(latin) = labels.get_mut("srp_Latn") else { return };
    let read: Vec<String> = cyrillic.iter().map(|line| line.chars().map(latin_of).collect()).collect();
    let is_wrong = |line: &&String| line.contains(['æ', 'è', 'ð']);
    let mut biblical: HashSet<String> = latin.lines.iter().filter(is_wrong).flat_map(|l| words(l)).collect();
    for word in read.iter().flat_map(|l| words(l)) {
        biblical.remove(&word);
    }
    latin.lines.retain(|line| {
        let count = words(line).filter(|w| biblical.contains(w)).count();
        !is_wrong(&line) && count * 6 < words(line).count()
    });
    latin.lines.extend(read);
}

fn words(line: &str) -> impl Iterator<Item = String> {
    line.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).map(str::to_lowercase)
}

fn latin_of(c: char) -> String {
    const PAIRS: [(char, &str); 30] = [
        ('а', "a"),
        ('б', "b"),
        ('в', "v"),
        ('г', "g"),
        ('д', "d"),
        ('ђ', "đ"),
        ('е', "e"),
        ('ж', "ž"),
        ('з', "z"),
        ('и', "i"),
        ('ј', "j"),
        ('к', "k"),
        ('л', "l"),
        ('љ', "lj"),
        ('м', "m"),
        ('н', "n"),
        ('њ', "nj"),
        ('о', "o"),
        ('п', "p"),
        ('р', "r"),
        ('с', "s"),
        ('т', "t"),
        ('ћ', "ć"),
        ('у', "u"),
        ('ф', "f"),
        ('х', "h"),
        ('ц', "c"),
        ('ч', "č"),
        ('џ', "dž"),
        ('ш', "š"),
    ];
    let lower = c.to_lowercase().next().unwrap_or(c);
    PAIRS.iter().find(|(k, _)| *k == lower).map_or_else(|| c.to_string(), |(_, v)| (*v).to_owned())
}
