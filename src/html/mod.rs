//! HTML to text: every block of text that is shown, or those of the main text only.
//!
//! A page is cut into tokens (`tokenizer`), which make a flat tree (`tree`), whose text is written block by block
//! (`lines`, `pen`); `extract` then says which blocks are the page's own text and which stand on every page of the site. All of
//! it takes time in proportion to the page, whatever the page is.

mod extract;
mod lines;
mod names;
mod part;
mod pen;
mod references;
mod tags;
mod tokenizer;
mod tree;
mod words;

use std::ops::Range;

pub use part::{Cutter, MAX_PARTS, Piece};

use crate::batch::Edit;

/// Which text of a page is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// The text for whose sake the page is there.
    #[default]
    Main,
    /// All that is shown.
    All,
}

/// What a block of text is on its page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A paragraph, or text that is nothing else.
    #[default]
    Paragraph,
    /// The title of the page, which is not part of it.
    Title,
    /// A heading, of level 1 to 6.
    Heading(u8),
    /// An item of a list, a term or its explanation.
    Item,
    /// A row of a table, tabs between its cells.
    Row,
    /// A cell of a table that is too long for that.
    Cell,
    /// The words under a picture or over a table.
    Caption,
    /// A quotation.
    Quote,
    /// Text whose line ends and spaces count.
    Code,
}

impl Kind {
    /// Level of a heading, else 0.
    pub fn heading(self) -> u8 {
        match self {
            Self::Heading(level) => level,
            _ => 0,
        }
    }

    /// Name for people and programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Paragraph => "paragraph",
            Self::Title => "title",
            Self::Heading(_) => "heading",
            Self::Item => "item",
            Self::Row => "row",
            Self::Cell => "cell",
            Self::Caption => "caption",
            Self::Quote => "quote",
            Self::Code => "code",
        }
    }
}

/// A block of text of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Block<'a> {
    /// Its text: `\n` where a line ends inside the block, `\t` between cells.
    pub text: &'a str,
    /// What it is.
    pub kind: Kind,
    /// Share of its letters that are in links, 0 to 1.
    pub link_density: f32,
    /// Its language, as the page says; empty where it does not.
    pub language: &'a str,
    /// Its bytes in the page, from its first character to its last; no two blocks share a byte.
    pub source: Range<usize>,
    /// True when it belongs to the main text.
    pub is_main: bool,
    /// How its text differs from the bytes, which leads back to them.
    pub(crate) edits: &'a [Edit],
}

impl Block<'_> {
    /// The byte of the page that the text at `offset` (bytes) comes from; inside a reference, where that begins.
    pub fn source_offset(&self, offset: usize) -> usize {
        self.source.start + Edit::before(self.edits, offset)
    }
}

/// A page that was read, and the memory to read the next one.
///
/// ```
/// use babelsift::html::{Kind, Page};
///
/// let html = "<title>Boats</title><h1>By&nbsp;boat</h1><p lang=fr>Le bac part<br>à <b>sept</b> heures.<script>x()</script>";
/// let mut page = Page::default();
/// page.read(html);
/// let blocks: Vec<_> = page.blocks().map(|b| (b.text, b.kind, b.language)).collect();
/// assert_eq!(blocks[1], ("By\u{a0}boat", Kind::Heading(1), ""));
/// assert_eq!(blocks[2], ("Le bac part\nà sept heures.", Kind::Paragraph, "fr"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Page {
    tree: tree::Tree,
    lines: lines::Lines,
    extract: extract::Extract,
    /// Places of `lang` values whose text is at the end of `languages`.
    languages: Vec<String>,
}

impl Page {
    /// Reads a page; the one before is forgotten. Only the first 4 GiB of it are read.
    pub fn read(&mut self, html: &str) {
        self.tree.read(html);
        self.lines.read(html, &self.tree);
        self.extract.read(&self.tree, &self.lines);
        self.languages.clear();
        let text = |place: &Range<u32>| html.get(place.start as usize..place.end as usize).unwrap_or_default().trim();
        self.languages.extend(self.tree.languages.iter().map(|place| text(place).to_owned()));
    }

    /// All blocks of text that are shown, in order, and the title.
    pub fn blocks(&self) -> impl Iterator<Item = Block<'_>> {
        self.lines.rows.iter().zip(&self.extract.main).map(|(row, main)| Block {
            text: self.lines.text_of(row),
            kind: row.kind,
            link_density: row.linked as f32 / row.letters.max(1) as f32,
            language: self.languages.get(row.language as usize).map_or("", String::as_str),
            source: row.source.0 as usize..row.source.1 as usize,
            is_main: *main,
            edits: self.lines.edits.get(row.edits.0 as usize..row.edits.1 as usize).unwrap_or_default(),
        })
    }
}

/// The text of a page, a paragraph a line with a blank line between.
///
/// ```
/// use babelsift::html::{Mode, text};
/// assert_eq!(text("<p>One<p>Two &amp; <i>three</i>", Mode::All), "One\n\nTwo & three\n");
/// ```
pub fn text(html: &str, mode: Mode) -> String {
    let mut page = Page::default();
    page.read(html);
    let mut out = String::new();
    for block in page.blocks().filter(|block| mode == Mode::All || block.is_main) {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(block.text);
        out.push('\n');
    }
    out
}
