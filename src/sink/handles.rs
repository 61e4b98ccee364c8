//! [`Handles`]: open files, never more than a few, however many parts an output folder has.

use std::fs::File;
use std::io;
use std::path::Path;

/// Files that are open at once. The system allows a process 1024 of them, as a rule, inputs and all.
const MOST: usize = 64;

/// Files open for appending; when there are too many, the one used longest ago is closed.
#[derive(Default)]
pub(super) struct Handles {
    /// By number, the last used last.
    open: Vec<(usize, File)>,
}

impl Handles {
    /// The file of this number, which is at this path; made when it is not there.
    pub(super) fn get(&mut self, number: usize, path: &Path) -> io::Result<&mut File> {
        let file = match self.open.iter().position(|(own, _)| *own == number) {
            Some(at) => self.open.remove(at).1,
            None => {
                if self.open.len() == MOST {
                    self.open.remove(0);
                }
                File::options().create(true).append(true).open(path)?
            }
        };
        let last = self.open.len();
        self.open.push((number, file));
        Ok(&mut self.open[last].1)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn files_are_closed_and_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = |i: usize| folder.path().join(i.to_string());
        let mut handles = Handles::default();
        for round in 0..3 {
            for i in 0..2 * MOST {
                handles.get(i, &path(i)).unwrap().write_all(format!("{round}").as_bytes()).unwrap();
                assert!(handles.open.len() <= MOST);
            }
        }
        assert!((0..2 * MOST).all(|i| std::fs::read(path(i)).unwrap() == b"012"));
    }
}
