//! Typographic ligatures, Latin and Armenian, and the wide letters of Hebrew: shapes that have come from a page into text
//! and that no orthography has.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct Ligatures;

fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'ﬀ' => "ff",
        'ﬁ' => "fi",
        'ﬂ' => "fl",
        'ﬃ' => "ffi",
        'ﬄ' => "ffl",
        'ﬅ' | 'ﬆ' => "st",
        'ﬓ' => "մն",
        'ﬔ' => "մե",
        'ﬕ' => "մի",
        'ﬖ' => "վն",
        'ﬗ' => "մխ",
        'ﬠ' => "ע",
        'ﬡ' => "א",
        'ﬢ' => "ד",
        'ﬣ' => "ה",
        'ﬤ' => "כ",
        'ﬥ' => "ל",
        'ﬦ' => "ם",
        'ﬧ' => "ר",
        'ﬨ' => "ת",
        'ﭏ' => "אל",
        _ => return None,
    })
}

/// ftfy knows the Latin ones, and one of them otherwise.
fn as_ftfy(c: char) -> Option<&'static str> {
    match c {
        'ﬅ' => Some("ſt"),
        'ﬀ'..='ﬆ' => letters(c),
        _ => None,
    }
}

impl Repair for Ligatures {
    fn name(&self) -> &'static str {
        "ligatures"
    }

    fn about(&self) -> &'static str {
        "Latin and Armenian ligatures and wide Hebrew letters become letters"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("ﬁne eﬀort", "fine effort")
    }

    fn signs(&self) -> Signs {
        Signs::LIGATURE
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        out.replace_chars(text, if context.profile.ftfy { as_ftfy } else { letters });
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn ligatures_become_letters() {
        let profile = Profile::none().with("ligatures", Setting::On).unwrap();
        for (broken, right, ftfy) in [
            ("ﬂuﬃeﬆ waﬄe", "fluffiest waffle", "fluffiest waffle"),
            ("loﬅ", "lost", "loſt"),
            ("Աﬔն", "Ամեն", "Աﬔն"),
            ("ﬣﬦ", "הם", "ﬣﬦ"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
            assert_eq!(repair(broken, &Profile::ftfy()), ftfy, "{broken:?}");
        }
    }
}
