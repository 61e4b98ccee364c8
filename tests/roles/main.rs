//! Roles on pages of many scripts, on text that is no page, and end to end.
#![allow(clippy::unwrap_used, reason = "tests")]

mod short;

use babelsift::batch::Verdict;
use babelsift::html::Mode;
use babelsift::reason::Reason;
use babelsift::role::{Role, roles};
use babelsift::{Batch, Config, Pipeline, Scratch};

/// Pages of our own: `-` leaves, `+` stays, `#` stays as a heading.
const PAGES: &str = include_str!("pages.txt");

/// Pages of our own with captions, listings, plays, recipes and menus in English: `-` leaves, `+` stays, `#` stays as a
/// heading, `"` as a caption, `>` as code, and `2` leaves as the second copy. A line that ends with `¦` goes on with the next.
const KINDS: &str = include_str!("kinds.txt");

fn pipeline(roles: &str) -> Pipeline {
    Pipeline::new(&Config { roles: roles.parse().unwrap(), ..Config::default() }).unwrap()
}

/// Texts with their roles.
type Lines = Vec<(String, Role)>;

/// The lines that stay, and those that leave.
fn divided(pipeline: &Pipeline, text: &str) -> (Lines, Lines) {
    let (kept, left): (Vec<_>, Vec<_>) =
        pipeline.fragments(text.as_bytes()).partition(|f| f.verdict() == Verdict::Keep);
    let shown = |f: Vec<babelsift::pipeline::TextFragment>| f.iter().map(|f| (f.text().to_owned(), f.role())).collect();
    (shown(kept), shown(left))
}

#[test]
fn pages_of_many_scripts() {
    let pipeline = pipeline("default");
    let (mut lost, mut left, mut lines, mut untitled) = (Vec::new(), Vec::new(), 0, Vec::new());
    for page in PAGES.split("== ").skip(1) {
        let (name, body) = page.split_once('\n').unwrap();
        let marked: Vec<(char, &str)> =
            body.lines().filter(|l| !l.is_empty()).map(|l| (l.chars().next().unwrap(), &l[2..])).collect();
        let text: String = marked.iter().map(|(_, line)| format!("{line}\n")).collect();
        let found: Vec<_> = pipeline.fragments(text.as_bytes()).collect();
        for (mark, line) in marked {
            let own: Vec<_> = found.iter().filter(|f| line.contains(f.text().trim())).collect();
            let stays = own.iter().all(|f| f.verdict() == Verdict::Keep);
            match mark {
                '-' if stays => left.push((name, line)),
                '+' | '#' if !stays => lost.push((name, line)),
                '#' if own.iter().any(|f| f.role() != Role::Heading) => untitled.push((name, line)),
                _ => {}
            }
            lines += usize::from(mark == '-');
        }
    }
    assert_eq!(lost, [], "content that left");
    assert!(left.len() * 10 <= lines, "{} of {lines} lines of interfaces stayed: {left:?}", left.len());
    assert!(untitled.len() <= 2, "{untitled:?}");
}

/// Texts have no spaces here, which fragments may lose.
fn letters(text: &str) -> usize {
    text.chars().filter(|c| !c.is_whitespace()).count()
}

#[test]
fn kinds_on_pages() {
    let (pipeline, mut wrong) = (pipeline("default"), Vec::new());
    for page in KINDS.split("== ").skip(1) {
        let (name, body) = page.split_once('\n').unwrap();
        let pieces: Vec<(char, String)> = body
            .lines()
            .filter(|line| !line.is_empty())
            .map(|line| (line.chars().next().unwrap(), &line[2..]))
            .map(|(mark, line)| (mark, line.strip_suffix('¦').map_or_else(|| format!("{line}\n"), str::to_owned)))
            .collect();
        let text: String = pieces.iter().map(|(_, piece)| piece.as_str()).collect();
        let found = pipeline.fragments(text.as_bytes());
        let told =
            |f: babelsift::pipeline::TextFragment| vec![(f.role(), f.verdict() == Verdict::Keep); letters(f.text())];
        let mut found = found.flat_map(told);
        for (mark, piece) in &pieces {
            let own: Vec<_> = found.by_ref().take(letters(piece)).collect();
            let all =
                |is: &dyn Fn(Role, bool) -> bool| !own.is_empty() && own.iter().all(|(role, stays)| is(*role, *stays));
            let right = match mark {
                '-' => all(&|_, stays| !stays),
                '+' => all(&|_, stays| stays),
                '#' => all(&|role, stays| stays && role == Role::Heading),
                '"' => all(&|role, stays| stays && role == Role::Caption),
                '>' => all(&|role, stays| stays && role == Role::Code),
                '2' => all(&|role, stays| !stays && role == Role::Duplicate),
                _ => false,
            };
            if !right {
                wrong.push((name, piece.clone(), own.first().copied()));
            }
        }
    }
    assert_eq!(wrong, []);
}

