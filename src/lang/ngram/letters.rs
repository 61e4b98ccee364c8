//! The letters of a text as the model sees them: in NFC, lower case, of one script, word by word; all else is worth
//! nothing.

use std::ops::Deref;
use std::str::Chars;

use super::classes::{
    APOSTROPHE, CAPITAL, CHANGES, CLASSES, CODE, COLON, Class, DIGIT, DOT, GAP, IGNORE, JOINS, LETTER, MARK, NFC,
    SCRIPT_BITS, SPACE, SYMBOL, TAG, Table, changes, classify_high, cyrillic_twin, systems,
};
use crate::script::{Script, script_of};

/// Stands before, between and after the words.
pub(super) const BOUNDARY: u32 = 0;

/// Letters of a text that are read; more tell nothing new.
pub(super) const LIMIT: usize = 192;

/// So many words of one or two letters and no others are abbreviations.
const ABBREVIATIONS: u32 = 8;

/// Letters of an ending in parentheses.
const ENDING: usize = 3;

/// So many plain words make a sentence of what is full of symbols.
const PLAIN: usize = 2;

/// The letters of a text between boundaries, and how much of the text they are.
#[derive(Debug, Default)]
pub(super) struct Letters {
    codes: Codes,
    /// Where the word and the token (what stands between spaces) begin.
    word: usize,
    token: usize,
    /// The word is glued to a digit; the token is an address or code.
    spoiled_word: bool,
    spoiled_token: bool,
    counts: Counts,
    /// The token has more than that; the last thing that was seen is a symbol.
    marked_token: bool,
    ends_in_symbol: bool,
    /// Something stands in it that only programs have; it begins as titles of wikis do (`== Title ==`).
    is_code: bool,
    is_title: bool,
    /// A bit for each letter of the word: whether it was a capital.
    capitals: u64,
    words: Words,
    words_before_token: Words,
    /// Where reading stopped, if it can go on there.
    stopped: Option<usize>,
    /// Nothing was left of the text that was read last.
    all: bool,
}

/// Codes in a room that is made before they are read, so that reading a word is a loop that writes and counts.
#[derive(Debug, Default)]
struct Codes {
    room: Vec<u32>,
    count: usize,
}

impl Codes {
    /// Makes room for so many codes in all.
    fn reserve(&mut self, all: usize) {
        if self.room.len() < all {
            self.room.resize(all, BOUNDARY);
        }
    }

    fn push(&mut self, code: u32) {
        self.reserve(self.count + 1);
        self.room[self.count] = code;
        self.count += 1;
    }

    fn truncate(&mut self, count: usize) {
        self.count = self.count.min(count);
    }
}

impl Deref for Codes {
    type Target = [u32];

    fn deref(&self) -> &[u32] {
        &self.room[..self.count]
    }
}

/// What tells language from noise.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    /// Characters that are no spaces, and of these letters of other scripts and such as programs are full of.
    visible: usize,
    foreign: usize,
    symbols: usize,
    /// Tokens that are one word and marks of a sentence, as text is full of, programs are not.
    plain: usize,
}

/// Words by what they look like.
#[derive(Clone, Copy, Debug, Default)]
struct Words {
    all: u32,
    /// With a capital and no other after it; in Han, of two or three characters.
    names: u32,
    /// Of one capital: the initial of a name beside a name, else nothing.
    initials: u32,
    /// That are no names for sure.
    others: u32,
    /// Of one or two letters, in alphabets in which most words are longer.
    short: u32,
}

impl Letters {
    /// Forgets the last text.
    pub(super) fn clear(&mut self) {
        self.codes.truncate(0);
        self.codes.push(BOUNDARY);
        (self.word, self.token) = (1, 1);
        (self.spoiled_word, self.spoiled_token) = (false, false);
        (self.counts, self.capitals) = (Counts::default(), 0);
        (self.marked_token, self.ends_in_symbol) = (false, false);
        (self.is_code, self.is_title) = (false, false);
        (self.words, self.words_before_token) = (Words::default(), Words::default());
        (self.stopped, self.all) = (None, false);
    }

    /// True when the limit cut nothing off the text that was read last.
    pub(super) fn are_all(&self) -> bool {
        self.all
    }

