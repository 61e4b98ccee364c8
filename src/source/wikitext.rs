//! Wikitext reduced to what a reader of the page would read as text: paragraphs, headings and lists, without templates, tables,
//! files, references and markup.
//!
//! What a template would say is not known without the wiki that has it, so it is left out. One pass, in linear time.

use super::namespaces::{Dropped, is_language};

/// Constructs that may be open in each other; more are taken as text.
const DEPTH: usize = 200;

/// Longest tag.
const TAG: usize = 1 << 10;

/// Tags whose content is no running text.
const NO_TEXT: [&str; 19] = [
    "ref",
    "math",
    "chem",
    "ce",
    "gallery",
    "timeline",
    "score",
    "graph",
    "imagemap",
    "hiero",
    "syntaxhighlight",
    "source",
    "templatestyles",
    "references",
    "mapframe",
    "maplink",
    "inputbox",
    "style",
    "script",
];

/// What is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Template,
    Table,
    Link,
    /// A link to another site, in single brackets.
    Site,
    /// Text in several ways of writing a language, or in the one that is written.
    Variants,
}

/// Reduces a page.
pub(super) fn reduce(page: &str, dropped: &Dropped) -> String {
    let mut reducer =
        Reducer { page, at: 0, out: String::with_capacity(page.len()), open: Vec::new(), dropped, never: Vec::new() };
    while reducer.at < page.len() {
        reducer.step();
    }
    tidy(&reducer.out)
}

struct Reducer<'a> {
    page: &'a str,
    at: usize,
    out: String,
    /// What is open, and where it began in `out`.
    open: Vec<(Kind, usize)>,
    dropped: &'a Dropped,
    /// Tags that are never closed from here on.
    never: Vec<&'static str>,
}

impl Reducer<'_> {
    fn step(&mut self) {
        let rest = &self.page[self.at..];
        let plain = memchr_any(rest.as_bytes());
        if plain > 0 {
            self.out.push_str(&rest[..plain]);
            self.at += plain;
            return;
        }
        let line_start = self.out.is_empty() || self.out.ends_with('\n');
        let took = match rest.as_bytes() {
            [b'{', b'{', ..] => self.begin(Kind::Template, 2),
            [b'}', b'}', ..] => self.end(Kind::Template, 2),
            [b'{', b'|', ..] if line_start => self.begin(Kind::Table, 2),
            [b'|', b'}', ..] if line_start => self.end(Kind::Table, 2),
            [b'[', b'[', ..] => self.begin(Kind::Link, 2),
            [b']', b']', ..] if self.is_open(Kind::Link) => self.end(Kind::Link, 2),
            [b'[', ..] if is_address(&rest[1..]) => self.begin(Kind::Site, 1),
            [b']', ..] if self.open.last().is_some_and(|o| o.0 == Kind::Site) => self.end(Kind::Site, 1),
            // `-{{` is a template behind a hyphen.
            [b'-', b'{', ..] if rest.as_bytes().get(2) != Some(&b'{') => self.begin(Kind::Variants, 2),
            [b'}', b'-', ..] => self.end(Kind::Variants, 2),
            [b'~', b'~', ..] => self.signature(rest),
            [b'\'', b'\'', ..] => rest.bytes().take_while(|b| *b == b'\'').count(),
            [b'_', b'_', ..] => magic_word(rest),
            [b'<', ..] => self.tag(rest),
            [b'\n', ..] => self.line_end(rest),
            _ => 0,
        };
        if took == 0 {
            self.out.push_str(&rest[..1]);
        }
        self.at += took.max(1);
    }

    fn is_open(&self, kind: Kind) -> bool {
        self.open.iter().any(|o| o.0 == kind)
    }

    fn begin(&mut self, kind: Kind, len: usize) -> usize {
        if self.open.len() >= DEPTH {
            return 0;
        }
        self.open.push((kind, self.out.len()));
        len
    }

    /// Ends the innermost of this kind, and what was left open inside it.
    fn end(&mut self, kind: Kind, len: usize) -> usize {
        let Some(at) = self.open.iter().rposition(|o| o.0 == kind) else { return 0 };
        let start = self.open[at].1;
        self.open.truncate(at);
        let text = match kind {
            Kind::Template | Kind::Table => String::new(),
            Kind::Link => link(&self.out[start..], self.dropped).to_owned(),
            Kind::Variants => variant(&self.out[start..]).to_owned(),
            Kind::Site => self.out[start..].split_once(' ').map_or(String::new(), |(_, text)| text.to_owned()),
        };
        self.out.truncate(start);
        self.out.push_str(&text);
        len
    }

    /// Markup at the beginning of a line.
    fn line_end(&mut self, rest: &str) -> usize {
        // Links do not go over the end of a line, links to other sites never.
        while self.open.last().is_some_and(|o| o.0 == Kind::Site) {
            self.open.pop();
        }
        self.out.push('\n');
        let line = &rest[1..];
        1 + line.bytes().take_while(|b| matches!(b, b'*' | b'#' | b':' | b';')).count()
    }

    /// `~~~~` and its like, in whose place the name of the author was to be put.
    fn signature(&mut self, rest: &str) -> usize {
        let signs = rest.bytes().take_while(|b| *b == b'~').count();
        if !(3..=5).contains(&signs) {
            self.out.push_str(&rest[..signs]);
        }
        signs
    }

    /// A tag: comments and what is no text with their contents, all others alone.
    fn tag(&mut self, rest: &str) -> usize {
        if let Some(comment) = rest.strip_prefix("<!--") {
            return comment.find("-->").map_or(rest.len(), |at| at + 7);
        }
        let name = rest[1..].trim_start_matches('/');
        let name = &name[..name.bytes().take(20).take_while(u8::is_ascii_alphabetic).count()];
        let Some(end) = memchr::memchr2(b'>', b'\n', &rest.as_bytes()[..rest.len().min(TAG)])
            .filter(|end| rest.as_bytes()[*end] == b'>')
        else {
            return 0;
        };
        if name.is_empty() {
            return 0;
        }
        let tag = &rest[..=end];
        let known = NO_TEXT.iter().find(|n| n.eq_ignore_ascii_case(name));
        if let Some(known) = known
            && !tag.starts_with("</")
            && !tag.ends_with("/>")
            && !self.never.contains(known)
        {
            match find_closing(&rest[end..], known) {
                Some(at) => return end + at,
                None => self.never.push(known),
            }
        }
        if name.eq_ignore_ascii_case("br") || name.eq_ignore_ascii_case("p") {
            self.out.push('\n');
        }
        tag.len()
    }
}

