//! The programs that are measured, and the files that they read.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::case::{Case, Contestant};
use crate::input::{Form, Settings};
use crate::kustomization;
use crate::process::Program;

/// The programs, and a folder for what they read.
#[derive(Debug, Clone)]
pub struct Tools {
    /// The function.
    pub function: PathBuf,
    /// The function on kyaml.
    pub kyaml: PathBuf,
    /// `yq`.
    pub yq: PathBuf,
    /// What it is asked to do.
    pub expression: PathBuf,
    /// `kustomize`.
    pub kustomize: PathBuf,
    /// The function's phases; nothing where another build of the function is measured.
    pub phases: Option<PathBuf>,
    /// This program: it makes the lists, and it is the round trip.
    pub own: PathBuf,
    /// The folder.
    pub scratch: PathBuf,
}

impl Tools {
    /// The list of `case`, made where it is not there yet.
    pub fn list(&self, case: Case, settings: Settings) -> Result<PathBuf> {
        let name = format!("{}-{}-{settings:?}", case.form.name(), case.count);
        let file = self.scratch.join(name);
        if !file.exists() {
            let (count, settings) = (case.count.to_string(), settings.argument());
            self.make(&["input", case.form.name(), &count, &settings], &file)?;
        }
        Ok(file)
    }

    /// What the function writes for it.
    pub fn answer(&self, case: Case, settings: Settings) -> Result<PathBuf> {
        let list = self.list(case, settings)?;
        let file = list.with_extension("out");
        if !file.exists() {
            Program::new(&self.function, &[], Some(&list)).write_to(&file)?;
        }
        Ok(file)
    }

    /// What `contestant` is over `case`.
    pub fn program(&self, case: Case, contestant: Contestant) -> Result<Program> {
        let settings = contestant.settings();
        let list = self.list(case, settings)?;
        Ok(match contestant {
            Contestant::Cat(_) => Program::new("cat", &[], Some(&self.answer(case, settings)?)),
            Contestant::Function(_) => Program::new(&self.function, &[], Some(&list)),
            Contestant::RoundTrip => Program::new(&self.own, &["round-trip"], Some(&list)),
            Contestant::Kyaml => Program::new(&self.kyaml, &[], Some(&list)),
            Contestant::Yq => self.with_yq(&list),
            Contestant::Kustomize(build) => {
                let folder = kustomization::folder(self, case.count, build)?;
                let args = ["build", "--enable-alpha-plugins", "--enable-exec", &folder];
                Program::new(&self.kustomize, &args, None)
            }
            // A check fails where something is not placed yet, as here.
            Contestant::Command(command) => {
                Program::new(&self.function, &[command, "-"], Some(&list)).may_fail()
            }
        })
    }

    fn with_yq(&self, list: &Path) -> Program {
        let expression = self.expression.to_string_lossy();
        Program::new(&self.yq, &["--from-file", &expression, "-"], Some(list))
    }

    /// Keeps in `file` what this program writes: in a process of its own, to keep this one small.
    pub fn make(&self, args: &[&str], file: &Path) -> Result<()> {
        Program::new(&self.own, args, None).write_to(file)
    }

    /// Fails where programs do not write the same items: only those are compared that do the same.
    pub fn ensure_the_same(&self) -> Result<()> {
        let out = self.scratch.join("peer");
        let same = |case, contestant| {
            let ours = self.answer(case, Settings::Spread)?;
            self.program(case, contestant)?.write_to(&out)?;
            let args = ["compare", &ours.to_string_lossy(), &out.to_string_lossy()];
            let message = format!("{contestant:?} over {case:?} does not do the same");
            self.make(&args, &self.scratch.join("compared"))
                .context(message)
        };
        for form in Form::BLOCK {
            same(Case { form, count: 1_000 }, Contestant::Kyaml)?;
        }
        let few = Case {
            form: Form::Plain,
            count: 100,
        };
        same(few, Contestant::Yq)?;
        for build in kustomization::PLACING {
            same(few, Contestant::Kustomize(build))?;
        }
        Ok(())
    }
}

/// The size of `file`, in bytes.
pub fn size(file: &Path) -> Result<u64> {
    let metadata = fs::metadata(file).with_context(|| format!("reading {}", file.display()))?;
    Ok(metadata.len())
}
