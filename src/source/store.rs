//! Inputs that are objects of a store (`s3://`, `gs://`, `az://`) or files of a web server (`http://`, `https://`).
//!
//! They are listed before a run, and read as a file is: in ranges of some MB, of which a few are fetched ahead by a thread of their own.
//! What fails is tried again, with growing pauses, by the crate that speaks to the stores. Credentials come from the
//! environment variables that the stores' own programs use, and from nowhere else.

use std::io::{self, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _, parse_url_opts};
use url::{Position, Url};

use super::{Input, Origin};
use crate::error::{Error, Result};

/// Bytes that are fetched at a time.
const CHUNK: u64 = 4 << 20;
/// Chunks that wait to be read.
const AHEAD: usize = 2;
/// Beginnings of the environment variables that stores are configured by.
const VARIABLES: [&str; 3] = ["AWS_", "GOOGLE_", "AZURE_"];

/// An object, and what it was when it was listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// Address of its store.
    store: Url,
    /// Where it is there.
    path: Path,
    /// Bytes.
    pub(crate) size: u64,
}

/// Lists what an address means: an object; all objects below it, by name; or those that match its `*`, `?` and `[...]`.
pub(super) fn expand(word: &str) -> Result<Vec<Input>> {
    let url = Url::parse(word).map_err(|e| Error::config(format!("{word:?} is no address: {e}")))?;
    let of_a_web_server = matches!(url.scheme(), "http" | "https");
    if url.query().is_some() && of_a_web_server {
        return Err(Error::config(format!("{word}: addresses with a query are not read")));
    }
    let failed = |error: io::Error| Error::source(word, 0, error);
    let listed = list(&url, word, of_a_web_server).map_err(failed)?;
    if listed.is_empty() {
        return Err(failed(io::Error::new(io::ErrorKind::NotFound, "no object is or begins with this")));
    }
    Ok(listed)
}

fn list(url: &Url, word: &str, of_a_web_server: bool) -> io::Result<Vec<Input>> {
    let (store, path) = open_store(url)?;
    let root = root(url);
    let input = |meta: ObjectMeta, name: String| Input {
        name,
        origin: Origin::Object(Object { store: root.clone(), path: meta.location, size: meta.size }),
    };
    let pattern = word.find(['*', '?', '[']).filter(|_| !of_a_web_server);
    runtime()?.block_on(async {
        if of_a_web_server || pattern.is_none() && !word.ends_with('/') && !path.as_ref().is_empty() {
            match store.head(&path).await {
                Ok(meta) => return Ok(vec![input(meta, word.to_owned())]),
                Err(object_store::Error::NotFound { .. }) if !of_a_web_server => {}
                Err(error) => return Err(io::Error::other(error)),
            }
        }
        let inside = |end: usize| word[..end].strip_prefix(root.as_str()).unwrap_or_default();
        let folder =
            pattern.map_or(inside(word.len()), |at| inside(word[..at].rfind('/').map_or(0, |slash| slash + 1)));
        let folder = Path::parse(folder.trim_end_matches('/')).map_err(io::Error::other)?;
        let mut found: Vec<ObjectMeta> = store.list(Some(&folder)).try_collect().await.map_err(io::Error::other)?;
        found.sort_by(|a, b| a.location.cmp(&b.location));
        let wanted = pattern.map(|_| glob::Pattern::new(word)).transpose().map_err(io::Error::other)?;
        let named = found.into_iter().map(|meta| (format!("{root}{}", meta.location), meta));
        let named = named.filter(|(name, _)| wanted.as_ref().is_none_or(|wanted| wanted.matches(name)));
        Ok(named.map(|(name, meta)| input(meta, name)).collect())
    })
}

/// Where the paths of a store begin.
fn root(url: &Url) -> Url {
    let mut root = url.clone();
    root.set_path("/");
    root.set_query(None);
    root
}

/// The store of an address, and the path in it.
pub(crate) fn open_store(url: &Url) -> io::Result<(Box<dyn ObjectStore>, Path)> {
    // Someone else's choice is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let ours = |name: &str| VARIABLES.iter().any(|v| name.starts_with(v));
    let told =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let mut options: Vec<(String, String)> = told.filter(|(name, _)| ours(name)).collect();
    if url.scheme() == "http" {
        options.push(("allow_http".to_owned(), "true".to_owned()));
    }
    let path = Url::parse(&url[..Position::AfterPath]).map_err(io::Error::other)?;
    parse_url_opts(&path, options).map_err(io::Error::other)
}

pub(crate) fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

/// Opens an object for reading.
pub(super) fn open(object: &Object) -> io::Result<Box<dyn Read + Send>> {
    let (store, _) = open_store(&object.store)?;
    let runtime = runtime()?;
    let (send, chunks) = sync_channel(AHEAD);
    let (left, object) = (object.size, object.clone());
    // It ends when all is fetched, or when nobody listens any more.
    thread::spawn(move || runtime.block_on(fetch(&*store, &object, &send)));
    Ok(Box::new(Chunks { chunks, current: Bytes::new(), left }))
}

/// Fetches range by range. Nothing is on its way while the reader lags behind, so no request times out meanwhile.
async fn fetch(store: &dyn ObjectStore, object: &Object, to: &SyncSender<io::Result<Bytes>>) {
    for start in (0..object.size).step_by(CHUNK as usize) {
        let range = start..(start + CHUNK).min(object.size);
        let chunk = match store.get_range(&object.path, range).await {
            // A server that knows no ranges.
            Err(object_store::Error::NotSupported { .. }) if start == 0 => return whole(store, object, to).await,
            chunk => chunk.map_err(io::Error::other),
        };
        let failed = chunk.is_err();
        if to.send(chunk).is_err() || failed {
            return;
        }
    }
}

/// Fetches all in one go.
async fn whole(store: &dyn ObjectStore, object: &Object, to: &SyncSender<io::Result<Bytes>>) {
    let mut chunks = match store.get(&object.path).await {
        Ok(found) => found.into_stream(),
        Err(error) => return drop(to.send(Err(io::Error::other(error)))),
    };
    while let Some(chunk) = chunks.next().await {
        if to.send(chunk.map_err(io::Error::other)).is_err() {
            return;
        }
    }
}

/// What was fetched, as a stream.
struct Chunks {
    chunks: Receiver<io::Result<Bytes>>,
    current: Bytes,
    /// Bytes that have not been fetched.
    left: u64,
}

impl Read for Chunks {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() && self.left > 0 {
            let lost = |_| io::Error::new(io::ErrorKind::UnexpectedEof, format!("{} bytes are missing", self.left));
            self.current = self.chunks.recv().map_err(lost)??;
            self.left = self.left.saturating_sub(self.current.len() as u64);
        }
        let n = out.len().min(self.current.len());
        out[..n].copy_from_slice(&self.current.split_to(n));
        Ok(n)
    }
}
