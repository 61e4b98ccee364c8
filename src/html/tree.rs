//! A page as a tree in one flat list: every node before those in it, with the place where they end. End tags that authors
//! leave out are supplied, end tags without a beginning are passed over. No node is looked at more often than a fixed
//! number of times, however deep the tree.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher};
use std::ops::Range;

use super::tags::{Tag, Ways};
use super::tokenizer::{Token, Tokenizer, attributes};
use super::words::Hints;

/// Elements in each other, at most: deeper ones are taken to be beside each other, as browsers do.
const DEPTH: usize = 4096;

/// No row.
pub(super) const NONE: u32 = u32::MAX;

/// An element or a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) tag: Tag,
    /// What attributes say, see [`Is`].
    pub(super) is: Is,
    /// What its names say.
    pub(super) hints: Hints,
    /// The element it is in; of the root, itself.
    pub(super) parent: u32,
    /// Row after the last one in it.
    pub(super) end: u32,
    /// Row of [`Tree::languages`], 0 for none.
    pub(super) language: u32,
    /// Its bytes in the page, tags included.
    pub(super) span: (u32, u32),
}

/// What attributes say of an element.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Is(u8);

impl Is {
    /// It is not shown.
    pub(super) const HIDDEN: Self = Self(1);
    /// A text in which references mean nothing.
    pub(super) const RAW: Self = Self(2);
    /// A link to another place.
    pub(super) const LINK: Self = Self(4);
    /// Its role is the main part of the page or an article.
    pub(super) const MAIN: Self = Self(8);
    /// Its role is something beside the main part.
    pub(super) const BESIDE: Self = Self(16);
    /// It is said to be the text of an article, or of a recipe.
    pub(super) const ARTICLE_BODY: Self = Self(32);
    /// Spoken aloud it is left out.
    pub(super) const SILENT: Self = Self(64);

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// All nodes of a page; the first is the root.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    /// Values of `lang`, as places in the page; the first is none.
    pub(super) languages: Vec<Range<u32>>,
    open: Vec<Open>,
    /// Places in `open`, of the innermost element of each kind.
    last: Vec<u32>,
    /// The same for elements of other names.
    others: HashMap<u64, u32, BuildHasherDefault<DefaultHasher>>,
    /// Place in `open` of the innermost scope, and of the innermost block.
    scope: u32,
    block: u32,
}

/// An element that has not ended.
#[derive(Clone, Copy, Debug)]
struct Open {
    node: u32,
    tag: Tag,
    /// Hash of the name of another element.
    name: u64,
    /// What `last` (or `others`), `scope` and `block` were before.
    last: u32,
    scope: u32,
    block: u32,
    /// It ended while elements in it had not.
    ended: bool,
}

impl Tree {
    /// Reads a page; what was in the tree is forgotten. Only the first 4 GiB of a page are read.
    pub(super) fn read(&mut self, page: &str) {
        self.nodes.clear();
        self.open.clear();
        self.others.clear();
        self.last.clear();
        self.last.resize(Tag::COUNT, NONE);
        self.languages.clear();
        self.languages.push(0..0);
        (self.scope, self.block) = (NONE, NONE);
        let length = page.len().min(NONE as usize - 1);
        let page = page.get(..length).unwrap_or_default();
        self.push(Tag::Root, 0..page.len());
        self.enter(0, Tag::Root, 0);
        let mut tokens = Tokenizer::over(page.as_bytes());
        while let Some(token) = tokens.next() {
            match token {
                Token::Text(span) => {
                    self.push(Tag::Text, span);
                }
                Token::Start { tag, span, name, attributes, closed } => {
                    let characters = tag.is(Ways::RAW) || tag.is(Ways::PLAIN) || tag == Tag::Plaintext;
                    let entered = self.start(page.as_bytes(), tag, span, name, attributes, closed);
                    if characters && (entered || !closed) {
                        let (content, end) = tokens.content(tag);
                        if entered {
                            self.content(tag, content, end);
                        }
                    }
                }
                Token::End { tag, span, name } => self.end(page.as_bytes(), tag, span, name),
            }
        }
        while !self.open.is_empty() {
            self.leave(page.len());
        }
    }

