//! The whole function on manifests that are made of choices, so that most of them are valid.

use super::function;
use crate::generators::list::list;
use crate::generators::random::Random;

/// Checks the list that `random` chooses.
pub fn check(random: &mut Random) {
    function::check(list(random).as_bytes());
}
