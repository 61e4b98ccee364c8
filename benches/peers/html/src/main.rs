//! Reads the pages of a folder with babelsift, dom_smoothie and trafilatura by turns, says how many pages a second of
//! processor time each reads, and writes what they found.
//!
//! `babelsift-html-peers PAGES OUT [ROUNDS]`: `PAGES/*.html` to `OUT/<reader>/<page>.txt`.

use std::path::{Path, PathBuf};
use std::time::Duration;

use babelsift::decode::{Encoding, prescan};
use babelsift::html::{Mode, Page};
use rustix::time::{ClockId, clock_gettime};

/// Reads a page.
type Reader = Box<dyn FnMut(&str) -> String>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [pages, out, rest @ ..] = &arguments[..] else { return Err("usage: PAGES OUT [ROUNDS]".into()) };
    let rounds: usize = rest.first().map_or(Ok(3), |n| n.parse())?;
    let pages = load(Path::new(pages))?;
    let mut readers = readers();
    let mut times = vec![Vec::new(); readers.len()];
    for round in 0..rounds {
        for ((name, read), times) in readers.iter_mut().zip(&mut times) {
            let before = now();
            let texts: Vec<String> = pages.iter().map(|(_, page)| read(page)).collect();
            times.push(now() - before);
            if round == 0 {
                write(&Path::new(out).join(name), &pages, &texts)?;
            }
        }
    }
    let bytes: usize = pages.iter().map(|(_, page)| page.len()).sum();
    println!("{} pages, {:.1} MB, median of {rounds} rounds, one thread", pages.len(), bytes as f64 / 1e6);
    for ((name, _), times) in readers.iter().zip(&mut times) {
        times.sort();
        let seconds = times[rounds / 2].as_secs_f64();
        println!("{name:<16} {:>7.0} pages/s {:>7.1} MB/s", pages.len() as f64 / seconds, bytes as f64 / 1e6 / seconds);
    }
    Ok(())
}

fn readers() -> Vec<(&'static str, Reader)> {
    let ours = |mode: Mode| -> Reader {
        let mut page = Page::default();
        Box::new(move |html| {
            page.read(html);
            let mut out = String::new();
            for block in page.blocks().filter(|block| mode == Mode::All || block.is_main) {
                out.push_str(block.text);
                out.push('\n');
            }
            out
        })
    };
    let dom_smoothie: Reader = Box::new(|html| {
        let config = dom_smoothie::Config { text_mode: dom_smoothie::TextMode::Formatted, ..Default::default() };
        let article = dom_smoothie::Readability::new(html, None, Some(config)).and_then(|mut page| page.parse());
        article.map(|article| article.text_content.to_string()).unwrap_or_default()
    });
    let options = trafilatura::Options { enable_fallback: true, exclude_comments: true, ..Default::default() };
    let trafilatura: Reader =
        Box::new(move |html| trafilatura::extract(html, &options).map(|found| found.content_text).unwrap_or_default());
    vec![
        ("babelsift", ours(Mode::Main)),
        ("babelsift-all", ours(Mode::All)),
        ("dom_smoothie", dom_smoothie),
        ("trafilatura", trafilatura),
    ]
}

/// All pages of a folder, decoded, in the order of their names.
fn load(folder: &Path) -> std::io::Result<Vec<(PathBuf, String)>> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    paths.retain(|path| path.extension().is_some_and(|e| e == "html"));
    paths.sort();
    paths.into_iter().map(|path| std::fs::read(&path).map(|bytes| (path, decoded(bytes)))).collect()
}

fn decoded(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let bytes = error.into_bytes();
        let encoding = prescan::prescan(&bytes).filter(|e| *e != Encoding::UTF_8).unwrap_or(Encoding::WINDOWS_1252);
        let mut text = String::new();
        encoding.decode_into(&bytes, &mut text);
        text
    })
}

fn write(folder: &Path, pages: &[(PathBuf, String)], texts: &[String]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    for ((path, _), text) in pages.iter().zip(texts) {
        let name = path.file_stem().map(Path::new).unwrap_or(path);
        std::fs::write(folder.join(name).with_extension("txt"), text)?;
    }
    Ok(())
}

/// Processor time of this thread.
fn now() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
