//! One run of one program, measured from outside.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use wait4::Wait4;

/// A program with its arguments and what it reads.
#[derive(Debug, Clone)]
pub struct Program {
    /// The program.
    pub path: PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// Standard input; nothing where there is no file.
    pub stdin: Option<PathBuf>,
    /// Whether an exit code of 1 is an answer.
    may_fail: bool,
}

/// What one run took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// From before it is started until it has been waited for.
    pub wall: Duration,
    /// User and system time.
    pub cpu: Duration,
    /// Peak of its resident memory, in bytes.
    pub peak: u64,
    /// How much it wrote.
    pub written: u64,
}

impl Program {
    /// `path` with `args`, reading `stdin`.
    pub fn new(path: impl Into<PathBuf>, args: &[&str], stdin: Option<&Path>) -> Self {
        Self {
            path: path.into(),
            args: args.iter().map(|&arg| arg.to_owned()).collect(),
            stdin: stdin.map(Path::to_owned),
            may_fail: false,
        }
    }

    /// The same where an exit code of 1 is an answer as well.
    #[must_use]
    pub fn may_fail(self) -> Self {
        Self {
            may_fail: true,
            ..self
        }
    }

    /// Runs it. It reads a file and writes into a pipe, which is emptied as fast as it is filled, as
    /// kpt and kustomize do.
    pub fn measure(&self) -> Result<Sample> {
        let mut command = self.command()?;
        command.stdout(Stdio::piped());
        let start = Instant::now();
        let mut child = command
            .spawn()
            .with_context(|| format!("{} cannot be started", self.path.display()))?;
        let written = child.stdout.take().map_or(Ok(0), drain)?;
        let used = child.wait4()?;
        let wall = start.elapsed();
        ensure!(
            used.status.success() || (self.may_fail && used.status.code() == Some(1)),
            "{} {:?} failed: {}",
            self.path.display(),
            self.args,
            used.status
        );
        Ok(Sample {
            wall,
            cpu: used.rusage.utime + used.rusage.stime,
            peak: used.rusage.maxrss,
            written,
        })
    }

    /// Runs it, and keeps what it writes in a file.
    pub fn write_to(&self, file: &Path) -> Result<()> {
        let out = File::create(file).with_context(|| format!("writing {}", file.display()))?;
        let status = self.command()?.stdout(out).status()?;
        if !status.success() {
            bail!("{} {:?} failed: {status}", self.path.display(), self.args);
        }
        Ok(())
    }

    fn command(&self) -> Result<Command> {
        let mut command = Command::new(&self.path);
        command.args(&self.args).stderr(Stdio::null());
        command.stdin(match &self.stdin {
            Some(file) => File::open(file)
                .with_context(|| format!("reading {}", file.display()))?
                .into(),
            None => Stdio::null(),
        });
        Ok(command)
    }
}

fn drain(mut pipe: impl Read) -> std::io::Result<u64> {
    let mut buffer = vec![0; 1 << 17];
    let mut written = 0;
    loop {
        match pipe.read(&mut buffer) {
            Ok(0) => return Ok(written),
            Ok(read) => written += read as u64,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_writes_is_counted_and_its_memory_seen() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("text");
        std::fs::write(&file, vec![b'x'; 300_000]).unwrap();
        let sample = Program::new("cat", &[], Some(&file)).measure().unwrap();
        assert_eq!(sample.written, 300_000);
        assert!(sample.peak > 100_000, "{sample:?}");
        assert!(sample.wall > Duration::ZERO);
    }

    #[test]
    fn a_failure_is_no_measurement() {
        assert!(Program::new("false", &[], None).measure().is_err());
        assert!(
            Program::new("no-such-program", &[], None)
                .measure()
                .is_err()
        );
    }
}
