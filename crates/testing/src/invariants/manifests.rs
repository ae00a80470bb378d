//! The whole function on manifests that are made of choices, so that most of them are valid.

use super::function::{self, Law};
use crate::generators::list::list;
use crate::generators::mix::Mix;
use crate::generators::random::Random;

/// Checks the list of `mix` that `random` chooses.
pub fn check(random: &mut Random, mix: &Mix) {
    function::check(list(random, mix).as_bytes());
}

/// Checks one law on the small list that `random` chooses, so that a fuzzer tries more lists in a
/// second; it comes back to each with the other laws.
pub fn check_one_law(random: &mut Random) {
    let list = list(random, &Mix::SMALL);
    let law = *random.pick(&Law::ALL);
    function::check_laws(list.as_bytes(), &[law]);
}
