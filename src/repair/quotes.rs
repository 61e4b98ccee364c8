//! Curly quotes made straight, for those who want them so. Letters that look like quotes stay.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct Quotes;

fn straight(c: char, ftfy: bool) -> Option<&'static str> {
    match c {
        '\u{2018}'..='\u{201B}' => Some("'"),
        '\u{201C}'..='\u{201F}' => Some("\""),
        '\u{275B}' | '\u{275C}' if !ftfy => Some("'"),
        '\u{275D}' | '\u{275E}' if !ftfy => Some("\""),
        // The letter of many languages; ftfy takes it for a quote.
        '\u{2BC}' if ftfy => Some("'"),
        _ => None,
    }
}

impl Repair for Quotes {
    fn name(&self) -> &'static str {
        "quotes"
    }

    fn about(&self) -> &'static str {
        "curly quotes become straight ones"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("“It’s”", "\"It's\"")
    }

    fn signs(&self) -> Signs {
        Signs::QUOTE
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        out.replace_chars(text, |c| straight(c, context.profile.ftfy));
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn quotes_become_straight() {
        let profile = Profile::none().with("quotes", Setting::On).unwrap();
        let broken = "„Das ist’s‟, ‘aʼb‛ «c»";
        assert_eq!(repair(broken, &profile), "\"Das ist's\", 'aʼb' «c»");
        assert_eq!(repair(broken, &Profile::ftfy()), "\"Das ist's\", 'a'b' «c»");
        assert_eq!(repair(broken, &Profile::standard()), broken);
    }
}
