//! The flat form in a `ConfigMap`.

use super::flat;
use crate::config::*;
use crate::placement::{Base, Strategy};

#[test]
fn flat_scalars_may_be_strings_numbers_or_booleans() {
    let policy = flat(
        "
data:
  deploymentStrategy: off
  statefulSetStrategy: \"off\"
  deploymentOnDemandBase: 2
  statefulSetOnDemandBase: \"3\"
  deploymentOnDemandPercentAboveBase: \"50\"
  excludeNamespaces: a, b-*,
  onDemandScalesToZero: on
  nodeLossTolerationSeconds: 30
  onDemandPriorityClassName: \"\"
  spotPriceRatio: \"0.25\"
  noticeSeconds: \"60\"
",
    )
    .unwrap();
    assert_eq!(policy.deployment.strategy, Strategy::Off);
    assert_eq!(policy.stateful_set.strategy, Strategy::Off);
    assert_eq!(policy.deployment.share.base, Base::Count(2));
    assert_eq!(policy.stateful_set.share.base, Base::Count(3));
    assert_eq!(policy.deployment.share.percent_above_base, 50);
    assert!(policy.excludes("a") && policy.excludes("b-1") && !policy.excludes("kube-system"));
    assert!(policy.on_demand_scales_to_zero);
    assert_eq!(policy.node_loss_toleration_seconds, Some(30));
    assert_eq!(policy.on_demand_priority_class_name, None);
    assert_eq!((policy.spot_price_ratio, policy.notice_seconds), (0.25, 60));
    let newer = flat(
        "data: {capacityKey: a, capacityOnDemand: 'b, c', capacitySpot: d, autoscaledBasis: maximum, pricesCpu: 0.03, pricesMemory: 1}",
    )
    .unwrap();
    let labelled = OnDemandNodes::Labelled(vec!["b".to_owned(), "c".to_owned()]);
    assert_eq!(newer.capacity.on_demand, labelled);
    assert_eq!(newer.autoscaled_basis, AutoscaledBasis::Maximum);
    let prices = newer.prices.unwrap();
    assert_eq!((prices.cpu, prices.memory), (0.03, 1.0));
    let aks = flat("data: {capacityProvider: aks}").unwrap();
    assert_eq!(aks.provider, Some(Provider::Aks));
    let all = flat("data: {excludeNamespaces: \"\"}").unwrap();
    assert_eq!(all.exclude_namespaces, []);
}

#[test]
fn wrong_flat_values_are_all_reported() {
    let found = flat(
        "data:
  deploymentStrategy: true
  statefulSetStrategy: floor
  deploymentOnDemandBase: some
  deploymentOnDemandPercentAboveBase: \"120\"
  onDemandScalesToZero: 1
  noticeSeconds: 1m
  spotPriceRatio: [0.1]
  noticeSecs: 5
",
    )
    .unwrap_err();
    let accepted = "mode, capacityProvider, capacityKey, capacityOnDemand, capacitySpot, \
                    capacityOnDemandLabelled, singleReplicaStrategy, \
                    deploymentStrategy, deploymentOnDemandBase, \
                    deploymentOnDemandPercentAboveBase, statefulSetStrategy, \
                    statefulSetOnDemandBase, statefulSetOnDemandPercentAboveBase, \
                    excludeNamespaces, onDemandScalesToZero, nodeLossTolerationSeconds, \
                    onDemandPriorityClassName, autoscaledBasis, budget, siblingsFirst, headroom, \
                    pricesCpu, pricesMemory, spotPriceRatio, noticeSeconds";
    let expected = [
        "data.deploymentStrategy (line 4, column 23): found \"true\", expected one of on-demand, \
         prefer-on-demand, floor, ordinals, spread, spot, off",
        "data.statefulSetStrategy (line 5, column 24): \"floor\" is for Deployments, a StatefulSet \
         keeps its floor with \"ordinals\"",
        "data.deploymentOnDemandBase (line 6, column 27): found \"some\", expected a whole number \
         from 0 to 2147483647, \"majority\" or \"majority+1\"",
        "data.deploymentOnDemandPercentAboveBase (line 7, column 39): found 120, expected a whole \
         number from 0 to 100",
        "data.onDemandScalesToZero (line 8, column 25): found \"1\", expected true or false",
        "data.noticeSeconds (line 9, column 18): found \"1m\", expected a whole number",
        "data.spotPriceRatio (line 10, column 19): found a list, expected a string, a number or a \
         boolean",
        &format!(
            "data.noticeSecs (line 11, column 3): unknown field \"noticeSecs\", expected one of \
             {accepted}; did you mean \"noticeSeconds\"?"
        ),
    ];
    assert_eq!(found, expected);
}
