//! The items: in ten, seven are Deployments, two are of kind StatefulSet, one is something else.

use std::fmt::Write as _;

/// Texts with `~` where a list may be indented, names in braces, and a place for annotations.
mod templates {
    pub const WEB: &str = include_str!("items/web.txt");
    pub const WORKER: &str = include_str!("items/worker.txt");
    pub const API: &str = include_str!("items/api.txt");
    pub const DATABASE: &str = include_str!("items/database.txt");
    pub const SERVICE: &str = include_str!("items/service.txt");
    pub const CONFIG_MAP: &str = include_str!("items/config-map.txt");
    pub const AUTOSCALER: &str = include_str!("items/autoscaler.txt");
    pub const BUDGET: &str = include_str!("items/budget.txt");
}

/// How many items share a namespace, each kind with its share of them.
const GROUP: usize = 20;

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A Deployment, in one of three shapes.
    Deployment,
    /// A StatefulSet.
    StatefulSet,
    /// Anything else.
    Other,
}

/// One item of a list.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its place in the list.
    pub index: usize,
    /// What it is.
    pub kind: Kind,
    /// `metadata.name`
    pub name: String,
    /// `metadata.namespace`
    pub namespace: String,
    template: &'static str,
    replicas: usize,
}

impl Item {
    /// The item at `index`.
    pub fn new(index: usize) -> Self {
        let group = index / GROUP;
        // Three steps ahead each time: the kinds are mixed, and each comes once in a group.
        let place = index % GROUP * 3 % GROUP;
        let (kind, role, template, replicas) = match place {
            0..14 => deployment(place, group),
            14..18 => {
                let replicas = 3 + index % 2 * 2;
                (Kind::StatefulSet, "db", templates::DATABASE, replicas)
            }
            18 => (Kind::Other, "service", templates::SERVICE, 0),
            _ => other(group),
        };
        Self {
            index,
            kind,
            name: format!("{role}-{index}"),
            namespace: format!("team-{}", group % 50),
            template,
            replicas,
        }
    }

    /// Its text; lists are indented by `list_indent`, and `annotations` are added to its own.
    pub fn text(&self, list_indent: &str, annotations: &[(String, String)]) -> String {
        let mut text = String::with_capacity(3000);
        for line in self.template.lines() {
            let content = line.trim_start();
            let indent = &line[..line.len() - content.len()];
            match content {
                "{+annotations}" if annotations.is_empty() => {}
                "{+annotations}" => {
                    let _ = writeln!(text, "{indent}annotations:");
                    push(&mut text, &format!("{indent}  "), annotations);
                }
                "{annotations}" => push(&mut text, indent, annotations),
                _ => {
                    text += &self.filled(line).replace('~', list_indent);
                    text.push('\n');
                }
            }
        }
        text
    }

    fn filled(&self, line: &str) -> String {
        if !line.contains('{') {
            return line.to_owned();
        }
        line.replace("{name}", &self.name)
            .replace("{namespace}", &self.namespace)
            .replace("{team}", &(self.index / GROUP % 50).to_string())
            .replace("{n}", &(self.index % 100).to_string())
            .replace("{replicas}", &self.replicas.to_string())
            // The first of each group is a web server.
            .replace(
                "{target}",
                &format!("web-{}", self.index - self.index % GROUP),
            )
    }
}

type Shape = (Kind, &'static str, &'static str, usize);

fn deployment(place: usize, group: usize) -> Shape {
    let (role, template, replicas) = match place % 3 {
        0 => ("web", templates::WEB, 2 + (group + place) % 9),
        // Every other group has single workers.
        1 => ("worker", templates::WORKER, 1 + group % 2 * 3),
        _ => ("api", templates::API, 3 + (group + place) % 4),
    };
    (Kind::Deployment, role, template, replicas)
}

fn other(group: usize) -> Shape {
    let (role, template) = match group % 4 {
        0 | 1 => ("config", templates::CONFIG_MAP),
        2 => ("autoscaler", templates::AUTOSCALER),
        _ => ("budget", templates::BUDGET),
    };
    (Kind::Other, role, template, 0)
}

fn push(text: &mut String, indent: &str, annotations: &[(String, String)]) {
    for (key, value) in annotations {
        let _ = writeln!(text, "{indent}{key}: '{value}'");
    }
}
