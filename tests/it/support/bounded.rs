//! Values within the bounds that a schema states for requests: lengths, counts, limits,
//! patterns.

use serde_json::{Value, json};

/// The text closest to `wish` that the schema allows.
pub fn text(wish: &str, schema: &Value) -> String {
    if let Some(pattern) = schema["pattern"].as_str() {
        let known = regex_lite::Regex::new(pattern).unwrap();
        return if known.is_match(wish) { wish.to_owned() } else { matching(pattern) };
    }
    let (least, most) =
        (whole(schema, "minLength").unwrap_or(0), whole(schema, "maxLength").unwrap_or(usize::MAX));
    let mut text: String = wish.chars().take(most).collect();
    while text.chars().count() < least {
        text.push('x');
    }
    text
}

/// The number closest to `wish` that the schema allows.
pub fn number(wish: Value, schema: &Value) -> Value {
    let number = wish.as_f64().unwrap();
    let limit = |name: &str, is_broken: fn(f64, f64) -> bool| {
        let limit = &schema[name];
        limit.as_f64().filter(|limit| is_broken(number, *limit)).map(|number| {
            match limit.as_i64() {
                Some(whole) if wish.is_i64() => json!(whole),
                _ => json!(number),
            }
        })
    };
    let least = limit("minimum", |number, least| number < least);
    least.or_else(|| limit("maximum", |number, most| number > most)).unwrap_or(wish)
}

/// The number of items of a list: at least one, if its bounds allow that.
pub fn items(schema: &Value) -> usize {
    whole(schema, "minItems")
        .unwrap_or(1)
        .max(1)
        .min(whole(schema, "maxItems").unwrap_or(usize::MAX))
}

pub fn whole(schema: &Value, name: &str) -> Option<usize> {
    schema[name].as_u64().map(|number| number as usize)
}

/// The shortest text that certainly matches a pattern, for the syntax that our specs use:
/// anchors, characters, classes, groups, alternatives and counts.
pub fn matching(pattern: &str) -> String {
    let mut rest = pattern.chars().peekable();
    let text = alternatives(&mut rest);
    assert!(
        rest.next().is_none() && regex_lite::Regex::new(pattern).unwrap().is_match(&text),
        "{pattern}: {text}"
    );
    text
}

type Rest<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// The first alternative.
fn alternatives(rest: &mut Rest<'_>) -> String {
    let mut first = None;
    loop {
        let text = sequence(rest);
        first.get_or_insert(text);
        if rest.next_if_eq(&'|').is_none() {
            return first.unwrap_or_default();
        }
    }
}

fn sequence(rest: &mut Rest<'_>) -> String {
    let mut text = String::new();
    while let Some(next) = rest.next_if(|next| !matches!(next, '|' | ')')) {
        let one = match next {
            '^' | '$' => continue,
            '(' => {
                if rest.next_if_eq(&'?').is_some() {
                    assert_eq!(rest.next(), Some(':'));
                }
                let inner = alternatives(rest);
                assert_eq!(rest.next(), Some(')'));
                inner
            }
            '[' => class(rest).to_string(),
            '\\' => escaped(rest.next().unwrap()).to_string(),
            '.' => "x".to_owned(),
            plain => plain.to_string(),
        };
        text.push_str(&one.repeat(count(rest)));
    }
    text
}

/// The first character of a class.
fn class(rest: &mut Rest<'_>) -> char {
    assert!(rest.peek() != Some(&'^'), "a class of what is not in it");
    let first = match rest.next().unwrap() {
        '\\' => escaped(rest.next().unwrap()),
        plain => plain,
    };
    while rest.next().unwrap() != ']' {}
    first
}

fn escaped(letter: char) -> char {
    match letter {
        'd' => '7',
        'w' => 'x',
        's' => ' ',
        plain => plain,
    }
}

/// The minimum of a count; one for `*` and `?`.
fn count(rest: &mut Rest<'_>) -> usize {
    match rest.next_if(|next| matches!(next, '*' | '+' | '?' | '{')) {
        Some('{') => {
            let inner: String = std::iter::from_fn(|| rest.next_if(|next| *next != '}')).collect();
            rest.next();
            inner.split(',').next().unwrap().parse().unwrap()
        }
        _ => 1,
    }
}

#[test]
fn a_text_is_made_for_each_pattern() {
    for (pattern, text) in [
        (r"^accac_[a-zA-Z0-9]{24,28}$", "accac_aaaaaaaaaaaaaaaaaaaaaaaa"),
        (r"^\d{3}-\d{2}$", "777-77"),
        (r"^[1-9][0-9]{1,3}x[1-9]$", "10x1"),
        (r"^(?:ab|c)+d?\.$", "abd."),
        ("a|b", "a"),
    ] {
        assert_eq!(matching(pattern), text);
    }
    assert_eq!(self::text("canary", &json!({ "maxLength": 3 })), "can");
    assert_eq!(self::text("", &json!({ "minLength": 2 })), "xx");
    assert_eq!(number(json!(7), &json!({ "maximum": 5, "minimum": 1 })), json!(5));
    assert_eq!(items(&json!({ "minItems": 2, "maxItems": 3 })), 2);
}
