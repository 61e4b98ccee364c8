//! The registry: every repair, in the order in which they run, with its setting in each profile.

use std::sync::LazyLock;

use super::profile::Setting::{self, Known, Off, On};
use super::signs::Signs;
use super::{
    Repair, ansi_escapes, apostrophes, arabic_forms, arabic_letters, bidi, c1_controls, catalan, controls, danda,
    digraphs, dots, entities, escapes, hyphenation, indic_joiners, indic_order, indic_vowels, jamo, khmer, ligatures,
    line_ends, lookalikes, marks, mojibake, mtavruli, normalize, own_letters, palochka, persian_affixes, quotes,
    radicals, repeated_marks, repeated_punctuation, repeated_signs, romanian, soft_hyphens, spaces, stacked_marks,
    tatweel, thai_lao, tibetan, vietnamese, wave_dash, width, zawgyi, zero_width, zero_width_idle,
};
use crate::lang::Label;

/// A row of the registry.
pub struct Row {
    /// The repair.
    pub repair: &'static dyn Repair,
    /// Its setting in the profiles conservative, standard and ftfy.
    pub settings: [Setting; 3],
}

const fn row(repair: &'static dyn Repair, conservative: Setting, standard: Setting, ftfy: Setting) -> Row {
    Row { repair, settings: [conservative, standard, ftfy] }
}

/// All repairs, in the order in which they run: first what hides text (escapes, entities, wrong decodings), then
/// characters, then letters. Normalization is last: the others may leave text that composes.
#[rustfmt::skip]
pub static REPAIRS: &[Row] = &[
    //                           conservative standard ftfy
    row(&ansi_escapes::AnsiEscapes,      On,  On,  On),
    row(&escapes::Escapes,               Off, Off, Off),
    row(&entities::Entities,             On,  On,  On),
    row(&vietnamese::Vni,                On,  On,  Off),
    row(&mojibake::Mojibake,             On,  On,  On),
    row(&c1_controls::C1Controls,        On,  On,  On),
    row(&line_ends::LineEnds,            On,  On,  On),
    row(&marks::ByteOrderMarks,          On,  On,  On),
    row(&controls::Controls,             On,  On,  On),
    row(&spaces::Spaces,                 On,  On,  Off),
    row(&zero_width::ZeroWidth,          On,  On,  Off),
    row(&zero_width_idle::ZeroWidthIdle, Off, On,  Off),
    row(&bidi::Bidi,                     On,  On,  Off),
    row(&hyphenation::Hyphenation,       Off, On,  Off),
    row(&soft_hyphens::SoftHyphens,      On,  On,  Off),
    row(&ligatures::Ligatures,           On,  On,  On),
    row(&digraphs::Digraphs,             Off, On,  On),
    row(&wave_dash::WaveDash,            Off, On,  Off),
    row(&width::Width,                   Off, On,  On),
    row(&quotes::Quotes,                 Off, Off, On),
    row(&repeated_punctuation::RepeatedPunctuation,Off, Off, Off),
    row(&stacked_marks::StackedMarks,    On,  On,  Off),
    row(&repeated_marks::RepeatedMarks,  On,  On,  Off),
    row(&arabic_forms::ArabicForms,      On,  On,  Off),
    row(&jamo::Jamo,                     Off, On,  Off),
    row(&radicals::Radicals,             On,  On,  Off),
    row(&mtavruli::Mtavruli,             Off, On,  Off),
    row(&zawgyi::Zawgyi,                 Known,  On,  Off),
    row(&khmer::KhmerOrder,              Known,  On,  Off),
    row(&khmer::KhmerLetters,            Off, On,  Off),
    row(&thai_lao::ThaiLao,              Known,  On,  Off),
    row(&indic_joiners::IndicJoiners,    Known,  On,  Off),
    row(&indic_order::IndicOrder,        Known,  On,  Off),
    row(&indic_vowels::IndicVowels,      Known,  On,  Off),
    row(&repeated_signs::RepeatedSigns,  Known, On, Off),
    row(&danda::Danda,                   Off, Off, Off),
    row(&tatweel::Tatweel,               Off, On,  Off),
    row(&arabic_letters::ArabicLetters,  Off, On,  Off),
    row(&persian_affixes::PersianAffixes,Off, Off, Off),
    row(&tibetan::Tibetan,               Known, On, Off),
    row(&palochka::Palochka,             Known, On, Off),
    row(&lookalikes::Lookalikes,         Known, On, Off),
    row(&own_letters::OwnLetters,        Off, On,  Off),
    row(&romanian::RomanianCommas,       Off, On,  Off),
    row(&dots::TurkishDots,              On,  On,  Off),
    row(&apostrophes::Apostrophes,       Off, On,  Off),
    row(&catalan::CatalanDots,           Off, On,  Off),
    row(&vietnamese::VietnameseTones,    Off, On,  Off),
    row(&normalize::Normalize,           On,  On,  On),
];

