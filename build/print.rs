//! Prints generated code in a readable form, with wrapped documentation.

use proc_macro2::TokenStream;

/// The width at which documentation is wrapped.
const WIDTH: usize = 90;

/// Prints a parsed file.
pub fn print(file: syn::File) -> String {
    wrapped(&prettyplease::unparse(&file))
}

/// Prints the tokens of a file.
pub fn tokens(tokens: TokenStream) -> Result<String, String> {
    let parsed = syn::parse2(tokens).map_err(|error| format!("generated code: {error}"))?;
    Ok(print(parsed))
}

/// Prints a macro call whose braces hold the line `head` and an item, which is formatted
/// as if it stood alone.
pub fn in_macro(name: &str, head: &str, item: TokenStream) -> Result<String, String> {
    let head = head.replace(" :: ", "::").replace(" (", "(");
    let head = if head.is_empty() { head } else { format!("        {head}\n") };
    let body: String = tokens(item)?.lines().map(|line| format!("        {line}\n")).collect();
    Ok(wrapped(&format!("    {name} {{\n{head}{body}    }}\n")))
}

/// Wraps each line of documentation that is too long, and puts a space after its slashes.
fn wrapped(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    for line in code.lines() {
        let text = line.trim_start();
        let Some(doc) = text.strip_prefix("///") else {
            out.push_str(line);
            out.push('\n');
            continue;
        };
        let indent = line.strip_suffix(text).unwrap_or_default();
        let hang = if doc.trim_start().starts_with("- ") { "  " } else { "" };
        let mut open = format!("{indent}///");
        let start = open.len();
        for word in doc.split_whitespace() {
            if open.len() > start + hang.len() + 1 && open.len() + 1 + word.len() > WIDTH {
                out.push_str(&open);
                out.push('\n');
                open = format!("{indent}///{hang}");
            }
            open.push(' ');
            open.push_str(word);
        }
        out.push_str(&open);
        out.push('\n');
    }
    out
}
