//! `--format parquet`, `--schema` and `--columns`: the same records, as columns and in part.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, ArrayRef, RecordBatch};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::{Value, json};

use super::common::{Made, Scratch};

const RECORDS: &str = "{\"text\":\"Γραμμή ένα\\nLine one\\n12\",\"url\":\"https://a.example/\",\"n\":[1,{\"x\":null}]}\n\
    {\"text\":\"Γραμμή δύο\\nΓραμμή «τρία»\",\"date\":\"2026-03-04\"}\n{\"text\":\"\"}\nno json\n";

fn run(flags: &str) -> (Scratch, Made) {
    let scratch = Scratch::new();
    scratch.write("in.jsonl", RECORDS);
    // Paragraphs of one record in two encodings.
    scratch.write("a.txt", b"\xCA\xE1\xEB\xE7\xEC\xDD\xF1\xE1 \xF3\xE5 \xFC\xEB\xEF\xF5\xF2\n\xCE\x9A\xCE\xB1\xCE\xBB\xCE\xB7\xCE\xBC\xCE\xAD\xCF\x81\xCE\xB1\n");
    let made = scratch.run(&format!("in.jsonl a.txt --out out --identifier script {flags}"));
    made.closes();
    (scratch, made)
}

fn tables(made: &Made, label: &str) -> RecordBatch {
    let file = std::fs::File::open(made.folder.join(format!("data/{label}/part-00000.parquet"))).unwrap();
    let mut tables = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    let table = tables.next().unwrap().unwrap();
    assert!(tables.next().is_none());
    table
}

/// A value as the JSON lines have it.
fn value(column: &ArrayRef, row: usize) -> Value {
    use arrow_schema::DataType::{Float64, Int64, List, Struct, Utf8};
    if column.is_null(row) {
        return Value::Null;
    }
    match column.data_type() {
        Utf8 => column.as_string::<i32>().value(row).into(),
        Int64 => column.as_primitive::<Int64Type>().value(row).into(),
        Float64 => column.as_primitive::<Float64Type>().value(row).into(),
        List(_) => {
            let list = column.as_list::<i32>().value(row);
            (0..list.len()).map(|i| value(&list, i)).collect()
        }
        Struct(fields) => {
            let parts = column.as_struct().columns();
            fields.iter().zip(parts).map(|(field, part)| (field.name().clone(), value(part, row))).collect()
        }
        other => panic!("a column of {other}"),
    }
}

fn rows(table: &RecordBatch) -> Vec<Value> {
    let names: Vec<String> = table.schema().fields().iter().map(|f| f.name().clone()).collect();
    let row = |row| names.iter().zip(table.columns()).map(|(name, c)| (name.clone(), value(c, row))).collect();
    (0..table.num_rows()).map(row).collect()
}

#[test]
fn a_table_has_what_the_lines_have() {
    let (scratch, made) = run("--format parquet");
    let (_lines_scratch, lines) = run("--format jsonl");
    let mut several = 0;
    for label in lines.labels() {
        let records = lines.records(&format!("data/{label}"));
        let rows = rows(&tables(&made, &label));
        assert_eq!(rows.len(), records.len());
        for (row, mut record) in rows.into_iter().zip(records) {
            // What may be one name or several is a list, what nobody knows the members of is text.
            if record["encoding"].is_string() {
                record["encoding"] = json!([record["encoding"]]);
            } else {
                several += 1;
            }
            let mut row = row;
            if let Some(text) = row["metadata"].as_str() {
                row["metadata"] = serde_json::from_str(text).unwrap();
            }
            for (name, found) in row.as_object().unwrap() {
                let absent = if name == "flags" { json!([]) } else { Value::Null };
                assert_eq!(found, record.get(name).unwrap_or(&absent), "{name}");
            }
            assert!(record.as_object().unwrap().keys().all(|name| row.get(name).is_some()));
        }
    }
    assert_eq!(several, 1, "a record with lines in two encodings");
    assert_eq!(made.records("rejects"), lines.records("rejects"));
    let done = scratch.call(&["verify", "out"]).ended(0);
    assert!(done.stderr.contains("are accounted for"), "{}", done.stderr);
}

#[test]
fn a_flipped_bit_of_a_table_is_found() {
    let (scratch, made) = run("--format parquet");
    let path = made.folder.join("data/ell_Grek/part-00000.parquet");
    let whole = std::fs::read(&path).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 40) {
        let mut bytes = whole.clone();
        bytes[at] ^= 4;
        std::fs::write(&path, &bytes).unwrap();
        let done = scratch.call(&["verify", "out"]).ended(1);
        assert!(done.stderr.contains("data/ell_Grek/part-00000.parquet"), "{}", done.stderr);
    }
}

