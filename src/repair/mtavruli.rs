//! Mtavruli, the capitals of Georgian for words that are all capitals: they become the letters that all other text has.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct Mtavruli;

impl Repair for Mtavruli {
    fn name(&self) -> &'static str {
        "mtavruli"
    }

    fn about(&self) -> &'static str {
        "Georgian capitals (Mtavruli) become the usual letters (Mkhedruli)"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("ᲡᲐᲥᲐᲠᲗᲕᲔᲚᲝ", "საქართველო")
    }

    fn signs(&self) -> Signs {
        Signs::MTAVRULI
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        out.patch(text, |patch| {
            for (at, c) in text.char_indices().filter(|(_, c)| matches!(c, '\u{1C90}'..='\u{1CBF}')) {
                if let Some(small) = c.to_lowercase().next().filter(|small| *small != c) {
                    patch.replace_by(at, at + c.len_utf8(), small);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, repair};

    #[test]
    fn capitals_become_the_usual_letters() {
        assert_eq!(repair("ᲗᲑᲘᲚᲘᲡᲘ, თბილისი \u{1CBB}", &Profile::standard()), "თბილისი, თბილისი \u{1CBB}");
        assert_eq!(repair("ᲗᲑᲘᲚᲘᲡᲘ", &Profile::conservative()), "ᲗᲑᲘᲚᲘᲡᲘ");
    }
}
