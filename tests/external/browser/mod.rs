//! The page in the browser: `scripts/web` makes it, Chromium shows it.

mod chromium;
mod server;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use testing::programs::{installed, skipped};

use chromium::Browser;
use server::serve;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const BINARY: &str = env!("CARGO_BIN_EXE_spot-distribution");

/// How a text that was pasted is called.
const PASTED: &str = "manifests.yaml";

/// The largest page, in bytes.
const LIMIT: u64 = 2_000_000;

fn page() -> PathBuf {
    Path::new(ROOT).join("dist/web/index.html")
}

/// Whether there is a page and a browser.
fn ready() -> bool {
    if !installed(&["chromium", "mkfifo"]) {
        return false;
    }
    let is_built = page().is_file();
    let reason = "dist/web/index.html is not built: run scripts/web";
    assert!(is_built || env::var_os("CI").is_none(), "{reason}");
    if !is_built {
        skipped(reason);
    }
    is_built
}

/// The page, opened as a file, with its first plan.
fn opened() -> Browser {
    let mut browser = Browser::new(1280, 1000);
    browser.open(&address());
    browser.wait_for(PLANNED);
    browser
}

fn address() -> String {
    format!("file://{}", page().display())
}

/// There is a plan.
const PLANNED: &str = "document.querySelector('#plan .tile')";

fn example() -> String {
    fs::read_to_string(Path::new(ROOT).join("examples/web/in/web.yaml")).unwrap()
}

/// A Deployment of six replicas.
fn deployment(name: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  replicas: 6\n  \
         selector:\n    matchLabels:\n      app: a\n  template:\n    metadata:\n      labels:\n        \
         app: a\n    spec:\n      containers:\n        - name: a\n          image: a:1\n"
    )
}

/// A configuration with that `spec`.
fn policy(spec: &str) -> String {
    format!(
        "apiVersion: spot-distribution.dev/v1alpha1\nkind: SpotDistribution\nmetadata:\n  \
         name: policy\nspec:\n  {spec}\n"
    )
}

fn diff(browser: &mut Browser) -> String {
    browser.text("document.querySelector('#changes').textContent")
}

#[test]
fn it_opens_with_the_example_and_shows_what_the_program_shows() {
    if !ready() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(PASTED), example()).unwrap();
    let arguments = ["plan", "-o", "html", "--diff", PASTED];
    let mut program = Command::new(BINARY);
    let output = program
        .args(arguments)
        .current_dir(&folder)
        .output()
        .unwrap();
    let expected = String::from_utf8(output.stdout).unwrap();
    let mut browser = opened();
    assert_eq!(
        browser.text("document.querySelector('#manifests').value"),
        example()
    );
    // The browser's own reading of the program's page, without what frames it.
    let parsed = format!(
        "new DOMParser().parseFromString({}, 'text/html').querySelector('main')",
        json!(expected)
    );
    let theirs = browser.text(&format!("{parsed}.textContent"));
    let ours = browser.text(
        "document.querySelector('#plan').textContent + document.querySelector('#changes').textContent",
    );
    assert_eq!(format!("Spot plan\n{ours}").trim(), theirs.trim());
    browser.is_content();
}

#[test]
fn what_is_pasted_is_planned() {
    if !ready() {
        return;
    }
    let mut browser = opened();
    browser.paste("manifests", &deployment("pasted"));
    browser.wait_for("document.querySelector('#plan h3')?.textContent === 'Deployment/pasted'");
    assert!(diff(&mut browser).contains("+  name: pasted-on-demand"));
    browser.is_content();
}

