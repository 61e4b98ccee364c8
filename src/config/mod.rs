//! [`Config`]: every setting once, as a Rust structure, as TOML and as flags.

mod validate;
mod values;

use serde::{Deserialize, Serialize};

pub use self::values::{ByteSize, LabelSet, Limit, Shard, Words};

/// All settings. A key of the TOML file is the name of the flag without its dashes.
///
/// ```
/// use babelsift::{Config, config::Form};
/// let config = Config { normalize: Form::Nfkc, ..Config::default() };
/// assert!(config.validate().is_ok());
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Config {
    /// What a paragraph is: a line, a block between blank lines, or whichever the document shows.
    #[cfg_attr(feature = "cli", arg(long, value_name = "HOW", help_heading = TEXT))]
    pub paragraphs: Paragraphs,
    /// What becomes of bytes that their encoding does not explain: `cp1252` (in UTF-8 a quote, a dash or a letter of
    /// windows-1252, else U+FFFD), `replace` (U+FFFD) or `reject` (the paragraph goes to the rejects).
    #[cfg_attr(feature = "cli", arg(long, value_name = "HOW", help_heading = TEXT))]
    pub on_malformed: OnMalformed,
    /// Unicode normalization form.
    #[cfg_attr(feature = "cli", arg(long, value_name = "FORM", help_heading = TEXT))]
    pub normalize: Form,
    /// Repairs to run: a profile (`conservative`, `standard`, `ftfy`, `none`, `all`), changed by names with `=on`, `=off`,
    /// `=known` (on where the language is known) or `=flag` (the record says that it is there); names alone are all that runs
    /// (`standard,quotes=on`, `spaces`).
    #[cfg_attr(feature = "cli", arg(long, value_name = "NAMES", help_heading = TEXT))]
    pub repairs: Words,
    /// What becomes of a stretch in a language or script foreign to its paragraph: a fragment of its own, left in place, or
    /// (`drop`) to the rejects.
    #[cfg_attr(feature = "cli", arg(long, value_name = "HOW", help_heading = TEXT))]
    pub fragments: Fragments,
    /// How readily languages are parted within a paragraph: `balanced`, `conservative` (only what is plain to see), or
    /// `code-switch` (word by word, for texts whose writers change the language within a sentence).
    #[cfg_attr(feature = "cli", arg(long, value_name = "HOW", help_heading = TEXT))]
    pub separation: Separation,
    /// Words from which on a foreign stretch inside a sentence is a fragment of its own. Shorter ones are names and
    /// terms. For `code-switch` one word is enough.
    #[cfg_attr(feature = "cli", arg(long, value_name = "WORDS", help_heading = TEXT))]
    pub min_fragment: usize,

    /// Engine: ngram (our own), whatlang, script, fasttext:PATH (a fastText model, .bin or .ftz), or, if built with it, lingua or
    /// lingua:low (less memory, less accurate on short texts).
    #[cfg_attr(feature = "cli", arg(long, value_name = "ENGINE", help_heading = LANGUAGE))]
    pub identifier: String,
    /// Answer only these languages (`eng_Latn,ru,zh-Hant`); all when empty.
    #[cfg_attr(feature = "cli", arg(long, value_name = "LABELS", help_heading = LANGUAGE))]
    pub languages: LabelSet,
    /// Score (0 to 1) below which the language is unknown (`und_<Script>`).
    #[cfg_attr(feature = "cli", arg(long, value_name = "SCORE", help_heading = LANGUAGE))]
    pub min_score: f32,
    /// What a fragment that is unsure of its label takes into account besides itself: the others of its document, or
    /// none.
    #[cfg_attr(feature = "cli", arg(long, value_name = "WHAT", help_heading = LANGUAGE))]
    pub prior: Prior,

    /// Roles that leave the corpora for the rejects: `default` (ui, boilerplate, duplicate and noise), `none` or names of roles; with
    /// `=drop` and `=keep` they change the default. A fragment in a language foreign to its page stays for its own language's
    /// corpus, unless `foreign` is among them.
    #[cfg_attr(feature = "cli", arg(long, value_name = "ROLES", help_heading = FILTERS))]
    pub roles: Words,
    /// Letters below which a fragment is rejected; 0 keeps all.
    #[cfg_attr(feature = "cli", arg(long, value_name = "N", help_heading = FILTERS))]
    pub min_letters: usize,

    /// How inputs are read: by their first bytes and names, or all as one format.
    #[cfg_attr(feature = "cli", arg(long, value_name = "FORMAT", help_heading = INPUT))]
    pub input_format: InputFormat,
    /// What is read of a page of HTML: its main text (what is beside it goes to the rejects), or all text that is shown.
    #[cfg_attr(feature = "cli", arg(long, value_name = "WHAT", help_heading = INPUT))]
    pub html_text: Html,
    /// Field of JSON records, or column of a table, that holds the text; when empty, the first of text, content and raw_content.
    #[cfg_attr(feature = "cli", arg(long, value_name = "NAME", help_heading = INPUT))]
    pub text_field: String,
    /// Largest piece of one document in memory (`4M`). Longer texts are cut at a line end into numbered parts, longer
    /// lines and records rejected.
    #[cfg_attr(feature = "cli", arg(long, value_name = "BYTES", help_heading = INPUT))]
    pub max_document: ByteSize,

    /// Files, URLs and MIME types to read, as globs with commas between (`*.txt,https://*.example/*,text/*`); all when empty.
    #[cfg_attr(feature = "cli", arg(long, value_name = "GLOBS", help_heading = INPUT))]
    pub include: Words,
    /// Files, URLs and MIME types not to read; wins over `include`.
    #[cfg_attr(feature = "cli", arg(long, value_name = "GLOBS", help_heading = INPUT))]
    pub exclude: Words,
    /// Share of the records (0 to 1) to read; the same ones for the same seed.
    #[cfg_attr(feature = "cli", arg(long, value_name = "SHARE", help_heading = INPUT))]
    pub sample: f64,
    /// Seed of the sample.
    #[cfg_attr(feature = "cli", arg(long, value_name = "N", help_heading = INPUT))]
    pub seed: u64,
    /// Records after which reading ends; 0 reads all.
    #[cfg_attr(feature = "cli", arg(long, value_name = "N", help_heading = INPUT))]
    pub limit_records: u64,
    /// Which share of the inputs to read (`0/7` up to `6/7`), for as many machines that need nothing from each other;
    /// `babelsift merge` makes one folder of theirs.
    #[cfg_attr(feature = "cli", arg(long, value_name = "I/N", help_heading = INPUT))]
    pub shard: Shard,
    /// Pages of a wiki to read: namespaces by number (0 articles, 1 talk, 10 templates), `redirects`, `all`.
    #[cfg_attr(feature = "cli", arg(long, value_name = "PAGES", help_heading = INPUT))]
    pub wiki: Words,
    /// Containers and compressions that are opened in each other, 100 at most.
    #[cfg_attr(feature = "cli", arg(long, value_name = "N", help_heading = INPUT))]
    pub max_depth: u32,
    /// Entries of one archive that are opened.
    #[cfg_attr(feature = "cli", arg(long, value_name = "N", help_heading = INPUT))]
    pub max_entries: u64,
    /// How many times larger than the file what is packed in it may be (4 MiB are allowed in any case); 0 for no bound.
    #[cfg_attr(feature = "cli", arg(long, value_name = "N", help_heading = INPUT))]
    pub max_ratio: u64,
    /// Characters of an entry's name that are told.
    #[cfg_attr(feature = "cli", arg(long, value_name = "N", help_heading = INPUT))]
    pub max_name: u32,
    /// Largest header of a record of a web archive or message, and of an entry of an archive.
    #[cfg_attr(feature = "cli", arg(long, value_name = "BYTES", help_heading = INPUT))]
    pub max_header: ByteSize,
    /// Largest piece that is held in memory as a whole because its format asks for it: a page of Parquet, a batch of
    /// Arrow, a Parquet file in an archive or pipe (`128M`).
    #[cfg_attr(feature = "cli", arg(long, value_name = "BYTES", help_heading = INPUT))]
    pub max_held: ByteSize,

    /// Format of the corpora and rejects.
    #[cfg_attr(feature = "cli", arg(long, value_name = "FORMAT", help_heading = OUTPUT))]
    pub format: Format,
    /// Fields of the records: `full` (FineWeb-2's and ours), `fineweb` (those of FineWeb-2 alone), `dolma` (its names, all else
    /// under `metadata`) or `minimal` (text, id, language).
    #[cfg_attr(feature = "cli", arg(long, value_name = "SCHEMA", help_heading = OUTPUT))]
    pub schema: Schema,
    /// Only these fields of the schema (`text,id,url`); all when empty. Their order is that of the schema.
    #[cfg_attr(feature = "cli", arg(long, value_name = "NAMES", help_heading = OUTPUT))]
    pub columns: Words,
    /// What one record is.
    #[cfg_attr(feature = "cli", arg(long, value_name = "UNIT", help_heading = OUTPUT))]
    pub unit: Unit,
    /// Compression level (zstd 1 to 19, gzip 1 to 9).
    #[cfg_attr(feature = "cli", arg(long, value_name = "N", help_heading = OUTPUT))]
    pub level: u8,
    /// Largest part of a corpus (`part-00000`, `part-00001`, ...), before compression; 0 for no bound. A record is never divided.
    #[cfg_attr(feature = "cli", arg(long, value_name = "BYTES", help_heading = OUTPUT))]
    pub shard_size: ByteSize,

    /// Share of the bytes read (0 to 1) that may be rejected before the exit status becomes 1.
    #[cfg_attr(feature = "cli", arg(long, value_name = "SHARE", help_heading = RUNNING))]
    pub max_reject_rate: f64,
    /// Records and inputs that may be bad (rejected in reading or decoding, not by a filter) before the exit status becomes
    /// 1; `none` for any number.
    #[cfg_attr(feature = "cli", arg(long, value_name = "N", help_heading = RUNNING))]
    pub max_errors: Limit,
    /// Space to leave free where the folder is made: a run stops before it uses it up; 0 not to look.
    #[cfg_attr(feature = "cli", arg(long, value_name = "BYTES", help_heading = RUNNING))]
    pub min_free: ByteSize,
    /// Stop at the first input that is damaged or can't be read, instead of recording it and going on.
    #[cfg_attr(feature = "cli", arg(long, value_name = "BOOL", action = clap::ArgAction::Set, num_args = 0..=1, default_missing_value = "true", help_heading = RUNNING))]
    pub strict: bool,
    /// Payload that one worker gets at a time (`1M`). Does not change the output.
    #[cfg_attr(feature = "cli", arg(long, value_name = "BYTES", help_heading = RUNNING))]
    pub batch_size: ByteSize,
    /// Seconds after which a run takes down how far it is, to be resumed from there if it is killed; 0 does so after every batch.
    /// Does not change the output.
    #[cfg_attr(feature = "cli", arg(long, value_name = "SECONDS", help_heading = RUNNING))]
    pub checkpoint: u64,
    /// Worker threads, 1024 at most; 0 for one a core. Does not change the output.
    #[cfg_attr(feature = "cli", arg(long, short = 'j', value_name = "N", help_heading = RUNNING))]
    pub threads: usize,
}

