//! How fast engines answer: processor time of one thread, rounds interleaved over engines.

use std::hint::black_box;

use babelsift::script::{Script, main_script};

use crate::clock;
use crate::common::{CHINESE, ENGLISH, FRENCH, HINDI, JAPANESE, KOREAN, Kind, RUSSIAN, VIETNAMESE, cut, lines, total};
use crate::contender::{Contender, Memory};
use crate::sets::{Set, Sets};
use crate::table;

/// Lines and paragraphs of a set.
const LINES: usize = 4000;
const PARAGRAPHS: usize = 600;
/// Bytes of a paragraph at least.
const PARAGRAPH: usize = 1000;
/// Seconds that a measurement takes at least, and about at most: who is slow gets a part of the lines.
const SECONDS: (f64, f64) = (0.2, 1.0);

/// Texts to answer.
pub struct Texts {
    pub name: &'static str,
    pub texts: Vec<String>,
}

/// Lines of every language, paragraphs of every language, and lines of about 160 bytes of some languages.
pub fn texts(sets: &Sets) -> Vec<Texts> {
    let dev = sets.lines(Set::Dev);
    let every = |count: usize, all: Vec<String>| -> Vec<String> {
        let step = (all.len() / count).max(1);
        all.into_iter().step_by(step).take(count).collect()
    };
    let (short, long): (Vec<String>, Vec<String>) = if dev.is_empty() {
        let kinds = [ENGLISH, FRENCH, VIETNAMESE, RUSSIAN, HINDI, CHINESE, JAPANESE, KOREAN];
        let texts: Vec<(usize, Vec<String>)> = kinds.iter().map(|k| lines(*k)).enumerate().collect();
        let flat = || texts.iter().flat_map(|(i, lines)| lines.iter().map(move |l| (*i, l.as_str())));
        (flat().map(|(_, l)| l.to_owned()).collect(), paragraphs(flat()))
    } else {
        (dev.iter().map(|g| g.text.clone()).collect(), paragraphs(dev.iter().map(|g| (&g.label, g.text.as_str()))))
    };
    let mut all = vec![
        Texts { name: "lines", texts: every(LINES, short) },
        Texts { name: "paragraphs", texts: every(PARAGRAPHS, long) },
    ];
    let in_turn: [(&str, &[Kind]); 4] = [
        ("Latin", &[ENGLISH, FRENCH, VIETNAMESE]),
        ("Russian", &[RUSSIAN]),
        ("Japanese", &[JAPANESE]),
        ("eight languages", &[ENGLISH, FRENCH, VIETNAMESE, RUSSIAN, HINDI, CHINESE, JAPANESE, KOREAN]),
    ];
    all.extend(in_turn.map(|(name, kinds)| Texts { name, texts: alternating(kinds) }));
    all
}

/// Lines that follow each other and belong together, joined until they are long.
fn paragraphs<'a, K: PartialEq>(lines: impl Iterator<Item = (K, &'a str)>) -> Vec<String> {
    let (mut out, mut current) = (Vec::new(), String::new());
    let mut last = None;
    for (kind, line) in lines {
        if last.as_ref() != Some(&kind) {
            (current, last) = (String::new(), Some(kind));
        }
        if !current.is_empty() {
            current.push(' ');
        }
        current.push_str(line);
        if current.len() > PARAGRAPH {
            out.push(std::mem::take(&mut current));
        }
    }
    out
}

/// Lines of about 160 bytes of these languages, in turn, as a web page from anywhere would come after another.
fn alternating(kinds: &[Kind]) -> Vec<String> {
    let per_kind: Vec<Vec<String>> = kinds.iter().map(|k| cut(&lines(*k), 160)).collect();
    let longest = per_kind.iter().map(Vec::len).max().unwrap_or(0);
    (0..longest.min(200)).flat_map(|i| per_kind.iter().map(move |own| own[i % own.len()].clone())).collect()
}

/// Answers a text; its script is given to those who do not find it themselves.
type Answer<'a> = Box<dyn FnMut(&str, Script) + 'a>;

/// Something that answers.
struct Row<'a> {
    name: String,
    answer: Answer<'a>,
}

