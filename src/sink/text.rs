//! Bare text: the lines of each record and a blank line. No provenance: for tools that take nothing but text.

use super::encode::{Records, encode};
use super::record::{Scene, separator};
use super::{Encode, Encoded, Id};
use crate::batch::{Batch, Fragment};
use crate::config::{Config, Unit};
use crate::lang::Label;
use crate::source::Input;

/// Opens the encoder.
pub(super) fn open(config: &Config) -> Box<dyn Encode> {
    Box::new(Text { unit: config.unit })
}

struct Text {
    unit: Unit,
}

impl Encode for Text {
    fn encode(&self, batch: &Batch, inputs: &[Input], out: &mut Encoded) {
        encode(self, self.unit, batch, inputs, out);
    }
}

impl Records for Text {
    fn kept(&self, scene: &Scene<'_>, _: Id, _: Label, rows: &[u32], out: &mut Vec<u8>) {
        let mut last: Option<&Fragment> = None;
        for row in rows {
            let fragment = &scene.batch.fragments[*row as usize];
            if let Some(last) = last.replace(fragment) {
                out.push(separator(last, fragment) as u8);
            }
            // A blank line would end the record.
            let lines = scene.batch.fragment_text(fragment).trim().split('\n').filter(|l| !l.trim().is_empty());
            for (i, line) in lines.enumerate() {
                if i > 0 {
                    out.push(b'\n');
                }
                out.extend_from_slice(line.as_bytes());
            }
        }
        out.extend_from_slice(b"\n\n");
    }
}
