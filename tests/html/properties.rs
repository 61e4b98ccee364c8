//! Any markup, in any encoding: nothing lost, nothing twice, and every character leads back to its bytes.

use babelsift::batch::{Batch, Paragraph, Verdict};
use babelsift::decode::Encoding;
use babelsift::html::{Cutter, MAX_PARTS, Mode, Page, Piece};
use babelsift::source_map::SourceMap;
use babelsift::{Config, Pipeline, Scratch};
use proptest::prelude::*;

use super::values::{bytes, encode};

/// So many cases, or times `CASES` of the environment; what fails is printed and nothing is written to the sources.
fn cases(cases: u32) -> ProptestConfig {
    let times: u32 = std::env::var("CASES").map_or(1, |n| n.parse().unwrap());
    ProptestConfig { cases: cases * times, failure_persistence: None, ..ProptestConfig::default() }
}

/// Pieces of pages, whole and broken.
const PIECES: [&str; 62] = [
    "<p>",
    "</p>",
    "<div class=\"article-body\">",
    "</div>",
    "<br>",
    "<br><br>",
    "<b>",
    "</b>",
    "<a href=/x>",
    "</a>",
    "<ul><li>",
    "</li>",
    "</ul>",
    "<table><tr><td>",
    "<td>",
    "<tr>",
    "</table>",
    "<h1>",
    "</h1>",
    "<pre>",
    "</pre>",
    "<script>x='<p>'</script>",
    "<style>",
    "</style>",
    "<!-- c -->",
    "<!--",
    "-->",
    "<title>t</title>",
    "<title>",
    "<span hidden>",
    "</span>",
    "<svg><g>",
    "</svg>",
    "<nav>",
    "</nav>",
    "<footer>",
    "<select><option>",
    "<template>",
    "</template>",
    "<p lang=de>",
    "<x-y>",
    "</x-y>",
    "<a b='",
    "<",
    ">",
    "&amp;",
    "&eacute",
    "&#x410;",
    "&#10;",
    "&nbsp;",
    "&",
    " ",
    "\n",
    "\r\n",
    "\t",
    "Слово, дело. ",
    "word, word. ",
    "日本、語。",
    "x",
    "é",
    "\u{301}",
    "<textarea>\n",
];

fn page() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60).prop_map(|pieces| pieces.concat())
}

const LABELS: [&str; 6] = ["utf-8", "windows-1251", "shift_jis", "gb18030", "utf-16le", "utf-8"];

fn encoded() -> impl Strategy<Value = Vec<u8>> {
    let whole = (page(), prop::sample::select(&LABELS[..])).prop_map(|(page, label)| encode(label, &page));
    prop_oneof![4 => whole, 1 => bytes(), 1 => (page(), bytes()).prop_map(|(page, bytes)| [page.into_bytes(), bytes].concat())]
}

fn check(batch: &Batch, paragraph: &Paragraph) -> u64 {
    let (mut raw, mut text) = (paragraph.raw.start, paragraph.text.start);
    for fragment in batch.fragments_of(paragraph) {
        assert_eq!((fragment.raw.start, fragment.text.start), (raw, text), "fragments tile");
        assert!(!batch.fragment_text(fragment).is_empty() || matches!(fragment.verdict, Verdict::Drop(_)));
        (raw, text) = (fragment.raw.end, fragment.text.end);
    }
    let lines = batch.lines_of(paragraph);
    assert_eq!((lines[0].raw.start, lines[lines.len() - 1].raw.end), (paragraph.raw.start, paragraph.raw.end));
    let mut map = SourceMap::new(batch, paragraph);
    let mut before = paragraph.raw.start as usize;
    let own = &batch.text[paragraph.text.range()];
    for (at, c) in own.char_indices() {
        let source = map.source_offset(at);
        assert!((before..=paragraph.raw.end as usize).contains(&source), "{source} at {at} after {before}");
        before = source;
        let line = lines.iter().rfind(|line| line.raw.start as usize <= source).unwrap();
        // Where no repair came between, a letter's bytes are its own or begin a reference.
        if paragraph.repairs.is_empty() && c.is_alphabetic() && line.malformed == 0 && line.encoding == Encoding::UTF_8
        {
            let bytes = &batch.raw[source..];
            assert!(bytes.starts_with(c.encode_utf8(&mut [0; 4]).as_bytes()) || bytes[0] == b'&', "{c} at {source}");
        }
    }
    (raw - paragraph.raw.start).into()
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn pages_are_accounted_for(pages in prop::collection::vec(encoded(), 1..4), main in any::<bool>()) {
        let config = Config { identifier: "script".to_owned(), ..Config::default() };
        let pipeline = Pipeline::new(&config).unwrap();
        let mut batch = Batch::default();
        for page in &pages {
            batch.push_document(page).html = Some(if main { Mode::Main } else { Mode::All });
        }
        pipeline.apply(&mut batch, &mut Scratch::default());
        for document in &batch.documents {
            let mut at = document.raw.start;
            let mut kept = 0;
            for paragraph in batch.paragraphs_of(document) {
                assert!(at <= paragraph.raw.start && paragraph.raw.start < paragraph.raw.end, "in order and not empty");
                at = paragraph.raw.end;
                kept += check(&batch, paragraph);
            }
            assert!(at <= document.raw.end);
            if document.rejected.is_none() {
                assert_eq!(kept + document.structure, document.raw.len() as u64, "every byte is text or structure");
            }
        }
    }

    #[test]
    fn blocks_are_in_order_and_say_what_the_page_says(html in page()) {
        let mut page = Page::default();
        page.read(&html);
        let mut before = 0;
        for block in page.blocks() {
            assert!(before <= block.source.start && block.source.start < block.source.end);
            before = block.source.end;
            assert!(!block.text.is_empty() && (0.0..=1.0).contains(&block.link_density));
            let mut last = block.source.start;
            for (at, c) in block.text.char_indices() {
                let source = block.source_offset(at);
                assert!(last <= source && source < block.source.end, "{at} of {:?} in {html:?}", block.text);
                last = source;
                assert!(!c.is_alphabetic() || html[source..].starts_with(c) || html[source..].starts_with('&'));
            }
        }
        assert!(before <= html.len());
    }

    #[test]
    fn pieces_of_pages_are_cut_between_characters(html in page(), most in 8_usize..400) {
        let (mut cutter, mut at) = (Cutter::default(), 0);
        while at < html.len() {
            let window = &html.as_bytes()[at..html.len().min(at + most)];
            let whole = at + window.len() == html.len();
            let (end, long) = match cutter.next(window, whole) {
                Piece::Page(end) => (end, false),
                Piece::Long(end, _) => (end, true),
            };
            assert!((1..=window.len()).contains(&end));
            at += end;
            assert!(long || html.is_char_boundary(at));
            assert!(most < html.len() || (!long && at == html.len()));
        }
        assert!(html.len() < MAX_PARTS);
    }
}
