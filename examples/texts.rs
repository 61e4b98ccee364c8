//! Texts in memory: each is decoded, repaired, divided into fragments and labelled, without files and without a run.
//!
//! `cargo run --release --no-default-features --example texts`

#![allow(clippy::print_stdout, reason = "a program that prints")]

use babelsift::batch::Verdict;
use babelsift::{Config, Pipeline};

fn main() -> Result<(), babelsift::Error> {
    let pipeline = Pipeline::new(&Config::default())?;
    let texts: [&[u8]; 3] = [
        // A page in English that ends with a line of a widget in Russian.
        "The ferry to the island leaves at seven in the morning.\nЧитайте также другие новости нашего города"
            .as_bytes(),
        // "Grüße aus dem Süden" and more in windows-1252.
        b"Gr\xFC\xDFe aus dem S\xFCden, wo es schon w\xE4rmer ist als bei euch im Norden.",
        // UTF-8 that was once read as windows-1252.
        "Le cafÃ© est fermÃ© jusqu’Ã  la fin de l’Ã©tÃ©, comme chaque annÃ©e.".as_bytes(),
    ];
    for bytes in texts {
        for fragment in pipeline.fragments(bytes) {
            let verdict = match fragment.verdict() {
                Verdict::Keep => "keep",
                Verdict::Drop(reason) => reason.name(),
            };
            let (label, score, encoding) = (fragment.label(), fragment.score(), fragment.encoding().name());
            println!("{label} {score:.2} {encoding} {:?} {verdict}: {}", fragment.source(), fragment.text());
        }
    }
    Ok(())
}
