//! The national sets of 94 by 94 characters that several encodings arrange differently.
//!
//! Read from what `encoding_rs` has at first use; CNS 11643 by way of Big5.

use std::sync::OnceLock;

use super::{Token, cns, unit_of_each_line};

const SIDE: usize = 94;
/// Single shift two, as one byte.
pub(super) const SS2: u8 = 0x8E;

/// A set. Rows and cells are bytes from 0x21 to 0x7E.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    Jis0208,
    Jis0212,
    Ksx1001,
    Gb2312,
    Cns1,
    Cns2,
    Cns3,
}

struct Plane {
    units: Vec<u16>,
    /// Cells by character.
    cells: Vec<(u16, u16)>,
}

static PLANES: [OnceLock<Plane>; 7] = [const { OnceLock::new() }; 7];

impl Set {
    pub(super) fn decode(self, row: u8, cell: u8) -> Option<char> {
        let index = |byte: u8| usize::from(byte).checked_sub(0x21).filter(|i| *i < SIDE);
        let unit = self.plane().units[index(row)? * SIDE + index(cell)?];
        char::from_u32(unit.into()).filter(|_| unit != 0)
    }

    /// The same with the high bits set, as in EUC.
    pub(super) fn decode_high(self, row: u8, cell: u8) -> Option<char> {
        (row >= 0x80 && cell >= 0x80).then(|| self.decode(row & 0x7F, cell & 0x7F)).flatten()
    }

    pub(super) fn encode(self, c: char) -> Option<[u8; 2]> {
        let unit = u16::try_from(u32::from(c)).ok()?;
        let cells = &self.plane().cells;
        let cell = usize::from(cells[cells.binary_search_by_key(&unit, |(unit, _)| *unit).ok()?].1);
        Some([0x21 + (cell / SIDE) as u8, 0x21 + (cell % SIDE) as u8])
    }

    fn plane(self) -> &'static Plane {
        PLANES[self as usize].get_or_init(|| {
            let units = self.units();
            let mut cells: Vec<(u16, u16)> = units.iter().copied().zip(0..).filter(|(unit, _)| *unit != 0).collect();
            cells.sort_unstable();
            cells.dedup_by_key(|(unit, _)| *unit);
            Plane { units, cells }
        })
    }

    /// All cells, 0 where there is no character.
    fn units(self) -> Vec<u16> {
        let (encoding, prefix): (_, &[u8]) = match self {
            Self::Jis0208 => (encoding_rs::EUC_JP, &[]),
            Self::Jis0212 => (encoding_rs::EUC_JP, &[0x8F]),
            Self::Ksx1001 => (encoding_rs::EUC_KR, &[]),
            Self::Gb2312 => (encoding_rs::GBK, &[]),
            Self::Cns1 => return from_runs(cns::CNS_1_BIG5, cns::CNS_1_UNICODE),
            Self::Cns2 => return from_runs(cns::CNS_2_BIG5, cns::CNS_2_UNICODE),
            Self::Cns3 => return from_text(cns::CNS_3),
        };
        let pairs = (0..SIDE * SIDE).map(|at| [0xA1 + (at / SIDE) as u8, 0xA1 + (at % SIDE) as u8]);
        units_of(encoding, prefix, pairs)
    }
}

/// The unit that each pair of bytes means behind a prefix, 0 for none; private use counts as nothing.
fn units_of(encoding: &'static encoding_rs::Encoding, prefix: &[u8], pairs: impl Iterator<Item = [u8; 2]>) -> Vec<u16> {
    let mut lines = Vec::new();
    for pair in pairs {
        lines.extend_from_slice(prefix);
        lines.extend_from_slice(&pair);
        lines.push(b'\n');
    }
    let units = unit_of_each_line(encoding, &lines).into_iter();
    units.map(|unit| unit.filter(|unit| !(0xE000..=0xF8FF).contains(unit)).unwrap_or(0)).collect()
}

fn from_runs(big5: &[(u16, u16, u16)], unicode: &[(u16, u16, u16)]) -> Vec<u16> {
    let mut units = vec![0; SIDE * SIDE];
    let pair = |pointer: u16| {
        let (lead, trail) = (pointer / 157, pointer % 157);
        [0x81 + lead as u8, trail as u8 + if trail < 63 { 0x40 } else { 0x62 }]
    };
    let runs = |of: fn(&(u16, u16, u16)) -> u16| big5.iter().flat_map(move |run| of(run)..of(run) + run.2);
    let read = units_of(encoding_rs::BIG5, &[], runs(|run| run.1).map(pair));
    runs(|run| run.0).zip(read).for_each(|(cell, unit)| units[usize::from(cell)] = unit);
    for &(cell, first, length) in unicode {
        for at in 0..length {
            units[usize::from(cell + at)] = first + at;
        }
    }
    units
}

fn from_text(text: &str) -> Vec<u16> {
    let units = text.encode_utf16().map(|unit| if unit == 0xFFFF { 0 } else { unit });
    units.chain(std::iter::repeat(0)).take(SIDE * SIDE).collect()
}

/// A character of EUC-TW behind single shift two: a plane and a pair. Planes 1 to 3 have characters here; 4 to 16, rare
/// characters of names, are well-formed and unknown.
pub(super) fn euc_tw_shifted(rest: &[u8]) -> (Token, usize) {
    let high = rest.iter().skip(1).take(3).take_while(|b| **b >= 0xA1).count();
    let (&[_, plane, row, cell, ..], 3) = (rest, high) else { return (Token::Malformed, 1 + high) };
    let c = match plane {
        0xA1 => Set::Cns1.decode_high(row, cell),
        0xA2 => Set::Cns2.decode_high(row, cell),
        0xA3 => Set::Cns3.decode_high(row, cell),
        _ => None,
    };
    (Token::of(c), 4)
}

pub(super) fn encode_euc_tw(c: char, out: &mut Vec<u8>) -> Option<()> {
    if let Some(pair) = Set::Cns1.encode(c) {
        out.extend(pair.map(|b| b | 0x80));
        return Some(());
    }
    let (plane, [row, cell]) = match Set::Cns2.encode(c) {
        Some(pair) => (0xA2, pair),
        None => (0xA3, Set::Cns3.encode(c)?),
    };
    out.extend([SS2, plane, row | 0x80, cell | 0x80]);
    Some(())
}