    fn push(&mut self, tag: Tag, span: Range<usize>) -> usize {
        let parent = self.open.last().map_or(0, |open| open.node);
        let row = self.nodes.len();
        let language = self.nodes.get(parent as usize).map_or(0, |node| node.language);
        let (is, hints) = (Is::default(), Hints::default());
        let span = (span.start as u32, span.end as u32);
        self.nodes.push(Node { tag, is, hints, parent, end: row as u32 + 1, language, span });
        row
    }

    fn enter(&mut self, row: usize, tag: Tag, name: u64) {
        let at = self.open.len() as u32;
        let last = if tag == Tag::Other {
            self.others.insert(name, at).unwrap_or(NONE)
        } else {
            std::mem::replace(&mut self.last[tag as usize], at)
        };
        self.open.push(Open { node: row as u32, tag, name, last, scope: self.scope, block: self.block, ended: false });
        if tag.is(Ways::SCOPE) {
            self.scope = at;
        }
        if tag.is(Ways::BLOCK) {
            self.block = at;
        }
    }

    /// Ends the innermost element.
    fn leave(&mut self, at: usize) {
        let Some(open) = self.open.pop() else { return };
        if open.tag == Tag::Other {
            self.others.insert(open.name, open.last);
        } else {
            self.last[open.tag as usize] = open.last;
        }
        (self.scope, self.block) = (open.scope, open.block);
        if !open.ended {
            let end = self.nodes.len() as u32;
            let node = &mut self.nodes[open.node as usize];
            (node.end, node.span.1) = (end, at as u32);
        }
    }

    /// Ends all down to a place among the open ones, that one included.
    fn leave_to(&mut self, place: u32, at: usize) {
        while self.open.len() as u32 > place {
            self.leave(at);
        }
    }

    /// Place of the innermost open element of this kind, if no scope lies between.
    fn innermost(&self, tag: Tag) -> Option<u32> {
        Some(self.last[tag as usize]).filter(|at| *at != NONE && (self.scope == NONE || *at >= self.scope))
    }

    /// Notes the content of the innermost element, which is characters, and ends it.
    fn content(&mut self, tag: Tag, content: Range<usize>, end: usize) {
        if !content.is_empty() {
            let row = self.push(Tag::Text, content);
            if !tag.is(Ways::PLAIN) {
                self.nodes[row].is.add(Is::RAW);
            }
        }
        self.leave(end);
    }

    /// Notes an element; false where it has no content, or is part of a picture and not noted.
    fn start(
        &mut self,
        page: &[u8],
        tag: Tag,
        span: Range<usize>,
        name: Range<usize>,
        attributes: Range<usize>,
        closed: bool,
    ) -> bool {
        let svg = self.last[Tag::Svg as usize];
        if svg != NONE {
            if !tag.is(Ways::BLOCK) || tag == Tag::Title || self.scope != NONE && svg < self.scope {
                // Pictures have elements of their own, nothing of which is read, and which may be closed.
                if tag == Tag::Svg && !closed {
                    let row = self.push(tag, span);
                    self.enter(row, tag, 0);
                }
                return false;
            }
            self.leave_to(svg, span.start);
        }
        self.imply(tag, span.start);
        let row = self.push(tag, span.clone());
        self.describe(row, page, attributes);
        // What is not shown has to end where it ends, however deep.
        let deep = self.open.len() >= DEPTH && !tag.is(Ways::UNSEEN) && !self.nodes[row].is.has(Is::HIDDEN);
        let void = tag.is(Ways::VOID) || deep || closed && matches!(tag, Tag::Svg | Tag::Other);
        if !void {
            let name = if tag == Tag::Other { hash(&page[name]) } else { 0 };
            self.enter(row, tag, name);
        }
        !void
    }

