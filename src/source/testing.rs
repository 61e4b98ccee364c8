//! What tests of compressed files share.

use std::io;
use std::sync::Arc;

use super::{Context, Reader};
use crate::config::Config;

/// Reads all of a packed file, going on behind what is damaged; the text and how often it was. `open` unpacks.
pub(super) fn unpacked(
    packed: &[u8],
    threads: usize,
    open: impl FnOnce(Reader, &Context) -> Reader,
) -> (Vec<u8>, usize) {
    let mut context = Context::new(Arc::new(Config { max_ratio: 0, ..Config::default() }), "a");
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    context.pool = Some(Arc::new(pool));
    let mut reader = open(Reader::new(Box::new(io::Cursor::new(packed.to_vec()))), &context);
    let (mut out, mut flaws) = (Vec::new(), 0);
    loop {
        reader.take_into(&mut out, usize::MAX);
        if reader.resume().is_none() {
            return (out, flaws + usize::from(reader.failure().is_some()));
        }
        flaws += 1;
    }
}
