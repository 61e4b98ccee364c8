//! Decompression by magic bytes: gzip (also many members), bzip2, xz, zstd (also many frames).

use std::io::{self, Read};

use super::Reader;

/// Window that a zstd frame may ask for: 128 MiB, as the zstd program allows by default.
const WINDOW_LOG: u32 = 27;
/// Memory that an xz stream may ask for.
const XZ_MEMORY: u64 = 256 << 20;

/// The same bytes, decompressed if they are compressed.
pub(super) fn decompressed(mut reader: Reader) -> io::Result<Reader> {
    let head = reader.head(6);
    let inner: Box<dyn Read + Send> = match head {
        [0x1F, 0x8B, 8, ..] => Box::new(flate2::bufread::MultiGzDecoder::new(io::BufReader::new(reader))),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31 | 0x17, ..] => Box::new(bzip2::read::MultiBzDecoder::new(reader)),
        [0xFD, b'7', b'z', b'X', b'Z', 0] => {
            let stream = liblzma::stream::Stream::new_stream_decoder(XZ_MEMORY, liblzma::stream::CONCATENATED)?;
            Box::new(liblzma::read::XzDecoder::new_stream(reader, stream))
        }
        [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => {
            let mut decoder = zstd::stream::read::Decoder::new(reader)?;
            decoder.window_log_max(WINDOW_LOG)?;
            Box::new(decoder)
        }
        _ => return Ok(reader),
    };
    Ok(Reader::new(inner))
}
