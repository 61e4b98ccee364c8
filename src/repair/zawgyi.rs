//! Burmese in Zawgyi, a font encoding that uses the code points of Unicode for other glyphs, converted to Unicode.
//!
//! Which of both a text is in is told by pairs of neighbouring characters: the logarithm of how much likelier each is in
//! Zawgyi than in the Unicode text of any language of the script (`cargo xtask zawgyi`).

mod convert;

use super::{Context, Repair, Rewrite, Signs};

/// Eighths of a bit, for each pair of [`kind`]s.
static MODEL: &[u8; KINDS * KINDS] = include_bytes!("zawgyi/model.bin");

/// The characters of the block, all others, and the extended blocks that Zawgyi knows nothing of.
pub const KINDS: usize = 113;

/// Eighths of a bit from which on a text is in Zawgyi.
const SURE: i32 = 8 * 6;

/// Eighths of a bit for Unicode with which a word among others in Zawgyi is left alone.
const DOUBT: i32 = 8 * 5;

/// Which of the [`KINDS`] a character is; the model has a weight for each pair.
pub fn kind(c: char) -> usize {
    match c {
        '\u{1004}' => 1,
        '\u{1000}'..='\u{1021}' => 2,
        '\u{1022}'..='\u{102A}' => 3,
        '\u{1040}'..='\u{1049}' => 4,
        '\u{102B}'..='\u{103F}' => c as usize - 0x102B + 5,
        '\u{104A}'..='\u{109F}' => c as usize - 0x104A + 26,
        '\u{A9E0}'..='\u{A9FF}' | '\u{AA60}'..='\u{AA7F}' => KINDS - 1,
        _ => 0,
    }
}

/// Consonants that Unicode stacks are nearly always of one class; those that meet in Zawgyi, where the sign between them kills
/// a vowel, are so by chance, one in five.
const STACKED: i32 = -18;
const UNSTACKED: i32 = 32;

/// Letters and signs that Unicode has for other languages, Zawgyi for shapes.
fn is_foreign(c: char) -> bool {
    matches!(c, '\u{1060}'..='\u{1097}')
}

fn is_consonant(c: char) -> bool {
    ('\u{1000}'..='\u{1021}').contains(&c)
}

/// True for consonants of one class (the rows of five in which the alphabet is taught), and for a doubled one.
fn stacks(above: char, below: char) -> bool {
    let class = |c: char| (u32::from(c) - 0x1000) / 5;
    above == below || class(above) == class(below) && below <= '\u{1019}'
}

/// What was found in a stretch of text.
#[derive(Clone, Copy, Default)]
struct Evidence {
    /// For Zawgyi, in eighths of a bit.
    eighths: i32,
    /// The same without what speaks for other languages, in a text known to be Burmese.
    burmese: i32,
    /// Pairs that no language has in Unicode.
    broken: u32,
    letters: u32,
}

impl Evidence {
    /// In a text known to be Burmese, a code point that Unicode has for other languages is evidence by itself.
    fn of(text: &str, burmese: bool) -> Self {
        let mut sum = Self::default();
        let (mut letter, mut before) = (' ', ' ');
        for next in text.chars().chain([' ']) {
            let (a, b) = (kind(before), kind(next));
            let weight = i32::from(MODEL[a * KINDS + b] as i8);
            sum.add(weight, if burmese && (is_foreign(before) || is_foreign(next)) { weight.max(0) } else { weight });
            sum.broken += u32::from(is_broken(before, next));
            if burmese && is_foreign(next) {
                sum.add(SURE, SURE);
                sum.broken += 1;
            }
            if before == '\u{1039}' && is_consonant(letter) && is_consonant(next) {
                let stacks = stacks(letter, next);
                let weight = if stacks { STACKED } else { UNSTACKED };
                sum.add(weight, weight);
                sum.broken += u32::from(!stacks && matches!(letter, '\u{101A}' | '\u{101B}' | '\u{101D}'));
            }
            letter = before;
            sum.letters += u32::from(b != 0);
            before = next;
        }
        sum
    }

    fn add(&mut self, eighths: i32, burmese: i32) {
        self.eighths = self.eighths.saturating_add(eighths);
        self.burmese = self.burmese.saturating_add(burmese);
    }

