//! One thing for each workload of an inventory.

use std::ops::Index;

use yaml_splice::parallel;

/// Which workload of an [`Inventory`](super::Inventory).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WorkloadId(usize);

/// One thing for each workload of an inventory, in the order of the input.
#[derive(Debug, Clone)]
pub struct PerWorkload<T>(Vec<T>);

impl<T> PerWorkload<T> {
    /// The things.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }

    /// The things, each with the id of its workload.
    pub fn enumerate(&self) -> impl Iterator<Item = (WorkloadId, &T)> {
        let things = self.0.iter().enumerate();
        things.map(|(index, thing)| (WorkloadId(index), thing))
    }

    /// The things to change, each with the id of its workload.
    pub fn enumerate_mut(&mut self) -> impl Iterator<Item = (WorkloadId, &mut T)> {
        let things = self.0.iter_mut().enumerate();
        things.map(|(index, thing)| (WorkloadId(index), thing))
    }

    /// Applies `work` to each thing, on several threads; the results are in their order.
    pub fn map<R: Send>(&self, work: impl Fn(WorkloadId, &T) -> R + Sync) -> Vec<R>
    where
        T: Sync,
    {
        parallel::map(&self.0, |index, thing| work(WorkloadId(index), thing))
    }
}

impl<T> FromIterator<T> for PerWorkload<T> {
    fn from_iter<I: IntoIterator<Item = T>>(things: I) -> Self {
        Self(things.into_iter().collect())
    }
}

impl<T> Index<WorkloadId> for PerWorkload<T> {
    type Output = T;

    fn index(&self, WorkloadId(index): WorkloadId) -> &T {
        &self.0[index]
    }
}
