//! The `sfn-testkit` command.

fn main() -> std::process::ExitCode {
    sfn_testkit::cli::main()
}
