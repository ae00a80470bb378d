//! The page in a real browser.

use std::fs;
use std::process::Command;

use testing::programs::installed;

use super::{folder, shown};

/// What a browser makes of the page, without a network.
fn loaded(page: &str) -> String {
    let folder = folder(&[("plan.html", page)]);
    let profile = folder.path().join("profile");
    let mut command = Command::new("chromium");
    command
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
        ])
        .args(["--disable-sync", "--disable-dev-shm-usage", "--dump-dom"])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!(
            "file://{}",
            folder.path().join("plan.html").display()
        ));
    let output = command.output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_browser_finds_every_workload_and_warning() {
    if !installed(&["chromium"]) {
        return;
    }
    let arguments = [
        "plan",
        "-o",
        "html",
        "--diff",
        "--config",
        "config.yaml",
        "in",
    ];
    let dom = loaded(&shown("examples/shop", &arguments, ""));
    assert_eq!(dom.matches("<article class=\"workload\">").count(), 15);
    assert_eq!(dom.matches("<article class=\"left\">").count(), 2);
    for name in ["frontend", "invoice-worker", "nats", "postgres"] {
        assert!(dom.contains(&format!("/</span>{name}</h3>")), "{name}");
    }
    let bar = "2 stay on on-demand nodes, 1 on spot nodes, lost with them";
    assert!(dom.contains(&format!("aria-label=\"{bar}\"")));
    for code in ["pdb-blocks-drain", "rule-unused", "grace-exceeds-notice"] {
        assert!(dom.contains(&format!("<strong>{code}</strong>")), "{code}");
    }
    assert_eq!(dom.matches("<details>").count(), 15);
}

#[test]
fn nothing_is_loaded_from_elsewhere_and_nothing_runs() {
    let css = fs::read_to_string("src/report/page.css").unwrap();
    let page = shown("examples/shop", &["plan", "-o", "html", "--diff", "in"], "");
    for word in [
        "<script", "<link", "<img", "src=", "href=", "@import", "url(",
    ] {
        assert!(!page.contains(word) && !css.contains(word), "{word}");
    }
}

#[test]
fn what_stands_in_manifests_is_only_shown() {
    let evil = "'<img src=x onerror=alert(1)>'";
    let text = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {evil}, namespace: \"<b>\"}}\nspec:\n  \
         selector: {{matchLabels: {{a: b}}}}\n  template:\n    metadata: {{labels: {{a: b}}}}\n    \
         spec: {{schedulerName: \"</style><script>\"}}\n"
    );
    let page = shown(".", &["plan", "-o", "html", "--diff", "-"], &text);
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;"));
    for word in ["<img", "<b>&", "<script", "Namespace <b>"] {
        assert!(!page.contains(word), "{word}");
    }
}
