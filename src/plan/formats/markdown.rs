//! The plan as markdown that reads well as a comment on a pull request.

use crate::findings::visible;
use crate::plan::text::{
    about, changes, cost, footnote, headline, kind_and_name, namespace, percent, sum_survivors,
    survivors,
};
use crate::plan::{FileDiff, Plan, Row};

/// The plan as markdown, of the kind that GitHub and GitLab read.
pub fn markdown(plan: &Plan) -> String {
    let mut blocks = vec![
        "## Spot plan".to_owned(),
        format!("**{}**", headline(plan)),
        format!("{} {}", changes(plan), footnote(plan)),
    ];
    if plan.placed().next().is_some() {
        blocks.push(workloads(plan));
    }
    blocks.extend(warnings(plan));
    if plan.placed().next().is_some() {
        blocks.push(details("Totals by strategy", &totals(plan)));
    }
    blocks.extend(left_alone(plan));
    blocks.extend(skipped(plan));
    for diff in plan.diffs.iter().flatten() {
        blocks.push(diff_block(diff));
    }
    let mut text = blocks.join("\n\n");
    text.push('\n');
    text
}

fn workloads(plan: &Plan) -> String {
    let mut lines = vec![
        "| namespace | workload | strategy | replicas | on-demand | spot | survive | cost |"
            .to_owned(),
        "| --- | --- | --- | ---: | ---: | ---: | ---: | ---: |".to_owned(),
    ];
    for (row, placed) in plan.placed() {
        let warned = if row.warnings.is_empty() {
            ""
        } else {
            " :warning:"
        };
        lines.push(format!(
            "| {} | {}{warned} | {} ({}) | {} | {} | {} | {} | {} |",
            code(&namespace(&row.subject)),
            code(&kind_and_name(&row.subject)),
            placed.strategy,
            placed.origin,
            placed.range(|figures| figures.replicas),
            placed.range(|figures| figures.on_demand),
            placed.range(|figures| figures.spot),
            survivors(placed),
            cost(placed, plan.spot_price_ratio)
        ));
    }
    lines.join("\n")
}

fn totals(plan: &Plan) -> String {
    let mut lines = vec![
        "| strategy | workloads | replicas | on-demand | spot | survive | cost |".to_owned(),
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |".to_owned(),
    ];
    let strategies = plan.strategies.iter();
    let strategies = strategies.map(|(strategy, sum)| (strategy.to_string(), *sum));
    for (name, sum) in strategies.chain([("**all**".to_owned(), plan.at_minimum)]) {
        lines.push(format!(
            "| {name} | {} | {} | {} | {} | {} | {} |",
            sum.workloads,
            sum.replicas,
            sum.on_demand,
            sum.spot,
            sum_survivors(sum),
            percent(sum.cost(plan.spot_price_ratio))
        ));
    }
    lines.join("\n")
}

fn warnings(plan: &Plan) -> Option<String> {
    if plan.warnings.is_empty() {
        return None;
    }
    let mut lines = vec!["### Warnings\n".to_owned()];
    for finding in &plan.warnings {
        let about = match about(finding) {
            about if about.is_empty() => String::new(),
            about => format!(" {}", code(&about)),
        };
        let message = escaped(&finding.message);
        lines.push(format!("* `{}`{about}: {message}", finding.code));
    }
    Some(lines.join("\n"))
}

fn left_alone(plan: &Plan) -> Option<String> {
    let line = |row: &Row, why: &str| {
        let (namespace, name) = (namespace(&row.subject), kind_and_name(&row.subject));
        format!(
            "| {} | {} | {} |",
            code(&namespace),
            code(&name),
            escaped(why)
        )
    };
    let lines: Vec<_> = plan
        .left_alone()
        .map(|(row, _, why)| line(row, why))
        .collect();
    let table = format!(
        "| namespace | workload | why |\n| --- | --- | --- |\n{}",
        lines.join("\n")
    );
    let summary = format!("Left alone: {}", lines.len());
    (!lines.is_empty()).then(|| details(&summary, &table))
}

fn skipped(plan: &Plan) -> Option<String> {
    let files: Vec<_> = plan.skipped.iter().map(|file| code(file)).collect();
    (!files.is_empty()).then(|| {
        format!(
            "Left out, because they are not manifests: {}",
            files.join(", ")
        )
    })
}

fn diff_block(diff: &FileDiff) -> String {
    // The fence is longer than any in the manifests.
    let longest = diff.text.split(|c| c != '`').map(str::len).max();
    let fence = "`".repeat(longest.unwrap_or(0).max(2) + 1);
    let name = diff.file.as_deref().unwrap_or("standard input");
    let text = diff.text.trim_end_matches('\n');
    details(
        &format!("Changes in {}", escaped(name)),
        &format!("{fence}diff\n{text}\n{fence}"),
    )
}

fn details(summary: &str, content: &str) -> String {
    format!("<details>\n<summary>{summary}</summary>\n\n{content}\n\n</details>")
}

/// A name as code, where that needs no escapes.
fn code(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._/() :".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        format!("`{text}`")
    } else {
        escaped(text)
    }
}

/// The text as itself: no markup, no HTML, no mention of anybody, one line.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in visible(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // A comment within keeps it from being a mention or a reference.
            '@' | '#' => out.extend([c.to_string().as_str(), "<!-- -->"]),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' | '!' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_manifest_stays_text() {
        assert_eq!(code("Deployment/web"), "`Deployment/web`");
        assert_eq!(code("a`b|c"), "a\\`b\\|c");
        assert_eq!(
            escaped("<b> [x](y) @team #1\nz"),
            "&lt;b&gt; \\[x\\](y) @<!-- -->team #<!-- -->1\\\\u{a}z"
        );
    }
}
