//! The catalogue of codes: everything that can be reported, with what it means and what to do.
//!
//! Adding a code is adding one entry to the table below. `explain CODE` prints it, and
//! `docs/results.md` is held to it by a test.

use std::fmt;
use std::str::FromStr;

use super::Severity;

macro_rules! catalogue {
    ($(
        $(#[$doc:meta])*
        $variant:ident = $name:literal, $severity:ident, $check:ident,
        when: $when:literal,
        action: $action:literal;
    )*) => {
        /// The stable name of something that is reported, in `tags.code`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(
                #[doc = $when]
                $variant,
            )*
        }

        impl Code {
            /// Every code, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            fn entry(self) -> &'static Entry {
                match self {
                    $(Self::$variant => &Entry {
                        name: $name,
                        severity: Severity::$severity,
                        check: Check::$check,
                        when: $when,
                        action: $action,
                    },)*
                }
            }
        }
    };
}

/// What is known about a code.
struct Entry {
    name: &'static str,
    severity: Severity,
    check: Check,
    when: &'static str,
    action: &'static str,
}

/// What a code means to `check` and `mode: check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Check {
    /// The check does not fail because of it.
    Passes,
    /// It is an error there: the promised floor does not hold.
    Fails,
}

catalogue! {
    InvalidConfig = "invalid-config", Error, Fails,
    when: "an unknown key, a wrong type, a value out of range",
    action: "correct it; the message names the path and what is accepted";

    InvalidInput = "invalid-input", Error, Fails,
    when: "the input is not Kubernetes objects, or holds none",
    action: "check what is piped in";

    InvalidAnnotation = "invalid-annotation", Error, Fails,
    when: "a `spot-distribution.dev/` annotation has an unknown name or an unaccepted value",
    action: "correct it; the message says what is accepted";

    InvalidManifest = "invalid-manifest", Error, Fails,
    when: "a field has a value that Kubernetes rejects",
    action: "correct the manifest";

    InvalidReplicas = "invalid-replicas", Error, Fails,
    when: "`replicas` is quoted, negative or above 2147483647",
    action: "write a plain number";

    UnresolvedVariable = "unresolved-variable", Error, Passes,
    when: "a field holds a variable such as `${REPLICAS:=3}`; `plan` and `check` go on, `apply` only where a warning needs it",
    action: "substitute it first (`flux envsubst`), or use `off`";

    UnsupportedStrategy = "unsupported-strategy", Error, Fails,
    when: "the kind cannot have the strategy",
    action: "use the strategy that the message names";

    NameTaken = "name-taken", Error, Fails,
    when: "another object has the name of the sibling or the budget",
    action: "rename one of them";

    NameTooLong = "name-too-long", Error, Fails,
    when: "the name of the sibling or the budget has more than 253 characters",
    action: "shorten the name of the workload";

    AmbiguousYaml = "ambiguous-yaml", Error, Fails,
    when: "an edit would be a guess: a duplicate key, a shared anchor, a merge key, a byte order mark inside the text",
    action: "write out the part at the line and column of the message";

    NotPlaced = "not-placed", Error, Fails,
    when: "only in `check`: the workload does not carry its placement",
    action: "run `apply`, or the function in `mode: enforce`, and commit the result";

    ReplicasUnknown = "replicas-unknown", Warning, Passes,
    when: "`replicas` is absent (1 is assumed), or an autoscaler's target is ambiguous",
    action: "set `spec.replicas`, or include the autoscaler with its namespace";

    AutoscaledSpread = "autoscaled-spread", Warning, Fails,
    when: "`spread` on an autoscaled workload: a scale-in ignores the floor",
    action: "use `floor` or `ordinals`";

    SpreadNeedsRoom = "spread-needs-room", Warning, Passes,
    when: "`spread` needs free room on both types of nodes whenever a pod is placed",
    action: "keep room, or use `floor` or `ordinals`";

    SpreadDips = "spread-dips", Warning, Passes,
    when: "`spread` with F <= R/2: a rollout can go below F",
    action: "use `floor` or `ordinals`, or choose F > R/2";

    SpreadOutvoted = "spread-outvoted", Warning, Passes,
    when: "`spread` with F > R/2: the pod's own soft anti-affinity or spread outweighs the preference",
    action: "use `floor` or `ordinals`, or drop the rule";

    SpreadBlocksRollouts = "spread-blocks-rollouts", Warning, Passes,
    when: "`spread` with volumes: a zone without one type of nodes stops a rollout",
    action: "use `ordinals`, or both types of nodes in every zone";

    DoesNotRoll = "does-not-roll", Warning, Fails,
    when: "a StatefulSet with `OnDelete` or a `partition`: members with their old template may be on spot",
    action: "delete them one by one, or set the partition to 0";

    RollsSeveral = "rolls-several", Warning, Passes,
    when: "`ordinals` with `maxUnavailable` above 1: a rollout replaces several of the floor at a time",
    action: "set it to 1, or raise the base";

    ParallelMembers = "parallel-members", Warning, Passes,
    when: "`ordinals` with `podManagementPolicy: Parallel`: the floor is not ready first",
    action: "use `OrderedReady` where the order matters";

    PdbBlocksDrain = "pdb-blocks-drain", Warning, Passes,
    when: "a PodDisruptionBudget of the pods allows no disruption at R, or two select the same pods",
    action: "allow one, for example `maxUnavailable: 1`; with one replica, run two or accept it";

    GraceExceedsNotice = "grace-exceeds-notice", Warning, Passes,
    when: "`terminationGracePeriodSeconds` is above `noticeSeconds` on a pod that may run on spot",
    action: "shorten it, make work resumable, or use `on-demand`";

    RecreateInterrupts = "recreate-interrupts", Warning, Fails,
    when: "`strategy: Recreate` with R >= 2: each rollout stops every replica",
    action: "use `RollingUpdate`, or `on-demand`";

    AdoptionDips = "adoption-dips", Warning, Passes,
    when: "a sibling is new, or its floor rises: the original shrinks first, to the ready replicas of the message",
    action: "apply and await the siblings first: `apply --siblings`";

    NotOrdered = "not-ordered", Warning, Passes,
    when: "with `siblingsFirst`: the owner's own wave cannot be raised, or its dependencies cannot be added to",
    action: "correct the annotation, or apply and await the siblings first: `apply --siblings`";

    SiblingRemoved = "sibling-removed", Warning, Passes,
    when: "a sibling leaves the output, and runs until it is pruned",
    action: "wait until the original has all its replicas ready: until then the floor is the sibling's; then prune it, or run the `kubectl delete` of the message";

    BudgetRemoved = "budget-removed", Warning, Passes,
    when: "a budget leaves the output; until it is pruned, a pod may have two and block evictions",
    action: "prune it, or run the `kubectl delete` of the message";

    BudgetLeftOut = "budget-left-out", Warning, Passes,
    when: "no budget is written: pods or budgets overlap, or the name is taken",
    action: "write one budget for both, or give each its own labels and name; fill in variables, and set the namespace of the other budget";

    BudgetOrphaned = "budget-orphaned", Warning, Passes,
    when: "the workload of a budget is not in the input; the budget is kept",
    action: "delete it if the workload is gone for good";

    SurgeNeedsANode = "surge-needs-a-node", Warning, Fails,
    when: "pods exclude each other (host ports, anti-affinity): a rollout of pinned pods needs one more on-demand node, or takes one replica of the floor",
    action: "have that node, or set `maxSurge: 0`";

    SpreadBlocksDrain = "spread-blocks-drain", Warning, Passes,
    when: "the workload's own topology spread counts cordoned nodes, or spot nodes where on-demand is required: replicas stay Pending",
    action: "set `nodeTaintsPolicy: Honor` in it, and leave `nodeAffinityPolicy` at `Honor`";

    VpaMissesSibling = "vpa-misses-sibling", Warning, Passes,
    when: "a `VerticalPodAutoscaler` targets the original only",
    action: "add one whose `targetRef` is the sibling";

    FloorSmallAtMaximum = "floor-small-at-maximum", Warning, Passes,
    when: "the floor of an autoscaled workload is less than a tenth of its maximum",
    action: "set `spot-distribution.dev/on-demand-base`, or `autoscaledBasis: maximum`";

    Paused = "paused", Warning, Fails,
    when: "left as it is: while it is paused nothing is rolled out, and a new sibling would start no pod",
    action: "resume it and run again, or use `off`";

    DrivenByAnother = "driven-by-another", Warning, Fails,
    when: "left alone: an Argo Rollout, a Flagger Canary or the like runs its replicas, or an autoscaler without a known minimum sets them; or an autoscaler scales a sibling",
    action: "place the pods there, name a minimum, or use `off`";

    SharedVolume = "shared-volume", Warning, Fails,
    when: "replicas on different nodes would mount a volume that one node can mount",
    action: "use a ReadWriteMany volume, or `on-demand`";

    VolumeUnknown = "volume-unknown", Info, Passes,
    when: "replicas on different nodes would mount a claim that is not in the input",
    action: "make sure that many nodes can mount it, or use `on-demand`";

    OtherScheduler = "other-scheduler", Warning, Fails,
    when: "another scheduler: nothing is known about the guarantee",
    action: "test it with that scheduler";

    ComputeClass = "compute-class", Warning, Fails,
    when: "a compute class of GKE picks spot or on-demand nodes itself",
    action: "drop the class, or use `off`";

    NoOnDemandNodes = "no-on-demand-nodes", Warning, Fails,
    when: "no on-demand Node or `NodePool` takes pinned pods: they stay Pending",
    action: "add what the message names";

    NoSpotNodes = "no-spot-nodes", Warning, Passes,
    when: "the `NodePools` offer no spot nodes",
    action: "add `spot` to the values of `karpenter.sh/capacity-type`";

    SpreadCountsReserved = "spread-counts-reserved", Warning, Fails,
    when: "`spread` where a `NodePool` offers `reserved` nodes, a third domain",
    action: "use `floor` or `ordinals`";

    ReservedUnused = "reserved-unused", Warning, Passes,
    when: "pinned pods cannot use the `reserved` nodes of a `NodePool`",
    action: "set `onDemand: [on-demand, reserved]`, or `provider: karpenter`";

    OnDemandTaint = "on-demand-taint", Warning, Fails,
    when: "pods that are to run on on-demand nodes, or to flee there, tolerate the taint of none",
    action: "add the toleration as the message says";

    SpotTaint = "spot-taint", Warning, Passes,
    when: "no toleration covers the taint of the spot nodes",
    action: "add the toleration of the message to `spotTolerations`";

    NodePoolLimits = "node-pool-limits", Warning, Fails,
    when: "the limits of the `NodePools` are below what the floors request",
    action: "raise the limit that the message names";

    NodeGraceTooShort = "node-grace-too-short", Warning, Passes,
    when: "the `terminationGracePeriod` of a `NodePool` is shorter than that of pods: Karpenter deletes them past every budget",
    action: "use at least the seconds of the message, or leave it out";

    OneSpotType = "one-spot-type", Warning, Passes,
    when: "all spot nodes are of one instance type or family: one event takes all",
    action: "allow several";

    FloorUnguarded = "floor-unguarded", Warning, Passes,
    when: "a `NodePool` consolidates or expires on-demand nodes, and no budget selects the pods of a floor",
    action: "set `budget: floor`, or write a budget that lets one pod go at a time";

    NoWayBackToSpot = "no-way-back-to-spot", Warning, Passes,
    when: "nothing consolidates on-demand nodes: after a loss, replicas stay there",
    action: "set `consolidationPolicy: WhenEmptyOrUnderutilized`, or what the message names";

    PriorityExpander = "priority-expander", Warning, Passes,
    when: "the Cluster Autoscaler cannot use `cluster-autoscaler-priority-expander`, or it prefers on-demand",
    action: "correct it; the message names the priority";

    PreferencesIgnored = "preferences-ignored", Warning, Passes,
    when: "an autoscaler ignores preferences: the floor holds, the rest may miss spot",
    action: "set `--expander=priority` with priorities, or `PREFERENCE_POLICY=Respect`";

    NoInterruptionQueue = "no-interruption-queue", Warning, Passes,
    when: "Karpenter has no interruption queue: spot nodes are lost without a drain",
    action: "set `settings.interruptionQueue` of its chart";

    FallbackBelowMinimum = "fallback-below-minimum", Warning, Passes,
    when: "`fallback.replicas` of a KEDA `ScaledObject` is below its minimum",
    action: "use at least the minimum";

    BufferRemoved = "buffer-removed", Warning, Passes,
    when: "a buffer leaves the output, and keeps room until it is pruned",
    action: "prune it, or run the `kubectl delete` of the message";

    BufferLeftOut = "buffer-left-out", Warning, Passes,
    when: "no buffer is written for a StatefulSet: a Deployment of its name has the buffer's name",
    action: "give each a name of its own";

    BufferOrphaned = "buffer-orphaned", Warning, Passes,
    when: "the workload of a buffer is not in the input; the buffer is kept",
    action: "delete it if the workload is gone for good";

    BuffersOff = "buffers-off", Warning, Passes,
    when: "the autoscaler of the input does not read `CapacityBuffers`",
    action: "set what the message names";

    BufferFollowsNewestPod = "buffer-follows-newest-pod", Warning, Passes,
    when: "the Cluster Autoscaler copies the newest member of `ordinals`, which may be on spot",
    action: "keep that room otherwise, such as by pause pods on on-demand nodes";

    BufferMissesSibling = "buffer-misses-sibling", Warning, Passes,
    when: "a `CapacityBuffer` names a Deployment whose pods prefer spot",
    action: "name the sibling, `NAME-on-demand`";

    KeyOnNoNode = "key-on-no-node", Warning, Fails,
    when: "no Node has a label of the policy: nearly always the wrong key",
    action: "set `capacity` to the labels of your nodes";

    CapacityUnknown = "capacity-unknown", Warning, Passes,
    when: "some Nodes are neither on-demand nor spot to the policy",
    action: "label them, add the value to `capacity`, or set `onDemandLabelled: false`";

    SpotTakenForOnDemand = "spot-taken-for-on-demand", Warning, Fails,
    when: "Nodes count as on-demand, but a provider's label says spot",
    action: "add the label to `capacity.alsoSpot`";

    RuleUnused = "rule-unused", Warning, Passes,
    when: "a rule of the configuration matched nothing",
    action: "correct or remove it";

    UnsupportedApiVersion = "unsupported-api-version", Warning, Fails,
    when: "left alone: a version such as `extensions/v1beta1`, which clusters no longer serve",
    action: "move it to `apps/v1`";

    SelectorMismatch = "selector-mismatch", Warning, Fails,
    when: "left alone: the selector is empty or does not match the pod's labels",
    action: "correct the labels";

    NotAManifest = "not-a-manifest", Warning, Passes,
    when: "a file in a folder holds no Kubernetes object; `apply` leaves it out",
    action: "name the files, or move it";

    SiblingOrphaned = "sibling-orphaned", Warning, Fails,
    when: "the original of a sibling is not in the input; the sibling is kept",
    action: "delete it if the original is gone for good";

    Placed = "placed", Info, Passes,
    when: "the workload was placed, or its placement was updated",
    action: "nothing";

    Reverted = "reverted", Info, Passes,
    when: "what an earlier run added was removed; a warning where the owner's own constraint is why",
    action: "nothing; where that constraint is an edit of what was added, restore it from version control and run again";

    FloorIsSoft = "floor-is-soft", Info, Passes,
    when: "`spread` with F > R/2: which part is hard, which a preference",
    action: "nothing, if the hard part is enough";

    OrdinalsNeedPolicy = "ordinals-need-policy", Info, Passes,
    when: "once per run that wrote `ordinals`: without the admission policy all members run on on-demand nodes",
    action: "install it once per cluster: `spot-distribution admission-policy`";

    SpotOnly = "spot-only", Warning, Passes,
    when: "left alone: the workload's own constraint allows spot nodes only; nothing of it survives their loss",
    action: "remove the constraint, or set the strategy `spot` or `off` to say that this is meant";

    ReplicasSetter = "replicas-setter", Info, Passes,
    when: "`replicas` carries the comment of a setter (`# kpt-set: ${replicas}`), which may write a number that passes for the old total",
    action: "move the comment to the annotation `spot-distribution.dev/replicas`, whose value is the total";

    AlreadyConstrained = "already-constrained", Info, Passes,
    when: "left alone: the workload constrains the capacity key itself, or names one node",
    action: "nothing; remove the constraint to have it placed";

    ForeignCapacityKey = "foreign-capacity-key", Warning, Fails,
    when: "left alone: the pod requires another provider's capacity label",
    action: "set `capacity` to that label, or remove the requirement";

    KeptTogether = "kept-together", Warning, Fails,
    when: "left alone: a required pod affinity keeps the replicas on one node, in one pool or on one type of nodes; or pinned pods beside pods on spot",
    action: "use `on-demand`, a zone as the `topologyKey`, or `off`";

    Off = "off", Info, Passes,
    when: "left alone: the strategy is `off`",
    action: "nothing";

    NoReplicas = "no-replicas", Info, Passes,
    when: "left alone: R is 0",
    action: "nothing";

    ScalesToZero = "scales-to-zero", Info, Passes,
    when: "left alone: its autoscaler may scale it to zero",
    action: "nothing";

    ExcludedNamespace = "excluded-namespace", Info, Passes,
    when: "left alone: the namespace is excluded",
    action: "nothing";

    PartialManifest = "partial-manifest", Info, Passes,
    when: "left alone: a patch, without template or selector",
    action: "nothing";

    Controlled = "controlled", Info, Passes,
    when: "left alone: a controller owns the workload",
    action: "place its pods where the controller takes their template from";

    GeneratedName = "generated-name", Warning, Passes,
    when: "left alone: it has only a `generateName`",
    action: "give it a name to have it placed";

    HelmHook = "helm-hook", Info, Passes,
    when: "left alone, in a plan: it was placed before it became a hook of a chart",
    action: "run `apply`, which removes the placement";

    LocalConfig = "local-config", Info, Passes,
    when: "left alone, in a plan: it was placed before it became local configuration",
    action: "run `apply`, which removes the placement";
}

impl Code {
    /// The name in `tags.code`, in kebab case.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// How much it usually matters; a run may report it as more or less.
    pub fn severity(self) -> Severity {
        self.entry().severity
    }

    /// Whether it is an error in `check` and `mode: check`.
    pub fn fails_check(self) -> bool {
        self.entry().check == Check::Fails
    }

    /// Whether `plan` shows it as a warning also where nothing changes and a run reports it as an info.
    pub fn warns_in_plan(self) -> bool {
        matches!(self, Self::FloorSmallAtMaximum)
    }

    /// When it is reported.
    pub fn when(self) -> &'static str {
        self.entry().when
    }

    /// What to do about it.
    pub fn action(self) -> &'static str {
        self.entry().action
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that is no code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a code")]
pub struct UnknownCode(pub String);

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let mut codes = Self::ALL.iter().copied();
        codes
            .find(|code| code.name() == name)
            .ok_or_else(|| UnknownCode(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_read_back() {
        let names: BTreeSet<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert_eq!(names.len(), Code::ALL.len());
        for code in Code::ALL {
            assert_eq!(code.name().parse(), Ok(*code));
        }
    }
}
