//! Chromium, driven by its `DevTools` protocol over a pair of pipes: no port, no driver to install.
//!
//! Source: <https://chromedevtools.github.io/devtools-protocol/>

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

/// How long a page may take for what it is asked for, in milliseconds: only so that a test ends.
const PATIENCE: u32 = 60_000;

/// A browser with one page.
pub struct Browser {
    process: Child,
    commands: File,
    answers: BufReader<File>,
    session: Option<String>,
    last: u64,
    /// The addresses of everything that the page asked for.
    pub requests: Vec<String>,
    /// What the page reported as wrong.
    pub complaints: Vec<String>,
    _folder: TempDir,
}

impl Browser {
    /// Starts Chromium with an empty page of that size in CSS pixels.
    pub fn new(width: u32, height: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let pipes = ["commands", "answers"].map(|name| folder.path().join(name));
        let made = Command::new("mkfifo").args(&pipes).status().unwrap();
        assert!(made.success());
        let process = start(&folder, &pipes);
        // In the order in which the shell opens them: each waits for the other side.
        let commands = File::options().write(true).open(&pipes[0]).unwrap();
        let answers = BufReader::new(File::open(&pipes[1]).unwrap());
        let mut browser = Self {
            process,
            commands,
            answers,
            session: None,
            last: 0,
            requests: Vec::new(),
            complaints: Vec::new(),
            _folder: folder,
        };
        browser.attach();
        browser.resize(width, height);
        browser
    }

    fn attach(&mut self) {
        let target = self.call("Target.createTarget", &json!({"url": "about:blank"}));
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let session = self.call("Target.attachToTarget", &attach);
        self.session = session["sessionId"].as_str().map(str::to_owned);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            self.call(&format!("{domain}.enable"), &json!({}));
        }
    }

    /// Asks for something and waits for the answer.
    pub fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.last += 1;
        let mut command = json!({"id": self.last, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        write!(self.commands, "{command}\0").unwrap();
        loop {
            let mut message = self.message();
            if message["id"] == json!(self.last) {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].take();
            }
            self.note(&message);
        }
    }

    fn message(&mut self) -> Value {
        let mut bytes = Vec::new();
        self.answers.read_until(0, &mut bytes).unwrap();
        assert_eq!(bytes.pop(), Some(0), "Chromium has ended");
        serde_json::from_slice(&bytes).unwrap()
    }

    fn note(&mut self, message: &Value) {
        let parameters = &message["params"];
        match message["method"].as_str().unwrap_or_default() {
            "Network.requestWillBeSent" => {
                let address = parameters["request"]["url"].as_str().unwrap();
                self.requests.push(address.to_owned());
            }
            "Runtime.exceptionThrown" | "Log.entryAdded" => {
                self.complaints.push(parameters.to_string());
            }
            _ => {}
        }
    }

    /// Opens `address` again, also where only its fragment differs.
    pub fn open(&mut self, address: &str) {
        self.call("Page.navigate", &json!({"url": "about:blank"}));
        self.call("Page.navigate", &json!({"url": address}));
    }

    /// The value of a JavaScript expression, or what its promise comes to.
    pub fn value(&mut self, expression: &str) -> Value {
        let parameters = json!({
            "expression": expression,
            "awaitPromise": true,
            "returnByValue": true,
            "userGesture": true,
        });
        let mut answer = self.call("Runtime.evaluate", &parameters);
        assert!(
            answer["exceptionDetails"].is_null(),
            "{expression}: {}",
            answer["exceptionDetails"]
        );
        answer["result"]["value"].take()
    }

    /// As [`Browser::value`], of a text.
    pub fn text(&mut self, expression: &str) -> String {
        let value = self.value(expression);
        let text = value.as_str().map(str::to_owned);
        text.unwrap_or_else(|| panic!("{expression} is {value}"))
    }

    /// Waits until `condition` holds in the page.
    pub fn wait_for(&mut self, condition: &str) {
        let waiting = format!(
            "new Promise((done) => {{
               const end = Date.now() + {PATIENCE};
               const look = () => {{
                 const holds = {condition};
                 holds || Date.now() > end ? done(Boolean(holds)) : setTimeout(look, 20);
               }};
               look();
             }})"
        );
        let holds = self.value(&waiting);
        let seen = self.value("document.body.innerText");
        assert_eq!(holds, json!(true), "{condition}; the page shows: {seen}");
    }

    /// Gives the page another size in CSS pixels.
    pub fn resize(&mut self, width: u32, height: u32) {
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
        });
        self.call("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Light or dark.
    pub fn prefer(&mut self, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.call("Emulation.setEmulatedMedia", &json!({"features": features}));
    }

    /// Replaces what the field `id` holds, as somebody who selects everything and pastes.
    pub fn paste(&mut self, id: &str, text: &str) {
        self.value(&format!(
            "{{ const field = document.getElementById('{id}');
                field.closest('details')?.setAttribute('open', '');
                field.focus();
                field.select(); }}"
        ));
        self.call("Input.insertText", &json!({"text": text}));
    }

    /// Presses a key that writes nothing.
    pub fn press(&mut self, key: &str) {
        for kind in ["rawKeyDown", "keyUp"] {
            let code = match key {
                "Tab" => 9,
                "ArrowRight" => 39,
                _ => 0,
            };
            let event = json!({
                "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code,
            });
            self.call("Input.dispatchKeyEvent", &event);
        }
    }

    /// Clicks what `selector` finds.
    pub fn click(&mut self, selector: &str) {
        self.value(&format!("document.querySelector('{selector}').click()"));
    }

    /// Chooses an option of the list `id`.
    pub fn choose(&mut self, id: &str, value: &str) {
        self.value(&format!(
            "{{ const list = document.getElementById('{id}');
                list.value = '{value}';
                list.dispatchEvent(new Event('change', {{ bubbles: true }})); }}"
        ));
    }

    /// Drops files and folders in the middle of the page.
    pub fn drop(&mut self, paths: &[PathBuf]) {
        let data = json!({"items": [], "files": paths, "dragOperationsMask": 1});
        for kind in ["dragEnter", "dragOver", "drop"] {
            let event = json!({"type": kind, "x": 300, "y": 300, "data": data});
            self.call("Input.dispatchDragEvent", &event);
        }
    }

    /// Ends the test where the page has complained.
    pub fn is_content(&self) {
        assert_eq!(self.complaints, Vec::<String>::new());
    }
}

fn start(folder: &TempDir, [commands, answers]: &[PathBuf; 2]) -> Child {
    Command::new("sh")
        .args(["-c", r#"exec "$@" 3<"$COMMANDS" 4>"$ANSWERS""#, "sh"])
        .args(["chromium", "--headless", "--no-sandbox", "--disable-gpu"])
        .args(["--no-first-run", "--disable-background-networking"])
        .args(["--disable-component-update", "--disable-dev-shm-usage"])
        .args(["--hide-scrollbars", "--remote-debugging-pipe"])
        .arg(format!(
            "--user-data-dir={}",
            folder.path().join("profile").display()
        ))
        .env("COMMANDS", commands)
        .env("ANSWERS", answers)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

impl Drop for Browser {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
