//! Characters that no text needs: controls (C0 without tab and line feed, DEL, C1), deprecated format characters, the marks
//! of interlinear annotation and of embedded objects. Line ends and Windows-1252 among them were dealt with before.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct Controls;

fn is_useless(c: char, ftfy: bool) -> bool {
    match c {
        '\t' | '\n' => false,
        '\u{0C}' | '\r' | '\u{80}'..='\u{9F}' if ftfy => false,
        '\u{206A}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFC}' => true,
        _ => c.is_control(),
    }
}

impl Repair for Controls {
    fn name(&self) -> &'static str {
        "controls"
    }

    fn about(&self) -> &'static str {
        "control characters other than tab and line feed are removed, and others without use in plain text"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("no\0thing\u{7f} to \u{fffc}see", "nothing to see")
    }

    fn signs(&self) -> Signs {
        Signs::CONTROL | Signs::C1
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        out.replace_chars(text, |c| is_useless(c, context.profile.ftfy).then_some(""));
    }
}
