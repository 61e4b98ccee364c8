//! Languages: [`Label`]s, and the engines that find them behind one trait, [`Identifier`].

mod answers;
pub mod fasttext;
mod identify;
mod languages;
#[cfg(feature = "lingua")]
mod lingua;
pub mod ngram;
mod prior;
mod script;
#[cfg(feature = "whatlang")]
mod whatlang;

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

pub use identify::{Argument, Engine, Guess, Identifier, Identify, IdentifyScratch, engines};
pub use languages::{LANGUAGES, Language};

use crate::script::{Script, main_script};

/// What a text is labelled with: ISO 639-3, an underscore, ISO 15924, as in FLORES-200 (`eng_Latn`, `cmn_Hant`).
///
/// Parsing also takes BCP 47 tags and macro-language codes:
///
/// ```
/// use babelsift::lang::Label;
/// for (text, label) in [("en", "eng_Latn"), ("zh-Hant", "cmn_Hant"), ("srp_Latn", "srp_Latn"), ("fas", "pes_Arab")] {
///     assert_eq!(text.parse::<Label>()?.to_string(), label);
/// }
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label {
    language: [u8; 3],
    /// The script.
    pub script: Script,
}

impl Label {
    /// Language not certain enough, in this script.
    pub fn unknown(script: Script) -> Self {
        Self { language: *b"und", script }
    }

    /// Not language: numbers, code, addresses, noise.
    pub const NO_LANGUAGE: Self = Self { language: *b"zxx", script: Script::ZXXX };

    /// The label of a language (ISO 639-3 or another code that is understood) in a script, if it is written in it.
    ///
    /// The script of Korean is told as `Hang`, as in FLORES-200; Chinese with nothing to tell by counts as simplified.
    pub fn of(code: &str, script: Script) -> Option<Self> {
        let script = Self::script_told(script);
        let language = find(code)?;
        let script = language.scripts.contains(&script.code()).then_some(script)?;
        Some(Self::from_parts(language.code, script))
    }

    /// The label of a language in the script it is mostly written in.
    pub fn usual(code: &str) -> Option<Self> {
        let language = find(code)?;
        Some(Self::from_parts(language.code, Script::from_code(language.scripts.first()?)?))
    }

    /// The label of a language in a script, as others name it: in a script that the language table does not know it in,
    /// or of a language (ISO 639-3) that the table does not know.
    fn of_any(code: &str, script: Script) -> Option<Self> {
        let well_formed = code.len() == 3 && code.bytes().all(|b| b.is_ascii_lowercase());
        let code = find(code).map(|l| l.code).or(well_formed.then_some(code))?;
        Some(Self::from_parts(code, Self::script_told(script)))
    }

    /// The script that labels tell for a script.
    fn script_told(script: Script) -> Script {
        match script {
            Script::KORE => Script::HANG,
            Script::HANI => Script::HANS,
            other => other,
        }
    }

    fn from_parts(code: &str, script: Script) -> Self {
        let mut language = *b"und";
        language.copy_from_slice(&code.as_bytes()[..3]);
        Self { language, script }
    }

    /// ISO 639-3 code.
    pub fn language(&self) -> &str {
        std::str::from_utf8(&self.language).unwrap_or("und")
    }

    /// What labels are sorted by: how they are written.
    fn written(&self) -> ([u8; 3], &'static str) {
        (self.language, self.script.code())
    }

    /// Its bytes.
    pub(crate) fn code(self) -> [u8; 3] {
        self.language
    }

    /// True for `und_*` and `zxx_*`.
    pub fn is_unknown(&self) -> bool {
        self.language == *b"und" || self.language == *b"zxx"
    }

    /// True if both are the same language, or of one macrolanguage, in whatever scripts.
    pub(crate) fn is_one_language_with(&self, other: &Self) -> bool {
        let whole = |label: &Self| label.info().map_or("", |l| l.macrolanguage);
        self.language == other.language || (!whole(self).is_empty() && whole(self) == whole(other))
    }

