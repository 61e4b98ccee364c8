//! How answers are scored: macro-F1 in several groupings, and how honest the scores are.
//!
//! The groupings are agreed ones, so that figures of different engines and of other programs compare:
//!
//! - exact: every label of the set as it stands (`eng_Latn`, `cmn_Hant`);
//! - merged: macro-languages joined with their members, scripts ignored;
//! - merged100: the same over classes of at least 100 lines;
//! - fair100: merged100 after joining also what written lines do not tell apart (Bosnian and Croatian, Arabic varieties);
//! - common55: merged, over the 55 classes that lingua, whatlang and CLD2 share; an answer outside them costs recall.

use std::collections::BTreeMap;

/// A line with what is right.
pub struct Gold {
    pub label: String,
    pub text: String,
    pub source: String,
}

/// What an engine says of a line.
#[derive(Clone)]
pub struct Answer {
    pub label: String,
    pub score: f64,
}

impl Answer {
    /// True when the answer is that there is none.
    pub fn is_none(&self) -> bool {
        matches!(code(&self.label), "" | "und" | "zxx")
    }
}

/// Members and the class that they count as.
const MERGE: &str = "arb:ara cmn:zho zsm:msa zlm:msa swh:swa lvs:lav ekk:est pes:fas prs:fas als:sqi uzn:uzb khk:mon \
    ydd:yid gaz:orm plt:mlg azj:aze kmr:kur npi:nep ory:ori pbt:pus pbu:pus fil:tgl nor:nob twi:aka fat:aka quy:que \
    quz:que ayr:aym gug:grn fuv:ful dik:din knc:kau sdh:ckb diq:zza kiu:zza bxr:bua mhr:chm kpv:kom ars:ara acm:ara \
    acq:ara ajp:apc";

/// Classes that lingua, whatlang and CLD2 all know.
const COMMON: &str = "afr ara aze bel ben bul cat ces cym dan deu ell eng est fas fin fra guj heb hin hrv hun hye ind \
    ita jpn kat kor lat lav lit mar mkd nld nob pan pol por ron rus slk slv spa srp swe tam tel tgl tha tur ukr urd \
    vie zho zul";

/// Classes that are joined for the fair figure.
const FAIR: &str = "bos:hrv ind:msa yue:zho wuu:zho gan:zho ary:ara arz:ara arq:ara apc:ara aeb:ara dyu:bam";

/// Classes that a program may answer together, as `hbs`.
const SERBO_CROATIAN: [&str; 4] = ["bos", "hrv", "srp", "cnr"];

fn code(label: &str) -> &str {
    label.split('_').next().unwrap_or_default()
}

fn joined<'a>(table: &'static str, class: &'a str) -> &'a str {
    let rows = || table.split_ascii_whitespace().filter_map(|row| row.split_once(':'));
    rows().find(|(member, _)| *member == class).map_or(class, |(_, class)| class)
}

/// The class of a label in the merged figures.
pub fn merged(label: &str) -> &str {
    joined(MERGE, code(label))
}

fn is_common(class: &str) -> bool {
    COMMON.split_ascii_whitespace().any(|c| c == class)
}

/// What is right, and what was answered.
type Pair<'a> = (&'a str, &'a str);

/// How often a label is right, answered and wanted.
#[derive(Clone, Copy, Default)]
pub struct Counts {
    pub right: usize,
    pub answered: usize,
    pub wanted: usize,
}

impl Counts {
    /// In percent.
    pub fn f1(self) -> f64 {
        200.0 * self.right as f64 / (self.wanted + self.answered).max(1) as f64
    }
}

/// Counts of every label that is wanted or answered.
pub fn counts<'a>(pairs: impl IntoIterator<Item = Pair<'a>>) -> BTreeMap<&'a str, Counts> {
    let mut all: BTreeMap<&str, Counts> = BTreeMap::new();
    for (gold, answer) in pairs {
        all.entry(gold).or_default().wanted += 1;
        all.entry(answer).or_default().answered += 1;
        all.entry(gold).or_default().right += usize::from(gold == answer);
    }
    all
}

/// The mean F1 of the classes that are wanted often enough and belong to the figure, in percent.
fn macro_f1<'a>(pairs: impl IntoIterator<Item = Pair<'a>>, least: usize, belongs: impl Fn(&str) -> bool) -> f64 {
    let counts = counts(pairs);
    let each: Vec<f64> =
        counts.iter().filter(|(class, c)| c.wanted >= least && belongs(class)).map(|(_, c)| c.f1()).collect();
    each.iter().sum::<f64>() / each.len() as f64
}

/// Macro-F1 in percent, grouping by grouping.
pub struct Figures {
    /// None when the answers do not tell scripts.
    pub exact: Option<f64>,
    pub merged: f64,
    pub merged100: f64,
    pub fair100: f64,
    pub common55: f64,
}

/// Lines and answers, as the groupings see them.
pub struct Scored<'a> {
    gold: &'a [Gold],
    answers: &'a [Answer],
    exact: Vec<Pair<'a>>,
    merged: Vec<Pair<'a>>,
    scripts: bool,
}

