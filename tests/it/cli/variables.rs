//! Variables that are filled in later, where the output is no manifest yet.

use super::{WEB, command};

/// What `apply` makes of the Deployment with this selector and these labels of its pods.
fn applied(selector: &str, labels: &str) -> (String, String) {
    let text = WEB
        .replace("matchLabels: {app: web}", selector)
        .replace("labels: {app: web}", labels);
    let output = command().args(["apply", "-"]).write_stdin(text).output();
    let output = output.unwrap();
    let [stdout, stderr] = [output.stdout, output.stderr].map(|it| String::from_utf8(it).unwrap());
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    (stdout, stderr)
}

/// Whether a selector matches is known once its variables are filled in: the sibling copies both.
#[test]
fn selectors_that_may_match_are_placed() {
    for (selector, labels) in [
        ("matchLabels: {app: \"${APP}\"}", "labels: {app: web}"),
        (
            "matchLabels: {app: web}",
            "labels: {app: <app>, tier: front}",
        ),
        ("matchLabels: {\"${KEY}\": web}", "labels: {app: web}"),
        (
            "matchExpressions: [{key: app, operator: In, values: [\"${APP}\"]}]",
            "labels: {app: web}",
        ),
    ] {
        let (stdout, stderr) = applied(selector, labels);
        assert!(stdout.contains("name: web-on-demand"), "{stderr}");
        assert!(!stderr.contains("selector-mismatch"), "{stderr}");
    }
}

/// Whatever the variable becomes, the other label is another.
#[test]
fn selectors_that_cannot_match_are_left_alone() {
    let selector = "matchLabels: {app: \"${APP}\", tier: front}";
    let (stdout, stderr) = applied(selector, "labels: {app: web, tier: back}");
    assert!(!stdout.contains("name: web-on-demand"), "{stdout}");
    assert!(stderr.contains("warning[selector-mismatch]"), "{stderr}");
}

/// What is read of the owner's own topology spread only warnings depend on.
#[test]
fn a_spread_that_is_filled_in_later_is_named() {
    let fields = [
        ("maxSkew", "1"),
        ("minDomains", "2"),
        ("nodeAffinityPolicy", "Honor"),
        ("nodeTaintsPolicy", "Honor"),
        ("whenUnsatisfiable", "DoNotSchedule"),
    ];
    for (field, value) in fields {
        let constraint = fields.map(|(own, value)| format!("{own}: {value}"));
        let constraint = constraint.join(", ");
        let open = format!("{field}: \"${{X}}\"");
        let constraint = constraint.replace(&format!("{field}: {value}"), &open);
        let spread = format!(
            "labels: {{app: web}}\n    spec:\n      topologySpreadConstraints:\n      - {{topologyKey: rack, {constraint}}}"
        );
        let text = WEB.replace("labels: {app: web}\n    spec:", &spread);
        let output = command().args(["apply", "-"]).write_stdin(text).output();
        let stderr = String::from_utf8(output.unwrap().stderr).unwrap();
        let named = format!("topologySpreadConstraints[0].{field}: found \"${{X}}\", a variable");
        assert!(stderr.contains(&named), "{stderr}");
    }
}