    fn and(self, other: Self) -> Self {
        Self {
            eighths: self.eighths.saturating_add(other.eighths),
            burmese: self.burmese.saturating_add(other.burmese),
            broken: self.broken + other.broken,
            letters: self.letters + other.letters,
        }
    }

    /// Of what is written in an unknown language the model knows nothing; but no language has marks in these places.
    fn is_zawgyi(self) -> bool {
        self.eighths >= SURE && self.broken > self.letters / 32
    }
}

/// A virama with nothing below it, after a mark or nga, a vowel e or medial ra before its letter, a vowel on a letter without
/// vowel.
fn is_broken(before: char, next: char) -> bool {
    let letter = |c: char| match c {
        '\u{1000}'..='\u{102A}' | '\u{103B}'..='\u{103F}' | '\u{1050}'..='\u{1061}' | '\u{1065}'..='\u{1070}' => true,
        '\u{1075}'..='\u{1082}' | '\u{108E}' => true,
        _ => kind(c) == KINDS - 1,
    };
    match (before, next) {
        ('\u{1039}', '\u{1004}' | '\u{101A}' | '\u{101B}' | '\u{101D}'..='\u{101F}' | '\u{1021}') => true,
        ('\u{1039}', _) => {
            !matches!(next, '\u{1000}'..='\u{1020}' | '\u{103F}' | '\u{1050}'..='\u{1061}') && kind(next) != KINDS - 1
        }
        ('\u{1004}' | '\u{102B}'..='\u{1038}' | '\u{103B}'..='\u{103E}', '\u{1039}') => true,
        (_, '\u{1031}' | '\u{103B}') => !letter(before) && !matches!(before, '\u{103A}' | '\u{1060}'..='\u{109F}'),
        ('\u{103A}', _) => matches!(next, '\u{102B}'..='\u{1030}' | '\u{1032}'..='\u{1034}' | '\u{103D}'),
        _ => false,
    }
}

/// True when most is in Zawgyi, and no word is surely not.
fn is_whole(text: &str, burmese: bool) -> bool {
    let words = text.split_inclusive(' ').map(|word| Evidence::of(word, burmese));
    words.clone().fold(Evidence::default(), Evidence::and).is_zawgyi()
        && words.clone().all(|word| word.burmese > -DOUBT)
}

/// The first stretch of whole words after `from` that is in Zawgyi. It ends before a word of Unicode, or where those that
/// follow speak as much for it together as makes sure; so a word is looked at twice at most.
fn find(text: &str, from: usize, burmese: bool) -> Option<(usize, usize)> {
    let (mut start, mut sum) = (from, Evidence::default());
    let (mut end, mut best) = (from, Evidence::default());
    let mut at = from;
    for word in text[from..].split_inclusive(' ') {
        at += word.len();
        let own = Evidence::of(word, burmese);
        sum = sum.and(own);
        if sum.eighths > best.eighths {
            (end, best) = (at, sum);
        }
        if sum.eighths <= 0 || own.eighths <= -DOUBT || best.eighths - sum.eighths >= DOUBT {
            if best.is_zawgyi() {
                break;
            }
            (start, sum) = (at, Evidence::default());
            (end, best) = (at, sum);
        }
    }
    best.is_zawgyi().then_some((start, end))
}

pub(super) struct Zawgyi;

impl Repair for Zawgyi {
    fn name(&self) -> &'static str {
        "zawgyi"
    }

    fn about(&self) -> &'static str {
        "Burmese in the font encoding Zawgyi becomes Unicode"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("ကၽြန္ေတာ္ စာဖတ္ေနတယ္", "ကျွန်တော် စာဖတ်နေတယ်")
    }

    fn signs(&self) -> Signs {
        Signs::MYANMAR
    }

    fn suspects(&self, text: &str, context: &Context<'_>) -> bool {
        let burmese = is_burmese(context);
        is_whole(text, burmese) || find(text, 0, burmese).is_some()
    }

    fn rewrite(&self, text: &str, context: &Context<'_>, out: &mut Rewrite) {
        // Where most is in Zawgyi, the rest is Burmese too.
        let burmese = is_burmese(context) || Evidence::of(text, false).is_zawgyi();
        let mut trial = Rewrite::default();
        if is_whole(text, burmese) {
            return stretch(text, 0, text.len(), burmese, &mut trial, out);
        }
        let mut kept = 0;
        while let Some((from, to)) = find(text, kept, burmese) {
            out.keep(text, kept, from);
            stretch(text, from, to, burmese, &mut trial, out);
            kept = to;
        }
        out.keep(text, kept, text.len());
    }
}

