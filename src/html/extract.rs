//! Which blocks are the main text: those for whose sake the page is there, and not what stands on every page of the site.
//!
//! Parts that are beside the main text are found by their elements, roles and names. One that holds most of the page's prose
//! is not, unless the page has a `<main>` elsewhere. Of what is left, blocks give points to the elements around them; the
//! element with most points is the place of the main text, or one around it that holds more prose. What is in it stays, but
//! for lists of links, captions and headings of nothing. Where that finds too little, it is tried again without regard to
//! names, and at last without a place.

use std::ops::Range;

use super::Kind;
use super::lines::{Lines, Row};
use super::names::is_credit;
use super::tags::Tag;
use super::tree::{Is, Node, Tree};
use super::words::Hints;

/// The answer, and memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Extract {
    /// For each block, whether it belongs to the main text.
    pub(super) main: Vec<bool>,
    /// For each node, what the blocks in it hold.
    sums: Vec<Sums>,
    /// For each node, whether it is in a part beside the main text.
    beside: Vec<bool>,
    points: Vec<f32>,
}

/// What is in an element.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    letters: u32,
    linked: u32,
    /// Letters of blocks that read like text.
    prose: u32,
    /// Letters of quotations.
    quoted: u32,
}

impl Sums {
    fn of(row: &Row) -> Self {
        let is_prose = row.letters >= PARAGRAPH && row.linked * 2 < row.letters;
        Self {
            letters: row.letters,
            linked: row.linked,
            prose: if is_prose { row.letters - row.linked } else { 0 },
            quoted: if row.kind == Kind::Quote { row.letters } else { 0 },
        }
    }

    fn add(&mut self, other: &Self) {
        self.letters = self.letters.saturating_add(other.letters);
        self.linked = self.linked.saturating_add(other.linked);
        self.prose = self.prose.saturating_add(other.prose);
        self.quoted = self.quoted.saturating_add(other.quoted);
    }

    fn link_density(&self) -> f32 {
        self.linked as f32 / self.letters.max(1) as f32
    }
}

/// Letters from which on a block is a paragraph.
const PARAGRAPH: u32 = 60;
/// Letters of a block that has something to say.
const SHORT: u32 = 25;
/// Letters beside its links with which a block of links stays.
const UNLINKED: u32 = 50;
/// Letters of a subtitle of several sentences, and of a long one.
const LEAD: (u32, u32) = (140, 220);
/// Blocks between the headline and the main text, at most.
const LEAD_BLOCKS: usize = 25;
/// Letters of a main text that is large enough to be by itself.
const LARGE: u32 = 1000;
/// Letters of the last blocks of a text, and how many of them may be none of it.
const TAIL: (u32, usize) = (40, 6);
/// Blocks of a text at most that may end with a short paragraph.
const BRIEF: usize = 8;
/// A `<main>` with less than one in so many letters of the page's prose says nothing.
const SOME: u32 = 10;
/// Letters of a main text that is suspiciously small.
const LITTLE: u32 = 250;

/// Names of parts that are beside the main text.
const STRONG: Hints = Hints::FOOTER
    .or(Hints::SIDEBAR)
    .or(Hints::RELATED)
    .or(Hints::COMMENTS)
    .or(Hints::ADVERT)
    .or(Hints::FORM)
    .or(Hints::OVERLAY)
    .or(Hints::HIDDEN)
    .or(Hints::GALLERY);

/// Names of parts that are beside it unless they hold prose or a quotation.
const WEAK: Hints = Hints::NAVIGATION.or(Hints::SOCIAL).or(Hints::BYLINE);

/// What is taken to tell a part that is beside the main text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// Elements, roles and names.
    Names,
    /// Elements and roles.
    Elements,
}

impl Extract {
    /// Says of each block whether it belongs to the main text.
    pub(super) fn read(&mut self, tree: &Tree, lines: &Lines) {
        self.main.clear();
        if lines.rows.is_empty() {
            return;
        }
        self.attempt(tree, lines, By::Names);
        let found = self.found(lines);
        if found >= LITTLE {
            return;
        }
        let first = std::mem::take(&mut self.main);
        self.attempt(tree, lines, By::Elements);
        if self.found(lines) < 2 * found.max(1) {
            // Nothing is gained: whatever is no list of links.
            for (main, row) in self.main.iter_mut().zip(&lines.rows) {
                *main = !self.beside[row.inner as usize] && row.kind != Kind::Title && row.linked * 2 <= row.letters;
            }
        }
        if self.found(lines) < 2 * found.max(1) {
            self.main = first;
        }
    }

    /// Letters of the main text.
    fn found(&self, lines: &Lines) -> u32 {
        let main = lines.rows.iter().zip(&self.main).filter(|(_, main)| **main);
        main.fold(0, |all, (row, _)| all.saturating_add(row.letters))
    }

