//! The fields of records: what they are called, which of them a schema has and which the user wants.

use crate::config::{Config, Schema};
use crate::error::{Error, Result};

/// A field of records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Text,
    Id,
    DocumentId,
    Url,
    Date,
    FilePath,
    Entry,
    Record,
    Part,
    Language,
    LanguageScript,
    LanguageScore,
    Encoding,
    Repairs,
    Flags,
    Spans,
    Metadata,
    /// `file_path`, as Dolma names it.
    Source,
    /// `date`, as Dolma names it.
    Created,
    /// All that Dolma has no field for.
    Details,
}

/// What the values of a field are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    Score,
    Names,
    Spans,
    /// An object with members that nobody knows beforehand.
    Object,
}

impl Field {
    pub(super) fn name(self) -> &'static str {
        self.row().0
    }

    pub(super) fn kind(self) -> Kind {
        self.row().1
    }

    /// True where records may do without it.
    #[cfg(feature = "parquet")]
    pub(super) fn may_be_absent(self) -> bool {
        matches!(self, Self::Url | Self::Date | Self::Entry | Self::Part | Self::Metadata | Self::Created)
    }

    fn row(self) -> (&'static str, Kind) {
        match self {
            Self::Text => ("text", Kind::Text),
            Self::Id => ("id", Kind::Text),
            Self::DocumentId => ("document_id", Kind::Text),
            Self::Url => ("url", Kind::Text),
            Self::Date => ("date", Kind::Text),
            Self::FilePath => ("file_path", Kind::Text),
            Self::Entry => ("entry", Kind::Text),
            Self::Record => ("record", Kind::Number),
            Self::Part => ("part", Kind::Number),
            Self::Language => ("language", Kind::Text),
            Self::LanguageScript => ("language_script", Kind::Text),
            Self::LanguageScore => ("language_score", Kind::Score),
            Self::Encoding => ("encoding", Kind::Names),
            Self::Repairs => ("repairs", Kind::Names),
            Self::Flags => ("flags", Kind::Names),
            Self::Spans => ("spans", Kind::Spans),
            Self::Metadata | Self::Details => ("metadata", Kind::Object),
            Self::Source => ("source", Kind::Text),
            Self::Created => ("created", Kind::Text),
        }
    }
}

/// All that is known of a record, in the order in which it is written.
const FULL: &[Field] = &[
    Field::Text,
    Field::Id,
    Field::DocumentId,
    Field::Url,
    Field::Date,
    Field::FilePath,
    Field::Entry,
    Field::Record,
    Field::Part,
    Field::Language,
    Field::LanguageScript,
    Field::LanguageScore,
    Field::Encoding,
    Field::Repairs,
    Field::Flags,
    Field::Spans,
    Field::Metadata,
];

/// Those that FineWeb-2 has too.
const FINEWEB: &[Field] = &[
    Field::Text,
    Field::Id,
    Field::Url,
    Field::Date,
    Field::FilePath,
    Field::Language,
    Field::LanguageScript,
    Field::LanguageScore,
];

/// Documents of Dolma; when a document was added is left out, since nothing in a folder depends on a clock.
const DOLMA: &[Field] = &[Field::Id, Field::Text, Field::Source, Field::Created, Field::Details];

const MINIMAL: &[Field] = &[Field::Text, Field::Id, Field::Language];

/// Members of what Dolma has no field for.
pub(super) const DETAILS: &[Field] = &[
    Field::DocumentId,
    Field::Url,
    Field::FilePath,
    Field::Entry,
    Field::Record,
    Field::Part,
    Field::Language,
    Field::LanguageScript,
    Field::LanguageScore,
    Field::Encoding,
    Field::Repairs,
    Field::Flags,
    Field::Spans,
    Field::Metadata,
];

/// What it takes to say which bytes of the input a record was made of.
const PROVENANCE: [Field; 4] = [Field::FilePath, Field::Language, Field::LanguageScript, Field::Spans];

fn of_schema(schema: Schema) -> &'static [Field] {
    match schema {
        Schema::Full => FULL,
        Schema::Fineweb => FINEWEB,
        Schema::Dolma => DOLMA,
        Schema::Minimal => MINIMAL,
    }
}

/// The fields that records have, in order.
pub(super) fn fields(config: &Config) -> Vec<Field> {
    let wanted = &config.columns.0;
    let is_wanted = |field: &&Field| wanted.is_empty() || wanted.iter().any(|name| name == field.name());
    of_schema(config.schema).iter().filter(is_wanted).copied().collect()
}

/// Checks the names of the columns.
///
/// # Errors
/// [`Error::Config`] for one that the schema does not have.
pub(crate) fn check(config: &Config) -> Result<()> {
    let names: Vec<&str> = of_schema(config.schema).iter().map(|f| f.name()).collect();
    match config.columns.0.iter().find(|wanted| !names.contains(&wanted.as_str())) {
        None => Ok(()),
        Some(wanted) => {
            let schema = config.schema.name();
            Err(Error::config(format!("--columns: no {wanted} in --schema {schema}, which has {}", names.join(", "))))
        }
    }
}

/// Names of the fields that records have, for the ledger; none when these are all.
pub(crate) fn chosen(config: &Config) -> Vec<String> {
    let fields = if config.format.is_text() { vec![Field::Text] } else { fields(config) };
    if fields == FULL { Vec::new() } else { fields.iter().map(|f| f.name().to_owned()).collect() }
}

/// True when records with these fields say which bytes of the input they were made of.
pub(crate) fn tell_sources(chosen: &[String]) -> bool {
    let has = |field: Field| chosen.iter().any(|name| name == field.name());
    // Only Dolma has a `source`, and in its `metadata` is all.
    let in_metadata = has(Field::Source) && has(Field::Metadata);
    chosen.is_empty() || in_metadata || PROVENANCE.into_iter().all(has)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Words;

    #[test]
    fn columns_are_those_of_the_schema_in_its_order() {
        let names = |schema, columns: &str| {
            let columns: Words = columns.parse().unwrap();
            let config = Config { schema, columns, ..Config::default() };
            check(&config).map(|()| chosen(&config).join(",")).map_err(|e| e.to_string())
        };
        assert_eq!(names(Schema::Full, "").unwrap(), "");
        assert_eq!(names(Schema::Full, "language,text").unwrap(), "text,language");
        assert_eq!(names(Schema::Dolma, "").unwrap(), "id,text,source,created,metadata");
        assert_eq!(names(Schema::Dolma, "text,id").unwrap(), "id,text");
        let wrong = names(Schema::Minimal, "text,txet").unwrap_err();
        assert!(wrong.ends_with("--columns: no txet in --schema minimal, which has text, id, language"), "{wrong}");
    }

    #[test]
    fn which_records_tell_their_sources() {
        let tells = |names: &str| tell_sources(&names.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert!(tell_sources(&[]) && tells("id text source created metadata"));
        assert!(tells("file_path language language_script spans"));
        assert!(!tells("text id metadata") && !tells("file_path language spans") && !tells("id text source"));
    }
}