    /// Supplies the end tags that are left out before an element.
    fn imply(&mut self, tag: Tag, at: usize) {
        if tag.is(Ways::ENDS_P)
            && let Some(p) = self.innermost(Tag::P)
        {
            self.leave_to(p, at);
        }
        let within = |tree: &Self, tag: Tag, lists: &[Tag]| {
            let place = tree.innermost(tag)?;
            let list = lists.iter().filter_map(|list| tree.innermost(*list)).max();
            Some(place).filter(|place| list.is_none_or(|list| list < *place))
        };
        const LISTS: [Tag; 4] = [Tag::Ul, Tag::Ol, Tag::Menu, Tag::Dir];
        const TABLE: [Tag; 1] = [Tag::Table];
        let ended = match tag {
            Tag::Li => within(self, Tag::Li, &LISTS),
            Tag::Dt | Tag::Dd => within(self, Tag::Dt, &[Tag::Dl]).max(within(self, Tag::Dd, &[Tag::Dl])),
            Tag::Option | Tag::Optgroup => within(self, Tag::Option, &[Tag::Select]),
            Tag::Button => self.innermost(Tag::Button),
            Tag::Td | Tag::Th => self.cell(),
            Tag::Tr => self.cell().into_iter().chain(self.row_of_table(Tag::Tr)).min(),
            Tag::Thead | Tag::Tbody | Tag::Tfoot => {
                let parts = [Tag::Thead, Tag::Tbody, Tag::Tfoot].map(|part| self.row_of_table(part));
                parts.into_iter().flatten().chain(self.cell()).chain(self.row_of_table(Tag::Tr)).min()
            }
            Tag::A => within(self, Tag::A, &TABLE).filter(|a| self.block == NONE || *a > self.block),
            Tag::Body => self.innermost(Tag::Head),
            _ if tag.is(Ways::BLOCK) && tag != Tag::Option => within(self, Tag::Select, &TABLE),
            _ => None,
        };
        if let Some(place) = ended {
            self.leave_to(place, at);
        }
    }

    /// The open cell of the innermost table.
    fn cell(&self) -> Option<u32> {
        let cell = |tag: Tag| self.row_of_table(tag);
        cell(Tag::Td).max(cell(Tag::Th))
    }

    /// An open part of the innermost table.
    fn row_of_table(&self, tag: Tag) -> Option<u32> {
        let (place, table) = (self.last[tag as usize], self.last[Tag::Table as usize]);
        (place != NONE && (table == NONE || place > table)).then_some(place)
    }

    fn end(&mut self, page: &[u8], tag: Tag, span: Range<usize>, name: Range<usize>) {
        let place = match tag {
            Tag::Br => {
                self.push(Tag::Br, span);
                return;
            }
            Tag::Body | Tag::Html => None,
            Tag::Other => {
                let place = self.others.get(&hash(&page[name])).copied().unwrap_or(NONE);
                Some(place).filter(|at| *at != NONE && (self.scope == NONE || *at >= self.scope))
            }
            Tag::Tr | Tag::Td | Tag::Th | Tag::Thead | Tag::Tbody | Tag::Tfoot => self.row_of_table(tag),
            Tag::Table => Some(self.last[tag as usize]).filter(|at| *at != NONE),
            Tag::Svg | Tag::Template | Tag::Caption => Some(self.last[tag as usize]).filter(|at| *at != NONE),
            _ => self.innermost(tag),
        };
        let Some(place) = place else { return };
        let crosses = self.block != NONE && place < self.block && !tag.is(Ways::BLOCK) && tag != Tag::Svg;
        if crosses && tag != Tag::Other {
            // It ends here, but the blocks that began in it go on.
            let end = self.nodes.len() as u32;
            let open = &mut self.open[place as usize];
            if !open.ended {
                open.ended = true;
                let node = &mut self.nodes[open.node as usize];
                (node.end, node.span.1) = (end, span.end as u32);
            }
            return;
        }
        self.leave_to(place, span.end);
    }

