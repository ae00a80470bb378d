//! Programs that end with the test that started them, however it ends.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

/// Runs its arguments and kills them as soon as its standard input closes.
///
/// The other end of that pipe is held by the test process, so the kernel closes it when the test returns, panics,
/// is interrupted or is killed: nothing is left running. All data is temporary, so there is nothing to end gently.
const SUPERVISOR: &str = r#"
"$@" </dev/null & pid=$!
cat >/dev/null
kill -KILL "$pid" 2>/dev/null
wait "$pid" 2>/dev/null
"#;

/// How much the heap of a Go program may grow before it is collected, in percent of what is in use: at
/// the default of 100, an API server spends much of its time on memory that nobody is short of.
const GO_HEAP_GROWTH: &str = "300";

/// A running program, killed on drop.
#[derive(Debug)]
pub struct Process {
    supervisor: Child,
    log: PathBuf,
}

impl Process {
    /// Starts `program` with `args`; its output goes to `NAME.log` in `folder`.
    pub fn start<I, S>(name: &str, program: &Path, args: I, folder: &Path) -> Result<Self>
    where
        I: IntoIterator<Item = S>,
        S: AsRef<std::ffi::OsStr>,
    {
        Self::start_with(name, program, args, &[], folder)
    }

    /// The same with these variables added to its environment.
    pub fn start_with<I, S>(
        name: &str,
        program: &Path,
        args: I,
        environment: &[(&str, String)],
        folder: &Path,
    ) -> Result<Self>
    where
        I: IntoIterator<Item = S>,
        S: AsRef<std::ffi::OsStr>,
    {
        let log = folder.join(format!("{name}.log"));
        let output = File::options().create(true).append(true).open(&log)?;
        let supervisor = Command::new("sh")
            .args(["-c", SUPERVISOR, name])
            .arg(program)
            .args(args)
            .env("GOGC", GO_HEAP_GROWTH)
            .envs(environment.iter().map(|(key, value)| (key, value)))
            // A group of its own: Ctrl-C reaches the test first, and the test's end reaches the supervisor.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("failed to start {name} ({})", program.display()))?;
        Ok(Self { supervisor, log })
    }

    /// The last lines that the program wrote, for a message about its failure.
    pub fn log_tail(&self) -> String {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(15)..].join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        // The supervisor ends at once; its exit code says nothing that is not known already.
        let _ = self.supervisor.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_process_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let script = "echo $$; exec sleep 600";
        let process =
            Process::start("sleeper", Path::new("sh"), ["-c", script], folder.path()).unwrap();
        let pid = wait_for_line(&process);
        assert!(Path::new("/proc").join(&pid).exists());
        drop(process);
        assert!(!Path::new("/proc").join(&pid).exists());
    }

    fn wait_for_line(process: &Process) -> String {
        for _ in 0..100 {
            let line = process.log_tail();
            if !line.is_empty() {
                return line;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("the program wrote nothing");
    }
}
