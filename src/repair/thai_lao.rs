//! Thai and Lao marks in the order in which they are pronounced (vowel, tone, silencer), each once and beside their
//! consonant; sara am and the vowel ae as one letter where they were typed as two that look like them.

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

/// The letter long a, and another that looks like it where it has no place: it only follows ru and lu.
const AA: char = '\u{E32}';
const LAKKHANGYAO: char = '\u{E45}';

/// Vowels that are written after their consonant, and after its tone.
fn is_behind(c: char) -> bool {
    matches!(c, '\u{E30}' | AA | '\u{E33}' | LAKKHANGYAO | '\u{EB0}' | '\u{EB2}' | '\u{EB3}')
}

/// Consonants that take tones and vowels; ru and lu are vowels too.
fn is_consonant(c: char) -> bool {
    matches!(c, '\u{E01}'..='\u{E2E}' | '\u{E81}'..='\u{EAE}' | '\u{EDC}' | '\u{EDD}') && !is_ru(c)
}

fn is_ru(c: char) -> bool {
    matches!(c, '\u{E24}' | '\u{E26}')
}

fn is_letter(c: char) -> bool {
    matches!(c, '\u{E01}'..='\u{E4E}' | '\u{E81}'..='\u{ECE}' | '\u{EDC}' | '\u{EDD}')
}

const TONE: u8 = 2;

fn is_thai_tone(c: char) -> bool {
    matches!(c, '\u{E48}'..='\u{E4B}')
}

/// What follows a consonant: its marks, then the vowels behind it.
#[derive(Default)]
struct Cluster {
    marks: Vec<char>,
    vowels: String,
}

impl Cluster {
    /// Adds a character if it is one of them: of those behind a vowel only the tones. Vowels other than am need a consonant
    /// `before` them.
    fn take(&mut self, c: char, before: Option<char>) -> bool {
        let nikhahit = self.marks.iter().position(|mark| am(*mark, c).is_some());
        match (rank(c), nikhahit) {
            (Some(rank), _) if self.vowels.is_empty() || rank == TONE => self.marks.push(c),
            (None, Some(i)) if self.vowels.is_empty() => self.vowels.extend(am(self.marks.remove(i), c)),
            (None, _) if matches!(c, '\u{E33}' | '\u{EB3}') => self.vowels.push(c),
            (None, _) if is_behind(c) && before.is_some_and(is_consonant) => {
                self.vowels.push(if c == LAKKHANGYAO { AA } else { c });
            }
            _ => return false,
        }
        true
    }

    /// Puts the marks in order. A consonant has one tone: of two of Thai the last stays, which was typed to mend the first; in
    /// Lao, where fonts of old leave them too, none tells which was meant.
    fn settle(&mut self) {
        if !self.marks.is_sorted_by_key(|c| rank(*c)) {
            self.marks.sort_by_key(|c| rank(*c));
        }
        self.marks.dedup_by(|next, kept| {
            let one = is_thai_tone(*next) && is_thai_tone(*kept) || next == kept;
            if one {
                *kept = *next;
            }
            one
        });
    }
}

/// The length of the spaces at `at` that part a consonant from a mark, as programs that read PDF leave them. A mark by itself
/// may be meant, in a text about writing: not in the middle of a word, nor behind a lone consonant.
fn gap(text: &str, at: usize) -> Option<usize> {
    let mut before = text[..at].chars().rev();
    if !before.next().is_some_and(is_consonant) {
        return None;
    }
    let (open, alone) = before.next().map_or((true, true), |c| (!is_behind(c) && rank(c).is_none(), !is_letter(c)));
    let rest = text[at..].trim_start_matches(' ');
    let after = rest.trim_start_matches(|c| rank(c).is_some());
    let mark = after.len() < rest.len();
    (mark && open && (alone || after.starts_with(is_letter))).then_some(text.len() - at - rest.len())
}

pub(super) struct ThaiLao;

impl Repair for ThaiLao {
    fn name(&self) -> &'static str {
        "thai-lao"
    }

    fn about(&self) -> &'static str {
        "Thai and Lao marks in order, once and at their consonant; sara am and ae as one letter"
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
                (Some(before), Some(after)) => before > after || last == c || is_thai_tone(last) && is_thai_tone(c),
                (Some(_), None) => nikhahit && matches!(c, AA | '\u{EB2}') || c == LAKKHANGYAO,
                (None, Some(_)) => last == ' ' || is_behind(last),
                (None, None) => last == c && matches!(c, '\u{E40}' | '\u{EC0}') || c == LAKKHANGYAO && !is_ru(last),
            };
            nikhahit = after.is_some() && (nikhahit || matches!(c, NIKHAHIT | LAO_NIGGAHITA));
            (last, before) = (c, after);
            wrong
        })
    }

    fn rewrite(&self, text: &str, _: &Context<'_>, out: &mut Rewrite) {
        let mut kept = 0;
        let mut cluster = Cluster::default();
        let mut buffer = String::new();
        let mut chars = text.char_indices().peekable();
        let mut before = None;
        while let Some((at, c)) = chars.peek().copied() {
            if let Some(ae) = ae(text, at, c) {
                chars.nth(1);
                out.keep(text, kept, at);
                kept = at + 2 * c.len_utf8();
                out.replace(text, at, kept, ae);
                before = None;
                continue;
            }
            if let Some(length) = (c == ' ').then(|| gap(text, at)).flatten() {
                chars.nth(length - 1);
            }
            cluster.marks.clear();
            cluster.vowels.clear();
            let mut end = at;
            while let Some((place, c)) = chars.next_if(|(_, c)| cluster.take(*c, before)) {
                end = place + c.len_utf8();
            }
            if end == at {
                before = chars.next().map(|(_, c)| c);
                continue;
            }
            before = None;
            cluster.settle();
            buffer.clear();
            buffer.extend(&cluster.marks);
            buffer.push_str(&cluster.vowels);
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
            ("ร\u{e32}\u{e49}นค\u{e32}\u{e48}ะ", "ร้านค่าะ"),
            ("จ\u{e30}\u{e4a}จ\u{e4a}\u{e32}\u{e4a}", "จ๊ะจ๊า"),
            ("ຂ\u{eb2}\u{ec9}ວ", "ຂ້າວ"),
            ("ม\u{e48}\u{e49}า ມ\u{ec8}\u{ec9}າ", "ม้า ມ\u{ec8}\u{ec9}າ"),
            ("ข\u{e45}ว ฤ\u{e45}", "ขาว ฤๅ"),
            (" \u{e32}\u{e48} ๅ", " \u{e32}\u{e48} ๅ"),
            ("ก ับน ้องท  ี่บ้าน", "กับน้องที่บ้าน"),
            ("ม ี ด ู", "มี ดู"),
            ("สระ ิ กับรูป ุ่น", "สระ ิ กับรูป ุ่น"),
        ] {
            assert_eq!(repair(broken, &profile), right, "{broken:?}");
        }
    }
}
