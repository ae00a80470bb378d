//! What each preset sets, spelled out from the presets themselves.

use serde_json::{Map, Value};

use super::openapi::describe_words;
use crate::config::{Policy, Provider};

/// Completes the description of `capacity.provider` and of each of its words.
pub(super) fn spell_out(field: &mut Map<String, Value>) {
    let words = field["enum"].as_array().cloned().unwrap_or_default();
    if let Some(Value::Array(meanings)) = field.get_mut("enumDescriptions") {
        for (word, meaning) in words.iter().zip(meanings) {
            let of_word = |provider: &Provider| word == provider.name();
            if let Some(provider) = Provider::ALL.into_iter().find(of_word) {
                let whose = meaning.as_str().unwrap_or_default();
                *meaning = format!("{whose} Sets {}.", settings(provider)).into();
            }
        }
    }
    describe_words(field);
}

/// `key: cloud.google.com/gke-provisioning`, and so on, each as code. That on-demand nodes are all that
/// are not spot, `onDemandLabelled: false` says.
fn settings(provider: Provider) -> String {
    let settings = Policy::of_preset(provider).node_settings().into_iter();
    let settings = settings.filter(|setting| !setting.value.is_null());
    let settings = settings.map(|setting| format!("`{}: {}`", setting.name, setting.text()));
    settings.collect::<Vec<_>>().join(", ")
}