    /// Lower-case letters, each word between two [`BOUNDARY`]s.
    pub(super) fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// True when too little of the text was words for it to be language, or too much of it what programs are full of. A sentence
    /// with a formula in it has words that stand by themselves, and ends as sentences do.
    pub(super) fn are_no_language(&self) -> bool {
        let (words, Counts { visible, foreign, symbols, plain }) = (self.codes.count - 1, self.counts);
        words == 0
            || (words < 20 && words * 4 < visible - foreign)
            || (self.words.short >= ABBREVIATIONS && self.words.short == self.words.all)
            || (symbols > 3
                && symbols * 25 > visible * 2
                && (plain < PLAIN || !self.is_title && (self.ends_in_symbol || self.is_code)))
    }

    /// How many words there are, how many of them look like names, and how many surely are none.
    pub(super) fn words(&self) -> [u32; 3] {
        [self.words.all, self.words.names + self.words.initials, self.words.others]
    }

    /// How many words look like names, if they all do but for a few: a list of names, or a title.
    pub(super) fn names(&self) -> usize {
        let Words { names, initials, others, .. } = self.words;
        let names = if names == 0 { 0 } else { names + initials };
        if names >= 3 && others * 4 <= names { names as usize } else { 0 }
    }

    /// Reads the letters of a script in a text until there are `limit` in all.
    pub(super) fn read(&mut self, text: &str, script: Script, limit: usize) {
        let (length, counts, words) = (self.codes.count, self.counts, self.words);
        if !self.pass::<true>(text, 0, script, limit) {
            self.codes.truncate(length);
            (self.counts, self.capitals) = (counts, 0);
            (self.words, self.words_before_token) = (words, words);
            (self.word, self.token) = (length, length);
            (self.spoiled_word, self.spoiled_token, self.marked_token) = (false, false, false);
            self.pass::<false>(&NFC.normalize(text), 0, script, limit);
            self.stopped = None;
        }
    }

    /// Reads on in the text that was read last, and nothing but that, as if the limit had been that from the beginning. False when
    /// it must be read from there.
    pub(super) fn read_on(&mut self, text: &str, script: Script, limit: usize) -> bool {
        match self.stopped.take() {
            Some(at) => self.pass::<true>(text, at, script, limit),
            None => false,
        }
    }

    /// The same from a place on; false when the text turns out not to be in NFC, if that is to be checked.
    fn pass<const CHECK: bool>(&mut self, text: &str, from: usize, script: Script, limit: usize) -> bool {
        let classes = &**CLASSES;
        let wanted = systems(script);
        let letters = [wanted[0] << SCRIPT_BITS, wanted[1] << SCRIPT_BITS, wanted[2] << SCRIPT_BITS];
        // A word is read to its end, within reason.
        let longest = limit + limit / 4;
        self.codes.reserve(longest + 2);
        let mut rest = text[from..].chars();
        while let Some((c, class)) = self.letters(classes, &mut rest, letters, longest + 1) {
            if CHECK && class & (JOINS | CHANGES) != 0 && changes(text, rest.as_str().len(), c, class) {
                return false;
            }
            let (own, kind) = (class >> SCRIPT_BITS, class & !(LETTER | JOINS | CHANGES));
            if kind == SPACE {
                self.end_word(script);
                self.end_token();
                if self.codes.count > limit {
                    self.stopped = Some(text.len() - rest.as_str().len());
                    break;
                }
            } else if own == wanted[0]
                || own == wanted[1]
                || own == wanted[2]
                || (own == MARK && self.codes.count > self.word)
            {
                self.counts.visible += 1;
                self.push(class & LETTER, class);
            } else if script == Script::CYRL
                && own == Script::LATN.index()
                && let Some(twin) = cyrillic_twin(class & LETTER)
                && (self.codes.count > self.word || rest.clone().next().is_some_and(|c| script_of(c) == script))
            {
                self.push(twin, class);
            } else if kind != IGNORE {
                self.part(c, kind, &mut rest, script);
            }
        }
        self.end_word(script);
        self.end_token();
        self.all = rest.as_str().is_empty();
        true
    }