#[test]
fn a_control_changes_the_policy_and_the_plan() {
    if !ready() {
        return;
    }
    let mut browser = opened();
    browser.choose("capacity-provider", "gke");
    browser.wait_for("document.querySelector('#changes').textContent.includes('gke-provisioning')");
    browser.paste("defaults-deployment-onDemand-base", "4");
    browser.wait_for("document.querySelector('#changes').textContent.includes('floor=5')");
    let config = "document.querySelector('#config').value";
    assert!(browser.text(config).contains("    provider: gke\n"));
    assert!(browser.text(config).contains("        base: 4\n"));
    // The other way round: a control shows what the configuration says.
    browser.paste(
        "config",
        &policy("defaults: {singleReplica: {strategy: spot}}"),
    );
    browser.wait_for("document.querySelector('#defaults-singleReplica-strategy').value === 'spot'");
    assert_eq!(
        browser.text("document.querySelector('#capacity-provider').value"),
        ""
    );
    browser.click("#reset");
    browser.wait_for("document.querySelector('#changes').textContent.includes('floor=2')");
    browser.is_content();
}

#[test]
fn a_mistake_is_shown_with_its_place() {
    if !ready() {
        return;
    }
    let mut browser = opened();
    browser.paste(
        "manifests",
        "kind: Deployment\nspec:\n  replicas: [1\n  x: y\n",
    );
    browser.wait_for("document.querySelector('.errors')");
    let error = browser.text("document.querySelector('.errors').textContent");
    let place = "manifests.yaml: not valid YAML at line 4, column ";
    assert!(
        error.starts_with("invalid-input ") && error.contains(place),
        "{error}"
    );
    assert_eq!(
        browser.value("document.querySelector('#plan').inert"),
        json!(true)
    );
    browser.click(".errors button");
    let selected = "getSelection().toString() || document.activeElement.value.slice(\
        document.activeElement.selectionStart, document.activeElement.selectionEnd)";
    assert!("  x: y".ends_with(&browser.text(selected)));
    browser.paste("manifests", &deployment("mended"));
    browser.wait_for("!document.querySelector('.errors') && document.querySelector('#plan h3')");
    browser.paste(
        "config",
        &policy("defaults: {deployment: {strategy: flor}}"),
    );
    browser.wait_for("document.querySelector('.errors')");
    let error = browser.text("document.querySelector('.errors').textContent");
    assert!(
        error.contains("policy.yaml") && error.contains("line 6"),
        "{error}"
    );
    browser.is_content();
}

#[test]
fn files_and_folders_are_dropped() {
    if !ready() {
        return;
    }
    // Chromium shows folders only to pages of a server.
    let (address, _) = serve(fs::read(page()).unwrap());
    let mut browser = Browser::new(1280, 1000);
    browser.open(&format!("http://{address}/"));
    browser.wait_for(PLANNED);
    let shop = Path::new(ROOT).join("examples/shop/in");
    browser.drop(&[shop]);
    browser.wait_for("document.querySelectorAll('#plan .workload').length === 15");
    let files =
        "[...document.querySelectorAll('#file option')].map((option) => option.text).join()";
    assert!(browser.text(files).contains("in/data/postgres.yaml"));
    browser.choose("file", "0");
    assert!(
        browser
            .text("document.querySelector('#manifests').value")
            .contains("name: ad")
    );
    let two = ["examples/web/in/web.yaml", "examples/web/README.md"];
    browser.drop(&two.map(|path| Path::new(ROOT).join(path))[..1]);
    browser.wait_for("document.querySelectorAll('#plan .workload').length === 1");
    assert_eq!(browser.text(files), "web.yaml");
    browser.is_content();
}

