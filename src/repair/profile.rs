//! [`Profile`]: which repairs run.

use super::registry::{REPAIRS, Repairs};
use crate::config::{Config, Form};
use crate::error::{Error, Result};
use crate::lang::Label;

/// What becomes of what a repair finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Setting {
    /// It stays.
    #[default]
    Off,
    /// It is repaired.
    On,
    /// It stays, and the record says that it is there.
    Flag,
    /// It is repaired where the language of the text is known, as it is in a run.
    Known,
}

impl Setting {
    fn named(name: &str) -> Option<Self> {
        match name {
            "off" => Some(Self::Off),
            "on" => Some(Self::On),
            "flag" => Some(Self::Flag),
            "known" => Some(Self::Known),
            _ => None,
        }
    }
}

/// Names of the profiles, as `--repairs` takes them; the place of the first three is that of their column in
/// [`REPAIRS`].
const PROFILES: [&str; 5] = ["conservative", "standard", "ftfy", "none", "all"];

/// Which repairs run, and the normalization form.
///
/// ```
/// use babelsift::repair::{Profile, Setting, repair};
/// let text = "cafe\u{301}\u{a0}noir\0";
/// assert_eq!(repair(text, &Profile::conservative()), "café noir");
/// assert_eq!(repair(text, &Profile::none()), text);
/// assert_eq!(repair(text, &Profile::none().with("spaces", Setting::On)?), "cafe\u{301} noir\0");
/// # Ok::<(), babelsift::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    pub(super) on: Repairs,
    pub(super) flagged: Repairs,
    /// Those that run where the language is known.
    pub(super) known: Repairs,
    pub(super) form: Form,
    /// Where ftfy does it otherwise, as ftfy does it.
    pub(super) ftfy: bool,
}

impl Default for Profile {
    fn default() -> Self {
        Self::conservative()
    }
}

impl Profile {
    /// What is wrong in any corpus and in any language; letters that may be meant stay. The default.
    pub fn conservative() -> Self {
        Self::column(0)
    }

    /// Besides, what makes text uniform: widths, digraphs, hyphenation, the letters of each language. Without a label, too,
    /// what the default waits for the language with.
    pub fn standard() -> Self {
        Self::column(1)
    }

    /// What ftfy 6.3 does by default, and nothing else.
    pub fn ftfy() -> Self {
        Self::column(2)
    }

    /// Nothing.
    pub fn none() -> Self {
        let none = Repairs::default();
        Self { on: none, flagged: none, known: none, form: Form::Nfc, ftfy: false }
    }

    fn column(column: usize) -> Self {
        Self { ftfy: column == 2, ..Self::of(|settings| settings[column]) }
    }

    fn of(setting: impl Fn(&[Setting; 3]) -> Setting) -> Self {
        let mut profile = Self::none();
        for (i, row) in REPAIRS.iter().enumerate() {
            profile.set(Repairs::one(i), setting(&row.settings));
        }
        profile
    }

    fn set(&mut self, repair: Repairs, setting: Setting) {
        for (set, own) in
            [(&mut self.on, Setting::On), (&mut self.flagged, Setting::Flag), (&mut self.known, Setting::Known)]
        {
            *set = if setting == own { set.with(repair) } else { set.without(repair) };
        }
    }

    /// Those that run on a text whose label is known, or is not.
    pub(super) fn active(&self, label: Option<Label>) -> Repairs {
        if label.is_some() { self.on.with(self.known) } else { self.on }
    }

    /// With one repair set otherwise.
    ///
    /// # Errors
    /// [`Error::Config`] for a name that no repair has.
    pub fn with(mut self, name: &str, setting: Setting) -> Result<Self> {
        let Some(repair) = Repairs::named(name) else {
            let known: Vec<&str> = REPAIRS.iter().map(|r| r.repair.name()).collect();
            return Err(Error::config(format!(
                "--repairs takes {} or some of {}, not {name:?}",
                PROFILES.join(", "),
                known.join(",")
            )));
        };
        self.set(repair, setting);
        Ok(self)
    }

    /// With another normalization form.
    #[must_use]
    pub fn form(mut self, form: Form) -> Self {
        self.form = form;
        self
    }

    /// As the configuration says: words after a profile change it, words alone are all that runs.
    ///
    /// # Errors
    /// [`Error::Config`] for a name that no profile and no repair has.
    pub fn new(config: &Config) -> Result<Self> {
        let mut profile = Self::none();
        for (i, word) in config.repairs.0.iter().enumerate() {
            let (name, setting) = word.split_once('=').unwrap_or((word, "on"));
            let Some(setting) = Setting::named(setting) else {
                return Err(Error::config(format!("--repairs {name} can be on, off, flag or known, not {setting:?}")));
            };
            profile = match PROFILES.iter().position(|p| p == word) {
                Some(_) if i > 0 => {
                    return Err(Error::config(format!("--repairs takes a profile first, not after others: {word:?}")));
                }
                Some(column @ 0..3) => Self::column(column),
                Some(3) => Self::none(),
                Some(_) => Self::of(|_| Setting::On),
                None => profile.with(name, setting)?,
            };
        }
        profile.form = config.normalize;
        Ok(profile)
    }
}
