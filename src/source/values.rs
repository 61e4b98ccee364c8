//! Values of Arrow as JSON: lists and structures with their parts, dates as ISO 8601 writes them, bytes that are no text as
//! base64.

use std::fmt::{Display, Write as _};
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{
    ArrowDictionaryKeyType, ArrowPrimitiveType, ArrowTemporalType, Date32Type, Date64Type, Decimal32Type,
    Decimal64Type, Decimal128Type, Decimal256Type, DecimalType, DurationMicrosecondType, DurationMillisecondType,
    DurationNanosecondType, DurationSecondType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, IntervalDayTimeType, IntervalMonthDayNanoType, IntervalYearMonthType, RunEndIndexType,
    Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, ArrayRef, GenericListViewArray, OffsetSizeTrait, RecordBatch};
use arrow_schema::{DataType, IntervalUnit, TimeUnit};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::payload::json_string;

/// A value is larger than allowed.
pub(super) struct TooLarge;

/// Calls a function with the type of a column's values, which is that of its type of data.
macro_rules! with_type {
    ($kind:expr, $call:ident $arguments:tt, { $($pattern:pat => $type:ty,)+ }) => {
        match $kind { $($pattern => $call::<$type> $arguments,)+ _ => {} }
    };
}

/// Appends a value, until `out` is `end` bytes long.
pub(super) fn json(column: &dyn Array, row: usize, out: &mut String, end: usize) -> Result<(), TooLarge> {
    if out.len() > end {
        return Err(TooLarge);
    }
    if column.is_null(row) {
        out.push_str("null");
        return Ok(());
    }
    if let Some(bytes) = bytes(column, row) {
        if out.len() + bytes.len() > end {
            return Err(TooLarge);
        }
        text(bytes, out);
        return Ok(());
    }
    match column.data_type() {
        DataType::Boolean => out.push_str(if column.as_boolean().value(row) { "true" } else { "false" }),
        DataType::List(_) => return list(&column.as_list::<i32>().value(row), out, end),
        DataType::LargeList(_) => return list(&column.as_list::<i64>().value(row), out, end),
        DataType::FixedSizeList(..) => return list(&column.as_fixed_size_list().value(row), out, end),
        DataType::ListView(_) => return list(&viewed(column.as_list_view::<i32>(), row), out, end),
        DataType::LargeListView(_) => return list(&viewed(column.as_list_view::<i64>(), row), out, end),
        DataType::Struct(_) => return structure(column, row, out, end),
        DataType::Map(..) => return list(&(Arc::new(column.as_map().value(row)) as ArrayRef), out, end),
        DataType::Dictionary(..) => {
            let Some((values, row)) = chosen(column, row) else {
                out.push_str("null");
                return Ok(());
            };
            return json(values, row, out, end);
        }
        DataType::Union(..) => return json(&column.as_union().value(row), 0, out, end),
        DataType::RunEndEncoded(ends, _) => {
            return match ends.data_type() {
                DataType::Int16 => run::<Int16Type>(column, row, out, end),
                DataType::Int32 => run::<Int32Type>(column, row, out, end),
                _ => run::<Int64Type>(column, row, out, end),
            };
        }
        _ => plain(column, row, out),
    }
    Ok(())
}

/// Appends a row as an object, whatever its size.
pub(super) fn object(table: &RecordBatch, row: usize, out: &mut String) {
    out.push('{');
    for (i, (field, column)) in table.schema_ref().fields().iter().zip(table.columns()).enumerate() {
        if i > 0 {
            out.push(',');
        }
        json_string(out, field.name());
        out.push(':');
        // There is no end that it could be cut off at.
        let _ = json(column, row, out, usize::MAX);
    }
    out.push('}');
}

