//! One picture: what an approach costs, and how long its workloads do not serve.

use std::fmt::Write as _;

use super::outcome::Outcome;
use super::replay::APPROACHES;
use crate::approach::Approach;
use crate::karpenter::offers::SPOT_PRICE_RATIO;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 90.0;
const RIGHT: f64 = 690.0;
const TOP: f64 = 70.0;
const BOTTOM: f64 = 330.0;
/// Height of a line of text.
const LINE: f64 = 17.0;
/// Lines of the vertical axis above the one of zero.
const LINES: u8 = 4;

/// Readable on a white and on a dark page.
const STYLE: &str = "\
text{font-family:Helvetica,Arial,sans-serif;font-size:13px;fill:#24292f}\
.title{font-size:16px;font-weight:bold}.soft{fill:#57606a}.line{stroke:#d0d7de}\
.other{fill:#8c959f}.ours{fill:#0969da}.name-ours{font-weight:bold;fill:#0969da}\
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.soft{fill:#9da7b3}.line{stroke:#3d444d}\
.other{fill:#9da7b3}.ours{fill:#58a6ff}.name-ours{fill:#58a6ff}}";

/// One approach in the picture.
struct Point {
    approach: Approach,
    /// Relative to everything on on-demand.
    cost: f64,
    /// Minutes a week without service, all workloads added up.
    minutes: f64,
}

/// The picture of the measured nights, or of all of them where none was measured.
pub fn picture(outcomes: &[Outcome]) -> String {
    let any_measured = outcomes.iter().any(|outcome| outcome.measured);
    let shown: Vec<&Outcome> = outcomes
        .iter()
        .filter(|outcome| outcome.measured == any_measured)
        .collect();
    let points: Vec<Point> = APPROACHES
        .iter()
        .filter_map(|approach| point(*approach, &shown))
        .collect();
    let scale = Scale::of(&points);
    let mut svg = head(any_measured);
    svg += &scale.axes();
    svg += &scale.marks(&points);
    svg + "</svg>\n"
}

/// The mean over the nights, each weighted by its length.
fn point(approach: Approach, outcomes: &[&Outcome]) -> Option<Point> {
    let of_it = outcomes
        .iter()
        .filter(|outcome| outcome.approach == approach);
    let of_it: Vec<_> = of_it.collect();
    let minutes: f64 = of_it.iter().map(|outcome| outcome.minutes).sum();
    let mean = |value: &dyn Fn(&Outcome) -> f64| {
        let weighted: f64 = of_it.iter().map(|it| value(it) * it.minutes).sum();
        weighted / minutes
    };
    (!of_it.is_empty()).then(|| Point {
        approach,
        cost: mean(&|outcome| outcome.cost(SPOT_PRICE_RATIO)),
        minutes: mean(&Outcome::without_service_a_week),
    })
}

fn head(measured: bool) -> String {
    let nights = if measured {
        "Measured nights of spot pools, replayed on a real control plane"
    } else {
        "Nights of a spot pool, replayed on a real control plane"
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" width=\"{WIDTH}\" \
         height=\"{HEIGHT}\" role=\"img\" aria-labelledby=\"t\">\n\
         <title id=\"t\">{nights}: minutes without service a week against cost, by approach</title>\n\
         <style>{STYLE}</style>\n\
         <text class=\"title\" x=\"20\" y=\"28\">{nights}</text>\n\
         <text class=\"soft\" x=\"20\" y=\"50\">Minutes a week without service: a Deployment of 10, a single \
         replica and a quorum of 5, added up</text>\n"
    )
}

/// Both axes.
struct Scale {
    /// Where the horizontal axis begins, a little below the cheapest approach: in tenths of everything
    /// on on-demand.
    from: u8,
    /// Minutes a week at the upper end of the vertical axis: 20, 40, 80, ...
    most: f64,
}

