//! Text that is no language, and text of languages that nobody speaks: what the model learns to leave unanswered.

use super::corpus::Head;
use super::random::Random;

/// Words of programs, markup and tables.
const CODE: &str = "abs and args array assert async auto await bool boolean break buf byte case catch char class const \
continue ctx def default del delete dict div do double elif else end enum err eval except exec export extends false fi \
file final finally float fn for foreach from func function get goto href html id if img impl implements import in index \
init instanceof int interface is isset iter json key lambda len let li list log long loop main malloc map match max min \
mod module mut namespace new nil node none not null num obj object of ok or override package param parse pass path print \
printf private proc protected ptr pub public raise range ref regex req res ret return rgb rgba self set short sizeof span \
sql src static std stdout str string struct style sub super switch sys table td test then this throw throws tmp tr trait \
true try type typedef typeof ul undefined union unsigned url use using utf val value var vec void volatile while with \
width height px em margin padding border color font background display none block inline flex grid solid auto select \
where group order by join left insert into values update primary foreign varchar integer timestamp http https www com org \
net xml css js php py cpp exe dll zip jpg png gif pdf txt csv tar gz usr bin etc lib opt src var tmp home root sudo git \
mkdir chmod grep kg km cm mm ml hz khz mhz ghz gb mb kb tb kw kwh mph rpm usd eur gbp chf jpy am pm utc gmt nan inf sin cos \
tan exp sqrt log lim sum mod acgt nf rxd qxf bxc exd nc kg tcp udp ip dns ssl tls ssh ftp smtp imap isbn issn doi iso din";

/// Keys that lie side by side, by script.
const KEYS: [(&str, &[&str]); 10] = [
    ("Latn", &["qwertyuiop", "asdfghjkl", "zxcvbnm", "poiuytrewq", "lkjhgfdsa", "qazwsxedc"]),
    ("Cyrl", &["йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"]),
    ("Grek", &["ςερτυθιοπ", "ασδφγηξκλ", "ζχψωβνμ"]),
    ("Hebr", &["קראטוןםפ", "שדגכעיחלךף", "זסבהנמצתץ"]),
    ("Arab", &["ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرىةوزظ"]),
    ("Thai", &["ๆไำพะัีรนยบล", "ฟหกดเ้่าสวง", "ผปแอิืทมใฝ"]),
    ("Geor", &["ქწერტყუიოპ", "ასდფგჰჯკლ", "ზხცვბნმ"]),
    ("Armn", &["խւէրտեըիոպ", "ասդֆքհճկլ", "զցգվբնմ"]),
    ("Deva", &["ौैाीूबहगदजड", "ोे्िुपरकतचट", "ंमनवलसय"]),
    ("Hani", &["たていすかんなにらせ", "ちとしはきくまのりれけむ", "つさそひこみもねるめ"]),
];

/// A line without language, in the letters of a script (its most frequent ones).
pub fn noise(head: &Head, random: &mut Random) -> String {
    let letters = &head.letters;
    let rows = KEYS.iter().find(|(script, _)| *script == head.name).map_or(&[][..], |(_, rows)| rows);
    let count = 1 + random.below(12);
    let kind = random.below(if head.name == "Latn" { 10 } else { 8 });
    let mut line = String::new();
    match kind {
        6 => return alphabet(head, random),
        7 if head.name == "Hani" => return short_names(head, random),
        7 => return codes(letters, random),
        _ => {}
    }
    for _ in 0..count {
        match kind {
            // Letters in any order, of few different ones, one by one, and the same again and again.
            0 => word(letters, 2 + random.below(9), random, &mut line),
            1 => {
                let few: Vec<char> = (0..2 + random.below(3)).filter_map(|_| pick(letters, random)).collect();
                word(&few, 2 + random.below(9), random, &mut line);
            }
            2 => word(letters, 1, random, &mut line),
            3 => {
                let few: Vec<char> = pick(letters, random).into_iter().collect();
                word(&few, 1 + random.below(10), random, &mut line);
            }
            // Keys beside each other, and letters as they follow in the alphabet.
            4 if !rows.is_empty() => {
                let row: Vec<char> = rows[random.below(rows.len())].chars().collect();
                line.extend(stretch(&row, 3 + random.below(8), random));
            }
            4 | 5 => line.extend(stretch(letters, 2 + random.below(6), random)),
            8 => {
                let words: Vec<&str> = CODE.split_whitespace().collect();
                for _ in 0..1 + random.below(3) / 2 {
                    line.push_str(words[random.below(words.len())]);
                }
            }
            _ => word(&('a'..='z').collect::<Vec<_>>(), 1 + random.below(20), random, &mut line),
        }
        line.push(' ');
    }
    line
}

