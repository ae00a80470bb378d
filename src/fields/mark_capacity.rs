//! The node labels in a mark: those that a placement was written with, to find it again by.
//!
//! ```text
//! capacity=karpenter.sh/capacity-type:on-demand,reserved:spot    on-demand nodes have the key
//! spot=kubernetes.azure.com/scalesetpriority:spot                on-demand is every other node
//! spot=eks.amazonaws.com/capacityType:SPOT;karpenter.sh/capacity-type:spot
//! ```
//!
//! Neither a label key nor a label value can hold a colon, a semicolon or a comma.

use std::fmt;
use std::sync::LazyLock;

use crate::config::{Capacity, NodeLabel, OnDemandNodes};

static DEFAULT: LazyLock<Capacity> = LazyLock::new(Capacity::default);

/// Writes ` capacity=...` or ` spot=...`; nothing for the default.
pub(super) fn write(f: &mut fmt::Formatter<'_>, capacity: &Capacity) -> fmt::Result {
    if *capacity == *DEFAULT {
        return Ok(());
    }
    match &capacity.on_demand {
        OnDemandNodes::Labelled(on_demand) => {
            let (on_demand, spot) = (on_demand.join(","), capacity.spot.join(","));
            write!(f, " capacity={}:{on_demand}:{spot}", capacity.key)
        }
        OnDemandNodes::EveryOther => {
            let labels = capacity.spot_labels();
            let labels = labels.map(|(key, values)| format!("{key}:{}", values.join(",")));
            let labels: Vec<_> = labels.collect();
            write!(f, " spot={}", labels.join(";"))
        }
    }
}

/// Reads what stands after `capacity=`.
pub(super) fn labelled(text: &str) -> Option<Capacity> {
    let mut parts = text.split(':');
    let (key, on_demand, spot) = (parts.next()?, parts.next()?, parts.next()?);
    parts.next().is_none().then(|| Capacity {
        key: key.to_owned(),
        on_demand: OnDemandNodes::Labelled(words(on_demand)),
        spot: words(spot),
        also_spot: Vec::new(),
    })
}

/// Reads what stands after `spot=`.
pub(super) fn every_other(text: &str) -> Option<Capacity> {
    let mut labels = text.split(';').map(|label| {
        let (key, values) = label.split_once(':')?;
        (!values.contains(':')).then(|| NodeLabel {
            key: key.to_owned(),
            values: words(values),
        })
    });
    let first = labels.next()??;
    Some(Capacity {
        key: first.key,
        on_demand: OnDemandNodes::EveryOther,
        spot: first.values,
        also_spot: labels.collect::<Option<_>>()?,
    })
}

fn words(text: &str) -> Vec<String> {
    text.split(',').map(str::to_owned).collect()
}
