//! Pages through all stages, in encodings of the web.

use babelsift::batch::{Document, Verdict};
use babelsift::html::{Kind, Mode};
use babelsift::reason::Reason;
use babelsift::{Batch, Config, Pipeline, Scratch};

use super::languages::TEXTS;
use super::layouts::news;
use super::values::encode;

/// The page of a language in an encoding, through the stages.
fn run(language: &str, label: &str, mode: Mode) -> Batch {
    let texts = TEXTS.iter().find(|texts| texts.language == language).unwrap();
    let page = news(texts).replace("charset=utf-8", &format!("charset={label}"));
    let roles = "none".parse().unwrap();
    let pipeline = Pipeline::new(&Config { identifier: "script".to_owned(), roles, ..Config::default() }).unwrap();
    let mut batch = Batch::default();
    batch.push_document(&encode(label, &page)).html = Some(mode);
    pipeline.apply(&mut batch, &mut Scratch::default());
    batch
}

fn ledger_closes(batch: &Batch, document: &Document) {
    let text: usize = batch.fragments.iter().map(|fragment| fragment.raw.len()).sum();
    assert_eq!(text as u64 + document.structure, document.raw.len() as u64);
}

#[test]
fn the_main_text_is_kept_and_the_rest_rejected() {
    for (language, label) in [
        ("ru", "utf-8"),
        ("ru", "windows-1251"),
        ("uk", "koi8-u"),
        ("el", "iso-8859-7"),
        ("he", "windows-1255"),
        ("ja", "shift_jis"),
        ("ja", "euc-jp"),
        ("zh-Hans", "gb18030"),
        ("zh-Hant", "big5"),
        ("ko", "euc-kr"),
    ] {
        let batch = run(language, label, Mode::Main);
        let texts = TEXTS.iter().find(|texts| texts.language == language).unwrap();
        ledger_closes(&batch, &batch.documents[0]);
        let with = |verdict: Verdict| {
            let rows = batch.fragments.iter().filter(move |fragment| fragment.verdict == verdict);
            rows.map(|fragment| batch.fragment_text(fragment)).collect::<Vec<_>>()
        };
        let (kept, beside) = (with(Verdict::Keep), with(Verdict::Drop(Reason::BesideMain)));
        let want: Vec<&str> = std::iter::once(texts.heading).chain(texts.paragraphs).collect();
        assert_eq!(kept, want, "{language} {label}");
        for text in [texts.caption, texts.comment, texts.footer, texts.navigation[1]] {
            assert!(beside.contains(&text), "{language} {label}: {text}");
        }
        for fragment in batch.fragments.iter().filter(|fragment| fragment.verdict == Verdict::Keep) {
            assert_eq!(batch.raw[fragment.raw.range()], encode(label, batch.fragment_text(fragment)), "{label}");
        }
    }
}

#[test]
fn all_of_a_page_is_kept_when_asked_for() {
    let batch = run("hi", "utf-8", Mode::All);
    ledger_closes(&batch, &batch.documents[0]);
    assert!(batch.fragments.iter().all(|fragment| fragment.verdict == Verdict::Keep));
    assert!(batch.fragments.len() > 10);
}

#[test]
fn what_the_page_says_comes_with_its_paragraphs() {
    let batch = run("el", "iso-8859-7", Mode::All);
    let texts = TEXTS.iter().find(|texts| texts.language == "el").unwrap();
    let markup = |wanted: &str| {
        let paragraph = batch.paragraphs.iter().rfind(|p| batch.text[p.text.range()] == *wanted).unwrap();
        paragraph.markup.unwrap()
    };
    let heading = markup(texts.heading);
    assert_eq!((heading.kind, &batch.meta[heading.language.range()]), (Kind::Heading(1), "el"));
    assert_eq!(markup(texts.caption).kind, Kind::Caption);
    assert_eq!(markup(texts.navigation[1]).link_density, 1.0);
}

#[test]
fn a_fragment_inside_a_paragraph_has_its_bytes() {
    let page = "<p>The <b>page</b> ends &amp; stops&nbsp;here. \
                <i>Это уже</i> другое предложение &mdash; <a href=x>по-русски</a>.<br>And one more line.</p>";
    let roles = "none".parse().unwrap();
    let pipeline = Pipeline::new(&Config { identifier: "script".to_owned(), roles, ..Config::default() }).unwrap();
    let mut batch = Batch::default();
    batch.push_document(page.as_bytes()).html = Some(Mode::All);
    pipeline.apply(&mut batch, &mut Scratch::default());
    let found: Vec<(&str, &str)> = batch
        .fragments
        .iter()
        .map(|f| (batch.fragment_text(f), std::str::from_utf8(&batch.raw[f.raw.range()]).unwrap()))
        .collect();
    let want = [
        ("The page ends & stops here. ", "The <b>page</b> ends &amp; stops&nbsp;here. <i>"),
        ("Это уже другое предложение — по-русски.", "Это уже</i> другое предложение &mdash; <a href=x>по-русски</a>."),
        ("And one more line.", "And one more line."),
    ];
    assert_eq!(found, want);
}

#[test]
fn a_page_of_no_text_is_binary() {
    let roles = "none".parse().unwrap();
    let pipeline = Pipeline::new(&Config { identifier: "script".to_owned(), roles, ..Config::default() }).unwrap();
    let mut batch = Batch::default();
    batch.push_document(&[b"<html>".as_slice(), &[0; 4096]].concat()).html = Some(Mode::All);
    pipeline.apply(&mut batch, &mut Scratch::default());
    assert_eq!(batch.documents[0].rejected, Some(Reason::Binary));
}