fn rows<'a>(contenders: &'a [Contender], with_parts: bool) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'a>> = Vec::new();
    for contender in contenders {
        let mut memory = Memory::default();
        let whole = move |text: &str, _| {
            black_box(contender.guess(text, &mut memory));
        };
        rows.push(Row { name: contender.name.clone(), answer: Box::new(whole) });
        if with_parts {
            let mut memory = Memory::default();
            let alone = move |text: &str, script| {
                let engine = contender.identify.engine();
                black_box(engine.identify(text, script, &mut memory.scratch));
            };
            rows.push(Row { name: format!("{}, script given", contender.name), answer: Box::new(alone) });
        }
    }
    #[cfg(feature = "whatlang")]
    if with_parts {
        let detector = whatlang::Detector::new();
        let direct = move |text: &str, _| {
            black_box(detector.detect(text));
        };
        rows.push(Row { name: "crate whatlang, called directly".to_owned(), answer: Box::new(direct) });
    }
    rows
}

/// MB/s of a row on every so many-th text, passed over so often.
fn measure(row: &mut Row<'_>, texts: &[(&str, Script)], step: usize, passes: usize) -> f64 {
    let start = clock::now();
    for _ in 0..passes {
        texts.iter().step_by(step).for_each(|(text, script)| (row.answer)(text, *script));
    }
    let bytes: usize = texts.iter().step_by(step).map(|(text, _)| text.len()).sum();
    (bytes * passes) as f64 / 1e6 / (clock::now() - start).max(1e-9)
}

/// Prints the table; `raw`: a line for each engine with its speed on lines and on paragraphs, for programs to read.
pub fn report(contenders: &[Contender], sets: &Sets, rounds: usize, raw: bool) {
    let mut texts = texts(sets);
    texts.truncate(if raw { 2 } else { texts.len() });
    let scripts: Vec<Vec<Script>> =
        texts.iter().map(|t| t.texts.iter().map(|text| main_script(text)).collect()).collect();
    let pairs = |i: usize| -> Vec<(&str, Script)> {
        texts[i].texts.iter().map(String::as_str).zip(scripts[i].iter().copied()).collect()
    };
    let mut rows = rows(contenders, !raw);
    let mut speeds = vec![vec![Vec::new(); texts.len()]; rows.len()];
    for i in 0..texts.len() {
        let pairs = pairs(i);
        let sizes: Vec<(usize, usize)> = rows.iter_mut().map(|row| size(row, &pairs)).collect();
        for _ in 0..rounds {
            for ((row, (step, passes)), speeds) in rows.iter_mut().zip(&sizes).zip(&mut speeds) {
                speeds[i].push(measure(row, &pairs, *step, *passes));
            }
        }
    }
    if raw {
        for (row, speeds) in rows.iter().zip(&speeds) {
            println!("{}\t{:.4}\t{:.4}", row.name, clock::median(&speeds[0]), clock::median(&speeds[1]));
        }
        return;
    }
    print(&texts, &rows, &speeds, rounds);
}

/// How much a row is measured on: every so many-th text, so many times.
fn size(row: &mut Row<'_>, texts: &[(&str, Script)]) -> (usize, usize) {
    let bytes = texts.iter().map(|(text, _)| text.len()).sum::<usize>() as f64 / 1e6;
    // The first measurement also warms up.
    let seconds = bytes / measure(row, texts, 20.min(texts.len()), 1);
    (((seconds / SECONDS.1).ceil() as usize).max(1), ((SECONDS.0 / seconds).ceil() as usize).clamp(1, 10_000))
}

fn print(texts: &[Texts], rows: &[Row<'_>], speeds: &[Vec<Vec<f64>>], rounds: usize) {
    println!("\nspeed: MB/s, one thread, {}, median of {rounds} interleaved rounds (slowest to fastest)", clock::KIND);
    for (i, t) in texts.iter().enumerate().take(2) {
        let bytes = total(&t.texts);
        let mean = bytes / t.texts.len().max(1);
        println!("{}{}: {} of {mean} bytes on average", if i > 0 { "" } else { "\n" }, t.name, t.texts.len());
    }
    println!();
    table::head(&["engine"].into_iter().chain(texts.iter().map(|t| t.name)).collect::<Vec<_>>());
    for (row, speeds) in rows.iter().zip(speeds) {
        let cell = |speeds: &Vec<f64>| {
            let slowest = speeds.iter().copied().fold(f64::INFINITY, f64::min);
            let fastest = speeds.iter().copied().fold(0.0, f64::max);
            let [middle, slowest, fastest] = [clock::median(speeds), slowest, fastest].map(table::speed);
            format!("{middle} ({slowest} to {fastest})")
        };
        table::row(&[row.name.clone()].into_iter().chain(speeds.iter().map(cell)).collect::<Vec<_>>());
    }
}
