fn main() -> std::process::ExitCode {
    qg_cli::main()
}
