//! Names of fields that suggest a person or a credential.

/// Consecutive words of a name, whatever its case convention. `=` precedes what must be
/// the whole name.
const TEXTS: &[&str] = &[
    // Names.
    "name, names, firstname, lastname, middlename, fullname, surname, nickname, username",
    "patronymic, alias, aliases, initials, maiden, holder, cardholder, login, =first, =last",
    "=middle, =given, =family",
    // Birth and person.
    "birth, birthdate, birthday, birthplace, dob, gender, sex, nationality, citizenship",
    "occupation, employer",
    // Addresses.
    "address, addresses, street, streets, house, building, apartment, flat, city, town, locality",
    "neighborhood, postal, postcode, post code, zip, zipcode, subdivision, province, county",
    "district, country of, =region, =line, =line 1, =line 2",
    // Numbers of documents, people, accounts and cards.
    "number, numbers, documentnumber, identification, passport, ssn, social security, tin, itin",
    "ein, vat, tax, driver license, mrz, barcode, account identifier, iban, bic, swift, routing",
    "sort code, card, pan, cvv, bin, last 4, wallet, memo",
    // Ways to contact a person.
    "email, emails, mail, phone, phones, telephone, mobile, msisdn, fax",
    // Devices and networks.
    "ip, ips, ipaddress, user agent, useragent, fingerprint, fingerprints, imei, mac, cookie",
    "hostname, latitude, longitude, lat, lon, lng, gps, geolocation, location, coordinates",
    // Images and files.
    "photo, photos, image, images, selfie, selfies, portrait, picture, video, avatar, url, urls",
    "uri, href, filename, one time link, =link",
    // Free text that someone wrote.
    "comment, comments, note, notes, remark, message, text, description, details, =reason",
    "=answer, =content, =value, =values",
    // Credentials.
    "token, tokens, secret, secrets, password, passcode, pin, otp, api key, private key",
    "access key, authorization, signature, signatures, nonce, =key",
    // The caller's own names for a person.
    "reference, external, userid",
];

/// The same for ids: most are of a vendor's objects, which are not people.
const IDS: &[&str] = &[
    "reference, external, user, customer, subject, person, device, national, personal",
    "government, tax, identification",
];

/// The same for numbers.
const NUMBERS: &[&str] = &["latitude, longitude, lat, lon, lng, birth year, year of birth, =age"];

/// The same for times: most are of processing, few of a person.
const TIMES: &[&str] = &["birth, birthdate, birthday, dob, death"];

/// Whether a field of this name, type and format is about a person, as far as its name
/// tells.
pub fn is_person_like(name: &str, kind: &str, format: &str) -> bool {
    // `fields[inquiry]` requests fields by their names.
    if name.starts_with("fields[") {
        return false;
    }
    let words = words(name);
    let rules = match (kind, format) {
        ("string", "date-time") => TIMES,
        ("string", _) if words.ends_with(" id ") || words.ends_with(" ids ") => IDS,
        ("string", _) => TEXTS,
        ("number" | "integer", _) => NUMBERS,
        _ => return false,
    };
    rules.iter().flat_map(|line| line.split(", ")).any(|rule| match rule.strip_prefix('=') {
        Some(whole) => words.trim() == whole,
        None => words.contains(&format!(" {rule} ")),
    })
}

/// Splits a name into words: `externalUserId`, `external_user-id` -> ` external user id
/// `.
fn words(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut words = String::from(" ");
    for (index, &letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).map_or(' ', |before| letters[before]);
        let starts = letter.is_ascii_uppercase()
            && (before.is_ascii_lowercase()
                || letters.get(index + 1).is_some_and(char::is_ascii_lowercase));
        let turns = letter.is_ascii_digit() != before.is_ascii_digit();
        if (starts || turns || !letter.is_ascii_alphanumeric()) && !words.ends_with(' ') {
            words.push(' ');
        }
        if letter.is_ascii_alphanumeric() {
            words.push(letter.to_ascii_lowercase());
        }
    }
    words.push(' ');
    words
}

#[test]
fn a_name_is_taken_apart_by_every_case_rule() {
    for name in
        ["userIPAddress", "user_ip_address", "user-ip-address", "user[ip-address]", "UserIpAddress"]
    {
        assert_eq!(
            words(name).split_whitespace().collect::<Vec<_>>(),
            ["user", "ip", "address"],
            "{name}"
        );
    }
    assert_eq!(words("line1"), " line 1 ");
    assert!(is_person_like("nameFirst", "string", "") && !is_person_like("rename", "string", ""));
    assert!(is_person_like("first", "string", "") && !is_person_like("first-seen", "string", ""));
    assert!(
        is_person_like("externalUserId", "string", "") && !is_person_like("image-id", "string", "")
    );
    assert!(
        is_person_like("latitude", "number", "") && !is_person_like("name-count", "integer", "")
    );
    assert!(
        is_person_like("dob", "string", "date-time")
            && !is_person_like("name-updated-at", "string", "date-time")
    );
}
