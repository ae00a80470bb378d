//! What keeps pods from on-demand nodes, in words.

use crate::findings::{Code, Finding};
use crate::inventory::Exclusive;
use crate::report::text::{cores, counted, gib, other, verb};
use crate::room::Taint;

use super::super::rollouts::words;
use super::super::scene::{taint_text, toleration_text};
use super::wanting::Role;

/// What to do where nodes come and go.
const ELSE: &str = "or set onDemandScalesToZero: true where an autoscaler adds them";

/// What keeps pods from the on-demand nodes that are there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Obstacle {
    /// None of so many nodes is an on-demand one.
    NoNode(usize),
    /// All on-demand nodes, so many, are cordoned or not ready.
    Closed(usize),
    /// None has the labels that the pods require; the requirement, where it is one.
    Labels(Option<String>),
    /// None can use the volumes that the pods mount.
    Volume,
    /// None has only taints that the pods tolerate; the taint, and what has it.
    Taint(Taint, &'static str),
    /// None is large enough: the resource, what a pod requests of it, and the most that one has.
    Size(String, u64, u64),
    /// Fewer can run than are to.
    TooFew {
        /// How many are to run there.
        count: u32,
        /// How many can.
        seats: u32,
        /// Why.
        why: TooFew,
    },
}

/// Why on-demand nodes take fewer pods than are to run there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum TooFew {
    /// The volumes of the others are bound to other nodes.
    Volumes,
    /// They keep each other away.
    Apart(Exclusive),
    /// Their own topology spread asks for more domains.
    Domains {
        /// Its key.
        key: String,
        /// `minDomains`
        least: u32,
        /// The domains with on-demand nodes.
        has: u32,
    },
}

impl Obstacle {
    /// The finding that it keeps the pods of `who` away, which want on-demand nodes for `role`.
    pub fn finding(&self, role: Role, who: &str) -> Finding {
        let effect = match (role, self) {
            (Role::Refuge, _) => {
                format!(
                    "the replicas of {who} that lose their spot nodes stay Pending until some are back"
                )
            }
            (Role::Spread | Role::Preference, _) => {
                format!("none of {who} runs on on-demand nodes for certain")
            }
            (Role::Pinned, Self::TooFew { count, seats, .. }) => {
                let left = count - seats;
                format!(
                    "{left} of the {count} replicas of {who} that are pinned there {} Pending",
                    verb(left.into(), "stays", "stay")
                )
            }
            (Role::Pinned, _) => format!("the floor of {who} stays Pending"),
        };
        let message = format!("{}, so {effect}; {}", self.reason(), self.remedy(role));
        let code = match self {
            Self::Taint(..) => Code::OnDemandTaint,
            _ => Code::NoOnDemandNodes,
        };
        // A preference promises nothing, and what flees is no floor.
        let is_promised = matches!(role, Role::Pinned | Role::Spread);
        Finding::warning(code, message).accepted_if(!is_promised)
    }

    fn reason(&self) -> String {
        match self {
            Self::NoNode(1) => "the only node is not an on-demand one".to_owned(),
            Self::NoNode(all) => format!(
                "none of {} is an on-demand node",
                counted(*all as u64, "node")
            ),
            Self::Closed(1) => "the only on-demand node is cordoned or not ready".to_owned(),
            Self::Closed(all) => format!("all {all} on-demand nodes are cordoned or not ready"),
            Self::Labels(Some(unmet)) => {
                format!("no on-demand node has {unmet}, which the pods require")
            }
            Self::Labels(None) => {
                "no on-demand node has the labels that the pods require".to_owned()
            }
            Self::Volume => "the pods mount a volume that no on-demand node can use".to_owned(),
            Self::Taint(taint, of) => format!(
                "no toleration covers the taint {} of the {of}",
                taint_text(taint)
            ),
            Self::Size(name, wants, has) => format!(
                "a pod requests {}, and the largest on-demand node for it has {}",
                amount(name, *wants),
                amount(name, *has)
            ),
            Self::TooFew { seats, why, .. } => too_few(*seats, why),
        }
    }

    fn remedy(&self, role: Role) -> String {
        match self {
            Self::Taint(taint, _) => {
                let toleration = toleration_text(taint);
                match role {
                    Role::Pinned => format!("add {toleration} to onDemandTolerations"),
                    Role::Refuge => format!("add {toleration} to spotTolerations"),
                    Role::Spread | Role::Preference => format!(
                        "add {toleration} to spotTolerations, which these pods get, or pin them"
                    ),
                }
            }
            Self::Volume
            | Self::TooFew {
                why: TooFew::Volumes,
                ..
            } => "move the data, or use strategy off".to_owned(),
            Self::TooFew {
                why: TooFew::Domains { .. },
                ..
            } => "add on-demand nodes in others, or lower minDomains".to_owned(),
            Self::Closed(_) => format!("uncordon one, {ELSE}"),
            _ => format!("add one, {ELSE}"),
        }
    }
}

fn too_few(seats: u32, why: &TooFew) -> String {
    match why {
        TooFew::Volumes => {
            "volumes of members are bound to nodes that are not on-demand".to_owned()
        }
        TooFew::Apart(exclusive) => {
            let (why, places) = words(exclusive, seats);
            let are = verb(seats.into(), "is", "are");
            format!(
                "{why} keeps the pods apart, and there {are} {seats} on-demand {places} for them"
            )
        }
        TooFew::Domains { key, least, has } => format!(
            "minDomains {least} of the topology spread over {key} finds {has} with on-demand nodes"
        ),
    }
}

fn amount(name: &str, amount: u64) -> String {
    match name {
        "cpu" => format!("{} cores", cores(amount)),
        "memory" => format!("{} GiB", gib(amount)),
        _ => other(name, amount),
    }
}
