//! What the characters look like side by side that a sequence of UTF-8 was read as. Most words of any language may hold a
//! letter before a quotation mark or a dot; hardly any text holds `â‚¬`, whatever stands around it.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::repair::Signs;

/// How many sequences in a row, read wrongly, are such as right text does not have: `before` is what stands before them, `read`
/// what their bytes were read as, `was` what they are.
pub(super) fn count_proofs(before: Option<char>, read: &[char], was: &str) -> u32 {
    let (mut at, mut count, mut rare) = (0usize, 0, false);
    for c in was.chars() {
        let last = at.checked_sub(1).map_or(before, |last| Some(read[last]));
        count += u32::from(is_proof(last, &read[at..at + c.len_utf8()], c));
        rare |= is_rare(c);
        at += c.len_utf8();
    }
    // Several that are all that stands together, and not of letters alone.
    let several = was.chars().nth(1).is_some() && read.iter().any(|c| !c.is_alphabetic());
    count + u32::from(several && !rare)
}

/// The same of one.
fn is_proof(before: Option<char>, read: &[char], was: char) -> bool {
    let Some((&lead, rest)) = read.split_first() else { return false };
    match rest.len() {
        1 => stands_alone(was) && is_odd(before, lead, rest[0]) && !are_in_frame(before, lead, rest[0]),
        2 => is_sign(was) && !rest.iter().all(|c| closes(*c)) && !rest.iter().all(|c| is_letter(*c)),
        _ => !rest.iter().all(|c| is_letter(*c)),
    }
}

/// What a text has that may hold such a sign: `â` is one of the letters of Vietnamese.
pub(super) const LEAD_SIGN: Signs = Signs::VIETNAMESE;

/// True when a sign of UTF-8 that was read as windows-1252 may stand in a text: most signs begin with `â` and what is no letter.
pub(super) fn may_hold_sign(text: &str) -> bool {
    static LEAD: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("â"));
    let mut rest = text;
    while let Some(at) = LEAD.find(rest.as_bytes()) {
        rest = &rest[at + 'â'.len_utf8()..];
        let next = rest.chars().next();
        if next.is_some_and(|c| !is_mark(c) && (!c.is_ascii() && !is_letter(c) || matches!(c, 'œ' | 'Œ'))) {
            return true;
        }
    }
    false
}

/// The same of what is left of a sequence that has lost a byte: signs behind its first letter, or that letter alone, a capital
/// behind a small one.
pub(super) fn rest_is_proof(before: Option<char>, read: &[char]) -> bool {
    match read {
        [lead] => {
            matches!(lead, 'Â' | 'Ã' | 'Ä' | 'Å' | 'Î' | 'Ï' | 'Ă' | 'Ĺ') && before.is_some_and(char::is_lowercase)
        }
        [_, rest @ ..] => rest.iter().any(|c| !c.is_alphabetic() && !is_mark(*c)),
        [] => false,
    }
}

/// Controls, of what was read wrongly twice, the signs beside the Latin letters, and the letters of Latin and Greek: what stands
/// alone in text of ASCII.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{17F}' | '\u{218}'..='\u{21B}' | '\u{386}'..='\u{3CE}')
}

/// Signs that do not stand behind a letter. Capitals before signs are initials, units and shouts.
fn is_odd(before: Option<char>, lead: char, c: char) -> bool {
    let [capital, small] = [char::is_uppercase, char::is_lowercase].map(|is| before.is_some_and(is));
    let is_lead =
        matches!(lead, 'Â' | 'Ã' | 'Ä' | 'Å' | 'Î' | 'Ï' | 'Ă' | 'Ĺ' | 'Ć' | 'Ę' | 'Ŗ' | '¬' | '√' | '┬' | '├' | '─');
    match c {
        _ if !is_lead => false,
        '\u{A0}' => small || lead == 'Â' && !capital,
        '±' | '²' | '³' | '¹' | '·' if lead == 'Å' => false,
        '®' | '©' if small && lead == 'Â' => true,
        '®' | '©' | '«' | '»' | '¡' | '¿' => {
            lead == 'Â' && before.is_none_or(|c| c.is_ascii() && !c.is_ascii_alphabetic())
        }
        '™' => false,
        // Faces and formulas.
        '´' | '¨' | '`' if !lead.is_alphabetic() => false,
        '£' | '¨' | '¸' | 'ª' | 'º' if lead == 'Ã' => true,
        '£' | '´' | '¨' | '¯' | '¸' | 'ª' | 'º' => !capital,
        'µ' => lead == 'Â',
        _ => !is_letter(c) && !is_mark(c),
    }
}

