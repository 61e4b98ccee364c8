//! Tests of [`super`].

use std::io::Write;

use memchr::memmem;

use super::super::testing::unpacked;
use super::*;

fn pack(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::new(level));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn read(packed: &[u8], threads: usize) -> (Vec<u8>, usize) {
    unpacked(packed, threads, |from, context| Reader::fed_by(Box::new(Blocks::new(from, context))))
}

fn noise(len: usize, seed: u64) -> Vec<u8> {
    let mut state = seed * 2 + 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Of few values, so that there is something to pack.
        b'a' + (state >> 59) as u8 % 16
    };
    (0..len).map(|_| next()).collect()
}

#[test]
fn blocks_and_streams() {
    let long = vec![b'x'; 40 << 20];
    let parts = [noise(650_000, 1), Vec::new(), noise(1, 2), noise(99_999, 3), long, noise(1_000_000, 4)];
    let packed: Vec<u8> = parts.iter().enumerate().flat_map(|(i, p)| pack(p, [1, 9, 5][i % 3])).collect();
    let wanted = parts.concat();
    for threads in [1, 2, 5] {
        for end in [&b""[..], &[0; 40]] {
            let (found, flaws) = read(&[&packed, end].concat(), threads);
            assert_eq!((found.len(), flaws), (wanted.len(), 0), "{threads} threads");
            assert!(found == wanted);
        }
    }
}

#[test]
fn marks_inside_a_block_are_content() {
    // Random bytes pack to themselves, about; marks are put where they stay: in a file in a file.
    let text = noise(500_000, 7);
    let packed = pack(&text, 1);
    let mut cutter = Cutter::new(Reader::new(Box::new(io::Cursor::new(packed.clone()))));
    let parts: Vec<Part> = std::iter::from_fn(|| cutter.cut()).collect();
    assert_eq!(parts.iter().filter(|p| p.kind == Kind::Block).count(), 6);
    // Cut in two at a place that is no mark, as if there were one.
    let whole = parts.into_iter().find(|p| p.kind == Kind::Block).unwrap();
    let at = whole.len / 2;
    let piece = |from: usize, len: usize| Part {
        kind: Kind::Block,
        packed: whole.packed[(whole.from + from) / 8..].to_vec(),
        from: (whole.from + from) % 8,
        len,
        end: 0,
        outcome: Outcome::Wrong,
        unpacked: Buffer::default(),
    };
    let (mut first, second) = (piece(0, at).done(), piece(at, whole.len - at).done());
    assert_eq!((first.outcome, second.outcome), (Outcome::Wrong, Outcome::Wrong));
    let both = first.joined(&second).unwrap().done();
    assert!(both.outcome == Outcome::Right && text.starts_with(&both.unpacked) && both.unpacked.len() > 90_000);
}

#[test]
fn a_damaged_block_costs_no_other() {
    let text = noise(950_000, 5);
    let mut packed = pack(&text, 1);
    let middle = packed.len() / 2;
    packed[middle] ^= 0x10;
    for threads in [1, 3] {
        let (found, flaws) = read(&packed, threads);
        let lost = text.len() - found.len();
        assert!(flaws == 1 && (90_000..=100_000).contains(&lost), "{flaws} flaws, {lost} bytes lost");
        assert!(found.starts_with(&text[..390_000]) && found.ends_with(&text[600_000..]));
    }
}

#[test]
fn cut_off_and_followed_by_what_is_none() {
    let text = noise(350_000, 6);
    let packed = pack(&text, 1);
    let (found, flaws) = read(&packed[..packed.len() - 2], 2);
    assert_eq!((found == text, flaws), (true, 1));
    let (found, flaws) = read(&packed[..packed.len() / 2], 2);
    assert!(flaws == 1 && found.len() >= 99_000 && text.starts_with(&found));
    let (found, flaws) = read(&[&packed[..], b"garbage"].concat(), 2);
    assert_eq!((found == text, flaws), (true, 1));
    let mut wrong = packed.clone();
    let last = wrong.len() - 3;
    wrong[last] ^= 0x40;
    assert_eq!((read(&wrong, 1).0 == text, read(&wrong, 1).1), (true, 1));
    let hostile: Vec<u8> = [b"BZh9".to_vec(), b"1AY&SYxx".repeat(20_000), noise(3_000_000, 8)].concat();
    let (found, flaws) = read(&hostile, 2);
    assert!(found.is_empty() && flaws > 0);
    assert!(memmem::find(&hostile, b"1AY&SY").is_some());
}
