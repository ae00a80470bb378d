//! `admission-policy`: the cluster's half of the strategy `ordinals`.

use crate::admission::manifest;
use crate::config::Policy;
use crate::findings::Finding;
use crate::load::Loaded;
use crate::response::Response;

use super::Exit;
use super::args::AdmissionPolicyArgs;
use super::files::read_file;
use super::output::deliver;

/// Runs `admission-policy`.
pub fn run(arguments: &AdmissionPolicyArgs) -> Exit {
    match configured(arguments) {
        Ok(policy) => {
            let text = manifest(&policy.capacity, arguments.api_version);
            deliver(&Response::printed(text))
        }
        Err(findings) => deliver(&Response::failure(findings)),
    }
}

fn configured(arguments: &AdmissionPolicyArgs) -> Result<Policy, Vec<Finding>> {
    let config = arguments.config.as_deref().map(read_file).transpose();
    let loaded = Loaded {
        config: config.map_err(|finding| vec![finding])?,
        ..Loaded::default()
    };
    loaded.policy(&[])
}
