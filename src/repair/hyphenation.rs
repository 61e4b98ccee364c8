//! Words divided at the end of a line, as in text taken from pages: the parts are joined. The hyphen stays when the text has
//! the word with a hyphen elsewhere, when it joins more than two parts, and in words that are always written with one
//! (`peut-être`, `кое-где`, `orang-orang`). A hyphen that stands for the rest of a word (`Vor- und Nachteile`) divides none.

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
        let words: HashSet<&str> = text.split(|c: char| !is_of_word(c)).filter(|w| w.contains(is_hyphen)).collect();
        let mut joined = String::new();
        out.patch(text, |patch| {
            let mut done = 0;
            for at in memchr::memchr_iter(b'\n', text.as_bytes()) {
                let Some(hyphen) = divided(text, at).filter(|hyphen| *hyphen >= done) else { continue };
                let start = text[done..hyphen].rfind(|c: char| !is_of_word(c));
                let start =
                    start.map_or(done, |i| done + i + text[done + i..].chars().next().map_or(0, char::len_utf8));
                let (first, second) = (&text[start..hyphen], word_after(text, at));
                joined.clear();
                joined.extend([first, "-", second]);
                let compound = first.contains(is_hyphen) || second.trim_end_matches(is_hyphen).contains(is_hyphen);
                let stays = compound || words.contains(&*joined) || has_hyphen(first, second);
                done = at + 1;
                patch.replace(hyphen, done, if stays { "-" } else { "" });
            }
        });
    }
}

/// Words before which a hyphen stands for the rest of a word: and, or. Those that words end in as often are not joined either.
const AND_OR: [&str; 22] = [
    "und", "oder", "bzw", "sowie", "bis", "and", "or", "en", "of", "och", "eller", "og", "eða", "ja", "tai", "või",
    "és", "vagy", "ir", "или", "або", "ili",
];

/// First parts of words that are always written with a hyphen.
const FIRST: [&str; 7] = ["peut", "là", "кое", "будь", "într", "dintr", "printr"];
/// Second parts of such words.
const SECOND: [&str; 7] = ["être", "même", "mêmes", "нибудь", "небудь", "либо", "таки"];
/// First and second parts, where only both together tell.
const BOTH: [(&str, &str); 7] = [
    ("rendez", "vous"),
    ("celui celle ceux celles", "ci là"),
    ("est sont était", "ce il elle on ils elles"),
    (
        "кто кого кому кем что чего чему чем где куда откуда когда как почему зачем чей чья чьё какой какая какое какие",
        "то",
    ),
    ("из", "за под"),
    ("во", "первых вторых"),
    ("по", "моему твоему своему нашему вашему новому старому другому прежнему разному"),
];
/// Ends of adverbs with по- (по-русски), from the fifth letter on: `поиски` is none.
const ADVERBS: [&str; 5] = ["ски", "цки", "ьи", "sku", "cku"];

/// True for words that are always written with a hyphen. Few, and of languages in which they are frequent.
fn has_hyphen(first: &str, second: &str) -> bool {
    let first = first.to_lowercase();
    let among = |words: &str, word: &str| words.split(' ').any(|w| w == word);
    // A word twice is a plural in Malay, and emphasis in many languages; two letters twice are syllables.
    let twice = first == second && second.chars().nth(2).is_some();
    twice
        || FIRST.contains(&&*first)
        || SECOND.contains(&second)
        || BOTH.iter().any(|(firsts, seconds)| among(firsts, &first) && among(seconds, second))
        || matches!(&*first, "по" | "po")
            && second.chars().nth(4).is_some()
            && ADVERBS.iter().any(|end| second.ends_with(end))
}

fn is_of_word(c: char) -> bool {
    c.is_alphabetic() || is_hyphen(c)
}

/// The word that begins the next line.
fn word_after(text: &str, line_end: usize) -> &str {
    let next = &text[line_end + 1..];
    &next[..next.find(|c: char| !is_of_word(c)).unwrap_or(next.len())]
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
    let suspended = || AND_OR.contains(&word_after(text, line_end));
    (letters && small && !suspended()).then(|| line.len() - hyphen.len_utf8())
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
            ("a state-\nof-the-art machine", "a state-of-the-art machine"),
            ("Jean-\nPierre, A-\nb, pages 3-\nfive, und -\nzwei", "Jean-\nPierre, A-\nb, pages 3-\nfive, und -\nzwei"),
            ("no-\n", "no-\n"),
            ("Vor-\nund Nachteile, pre- \nand postwar", "Vor-\nund Nachteile, pre- \nand postwar"),
            ("in-\nen uitvoer, geworden und ge-\nsundheit", "in-\nen uitvoer, geworden und gesundheit"),
            ("Peut-\nêtre est-\nce ici-\nmême que com-\nmence", "Peut-être est-ce ici-même que commence"),
            ("кое-\nгде, что-\nто, мес-\nто, по-\nрусски, по-\nэтому", "кое-где, что-то, место, по-русски, поэтому"),
            ("orang-\norang, ma-\nma", "orang-orang, mama"),
            ("un-\nre-\nmark-\nable", "unremarkable"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }
}
