//! [`Model`]: a supervised fastText model as it is stored, and what it says of a text.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use super::loss::{ENDLESS, Loss};
use super::matrix::Matrix;
use super::read::{Flaw, Read, Reader};
use super::sparse::Sparse;
use crate::error::{Error, Result};

/// The first bytes of every model.
const MAGIC: i32 = 793_712_314;
/// The word that stands for the end of a line.
const END: &[u8] = b"</s>";
/// What words begin with that are labels, whether the model knows them or not.
const PREFIX: &[u8] = b"__label__";
/// Longest n-grams of letters and of words. Models have 2 to 6; more would make work grow faster than the text.
const LONGEST: i32 = 64;

/// A supervised fastText model: `.bin`, or quantized, `.ftz`.
///
/// It answers what the reference implementation answers:
///
/// ```no_run
/// use babelsift::lang::fasttext::{Model, Scratch};
/// let model = Model::open("lid.176.ftz".as_ref())?;
/// let mut scratch = Scratch::default();
/// let probabilities = model.probabilities("Guten Morgen, liebe Sorgen", &mut scratch);
/// assert_eq!(probabilities.len(), model.labels().len());
/// # Ok::<(), babelsift::Error>(())
/// ```
#[derive(Debug)]
pub struct Model {
    settings: Settings,
    /// Rows of words; those of labels, which are no words of a text, come after them.
    words: HashMap<Box<[u8]>, u32>,
    word_count: usize,
    labels: Vec<String>,
    /// Where few of the buckets were kept: their rows.
    kept: Option<Sparse>,
    input: Matrix,
    output: Matrix,
    loss: Loss,
}

#[derive(Debug)]
struct Settings {
    width: i32,
    word_ngrams: i32,
    loss: i32,
    buckets: i32,
    shortest: i32,
    longest: i32,
}

/// Memory for answers, one a worker.
#[derive(Debug, Default)]
pub struct Scratch {
    sum: Vec<f32>,
    rows: u32,
    word: Vec<u8>,
    hashes: Vec<u32>,
    probabilities: Vec<f32>,
}

impl Model {
    /// Reads a file.
    ///
    /// # Errors
    /// [`Error::Source`] when it can't be opened, [`Error::Model`] when it is no model that can be used.
    pub fn open(path: &Path) -> Result<Self> {
        let failed = |e| Error::source(path.display().to_string(), 0, e);
        let file = File::open(path).map_err(failed)?;
        let about = file.metadata().map_err(failed)?;
        if about.is_dir() {
            return Err(failed(io::ErrorKind::IsADirectory.into()));
        }
        Self::read(BufReader::with_capacity(1 << 16, file), about.len()).map_err(|flaw| Error::model(path, flaw))
    }

    /// Reads a model that has this many bytes.
    ///
    /// # Errors
    /// What is wrong with it, and where.
    pub fn read(input: impl BufRead, length: u64) -> std::result::Result<Self, Flaw> {
        let mut from = Reader::new(input, length);
        let settings = Settings::read(&mut from)?;
        let Vocabulary { words, word_count, labels, counts, kept } = Vocabulary::read(&mut from)?;
        let input_coded = from.flag()?;
        let input = read_matrix(&mut from, input_coded)?;
        let rows = word_count as u64 + if settings.has_buckets() { needed_rows(kept.as_ref(), &settings) } else { 0 };
        if (input.rows as u64) < rows || input.width != settings.width as usize {
            let detail =
                format!("the first matrix is {} × {}, not {rows} × {}", input.rows, input.width, settings.width);
            return Err(from.flaw(detail));
        }
        let output_coded = from.flag()? && input_coded;
        let output = read_matrix(&mut from, output_coded)?;
        if (output.rows, output.width) != (labels.len(), input.width) {
            let (rows, width) = (labels.len(), input.width);
            let detail = format!("the second matrix is {} × {}, not {rows} × {width}", output.rows, output.width);
            return Err(from.flaw(detail));
        }
        let loss = match settings.loss {
            1 => Loss::tree(&counts),
            3 => Loss::Softmax,
            _ => Loss::Each,
        };
        Ok(Self { settings, words, word_count, labels, kept, input, output, loss })
    }

