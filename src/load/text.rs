//! A file in memory.

/// What was read, and where.
#[derive(Debug)]
pub struct Text {
    /// The file; `None` for standard input.
    pub name: Option<String>,
    /// Its content.
    pub bytes: Vec<u8>,
    /// Whether nobody named the file: it was found in a folder.
    pub walked: bool,
}
