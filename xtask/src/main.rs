//! Chores that need more than `cargo` itself: making the generated tables, training the model.

mod charset;
mod codecs;
mod lookalikes;
mod model;
mod mojibake;
mod normalization;
mod pairs;
mod roles;
mod rules;
mod tables;
mod zawgyi;

use std::path::Path;

use anyhow::{Result, bail, ensure};

const USAGE: &str = "usage: cargo xtask tables [--check]             make (or compare) src/script/table.rs and src/repair/normalize/table.rs
       cargo xtask codecs [--check]             make (or compare) src/decode/codecs/tables.rs and cns.rs
       cargo xtask pairs [--check]              make (or compare) src/repair/mojibake/pairs.bin
       cargo xtask reference                    write docs/reference.md from the definition of the flags
       cargo xtask model TRAIN_DIR [OPTION=VALUE...]    train src/lang/ngram/model.bin
       cargo xtask charset TEXT_DIR [OPTION=VALUE...]   train src/decode/guess/model.bin
       cargo xtask lookalikes TEXT_DIR          count for src/repair/lookalikes/odds.bin
       cargo xtask zawgyi TRAIN_DIR             train src/repair/zawgyi/pairs.bin
       cargo xtask mojibake TEXT_DIR [OPTION=VALUE...]  train src/repair/mojibake/model.bin
       cargo xtask roles PAGES TEXT_DIR [OPTION=VALUE...]   train src/role/model.bin";

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["tables"] => tables::write(),
        ["tables", "--check"] => tables::check(),
        ["codecs"] => codecs::write(),
        ["codecs", "--check"] => codecs::check(),
        ["pairs"] => pairs::write(),
        ["pairs", "--check"] => pairs::check(),
        ["reference"] => reference(),
        ["model", dir, ref options @ ..] => model::run(Path::new(dir), options),
        ["charset", dir, ref options @ ..] => charset::run(Path::new(dir), options),
        ["zawgyi", dir] => zawgyi::run(Path::new(dir)),
        ["lookalikes", dir] => lookalikes::run(Path::new(dir)),
        ["roles", pages, dir, ref options @ ..] => roles::run(Path::new(pages), Path::new(dir), options),
        ["mojibake", dir, ref options @ ..] => mojibake::run(Path::new(dir), options),
        _ => bail!(USAGE),
    }
}

/// The program writes it in its own test, since that is built with all flags; here it is only asked to.
fn reference() -> Result<()> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let words = ["test", "--package", "babelsift", "--test", "documents", "the_reference"];
    let status = std::process::Command::new(cargo).args(words).env("BLESS", "1").status()?;
    ensure!(status.success(), "the test that writes it failed");
    Ok(())
}