#[cfg(feature = "cli")]
mod headings {
    pub(super) const TEXT: &str = "Text";
    pub(super) const LANGUAGE: &str = "Language";
    pub(super) const FILTERS: &str = "Filters";
    pub(super) const INPUT: &str = "Input";
    pub(super) const OUTPUT: &str = "Output";
    pub(super) const RUNNING: &str = "Running";
}
#[cfg(feature = "cli")]
use headings::{FILTERS, INPUT, LANGUAGE, OUTPUT, RUNNING, TEXT};

impl Default for Config {
    fn default() -> Self {
        Self {
            paragraphs: Paragraphs::Auto,
            on_malformed: OnMalformed::Cp1252,
            normalize: Form::Nfc,
            repairs: Words(vec!["conservative".to_owned()]),
            fragments: Fragments::Separate,
            separation: Separation::Balanced,
            min_fragment: 4,
            identifier: "ngram".to_owned(),
            languages: LabelSet::default(),
            min_score: 0.15,
            prior: Prior::Document,
            roles: Words(vec!["default".to_owned()]),
            min_letters: 0,
            input_format: InputFormat::Auto,
            html_text: Html::Main,
            text_field: String::new(),
            max_document: ByteSize(4 << 20),
            include: Words::default(),
            exclude: Words::default(),
            sample: 1.0,
            seed: 0,
            limit_records: 0,
            shard: Shard::default(),
            wiki: Words(vec!["0".to_owned()]),
            max_depth: 5,
            max_entries: 10_000_000,
            max_ratio: 1000,
            max_name: 1000,
            max_header: ByteSize(256 << 10),
            max_held: ByteSize(128 << 20),
            format: if cfg!(feature = "compress") { Format::JsonlZst } else { Format::Jsonl },
            schema: Schema::Full,
            columns: Words::default(),
            unit: Unit::Document,
            level: 3,
            shard_size: ByteSize(4 << 30),
            max_reject_rate: 1.0,
            max_errors: Limit(None),
            min_free: ByteSize(64 << 20),
            strict: false,
            batch_size: ByteSize(1 << 20),
            checkpoint: 10,
            threads: 0,
        }
    }
}

