//! From the words of the command line to a list of files: folders, globs, addresses and standard input, in a fixed order.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::{Input, Origin};
use crate::error::{Error, Result};

/// Lists the files that the words of the command line mean, in their order; a folder's files by name. What is named twice
/// is read once, where it was named first.
///
/// Output folders of this program inside a folder (those with a ledger) are left out, so that `run . --out out` can be
/// said twice. Links inside folders are followed to files of the same folder, not to folders and not out of it: an unpacked crawl
/// may hold a link to anything. What is found there and can't be read, or is not to be, becomes an input that says so.
///
/// # Errors
/// [`Error::Source`] for a word that names nothing: nothing has been written then.
pub fn expand(words: &[String]) -> Result<Vec<Input>> {
    list(words, Links::Inside)
}

/// As [`expand`], with links inside folders followed to files wherever these are.
///
/// # Errors
/// As for [`expand`].
pub fn expand_with_links(words: &[String]) -> Result<Vec<Input>> {
    list(words, Links::All)
}

/// Which links to files inside folders are followed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Links {
    /// Those to files of the folder.
    Inside,
    All,
}

/// What was found so far.
#[derive(Default)]
struct Found {
    inputs: Vec<Input>,
    /// What is read, by whatever spelling of its path.
    seen: HashSet<String>,
}

impl Found {
    /// Adds what a word or a match of a glob names, but not what an earlier one did. Two links in one folder are two files.
    fn add(&mut self, inputs: Vec<Input>) {
        let identity = |input: &Input| match &input.origin {
            Origin::File(path) => path.canonicalize().map_or_else(|_| input.name.clone(), |path| name(&path)),
            _ => input.name.clone(),
        };
        let own: Vec<String> = inputs.iter().map(identity).collect();
        let is_new = |identity: &&String| !self.seen.contains(*identity);
        self.inputs.extend(inputs.into_iter().zip(&own).filter(|(_, own)| is_new(own)).map(|(input, _)| input));
        self.seen.extend(own);
    }
}

fn list(words: &[String], links: Links) -> Result<Vec<Input>> {
    // One path names nothing twice, and may be a folder of very many files.
    if let [word] = words
        && Path::new(word).exists()
        && word != "-"
    {
        return files(Path::new(word), links);
    }
    let mut found = Found::default();
    for word in words {
        let path = Path::new(word);
        if word.is_empty() {
            return Err(Error::config("an input without a name; give a file, a folder, a glob or -"));
        }
        if word == "-" {
            found.add(vec![Input { name: "-".to_owned(), origin: Origin::Stdin }]);
        } else if is_address(word) && !path.exists() {
            found.add(remote(word)?);
        } else if path.exists() {
            found.add(files(path, links)?);
        } else if word.contains(['*', '?', '[']) {
            let matches = glob::glob(word).map_err(|e| Error::config(format!("{word:?} is no glob: {e}")))?;
            let mut matches: Vec<PathBuf> = matches.filter_map(std::result::Result::ok).collect();
            matches.sort();
            if matches.is_empty() {
                return Err(Error::config(format!("no file matches {word}")));
            }
            matches.iter().try_for_each(|path| files(path, links).map(|files| found.add(files)))?;
        } else {
            return Err(Error::source(word, 0, std::io::Error::other("no such file or folder")));
        }
    }
    Ok(found.inputs)
}

/// True for an address in place of a path.
fn is_address(word: &str) -> bool {
    ["s3://", "gs://", "az://", "http://", "https://"].iter().any(|scheme| word.starts_with(scheme))
}

#[cfg(feature = "object-store")]
use super::store::expand as remote;

#[cfg(not(feature = "object-store"))]
fn remote(word: &str) -> Result<Vec<Input>> {
    Err(without_stores(word))
}

/// What an address is answered where stores are not built in.
#[cfg(not(feature = "object-store"))]
pub(crate) fn without_stores(what: &str) -> Error {
    Error::config(format!("{what}: this program was built without object stores (--features object-store)"))
}

/// A file, or the files of a folder.
fn files(path: &Path, links: Links) -> Result<Vec<Input>> {
    if !path.is_dir() {
        // A pipe or a device that the user named is meant: a shell's `<(zcat x.gz)` is one.
        let special = std::fs::metadata(path).is_ok_and(|meta| !meta.is_file());
        let origin = if special { Origin::File(path.to_path_buf()) } else { origin(path) };
        let file = Input { name: name(path), origin };
        // A file named by the user must be readable; only what is found in folders may be passed over.
        if let Origin::Unreadable(why) = &file.origin {
            return Err(Error::source(file.name, 0, std::io::Error::other(why.clone())));
        }
        return Ok(vec![file]);
    }
    let mut inputs = Vec::new();
    std::fs::read_dir(path).map_err(|e| Error::source(name(path), 0, e))?;
    let root = path.canonicalize().map_err(|e| Error::source(name(path), 0, e))?;
    let ours = |p: &Path| p.join("ledger.json").is_file() && p.join("report.json").is_file();
    let walk = WalkDir::new(path).sort_by_file_name().into_iter();
    for entry in walk.filter_entry(|e| e.depth() == 0 || !e.file_type().is_dir() || !ours(e.path())) {
        match entry {
            // The folder itself may have been named by a link.
            Ok(entry) if entry.file_type().is_dir() || entry.depth() == 0 => {}
            Ok(entry) => {
                let leaves = entry.path_is_symlink()
                    && links == Links::Inside
                    && entry.path().canonicalize().is_ok_and(|file| !file.starts_with(&root));
                let origin = if leaves { Origin::Unreadable(LEAVES.to_owned()) } else { origin(entry.path()) };
                inputs.push(Input { name: name(entry.path()), origin });
            }
            Err(error) => {
                let name = name(error.path().unwrap_or(path));
                inputs.push(Input { name, origin: Origin::Unreadable(error.to_string()) });
            }
        }
    }
    Ok(inputs)
}

/// What is said of a link that is not followed.
const LEAVES: &str = "a link to a file outside of the folder; --follow-links reads it";

fn origin(path: &Path) -> Origin {
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_file() => match std::fs::File::open(path) {
            Ok(_) => Origin::File(path.to_path_buf()),
            Err(error) => Origin::Unreadable(error.to_string()),
        },
        // Reading a pipe or a device inside a folder could wait for ever.
        Ok(_) => Origin::Unreadable("not a regular file".to_owned()),
        Err(error) => Origin::Unreadable(error.to_string()),
    }
}

/// The path with `/` between folders. Bytes that are no UTF-8 are told as `\xFF`, so that no two files share a name.
fn name(path: &Path) -> String {
    let mut name = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        name.push_str(chunk.valid());
        name.extend(chunk.invalid().iter().map(|b| format!("\\x{b:02X}")));
    }
    if std::path::MAIN_SEPARATOR == '/' { name } else { name.replace(std::path::MAIN_SEPARATOR, "/") }
}
