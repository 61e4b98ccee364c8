//! What stands in another script than its line: names and terms stay, sentences are parted.

use std::cmp::Ordering;
use std::ops::Range;

use super::marks::{HOST, Kind, Marked, kind};
use crate::script::{Run, Script, han_variants, is_letter, runs};

/// Letters and words that make a foreign stretch between sentence ends a sentence.
const SENTENCE: (usize, usize) = (10, 2);

/// Letters and longer words that make one of a stretch that only begins as sentences do.
const STRAY: (usize, usize) = (20, 2);

/// A foreign stretch in brackets, mostly a name in its own script, needs so many words more.
const BRACKETS: usize = 2;

/// So many letters of names say as much for the host as one of other words.
const NAMES: usize = 4;

/// So much, in halves, do letters say that are of the script at both ends of the line.
const AROUND: usize = 3;

/// Letters from which on a stretch is no name.
const LONG: usize = 100;

/// Bytes of Han alone from which on it is no Japanese: a sentence of twelve characters has kana in it.
const SENTENCE_OF_HAN: usize = 36;

/// Memory of the division.
#[derive(Debug, Default)]
pub(super) struct Memory {
    line: Vec<Run>,
    marked: Marked,
}

/// Divides a text into stretches of one script each, line by line; a foreign stretch of fewer words than `least` inside a
/// sentence stays. Han is left undecided where there is nothing else.
pub(super) fn divide(text: &str, least: usize, memory: &mut Memory, out: &mut Vec<Run>) {
    out.clear();
    let Memory { line, marked } = memory;
    if memchr::memchr(b'\n', text.as_bytes()).is_none() {
        return divide_line(text, least, marked, out);
    }
    let mut start = 0;
    for own in text.split_inclusive('\n') {
        divide_line(own, least, marked, line);
        for run in line.drain(..) {
            let run = Run { start: start + run.start, end: start + run.end, ..run };
            match out.last_mut() {
                Some(last) if joins(last.script, run.script) => {
                    last.script = if last.script == Script::ZYYY { run.script } else { last.script };
                    (last.end, last.letters) = (run.end, last.letters + run.letters);
                }
                _ => out.push(run),
            }
        }
        start += own.len();
    }
}

/// Lines of one script are one stretch, and so is what has no letters with what stands beside it.
fn joins(a: Script, b: Script) -> bool {
    a == b || a == Script::ZYYY || b == Script::ZYYY
}

/// All of a text as one stretch of the script that most of it is in.
pub(super) fn whole(text: &str, out: &mut Vec<Run>) {
    runs(text, out);
    if out.len() > 1 {
        let script = most(out.iter().map(|run| (run.script, weight(run.script, run.letters))));
        *out = vec![Run { start: 0, end: text.len(), script, letters: out.iter().map(|r| r.letters).sum() }];
    }
}

fn divide_line(text: &str, least: usize, marked: &mut Marked, out: &mut Vec<Run>) {
    runs(text, out);
    if out.len() < 2 {
        return;
    }
    marked.find(text);
    let host = host(text, out, &marked.spans);
    for run in out.iter_mut() {
        if run.script != host && !stands_alone(text, run, least) {
            run.script = host;
        }
    }
    out.dedup_by(|next, run| {
        let same = next.script == run.script;
        if same {
            run.end = next.end;
            run.letters += next.letters;
        }
        same
    });
    snap(text, host, &marked.spans, out);
}

/// Gives foreign stretches that are all of a quotation or bracket its marks, and nothing after them but what ends a sentence.
fn snap(text: &str, host: Script, marked: &[Range<usize>], runs: &mut [Run]) {
    let mut spans = marked.iter().peekable();
    for at in 0..runs.len() {
        let run = runs[at];
        let own = &text[run.start..run.end];
        let (Some(first), Some(last)) = (own.find(is_letter), own.rfind(is_letter)) else { continue };
        if run.script == host {
            continue;
        }
        while spans.next_if(|span| span.end <= run.start + last).is_some() {}
        let Some(span) = spans.peek() else { break };
        let before = at.checked_sub(1).map(|before| &runs[before]);
        let after = runs.get(at + 1);
        let from = before.map_or(0, |before| after_last_letter(text, before));
        let to = after.map_or(text.len(), |after| after.start + text[after.start..].find(is_letter).unwrap_or(0));
        if span.start < from || span.start > run.start + first || span.end > to {
            continue;
        }
        let rest = &text[span.end..to];
        let ends = rest.chars().next().is_some_and(|c| kind(c).is_end());
        let spaces = rest.len() - rest.trim_start_matches(|c| kind(c) == Kind::Space).len();
        if at > 0 {
            (runs[at - 1].end, runs[at].start) = (span.start, span.start);
        }
        if !ends && at + 1 < runs.len() {
            (runs[at].end, runs[at + 1].start) = (span.end + spaces, span.end + spaces);
        }
    }
}

/// Where the last letter of a stretch ends.
fn after_last_letter(text: &str, run: &Run) -> usize {
    run.start + text[run.start..run.end].trim_end_matches(|c| !is_letter(c)).len()
}

