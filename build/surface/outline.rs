//! Lists the public items of the generated code, one per line, so that a review shows how
//! a changed spec affects users.

/// Returns the outline of generated code, which must be in the form that `print` gives
/// it.
pub fn of(code: &str) -> String {
    let mut out = String::new();
    let mut within: Vec<(usize, String)> = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for line in code.lines() {
        let text = line.trim();
        let indent = line.len() - line.trim_start().len();
        if let Some((start, item)) = &mut open {
            item.push(' ');
            item.push_str(text);
            if is_whole(item) {
                let (start, item) = (*start, std::mem::take(item));
                open = None;
                tell(&mut out, &mut within, start, &item);
            }
            continue;
        }
        if text == "}" || text == "}," {
            within.retain(|(level, _)| *level < indent);
            continue;
        }
        let is_variant = within.last().is_some_and(|(_, name)| name.starts_with("enum "))
            && text.starts_with(|c: char| c.is_ascii_uppercase());
        let is_public = text.starts_with("pub ") || text.starts_with("impl ");
        if is_public || is_variant {
            if is_whole(text) {
                tell(&mut out, &mut within, indent, text);
            } else {
                open = Some((indent, text.to_owned()));
            }
        }
    }
    out
}

/// Whether the head of the item is complete.
fn is_whole(item: &str) -> bool {
    let depth = |open, close| item.matches(open).count() == item.matches(close).count();
    item.ends_with('{') || (item.ends_with([';', ',', '}']) && depth('(', ')') && depth('[', ']'))
}

fn tell(out: &mut String, within: &mut Vec<(usize, String)>, indent: usize, item: &str) {
    within.retain(|(level, _)| *level < indent);
    let head = item.trim_end_matches(['{', ',', ';']).trim();
    let head = head
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace("( ", "(")
        .replace(", )", ")");
    let name = head.strip_prefix("pub ").unwrap_or(&head);
    if name.starts_with("impl IntoFuture") || head.starts_with("impl<") || name.contains("::json::")
    {
        within.push((indent, "impl".to_owned()));
        return;
    }
    if item.ends_with('{') && !name.starts_with("fn ") {
        within.push((indent, name.to_owned()));
    }
    let is_hidden = within.iter().any(|(level, outer)| *level < indent && outer == "impl");
    let is_same_everywhere =
        ["fn with(self", "struct ", "mod "].iter().any(|start| name.starts_with(start))
            && (name.contains("CallOptions")
                || name.ends_with("Draft)")
                || name.ends_with("Context)")
                || name.starts_with("mod "));
    if !is_hidden && !is_same_everywhere && !name.starts_with("impl ") {
        let path: Vec<&str> = within
            .iter()
            .filter(|(level, _)| *level < indent)
            .map(|(_, outer)| short(outer))
            .collect();
        out.push_str(&path.join("::"));
        if !path.is_empty() {
            out.push_str("::");
        }
        out.push_str(name);
        out.push('\n');
    }
}

/// `impl Inquiry` -> `Inquiry`.
fn short(outer: &str) -> &str {
    outer.rsplit(' ').next().unwrap_or(outer)
}