    /// Its labels as they are stored, `__label__en` for one.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// True when the probabilities of all labels add up to 1; else each label is judged for itself.
    pub fn labels_compete(&self) -> bool {
        !matches!(self.loss, Loss::Each)
    }

    /// The probability of each label for a text, as for one line; none when the model knows nothing of it.
    pub fn probabilities<'s>(&self, text: &str, scratch: &'s mut Scratch) -> &'s [f32] {
        scratch.sum.clear();
        scratch.sum.resize(self.input.width, 0.0);
        scratch.rows = 0;
        scratch.hashes.clear();
        let words = text.as_bytes().split(|b| matches!(b, b' ' | b'\t'..=b'\r' | 0)).filter(|w| !w.is_empty());
        // Who writes the end of a line as a word ends it, for fastText.
        for word in words.take_while(|w| *w != END) {
            self.add_word(word, scratch);
        }
        self.add_word(END, scratch);
        self.add_word_ngrams(scratch);
        scratch.probabilities.clear();
        if scratch.rows > 0 {
            let share = 1.0 / scratch.rows as f32;
            scratch.sum.iter_mut().for_each(|x| *x *= share);
            self.loss.probabilities(&self.output, &scratch.sum, &mut scratch.probabilities);
        }
        &scratch.probabilities
    }

    fn add_word(&self, word: &[u8], scratch: &mut Scratch) {
        match self.words.get(word) {
            Some(&row) if row as usize >= self.word_count => return,
            Some(&row) => self.add_row(row as usize, scratch),
            None if word.starts_with(PREFIX) => return,
            None => {}
        }
        if self.settings.word_ngrams > 1 {
            scratch.hashes.push(word.iter().fold(SEED, hash));
        }
        if self.settings.longest > 0 && word != END {
            self.add_letter_ngrams(word, scratch);
        }
    }

    /// The n-grams of `<word>`, but for `<` and `>` alone.
    fn add_letter_ngrams(&self, word: &[u8], scratch: &mut Scratch) {
        let mut text = std::mem::take(&mut scratch.word);
        text.clear();
        text.push(b'<');
        text.extend_from_slice(word);
        text.push(b'>');
        let begins = |at: usize| text.get(at).is_none_or(|b| b & 0xC0 != 0x80);
        for start in (0..text.len()).filter(|at| begins(*at)) {
            let (mut hashed, mut length) = (SEED, 0);
            for (at, byte) in text.iter().enumerate().skip(start) {
                hashed = hash(hashed, byte);
                if !begins(at + 1) {
                    continue;
                }
                length += 1;
                let bracket = length == 1 && (start == 0 || at + 1 == text.len());
                if length >= self.settings.shortest && !bracket {
                    self.add_bucket(u64::from(hashed), scratch);
                }
                if length >= self.settings.longest {
                    break;
                }
            }
        }
        scratch.word = text;
    }

    fn add_word_ngrams(&self, scratch: &mut Scratch) {
        let hashes = std::mem::take(&mut scratch.hashes);
        // Hashes are signed when they are added up.
        let signed = |hash: u32| i64::from(hash as i32) as u64;
        for (i, first) in hashes.iter().enumerate() {
            let mut sum = signed(*first);
            for next in hashes[i + 1..].iter().take(self.settings.word_ngrams as usize - 1) {
                sum = sum.wrapping_mul(116_049_371).wrapping_add(signed(*next));
                self.add_bucket(sum, scratch);
            }
        }
        scratch.hashes = hashes;
    }

    fn add_bucket(&self, hash: u64, scratch: &mut Scratch) {
        let bucket = (hash % self.settings.buckets as u64) as u32;
        let place = match &self.kept {
            Some(kept) => kept.get(bucket),
            None => Some(bucket),
        };
        if let Some(place) = place {
            self.add_row(self.word_count + place as usize, scratch);
        }
    }

    fn add_row(&self, row: usize, scratch: &mut Scratch) {
        self.input.add_row(row, &mut scratch.sum);
        scratch.rows += 1;
    }
}

const SEED: u32 = 2_166_136_261;

/// One step of FNV-1a, with bytes taken as signed.
fn hash(hash: u32, byte: &u8) -> u32 {
    (hash ^ *byte as i8 as u32).wrapping_mul(16_777_619)
}

