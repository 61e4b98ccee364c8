//! Any bytes as one format: every byte that is read belongs to a document, whatever the size of batches.

#[path = "../../../tests/sources/reading.rs"]
mod reading;

use std::sync::Once;

use babelsift::Config;
use babelsift::config::{ByteSize, InputFormat};
use babelsift::source::{FORMATS, silence_caught_panics};
use reading::read;

/// Reads the input behind its first byte, which chooses the settings, as this format.
pub fn check(format: InputFormat, input: &[u8]) {
    // A panic that the source catches, in the crates that decode tables, is no finding: libFuzzer's hook would end the process.
    static CAUGHT: Once = Once::new();
    CAUGHT.call_once(silence_caught_panics);
    let Some((&how, bytes)) = input.split_first() else { return };
    let config = Config {
        // So small that records are cut and batches end in the middle of the input.
        max_document: ByteSize(1 << 10),
        max_header: ByteSize(1 << 10),
        max_depth: u32::from(how >> 1 & 3),
        wiki: if how & 8 == 0 { "0" } else { "all" }.parse().expect("words"),
        ..Config::default()
    };
    let row = FORMATS.iter().find(|r| r.name == format).expect("the format is there");
    let documents = read(row, bytes, &config, 64);
    if how & 1 == 0 {
        assert_eq!(documents, read(row, bytes, &config, 1 << 20), "batches make no difference");
    }
}