fn stands_alone(text: &str, run: &Run, least: usize) -> bool {
    let own = &text[run.start..run.end];
    let words = Words::of(own, run);
    let before = text[..run.start].trim_end_matches(' ');
    let (begins, ends) = (before.is_empty() || ends(before), run.end == text.len() || ends(own));
    if begins && ends && run.letters >= SENTENCE.0 && words.all >= SENTENCE.1 {
        return true;
    }
    // A line that strayed into the text has no mark behind it.
    if begins && run.letters >= STRAY.0 && words.long >= STRAY.1 && !words.are_names() {
        return true;
    }
    let least = if own.starts_with('(') || before.ends_with('(') { least + BRACKETS } else { least };
    words.all >= least && words.lower >= 2 && !words.are_names()
}

/// The words of a stretch.
#[derive(Clone, Copy, Default)]
struct Words {
    all: usize,
    /// That begin with no capital, and of these those that are longer than what stands in titles (of, the, and).
    lower: usize,
    long: usize,
}

/// Letters of the longest word that stands in titles without a capital.
const SHORT: usize = 3;

impl Words {
    fn of(own: &str, run: &Run) -> Self {
        if run.script.is_unspaced() {
            let all = run.letters / 2;
            return Self { all, lower: all, long: all };
        }
        own.split_whitespace().fold(Self::default(), |mut sum, word| {
            let mut letters = word.chars().filter(|c| is_letter(*c));
            let Some(first) = letters.next() else { return sum };
            let lower = !first.is_uppercase();
            sum.all += 1;
            sum.lower += usize::from(lower);
            sum.long += usize::from(lower && letters.take(SHORT).count() == SHORT);
            sum
        })
    }

    /// Names and titles have a capital in every word, or nearly.
    fn are_names(self) -> bool {
        let capitals = self.all - self.lower;
        self.lower == 0 || capitals > self.lower + 1 || (self.long == 0 && capitals > self.lower)
    }
}

/// True if a text ends with the end of a sentence; the marks of a quotation or bracket may stand behind it.
pub(super) fn ends(text: &str) -> bool {
    let closes = |c| matches!(c, '\'' | '’') || kind(c).is_mark() || kind(c) == Kind::Space;
    ends_plainly(text.trim_end_matches(closes))
}

/// True if a text ends with the end of a sentence, and nothing but spaces behind it.
pub(super) fn ends_plainly(text: &str) -> bool {
    text.trim_end_matches(|c| kind(c) == Kind::Space).chars().next_back().is_some_and(|c| kind(c).is_end())
}

/// The script that the line is in: that of most letters outside of marks, if there are any but names; else of most letters,
/// those of names and between marks told less, and those of the script that it begins and ends in more.
fn host(text: &str, runs: &[Run], marked: &[Range<usize>]) -> Script {
    let mut marked = marked.iter().peekable();
    let (mut outside, mut all) = (Vec::with_capacity(runs.len()), Vec::with_capacity(runs.len()));
    let around = runs[0].script;
    let around = (around == runs[runs.len() - 1].script).then_some(around);
    for run in runs {
        let letters = outside_letters(text, run, &mut marked);
        let words = if run.letters < LONG { Words::of(&text[run.start..run.end], run) } else { Words::default() };
        let names = run.letters < LONG && words.are_names();
        // The first word of a line has a capital always.
        let is_first = words.all == 1 && run.start == 0;
        let factor = if names && !is_first { 1 } else { NAMES } * if around == Some(run.script) { AROUND } else { 2 };
        let share = |letters: usize| weight(run.script, letters) * factor;
        outside.push((run.script, share(letters), names));
        all.push((run.script, share(letters) * NAMES + share(run.letters - letters)));
    }
    let plain = outside.iter().filter(|(_, _, names)| !names).map(|(_, weight, _)| weight).sum::<usize>();
    if plain >= HOST as usize * NAMES * 2 {
        most(outside.into_iter().map(|(script, weight, _)| (script, weight)))
    } else {
        most(all.into_iter())
    }
}

/// How many letters of a stretch stand outside of marks.
fn outside_letters<'m>(
    text: &str,
    run: &Run,
    marked: &mut std::iter::Peekable<impl Iterator<Item = &'m Range<usize>>>,
) -> usize {
    let (mut at, mut letters) = (run.start, run.letters);
    while let Some(span) = marked.peek() {
        let (start, end) = (span.start.max(at), span.end.min(run.end));
        if start < end {
            letters -= text[start..end].chars().filter(|c| is_letter(*c)).count().min(letters);
        }
        if span.end > run.end {
            break;
        }
        at = at.max(span.end);
        marked.next();
    }
    letters
}

/// A Han character or a syllable block says as much as two letters.
pub(super) fn weight(script: Script, letters: usize) -> usize {
    letters * if matches!(script, Script::HANI | Script::JPAN | Script::KORE) { 2 } else { 1 }
}