    /// Its tag by BCP 47: the shortest code, and the script when it is not the usual one (`en`, `sr-Latn`, `ckb`).
    pub fn bcp47(&self) -> String {
        let Some(info) = self.info() else {
            let code = self.language();
            return if *self == Self::NO_LANGUAGE { code.to_owned() } else { format!("{code}-{}", self.script.code()) };
        };
        let code = if info.short.is_empty() { info.code } else { info.short };
        let usual = info.scripts.first() == Some(&self.script.code());
        if usual { code.to_owned() } else { format!("{code}-{}", self.script.code()) }
    }

    /// Its row of the language table.
    pub fn info(&self) -> Option<&'static Language> {
        find(self.language())
    }
}

/// What language a text is in, by our own engine; `und_<Script>` and `zxx_Zxxx` are answers too.
///
/// Needs no set-up. For many texts [`Identify`] with a scratch of one's own is faster, and takes settings.
///
/// ```
/// use babelsift::lang::identify;
/// assert_eq!(identify("Где здесь ближайшая остановка автобуса?").label.to_string(), "rus_Cyrl");
/// assert_eq!(identify("0x7f 45 4c 46").label.to_string(), "zxx_Zxxx");
/// ```
pub fn identify(text: &str) -> Guess {
    static ENGINE: LazyLock<Identify> = LazyLock::new(Identify::default);
    ENGINE.guess(text, main_script(text), &mut IdentifyScratch::default())
}