    fn attempt(&mut self, tree: &Tree, lines: &Lines, by: By) {
        self.sum(tree, lines, None);
        self.find_beside(tree, by);
        let beside = std::mem::take(&mut self.beside);
        self.sum(tree, lines, Some(&beside));
        self.beside = beside;
        let top = self.top(tree, lines);
        let end = tree.nodes[top].end;
        self.main.clear();
        self.main.extend(lines.rows.iter().map(|row| row.node as usize >= top && row.node < end));
        self.lead(lines, top);
        self.drop_blocks(tree, lines);
        self.drop_tail(tree, lines);
        self.drop_headings(lines);
    }

    /// Adds up what the nodes hold; `beside`: nodes that are left out.
    fn sum(&mut self, tree: &Tree, lines: &Lines, beside: Option<&[bool]>) {
        self.sums.clear();
        self.sums.resize(tree.nodes.len(), Sums::default());
        for row in &lines.rows {
            if row.kind != Kind::Title && !beside.is_some_and(|beside| beside[row.inner as usize]) {
                self.sums[row.inner as usize].add(&Sums::of(row));
            }
        }
        for at in (1..tree.nodes.len()).rev() {
            let own = self.sums[at];
            self.sums[tree.nodes[at].parent as usize].add(&own);
        }
    }

    /// Finds the parts that are beside the main text. What holds most of the prose of a page is none, whatever it is called,
    /// but where the page says that its main text is elsewhere.
    fn find_beside(&mut self, tree: &Tree, by: By) {
        let all = self.sums[0].prose.max(1);
        let main = self.said_main(tree, all / SOME);
        self.beside.clear();
        self.beside.resize(tree.nodes.len(), false);
        for (at, node) in tree.nodes.iter().enumerate().skip(1) {
            let little = self.sums[at].prose < all - all / 2;
            let apart = main.as_ref().is_some_and(|main| at >= main.end || node.end as usize <= main.start);
            let own = little && is_beside(node, &self.sums[at], by) || apart && is_never_main(node);
            self.beside[at] = own || self.beside[node.parent as usize];
        }
    }

    /// The one `<main>` of the page, where it holds more prose than this.
    fn said_main(&self, tree: &Tree, prose: u32) -> Option<Range<usize>> {
        let mut mains = (1..tree.nodes.len()).filter(|at| tree.nodes[*at].tag == Tag::Main);
        let main = mains.next().filter(|main| self.sums[*main].prose > prose)?;
        mains.next().is_none().then(|| main..tree.nodes[main].end as usize)
    }

    /// The element that holds the main text.
    fn top(&mut self, tree: &Tree, lines: &Lines) -> usize {
        self.give_points(tree, lines);
        let (mut top, mut most) = (0, 0.0);
        for (at, node) in tree.nodes.iter().enumerate() {
            let mut points = self.points[at] * (1.0 - self.sums[at].link_density());
            if matches!(node.tag, Tag::Article | Tag::Main) || node.is.has(Is::MAIN) {
                points *= 1.3;
            }
            if node.is.has(Is::ARTICLE_BODY) || node.hints.meets(Hints::CONTENT) {
                points *= 1.3;
            }
            if points > most {
                (top, most) = (at, points);
            }
        }
        // What is around it may hold more of the text.
        let mut at = top;
        while at != 0 {
            at = tree.nodes[at].parent as usize;
            let (own, inner) = (self.sums[at], self.sums[top]);
            let prose = own.prose.saturating_sub(inner.prose);
            let letters = own.letters.saturating_sub(inner.letters);
            let linked = own.linked.saturating_sub(inner.linked);
            let alike = inner.prose < LARGE || prose > letters / 2 && linked < letters / 4;
            if prose as f32 > inner.prose as f32 * 0.15 && alike {
                top = at;
            }
        }
        top
    }

    /// Each block gives points to the elements around it, the nearest most.
    fn give_points(&mut self, tree: &Tree, lines: &Lines) {
        self.points.clear();
        self.points.resize(tree.nodes.len(), 0.0);
        for row in lines.rows.iter().filter(|row| row.letters >= SHORT && row.kind != Kind::Title) {
            if self.beside[row.inner as usize] {
                continue;
            }
            let unlinked = 1.0 - row.linked as f32 / row.letters as f32;
            let points = (1.0 + row.pauses as f32 + (row.letters as f32 / 100.0).min(3.0)) * unlinked;
            let mut at = row.node as usize;
            let tag = tree.nodes[at].tag;
            if matches!(tag, Tag::P | Tag::Li | Tag::Td | Tag::Pre | Tag::Blockquote | Tag::Dd | Tag::Dt) {
                at = tree.nodes[at].parent as usize;
            }
            for share in [1.0, 0.5, 0.25, 0.125] {
                self.points[at] += points * share;
                if at == 0 {
                    break;
                }
                at = tree.nodes[at].parent as usize;
            }
        }
    }

