//! Text to documents: the full parser, and a fast scanner for what most manifests are written in.

pub(crate) mod events;
pub(crate) mod fast;
mod indicators;
pub(crate) mod json_stream;
pub(crate) mod pieces;
pub(crate) mod touching_comments;
mod within;