    /// Notes what the attributes of an element say.
    fn describe(&mut self, row: usize, page: &[u8], attributes_at: Range<usize>) {
        let bytes = &page[attributes_at.clone()];
        let mut node = self.nodes[row];
        let mut closed_dialog = node.tag == Tag::Dialog;
        for (name, value) in attributes(bytes) {
            let place = attributes_at.start + value.start..attributes_at.start + value.end;
            let value = &bytes[value];
            match &bytes[name] {
                n if is(n, b"class") || is(n, b"id") => node.hints = node.hints.or(Hints::of(value)),
                n if is(n, b"style") && is_hidden(value) => node.is.add(Is::HIDDEN),
                n if is(n, b"hidden") && !is(value, b"false") => node.is.add(Is::HIDDEN),
                n if is(n, b"href") && !value.starts_with(b"#") => node.is.add(Is::LINK),
                n if is(n, b"open") => closed_dialog = false,
                n if is(n, b"role") => node.is.add(role(value)),
                n if is(n, b"aria-hidden") && is(value, b"true") => node.is.add(Is::SILENT),
                n if is(n, b"itemprop") && body_of_article(value) => node.is.add(Is::ARTICLE_BODY),
                n if (is(n, b"lang") || is(n, b"xml:lang")) && !value.is_empty() => {
                    node.language = self.languages.len() as u32;
                    self.languages.push(place.start as u32..place.end as u32);
                }
                _ => {}
            }
        }
        if closed_dialog {
            node.is.add(Is::HIDDEN);
        }
        self.nodes[row] = node;
    }
}

fn is(value: &[u8], word: &[u8]) -> bool {
    value.eq_ignore_ascii_case(word)
}

fn role(value: &[u8]) -> Is {
    const BESIDE: [&[u8]; 14] = [
        b"navigation",
        b"banner",
        b"contentinfo",
        b"complementary",
        b"search",
        b"dialog",
        b"alertdialog",
        b"menu",
        b"menubar",
        b"toolbar",
        b"tablist",
        b"alert",
        b"tooltip",
        b"form",
    ];
    let role = value.trim_ascii();
    match () {
        () if is(role, b"main") || is(role, b"article") => Is::MAIN,
        () if BESIDE.iter().any(|word| is(role, word)) => Is::BESIDE,
        () => Is::default(),
    }
}

fn body_of_article(value: &[u8]) -> bool {
    const NAMES: [&[u8]; 4] = [b"articleBody", b"recipeInstructions", b"recipeIngredient", b"ingredients"];
    value.split(u8::is_ascii_whitespace).any(|name| NAMES.iter().any(|known| is(name, known)))
}

/// True for a style that hides: `display: none` and `visibility: hidden`.
fn is_hidden(style: &[u8]) -> bool {
    style.split(|b| *b == b';').any(|rule| {
        let mut parts = rule.splitn(2, |b| *b == b':');
        let (name, value) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let value = value.trim_ascii();
        let value = value.split(|b| b.is_ascii_whitespace() || *b == b'!').next().unwrap_or_default();
        is(name.trim_ascii(), b"display") && is(value, b"none")
            || is(name.trim_ascii(), b"visibility") && (is(value, b"hidden") || is(value, b"collapse"))
    })
}

