//! How many nodes a spot pool had from which minute on: measured, or made with the statistics of what was measured.

use std::path::Path;

use anyhow::{Context, Result, ensure};

/// Names a folder of measured nights: files with the columns `minute,nodes`, a row for every change.
pub const FOLDER: &str = "CONFORMANCE_NIGHTS";
/// Nodes of a pool that the suite makes.
const SIZE: u32 = 16;
/// Minutes between two readings of a pool.
const READING: u32 = 5;
const DAY: u32 = 24 * 60;

/// One pool over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The file's name, or how it was made.
    pub name: String,
    /// Whether it was measured.
    pub measured: bool,
    /// From this minute on there are so many nodes, in order.
    pub changes: Vec<(u32, u32)>,
    /// The minute at which it ends.
    pub end: u32,
}

impl Trace {
    /// Reads a table: `minute,nodes`, a row for every change, and a last row at the end.
    pub fn parse(name: &str, text: &str) -> Result<Self> {
        let rows = text.lines().skip(1).filter(|line| !line.trim().is_empty());
        let numbers = |line: &str| -> Result<(u32, u32)> {
            let (minute, nodes) = line.split_once(',').context("no comma")?;
            Ok((minute.trim().parse()?, nodes.trim().parse()?))
        };
        let changes = rows
            .map(|line| {
                numbers(line).with_context(|| format!("{name}: {line:?} is not minute,nodes"))
            })
            .collect::<Result<Vec<_>>>()?;
        let end = changes
            .last()
            .with_context(|| format!("{name} is empty"))?
            .0;
        ensure!(
            changes.windows(2).all(|pair| pair[0].0 < pair[1].0),
            "{name}: the minutes do not ascend"
        );
        Ok(Self {
            name: name.to_owned(),
            measured: true,
            changes,
            end,
        })
    }

    /// The measured nights in the folder that the environment names, in the order of their names.
    pub fn measured() -> Result<Vec<Self>> {
        let Some(folder) = std::env::var_os(FOLDER) else {
            return Ok(Vec::new());
        };
        let mut files: Vec<_> = std::fs::read_dir(Path::new(&folder))?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|ending| ending == "csv"))
            .collect();
        files.sort();
        let read = |path: &std::path::PathBuf| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            Self::parse(&name, &std::fs::read_to_string(path)?)
        };
        files.iter().map(read).collect()
    }

    /// A pool of 16 nodes over some days. Public measurements of such pools (one zone, a reading every five minutes)
    /// show 98 to 99 % of the lost nodes in drops of two or more, a fall to zero within one reading several times a
    /// day, and a pool that is empty about half of the time; so does this one. The same seed gives the same night.
    pub fn made(seed: u64, days: u32) -> Self {
        let mut random = fastrand::Rng::with_seed(seed);
        let (mut minute, mut nodes, end) = (0, SIZE, days * DAY);
        let mut changes = vec![(0, SIZE)];
        loop {
            minute += READING * lasts(&mut random, nodes);
            if minute >= end {
                break;
            }
            nodes = next(&mut random, nodes);
            changes.push((minute, nodes));
        }
        Self {
            name: format!("made with seed {seed}"),
            measured: false,
            changes,
            end,
        }
    }

    /// The first days of it.
    #[must_use]
    pub fn first_days(mut self, days: u32) -> Self {
        self.end = self.end.min(days * DAY);
        self.changes.retain(|(minute, _)| *minute < self.end);
        self
    }

    /// Every count of nodes with the minutes for which it holds.
    pub fn spans(&self) -> impl Iterator<Item = (u32, u32)> {
        let ends = self
            .changes
            .iter()
            .skip(1)
            .map(|(at, _)| *at)
            .chain([self.end]);
        let spans = self.changes.iter().zip(ends);
        spans.map(|((start, nodes), end)| (*nodes, end.saturating_sub(*start)))
    }

    /// How long it is.
    pub fn days(&self) -> f64 {
        f64::from(self.end) / f64::from(DAY)
    }
}

/// For how many readings a pool of this size stays as it is: empty and full pools for hours, the others briefly.
fn lasts(random: &mut fastrand::Rng, nodes: u32) -> u32 {
    let mean = match nodes {
        0 => 26.0,
        SIZE => 22.0,
        _ => 2.0,
    };
    // Exponentially distributed, at least one reading.
    let readings: f64 = -mean * (1.0 - random.f64()).ln();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small positive number"
    )]
    let readings = readings as u32;
    readings.max(1)
}

/// What a reading finds after a change: all or nothing most of the time.
fn next(random: &mut fastrand::Rng, nodes: u32) -> u32 {
    let chance = random.f64();
    match nodes {
        0 if chance < 0.5 => SIZE,
        0 => random.u32(3..SIZE),
        SIZE if chance < 0.6 => 0,
        SIZE => random.u32(2..SIZE - 1),
        _ if chance < 0.45 => 0,
        _ if chance < 0.85 => SIZE,
        // Somewhat more or less, but not by one node.
        _ => loop {
            let other = random.u32(1..SIZE);
            if other.abs_diff(nodes) > 1 {
                break other;
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read() {
        let trace = Trace::parse("pool", "minute,nodes\n0,0\n35,5\n40,16\n75,8\n").unwrap();
        let spans: Vec<_> = trace.spans().collect();
        assert_eq!(spans, [(0, 35), (5, 5), (16, 35), (8, 0)]);
        assert!(Trace::parse("pool", "minute,nodes\n5,1\n5,2\n").is_err());
    }

    #[test]
    fn made_nights_are_like_the_measured_ones() {
        let trace = Trace::made(1, 120);
        assert_eq!(trace, Trace::made(1, 120));
        let drops: Vec<(u32, u32)> = trace
            .changes
            .windows(2)
            .map(|pair| (pair[0].1, pair[1].1))
            .filter(|(before, after)| after < before)
            .collect();
        let lost = |those: &dyn Fn(u32, u32) -> bool| -> u32 {
            let drops = drops
                .iter()
                .filter(|(before, after)| those(*before, *after));
            drops.map(|(before, after)| before - after).sum()
        };
        let at_once =
            f64::from(lost(&|before, after| before - after >= 2)) / f64::from(lost(&|_, _| true));
        assert!((0.98..=1.0).contains(&at_once), "{at_once}");
        let falls = drops
            .iter()
            .filter(|(before, after)| *before >= 8 && *after == 0);
        let a_day = f64::from(u32::try_from(falls.count()).unwrap()) / trace.days();
        assert!((2.0..=8.0).contains(&a_day), "{a_day}");
        let empty: u32 = trace
            .spans()
            .filter(|(nodes, _)| *nodes == 0)
            .map(|(_, minutes)| minutes)
            .sum();
        let empty = f64::from(empty) / f64::from(trace.end);
        assert!((0.4..=0.65).contains(&empty), "{empty}");
    }
}
