//! Who else has a say in a workload: a controller that owns it, or its owner who has paused it.

use yaml_splice::{Node, Scalar, YamlError};

use super::Workload;

impl Workload<'_> {
    /// Whether its owner has paused its rollouts.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn is_paused(&self) -> Result<bool, YamlError> {
        let paused = self.spec.get_non_null("paused")?;
        Ok(paused.and_then(Node::scalar) == Some(Scalar::Bool(true)))
    }

    /// Whether a controller owns it, such as an operator, and so writes it again.
    ///
    /// # Errors
    /// As [`Node::get`].
    pub fn is_controlled(&self) -> Result<bool, YamlError> {
        let metadata = self.resource.metadata();
        let owners = metadata.map(|metadata| metadata.get_non_null("ownerReferences"));
        let owners = owners.transpose()?.flatten();
        for owner in owners.into_iter().flat_map(Node::items) {
            let controller = owner.get_non_null("controller")?;
            if controller.and_then(Node::scalar) == Some(Scalar::Bool(true)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
