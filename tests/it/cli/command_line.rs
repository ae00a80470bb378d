//! The page of the command line has every command and every argument, in the words of `--help`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::{Arg, Command};

use crate::generated;

#[test]
fn the_page_of_the_command_line_has_every_argument() {
    let program = spot_distribution::cli::command();
    let lists = [
        ("commands", commands(&program)),
        ("arguments", arguments(&program)),
    ];
    generated::hold("docs/command-line.md", &lists);
}

fn commands(program: &Command) -> String {
    let mut list = String::new();
    for command in program.get_subcommands() {
        let about = command.get_about().unwrap();
        writeln!(list, "* `{}`: {about}.", command.get_name()).unwrap();
    }
    list
}

/// What two commands say of an argument in the same words is one row.
fn arguments(program: &Command) -> String {
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    let mut places = BTreeMap::new();
    for command in program.get_subcommands() {
        for argument in command.get_arguments() {
            let row = format!("{}: {}", name(argument), meaning(argument));
            let place = *places.entry(row.clone()).or_insert_with(|| {
                rows.push((row, Vec::new()));
                rows.len() - 1
            });
            rows[place].1.push(command.get_name().to_owned());
        }
    }
    let mut list = String::new();
    for (row, commands) in rows {
        writeln!(list, "* {row} ({}).", commands.join(", ")).unwrap();
    }
    list
}

/// `` `-o`, `--output FORMAT` ``
fn name(argument: &Arg) -> String {
    let value = match argument.get_value_names() {
        Some(names) if argument.get_action().takes_values() => names.join(" "),
        _ => String::new(),
    };
    let short = argument.get_short().map(|short| format!("`-{short}`, "));
    let long = argument.get_long().map(|long| format!("--{long} "));
    let name = format!("{}{value}", long.unwrap_or_default());
    let name = name.trim_end();
    format!("{}`{name}`", short.unwrap_or_default())
}

/// The help, then the values, the default first.
fn meaning(argument: &Arg) -> String {
    let help = argument.get_help().unwrap().to_string();
    let values = argument.get_possible_values();
    let hidden = values.len() > 10 || !argument.get_action().takes_values();
    if hidden || values.is_empty() {
        return help;
    }
    let names: Vec<_> = values
        .iter()
        .map(clap::builder::PossibleValue::get_name)
        .collect();
    let default = argument.get_default_values().first();
    let default = default.map(|value| format!("; default {}", value.to_string_lossy()));
    format!(
        "{help}: {}{}",
        names.join(", "),
        default.unwrap_or_default()
    )
}
