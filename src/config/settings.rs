//! The settings that a preset has, as they are in force: nothing of a preset stays hidden.

use serde_json::{Value, json};

use super::{Capacity, OnDemandNodes, Policy, Provider};

/// Who gives a setting its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Giver {
    /// The configuration, in place of the preset or the default.
    Configuration,
    /// The preset.
    Preset,
    /// Nobody: it is the default.
    Default,
}

impl Giver {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Configuration => "configuration",
            Self::Preset => "preset",
            Self::Default => "default",
        }
    }
}

/// A setting in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// Its name in the configuration.
    pub name: &'static str,
    /// Its value; null for `onDemand` where on-demand nodes are all that are not spot.
    pub value: Value,
    /// Who gives it that value.
    pub giver: Giver,
}

impl Setting {
    /// The value as it may be written in a configuration, in one line.
    pub fn text(&self) -> String {
        match &self.value {
            Value::Null => "every node that is not spot".to_owned(),
            value => flow(value),
        }
    }
}

impl Policy {
    /// The defaults with a preset.
    pub(super) fn of_preset(provider: Provider) -> Self {
        Self {
            provider: Some(provider),
            capacity: provider.capacity(),
            spot_tolerations: provider.spot_tolerations(),
            notice_seconds: provider.notice_seconds(),
            ..Self::default()
        }
    }

    /// What tells the nodes apart, what pods on spot nodes tolerate, and the notice that they get.
    pub fn node_settings(&self) -> Vec<Setting> {
        let (base, giver) = match self.provider {
            Some(provider) => (Self::of_preset(provider), Giver::Preset),
            None => (Self::default(), Giver::Default),
        };
        let pairs = self.values().into_iter().zip(base.values());
        pairs
            .map(|((name, value), (_, before))| Setting {
                name,
                giver: if value == before {
                    giver
                } else {
                    Giver::Configuration
                },
                value,
            })
            .collect()
    }

    fn values(&self) -> [(&'static str, Value); 7] {
        let Capacity {
            key,
            on_demand,
            spot,
            also_spot,
        } = &self.capacity;
        let also_spot = also_spot
            .iter()
            .map(|label| json!({"key": label.key, "values": label.values}));
        let labelled = match on_demand {
            OnDemandNodes::Labelled(values) => json!(values),
            OnDemandNodes::EveryOther => Value::Null,
        };
        [
            ("key", json!(key)),
            ("onDemandLabelled", json!(!labelled.is_null())),
            ("onDemand", labelled),
            ("spot", json!(spot)),
            ("alsoSpot", also_spot.collect()),
            ("spotTolerations", json!(self.spot_tolerations)),
            ("noticeSeconds", json!(self.notice_seconds)),
        ]
    }
}

/// YAML in flow style.
fn flow(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) => {
            let entries = entries.iter();
            let entries = entries.map(|(key, value)| format!("{key}: {}", flow(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::String(text) if is_another_type(text) => format!("\"{text}\""),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether plain YAML takes `text`, a label or a word of Kubernetes, for something else than text.
fn is_another_type(text: &str) -> bool {
    let is_word = matches!(
        text,
        "" | "true" | "false" | "yes" | "no" | "on" | "off" | "null" | "y" | "n"
    );
    is_word || text.starts_with(|first: char| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(policy: &Policy) -> Vec<String> {
        let settings = policy.node_settings().into_iter();
        settings
            .map(|it| format!("{} = {} ({})", it.name, it.text(), it.giver.name()))
            .collect()
    }

    #[test]
    fn a_preset_is_spelled_out() {
        let provider = Provider::Gke;
        let policy = Policy {
            provider: Some(provider),
            capacity: provider.capacity(),
            spot_tolerations: provider.spot_tolerations(),
            notice_seconds: 20,
            ..Policy::default()
        };
        assert_eq!(
            shown(&policy),
            [
                "key = cloud.google.com/gke-provisioning (preset)",
                "onDemandLabelled = true (preset)",
                "onDemand = [standard] (preset)",
                "spot = [spot, preemptible] (preset)",
                "alsoSpot = [] (preset)",
                "spotTolerations = [{effect: NoSchedule, key: cloud.google.com/gke-spot, operator: Equal, value: \"true\"}] (preset)",
                "noticeSeconds = 20 (configuration)",
            ]
        );
    }

    #[test]
    fn on_demand_nodes_without_a_label() {
        let policy = Policy {
            capacity: Capacity {
                on_demand: OnDemandNodes::EveryOther,
                ..Capacity::default()
            },
            ..Policy::default()
        };
        let shown = shown(&policy);
        assert_eq!(shown[0], "key = node.kubernetes.io/capacity (default)");
        assert_eq!(shown[1], "onDemandLabelled = false (configuration)");
        assert_eq!(
            shown[2],
            "onDemand = every node that is not spot (configuration)"
        );
    }
}
