//! A number of pods, or a percentage of the replicas: limits of rollouts and of disruption budgets.

use yaml_splice::{Node, Scalar};

/// What Kubernetes calls `IntOrString`, where the text is a percentage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IntOrPercent {
    /// That many pods.
    Int(u32),
    /// That many percent of the replicas.
    Percent(u32),
}

impl IntOrPercent {
    /// As the API server reads it; `None` where it rejects it. A number in quotes is no number.
    ///
    /// Source: `ValidatePositiveIntOrPercent` in Kubernetes' `pkg/apis/apps/validation/validation.go`,
    /// which takes a percentage of any length.
    pub fn read(node: Node<'_>) -> Option<Self> {
        let number = match node.scalar()? {
            Scalar::Text(text) => {
                let percent = text
                    .strip_suffix('%')
                    .filter(|percent| !percent.is_empty())?;
                let is_number = percent.bytes().all(|byte| byte.is_ascii_digit());
                return is_number.then(|| Self::Percent(percent.parse().unwrap_or(u32::MAX)));
            }
            number => i32::try_from(number.whole()?).ok()?,
        };
        u32::try_from(number).ok().map(Self::Int)
    }

    /// The number of pods of `replicas`, a part of a pod rounded up: 25 % of 10 is 3.
    pub fn rounded_up(self, replicas: u32) -> u32 {
        self.of(replicas, |hundredths| hundredths.div_ceil(100))
    }

    /// The number of pods of `replicas`, without a part of a pod: 25 % of 10 is 2.
    pub fn rounded_down(self, replicas: u32) -> u32 {
        self.of(replicas, |hundredths| hundredths / 100)
    }

    fn of(self, replicas: u32, whole: impl Fn(u64) -> u64) -> u32 {
        match self {
            Self::Int(count) => count,
            Self::Percent(percent) => {
                let pods = whole(u64::from(replicas) * u64::from(percent));
                u32::try_from(pods).unwrap_or(u32::MAX)
            }
        }
    }

    /// Whether it is none of any number of replicas.
    pub fn is_none(self) -> bool {
        matches!(self, Self::Int(0) | Self::Percent(0))
    }
}

#[cfg(test)]
mod tests {
    use super::IntOrPercent::{self, Int, Percent};
    use yaml_splice::Stream;

    fn read(written: &str) -> Option<IntOrPercent> {
        let stream = Stream::parse(written).unwrap();
        IntOrPercent::read(stream.documents[0].root())
    }

    #[test]
    fn as_the_api_server_reads_it() {
        for (written, expected) in [
            ("1", Some(Int(1))),
            ("4.0", Some(Int(4))),
            ("0", Some(Int(0))),
            ("25%", Some(Percent(25))),
            ("'25%'", Some(Percent(25))),
            ("99999999999%", Some(Percent(u32::MAX))),
            ("'1'", None),
            ("-1", None),
            ("2147483648", None),
            ("+5%", None),
            ("-5%", None),
            ("'%'", None),
            ("1.5", None),
            ("half", None),
        ] {
            assert_eq!(read(written), expected, "{written}");
        }
    }

    #[test]
    fn a_part_of_a_pod_is_rounded() {
        for (percent, replicas, down, up) in [(25, 10, 2, 3), (50, 5, 2, 3), (100, 3, 3, 3)] {
            assert_eq!(Percent(percent).rounded_down(replicas), down);
            assert_eq!(Percent(percent).rounded_up(replicas), up);
        }
        assert_eq!(Percent(u32::MAX).rounded_up(u32::MAX), u32::MAX);
        assert_eq!(Int(7).rounded_up(3), 7);
    }
}