    /// Reads letters of the script that follow each other and that normalization leaves alone, up to so many codes; what comes
    /// after them, if there is room for it.
    #[inline(always)]
    fn letters(
        &mut self,
        classes: &Table,
        rest: &mut Chars<'_>,
        wanted: [Class; 3],
        most: usize,
    ) -> Option<(char, Class)> {
        let (mut count, mut capitals, mut other) = (0, self.capitals, None);
        for slot in self.codes.room.get_mut(self.codes.count..most).unwrap_or_default() {
            let Some(c) = rest.next() else { break };
            let class = classes.get(c as usize).copied().unwrap_or_else(|| classify_high(c));
            let own = class & !(LETTER | CAPITAL);
            if own != wanted[0] && own != wanted[1] && own != wanted[2] {
                other = Some((c, class));
                break;
            }
            *slot = class & LETTER;
            capitals = capitals << 1 | u64::from(class & CAPITAL > 0);
            count += 1;
        }
        self.capitals = capitals;
        self.codes.count += count;
        self.counts.visible += count;
        other
    }

    #[inline]
    fn push(&mut self, letter: u32, class: Class) {
        self.codes.push(letter);
        self.capitals = self.capitals << 1 | u64::from(class & CAPITAL > 0);
    }

    /// What a character does that is neither a letter nor a space, or of another script.
    #[inline(always)]
    fn part(&mut self, c: char, kind: Class, rest: &mut Chars<'_>, script: Script) {
        let spaced = !script.is_unspaced();
        let symbol = matches!(kind, SYMBOL | CODE);
        self.is_code |= is_code(c, rest.as_str(), self.codes.count > self.word + 1);
        self.counts.visible += 1;
        self.counts.foreign += usize::from(kind < GAP);
        self.is_title |= c == '=' && self.codes.count == 1;
        // Smiles count once.
        self.counts.symbols += usize::from(symbol && (kind == CODE || !rest.as_str().starts_with(c)));
        self.marked_token |= symbol || matches!(kind, DIGIT | TAG);
        match kind {
            APOSTROPHE => {
                if self.codes.count > self.word {
                    self.codes.push(u32::from(b'\''));
                    self.capitals <<= 1;
                }
                return;
            }
            DIGIT if spaced => return (self.spoiled_word, self.ends_in_symbol) = (true, false),
            CODE if spaced => self.spoiled_token = true,
            COLON if rest.as_str().starts_with("//") => self.spoiled_token = true,
            // A domain or a file name.
            DOT if self.codes.count > self.word && rest.as_str().starts_with(|c: char| c.is_ascii_lowercase()) => {
                self.spoiled_token = true;
            }
            TAG => self.counts.symbols += usize::from(!skip_tag(rest)),
            _ => {}
        }
        self.end_word(script);
        self.ends_in_symbol = symbol || kind == COLON || (self.ends_in_symbol && kind == GAP);
    }

    #[inline(always)]
    fn end_word(&mut self, script: Script) {
        if self.codes.count > self.word {
            self.take_word(script);
        }
        (self.spoiled_word, self.capitals) = (false, 0);
    }

    fn take_word(&mut self, script: Script) {
        while self.codes.count > self.word && self.codes.last() == Some(&u32::from(b'\'')) {
            self.codes.count -= 1;
            self.capitals >>= 1;
        }
        if self.spoiled_word {
            self.codes.truncate(self.word);
        }
        let length = self.codes.count - self.word;
        if length > 0 {
            self.ends_in_symbol = false;
            self.words.all += 1;
            self.words.short += u32::from(length <= 2 && matches!(script, Script::LATN | Script::CYRL | Script::GREK));
            match self.capitals.checked_shr(length.saturating_sub(2) as u32).unwrap_or_default() {
                0b10 => self.words.names += 1,
                0b01 if length == 1 => self.words.initials += 1,
                _ if matches!(length, 2 | 3) && self.codes[self.word..].iter().all(|c| is_han(*c)) => {
                    self.words.names += 1;
                }
                0b00 | 0b01 => self.words.others += 1,
                _ => {}
            }
            self.codes.push(BOUNDARY);
            self.word = self.codes.count;
        }
    }

