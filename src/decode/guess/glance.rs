//! A first look at all encodings of one byte a character at once: what the model says of each byte and the kind of its
//! neighbours, from a table with a column for each candidate. Only what is not far behind is read with longer n-grams.

use std::sync::{LazyLock, OnceLock};

use super::candidates::{Candidate, Form, Members, Table, candidates};
use super::chars::{EDGE, Packed, packed};
use super::features::{End, class_pair, n_gram};
use super::model::{STEPS, weight};
use super::readings::{BORNE, MALFORMED};
use crate::decode::Encoding;

/// A column for each candidate.
const COLUMNS: usize = 96;
type Row = [i16; COLUMNS];

/// Places that are looked at.
const LOOKED: usize = 48;
/// Steps by which a candidate may be worse than the best: for a start, for each place that was looked at, and at most. What is wrong
/// about the kinds of neighbours adds up, above all where one letter comes again and again.
const MARGIN: i16 = 12 * STEPS as i16;
const MARGIN_EACH: i16 = 3 * STEPS as i16 / 4;
const MARGIN_MOST: i16 = 26 * STEPS as i16;

/// Kinds of neighbours: white space, lower case, upper case, other ASCII, and what tells itself.
const KINDS: usize = 5;
const TELLS: usize = KINDS - 1;

/// For each kind before and then for each kind after: for each byte what it says for the candidates. Made where it is asked for.
static ROWS: [[OnceLock<Row>; 256]; 2 * KINDS] = [const { [const { OnceLock::new() }; 256] }; 2 * KINDS];

/// The row of a byte and a kind of neighbours.
#[inline]
fn row(kind: usize, byte: u8) -> &'static Row {
    ROWS[kind][usize::from(byte)].get_or_init(|| {
        let mut row = [0; COLUMNS];
        for (said, candidate) in row.iter_mut().zip(candidates()) {
            if let Form::Single(table) = &candidate.form {
                *said = says(table, byte.into(), kind % KINDS, kind >= KINDS);
            }
        }
        row
    })
}

/// The candidates that are looked at.
static SINGLE: LazyLock<Vec<usize>> = LazyLock::new(|| {
    (0..candidates().len().min(COLUMNS)).filter(|i| matches!(candidates()[*i].form, Form::Single(_))).collect()
});

/// What a byte beside a neighbour says for a table, in steps of a bit.
fn says(table: &Table, byte: usize, kind: usize, after: bool) -> i16 {
    if table.undefined[byte / 64] >> (byte % 64) & 1 == 1 {
        return (-MALFORMED / 2.0 * STEPS as f32) as i16;
    }
    let this = table.packed[byte];
    let other = neighbour(kind, this);
    let (first, second) = if after { (this, other) } else { (other, this) };
    let pair = weight(class_pair(first, second));
    // Of a letter that is not known nothing is said; white space is known.
    let letters = if kind == 0 { weight(n_gram(&[second, first])) } else { 0 };
    // A byte counts once, with what is before it.
    let own = if after { 0 } else { weight(n_gram(&[this])) };
    (pair + letters + own) as i16
}

/// A character of that kind; of those that tell a letter of the same script.
fn neighbour(kind: usize, this: Packed) -> Packed {
    match kind {
        0 => EDGE,
        1 => packed('e'),
        2 => packed('E'),
        TELLS => this,
        _ => packed('.'),
    }
}

fn kind(byte: Option<&u8>) -> usize {
    match byte {
        None | Some(b' ' | b'\t' | b'\n' | b'\r') => 0,
        Some(b'a'..=b'z') => 1,
        Some(b'A'..=b'Z') => 2,
        Some(0x80..) => TELLS,
        Some(_) => 3,
    }
}

/// The candidates that are worth reading: those of one byte that are not far behind, and all others.
pub(super) fn worth_reading(window: &[u8], ends: &[End]) -> Members {
    let mut sums: Row = [0; COLUMNS];
    let mut margin = MARGIN;
    for at in ends.iter().filter_map(End::tells).take(LOOKED) {
        margin += MARGIN_EACH;
        add(&mut sums, window, at);
    }
    let best = SINGLE.iter().map(|i| sums[*i]).max().unwrap_or(0);
    let behind = |i: &&usize| sums[**i] < best.saturating_sub(margin.min(MARGIN_MOST));
    SINGLE.iter().filter(behind).fold(Members::MAX, |members, i| members & !(1 << i))
}

