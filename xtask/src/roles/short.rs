//! Short documents to learn from: pages that are abridged, and texts of many languages in the forms that recipes,
//! questions, calendars or lists of facts have, with lines of a page's interface around them.

use super::pages::Page;
use crate::model::random::Random;

/// Lines of an interface at most above and below.
const AROUND: usize = 5;

/// Lines of a page's text at most.
const INSIDE: usize = 8;

/// One of so many has all of the page around it.
const FRAMED: usize = 8;

/// Makes so many short documents of each page; texts are lines of many languages.
pub(super) fn documents(pages: &[Page], texts: &[Page], count: usize, seed: u64) -> Vec<Page> {
    let mut random = Random::new(seed);
    let mut out = Vec::new();
    for page in pages {
        for i in 0..count {
            let interface =
                if i % FRAMED == FRAMED - 1 { Interface::whole(page) } else { Interface::of(page, &mut random) };
            let own = if i % 2 == 0 { abridged(page, &mut random) } else { written(texts, &mut random) };
            let lines = if i % 2 == 1 && random.below(3) == 0 {
                interface.between(own, &mut random)
            } else {
                interface.around(own)
            };
            out.push(Page { host: page.host.clone(), lines });
        }
    }
    out
}

type Line = (String, Option<bool>);

/// Some lines of a page's interface.
struct Interface {
    above: Vec<Line>,
    below: Vec<Line>,
}

impl Interface {
    /// The first lines of a page, or those just above its text, and the last ones, or those just below.
    fn of(page: &Page, random: &mut Random) -> Self {
        let (above, below) = frame(page);
        let mut take = |lines: &[Line], outer_first: bool| {
            let size = random.below(AROUND + 1).min(lines.len());
            let from_start = (random.below(4) > 0) == outer_first;
            let own = if from_start { &lines[..size] } else { &lines[lines.len() - size..] };
            own.iter().filter(|(_, gold)| *gold == Some(false)).cloned().collect()
        };
        Self { above: take(above, true), below: take(below, false) }
    }

    /// All of it.
    fn whole(page: &Page) -> Self {
        let (above, below) = frame(page);
        Self { above: above.to_vec(), below: below.to_vec() }
    }

    fn around(self, own: Vec<Line>) -> Vec<Line> {
        self.above.into_iter().chain(own).chain(self.below).collect()
    }

    /// The same with one or two lines below each of the text, as in a forum.
    fn between(self, own: Vec<Line>, random: &mut Random) -> Vec<Line> {
        const BUTTONS: [&str; 8] =
            ["Reply", "Share", "Report", "Like", "Quote", "Log in to reply", "Permalink", "Edit"];
        let (first, size) = (random.below(BUTTONS.len()), 1 + random.below(2));
        let button = |i: usize| (BUTTONS[(first + i) % BUTTONS.len()].to_owned(), Some(false));
        let Self { above, below } = self;
        let own = own.into_iter().flat_map(|line| std::iter::once(line).chain((0..size).map(button)));
        above.into_iter().chain(own).chain(below).collect()
    }
}

/// The lines above and below the text of a page.
fn frame(page: &Page) -> (&[Line], &[Line]) {
    let is_content = |line: &Line| line.1 == Some(true);
    let first = page.lines.iter().position(is_content).unwrap_or(page.lines.len());
    let last = page.lines.iter().rposition(is_content).map_or(page.lines.len(), |last| last + 1);
    (&page.lines[..first], &page.lines[last..])
}

/// Some lines of a page from a line of content on.
fn abridged(page: &Page, random: &mut Random) -> Vec<Line> {
    let content: Vec<usize> = (0..page.lines.len()).filter(|at| page.lines[*at].1 == Some(true)).collect();
    let Some(from) = content.get(random.below(content.len())) else { return Vec::new() };
    page.lines[*from..].iter().take(1 + random.below(INSIDE)).cloned().collect()
}

/// A text with a title, of a kind that has short lines.
fn written(texts: &[Page], random: &mut Random) -> Vec<Line> {
    let text = &texts[random.below(texts.len())];
    let line = |form: Form, random: &mut Random| {
        let source = &text.lines[random.below(text.lines.len())].0;
        (form.write(source, random), Some(true))
    };
    let mut lines = Vec::new();
    if random.below(4) > 0 {
        lines.push(line(Form::Title, random));
    }
    for _ in 0..1 + random.below(3) {
        let forms = KINDS[random.below(KINDS.len())];
        if random.below(3) == 0 {
            lines.push(line(Form::Title, random));
        }
        for _ in 0..1 + random.below(4) {
            lines.extend(forms.iter().map(|form| line(*form, random)));
        }
    }
    if random.below(4) > 0 {
        lines.push(line(Form::Whole, random));
    }
    lines
}

/// Kinds of texts, by the forms of their lines, which come again and again.
const KINDS: [&[Form]; 8] = [
    &[Form::Whole],
    &[Form::Fact],
    &[Form::Amount],
    &[Form::Date],
    &[Form::Question, Form::Sentence],
    &[Form::Sentence],
    &[Form::Title],
    &[Form::Turn],
];

/// What a line is made like.
#[derive(Clone, Copy)]
enum Form {
    Whole,
    Title,
    Sentence,
    Question,
    /// A name and what it is.
    Fact,
    /// How many of what.
    Amount,
    /// A date and what is on it.
    Date,
    /// What somebody says.
    Turn,
}

impl Form {
    fn write(self, source: &str, random: &mut Random) -> String {
        let number = 1 + random.below(90);
        let mut words = |most: usize| words(source, 1 + random.below(most));
        match self {
            Self::Whole => source.to_owned(),
            Self::Title => words(6),
            Self::Sentence => words(7) + end(source),
            Self::Question => words(7) + if end(source) == "。" { "？" } else { "?" },
            Self::Fact if number.is_multiple_of(2) => format!("{}: {number} {}", words(2), words(2)),
            Self::Fact => format!("{}: {}", words(2), words(4)),
            Self::Amount if number.is_multiple_of(4) => {
                let mut amount = |_| format!("{} {}", 1 + number % 7, words(3));
                (0..2 + number % 3).map(&mut amount).collect::<Vec<_>>().join(", ")
            }
            Self::Amount => format!("{number} {}", words(3)),
            Self::Date if number.is_multiple_of(2) => format!("{}.{}. {}", number % 30 + 1, number % 11 + 1, words(4)),
            Self::Date => format!("{} {}: {}", number % 30 + 1, words(1), words(4)),
            Self::Turn if number.is_multiple_of(2) => format!("— {}{}", words(7), end(source)),
            Self::Turn => format!("{}: {}{}", words(1).to_uppercase(), words(7), end(source)),
        }
    }
}

/// The first words of a line; of a script without spaces so many pairs of letters.
fn words(line: &str, count: usize) -> String {
    const PAIR: usize = 2;
    let trim = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let spaced = line.split_whitespace().count() * 12 > line.chars().count();
    if spaced {
        trim(&line.split_whitespace().take(count).collect::<Vec<_>>().join(" "))
    } else {
        trim(&line.chars().take(count * PAIR + 1).collect::<String>())
    }
}

/// The mark that ends the sentences of a line.
fn end(line: &str) -> &str {
    let last = line.trim_end().chars().next_back().unwrap_or('.');
    if last.is_alphanumeric() { "" } else { &line.trim_end()[line.trim_end().len() - last.len_utf8()..] }
}
