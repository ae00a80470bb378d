//! What is measured: lists, and the programs that read them.

use crate::input::{Form, Settings};

/// One that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contestant {
    /// `cat` of what the function writes with these settings.
    Cat(Settings),
    /// The function.
    Function(Settings),
    /// Every value read and printed again.
    RoundTrip,
    /// The same fields set by a function in Go on kyaml's framework.
    Kyaml,
    /// The same fields set by an expression of `yq`.
    Yq,
    /// `kustomize build` of the same objects.
    Kustomize(Build),
    /// A command of the program that changes nothing, over the list with the defaults.
    Command(&'static str),
}

/// What `kustomize build` does to the objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// Nothing.
    Alone,
    /// Its own transformer sets the same fields, from a patch for each workload.
    Patches,
    /// The function is a transformer.
    Function(Settings),
}

/// A list: its form and the number of its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// How it is written.
    pub form: Form,
    /// How many items it has.
    pub count: usize,
}

impl Contestant {
    /// The settings whose list it reads.
    pub fn settings(self) -> Settings {
        match self {
            Self::Cat(settings)
            | Self::Function(settings)
            | Self::Kustomize(Build::Function(settings)) => settings,
            Self::Command(_) => Settings::Defaults,
            Self::RoundTrip | Self::Kyaml | Self::Yq | Self::Kustomize(_) => Settings::Spread,
        }
    }

    /// How often it is measured at most: what takes many seconds is not what is compared here.
    pub fn most_turns(self, case: Case) -> usize {
        match (self, case.count) {
            (Self::Yq, 10_000..) | (Self::Kustomize(Build::Function(_)), 1_000..) => 1,
            (Self::Yq | Self::Kustomize(_), 1_000..) => 3,
            (Self::Kyaml, 10_000..) => 5,
            (Self::Yq | Self::Kustomize(_), 0..=10) => 27,
            _ => usize::MAX,
        }
    }
}

impl Case {
    /// Whether `filter` names its form, its size or both.
    pub fn is_meant(self, filter: &str) -> bool {
        let (form, count) = (self.form.name(), self.count.to_string());
        let mut words = filter.split_whitespace();
        words.all(|word| word == form || word == count)
    }

    /// All of the full benchmark.
    pub fn all() -> Vec<Self> {
        let case = |form, count| Self { form, count };
        let mut cases = Vec::new();
        for count in [10, 1_000, 10_000] {
            cases.extend(Form::BLOCK.map(|form| case(form, count)));
        }
        cases.extend(Form::OTHER.map(|form| case(form, 10_000)));
        cases.push(case(Form::Snapshot, 10_000));
        cases.extend([Form::Plain, Form::Kpt].map(|form| case(form, 100_000)));
        cases
    }

    /// Those of the quick one.
    pub fn quick() -> Vec<Self> {
        let all = Self::all().into_iter();
        let mut cases: Vec<Self> = all.filter(|case| case.count <= 1_000).collect();
        cases.push(Self {
            form: Form::Snapshot,
            count: 1_000,
        });
        cases
    }

    /// The slow ones are measured only where that does not take hours.
    pub fn contestants(self, quick: bool) -> Vec<Contestant> {
        let pair = |settings| [Contestant::Cat(settings), Contestant::Function(settings)];
        if self.form == Form::Snapshot {
            let mut contestants = pair(Settings::Defaults).to_vec();
            contestants.push(Contestant::Command("audit"));
            return contestants;
        }
        let is_plain = self.form == Form::Plain;
        let settings: &[Settings] = if is_plain && self.count <= 10_000 {
            &Settings::ALL
        } else {
            &Settings::MAIN
        };
        let mut contestants: Vec<Contestant> = settings.iter().copied().flat_map(pair).collect();
        if is_plain && self.count <= 10_000 {
            contestants.extend(["plan", "check"].map(Contestant::Command));
        }
        if Form::BLOCK.contains(&self.form) && self.count <= 10_000 {
            contestants.extend([Contestant::RoundTrip, Contestant::Kyaml]);
        }
        if is_plain {
            contestants.extend(self.peers(quick));
        }
        contestants
    }

    /// `yq`, and kustomize, which compares each object with all others.
    fn peers(self, quick: bool) -> Vec<Contestant> {
        let [spread, defaults] = Settings::MAIN.map(Build::Function);
        let builds = [Build::Alone, spread, defaults, Build::Patches];
        let builds = builds.map(Contestant::Kustomize).into_iter();
        match self.count {
            // There is no more to see than with ten objects.
            1_000.. if quick => Vec::new(),
            10 | 1_000 => builds.chain([Contestant::Yq]).collect(),
            10_000 => vec![Contestant::Yq],
            _ => Vec::new(),
        }
    }

    /// How often each is run within a round: the shortest runs vary most.
    pub fn turns(self) -> usize {
        if self.count <= 10 { 9 } else { 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_means_a_form_a_size_or_both() {
        let case = |form, count| Case { form, count };
        assert!(case(Form::Json, 10_000).is_meant("json"));
        assert!(case(Form::Json, 10_000).is_meant("10000"));
        assert!(case(Form::Json, 10_000).is_meant("json 10000"));
        assert!(!case(Form::JsonPretty, 10_000).is_meant("json"));
        assert!(!case(Form::Json, 100_000).is_meant("json 10000"));
    }

    #[test]
    fn the_goals_have_their_lists() {
        let all = Case::all();
        for form in Form::BLOCK {
            assert!(
                [10, 1_000, 10_000].map(|count| all.contains(&Case { form, count })) == [true; 3]
            );
        }
        let of = |form, count| all.contains(&Case { form, count });
        assert!(Form::OTHER.into_iter().all(|form| of(form, 10_000)));
        assert!(of(Form::Plain, 100_000) && of(Form::Kpt, 100_000));
        assert!(Case::quick().iter().all(|case| case.count <= 1_000));
    }

    #[test]
    fn who_takes_long_is_left_out_where_it_is_to_be_quick() {
        let case = Case {
            form: Form::Plain,
            count: 1_000,
        };
        assert!(case.contestants(false).contains(&Contestant::Yq));
        assert!(!case.contestants(true).contains(&Contestant::Yq));
        let few = Case { count: 10, ..case };
        assert_eq!(few.contestants(true), few.contestants(false));
    }
}
