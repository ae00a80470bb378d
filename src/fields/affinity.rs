//! Node affinity: required on-demand nodes, preferred nodes of either type.

use crate::placement::{CapacityType, Constraint};
use yaml_splice::{Edits, Node, Value, YamlError, matches, reconcile};

use super::affinity_terms::{
    Affinity, FIELD, PREFERRED_TERMS, REQUIRED_TERMS, Wish, preferred_terms, requirements, term,
};
use super::{Desired, HOSTNAME, Mark, Owned, Pod};

/// Our expressions in the required terms.
pub(super) fn find_required<'d>(mark: &Mark, spec: Node<'d>) -> Result<Vec<Node<'d>>, YamlError> {
    let mut found = Vec::new();
    if !mark.covers_requirement() {
        return Ok(found);
    }
    let wanted = requirements(&mark.capacity);
    for expressions in expressions(spec)? {
        for wanted in &wanted {
            let mut expressions = expressions.iter();
            found.extend(expressions.find(|node| matches(**node, wanted)));
        }
    }
    Ok(found)
}

/// Our preferred terms.
pub(super) fn find_preferred<'d>(mark: &Mark, spec: Node<'d>) -> Result<Vec<Node<'d>>, YamlError> {
    let terms = items(spec, &PREFERRED_TERMS)?;
    let find = |wanted: &CapacityType| {
        let wanted = preferred_terms(&mark.capacity, *wanted);
        let ours = wanted.iter().filter_map(|wanted| {
            let mut terms = terms.iter();
            terms.find(|term| matches(**term, wanted)).copied()
        });
        Some(ours.collect::<Vec<_>>()).filter(|ours| !ours.is_empty())
    };
    let found = mark.preferred().iter().find_map(find);
    Ok(found.unwrap_or_default())
}

/// The user's own affinity to the capacity key.
pub(super) fn foreign(
    spec: Node<'_>,
    owned: &Owned<'_>,
    key: &str,
) -> Result<Option<Constraint>, YamlError> {
    if requires(spec, owned, key)? {
        return Ok(Some(Constraint::RequiredAffinity));
    }
    for term in items(spec, &PREFERRED_TERMS)? {
        let expressions = items(term, &["preference", "matchExpressions"])?;
        if !owned.preferred.contains(&term) && names_key(&expressions, &[], key)? {
            return Ok(Some(Constraint::PreferredAffinity));
        }
    }
    Ok(None)
}

/// Whether the required terms name one node, all of them the same.
pub(super) fn requires_one_node(spec: Node<'_>) -> Result<bool, YamlError> {
    let mut names = Vec::new();
    for term in items(spec, &REQUIRED_TERMS)? {
        if has_requirements(term)? {
            let by_label = one_value(term, "matchExpressions", HOSTNAME)?;
            let by_field = || one_value(term, "matchFields", "metadata.name");
            names.push(by_label.map_or_else(by_field, |name| Ok(Some(name)))?);
        }
    }
    let first = names.first().copied().flatten();
    Ok(first.is_some() && names.iter().all(|name| *name == first))
}

/// The one value that a requirement in `list` leaves to `key`.
fn one_value<'d>(term: Node<'d>, list: &str, key: &str) -> Result<Option<&'d str>, YamlError> {
    for requirement in items(term, &[list])? {
        let is_it = requirement.text_at(&["key"])? == key;
        if is_it && requirement.text_at(&["operator"])? == "In" {
            let values = items(requirement, &["values"])?;
            if let [value] = values[..] {
                return Ok(Some(value.text()));
            }
        }
    }
    Ok(None)
}