    /// Text between the headline of the page and its main text belongs to it. A single short sentence there is a second
    /// headline. A heading belongs to it where nothing stands between that does not.
    fn lead(&mut self, lines: &Lines, top: usize) {
        let first = lines.rows.partition_point(|row| (row.node as usize) < top);
        let headline = lines.rows[..first].iter().rposition(|row| row.kind == Kind::Heading(1));
        let headline = headline.filter(|headline| first - headline <= LEAD_BLOCKS);
        for at in headline.map_or(first, |headline| headline + 1)..first {
            let row = &lines.rows[at];
            let long = row.letters >= LEAD.0 && row.pauses > 1 || row.letters >= LEAD.1;
            self.main[at] = long && row.linked < row.letters / 4 && row.kind.heading() == 0;
        }
        let before = self.main[..first].iter().rposition(|main| !main);
        if let Some(heading) = before.filter(|at| lines.rows[*at].kind.heading() > 0) {
            self.main[heading] = true;
        }
    }

    /// Drops what is no text of its own.
    fn drop_blocks(&mut self, tree: &Tree, lines: &Lines) {
        for (at, row) in lines.rows.iter().enumerate().filter(|(_, row)| !self.beside[row.inner as usize]) {
            // What is said to be a recipe counts wherever it stands.
            self.main[at] |= is_in(tree, row, Is::ARTICLE_BODY);
        }
        for (at, row) in lines.rows.iter().enumerate() {
            let other = matches!(row.kind, Kind::Title | Kind::Caption) || is_credit(lines.text_of(row), row.letters);
            self.main[at] &= !other && !self.beside[row.inner as usize] && !self.is_links(tree, row);
        }
    }

    /// True for a block of links, and for an item of a list of links.
    fn is_links(&self, tree: &Tree, row: &Row) -> bool {
        if row.letters - row.linked > UNLINKED {
            return false;
        }
        let mut list = row.node as usize;
        for _ in 0..3 {
            if matches!(tree.nodes[list].tag, Tag::Ul | Tag::Ol | Tag::Dl | Tag::Table) {
                break;
            }
            list = tree.nodes[list].parent as usize;
        }
        row.linked * 2 > row.letters || row.kind == Kind::Item && self.sums[list].link_density() > 0.5
    }

    /// Drops short blocks at the end that are no sentences: signatures, `Advertisement`, `Read more`.
    fn drop_tail(&mut self, tree: &Tree, lines: &Lines) {
        let brief = self.main.iter().filter(|main| **main).count() <= BRIEF;
        let mut left = TAIL.1;
        for (at, row) in lines.rows.iter().enumerate().rev() {
            if !self.main[at] {
                continue;
            }
            let sentence = row.letters > SHORT / 2 && lines.text_of(row).ends_with(ends_sentence);
            let part = matches!(row.kind, Kind::Item | Kind::Row | Kind::Cell | Kind::Code | Kind::Quote);
            // A notice ends with thanks, and a short answer may be the last one.
            let paragraph = brief && row.linked == 0 && tree.nodes[row.node as usize].tag == Tag::P;
            if row.letters >= TAIL.0 || sentence || part || paragraph || left == 0 {
                break;
            }
            self.main[at] = false;
            left -= 1;
        }
    }

    /// Drops headings under which nothing is left.
    fn drop_headings(&mut self, lines: &Lines) {
        let mut below = false;
        for (at, row) in lines.rows.iter().enumerate().rev() {
            if !self.main[at] {
                continue;
            }
            match row.kind {
                Kind::Heading(_) => self.main[at] = below,
                _ => below = true,
            }
        }
    }
}

/// True for what is no main text where `<main>` is elsewhere.
fn is_never_main(node: &Node) -> bool {
    matches!(node.tag, Tag::Nav | Tag::Aside | Tag::Footer | Tag::Dialog)
        || node.is.has(Is::BESIDE)
        || node.hints.meets(Hints::OVERLAY) && !is_root(node)
}

fn is_root(node: &Node) -> bool {
    matches!(node.tag, Tag::Body | Tag::Html | Tag::Main | Tag::Root | Tag::Text)
}

fn is_beside(node: &Node, sums: &Sums, by: By) -> bool {
    let element = match node.tag {
        _ if is_root(node) => return false,
        Tag::Nav | Tag::Aside | Tag::Footer | Tag::Form | Tag::Button | Tag::Menu | Tag::Dialog => true,
        Tag::Search | Tag::Fieldset => true,
        _ => node.is.has(Is::BESIDE),
    };
    let prose = sums.prose > 200 && sums.prose > sums.letters / 2;
    let quoted = sums.quoted > sums.letters / 2;
    let named = node.hints.meets(STRONG) || node.hints.meets(WEAK) && !prose && !quoted || node.is.has(Is::SILENT);
    element || named && by == By::Names
}

/// True where an element that attributes say this of holds the block, and is not far up.
fn is_in(tree: &Tree, row: &Row, what: Is) -> bool {
    let mut at = row.inner as usize;
    for _ in 0..6 {
        if tree.nodes[at].is.has(what) {
            return true;
        }
        at = tree.nodes[at].parent as usize;
    }
    false
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '"' | '”' | '“' | '»' | '«' | ')' | '」' | '』' | '）')
        || matches!(c, '。' | '！' | '？' | '।' | '॥' | '۔' | '؟' | '։' | '።' | '။' | '។' | '།' | '᠃')
}