fn read_matrix<R: BufRead>(from: &mut Reader<R>, coded: bool) -> Read<Matrix> {
    if coded { Matrix::read_coded(from) } else { Matrix::read_dense(from) }
}

/// Rows after those of the words.
fn needed_rows(kept: Option<&Sparse>, settings: &Settings) -> u64 {
    kept.map_or(settings.buckets as u64, |kept| kept.most().map_or(0, |m| u64::from(m) + 1))
}

impl Settings {
    fn read<R: BufRead>(from: &mut Reader<R>) -> Read<Self> {
        if from.i32()? != MAGIC {
            return Err(from.flaw("not a fastText model"));
        }
        let version = from.i32()?;
        if !(11..=12).contains(&version) {
            return Err(from.flaw(format!("version {version} of the format; 11 and 12 are understood")));
        }
        let width = from.i32()?;
        if width < 1 {
            return Err(from.flaw(format!("vectors of {width} numbers")));
        }
        // Size of window, epochs, least count, negatives: training only.
        for _ in 0..4 {
            from.i32()?;
        }
        let word_ngrams = from.i32()?;
        if word_ngrams > LONGEST {
            return Err(from.flaw(format!("n-grams of {word_ngrams} words")));
        }
        let loss = from.i32()?;
        if !(1..=4).contains(&loss) {
            return Err(from.flaw(format!("loss function {loss}, which is unknown")));
        }
        match from.i32()? {
            3 => {}
            1 | 2 => return Err(from.flaw("word vectors (cbow or skipgram), not a supervised model: it has no labels")),
            other => return Err(from.flaw(format!("model kind {other}, which is unknown"))),
        }
        let buckets = from.i32()?;
        let buckets_at = from.flaw(format!("{buckets} buckets for n-grams"));
        let (shortest, mut longest) = (from.i32()?, from.i32()?);
        if longest > LONGEST {
            return Err(from.flaw(format!("n-grams of {longest} letters")));
        }
        // Rate of updates, threshold of sampling: training only.
        from.i32()?;
        from.i64()?;
        if version == 11 {
            // It was stored, but supervised models of that time did not use it.
            longest = 0;
        }
        let settings = Self { width, word_ngrams, loss, buckets, shortest, longest };
        if settings.has_buckets() && buckets < 1 { Err(buckets_at) } else { Ok(settings) }
    }

    fn has_buckets(&self) -> bool {
        self.longest > 0 || self.word_ngrams > 1
    }
}

struct Vocabulary {
    words: HashMap<Box<[u8]>, u32>,
    word_count: usize,
    labels: Vec<String>,
    /// How often each label was seen.
    counts: Vec<i64>,
    kept: Option<Sparse>,
}

impl Vocabulary {
    fn read<R: BufRead>(from: &mut Reader<R>) -> Read<Self> {
        let size = i64::from(from.i32()?);
        let (word_count, label_count) = (from.i32()?, from.i32()?);
        if word_count < 0 || label_count < 1 || i64::from(word_count) + i64::from(label_count) != size {
            return Err(from.flaw(format!("{size} entries that are {word_count} words and {label_count} labels")));
        }
        // Words seen in training.
        from.i64()?;
        let kept = from.i64()?;
        // Each entry has a zero, a count and a kind at least.
        let size = from.count(size, "words and labels", 10)?;
        let word_count = word_count as usize;
        let (mut words, mut labels, mut counts) = (HashMap::with_capacity(size), Vec::new(), Vec::new());
        let mut sum = 0i64;
        for row in 0..size {
            let (word, count, kind) = (from.word()?, from.i64()?, from.byte()?);
            if kind != u8::from(row >= word_count) {
                return Err(from.flaw("words and labels out of order"));
            }
            if row >= word_count {
                sum = sum.saturating_add(count);
                if count < 0 || sum >= ENDLESS {
                    return Err(from.flaw(format!("a label that was seen {count} times")));
                }
                labels.push(String::from_utf8_lossy(&word).into_owned());
                counts.push(count);
            }
            words.insert(word.into_boxed_slice(), row as u32);
        }
        // -1 where all buckets were kept.
        let kept = if kept < 0 { None } else { Some(Sparse::read(from, kept)?) };
        Ok(Self { words, word_count, labels, counts, kept })
    }
}
