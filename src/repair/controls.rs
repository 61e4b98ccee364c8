//! Control characters (C0 without tab and line feed, DEL, C1), which no text needs. Line ends among them were dealt with
//! before.

use super::{Options, Repair, Rewrite, replace_chars};

pub(super) struct Controls;

fn is_control(c: char) -> bool {
    c.is_control() && c != '\t' && c != '\n'
}

impl Repair for Controls {
    fn name(&self) -> &'static str {
        "controls"
    }

    fn about(&self) -> &'static str {
        "control characters other than tab and line feed are removed"
    }

    fn suspects(&self, text: &str, _: &Options) -> bool {
        text.contains(is_control)
    }

    fn rewrite(&self, text: &str, _: &Options, out: &mut Rewrite) {
        replace_chars(text, out, |c| is_control(c).then_some(""));
    }
}
