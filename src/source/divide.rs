//! Where a large file is divided: what stands before a place of the file, unpacked.
//!
//! Shards divide a file by its bytes on disk and read it by its bytes unpacked. What one shard takes the next leaves, so both need
//! the same number, and it must not fall when the place moves on; but it need not be exact, since it only says how fair the
//! division is. It depends on the file alone.

use std::io::Cursor;

use super::inputs::raw;
use super::{Context, HEAD, Head, Input, Origin, Reader, compression, decompressed, format_of, told_before};
use crate::config::{Config, InputFormat};

/// Packed bytes at the beginning of a file that tell what the others become.
pub(super) const SAMPLE: usize = 4 << 20;

/// Bytes of the documents in the first `place` bytes of a file that is read as this format, about. `None` for what is no file, and for formats that pack what
/// is in them.
pub(super) fn bytes_before(input: &Input, place: u64, format: InputFormat) -> Option<u64> {
    if !matches!(&input.origin, Origin::File(path) if path.is_file()) {
        return None;
    }
    let context = Context::new(Config { max_ratio: 0, ..Config::default() }.into(), &input.name);
    let open = || raw(input, &context, None).ok();
    let mut reader = open()?;
    let Some(kind) = compression(&mut reader, &context.name) else {
        let row = format_of(&Head { bytes: reader.head(HEAD), name: &context.name, ..Head::default() }, format);
        return row.packed.is_empty().then_some(place);
    };
    told_before(reader, kind, place).or_else(|| {
        let mut sample = Vec::new();
        open()?.take_into(&mut sample, SAMPLE);
        let packed = sample.len().max(1) as u128;
        let mut unpacked = decompressed(Reader::new(Box::new(Cursor::new(sample))), kind, &context);
        Some((u128::from(unpacked.skip(u64::MAX)) * u128::from(place) / packed) as u64)
    })
}

#[cfg(test)]
#[cfg(feature = "compress")]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(1));
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn bzip2(text: &[u8]) -> Vec<u8> {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::new(1));
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    /// Lines that pack the better the later they stand.
    fn text(len: usize) -> Vec<u8> {
        let mut state = 7u64;
        let mut text = Vec::new();
        while text.len() < len {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let word = state >> (20 + 40 * text.len() / len);
            text.extend_from_slice(format!("{word} and so on\n").as_bytes());
        }
        text
    }

    #[test]
    fn what_is_before_a_place_grows_with_it_and_is_about_right() {
        let folder = tempfile::tempdir().unwrap();
        let text = text(6_000_000);
        let members = |pack: fn(&[u8]) -> Vec<u8>| text.chunks(50_000).flat_map(pack).collect::<Vec<u8>>();
        let zstd = |text: &[u8]| zstd::bulk::compress(text, 1).unwrap();
        let files = [
            ("a.txt", text.clone(), 0.01),
            ("members.gz", members(gzip), 0.02),
            ("one.gz", gzip(&text), 0.2),
            ("frames.zst", members(zstd), 0.02),
            ("one.zst", zstd::encode_all(&text[..], 1).unwrap(), 0.2),
            ("one.bz2", bzip2(&text), 0.2),
        ];
        for (name, bytes, off) in files {
            let path = folder.path().join(name);
            std::fs::write(&path, &bytes).unwrap();
            let input = Input { name: name.to_owned(), origin: Origin::File(path) };
            let places: Vec<u64> = (0..=50).map(|i| bytes.len() as u64 * i / 50).collect();
            let found: Vec<u64> =
                places.iter().map(|place| bytes_before(&input, *place, InputFormat::Auto).unwrap()).collect();
            assert!(found.is_sorted(), "{name}: {found:?}");
            let wrong = (found[50] as f64 / text.len() as f64 - 1.0).abs();
            assert!(found[0] == 0 && wrong < off, "{name}: {} of {}", found[50], text.len());
        }
    }

    #[test]
    fn what_packs_is_not_divided_unless_it_is_read_as_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.zip");
        std::fs::write(&path, [b"PK\x03\x04", &[b'x'; 1000][..]].concat()).unwrap();
        let input = Input { name: "a.zip".to_owned(), origin: Origin::File(path) };
        let before = |format| bytes_before(&input, 500, format);
        assert_eq!([InputFormat::Auto, InputFormat::Zip, InputFormat::Text].map(before), [None, None, Some(500)]);
        std::fs::write(folder.path().join("a.zip"), [b'x'; 1000]).unwrap();
        assert_eq!(before(InputFormat::Parquet), if cfg!(feature = "parquet") { None } else { Some(500) });
    }
}