/// What bytes look like at first sight, in bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight {
    /// The best candidate of one byte a character that reads them otherwise than the own one does; infinite where the bytes are
    /// in pairs such as characters of several bytes are made of.
    pub(crate) best: f32,
    /// The encoding that was asked for, if it is one of them.
    pub(crate) own: Option<f32>,
}

/// Looks at bytes as `own` and as all others.
pub(super) fn sight(raw: &[u8], own: Encoding) -> Sight {
    let high = raw.iter().filter(|b| **b >= 0x80).count();
    let first = raw.iter().position(|b| *b >= 0x80).unwrap_or(0);
    let mut sums: Row = [0; COLUMNS];
    for at in (first..raw.len()).filter(|i| raw[*i] >= 0x80).take(LOOKED) {
        add(&mut sums, raw, at);
    }
    let own = SINGLE.iter().find(|i| candidates()[**i].encoding == own).map(|i| sums[*i]);
    let bits = |sum: i16| f32::from(sum) / STEPS as f32;
    let others = SINGLE.iter().filter(|i| Some(sums[**i]) != own).map(|i| bits(sums[*i]) - candidates()[*i].unusual);
    let pairs = |candidate: &Candidate| match &candidate.form {
        Form::Multi(structure) => structure.usual(&raw[first..], high / BORNE).is_some_and(|usual| usual * 2 > high),
        _ => false,
    };
    let best = if candidates().iter().any(pairs) { f32::INFINITY } else { others.fold(f32::NEG_INFINITY, f32::max) };
    Sight { best, own: own.map(bits) }
}

/// Adds what the byte at a place says.
fn add(sums: &mut Row, raw: &[u8], at: usize) {
    let before = kind(at.checked_sub(1).and_then(|i| raw.get(i)));
    let after = KINDS + kind(raw.get(at + 1));
    for row in [row(before, raw[at]), row(after, raw[at])] {
        // By number, which the compiler makes vector code of.
        for column in 0..COLUMNS {
            sums[column] = sums[column].saturating_add(row[column]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::features::ends;
    use super::super::readings::tells;
    use super::*;

    fn worth(raw: &[u8]) -> Vec<&'static str> {
        let mut places = Vec::new();
        ends(raw.len(), |i| tells(raw[i]), &mut places);
        let members = worth_reading(raw, &places);
        SINGLE.iter().filter(|i| members >> **i & 1 == 1).map(|i| candidates()[*i].encoding.name()).collect()
    }

    #[test]
    fn few_are_left_and_the_right_one_is_among_them() {
        let french = "Les élèves français étaient déjà arrivés à l'école où la fête était préparée";
        let russian = "Вечером на набережной снова зажгли старые фонари, и люди вышли гулять.";
        for (text, labels, most) in [
            (french, "windows-1252 ibm850 macintosh", SINGLE.len() * 2 / 3),
            (russian, "windows-1251 koi8-r iso-8859-5 ibm866 x-mac-cyrillic", 12),
            ("Η γάτα κοιμάται στο παλιό σπίτι", "windows-1253 cp737", 12),
        ] {
            for label in labels.split(' ') {
                let left = worth(&Encoding::for_label(label).unwrap().encode(text).unwrap());
                assert!(left.contains(&label) && left.len() <= most, "{label}: {left:?}");
            }
        }
    }

    #[test]
    fn a_sight_compares() {
        let russian =
            Encoding::for_label("windows-1251").unwrap().encode("Вечером на набережной зажгли фонари").unwrap();
        let own = |label| sight(&russian, Encoding::for_label(label).unwrap());
        assert!(own("windows-1252").best > own("windows-1252").own.unwrap() + 10.0);
        assert!(own("windows-1251").best < own("windows-1251").own.unwrap());
        assert_eq!(own("iso-8859-9-strict").own, None, "is no candidate");
        let japanese =
            Encoding::for_label("shift_jis").unwrap().encode("夕方になると川沿いの古い灯りがともる").unwrap();
        assert_eq!(sight(&japanese, Encoding::WINDOWS_1252).best, f32::INFINITY);
    }

    #[test]
    fn all_are_left_where_nothing_tells() {
        assert_eq!(worth(b"plain").len(), SINGLE.len());
    }
}
