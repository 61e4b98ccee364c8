//! Exclamation and question marks repeated for emphasis: three stay. Off unless asked for: it is how people write.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct RepeatedPunctuation;

/// Longest run that stays.
const MOST: usize = 3;

impl Repair for RepeatedPunctuation {
    fn name(&self) -> &'static str {
        "repeated-punctuation"
    }

    fn about(&self) -> &'static str {
        "of more than three equal exclamation marks, question marks, full stops or commas in a row three stay"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("What?!!!!!!", "What?!!!")
    }

    fn signs(&self) -> Signs {
        Signs::ALL
    }

    fn suspects(&self, text: &str, _: &Context<'_>) -> bool {
        let mut runs = Runs::default();
        text.chars().any(|c| runs.exceeds(c))
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        out.patch(text, |patch| {
            let mut runs = Runs::default();
            for (at, c) in text.char_indices() {
                if runs.exceeds(c) {
                    patch.replace(at, at + c.len_utf8(), "");
                }
            }
        });
    }
}

fn is_repeatable(c: char) -> bool {
    matches!(c, '!' | '?' | '.' | ',' | '؟' | '،' | '۔' | '。' | '！' | '？' | '，' | '…' | '।' | '¡' | '¿')
}

#[derive(Default)]
struct Runs {
    of: Option<char>,
    length: usize,
}

impl Runs {
    /// True when this character is one too many.
    fn exceeds(&mut self, c: char) -> bool {
        self.length = if self.of == Some(c) { self.length + 1 } else { 1 };
        self.of = Some(c);
        self.length > MOST && is_repeatable(c)
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn three_stay() {
        let profile = Profile::none().with("repeated-punctuation", Setting::On).unwrap();
        assert_eq!(
            repair("No!!!!!! Why????? Hm...... 何！！！！！ -----", &profile),
            "No!!! Why??? Hm... 何！！！ -----"
        );
        assert_eq!(repair("No!!!", &profile), "No!!!");
        assert_eq!(repair("No!!!!!!", &Profile::standard()), "No!!!!!!");
    }
}
