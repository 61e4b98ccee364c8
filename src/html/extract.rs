//! Which blocks are the main text.

use super::Kind;
use super::lines::{Lines, Row};
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
    scores: Vec<f32>,
}

/// What is in an element.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    letters: u32,
    linked: u32,
    /// Letters of blocks that read like text.
    prose: u32,
    rows: u32,
    pauses: u32,
    /// Letters of quotations.
    quoted: u32,
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.letters += other.letters;
        self.linked += other.linked;
        self.prose += other.prose;
        self.rows += other.rows;
        self.pauses += other.pauses;
        self.quoted += other.quoted;
    }

    fn link_density(&self) -> f32 {
        self.linked as f32 / self.letters.max(1) as f32
    }
}

/// Letters from which on a block is a paragraph.
const PARAGRAPH: u32 = 60;

/// Names of parts beside the main text.
const STRONG: Hints = Hints::FOOTER
    .or(Hints::SIDEBAR)
    .or(Hints::RELATED)
    .or(Hints::COMMENTS)
    .or(Hints::ADVERT)
    .or(Hints::FORM)
    .or(Hints::OVERLAY)
    .or(Hints::HIDDEN)
    .or(Hints::GALLERY);

/// Names of parts that are beside it unless they hold text.
const WEAK: Hints = Hints::NAVIGATION.or(Hints::SOCIAL).or(Hints::BYLINE);

impl Extract {
    pub(super) fn read(&mut self, tree: &Tree, lines: &Lines) {
        self.main.clear();
        self.main.resize(lines.rows.len(), false);
        self.sum(tree, lines, |_| true);
        self.find_beside(tree);
        let beside = std::mem::take(&mut self.beside);
        self.sum(tree, lines, |row| !beside[row.inner as usize] && row.kind != Kind::Title);
        self.beside = beside;
        let top = self.top(tree, lines);
        self.mark(tree, lines, top);
    }

    /// Adds up what the nodes hold.
    fn sum(&mut self, tree: &Tree, lines: &Lines, counts: impl Fn(&Row) -> bool) {
        self.sums.clear();
        self.sums.resize(tree.nodes.len(), Sums::default());
        for row in lines.rows.iter().filter(|row| counts(row)) {
            let prose = if reads_like_text(row) { row.letters - row.linked } else { 0 };
            let own = Sums { letters: row.letters, linked: row.linked, prose, rows: 1, pauses: row.pauses, quoted: if row.kind == Kind::Quote { row.letters } else { 0 } };
            self.sums[row.node as usize].add(&own);
        }
        for at in (1..tree.nodes.len()).rev() {
            let own = self.sums[at];
            self.sums[tree.nodes[at].parent as usize].add(&own);
        }
    }

    /// Finds the parts that are beside the main text. What holds most of the text of a page is none, whatever it is called.
    fn find_beside(&mut self, tree: &Tree) {
        let all = self.sums[0].prose;
        self.beside.clear();
        self.beside.resize(tree.nodes.len(), false);
        for (at, node) in tree.nodes.iter().enumerate().skip(1) {
            let own = self.sums[at].prose * 2 < all.max(1) && self.is_beside(at, node);
            self.beside[at] = own || self.beside[node.parent as usize];
        }
    }

    fn is_beside(&self, at: usize, node: &Node) -> bool {
        let tag = matches!(
            node.tag,
            Tag::Nav | Tag::Aside | Tag::Footer | Tag::Form | Tag::Button | Tag::Menu | Tag::Dialog | Tag::Search | Tag::Fieldset
        );
        if matches!(node.tag, Tag::Body | Tag::Html | Tag::Main | Tag::Root) {
            return false;
        }
        let sums = &self.sums[at];
        let text = sums.prose > 200 && sums.prose * 2 > sums.letters;
        let quoted = sums.quoted * 2 > sums.letters;
        let named = node.hints.meets(STRONG) || node.hints.meets(WEAK) && !text && !quoted;
        tag || named || node.is.has(Is::BESIDE) || node.is.has(Is::SILENT)
    }

    /// The element that holds the main text.
    fn top(&mut self, tree: &Tree, lines: &Lines) -> usize {
        self.scores.clear();
        self.scores.resize(tree.nodes.len(), 0.0);
        for row in lines.rows.iter().filter(|row| !self.beside[row.inner as usize] && row.kind != Kind::Title) {
            if row.letters < 25 {
                continue;
            }
            let density = row.linked as f32 / row.letters as f32;
            let score = (1.0 + row.pauses as f32 + (row.letters as f32 / 100.0).min(3.0)) * (1.0 - density);
            let mut at = row.node as usize;
            if matches!(tree.nodes[at].tag, Tag::P | Tag::Li | Tag::Td | Tag::Pre | Tag::Blockquote | Tag::Dd | Tag::Dt) {
                at = tree.nodes[at].parent as usize;
            }
            for share in [1.0, 0.5, 0.25, 0.125] {
                self.scores[at] += score * share;
                if at == 0 {
                    break;
                }
                at = tree.nodes[at].parent as usize;
            }
        }
        let mut best = (0, 0.0);
        for (at, node) in tree.nodes.iter().enumerate() {
            let mut score = self.scores[at] * (1.0 - self.sums[at].link_density());
            if matches!(node.tag, Tag::Article | Tag::Main) || node.is.has(Is::MAIN) {
                score *= 1.3;
            }
            if node.is.has(Is::ARTICLE_BODY) || node.hints.meets(Hints::CONTENT) {
                score *= 1.3;
            }
            if score > best.1 {
                best = (at, score);
            }
        }
        let mut top = best.0;
        // What is around it may hold more of the text.
        let mut at = top;
        while at != 0 {
            at = tree.nodes[at].parent as usize;
            let (own, inner) = (self.sums[at], self.sums[top]);
            let (prose, letters) = (own.prose - inner.prose, own.letters - inner.letters);
            let linked = own.linked - inner.linked;
            if prose as f32 > inner.prose as f32 * 0.15 && (!on("CLIMB") || prose * 2 > letters && linked * 4 < letters) {
                top = at;
            }
        }
        top
    }