    fn end_token(&mut self) {
        if self.spoiled_token {
            self.codes.truncate(self.token);
            self.spoiled_token = false;
            self.words = self.words_before_token;
        }
        let long = self.codes.count > self.token + 2;
        self.counts.plain +=
            usize::from(long && !self.marked_token && self.words.all == self.words_before_token.all + 1);
        self.marked_token = false;
        self.words_before_token = self.words;
        (self.word, self.token) = (self.codes.count, self.codes.count);
    }
}

fn is_han(code: u32) -> bool {
    matches!(code, 0x3400..0xA000 | 0x2_0000..)
}

/// True where a character and what follows it is a sign that programs are full of and text is not: an operator of two
/// characters, a name with an underscore, what is called with arguments.
fn is_code(c: char, rest: &str, behind_word: bool) -> bool {
    let next = rest.bytes().next().unwrap_or(b' ');
    match (c, next) {
        ('=' | '!' | '<' | '>' | '+' | '-' | '*', b'=')
        | ('&', b'&')
        | ('|', b'|')
        | ('-' | '=', b'>')
        | (':', b':') => true,
        ('_', _) => next == b'_' || next.is_ascii_alphabetic(),
        // `byl(a)` is a word with two endings, `here[1]` one with a note.
        ('(' | '[', _) if behind_word => {
            let inner = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
            let closes = matches!(rest.as_bytes().get(inner), Some(b')' | b']'));
            if inner == 0 { c == '(' } else { inner > ENDING || !closes }
        }
        _ => false,
    }
}

