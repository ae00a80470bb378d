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
        let text = list(form, COUNT, Settings::Spread);
        let mut group = criterion.benchmark_group(form.name());
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.sample_size(20);
        of_text(&mut group, &text);
        group.finish();
    }
}

fn list(form: Form, count: usize, settings: Settings) -> String {
    let mut text = Vec::new();
    input::write(&mut text, form, count, settings).unwrap();
    String::from_utf8(text).unwrap()
}

/// Siblings that are made, and that another policy removes again. What looks at the whole text, or at the
/// whole list, for each of them shows as a throughput that shrinks with the number of items.
fn siblings(criterion: &mut Criterion) {
    for form in [Form::Kpt, Form::Json, Form::Anchors] {
        let mut group = criterion.benchmark_group(format!("{} siblings", form.name()));
        group.sample_size(10);
        for count in [COUNT, 8 * COUNT] {
            group.throughput(Throughput::Elements(count as u64));
            let text = list(form, count, Settings::Defaults);
            group.bench_function(format!("made {count}"), |bencher| {
                bencher.iter(|| function::run(text.as_bytes()));
            });
            let response = function::run(text.as_bytes());
            let placed = with_spread(&response.output().unwrap().to_string());
            group.bench_function(format!("removed {count}"), |bencher| {
                bencher.iter(|| function::run(placed.as_bytes()));
            });
        }
        group.finish();
    }
}

/// `list`, which has the defaults, with the strategy `spread` for all.
fn with_spread(list: &str) -> String {
    let block = "data: {deploymentStrategy: spread, statefulSetStrategy: spread}";
    let json = r#""data":{"deploymentStrategy":"spread","statefulSetStrategy":"spread"}"#;
    let list = list.replacen("data: {}", block, 1);
    list.replacen(r#""data":{}"#, json, 1)
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

criterion_group!(benches, parts, siblings);
criterion_main!(benches);
