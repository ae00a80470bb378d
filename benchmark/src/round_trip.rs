//! What tools that know values only do: read everything, print everything.

use std::io::{self, BufWriter, Write};

use anyhow::Result;
use serde_yaml::Value;

/// Standard input to standard output, through values.
pub fn run() -> Result<()> {
    let text = io::read_to_string(io::stdin())?;
    let value: Value = serde_yaml::from_str(&text)?;
    let mut out = BufWriter::new(io::stdout().lock());
    serde_yaml::to_writer(&mut out, &value)?;
    Ok(out.flush()?)
}
