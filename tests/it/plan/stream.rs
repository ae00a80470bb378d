//! Some two hundred mixed manifests in every style: made once by the generator of the laws, with
//! budgets over whole namespaces and KEDA autoscalers beside them, and kept as they were.

/// The stream.
pub fn stream() -> String {
    include_str!("stream.yaml").to_owned()
}