/// Arrows and signs of formulas that hardly any text has.
fn is_rare(c: char) -> bool {
    matches!(c, '\u{27C0}'..='\u{2AFF}' | '\u{E000}'..='\u{F8FF}')
}

/// Letters but for the accents that have a code of their own.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() && !matches!(c, 'ˆ' | '˜')
}

/// Marks that close a quotation, and dots and dashes: two of them may follow a word.
fn closes(c: char) -> bool {
    is_mark(c) && !matches!(c, '„' | '‚')
}

/// Marks that stand beside words.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '«' | '»' | '‹' | '›' | '‘'..='„' | '–' | '—' | '…')
}

/// Lines of a frame that go on.
fn are_in_frame(before: Option<char>, lead: char, c: char) -> bool {
    let is_line = |c| matches!(c, '─'..='╬');
    is_line(lead) && (is_line(c) || before.is_some_and(|c| !c.is_ascii()))
}

/// Quotes, dashes, arrows, formulas, stars and the marks of Chinese and Japanese.
fn is_sign(c: char) -> bool {
    matches!(c,
        '\u{2002}'..='\u{206F}' | '\u{20A0}'..='\u{20C0}' | '\u{2100}'..='\u{22FF}' | '\u{2318}' | '\u{231A}'..='\u{231B}'
        | '\u{2322}'..='\u{2323}' | '\u{23E9}'..='\u{23FA}' | '\u{2460}'..='\u{27BF}' | '\u{2B05}'..='\u{2B07}'
        | '\u{2B1B}'..='\u{2B1C}' | '\u{2B50}' | '\u{3000}'..='\u{3003}' | '\u{3008}'..='\u{301F}' | '\u{FE0F}' | '\u{FEFF}'
        | '\u{FF01}'..='\u{FF0F}' | '\u{FF1A}'..='\u{FF20}' | '\u{FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, was: char) -> bool {
        let chars: Vec<char> = text.chars().collect();
        let at = chars.iter().position(|c| !c.is_ascii()).unwrap();
        let len = chars[at..].iter().take_while(|c| !c.is_ascii()).count();
        is_proof(at.checked_sub(1).map(|at| chars[at]), &chars[at..at + len], was)
    }

    #[test]
    fn no_text_has_them() {
        for (text, was) in [
            ("about â‚¬ and", '€'),
            ("it was â‰¥ two", '≥'),
            ("musicâ™«", '♫'),
            ("yes âœ” no", '✔'),
            ("â\u{80}\u{9c}so", '“'),
            ("ï¼Œ", '，'),
            ("ðŸ˜€", '😀'),
            ("20Â°C", '°'),
            ("for Â£5", '£'),
            ("Â© 2020", '©'),
            ("âˆž", '∞'),
            ("â„–", '№'),
            ("2 Âµg", 'µ'),
            ("SÃ£o", 'ã'),
            ("10Î¼s", 'μ'),
            ("IL2RÎ³cKO", 'γ'),
            ("saidÂ\u{A0}", '\u{A0}'),
            ("Ä°stanbul", 'İ'),
            ("‚Ä¶", '…'),
            ("Γé¼", '€'),
        ] {
            assert!(told(text, was), "{text}");
        }
    }

    #[test]
    fn some_text_has_them() {
        for (text, was) in [
            ("Brontë…”", '\u{b514}'),
            ("viață â…”", '⅔'),
            ("NESTLÉ®", 'ɮ'),
            ("SÓ…", 'Ӆ'),
            ("AHÅ™", 'ř'),
            ("10 Å±", 'ű'),
            ("É¿", 'ɿ'),
            ("`¬´", '«'),
            ("«Â»", '»'),
            ("SELKÄ\u{A0}", 'Ġ'),
            ("MÄ£", 'ģ'),
            ("5×£35", 'ף'),
            ("220В±5", '±'),
            ("─┬┐", '¿'),
        ] {
            assert!(!told(text, was), "{text}");
        }
    }
}
