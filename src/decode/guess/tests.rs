use super::*;

fn encode(label: &str, text: &str) -> Vec<u8> {
    Encoding::for_label(label).unwrap().encode(text).unwrap()
}

fn guess(lines: &[Vec<u8>]) -> Vec<&'static str> {
    declared(lines, None)
}

fn declared(lines: &[Vec<u8>], declared: Option<&str>) -> Vec<&'static str> {
    let mut guesser = Guesser::default();
    guesser.read(lines.iter().map(Vec::as_slice), Family::Ascii, declared.and_then(Encoding::for_label));
    (0..lines.len()).map(|i| guesser.found(i).encoding.name()).collect()
}

const RUSSIAN: &str = "Вечером на набережной снова зажгли старые фонари, и люди вышли гулять.";

#[test]
fn a_short_line_takes_its_neighbours_encoding() {
    let lines = [encode("koi8-r", RUSSIAN), encode("koi8-r", "Да, Анна"), encode("windows-1251", RUSSIAN)];
    assert_eq!(guess(&lines), ["koi8-r", "koi8-r", "windows-1251"]);
}

#[test]
fn a_short_line_that_objects_does_not() {
    let lines = [encode("koi8-r", RUSSIAN), encode("windows-1252", "in a café there")];
    assert_eq!(guess(&lines), ["koi8-r", "windows-1252"]);
}

#[test]
fn a_bad_byte_does_not_undo_utf8() {
    let mut line = "Größere Änderungen für Österreich und die Schweiz".as_bytes().to_vec();
    line.insert(2, 0x92);
    assert_eq!(guess(&[line]), ["utf-8"]);
}