/// A value as bytes, if it is text or bytes.
pub(super) fn bytes(column: &dyn Array, row: usize) -> Option<&[u8]> {
    if column.is_null(row) {
        return None;
    }
    Some(match column.data_type() {
        DataType::Utf8 => column.as_string::<i32>().value(row).as_bytes(),
        DataType::LargeUtf8 => column.as_string::<i64>().value(row).as_bytes(),
        DataType::Utf8View => column.as_string_view().value(row).as_bytes(),
        DataType::Binary => column.as_binary::<i32>().value(row),
        DataType::LargeBinary => column.as_binary::<i64>().value(row),
        DataType::BinaryView => column.as_binary_view().value(row),
        DataType::FixedSizeBinary(_) => column.as_fixed_size_binary().value(row),
        DataType::Dictionary(..) => {
            let (values, row) = chosen(column, row)?;
            return bytes(values, row);
        }
        _ => return None,
    })
}

/// True for columns of text or bytes.
pub(super) fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

/// Text as a JSON string, other bytes as base64.
fn text(bytes: &[u8], out: &mut String) {
    match simdutf8::basic::from_utf8(bytes) {
        Ok(text) => json_string(out, text),
        Err(_) => {
            out.push('"');
            STANDARD.encode_string(bytes, out);
            out.push('"');
        }
    }
}

/// The value that a key of a dictionary stands for.
fn chosen(column: &dyn Array, row: usize) -> Option<(&dyn Array, usize)> {
    let dictionary = column.as_any_dictionary_opt()?;
    let keys = dictionary.keys();
    let mut key = None;
    with_type!(keys.data_type(), key_of(keys, row, &mut key), {
        DataType::Int8 => Int8Type,
        DataType::Int16 => Int16Type,
        DataType::Int32 => Int32Type,
        DataType::Int64 => Int64Type,
        DataType::UInt8 => UInt8Type,
        DataType::UInt16 => UInt16Type,
        DataType::UInt32 => UInt32Type,
        DataType::UInt64 => UInt64Type,
    });
    let values = dictionary.values();
    key.filter(|key| *key < values.len()).map(|key| (values.as_ref(), key))
}

fn key_of<K: ArrowDictionaryKeyType>(keys: &dyn Array, row: usize, key: &mut Option<usize>) {
    use arrow_buffer::ArrowNativeType as _;
    *key = keys.as_primitive::<K>().value(row).to_usize();
}

fn run<K: RunEndIndexType>(column: &dyn Array, row: usize, out: &mut String, end: usize) -> Result<(), TooLarge> {
    let run = column.as_run::<K>();
    json(run.values(), run.get_physical_index(row), out, end)
}

fn viewed<O: OffsetSizeTrait>(list: &GenericListViewArray<O>, row: usize) -> ArrayRef {
    list.value(row)
}

fn list(values: &ArrayRef, out: &mut String, end: usize) -> Result<(), TooLarge> {
    out.push('[');
    for i in 0..values.len() {
        if i > 0 {
            out.push(',');
        }
        json(values, i, out, end)?;
    }
    out.push(']');
    Ok(())
}

fn structure(column: &dyn Array, row: usize, out: &mut String, end: usize) -> Result<(), TooLarge> {
    let parts = column.as_struct();
    out.push('{');
    for (i, (name, part)) in parts.column_names().iter().zip(parts.columns()).enumerate() {
        if i > 0 {
            out.push(',');
        }
        json_string(out, name);
        out.push(':');
        json(part, row, out, end)?;
    }
    out.push('}');
    Ok(())
}

