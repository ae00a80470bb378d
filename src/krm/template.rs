//! Text that something else fills in: templates that have not been rendered
//! (`image: {{ .Values.image }}`, `{{- if .x }}`) and variables (`replicas: ${REPLICAS:=3}`).

use memchr::{memchr_iter, memchr3_iter};
use yaml_splice::{Kind, Node, YamlError};

/// What templates of Helm, Jinja and others begin with.
const OPENING: &str = "{{";

/// What lines of templates begin with: Helm's and Jinja's, Jinja's statements and comments, Terraform's, ERB's.
const BEGINNINGS: [&str; 5] = [OPENING, "{%", "{#", "%{", "<%"];

/// Whether `text` holds a variable that is filled in later, as `envsubst` and Flux (`${N}`, `$N`),
/// Kubernetes' own tools (`$(N)`), templates (`{{ .Values.n }}`, `{% if n %}`, `<%= n %>`), pipelines (`#{N}#`)
/// or people (`<n>`) do.
pub fn has_variable(text: &str) -> bool {
    let begins_name = |c: char| matches!(c, '{' | '(' | '_') || c.is_ascii_alphabetic();
    let is_one = |behind: &str| behind.starts_with(begins_name);
    let is_blank = |behind: &str| {
        let begins = |c: char| matches!(c, '%' | '_') || c.is_ascii_alphabetic();
        behind.starts_with(begins) && behind.contains('>')
    };
    may_have_variable(text)
        && (text.split('$').skip(1).any(is_one)
            || text.split('<').skip(1).any(is_blank)
            || [OPENING, "{%", "#{"].iter().any(|sign| text.contains(sign)))
}

/// Whether `text`, which may be long, can hold a variable anywhere.
pub fn may_have_variable(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut signs = memchr3_iter(b'$', b'{', b'<', bytes);
    signs.any(|at| match bytes[at] {
        b'{' => {
            let before = at.checked_sub(1).map(|before| bytes[before]);
            before == Some(b'#') || matches!(bytes.get(at + 1), Some(b'{' | b'%'))
        }
        _ => true,
    })
}

/// A variable in a field that is read.
#[derive(Debug, Clone)]
pub struct Variable<'d> {
    /// The field below the object.
    pub field: String,
    /// What stands there.
    pub node: Node<'d>,
}

impl<'d> Variable<'d> {
    /// The first one in `node`, a part of `object`, be it in a key.
    pub fn first(object: Node<'d>, node: Node<'d>) -> Option<Self> {
        if !may_have_variable(node.written()) {
            return None;
        }
        first(node).map(|node| Self {
            field: node.path_below(object),
            node,
        })
    }

    /// The one at `path` below `object`.
    pub fn at(object: Node<'d>, path: &[&str]) -> Option<Self> {
        Self::first(object, object.at(path).ok()??)
    }
}

