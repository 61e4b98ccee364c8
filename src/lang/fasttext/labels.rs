//! What the labels of a model mean: fastText knows strings only, and each model has its own.

use super::super::Label;
use crate::script::Script;

/// The labels that each of a model's labels stands for, the usual one first; none where it names no language.
///
/// `__label__eng_Latn`, `__label__zh-Hant` and the like stand for one label. A language without a script
/// (`__label__en`) stands for each script that it is written in.
pub(super) fn meanings(stored: &[String]) -> Vec<Vec<Label>> {
    let names: Vec<&str> = stored.iter().map(|s| name(s)).collect();
    // Wikipedia writes its Alemannic edition `als`, which is Tosk Albanian to ISO 639-3.
    let of_wikipedia = names.contains(&"sq");
    let meaning = |name: &&str| meaning(if of_wikipedia && *name == "als" { "gsw" } else { name });
    names.iter().map(meaning).collect()
}

/// A stored label without its prefix, which is `__label__` unless who trained the model chose another.
fn name(stored: &str) -> &str {
    let name = stored.rsplit("__").next().unwrap_or(stored);
    name.trim_start_matches(|c: char| !c.is_ascii_alphanumeric())
}

fn meaning(name: &str) -> Vec<Label> {
    let mut parts = name.split(['_', '-']);
    let code = parts.next().unwrap_or_default().to_ascii_lowercase();
    let script = parts.clone().find(|p| p.len() == 4);
    if script.is_some() || parts.next().is_some() {
        let labelled = || Label::of_any(&code, Script::from_code(script?)?);
        return name.parse().ok().or_else(labelled).into_iter().collect();
    }
    let info = Label::usual(&code).and_then(|l| l.info());
    let scripts = info.map_or(&[][..], |i| i.scripts).iter().filter_map(|s| Script::from_code(s));
    scripts.filter_map(|s| Label::of(&code, s)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_understood() {
        for (stored, labels) in [
            ("__label__en", "eng_Latn"),
            ("__label__eng_Latn", "eng_Latn"),
            ("__label__zh", "cmn_Hans cmn_Hant"),
            ("__label__zh-Hant", "cmn_Hant"),
            ("__label__zh_TW", "cmn_Hant"),
            ("__label__cmn_Hani", "cmn_Hans"),
            ("__label__zho_Hans", "cmn_Hans"),
            ("__label__pt-BR", "por_Latn"),
            ("__label__sr", "srp_Cyrl srp_Latn"),
            ("__label__kor_Kore", "kor_Hang"),
            ("__label__ckb_Arab", "ckb_Arab"),
            ("__label__arb_Latn", "arb_Latn"),
            ("__label__qqq_Cyrl", "qqq_Cyrl"),
            ("__label__und_Adlm", "und_Adlm"),
            ("__label__zxx_Zxxx", "zxx_Zxxx"),
            ("__lang__de", "deu_Latn"),
            ("#de", "deu_Latn"),
            ("de", "deu_Latn"),
            ("__label__qqq", ""),
            ("__label__qq_Latn", ""),
            ("__label__positive", ""),
            ("__label__q1q_Latn", ""),
            ("__label__", ""),
            ("", ""),
        ] {
            let found: Vec<String> = meanings(&[stored.to_owned()])[0].iter().map(Label::to_string).collect();
            assert_eq!(found.join(" "), labels, "{stored}");
        }
    }

    #[test]
    fn wikipedia_calls_alemannic_als() {
        let stored = |names: &[&str]| meanings(&names.iter().map(|n| format!("__label__{n}")).collect::<Vec<_>>());
        assert_eq!(stored(&["als"])[0], [Label::usual("als").unwrap()]);
        assert!(!stored(&["als", "sq"])[0].contains(&Label::usual("als").unwrap()));
    }
}