/// Numbers, and what is kept as numbers.
fn plain(column: &dyn Array, row: usize, out: &mut String) {
    use DataType as D;
    use TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    let (kind, start) = (column.data_type(), out.len());
    with_type!(kind, number(column, row, out), {
        D::Int8 => Int8Type,
        D::Int16 => Int16Type,
        D::Int32 => Int32Type,
        D::Int64 => Int64Type,
        D::UInt8 => UInt8Type,
        D::UInt16 => UInt16Type,
        D::UInt32 => UInt32Type,
        D::UInt64 => UInt64Type,
        D::Duration(Second) => DurationSecondType,
        D::Duration(Millisecond) => DurationMillisecondType,
        D::Duration(Microsecond) => DurationMicrosecondType,
        D::Duration(Nanosecond) => DurationNanosecondType,
    });
    with_type!(kind, decimal(column, row, out), {
        D::Decimal32(..) => Decimal32Type,
        D::Decimal64(..) => Decimal64Type,
        D::Decimal128(..) => Decimal128Type,
        D::Decimal256(..) => Decimal256Type,
    });
    with_type!(kind, date(column, row, out), {
        D::Date32 => Date32Type,
        D::Date64 => Date64Type,
    });
    with_type!(kind, time(column, row, out), {
        D::Time32(Second) => Time32SecondType,
        D::Time32(Millisecond) => Time32MillisecondType,
        D::Time64(Microsecond) => Time64MicrosecondType,
        D::Time64(Nanosecond) => Time64NanosecondType,
    });
    with_type!(kind, moment(column, row, out), {
        D::Timestamp(Second, _) => TimestampSecondType,
        D::Timestamp(Millisecond, _) => TimestampMillisecondType,
        D::Timestamp(Microsecond, _) => TimestampMicrosecondType,
        D::Timestamp(Nanosecond, _) => TimestampNanosecondType,
    });
    match kind {
        D::Float16 => float(f64::from(column.as_primitive::<Float16Type>().value(row)), out),
        // Shortest for the type: 0.1 as it was meant, not as a double sees it.
        D::Float32 => float(column.as_primitive::<Float32Type>().value(row).to_string().parse().unwrap_or(0.0), out),
        D::Float64 => float(column.as_primitive::<Float64Type>().value(row), out),
        D::Interval(IntervalUnit::YearMonth) => number::<IntervalYearMonthType>(column, row, out),
        D::Interval(IntervalUnit::DayTime) => {
            let value = column.as_primitive::<IntervalDayTimeType>().value(row);
            let _ = write!(out, "{{\"days\":{},\"milliseconds\":{}}}", value.days, value.milliseconds);
        }
        D::Interval(IntervalUnit::MonthDayNano) => {
            let value = column.as_primitive::<IntervalMonthDayNanoType>().value(row);
            let (months, days) = (value.months, value.days);
            let _ = write!(out, "{{\"months\":{months},\"days\":{days},\"nanoseconds\":{}}}", value.nanoseconds);
        }
        _ => {}
    }
    // A kind that came after this was written.
    if out.len() == start {
        out.push_str("null");
    }
}

fn number<T: ArrowPrimitiveType<Native: Display>>(column: &dyn Array, row: usize, out: &mut String) {
    let _ = write!(out, "{}", column.as_primitive::<T>().value(row));
}

/// Numbers that JSON does not have are null.
fn float(value: f64, out: &mut String) {
    out.push_str(&serde_json::to_string(&value).unwrap_or_default());
}

/// As a string: JSON readers would take it for a double.
fn decimal<T: DecimalType>(column: &dyn Array, row: usize, out: &mut String) {
    json_string(out, &column.as_primitive::<T>().value_as_string(row));
}

fn date<T: ArrowTemporalType<Native: Display>>(column: &dyn Array, row: usize, out: &mut String)
where
    i64: From<T::Native>,
{
    match column.as_primitive::<T>().value_as_date(row) {
        Some(date) => quoted(date, "", out),
        None => number::<T>(column, row, out),
    }
}

fn time<T: ArrowTemporalType<Native: Display>>(column: &dyn Array, row: usize, out: &mut String)
where
    i64: From<T::Native>,
{
    match column.as_primitive::<T>().value_as_time(row) {
        Some(time) => quoted(time, "", out),
        None => number::<T>(column, row, out),
    }
}

fn moment<T: ArrowTemporalType<Native: Display>>(column: &dyn Array, row: usize, out: &mut String)
where
    i64: From<T::Native>,
{
    // What has a time zone is kept in UTC.
    let zone = if matches!(column.data_type(), DataType::Timestamp(_, Some(_))) { "Z" } else { "" };
    match column.as_primitive::<T>().value_as_datetime(row) {
        Some(moment) => quoted(moment, zone, out),
        None => number::<T>(column, row, out),
    }
}

/// As a string; these types show themselves as ISO 8601 has it where they are debugged.
fn quoted(value: impl std::fmt::Debug, zone: &str, out: &mut String) {
    let _ = write!(out, "\"{value:?}{zone}\"");
}

