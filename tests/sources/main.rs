//! What people's text comes in: each container and format, built here, gives the documents that were put in, counts every
//! record, and closes the ledger; damaged ones cost what is damaged.

#![cfg(all(feature = "cli", feature = "compress", feature = "whatlang"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;

mod any;
mod archives;
mod counting;
mod damage;
mod formats;
mod hostile;
mod pack;
mod reading;
mod same;
mod settings;
mod spans;
#[cfg(feature = "parquet")]
mod tables;
mod web;