/// Alphabets that are said in another order than that of their characters.
const ORDERS: [(&str, &str); 3] = [
    ("Arab", "ابجدهوزحطيكلمنسعفصقرشتثخذضظغ"),
    ("Hani", "いろはにほへとちりぬるをわかよたれそつねならむうゐのおくやまけふこえてあさきゆめみしゑひもせす"),
    ("Hebr", "אבגדהוזחטיכלמנסעפצקרשת"),
];

/// The alphabet or a part of it, in pieces of the same length.
fn alphabet(head: &Head, random: &mut Random) -> String {
    let said = ORDERS.iter().find(|(script, _)| *script == head.name && random.below(2) == 0);
    let letters: Vec<char> = said.map_or_else(|| head.letters.clone(), |(_, letters)| letters.chars().collect());
    let start = if random.below(2) == 0 { 0 } else { random.below(letters.len()) };
    let pieces: Vec<String> = letters[start..].chunks(1 + random.below(7)).map(|p| p.iter().collect()).collect();
    pieces[..pieces.len().min(2 + random.below(12))].join(" ")
}

/// Abbreviations: so many letters each, or nearly so, in order or not.
fn codes(letters: &[char], random: &mut Random) -> String {
    let (length, more) = (1 + random.below(4), random.below(2));
    let plain: Vec<char> = ('a'..='z').collect();
    let letters = if letters.contains(&'a') { &plain } else { letters };
    let mut codes: Vec<String> = Vec::new();
    for _ in 0..3 + random.below(14) {
        let mut code = String::new();
        word(letters, length + random.below(1 + more), random, &mut code);
        codes.push(code);
    }
    if random.below(2) == 0 {
        codes.sort_unstable();
    }
    codes.join(" ")
}

/// Two or three Han each, as names have, out of any text.
fn short_names(head: &Head, random: &mut Random) -> String {
    let label = &head.labels[random.below(head.real)];
    let mut names: Vec<String> = Vec::new();
    for _ in 0..3 + random.below(8) {
        let Some(line) = label.lines.get(random.below(label.lines.len())) else { break };
        let han: Vec<char> = line.chars().filter(|c| ('\u{4E00}'..'\u{A000}').contains(c)).collect();
        let start = random.below(han.len());
        names.push(han.iter().skip(start).take(2 + random.below(5) / 3).collect());
    }
    names.join(" ")
}

/// Some letters that follow each other.
fn stretch(letters: &[char], length: usize, random: &mut Random) -> impl Iterator<Item = char> {
    let start = random.below(letters.len().saturating_sub(1));
    letters.iter().skip(start).take(length).copied()
}

fn pick(letters: &[char], random: &mut Random) -> Option<char> {
    letters.get(random.below(letters.len())).copied()
}

fn word(letters: &[char], length: usize, random: &mut Random, out: &mut String) {
    out.extend((0..length).filter_map(|_| pick(letters, random)));
}

/// A line of a language that does not exist: a real one with other spelling, words of several, or only names.
pub fn unknown(head: &Head, random: &mut Random) -> String {
    let real = head.real;
    match random.below(8) {
        0 => mixture(head, real, random),
        1 => names(head, real, random),
        2..=4 => namesakes(head, real, random),
        _ => respelled(head, real, random),
    }
}

fn line<'h>(head: &'h Head, real: usize, random: &mut Random) -> &'h str {
    let lines = &head.labels[random.below(real)].lines;
    lines.get(random.below(lines.len())).map_or("", String::as_str)
}

