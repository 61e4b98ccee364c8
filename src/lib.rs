//! babelsift turns raw multilingual bytes into clean text corpora, one per language, with every byte accounted for.
//!
//! ```
//! let pipeline = babelsift::Pipeline::new(&babelsift::Config::default())?;
//! let bytes = "The ferry leaves at seven in the morning.\n\u{417}аголовок открываемого материала".as_bytes();
//! for fragment in pipeline.fragments(bytes) {
//!     println!("{} {:.2} {}", fragment.label(), fragment.score(), fragment.text());
//! }
//! # Ok::<(), babelsift::Error>(())
//! ```
//!
//! # The main flow
//! 1. A source fills a [`Batch`] with documents (feature `run`: `source`).
//! 2. [`decode`] takes each document apart into lines, decides the encoding of each, and makes paragraphs.
//! 3. [`repair`] repairs and normalizes their Unicode.
//! 4. [`segment`] divides paragraphs into fragments of one language and [`script`].
//! 5. [`lang`] labels each fragment.
//! 6. [`role`] says what each is in its document; menus, notices and repetitions go.
//! 7. [`filter`] marks what else goes, with a reason.
//! 8. A sink writes them to one corpus per label and the rest to the rejects (feature `run`: `sink`, `run`).
//!
//! [`Pipeline`] is 2 to 7 in a row. Without default features this crate is that text core alone.

pub mod batch;
mod char_table;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod decode;
mod error;
pub mod filter;
#[cfg(feature = "run")]
pub mod find;
pub mod html;
pub mod lang;
pub mod pipeline;
pub mod reason;
pub mod repair;
#[cfg(feature = "run")]
pub mod report;
pub mod role;
#[cfg(feature = "run")]
pub mod run;
pub mod script;
pub mod segment;
#[cfg(feature = "run")]
pub mod sink;
#[cfg(feature = "run")]
pub mod source;
pub mod source_map;
pub mod stage;
#[cfg(feature = "run")]
pub mod verify;

pub use batch::Batch;
pub use config::Config;
pub use error::{Error, Result};
pub use pipeline::Pipeline;
pub use stage::Scratch;