fn first(node: Node<'_>) -> Option<Node<'_>> {
    if node.is_alias() {
        return None;
    }
    match node.kind() {
        Kind::Scalar => has_variable(node.text()).then_some(node),
        Kind::Sequence => node.items().find_map(first),
        Kind::Mapping => {
            let mut entries = node.entries();
            entries.find_map(|(key, value)| first(key).or_else(|| first(value)))
        }
    }
}

/// Whether two texts may say the same once their variables are filled in: what stands around a variable has to
/// agree. `${APP}-web` may become `shop-web`, not `shop-api`.
pub fn may_become_equal(one: &str, other: &str) -> bool {
    match (around_variables(one), around_variables(other)) {
        (None, None) => one == other,
        (Some(around), None) => may_become(around, other),
        (None, Some(around)) => may_become(around, one),
        (Some((start, end)), Some((other_start, other_end))) => {
            let starts = start.starts_with(other_start) || other_start.starts_with(start);
            starts && (end.ends_with(other_end) || other_end.ends_with(end))
        }
    }
}

fn may_become((start, end): (&str, &str), text: &str) -> bool {
    let rest = text.strip_prefix(start);
    rest.is_some_and(|rest| rest.ends_with(end))
}

/// What stands before the first variable of `text`, and what surely stands behind the last.
fn around_variables(text: &str) -> Option<(&str, &str)> {
    if !has_variable(text) {
        return None;
    }
    let start = text.find(['$', '{', '<', '#']).unwrap_or_default();
    let (braces, dollar) = (text.rfind(['}', ')', '>', '#']), text.rfind('$'));
    let end = braces.filter(|at| dollar.is_none_or(|dollar| dollar < *at));
    let end = end.map_or("", |at| &text[at + 1..]);
    Some((&text[..start], end))
}

/// A template in `node` that YAML reads as a mapping with a mapping as its key, which no object of
/// Kubernetes has: readers refuse it ("invalid map key").
pub fn unrendered(node: Node<'_>) -> Option<Node<'_>> {
    // Hardly any object holds the text, and where one does it is mostly quoted.
    let written = node.written().as_bytes();
    let holds_opening = || memchr_iter(b'{', written).any(|at| written.get(at + 1) == Some(&b'{'));
    if node.is_alias() || !holds_opening() {
        return None;
    }
    find(node)
}

fn find(node: Node<'_>) -> Option<Node<'_>> {
    if node.is_alias() {
        return None;
    }
    match node.kind() {
        Kind::Scalar => None,
        Kind::Sequence => node.items().find_map(find),
        Kind::Mapping => node.entries().find_map(|(key, value)| {
            let is_template = key.kind() == Kind::Mapping && node.written().starts_with(OPENING);
            if is_template {
                return Some(node);
            }
            find(key).or_else(|| find(value))
        }),
    }
}

/// Whether the line that `error` names in `source` is a template's, or one of those above it, or holds a variable
/// where it has to be quoted: in brackets, or as `@NAME@` and `%NAME%`.
pub fn breaks(source: &str, error: &YamlError) -> bool {
    let Some(position) = error.position() else {
        return false;
    };
    let holds_any = |line: &str| BEGINNINGS.iter().any(|sign| holds(line, sign));
    let mut lines = source.lines().take(position.line);
    let last = source.lines().nth(position.line.saturating_sub(1));
    lines.any(holds_any)
        || last.is_some_and(|line| holds(line, "${") || begins_name(line, position.column))
}

/// Whether `@NAME@` or `%NAME%` begins in `column` of `line`.
fn begins_name(line: &str, column: usize) -> bool {
    let mut rest = line.chars().skip(column.saturating_sub(1));
    let sign = rest.next().filter(|sign| matches!(sign, '@' | '%'));
    sign.is_some_and(|sign| rest.any(|c| c == sign))
}

/// Whether `sign` stands in `line`. In quotes it is text to YAML, and in a comment nothing.
fn holds(line: &str, sign: &str) -> bool {
    let before = line.find(sign).map(|at| &line[..at]);
    before.is_some_and(|before| !before.contains(['"', '\'', '#']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_of_every_kind_break() {
        for line in [
            "image: {{ .Values.image }}: b",
            "{% if x %}",
            "%{ if x }",
            "<% if x %>",
            "{# x #}",
            "image: {name: ${IMAGE}}",
            "name: @NAME@",
            "name: %NAME%",
        ] {
            let text = format!("a: b\n{line}\n");
            let error = yaml_splice::Stream::parse(&text).unwrap_err();
            assert!(breaks(&text, &error), "{line}: {error}");
        }
        let text = "a: '{{ b }}'\nc: [\n";
        let error = yaml_splice::Stream::parse(text).unwrap_err();
        assert!(!breaks(text, &error));
        for text in ["run: echo ${HOME}\nc: [\n", "authors: [\"@a\", @b]\n"] {
            let error = yaml_splice::Stream::parse(text).unwrap_err();
            assert!(!breaks(text, &error), "{text}");
        }
    }

    #[test]
    fn what_variables_may_become() {
        for (one, other, may) in [
            ("web", "web", true),
            ("web", "api", false),
            ("${APP}", "web", true),
            ("${APP}-web", "shop-web", true),
            ("${APP}-web", "shop-api", false),
            ("shop-${APP:-{a}}-x", "shop-web-x", true),
            ("shop-$APP", "shop-web", true),
            ("shop-$APP", "blog-web", false),
            ("{{ .Values.app }}-web", "shop-web", true),
            ("ab${X}bc", "abc", false),
            ("a-${X}", "${Y}-b", true),
            ("a-${X}", "b-${Y}", false),
            ("shop-<app>-x", "shop-web-x", true),
            ("shop-#{App}#", "blog-web", false),
            ("#{App}#-web", "shop-api", false),
        ] {
            assert_eq!(may_become_equal(one, other), may, "{one} {other}");
            assert_eq!(may_become_equal(other, one), may, "{other} {one}");
        }
    }

    #[test]
    fn variables_in_every_notation() {
        for text in [
            "${N}",
            "${N:=3}",
            "$(N)",
            "$N",
            "a-$_n",
            "{{ .Values.n }}",
            "{% n %}",
            "<n>",
            "web-<NAME>",
            "<%= n %>",
            "#{N}#",
            "#{N}",
        ] {
            assert!(has_variable(text) && may_have_variable(text), "{text}");
        }
        for text in [
            "3",
            "$",
            "costs 3 $",
            "$5",
            "{n}",
            "50%",
            "<<",
            "a < b",
            "<3>",
            "#1",
            "",
        ] {
            assert!(!has_variable(text), "{text}");
        }
    }
}
