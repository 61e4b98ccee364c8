//! Words by which it can be told that a text was in one encoding and read as another, neither of them UTF-8, which shows by
//! its structure. Text that is right has much that is no words, and there any letters look better: frames, formulas, lists of
//! letters, rows of dots. What tells are words of a language, broken all through or in their midst.

/// Letters of a word in which one letter tells, Greek ones, one sign, those of formulas.
const LETTER: usize = 2;
const GREEK: usize = 5;
const SIGN: usize = 4;
const OPERATOR: usize = 6;
/// Letters that change in a row, and signs in a row, that tell by themselves.
const LETTERS: usize = 3;
const SIGNS: usize = 4;
/// More different letters than a word has.
const MANY: usize = 20;
/// The same letter so often in a row is drawn out.
const DRAWN: usize = 3;
/// Different signs in such a row.
const DIFFERENT: usize = 3;

/// The sign of a lost character (U+FFFD in UTF-8) as windows-1252, 1250 and 1251 read it: what was there nothing tells.
const LOST: [&str; 3] = ["ï¿½", "ďż˝", "пїЅ"];

/// True when what changes in a word tells of an encoding: what stands there and what it would become.
pub(super) fn tells(before: &str, after: &str) -> bool {
    if LOST.iter().any(|lost| before.contains(lost)) {
        return false;
    }
    // Where each character becomes one, those that stay say nothing.
    let aligned = before.chars().count() == after.chars().count();
    let then = after.chars().map(Some).chain(std::iter::repeat(None));
    let places: Vec<(char, bool)> =
        before.chars().zip(then).map(|(c, then)| (c, !c.is_ascii() && (!aligned || then != Some(c)))).collect();
    places.split(|(c, _)| c.is_whitespace() || c.is_ascii() && !c.is_ascii_alphabetic()).any(part_tells)
}

/// The same of a part without digits, spaces and signs of ASCII, and of which characters change.
fn part_tells(part: &[(char, bool)]) -> bool {
    let changed =
        |run: &[(char, bool)]| run.iter().filter(|(_, changed)| *changed).map(|(c, _)| *c).collect::<Vec<_>>();
    let signs = |run: &[(char, bool)]| {
        let run = changed(run);
        run.len() >= SIGNS && different(&run) >= DIFFERENT && !is_known(&run)
    };
    // Letters that are drawn out, as in a shout, say nothing.
    let same = |pair: &[(char, bool)]| small(pair[0].0) == small(pair[1].0);
    let (mut letters, mut drawn) = (Vec::new(), false);
    for run in part.chunk_by(|a, b| same(&[*a, *b])) {
        let own = run.iter().filter(|(c, changed)| *changed && is_letter(*c)).map(|(c, _)| *c);
        if run.len() < DRAWN { letters.extend(own) } else { drawn |= own.count() > 0 }
    }
    if is_name(part) || is_shout(part) && different(&letters) < LETTERS {
        return false;
    }
    if drawn || letters.len() >= LETTERS {
        return letters.len() >= LETTERS && !is_known(&letters);
    }
    // A word with soft hyphens looks better without them, whatever they become.
    part.split(|(_, changed)| !changed).any(signs) || !part.contains(&('\u{AD}', true)) && one_tells(part)
}

/// A capital that changes before small letters that do not: the model has seen few of the names that there are.
fn is_name(part: &[(char, bool)]) -> bool {
    let Some(((first, changed), rest)) = part.split_first() else { return false };
    *changed && first.is_uppercase() && rest.iter().all(|(c, changed)| !changed && !c.is_uppercase())
}

/// Capitals alone: the model has seen few of these, too.
fn is_shout(part: &[(char, bool)]) -> bool {
    part.iter().all(|(c, _)| c.is_uppercase())
}

/// True when one letter that changes stands in a word, or one sign in its midst.
fn one_tells(part: &[(char, bool)]) -> bool {
    let letter = |at: usize| part.get(at).map(|(c, _)| *c).filter(|c| is_letter(*c));
    let letters = (0..part.len()).filter_map(letter).count();
    // Signs that change together are passed over.
    let sign = |at: &usize| part[*at].1 && letter(*at).is_none();
    (0..part.len()).filter(|at| part[*at].1).any(|at| {
        let before = (0..at).rev().find(|at| !sign(at)).and_then(letter);
        let around = before.zip((at + 1..part.len()).find(|at| !sign(at)).and_then(letter));
        let foreign = |c: char| !c.is_ascii() && !is_greek(c);
        match part[at].0 {
            c if is_letter(c) => !is_kana(&[c]) && letters >= if is_greek(c) { GREEK } else { LETTER },
            c @ '\u{80}'..='\u{9F}' => letters >= LETTER && !is_punctuation(c),
            c if joins(c) => false,
            c if is_operator(c) => around.is_some_and(|(a, b)| foreign(a) && foreign(b) || letters >= OPERATOR),
            _ => around.is_some() && letters >= SIGN,
        }
    })
}

fn is_greek(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3FF}')
}

/// Signs that stand between the letters of words, and the lines of frames.
fn joins(c: char) -> bool {
    matches!(c, '־' | '‐'..='―' | '’' | '─'..='╿')
}