fn hash(name: &[u8]) -> u64 {
    name.iter().fold(0xCBF2_9CE4_8422_2325, |hash: u64, b| {
        (hash ^ u64::from(b.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01B3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tree as text: `tag(children)`, texts in quotes.
    fn tree(page: &str) -> String {
        let mut tree = Tree::default();
        tree.read(page);
        let mut out = String::new();
        let mut ends = Vec::new();
        for (at, node) in tree.nodes.iter().enumerate() {
            while ends.last().is_some_and(|end| *end as usize <= at) {
                ends.pop();
                out.push(')');
            }
            if !out.is_empty() && !out.ends_with('(') {
                out.push(' ');
            }
            match node.tag {
                Tag::Text => out.push_str(&format!("{:?}", &page[node.span.0 as usize..node.span.1 as usize])),
                tag => out.push_str(&format!("{tag:?}").to_lowercase()),
            }
            if node.end as usize > at + 1 {
                out.push('(');
                ends.push(node.end);
            }
        }
        out + &")".repeat(ends.len())
    }

    #[test]
    fn left_out_end_tags_are_supplied() {
        for (page, want) in [
            ("", "root"),
            ("<p>a<p>b", "root(p(\"a\") p(\"b\"))"),
            ("<p>a<b>b<div>c</div>d", "root(p(\"a\" b(\"b\")) div(\"c\") \"d\")"),
            ("<ul><li>a<ul><li>b</ul><li>c</ul>d", "root(ul(li(\"a\" ul(li(\"b\"))) li(\"c\")) \"d\")"),
            ("<dl><dt>a<dd>b<dt>c</dl>", "root(dl(dt(\"a\") dd(\"b\") dt(\"c\")))"),
            ("<table><tr><td>a<td>b<tr><th>c</table>d", "root(table(tr(td(\"a\") td(\"b\")) tr(th(\"c\"))) \"d\")"),
            (
                "<table><thead><tr><td>a<tbody><tr><td><table><tr><td>b</table>c</table>",
                "root(table(thead(tr(td(\"a\"))) tbody(tr(td(table(tr(td(\"b\"))) \"c\")))))",
            ),
            ("<div>a</p></span>b</div>c", "root(div(\"a\" \"b\") \"c\")"),
            ("<div><table><td>a</div>b</table>c</div>d", "root(div(table(td(\"a\" \"b\")) \"c\") \"d\")"),
            ("<b><p>a</b>b</p>c", "root(b(p(\"a\" \"b\")) \"c\")"),
            ("<a href=x>a<a href=y>b", "root(a(\"a\") a(\"b\"))"),
            ("<x-a>a<x-b>b</x-a>c", "root(other(\"a\" other(\"b\")) \"c\")"),
            ("a<br>b</br>c<img>d", "root(\"a\" br \"b\" br \"c\" img \"d\")"),
            ("<svg><title>a</title><g><path/></svg>b", "root(svg \"b\")"),
            ("<svg><g><p>b", "root(svg p(\"b\"))"),
            ("<select><option>a<option>b<p>c", "root(select(option(\"a\") option(\"b\")) p(\"c\"))"),
            ("<head><title>a<i></title><body>b", "root(head(title(\"a<i>\")) body(\"b\"))"),
            ("<body>a</body></html>b", "root(body(\"a\" \"b\"))"),
            ("<option>a<option>b", "root(option(\"a\") option(\"b\"))"),
            ("<p>a<iframe>b", "root(p(\"a\" iframe(\"b\")))"),
        ] {
            assert_eq!(tree(page), want, "{page}");
        }
    }

    #[test]
    fn every_node_is_in_its_parent() {
        let mut tree = Tree::default();
        tree.read("<div><a href=x><p>a<table><tr><td>b</a><li>c</div><td>d</table><svg>e</svg><b>f<div></b>g");
        for (at, node) in tree.nodes.iter().enumerate().skip(1) {
            assert!((node.parent as usize) < at && node.end as usize > at, "{at} {node:?}");
            assert!(node.span.0 <= node.span.1);
        }
        assert_eq!(tree.nodes[0].end as usize, tree.nodes.len());
    }

    #[test]
    fn attributes_tell() {
        let mut tree = Tree::default();
        let page = "<p hidden>a<p style='color: red; DISPLAY : none'>b<p style='display:block'>c<dialog>d</dialog>\
                    <dialog open>e</dialog><p lang=de class='side-bar share'>f<p role=navigation>g<p hidden=until-found>h";
        tree.read(page);
        let blocks: Vec<&Node> = tree.nodes.iter().filter(|n| matches!(n.tag, Tag::P | Tag::Dialog)).collect();
        let hidden: Vec<bool> = blocks.iter().map(|n| n.is.has(Is::HIDDEN)).collect();
        assert_eq!(hidden, [true, true, false, true, false, false, false, true]);
        let place = &tree.languages[blocks[5].language as usize];
        assert_eq!(&page[place.start as usize..place.end as usize], "de");
        assert_eq!(blocks[5].hints, Hints::SOCIAL);
        assert!(blocks[6].is.has(Is::BESIDE));
    }
}
