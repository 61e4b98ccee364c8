//! The output folder, written aside and put in its place at the end: nothing half-written ever stands under its name.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

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

/// A folder in the making: `OUT.partial`, renamed to `OUT` by [`publish`](Self::publish), removed when dropped before.
#[derive(Debug)]
pub struct Folder {
    out: PathBuf,
    partial: PathBuf,
    existing: Existing,
    /// Nothing of it is to be removed any more.
    published: bool,
}

impl Folder {
    /// Makes the partial folder.
    ///
    /// # Errors
    /// [`Error::Config`] when the folder or a partial one exists and `existing` does not allow it, [`Error::Sink`] when
    /// it can't be made.
    pub fn create(out: &Path, existing: Existing) -> Result<Self> {
        let shown = out.display();
        if existing == Existing::Refuse && is_occupied(out) {
            return Err(Error::config(format!(
                "{shown} exists already; give another --out, or --overwrite to replace it, or --resume"
            )));
        }
        if existing != Existing::Refuse && is_occupied(out) && !out.join("ledger.json").is_file() {
            return Err(Error::config(format!("{shown} is no output folder of babelsift and is not replaced")));
        }
        let partial = partial(out).ok_or_else(|| {
            Error::config(format!(
                "--out {shown} does not end in the name of a folder; give one such as --out corpus-out"
            ))
        })?;
        if existing != Existing::Refuse && partial.is_dir() {
            fs::remove_dir_all(&partial).map_err(|e| Error::sink(&partial, e))?;
        }
        if let Some(parent) = partial.parent() {
            fs::create_dir_all(parent).map_err(|e| Error::sink(parent, e))?;
        }
        match fs::create_dir(&partial) {
            Ok(()) => Ok(Self { out: out.to_path_buf(), partial, existing, published: false }),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Err(Error::config(format!(
                "{} is there: another run is writing it, or one was killed; give --overwrite to start over",
                partial.display()
            ))),
            Err(e) => Err(Error::sink(partial, e)),
        }
    }

    /// Where to write.
    pub fn path(&self) -> &Path {
        &self.partial
    }

    /// Puts the folder in its place.
    ///
    /// # Errors
    /// [`Error::Sink`] when it can't be renamed.
    pub fn publish(mut self) -> Result<()> {
        let fail = |e| Error::sink(&self.out, e);
        if is_occupied(&self.out) && self.existing == Existing::Refuse {
            // It came while the run was on. What was worked out is kept, and so is what is there.
            self.published = true;
            let (out, partial) = (self.out.display(), self.partial.display());
            return Err(Error::config(format!("{out} appeared during the run; the result is complete in {partial}")));
        }
        if is_occupied(&self.out) {
            let mut name = self.partial.clone().into_os_string();
            name.push(".old");
            let old = PathBuf::from(name);
            fs::rename(&self.out, &old).map_err(fail)?;
            if let Err(error) = fs::rename(&self.partial, &self.out) {
                fs::rename(&old, &self.out).map_err(fail)?;
                return Err(fail(error));
            }
            self.published = true;
            return fs::remove_dir_all(&old).map_err(fail);
        }
        // A rename takes the place of an empty folder.
        fs::rename(&self.partial, &self.out).map_err(fail)?;
        self.published = true;
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.published {
            // Nothing more can be done about a failure here: the folder keeps its partial name.
            let _ = fs::remove_dir_all(&self.partial);
        }
    }
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