/// Whether a required term of the user's own names `key`.
pub(super) fn requires(spec: Node<'_>, owned: &Owned<'_>, key: &str) -> Result<bool, YamlError> {
    for expressions in expressions(spec)? {
        if names_key(&expressions, &owned.required, key)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn names_key(expressions: &[Node<'_>], ours: &[Node<'_>], key: &str) -> Result<bool, YamlError> {
    for expression in expressions {
        let name = expression.get_non_null("key")?.map(Node::text);
        if name == Some(key) && !ours.contains(expression) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The expressions of each required term.
fn expressions(spec: Node<'_>) -> Result<Vec<Vec<Node<'_>>>, YamlError> {
    let terms = items(spec, &REQUIRED_TERMS)?.into_iter();
    terms
        .map(|term| items(term, &["matchExpressions"]))
        .collect()
}

/// The items of the list at `path`; none where there is none.
fn items<'d>(node: Node<'d>, path: &[&str]) -> Result<Vec<Node<'d>>, YamlError> {
    Ok(node.items_at(path)?.collect())
}

pub(super) fn write<'d>(
    edits: &mut Edits<'d>,
    pod: Pod<'d>,
    owned: &Owned<'d>,
    desired: &Desired<'_>,
) -> Result<(), YamlError> {
    let wish = desired.nodes;
    let Some(affinity) = desired.affinity else {
        let mut ours = owned.required.iter().chain(&owned.preferred);
        return ours.try_for_each(|ours| edits.remove(*ours));
    };
    if pod.spec.get(FIELD)?.is_none() {
        let whole = affinity.whole(wish);
        return whole.map_or(Ok(()), |whole| {
            edits.put_prepared(pod.spec, whole, Vec::new())
        });
    }
    if wish.requires_on_demand {
        let moved = if desired.is_by_ordinal() {
            move_to_the_end(edits, owned)?
        } else {
            Vec::new()
        };
        let is_in_place = |ours: &&Node<'d>| !moved.contains(ours);
        let ours: Vec<_> = owned.required.iter().filter(is_in_place).copied().collect();
        require(edits, pod.spec, &ours, affinity)?;
    } else {
        for ours in &owned.required {
            edits.remove(*ours)?;
        }
    }
    let preferred = affinity.preferred(wish.prefers);
    prefer(edits, pod.spec, &owned.preferred, preferred)
}

/// Terms are alternatives, so the requirement goes into every one of them. A term without
/// requirements matches no node and stays as it is.
fn require<'d>(
    edits: &mut Edits<'d>,
    spec: Node<'d>,
    ours: &[Node<'d>],
    affinity: &Affinity,
) -> Result<(), YamlError> {
    let terms = items(spec, &REQUIRED_TERMS)?;
    if terms.is_empty() {
        let term = term(affinity.requirements.clone());
        return edits.append(spec, &REQUIRED_TERMS, term);
    }
    for term in terms {
        if !has_requirements(term)? {
            continue;
        }
        let list = term.get_non_null("matchExpressions")?;
        let is_here = |ours: &&Node<'d>| list.is_some() && ours.parent() == list;
        let ours: Vec<_> = ours.iter().filter(is_here).copied().collect();
        let wanted = &affinity.requirements;
        bring(edits, &ours, wanted, |edits, missing| {
            edits.append(term, &["matchExpressions"], missing)
        })?;
    }
    Ok(())
}

fn has_requirements(term: Node<'_>) -> Result<bool, YamlError> {
    let expressions = items(term, &["matchExpressions"])?;
    Ok(!expressions.is_empty() || !items(term, &["matchFields"])?.is_empty())
}

/// The admission policy looks for ours at the end of a term. Where the owner has added something
/// after it, ours is removed, to be added again; returns what was removed.
fn move_to_the_end<'d>(
    edits: &mut Edits<'d>,
    owned: &Owned<'d>,
) -> Result<Vec<Node<'d>>, YamlError> {
    let mut moved = Vec::new();
    for ours in &owned.required {
        let list = ours.parent();
        let is_last = |list: Node<'d>| {
            let behind = list.items().skip_while(|item| item != ours);
            behind
                .into_iter()
                .all(|item| owned.required.contains(&item))
        };
        if !list.is_some_and(is_last) {
            edits.remove(*ours)?;
            moved.push(*ours);
        }
    }
    Ok(moved)
}

fn prefer<'d>(
    edits: &mut Edits<'d>,
    spec: Node<'d>,
    ours: &[Node<'d>],
    wanted: &[Value],
) -> Result<(), YamlError> {
    bring(edits, ours, wanted, |edits, missing| {
        edits.append(spec, &PREFERRED_TERMS, missing)
    })
}

/// Brings what is ours in a list to what is wanted: changes items in place, removes what is too
/// much, and adds what is missing.
fn bring<'d>(
    edits: &mut Edits<'d>,
    ours: &[Node<'d>],
    wanted: &[Value],
    mut add: impl FnMut(&mut Edits<'d>, Value) -> Result<(), YamlError>,
) -> Result<(), YamlError> {
    for (ours, wanted) in ours.iter().zip(wanted) {
        reconcile(edits, *ours, wanted)?;
    }
    for ours in ours.iter().skip(wanted.len()) {
        edits.remove(*ours)?;
    }
    for wanted in wanted.iter().skip(ours.len()) {
        add(edits, wanted.clone())?;
    }
    Ok(())
}

/// Adds the requirement for on-demand nodes to a copy of the pod spec `spec`.
pub(super) fn require_on_demand<'d>(
    edits: &mut Edits<'d>,
    spec: Node<'d>,
    affinity: &Affinity,
) -> Result<(), YamlError> {
    match affinity.whole(Wish::new(true, None)) {
        Some(whole) if spec.get(FIELD)?.is_none() => edits.put_prepared(spec, whole, Vec::new()),
        _ => require(edits, spec, &[], affinity),
    }
}
