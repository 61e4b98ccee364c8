//! [`Lock`]: one process at a time writes a folder.
//!
//! The lock is the system's, so it ends with its process, however that ends, and none is ever stale. The file says whose it is,
//! for people.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// Its name in the folder.
pub(super) const LOCK: &str = "lock";

/// A locked folder. Unlocked when dropped.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

/// Who writes a folder.
#[derive(Serialize, Deserialize)]
struct Owner {
    process: u32,
    host: String,
    /// Seconds since 1970.
    since: u64,
}

impl Lock {
    /// Locks a folder.
    ///
    /// # Errors
    /// [`Error::Config`] names the process that has locked it, [`Error::Sink`] when the file can't be made.
    pub(super) fn take(folder: &Path) -> Result<Self> {
        let path = folder.join(LOCK);
        let fail = |e| Error::sink(&path, e);
        let open = File::options().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = open.map_err(fail)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(refused(folder, &owner(&mut file))),
            // A file system without locks: then what the file says counts.
            Err(TryLockError::Error(_)) => match owner(&mut file) {
                Some(owner) if owner.may_live() => return Err(refused(folder, &Some(owner))),
                _ => {}
            },
        }
        if !path.exists() {
            // Its owner put the folder in its place between the two calls.
            return Err(Error::config(format!("{} has just been finished by another process", folder.display())));
        }
        Owner::this().write(&mut file).map_err(fail)?;
        Ok(Self { file })
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file is not enough where a process that is just being started still has it open too.
        let _ = self.file.unlock();
    }
}

/// Who holds the lock of a folder, in words, if somebody does.
pub(super) fn held(folder: &Path) -> Option<Error> {
    let mut file = File::open(folder.join(LOCK)).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Some(refused(folder, &owner(&mut file))),
        _ => None,
    }
}

fn refused(folder: &Path, owner: &Option<Owner>) -> Error {
    let who = owner.as_ref().map_or_else(|| "another process".to_owned(), Owner::told);
    Error::config(format!("{} is being written by {who}; wait for it, or give another --out", folder.display()))
}

fn owner(file: &mut File) -> Option<Owner> {
    let mut text = String::new();
    file.read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

impl Owner {
    fn this() -> Self {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |d| d.as_secs());
        Self { process: std::process::id(), host: host(), since }
    }

    fn write(&self, file: &mut File) -> io::Result<()> {
        file.set_len(0)?;
        file.rewind()?;
        file.write_all(&serde_json::to_vec(self)?)
    }

    fn told(&self) -> String {
        let seconds = Self::this().since.saturating_sub(self.since);
        format!("process {} on {}, for {} min {} s", self.process, self.host, seconds / 60, seconds % 60)
    }

    /// False when the process is known to have ended.
    fn may_live(&self) -> bool {
        let processes = PathBuf::from("/proc");
        self.host != host() || !processes.exists() || processes.join(self.process.to_string()).exists()
    }
}

/// Name of this machine.
fn host() -> String {
    let read =
        std::fs::read_to_string("/proc/sys/kernel/hostname").or_else(|_| std::fs::read_to_string("/etc/hostname"));
    let name = read.ok().or_else(|| std::env::var("COMPUTERNAME").ok());
    name.map_or_else(|| "a host without a name".to_owned(), |name| name.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_owner() {
        let folder = tempfile::tempdir().unwrap();
        assert!(held(folder.path()).is_none());
        let lock = Lock::take(folder.path()).unwrap();
        let own = format!("is being written by process {} on ", std::process::id());
        assert!(Lock::take(folder.path()).unwrap_err().to_string().contains(&own));
        assert!(held(folder.path()).unwrap().to_string().contains(&own));
        drop(lock);
        assert!(held(folder.path()).is_none(), "the file is there, but nobody holds it");
        Lock::take(folder.path()).unwrap();
    }

    #[test]
    fn a_process_that_ended_owns_nothing() {
        let this = Owner::this();
        assert!(this.may_live());
        assert!(Owner { host: "elsewhere".to_owned(), process: u32::MAX, since: 0 }.may_live());
        assert!(!Path::new("/proc").exists() || !Owner { process: u32::MAX, ..this }.may_live());
    }
}
