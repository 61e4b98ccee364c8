//! Which roles leave the corpora (`--roles`).

use super::Role;
use crate::config::Words;
use crate::error::{Error, Result};

/// Roles that leave, and whether those in a language foreign to their page do, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Policy {
    leave: u16,
    foreign: bool,
}

const DEFAULT: [Role; 4] = [Role::Ui, Role::Boilerplate, Role::Duplicate, Role::Noise];

impl Default for Policy {
    fn default() -> Self {
        Self { leave: DEFAULT.iter().fold(0, |set, role| set | role.bit()), foreign: false }
    }
}

impl Policy {
    /// Understands the words of the setting.
    pub(super) fn new(words: &Words) -> Result<Self> {
        // A name by itself says what leaves; changes alone are changes of the default.
        let own = words.0.iter().any(|word| !word.contains('=') && word != "foreign");
        let mut policy = if own { Self { leave: 0, foreign: false } } else { Self::default() };
        for word in &words.0 {
            let (name, leaves) = match word.split_once('=') {
                None => (word.as_str(), true),
                Some((name, "drop")) => (name, true),
                Some((name, "keep")) => (name, false),
                Some(_) => return Err(bad(word)),
            };
            match name {
                "default" if leaves => policy.leave |= Self::default().leave,
                "none" if leaves => {}
                "foreign" => policy.foreign = leaves,
                _ => {
                    let role = Role::all().find(|role| role.name() == name).ok_or_else(|| bad(word))?;
                    policy.leave = policy.leave & !role.bit() | if leaves { role.bit() } else { 0 };
                }
            }
        }
        Ok(policy)
    }

    /// Whether a fragment leaves. One in a language foreign to its page stays for its own language's corpus, unless it
    /// repeats what is there or has no language.
    pub(super) fn leaves(self, role: Role, is_foreign: impl FnOnce() -> bool) -> bool {
        let spared = || !self.foreign && !matches!(role, Role::Duplicate | Role::Noise) && is_foreign();
        self.leave & role.bit() != 0 && !spared()
    }
}

fn bad(word: &str) -> Error {
    let names = Role::all().map(Role::name).collect::<Vec<_>>().join(", ");
    Error::config(format!(
        "--roles: {word} is not among {names}, foreign, default and none, nor one of these with =drop or =keep"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaving(words: &str) -> (Vec<&'static str>, bool) {
        let policy = Policy::new(&words.parse().unwrap()).unwrap();
        (
            Role::all().filter(|r| policy.leaves(*r, || false)).map(Role::name).collect(),
            policy.leaves(Role::Ui, || true),
        )
    }

    #[test]
    fn words() {
        let default = vec!["ui", "boilerplate", "duplicate", "noise"];
        assert_eq!(leaving("default"), (default.clone(), false));
        assert_eq!(leaving(""), (default.clone(), false));
        assert_eq!(leaving("none"), (vec![], false));
        assert_eq!(leaving("ui,heading"), (vec!["heading", "ui"], false));
        assert_eq!(leaving("boilerplate=keep,duplicate=keep"), (vec!["ui", "noise"], false));
        assert_eq!(leaving("default,code,noise=keep"), (vec!["ui", "boilerplate", "duplicate", "code"], false));
        assert_eq!(leaving("foreign=drop"), (default.clone(), true));
        assert_eq!(leaving("foreign"), (default, true));
        assert_eq!(leaving("ui,foreign"), (vec!["ui"], true));
        for words in ["menu", "ui=off", "default=keep", "none=drop=keep"] {
            assert!(Policy::new(&words.parse().unwrap()).unwrap_err().to_string().contains("--roles"), "{words}");
        }
    }
}
