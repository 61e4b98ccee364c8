//! `--version`: the program, the models in it, and the version of Unicode that its tables are of.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::decode::{Encoding, guess};
use crate::lang::{engines, ngram};
use crate::repair::mojibake;
use crate::role;
use crate::script::UNICODE;
use crate::sink::hex;

/// A line for each part; a model is told by the first digits of its SHA-256.
pub(super) fn long() -> String {
    let digits = |bytes: &[u8]| hex(&Sha256::digest(bytes)[..4]);
    let mut out = format!("babelsift {}\n", env!("CARGO_PKG_VERSION"));
    let engines: Vec<&str> = engines().iter().map(|engine| engine.name).collect();
    for (name, model, about) in [
        ("identify", ngram::bytes(), format!("engines {}", engines.join(", "))),
        ("decode", guess::bytes(), format!("{} encodings", Encoding::all().len())),
        ("mojibake", mojibake::bytes(), String::new()),
        ("roles", role::bytes(), String::new()),
    ] {
        let about = if about.is_empty() { about } else { format!(", {about}") };
        let _ = writeln!(out, "{name:<9} model {}{about}", digits(model));
    }
    let _ = writeln!(out, "Unicode   {UNICODE}");
    out
}
