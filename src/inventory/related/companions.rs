//! Which companion of an earlier run belongs to which workload.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::krm::annotations::CAPACITY_LABEL;
use crate::krm::{Companion, Input, Resource, ResourceId};
use crate::placement::WorkloadKind;

use super::by_name::ByName;
use super::namespace::Neighbourhood;
use super::nearest::closest;
use crate::inventory::{Workload, WorkloadId, Workloads};

/// The companions that earlier runs made, by what they are.
pub type Made = BTreeMap<ResourceId, Companion>;

/// Which objects carry the names of a workload's companions, or are its companions under another
/// name.
#[derive(Debug, Default)]
pub struct Companions {
    of: HashMap<(Companion, WorkloadId), Vec<ResourceId>>,
    taken: HashMap<(Companion, WorkloadId), ResourceId>,
    /// Companions whose workload is not in the input.
    pub orphaned: Vec<(Companion, ResourceId)>,
}

impl Companions {
    /// The companions of that kind which a workload has: one, or copies of it.
    pub fn of(&self, companion: Companion, id: WorkloadId) -> &[ResourceId] {
        let found = self.of.get(&(companion, id));
        found.map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether an earlier run gave the workload a sibling.
    pub fn has_sibling(&self, id: WorkloadId) -> bool {
        !self.of(Companion::Sibling, id).is_empty()
    }

    /// An object that is not ours and has the name of the workload's companion.
    pub fn taken(&self, companion: Companion, id: WorkloadId) -> Option<ResourceId> {
        self.taken.get(&(companion, id)).copied()
    }

    /// Every companion that belongs to a workload.
    pub fn iter(&self) -> impl Iterator<Item = (WorkloadId, Companion, ResourceId)> {
        let found = self.of.iter();
        found.flat_map(|((companion, id), made)| made.iter().map(|made| (*id, *companion, *made)))
    }
}

/// Matches what earlier runs `made` to `workloads`, which `names` knows by name. A companion belongs
/// to one workload; those that have none by their name may have one that was renamed together with
/// them.
pub(super) fn match_companions<'d>(
    input: &Input<'d>,
    workloads: &Workloads<'d>,
    names: &ByName<'d>,
    made: &Made,
) -> Companions {
    let names = Names {
        input,
        workloads,
        by_name: names,
    };
    let mut found = Companions::default();
    let mut nameless = Vec::new();
    for (&id, &companion) in made {
        match names.original(companion, &input[id], id) {
            Some(original) => found.of.entry((companion, original)).or_default().push(id),
            None => nameless.push((companion, id)),
        }
    }
    for (other, resource) in input.enumerate() {
        if let Some(companion) = competes_for_name(resource).filter(|_| !made.contains_key(&other))
        {
            let originals = names.possible_originals(companion, resource).into_iter();
            found
                .taken
                .extend(originals.map(|original| ((companion, original), other)));
        }
    }
    // A buffer has no selector: the others of its workload lead to it.
    nameless.sort_by_key(|(companion, _)| *companion);
    for (companion, id) in nameless {
        match names.renamed_original(companion, &input[id], &found) {
            Some(original) => found.of.entry((companion, original)).or_default().push(id),
            None => found.orphaned.push((companion, id)),
        }
    }
    found
}

/// The companion whose name an object has that is going to be applied.
fn competes_for_name(resource: &Resource<'_>) -> Option<Companion> {
    let mut companions = Companion::ALL.into_iter();
    let companion = companions.find(|companion| companion.is_type_of(resource))?;
    companion.name_of_workload(resource.name)?;
    (!resource.is_local_config().unwrap_or_default()).then_some(companion)
}

/// The kinds of workloads that may have a companion; where several of one name lie in a namespace,
/// the first has it.
fn kinds(companion: Companion) -> &'static [WorkloadKind] {
    match companion {
        Companion::Sibling => &[WorkloadKind::Deployment],
        Companion::Budget | Companion::Buffer => {
            &[WorkloadKind::Deployment, WorkloadKind::StatefulSet]
        }
    }
}

struct Names<'a, 'd> {
    input: &'a Input<'d>,
    workloads: &'a Workloads<'d>,
    by_name: &'a ByName<'d>,
}

