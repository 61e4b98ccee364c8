//! Dumps of MediaWiki in XML, as Wikipedia publishes them: a revision of a page is a document.
//!
//! Inside the text of a page every `<` is an entity, so the tags around it are found without reading XML, and damage costs the
//! page that it is in.

use memchr::memmem;

use super::namespaces::Dropped;
use super::payload::{Metadata, Payload, text, value};
use super::wikitext::reduce;
use super::{Context, Flaw, Head, Reader, Source, reject, skip, structure};
use crate::batch::Batch;
use crate::reason::{Reason, Skip};

/// Largest markup in front of a text.
const MARKUP: usize = 1 << 20;
/// Bytes in which the next page is looked for at a time.
const PIECE: usize = 256 << 10;
/// What a page begins with.
const PAGE: &[u8] = b"<page>";
/// What a text ends with.
const CLOSING: &[u8] = b"</text>";
/// Keys of the namespaces of files and of categories.
const FILES: [&[u8]; 2] = [b" key=\"6\"", b" key=\"14\""];

/// By the root of the XML.
pub(super) fn matches(head: &Head<'_>) -> bool {
    let head = &head.bytes[..head.bytes.len().min(1024)];
    head.trim_ascii_start().starts_with(b"<") && memmem::find(head, b"<mediawiki").is_some()
}

/// Opens a dump.
pub(super) fn open(reader: Reader, context: &Context) -> Box<dyn Source> {
    let words = &context.config.wiki.0;
    let wanted = Wanted {
        all: words.iter().any(|w| w == "all"),
        redirects: words.iter().any(|w| w == "redirects"),
        namespaces: words.iter().filter_map(|w| w.parse().ok()).collect(),
    };
    let (context, page, dropped) = (context.clone(), Page::default(), Dropped::default());
    Box::new(Wiki { reader, context, wanted, page, base: String::new(), dropped, record: 0, torn: false })
}

/// Which pages are read.
struct Wanted {
    all: bool,
    redirects: bool,
    namespaces: Vec<i32>,
}

/// What a page says of itself.
#[derive(Default)]
struct Page {
    title: String,
    namespace: i32,
    id: String,
    redirect: bool,
    date: String,
}

struct Wiki {
    reader: Reader,
    context: Context,
    wanted: Wanted,
    page: Page,
    /// Address of pages, up to their title.
    base: String,
    /// Links that are not text.
    dropped: Dropped,
    record: u64,
    /// Behind damage, in a page whose beginning is lost.
    torn: bool,
}

impl Source for Wiki {
    fn fill(&mut self, batch: &mut Batch, target: usize) -> bool {
        while !batch.is_full(target) {
            if self.reader.is_empty() {
                return false;
            }
            if std::mem::take(&mut self.torn) {
                self.find_page(batch);
                continue;
            }
            let (markup, has_text) = self.markup();
            match has_text {
                None => self.without_text(batch, &markup),
                Some(false) => {
                    skip(batch, Skip::Empty, markup.len() as u64).record = self.record;
                    self.record += 1;
                }
                Some(true) => {
                    self.text(batch, markup.len() as u64);
                    self.record += 1;
                }
            }
        }
        true
    }

    fn taken(&self) -> u64 {
        self.reader.taken()
    }

    fn failure(&self) -> Option<Flaw> {
        self.reader.failure().map(Flaw::of)
    }

    fn resume(&mut self) -> bool {
        self.torn = self.reader.resume().is_some();
        self.torn
    }
}

impl Wiki {
    /// Rejects the rest of a page of which damage took the beginning, up to the next one.
    fn find_page(&mut self, batch: &mut Batch) {
        let (mut part, mut offset) = (0, 0);
        loop {
            let window = self.reader.head(PIECE);
            let next = memmem::find(window, PAGE);
            let torn = if window.len() == PIECE { PAGE.len() } else { 0 };
            let end = next.unwrap_or(window.len() - torn);
            let done = next.is_some() || torn == 0;
            if part == 0 && done && window[..end].trim_ascii().is_empty() {
                return structure(batch, self.reader.skip(end as u64));
            }
            let document = reject(batch, &window[..end], Reason::Damaged, "damage took the beginning of the page");
            (document.record, document.part, document.offset) = (self.record, part, offset);
            self.reader.skip(end as u64);
            (part, offset) = (part + 1, offset + end as u64);
            if done {
                self.record += 1;
                return;
            }
        }
    }

