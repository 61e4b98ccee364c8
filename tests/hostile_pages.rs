//! Pages made to be slow or large to read are neither. Alone in its process, so that its memory can be told.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use babelsift::html::Page;

/// Share of the full sizes that builds without optimization read.
const SCALE: usize = if cfg!(debug_assertions) { 10 } else { 1 };

fn times(unit: &str, count: usize) -> String {
    unit.repeat(count / SCALE)
}

/// Makes the page of so many parts of its size.
type Make = fn(usize) -> String;

const PAGES: &[(&str, Make)] = &[
    ("deep", |n| times("<div>", 100_000 / n) + "text" + &times("</div>", 100_000 / n)),
    ("deep, not blocks", |n| times("<b>", 100_000 / n) + "text" + &times("</b>", 100_000 / n)),
    ("10 MB of <div>", |n| times("<div>", (2 << 20) / n)),
    ("attributes", |n| {
        let attributes: String = (0..200_000 / n / SCALE).map(|i| format!(" a{i}=\"x\"")).collect();
        format!("<div{attributes}>text</div>")
    }),
    ("names", |n| format!("<div class=\"{}\">text</div>", times("related-postsX ", 400_000 / n))),
    ("tables in each other", |n| {
        times("<table><tr><td>", 20_000 / n) + "text" + &times("</td></tr></table>", 20_000 / n)
    }),
    ("unclosed", |n| times("<p>one <b>two <i>three ", (4 << 20) / 22 / n)),
    ("flat", |n| times("<p>A line of text, it says.</p>\n", (10 << 20) / 32 / n)),
    ("end tags of nothing", |n| times("<x>", 100_000 / n) + &times("</y></div></a>", 300_000 / n)),
    ("end tags beyond a cell", |n| {
        times("<div>", 100_000 / n) + "<table><td>" + &times("<b>", 100_000 / n) + &times("</div>", 500_000 / n)
    }),
    ("lists in each other", |n| times("<ul><li>a", 200_000 / n)),
    ("links in each other", |n| times("<a href=x><div>text ", 200_000 / n)),
    ("spans that end far off", |n| times("<span>a", 200_000 / n) + &times("</span>b", 200_000 / n)),
    ("elements of many names", |n| (0..300_000 / n / SCALE).map(|i| format!("<x{i}>")).collect()),
    ("less-than signs", |n| times("<", (8 << 20) / n)),
    ("ampersands", |n| times("&", (8 << 20) / n)),
    ("open comments", |n| times("<!--", (2 << 20) / n)),
    ("open titles", |n| times("<title>", (1 << 19) / n)),
    ("open scripts", |n| times("<script><!--", (1 << 19) / n)),
    ("open quotes", |n| times("<a b=\"", (1 << 20) / n)),
    ("open areas of text", |n| times("<textarea><", (1 << 19) / n)),
    ("spaces", |n| format!("<p>a{}b", times(" \n", (4 << 20) / n))),
    ("cells", |n| format!("<table>{}", times("<tr><td>a<td>b", 300_000 / n))),
];

/// Processor time that a page may take.
const PATIENCE: Duration = Duration::from_secs(1);

#[test]
fn hostile_pages_take_little_time_and_memory() {
    for (name, make) in PAGES {
        let (small, large) = (make(4), make(1));
        let (mut short, mut long) = (Duration::MAX, Duration::MAX);
        for _ in 0..5 {
            short = short.min(read(&small));
            long = long.min(read(&large));
            if long < PATIENCE && (long < 8 * short || long < Duration::from_millis(20)) {
                break;
            }
        }
        assert!(long < PATIENCE, "{name}: {long:?}");
        assert!(long < 8 * short || long < Duration::from_millis(20), "{name}: {short:?}, four times of it {long:?}");
    }
    if let Some(peak) = peak() {
        // The largest page is 12 MB, and its quarter stands beside it.
        assert!(peak < 200 << 20, "{peak} bytes");
    }
}

fn read(html: &str) -> Duration {
    let start = now();
    let mut page = Page::default();
    page.read(html);
    assert!(page.blocks().all(|block| block.source.end <= html.len()));
    now() - start
}

/// Processor time of this thread: other programs do not count.
#[cfg(unix)]
fn now() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

#[cfg(not(unix))]
fn now() -> Duration {
    static START: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed()
}

/// Most bytes of memory that this process had, where the system tells.
fn peak() -> Option<usize> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<usize>().ok()? << 10)
}