#[cfg(test)]
mod tests {
    use arrow_array::builder::{Int32Builder, ListBuilder, MapBuilder, StringBuilder};
    use arrow_array::*;
    use arrow_buffer::i256;

    use super::*;

    fn shown(array: impl Array + 'static) -> String {
        let array: ArrayRef = Arc::new(array);
        let mut out = String::new();
        for row in 0..array.len() {
            out.push_str(if row > 0 { " " } else { "" });
            assert!(json(&array, row, &mut out, 1000).is_ok());
            let last = out.rsplit(' ').next().unwrap();
            assert!(serde_json::from_str::<serde_json::Value>(last).is_ok(), "{last}");
        }
        out
    }

    #[test]
    fn every_kind_of_value() {
        assert_eq!(shown(Int64Array::from(vec![Some(-5), None])), "-5 null");
        assert_eq!(shown(UInt64Array::from(vec![u64::MAX])), "18446744073709551615");
        assert_eq!(shown(Float32Array::from(vec![0.1, f32::NAN])), "0.1 null");
        assert_eq!(shown(Float64Array::from(vec![1e300, 0.5])), "1e+300 0.5");
        assert_eq!(shown(BooleanArray::from(vec![true])), "true");
        assert_eq!(shown(NullArray::new(1)), "null");
        assert_eq!(shown(StringArray::from(vec!["a\"é"])), r#""a\"é""#);
        assert_eq!(shown(BinaryArray::from(vec![&b"ok"[..], b"\xFF\x00"])), r#""ok" "/wA=""#);
        assert_eq!(shown(Date32Array::from(vec![20_000])), r#""2024-10-04""#);
        assert_eq!(
            shown(TimestampMillisecondArray::from(vec![1_500]).with_timezone("UTC")),
            r#""1970-01-01T00:00:01.500Z""#
        );
        assert_eq!(shown(TimestampSecondArray::from(vec![i64::MAX])), i64::MAX.to_string());
        assert_eq!(shown(Time32SecondArray::from(vec![61])), r#""00:01:01""#);
        assert_eq!(shown(DurationSecondArray::from(vec![61])), "61");
        let decimals = Decimal128Array::from(vec![12345]).with_precision_and_scale(10, 2).unwrap();
        assert_eq!(shown(decimals), r#""123.45""#);
        assert_eq!(shown(Decimal256Array::from(vec![i256::from(-7)])), "\"-0.0000000007\"");
        assert_eq!(shown(IntervalYearMonthArray::from(vec![14])), "14");
    }

    #[test]
    fn values_in_each_other() {
        let mut list = ListBuilder::new(Int32Builder::new());
        list.append_value([Some(1), None]);
        list.append_value([]);
        assert_eq!(shown(list.finish()), "[1,null] []");
        let mut map = MapBuilder::new(None, StringBuilder::new(), Int32Builder::new());
        map.keys().append_value("k");
        map.values().append_value(1);
        map.append(true).unwrap();
        assert_eq!(shown(map.finish()), r#"[{"key":"k","value":1}]"#);
        let words: DictionaryArray<Int8Type> = ["b", "a", "b"].into_iter().collect();
        assert_eq!(shown(words), r#""b" "a" "b""#);
        let ends = RunArray::<Int32Type>::try_new(&Int32Array::from(vec![2, 3]), &StringArray::from(vec!["x", "y"]));
        assert_eq!(shown(ends.unwrap()), r#""x" "x" "y""#);
        let parts: ArrayRef = Arc::new(Int32Array::from(vec![1]));
        assert_eq!(shown(StructArray::try_from(vec![("n", parts)]).unwrap()), r#"{"n":1}"#);
    }

    #[test]
    fn a_value_that_is_too_large_is_cut_off() {
        let mut list = ListBuilder::new(Int32Builder::new());
        list.append_value((0..1000).map(Some));
        let list = list.finish();
        let mut out = String::new();
        assert!(json(&list, 0, &mut out, 100).is_err());
        assert!(out.len() < 120, "{out}");
    }
}
