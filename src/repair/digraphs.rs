//! Digraphs that have one character each: Croatian dž, lj, nj and dz, Dutch ij, Afrikaans 'n. They are written with two
//! characters almost everywhere; the single ones were made for conversion from Cyrillic and for typewriters.

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct Digraphs;

fn letters(c: char) -> Option<&'static str> {
    Some(match c {
        'Ĳ' => "IJ",
        'ĳ' => "ij",
        'ŉ' => "ʼn",
        'Ǆ' => "DŽ",
        'ǅ' => "Dž",
        'ǆ' => "dž",
        'Ǉ' => "LJ",
        'ǈ' => "Lj",
        'ǉ' => "lj",
        'Ǌ' => "NJ",
        'ǋ' => "Nj",
        'ǌ' => "nj",
        'Ǳ' => "DZ",
        'ǲ' => "Dz",
        'ǳ' => "dz",
        _ => return None,
    })
}

impl Repair for Digraphs {
    fn name(&self) -> &'static str {
        "digraphs"
    }

    fn about(&self) -> &'static str {
        "Croatian, Dutch and Afrikaans digraphs of one character become two letters"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("ǈubav, ĳs", "Ljubav, ijs")
    }

    fn signs(&self) -> Signs {
        Signs::DIGRAPH
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        out.replace_chars(text, letters);
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn digraphs_become_letters() {
        let profile = Profile::none().with("digraphs", Setting::On).unwrap();
        assert_eq!(repair("ǄEP ǅep ǆep ŉ Ĳsland ǲ", &profile), "DŽEP Džep džep ʼn IJsland Dz");
        assert_eq!(repair("ŉ mens", &Profile::ftfy()), "'n mens");
    }
}
