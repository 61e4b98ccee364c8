//! Byte order marks (U+FEFF) left inside a text by joining files; as a zero-width no-break space the character has been
//! deprecated since Unicode 3.2.

use super::{Options, Repair, Rewrite, replace_chars};

pub(super) struct ByteOrderMarks;

impl Repair for ByteOrderMarks {
    fn name(&self) -> &'static str {
        "byte-order-marks"
    }

    fn about(&self) -> &'static str {
        "byte order marks inside text are removed"
    }

    fn suspects(&self, text: &str, _: &Options) -> bool {
        text.contains('\u{FEFF}')
    }

    fn rewrite(&self, text: &str, _: &Options, out: &mut Rewrite) {
        replace_chars(text, out, |c| (c == '\u{FEFF}').then_some(""));
    }
}