    /// Takes the markup up to the text of a page, with the tag that it begins with. Says whether there is text behind it; nothing
    /// where no text begins.
    fn markup(&mut self) -> (Vec<u8>, Option<bool>) {
        let mut len = 4 << 10;
        loop {
            let head = self.reader.head(len);
            let tag = memmem::find(head, b"<text").and_then(|at| Some(at + memchr::memchr(b'>', &head[at..])? + 1));
            let whole = head.len() < len;
            if tag.is_none() && !whole && len < MARKUP {
                len *= 4;
                continue;
            }
            let end = tag.unwrap_or(if whole { head.len() } else { head.len() - 1024 });
            let markup = head[..end].to_vec();
            self.reader.skip(end as u64);
            self.read_markup(&markup);
            let has_text = tag.map(|_| !markup.ends_with(b"/>"));
            return (markup, has_text);
        }
    }

    /// Notes markup behind which no text comes; a page that begins in it has lost what follows.
    fn without_text(&mut self, batch: &mut Batch, markup: &[u8]) {
        let is_open = |at: &usize| memmem::find(&markup[*at..], b"</page>").is_none();
        let page = memmem::rfind(markup, PAGE).filter(is_open).filter(|_| self.reader.is_empty());
        let (markup, page) = markup.split_at(page.unwrap_or(markup.len()));
        structure(batch, markup.len() as u64);
        if !page.is_empty() {
            reject(batch, page, Reason::Damaged, "a page breaks off before its text").record = self.record;
            self.record += 1;
        }
    }

    /// Reads what the markup says of the wiki and of the page.
    fn read_markup(&mut self, markup: &[u8]) {
        for at in memchr::memchr_iter(b'<', markup) {
            let tag = &markup[at + 1..];
            let name = &tag[..tag.iter().take(20).take_while(|b| b.is_ascii_lowercase()).count()];
            let value = || {
                let from = memchr::memchr(b'>', tag).map_or(tag.len(), |i| i + 1);
                let value = &tag[from..];
                let value = &value[..memchr::memchr(b'<', value).unwrap_or(value.len())];
                let mut text = Vec::new();
                unescape(value, &mut text);
                String::from_utf8_lossy(&text).into_owned()
            };
            match name {
                b"page" => self.page = Page::default(),
                b"title" => self.page.title = value(),
                b"ns" => self.page.namespace = value().parse().unwrap_or(0),
                b"id" if self.page.id.is_empty() => self.page.id = value(),
                b"redirect" => self.page.redirect = true,
                b"timestamp" => self.page.date = value(),
                b"base" => self.base = value().rsplit_once('/').map(|(base, _)| format!("{base}/")).unwrap_or_default(),
                // Files and categories, in the language of the wiki.
                b"namespace" if FILES.iter().any(|key| tag[name.len()..].starts_with(key)) => {
                    self.dropped.add(&value())
                }
                _ => {}
            }
        }
    }

    /// Takes the text of a page, which ends with the first tag.
    fn text(&mut self, batch: &mut Batch, markup: u64) {
        let most = self.context.max_document();
        let first = batch.documents.len();
        let (mut text, mut part, mut ended) = (Vec::new(), 0, false);
        while !ended {
            let window = self.reader.window();
            let window = &window[..window.len().min(most - text.len())];
            let end = memchr::memchr(b'<', window);
            let n = end.unwrap_or(window.len());
            ended = end.is_some() || window.is_empty();
            text.extend_from_slice(&window[..n]);
            self.reader.skip(n as u64);
            if text.len() == most || (ended && part > 0 && !text.is_empty()) {
                reject(batch, &text, Reason::TooLong, "a page larger than --max-document, in pieces").part = part;
                text.clear();
                part += 1;
            }
        }
        let closing = self.reader.head(CLOSING.len()) == CLOSING;
        let mut told = markup;
        if closing {
            told += self.reader.skip(CLOSING.len() as u64);
        }
        if part == 0 && !closing {
            reject(batch, &text, Reason::Damaged, "the text of a page breaks off");
        } else if part == 0 {
            told += self.page(batch, &text);
        }
        self.describe(batch, first, told);
    }

