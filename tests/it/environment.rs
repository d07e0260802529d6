//! `from_env` of each vendor. The environment belongs to the process, so each case runs
//! in a process of its own: this test binary, called for this one test.

use kyc_review::beltic::Beltic;
use kyc_review::persona::Persona;
use kyc_review::provide::Provide;
use kyc_review::rebilly::Rebilly;
use kyc_review::sumsub::Sumsub;

/// The vendor that a child process builds, and the expected outcome.
const CASE: &str = "KYC_REVIEW_TEST_CASE";

const VARIABLES: &[&str] = &[
    "BELTIC_API_KEY",
    "BELTIC_BASE_URL",
    "PERSONA_API_KEY",
    "PERSONA_BASE_URL",
    "PERSONA_VERSION",
    "PROVIDE_API_TOKEN",
    "PROVIDE_BASE_URL",
    "REBILLY_API_KEY",
    "REBILLY_BEARER_TOKEN",
    "REBILLY_ORGANIZATION_ID",
    "REBILLY_ENVIRONMENT",
    "REBILLY_BASE_URL",
    "SUMSUB_APP_TOKEN",
    "SUMSUB_SECRET_KEY",
    "SUMSUB_BASE_URL",
];

type Case = (&'static str, &'static [(&'static str, &'static str)], &'static str);

/// Vendor, variables, and the error after `vendor: configuration: `, or none if the
/// client is built.
const CASES: &[Case] = &[
    ("beltic", &[("BELTIC_API_KEY", "k")], ""),
    (
        "beltic",
        &[("BELTIC_API_KEY", "k\n"), ("BELTIC_BASE_URL", "https://proxy.example.test/x")],
        "",
    ),
    ("beltic", &[], "the environment variable `BELTIC_API_KEY` is not set, or not Unicode"),
    ("beltic", &[("BELTIC_API_KEY", " ")], "the API key is empty"),
    ("persona", &[("PERSONA_API_KEY", "k"), ("PERSONA_VERSION", "2026-09-29")], ""),
    (
        "persona",
        &[("PERSONA_VERSION", "2026-09-29")],
        "the environment variable `PERSONA_API_KEY` is not set, or not Unicode",
    ),
    (
        "provide",
        &[
            ("PROVIDE_API_TOKEN", "t"),
            ("PROVIDE_BASE_URL", "https://ident.provide.services/api/v1"),
        ],
        "",
    ),
    ("provide", &[], "the environment variable `PROVIDE_API_TOKEN` is not set, or not Unicode"),
    ("sumsub", &[("SUMSUB_APP_TOKEN", "t"), ("SUMSUB_SECRET_KEY", "s")], ""),
    (
        "sumsub",
        &[("SUMSUB_APP_TOKEN", "t")],
        "the environment variable `SUMSUB_SECRET_KEY` is not set, or not Unicode",
    ),
    ("rebilly", &[("REBILLY_API_KEY", "sk_live_1"), ("REBILLY_ORGANIZATION_ID", "org_1")], ""),
    (
        "rebilly",
        &[
            ("REBILLY_BEARER_TOKEN", "t"),
            ("REBILLY_ORGANIZATION_ID", "org_1"),
            ("REBILLY_ENVIRONMENT", "sandbox"),
            ("REBILLY_BASE_URL", "https://proxy.example.test/x"),
        ],
        "",
    ),
    (
        "rebilly",
        &[("REBILLY_API_KEY", "sk_live_1")],
        "the environment variable `REBILLY_ORGANIZATION_ID` is not set, or not Unicode",
    ),
    (
        "rebilly",
        &[("REBILLY_ORGANIZATION_ID", "org_1")],
        "the environment has neither REBILLY_API_KEY nor REBILLY_BEARER_TOKEN: set one",
    ),
    (
        "rebilly",
        &[
            ("REBILLY_API_KEY", "k"),
            ("REBILLY_BEARER_TOKEN", "t"),
            ("REBILLY_ORGANIZATION_ID", "org_1"),
        ],
        "both an API key and a bearer token are set: set one",
    ),
    (
        "rebilly",
        &[
            ("REBILLY_API_KEY", "sk_live_1"),
            ("REBILLY_ORGANIZATION_ID", "org_1"),
            ("REBILLY_ENVIRONMENT", "sandbox"),
        ],
        "invalid API key: must be of the chosen environment",
    ),
    (
        "rebilly",
        &[
            ("REBILLY_API_KEY", "k"),
            ("REBILLY_ORGANIZATION_ID", "org_1"),
            ("REBILLY_ENVIRONMENT", "Live"),
        ],
        "invalid `REBILLY_ENVIRONMENT`: must be `live` or `sandbox`",
    ),
    (
        "rebilly",
        &[("REBILLY_API_KEY", "k"), ("REBILLY_ORGANIZATION_ID", "a/b")],
        "OrganizationId must not contain `/`, `\\`, `?` or `#`",
    ),
    (
        "rebilly",
        &[
            ("REBILLY_API_KEY", "k"),
            ("REBILLY_ORGANIZATION_ID", "org_1"),
            ("REBILLY_BASE_URL", "ftp://example.test"),
        ],
        "invalid base URL: must be https (http only on loopback)",
    ),
];

#[test]
fn the_environment_gives_what_the_builder_takes() {
    if let Ok(case) = std::env::var(CASE) {
        return in_child(&case);
    }
    for (index, (vendor, variables, expected)) in CASES.iter().enumerate() {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap());
        child.args(["environment::the_environment_gives_what_the_builder_takes", "--exact"]);
        for name in VARIABLES {
            child.env_remove(name);
        }
        child.env(CASE, index.to_string()).envs(variables.iter().copied());
        let output = child.output().unwrap();
        let shown = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success() && shown.contains("1 passed"),
            "{vendor}, {expected}: {shown}"
        );
    }
}

fn in_child(case: &str) {
    let (vendor, _, expected) = CASES[case.parse::<usize>().unwrap()];
    let built = match vendor {
        "beltic" => Beltic::from_env().map(drop),
        "persona" => Persona::from_env().map(drop),
        "provide" => Provide::from_env().map(drop),
        "rebilly" => Rebilly::from_env().map(drop),
        _ => Sumsub::from_env().map(drop),
    };
    match built {
        Ok(()) => assert_eq!(expected, ""),
        Err(error) => assert_eq!(error.to_string(), format!("{vendor}: configuration: {expected}")),
    }
}
