//! Control characters (C0 without tab and line feed, DEL, C1), which no text needs. Line ends among them were dealt with
//! before.

use super::{Context, Repair, Rewrite, Signs};

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

    fn signs(&self) -> Signs {
        Signs::CONTROL | Signs::C1
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        out.replace_chars(text, |c| is_control(c).then_some(""));
    }
}
