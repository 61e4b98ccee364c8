//! Chores that need more than `cargo` itself: making the generated tables.

mod tables;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["tables"] => tables::write(),
        ["tables", "--check"] => tables::check(),
        _ => bail!("usage: cargo xtask tables [--check]   make (or compare) src/script/table.rs"),
    }
}