macro_rules! choices {
    ($(#[$doc:meta])* $name:ident { $($(#[$item_doc:meta])* $item:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$item_doc])* #[serde(rename = $text)] #[cfg_attr(feature = "cli", value(name = $text))] $item,)+
        }

        impl $name {
            /// Name as in flags and files.
            pub fn name(self) -> &'static str {
                match self { $(Self::$item => $text,)+ }
            }
        }
    };
}

choices! {
    /// What a paragraph is.
    Paragraphs {
        /// A line, unless the document is hard-wrapped: then its blocks are joined.
        Auto = "auto",
        /// A line.
        Line = "line",
        /// The lines between two blank lines.
        Blank = "blank",
    }
}

choices! {
    /// What becomes of bytes that their encoding does not explain.
    OnMalformed {
        /// In UTF-8 a stray byte is the quote, dash or letter that it is in windows-1252; all others become U+FFFD.
        Cp1252 = "cp1252",
        /// Each sequence becomes U+FFFD.
        Replace = "replace",
        /// The paragraph is rejected.
        Reject = "reject",
    }
}

choices! {
    /// Unicode normalization form (UAX #15).
    Form {
        /// Canonical composition.
        Nfc = "nfc",
        /// Compatibility composition: loses distinctions such as superscripts and ligatures.
        Nfkc = "nfkc",
        /// Canonical decomposition.
        Nfd = "nfd",
        /// Compatibility decomposition.
        Nfkd = "nfkd",
        /// Text stays as it is.
        None = "none",
    }
}

