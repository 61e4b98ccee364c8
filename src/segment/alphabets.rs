//! Languages that are written in two scripts, of which the engine has learnt one: a text in the other is read letter by letter
//! in that.

use std::sync::LazyLock;

use crate::lang::Label;
use crate::script::{Script, script_of};

/// A row: how a language is written in a script that the engine does not know it in.
struct Row {
    language: &'static str,
    /// The script that the engine knows.
    to: Script,
    from: Script,
    /// The letters of that alphabet, each with what it is in the other. Where spellings of several years are in use, all.
    letters: &'static str,
}

/// Cyrillic as of 1940 (Uzbek, Turkmen), 1957 (Karakalpak) and 1958 (Azerbaijani) to the Latin of today; the Latin of Kazakh as of
/// 2018 and 2021 and as was in use on the web before, and that of Belarusian, to Cyrillic.
#[rustfmt::skip]
static ROWS: [Row; 6] = [
    Row { language: "uzn", to: Script::LATN, from: Script::CYRL, letters:
        "а=a б=b в=v г=g д=d е=e ё=yo ж=j з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=x ц=s ч=ch ш=sh ъ=’ ь= э=e \
         ю=yu я=ya ў=oʻ қ=q ғ=gʻ ҳ=h" },
    Row { language: "azj", to: Script::LATN, from: Script::CYRL, letters:
        "а=a б=b в=v г=q ғ=ğ д=d е=e ә=ə ж=j з=z и=i ы=ı ј=y к=k ҝ=g л=l м=m н=n о=o ө=ö п=p р=r с=s т=t у=u ү=ü ф=f х=x һ=h ч=ç \
         ҹ=c ш=ş" },
    Row { language: "tuk", to: Script::LATN, from: Script::CYRL, letters:
        "а=a б=b в=w г=g д=d е=e ё=ýo ж=ž җ=j з=z и=i й=ý к=k л=l м=m н=n ң=ň о=o ө=ö п=p р=r с=s т=t у=u ү=ü ф=f х=h ц=s ч=ç ш=ş \
         щ=şç ъ= ы=y ь= э=e ә=ä ю=ýu я=ýa" },
    Row { language: "kaa", to: Script::LATN, from: Script::CYRL, letters:
        "а=a ә=á б=b в=v г=g ғ=ǵ д=d е=e ё=yo ж=j з=z и=i й=y к=k қ=q л=l м=m н=n ң=ń о=o ө=ó п=p р=r с=s т=t у=u ү=ú ў=w ф=f х=x \
         ҳ=h ц=c ч=ch ш=sh щ=sh ъ= ы=ı ь= э=e ю=yu я=ya" },
    Row { language: "kaz", to: Script::CYRL, from: Script::LATN, letters:
        "a=а á=ә ä=ә b=б c=к ch=ч ç=ч d=д e=е f=ф g=г ǵ=ғ ğ=ғ h=х i=і ı=ы ï=и j=ж k=к l=л m=м n=н ń=ң ñ=ң o=о ó=ө ö=ө p=п q=қ r=р \
         s=с sh=ш ş=ш t=т u=ұ ú=ү ü=ү ū=ұ v=в w=у x=х y=ы ý=у z=з" },
    Row { language: "bel", to: Script::CYRL, from: Script::LATN, letters:
        "a=а b=б c=ц ć=ць č=ч ch=х d=д e=э f=ф g=г h=г i=і ia=я ie=е io=ё iu=ю j=й ja=я je=е jo=ё ju=ю k=к l=ль la=ля le=ле li=лі \
         lo=лё lu=лю ł=л m=м n=н ń=нь o=о p=п r=р s=с ś=сь š=ш t=т u=у ŭ=ў v=в y=ы z=з ź=зь ž=ж" },
];

/// An alphabet.
pub(super) struct Alphabet {
    /// The label that the engine knows the language by.
    pub(super) label: Label,
    pub(super) from: Script,
    /// In the order of the letters.
    letters: Vec<(&'static str, &'static str)>,
}

/// Bytes of a text that are enough to tell its language.
const ENOUGH: usize = 1024;

impl Alphabet {
    /// All of them.
    pub(super) fn all() -> &'static [Self] {
        static ALL: LazyLock<Vec<Alphabet>> = LazyLock::new(|| ROWS.iter().filter_map(Alphabet::of).collect());
        &ALL
    }

    fn of(row: &Row) -> Option<Self> {
        let mut letters: Vec<_> = row.letters.split_whitespace().filter_map(|pair| pair.split_once('=')).collect();
        letters.sort_unstable();
        Some(Self { label: Label::of(row.language, row.to)?, from: row.from, letters })
    }

    fn letter(&self, own: &str) -> Option<&'static str> {
        self.letters.binary_search_by_key(&own, |(own, _)| own).ok().map(|at| self.letters[at].1)
    }

    /// The beginning of a text in the other script, in lower case. False if it has letters that the alphabet has not.
    pub(super) fn read(&self, text: &str, out: &mut String) -> bool {
        out.clear();
        let lower = text[..text.floor_char_boundary(ENOUGH)].to_lowercase();
        let mut rest = lower.as_str();
        while let Some(c) = rest.chars().next() {
            let one = c.len_utf8();
            let two = rest[one..].chars().next().map_or(one, |next| one + next.len_utf8());
            let found = [two, one].into_iter().find_map(|end| Some((end, self.letter(&rest[..end])?)));
            let (end, other) = match found {
                Some(found) => found,
                None if script_of(c) == self.from => return false,
                None => (one, &rest[..one]),
            };
            out.push_str(other);
            rest = &rest[end..];
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(label: &str, text: &str) -> Option<String> {
        let own = Alphabet::all().iter().find(|own| own.label.to_string() == label).unwrap();
        let mut out = String::new();
        own.read(text, &mut out).then_some(out)
    }

    #[test]
    fn letters_are_read_in_the_other_script() {
        assert_eq!(Alphabet::all().len(), ROWS.len());
        for (label, text, want) in [
            ("uzn_Latn", "Ўқувчилар боғда, IT 5!", "oʻquvchilar bogʻda, it 5!"),
            ("azj_Latn", "Ҝөзәл һава чохдур", "gözəl hava çoxdur"),
            ("tuk_Latn", "Җөвен өйде", "jöwen öýde"),
            ("kaa_Latn", "Қарақалпақ тили", "qaraqalpaq tili"),
            ("kaz_Cyrl", "Qazaqsha sóz, ǵylym", "қазақша сөз, ғылым"),
            ("bel_Cyrl", "Siońnia chłopiec lubić", "сёньня хлопец любіць"),
        ] {
            assert_eq!(read(label, text).as_deref(), Some(want), "{label}");
        }
    }

    #[test]
    fn other_alphabets_are_not() {
        for (label, text) in
            [("uzn_Latn", "быстрый"), ("azj_Latn", "новая"), ("kaz_Cyrl", "très"), ("bel_Cyrl", "więcej")]
        {
            assert_eq!(read(label, text), None, "{text}");
        }
    }
}