/// Goes past the end of a tag, when one begins here.
fn skip_tag(rest: &mut Chars<'_>) -> bool {
    let text = rest.as_str();
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
    let Some(end) = text.bytes().take(256).position(|b| b == b'>').filter(|_| begins) else { return false };
    *rest = text[end + 1..].chars();
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, script: Script) -> String {
        let mut letters = Letters::default();
        letters.clear();
        letters.read(text, script, 1000);
        letters.codes().iter().map(|c| if *c == BOUNDARY { '|' } else { char::from_u32(*c).unwrap() }).collect()
    }

    #[test]
    fn only_words_count() {
        for (text, want) in [
            ("", "|"),
            ("Hello, World!", "|hello|world|"),
            ("I don’t 'know'", "|i|don't|know|"),
            ("see https://example.org/a/page?x=y now", "|see|now|"),
            ("mail me@example.org or www.example.org, please", "|mail|or|please|"),
            ("COVID-19 in 2020, 5kg of x86 code_names", "|covid|in|of|"),
            ("<b>bold</b> <a href=\"x y\">text</a>", "|bold|text|"),
            ("a < b", "|a|b|"),
            ("Привет world", "|world|"),
            ("e\u{301}te\u{301}", "|été|"),
            ("soft\u{AD}hyphen", "|softhyphen|"),
            ("R&D", "|"),
        ] {
            assert_eq!(shown(text, Script::LATN), want, "{text}");
        }
        assert_eq!(shown("Привет, world 2-й", Script::CYRL), "|привет|й|");
        assert_eq!(shown("東京タワーは333mです", Script::JPAN), "|東京タワ|は|です|");
        assert_eq!(shown("ΟΔΟΣ", Script::GREK), "|οδοσ|");
        assert_eq!(shown("हिन्दी १२", Script::from_code("Deva").unwrap()), "|हिन्दी|");
    }

    #[test]
    fn abbreviations_are_no_language() {
        for (text, want) in [
            ("kg cm mm ml km dm cl hl", true),
            ("kg cm mm ml km dm cl", false),
            ("If it is so, we do it as he is to go by six.", false),
            ("км см мм мл кг га дм мг", true),
        ] {
            let mut letters = Letters::default();
            letters.clear();
            letters.read(text, crate::script::main_script(text), 1000);
            assert_eq!(letters.are_no_language(), want, "{text}");
        }
    }

    #[test]
    fn a_formula_in_a_sentence_is_language() {
        for (text, want) in [
            ("The matrix A = [[1, 2], [3, 4]] has determinant -2.", false),
            ("Avec n = 10, on obtient S = n(n+1)/2 = 55.", false),
            ("Pokud a > b, pak f(a) ≥ f(b).", false),
            ("Ha x > 5 és (a * b) = [c], akkor y = $3", false),
            ("Для всех x > 0 верно f(x) = g(x) * h(x).", false),
            ("Ну вот, так я и знала, опять не пришёл))))))", false),
            ("for i in range(10): print(i)", true),
            ("int main(void) { return 0; }", true),
            ("public static void main(String[] args) {", true),
            ("[[1, 2], [3, 4]] = x(y)", true),
            ("== Title of a page ==", false),
            ("Možná už byl(a) smazán(a) někým jiným [2], *viz* výše.", false),
            ("if year is None and month == 2 and day == 29:", true),
            ("return self.__class__(item for item in other if item in self)", true),
            ("if abs(size) < 100 and unit != 'B':", true),
            ("while size < 0 or len(res) < size:", true),
            ("endtime = _time() + timeout", true),
            ("bool operator()(const _Tp& __x, const _Tp& __y) const", true),
            ("SELECT name FROM boats WHERE (id > 42);", true),
            ("a.red > b { color: #c00; }", true),
        ] {
            let mut letters = Letters::default();
            letters.clear();
            letters.read(text, crate::script::main_script(text), 1000);
            assert_eq!(letters.are_no_language(), want, "{text}");
        }
    }

    #[test]
    fn names_in_another_script_are_no_noise() {
        let mut letters = Letters::default();
        letters.clear();
        letters.read("在 Microsoft Azure Kubernetes Service 上部署 Apache Kafka Streams 应用", Script::HANI, 1000);
        assert!(!letters.are_no_language());
    }

    #[test]
    fn names_are_counted() {
        let names = |text: &str, script: &str| {
            let mut letters = Letters::default();
            letters.clear();
            letters.read(text, Script::from_code(script).unwrap(), 1000);
            letters.names()
        };
        for (text, script, want) in [
            ("Ada Berg, Olu Adeyemi", "Latn", 4),
            ("Berg A., Adeyemi O. T.", "Latn", 5),
            ("A B C D E", "Latn", 0),
            ("E\u{301}mile O'Neill Łukasz", "Latn", 3),
            ("Ada van der Berg", "Latn", 0),
            ("Ada, Olu, Ilse, Jun and Per", "Latn", 5),
            ("Only one Name in here", "Latn", 0),
            ("Ada Berg", "Latn", 0),
            ("THE NEWS AT TEN", "Latn", 0),
            ("Ada Berg www.example.org/some/page Olu", "Latn", 3),
            ("Ада Берг Олу", "Cyrl", 3),
            ("אדה ברג אולו", "Hebr", 0),
            ("伊藤、山本、小林", "Jpan", 3),
            ("伊藤さん、山本さん、小林さん", "Jpan", 0),
            ("今天下雨，我们不去公园了。", "Hans", 0),
        ] {
            assert_eq!(names(text, script), want, "{text}");
        }
    }

    #[test]
    fn any_form_has_the_same_letters() {
        let awkward: Vec<char> = "aeoé\u{301}\u{323}\u{327}\u{345}\u{315}İǅΩ\u{3B1}\u{1F71}в\u{306}йا\u{653}آא\u{5B7}\u{FB2E}क\u{93C}\u{958}\
            \u{94D}ক\u{9C7}\u{9BE}\u{9CB}த\u{BC6}\u{BBE}\u{1100}\u{1161}\u{11A8}한가\u{11A9}か\u{3099}がハ\u{309A}\u{F900}漢\u{2126}\u{212B} .\u{1D15E}\u{110BA}"
            .chars()
            .collect();
        let mut random = 1u64;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..1 + random % 7 {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text.push(awkward[(random >> 33) as usize % awkward.len()]);
            }
            for script in ["Latn", "Grek", "Cyrl", "Arab", "Hebr", "Deva", "Beng", "Taml", "Kore", "Jpan"] {
                let script = Script::from_code(script).unwrap();
                assert_eq!(shown(&text, script), shown(&NFC.normalize(&text), script), "{}", text.escape_unicode());
            }
        }
    }

    #[test]
    fn long_texts_are_cut() {
        let mut letters = Letters::default();
        letters.clear();
        letters.read(&"word ".repeat(1000), Script::LATN, 100);
        assert!((100..130).contains(&letters.codes().len()));
        letters.clear();
        letters.read(&"語".repeat(1000), Script::HANI, 100);
        assert_eq!(letters.codes().len(), 127);
    }
}
