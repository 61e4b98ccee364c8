//! Words divided at the end of a line, as in text taken from pages: the parts are joined. The hyphen stays when the text has
//! the word with a hyphen elsewhere, or when it joins more than two parts.

use std::collections::HashSet;

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct Hyphenation;

impl Repair for Hyphenation {
    fn name(&self) -> &'static str {
        "hyphenation"
    }

    fn about(&self) -> &'static str {
        "words divided at the end of a line are joined"
    }

    fn example(&self) -> (&'static str, &'static str) {
        (
            "an exam-\nple of a well-\nknown thing that is well-known",
            "an example of a well-known thing that is well-known",
        )
    }

    fn signs(&self) -> Signs {
        Signs::ALL
    }

    fn suspects(&self, text: &str, _: &Context<'_>) -> bool {
        let bytes = text.as_bytes();
        memchr::memchr_iter(b'\n', bytes).any(|at| divided(text, at).is_some())
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let words: HashSet<&str> =
            text.split(|c: char| !c.is_alphabetic() && !is_hyphen(c)).filter(|w| w.contains(is_hyphen)).collect();
        let mut joined = String::new();
        out.patch(text, |patch| {
            let mut done = 0;
            for at in memchr::memchr_iter(b'\n', text.as_bytes()) {
                let Some(hyphen) = divided(text, at).filter(|hyphen| *hyphen >= done) else { continue };
                let start = text[done..hyphen].rfind(|c: char| !c.is_alphabetic() && !is_hyphen(c));
                let start =
                    start.map_or(done, |i| done + i + text[done + i..].chars().next().map_or(0, char::len_utf8));
                let next = &text[at + 1..];
                let next = &next[..next.find(|c: char| !c.is_alphabetic() && !is_hyphen(c)).unwrap_or(next.len())];
                joined.clear();
                joined.extend([&text[start..hyphen], "-", next]);
                let stays = words.contains(&*joined) || text[start..hyphen].contains(is_hyphen);
                done = at + 1;
                patch.replace(hyphen, done, if stays { "-" } else { "" });
            }
        });
    }
}

fn is_hyphen(c: char) -> bool {
    c == '-' || c == '\u{2010}'
}

/// Where the hyphen is of a word divided at this line end: two letters and more before it, small ones after it.
fn divided(text: &str, line_end: usize) -> Option<usize> {
    let line = text[..line_end].trim_end_matches([' ', '\t', '\r']);
    let mut before = line.chars().rev();
    let hyphen = before.next().filter(|c| is_hyphen(*c))?;
    let letters = before.next().is_some_and(char::is_lowercase) && before.next().is_some_and(char::is_alphabetic);
    let mut after = text[line_end + 1..].chars();
    let small = after.next().is_some_and(char::is_lowercase) && after.next().is_some_and(char::is_lowercase);
    (letters && small).then(|| line.len() - hyphen.len_utf8())
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn divided_words_are_joined() {
        let profile = Profile::none().with("hyphenation", Setting::On).unwrap();
        for (broken, right) in [
            ("the hyphen-\nation of \u{2014} long-\nish words", "the hyphenation of \u{2014} longish words"),
            ("разделён-\nное слово, δια\u{2010}\nκοπή", "разделённое слово, διακοπή"),
            ("a state-of-the-\nart machine", "a state-of-the-art machine"),
            ("Jean-\nPierre, A-\nb, pages 3-\nfive, und -\nzwei", "Jean-\nPierre, A-\nb, pages 3-\nfive, und -\nzwei"),
            ("no-\n", "no-\n"),
            ("un-\nre-\nmark-\nable", "unremarkable"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }
}
