//! Text that something else fills in: templates that have not been rendered
//! (`image: {{ .Values.image }}`, `{{- if .x }}`) and variables (`replicas: ${REPLICAS:=3}`).

use memchr::{memchr_iter, memchr2_iter};
use yaml_splice::{Kind, Node, YamlError};

/// What templates of Helm, Jinja and others begin with.
const OPENING: &str = "{{";

/// What lines of templates begin with: Helm's and Jinja's, Jinja's statements, Terraform's, ERB's.
const BEGINNINGS: [&str; 4] = [OPENING, "{%", "%{", "<%"];

/// Whether `text` holds a variable that is filled in later, as `envsubst` and Flux (`${N}`, `$N`),
/// Kubernetes' own tools (`$(N)`) or templates (`{{ .Values.n }}`, `{% if n %}`) do.
pub fn has_variable(text: &str) -> bool {
    let begins_name = |c: char| matches!(c, '{' | '(' | '_') || c.is_ascii_alphabetic();
    let mut behind = text.split('$').skip(1);
    behind.any(|rest| rest.starts_with(begins_name))
        || text.contains(OPENING)
        || text.contains("{%")
}

/// Whether `text`, which may be long, can hold a variable anywhere.
pub fn may_have_variable(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut signs = memchr2_iter(b'$', b'{', bytes);
    signs.any(|at| bytes[at] == b'$' || matches!(bytes.get(at + 1), Some(b'{' | b'%')))
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
            if is_template { Some(node) } else { find(value) }
        }),
    }
}

/// Whether the line that `error` names in `source` is a template's, or one of those above it.
pub fn breaks(source: &str, error: &YamlError) -> bool {
    let Some(position) = error.position() else {
        return false;
    };
    let mut lines = source.lines().take(position.line);
    lines.any(|line| {
        let begins = BEGINNINGS
            .iter()
            .filter_map(|beginning| line.find(beginning));
        let before = begins.min().map(|at| &line[..at]);
        // Text in quotes is no template to YAML.
        before.is_some_and(|before| !before.contains(['"', '\'', '#']))
    })
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
        ] {
            let text = format!("a: b\n{line}\n");
            let error = yaml_splice::Stream::parse(&text).unwrap_err();
            assert!(breaks(&text, &error), "{line}: {error}");
        }
        let text = "a: '{{ b }}'\nc: [\n";
        let error = yaml_splice::Stream::parse(text).unwrap_err();
        assert!(!breaks(text, &error));
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
        ] {
            assert!(has_variable(text) && may_have_variable(text), "{text}");
        }
        for text in ["3", "$", "costs 3 $", "$5", "{n}", "50%", ""] {
            assert!(!has_variable(text), "{text}");
        }
    }
}