/// Converts a stretch. What was Zawgyi is Unicode then; anything else is neither, and stays.
fn stretch(text: &str, from: usize, to: usize, burmese: bool, trial: &mut Rewrite, out: &mut Rewrite) {
    trial.begin(0);
    trial.edits.clear();
    convert::convert(&text[from..to], 0, trial);
    if is_whole(&trial.text, burmese) || find(&trial.text, 0, burmese).is_some() {
        out.keep(text, from, to);
    } else {
        convert::convert(&text[..to], from, out);
    }
}

fn is_burmese(context: &Context<'_>) -> bool {
    context.label.is_some_and(|l| l.language() == "mya")
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, repair, repair_as};

    #[test]
    fn zawgyi_is_found_and_converted() {
        for (zawgyi, unicode) in [
            ("ကၽြန္ေတာ္ စာဖတ္ေနတယ္", "ကျွန်တော် စာဖတ်နေတယ်"),
            ("ရန္ကုန္ၿမိဳ႕ ေစ်းထဲမွာ ငါး၀ယ္ခဲ့တယ္", "ရန်ကုန်မြို့ ဈေးထဲမှာ ငါးဝယ်ခဲ့တယ်"),
            ("မိုး႐ြာေနတယ္ blog ေရးမယ္", "မိုးရွာနေတယ် blog ရေးမယ်"),
            ("အဂၤလိပ္စာ သင္ယူၾကပါစို႔", "အင်္ဂလိပ်စာ သင်ယူကြပါစို့"),
            ("ျမန္မာျပည္ ၁၉၄၀ ခုႏွစ္", "မြန်မာပြည် ၁၉၄၀ ခုနှစ်"),
            ("ေယာက္်ားနဲ႔ မိန္းမ", "ယောက်ျားနဲ့ မိန်းမ"),
            ("ေက်ာင္\u{200b} းေတြ  ၾကီ  းတယ္", "ကျောင်းတွေ  ကြီးတယ်"),
            ("ေန ့မွာ စာေရးခဲ ့ေပ ့၊", "နေ့ မှာ စာရေးခဲ့ ပေ့၊"),
            ("ဒါက ဖုန်းနံပါတ်ပါ ကၽြန္ေတာ္ မသိဘူးေနာ္", "ဒါက ဖုန်းနံပါတ်ပါ ကျွန်တော် မသိဘူးနော်"),
        ] {
            assert_eq!(repair(zawgyi, &Profile::standard()), unicode);
            assert_eq!(repair(unicode, &Profile::standard()), unicode);
        }
    }

    #[test]
    fn unicode_of_other_languages_stays() {
        // Shan, Karen, Mon, Pa'O.
        for text in ["မႂ်ႇသုင်ၶႃႈ ယူႇလီၵိၼ်ဝၢၼ်", "မ့ၢ်ဟါခီးန့ၣ်ဂ့ၤလၢ", "ပ္ဍဲဘာသာမန် ကၠုၚ်ဂ", "ခွေꩻသီးထာꩻ ငါႏလွဉ်ꩻဖိုႏ"]
        {
            assert_eq!(repair(text, &Profile::standard()), text);
        }
    }

    #[test]
    fn a_label_makes_short_texts_sure() {
        let burmese = "mya_Mymr".parse().ok();
        assert_eq!(repair("သတၱိ", &Profile::standard()), "သတၱိ");
        assert_eq!(repair_as("သတၱိ", &Profile::default(), burmese).text, "သတ္တိ");
        assert_eq!(repair_as("သတ္တိ", &Profile::default(), burmese).text, "သတ္တိ");
    }
}