/// Words of different languages in turn.
fn mixture(head: &Head, real: usize, random: &mut Random) -> String {
    let mut words: Vec<String> = Vec::new();
    for _ in 0..4 + random.below(12) {
        let own: Vec<&str> = line(head, real, random).split_whitespace().collect();
        words.extend(own.get(random.below(own.len())).map(|w| (*w).to_owned()));
    }
    words.join(" ")
}

/// Words with a capital that do not begin a line: mostly names.
fn names(head: &Head, real: usize, random: &mut Random) -> String {
    let mut names: Vec<String> = Vec::new();
    for _ in 0..60 {
        let own = line(head, real, random);
        if !is_title(own) {
            names.extend(own.split_whitespace().skip(1).filter(|w| is_name(w)).take(1).map(str::to_owned));
        }
        if names.len() > 2 + random.below(8) {
            break;
        }
    }
    list(&names, random)
}

/// Languages that write every noun with a capital.
const NOUNS: [&str; 7] = ["bar_Latn", "deu_Latn", "gsw_Latn", "ksh_Latn", "ltz_Latn", "nds_Latn", "pfl_Latn"];

/// The same of one language.
fn namesakes(head: &Head, real: usize, random: &mut Random) -> String {
    let label = &head.labels[random.below(real)];
    if label.lines.is_empty() {
        return names(head, real, random);
    }
    // Two nouns seldom follow each other.
    let least = if NOUNS.contains(&label.name.as_str()) { 2 } else { 1 };
    let (mut names, wanted) = (Vec::new(), 3 + random.below(8));
    for _ in 0..60 {
        let line = &label.lines[random.below(label.lines.len())];
        if is_title(line) {
            continue;
        }
        let mut words = line.split_whitespace().skip(1).skip_while(|w| !is_name(w));
        let found: Vec<String> = words.by_ref().take_while(|w| is_name(w)).take(3).map(str::to_owned).collect();
        if found.len() >= least {
            names.extend(found);
        }
        if names.len() >= wanted {
            break;
        }
    }
    list(&names, random)
}

/// The names, sometimes each or many with initials.
fn list(names: &[String], random: &mut Random) -> String {
    let share = if random.below(3) == 0 { 1 + random.below(2) } else { 0 };
    let mut out = String::new();
    for name in names {
        out.push_str(name);
        for other in names.iter().take(share) {
            let initial = names[random.below(names.len())].chars().next().or(other.chars().next());
            out.extend([' '].into_iter().chain(initial).chain(['.']));
        }
        out.push_str(if random.below(2) == 0 { " " } else { ", " });
    }
    out
}

fn is_name(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && letters.next().is_some_and(char::is_lowercase)
}

/// True when words with a capital are not names by that alone.
fn is_title(line: &str) -> bool {
    let (mut names, mut words) = (0, 0);
    for word in line.split_whitespace() {
        names += usize::from(is_name(word));
        words += 1;
    }
    names * 2 > words
}

/// A line with some of its letters replaced by others, everywhere.
fn respelled(head: &Head, real: usize, random: &mut Random) -> String {
    let mut text = String::new();
    while text.split_whitespace().count() < 5 && text.chars().count() < 40 {
        text.push_str(line(head, real, random));
        text.push(' ');
    }
    let mut letters: Vec<char> = text.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
    letters.sort_unstable();
    letters.dedup();
    let share = 3 + random.below(3);
    let rules: Vec<(char, String)> = letters
        .iter()
        .filter_map(|c| {
            let other = pick(&letters, random)?;
            let twice = random.below(4) == 0;
            (random.below(8) < share).then(|| (*c, if twice { format!("{other}{c}") } else { other.to_string() }))
        })
        .collect();
    let mut out = String::new();
    for c in text.to_lowercase().chars() {
        match rules.iter().find(|(from, _)| *from == c) {
            Some((_, to)) => out.push_str(to),
            None => out.push(c),
        }
    }
    out
}
