//! Whole files as they are found: pages, subtitles, tables, source code and mail in which English markup is the most and
//! the text that matters is little. The bytes between paragraphs are line ends, so the whole file is compared.

use std::collections::BTreeSet;

use babelsift::decode::Encoding;

use super::decoded;
use super::sentences::{Language, comparable, encoded, languages};

const PAGE: &str = include_str!("files/page.html");
const MAIL: &str = include_str!("files/letter.eml");

/// What a file says about its own encoding.
#[derive(Clone, Copy)]
enum Says {
    Nothing,
    Truth,
    /// The label of another encoding.
    Wrong(&'static str),
}

/// A kind of file.
struct Kind {
    name: &'static str,
    template: &'static str,
    says: Says,
    /// Mail that quotes another language in another encoding.
    quotes: bool,
}

const fn kind(name: &'static str, template: &'static str, says: Says) -> Kind {
    Kind { name, template, says, quotes: false }
}

const KINDS: [Kind; 9] = [
    kind("page with charset", PAGE, Says::Truth),
    kind("page without charset", PAGE, Says::Nothing),
    kind("page that says utf-8", PAGE, Says::Wrong("utf-8")),
    kind("page that says iso-8859-1", PAGE, Says::Wrong("iso-8859-1")),
    kind("subtitles", include_str!("files/film.srt"), Says::Nothing),
    kind("table", include_str!("files/orders.csv"), Says::Nothing),
    kind("source code", include_str!("files/stock.py"), Says::Nothing),
    kind("mail", MAIL, Says::Truth),
    Kind { name: "mail that quotes", template: MAIL, says: Says::Nothing, quotes: true },
];

/// The text quoted in mail: a language, in a legacy encoding, that is hardly the reply's.
fn quoted(languages: &[Language], reply: &Language) -> (Encoding, String) {
    let other = if reply.name == "ru" { "pl" } else { "ru" };
    let other = languages.iter().find(|l| l.name == other).unwrap();
    (other.encodings[0], other.sentences[4..7].iter().map(|s| format!("> {s}\n")).collect())
}

/// The bytes of a file and its text.
fn filled(kind: &Kind, languages: &[Language], language: &Language, encoding: Encoding) -> (Vec<u8>, String) {
    let label = match kind.says {
        Says::Nothing => None,
        Says::Truth => Some(encoding.name()),
        Says::Wrong(label) => Some(label),
    };
    let meta = |label| format!("<meta http-equiv=\"Content-Type\" content=\"text/html; charset={label}\">\n");
    let mut text = kind.template.replace("{meta}", &label.map(meta).unwrap_or_default());
    text = text.replace("{charset}", &label.map(|label| format!("; charset={label}")).unwrap_or_default());
    for (at, sentence) in language.sentences.iter().enumerate() {
        text = text.replace(&format!("{{{}}}", at + 1), sentence);
    }
    let (before, after) = text.split_once("{quoted}").unwrap_or((&text, ""));
    let (mut bytes, mut wanted) = (encoded(before, encoding).unwrap(), before.to_owned());
    if kind.quotes {
        let (other, quoted) = quoted(languages, language);
        bytes.extend(other.encode(&quoted).unwrap());
        wanted += &quoted;
    }
    bytes.extend(after.bytes());
    (bytes, wanted + after)
}

/// The whole text: paragraphs, and the line ends between them.
fn text(bytes: &[u8]) -> String {
    let batch = decoded(bytes);
    let (mut text, mut at) = (String::new(), 0);
    for paragraph in &batch.paragraphs {
        let raw = paragraph.raw.range();
        text.extend(bytes[at..raw.start].iter().map(|b| char::from(*b)));
        text += &batch.text[paragraph.text.range()];
        at = raw.end;
    }
    text.extend(bytes[at..].iter().map(|b| char::from(*b)));
    comparable(&text)
}

/// Those that are known to be read wrongly.
fn known() -> BTreeSet<String> {
    let lines = include_str!("known.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(str::to_owned).collect()
}

#[test]
fn whole_files_are_read_to_the_last_letter() {
    let (languages, known) = (languages(), known());
    let (mut wrong, mut named, mut files) = (Vec::new(), BTreeSet::new(), 0);
    for kind in &KINDS {
        for language in &languages {
            for encoding in &language.encodings {
                let (bytes, wanted) = filled(kind, &languages, language, *encoding);
                files += 1;
                let (read, wanted) = (text(&bytes), comparable(&wanted));
                if read != wanted {
                    let name = format!("{}, {}, {}", kind.name, language.name, encoding.name());
                    let mut lines = read.lines().zip(wanted.lines());
                    let (read, wanted) = lines.find(|(read, wanted)| read != wanted).unwrap_or_default();
                    if !known.contains(&name) {
                        wrong.push(format!("{name}\n  is:   {wanted}\n  read: {read}"));
                    }
                    named.insert(name);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {files} wrong, and not listed as such:\n{}", wrong.len(), wrong.join("\n"));
    let right: Vec<&String> = known.difference(&named).collect();
    assert!(right.is_empty(), "listed in known.txt as wrong, and right: {right:#?}");
}

#[test]
fn files_in_utf8_are_never_anything_else() {
    let languages = languages();
    for kind in &KINDS {
        for language in &languages {
            let (bytes, wanted) = filled(kind, &languages, language, Encoding::UTF_8);
            if !kind.quotes {
                assert_eq!(text(&bytes), comparable(&wanted), "{}, {}", kind.name, language.name);
            }
        }
    }
}
