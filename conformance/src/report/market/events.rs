//! The rows of the tables: what happens, in the order of a life.

use super::Event;

/// The loss that everything is for.
pub const LOST: Event = event(
    "lost",
    "karpenter-start",
    "all spot nodes lost, none to be had",
);

/// Every step of every course.
pub const EVENTS: [Event; 14] = [
    event("start", "karpenter-start", "an empty cluster, applied"),
    event("rollout", "karpenter-start", "rollout"),
    event(
        "interrupted",
        "karpenter-start",
        "every spot node interrupted, with notice",
    ),
    LOST,
    event(
        "without-spot",
        "karpenter-back",
        "an empty cluster without spot, applied",
    ),
    event("spot-back", "karpenter-back", "spot to be had"),
    event(
        "spot-back-rollout",
        "karpenter-back",
        "spot to be had, rollout",
    ),
    Event {
        title: "an empty cluster once more, applied",
        ..event("scaling", "karpenter-scaling", "an empty cluster, applied")
    },
    event(
        "scaled-out",
        "karpenter-scaling",
        "scaled out to twice the replicas",
    ),
    event("scaled-in", "karpenter-scaling", "scaled in again"),
    event(
        "neighbour",
        "karpenter-nodes",
        "a neighbour's node with room, applied",
    ),
    event(
        "consolidated",
        "karpenter-nodes",
        "the neighbour leaves, its node is consolidated",
    ),
    event(
        "drained",
        "karpenter-nodes",
        "the fullest on-demand node drained",
    ),
    event(
        "expires",
        "karpenter-nodes",
        "the fullest on-demand node expires",
    ),
];

const fn event(anchor: &'static str, course: &'static str, step: &'static str) -> Event {
    Event {
        anchor,
        title: step,
        course,
        step,
    }
}