#[test]
fn foreign_lines_of_a_page() {
    let page = |last: &str| {
        format!(
            "Главная\nВойти\nПодписаться\nНа пристани снова продают горячие пирожки с капустой, и очередь за ними стоит \
             с шести утра до самого отхода парома.\nПродавщица говорит, что капусту ей привозит брат, а муку она мелет сама.\n\
             Политика конфиденциальности\nВсе права защищены\n{last}\n"
        )
    };
    let stays = |last: &str| {
        let all: Vec<_> = pipeline("default").fragments(page(last).as_bytes()).map(|f| f.verdict()).collect();
        *all.last().unwrap() == Verdict::Keep
    };
    assert!(stays("The ferry has left without the captain"), "a line of another language goes to its corpus");
    for button in ["Home", "Log in", "Privacy policy", "All Rights Reserved.", "Terms of use", "ok"] {
        assert!(!stays(button), "{button} is of the interface, whatever its language");
    }
}

#[test]
fn headings_of_pages_stay() {
    let pipeline = pipeline("default");
    for (title, first, second) in [
        ("Help", "The office is closed on Monday.", "We open again on Tuesday at nine."),
        ("News", "The bridge is open again.", "Cars may cross it from six in the morning."),
        ("Ayuda", "La oficina cierra el lunes.", "Abrimos otra vez el martes a las nueve."),
        ("Новости", "Мост снова открыт.", "Машины могут проехать с шести утра."),
        ("お知らせ", "月曜日は休みです。", "火曜日の九時からまた開きます。"),
    ] {
        let page = format!(
            "<html><body><h1>{title}</h1><p>{first}</p><p>{second}</p><p>Share</p><p>Privacy policy</p></body></html>"
        );
        let mut batch = Batch::default();
        batch.push_document(page.as_bytes()).html = Some(Mode::Main);
        pipeline.apply(&mut batch, &mut Scratch::default());
        let kept = batch.fragments.iter().filter(|f| f.verdict == Verdict::Keep);
        assert!(kept.map(|f| batch.fragment_text(f).trim()).any(|text| text == title), "{title}");
    }
}

#[test]
fn indented_verse_is_no_listing() {
    let verse = "The ferryman counts the waves;\n    the second is for his dog;\n* * *\nthe third is for the letter;\n    \
                 the fourth is too large for us.\n";
    assert!(roles(verse).iter().all(|(_, role)| *role != Role::Code), "{:?}", roles(verse));
}

#[test]
fn what_is_no_page_loses_nothing() {
    let pipeline = pipeline("default");
    for text in [
        "Hello world",
        "Log in",
        "Home\nMenu\nSearch",
        "Subscribe to nothing.\nRead more books.\nShare your bread.",
        "rain again\nthe kettle sings to itself\nnobody knocks",
        "The wind got up.\n\nThe wind got up.\n\nThe sea lay down.",
        "— Who is there?\n— Nobody.\n— Then why do you answer?\n— Habit.",
        "Flour\nSalt\nTwo eggs\nA pinch of sugar\nStir it all and let it rest until the light goes.",
        "早上好\n今天下雨\n晚安",
    ] {
        let (_, left) = divided(&pipeline, text);
        assert_eq!(left, [], "{text}");
    }
}

