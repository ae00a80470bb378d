//! The same work for each of many items, on several cores.

use std::thread::{self, ScopedJoinHandle};

/// Below this many items a second thread costs more than it gains.
const MANY: usize = 256;

/// How many threads share the work. Asking for the number of cores would read files, and the
/// function reads none: more threads than cores cost next to nothing.
pub const THREADS: usize = 4;

/// Stack size of a worker thread, in bytes: the main thread's default, because documents may be
/// nested as deep here as there. Without it the standard library reads an environment variable.
const STACK: usize = 8 << 20;

/// Applies `work` to each of `items`, with its index; the results are in the order of the items.
pub fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(usize, &T) -> R + Sync) -> Vec<R> {
    let part = |start: usize, items: &[T]| {
        let items = items.iter().enumerate();
        let results = items.map(|(index, item)| work(start + index, item));
        results.collect::<Vec<R>>()
    };
    let mut all = map_chunks(items, part).into_iter();
    let mut results = all.next().unwrap_or_default();
    results.reserve_exact(items.len() - results.len());
    results.extend(all.flatten());
    results
}

/// Applies `work` to a few large chunks of `items`; `work` receives the index at which the chunk
/// starts. The results are in order.
pub fn map_chunks<T: Sync, R: Send>(items: &[T], work: impl Fn(usize, &[T]) -> R + Sync) -> Vec<R> {
    let threads = if items.len() < MANY { 1 } else { THREADS };
    let size = items.len().div_ceil(threads).max(1);
    chunks(items, size, work)
}

/// Applies `work` to each of a few `items` that take long, each on a thread of its own.
pub fn map_on_threads<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let results = chunks(items, 1, |_, items| {
        items.iter().map(&work).collect::<Vec<R>>()
    });
    results.into_iter().flatten().collect()
}

/// Applies `work` to chunks of `size` items, each on a thread of its own.
fn chunks<T: Sync, R: Send>(
    items: &[T],
    size: usize,
    work: impl Fn(usize, &[T]) -> R + Sync,
) -> Vec<R> {
    let part = |start: usize| work(start, &items[start..items.len().min(start + size)]);
    if items.len() <= size {
        return vec![part(0)];
    }
    thread::scope(|scope| {
        let others = (size..items.len()).step_by(size);
        // A list, so that every thread runs before the first is waited for.
        let others: Vec<_> = others
            .map(|start| {
                let thread = thread::Builder::new().stack_size(STACK);
                let handle = thread.spawn_scoped(scope, move || part(start));
                (start, handle)
            })
            .collect();
        let mut results = vec![part(0)];
        for (start, handle) in others {
            // Where no thread can be started, this one does the work.
            results.push(handle.map_or_else(|_| part(start), joined));
        }
        results
    })
}

fn joined<R>(handle: ScopedJoinHandle<'_, R>) -> R {
    handle
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for count in [0, 1, MANY - 1, MANY, 10 * MANY + 7] {
            let items: Vec<_> = (0..count).collect();
            let expected: Vec<_> = (0..count).map(|item| (item, item * 2)).collect();
            assert_eq!(map(&items, |index, item| (index, item * 2)), expected);
        }
        assert_eq!(map_on_threads(&[1, 2, 3], |item| item * 2), [2, 4, 6]);
    }
}