    /// Adds a page; says how many of its bytes are no text.
    fn page(&mut self, batch: &mut Batch, raw: &[u8]) -> u64 {
        let (page, wanted) = (&self.page, &self.wanted);
        let mut wikitext = Vec::with_capacity(raw.len());
        unescape(raw, &mut wikitext);
        let skipped = if page.redirect && !wanted.all && !wanted.redirects {
            Some(Skip::Redirect)
        } else {
            (!wanted.all && !wanted.namespaces.contains(&page.namespace)).then_some(Skip::Namespace)
        };
        let plain = match skipped {
            Some(_) => String::new(),
            None => reduce(&String::from_utf8_lossy(&wikitext), &self.dropped),
        };
        if let Some(skipped) = skipped.or(plain.is_empty().then_some(Skip::Empty)) {
            skip(batch, skipped, 0);
            return raw.len() as u64;
        }
        if plain.len() > raw.len() {
            // Bytes that are no UTF-8 became longer characters; there is more wrong with it than markup.
            reject(batch, raw, Reason::Malformed, "bytes that are no UTF-8");
            return 0;
        }
        let payload = Payload { bytes: plain.as_bytes(), mime: "text/plain", declared: None };
        text(batch, &payload, &self.context);
        (raw.len() - plain.len()) as u64
    }

    fn describe(&self, batch: &mut Batch, first: usize, structure: u64) {
        let page = &self.page;
        let metadata = Metadata::new(batch);
        metadata.text(batch, "title", &page.title);
        metadata.text(batch, "page_id", &page.id);
        if page.namespace != 0 {
            metadata.text(batch, "namespace", &page.namespace.to_string());
        }
        let metadata = metadata.span(batch);
        let date = value(batch, &page.date);
        let url = if self.base.is_empty() { String::new() } else { page.title.replace(' ', "_") };
        let url = value(batch, &if url.is_empty() { url } else { format!("{}{url}", self.base) });
        for document in &mut batch.documents[first..] {
            (document.record, document.metadata, document.date, document.url) = (self.record, metadata, date, url);
        }
        batch.documents[first].structure += structure;
    }
}

/// Undoes the entities that XML needs.
fn unescape(xml: &[u8], out: &mut Vec<u8>) {
    let mut rest = xml;
    while let Some(at) = memchr::memchr(b'&', rest) {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        let entities = [(&b"&lt;"[..], b'<'), (b"&gt;", b'>'), (b"&amp;", b'&'), (b"&quot;", b'"'), (b"&#039;", b'\'')];
        let (entity, byte) = entities.into_iter().find(|(e, _)| rest.starts_with(e)).unwrap_or((b"&", b'&'));
        out.push(byte);
        rest = &rest[entity.len()..];
    }
    out.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ByteSize, Config};

    const SITE: &str = r#"<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xml:lang="de">
  <siteinfo>
    <base>https://de.wiki.example/wiki/Hauptseite</base>
    <namespaces>
      <namespace key="6" case="first-letter">Datei</namespace>
      <namespace key="14" case="first-letter">Kategorie</namespace>
    </namespaces>
  </siteinfo>
