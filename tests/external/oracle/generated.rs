//! Generated manifests in every style.

use serde_json::Value;
use testing::generators::mix::Mix;
use testing::generators::objects::objects;
use testing::generators::printer::Printer;
use testing::generators::random::Random;

use super::compare::{Ran, problems, run};
use super::readers::available;

const HEAD: &str = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n";

/// Configurations that between them reach every strategy and every optional field.
const CONFIGS: [&str; 5] = [
    "{}",
    "{defaults: {deployment: {strategy: spread}, statefulSet: {strategy: on-demand}}}",
    "{onDemandScalesToZero: true, spotTolerations: [{key: spot, operator: Exists, effect: NoSchedule}]}",
    "{nodeLossTolerationSeconds: 30, onDemandPriorityClassName: critical, \
     defaults: {deployment: {onDemand: {base: 2, percentAboveBase: 50}}}}",
    "{capacity: {key: karpenter.sh/capacity-type, onDemand: on-demand}, defaults: {statefulSet: {onDemand: {base: 1}}}}",
];

/// How many documents one start of a reader serves.
const BATCH: usize = 250;

/// Set `ORACLE_DOCUMENTS` for a longer run.
fn count() -> usize {
    let count = std::env::var("ORACLE_DOCUMENTS").ok();
    count.and_then(|count| count.parse().ok()).unwrap_or(300)
}

/// Whether the long form was asked for.
pub fn is_long() -> bool {
    count() > 300
}

#[test]
fn generated_documents_mean_what_they_meant() {
    if !available() {
        return;
    }
    let seeds: Vec<_> = (0..count() as u64).collect();
    let mut siblings = 0;
    for batch in seeds.chunks(BATCH) {
        let mut pairs = Vec::new();
        for &seed in batch {
            let input = list(seed);
            match run(&format!("seed {seed}"), &input) {
                Ran::Changed(pair) => pairs.push(pair),
                Ran::Refused(messages) => panic!("seed {seed}: {messages}\n{input}"),
            }
        }
        let (found, compared) = problems(&pairs);
        assert!(found.is_empty(), "{}", found.join("\n\n"));
        siblings += compared;
    }
    assert!(siblings > seeds.len(), "only {siblings} siblings compared");
}

fn list(seed: u64) -> String {
    let mut random = Random::new(seed);
    let objects = objects(&mut random, &Mix::LARGE);
    let config = *random.pick(&CONFIGS);
    let items = objects.into_iter().map(|object| {
        if random.chance(15) {
            return format!("- {object}\n");
        }
        Printer::new(&mut random).block(&Value::Array(vec![object]), 0)
    });
    let items: String = items.collect();
    let text = format!(
        "{HEAD}functionConfig:\n  apiVersion: spot-distribution.dev/v1alpha1\n  \
         kind: SpotDistribution\n  spec: {config}\nitems:\n{items}"
    );
    if random.chance(15) {
        text.replace('\n', "\r\n")
    } else {
        text
    }
}
