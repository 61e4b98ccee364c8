//! Thai and Lao marks in the order in which they are pronounced (vowel, tone, silencer), each once; sara am and the vowel ae
//! as one letter where they were typed as two that look like them.

use super::{Context, Repair, Rewrite, Signs};

/// Rank of a mark above or below a consonant: what is nearer to it comes first.
fn rank(c: char) -> Option<u8> {
    match c {
        '\u{EBA}' | '\u{EBC}' => Some(0),
        '\u{E31}' | '\u{E34}'..='\u{E3A}' | '\u{E47}' => Some(1),
        '\u{EB1}' | '\u{EB4}'..='\u{EB9}' | '\u{EBB}' | LAO_NIGGAHITA => Some(1),
        '\u{E48}'..='\u{E4B}' | '\u{EC8}'..='\u{ECB}' => Some(2),
        '\u{E4C}' | NIKHAHIT | '\u{E4E}' | '\u{ECC}' | '\u{ECE}' => Some(3),
        _ => None,
    }
}

const NIKHAHIT: char = '\u{E4D}';
const LAO_NIGGAHITA: char = '\u{ECD}';

/// The vowel am that a nikhahit and this letter make.
fn am(nikhahit: char, aa: char) -> Option<char> {
    match (nikhahit, aa) {
        (NIKHAHIT, '\u{E32}') => Some('\u{E33}'),
        (LAO_NIGGAHITA, '\u{EB2}') => Some('\u{EB3}'),
        _ => None,
    }
}

/// The letter for two of the vowel e, which look like it; more of them are meant to be many.
fn ae(text: &str, at: usize, c: char) -> Option<&'static str> {
    let (pair, ae) = match c {
        '\u{E40}' => ("\u{E40}\u{E40}", "\u{E41}"),
        '\u{EC0}' => ("\u{EC0}\u{EC0}", "\u{EC1}"),
        _ => return None,
    };
    let rest = text[at..].strip_prefix(pair)?;
    (!rest.starts_with(c) && !text[..at].ends_with(c)).then_some(ae)
}

/// Adds a character to the marks of a consonant if it is one of them: of those after an am only the tones.
fn take(c: char, marks: &mut Vec<char>, ams: &mut String) -> bool {
    let nikhahit = |marks: &[char]| marks.iter().position(|mark| am(*mark, c).is_some());
    match (rank(c), nikhahit(marks)) {
        (Some(rank), _) if ams.is_empty() || rank == 2 => marks.push(c),
        (None, Some(i)) if ams.is_empty() => ams.extend(am(marks.remove(i), c)),
        (None, _) if matches!(c, '\u{E33}' | '\u{EB3}') => ams.push(c),
        _ => return false,
    }
    true
}

pub(super) struct ThaiLao;

impl Repair for ThaiLao {
    fn name(&self) -> &'static str {
        "thai-lao"
    }

    fn about(&self) -> &'static str {
        "Thai and Lao marks in order and once; sara am and ae as one letter"
    }

    fn example(&self) -> (&'static str, &'static str) {
        ("น\u{e4d}\u{e49}\u{e32} เเมว", "น้ำ แมว")
    }

    fn signs(&self) -> Signs {
        Signs::THAI_LAO
    }

    fn suspects(&self, text: &str, _: &Context<'_>) -> bool {
        // The character before, its rank, and whether one of the marks that end with it may be part of an am.
        let (mut last, mut before, mut nikhahit) = (' ', None, false);
        text.chars().any(|c| {
            let after = rank(c);
            let wrong = match (before, after) {
                (Some(before), Some(after)) => before > after || last == c,
                (Some(_), None) => nikhahit && matches!(c, '\u{E32}' | '\u{EB2}'),
                (None, Some(_)) => matches!(last, '\u{E33}' | '\u{EB3}'),
                (None, None) => last == c && matches!(c, '\u{E40}' | '\u{EC0}'),
            };
            nikhahit = after.is_some() && (nikhahit || matches!(c, NIKHAHIT | LAO_NIGGAHITA));
            (last, before) = (c, after);
            wrong
        })
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let mut kept = 0;
        // The marks of a consonant and, after them, the vowels am.
        let (mut marks, mut ams) = (Vec::new(), String::new());
        let mut buffer = String::new();
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.peek().copied() {
            if let Some(ae) = ae(text, at, c) {
                chars.nth(1);
                out.keep(text, kept, at);
                kept = at + 2 * c.len_utf8();
                out.replace(text, at, kept, ae);
                continue;
            }
            marks.clear();
            ams.clear();
            let mut end = at;
            while let Some((place, c)) = chars.next_if(|(_, c)| take(*c, &mut marks, &mut ams)) {
                end = place + c.len_utf8();
            }
            if end == at {
                chars.next();
                continue;
            }
            if !marks.is_sorted_by_key(|c| rank(*c)) {
                marks.sort_by_key(|c| rank(*c));
            }
            marks.dedup();
            buffer.clear();
            buffer.extend(&marks);
            buffer.push_str(&ams);
            if text[at..end] != *buffer {
                out.keep(text, kept, at);
                out.replace(text, at, end, &buffer);
                kept = end;
            }
        }
        out.keep(text, kept, text.len());
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::{Profile, Setting, repair};

    #[test]
    fn marks_come_in_order_and_once() {
        let profile = Profile::none().with("thai-lao", Setting::On).unwrap();
        for (broken, right) in [
            ("ฉันดื่มน้ำในถ้ำ", "ฉันดื่มน้ำในถ้ำ"),
            ("น\u{e4d}\u{e49}\u{e32}", "น้ำ"),
            ("น\u{e49}\u{e4d}\u{e32}", "น้ำ"),
            ("ท\u{e33}\u{e48}", "ท\u{e48}\u{e33}"),
            ("เเมวเเม่", "แมวแม่"),
            ("เเเ", "เเเ"),
            ("ท\u{e48}\u{e35}น\u{e35}\u{e48}", "ที่นี่"),
            ("ส\u{e34}\u{e34}บ", "สิบ"),
            ("สิทธ\u{e4c}\u{e34}", "สิทธิ์"),
            ("มาาาก", "มาาาก"),
            ("พุทธ\u{e4d}", "พุทธ\u{e4d}"),
            ("ນ\u{ecd}\u{ec9}\u{eb2}", "ນ້ຳ"),
            ("ບ\u{ec8}\u{ecd}", "ບ\u{ecd}\u{ec8}"),
            ("ເເມ່", "ແມ່"),
            ("ຄ\u{eb3}\u{ec9}", "ຄ\u{ec9}\u{eb3}"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }
}