"#;

    fn page(title: &str, ns: i32, extra: &str, text: &str) -> String {
        let head =
            format!("  <page>\n    <title>{title}</title>\n    <ns>{ns}</ns>\n    <id>7</id>\n{extra}    <revision>\n");
        let date = "      <id>9</id>\n      <timestamp>2026-01-02T03:04:05Z</timestamp>\n";
        let text =
            format!("      <text bytes=\"5\" xml:space=\"preserve\">{text}</text>\n    </revision>\n  </page>\n");
        [head.as_str(), date, &text].concat()
    }

    fn read(dump: String, config: Config) -> Batch {
        let len = dump.len() as u64;
        let reader = Reader::new(Box::new(std::io::Cursor::new(dump.into_bytes())));
        let mut source = open(reader, &Context::new(config.into(), "in.xml"));
        let mut batch = Batch::default();
        while source.fill(&mut batch, 1 << 20) {}
        let total: u64 = batch.documents.iter().map(|d| d.structure + d.raw.len() as u64).sum();
        assert_eq!((total, source.taken()), (len, len), "every byte is payload or structure");
        batch
    }

    fn texts(batch: &Batch) -> Vec<&str> {
        let kept = batch.documents.iter().filter(|d| d.rejected.is_none() && !d.raw.is_empty());
        kept.map(|d| std::str::from_utf8(&batch.raw[d.raw.range()]).unwrap()).collect()
    }

    fn dump() -> String {
        let bear = "Ein '''Bär''' &lt;b&gt;ist&lt;/b&gt; [[Datei:x.jpg|mini]]groß &amp;amp; braun.";
        let pages = [
            page("Der Bär &amp; du", 0, "", bear),
            page("Umleitung", 0, "    <redirect title=\"Bär\" />\n", "#WEITERLEITUNG [[Bär]]"),
            page("Diskussion:Bär", 1, "", "Wirklich?"),
            page("Leer", 0, "", "{{nichts}}"),
        ];
        format!("{SITE}{}</mediawiki>\n", pages.concat())
    }

    #[test]
    fn pages() {
        let batch = read(dump(), Config::default());
        assert_eq!(texts(&batch), ["Ein Bär ist groß &amp; braun."]);
        let document = batch.documents.iter().find(|d| !d.raw.is_empty()).unwrap();
        assert_eq!(&batch.meta[document.url.range()], "\"https://de.wiki.example/wiki/Der_Bär_&_du\"");
        assert_eq!(&batch.meta[document.metadata.range()], "\"title\":\"Der Bär & du\",\"page_id\":\"7\"");
        assert_eq!(&batch.meta[document.date.range()], "\"2026-01-02T03:04:05Z\"");
        let skipped: Vec<_> = batch.documents.iter().filter_map(|d| d.skipped).collect();
        assert_eq!(skipped, [Skip::Redirect, Skip::Namespace, Skip::Empty]);
        let config = Config { wiki: "0,1,redirects".parse().unwrap(), ..Config::default() };
        assert_eq!(texts(&read(dump(), config)), ["Ein Bär ist groß &amp; braun.", "WEITERLEITUNG Bär", "Wirklich?"]);
    }

    #[test]
    fn damage_costs_its_page() {
        let damaged = dump().replace("braun.</text>", "bra");
        let batch = read(damaged, Config { wiki: "all".parse().unwrap(), ..Config::default() });
        assert_eq!(texts(&batch), ["WEITERLEITUNG Bär", "Wirklich?"]);
        assert_eq!(batch.documents.iter().filter(|d| d.rejected == Some(Reason::Damaged)).count(), 1);
        // Cut anywhere in the last page, that is told.
        let (first, last) = (page("eins", 0, "", "Eins."), page("zwei", 0, "", "Zwei."));
        let end = last.find("</text>").unwrap();
        for cut in [9, 20, 60, 100, end - 3, end, end + 3] {
            let batch = read(format!("{SITE}{first}{}", &last[..cut]), Config::default());
            assert_eq!(texts(&batch), ["Eins."], "{cut}");
            let told = batch.documents.iter().filter(|d| d.rejected == Some(Reason::Damaged));
            assert_eq!(told.map(|d| d.record).collect::<Vec<_>>(), [1], "{cut}");
        }
        let long = format!("{SITE}{}{}", page("lang", 0, "", &"wort ".repeat(600)), page("kurz", 0, "", "kurz"));
        let batch = read(long, Config { max_document: ByteSize(1024), ..Config::default() });
        assert_eq!(texts(&batch), ["kurz"]);
        assert_eq!(batch.documents.iter().filter(|d| d.rejected == Some(Reason::TooLong)).count(), 3);
    }
}
