//! Pages in many scripts, laid out as pages of the web are: what must be read of them, and what must not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod languages;
mod layouts;
mod pipeline;
mod properties;
#[path = "../properties/values.rs"]
#[allow(dead_code)]
mod values;

use babelsift::html::{Kind, Mode, Page, text};
use languages::{TEXTS, Texts};
use layouts::{HIDDEN, LAYOUTS};

/// Every text on every layout.
fn each(mut check: impl FnMut(&str, &Texts, &str)) {
    assert!(TEXTS.len() >= 30);
    for texts in TEXTS {
        for (name, layout) in LAYOUTS {
            check(&format!("{} {name}", texts.language), texts, &layout(texts));
        }
    }
}

#[test]
fn the_main_text_is_found() {
    each(|name, texts, html| {
        let main = text(html, Mode::Main);
        for paragraph in texts.paragraphs {
            assert!(main.contains(paragraph), "{name}: {paragraph}\n{main}");
        }
    });
}

#[test]
fn what_is_beside_the_main_text_is_not() {
    each(|name, texts, html| {
        let main = text(html, Mode::Main);
        for beside in [texts.caption, texts.comment, texts.footer] {
            assert!(!main.contains(beside), "{name}: {beside}\n{main}");
        }
        for link in texts.navigation {
            assert!(!main.lines().any(|line| line.trim() == link), "{name}: {link}\n{main}");
        }
    });
}

#[test]
fn all_that_is_shown_is_read_and_nothing_else() {
    each(|name, texts, html| {
        let (all, main) = (text(html, Mode::All), text(html, Mode::Main));
        for shown in texts.paragraphs.iter().chain(&texts.navigation) {
            assert!(all.contains(shown), "{name}: {shown}\n{all}");
        }
        for part in [texts.heading, texts.caption, texts.comment, texts.footer] {
            assert_eq!(all.contains(part), html.contains(part), "{name}: {part}\n{all}");
        }
        for hidden in HIDDEN {
            assert!(!all.contains(hidden) && !main.contains(hidden), "{name}: {hidden}\n{all}");
        }
    });
}

#[test]
fn paragraphs_stay_apart() {
    each(|name, texts, html| {
        let main = text(html, Mode::Main);
        for paragraph in texts.paragraphs {
            assert!(main.lines().any(|line| line.trim() == paragraph), "{name}: {paragraph}\n{main}");
        }
    });
}

#[test]
fn blocks_lead_back_to_the_page() {
    let mut page = Page::default();
    each(|name, _, html| {
        page.read(html);
        let mut before = 0;
        for block in page.blocks() {
            assert!(before <= block.source.start && block.source.end <= html.len(), "{name}");
            before = block.source.end;
            // The first character of every word is where its bytes are.
            let words = block.text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
            for word in words {
                let at = word.as_ptr() as usize - block.text.as_ptr() as usize;
                let first = word.chars().next().unwrap();
                assert!(html[block.source_offset(at)..].starts_with(first), "{name}: {word}");
            }
        }
    });
}

#[test]
fn what_the_page_says_is_handed_on() {
    for texts in TEXTS {
        let mut page = Page::default();
        page.read(&layouts::news(texts));
        let kind = |wanted: &str| page.blocks().find(|block| block.text == wanted).map(|block| block.kind);
        assert_eq!(kind(texts.heading), Some(Kind::Title), "the first is the title");
        assert_eq!(kind(texts.caption), Some(Kind::Caption));
        assert_eq!(kind(texts.paragraphs[1]), Some(Kind::Paragraph));
        assert!(page.blocks().any(|block| block.kind == Kind::Heading(1) && block.text == texts.heading));
        assert!(page.blocks().all(|block| block.language == texts.language));
        let link = page.blocks().find(|block| block.text == texts.navigation[0]).unwrap();
        assert_eq!(link.link_density, 1.0);
    }
}

#[test]
fn a_heading_right_before_the_main_text_stays() {
    let hours = "<p>The shop is open from nine to five on every day of the week but Monday, when it is cleaned.</p>";
    let menu = "<nav><a href=/>Home</a> <a href=/shop>Shop</a></nav>";
    let row = "<tr><td>7:00</td><td>Harbour pier</td><td>7:40</td><td>Island of birds</td></tr>";
    for (page, want, not) in [
        (format!("{menu}<h1>Opening hours</h1><div class=content>{hours}{hours}</div>"), "Opening hours", "Shop"),
        (format!("{menu}<h1>Timetable</h1><table>{}</table>", row.repeat(9)), "Timetable", "Shop"),
        (format!("{menu}<h2>Opening hours</h2><div class=content>{hours}{hours}</div>"), "Opening hours", "Shop"),
        // What stands between is not of the text, so neither is what stands over it.
        (
            format!("<h2>Login</h2><p>Your name</p><div class=content>{hours}{hours}</div>"),
            "from nine to five",
            "Login",
        ),
        (
            format!("<h1><a href=/>The shop</a></h1><div class=content>{hours}{hours}</div>"),
            "from nine to five",
            "The shop\n",
        ),
    ] {
        let main = text(&page, Mode::Main);
        assert!(main.contains(want) && !main.contains(not), "{page}\n{main}");
    }
}

/// Where a page has a `<main>`, parts outside of it are beside it however long they are, if they are what they seem.
#[test]
fn a_short_main_wins_over_longer_parts_beside_it() {
    for Texts { language, paragraphs: [said, long, longer], .. } in TEXTS {
        let beside = format!("<p>{long}</p><p>{longer}</p><p>{long}</p>");
        for page in [
            format!("<div class=cookie-banner>{beside}</div><main><p>{said}</p></main>"),
            format!("<main><article><p>{said}</p></article></main><div role=complementary>{beside}</div>"),
            format!("<nav>{beside}</nav><div><main><p>{said}</p></main></div>"),
            format!("<form><main><p>{said}</p></main><footer>{beside}</footer></form>"),
        ] {
            let main = text(&page, Mode::Main);
            assert!(main.contains(said) && !main.contains(long), "{language}: {page}\n{main}");
        }
        // Nothing else is said to be the main text, or what seems to be beside it holds it.
        let teaser = format!("<section><article><p>{said}</p></article></section>");
        for page in [
            format!("<p>{said}</p><aside>{beside}</aside>"),
            format!("<article><p>{said}</p></article><div class=tasty-cookies>{beside}</div>"),
            format!("<main><p>…</p></main><div class=footer>{beside}</div>"),
            format!("<form><main>{beside}</main></form>"),
            format!("<div class=content-sidebar-wrap><main>{beside}</main></div>{teaser}"),
            format!("<dialog open><main>{beside}</main></dialog>{teaser}"),
            format!("<main><p>{said}</p><div class=popup-tabs>{beside}</div></main>"),
            format!("<main><p>{said}</p></main><div class=modal-root><main>{beside}</main></div>"),
        ] {
            assert!(text(&page, Mode::Main).contains(long), "{language}: {page}");
        }
    }
}
