//! The reader against serde_json, on valid texts and on mutants of them.

use serde_json::Value;

use super::{Broken, parse};

/// Texts of every form: numbers, escapes, nesting, spaces.
const SEEDS: [&str; 12] = [
    r#"{"data":{"id":"inq_1","type":"inquiry","attributes":{"n":[1,-2.5e3,true,null]}}}"#,
    r#" [ 1 , 2 ,{ "a" : [ ] , "b" : { } } ] "#,
    r#"["\"\\\/\b\f\n\r\t","\u00e9\u20ac\ud83d\ude00","Zoë €😀","a long run without any escape"]"#,
    "[0,-0,10,1e2,1E+2,1e-2,0.5,-0.0,123456789012345678901234567890]",
    "[9007199254740993,-9223372036854775808,18446744073709551615,31.245270191439438]",
    r#"{"":"","a\u0062":1,"ab ":2}"#,
    "true",
    "null",
    "\"text\"",
    "-12.25",
    "\t\r\n {}\n",
    r#"{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10}"#,
];

/// Asserts that both readers accept the same texts with the same values. Where ours says
/// why it differs, serde_json's last field wins, or its text stops at half of a pair.
fn agree(text: &[u8]) {
    let theirs: Result<Value, _> = serde_json::from_slice(text);
    match (parse(text), theirs) {
        (Ok(ours), Ok(theirs)) => {
            // Floats with many digits differ in the last place, which serde_json rounds.
            assert_eq!(rounded(ours), rounded(theirs), "{:?}", String::from_utf8_lossy(text));
        }
        (Err(Broken::Doubled), Ok(_)) | (Err(_), Err(_)) => {}
        (Ok(ours), Err(error)) => {
            let is_lone = ours.to_string().contains('\u{fffd}');
            assert!(is_lone, "{error} at {:?}", String::from_utf8_lossy(text));
        }
        (Err(broken), Ok(_)) => panic!("{broken:?} at {:?}", String::from_utf8_lossy(text)),
    }
}

fn rounded(value: Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => {
            Value::String(format!("{:.12e}", number.as_f64().unwrap_or_default()))
        }
        Value::Array(items) => items.into_iter().map(rounded).collect(),
        Value::Object(members) => {
            Value::Object(members.into_iter().map(|(name, value)| (name, rounded(value))).collect())
        }
        other => other,
    }
}

#[test]
fn both_readers_agree_on_texts_and_on_every_mutant_of_one_byte() {
    for seed in SEEDS {
        let text = seed.as_bytes();
        assert!(parse(text).is_ok(), "{seed}");
        agree(text);
        for place in 0..text.len() {
            agree(&text[..place]);
            for other in *b" \t\n\"\\/{}[]:,+-.eE019tfnu\x00\x1f\x7f\xc3\xff" {
                let mut changed = text.to_vec();
                changed[place] = other;
                agree(&changed);
                changed.insert(place, text[place]);
                agree(&changed);
            }
            let mut shorter = text.to_vec();
            shorter.remove(place);
            agree(&shorter);
        }
    }
}

#[test]
fn a_key_that_is_there_twice_is_refused_however_it_is_written() {
    for text in [
        r#"{"a":1,"a":1}"#,
        r#"{"a":1,"\u0061":2}"#,
        r#"[{"x":{"a":1,"b":2,"a":3}}]"#,
        r#"{"":1,"":2}"#,
        r#"{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"a":1}"#,
    ] {
        assert_eq!(parse(text.as_bytes()), Err(Broken::Doubled), "{text}");
        let mut reader = super::Reader::new(text.as_bytes()).unwrap();
        assert_eq!(reader.skip(), Err(Broken::Doubled), "{text}");
    }
    // The same name in different objects is none twice.
    let apart = r#"{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":3}}"#;
    assert!(parse(apart.as_bytes()).is_ok());
    assert_eq!(super::Reader::new(apart.as_bytes()).unwrap().skip(), Ok(()));
}

#[test]
fn depth_and_memory_are_bounded() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let nested = |depth: usize| format!("{}0{}", open.repeat(depth), close.repeat(depth));
        assert!(parse(nested(127).as_bytes()).is_ok());
        for depth in [128, 100_000] {
            assert_eq!(parse(nested(depth).as_bytes()), Err(Broken::TooDeep), "{depth}");
            let text = nested(depth);
            let mut reader = super::Reader::new(text.as_bytes()).unwrap();
            assert_eq!(reader.skip(), Err(Broken::TooDeep), "{depth}");
        }
    }
    // Each item takes 16 times its text.
    let many = format!("[{}0]", "0,".repeat(1 << 20));
    assert_eq!(parse(many.as_bytes()), Err(Broken::TooLarge));
    let most = format!("[{}0]", "0,".repeat(1 << 18));
    assert!(parse(most.as_bytes()).is_ok());
}
