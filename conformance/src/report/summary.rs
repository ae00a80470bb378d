//! What a page has to say about itself: how much was checked, on which versions, when, and for how long.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::found::Found;
use crate::record::Record;

/// Several tests together.
pub struct Summary<'a> {
    found: Vec<&'a Found>,
}

impl<'a> Summary<'a> {
    /// Of these.
    pub fn of(found: &[&'a Found]) -> Self {
        Self {
            found: found.to_vec(),
        }
    }

    fn records(&self) -> impl Iterator<Item = &'a Record> {
        self.found.iter().flat_map(|one| &one.records)
    }

    /// How many tests there were.
    pub fn tests(&self) -> usize {
        self.found.len()
    }

    /// How many promises were checked: a workload in a step for which something is promised. A night makes one for
    /// each workload of the function.
    pub fn checked(&self) -> usize {
        let nights = self.found.iter().flat_map(|one| &one.nights);
        let ours = nights.filter(|night| night.approach.is_function());
        let promised = self.records().filter(|record| record.promise().is_some());
        promised.count() + ours.map(|night| night.workloads.len()).sum::<usize>()
    }

    /// The broken promises in words.
    pub fn broken(&self) -> Vec<String> {
        let nights = self.found.iter().flat_map(|one| &one.nights);
        let broken = self.records().flat_map(Record::broken);
        broken
            .chain(nights.flat_map(crate::night::Outcome::broken))
            .collect()
    }

    /// How many times `audit` was compared with what the watch counted.
    pub fn audited(&self) -> usize {
        self.records()
            .filter(|record| record.audit.is_some())
            .count()
    }

    /// The tests that came to no end, with the reason.
    pub fn failures(&self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let failed = |one: &&'a Found| Some((one.test.as_str(), one.failure.as_deref()?));
        self.found.iter().filter_map(failed)
    }

    /// The versions of Kubernetes, newest first.
    pub fn versions(&self) -> Vec<String> {
        let nights = self.found.iter().flat_map(|one| &one.nights);
        let nights = nights.map(|night| night.version.as_str());
        let versions: BTreeSet<&str> = self
            .records()
            .map(|record| record.version.as_str())
            .chain(nights)
            .collect();
        let mut versions: Vec<String> = versions.into_iter().map(str::to_owned).collect();
        versions.sort_by_key(|version| std::cmp::Reverse(number(version)));
        versions
    }

    /// The day, or the first and the last.
    pub fn dates(&self) -> String {
        let days: BTreeSet<&str> = self.found.iter().map(|one| one.date.as_str()).collect();
        match (days.first(), days.last()) {
            (Some(first), Some(last)) if first == last => (*first).to_owned(),
            (Some(first), Some(last)) => format!("{first} to {last}"),
            _ => String::new(),
        }
    }

    /// Minutes during which at least one of the tests ran.
    pub fn minutes(&self) -> f64 {
        let began = |one: &&Found| std::time::Duration::from_secs(one.began).as_secs_f64();
        let mut spans: Vec<(f64, f64)> = self
            .found
            .iter()
            .map(|one| (began(one), began(one) + one.seconds))
            .collect();
        spans.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (mut seconds, mut until) = (0.0, 0.0_f64);
        for (from, to) in spans {
            seconds += (to - from.max(until)).max(0.0);
            until = until.max(to);
        }
        seconds / 60.0
    }

    /// All of it in a paragraph, and what went wrong below it.
    pub fn text(&self) -> String {
        let broken = self.broken();
        let mut text = format!(
            "{}, Kubernetes {}. **{} promises of the function were checked, and {} were broken.** At {} of the settled \
             moments `spot-distribution audit` was asked as well: it had to count what the watch on the pods counted.\n",
            self.dates(),
            self.versions().join(" and "),
            self.checked(),
            broken.len(),
            self.audited(),
        );
        if !broken.is_empty() {
            text += "\nBroken:\n\n";
            for one in &broken {
                let _ = writeln!(text, "* {one}");
            }
        }
        let failures: Vec<_> = self.failures().collect();
        if !failures.is_empty() {
            text += "\nTests that came to no end, whose steps are missing below:\n\n";
            for (test, why) in failures {
                let _ = writeln!(text, "* {test}: {}", why.lines().next().unwrap_or_default());
            }
        }
        text
    }
}

/// `v1.36.3` as numbers that can be compared.
fn number(version: &str) -> Vec<u32> {
    version
        .trim_start_matches('v')
        .split('.')
        .map(|part| part.parse().unwrap_or(0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::tests::record;

    fn found(test: &str, began: u64, seconds: f64) -> Found {
        Found {
            began,
            seconds,
            records: vec![record()],
            ..Found::begin(test)
        }
    }

    #[test]
    fn tests_side_by_side_take_no_longer_than_one() {
        let (one, other, later) = (
            found("a", 0, 120.0),
            found("b", 60, 120.0),
            found("c", 600, 60.0),
        );
        let summary = Summary::of(&[&one, &other, &later]);
        assert!((summary.minutes() - 4.0).abs() < 1e-9);
        assert_eq!((summary.checked(), summary.broken().len()), (3, 0));
    }

    #[test]
    fn what_is_broken_and_what_failed_stands_on_the_page() {
        let mut broken = found("a", 0, 1.0);
        broken.records[0].minimum = 2;
        let mut failed = found("b", 0, 1.0);
        failed.failure = Some("it did not settle".to_owned());
        let text = Summary::of(&[&broken, &failed]).text();
        assert!(text.contains("2 promises of the function were checked, and 1 were broken"));
        assert!(text.contains("only 2 ready on on-demand"), "{text}");
        assert!(text.contains("* b: it did not settle"), "{text}");
    }
}
