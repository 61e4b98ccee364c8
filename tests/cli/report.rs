//! `report.html`, `report` and `inspect --html`: pages for people.

use super::common::{Made, Scratch};

const HOSTILE: &str = concat!(
    "{\"text\":\"<script>alert(1)</script> The ferry\u{a0}leaves at seven &amp;amp; nobody waits\u{202e} for it.\"}\n",
    "{\"text\":\"Παρακαλώ \u{200b}περιμένετε <img src=x onerror=y> στην αίθουσα αναμονής του λιμανιού.\"}\n",
    "{\"text\":\"ab\"}\n{\"text\":\"</td></table><!-- \"}\n<b>no json</b>\n",
);

fn made(scratch: &Scratch) -> Made {
    scratch.write("in.jsonl", HOSTILE);
    let page = "<meta charset=koi8-r>\n\u{412}\u{447}\u{435}\u{440}\u{430} \u{43c}\u{44b} \u{43f}\u{43e}\u{448}\u{43b}\u{438} \u{432} \u{43b}\u{435}\u{441} \u{438} \u{43d}\u{430}\u{448}\u{43b}\u{438} \u{433}\u{440}\u{438}\u{431}\u{44b}.\n";
    let (bytes, ..) = encoding_rs::WINDOWS_1251.encode(page);
    scratch.write("page<i>.txt", bytes);
    scratch.run("in.jsonl page<i>.txt --out out --format jsonl --min-letters 4")
}

fn html(made: &Made) -> String {
    String::from_utf8(made.files()["report.html"].clone()).unwrap()
}

/// Every tag that is opened is closed, in its turn; nothing but our own tags are there.
#[track_caller]
fn well_formed(page: &str) {
    let body = page.strip_prefix("<!doctype html>\n").unwrap();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = body;
    while let Some(at) = rest.find('<') {
        let end = at + rest[at..].find('>').expect("a tag is closed");
        let tag = &rest[at + 1..end];
        let name = tag.trim_matches('/').split([' ', '/']).next().unwrap();
        assert_eq!(tag.matches('"').count() % 2, 0, "<{tag}>");
        match tag {
            _ if tag.starts_with('/') => assert_eq!(open.pop(), Some(name), "</{name}> closes"),
            _ if tag.ends_with('/') || ["meta", "br"].contains(&name) => {}
            _ => open.push(name),
        }
        assert!(!["script", "img", "link", "iframe", "object"].contains(&name), "<{tag}>");
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "left open: {open:?}");
    for outside in ["http:", "https:", "url(", "src=\"", "href=", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(!page.contains(|c| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\0' | '\u{200b}')));
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).unwrap()).collect();
    groups.join("\u{202f}")
}

#[test]
fn the_page_says_what_the_ledger_says() {
    let scratch = Scratch::new();
    let made = made(&scratch);
    let (page, total) = (html(&made), made.json("ledger.json")["total"].clone());
    well_formed(&page);
    for label in made.labels() {
        let row = page.split("<tr>").find(|row| row.contains(&format!("<code>{label}</code>"))).unwrap();
        let bytes = grouped(total["kept"][&label].as_u64().unwrap());
        assert!(row.contains(&format!("data-name=\"bytes\">{bytes}</td>")), "{label} {bytes}: {row}");
    }
    let flow = page.split("<section id=\"flow\">").nth(1).unwrap().split("</section>").next().unwrap();
    let sum = |name: &str| total[name].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum::<u64>();
    let row = |name: &str| {
        let row = flow.split("<tr ").find(|row| row.contains(&format!("<th scope=\"row\">{name}</th>"))).unwrap();
        let cell = row.split("<td class=\"n\">").nth(1).unwrap().split('<').next().unwrap();
        cell.replace('\u{202f}', "").parse::<u64>().unwrap()
    };
    assert_eq!((row("read"), row("kept")), (total["read"].as_u64().unwrap(), sum("kept")));
    let reasons = total["rejected"].as_object().unwrap();
    let rejected: u64 = reasons.keys().map(|reason| row(&format!("\u{2212} {reason}"))).sum();
    assert_eq!(row("read"), row("kept") + rejected + row("\u{2212} structure"), "the waterfall closes");
    assert!(reasons.contains_key("bad-json") && reasons.contains_key("too-short"));
}

#[test]
fn examples_are_real_and_harmless() {
    let scratch = Scratch::new();
    let page = html(&made(&scratch));
    for part in [
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&lt;b&gt;no json&lt;/b&gt;",
        "page&lt;i&gt;.txt",
        "<del><b class=\"u\">U+00A0</b></del><ins> </ins>",
        "<del><b class=\"u\">U+202E</b></del>",
        "<td><code>koi8-r</code></td><td><code>windows-1251</code></td>",
        "<bdi dir=\"auto\" lang=\"el\">Ελληνικά</bdi>",
        "--format jsonl --min-letters 4",
        "<h3>too-short",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
}

#[test]
fn report_makes_the_same_again() {
    let scratch = Scratch::new();
    let made = made(&scratch);
    let before = made.files();
    std::fs::remove_file(made.folder.join("report.html")).unwrap();
    let done = scratch.call(&["report", "out"]).ended(0);
    assert_eq!(made.files(), before);
    assert!(done.text().is_empty() && done.stderr.lines().count() <= 10, "{}", done.stderr);
    assert!(done.stderr.contains("written to out/report.html"), "{}", done.stderr);
    scratch.call(&["verify", "out"]).ended(0);
    scratch.call(&["report", "nowhere"]).refused(&["nowhere", "ledger.json"]);
    std::fs::write(made.folder.join("report.json"), "{").unwrap();
    scratch.call(&["report", "out"]).refused(&["report.json", "broken"]);
}

#[test]
fn inspect_makes_a_page() {
    let scratch = Scratch::new();
    scratch.write("in.jsonl", HOSTILE);
    let page = scratch.call(&["inspect", "in.jsonl", "--html", "--min-letters", "4"]).ended(0).text().to_owned();
    well_formed(&page);
    for part in ["<h2>Record 0", "<code>ell_Grek</code>", "dropped: too-short", "rejected: bad-json", "zero-width"] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    assert!(page.contains("lang=\"el\">Παρακαλώ περιμένετε &lt;img src=x onerror=y&gt;"), "{page}");
}
