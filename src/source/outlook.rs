//! What would become of an input, from its name and its first bytes alone.

use std::path::Path;
use std::sync::Arc;

use super::inputs::{Globs, raw};
use super::{Context, HEAD, Input, Origin, compression, decompressed, plain_name, unread, utf16};
use crate::config::{Config, InputFormat};
use crate::decode::Encoding;
use crate::error::Result;

/// What would become of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outlook {
    /// It is read: its compressions, outermost first, and the format in them.
    Read(Vec<&'static str>),
    /// A stream, which can be looked at only once: recognised when it is read.
    Stream,
    /// Passed over, for `exclude`.
    Excluded,
    /// Rejected, since it can't be read; why.
    Unreadable(String),
}

/// Recognises inputs as a run would, without reading more than their beginnings.
///
/// # Errors
/// [`Error::Config`](crate::Error::Config) for a pattern that is no glob.
pub fn outlook(inputs: &[Input], config: &Config) -> Result<Vec<Outlook>> {
    let exclude = Globs::new(&config.exclude)?;
    let config = Arc::new(config.clone());
    let of = |input: &Input| {
        if exclude.match_any([input.name.as_str()]) { Outlook::Excluded } else { recognise(input, &config) }
    };
    Ok(inputs.iter().map(of).collect())
}

fn recognise(input: &Input, config: &Arc<Config>) -> Outlook {
    let is_file = |path: &Path| std::fs::metadata(path).is_ok_and(|meta| meta.is_file());
    match &input.origin {
        Origin::File(path) if is_file(path) => {}
        Origin::Unreadable(why) => return Outlook::Unreadable(why.clone()),
        _ => return Outlook::Stream,
    }
    let mut context = Context::new(Arc::clone(config), &input.name);
    let mut reader = match raw(input, &context, None) {
        Ok(reader) => reader,
        Err(error) => return Outlook::Unreadable(error.to_string()),
    };
    let mut layers = Vec::new();
    while let Some(kind) = compression(&mut reader, &context.name) {
        layers.push(kind.name());
        let Some(inside) = context.inside(plain_name(&context.name)) else { return Outlook::Read(layers) };
        reader = decompressed(reader, kind, &context);
        context = inside;
    }
    if let (InputFormat::Auto, Some(detail)) = (config.input_format, unread(reader.head(HEAD))) {
        return Outlook::Unreadable(detail.to_owned());
    }
    let (format, encoding) = utf16::recognised(&mut reader, &context);
    layers.extend(encoding.map(Encoding::name));
    layers.push(format.name.name());
    Outlook::Read(layers)
}
