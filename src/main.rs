//! The command `jinbang`.

fn main() -> std::process::ExitCode {
    jinbang::cli::run()
}
