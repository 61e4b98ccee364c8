//! Markdown tables.

pub fn head(names: &[&str]) {
    println!("| {} |", names.join(" | "));
    println!("|{}", "---|".repeat(names.len()));
}

pub fn row(cells: &[String]) {
    println!("| {} |", cells.join(" | "));
}

/// With one digit after the point.
pub fn one(value: f64) -> String {
    digits(value, 1)
}

/// With two digits after the point.
pub fn two(value: f64) -> String {
    digits(value, 2)
}

fn digits(value: f64, digits: usize) -> String {
    if value.is_nan() { "–".to_owned() } else { format!("{value:.digits$}") }
}

/// Three digits that count.
pub fn speed(value: f64) -> String {
    let digits = if value >= 100.0 {
        0
    } else if value >= 10.0 {
        1
    } else {
        2
    };
    format!("{value:.digits$}")
}
