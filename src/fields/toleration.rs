//! Tolerations in one word each, and which taints they cover.

use k8s_openapi::api::core::v1::Toleration;

/// A toleration in the notation of `kubectl taint`, without spaces: `spot=true:NoSchedule`,
/// `spot:NoSchedule` (any value), `:NoExecute` (any key), with `@30` for tolerationSeconds.
pub fn notation(toleration: &Toleration) -> String {
    let key = toleration.key.as_deref().unwrap_or_default();
    let effect = toleration.effect.as_deref().unwrap_or_default();
    let exists = toleration.operator.as_deref() == Some("Exists");
    let value = toleration.value.as_deref().unwrap_or_default();
    let value = if exists {
        String::new()
    } else {
        format!("={value}")
    };
    let seconds = toleration
        .toleration_seconds
        .map(|seconds| format!("@{seconds}"));
    format!("{key}{value}:{effect}{}", seconds.unwrap_or_default())
}

/// Whether `existing` already tolerates every taint that `wanted` is meant for.
///
/// Source: `Toleration.ToleratesTaint` in Kubernetes' `staging/src/k8s.io/api/core/v1/toleration.go`:
/// an empty key with `Exists` covers every key, an empty effect every effect.
///
/// `tolerationSeconds` does not matter: eviction takes the first toleration that matches a taint
/// (`GetMatchingTolerations` in `pkg/apis/core/v1/helper/helpers.go`), and additions come behind
/// the owner's, so another number of seconds in ours would never count.
pub fn covers(existing: &Toleration, wanted: &Toleration) -> bool {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let exists = existing.operator.as_deref() == Some("Exists");
    let any_key = existing.key.as_deref().unwrap_or_default().is_empty() && exists;
    let any_effect = existing.effect.as_deref().unwrap_or_default().is_empty();
    let wants_any_value = wanted.operator.as_deref() == Some("Exists");
    // Other operators compare values in ways of their own.
    let equal = matches!(existing.operator.as_deref(), None | Some("" | "Equal"));
    let same_value = equal && !wants_any_value && text(&existing.value) == text(&wanted.value);
    (any_key || text(&existing.key) == text(&wanted.key))
        && (any_effect || text(&existing.effect) == text(&wanted.effect))
        && (exists || same_value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toleration(key: &str, operator: &str, value: &str, effect: &str) -> Toleration {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Toleration {
            key: text(key),
            operator: text(operator),
            value: text(value),
            effect: text(effect),
            toleration_seconds: None,
        }
    }

    #[test]
    fn each_form_has_its_notation() {
        let equal = toleration("spot", "Equal", "true", "NoSchedule");
        assert_eq!(notation(&equal), "spot=true:NoSchedule");
        assert_eq!(notation(&toleration("spot", "Exists", "", "")), "spot:");
        let mut any = toleration("", "Exists", "", "NoExecute");
        any.toleration_seconds = Some(30);
        assert_eq!(notation(&any), ":NoExecute@30");
    }

    #[test]
    fn what_an_existing_one_covers() {
        let wanted = toleration("spot", "Equal", "true", "NoSchedule");
        assert!(covers(&wanted, &wanted));
        assert!(covers(&toleration("", "Exists", "", ""), &wanted));
        assert!(covers(&toleration("spot", "Exists", "", ""), &wanted));
        assert!(!covers(
            &toleration("spot", "Equal", "no", "NoSchedule"),
            &wanted
        ));
        assert!(!covers(
            &toleration("spot", "Exists", "", "NoExecute"),
            &wanted
        ));
        let any_value = toleration("spot", "Exists", "", "NoSchedule");
        assert!(!covers(&wanted, &any_value));
        let greater = toleration("spot", "Gt", "true", "NoSchedule");
        assert!(!covers(&greater, &wanted));
    }

    #[test]
    fn the_first_that_matches_decides_how_long() {
        let mut own = toleration("spot", "Exists", "", "NoExecute");
        own.toleration_seconds = Some(60);
        let mut wanted = toleration("spot", "Exists", "", "NoExecute");
        assert!(covers(&own, &wanted));
        wanted.toleration_seconds = Some(5);
        assert!(covers(&own, &wanted));
    }
}
