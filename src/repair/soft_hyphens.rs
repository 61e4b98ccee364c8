//! Soft hyphens: inside a word they only say where it may be broken. Where one stands for a hyphen or a dash, as what was
//! taken from a page layout has it, it becomes one. Beside what is a byte of a letter, as in `Ã\u{AD}` for í, it is another one
//! and stays.

use super::kinds::{is_invisible, is_stray_byte};
use super::{Context, Repair, Rewrite, Signs};

pub(super) struct SoftHyphens;

impl Repair for SoftHyphens {
    fn name(&self) -> &'static str {
        "soft-hyphens"
    }

    fn about(&self) -> &'static str {
        "soft hyphens inside words are removed, with the line end after them; between numbers and spaces they become hyphens"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("hyphen\u{ad}ation, 1990\u{ad}1995", "hyphenation, 1990-1995")
    }

    fn signs(&self) -> Signs {
        Signs::SOFT_HYPHEN
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        out.patch(text, |patch| {
            let (mut before, mut done, mut last) = (None, 0, None);
            // What stands before is a byte of a letter.
            let mut stray = false;
            for (at, c) in text.char_indices() {
                if at < done {
                    continue;
                }
                if c != '\u{AD}' {
                    // A capital may stand between capitals.
                    let loud = c.is_uppercase() && last.is_some_and(char::is_uppercase);
                    stray = is_stray_byte(c) && !loud;
                    last = Some(c);
                    before = if is_invisible(c) { before } else { Some(c) };
                    continue;
                }
                if stray || text[at + 2..].starts_with(|c| is_stray_byte(c) && !c.is_alphabetic()) {
                    (stray, last) = (false, None);
                    continue;
                }
                let end = text[at..].find(|c| c != '\u{AD}').map_or(text.len(), |length| at + length);
                let mut rest = text[end..].chars();
                let (after, second) = (rest.next(), rest.next());
                let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
                let (to, with) = match (before, after) {
                    (Some(b), Some('\n')) if b.is_alphabetic() && letter(second) => (end + 1, ""),
                    (Some(b), Some(a)) if b.is_numeric() && a.is_numeric() => (end, "-"),
                    (Some(' '), Some(' ')) => (end, "-"),
                    _ => (end, ""),
                };
                patch.replace(at, to, with);
                (before, done) = (with.chars().next_back().or(before), to);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn soft_hyphens_go_or_become_hyphens() {
        let profile = Profile::none().with("soft-hyphens", Setting::On).unwrap();
        for (broken, right) in [
            ("Donau\u{ad}dampf\u{ad}schiff", "Donaudampfschiff"),
            ("hyphen\u{ad}\nation", "hyphenation"),
            ("end\u{ad}\n", "end\n"),
            ("pages 10\u{ad}12 \u{ad} all", "pages 10-12 - all"),
            ("\u{ad}\u{ad}a\u{ad}\u{ad}b\u{ad}", "ab"),
            ("dÃ\u{ad}a, Ã\u{ad}ndice, Ð\u{ad}ÑÐ¾", "dÃ\u{ad}a, Ã\u{ad}ndice, Ð\u{ad}ÑÐ¾"),
            ("\u{ad}®¢ë©, à¤\u{ad}", "\u{ad}®¢ë©, à¤\u{ad}"),
            ("FÖ\u{ad}DERUNG, für\u{ad}einander, »\u{ad}Büro\u{ad}«", "FÖDERUNG, füreinander, »Büro«"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }
}