    fn mark(&mut self, tree: &Tree, lines: &Lines, top: usize) {
        let end = tree.nodes[top].end;
        for (i, row) in lines.rows.iter().enumerate() {
            let inside = row.node as usize >= top && row.node < end;
            self.main[i] = inside && row.kind != Kind::Title && !self.beside[row.inner as usize] && self.stays(tree, row);
        }
        { self.lead(tree, lines, top); }
        { for (i, row) in lines.rows.iter().enumerate() { if row.kind == Kind::Caption { self.main[i] = false; } } }
        { for (i, row) in lines.rows.iter().enumerate() { if row.letters < 100 && is_credit(&lines.text[row.text.0 as usize..row.text.1 as usize]) { self.main[i] = false; } } }
        if on("H1") { for (i, row) in lines.rows.iter().enumerate() { if row.kind == Kind::Heading(1) { self.main[i] = false; } } }
        if on("DUP") { let mut seen = std::collections::HashSet::new(); for (i, row) in lines.rows.iter().enumerate() { if self.main[i] && row.letters > 25 && !seen.insert(lines.text[row.text.0 as usize..row.text.1 as usize].to_owned()) { self.main[i] = false; } } }
        // A heading of nothing is none.
        let mut open = false;
        for (i, row) in lines.rows.iter().enumerate().rev() {
            if !self.main[i] {
                continue;
            }
            match row.kind {
                Kind::Heading(_) => self.main[i] = open,
                _ => open = true,
            }
        }
    }

    /// What stands between the headline of the page and its main text belongs to it.
    fn lead(&mut self, tree: &Tree, lines: &Lines, top: usize) {
        let first = lines.rows.partition_point(|row| (row.node as usize) < top);
        let headline = lines.rows[..first].iter().rposition(|row| row.kind == Kind::Heading(1));
        let Some(headline) = headline else { return };
        if first - headline > 25 {
            return;
        }
        for at in headline + 1..first {
            let row = &lines.rows[at];
            let heading = matches!(row.kind, Kind::Heading(_) | Kind::Caption);
            let text = row.letters >= 140 && row.pauses > 1 && row.linked * 4 < row.letters && !heading;
            self.main[at] = text && !self.beside[row.inner as usize];
        }
        let _ = tree;
    }

    /// False for a block of links.
    fn stays(&self, tree: &Tree, row: &Row) -> bool {
        let density = row.linked as f32 / row.letters.max(1) as f32;
        let mut list = row.node as usize;
        for _ in 0..3 {
            if matches!(tree.nodes[list].tag, Tag::Ul | Tag::Ol | Tag::Dl | Tag::Table) {
                break;
            }
            list = tree.nodes[list].parent as usize;
        }
        let links = self.sums[list].link_density();
        let own = row.letters - row.linked;
        let min = 50;
        own > min || !(density > 0.5 || row.kind == Kind::Item && links > 0.5)
    }
}

fn reads_like_text(row: &Row) -> bool {
    row.letters >= PARAGRAPH && row.linked * 2 < row.letters
}


pub(super) fn on(name: &str) -> bool { std::env::var(name).is_ok() }

/// True for a line that says whose picture it is: `Photo: ...`, `(Image: ...)`.
fn is_credit(text: &str) -> bool {
    let own = |part: &str| {
        let Some((word, rest)) = part.trim_start_matches(['(', '[', '©', ' ']).split_once([':', '：', '/', '|', ' ']) else { return false };
        let word = word.trim().to_lowercase();
        let word = word.trim_end_matches(['s', '.']);
        let colon = part.contains([':', '：', '/', '|']) || matches!(rest.split(' ').next(), Some("by" | "via" | "courtesy" | "von"));
        colon && CREDITS.contains(&word)
    };
    text.starts_with('©') || own(text) || text.rfind(['(', '（']).is_some_and(|at| own(&text[at..]))
}

const CREDITS: [&str; 41] = [
    "photo", "foto", "image", "imagen", "imagem", "bild", "titelbild", "symbolbild", "picture", "pic", "credit", "photocredit",
    "fotocredit", "photograph", "fotografía", "fotografia", "fotografie", "crédit", "crédito", "quelle", "bildquelle", "fotoquelle", "fot",
    "zdjęcie", "фото", "снимок", "φωτογραφία", "fotoğraf", "kép", "fotó", "kuva", "ảnh", "gambar", "写真", "画像", "图片", "图", "圖", "사진", "صورة", "תמונה",
];
