//! The program. See `babelsift --help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    babelsift::cli::main()
}
