//! The output folder, written aside and put in its place at the end: nothing half-written ever stands under its name.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::journal::JOURNAL;
use super::lock::{self, LOCK, Lock};
use crate::error::{Error, Result};

/// What to do about a folder that is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// Refuse.
    #[default]
    Refuse,
    /// Replace it, once the new one is complete.
    Overwrite,
    /// Go on with an interrupted run; a finished folder stays as it is.
    Resume,
}

/// A folder in the making: `OUT.partial`, renamed to `OUT` by [`publish`](Self::publish). One that is dropped before stays
/// where it has a journal to go on from, and is removed otherwise.
#[derive(Debug)]
pub struct Folder {
    out: PathBuf,
    partial: PathBuf,
    existing: Existing,
    /// Nothing of it is to be removed any more.
    published: bool,
    _lock: Lock,
}

impl Folder {
    /// Makes the partial folder, or takes over the one that an interrupted run left.
    ///
    /// # Errors
    /// [`Error::Config`] when the folder or a partial one exists and `existing` does not allow it, or when another process
    /// writes it; [`Error::Sink`] when it can't be made.
    pub fn create(out: &Path, existing: Existing) -> Result<Self> {
        let shown = out.display();
        may_be_made(out, existing)?;
        let partial = partial(out).ok_or_else(|| {
            Error::config(format!(
                "--out {shown} does not end in the name of a folder; give one such as --out corpus-out"
            ))
        })?;
        if let Some(parent) = partial.parent() {
            if let Some(file) = parent.ancestors().find(|path| path.is_file()) {
                let file = file.display();
                return Err(Error::config(format!(
                    "--out {shown}: {file} is a file and no folder; give another --out"
                )));
            }
            fs::create_dir_all(parent).map_err(|e| Error::sink(parent, e))?;
        }
        match fs::create_dir(&partial) {
            Ok(()) => {}
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && existing == Existing::Refuse => {
                let left = "was left by an interrupted run; give --resume to go on or --overwrite to start over";
                let left = || Error::config(format!("{} {left}", partial.display()));
                return Err(lock::held(&partial).unwrap_or_else(left));
            }
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists && partial.is_dir() => {}
            Err(e) => return Err(Error::sink(partial, e)),
        }
        let lock = Lock::take(&partial)?;
        if existing != Existing::Resume || !is_of_use(&partial) {
            clear(&partial).map_err(|e| Error::sink(&partial, e))?;
        }
        Ok(Self { out: out.to_path_buf(), partial, existing, published: false, _lock: lock })
    }

    /// Where to write.
    pub fn path(&self) -> &Path {
        &self.partial
    }

    /// True for a folder of which all is written, by a run that could not put it in its place any more.
    pub fn is_whole(&self) -> bool {
        is_of_use(&self.partial) && !self.partial.join(JOURNAL).is_file()
    }

    /// Puts the folder in its place.
    ///
    /// # Errors
    /// [`Error::Sink`] when it can't be renamed.
    pub fn publish(mut self) -> Result<()> {
        let fail = |e| Error::sink(&self.out, e);
        sync(&self.partial).map_err(|e| Error::sink(&self.partial, e))?;
        if is_occupied(&self.out) && self.existing == Existing::Refuse {
            // It came while the run was on. What was worked out is kept, and so is what is there.
            self.published = true;
            let (out, partial) = (self.out.display(), self.partial.display());
            return Err(Error::config(format!("{out} appeared during the run; the result is complete in {partial}")));
        }
        // From here on it is a whole folder: what a run is resumed from goes.
        remove(&self.partial.join(JOURNAL)).map_err(fail)?;
        self.published = true;
        if is_occupied(&self.out) {
            let mut name = self.partial.clone().into_os_string();
            name.push(".old");
            let old = PathBuf::from(name);
            fs::rename(&self.out, &old).map_err(fail)?;
            if let Err(error) = fs::rename(&self.partial, &self.out) {
                fs::rename(&old, &self.out).map_err(fail)?;
                return Err(fail(error));
            }
            fs::remove_dir_all(&old).map_err(fail)?;
        } else {
            // A rename takes the place of an empty folder.
            fs::rename(&self.partial, &self.out).map_err(fail)?;
        }
        remove(&self.out.join(LOCK)).map_err(fail)?;
        sync_folder(self.out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))).map_err(fail)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.published && !is_of_use(&self.partial) {
            // Nothing more can be done about a failure here: the folder keeps its partial name.
            let _ = fs::remove_dir_all(&self.partial);
        }
    }
}

/// True for a partial folder to go on from: one with a journal, or a whole one that was not renamed.
fn is_of_use(partial: &Path) -> bool {
    partial.join(JOURNAL).is_file() || partial.join("ledger.json").is_file()
}

/// Removes all but the lock.
fn clear(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else if entry.file_name() != LOCK {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Removes a file, if it is there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        _ => Ok(()),
    }
}

/// Brings a folder and all that is in it to the disk.
fn sync(folder: &Path) -> io::Result<()> {
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.map_err(io::Error::from)?;
        if entry.file_type().is_dir() {
            sync_folder(entry.path())?;
        } else {
            fs::File::open(entry.path())?.sync_all()?;
        }
    }
    Ok(())
}

/// Brings the names in a folder to the disk, where the system can.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Says what to do where something is in the place of a folder that is to be made and must stay.
///
/// # Errors
/// [`Error::Config`] then.
pub(crate) fn may_be_made(out: &Path, existing: Existing) -> Result<()> {
    let shown = out.display();
    let refused = if !is_occupied(out) {
        return Ok(());
    } else if !out.is_dir() {
        format!("--out {shown} is a file; give the name of a folder")
    } else if !out.join("ledger.json").is_file() {
        format!("--out {shown} is no output folder of babelsift, so it is not replaced; give another --out")
    } else if existing == Existing::Refuse {
        format!("{shown} exists already; give another --out, or --overwrite to replace it, or --resume")
    } else {
        return Ok(());
    };
    Err(Error::config(refused))
}

/// True for anything but an empty folder.
fn is_occupied(path: &Path) -> bool {
    match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_some(),
        Err(_) => path.symlink_metadata().is_ok(),
    }
}

/// Where the folder is written until it is complete; none when it has no name.
pub fn partial(out: &Path) -> Option<PathBuf> {
    let mut name = out.file_name()?.to_os_string();
    name.push(".partial");
    Some(out.with_file_name(name))
}
