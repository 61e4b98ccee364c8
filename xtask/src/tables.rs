//! `src/script/table.rs`: scripts of all code points and the Han variants.
//!
//! Scripts come from the Unicode Character Database as compiled into `icu_properties`. Whether a Han character is only
//! simplified or only traditional comes from the national standards: in GB 2312 but not in Big5, and the other way round
//! (both as `encoding_rs` maps them).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::{Context, Result, bail};
use icu_properties::PropertyNamesShort;
use icu_properties::props::Script;
use icu_properties::script::ScriptWithExtensions;

use crate::normalization;

const PATH: &str = "src/script/table.rs";
/// Codes of ISO 15924 that no single code point has: writing systems made of several scripts, and "unwritten".
const SYNTHETIC: [&str; 5] = ["Hans", "Hant", "Jpan", "Kore", "Zxxx"];
const BLOCK: usize = 256;
/// Code points from here on have no script (planes 15 and 16 are private use).
const LIMIT: u32 = 0xE0200;

/// The files made, each with what makes it.
type Table = (&'static str, fn() -> Result<String>);
const TABLES: [Table; 2] = [(PATH, render), (normalization::PATH, normalization::render)];

/// Writes the tables.
pub fn write() -> Result<()> {
    for (path, render) in TABLES {
        std::fs::write(path, render()?)
            .with_context(|| format!("could not write {path}; run this from the repository root"))?;
    }
    Ok(())
}

/// Fails when a table in the tree is not the one this program makes.
pub fn check() -> Result<()> {
    for (path, render) in TABLES {
        let have = std::fs::read_to_string(path).with_context(|| format!("could not read {path}"))?;
        if have != render()? {
            bail!("{path} is not what `cargo xtask tables` makes");
        }
    }
    Ok(())
}

struct Scripts {
    codes: Vec<String>,
    sets: Vec<Vec<u8>>,
    first: Vec<u8>,
    second: Vec<u16>,
}

fn scripts() -> Result<Scripts> {
    let names = PropertyNamesShort::<Script>::new();
    let data = ScriptWithExtensions::new();
    let code = |s: Script| {
        names.get(s).map(|n| if n == "Qaai" { "Zinh" } else { n }.to_owned()).context("a script without code")
    };

    let mut used: BTreeSet<String> = SYNTHETIC.iter().map(|s| (*s).to_owned()).collect();
    for c in 0..LIMIT {
        used.insert(code(data.get_script_val32(c))?);
        for s in data.get_script_extensions_val32(c).iter() {
            used.insert(code(s)?);
        }
    }
    let codes: Vec<String> = used.into_iter().collect();
    let index: BTreeMap<&str, u8> = codes.iter().enumerate().map(|(i, c)| (c.as_str(), i as u8)).collect();

    let mut sets: Vec<Vec<u8>> = Vec::new();
    let mut values = Vec::with_capacity(LIMIT as usize);
    for c in 0..LIMIT {
        let own = code(data.get_script_val32(c))?;
        let set: Vec<u8> =
            data.get_script_extensions_val32(c).iter().map(|s| Ok(index[code(s)?.as_str()])).collect::<Result<_>>()?;
        let shared = own == "Zyyy" || own == "Zinh";
        if shared && !(set.len() == 1 && set[0] == index[own.as_str()]) {
            let at = sets.iter().position(|s| *s == set).unwrap_or_else(|| {
                sets.push(set);
                sets.len() - 1
            });
            values.push(codes.len() + at);
        } else {
            values.push(usize::from(index[own.as_str()]));
        }
    }

    let (mut first, mut second, mut seen) = (Vec::new(), Vec::new(), BTreeMap::new());
    for block in values.chunks(BLOCK) {
        let block: Vec<u16> = block.iter().map(|v| *v as u16).collect();
        let next = seen.len();
        let at = *seen.entry(block.clone()).or_insert_with(|| {
            second.extend_from_slice(&block);
            next
        });
        first.push(u8::try_from(at).context("more than 256 distinct blocks")?);
    }
    Ok(Scripts { codes, sets, first, second })
}

/// Two bits for each code point of U+4E00..U+A000: 1 simplified only, 2 traditional only, 0 neither or both.
fn han() -> Vec<u8> {
    let mut simplified = BTreeSet::new();
    let mut traditional = BTreeSet::new();
    let add = |set: &mut BTreeSet<u32>, encoding: &'static encoding_rs::Encoding, bytes: [u8; 2]| {
        let (text, bad) = encoding.decode_without_bom_handling(&bytes);
        let mut chars = text.chars();
        if let (false, Some(c), None) = (bad, chars.next(), chars.next()) {
            set.insert(c as u32);
        }
    };
    for lead in 0xA1..=0xFEu8 {
        for trail in 0x40..=0xFEu8 {
            if (0xB0..=0xF7).contains(&lead) && trail >= 0xA1 {
                add(&mut simplified, encoding_rs::GBK, [lead, trail]);
            }
            if (0xA4..=0xC6).contains(&lead) || (0xC9..=0xF9).contains(&lead) {
                add(&mut traditional, encoding_rs::BIG5, [lead, trail]);
            }
        }
    }
    let mut out = vec![0u8; (0xA000 - 0x4E00) / 4];
    for c in 0x4E00..0xA000u32 {
        let bits = match (simplified.contains(&c), traditional.contains(&c)) {
            (true, false) => 1,
            (false, true) => 2,
            _ => 0,
        };
        let at = (c - 0x4E00) as usize;
        out[at / 4] |= bits << (at % 4 * 2);
    }
    out
}

