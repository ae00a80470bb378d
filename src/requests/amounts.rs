//! Amounts of resources by name, as `resources.requests` and `status.allocatable` have them.

use compact_str::CompactString;

use super::Quantity;

const CPU: &str = "cpu";
const MEMORY: &str = "memory";

/// Amounts of what pods request and nodes have: cpu in millicores, everything else in whole units,
/// which are bytes for memory, `ephemeral-storage` and `hugepages-*`, and devices for an extended
/// resource such as `nvidia.com/gpu`. A resource that is named with 0 is told from one that is not
/// named.
///
/// By name: the few that there are take less as a list than as a tree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Amounts(Vec<(CompactString, u64)>);

impl Amounts {
    /// Millicores.
    pub fn cpu(&self) -> u64 {
        self.of(CPU)
    }

    /// Bytes.
    pub fn memory(&self) -> u64 {
        self.of(MEMORY)
    }

    /// How much of the resource `name`; 0 where it is not named.
    pub fn of(&self, name: &str) -> u64 {
        self.find(name).map_or(0, |at| self.0[at].1)
    }

    /// Whether the resource `name` is named, be it with 0.
    pub fn names(&self, name: &str) -> bool {
        self.find(name).is_ok()
    }

    /// Everything, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(name, amount)| (name.as_str(), *amount))
    }

    /// What is neither cpu nor memory and not 0, by name.
    pub fn others(&self) -> impl Iterator<Item = (&str, u64)> {
        self.iter()
            .filter(|(name, amount)| !matches!(*name, CPU | MEMORY) && *amount > 0)
    }

    /// Sets the resource `name`.
    pub fn set(&mut self, name: &str, quantity: Quantity) {
        let amount = match name {
            CPU => quantity.thousandths(),
            _ => quantity.units(),
        };
        self.put(name, |_| amount);
    }

    /// Where `name` is, or else would be.
    fn find(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| own.as_str().cmp(name))
    }

    /// Makes of the amount of `name`, which is 0 where there is none, what `new` says.
    fn put(&mut self, name: &str, new: impl FnOnce(u64) -> u64) {
        let at = self.find(name).unwrap_or_else(|at| {
            self.0.insert(at, (name.into(), 0));
            at
        });
        let amount = &mut self.0[at].1;
        *amount = new(*amount);
    }

    /// Adds `other`.
    pub fn add(&mut self, other: &Self) {
        self.merge(other, u64::saturating_add);
    }

    /// Adds that many times `other`.
    pub fn add_times(&mut self, other: &Self, count: u64) {
        self.merge(other, |own, amount| {
            own.saturating_add(amount.saturating_mul(count))
        });
    }

    /// Takes the greater of both, each resource by itself.
    pub fn raise_to(&mut self, other: &Self) {
        self.merge(other, u64::max);
    }

    /// Takes what `other` names in place of its own.
    pub fn replace(&mut self, other: &Self) {
        self.merge(other, |_, new| new);
    }

    fn merge(&mut self, other: &Self, combine: impl Fn(u64, u64) -> u64) {
        for (name, amount) in &other.0 {
            self.put(name, |own| combine(own, *amount));
        }
    }

    /// Those whose name `is_wanted`.
    #[must_use]
    pub fn only(&self, is_wanted: impl Fn(&str) -> bool) -> Self {
        let wanted = self.0.iter().filter(|(name, _)| is_wanted(name));
        Self(
            wanted
                .map(|(name, amount)| (name.clone(), *amount))
                .collect(),
        )
    }

    /// That many times as much.
    #[must_use]
    pub fn times(&self, count: u64) -> Self {
        self.map(|_, amount| amount.saturating_mul(count))
    }

    /// What is left of it after `used`: 0 where more is used than there is.
    #[must_use]
    pub fn less(&self, used: &Self) -> Self {
        self.map(|name, amount| amount.saturating_sub(used.of(name)))
    }

    fn map(&self, amount: impl Fn(&str, u64) -> u64) -> Self {
        let amounts = self.0.iter();
        Self(
            amounts
                .map(|(name, own)| (name.clone(), amount(name, *own)))
                .collect(),
        )
    }

    /// Whether `self` fits into `room`, resource by resource. A request of 0 always fits.
    pub fn fits(&self, room: &Self) -> bool {
        self.iter().all(|(name, amount)| amount <= room.of(name))
    }
}

impl<'n> FromIterator<(&'n str, u64)> for Amounts {
    fn from_iter<I: IntoIterator<Item = (&'n str, u64)>>(amounts: I) -> Self {
        let mut all = Self::default();
        for (name, amount) in amounts {
            all.put(name, |_| amount);
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(cpu: u64, memory: u64, gpus: u64) -> Amounts {
        Amounts::from_iter([(CPU, cpu), (MEMORY, memory), ("nvidia.com/gpu", gpus)])
    }

    #[test]
    fn they_add_up_and_fit_resource_by_resource() {
        let mut sum = amounts(100, 10, 1);
        sum.add(&amounts(50, 5, 2));
        assert_eq!(sum, amounts(150, 15, 3));
        sum.raise_to(&amounts(10, 20, 0));
        assert_eq!(sum, amounts(150, 20, 3));
        assert_eq!(sum.times(2), amounts(300, 40, 6));
        let mut more = amounts(1, 1, 1);
        more.add_times(&sum, 2);
        assert_eq!(more, amounts(301, 41, 7));
        assert_eq!(sum.less(&amounts(200, 5, 1)), amounts(0, 15, 2));
        assert!(sum.fits(&amounts(150, 20, 3)));
        assert!(!sum.fits(&amounts(150, 20, 2)));
        assert!(!sum.fits(&amounts(149, 20, 3)));
        assert_eq!(sum.others().collect::<Vec<_>>(), [("nvidia.com/gpu", 3)]);
    }
}
