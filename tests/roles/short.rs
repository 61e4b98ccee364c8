//! Short documents of our own (recipes, questions and answers, calendars ...) with a few lines of an interface around
//! them, as text and as pages of HTML: how much of their content leaves, and how much of the interface stays.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use babelsift::batch::Verdict;
use babelsift::html::Mode;
use babelsift::{Batch, Pipeline, Scratch};

/// `-` is of an interface, `+` is content. The first are those by which causes were found.
const SEEN: &str = include_str!("short.txt");
/// Of these the totals were watched while rules were chosen, and some rows were seen: fresher than the others, not blind.
const UNSEEN: &str = include_str!("short_unseen.txt");

/// A document of a kind, in a language.
struct Document<'t> {
    kind: &'t str,
    language: &'t str,
    /// Lines, and whether they are content.
    lines: Vec<(bool, &'t str)>,
}

fn documents(text: &str) -> impl Iterator<Item = Document<'_>> {
    text.split("== ").skip(1).map(|document| {
        let (head, body) = document.split_once('\n').unwrap();
        let (kind, language) = head.split_once(" | ").unwrap();
        let lines = body.lines().filter(|l| !l.is_empty()).map(|l| (l.starts_with('+'), &l[2..])).collect();
        Document { kind, language, lines }
    })
}

/// How a document is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Text,
    /// Blocks that say nothing of what they are.
    Blocks,
    /// A page that says where its navigation and its footer are.
    Page,
}

impl Document<'_> {
    fn write(&self, form: Form) -> String {
        let first = self.lines.iter().position(|(content, _)| *content).unwrap();
        let last = self.lines.iter().rposition(|(content, _)| *content).unwrap();
        let mut out = String::new();
        if form == Form::Text {
            self.lines.iter().for_each(|(_, line)| writeln!(out, "{line}").unwrap());
            return out;
        }
        out += "<!DOCTYPE html><html><head><meta charset=utf-8></head><body>\n";
        for (at, (content, line)) in self.lines.iter().enumerate() {
            match form {
                Form::Page if at == 0 => out += "<nav><ul>",
                Form::Page if at == first => out += "</ul></nav><main>",
                Form::Page if at == last + 1 => out += "</main><footer>",
                _ => {}
            }
            let _ = match (form, content) {
                (Form::Page, false) if at < first => writeln!(out, "<li><a href=\"/{at}\">{line}</a></li>"),
                (Form::Page, false) => writeln!(out, "<p><a href=\"/{at}\">{line}</a></p>"),
                (Form::Page, true) if at == first => writeln!(out, "<h1>{line}</h1>"),
                (Form::Page, true) => writeln!(out, "<p>{line}</p>"),
                _ => writeln!(out, "<div>{line}</div>"),
            };
        }
        out + if form == Form::Page { "</footer></body></html>\n" } else { "</body></html>\n" }
    }
}

/// Content, content that left, lines of an interface, those of them that stayed.
type Counts = [usize; 4];

/// Counts of each kind of document, and the lines that were judged wrongly.
fn judge<'t>(set: &'t str, form: Form, pipeline: &Pipeline) -> (BTreeMap<&'t str, Counts>, String) {
    let (mut counts, mut wrong) = (BTreeMap::new(), String::new());
    for document in documents(set) {
        let mut batch = Batch::default();
        batch.push_document(document.write(form).as_bytes()).html = (form != Form::Text).then_some(Mode::Main);
        pipeline.apply(&mut batch, &mut Scratch::default());
        // The same words may stand in the document twice, so fragments are looked for in order.
        let mut fragments = batch.fragments.iter().filter(|f| !batch.fragment_text(f).trim().is_empty()).peekable();
        let counts: &mut Counts = counts.entry(document.kind).or_default();
        for (content, line) in &document.lines {
            let (mut stays, mut why) = (true, Verdict::Keep);
            let mut rest = *line;
            while let Some(fragment) = fragments.next_if(|f| rest.contains(batch.fragment_text(f).trim())) {
                stays &= fragment.verdict == Verdict::Keep;
                why = fragment.verdict;
                let text = batch.fragment_text(fragment).trim();
                rest = rest.split_once(text).map_or("", |(_, rest)| rest);
                if rest.trim().is_empty() {
                    break;
                }
            }
            assert!(rest.len() < line.len(), "{line} is nowhere");
            counts[usize::from(!content) * 2] += 1;
            if stays != *content {
                counts[usize::from(!content) * 2 + 1] += 1;
                let mark = if *content { '+' } else { '-' };
                let _ = writeln!(wrong, "{mark} {} | {} | {line} {why:?}", document.kind, document.language);
            }
        }
    }
    (counts, wrong)
}

/// Content that may leave and lines of an interface that may stay, in a hundred.
const LIMITS: [(Form, [usize; 2]); 3] = [(Form::Text, [5, 15]), (Form::Blocks, [6, 20]), (Form::Page, [3, 1])];

#[test]
#[allow(clippy::print_stdout, reason = "it tells what is kept of each kind of document")]
fn short_documents_keep_their_lines() {
    let pipeline = super::pipeline("default");
    for (name, set) in [("seen", SEEN), ("unseen", UNSEEN)] {
        for (form, [lost, left]) in LIMITS {
            let (counts, wrong) = judge(set, form, &pipeline);
            let all = counts.values().fold([0; 4], |sum, own| std::array::from_fn(|i| sum[i] + own[i]));
            // `--nocapture` shows content, what left of it, lines of interfaces, what stayed of them.
            println!("{name} {form:?}: {all:?} {counts:?}");
            assert!(
                all[1] * 100 <= all[0] * lost && all[3] * 100 <= all[2] * left,
                "{name} {form:?}: {all:?}\n{wrong}"
            );
        }
    }
    let count = documents(SEEN).chain(documents(UNSEEN)).map(|d| d.language).collect::<BTreeSet<_>>().len();
    assert!(count >= 30, "{count} languages");
}
