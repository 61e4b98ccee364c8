//! CJK radicals in the place of ideographs: fonts of documents have one glyph for both, and what is copied from them is the
//! wrong one. A radical by itself may be meant: a table of radicals is one.

use icu_normalizer::ComposingNormalizerBorrowed;

use super::{Context, Repair, Rewrite, Signs};

pub(super) struct Radicals;

/// The ideographs that the CJK Radicals Supplement stands for, from U+2E80 on (EquivalentUnifiedIdeograph.txt of Unicode).
const SUPPLEMENT: &str = "\
    ⺀厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵⺚旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷\
    车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟";

fn ideograph(c: char) -> Option<char> {
    let ideograph = match c {
        '\u{2E80}'..='\u{2EF3}' => SUPPLEMENT.chars().nth(c as usize - 0x2E80),
        '\u{2F00}'..='\u{2FD5}' => {
            ComposingNormalizerBorrowed::new_nfkc().normalize(c.encode_utf8(&mut [0; 4])).chars().next()
        }
        _ => None,
    };
    ideograph.filter(|i| *i != c)
}

fn is_han_or_kana(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{2FD5}' | '\u{3005}' | '\u{3041}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}'
        | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

impl Repair for Radicals {
    fn name(&self) -> &'static str {
        "radicals"
    }

    fn about(&self) -> &'static str {
        "CJK radicals in a word become the ideographs that they look like"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("⾼い⼭、部首 ⼭", "高い山、部首 ⼭")
    }

    fn signs(&self) -> Signs {
        Signs::CJK_COMPATIBILITY
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        out.patch(text, |patch| {
            let mut before = None;
            let mut chars = text.char_indices().peekable();
            while let Some((at, c)) = chars.next() {
                let after = chars.peek().map(|(_, c)| *c);
                let in_word = before.is_some_and(is_han_or_kana) || after.is_some_and(is_han_or_kana);
                if let Some(with) = ideograph(c).filter(|_| in_word) {
                    patch.replace_by(at, at + c.len_utf8(), with);
                }
                before = Some(c);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repair::{Profile, repair};

    #[test]
    fn radicals_in_words_become_ideographs() {
        for (broken, right) in
            [("⽇本⼈の⾞", "日本人の車"), ("⻩⻰、⻄安", "黄龙、西安"), ("⼀、⼆", "⼀、⼆"), ("⿰亻⼈", "⿰亻人")]
        {
            assert_eq!(repair(broken, &Profile::standard()), right, "{broken:?}");
        }
    }

    #[test]
    fn the_supplement_is_whole() {
        assert_eq!(SUPPLEMENT.chars().count(), 0x2EF4 - 0x2E80);
        assert_eq!(
            (ideograph('⻳'), ideograph('⺟'), ideograph('⿕'), ideograph('一')),
            (Some('龟'), Some('母'), Some('龠'), None)
        );
    }
}