#[test]
fn a_row_that_is_missing_is_found_though_the_ledger_was_changed() {
    use sha2::Digest;
    let (scratch, made) = run("--format parquet");
    let path = made.folder.join("data/ell_Grek/part-00000.parquet");
    let table = tables(&made, "ell_Grek");
    let short = table.slice(0, table.num_rows() - 1);
    let mut writer = parquet::arrow::ArrowWriter::try_new(Vec::new(), short.schema(), None).unwrap();
    writer.write(&short).unwrap();
    let bytes = writer.into_inner().unwrap();
    let mut ledger = made.json("ledger.json");
    for output in ledger["outputs"].as_array_mut().unwrap() {
        if output["path"] == "data/ell_Grek/part-00000.parquet" {
            let hash = sha2::Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect::<String>();
            (output["records"], output["bytes"]) = (short.num_rows().into(), bytes.len().into());
            output["sha256"] = hash.into();
        }
    }
    std::fs::write(&path, bytes).unwrap();
    std::fs::write(made.folder.join("ledger.json"), ledger.to_string()).unwrap();
    let done = scratch.call(&["verify", "out"]).ended(1);
    assert!(done.stderr.contains("bytes kept as ell_Grek"), "{}", done.stderr);
}

#[test]
fn schemas_have_their_fields() {
    for format in ["jsonl", "parquet"] {
        for (flags, names, whole) in [
            ("--schema minimal", "text id language", false),
            ("--schema fineweb", "text id url date file_path language language_script language_score", false),
            ("--schema dolma", "id text source created metadata", true),
            ("--columns language,text", "text language", false),
            ("--columns spans,file_path,language_script,language", "file_path language language_script spans", true),
            ("--schema dolma --columns text", "text", false),
        ] {
            let (scratch, made) = run(&format!("--format {format} {flags}"));
            let found: Vec<Vec<String>> = if format == "parquet" {
                vec![tables(&made, "ell_Grek").schema().fields().iter().map(|f| f.name().clone()).collect()]
            } else {
                let keys = |r: &Value| r.as_object().unwrap().keys().cloned().collect();
                made.records("data/ell_Grek").iter().map(keys).collect()
            };
            for found in found {
                let mut wanted = names.split(' ').filter(|n| format == "parquet" || found.iter().any(|f| f == n));
                assert!(found.len() + 2 >= names.split(' ').count(), "{flags}: {found:?}");
                assert!(found.iter().all(|f| names.split(' ').any(|n| n == f)), "{flags}: {found:?}");
                if format == "parquet" {
                    assert!(found.iter().all(|f| wanted.next() == Some(f)), "{flags}: {found:?}");
                }
            }
            let done = scratch.call(&["verify", "out"]).ended(0);
            assert_eq!(done.stderr.contains("are accounted for"), whole, "{flags}: {}", done.stderr);
            assert_eq!(done.stderr.contains("can't be told from records of"), !whole, "{flags}: {}", done.stderr);
        }
    }
}

#[test]
fn a_record_of_dolma_has_all_else_under_metadata() {
    let (_scratch, made) = run("--format jsonl --schema dolma");
    let (_other, full) = run("--format jsonl");
    for (record, full) in made.records("data/ell_Grek").iter().zip(full.records("data/ell_Grek")) {
        assert_eq!(
            (&record["id"], &record["text"], &record["source"]),
            (&full["id"], &full["text"], &full["file_path"])
        );
        assert_eq!(record.get("created"), full.get("date"));
        for name in ["document_id", "url", "language", "language_script", "language_score", "spans", "metadata"] {
            assert_eq!(record["metadata"].get(name), full.get(name), "{name}");
        }
    }
}

#[test]
fn a_column_that_is_not_there_is_one_line() {
    let scratch = Scratch::new();
    scratch.write("in.jsonl", RECORDS);
    let done = scratch.call(&["run", "in.jsonl", "--out", "out", "--columns", "text,txet"]);
    done.refused(&["--columns", "txet", "document_id", "language_script", "metadata"]);
    assert!(!scratch.exists("out"));
}

#[test]
fn bare_text_in_zstd() {
    let (scratch, made) = run("--format txt.zst");
    let packed = std::fs::read(made.folder.join("data/ell_Grek/part-00000.txt.zst")).unwrap();
    let text = String::from_utf8(zstd::decode_all(&packed[..]).unwrap()).unwrap();
    assert!(text.starts_with("Γραμμή ένα\n\nΓραμμή δύο\nΓραμμή «τρία»\n\n"), "{text}");
    assert!(made.folder.join("rejects/part-00000.jsonl.zst").is_file());
    let done = scratch.call(&["verify", "out"]).ended(0);
    assert!(done.stderr.contains("can't be told from records of text alone"), "{}", done.stderr);
}