impl<'d> Names<'_, 'd> {
    /// The workloads whose companion would have the name of `resource`, in the closest folder.
    fn originals(&self, companion: Companion, resource: &Resource<'d>) -> Vec<WorkloadId> {
        let Some(name) = companion.name_of_workload(resource.name) else {
            return Vec::new();
        };
        let namespace = resource.effective_namespace();
        let kinds = kinds(companion).iter();
        let mut candidates = kinds.map(|kind| self.by_name.current(*kind, name, namespace));
        let first = candidates.find(|found| !found.is_empty());
        self.closest(resource, first.into_iter().flatten())
    }

    /// Those in the namespace of `resource`; where there are none, those that may come to lie in it, if
    /// they lie in one.
    fn possible_originals(&self, companion: Companion, resource: &Resource<'d>) -> Vec<WorkloadId> {
        let same = self.originals(companion, resource);
        let Some(name) = companion.name_of_workload(resource.name) else {
            return same;
        };
        if !same.is_empty() {
            return same;
        }
        let namespace = |id: WorkloadId| self.workloads[id].resource.namespace;
        let near = |id: &WorkloadId| Neighbourhood::of(resource.namespace, namespace(*id));
        let kinds = kinds(companion).iter();
        let possible = kinds.flat_map(|kind| self.by_name.anywhere(*kind, name));
        let has_name = |id: &WorkloadId| self.workloads[*id].resource.name == name;
        let is_possible = |id: &WorkloadId| near(id) == Neighbourhood::Possible && has_name(id);
        let possible = possible.filter(is_possible);
        let possible: Vec<_> = possible.collect();
        let namespaces: BTreeSet<_> = possible.iter().map(|id| namespace(*id)).collect();
        if namespaces.len() > 1 {
            return Vec::new();
        }
        self.closest(resource, possible.into_iter())
    }

    /// The one original of a companion. Where several of its name lie in one folder it is the one
    /// whose companion goes to this very file, else the last one in front of it: that is where a
    /// companion is put.
    fn original(
        &self,
        companion: Companion,
        resource: &Resource<'d>,
        id: ResourceId,
    ) -> Option<WorkloadId> {
        let mut originals = self.originals(companion, resource);
        let is_applied = |original: &WorkloadId| self.workloads[*original].excluded.is_none();
        if originals.iter().any(is_applied) {
            originals.retain(is_applied);
        }
        let expected = |original: &WorkloadId| {
            let file = self.workloads[*original].resource.file;
            let file = file.map(|file| companion.path(file));
            file.is_some() && file.as_deref() == resource.file
        };
        if originals.iter().any(expected) {
            originals.retain(expected);
        }
        let in_front = |original: &&WorkloadId| self.workloads[**original].id < id;
        let last = originals.iter().rfind(in_front);
        last.or(originals.first()).copied()
    }

    /// A workload that has a mark but no such companion, and whose pods the companion's selector is
    /// made for: a prefix, a suffix or another name was given to both since the last run.
    fn renamed_original(
        &self,
        companion: Companion,
        resource: &Resource<'d>,
        found: &Companions,
    ) -> Option<WorkloadId> {
        if companion == Companion::Buffer {
            let by_affixes = self.original_by_affixes(companion, resource, found);
            return by_affixes.or_else(|| self.original_by_others(companion, resource, found));
        }
        let path = ["spec", "selector", "matchLabels"];
        let selector = resource.node.at(&path).ok()??;
        let labels: BTreeMap<_, _> = selector
            .entries()
            .map(|(key, value)| (key.text(), value.text()))
            .filter(|(key, _)| *key != CAPACITY_LABEL)
            .collect();
        self.only_original(companion, resource, found, |it| it.selects_by(&labels))
    }

    /// The one workload with a mark beside `resource` that has no such companion and of which `is_it`
    /// holds.
    fn only_original(
        &self,
        companion: Companion,
        resource: &Resource<'d>,
        found: &Companions,
        is_it: impl Fn(&Workload<'d>) -> bool,
    ) -> Option<WorkloadId> {
        let is_original = |(id, workload): &(WorkloadId, &Workload<'d>)| {
            kinds(companion).contains(&workload.kind)
                && workload.mark().is_some()
                && found.of(companion, *id).is_empty()
                && workload.resource.effective_namespace() == resource.effective_namespace()
                && is_it(workload)
        };
        let candidates = self.workloads.enumerate().filter(is_original);
        let near = self.closest(resource, candidates.map(|(id, _)| id));
        (near.len() == 1).then(|| near[0])
    }

    /// A companion without a selector: what its name has gained around the one that it was given,
    /// that of its workload has gained too. `p-web-headroom-s` of `web` belongs to `p-web-s`.
    fn original_by_affixes(
        &self,
        companion: Companion,
        resource: &Resource<'d>,
        found: &Companions,
    ) -> Option<WorkloadId> {
        let former = resource.annotation(companion.annotation()).ok()??;
        let (before, after) = resource.name.split_once(&companion.name(former))?;
        let name = format!("{before}{former}{after}");
        self.only_original(companion, resource, found, |it| it.resource.name == name)
    }

    /// The workload of which another companion was made under the same name.
    fn original_by_others(
        &self,
        companion: Companion,
        resource: &Resource<'d>,
        found: &Companions,
    ) -> Option<WorkloadId> {
        let former =
            |companion: Companion, of: &Resource<'d>| of.annotation(companion.annotation());
        let own = former(companion, resource).ok()??;
        let namespace = resource.effective_namespace();
        let is_beside = |(id, other, made): &(WorkloadId, Companion, ResourceId)| {
            let made = &self.input[*made];
            former(*other, made) == Ok(Some(own))
                && made.effective_namespace() == namespace
                && found.of(companion, *id).is_empty()
        };
        let beside = found.iter().filter(is_beside).map(|(id, ..)| id);
        let near = self.closest(resource, beside.collect::<BTreeSet<_>>().into_iter());
        (near.len() == 1).then(|| near[0])
    }

    fn closest(
        &self,
        to: &Resource<'d>,
        candidates: impl Iterator<Item = WorkloadId>,
    ) -> Vec<WorkloadId> {
        let location = |&id: &WorkloadId| self.workloads[id].resource.location();
        closest(to.location(), candidates, location)
    }
}
