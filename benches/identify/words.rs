//! Single words, the hardest text there is: one set for 75 languages, made of the lines that nobody learnt from.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;

use babelsift::script::{Script, script_of};

use crate::accuracy::with_answers;
use crate::score::{Gold, Scored, merged};
use crate::sets::{Entry, Set, Sets};
use crate::table;

/// The languages of `lingua`, as classes of the merged figures.
const LANGUAGES: &str = "afr ara aze bel ben bos bul cat ces cym dan deu ell eng epo est eus fas fin fra gle guj heb \
    hin hrv hun hye ind isl ita jpn kat kaz kor lat lav lit lug mar mkd mon mri msa nld nno nob pan pol por ron rus \
    slk slv sna som sot spa sqi srp swa swe tam tel tgl tha tsn tso tur ukr urd vie xho yor zho zul";

/// Words of a language in the set at most, and at least: a language with fewer is left out.
const MOST: usize = 200;
const LEAST: usize = 50;

/// Characters of a word.
const LENGTH: std::ops::RangeInclusive<usize> = 5..=20;

/// Words that stand in the lines of one language only and, where the training text has them, are most frequent in that
/// language. The choice among them is as good as random, and always the same.
pub fn choose(dev: &[Gold]) -> Vec<Gold> {
    let languages: Vec<&str> = LANGUAGES.split_ascii_whitespace().collect();
    let place = |label: &str| languages.iter().position(|l| *l == merged(label));
    let mut homes: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for gold in dev.iter().filter(|g| !g.source.ends_with("-heldout")) {
        let Some(home) = place(&gold.label) else { continue };
        for word in gold.text.split_whitespace().map(bare).filter(|w| is_word(w)) {
            homes.entry(word).or_default().insert(home);
        }
    }
    let usual = Usual::read(&homes, languages.len(), place);
    let mut chosen: Vec<Vec<&str>> = vec![Vec::new(); languages.len()];
    for (word, homes) in &homes {
        let home = homes.first().copied().unwrap_or_default();
        if homes.len() == 1 && usual.is_most_often(word, home) {
            chosen[home].push(word);
        }
    }
    let mut lines = Vec::new();
    for (language, mut words) in languages.iter().zip(chosen) {
        words.sort_by_key(|w| (hash(w), *w));
        let enough = if words.len() < LEAST { 0 } else { MOST };
        let line = |w: &&str| Gold { label: (*language).to_owned(), text: (*w).to_owned(), source: "words".to_owned() };
        lines.extend(words.iter().take(enough).map(line));
    }
    lines
}

/// A word without the punctuation around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !is_letter(c))
}

fn is_letter(c: char) -> bool {
    // Marks belong to words of many scripts and are no letters to Unicode, but they have a script.
    c.is_alphabetic() || (!c.is_ascii() && !c.is_numeric() && script_of(c) != Script::ZYYY)
}

/// Letters only, and no capital: names are nobody's words.
fn is_word(word: &str) -> bool {
    LENGTH.contains(&word.chars().count()) && word.chars().all(|c| is_letter(c) && !c.is_uppercase())
}

/// FNV-1a: mixes the order of words, the same everywhere.
fn hash(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3))
}

/// How often words stand in the training text of each language.
struct Usual<'a> {
    seen: HashMap<&'a str, Vec<u32>>,
    /// All words of a language there.
    total: Vec<f64>,
}

impl<'a> Usual<'a> {
    /// Counts in `BABELSIFT_TRAIN/<label>.txt`, if there is such a folder.
    fn read<T>(words: &BTreeMap<&'a str, T>, languages: usize, place: impl Fn(&str) -> Option<usize>) -> Self {
        let mut usual = Self { seen: HashMap::new(), total: vec![0.0; languages] };
        let Some(folder) = std::env::var_os("BABELSIFT_TRAIN").map(PathBuf::from) else {
            if !words.is_empty() {
                eprintln!("BABELSIFT_TRAIN is not set: words are not checked against training text");
            }
            return usual;
        };
        usual.seen = words.keys().map(|word| (*word, Vec::new())).collect();
        let mut files: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        for file in files {
            let label = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let Some(language) = place(&label) else { continue };
            let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
            for word in text.split_whitespace().map(bare) {
                usual.total[language] += 1.0;
                if let Some(counts) = usual.seen.get_mut(word) {
                    counts.resize(languages, 0);
                    counts[language] += 1;
                }
            }
        }
        usual
    }

    /// True too for a word that was not seen at all.
    fn is_most_often(&self, word: &str, language: usize) -> bool {
        let Some(counts) = self.seen.get(word).filter(|c| !c.is_empty()) else { return true };
        let rate = |l: usize| f64::from(counts[l]) / self.total[l].max(1.0);
        (0..counts.len()).all(|l| l == language || rate(l) < rate(language))
    }
}

/// Prints the share of words that each engine knows.
pub fn report(entries: &[Entry], sets: &Sets) {
    let gold = sets.lines(Set::Words);
    if gold.is_empty() {
        println!("\nwords: skipped, BABELSIFT_DATA is not set or little is measured");
        return;
    }
    let languages: BTreeSet<&str> = gold.iter().map(|g| g.label.as_str()).collect();
    let missing: Vec<&str> = LANGUAGES.split_ascii_whitespace().filter(|l| !languages.contains(l)).collect();
    println!("\nsingle words, {} of {} languages: percent right, mean of the languages", gold.len(), languages.len());
    println!("left out, under {LEAST} words: {}", missing.join(" "));
    table::head(&["engine", "right", "of what is answered", "answered", "weakest languages"]);
    for (entry, answers) in with_answers(entries, Set::Words) {
        let mut each = Scored::new(gold, answers).recalls();
        let mean = each.iter().map(|(_, recall)| recall).sum::<f64>() / each.len() as f64;
        let answered = 100.0 * answers.iter().filter(|a| !a.is_none()).count() as f64 / gold.len() as f64;
        let right: f64 = 100.0 * Scored::new(gold, answers).right_scores(|_| true).len() as f64 / gold.len() as f64;
        each.sort_by(|a, b| a.1.total_cmp(&b.1));
        let weakest: Vec<String> = each.iter().take(8).map(|(l, recall)| format!("{l} {recall:.0}")).collect();
        let cells = [mean, 100.0 * right / answered, answered].map(table::one);
        table::row(&[vec![entry.name.clone()], cells.to_vec(), vec![weakest.join(", ")]].concat());
    }
}
