//! Japanese signs that encodings map in two ways: what Windows makes of Shift_JIS has the full-width tilde where the wave
//! dash is meant, and mathematics' parallel sign for the double vertical line.

use super::kinds::is_kana;
use super::{Context, Repair, Rewrite, Signs};

pub(super) struct WaveDash;

fn meant(c: char) -> Option<&'static str> {
    match c {
        '\u{FF5E}' => Some("〜"),
        '\u{2225}' => Some("‖"),
        _ => None,
    }
}

impl Repair for WaveDash {
    fn name(&self) -> &'static str {
        "wave-dash"
    }

    fn about(&self) -> &'static str {
        "in Japanese, the full-width tilde becomes a wave dash, the parallel sign a double vertical line"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("３時～５時まで", "３時〜５時まで")
    }

    fn signs(&self) -> Signs {
        Signs::WAVE_DASH
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        // Chinese has the full-width tilde itself.
        let japanese = text.chars().any(is_kana);
        out.replace_chars(text, |c| if japanese { meant(c) } else { None });
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn only_in_japanese() {
        let profile = Profile::none().with("wave-dash", Setting::On).unwrap();
        for (broken, right) in [("えー～", "えー〜"), ("上海～北京", "上海～北京"), ("かな∥カナ", "かな‖カナ")]
        {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }
}
