//! Makes the page in the browser one file: `bundle MODULE.wasm PAGE.html`.
//!
//! Calls into the WebAssembly module are made by wasm-bindgen, scripts and styles are inlined, and the
//! module is compressed and written as text. The page's Content-Security-Policy names the one script by its
//! checksum and forbids every connection.
#![forbid(unsafe_code)]

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest as _, Sha256};
use wasm_bindgen_cli_support::Bindgen;

/// The largest page, in bytes.
const LIMIT: usize = 2_000_000;

/// The scripts in the order in which they use each other.
const SCRIPTS: [&str; 7] = [
    "library.js",
    "share.js",
    "files.js",
    "policy.js",
    "tabs.js",
    "results.js",
    "main.js",
];

type Anything<T> = Result<T, Box<dyn Error>>;

fn main() -> Anything<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [module, out] = arguments.as_slice() else {
        return Err("usage: bundle MODULE.wasm PAGE.html, in the root of the repository".into());
    };
    let (calls, module) = bound(Path::new(module))?;
    let page = page(&calls, &module)?;
    if page.len() > LIMIT {
        return Err(format!("the page is {} bytes, more than {LIMIT}", page.len()).into());
    }
    println!(
        "{out}: {} bytes, with a module of {} bytes",
        page.len(),
        module.len()
    );
    if let Some(folder) = Path::new(out).parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(out, page)?)
}

/// The JavaScript that calls the module, and the module itself.
fn bound(module: &Path) -> Anything<(String, Vec<u8>)> {
    let mut bindgen = Bindgen::new();
    let mut output = bindgen
        .input_path(module)
        .no_modules(true)?
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .typescript(false)
        .generate_output()?;
    Ok((output.js().to_owned(), output.wasm_mut().emit_wasm()))
}

fn page(calls: &str, module: &[u8]) -> Anything<String> {
    let script = script(calls)?;
    let checksum = STANDARD.encode(Sha256::digest(&script));
    let style = read("src/report/page.css")? + &read("web/style.css")?;
    let parts = [
        ("{{checksum}}", checksum),
        ("{{style}}", style),
        ("{{example}}", escaped(&read("examples/web/in/web.yaml")?)),
        ("{{module}}", STANDARD.encode(compressed(module)?)),
        ("{{script}}", script),
    ];
    let mut page = read("web/index.html")?;
    for (place, text) in parts {
        let (before, after) = page
            .split_once(place)
            .ok_or_else(|| format!("web/index.html has no {place}"))?;
        page = [before, &text, after].concat();
    }
    Ok(page)
}

/// One script: what the files import from each other stands in it already.
fn script(calls: &str) -> Anything<String> {
    // A function, so that a new module can be started where one has failed.
    let mut script = format!("function newLibrary() {{\n{calls}\nreturn wasm_bindgen;\n}}\n");
    for name in SCRIPTS {
        let text = read(&format!("web/{name}"))?;
        for line in text.lines().filter(|line| !line.starts_with("import ")) {
            script.push_str(line.strip_prefix("export ").unwrap_or(line));
            script.push('\n');
        }
    }
    if script.contains("</script") {
        return Err("a script holds the end of a script".into());
    }
    Ok(script)
}

fn read(path: &str) -> Anything<String> {
    fs::read_to_string(path).map_err(|error| format!("{path}: {error}").into())
}

fn compressed(bytes: &[u8]) -> Anything<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