const PAGE: &str = "Home\nWorld\nLog in or register\nloader\nThe bridge at Ossby opens again\nBy Ida Lund, staff writer\n\
    The bridge at Ossby in winter\nThe bridge at Ossby in winter\nThe bridge at Ossby in winterThe bridge was closed for \
    two winters, and the ferry that took its place was late on most days of the week.\n\"It was not the wind,\" the \
    captain said, \"it was the queue for the coffee, and everybody on board knew it very well.\"\nShare\nTweet\nRead \
    also\nPrivacy policy\n© The Ossby Post. All rights reserved.\nЗаголовок открываемого материала\n";

#[test]
fn the_stray_line_and_the_captions() {
    let (kept, left) = divided(&pipeline("default"), PAGE);
    let texts: Vec<&str> = kept.iter().map(|(text, _)| text.trim()).collect();
    assert_eq!(
        texts,
        [
            "The bridge at Ossby opens again",
            "By Ida Lund, staff writer",
            "The bridge at Ossby in winter",
            "The bridge was closed for two winters, and the ferry that took its place was late on most days of the week.",
            "\"It was not the wind,\" the captain said, \"it was the queue for the coffee, and everybody on board knew it \
             very well.\"",
            "Заголовок открываемого материала",
        ],
    );
    assert_eq!((kept[1].1, kept[2].1), (Role::Name, Role::Caption));
    assert_eq!(left.iter().filter(|(_, role)| *role == Role::Duplicate).count(), 2);
    let (kept, _) = divided(&pipeline("default,foreign"), PAGE);
    assert!(kept.iter().all(|(text, _)| !text.starts_with("Заголовок")), "{kept:?}");
    let (_, left) = divided(&pipeline("none"), PAGE);
    assert_eq!(left, []);
}

#[test]
fn what_leaves_says_why() {
    let pipeline = pipeline("ui");
    let reasons: Vec<_> = pipeline.fragments(PAGE.as_bytes()).map(|f| (f.role(), f.verdict())).collect();
    for (role, verdict) in reasons {
        let want = if role == Role::Ui { Verdict::Drop(Reason::Role(Role::Ui)) } else { Verdict::Keep };
        // The stray line is of the interface, too, and stays for its own corpus.
        assert!(verdict == want || verdict == Verdict::Keep, "{role:?} {verdict:?}");
    }
    assert!(Pipeline::new(&Config { roles: "menus".parse().unwrap(), ..Config::default() }).is_err());
}

#[test]
fn kinds_of_content() {
    let role = |text: &str| pipeline("default").fragments(text.as_bytes()).next().unwrap().role();
    for (text, want) in [
        ("12.50 13.75 14.00", Role::Table),
        ("* * *", Role::Noise),
        ("• two eggs and a little salt", Role::List),
        ("3. Stir until the spoon stands by itself", Role::List),
        ("“Nobody asked the river what it thought of the bridge.”", Role::Quote),
        ("«Δεν ρώτησε κανείς το ποτάμι τι γνώμη είχε για τη γέφυρα.»", Role::Quote),
        ("for (let i = 0; i < rows.length; i++) { total += rows[i].price; }", Role::Code),
        ("name\tprice\tcolour of the lid", Role::Table),
        ("Photo: the old bridge before the flood", Role::Caption),
        ("Nobody asked the river what it thought of the bridge.", Role::Content),
    ] {
        assert_eq!(role(text), want, "{text}");
    }
}

#[test]
fn one_text_by_itself() {
    let found = roles(PAGE);
    assert_eq!(found.iter().map(|(range, _)| range.len()).sum::<usize>(), PAGE.len());
    assert!(found.windows(2).all(|pair| pair[0].0.end == pair[1].0.start), "they tile");
    assert_eq!(roles(""), []);
    // The roles of what stays are those of the whole, as far as they are content.
    let kept = |text: &str| -> String {
        let keep = |role: &Role| !matches!(role, Role::Ui | Role::Boilerplate | Role::Duplicate | Role::Noise);
        roles(text).into_iter().filter(|(_, role)| keep(role)).map(|(range, _)| &text[range]).collect()
    };
    let once = kept(PAGE);
    assert_eq!(kept(&once), once, "what stays stays when it is read again");
}