/// Signs that stand between the letters of formulas, and on them.
fn is_operator(c: char) -> bool {
    matches!(c, '°' | '±' | '²' | '³' | 'µ' | '·' | '¹' | '¼'..='¾' | '×' | '÷' | 'ⁿ' | '\u{2200}'..='\u{22FF}')
}

/// Controls that are the quotes, dashes, dots and signs of Windows, which have a repair of their own.
fn is_punctuation(c: char) -> bool {
    matches!(c, '\u{80}' | '\u{82}' | '\u{84}' | '\u{85}' | '\u{91}'..='\u{97}' | '\u{99}')
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !matches!(c, 'ª' | 'µ' | 'º' | 'ⁿ')
}

fn small(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

fn different(run: &[char]) -> usize {
    let mut run = run.to_vec();
    run.sort_unstable();
    run.dedup();
    run.len()
}

/// What right text has that is no words.
fn is_known(run: &[char]) -> bool {
    is_list(run) || is_frame(run) || is_kana(run)
}

/// Letters of an alphabet, each once: three in four come after the one before them, or they are more than words have.
fn is_list(run: &[char]) -> bool {
    let mut sorted = run.to_vec();
    sorted.sort_unstable();
    let up = run.windows(2).filter(|pair| pair[0] < pair[1]).count();
    sorted.windows(2).all(|pair| pair[0] != pair[1]) && (4 * up + 1 >= 3 * (run.len() - 1) || run.len() > MANY)
}

/// Signs of frames whose lines go on to the left, and to the right, of those that DOS had.
const LEFT: &str = "─┐┘┤┬┴┼═╕╖╗╛╜╝╡╢╣╤╥╦╧╨╩╪╫╬";
const RIGHT: &str = "─┌└├┬┴┼═╒╓╔╘╙╚╞╟╠╤╥╦╧╨╩╪╫╬";

/// Lines of a frame that go on in each other or are longer than one sign, or bars.
fn is_frame(run: &[char]) -> bool {
    let mut pairs = run.windows(2);
    run.iter().all(|c| matches!(c, '─'..='╬'))
        && (pairs.clone().all(|pair| RIGHT.contains(pair[0]) == LEFT.contains(pair[1]))
            || pairs.any(|pair| matches!(pair, ['─', '─'] | ['═', '═'])))
        || run.iter().all(|c| matches!(c, '▀'..='▟' | '■'))
}

/// Kana, those of half width as Japanese has them: voiced marks, small letters and length marks only behind what takes them.
fn is_kana(run: &[char]) -> bool {
    let follows = |before: Option<char>, c: char| match c {
        '｡'..='･' | 'ｱ'..='ﾜ' | 'ｦ' | '\u{3041}'..='\u{30FF}' => true,
        'ﾞ' => matches!(before, Some('ｳ' | 'ｶ'..='ﾄ' | 'ﾊ'..='ﾎ')),
        'ﾟ' => matches!(before, Some('ﾊ'..='ﾎ')),
        'ｬ'..='ｮ' => matches!(before, Some('ｷ' | 'ｼ' | 'ﾁ' | 'ﾆ' | 'ﾋ' | 'ﾐ' | 'ﾘ' | 'ﾃ' | 'ﾞ' | 'ﾟ')),
        'ｧ'..='ｫ' | 'ｯ' | 'ｰ' | 'ﾝ' => matches!(before, Some('ｧ'..='ﾟ')),
        _ => false,
    };
    run.iter().enumerate().all(|(at, c)| follows(at.checked_sub(1).map(|i| run[i]), *c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tell() {
        for (before, after) in [
            ("Ïðèâåò,", "Привет,"),
            ("оПХБЕР", "Привет"),
            ("┴┬╫╟─┼", "абчгде"),
            ("rŽpublique", "république"),
            ("coraz¢n", "corazón"),
            ("ksi¹¿ka", "książka"),
            ("¤³¤ì¤Ï", "これは"),
            ("ÄãºÃ", "你好"),
            ("ｧﾒｹｷ", "งานท"),
        ] {
            assert!(tells(before, after), "{before}");
        }
    }

    #[test]
    fn what_is_no_words_does_not() {
        for (before, after) in [
            ("├──", "ГДД"),
            ("┌──────┬──┐", "ВААААААИААГ"),
            ("╔══╦═╗", "ЙННКНН"),
            ("████░░", "ЫЫЫЫАА"),
            ("········", "תתתתתתתת"),
            ("πr²", "Þrý"),
            ("(4/3)πr³,", "(4/3)Þrü,"),
            ("sin²θ", "sinēč"),
            ("3µm", "3æm"),
            ("wait\u{85}", "waità"),
            ("it\u{92}s", "itÆs"),
            ("àèéìòù", "ЮХИЛРЫ"),
            ("[a-zA-ZáéíóúÁÉÍÓÚñÑ", "[a-zA-ZАИМСЗаимсзЯя"),
            ("Ààààà", "Ааааа"),
            ("ﾃﾞｰﾀ｡｢ｶﾅ｣", "羸鏽獉嚏"),
            ("ﾔﾏﾀﾞ", "شدہق"),
            ("בגללך׃", "בגללך”"),
            ("Åberg", "überg"),
            ("Щукин", "ҷукин"),
            ("Źrebiec,", "Årebiec,"),
            ("DİPSİZ", "DÝPSÝZ"),
        ] {
            assert!(!tells(before, after), "{before}");
        }
    }
}
