//! A whole list of generated items, at times with a few bytes changed.

use serde_json::Value;

use super::mix::Mix;
use super::objects::objects;
use super::printer::Printer;
use super::random::Random;

/// Configurations that between them reach every strategy and every optional field.
pub const CONFIGS: [&str; 6] = [
    "{}",
    "{defaults: {deployment: {strategy: spread}, statefulSet: {strategy: on-demand}}}",
    "{defaults: {singleReplica: {strategy: spot}, deployment: {strategy: prefer-on-demand}}}",
    "{onDemandScalesToZero: true, spotTolerations: [{key: spot, operator: Exists}], \
     defaults: {deployment: {strategy: spread, onDemand: {base: majority}}}}",
    "{nodeLossTolerationSeconds: 30, onDemandPriorityClassName: critical}",
    "{capacity: {key: karpenter.sh/capacity-type, onDemand: on-demand}, defaults: {statefulSet: {onDemand: {base: 1}}}}",
];

/// A ResourceList of generated items in every style, at times with a few bytes changed.
pub fn list(random: &mut Random, mix: &Mix) -> String {
    let config = *random.pick(&CONFIGS);
    let mut text = format!(
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:\n  \
         apiVersion: spot-distribution.dev/v1alpha1\n  kind: SpotDistribution\n  \
         spec: {config}\nitems:\n"
    );
    for object in objects(random, mix) {
        if random.seldom(mix.json) {
            text.extend(["- ", &object.to_string(), "\n"]);
        } else {
            let items = Value::Array(vec![object]);
            text += &Printer::with_flow(random, mix.flow).block(&items, 0);
        }
    }
    if random.seldom(15) {
        text = text.replace('\n', "\r\n");
    }
    if random.seldom(mix.broken) {
        broken(text, random)
    } else {
        text
    }
}

/// What people and merges put into manifests by mistake, and what YAML allows besides.
const SLIPS: [&str; 32] = [
    " ",
    "\n",
    "\t",
    "#",
    "\"",
    "'",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "&a ",
    "*a",
    "!!str ",
    "!!binary ",
    "| \n",
    ">-\n",
    "? ",
    "<<: *a\n",
    "null",
    "~",
    "\u{e4}",
    "\u{2028}",
    "\u{85}",
    "\r",
    "\u{feff}",
    "---\n",
    "...\n",
    "replicas: 3\n",
    "%YAML 1.1\n",
];

fn broken(mut text: String, random: &mut Random) -> String {
    for _ in 0..=random.below(3) {
        let at = boundary(&text, random.below(text.len() + 1));
        if random.chance(60) {
            text.insert_str(at, random.pick::<&str>(&SLIPS));
        } else {
            let end = boundary(&text, (at + 1 + random.below(12)).min(text.len()));
            text.replace_range(at..end.max(at), "");
        }
    }
    text
}

fn boundary(text: &str, near: usize) -> usize {
    (0..=near)
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}