#[test]
fn of_a_folder_only_manifests_are_read() {
    if !ready() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("shop");
    for (path, text) in [
        ("web.yaml", deployment("web")),
        ("notes.md", "# notes\n".to_owned()),
        ("values.yml", "replicas: 3\n".to_owned()),
        (".git/config.yaml", "not: [yaml\n".to_owned()),
        ("chart/Chart.yaml", "name: chart\n".to_owned()),
        ("chart/templates/web.yaml", "{{ .Values }}\n".to_owned()),
    ] {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let (address, _) = serve(fs::read(page()).unwrap());
    let mut browser = Browser::new(1280, 1000);
    browser.open(&format!("http://{address}/"));
    browser.wait_for(PLANNED);
    browser.drop(&[root]);
    browser.wait_for(
        "document.querySelector('#plan h3')?.textContent === 'Deployment/web'\
        && document.querySelector('#plan').textContent.includes('shop/chart')",
    );
    let plan = browser.text("document.querySelector('#plan').textContent");
    assert!(
        plan.contains("no objects to be applied: shop/values.yml"),
        "{plan}"
    );
    assert!(
        !plan.contains(".git") && !plan.contains("notes.md"),
        "{plan}"
    );
    browser.is_content();
}

#[test]
fn a_thousand_lines_are_planned() {
    if !ready() {
        return;
    }
    let many: Vec<_> = (0..60)
        .map(|index| deployment(&format!("web-{index}")))
        .collect();
    let text = many.join("---\n");
    assert!(text.lines().count() > 1000);
    let mut browser = opened();
    browser.paste("manifests", &text);
    browser.wait_for("document.querySelectorAll('#plan .workload').length === 60");
    browser.is_content();
}

#[test]
fn a_link_holds_manifests_and_policy() {
    if !ready() {
        return;
    }
    let mut browser = opened();
    let text = deployment("shared") + "# Grüße, 你好\n";
    browser.paste("manifests", &text);
    browser.paste("config", &policy("capacity: {provider: karpenter}"));
    browser.click("#share");
    browser.wait_for(
        "document.querySelector('#link').value && !document.querySelector('#shared').hidden",
    );
    let link = browser.text("document.querySelector('#link').value");
    assert!(link.starts_with(&format!("{}#s=", address())), "{link}");
    assert!(link.len() < 800, "{} characters", link.len());
    assert_eq!(browser.text("location.href"), link);
    browser.open(&link);
    browser.wait_for("document.querySelector('#plan h3')?.textContent === 'Deployment/shared'");
    assert_eq!(
        browser.text("document.querySelector('#manifests').value"),
        text
    );
    assert_eq!(
        browser.text("document.querySelector('#capacity-provider').value"),
        "karpenter"
    );
    assert!(diff(&mut browser).contains("karpenter.sh/capacity-type"));
    browser.open(&link[..link.len() / 2]);
    browser.wait_for("document.querySelector('.errors')?.textContent.includes('damaged')");
}

#[test]
fn nothing_is_asked_for_but_the_page() {
    if !ready() {
        return;
    }
    let (address, log) = serve(fs::read(page()).unwrap());
    let address = format!("http://{address}/");
    let mut browser = Browser::new(1280, 1000);
    browser.open(&address);
    browser.wait_for(PLANNED);
    let offline = json!({
        "offline": true, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0,
    });
    browser.call("Network.emulateNetworkConditions", &offline);
    browser.paste("manifests", &deployment("offline"));
    browser.wait_for("document.querySelector('#plan h3')?.textContent === 'Deployment/offline'");
    browser.click("#share");
    browser.wait_for("document.querySelector('#link').value");
    assert_eq!(*log.lock().unwrap(), ["GET / HTTP/1.1"]);
    let elsewhere = |request: &&String| **request != address && !request.starts_with("data:");
    assert_eq!(browser.requests.iter().find(elsewhere), None);
    browser.is_content();
    // Nor could it: the page forbids itself every connection.
    let refused = "fetch('/x').then(() => 'sent', () => 'refused')";
    assert_eq!(browser.text(refused), "refused");
    assert!(
        browser
            .complaints
            .concat()
            .contains("Content Security Policy")
    );
}

#[test]
fn what_stands_in_manifests_and_links_is_only_shown() {
    if !ready() {
        return;
    }
    let mut browser = opened();
    let evil = "'<img src=x onerror=document.title=1>'";
    browser.paste("manifests", &deployment(evil));
    browser.wait_for(
        "document.querySelector('#plan').textContent.includes('onerror')\
        || document.querySelector('.errors')?.textContent.includes('onerror')",
    );
    browser.paste(
        "manifests",
        "a: <img src=x onerror=document.title=1>\nb: [\n",
    );
    browser.wait_for("document.querySelector('.errors')");
    assert_eq!(
        browser.value("document.querySelectorAll('img').length"),
        json!(0)
    );
    assert_eq!(browser.text("document.title"), "spot-distribution: try it");
}

#[test]
fn it_fits_a_phone_in_light_and_dark() {
    if !ready() {
        return;
    }
    let mut browser = opened();
    for (width, height) in [(360, 740), (1280, 1000)] {
        browser.resize(width, height);
        for scheme in ["light", "dark"] {
            browser.prefer(scheme);
            for tab in ["plan", "changes"] {
                browser.click(&format!("#tab-{tab}"));
                let wide = "document.documentElement.scrollWidth";
                assert_eq!(browser.value(wide), json!(width), "{scheme} {tab}");
                photograph(&mut browser, &format!("{tab}-{width}-{scheme}"));
            }
        }
    }
    let colour = "getComputedStyle(document.body).backgroundColor";
    assert_eq!(browser.text(colour), "rgb(18, 21, 27)");
}

/// Into the folder that `PICTURES` names: `scripts/screenshots` sets it.
fn photograph(browser: &mut Browser, name: &str) {
    let Some(folder) = env::var_os("PICTURES") else {
        return;
    };
    let picture = browser.call("Page.captureScreenshot", &json!({"format": "png"}));
    let picture = picture["data"].as_str().unwrap();
    let path = Path::new(&folder).join(format!("{name}.png"));
    let decoded = "printf %s \"$0\" | base64 -d > \"$1\"";
    let mut shell = Command::new("sh");
    let status = shell.args(["-c", decoded, picture]).arg(path).status();
    assert!(status.unwrap().success());
}

#[test]
fn keys_reach_everything_and_everything_has_a_name() {
    if !ready() {
        return;
    }
    let mut browser = opened();
    browser.click("#yaml summary");
    let mut reached = Vec::new();
    for _ in 0..30 {
        browser.press("Tab");
        reached.push(browser.text("document.activeElement.id"));
    }
    for id in [
        "share",
        "pick-files",
        "pick-folder",
        "example",
        "manifests",
        "reset",
        "capacity-provider",
        "defaults-deployment-strategy",
        "defaults-statefulSet-onDemand-base",
        "config",
        "tab-plan",
    ] {
        assert!(
            reached.iter().any(|other| other == id),
            "{id} is not in {reached:?}"
        );
    }
    browser.value("document.querySelector('#tab-plan').focus()");
    browser.press("ArrowRight");
    assert_eq!(browser.text("document.activeElement.id"), "tab-changes");
    assert_eq!(
        browser.value("document.querySelector('#changes').hidden"),
        json!(false)
    );
    let tree = browser.call("Accessibility.getFullAXTree", &json!({}));
    let nodes = tree["nodes"].as_array().unwrap().iter();
    let controls = nodes.filter(|node| {
        let role = node["role"]["value"].as_str().unwrap_or_default();
        let is_control = [
            "button",
            "combobox",
            "spinbutton",
            "tab",
            "textbox",
            "tabpanel",
        ]
        .contains(&role);
        is_control && node["ignored"] == json!(false)
    });
    let names: Vec<_> = controls
        .map(|node| node["name"]["value"].as_str().unwrap_or_default())
        .collect();
    assert!(names.len() > 15 && !names.contains(&""), "{names:?}");
}

#[test]
fn it_is_small_and_holds_everything_itself() {
    if !ready() {
        return;
    }
    assert!(fs::metadata(page()).unwrap().len() < LIMIT);
    let text = fs::read_to_string(page()).unwrap();
    for word in [" src=", "@import", "<link rel=\"stylesheet", "url("] {
        assert!(!text.contains(word), "{word}");
    }
}
