//! Calls the command line and turns its result into an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Before any thread: the lab's own process, and one that holds a descriptor, are this program, started again.
    finspect::kernel::become_child_if_asked();
    finspect::cli::main()
}
