//! Encodings, on texts written for this: documents of very short paragraphs that change their encoding, and whole files
//! of which markup is the most.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod escapes;
mod files;
mod mixed;
mod sentences;

use babelsift::config::Paragraphs;
use babelsift::decode::Decode;
use babelsift::stage::Stage as _;
use babelsift::{Batch, Scratch};

/// The bytes as one document, decoded, a paragraph a line.
fn decoded(bytes: &[u8]) -> Batch {
    let mut batch = Batch::default();
    batch.push_document(bytes);
    Decode::new(Paragraphs::Line).run(&mut batch, &mut Scratch::default());
    batch
}
