//! `explain`: what a code means, and what to do about it.

use crate::findings::Code;
use crate::response::Response;

use super::Exit;
use super::args::ExplainArgs;
use super::output::deliver;

/// Runs `explain`: one code, or the list of all of them.
pub fn run(arguments: &ExplainArgs) -> Exit {
    let text = match &arguments.code {
        Some(code) => explained(*code),
        None => listed(),
    };
    deliver(&Response::printed(text))
}

fn explained(code: Code) -> String {
    let severity = code.severity().name();
    let in_check = if code.fails_check() {
        "fails"
    } else {
        "passes"
    };
    format!(
        "{code}\n  severity    {severity}\n  check       {in_check}\n  when        {}\n  what to do  {}\n",
        code.when(),
        code.action()
    )
}

fn listed() -> String {
    let width = Code::ALL.iter().map(|code| code.name().len()).max();
    let width = width.unwrap_or_default();
    let line = |code: &Code| {
        let (name, severity) = (code.name(), code.severity().name());
        format!("{name:width$}  {severity:7}  {}\n", code.when())
    };
    Code::ALL.iter().map(line).collect()
}