/// A set of repairs, by their places in [`REPAIRS`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repairs(u64);

const _: () = assert!(REPAIRS.len() <= 64);

impl Repairs {
    /// True when no repair is in it.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// With those of `other`.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// But for those of `other`.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// True when all those of `other` are in it.
    pub fn has(self, other: Self) -> bool {
        other.without(self).is_empty()
    }

    /// Names, in the order in which repairs run.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        self.places().map(|i| REPAIRS[i].repair.name())
    }

    /// The repair of that name.
    pub fn named(name: &str) -> Option<Self> {
        REPAIRS.iter().position(|r| r.repair.name() == name).map(Self::one)
    }

    /// Places in the registry, in order.
    pub(super) fn places(self) -> impl Iterator<Item = usize> {
        bits(self.0)
    }

    pub(super) fn one(index: usize) -> Self {
        Self(1 << index)
    }

    pub(super) fn all() -> Self {
        Self(u64::MAX)
    }

    /// Those in both sets.
    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The first of the registry, the one at `index` included.
    pub(super) fn up_to(index: usize) -> Self {
        Self(u64::MAX >> (63 - index))
    }

    /// Those that a text with these signs may need.
    pub(super) fn aroused_by(signs: Signs) -> Self {
        let by_sign = &*BY_SIGN;
        signs.places().fold(by_sign.always, |all, sign| all.with(by_sign.aroused[sign]))
    }

    /// Those that are for texts of this label: all that do not depend on the language, and those for its language.
    pub(super) fn for_label(label: Option<Label>) -> Self {
        let by_language = &*BY_LANGUAGE;
        let row = |label: Label| by_language.own.binary_search_by_key(&label.code(), |(code, _)| *code).ok();
        label.and_then(row).map_or(by_language.any, |row| by_language.any.with(by_language.own[row].1))
    }
}

/// Which repairs each sign arouses.
struct BySign {
    aroused: [Repairs; 64],
    always: Repairs,
}

static BY_SIGN: LazyLock<BySign> = LazyLock::new(|| {
    let mut table = BySign { aroused: [Repairs::default(); 64], always: Repairs::default() };
    for (i, row) in REPAIRS.iter().enumerate() {
        match row.repair.signs() {
            Signs::ALL => table.always = table.always.with(Repairs::one(i)),
            signs => signs.places().for_each(|s| table.aroused[s] = table.aroused[s].with(Repairs::one(i))),
        }
    }
    table
});

/// Which repairs each language has.
struct ByLanguage {
    any: Repairs,
    /// Sorted by the code of the language.
    own: Vec<([u8; 3], Repairs)>,
}

static BY_LANGUAGE: LazyLock<ByLanguage> = LazyLock::new(|| {
    let mut table = ByLanguage { any: Repairs::default(), own: Vec::new() };
    for (i, row) in REPAIRS.iter().enumerate() {
        let languages = row.repair.languages();
        if languages.is_empty() {
            table.any = table.any.with(Repairs::one(i));
        }
        for language in languages {
            let Ok(code) = language.as_bytes().try_into() else { continue };
            match table.own.binary_search_by_key(&code, |(code, _)| *code) {
                Ok(row) => table.own[row].1 = table.own[row].1.with(Repairs::one(i)),
                Err(row) => table.own.insert(row, (code, Repairs::one(i))),
            }
        }
    }
    table
});

/// Places of the bits that are set.
pub(super) fn bits(mut left: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let next = (left != 0).then(|| left.trailing_zeros() as usize)?;
        left &= left - 1;
        Some(next)
    })
}
