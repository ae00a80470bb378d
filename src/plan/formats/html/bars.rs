//! A workload's replicas as two bars: on a normal day, and when every spot node is lost.

use std::fmt::Write as _;

use crate::plan::{Figures, Maximum, Placed};

/// The bars of a workload: at its replicas, and at an autoscaler's maximum as well.
pub fn bars(placed: &Placed) -> String {
    let at = placed.at_minimum;
    match placed.maximum {
        None => pair(None, at),
        Some(Maximum::Unknown) => pair(Some(format!("at its minimum, {}", at.replicas)), at),
        Some(Maximum::At(max)) => {
            let minimum = pair(Some(format!("at its minimum, {}", at.replicas)), at);
            minimum + &pair(Some(format!("at its maximum, {}", max.replicas)), max)
        }
    }
}

/// A part of a bar.
struct Part {
    class: &'static str,
    replicas: u32,
    meaning: &'static str,
}

fn pair(caption: Option<String>, at: Figures) -> String {
    let part = |class, replicas, meaning| Part {
        class,
        replicas,
        meaning,
    };
    let (hard, soft) = (at.survivors, at.soft());
    let normal = [
        part("hard", hard, "on on-demand nodes"),
        part("soft", soft, "on on-demand nodes by preference"),
        part("spot", at.spot, "on spot nodes"),
    ];
    let lost = [
        part("hard", hard, "survive"),
        part("soft", soft, "survive where the preference held"),
        part("lost", at.spot, "lost"),
    ];
    let mut out = String::from("<div class=\"pair\">");
    if let Some(caption) = caption {
        let _ = write!(out, "<p class=\"at\">{caption}</p>");
    }
    bar(&mut out, "normally", &normal);
    bar(&mut out, "spot lost", &lost);
    out.push_str("</div>\n");
    out
}

fn bar(out: &mut String, label: &str, parts: &[Part]) {
    let parts = || parts.iter().filter(|part| part.replicas > 0);
    let words: Vec<_> = parts()
        .map(|part| format!("{} {}", part.replicas, part.meaning))
        .collect();
    let words = words.join(", ");
    let _ = write!(
        out,
        "<div class=\"line\"><span class=\"when\">{label}</span>\
         <span class=\"bar\" role=\"img\" aria-label=\"{label}: {words}\" title=\"{words}\">"
    );
    for part in parts() {
        let Part {
            class, replicas, ..
        } = part;
        let _ = write!(
            out,
            "<span class=\"{class}\" style=\"flex-grow:{replicas}\">{replicas}</span>"
        );
    }
    out.push_str("</span></div>");
}
