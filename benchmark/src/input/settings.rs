//! What the function is asked to do.

use clap::ValueEnum;

/// What the function is asked to do, in the list's functionConfig.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Settings {
    /// `spread` for all: every workload is changed in place.
    Spread,
    /// Nothing said: `floor` for Deployments, most of which get a sibling, and `ordinals` for
    /// `StatefulSets`.
    Defaults,
    /// `floor` for Deployments, `spread` for the others.
    Floor,
    /// `ordinals` for `StatefulSets`, `spread` for the others.
    Ordinals,
}

impl Settings {
    /// Those that everything is measured with.
    pub const MAIN: [Self; 2] = [Self::Spread, Self::Defaults];
    /// Those that are measured on what people write.
    pub const ALL: [Self; 4] = [Self::Spread, Self::Defaults, Self::Floor, Self::Ordinals];

    /// The strategies of Deployments and of `StatefulSets`; `None` for the defaults.
    pub fn strategies(self) -> Option<[&'static str; 2]> {
        match self {
            Self::Spread => Some(["spread", "spread"]),
            Self::Defaults => None,
            Self::Floor => Some(["floor", "spread"]),
            Self::Ordinals => Some(["spread", "ordinals"]),
        }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Spread => "`spread` for all",
            Self::Defaults => "defaults",
            Self::Floor => "`floor` for Deployments",
            Self::Ordinals => "`ordinals` for StatefulSets",
        }
    }

    /// On the command line.
    pub fn argument(self) -> String {
        format!("{self:?}").to_lowercase()
    }

    /// What stands below `spec` of a `SpotDistribution`.
    pub fn spec(self, indent: &str) -> String {
        let Some([deployment, stateful_set]) = self.strategies() else {
            return format!("{indent}mode: enforce\n");
        };
        format!(
            "{indent}defaults:\n\
             {indent}  deployment:\n\
             {indent}    strategy: {deployment}\n\
             {indent}  statefulSet:\n\
             {indent}    strategy: {stateful_set}\n"
        )
    }
}
