//! [`Rewrite`]: text under repair, with what was replaced.

use crate::batch::{Edit, Span};

/// Text under repair: what was copied, what was replaced.
#[derive(Debug, Default)]
pub struct Rewrite {
    pub(super) text: String,
    pub(super) edits: Vec<Edit>,
    layer: u8,
}

impl Rewrite {
    /// Appends `text[from..to]` unchanged.
    pub fn keep(&mut self, text: &str, from: usize, to: usize) {
        self.text.push_str(&text[from..to]);
    }

    /// Appends `with` in the place of `text[from..to]`; says so unless they are equal.
    pub fn replace(&mut self, text: &str, from: usize, to: usize, with: &str) {
        let start = self.text.len();
        self.text.push_str(with);
        if text[from..to] != *with {
            let output = Span::new(start, self.text.len());
            self.edits.push(Edit { layer: self.layer, input: Span::new(from, to), output });
        }
    }

    /// Replaces characters one by one: the shape of most repairs. `replacement` says what stands for a character, `None`
    /// keeps it.
    pub fn replace_chars(&mut self, text: &str, replacement: impl Fn(char) -> Option<&'static str>) {
        let mut kept = 0;
        for (at, c) in text.char_indices() {
            if let Some(with) = replacement(c) {
                let end = at + c.len_utf8();
                self.keep(text, kept, at);
                self.replace(text, at, end, with);
                kept = end;
            }
        }
        self.keep(text, kept, text.len());
    }

    /// Replaces stretches, first to last, and keeps what is between them.
    pub fn patch(&mut self, text: &str, work: impl FnOnce(&mut Patch<'_>)) {
        let mut patch = Patch { text, kept: 0, out: self };
        work(&mut patch);
        let kept = patch.kept;
        self.keep(text, kept, text.len());
    }

    /// Forgets the text before the next repair; edits stay.
    pub(super) fn begin(&mut self, layer: u8) {
        self.text.clear();
        self.layer = layer;
    }
}

/// A text of which stretches are replaced: see [`Rewrite::patch`].
#[derive(Debug)]
pub struct Patch<'a> {
    text: &'a str,
    kept: usize,
    out: &'a mut Rewrite,
}

impl Patch<'_> {
    /// Puts `with` in the place of `text[from..to]`, which lies after what was replaced before.
    pub fn replace(&mut self, from: usize, to: usize, with: &str) {
        self.out.keep(self.text, self.kept, from);
        self.out.replace(self.text, from, to, with);
        self.kept = to;
    }

    /// The same with one character.
    pub fn replace_by(&mut self, from: usize, to: usize, with: char) {
        self.replace(from, to, with.encode_utf8(&mut [0; 4]));
    }

    /// What the text before `at` has become, where nothing after it was replaced yet.
    pub fn written(&mut self, at: usize) -> &str {
        self.out.keep(self.text, self.kept, at);
        self.kept = at;
        &self.out.text
    }
}
