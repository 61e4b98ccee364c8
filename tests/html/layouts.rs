//! Ways in which pages are laid out.

use super::languages::Texts;

/// What is in every page and never shown.
pub const HIDDEN: [&str; 7] = ["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT", "HIDDEN", "NONE", "COMMENT"];

const UNSEEN: &str = "<script>var SCRIPT = '<p>SCRIPT</p>';</script><style>.STYLE { color: red }</style>\
    <template><p>TEMPLATE</p></template><noscript><p>NOSCRIPT</p></noscript><p hidden>HIDDEN</p>\
    <div style=\"display: none\"><p>NONE</p></div><!-- <p>COMMENT</p> -->";

/// Makes a page of texts.
type Layout = fn(&Texts) -> String;

/// All ways.
pub const LAYOUTS: &[(&str, Layout)] = &[
    ("news", news),
    ("blog", blog),
    ("table", table),
    ("boxes", boxes),
    ("breaks", breaks),
    ("forum", forum),
    ("recipe", recipe),
    ("form", form),
    ("bare", bare),
];

fn links(texts: &Texts, before: &str, after: &str) -> String {
    texts.navigation.iter().map(|link| format!("{before}<a href=\"/{}\">{link}</a>{after}\n", link.len())).collect()
}

fn page(texts: &Texts, body: &str) -> String {
    let Texts { language, heading, .. } = texts;
    format!(
        "<!DOCTYPE html>\n<html lang={language}>\n<head><meta charset=utf-8><title>{heading}</title></head>\n\
         <body>{UNSEEN}\n{body}\n{UNSEEN}</body></html>\n"
    )
}

fn paragraphs(texts: &Texts) -> String {
    texts.paragraphs.iter().map(|text| format!("<p>{text}</p>\n")).collect()
}

/// Elements that say what they are.
pub fn news(texts: &Texts) -> String {
    let Texts { heading, caption, comment, footer, .. } = texts;
    let (nav, text) = (links(texts, "<li>", "</li>"), paragraphs(texts));
    page(
        texts,
        &format!(
            "<header><nav><ul>{nav}</ul></nav></header>\n<main><article>\n<h1>{heading}</h1>\n\
             <figure><img src=a.jpg alt=\"\"><figcaption>{caption}</figcaption></figure>\n{text}\
             <footer><ul class=tags>{nav}</ul></footer></article>\n\
             <section class=comments><h2>5</h2><p>{comment}</p></section></main>\n\
             <aside><ul>{nav}</ul></aside><footer><p>{footer}</p></footer>"
        ),
    )
}

/// Names that say what they are.
pub fn blog(texts: &Texts) -> String {
    let Texts { heading, caption, comment, footer, .. } = texts;
    let (nav, text) = (links(texts, "<li class=menu-item>", "</li>"), paragraphs(texts));
    page(
        texts,
        &format!(
            "<div id=wrapper><div class=main-menu><ul>{nav}</ul></div>\n<div id=content><div class=\"post-12 post hentry\">\n\
             <h2 class=entry-title>{heading}</h2>\n<div class=entry-content>\n\
             <div class=wp-caption><img src=a.jpg><p class=wp-caption-text>{caption}</p></div>\n{text}\
             <div class=sharedaddy><ul>{nav}</ul></div></div></div>\n\
             <div id=comments><ol class=commentlist><li class=comment><p>{comment}</p></li></ol></div></div>\n\
             <div id=sidebar><ul>{nav}</ul></div><div id=footer>{footer}</div></div>"
        ),
    )
}

/// A table for the layout, end tags left out.
pub fn table(texts: &Texts) -> String {
    let Texts { heading, paragraphs: [a, b, c], footer, .. } = texts;
    let nav = links(texts, "", "<br>");
    page(
        texts,
        &format!(
            "<table width=100%><tr><td colspan=2><font size=5>{heading}</font>\n<tr><td width=120 valign=top>{nav}\
             <td valign=top><p>{a}<p>{b}<p>{c}\n<tr><td colspan=2><a href=/top>{footer}</a></table>"
        ),
    )
}

/// Boxes without names.
pub fn boxes(texts: &Texts) -> String {
    let Texts { heading, paragraphs: [a, b, c], footer, .. } = texts;
    let nav = links(texts, "<div>", "</div>");
    page(
        texts,
        &format!(
            "<div><div>{nav}</div><div><div><h1>{heading}</h1></div><div><div>{a}</div><div>{b}</div><div>{c}</div></div></div>\
             <div>{nav}</div><div><a href=/about>{footer}</a></div></div>"
        ),
    )
}

/// Line ends in place of paragraphs.
pub fn breaks(texts: &Texts) -> String {
    let Texts { heading, paragraphs: [a, b, c], footer, .. } = texts;
    let nav = links(texts, "[", "]");
    page(
        texts,
        &format!(
            "<center><b>{heading}</b></center><div>{nav}</div><div>{a}<br><br>\n{b}<br>\n<br>{c}</div><hr>\
             <div class=footer>{footer}</div>"
        ),
    )
}

/// Each paragraph is by somebody else.
pub fn forum(texts: &Texts) -> String {
    let Texts { heading, paragraphs, footer, .. } = texts;
    let nav = links(texts, "<li>", "</li>");
    let posts: String = paragraphs
        .iter()
        .enumerate()
        .map(|(i, text)| {
            format!(
                "<div class=post id=p{i}><div class=postprofile><a href=/u{i}>user{i}</a></div>\n\
                 <div class=postbody><h3><a href=#p{i}>{heading}</a></h3><div class=content>{text}</div></div></div>\n"
            )
        })
        .collect();
    page(
        texts,
        &format!(
            "<div id=page-header><ul class=nav>{nav}</ul></div><div id=page-body><h2>{heading}</h2>\n{posts}</div>\
             <div id=page-footer class=copyright>{footer}</div>"
        ),
    )
}

/// Short items and steps.
pub fn recipe(texts: &Texts) -> String {
    let Texts { heading, paragraphs: [a, b, c], comment, footer, .. } = texts;
    let nav = links(texts, "<li>", "</li>");
    page(
        texts,
        &format!(
            "<nav><ul>{nav}</ul></nav><div class=recipe><h1>{heading}</h1><ul itemprop=recipeIngredient><li>200 g</li>\
             <li>3 ×</li></ul><ol><li>{a}</li><li>{b}</li><li>{c}</li></ol></div>\
             <div class=reviews><div class=comment-body>{comment}</div></div><footer>{footer}</footer>"
        ),
    )
}

/// All of the page in a form, and names that mislead.
pub fn form(texts: &Texts) -> String {
    let Texts { heading, comment, footer, .. } = texts;
    let (nav, text) = (links(texts, "<li>", "</li>"), paragraphs(texts));
    page(
        texts,
        &format!(
            "<form id=aspnetForm method=post><div class=\"page has-sidebar\"><div class=topmenu><ul>{nav}</ul></div>\n\
             <div class=\"sidebar-left content-sidebar\"><h1>{heading}</h1>{text}</div>\n\
             <div class=comments-area><p>{comment}</p></div><div class=site-footer>{footer}</div></div></form>"
        ),
    )
}

/// Nothing but the text, and links.
pub fn bare(texts: &Texts) -> String {
    let Texts { heading, paragraphs: [a, b, c], .. } = texts;
    let nav = links(texts, "", " ");
    page(texts, &format!("<h1>{heading}</h1>\n{a}\n<p>{b}\n<p>{c}\n<hr>\n<p>{nav}"))
}
