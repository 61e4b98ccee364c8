//! Byte order marks (U+FEFF) left inside a text by joining files; as a zero-width no-break space the character has been
//! deprecated since Unicode 3.2.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct ByteOrderMarks;

impl Repair for ByteOrderMarks {
    fn name(&self) -> &'static str {
        "byte-order-marks"
    }

    fn about(&self) -> &'static str {
        "byte order marks inside text are removed"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("a\u{feff}b", "ab")
    }

    fn signs(&self) -> Signs {
        Signs::BYTE_ORDER_MARK
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        out.replace_chars(text, |c| (c == '\u{FEFF}').then_some(""));
    }
}