impl Scale {
    fn of(points: &[Point]) -> Self {
        let cheapest = points.iter().map(|point| point.cost).fold(1.0, f64::min);
        let from = (0..9)
            .rev()
            .find(|tenth| f64::from(*tenth) / 10.0 < cheapest - 0.05);
        let longest = points.iter().map(|point| point.minutes).fold(0.0, f64::max);
        let mut most = 20.0;
        while most < longest {
            most *= 2.0;
        }
        Self {
            from: from.unwrap_or(0),
            most,
        }
    }

    fn height(&self, minutes: f64) -> f64 {
        BOTTOM - minutes / self.most * (BOTTOM - TOP)
    }

    fn across(&self, cost: f64) -> f64 {
        let from = f64::from(self.from) / 10.0;
        LEFT + (cost - from).clamp(0.0, 1.0) / (1.0 - from) * (RIGHT - LEFT)
    }

    fn axes(&self) -> String {
        let mut text = String::new();
        for line in 0..=LINES {
            let line = f64::from(line) / f64::from(LINES) * self.most;
            let y = self.height(line);
            let _ = writeln!(
                text,
                "<line class=\"line\" x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{RIGHT}\" y2=\"{y:.1}\"/>\
                 <text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{line}</text>",
                LEFT - 10.0,
                y + 4.0
            );
        }
        for tenth in self.from..=10 {
            let _ = writeln!(
                text,
                "<text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{} %</text>",
                self.across(f64::from(tenth) / 10.0),
                BOTTOM + 22.0,
                u32::from(tenth) * 10
            );
        }
        let _ = writeln!(
            text,
            "<text class=\"soft\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">cost, where all on on-demand is 100 % \
             (a spot node costs a tenth)</text>",
            f64::midpoint(LEFT, RIGHT),
            BOTTOM + 48.0
        );
        text
    }

    /// The points from the top down, so that no name lies on another.
    fn marks(&self, points: &[Point]) -> String {
        let mut points: Vec<&Point> = points.iter().collect();
        points.sort_by(|one, other| other.minutes.total_cmp(&one.minutes));
        let (mut text, mut taken) = (String::new(), f64::MIN);
        for point in points {
            let line = self.height(point.minutes).max(taken + LINE);
            text += &self.mark(point, line);
            taken = line;
        }
        text
    }

    /// A point, and its name at this height.
    fn mark(&self, point: &Point, line: f64) -> String {
        let (x, y) = (self.across(point.cost), self.height(point.minutes));
        let (class, name) = if point.approach.is_function() {
            ("ours", "name-ours")
        } else {
            ("other", "soft")
        };
        // To the left where the name would leave the picture.
        let (anchor, at) = if x > 400.0 {
            ("end", x - 14.0)
        } else {
            ("start", x + 14.0)
        };
        format!(
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"7\"/>\
             <text class=\"{name}\" x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}: {:.0} min, {:.0} %</text>\n",
            line + 4.0,
            point.approach.title.replace('`', ""),
            point.minutes,
            100.0 * point.cost
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::approach::{DEFAULTS, PLAIN};
    use crate::night::outcome::Tally;
    use crate::workload::Case;

    #[test]
    fn every_approach_is_a_point() {
        let outcome = |approach, without_service| Outcome {
            night: "one".to_owned(),
            measured: false,
            minutes: 10080.0,
            approach,
            version: "v1.36.3".to_owned(),
            workloads: vec![(
                Case::deployment(1, 1),
                Tally {
                    without_service,
                    on_demand: 1.0,
                    spot: 1.0,
                    ..Tally::default()
                },
            )],
        };
        let svg = picture(&[outcome(PLAIN, 100.0), outcome(DEFAULTS, 0.0)]);
        assert_eq!(svg.matches("<circle").count(), 2);
        assert!(svg.contains("plain manifest: 100 min, 55 %"), "{svg}");
        let scale = Scale {
            from: 0,
            most: 160.0,
        };
        assert!((scale.height(40.0) - (BOTTOM - 0.25 * (BOTTOM - TOP))).abs() < 1e-9);
    }
}
