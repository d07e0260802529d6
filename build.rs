//! Generates the code of each vendor whose feature is on from `specs/<vendor>.yaml`.

#[cfg(feature = "_generate")]
#[path = "build/mod.rs"]
mod generate;

fn main() -> std::process::ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=build");
    #[cfg(feature = "_generate")]
    if let Err(message) = generate::enabled_vendors() {
        for line in message.lines() {
            println!("cargo::error={line}");
        }
        return std::process::ExitCode::FAILURE;
    }
    std::process::ExitCode::SUCCESS
}