/// Bytes up to the next one that may be markup.
fn memchr_any(bytes: &[u8]) -> usize {
    let special = |b: &u8| matches!(b, b'{' | b'}' | b'[' | b']' | b'|' | b'\'' | b'_' | b'<' | b'\n' | b'-' | b'~');
    bytes.iter().position(special).unwrap_or(bytes.len())
}

/// Where a closing tag ends.
fn find_closing(text: &str, name: &str) -> Option<usize> {
    let closes = |at: &usize| {
        let behind = &text.as_bytes()[at + 2..];
        behind.len() >= name.len() && behind[..name.len()].eq_ignore_ascii_case(name.as_bytes())
    };
    let at = memchr::memmem::find_iter(text.as_bytes(), b"</").find(closes)?;
    Some(at + text[at..].find('>').map_or(text.len() - at, |end| end + 1))
}

/// What of a link is read.
fn link<'t>(inside: &'t str, dropped: &Dropped) -> &'t str {
    let (target, text) = inside.split_once('|').unwrap_or((inside, inside));
    match target.strip_prefix(':') {
        // A link to a file or category itself, as text.
        Some(target) => {
            if text == inside {
                target
            } else {
                text
            }
        }
        None if dropped.is_dropped(target) => "",
        None => text,
    }
}

/// What is read of a text in several variants, as `zh-hans:…; zh-hant:…`: the first one, in the order of the author. Flags
/// that stand before it may say that nothing is shown.
fn variant(inside: &str) -> &str {
    let is_flag =
        |flag: &str| is_language(flag) || matches!(flag, "A" | "D" | "H" | "N" | "R" | "S" | "T" | "W" | "+" | "-");
    let flags = inside
        .split_once('|')
        .filter(|(flags, _)| flags.split(';').all(|flag| is_flag(flag.trim()) || flag.is_empty()));
    let (flags, text) = flags.unwrap_or(("", inside));
    let mut flags = flags.split(';').map(str::trim);
    if flags.clone().any(|flag| matches!(flag, "H" | "N" | "T" | "-")) {
        return "";
    }
    if flags.any(|flag| flag == "R") {
        return text;
    }
    // A semicolon may be part of a text, so a variant ends only where the next begins.
    let named = |text: &str| text.split_once(':').is_some_and(|(code, _)| is_language(code.trim()));
    if !named(text) {
        return text;
    }
    let first = text.match_indices(';').find(|(at, _)| named(&text[at + 1..]) || text[at + 1..].trim().is_empty());
    let first = first.map_or(text, |(at, _)| &text[..at]);
    first.split_once(':').map_or(first, |(_, text)| text.trim())
}

