//! The parts of a run, each by itself: `cargo bench -p benchmark`
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "macros of criterion; a list of our own making can be read"
)]

use benchmark::input::{self, Form, Settings};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use spot_distribution::config::Policy;
use spot_distribution::function;
use spot_distribution::inventory::Inventory;
use spot_distribution::krm::{Input, ResourceList, Source};
use spot_distribution::run::{assess, enforce};
use yaml_splice::{Stream, apply};

/// Enough to leave the caches of the processor, little enough for many samples.
const COUNT: usize = 1_000;

fn parts(criterion: &mut Criterion) {
    for form in [Form::Kpt, Form::Json] {
        let mut text = Vec::new();
        input::write(&mut text, form, COUNT, Settings::Spread).unwrap();
        let text = String::from_utf8(text).unwrap();
        let mut group = criterion.benchmark_group(form.name());
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.sample_size(20);
        of_text(&mut group, &text);
        group.finish();
    }
}

fn of_text(group: &mut BenchmarkGroup<'_, WallTime>, text: &str) {
    // What most lists take, where the scanner takes them, and what the rest is left to.
    if Stream::parse_fast(text).is_some() {
        group.bench_function("scan", |bencher| {
            bencher.iter(|| Stream::parse_fast(text).unwrap());
        });
    }
    group.bench_function("parse", |bencher| {
        bencher.iter(|| Stream::parse_fully(text).unwrap());
    });
    let sources = [Source {
        file: None,
        stream: Stream::parse(text).unwrap(),
    }];
    let list = ResourceList::read(&sources[0].stream).unwrap();
    let policy = Policy::read(list.function_config).unwrap();
    let facts = || -> Inventory<'_> { Inventory::read(Input::read(&sources).unwrap()).unwrap() };
    group.bench_function("facts", |bencher| bencher.iter(facts));
    let inventory = facts();
    group.bench_function("decide", |bencher| {
        bencher.iter(|| assess(&inventory, &policy).unwrap());
    });
    let assessments = assess(&inventory, &policy).unwrap();
    group.bench_function("write", |bencher| {
        bencher.iter(|| {
            let mut outcome = enforce(&inventory, &assessments, &policy);
            apply(text, outcome.splices.remove(0)).unwrap()
        });
    });
    group.bench_function("all", |bencher| {
        bencher.iter(|| function::run(text.as_bytes()));
    });
}

criterion_group!(benches, parts);
criterion_main!(benches);
