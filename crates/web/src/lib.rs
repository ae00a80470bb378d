//! The library for the page in the browser, compiled to WebAssembly by `scripts/web`.
//!
//! JSON in, JSON out. Nothing is decided, rendered or parsed here: the page shows what
//! `spot-distribution plan` shows, made by the same code.
#![forbid(unsafe_code)]

mod answer;
mod choices;
mod names;
mod request;
mod settings;

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::wasm_bindgen;

/// The plan of a [`request::Request`] as an [`answer::Answer`].
///
/// # Errors
/// Where the request is not one; the page is then out of step with this library.
#[wasm_bindgen]
pub fn plan(request: &str) -> Result<String, String> {
    call(request, |request: request::Request| answer::of(&request))
}

/// Which files of a folder are read: [`names::Names`] as [`names::Listed`].
///
/// # Errors
/// As [`plan`].
#[wasm_bindgen]
pub fn listed(names: &str) -> Result<String, String> {
    call(names, |names: names::Names| names::listed(&names))
}

/// Whether files and folders of that name are left out.
#[wasm_bindgen]
pub fn hidden(name: &str) -> bool {
    spot_distribution::load::is_hidden(name.as_ref())
}

/// The bytes of a file as text.
///
/// # Errors
/// Where they are not UTF-8, in words.
#[wasm_bindgen]
pub fn decoded(bytes: &[u8]) -> Result<String, String> {
    let text = spot_distribution::parse::text(bytes);
    text.map(str::to_owned)
        .map_err(|finding| finding.message.into_owned())
}

/// What the controls offer, as [`choices::Choices`].
///
/// # Errors
/// Never in practice.
#[wasm_bindgen]
pub fn choices() -> Result<String, String> {
    printed(&choices::Choices::default())
}

/// The values at the paths of a [`settings::Read`], as a list with `null` where there is none.
///
/// # Errors
/// As [`plan`], and where the configuration is not YAML.
#[wasm_bindgen]
pub fn settings(read: &str) -> Result<String, String> {
    let read: settings::Read = parsed(read)?;
    printed(&settings::read(&read)?)
}

/// The configuration with the change of a [`settings::Change`]; every other byte stays.
///
/// # Errors
/// As [`settings`].
#[wasm_bindgen]
pub fn configured(change: &str) -> Result<String, String> {
    settings::change(&parsed(change)?)
}

fn call<Q: DeserializeOwned, A: Serialize>(
    request: &str,
    answer: impl Fn(Q) -> A,
) -> Result<String, String> {
    printed(&answer(parsed(request)?))
}

fn parsed<Q: DeserializeOwned>(request: &str) -> Result<Q, String> {
    serde_json::from_str(request).map_err(|error| error.to_string())
}

fn printed(answer: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(answer).map_err(|error| error.to_string())
}