fn is_address(text: &str) -> bool {
    ["http://", "https://", "//", "ftp://", "mailto:"].iter().any(|scheme| text.starts_with(scheme))
}

/// Length of `__TOC__` and its like.
fn magic_word(text: &str) -> usize {
    let word = text[2..].bytes().take(40).take_while(u8::is_ascii_uppercase).count();
    if word > 0 && text[2 + word..].starts_with("__") { word + 4 } else { 0 }
}

/// Lines without the space around them and the signs around headings, one blank line between paragraphs at most.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for line in text.lines() {
        let mut line = line.trim();
        line = line.trim_start_matches(['*', '#', ':', ';']).trim_start();
        if line.starts_with('=') && line.ends_with('=') && line.len() > 2 {
            line = line.trim_matches('=').trim();
        }
        if line.starts_with("----") {
            line = line.trim_start_matches('-').trim();
        }
        if line.is_empty() {
            blank = !out.is_empty();
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank { "\n\n" } else { "\n" });
        }
        blank = false;
        out.push_str(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages() {
        for (page, text) in [
            ("'''Bold''' and ''slanted'' and '''''both'''''.", "Bold and slanted and both."),
            ("It's a cat's life", "It's a cat's life"),
            ("A [[bear]] in [[the woods|a wood]], [[bear]]s.", "A bear in a wood, bears."),
            ("[[File:a.jpg|thumb|A [[bear]] {{x}} sits]]Text[[Category:Bears]][[Datei:b.png]]", "Text"),
            ("[[:Category:Bears]] [[:File:x|a file]] [[de:Bär]]", "Category:Bears a file"),
            ("See [https://a.example/ this page] and [http://b.example].", "See this page and ."),
            ("[not a link] [[open\nend", "[not a link] open\nend"),
            ("a{{b|{{c}}|[[d]]}}e {{f", "ae f"),
            ("x }} y ]] z", "x }} y ]] z"),
            ("before\n{| class=wikitable\n! a\n|-\n| b {{c}}\n{| inner\n|}\n|}\nafter", "before\n\nafter"),
            ("one<ref name=a>note [[x]]</ref> two<ref name=a /> three<!-- no -->.", "one two three."),
            ("a<ref>never closed\nb", "anever closed\nb"),
            ("2 < 3 <b>bold</b><br/>new line", "2 < 3 bold\nnew line"),
            ("== Head ==\n* one\n** two\n#: three\n----\n\n\nend\n__NOTOC__", "Head\none\ntwo\nthree\n\nend"),
            ("<math>x^2</math>so <nowiki>'x'</nowiki>", "so 'x'"),
            ("-{zh-hans:计算机; zh-hant:電腦;}-是-{ zh-tw : 機器 ; zh-cn : 机器 }-", "计算机是機器"),
            ("-{A|游客}-和-{T|zh-hans:书名;zh-hant:書名}--{H|zh-cn:甲;zh-tw:乙}-其他", "游客和其他"),
            ("-{zh-hans|zh-hans:甲}- -{[[书|书本]]}- -{R|a:b}- -{zh:a&nbsp;b;zh-tw:c}-", "甲 书本 a:b a&nbsp;b"),
            ("1-{{x}}-2 a-{b } -- c}- -{open", "1--2 ab } -- c open"),
            ("so ~~~~ und ~~~~~, ~~ ~~~~~~~~", "so  und , ~~ ~~~~~~~~"),
            ("[[Fichier:a.jpg|vignette|un [[ours]]]]Texte[[Catégorie:Ours]][[Категория:Медведи]]", "Texte"),
            ("", ""),
            ("Ж {{ {{{1|}}} }} я", "Ж  я"),
        ] {
            assert_eq!(reduce(page, &Dropped::default()), text, "{page}");
        }
    }

    #[test]
    fn hostile_pages_take_linear_time() {
        const SIZE: usize = if cfg!(debug_assertions) { 1 << 16 } else { 1 << 20 };
        for unit in [
            "{{", "[[", "<ref>", "}}", "]]", "[http://", "<!--", "{|\n", "<", "[[a|", "''", "{{[[", "\n|}", "-{", "}-",
            "-{zh:a;",
        ] {
            let page = unit.repeat(SIZE / unit.len());
            let start = std::time::Instant::now();
            reduce(&page, &Dropped::default());
            assert!(start.elapsed().as_secs() < 5, "{unit} takes {:?}", start.elapsed());
        }
    }
}
