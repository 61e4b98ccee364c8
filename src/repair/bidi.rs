//! Directional marks, embeddings, overrides and isolates (UAX #9). A line with letters written from right to left may need
//! them, if they are balanced; in other lines they do nothing that its reader sees.

use super::kinds::is_rtl;
use super::{Context, Repair, Rewrite, Signs};

pub(super) struct Bidi;

impl Repair for Bidi {
    fn name(&self) -> &'static str {
        "bidi"
    }

    fn about(&self) -> &'static str {
        "directional controls are removed from lines without right-to-left letters, and where they are not balanced"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("left\u{200e} to \u{202a}right\u{202c}", "left to right")
    }

    fn signs(&self) -> Signs {
        Signs::BIDI
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        out.patch(text, |patch| {
            let (mut start, mut useless) = (0, Vec::new());
            for line in text.split_inclusive('\n') {
                unbalanced(line, &mut useless);
                for &at in &useless {
                    let length = if line[at..].starts_with('\u{61C}') { 2 } else { 3 };
                    patch.replace(start + at, start + at + length, "");
                }
                start += line.len();
            }
        });
    }
}

/// Where the controls are that a line does not need, in order.
fn unbalanced(line: &str, useless: &mut Vec<usize>) {
    useless.clear();
    let controls = || line.char_indices().filter(|(_, c)| is_control(*c));
    if !line.chars().any(is_rtl) {
        useless.extend(controls().map(|(at, _)| at));
        return;
    }
    // What is open: where, and whether it is an isolate.
    let mut open: Vec<(usize, bool)> = Vec::new();
    for (at, c) in controls() {
        match c {
            '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}' => open.push((at, false)),
            '\u{2066}'..='\u{2068}' => open.push((at, true)),
            '\u{202C}' if open.last().is_some_and(|(_, isolate)| !isolate) => drop(open.pop()),
            // The end of an isolate ends the embeddings that were begun in it.
            '\u{2069}' => match open.iter().rposition(|(_, isolate)| *isolate) {
                Some(place) => useless.extend(open.drain(place..).skip(1).map(|(at, _)| at)),
                None => useless.push(at),
            },
            '\u{202C}' => useless.push(at),
            _ => {}
        }
    }
    useless.extend(open.iter().map(|(at, _)| *at));
    useless.sort_unstable();
}

fn is_control(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn controls_stay_where_they_are_needed() {
        let profile = Profile::none().with("bidi", Setting::On).unwrap();
        for (broken, right) in [
            ("\u{202d}+49 30 1234\u{202c}\u{200f}", "+49 30 1234"),
            ("\u{2066}one\u{2069} слово\u{61c}", "one слово"),
            ("שלום\u{200f}! (C\u{200e}++)", "שלום\u{200f}! (C\u{200e}++)"),
            ("\u{202b}مرحبا \u{202a}Word\u{202c}\u{202c}", "\u{202b}مرحبا \u{202a}Word\u{202c}\u{202c}"),
            ("\u{202c}مرحبا \u{202a}Word\u{2069}", "مرحبا Word"),
            ("مرحبا \u{2067}a \u{202b}b\u{2069} \u{202c}c", "مرحبا \u{2067}a b\u{2069} c"),
            ("\u{200e}abc\nשלום\u{200e}\n\u{200e}abc", "abc\nשלום\u{200e}\nabc"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }
}