/// The row of a code, or else of another name for it.
fn find(code: &str) -> Option<&'static Language> {
    let other = |l: &&Language| (l.short == code && !code.is_empty()) || l.aliases.contains(&code);
    match LANGUAGES.binary_search_by(|l| l.code.cmp(code)) {
        Ok(row) => LANGUAGES.get(row),
        Err(_) => LANGUAGES.iter().find(other),
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.language(), self.script.code())
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Label {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.split(['_', '-']);
        let code = parts.next().unwrap_or_default().to_ascii_lowercase();
        let script = parts.find(|p| p.len() == 4);
        let wrong = || {
            format!(
                "{text:?} is no language label; give one such as eng_Latn, ru or zh-Hant (see `babelsift languages`)"
            )
        };
        match (code.as_str(), script) {
            ("und", Some(script)) => Script::from_code(script).map(Self::unknown).ok_or_else(wrong),
            ("zxx", _) => Ok(Self::NO_LANGUAGE),
            (code, Some(script)) => Script::from_code(script).and_then(|s| Self::of(code, s)).ok_or_else(wrong),
            // Chinese regions that write traditional characters.
            ("zh", None) if text.ends_with("TW") || text.ends_with("HK") => {
                Self::of("cmn", Script::HANT).ok_or_else(wrong)
            }
            (code, None) => Self::usual(code).ok_or_else(wrong),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        for (i, language) in LANGUAGES.iter().enumerate() {
            assert!(i == 0 || LANGUAGES[i - 1].code < language.code, "{} is out of order", language.code);
            assert_eq!(language.code.len(), 3);
            for script in language.scripts {
                let label: Label = format!("{}_{script}", language.code).parse().unwrap();
                assert_eq!(label.to_string().parse(), Ok(label));
            }
        }
        let all =
            || LANGUAGES.iter().flat_map(|l| l.scripts.iter().map(|s| format!("{}_{s}", l.code).parse().unwrap()));
        let (mut labels, mut texts): (Vec<Label>, Vec<Label>) = (all().collect(), all().collect());
        labels.sort_by_key(Label::written);
        texts.sort_by_key(Label::to_string);
        assert_eq!(labels, texts);
    }

    /// All codes of a row that are understood.
    fn codes(language: &Language) -> impl Iterator<Item = &'static str> {
        [language.code, language.short].into_iter().chain(language.aliases.iter().copied()).filter(|c| !c.is_empty())
    }

    #[test]
    fn no_code_has_two_meanings() {
        let mut all: Vec<&str> = LANGUAGES.iter().flat_map(codes).collect();
        all.sort_unstable();
        assert_eq!(all.windows(2).find(|pair| pair[0] == pair[1]), None);
        for language in LANGUAGES {
            for code in codes(language) {
                assert!(code.len() == 2 || code.len() == 3, "{code}");
                assert_eq!(code.parse::<Label>().unwrap().language(), language.code, "{code}");
            }
        }
        let mut names: Vec<&str> = LANGUAGES.iter().map(|l| l.name).collect();
        names.sort_unstable();
        assert_eq!(names.windows(2).find(|pair| pair[0] == pair[1]), None);
    }

    #[test]
    fn a_macrolanguage_means_one_of_its_members() {
        for language in LANGUAGES.iter().filter(|l| !l.macrolanguage.is_empty()) {
            let whole = language.macrolanguage;
            let meant = whole.parse::<Label>().unwrap_or_else(|e| panic!("{}: {e}", language.code));
            let row = meant.info().unwrap();
            assert!(row.code == whole || row.macrolanguage == whole, "{whole} is read as {meant}");
        }
        for (text, label) in [
            ("ara", "arb_Arab"),
            ("aze", "azj_Latn"),
            ("fa", "pes_Arab"),
            ("hbs", "srp_Cyrl"),
            ("sh-Latn", "srp_Latn"),
            ("kur", "kmr_Latn"),
            ("kok", "gom_Deva"),
            ("mon", "khk_Cyrl"),
            ("msa", "zsm_Latn"),
            ("no", "nob_Latn"),
            ("ps", "pbt_Arab"),
            ("sq", "als_Latn"),
            ("zho", "cmn_Hans"),
            ("et", "est_Latn"),
            ("ak", "aka_Latn"),
            ("tw", "twi_Latn"),
        ] {
            assert_eq!(text.parse::<Label>().unwrap().to_string(), label, "{text}");
        }
    }

    #[test]
    fn labels_of_flores_are_their_own() {
        for text in [
            "ace_Arab", "ace_Latn", "aka_Latn", "als_Latn", "arb_Latn", "ars_Arab", "ayr_Latn", "bjn_Arab", "cmn_Hant",
            "crh_Latn", "dik_Latn", "est_Latn", "fuv_Latn", "gaz_Latn", "grn_Latn", "kas_Deva", "khk_Cyrl", "kmr_Latn",
            "knc_Arab", "ltg_Latn", "mni_Beng", "pbt_Arab", "plt_Latn", "prs_Arab", "quy_Latn", "sat_Olck", "taq_Tfng",
            "twi_Latn", "tzm_Tfng", "ydd_Hebr", "yue_Hant", "zsm_Latn",
        ] {
            assert_eq!(text.parse::<Label>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn tags_lead_back_to_their_labels() {
        let scripts = |l: &'static Language| l.scripts.iter().map(|s| format!("{}_{s}", l.code));
        for text in LANGUAGES.iter().flat_map(scripts) {
            let label: Label = text.parse().unwrap();
            assert_eq!(label.bcp47().parse(), Ok(label), "{}", label.bcp47());
        }
        let tag = |label: &str| label.parse::<Label>().unwrap().bcp47();
        let labels = ["eng_Latn", "srp_Latn", "cmn_Hant", "kor_Hang", "ckb_Arab", "und_Cyrl", "zxx_Zxxx"];
        assert_eq!(labels.map(tag), ["en", "sr-Latn", "zh-Hant", "ko", "ckb", "und-Cyrl", "zxx"]);
    }

    #[test]
    fn no_language_has_no_row() {
        for label in [Label::unknown(Script::LATN), Label::NO_LANGUAGE] {
            assert!(label.is_unknown() && label.info().is_none());
            assert_eq!(label.to_string().parse(), Ok(label));
        }
        assert_eq!((Label::of("und", Script::LATN), Label::usual("zxx"), Label::usual("")), (None, None, None));
        assert_eq!("zxx".parse(), Ok(Label::NO_LANGUAGE));
    }

    #[test]
    fn labels_are_parsed_or_refused() {
        assert_eq!("zh-TW".parse(), Ok(Label::of("cmn", Script::HANT).unwrap()));
        assert_eq!("und_Cyrl".parse(), Ok(Label::unknown(Script::CYRL)));
        assert_eq!("ko".parse::<Label>().unwrap().to_string(), "kor_Hang");
        for text in ["", "xx", "eng_Cyrl", "english", "und"] {
            assert!(text.parse::<Label>().unwrap_err().contains("no language label"), "{text}");
        }
    }
}
