//! What the pods cost, weighed by what they request.

use crate::config::Prices;
use crate::report::text::cores_of;
use crate::requests::Amounts;

use super::{Figures, Row};

/// How many GiB of memory cost as much as a core, where no prices are given. List prices of the
/// large providers come to this: those that `OpenCost` ships (0.031611 for a core-hour and 0.004237
/// for a GiB-hour, `configs/default.json`) to 7.46.
pub const GIB_PER_CORE: f64 = 7.5;

/// The hours of a month, as cloud providers count them.
pub const HOURS: f64 = 730.0;

/// What requests weigh.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// A core: its price for an hour, or 1.
    pub core: f64,
    /// A GiB of memory, on the same scale.
    pub gib: f64,
    /// Whether these are prices in money.
    pub is_money: bool,
    /// The price of a spot node relative to an on-demand node, above 0 and at most 1.
    pub spot_price_ratio: f64,
}

impl Weights {
    /// Those of the policy: `prices` for a core-hour and a GiB-hour, where both are given.
    pub fn new(prices: Option<Prices>, spot_price_ratio: f64) -> Self {
        let relative = Prices {
            cpu: 1.0,
            memory: 1.0 / GIB_PER_CORE,
        };
        let Prices { cpu, memory } = prices.unwrap_or(relative);
        Self {
            core: cpu,
            gib: memory,
            is_money: prices.is_some(),
            spot_price_ratio,
        }
    }

    /// What one pod weighs on an on-demand node:
    ///
    /// ```text
    /// weight = cores * core + GiB * gib          500m and 1.5 GiB: 0.5 * 1 + 1.5 / 7.5 = 0.7
    /// ```
    ///
    /// Other resources have no price here and weigh nothing.
    pub fn of(&self, request: &Amounts) -> f64 {
        cores_of(request.cpu()).mul_add(self.core, gib(request.memory()) * self.gib)
    }
}

/// Costs of several workloads, in the unit of [`Weights`]: money for an hour where prices are
/// given.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cost {
    /// As it is planned.
    pub planned: f64,
    /// With the manifests as they are now.
    pub now: f64,
    /// With every replica on on-demand nodes, and without this function.
    pub all_on_demand: f64,
    /// What runs, at the price of on-demand nodes.
    pub running: f64,
    /// The part of it that runs on spot nodes.
    pub on_spot: f64,
}

impl Cost {
    /// Adds a workload at these of its figures, which are those of `now` in the manifests as they are.
    pub fn add(&mut self, weights: &Weights, row: &Row, figures: Figures, now: Figures) {
        let weight = weights.of(&row.requests.amounts);
        let paid = |figures: Figures| figures.paid(weights.spot_price_ratio) * weight;
        self.planned += paid(figures);
        self.now += paid(now);
        self.all_on_demand += f64::from(figures.replicas) * weight;
        self.running += whole(figures.running()) * weight;
        self.on_spot += f64::from(figures.spot) * weight;
    }

    /// The planned cost relative to all on-demand; `None` where nothing that runs weighs anything.
    pub fn relative(&self) -> Option<f64> {
        (self.all_on_demand > 0.0).then(|| self.planned / self.all_on_demand)
    }

    /// What is saved against all on on-demand nodes: 1 - relative cost. Negative where replicas on
    /// top cost more than spot saves.
    pub fn saving(&self) -> Option<f64> {
        self.relative().map(|cost| 1.0 - cost)
    }

    /// The share of what runs that is on spot nodes, 0 to 1.
    pub fn spot_share(&self) -> Option<f64> {
        (self.running > 0.0).then(|| self.on_spot / self.running)
    }

    /// How the planned cost differs from that of the manifests as they are now: -0.5 is half of it.
    pub fn change(&self) -> Option<f64> {
        (self.now > 0.0).then(|| self.planned / self.now - 1.0)
    }
}

/// Bytes as GiB.
fn gib(bytes: u64) -> f64 {
    whole(bytes) / f64::from(1 << 30)
}

/// Exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "for display and for ratios")]
fn whole(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_formula() {
        let request = Amounts::from_iter([("cpu", 500), ("memory", 3 << 29)]);
        let weights = Weights::new(None, 0.1);
        assert!((weights.of(&request) - 0.7).abs() < 1e-12);
        let prices = Prices {
            cpu: 0.04,
            memory: 0.005,
        };
        let weights = Weights::new(Some(prices), 0.1);
        // 0.5 * 0.04 + 1.5 * 0.005 = 0.02 + 0.0075
        assert!((weights.of(&request) - 0.0275).abs() < 1e-12);
    }

    #[test]
    fn nothing_costs_nothing() {
        let nothing = Cost::default();
        assert_eq!(
            (nothing.relative(), nothing.spot_share(), nothing.change()),
            (None, None, None)
        );
    }
}