fn render() -> Result<String> {
    let s = scripts()?;
    let mut out = String::new();
    writeln!(out, "// Generated by `cargo xtask tables`; do not edit.")?;
    writeln!(out, "//! Script and Script_Extensions of every code point in two stages, and the Han variants.\n")?;
    writeln!(out, "/// ISO 15924 codes; a [`Script`](super::Script) is an index into this list.")?;
    writeln!(out, "pub(super) static CODES: [&str; {}] = [", s.codes.len())?;
    rows(&mut out, s.codes.iter().map(|c| format!("{c:?}")))?;
    writeln!(out, "];\n\n#[allow(missing_docs)]\nimpl super::Script {{")?;
    for (i, c) in s.codes.iter().enumerate() {
        writeln!(out, "    pub const {}: Self = Self({i});", c.to_uppercase())?;
    }
    writeln!(out, "}}\n\n/// Script_Extensions of characters whose own script is Common or Inherited.")?;
    writeln!(out, "pub(super) static SETS: [&[u8]; {}] = [", s.sets.len())?;
    for set in &s.sets {
        writeln!(out, "    &{set:?},")?;
    }
    writeln!(out, "];\n")?;
    array(&mut out, "FIRST", "u8", "Block of each run of 256 code points.", &s.first)?;
    array(&mut out, "SECOND", "u16", "Per block and code point: below `CODES.len()` a script, else a set.", &s.second)?;
    array(
        &mut out,
        "HAN",
        "u8",
        "Two bits for each of U+4E00..U+A000: 1 simplified only, 2 traditional only.",
        &han(),
    )?;
    Ok(out)
}

/// A table of numbers.
pub fn array<T: ToString>(out: &mut String, name: &str, kind: &str, doc: &str, data: &[T]) -> Result<()> {
    writeln!(out, "/// {doc}\n#[rustfmt::skip]\npub(super) static {name}: [{kind}; {}] = [", data.len())?;
    rows(out, data.iter().map(T::to_string))?;
    writeln!(out, "];")?;
    Ok(())
}

/// Items in lines of at most 120 characters.
pub fn rows(out: &mut String, items: impl Iterator<Item = String>) -> Result<()> {
    let mut line = String::from("   ");
    for item in items {
        if line.len() + item.len() > 116 {
            writeln!(out, "{line}")?;
            line = String::from("   ");
        }
        write!(line, " {item},")?;
    }
    writeln!(out, "{line}")?;
    Ok(())
}