choices! {
    /// What becomes of a foreign stretch of a paragraph.
    Fragments {
        /// A fragment of its own.
        Separate = "separate",
        /// Left in place: a paragraph is one fragment.
        Keep = "keep",
        /// A fragment of its own that goes to the rejects; `segment` leaves it out, or with `--jsonl` says `drop` as its `verdict`.
        Drop = "drop",
    }
}

choices! {
    /// How readily languages are parted within a paragraph.
    Separation {
        /// Only what is plain to see.
        Conservative = "conservative",
        /// Sentences, quotations and lines.
        Balanced = "balanced",
        /// Word by word.
        CodeSwitch = "code-switch",
    }
}

choices! {
    /// What an unsure fragment takes into account besides itself.
    Prior {
        /// What the others of its document and script are likely to be.
        Document = "document",
        /// Nothing.
        None = "none",
    }
}

choices! {
    /// How inputs are read.
    InputFormat {
        /// By first bytes, then name.
        Auto = "auto",
        /// One document a file.
        Text = "text",
        /// One JSON object a line.
        Jsonl = "jsonl",
        /// WARC and WET: archives of the web.
        Warc = "warc",
        /// A tape archive.
        Tar = "tar",
        /// A zip archive, or a book (EPUB).
        Zip = "zip",
        /// A table with a column of text, its columns between commas, tabs or semicolons.
        Csv = "csv",
        /// A table in columns, as datasets are published in.
        Parquet = "parquet",
        /// The same as Arrow writes it: IPC, file or stream.
        Arrow = "arrow",
        /// A mailbox.
        Mbox = "mbox",
        /// A mail.
        Mail = "mail",
        /// A dump of MediaWiki in XML.
        Wiki = "wiki",
        /// Subtitles: SubRip or WebVTT.
        Subtitles = "subtitles",
        /// One page a file.
        Html = "html",
    }
}

choices! {
    /// What is read of a page.
    Html {
        /// The text for whose sake it is there.
        Main = "main",
        /// All text that is shown.
        All = "all",
    }
}

impl Html {
    /// As the reader of pages takes it.
    pub fn mode(self) -> crate::html::Mode {
        match self {
            Self::Main => crate::html::Mode::Main,
            Self::All => crate::html::Mode::All,
        }
    }
}

choices! {
    /// Format of the output files.
    Format {
        /// JSON lines in independent zstd frames.
        JsonlZst = "jsonl.zst",
        /// JSON lines in independent gzip members.
        JsonlGz = "jsonl.gz",
        /// JSON lines.
        Jsonl = "jsonl",
        /// A table in columns, its pages in zstd; rejects are JSON lines in zstd.
        Parquet = "parquet",
        /// Bare text, a blank line between records; rejects stay JSON lines.
        Txt = "txt",
        /// Bare text in independent zstd frames.
        TxtZst = "txt.zst",
    }
}

impl Format {
    /// True when it needs the feature `compress`.
    pub fn is_compressed(self) -> bool {
        matches!(self, Self::JsonlZst | Self::JsonlGz | Self::TxtZst)
    }

    /// True when records are bare text.
    pub fn is_text(self) -> bool {
        matches!(self, Self::Txt | Self::TxtZst)
    }
}

choices! {
    /// Fields of output records.
    Schema {
        /// All that is known.
        Full = "full",
        /// Those that FineWeb-2 has too.
        Fineweb = "fineweb",
        /// As the documents of Dolma.
        Dolma = "dolma",
        /// Text, id and language.
        Minimal = "minimal",
    }
}

choices! {
    /// What one output record is.
    Unit {
        /// The paragraphs of one document in one label.
        Document = "document",
        /// The fragments of one paragraph in one label.
        Paragraph = "paragraph",
        /// One fragment.
        Fragment = "fragment",
    }
}
