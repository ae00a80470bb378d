//! Prints the nodes of the documents on standard input, one on a line: its byte range, kind, path and
//! text, and whether the fast scanner read the text.

use std::io::{self, Read, Write};

use yaml_splice::{Kind, Node, Stream};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let (stream, way) = match Stream::parse_fast(&text) {
        Some(stream) => (stream, "fast scanner"),
        None => (Stream::parse_fully(&text)?, "full parser"),
    };
    let mut out = io::BufWriter::new(io::stdout().lock());
    writeln!(out, "read by the {way}")?;
    for document in &stream.documents {
        writeln!(out, "---")?;
        dump(document.root(), &mut out)?;
    }
    Ok(out.flush()?)
}

fn dump(node: Node<'_>, out: &mut impl Write) -> io::Result<()> {
    let range = node.range();
    write!(out, "{:>6}..{:<6} {}", range.start, range.end, node.path())?;
    if node.is_alias() {
        return writeln!(out, " = {}", node.written());
    }
    match node.kind() {
        Kind::Scalar => writeln!(out, " = {:?}", node.text())?,
        kind => writeln!(out, ": {}", kind.description())?,
    }
    node.items().try_for_each(|item| dump(item, out))?;
    node.entries().try_for_each(|(_, value)| dump(value, out))
}
