//! A finished folder, put into an object store (`s3://`, `gs://`, `az://`).

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload, WriteMultipart, path};
use url::Url;
use walkdir::WalkDir;

use super::Existing;
use crate::error::{Error, Result};
use crate::source::{open_store, runtime};

/// Bytes of a part of a large file; smaller ones are put as a whole.
const PART: usize = 8 << 20;
/// Parts that are on their way at the same time.
const PARTS: usize = 4;
/// The file that goes last: where it is, the folder is whole.
const LAST: &str = "ledger.json";
/// Folders that are ours: what an earlier folder had there and this one has not goes.
const OWN: [&str; 2] = ["data", "rejects"];

/// Where in a store a folder goes.
pub struct Upload {
    address: String,
    store: Box<dyn ObjectStore>,
    folder: path::Path,
}

impl Upload {
    /// Asks the store what is there, before a run and not after it.
    ///
    /// # Errors
    /// [`Error::Config`] for what is no address of a store, and when a folder is there that `existing` does not allow to
    /// replace; [`Error::Sink`] when the store does not answer.
    pub fn new(address: &str, existing: Existing) -> Result<Self> {
        let url = Url::parse(address).map_err(|e| Error::config(format!("--upload {address:?} is no address: {e}")))?;
        if !["s3", "gs", "az"].contains(&url.scheme()) {
            return Err(Error::config(format!(
                "--upload takes an address such as s3://BUCKET/FOLDER, not {address:?}"
            )));
        }
        let failed = |error: io::Error| Error::sink(address, error);
        let (store, folder) = open_store(&url).map_err(failed)?;
        let own = Self { address: address.to_owned(), store, folder };
        let found = runtime().map_err(failed)?.block_on(own.store.head(&own.place(LAST)));
        match found {
            Ok(_) if existing == Existing::Refuse => Err(Error::config(format!(
                "{address} holds a folder already; give another --upload, or --overwrite to replace it, or --resume"
            ))),
            Ok(_) | Err(object_store::Error::NotFound { .. }) => Ok(own),
            Err(error) => Err(failed(io::Error::other(error))),
        }
    }

    /// Puts all files of a folder there in the place of those of an earlier one, its ledger last. A ledger that was there goes
    /// first: what is not whole has none.
    ///
    /// # Errors
    /// [`Error::Sink`] when a file can't be read or put. The folder stays as it is, and the same can be tried again.
    pub fn put(&self, folder: &Path) -> Result<()> {
        let failed = |file: &str, error: io::Error| Error::sink(format!("{}/{file}", self.address), error);
        let mut files = files(folder).map_err(|error| Error::sink(folder, error))?;
        files.sort_by_key(|(name, _)| (name == LAST, name.clone()));
        runtime().map_err(|error| failed("", error))?.block_on(async {
            match self.store.delete(&self.place(LAST)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(failed(LAST, io::Error::other(error))),
            }
            self.clear(&files).await.map_err(|error| failed("", error))?;
            for (name, file) in &files {
                self.put_file(name, file).await.map_err(|error| failed(name, error))?;
            }
            Ok(())
        })
    }

    /// Removes what an earlier folder had and these files do not replace.
    async fn clear(&self, files: &[(String, PathBuf)]) -> io::Result<()> {
        let kept: BTreeSet<path::Path> = files.iter().map(|(name, _)| self.place(name)).collect();
        for own in OWN {
            let found = self.store.list(Some(&self.place(own))).try_collect::<Vec<_>>().await;
            for object in found.map_err(io::Error::other)?.iter().filter(|object| !kept.contains(&object.location)) {
                self.store.delete(&object.location).await.map_err(io::Error::other)?;
            }
        }
        Ok(())
    }

    fn place(&self, name: &str) -> path::Path {
        name.split('/').fold(self.folder.clone(), |path, part| path.join(part))
    }

    async fn put_file(&self, name: &str, file: &Path) -> io::Result<()> {
        let to = self.place(name);
        let mut file = File::open(file)?;
        let mut next = || -> io::Result<Bytes> {
            let mut part = Vec::new();
            (&mut file).take(PART as u64).read_to_end(&mut part)?;
            Ok(part.into())
        };
        let first = next()?;
        if first.len() < PART {
            return self.store.put(&to, PutPayload::from_bytes(first)).await.map(drop).map_err(io::Error::other);
        }
        let parts = self.store.put_multipart(&to).await.map_err(io::Error::other)?;
        let mut parts = WriteMultipart::new_with_chunk_size(parts, PART);
        let mut now = first;
        while !now.is_empty() {
            parts.wait_for_capacity(PARTS).await.map_err(io::Error::other)?;
            parts.put(now);
            now = next()?;
        }
        parts.finish().await.map(drop).map_err(io::Error::other)
    }
}

/// Names in the folder, with slashes, and where the files are.
fn files(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder) {
        let entry = entry.map_err(io::Error::from)?;
        if entry.file_type().is_file() {
            let parts = entry.path().strip_prefix(folder).map_err(io::Error::other)?.components();
            let name: Vec<_> = parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
            files.push((name.join("/"), entry.into_path()));
        }
    }
    Ok(files)
}