/// The script of the greatest weight, the first of equals.
fn most(all: impl Iterator<Item = (Script, usize)>) -> Script {
    let mut totals: Vec<(Script, usize)> = Vec::new();
    for (own, weight) in all {
        match totals.iter_mut().find(|(script, _)| *script == own) {
            Some((_, total)) => *total += weight,
            None => totals.push((own, weight)),
        }
    }
    totals.into_iter().fold((Script::ZYYY, 0), |best, own| if own.1 > best.1 { own } else { best }).0
}

/// Tells which of the writing systems that use Han each Han part of a document is in: by its own characters, else by
/// the document's.
pub(super) fn resolve_han<'t>(parts: &mut [(&'t str, &'t mut Script)]) {
    let (mut kana, mut han, mut all) = (0, 0, (0, 0));
    for (text, script) in parts.iter() {
        match **script {
            Script::JPAN => kana += text.len(),
            Script::HANI => {
                let (s, t) = han_variants(text);
                (han, all) = (han + text.len(), (all.0 + s, all.1 + t));
            }
            _ => {}
        }
    }
    let decide = |(simplified, traditional): (usize, usize)| match simplified.cmp(&traditional) {
        Ordering::Greater => Some(Script::HANS),
        Ordering::Less => Some(Script::HANT),
        Ordering::Equal => None,
    };
    for (text, script) in parts.iter_mut().filter(|(_, script)| **script == Script::HANI) {
        let chinese = || decide(han_variants(text)).or_else(|| decide(all)).unwrap_or(Script::HANI);
        **script = if kana > han && text.len() < SENTENCE_OF_HAN { Script::JPAN } else { chinese() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn divided(text: &str) -> Vec<(&'static str, &str)> {
        let mut out = Vec::new();
        divide(text, 4, &mut Memory::default(), &mut out);
        out.iter().map(|r| (r.script.code(), &text[r.start..r.end])).collect()
    }

    #[test]
    fn names_and_terms_stay_with_their_host() {
        for text in [
            "Установите Microsoft Office 365 на новый ноутбук и войдите в систему.",
            "新しいiPhone 15 Proを買いました。",
            "The word «правда» means truth.",
            "Η εταιρεία Deutsche Bahn AG ανακοίνωσε νέα δρομολόγια.",
            "Вышел новый альбом «Songs For A Winter Evening», его уже хвалят.",
            "Звёзды NGC 6196, IC 4615, UGC 10482 и MCG 6 видны плохо.",
            "The poet (нежный голос ранней весны) was born in Riga and lived there all her life.",
            "IP текущего входа",
            "Nghe bài hát 月亮代表我的心 của Đặng Lệ Quân.",
        ] {
            assert_eq!(divided(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn foreign_sentences_do_not() {
        let text = "The page ends here. Заголовок открываемого материала";
        assert_eq!(divided(text), [("Latn", "The page ends here. "), ("Cyrl", "Заголовок открываемого материала")]);
        let text = "First of all. Заголовок открываемого материала and all the rest.";
        assert_eq!(divided(text).len(), 3);
        let text = "He wrote: «мы приедем завтра рано утром» and left the town for good.";
        assert_eq!(
            divided(text),
            [
                ("Latn", "He wrote: "),
                ("Cyrl", "«мы приедем завтра рано утром» "),
                ("Latn", "and left the town for good.")
            ]
        );
    }

    #[test]
    fn the_host_stands_outside_of_marks() {
        for parts in [
            &["Она сказала: ", "«what a lovely day this has been for all of us»", ", и ушла."][..],
            &["Hän sanoi: ", "”мы давно не видели такого снега”", ", ja lähti."],
            &["Il dit : ", "« мы давно не видели такого снега »", ", puis il partit."],
            &["彼は", "「what a lovely day this has been」", "と言った。"],
            &["Він сказав: ", "“what a lovely day this has been”. ", "І пішов."],
        ] {
            let found: Vec<_> = divided(&parts.concat()).into_iter().map(|(_, text)| text.to_owned()).collect();
            assert_eq!(found, parts);
        }
    }

    #[test]
    fn names_say_less_for_the_host() {
        for text in [
            "我在 Harvard Business Review 上读到的，后来买了 Visual Studio Code。",
            "Обзор вышел в журнале Annals of Applied Chemistry and Physics в мае.",
            "Подтвердите email",
            "在 Microsoft Azure Kubernetes Service 上部署 Apache Kafka Streams 应用",
        ] {
            assert_eq!(divided(text).len(), 1, "{text}");
            assert_ne!(divided(text)[0].0, "Latn", "{text}");
        }
    }

    #[test]
    fn each_line_has_its_own_host() {
        let text = "Ten little boats lay in the harbour and waited.\nВойти\n24/7\nIP текущего входа\n";
        assert_eq!(
            divided(text),
            [
                ("Latn", "Ten little boats lay in the harbour and waited.\n"),
                ("Cyrl", "Войти\n24/7\nIP текущего входа\n")
            ]
        );
    }

    #[test]
    fn alternating_scripts_take_linear_time() {
        let text = "a б ".repeat(200_000);
        assert_eq!(divided(&text).len(), 1);
    }
}
