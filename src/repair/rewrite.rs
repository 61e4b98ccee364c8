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

    /// Forgets the text before the next repair; edits stay.
    pub(super) fn begin(&mut self, layer: u8) {
        self.text.clear();
        self.layer = layer;
    }
}