impl<'a> Scored<'a> {
    pub fn new(gold: &'a [Gold], answers: &'a [Answer]) -> Self {
        assert_eq!(gold.len(), answers.len(), "an answer for every line");
        let mut exact = Vec::new();
        let mut all_merged = Vec::new();
        for (gold, answer) in gold.iter().zip(answers) {
            let said = if answer.is_none() { "und" } else { answer.label.as_str() };
            exact.push((gold.label.as_str(), said));
            let (wanted, said) = (merged(&gold.label), merged(said));
            let one_of_them = said == "hbs" && SERBO_CROATIAN.contains(&wanted);
            all_merged.push((wanted, if one_of_them { wanted } else { said }));
        }
        let scripts =
            answers.iter().any(|a| !a.is_none() && a.label.contains('_')) || answers.iter().all(Answer::is_none);
        Self { gold, answers, exact, merged: all_merged, scripts }
    }

    /// What is wanted and answered for each line, label by label.
    pub fn exact(&self) -> impl Iterator<Item = (&Gold, Pair<'a>)> {
        self.gold.iter().zip(self.exact.iter().copied())
    }

    fn chosen(&self, all: &[Pair<'a>], of: impl Fn(&Gold) -> bool) -> Vec<Pair<'a>> {
        self.gold.iter().zip(all).filter(|(gold, _)| of(gold)).map(|(_, pair)| *pair).collect()
    }

    /// Every grouping, over some of the lines.
    pub fn figures(&self, of: impl Fn(&Gold) -> bool) -> Figures {
        let pairs = |all| self.chosen(all, &of).into_iter();
        let fair = pairs(&self.merged).map(|(gold, answer)| (joined(FAIR, gold), joined(FAIR, answer)));
        Figures {
            exact: self.scripts.then(|| macro_f1(pairs(&self.exact), 1, |_| true)),
            merged: macro_f1(pairs(&self.merged), 1, |_| true),
            merged100: macro_f1(pairs(&self.merged), 100, |_| true),
            fair100: macro_f1(fair, 100, |_| true),
            common55: self.common55(of),
        }
    }

    /// That one alone.
    pub fn common55(&self, of: impl Fn(&Gold) -> bool) -> f64 {
        let pairs = self.chosen(&self.merged, of).into_iter().filter(|(gold, _)| is_common(gold));
        macro_f1(pairs, 1, is_common)
    }

    /// The scores of answers, and whether they are right; lines without an answer left out.
    fn judged(&self) -> impl Iterator<Item = (f64, bool)> {
        let answered = self.answers.iter().zip(&self.merged).filter(|(_, (_, said))| *said != "und");
        answered.map(|(answer, (gold, said))| (answer.score, gold == said))
    }

    /// How far scores are from the share that is right, in points: expected calibration error over ten steps.
    pub fn calibration(&self) -> f64 {
        let mut steps = [(0.0, 0.0); 10];
        for (score, right) in self.judged() {
            let step = &mut steps[((score * 10.0) as usize).min(9)];
            step.0 += score;
            step.1 += f64::from(u8::from(right));
        }
        let apart: f64 = steps.iter().map(|(scores, right)| (scores - right).abs()).sum();
        100.0 * apart / self.judged().count().max(1) as f64
    }

    /// Percent of the lines answered with a score of 0.9 and more, and percent of these that are right.
    pub fn sure(&self) -> (f64, f64) {
        let sure: Vec<bool> = self.judged().filter(|(score, _)| *score >= 0.9).map(|(_, right)| right).collect();
        let right = sure.iter().filter(|r| **r).count();
        (percent(sure.len(), self.gold.len()), percent(right, sure.len()))
    }

    /// Scores of the right answers to some of the lines.
    pub fn right_scores(&self, of: impl Fn(&Gold) -> bool) -> Vec<f64> {
        let all = self.gold.iter().zip(self.answers).zip(&self.merged);
        let right = all.filter(|((gold, _), (wanted, said))| of(gold) && wanted == said);
        right.map(|((_, answer), _)| answer.score).collect()
    }

    /// Percent right of each class, merged.
    pub fn recalls(&self) -> Vec<(&'a str, f64)> {
        let counts = counts(self.merged.iter().copied());
        let wanted = counts.into_iter().filter(|(_, c)| c.wanted > 0);
        wanted.map(|(class, c)| (class, percent(c.right, c.wanted))).collect()
    }
}

pub fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

/// How often something of `high` is greater than something of `low`, ties counting half: the area under the ROC curve.
pub fn auroc(high: &[f64], low: &[f64]) -> f64 {
    let mut low = low.to_vec();
    low.sort_by(f64::total_cmp);
    let beaten = |score: f64| {
        let (below, upto) = (low.partition_point(|l| *l < score), low.partition_point(|l| *l <= score));
        (below + upto) as f64 / 2.0
    };
    high.iter().map(|score| beaten(*score)).sum::<f64>() / (high.len() * low.len()).max(1) as f64
}
